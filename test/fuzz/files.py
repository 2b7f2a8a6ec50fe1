"""files.py MODELC LINK LIBRARIES COUNT SEED [KIND]: whatever is in a file of data, of weights or a checkpoint, a program reads it
or refuses it; whatever is in a cache, it reads it or parses the data anew.

The programs of inputs/ are compiled by MODELC and linked by LINK (a C compiler and its flags) with LIBRARIES, the runtime
under sanitizers. Each file is a good one with a few changes, see formats.py, and one command reads it. It must end with
exit code 0, or with 1 and one message that names the file; sanitizers must be silent; the file must be as it was, and
after a failure all others too. Beside a cache that is damaged a program does what it does without one, and makes it anew.
A find is kept in the working directory, and the exit code is 1.
"""
import os
import random
import shlex
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from formats import change, idx, is_sealed, npy, pack, safetensors
from frame import Input, describe, fuzz, limits

SECONDS, WALL = 20, 120
INPUTS = Path(__file__).parent / "inputs"
# A sanitizer has an exit code of its own; memory that is not there is refused, as by the system.
ENVIRONMENT = {**os.environ, "ASAN_OPTIONS": "exitcode=99:detect_leaks=0:allocator_may_return_null=1:max_allocation_size_mb=1024",
               "UBSAN_OPTIONS": "exitcode=99:print_stacktrace=1"}
# What is wrong with good data: training on it diverges, a split gets no rows of it, or the weights know other texts.
ABOUT_DATA = [b" is not finite", b"the loss is ", b"error: split `", b"is no value that the training split has"]


@dataclass
class Case:
    program: str
    kind: str  # of the file
    files: list  # good ones, one of which is changed
    command: list  # FILE is the one that is changed
    name: str = "changed.file"
    wanted: tuple = None  # the outcome without a cache, where the file is one


def table():
    """Rows in which everything occurs that table.model reads."""
    jobs, kinds = ["cook", "pilot", "nurse", "judge"], ["good", "bad.", "ugly"]
    rows = [f'{20 + i * 7 % 50},"{jobs[i % 4]}",{i % 3},{i * 1.5},{i % 9},{kinds[i % 3]}' for i in range(24)]
    rows[3], rows[5] = "?,cook,2,?,4,good", "31,pilot,0.0,2e2,?,bad"
    return ("age,job,level,pay,hours,kind\n" + "\n".join(rows) + "\n").encode()


def series():
    return ("a\tb\n" + "".join(f"{i % 7}\t{i * 0.5}\n" for i in range(30))).encode()


def arrays_of(kind, rows=12):
    """x and y as arrays of a type, in all formats."""
    x = [i % 11 for i in range(4 * rows)]
    y = [i % 3 for i in range(rows)]
    of_tensors = {"f4": "F32", "f8": "F64", "i4": "I32", "u1": "U8", "i8": "I64", "f2": "F16"}
    made = {"npy": (npy(kind, (rows, 2, 2), x, fortran=kind == "f8"), npy("i8", (rows,), y))}
    if kind in of_tensors:
        made["safetensors"] = safetensors(x=(of_tensors[kind], [rows, 2, 2], pack(kind, x)), y=("I64", [rows], pack("i8", y)))
    if kind in ("u1", "i2", "f4", "f8"):
        made["idx"] = (idx(kind, (rows, 2, 2), x), idx("u1", (rows,), y))
    return made


