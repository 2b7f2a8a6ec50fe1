"""layers.py MODELC FOLDER FLAGS...: layers, norms, attention and recurrences against formulas, with given weights."""
import math
import random
import sys
from activations import gelu, sigmoid, softmax
from program import Comparison, Program, flat, gradient, nested, single

TEXT = """
model Layers() {
  dense:    Dense(3, 4)
  bilinear: Bilinear(3, 2, 4)
  mlp:      Mlp(3, 5)
  table:    Embedding(6, 3)
  slopes:   PRelu(3)
  layer:    LayerNorm(4)
  rms:      RmsNorm(4)
  batch:    BatchNorm(4)
  group:    GroupNorm(4, 2)
  instance: InstanceNorm(4)
  all:      SelfAttention(4, 2)
  causal:   CausalSelfAttention(4, 2)
  across:   CrossAttention(4, 2, memory = 3)
  simple:   SimpleRnn(3, 4)
  lstm:     Lstm(3, 2)
  gru:      Gru(3, 2)
  ahead:    Gru(3, 2)
  both:     Bidirectional(gru, ahead)

  export fn run_dense(x: float[N, 2, 3]) -> float[N, 2, 4] { dense(x) }
  export fn run_bilinear(x: float[N, 2, 3], y: float[N, 2, 2]) -> float[N, 2, 4] { bilinear(x, y) }
  export fn run_mlp(x: float[N, 2, 3]) -> float[N, 2, 3] { mlp(x) }
  export fn run_table(index: i32[N]) -> float[N, 3] { table(index) }
  export fn run_slopes(x: float[N, 2, 3]) -> float[N, 2, 3] { slopes(x) }
  export fn run_layer(x: float[N, 5, 4]) -> float[N, 5, 4] { layer(x) }
  export fn run_rms(x: float[N, 5, 4]) -> float[N, 5, 4] { rms(x) }
  export fn run_batch(x: float[N, 5, 4]) -> float[N, 5, 4] { batch(x) }
  export fn run_group(x: float[N, 5, 4]) -> float[N, 5, 4] { group(x) }
  export fn run_instance(x: float[N, 5, 4]) -> float[N, 5, 4] { instance(x) }
  export fn run_all(x: float[N, 5, 4]) -> float[N, 5, 4] { all(x) }
  export fn run_causal(x: float[N, 5, 4]) -> float[N, 5, 4] { causal(x) }
  export fn run_across(x: float[N, 5, 4], from: float[N, 2, 3]) -> float[N, 5, 4] { across(x, from) }
  export fn run_masked(x: float[N, 5, 4], visible: bool[N, 5]) -> float[N, 5, 4] { all.masked(x, visible) }
  export fn run_simple(x: float[N, 5, 3]) -> float[N, 5, 4] { simple(x) }
  export fn run_lstm(x: float[N, 5, 3]) -> float[N, 5, 2] { lstm(x) }
  export fn run_gru(x: float[N, 5, 3]) -> float[N, 5, 2] { gru(x) }
  export fn run_last(x: float[N, 5, 3]) -> float[N, 2] { lstm.last(x) + gru.last(x) }
  export fn run_both(x: float[N, 5, 3]) -> float[N, 5, 4] { both(x) }
  export fn run_places() -> float[5, 4] { sinusoidal_positions(5, 4) }
  export fn run_rotary(x: float[N, 5, 2, 4]) -> float[N, 5, 2, 4] { rotary(x) }

  fn weighed_group(x: float[N, 5, 4], weight: float[N, 5, 4]) -> float { sum(weight * group(x)) }
  export fn slope_group(x: float[N, 5, 4], weight: float[N, 5, 4]) -> float[N, 5, 4] { grad(weighed_group)(x, weight) }
  fn weighed_layer(x: float[N, 5, 4], weight: float[N, 5, 4]) -> float { sum(weight * layer(x)) }
  export fn slope_layer(x: float[N, 5, 4], weight: float[N, 5, 4]) -> float[N, 5, 4] { grad(weighed_layer)(x, weight) }
  fn weighed_causal(x: float[N, 5, 4], weight: float[N, 5, 4]) -> float { sum(weight * causal(x)) }
  export fn slope_causal(x: float[N, 5, 4], weight: float[N, 5, 4]) -> float[N, 5, 4] { grad(weighed_causal)(x, weight) }
  fn weighed_masked(x: float[N, 5, 4], visible: bool[N, 5]) -> float { sum(all.masked(x, visible)) }
  export fn slope_masked(x: float[N, 5, 4], visible: bool[N, 5]) -> float[N, 5, 4] { grad(weighed_masked)(x, visible) }
  fn weighed_lstm(x: float[N, 5, 3], weight: float[N, 5, 2]) -> float { sum(weight * lstm(x)) }
  export fn slope_lstm(x: float[N, 5, 3], weight: float[N, 5, 2]) -> float[N, 5, 3] { grad(weighed_lstm)(x, weight) }
  fn weighed_gru(x: float[N, 5, 3], weight: float[N, 5, 2]) -> float { sum(weight * gru(x)) }
  export fn slope_gru(x: float[N, 5, 3], weight: float[N, 5, 2]) -> float[N, 5, 3] { grad(weighed_gru)(x, weight) }
}
"""
HEADS = {f"{layer}.{part}": shape for layer in ["query", "key", "value", "out"] for part, shape in [("w", (4, 4)), ("b", (4,))]}
SHAPES = {
    "dense.w": (3, 4), "dense.b": (4,), "bilinear.w": (4, 3, 2), "bilinear.b": (4,), "mlp.up.w": (3, 5), "mlp.up.b": (5,),
    "mlp.down.w": (5, 3), "mlp.down.b": (3,), "table.table": (6, 3), "slopes.slope": (3,), "layer.scale": (4,), "layer.shift": (4,),
    "rms.scale": (4,), "batch.scale": (4,), "batch.shift": (4,), "batch.running_mean": (4,), "batch.running_variance": (4,),
    "group.scale": (4,), "group.shift": (4,), "instance.norm.scale": (4,), "instance.norm.shift": (4,),
    **{f"all.across.{name}": shape for name, shape in HEADS.items()}, **{f"causal.{name}": shape for name, shape in HEADS.items()},
    **{f"across.{name}": (3, 4) if name in ("key.w", "value.w") else shape for name, shape in HEADS.items()},
    "simple.cell.w": (3, 4), "simple.cell.u": (4, 4), "simple.cell.b": (4,), "lstm.cell.w": (3, 8), "lstm.cell.u": (2, 8),
    "lstm.cell.b": (8,), **{f"{layer}.cell.{name}": shape for layer in ["gru", "ahead"]
                            for name, shape in [("w", (3, 6)), ("u", (2, 6)), ("b", (6,)), ("c", (2,))]},
}
draws = random.Random(1)


