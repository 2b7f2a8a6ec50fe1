"""Makes writes fail in many ways; each time old files stay, nothing partial is left, and there is
one clear message: refuse-writes.py PROGRAM"""
import os
import resource
import signal
import subprocess
import sys

PROGRAM = os.path.abspath(sys.argv[1])
DATA = os.path.abspath("points.csv")


def run(*arguments, limit=None):
    def prepare():
        # Python ignores the signal, and what is ignored is inherited.
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    return subprocess.run([PROGRAM, "train", "--data", DATA, *arguments], capture_output=True, text=True,
                          preexec_fn=prepare)


def fails(message, *arguments, limit=None):
    before = {name: open(name, "rb").read() for name in os.listdir()}
    done = run(*arguments, limit=limit)
    after = {name: open(name, "rb").read() for name in os.listdir()}
    assert done.returncode == 1, (done.returncode, done.stderr)
    assert done.stderr.startswith("error: ") and done.stderr.count("\n") == 1 and message in done.stderr, done.stderr
    assert before == after, (before.keys(), after.keys())
    return done


os.makedirs("place", exist_ok=True)
os.chdir("place")
assert run("--checkpoint", "kept.checkpoint", "--output", "kept.safetensors").returncode == 0
out = ("--output", "kept.safetensors")
# What can be known before training is said before it.
for path, message in [("/dev/full", "cannot write `/dev/full`: No space left on device"),
                      ("/proc/weights.safetensors", "cannot write `/proc/weights.safetensors`: "),
                      ("no/weights.safetensors", "cannot write `no/weights.safetensors`: No such file or directory")]:
    assert "epoch" not in fails(message, "--output", path).stdout
assert "epoch" not in fails("cannot write `/proc/x`: ", *out, "--checkpoint", "/proc/x").stdout
assert "epoch" not in fails("cannot write `/proc/x`: ", *out, "--log", "/proc/x").stdout
assert "epoch" not in fails("cannot write `/dev/full`: No space left", *out, "--log", "/dev/full").stdout
# The disk gets full while the weights are written, at several places of the file.
size, larger = os.path.getsize("kept.safetensors"), os.path.getsize("kept.checkpoint")
for limit in (0, 1, 8, size // 2, size - 1):
    fails("cannot write `kept.safetensors`: File too large", *out, limit=limit)
fails("cannot write `kept.checkpoint`: File too large", *out, "--checkpoint", "kept.checkpoint", limit=larger - 1)
fails("cannot write `/dev/full`: No space left on device", *out, "--steps-log", "/dev/full")
# A checkpoint that cannot be written on the way is a warning, and the old one stays.
done = run(*out, "--checkpoint-every", "1", "--epochs", "3", limit=(size + larger) // 2)
warning = "warning: cannot write `kept.checkpoint`: File too large; training goes on\n"
assert done.returncode == 0 and done.stderr == warning, done
assert sorted(os.listdir()) == ["kept.safetensors"], os.listdir()
