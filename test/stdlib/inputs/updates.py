"""updates.py MODELC FOLDER FLAGS...: accumulated gradients, averages of weights and groups of parameters, against plain Python."""
import math
import sys
from program import Comparison, Program, read_tensors

ROWS = [[0.5, -1.0, 2.0], [1.5, 0.25, -0.5], [-1.0, 1.0, 0.75], [0.0, -2.0, 1.0], [0.75, 0.5, 0.25], [-0.5, 1.5, -1.25]]
TARGETS = [1.0, -0.5, 2.0, 0.25, -1.0, 0.5]
BATCH, EPOCHS = 2, 5    # three batches an epoch, so that accumulation crosses epochs
MODEL = """model M() {
  param w: float[3, 1] = full(0.5)
  param b: float[1] = zeros
  fn loss(x: float[N, 3], y: float[N, 1]) -> float { mse(x @ w + b, y) }
  fn weighted(x: float[N, 3], y: float[N, 1], s: float[N]) -> float { weighted_mean((x @ w + b - y) ** 2, s) }
}
data rows from csv("rows.csv") {
  x = columns(0..3)
  y = column(3)
  s = labels("s", classes = 4)
}
"""


def batches():
    for _ in range(EPOCHS):
        for i in range(0, len(ROWS), BATCH):
            yield ROWS[i:i + BATCH], TARGETS[i:i + BATCH]


def slopes(p, rows, targets, weights=None):
    """The gradient by [w0, w1, w2, b] of the weighted mean of squared errors."""
    weights = weights or [1.0] * len(rows)
    errors = [math.fsum(a * b for a, b in zip(row, p)) + p[3] - y for row, y in zip(rows, targets)]
    total = math.fsum(weights)
    return [2 / total * math.fsum(s * e * v for s, e, v in zip(weights, errors, column))
            for column in [*zip(*rows), [1.0] * len(rows)]]


class Adam:
    def __init__(self, lr):
        self.lr, self.m, self.v = lr, [0.0] * 4, [0.0] * 4

    def update(self, p, g, step):
        self.m = [0.9 * m + 0.1 * a for m, a in zip(self.m, g)]
        self.v = [0.999 * v + 0.001 * a * a for v, a in zip(self.v, g)]
        rate = self.lr * math.sqrt(1 - 0.999 ** step) / (1 - 0.9 ** step)
        return [w - rate * m / (math.sqrt(v) + 1e-7) for w, m, v in zip(p, self.m, self.v)]


def accumulated(k, limit=None, average=None, rate=lambda step: 0.05):
    """Adam on the mean gradient of k batches; with `average`, the average of the weights. `rate` is that of an update."""
    p, sums, rule, step = [0.5, 0.5, 0.5, 0.0], [0.0] * 4, Adam(0.05), 0
    mean = list(p)
    for i, (rows, targets) in enumerate(batches(), 1):
        sums = [a + b for a, b in zip(sums, slopes(p, rows, targets))]
        if i % k:
            continue
        g, step = [a / k for a in sums], step + 1
        if limit:
            g = [a * min(limit / math.hypot(*g), 1) for a in g]
        rule.lr = rate(step)
        p, sums = rule.update(p, g, step), [0.0] * 4
        if average:
            mean = [average(m, a, step) for m, a in zip(mean, p)]
    return mean if average else p


def grouped():
    """w by sgd without decay, b by adam."""
    p, rule = [0.5, 0.5, 0.5, 0.0], Adam(0.02)
    for step, (rows, targets) in enumerate(batches(), 1):
        g = slopes(p, rows, targets)
        p = [a - 0.1 * d for a, d in zip(p[:3], g)] + rule.update(p, g, step)[3:]
    return p


def ema(mean, w, step):
    return mean + 0.1 * (w - mean)


def swa(mean, w, step):
    return mean + (w - mean) / max(step - 3 + 1, 1)


PLANS = {
    "optimizer adam(0.05)\n accumulate 1": lambda: accumulated(1),
    "optimizer adam(0.05)\n accumulate 4": lambda: accumulated(4),
    "optimizer adam(0.05)\n accumulate 2\n gradients clip_global_norm(0.5)": lambda: accumulated(2, 0.5),
    "optimizer adam(0.05)\n average ema(0.9)": lambda: accumulated(1, average=ema),
    "optimizer adam(0.05)\n average swa(3)": lambda: accumulated(1, average=swa),
    "optimizer adam(0.05)\n accumulate 2\n average ema(0.9)": lambda: accumulated(2, average=ema),
    # 15 batches make 3 updates of 4 batches, and as many steps.
    "optimizer adam(0.1 * step / steps)\n accumulate 4": lambda: accumulated(4, rate=lambda step: 0.1 * step / 3),
    "optimizer adam(0.02)\n optimizer sgd(0.1) over w": grouped,
    "optimizer sgd(0.1) over w\n optimizer adam(0.02) over b": grouped,
}


def weighted():
    p = [0.5, 0.5, 0.5, 0.0]
    for i, (rows, targets) in enumerate(batches()):
        s = [float((i * BATCH + j) % len(ROWS) % 3) for j in range(BATCH)]
        p = [a - 0.1 * g for a, g in zip(p, slopes(p, rows, targets, s))]
    return p


def train(arguments, name, plan, loss="loss(x, y)"):
    text = MODEL + f"train M() on rows {{\n minimize {loss}\n {plan}\n batch {BATCH}\n epochs {EPOCHS}\n shuffle false\n}}\n"
    program = Program(arguments, text, name)
    lines = [",".join(map(repr, [*row, y, i % 3])) for i, (row, y) in enumerate(zip(ROWS, TARGETS))]
    (program.folder / "rows.csv").write_text("a,b,c,y,s\n" + "\n".join(lines) + "\n")
    program.run("train", "--output", f"{name}.safetensors")
    weights = read_tensors(program.folder / f"{name}.safetensors")
    # Beside the parameters there is only what labels may be called.
    assert sorted(n for n in weights if not n.startswith("rows.")) == ["b", "w"], weights
    return program, [row[0] for row in weights["w"]] + weights["b"]


def main():
    check = None
    for i, (plan, rule) in enumerate(PLANS.items()):
        program, got = train(sys.argv[1:], f"plan{i}", plan)
        check = check or Comparison(program)
        check.close(plan, got, rule(), 10)
    program, got = train(sys.argv[1:], "weights", "optimizer sgd(0.1)", "weighted(x, y, cast(s, float))")
    check.close("example weights", got, weighted(), 10)
    check.finish()


main()
