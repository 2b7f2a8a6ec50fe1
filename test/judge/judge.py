"""Judges the optimised path by the reference path on random programs.

usage: judge.py --modelc PATH --clang COMMAND --work FOLDER [--count N] [--seed N] [--first N]
                [--falsify]

Each batch of programs is compiled three times: by the reference path in f32 and in f64, and by
the optimised path in f32, in every other batch with its dead memory filled with NaN. The error
of the optimised path, against f64, must be at most four times that of the reference path plus
four units in the last place of the array's largest element. What is exact must agree to the
bit. Another order of the same additions may still be much worse than that of the reference path,
where terms cancel or are all alike; so to what is beyond a second look is taken: in f64 the
optimised path must be as near to the reference path as rounding allows there. A program at fault is written to a file, as are its first operations that are at fault.
With --falsify, the optimised path is given products where the programs have sums.
"""
import argparse
import array
import math
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import generate

BATCH = 50
ULP = 2.0 ** -23
FLOATS = (1, 2)  # MODELC_F32 and MODELC_F64 of abi.h
LARGEST_PREFIX = 18
# The second look: so much more error than the first allows, and as much of it as f64 has.
SLACK, DOUBLE = 64, 2.0 ** -29
# So many programs at fault are reduced; others are only named.
MAXIMAL_REDUCTIONS = 5


class Failed(Exception):
    """A command failed; the message is its error output."""


def run(command):
    result = subprocess.run(command, capture_output=True)
    if result.returncode != 0:
        error = result.stderr.decode(errors="replace")
        raise Failed(f"{shlex.join(map(str, command))} failed with {result.returncode}: "
                     f"{error[:1000]} ... {error[-300:]}" if len(error) > 1300 else
                     f"{shlex.join(map(str, command))} failed with {result.returncode}: {error}")
    return result.stdout


def parse(data):
    """What the harness writes: a list of (entry, output, dtype, bytes of doubles)."""
    results, position = [], 0
    while position < len(data):
        end = data.index(b"\n", position)
        entry, name, dtype, count = data[position:end].decode().split()
        position = end + 1 + 8 * int(count)
        results.append((entry, name, int(dtype), data[end + 1:position]))
    return results


def allowed_error(exact, reference):
    """What the optimised path may be off."""
    scale = max((abs(x) for x in exact if math.isfinite(x)), default=0.0)
    error = max((abs(a - r) for a, r in zip(exact, reference)
                 if math.isfinite(a) and math.isfinite(r)), default=0.0)
    return 4 * error + 4 * ULP * scale


def compare_floats(exact, reference, optimised, allowed):
    """What is wrong with the optimised path's numbers, or None."""
    for i, (a, r, o) in enumerate(zip(exact, reference, optimised)):
        if r == o or (math.isnan(r) and math.isnan(o)) or abs(a - o) <= allowed:
            continue
        return (f"element {i} is {o!r}, the reference path has {r!r}, f64 {a!r}; "
                f"allowed error {allowed:.3g}")
    return None


def problem_of_output(exact, reference, optimised, in_double):
    """What is wrong with one output, or None; `in_double()` is the optimised path's in f64."""
    (*_, a), (_, _, dtype, r), (*_, o) = exact, reference, optimised
    if r == o:
        return None
    a, r, o = (array.array("d", data) for data in (a, r, o))
    if dtype not in FLOATS:
        return f"exact values differ: {r[:8]} by the reference path, {o[:8]} by the optimised path"
    allowed = allowed_error(a, r)
    problem = compare_floats(a, r, o, allowed)
    if not problem or compare_floats(a, r, o, SLACK * allowed):
        return problem
    *_, d = in_double()
    return compare_floats(a, a, array.array("d", d), SLACK * DOUBLE * allowed) and problem


