"""activations.py MODELC FOLDER FLAGS...: the activations, their derivatives, and softmax, against formulas."""
import math
import sys
from program import Comparison, Program, derivative


def sigmoid(x):
    return 1 / (1 + math.exp(-x)) if x > 0 else math.exp(x) / (1 + math.exp(x))


def softplus(x):
    return max(x, 0) + math.log1p(math.exp(-abs(x)))


def gelu(x):
    return x / 2 * math.erfc(-x / math.sqrt(2))


# By name: the expression, the formula, and the derivative at its kinks.
ELEMENTWISE = {
    "relu": ("relu(x)", lambda x: max(x, 0.0), {0: 0}),
    "relu6": ("relu6(x)", lambda x: min(max(x, 0.0), 6.0), {0: 0, 6: 0}),
    "leaky": ("leaky_relu(x, slope = 0.2)", lambda x: x if x > 0 else 0.2 * x, {0: 0.2}),
    "elu": ("elu(x, alpha = 2.0)", lambda x: x if x > 0 else 2 * math.expm1(x), {0: 2}),
    "selu": ("selu(x)", lambda x: 1.0507009873554805 * (x if x > 0 else 1.6732632423543772 * math.expm1(x)),
             {0: 1.7580993408473766}),
    "celu": ("celu(x, alpha = 2.0)", lambda x: x if x > 0 else 2 * math.expm1(x / 2), {0: 1}),
    "softplus": ("softplus(x)", softplus, {}),
    "log_sigmoid": ("log_sigmoid(x)", lambda x: -softplus(-x), {}),
    "gelu": ("gelu(x)", gelu, {}),
    "gelu_tanh": ("gelu_tanh(x)", lambda x: x / 2 * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x ** 3))), {}),
    "silu": ("silu(x)", lambda x: x * sigmoid(x), {}),
    "mish": ("mish(x)", lambda x: x * math.tanh(softplus(x)), {}),
    "hard_sigmoid": ("hard_sigmoid(x)", lambda x: min(max(x + 3, 0), 6) / 6, {-3: 0, 3: 0}),
    "hard_swish": ("hard_swish(x)", lambda x: x * min(max(x + 3, 0), 6) / 6, {-3: 0, 3: 1}),
    "hard_tanh": ("hard_tanh(x)", lambda x: min(max(x, -1), 1), {-1: 0, 1: 0}),
    "softsign": ("softsign(x)", lambda x: x / (1 + abs(x)), {0: 1}),
    "tanhshrink": ("tanhshrink(x)", lambda x: x - math.tanh(x), {}),
    "softshrink": ("softshrink(x)", lambda x: math.copysign(max(abs(x) - 0.5, 0), x), {0.5: 0, -0.5: 0}),
    "hardshrink": ("hardshrink(x)", lambda x: x if abs(x) > 0.5 else 0.0, {0.5: 0, -0.5: 0}),
}
POINTS = [-1e4, -1e3, -90.0, -30.0, -8.0, -3.0, -2.25, -1.0, -0.75, -0.5, -0.1, -1e-3, 0.0, 1e-3, 0.1, 0.5, 0.75, 1.0, 2.25,
          3.0, 6.0, 8.0, 30.0, 90.0, 1e3, 1e4]


def logsumexp(row):
    shift = max(row)
    if math.isinf(shift):
        return shift
    return shift + math.log(sum(math.exp(v - shift) for v in row))


def softmax(row):
    total = logsumexp(row)
    return [math.exp(v - total) if total > -math.inf else 0.0 for v in row]


ROWS = [[0.3, -1.2, 2.5, 0.7], [1e4, -1e4, 0.0, 9999.0], [-1e4, -1e4, -1e4, -9999.5], [0.5, -math.inf, 1.5, -math.inf],
        [-math.inf] * 4]


def program_text():
    text = "model Activations() {\n"
    for name, (expression, _, _) in ELEMENTWISE.items():
        text += f"  fn {name}_sum(x: float[N]) -> float {{ sum({expression}) }}\n"
        text += f"  export fn {name}_both(x: float[N]) -> (float[N], float[N]) {{ ({expression}, grad({name}_sum)(x)) }}\n"
    for name, result in [("softmax", "float[N, C]"), ("log_softmax", "float[N, C]"), ("logsumexp", "float[N]")]:
        weight = "weight[:, 0]" if name == "logsumexp" else "weight"
        masked = f"where(weight == 0, 0, {weight} * {name}(x))" if name == "log_softmax" else f"{weight} * {name}(x)"
        text += f"  fn {name}_sum(x: float[N, C], weight: float[N, C]) -> float {{ sum({masked}) }}\n"
        text += f"  export fn {name}_both(x: float[N, 4], weight: float[N, 4]) -> ({result.replace('C', '4')}, float[N, 4]) {{\n"
        text += f"    ({name}(x), grad({name}_sum, wrt = x)(x, weight))\n  }}\n"
    for name in ["glu", "geglu", "swiglu"]:
        text += f"  export fn {name}_only(x: float[N, 4]) -> float[N, 2] {{ {name}(x) }}\n"
    return text + "}\n"


def main():
    program = Program(sys.argv[1:], program_text())
    check = Comparison(program)
    points = program.rounded(POINTS)
    for name, (_, f, kinks) in ELEMENTWISE.items():
        values, slopes = program.call(f"{name}_both", x=points)
        # gelu and its like cancel for negative numbers, tanhshrink for small ones: to the precision of 1.
        check.close(name, values, [f(x) for x in points], 4)
        for x, slope in zip(points, slopes):
            want = kinks[x] if x in kinks else derivative(f, x, 1e-4 if abs(x) < 2e-3 else 1e-3 * max(1, abs(x) / 1e3))
            check.derived(f"{name}'({x})", slope, want, 8)

    weight = [[1.0, -2.0, 0.5, 3.0]] * 3 + [[1.0, 0.0, 2.0, 0.0], [0.0] * 4]
    rows = program.rounded(ROWS)
    values, slopes = program.call("softmax_both", x=rows, weight=weight)
    check.close("softmax", values, [softmax(row) for row in rows])
    for row, w, slope in zip(rows, weight, slopes):
        p = softmax(row)
        mean = sum(a * b for a, b in zip(p, w))
        check.close("softmax'", slope, [a * (b - mean) for a, b in zip(p, w)], 4)
    values, slopes = program.call("log_softmax_both", x=rows, weight=weight)
    for row, w, value, slope in zip(rows, weight, values, slopes):
        total = logsumexp(row)
        want = [v - total if v > -math.inf else v for v in row]
        check.close("log_softmax", value, want, scale=1)
        check.close("log_softmax'", slope, [b - sum(w) * p for b, p in zip(w, softmax(row))], 4)
    values, slopes = program.call("logsumexp_both", x=rows, weight=weight)
    for row, w, value, slope in zip(rows, weight, values, slopes):
        check.close("logsumexp", value, logsumexp(row))
        check.close("logsumexp'", slope, [w[0] * p for p in softmax(row)], 4)

    x = program.rounded([[0.3, -1.2, 2.5, -0.7], [1e4, -1e4, 1e4, -1e4]])
    for name, gate in [("glu", sigmoid), ("geglu", gelu), ("swiglu", lambda v: v * sigmoid(v))]:
        check.close(name, program.call(f"{name}_only", x=x), [[r[0] * gate(r[2]), r[1] * gate(r[3])] for r in x], 4)
    check.finish()


if __name__ == "__main__":
    main()
