"""transforms.py MODELC FOLDER FLAGS...: what transforms make of a table, fitted in several chunks, against formulas."""
import math
import random
import sys
from program import Comparison, Program, read_tensors

TEXT = """
model Table() {
  param none: float[1] = zeros
  export fn predict(x: float[N, 3], z: float[N, 2]) -> float[N, 5] { concat(x, z, axis = 1) }
  fn loss(x: float[N, 3], z: float[N, 2]) -> float { mean(predict(x, z)) + sum(none) }
}
data table from csv("table.csv") {
  x = standardize(columns(0..3))
  z = normalize(columns(3..5), low = -1, high = 3)
}
train Table() on table {
  minimize loss(x, z)
  optimizer sgd()
}
"""

# What predicts a field as it is comes back as its columns, whatever was applied to them.
BACK = """
model Back() {
  param one: float = ones
  export fn predict(x: float[N, 8]) -> float[N, 8] { one * x }
  fn loss(x: float[N, 8], y: float[N, 8]) -> float { mse(predict(x), y) }
}
data table from csv("back.csv") {
  x = concat(FIELDS)
  y = concat(FIELDS)
}
train Back() on table {
  minimize loss(x, y)
  optimizer sgd()
}
""".replace("FIELDS", """
    standardize(column(0)), normalize(column(1), low = -1, high = 3), scale(column(2), factor = 0.5, offset = 7),
    robust(column(3)), log1p(column(4)), column(5) |> log |> standardize, sqrt(column(6)) |> fill_mean |> fill_median |> fill_value,
    normalize(column(7))""")


def check_inverses(check, draws):
    program = Program(sys.argv[1:], BACK, "back")
    rows = [[draws.randrange(1, 640) / 64 for _ in range(7)] + [3.25] for _ in range(600)]
    (program.folder / "back.csv").write_text("\n".join(",".join(map(repr, row)) for row in rows) + "\n")
    program.run("train", "--epochs", 0)
    output = program.folder / "back.safetensors"
    program.run("predict", "--input", "back.csv", "--output", output.resolve())
    (made,) = read_tensors(output).values()
    for i, wanted in enumerate(zip(*rows)):
        check.close(f"column {i} restored", [row[i] for row in made], list(wanted), 20)


def main():
    draws = random.Random(5)
    # Far from 0 with a small spread, which must not cancel; a column of one value; a range; another column of one value.
    rows = [[draws.randrange(-64, 64) / 64, 1e4 + draws.randrange(-64, 64) / 64, 7.5, draws.randrange(-640, 640) / 64, 2.25]
            for _ in range(3000)]
    program = Program(sys.argv[1:], TEXT)
    text = "a,b,c,d,e\n" + "\n".join(",".join(map(repr, row)) for row in rows) + "\n"
    (program.folder / "table.csv").write_text(text)
    program.run("train", "--epochs", 0)
    output = program.folder / "made.safetensors"
    program.run("predict", "--input", "table.csv", "--output", output.resolve())
    (made,) = read_tensors(output).values()
    check = Comparison(program)
    columns = list(zip(*rows))
    for i in range(5):
        values, wanted = columns[i], []
        center = math.fsum(values) / len(values)
        deviation = math.sqrt(math.fsum((v - center) ** 2 for v in values) / len(values))
        low, high = min(values), max(values)
        for v in values:
            if i < 3:
                wanted.append((v - center) / (deviation or 1))
            else:
                wanted.append(-1 + 4 * (v - low) / ((high - low) or 1))
        check.close(f"column {i}", [row[i] for row in made], wanted, 20)
    check_inverses(check, draws)
    check.finish()


main()