class Bench:
    """The compiled programs and the good files beside them, in the folder `bench`."""

    def __init__(self, modelc, link, libraries):
        self.folder = Path("bench")
        self.folder.mkdir()
        self.tools = modelc, shlex.split(link), shlex.split(libraries)
        self.write("table.csv", table())
        self.write("series.tsv", series())
        self.build("table", (INPUTS / "table.model").read_text())
        self.build("series", (INPUTS / "series.model").read_text())
        text = (INPUTS / "arrays.model").read_text()
        self.build("npy", text.replace("SOURCE", 'npy(x = "x.npy", y = "y.npy")'))
        self.build("idx", text.replace("SOURCE", 'idx(x = "x.idx", y = "y.idx")'))
        self.build("tensors", text.replace("SOURCE", 'safetensors("xy.safetensors")'))
        self.arrays = [arrays_of(kind) for kind in ("f4", "f8", "u1", "i2", "i4", "i8", "f2", "b1")]
        for ending in ("npy", "idx"):
            for name, data in zip("xy", self.arrays[0][ending]):
                self.write(f"{name}.{ending}", data)
        self.write("xy.safetensors", self.arrays[0]["safetensors"])
        for program in ("table", "series", "npy"):
            self.train(program)
        self.good = self.snapshot()
        time.sleep(2.1)  # a file that has changed just now gets no cache

    def write(self, name, data):
        (self.folder / name).write_bytes(data)

    def build(self, name, text):
        modelc, link, libraries = self.tools
        source, binary = Path(f"{name}.model"), Path(name).resolve()
        source.write_text(text)
        subprocess.run([modelc, source, "--emit=obj", "-o", f"{name}.o"], check=True)
        subprocess.run([*link, f"{name}.o", *libraries, "-lm", "-o", binary], check=True)

    def command(self, program, words):
        return [str(Path(program).resolve()), *words]

    def train(self, program):
        words = ["train", "--output", f"{program}.safetensors", "--checkpoint", f"{program}.checkpoint"]
        subprocess.run(self.command(program, words), cwd=self.folder, env=ENVIRONMENT, check=True, capture_output=True)

    def run(self, case):
        words = [word.replace("FILE", case.name) for word in case.command]
        return subprocess.run(self.command(case.program, words), cwd=self.folder, env=ENVIRONMENT, capture_output=True,
                              preexec_fn=limits(SECONDS), timeout=WALL)

    def outcome(self, result):
        """What a run has found; what a training says tells times too."""
        weights = self.folder / "out.safetensors"
        return result.returncode, result.stderr, weights.read_bytes() if weights.exists() else result.stdout

    def read(self, name):
        return (self.folder / name).read_bytes()

    def snapshot(self):
        return {path.name: path.read_bytes() for path in self.folder.iterdir()}

    def restore(self):
        now = self.snapshot()
        for name in now.keys() - self.good.keys():
            (self.folder / name).unlink()
        for name, data in self.good.items():
            if now.get(name) != data:
                self.write(name, data)

    def cases(self):
        yield from self.cases_of_data()
        rows = npy("f4", (3, 11), range(33))
        for kind, files in {"csv": [table(), b"1,2,3,4,5,6,7,8,9,10,11\n"], "npy": [rows], "safetensors": [
                safetensors(x=("F32", [3, 11], pack("f4", range(33))))],
                            "jsonl": [b'{"x":[1,2,3,4,5,6,7,8,9,10,11]}\n{"y":"a","x":[1,2,3,4,5,6,7,-8e3,0,1,0]}\n']}.items():
            for command in (["predict"], ["call", "predict"]):
                words = [*command, "--input", "FILE", "--weights", "table.safetensors", "--output", "out.csv"]
                yield Case("table", kind, files, words)
        for program in ("table", "series", "npy"):
            weights, checkpoint = [self.read(f"{program}.{ending}") for ending in ("safetensors", "checkpoint")]
            yield Case(program, "safetensors", [weights], ["eval", "--weights", "FILE"])
            yield Case(program, "safetensors", [weights, checkpoint], ["train", "--weights", "FILE", "--output", "out.safetensors"])
            resume = ["train", "--resume", "--checkpoint", "FILE", "--epochs", "4", "--output", "out.safetensors"]
            yield Case(program, "safetensors", [checkpoint], resume)
        for program in ("table", "series"):
            train = ["train", "--output", "out.safetensors", "--cache-from", "0"]
            yield self.case_of_cache(program, train, f"out.{program}.cache")
            evaluate = ["eval", "--weights", f"{program}.safetensors", "--cache-from", "0"]
            yield self.case_of_cache(program, evaluate, f"{program}.{program}.cache")

    def case_of_cache(self, program, command, name):
        case = Case(program, "cache", [], command, name)
        self.restore()
        case.wanted = self.outcome(self.run(case))
        case.files.append(self.read(name))
        return case

    def cases_of_data(self):
        for program, kind, files, data in [("table", "csv", [table()], "FILE"), ("series", "tsv", [series()], "FILE")]:
            yield Case(program, kind, files, ["train", "--data", data, "--output", "out.safetensors"])
            yield Case(program, kind, files, ["eval", "--data", data, "--weights", f"{program}.safetensors"])
        for kind in ("npy", "idx"):
            for index, name in enumerate("xy"):
                files = [made[kind][index] for made in self.arrays if kind in made]
                yield Case(kind, kind, files, ["train", "--data", f"arrays.{name}=FILE", "--output", "out.safetensors"])
        files = [made["safetensors"] for made in self.arrays if "safetensors" in made]
        yield Case("tensors", "safetensors", files, ["train", "--data", "FILE", "--output", "out.safetensors"])

    def judge(self, made):
        """What is wrong with how a command ends on a changed file; nothing if it ends well."""
        case = made.how
        self.restore()
        self.write(case.name, made.data)
        command = f"{case.program} {' '.join(case.command)}".replace("FILE", case.name)
        try:
            result = self.run(case)
        except subprocess.TimeoutExpired:
            return f"{command}: no end"
        if wrong := self.verdict(case, made.data, result):
            return f"{command}: {wrong}\n{result.stderr.decode(errors='replace')[-3000:]}"
        return None

    def verdict(self, case, data, result):
        after = self.snapshot()
        changed = {name for name in after.keys() | self.good.keys() if after.get(name) != self.good.get(name)} - {case.name}
        if result.returncode not in (0, 1):
            return describe(result.returncode)
        if b"Sanitizer" in result.stderr or b"runtime error: " in result.stderr:
            return "a sanitizer speaks"
        if any(not name.startswith("out.") for name in changed):
            return f"{sorted(changed)} changed"
        if case.wanted and not is_sealed(data):
            if self.outcome(result) != case.wanted:
                return "not what is found without a cache"
            return None if after.get(case.name) == case.files[0] else "the cache is not made anew"
        if result.returncode == 0:
            is_written = "--checkpoint" in case.command or case.wanted
            return None if is_written or after.get(case.name) == data else "the file is changed"
        if after.get(case.name) != data and not case.wanted:
            return "the file is changed"
        if result.stderr.count(b"error: ") != 1:
            return "not one message"
        if any(sign in result.stderr for sign in ABOUT_DATA):
            return None
        # What is wrong with a cached text is told of the table that it should be of.
        if (f"{case.program}." if case.wanted else case.name).encode() not in result.stderr:
            return "the message does not name the file"
        return f"{sorted(changed)} written" if changed else None


def main():
    modelc, link, libraries, count, seed, *kinds = sys.argv[1:]
    bench = Bench(modelc, link, libraries)
    cases = [case for case in bench.cases() if not kinds or case.kind in kinds]

    def make():
        case = random.choice(cases)
        data = change(case.kind, random.choice(case.files), random.choice(random.choice(cases).files))
        return Input(data, f".{case.kind}", case)
    return fuzz(int(count), int(seed), make, bench.judge, "files")


if __name__ == "__main__":
    sys.exit(main())
