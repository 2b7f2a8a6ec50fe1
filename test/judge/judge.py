"""Judges the optimised path by the reference path on random programs.

usage: judge.py --modelc PATH --clang COMMAND --work FOLDER [--count N] [--seed N] [--first N]

Each batch of programs is compiled three times: by the reference path in f32 and in f64, and by
the optimised path in f32. The error of the optimised path, against f64, must be at most four
times that of the reference path plus four units in the last place of the array's largest
element. Programs on integers must agree to the bit.
"""
import argparse
import math
import re
import shlex
import subprocess
import sys
from pathlib import Path

import generate

BATCH = 50
ULP = 2.0 ** -23


def run(command, **options):
    result = subprocess.run(command, capture_output=True, text=True, **options)
    if result.returncode != 0:
        sys.exit(f"{shlex.join(map(str, command))}\nfailed: {result.stderr[:4000]}")
    return result.stdout


class Judge:
    def __init__(self, options):
        self.options = options
        self.work = Path(options.work)
        self.work.mkdir(parents=True, exist_ok=True)
        self.failures = 0

    def outputs(self, name, text, level):
        """What the program computes: a list of (entry, output, numbers)."""
        source = self.work / f"{name}.mlir"
        source.write_text(text)
        object_file = self.work / f"{name}.o"
        run([self.options.modelc, source, f"-O{level}", "--emit=obj", "-o", object_file])
        program = self.work / name
        run(shlex.split(self.options.clang) + [Path(__file__).parent / "harness.c", object_file,
                                               "-o", program])
        lines = run([program, str(self.options.seed)]).splitlines()
        results, position = [], 0
        while position < len(lines):
            entry, output, count = lines[position].rsplit(" ", 2)
            numbers = [float(x) for x in lines[position + 1:position + 1 + int(count)]]
            results.append((entry, output, numbers))
            position += 1 + int(count)
        return results

    def compare(self, exact, reference, optimised):
        """The worst error of each path, and what is allowed; None if all is well."""
        scale = max([abs(x) for x in exact if math.isfinite(x)], default=0.0)
        allowed_ulps = 4 * ULP * scale
        reference_error = max([abs(a - b) for a, b in zip(exact, reference)
                               if math.isfinite(a) and math.isfinite(b)], default=0.0)
        for i, (a, r, o) in enumerate(zip(exact, reference, optimised)):
            same = r == o or (math.isnan(r) and math.isnan(o))
            if same:
                continue
            error = abs(a - o)
            if not error <= 4 * reference_error + allowed_ulps:
                return (f"element {i} is {o!r}, the reference path has {r!r}, f64 {a!r}; "
                        f"allowed error {4 * reference_error + allowed_ulps:.3g}")
        return None

    def judge(self, first, count):
        programs = [generate.program(i, self.options.seed) for i in range(first, first + count)]
        text = "\n".join(programs)
        wide = "\n".join(re.sub(r"\bf32\b", "f64", p) for p in programs)
        exact = self.outputs("reference64", wide, 0)
        reference = self.outputs("reference32", text, 0)
        optimised = self.outputs("optimised32", text, 2)
        assert len(exact) == len(reference) == len(optimised)
        for (entry, output, a), (_, _, r), (_, _, o) in zip(exact, reference, optimised):
            number = int(entry[1:])
            is_real = "x f32>" in programs[number - first] or "<f32>" in programs[number - first]
            problem = self.compare(a, r, o) if is_real else (
                None if r == o else f"integers differ: {r[:8]} and {o[:8]}")
            if problem:
                self.failures += 1
                path = self.work / f"failure-{number}.mlir"
                path.write_text(programs[number - first])
                print(f"program {number}, output {output}: {problem}; see {path}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--modelc", required=True)
    parser.add_argument("--clang", required=True, help="compiler and flags for the harness")
    parser.add_argument("--work", required=True)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    judge = Judge(options)
    last = options.first + options.count
    for first in range(options.first, last, BATCH):
        judge.judge(first, min(BATCH, last - first))
    print(f"{options.count} programs, {judge.failures} disagreements")
    sys.exit(1 if judge.failures else 0)


if __name__ == "__main__":
    main()
