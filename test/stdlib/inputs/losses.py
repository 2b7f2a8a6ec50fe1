"""losses.py MODELC FOLDER FLAGS...: the losses and their gradients against formulas, also far from 0."""
import math
import sys
from activations import logsumexp, softmax, softplus
from program import Comparison, Program, flat, gradient

INF = math.inf


def mean(values):
    values = list(values)
    return math.fsum(values) / len(values)


def pairs(f):
    """A loss that is the mean of f over pairs of numbers."""
    return lambda x, y: mean(f(a, b) for a, b in zip(flat(x), flat(y)))


def rows(f):
    return lambda x, y: mean(f(a, b) for a, b in zip(x, y))


def huber(a, b, delta=0.8):
    e = abs(a - b)
    return e * e / 2 if e <= delta else delta * (e - delta / 2)


def log_cosh(a, b):
    e = abs(a - b)
    return math.log1p(2 * math.sinh(e / 2) ** 2) if e < 1 else e + math.log1p(math.exp(-2 * e)) - math.log(2)


def cosine(a, b):
    dot = math.fsum(p * q for p, q in zip(a, b))
    lengths = [max(math.sqrt(math.fsum(v * v for v in r)), 1e-6) for r in (a, b)]
    return dot / lengths[0] / lengths[1]


def distance(a, b):
    return math.sqrt(math.fsum((p - q) ** 2 for p, q in zip(a, b)) + 1e-12)


def binary(z, t, weight=1.0):
    return t * weight * softplus(-z) + (1 - t) * softplus(z)


def cross_entropy(z, labels, smoothing=0.0, ignore=-100, weights=None):
    total = count = 0.0
    weights = weights or [1.0] * len(z[0])
    for row, label in zip(z, labels):
        if label == ignore:
            continue
        entropies = [logsumexp(row) - v for v in row]
        total += (1 - smoothing) * weights[label] * entropies[label]
        if smoothing:
            total += smoothing / len(row) * math.fsum(w * e for w, e in zip(weights, entropies))
        count += weights[label]
    return total / count if count else 0.0


