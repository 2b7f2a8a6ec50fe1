"""Recurrences over time, with every step written out."""
import jax
import jax.numpy as jnp

from references import measures, rules
from references.layers import cross_entropy, dense, mse
from references.steps import Objective, Reference


def lstm_cell(p, name, state, x):
    """Hochreiter and Schmidhuber (1997) with the forget gate of Gers et al. (2000), as torch.nn.LSTMCell."""
    h, c = state
    i, f, g, o = jnp.split(x @ p[name + ".w"] + h @ p[name + ".u"] + p[name + ".b"], 4, axis=-1)
    c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
    h = jax.nn.sigmoid(o) * jnp.tanh(c)
    return h, c


def gru_cell(p, name, h, x):
    """Cho et al. (2014), as torch.nn.GRUCell."""
    xr, xz, xn = jnp.split(x @ p[name + ".w"] + p[name + ".b"], 3, axis=-1)
    hr, hz, hn = jnp.split(h @ p[name + ".u"], 3, axis=-1)
    r, z = jax.nn.sigmoid(xr + hr), jax.nn.sigmoid(xz + hz)
    n = jnp.tanh(xn + r * (hn + p[name + ".c"]))
    return (1 - z) * n + z * h


def simple_cell(p, name, h, x, activation=jnp.tanh):
    """Elman (1990), as keras.layers.SimpleRNNCell."""
    return activation(x @ p[name + ".w"] + h @ p[name + ".u"] + p[name + ".b"])


def over_time(step, state, x, output=lambda state: state):
    """x: [N, T, I] -> the outputs of all steps [N, T, O]."""
    outputs = []
    for t in range(x.shape[1]):
        state = step(state, x[:, t])
        outputs.append(output(state))
    return jnp.stack(outputs, axis=1)


def zeros(x, width):
    return jnp.zeros((x.shape[0], width), x.dtype)


def lstm(p, name, x, width):
    return over_time(lambda s, v: lstm_cell(p, name + ".cell", s, v), (zeros(x, width),) * 2, x, lambda s: s[0])


def gru(p, name, x, width):
    return over_time(lambda h, v: gru_cell(p, name + ".cell", h, v), zeros(x, width), x)


def both_ways(p, x):
    """Schuster and Paliwal (1997), as keras.layers.Bidirectional."""
    x = x.reshape(-1, 7, 2)
    back = lstm(p, "back", x[:, ::-1], 3)[:, ::-1]
    return jnp.concatenate([lstm(p, "ahead", x, 3), back], axis=2)


def read_series(p, x):
    return dense(p, "head", lstm(p, "top", both_ways(p, x), 3)[:, -1])


def read_gated(p, x):
    x = x.reshape(-1, 6, 2)
    lower = over_time(lambda h, v: simple_cell(p, "simple.cell", h, v, jax.nn.relu), zeros(x, 4), x)
    upper = gru(p, "gated", lower, 4)
    return dense(p, "head", jnp.concatenate([upper[:, -1], jnp.mean(upper, axis=1)], axis=1))


def follow(p, x):
    x = x.reshape(-1, 6, 2)
    first = jnp.broadcast_to(p["start"], (x.shape[0], 3))

    def step(state, v):
        lower, g, s, _ = state
        lower = lstm_cell(p, "lower", lower, v)
        g = gru_cell(p, "middle", g, lower[0])
        s = simple_cell(p, "upper", s, g)
        return lower, g, s, dense(p, "head", s + lower[0])
    return over_time(step, ((first, zeros(x, 3)), first, first, None), x, lambda state: state[3])


def follow_loss(p, x):
    return mse(follow(p, x)[:, :-1], x.reshape(-1, 6, 2)[:, 1:])


ALL_ROWS = {"trained": 120, "batch": 30}

REFERENCES = [
    Reference("lstm_series", 51, {"x": ("normal", 14), "y": ("uniform", 1)},
              [Objective(lambda p, x, y: mse(read_series(p, x), y), rules.adam(0.01), gradients=(rules.clip_global_norm(0.1),))],
              calls=[("states", {"x": [14]}, both_ways), ("predict", {"x": [14]}, read_series)], **ALL_ROWS),
    Reference("gru_series", 52, {"x": ("normal", 12), "label": ("labels", 3)},
              [Objective(lambda p, x, label: cross_entropy(read_gated(p, x), label), rules.adam(0.01))],
              lambda p, x, label: {"loss": cross_entropy(read_gated(p, x), label),
                                   "accuracy": measures.accuracy(read_gated(p, x), label)},
              [("predict", {"x": [12]}, read_gated)]),
    Reference("cells", 53, {"x": ("uniform", 12)}, [Objective(follow_loss, rules.adam(0.02))],
              calls=[("follow", {"x": [12]}, follow)], **ALL_ROWS),
]
