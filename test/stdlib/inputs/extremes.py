"""extremes.py MODELC LIBRARY FOLDER FLAGS...: every activation, loss and norm of the library where numbers are huge, tiny, not
finite, all equal or all masked: values as mathematics says, and gradients finite where it says so.

LIBRARY is frontend/stdlib: what it declares and is not tried here is an error.
"""
import math
import re
import sys
from pathlib import Path

from activations import ELEMENTWISE
from losses import LABELS, NUMBERS, Y, cross_entropy
from program import Comparison, Program, derivative, flat

INF, NAN = math.inf, math.nan
TINY = [0.0, -0.0, 1e-40, -1e-40, 1e-30, -1e-30]
HUGE = [1e4, -1e4, 1e15, -1e15, 1e20, -1e20, 3e38, -3e38]
# In the shape of a value what others are made of: parts, and gated units, whose halves are elementwise.
PARTS = {"check_logits", "softplus_tail", "row_shift", "label_entropy", "distance", "logsumexp", "softmax", "log_softmax", "glu", "geglu",
         "swiglu"}
CANCELLING = {"poisson", "triplet"}    # differences of what is as large as their arguments
NORMS = {"LayerNorm": "layer: LayerNorm(4)", "RmsNorm": "rms: RmsNorm(4)", "GroupNorm": "group: GroupNorm(4, 2)",
         "InstanceNorm": "instance: InstanceNorm(4)", "BatchNorm": "batch: BatchNorm(4)"}


def declared(library, file, kind):
    return set(re.findall(rf"^{kind} (\w+)\(", (Path(library) / file).read_text(), re.M))


def used(expressions):
    return {name for expression in expressions for name in re.findall(r"(\w+)\(", expression)}


def all_finite(x):
    return all(math.isfinite(v) for v in flat(x))


def program_text():
    text = "model Extremes() {\n" + "".join(f"  {member}\n" for member in NORMS.values())
    for name, (expression, _, _) in ELEMENTWISE.items():
        text += f"  fn {name}_sum(x: float[N]) -> float {{ sum({expression}) }}\n"
        text += f"  export fn {name}_both(x: float[N]) -> (float[N], float[N]) {{ ({expression}, grad({name}_sum)(x)) }}\n"
    for name, (expression, _, _) in NUMBERS.items():
        text += f"  fn take_{name}(x: float[N, 4], y: float[N, 4]) -> float {{ {expression} }}\n"
        text += f"  export fn both_{name}(x: float[N, 4], y: float[N, 4]) -> (float, float[N, 4]) {{\n"
        text += f"    value_and_grad(take_{name}, wrt = x)(x, y)\n  }}\n"
    for name, (expression, _) in LABELS.items():
        text += f"  fn take_{name}(x: float[N, 4], label: i32[N]) -> float {{ {expression} }}\n"
        text += f"  export fn both_{name}(x: float[N, 4], label: i32[N]) -> (float, float[N, 4]) {{\n"
        text += f"    value_and_grad(take_{name}, wrt = x)(x, label)\n  }}\n"
    text += "  fn take_weighted_mean(x: float[N, 4], w: float[N]) -> float { weighted_mean(x ** 2, w) }\n"
    text += "  export fn both_weighted_mean(x: float[N, 4], w: float[N]) -> (float, float[N, 4]) {\n"
    text += "    value_and_grad(take_weighted_mean, wrt = x)(x, w)\n  }\n"
    for member in NORMS.values():
        name = member.split(":")[0]
        text += f"  fn {name}_sum(x: float[N, 3, 4]) -> float {{ sum({name}(x) * [1.0, -2.0, 0.5, 3.0]) }}\n"
        text += f"  export fn {name}_both(x: float[N, 3, 4]) -> (float[N, 3, 4], float[N, 3, 4]) {{ ({name}(x), grad({name}_sum)(x)) }}\n"
    return text + """}
data same from csv("same.csv") {
  x = columns(0..4)
}
train Extremes() on same {
  minimize mean(batch(x) ** 2)
  optimizer sgd(0.1)
  batch 4
}
"""


def activations(program, check):
    for name, (_, f, kinks) in ELEMENTWISE.items():
        points = program.rounded(TINY + HUGE)
        values, slopes = program.call(f"{name}_both", x=points)
        check.close(name, values, [f(x) for x in points], 4)
        for x, slope in zip(points, slopes):
            if abs(x) >= 1e4:
                check.derived(f"{name}'({x})", slope, derivative(f, x, 1e-3 * abs(x)), 8)
            elif x:
                check.holds(f"{name}'({x})", abs(slope - derivative(f, math.copysign(4e-3, x), 1e-3)) < 1e-2)
            else:
                check.holds(f"{name}'({x})", slope == program.rounded(kinks[0]) if 0 in kinks else math.isfinite(slope))
        # Where the value at infinity is a product of 0 and infinity, it is NaN as IEEE 754 has it; never another number.
        values, _ = program.call(f"{name}_both", x=[INF, -INF, NAN])
        for x, value in zip((3e38, -3e38), values):
            limit = f(x)
            limit = math.copysign(INF, limit) if abs(limit) > 1e30 else limit
            check.holds(f"{name}({math.copysign(INF, x)})", math.isnan(value) or abs(value - limit) < 1e-6 or value == limit)
        check.holds(f"{name}(nan)", math.isnan(values[2]))


