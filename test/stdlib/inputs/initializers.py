"""initializers.py MODELC FOLDER FLAGS...: the distributions of first values."""
import math
import sys
from program import Comparison, Program, flat, read_tensors

# By name: the expression, the deviation, and the largest that there may be.
I, O = 60, 80
NORMAL = math.inf
RANDOM = {
    "glorot_uniform": ("glorot_uniform", math.sqrt(2 / (I + O)), math.sqrt(6 / (I + O))),
    "glorot_normal": ("glorot_normal", math.sqrt(2 / (I + O)), NORMAL),
    "he_uniform": ("he_uniform", math.sqrt(2 / I), math.sqrt(6 / I)),
    "he_normal": ("he_normal", math.sqrt(2 / I), NORMAL),
    "lecun_uniform": ("lecun_uniform", math.sqrt(1 / I), math.sqrt(3 / I)),
    "lecun_normal": ("lecun_normal", math.sqrt(1 / I), NORMAL),
    "truncated": ("truncated_normal(0, deviation = 0.5)", 0.5 * 0.8796256610342398, 1.0),
}


def main():
    text = "model Initializers() {\n"
    for name, (expression, _, _) in RANDOM.items():
        text += f"  param {name}_w: float[{I}, {O}] = {expression}\n"
    text += "  param wide: float[6, 9] = orthogonal(2.0)\n  param high: float[9, 6] = orthogonal\n"
    text += "  param unit: float[2, 3] = identity\n"
    text += "  fn loss(x: float[N, 1]) -> float { mean(x) * sum(unit) }\n}\n"
    text += "data none from random(rows = 2) {\n  x = uniform(columns = 1)\n}\n"
    text += "train Initializers() on none {\n  minimize loss(x)\n  optimizer sgd()\n}\n"
    program = Program(sys.argv[1:], text)
    program.run("train", "--epochs", 0, "--output", "first.safetensors")
    first = read_tensors(program.folder / "first.safetensors")
    check = Comparison(program)
    for name, (_, deviation, largest) in RANDOM.items():
        values = flat(first[f"{name}_w"])
        mean = math.fsum(values) / len(values)
        found = math.sqrt(math.fsum((v - mean) ** 2 for v in values) / len(values))
        top = max(map(abs, values))
        check.holds(f"{name}: mean {mean}, expected 0", abs(mean) < 5 * deviation / math.sqrt(len(values)))
        check.holds(f"{name}: deviation {found}, expected {deviation}", abs(found / deviation - 1) < 0.05)
        check.holds(f"{name}: up to {top}, expected {largest}", top <= largest * (1 + 1e-6))
        check.holds(f"{name}: only up to {top}", top > (2.5 * deviation if largest is NORMAL else 0.98 * largest))
    columns = list(map(list, zip(*first["high"])))
    for name, rows, gain in [("orthogonal rows", first["wide"], 2.0), ("orthogonal columns", columns, 1.0)]:
        products = [[math.fsum(p * q for p, q in zip(a, b)) for b in rows] for a in rows]
        check.close(name, products, [[gain ** 2 if i == j else 0.0 for j in range(6)] for i in range(6)], 4)
    check.close("identity", first["unit"], [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    check.finish()


main()
