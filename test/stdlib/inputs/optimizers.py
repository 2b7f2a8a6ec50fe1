"""optimizers.py MODELC FOLDER FLAGS...: weights after some steps of each optimizer, against the rules in plain Python."""
import math
import sys
from program import Comparison, Program, read_tensors

STEPS = 5
ROWS = [[0.5, -1.0, 2.0], [1.5, 0.25, -0.5], [-1.0, 1.0, 0.75], [0.0, -2.0, 1.0], [0.75, 0.5, 0.25], [-0.5, 1.5, -1.25]]
TARGETS = [1.0, -0.5, 2.0, 0.25, -1.0, 0.5]


def sgd(lr, momentum=0.0, nesterov=False):
    def rule(w, g, step, s):
        rate = lr(step) if callable(lr) else lr
        s["v"] = momentum * s.get("v", 0) - rate * g
        return w + momentum * s["v"] - rate * g if nesterov else w + s["v"]
    return rule


def rmsprop(lr=1e-3, rho=0.9, momentum=0.0, centered=False, epsilon=1e-7):
    def rule(w, g, step, s):
        s["v"] = rho * s.get("v", 0) + (1 - rho) * g * g
        s["m"] = rho * s.get("m", 0) + (1 - rho) * g
        variance = s["v"] - s["m"] ** 2 if centered else s["v"]
        s["velocity"] = momentum * s.get("velocity", 0) + lr * g / math.sqrt(variance + epsilon)
        return w - s["velocity"]
    return rule


def adagrad(lr=1e-3, initial=0.1, epsilon=1e-7):
    def rule(w, g, step, s):
        s["t"] = s.get("t", initial) + g * g
        return w - lr * g / math.sqrt(s["t"] + epsilon)
    return rule


def adadelta(lr=1.0, rho=0.95, epsilon=1e-6):
    def rule(w, g, step, s):
        s["v"] = rho * s.get("v", 0) + (1 - rho) * g * g
        d = g * math.sqrt(s.get("d", 0) + epsilon) / math.sqrt(s["v"] + epsilon)
        s["d"] = rho * s.get("d", 0) + (1 - rho) * d * d
        return w - lr * d
    return rule


def adam(lr=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-7, amsgrad=False, decay=0.0):
    def rule(w, g, step, s):
        rate = lr(step) if callable(lr) else lr
        s["m"] = beta1 * s.get("m", 0) + (1 - beta1) * g
        s["v"] = beta2 * s.get("v", 0) + (1 - beta2) * g * g
        s["l"] = max(s.get("l", 0), s["v"])
        scale = rate * math.sqrt(1 - beta2 ** step) / (1 - beta1 ** step)
        return w - rate * decay * w - scale * s["m"] / (math.sqrt(s["l"] if amsgrad else s["v"]) + epsilon)
    return rule


def adamax(lr=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-7):
    def rule(w, g, step, s):
        s["m"] = beta1 * s.get("m", 0) + (1 - beta1) * g
        s["u"] = max(beta2 * s.get("u", 0), abs(g))
        return w - lr / (1 - beta1 ** step) * s["m"] / (s["u"] + epsilon)
    return rule


def nadam(lr=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8, growth=4e-3):
    def rule(w, g, step, s):
        mu, following = (beta1 * (1 - 0.5 * 0.96 ** (t * growth)) for t in (step, step + 1))
        s["p"] = s.get("p", 1) * mu
        s["m"] = beta1 * s.get("m", 0) + (1 - beta1) * g
        s["v"] = beta2 * s.get("v", 0) + (1 - beta2) * g * g
        root = math.sqrt(s["v"] / (1 - beta2 ** step)) + epsilon
        return w - lr * (1 - mu) / (1 - s["p"]) * g / root - lr * following / (1 - s["p"] * following) * s["m"] / root
    return rule


def lion(lr=1e-4, decay=0.0, beta1=0.9, beta2=0.99):
    def rule(w, g, step, s):
        c = beta1 * s.get("m", 0) + (1 - beta1) * g
        s["m"] = beta2 * s.get("m", 0) + (1 - beta2) * g
        return w - lr * ((c > 0) - (c < 0) + decay * w)
    return rule