def value_of(f, *arguments):
    """The formula's value; infinity where a double overflows."""
    try:
        return f(*arguments)
    except OverflowError:
        return INF


def losses(program, check):
    for name, (_, f, kind) in NUMBERS.items():
        y = program.rounded(Y[kind][:1])
        for row in ([0.0] * 4, [1e-40] * 4, [-1e-30] * 4, [1e4, -1e4, 1e4, -1e4], [-1e4, 1e4, -1e4, 1e4], [1e4] * 4, [-1e4] * 4):
            x = program.rounded([row])
            value, slope = program.call(f"both_{name}", x=x, y=y)
            want = value_of(f, x, y)
            check.close(f"{name}{row[:2]}", value, want, 8, scale=max(map(abs, row)) if name in CANCELLING else 1.0)
            check.holds(f"{name}'{row[:2]} is finite", all_finite(slope) or want == INF)
        if kind == "any":
            value, slope = program.call(f"both_{name}", x=y, y=y)
            check.holds(f"{name} of equals is finite", math.isfinite(value) and all_finite(slope))
    # The spread of a normal distribution that is far off, and sure or unsure of it.
    value, slope = program.call("both_nll", x=[[1e20, 1e4, 1e4, 1e4]], y=[[0.0, 1e4, 5e3, 5e3]])
    check.close("normal_nll, far off and unsure", value, 0.5 * 0.25 * (5e19 + 3 * 5e3), 4)
    check.holds("normal_nll', far off and unsure", all_finite(slope))
    for name, (_, options) in LABELS.items():
        for row in ([1e4, -1e4, 0.0, 1e4], [-1e4] * 4, [1e30, -1e30, 0.0, 1e30], [1e-40, 0.0, -1e-40, 0.0]):
            x = program.rounded([row])
            value, slope = program.call(f"both_{name}", x=x, label=[3])
            shifted = [[v - max(x[0]) for v in x[0]]]    # so that nothing cancels in the formula
            check.close(f"{name}{row}", value, cross_entropy(shifted, [3], **options), 4)
            check.holds(f"{name}'{row} is finite", all_finite(slope))
        _, slope = program.call(f"both_{name}", x=[[-INF] * 4], label=[1])
        check.holds(f"{name}' of a row that is all masked is finite", all_finite(slope))
    value, slope = program.call("both_weighted_mean", x=[[1.0] * 4] * 2, w=[0.0, 0.0])
    check.close("weighted_mean of nothing", value, 0.0)
    check.holds("weighted_mean' of nothing is finite", all_finite(slope))


def centered(values, epsilon=1e-5):
    center = math.fsum(values) / len(values)
    deviation = math.sqrt(math.fsum((v - center) ** 2 for v in values) / len(values) + epsilon)
    return [(v - center) / deviation for v in values]


def by_groups(rows, groups):
    """Of one example: each group of channels over all places."""
    size, made = 4 // groups, [[0.0] * 4 for _ in rows]
    for group in range(groups):
        channels = range(group * size, (group + 1) * size)
        values = iter(centered([row[c] for row in rows for c in channels]))
        for row in made:
            for c in channels:
                row[c] = next(values)
    return made


# By name, of the rows of one example; the statistics of `batch` are those that it begins with.
FORMULAS = {
    "layer": lambda rows: [centered(row) for row in rows],
    "rms": lambda rows: [[v / math.sqrt(math.fsum(w * w for w in row) / 4 + 1e-5) for v in row] for row in rows],
    "batch": lambda rows: [[v / math.sqrt(1 + 1e-3) for v in row] for row in rows],
    "group": lambda rows: by_groups(rows, 2),
    "instance": lambda rows: by_groups(rows, 4),
}


def norms(program, check):
    up, down = [1e4, -1e4, 1e4, -1e4], [-1e4, 1e4, -1e4, 1e4]
    for name, f in FORMULAS.items():
        for rows in ([[0.0] * 4] * 3, [[1e4] * 4] * 3, [[1e-40] * 4] * 3, [up, down, up], [[1e15, 0.0, 1.0, -1e15]] * 3):
            x = program.rounded(rows)
            values, slopes = program.call(f"{name}_both", x=[x])
            check.close(f"{name} of {rows[0]}", values, [f(x)], 4)
            check.holds(f"{name}' of {rows[0]} is finite", all_finite(slopes))


def main():
    modelc, library, *rest = sys.argv[1:]
    program = Program([modelc, *rest], program_text())
    check = Comparison(program)
    expressions = [e for e, *_ in [*ELEMENTWISE.values(), *NUMBERS.values(), *LABELS.values()]]
    for file, kind in [("activations.model", "fn"), ("losses.model", "fn"), ("norms.model", "module")]:
        missing = declared(library, file, kind) - used(expressions) - set(NORMS) - PARTS - {"weighted_mean"}
        check.holds(f"{file}: {sorted(missing)} are not tried", not missing)
    (program.folder / "same.csv").write_text("1e4,1e4,0,-3\n" * 8)
    program.run("train", "--epochs", "0")
    activations(program, check)
    losses(program, check)
    norms(program, check)
    # A batch whose rows are all the same has no variance; the run fails if a weight or the loss is not finite.
    program.run("train", "--epochs", "3")
    check.finish()


if __name__ == "__main__":
    main()
