"""parity.py: trains the programs of examples/ compiled by modelc, and again with JAX and Keras from
the same weights on the same rows in the same order, and compares every loss and the last weights.

usage: parity.py [--only NAME] [--wine CSV] [--write]

Bounds: the double-precision build agrees with JAX in double precision to 1e-9; the single-precision
build with JAX, and keras_article with Keras, in single precision to 1e-5, and it is no farther from
the double-precision result than twice what JAX is.
"""
import argparse
import os
import re
import sys
import tempfile
from pathlib import Path

os.environ["KERAS_BACKEND"] = "jax"
os.environ.setdefault("JAX_PLATFORMS", "cpu")

import jax
import numpy as np

jax.config.update("jax_enable_x64", True)

from compiled import ROOT, Program
from programs import all_references, wine_columns, wine_statistics
from training import train_jax, train_keras

DOUBLE_BOUND, SINGLE_BOUND, FACTOR = 1e-9, 1e-5, 2
# Statistics are merged from chunks of rows, 45 of them for wine, and each merge rounds several times.
STATISTICS_BOUND = 8 * 2.0 ** -23


def loss_distance(found, wanted):
    """The largest relative difference of a step's loss."""
    if len(found) != len(wanted):
        raise SystemExit(f"found {len(found)} steps, expected {len(wanted)}")
    return float(np.max(np.abs(found - wanted) / np.abs(wanted)))


def weight_distance(found, wanted):
    """The largest difference of an element, relative to the largest element of its array."""
    return max(float(np.max(np.abs(found[name] - w)) / np.max(np.abs(w))) for name, w in wanted.items())


class Table:
    def __init__(self):
        self.rows = []

    def add(self, program, quantity, value, bound):
        self.rows.append((program, quantity, f"{value:.1e}", f"{bound:.1e}", "yes" if value <= bound else "NO"))
        print("  ".join(f"{cell:<{width}}" for cell, width in zip(self.rows[-1], (17, 46, 8, 8, 3))), flush=True)

    def add_pair(self, program, precision, other, distances, bounds):
        for what, distance, bound in zip(("losses", "weights"), distances, bounds):
            self.add(program, f"{precision}, {what}, from {other}", distance, bound)

    def markdown(self):
        head = ["| program | quantity | worst relative difference | bound | within |", "|---|---|---|---|---|"]
        return "\n".join(head + ["| " + " | ".join(row) + " |" for row in self.rows]) + "\n"


def distances(result, truth):
    return loss_distance(result[0], truth[0]), weight_distance(result[1], truth[1])


def compare_double(reference, folder, arguments, table):
    first, last, losses = Program(reference.name, reference.replacements, ["--f64"], folder).train(
        reference.epochs, arguments)
    truth = train_jax(reference, first, np.float64)
    table.add_pair(reference.name, "f64", "JAX in f64", distances((losses, last), truth), [DOUBLE_BOUND] * 2)
    compare_statistics(reference, first, np.float64, table)


def compare_single(reference, folder, arguments, table):
    first, last, losses = Program(reference.name, reference.replacements, [], folder).train(reference.epochs, arguments)
    truth, single = (train_jax(reference, first, dtype) for dtype in (np.float64, np.float32))
    others = {"JAX": single}
    if reference.name == "keras_article":
        others = {"Keras": train_keras(reference, first), **others}
    for name, other in others.items():
        table.add_pair(reference.name, "f32", f"{name} in f32", distances((losses, last), other), [SINGLE_BOUND] * 2)
    bounds = [FACTOR * d for d in distances(single, truth)]
    table.add_pair(reference.name, "f32", "JAX in f64", distances((losses, last), truth), bounds)
    compare_statistics(reference, first, np.float32, table)


def compare_statistics(reference, first, dtype, table):
    """What preprocessing fitted, from the same columns in double precision."""
    if not reference.statistics:
        return
    x, _ = wine_columns(reference.csv, dtype)
    truth = {n: np.asarray(a) for n, a in wine_statistics(x.astype(np.float64)).items()}
    precision, bound = ("f64", DOUBLE_BOUND) if dtype == np.float64 else ("f32", STATISTICS_BOUND)
    table.add(reference.name, f"{precision}, statistics of columns", weight_distance(first, truth), bound)


def write_page(table):
    page = ROOT / "docs/parity.md"
    text = page.read_text()
    new, count = re.subn(r"(?<=<!-- measured -->\n).*?(?=<!-- end -->)", lambda _: table.markdown(), text, flags=re.S)
    assert count == 1, "docs/parity.md has no place for the table"
    page.write_text(new)


def wine_path():
    """winequality-red.csv of MODELC_DATA, or of the `shared/data` beside the tree or above it."""
    folders = [Path(os.environ["MODELC_DATA"])] if os.environ.get("MODELC_DATA") else [
        parent / "shared/data" for parent in ROOT.parents]
    found = [folder / "wine-quality/winequality-red.csv" for folder in folders]
    return next((path for path in found if path.exists()), None)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", help="one program")
    parser.add_argument("--wine", type=Path, default=wine_path(), help="winequality-red.csv, for the program wine")
    parser.add_argument("--write", action="store_true", help="put the table into docs/parity.md")
    options = parser.parse_args()
    if not options.wine:
        print("winequality-red.csv is not there: the program wine is left out; --wine gives its path")
    table = Table()
    with tempfile.TemporaryDirectory() as folder:
        for reference in all_references(options.wine):
            if options.only not in (None, reference.name):
                continue
            arguments = ["--data", reference.csv] if reference.csv else []
            compare_double(reference, folder, arguments, table)
            compare_single(reference, folder, arguments, table)
    if options.write:
        write_page(table)
    bad = sum(row[-1] != "yes" for row in table.rows)
    print(f"{len(table.rows) - bad} within bounds, {bad} not")
    sys.exit(1 if bad or not table.rows else 0)


main()