# By name: the expression, the formula of x and y, and what y is: any numbers, probabilities, 0 or 1, -1 or 1.
NUMBERS = {
    "mse": ("mse(x, y)", pairs(lambda a, b: (a - b) ** 2), "any"),
    "mae": ("mae(x, y)", pairs(lambda a, b: abs(a - b)), "any"),
    "mape": ("mape(x, y)", pairs(lambda a, b: 100 * abs(a - b) / max(abs(b), 1e-7)), "any"),
    "msle": ("msle(x, y)", pairs(lambda a, b: (math.log1p(max(a, 0)) - math.log1p(max(b, 0))) ** 2), "any"),
    "huber": ("huber(x, y, delta = 0.8)", pairs(huber), "any"),
    "log_cosh": ("log_cosh(x, y)", pairs(log_cosh), "any"),
    "quantile": ("quantile_loss(x, y, q = 0.9)", pairs(lambda a, b: max(0.9 * (b - a), -0.1 * (b - a))), "any"),
    "poisson": ("poisson_loss(x, y)", pairs(lambda a, b: math.exp(a) - a * b), "any"),
    "nll": ("normal_nll(x, 0.5 * x, y)", pairs(lambda a, b: 0.5 * (0.5 * a + (b - a) ** 2 * math.exp(-0.5 * a))), "any"),
    "normal_kl": ("normal_kl(y, x)", rows(lambda a, b: 0.5 * math.fsum(math.exp(v) + m * m - 1 - v for v, m in zip(a, b))), "any"),
    "cosine": ("cosine_loss(x, y)", rows(lambda a, b: 1 - cosine(a, b)), "any"),
    "triplet": ("triplet_loss(x, y, 1.5 * y + 0.1, margin = 2.0)",
                rows(lambda a, b: max(distance(a, b) - distance(a, [1.5 * v + 0.1 for v in b]) + 2, 0)), "any"),
    "hinge": ("hinge(x, y)", pairs(lambda a, b: max(1 - a * b, 0)), "sign"),
    "squared_hinge": ("squared_hinge(x, y)", pairs(lambda a, b: max(1 - a * b, 0) ** 2), "sign"),
    "binary": ("binary_cross_entropy(x, y)", pairs(binary), "share"),
    "binary_weighted": ("binary_cross_entropy(x, y, positive_weight = 3.0)", pairs(lambda a, b: binary(a, b, 3)), "share"),
    "focal": ("focal_loss(x, y, gamma = 1.5)",
              pairs(lambda a, b: math.exp(-1.5 * softplus(a if b else -a)) * softplus(-a if b else a)), "truth"),
    "soft": ("soft_cross_entropy(x, y)", rows(lambda a, b: math.fsum(t * (logsumexp(a) - v) for v, t in zip(a, b))), "row"),
    "kl": ("kl_divergence(x, y)",
           rows(lambda a, b: math.fsum(t * (math.log(t) + logsumexp(a) - v) for v, t in zip(a, b) if t > 0)), "row"),
}
LABELS = {
    "plain": ("cross_entropy(x, label)", {}),
    "smooth": ("cross_entropy(x, label, smoothing = 0.2)", {"smoothing": 0.2}),
    "ignoring": ("cross_entropy(x, label, ignore = 2)", {"ignore": 2}),
    "weighted": ("weighted_cross_entropy(x, label, [0.5, 1.0, 2.0, 3.0], smoothing = 0.2, ignore = 0)",
                 {"weights": [0.5, 1.0, 2.0, 3.0], "smoothing": 0.2, "ignore": 0}),
    "likelihood": ("nll(log_softmax(x), label)", {}),
}
X = [[0.31, -1.2, 2.5, 0.7], [-0.4, 0.9, -2.2, 1.1], [0.05, 3.0, -0.6, -1.7]]
Y = {
    "any": [[0.9, -1.5, 0.2, 0.4], [0.6, 1.9, -2.0, -1.3], [-0.45, 1.5, -0.2, 0.8]],
    "share": [[0.9, 0.5, 0.2, 1.0], [0.0, 1.0, 0.3, 0.7], [0.45, 0.0, 1.0, 0.8]],
    "truth": [[1.0, 0.0, 1.0, 1.0], [0.0, 1.0, 0.0, 0.0], [1.0, 0.0, 1.0, 0.0]],
    "sign": [[1.0, -1.0, 1.0, 1.0], [-1.0, 1.0, -1.0, -1.0], [1.0, -1.0, 1.0, -1.0]],
    "row": [[0.1, 0.2, 0.3, 0.4], [0.0, 1.0, 0.0, 0.0], [0.25, 0.0, 0.5, 0.25]],
}


def program_text():
    text = "model Losses() {\n"
    for name, (expression, _, _) in NUMBERS.items():
        text += f"  fn take_{name}(x: float[N, 4], y: float[N, 4]) -> float {{ {expression} }}\n"
        text += f"  export fn {name}_both(x: float[N, 4], y: float[N, 4]) -> (float, float[N, 4]) {{\n"
        text += f"    value_and_grad(take_{name}, wrt = x)(x, y)\n  }}\n"
    for name, (expression, _) in LABELS.items():
        text += f"  fn take_{name}(x: float[N, 4], label: i32[N]) -> float {{ {expression} }}\n"
        text += f"  export fn {name}_both(x: float[N, 4], label: i32[N]) -> (float, float[N, 4]) {{\n"
        text += f"    value_and_grad(take_{name}, wrt = x)(x, label)\n  }}\n"
    return text + "}\n"


def main():
    program = Program(sys.argv[1:], program_text())
    check = Comparison(program)
    x = program.rounded(X)
    for name, (_, f, kind) in NUMBERS.items():
        y = program.rounded(Y[kind])
        value, slope = program.call(f"{name}_both", x=x, y=y)
        check.close(name, value, f(x, y), 4, scale=0.1)
        check.derived(f"{name}'", slope, gradient(lambda v: f(v, y), x), 8)
    labels = [2, 0, 3]
    for name, (_, options) in LABELS.items():
        value, slope = program.call(f"{name}_both", x=x, label=labels)
        check.close(name, value, cross_entropy(x, labels, **options), 4, scale=0.1)
        check.derived(f"{name}'", slope, gradient(lambda v: cross_entropy(v, labels, **options), x), 8)
    extremes(program, check)
    check.finish()