def drawn(*shape):
    return single(nested([draws.uniform(-1.5, 1.5) for _ in range(math.prod(shape))], shape))


W = {name: drawn(*shape) for name, shape in SHAPES.items()}
W["batch.running_variance"] = single([0.5, 1.5, 0.25, 2.0])


def dot(a, b):
    return math.fsum(p * q for p, q in zip(a, b))


def column(w, j):
    return [row[j] for row in w]


def dense(row, name):
    w, b = W[f"{name}.w"], W[f"{name}.b"]
    return [dot(row, column(w, j)) + b[j] for j in range(len(b))]


def over_rows(f):
    return lambda x: [over_rows(f)(part) for part in x] if isinstance(x[0], list) else f(x)


def normalized(values, epsilon=1e-5):
    center = math.fsum(values) / len(values)
    variance = math.fsum((v - center) ** 2 for v in values) / len(values)
    return [(v - center) / math.sqrt(variance + epsilon) for v in values]


def layer_norm(row):
    return [v * s + t for v, s, t in zip(normalized(row), W["layer.scale"], W["layer.shift"])]


def rms_norm(row):
    return [v / math.sqrt(dot(row, row) / 4 + 1e-5) * s for v, s in zip(row, W["rms.scale"])]


def batch_norm(row):
    return [(v - m) / math.sqrt(var + 1e-3) * s + t for v, m, var, s, t in zip(
        row, W["batch.running_mean"], W["batch.running_variance"], W["batch.scale"], W["batch.shift"])]