class Judge:
    def __init__(self, options):
        self.options, self.work = options, Path(options.work)
        self.work.mkdir(parents=True, exist_ok=True)
        harness = self.work / "harness.o"
        self.clang = shlex.split(options.clang)
        run(self.clang[:1] + [flag for flag in self.clang[1:] if not flag.startswith("-fuse-ld")]
            + ["-c", Path(__file__).parent / "harness.c", "-o", harness])
        self.harness = harness

    def outputs(self, name, programs, element, flags):
        """What the programs compute."""
        path = self.work / name
        source, object_file = path.with_suffix(".mlir"), path.with_suffix(".o")
        source.write_text("\n".join(generate.with_reals(text, element) for text in programs))
        run([self.options.modelc, source, *flags, "--emit=obj", "-o", object_file])
        run(self.clang + [self.harness, object_file, "-o", path])
        return parse(run([path, str(self.options.seed)]))

    def problems(self, name, programs, poison):
        """What is wrong, by the number of the program; raises Failed where something fails."""
        exact = self.outputs(f"{name}-exact", programs, "f64", ["-O0"])
        reference = self.outputs(f"{name}-reference", programs, "f32", ["-O0"])
        if self.options.falsify:
            programs = [text.replace("model.add", "model.mul") for text in programs]
        flags = ["-O2"] + (["--poison"] if poison else [])
        optimised = self.outputs(f"{name}-optimised", programs, "f32", flags)
        double = cache(lambda: self.outputs(f"{name}-double", programs, "f64", flags))
        assert len(exact) == len(reference) == len(optimised)
        found = {}
        for i, outputs in enumerate(zip(exact, reference, optimised)):
            problem = problem_of_output(*outputs, lambda: double()[i])
            if problem:
                entry, output, *_ = outputs[0]
                found.setdefault(int(entry[1:]), f"output {output}: {problem}")
        return found

    def problem_of(self, number, limit=None):
        """What is wrong with one program, compiled by itself."""
        text = generate.program(number, self.options.seed, limit)
        for poison in (False, True):
            try:
                found = self.problems(f"single-{number}", [text], poison)
            except Failed as failure:
                found = {number: str(failure)}
            if found:
                return found[number] + (" (with poison)" if poison else "")
        return None

    def batch(self, first, count):
        """The problems of a batch of programs."""
        numbers = range(first, first + count)
        programs = [generate.program(number, self.options.seed) for number in numbers]
        try:
            return self.problems(f"batch-{first}", programs, first // BATCH % 2 == 1)
        except Failed as failure:
            found = {number: problem for number in numbers if (problem := self.problem_of(number))}
            return found or {first: f"only together with the {count - 1} after it: {failure}"}

    def reduce(self, number):
        """Writes the program, and its shortest beginning that has a problem."""
        path = self.work / f"failure-{number}.mlir"
        text = generate.program(number, self.options.seed)
        path.write_text(generate.with_reals(text, "f32"))
        for limit in range(LARGEST_PREFIX):
            problem = self.problem_of(number, limit)
            if problem:
                short = self.work / f"failure-{number}-reduced.mlir"
                short.write_text(generate.with_reals(
                    generate.program(number, self.options.seed, limit), "f32"))
                return f"see {path} and {short}, where {problem}"
        return f"see {path}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--modelc", required=True)
    parser.add_argument("--clang", required=True, help="compiler and flags for the harness")
    parser.add_argument("--work", required=True)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--falsify", action="store_true")
    options = parser.parse_args()
    judge = Judge(options)
    last = options.first + options.count
    failures = 0
    with ThreadPoolExecutor(options.jobs) as pool:
        batches = [pool.submit(judge.batch, first, min(BATCH, last - first))
                   for first in range(options.first, last, BATCH)]
        for batch in batches:
            for number, problem in sorted(batch.result().items()):
                failures += 1
                print(f"program {number} of seed {options.seed}: {problem}")
                if failures <= MAXIMAL_REDUCTIONS and not options.falsify:
                    print("  " + judge.reduce(number), flush=True)
    print(f"{options.count} programs, {failures} disagreements")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
