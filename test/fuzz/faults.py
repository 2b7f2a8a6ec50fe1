"""faults.py PROGRAM STRIDE [NAME ...]: makes calls of the C library fail, one at a time, in a training with checkpoints.

PROGRAM is linked with inputs/faults.c, and its data is in the folder `data`. Of each call that a training makes (or of those NAMEs only) every STRIDE-th fails,
in each way that it can, once and from then on for ever. The training must go on and end as if
nothing had been, or stop with exit code 1 and one message. In both cases, and where it is killed before a call, weights
are the old ones or the new ones, none of its files is half written, a checkpoint that was there is there, and what
`train --resume` makes of the rest is, bit for bit, what an undisturbed training makes.
"""
import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

KILL, SHORT, FOREVER = -1, 0, 1 << 40
LASTING = (errno.ENOSPC, errno.EIO, errno.ENOMEM)
FAULTS = {
    "open": [errno.EACCES, errno.EMFILE, errno.ENOSPC],
    "close": [errno.EIO, errno.ENOSPC],
    "read": [errno.EIO, errno.EINTR],
    "write": [errno.ENOSPC, errno.EIO, errno.EINTR, SHORT, KILL],
    "fsync": [errno.EIO, errno.ENOSPC, KILL],
    "ftruncate": [errno.EIO, KILL],
    "rename": [errno.EIO, errno.ENOSPC, KILL],
    "unlink": [errno.EIO, KILL],
    "mmap": [errno.ENOMEM],
    "malloc": [errno.ENOMEM],
    "realloc": [errno.ENOMEM],
    "aligned_alloc": [errno.ENOMEM],
}
COMMAND = ["train", "--epochs", "2", "--checkpoint-every", "1", "--output", "w.safetensors", "--steps-log", "steps.csv",
           "--log", "epochs.csv"]


class Scene:
    """A folder in which a training begins: old weights behind a link, and maybe a checkpoint to go on from."""

    def __init__(self, program, name):
        self.program, self.folder, self.name = program, Path(name), name
        self.options, self.made = [], {}
        shutil.copytree("data", self.folder)
        (self.folder / "store").mkdir()
        (self.folder / "store" / "w.safetensors").write_bytes(b"old weights")
        (self.folder / "w.safetensors").symlink_to("store/w.safetensors")

    def begin(self):
        work = Path("work")
        if work.exists():
            shutil.rmtree(work)
        shutil.copytree(self.folder, work, symlinks=True)
        return work

    def train(self, work, *more, **environment):
        return subprocess.run([self.program, *COMMAND, *more], cwd=work, capture_output=True, timeout=60,
                              env={**os.environ, "COUNTS": "", **environment})

    def whole(self):
        """What an undisturbed training makes, and how many calls of each name it needs."""
        work = self.begin()
        done = self.train(work, *self.options, COUNTS="../counts")
        assert done.returncode == 0, done
        counts = dict(line.split() for line in Path("counts").read_text().splitlines())
        Path("counts").unlink()
        self.made = {name: (work / name).read_bytes() for name in ("w.safetensors", "steps.csv", "epochs.csv")}
        return {name: int(count) for name, count in counts.items()}

    def try_fault(self, name, number, problem, many):
        """What is wrong after the fault; nothing if it ends well."""
        work = self.begin()
        had_checkpoint = (work / "w.checkpoint").exists()
        done = self.train(work, *self.options, FAULT=f"{name} {number} {problem} {many}")
        weights = (work / "w.safetensors").read_bytes()
        is_complete = weights == self.made["w.safetensors"]
        if problem == KILL and done.returncode != -9:
            return f"exit code {done.returncode} where it was killed"
        if problem != KILL and done.returncode not in (0, 1):
            return f"exit code {done.returncode}: {done.stderr}"
        if done.returncode == 1 and done.stderr.count(b"error: ") != 1:
            return f"not one message: {done.stderr}"
        if done.returncode == 0 and not is_complete:
            return "a success that is none"
        if not (work / "w.safetensors").is_symlink():
            return "the link is replaced"
        if not is_complete and weights != b"old weights":
            return "the weights are neither the old ones nor the new ones"
        if had_checkpoint and not is_complete and not (work / "w.checkpoint").exists():
            return "the checkpoint is lost"
        if problem != KILL and name != "unlink" and (left := [path.name for path in work.rglob("*.tmp")]):
            return f"{left} left behind: {done.stderr}"
        return self.recover(work)

    def recover(self, work):
        done = self.train(work, "--resume")
        if done.returncode:
            return f"not resumed: {done.stderr}"
        if left := [path.name for path in work.rglob("*") if path.suffix in (".tmp", ".checkpoint")]:
            return f"{left} left behind by the resumed training"
        for name, data in self.made.items():
            if (work / name).read_bytes() != data:
                return f"`{name}` differs after resuming: {done.stdout}"
        return None


def resumed(program):
    """A scene with a checkpoint in the middle, where a training was killed."""
    scene = Scene(program, "resumed")
    scene.options = ["--resume"]
    done = scene.train(scene.folder, FAULT="rename 5 -1 1")
    assert done.returncode == -9 and (scene.folder / "w.checkpoint").exists(), done
    for left in scene.folder.rglob("*.tmp"):
        left.unlink()
    return scene


def main():
    program, stride, chosen = os.path.abspath(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    tried = finds = 0
    for scene in (Scene(program, "anew"), resumed(program)):
        counts = scene.whole()
        for name in chosen or FAULTS:
            for number in range(1 + tried % stride, counts[name] + 1, stride):
                for problem in FAULTS[name]:
                    for many in (1, FOREVER) if problem in LASTING else (1,):
                        tried += 1
                        if wrong := scene.try_fault(name, number, problem, many):
                            finds += 1
                            print(f"{scene.name}: {name} {number} {problem} {many}: {wrong}", flush=True)
    print(f"{tried} faults, {finds} finds")
    return 1 if finds else 0


if __name__ == "__main__":
    sys.exit(main())
