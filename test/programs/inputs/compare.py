"""Trains a program in f64 and in f32 and compares losses, weights, metrics and results with those of JAX.

usage: compare.py MODELC FILE.model FOLDER

The first weights, what JAX found from them in f64, and how far JAX in f32 is from that, are in
expected/NAME.json. In f64 the program agrees to 1e-10; in f32 it is at most twice as far from the
truth as JAX is, plus a few units in the last place. When the program changes, or the rows of random
data do, the expectation is made again, see REMAKE.
"""
import json
import sys
from pathlib import Path

from trained import Trained, unpacked

REMAKE = "make the expectation again: bench/parity/setup && bench/parity/.venv/bin/python bench/parity/expectations.py"
DOUBLE = 1e-10
FACTOR, ROUNDING = 2, 4 * 2.0 ** -23


class Comparison:
    """Counts what agrees. `distance` is JAX's own in f32, relative to `scale`."""

    def __init__(self, is_double):
        self.is_double, self.count, self.failures = is_double, 0, []

    def close(self, what, found, expected, scale, distance):
        self.count += 1
        bound = DOUBLE if self.is_double else FACTOR * distance + ROUNDING
        error = abs(found - expected) / scale
        if not error <= bound:
            self.failures.append(f"{what}: {found!r}, expected {expected!r}: {error:.1e} apart, at most {bound:.1e}")

    def same(self, what, found, expected):
        self.count += 1
        if found != expected:
            self.failures.append(f"{what}: {found!r}, expected {expected!r}")

    def digests(self, what, found, expected):
        """`expected`: of each array length, reach and distance."""
        self.same(f"{what}, number of arrays", len(found), len(expected))
        for numbers, (*truth, distance) in zip(found, expected):
            for name, a, b in zip(("length", "reach"), numbers, truth):
                self.close(f"{what}, {name}", a, b, max(truth[0], 1), distance)


def compare(trained, expected):
    check = Comparison(trained.program.is_double)
    losses = trained.train()
    check.same("number of steps", len(losses), len(expected["losses"]))
    floor = 0.1 * max(map(abs, expected["losses"]))
    for step, (a, b) in enumerate(zip(losses, expected["losses"]), 1):
        check.close(f"loss of step {step}", a, b, max(abs(b), floor), expected["distance"])
    weights = trained.weights()
    check.same("names of weights", sorted(weights), sorted(expected["weights"]))
    for name, wanted in expected["weights"].items():
        check.digests(name, [weights.get(name, [0, 0])], [wanted])
    metrics = trained.metrics()
    check.same("names of metrics", sorted(metrics), sorted(expected["metrics"]))
    for name, (truth, distance) in expected["metrics"].items():
        check.close(name, metrics.get(name, 0), truth, max(abs(truth), 0.01), distance)
    for call in expected["calls"]:
        for rows, wanted in call["results"].items():
            check.digests(f"{call['function']} of {rows} rows", trained.call(call, int(rows)), wanted)
    return check


def main():
    modelc, source, folder = sys.argv[1:]
    expected = json.loads((Path(source).parent / "expected" / (Path(source).stem + ".json")).read_text())
    first = {name: unpacked(*w) for name, w in expected["first"].items()}
    failed = False
    for flags in ([], ["--f64"]):
        check = compare(Trained(modelc, source, folder, flags, first), expected)
        precision = "f64" if check.is_double else "f32"
        print(f"{precision}: {check.count} numbers, {len(check.failures)} wrong")
        print(*check.failures[:20], sep="\n")
        failed |= bool(check.failures)
    if failed:
        sys.exit(f"if the program or its reference has changed, {REMAKE}")


main()