def group_norm(name, size):
    def example(x):
        made = [[0.0] * 4 for _ in x]
        for first in range(0, 4, size):
            places = [(t, c) for t in range(len(x)) for c in range(first, first + size)]
            for (t, c), v in zip(places, normalized([x[t][c] for t, c in places])):
                made[t][c] = v * W[f"{name}.scale"][c] + W[f"{name}.shift"][c]
        return made
    return lambda x: [example(part) for part in x]


def attention(name, visible):
    """visible(n, t, s): may place t ask place s?"""
    def example(n, x, memory):
        q, k, v = ([dense(row, f"{name}.{part}") for row in rows] for part, rows in [("query", x), ("key", memory), ("value", memory)])
        mixed = []
        for t in range(len(x)):
            mixed.append([])
            for head in (slice(0, 2), slice(2, 4)):
                scores = [dot(q[t][head], k[s][head]) / math.sqrt(2) if visible(n, t, s) else -math.inf for s in range(len(memory))]
                weights = softmax(scores)
                mixed[t] += [dot(weights, column([row[head] for row in v], i)) for i in range(2)]
        return [dense(row, f"{name}.out") for row in mixed]
    return lambda x, memory=None: [example(n, part, (memory or x)[n]) for n, part in enumerate(x)]


def simple(x):
    made = []
    for series in x:
        h, outputs = [0.0] * 4, []
        for row in series:
            z = dense(row, "simple.cell")
            h = [math.tanh(z[j] + dot(h, column(W["simple.cell.u"], j))) for j in range(4)]
            outputs.append(h)
        made.append(outputs)
    return made


def lstm(x):
    made = []
    for series in x:
        h, c, outputs = [0.0] * 2, [0.0] * 2, []
        for row in series:
            z = [v + dot(h, column(W["lstm.cell.u"], j)) for j, v in enumerate(dense(row, "lstm.cell"))]
            i, f, g, o = z[0:2], z[2:4], z[4:6], z[6:8]
            c = [sigmoid(f[j]) * c[j] + sigmoid(i[j]) * math.tanh(g[j]) for j in range(2)]
            h = [sigmoid(o[j]) * math.tanh(c[j]) for j in range(2)]
            outputs.append(h)
        made.append(outputs)
    return made


def gru(x, name="gru"):
    made = []
    for series in x:
        h, outputs = [0.0] * 2, []
        for row in series:
            a = dense(row, f"{name}.cell")
            b = [dot(h, column(W[f"{name}.cell.u"], j)) for j in range(6)]
            r, z = ([sigmoid(a[k + j] + b[k + j]) for j in range(2)] for k in (0, 2))
            n = [math.tanh(a[4 + j] + r[j] * (b[4 + j] + W[f"{name}.cell.c"][j])) for j in range(2)]
            h = [(1 - z[j]) * n[j] + z[j] * h[j] for j in range(2)]
            outputs.append(h)
        made.append(outputs)
    return made


def bidirectional(x):
    back = [rows[::-1] for rows in gru([rows[::-1] for rows in x], "ahead")]
    return [[a + b for a, b in zip(p, q)] for p, q in zip(gru(x), back)]


def rotary(x):
    def turn(row, t):
        made = [0.0] * 4
        for i in range(2):
            angle = t * 10000 ** (-i / 2)
            made[i] = row[i] * math.cos(angle) - row[i + 2] * math.sin(angle)
            made[i + 2] = row[i] * math.sin(angle) + row[i + 2] * math.cos(angle)
        return made
    return [[[turn(head, t) for head in place] for t, place in enumerate(series)] for series in x]