RULES = {
    "sgd(0.05)": sgd(0.05),
    "sgd(0.05, momentum = 0.9)": sgd(0.05, 0.9),
    "sgd(0.05, momentum = 0.9, nesterov = true)": sgd(0.05, 0.9, True),
    "sgd(0.05, momentum)": sgd(0.05, 0.5),
    "sgd(rate / step)": sgd(lambda step: 0.05 / step),
    "rmsprop(0.01)": rmsprop(0.01),
    "rmsprop(0.01, rho = 0.8, momentum = 0.9)": rmsprop(0.01, 0.8, 0.9),
    "rmsprop(0.01, centered = true)": rmsprop(0.01, centered=True),
    "adagrad(0.1)": adagrad(0.1),
    "adadelta()": adadelta(),
    "adam(0.01)": adam(0.01),
    "adam(0.01, amsgrad = true)": adam(0.01, amsgrad=True),
    "adam(linear_decay(step, 0.1, 4))": adam(lambda step: 0.1 * (1 - min((step - 1) / 4, 1))),
    "adamw(0.01, weight_decay = 0.1)": adam(0.01, decay=0.1),
    "adamax(0.01)": adamax(0.01),
    "nadam(0.01)": nadam(0.01),
    "lion(0.01, weight_decay = 0.1)": lion(0.01, 0.1),
}
SETTINGS = f"""  batch 8
  epochs {STEPS}
  shuffle false
}}
data rows from csv("rows.csv") {{
  x = columns(0..3)
  y = column(3)
}}
hyper momentum: float = 0.5
hyper rate: float = 0.05
"""


def slopes(w):
    """The gradient of mean((x @ w - y) ** 2)."""
    errors = [math.fsum(a * b for a, b in zip(row, w)) - y for row, y in zip(ROWS, TARGETS)]
    return [2 / len(ROWS) * math.fsum(e * row[i] for e, row in zip(errors, ROWS)) for i in range(3)]


def trained(rule, change=lambda g, step: g, penalty=lambda w: 0.0):
    w, states = [0.5, 0.5, 0.5], [{}, {}, {}]
    for step in range(1, STEPS + 1):
        g = change([a + penalty(b) for a, b in zip(slopes(w), w)], step)
        w = [rule(a, b, step, s) for a, b, s in zip(w, g, states)]
    return w


def train(arguments, name, text):
    program = Program(arguments, text, name)
    lines = [",".join(map(repr, [*row, y])) for row, y in zip(ROWS, TARGETS)]
    (program.folder / "rows.csv").write_text("a,b,c,y\n" + "\n".join(lines) + "\n")
    program.run("train", "--output", f"{name}.safetensors")
    return program, read_tensors(program.folder / f"{name}.safetensors")


def rules(arguments):
    text = "model Rules() {\n"
    plan = "train Rules() on rows {\n"
    for i, rule in enumerate(RULES):
        text += f"  param w{i}: float[3, 1] = full(0.5)\n"
        text += f"  fn loss{i}(x: float[N, 3], y: float[N, 1]) -> float {{ mse(x @ w{i}, y) }}\n"
        plan += f"  minimize loss{i}(x, y) over w{i} with {rule}\n"
    program, weights = train(arguments, "rules", text + "}\n" + plan + SETTINGS)
    check = Comparison(program)
    for i, (text, rule) in enumerate(RULES.items()):
        check.close(text, [row[0] for row in weights[f"w{i}"]], trained(rule), 10)
    return check


CHANGES = {
    "clip_value(0.4)": lambda g, step: [min(max(v, -0.4), 0.4) for v in g],
    "clip_norm(0.7)": lambda g, step: [v * min(0.7 / math.hypot(*g), 1) for v in g],
    "clip_global_norm(0.7 * step)": lambda g, step: [v * min(0.7 * step / math.hypot(*g), 1) for v in g],
    "clip_norm(0.7), double": lambda g, step: [2 * v * min(0.7 / math.hypot(*g), 1) for v in g],
}


def changes(arguments, check):
    for i, (change, f) in enumerate(CHANGES.items()):
        text = "model Changes() {\n  param w: float[3, 1] = full(0.5)\n"
        text += "  fn loss(x: float[N, 3], y: float[N, 1]) -> float { mse(x @ w, y) + 0.05 * l2(parameters) + 0.1 * l1(w) }\n}\n"
        text += "fn double(g: float[...], gradients: tuple) -> float[...] { 2 * g }\n"
        text += f"train Changes() on rows {{\n  minimize loss(x, y)\n  optimizer sgd(0.05)\n  gradients {change}\n"
        _, weights = train(arguments, f"changes{i}", text + SETTINGS)
        want = trained(sgd(0.05), f, lambda w: 0.1 * w + 0.1 * ((w > 0) - (w < 0)))
        check.close(change, [row[0] for row in weights["w"]], want, 10)


def main():
    check = rules(sys.argv[1:])
    changes(sys.argv[1:], check)
    check.finish()


main()