def extremes(program, check):
    """Where numbers are large, masked or equal, with the slopes that mathematics says."""
    x, y = [[1e4, -1e4, 0.0, 20.0]], [[1.0, 0.0, 1.0, 1.0]]
    value, slope = program.call("binary_both", x=x, y=y)
    check.close("binary, sure and right", value, (math.log(2) + math.log1p(math.exp(-20))) / 4)
    check.close("binary', sure and right", slope, [[0.0, 0.0, -0.125, -math.exp(-20) / 4 / (1 + math.exp(-20))]])
    value, slope = program.call("binary_both", x=[[20.0] * 4], y=[[1.0] * 4])
    check.close("binary, a small loss", value, math.log1p(math.exp(-20)), scale=0)
    value, slope = program.call("binary_both", x=[[-20.0] * 4], y=[[0.0] * 4])
    check.close("binary, a small loss of the other class", value, math.log1p(math.exp(-20)), scale=0)
    value, slope = program.call("binary_both", x=[[-1e4, 1e4, 1e4, -1e4]], y=y)
    check.close("binary, sure and wrong", value, 7500.0)
    check.close("binary', sure and wrong", slope, [[-0.25, 0.25, 0.0, -0.25]])
    value, slope = program.call("binary_both", x=[[0.0] * 4], y=y)
    check.close("binary' at 0", slope, [[-0.125, 0.125, -0.125, -0.125]])

    value, slope = program.call("plain_both", x=[[1e4, 1e4 - 1, -1e4, 0.0]], label=[0])
    p = 1 / (1 + math.exp(-1))
    check.close("cross-entropy of large logits", value, -math.log(p))
    check.close("cross-entropy' of large logits", slope, [[p - 1, 1 - p, 0.0, 0.0]])
    value, slope = program.call("plain_both", x=[[0.5, -INF, 1.5, -INF]], label=[0])
    p = 1 / (1 + math.exp(1))
    check.close("cross-entropy of masked logits", value, -math.log(p))
    check.close("cross-entropy' of masked logits", slope, [[p - 1, 0.0, 1 - p, 0.0]])
    value, slope = program.call("ignoring_both", x=[[1.0, 2.0, 3.0, 4.0], [-INF] * 4], label=[2, 2])
    check.close("cross-entropy of nothing", value, 0.0)
    check.close("cross-entropy' of nothing", slope, [[0.0] * 4] * 2)

    same = [[1.0, 2.0, -3.0, 0.0]]
    for name in ["mse", "mae", "huber", "log_cosh"]:
        value, slope = program.call(f"{name}_both", x=same, y=same)
        check.close(f"{name} of equals", value, 0.0)
        check.close(f"{name}' of equals", slope, [[0.0] * 4])
        far = [[3e4, -3e4, 3e4, -3e4]]
        value, slope = program.call(f"{name}_both", x=far, y=[[0.0] * 4])
        want = {"mse": 1.5e4, "mae": 0.25, "huber": 0.2, "log_cosh": 0.25}[name]
        check.close(f"{name}' far away", slope, [[want, -want, want, -want]])
    small = program.rounded([[1e-3] * 4])
    value, _ = program.call("log_cosh_both", x=small, y=[[0.0] * 4])
    check.close("log_cosh of a small error", value, log_cosh(small[0][0], 0.0), 2, scale=0)

    zero = [[0.0] * 4]
    value, slope = program.call("cosine_both", x=zero, y=same)
    check.close("cosine of nothing", value, 1.0)
    check.holds("cosine' of nothing is finite", all(math.isfinite(v) for v in slope[0]))
    value, slope = program.call("triplet_both", x=same, y=same)
    check.holds("triplet' of equals is finite", all(math.isfinite(v) for v in slope[0]))
    value, slope = program.call("soft_both", x=[[0.5, -INF, 1.5, -INF]], y=[[0.5, 0.0, 0.5, 0.0]])
    check.close("soft cross-entropy of masked logits", value, math.log(1 + math.exp(1)) - 0.5)
    p = 1 / (1 + math.exp(1))
    check.close("soft cross-entropy' of masked logits", slope, [[p - 0.5, 0.0, 0.5 - p, 0.0]])


if __name__ == "__main__":
    main()