def main():
    program = Program(sys.argv[1:], TEXT)
    check = Comparison(program)
    narrow, pairs, wide, series = drawn(3, 2, 3), drawn(3, 2, 2), drawn(3, 5, 4), drawn(3, 5, 3)

    def forward(name, want, tolerance=8, **inputs):
        check.close(name, program.call(f"run_{name}", weights=W, **inputs), want, tolerance)

    forward("dense", over_rows(lambda r: dense(r, "dense"))(narrow), x=narrow)
    w, b = W["bilinear.w"], W["bilinear.b"]
    forward("bilinear", [[[dot(p, [dot(w[o][i], q) for i in range(3)]) + b[o] for o in range(4)] for p, q in zip(m, n)]
                         for m, n in zip(narrow, pairs)], x=narrow, y=pairs)
    forward("mlp", over_rows(lambda r: dense([gelu(v) for v in dense(r, "mlp.up")], "mlp.down"))(narrow), x=narrow)
    forward("table", [W["table.table"][i] for i in [5, 0, 2, 2]], index=[5, 0, 2, 2])
    forward("slopes", over_rows(lambda r: [v if v > 0 else v * s for v, s in zip(r, W["slopes.slope"])])(narrow), x=narrow)
    causal = attention("causal", lambda n, t, s: s <= t)
    visible = [[True, True, False, True, False], [False, True, False, False, False], [False] * 5]
    masked = attention("all.across", lambda n, t, s: visible[n][s])
    norms = {"layer": over_rows(layer_norm), "rms": over_rows(rms_norm), "batch": over_rows(batch_norm),
             "group": group_norm("group", 2), "instance": group_norm("instance.norm", 1),
             "all": attention("all.across", lambda n, t, s: True), "causal": causal}
    for name, f in norms.items():
        forward(name, f(wide), x=wide)
    memory = drawn(3, 2, 3)
    forward("across", attention("across", lambda n, t, s: True)(wide, memory), x=wide, **{"from": memory})
    forward("masked", masked(wide), x=wide, visible=visible)
    forward("simple", simple(series), x=series)
    forward("lstm", lstm(series), x=series)
    forward("gru", gru(series), x=series)
    forward("last", [[p + q for p, q in zip(a[-1], b[-1])] for a, b in zip(lstm(series), gru(series))], x=series)
    forward("both", bidirectional(series), x=series)
    forward("places", [[f(t * 10000 ** (-i / 2)) for f in (math.sin, math.cos) for i in range(2)] for t in range(5)])
    heads = drawn(3, 5, 2, 4)
    forward("rotary", rotary(heads), x=heads)

    def slope(name, f, x, width):
        weight = drawn(3, 5, width)
        got = program.call(f"slope_{name}", weights=W, x=x, weight=weight)
        check.derived(f"{name}'", got, gradient(lambda v: dot(flat(weight), flat(f(v))), x), 40)

    slope("layer", norms["layer"], wide, 4)
    slope("group", norms["group"], wide, 4)
    slope("causal", causal, wide, 4)
    slope("lstm", lstm, series, 2)
    slope("gru", gru, series, 2)
    got = program.call("slope_masked", weights=W, x=wide, visible=visible)
    check.derived("masked'", got, gradient(lambda v: math.fsum(flat(masked(v))), wide), 40)

    # What is all the same has no variance: the shift remains, and the slopes are finite.
    same = [[[1e4] * 4] * 5] * 2
    for name in ["layer", "group"]:
        check.close(f"{name} of equals", program.call(f"run_{name}", weights=W, x=same), [[W[f"{name}.shift"]] * 5] * 2)
        finite = program.call(f"slope_{name}", weights=W, x=same, weight=drawn(2, 5, 4))
        check.holds(f"{name}' of equals is finite", all(math.isfinite(v) for v in flat(finite)))
    check.finish()


main()
