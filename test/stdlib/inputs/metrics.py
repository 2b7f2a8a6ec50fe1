"""metrics.py MODELC FOLDER FLAGS...: the metrics of a small table, read in several batches, against formulas."""
import json
import math
import random
import sys
from program import Comparison, Program

TEXT = """
model Table() {
  param none: float[1] = zeros
  fn scores(x: float[N, 5]) -> float[N, 3] { x[:, 0..3] }
  fn number(x: float[N, 5]) -> float[N, 1] { x[:, 3..4] }
  fn share(x: float[N, 5]) -> float[N, 1] { x[:, 4..5] }
  fn loss(x: float[N, 5]) -> float { mean(x) + sum(none) }
}
data table from csv("table.csv") {
  x = columns(0..5)
  y = column(5)
  truth = column(6)
  label = labels("label", classes = 3)
}
train Table() on table {
  minimize loss(x)
  optimizer sgd()
  batch 7
  epochs 1
  report mse(number(x), y), rmse(number(x), y), mae(number(x), y), mape(number(x), y), r2(number(x), y)
  report average(number(x)), cosine_similarity(scores(x), 2 * scores(x) + 1)
  report accuracy(scores(x), label), top_k(scores(x), label, k = 2), macro_f1(scores(x), label, classes = 3)
  report perplexity(scores(x), label, ignore = 1)
  report binary_accuracy(share(x), truth), precision(share(x), truth), recall(share(x), truth)
  report f1(share(x), truth, threshold = 0.3), auc(share(x), truth), auc(share(x), truth, points = 3)
}
"""


def mean(values):
    values = list(values)
    return math.fsum(values) / len(values)


def area(shares, truths, points):
    thresholds = [k / (points - 1) for k in range(points)]
    thresholds[0], thresholds[-1] = -1e-7, 1 + 1e-6
    def rate(t, truth):
        return mean(s > t for s, y in zip(shares, truths) if y == truth)
    rates = [(rate(t, 0), rate(t, 1)) for t in thresholds]
    return math.fsum((a[0] - b[0]) * (a[1] + b[1]) / 2 for a, b in zip(rates, rates[1:]))


def f1(said, truth):
    hits = sum(a and b for a, b in zip(said, truth))
    return 2 * hits / (sum(said) + sum(truth)) if sum(said) + sum(truth) else 0.0


def wanted(rows):
    z, number, share, y, truth, label = ([r[i] for r in rows] for i in range(6))
    errors = [a - b for a, b in zip(number, y)]
    center = mean(y)
    best = [row.index(max(row)) for row in z]
    entropies = [math.log(math.fsum(map(math.exp, row))) - row[l] for row, l in zip(z, label) if l != 1]
    said = [s > 0.5 for s in share]
    hits = sum(a and b for a, b in zip(said, truth))
    def cosine(a, b):
        return math.fsum(p * q for p, q in zip(a, b)) / math.hypot(*a) / math.hypot(*b)
    return {
        "mse": mean(e * e for e in errors), "rmse": math.sqrt(mean(e * e for e in errors)), "mae": mean(map(abs, errors)),
        "mape": 100 * mean(abs(e / t) for e, t in zip(errors, y)),
        "r2": 1 - math.fsum(e * e for e in errors) / math.fsum((t - center) ** 2 for t in y), "average": mean(number),
        "cosine_similarity": mean(cosine(row, [2 * v + 1 for v in row]) for row in z),
        "accuracy": mean(b == l for b, l in zip(best, label)),
        "top_k": mean(sum(v > row[l] for v in row) < 2 for row, l in zip(z, label)),
        "macro_f1": mean(f1([b == c for b in best], [l == c for l in label]) for c in range(3)),
        "perplexity": math.exp(mean(entropies)), "binary_accuracy": mean(a == (b == 1) for a, b in zip(said, truth)),
        "precision": hits / sum(said), "recall": hits / sum(truth), "f1": f1([s > 0.3 for s in share], truth),
        "auc": area(share, truth, 200), "auc_1": area(share, truth, 3),
    }


def main():
    draws = random.Random(3)
    rows = []
    for _ in range(40):
        # Far from 0, so that r2 and the like must not cancel; short, so that the file holds them exactly.
        z = [draws.randrange(-64, 64) / 32 for _ in range(3)]
        y = 1000 + draws.randrange(-64, 64) / 16
        truth = draws.randrange(2)
        share = draws.randrange(65) / 64 * 0.6 + 0.4 * truth
        rows.append((z, y + draws.randrange(-16, 16) / 16, round(share, 3), y, truth, draws.randrange(3)))
    program = Program(sys.argv[1:], TEXT)
    lines = [",".join(map(str, [*z, number, share, y, truth, label])) for z, number, share, y, truth, label in rows]
    (program.folder / "table.csv").write_text("a,b,c,number,share,y,truth,label\n" + "\n".join(lines) + "\n")
    program.run("train", "--epochs", 0)
    found = json.loads(program.run("eval", "--split", "train", "--json"))["train"]
    check = Comparison(program)
    for name, value in wanted(rows).items():
        check.close(name, found[name], value, 20 if name != "r2" else 200)
    check.finish()


main()
