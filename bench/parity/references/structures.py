"""Repeated blocks, windows, gradients of one's own, and programs for any number of rows."""
import jax
import jax.numpy as jnp

from references import measures, rules
from references.layers import batch_norm, cross_entropy, dense, layer_norm, mlp, mse
from references.steps import Objective, Reference


def residual(p, x, share):
    """He, Zhang, Ren and Sun (2016), in their order of 2016b: the norm comes first."""
    def block(name, h, share):
        return h + share * mlp(p, name + ".deep", layer_norm(p, name + ".norm", h, 1e-3), jax.nn.softplus)
    h = dense(p, "enter", x)
    for i in range(3):
        h = block(f"stacked.{i}", h, share)
    for _ in range(4):
        h = block("tied", h, 1 - share)
    return dense(p, "leave", h)


def residual_loss(p, x, share, y):
    return mse(residual(p, x, share), y) + 1e-4 * sum(jnp.sum(w ** 2) for w in p.values())


def convolution(x, w, bias, reach=3):
    """jax.lax.conv_general_dilated over the places of x: [N, T, C]; w: [reach * C, O]."""
    kernel = w.reshape(reach, x.shape[2], w.shape[1])
    return jax.lax.conv_general_dilated(x, kernel, (1,), "SAME", dimension_numbers=("NWC", "WIO", "NWC")) + bias


def group_norm(p, name, x, groups, epsilon=1e-5):
    """Wu and He (2018), equation 7, as torch.nn.GroupNorm; a group for each channel: Ulyanov et al. (2016)."""
    parts = []
    for part in jnp.split(x, groups, axis=-1):
        mean, variance = jnp.mean(part, (1, 2), keepdims=True), jnp.var(part, (1, 2), keepdims=True)
        parts.append((part - mean) / jnp.sqrt(variance + epsilon))
    return jnp.concatenate(parts, axis=-1) * p[name + ".scale"] + p[name + ".shift"]


def windows(p, x, training=True):
    h = convolution(x.reshape(-1, 8, 2), p["first.w"], 0)
    h = jax.nn.relu(group_norm(p, "group", h, 2))[:, ::2]
    h = jax.nn.silu(group_norm(p, "instance.norm", convolution(h, p["second.w"], p["second.b"]), 4))
    h, state = batch_norm(p, "batch", h @ p["third.w"], 0.8, training=training)
    return dense(p, "head", jnp.max(h, axis=1)), state


def windows_loss(p, x, label):
    z, state = windows(p, x)
    return cross_entropy(z, label), state


def windows_metrics(p, x, label):
    z = windows(p, x, False)[0]
    return {"loss": cross_entropy(z, label), "accuracy": measures.accuracy(z, label), "top_k": measures.top_k(z, label, 2)}


@jax.custom_vjp
def binary(x):
    """Courbariaux et al. (2016), equations 1 and 4."""
    return jnp.where(x < 0, -1, 1).astype(x.dtype)


binary.defvjp(lambda x: (binary(x), x), lambda x, g: (jnp.where(jnp.abs(x) <= 1, g, 0),))


def hidden(p, x):
    scale = jax.lax.stop_gradient(jnp.mean(jnp.abs(p["w"])))
    h = jnp.tanh(dense(p, "shift", x @ (scale * binary(p["w"]))))
    # Bengio, Léonard and Courville (2013): the gradient of h for that of its rounded value.
    return h + jax.lax.stop_gradient(jnp.round(4 * h) / 4 - h)


def quantised(p, x):
    return dense(p, "head", hidden(p, x))


def origins(p, x):
    """Ganin and Lempitsky (2015), equation 7: h forwards, -h / 2 backwards."""
    h = hidden(p, x)
    return dense(p, "origin", -0.5 * h + jax.lax.stop_gradient(1.5 * h))[:, 0]


def quantised_loss(p, x, y, **more):
    z, target = origins(p, x), more["from"].astype(x.dtype)
    entropy = -target * jax.nn.log_sigmoid(z) - (1 - target) * jax.nn.log_sigmoid(-z)
    return mse(quantised(p, x), y) + jnp.mean(entropy)


def bins(p, x):
    return jnp.floor(4 * jnp.clip(x, 0, 0.999)).astype(jnp.int32)


def sorted_rows(p, x, training=True):
    h = p["table.table"][bins(p, x)] * x[..., None]
    h, state = batch_norm(p, "norm", h, 0.99, training=training)
    return dense(p, "head", jnp.tanh(jnp.mean(h, axis=1))), state


def bins_loss(p, x, y, training=True):
    h, state = sorted_rows(p, x, training)
    spread = jnp.mean(jnp.log(jnp.prod(1 + x ** 2, axis=1)))
    return mse(h, y) + 0.1 * spread * jnp.sum(p["table.table"] ** 2), state


def bin_sums(p, x):
    sums = jnp.stack([jnp.sum(jnp.where(bins(p, x) == c, x, 0), axis=1) for c in range(4)], axis=1)
    total = jnp.sum(x, axis=1)
    ratio = jnp.where(total == 0, 0, x[:, 0] / jnp.where(total == 0, 1, total))
    return sums, jnp.max(sums, axis=1) * ratio, jnp.argmax(sums, axis=1) + 1


def mixed(p, x, a):
    unit = x / jnp.linalg.norm(x, axis=1, keepdims=True)
    return x + 0.5 - (unit + 0.25), a + 3, jnp.zeros((4, x.shape[1]), x.dtype).at[a].add(x)


REFERENCES = [
    Reference("residual_folds", 57, {"x": ("normal", 4), "share": ("uniform", 1), "y": ("normal", 1)},
              [Objective(residual_loss, rules.adam(0.01, decay=0.05))],
              lambda p, x, share, y: {"loss": residual_loss(p, x, share, y), "rmse": measures.rmse(residual(p, x, share), y)},
              [("predict", {"x": [4], "share": [1]}, residual)]),
    Reference("windows", 58, {"x": ("normal", 16), "label": ("labels", 3)},
              [Objective(windows_loss, rules.sgd(0.02))], windows_metrics,
              [("predict", {"x": [16]}, lambda p, x: windows(p, x, False)[0])], kept=("batch.running",)),
    Reference("straight_through", 59, {"x": ("normal", 5), "y": ("normal", 1), "from": ("labels", 2)},
              [Objective(quantised_loss, rules.sgd(0.02))],
              lambda p, x, y, **more: {"loss": quantised_loss(p, x, y, **more), "rmse": measures.rmse(quantised(p, x), y)},
              [("predict", {"x": [5]}, quantised), ("origins", {"x": [5]}, origins)], epochs=10),
    Reference("any_size", 60, {"x": ("uniform", 6), "y": ("uniform", 1)},
              [Objective(bins_loss, rules.sgd(0.1, momentum=0.9))],
              lambda p, x, y: {"loss": bins_loss(p, x, y, False)[0],
                               "mae": jnp.mean(jnp.abs(sorted_rows(p, x, False)[0] - y))},
              [("predict", {"x": [6]}, lambda p, x: sorted_rows(p, x, False)[0]), ("sums", {"x": [5]}, bin_sums),
               ("mixed", {"x": [4], "a": ["classes", 4]}, mixed)],
              kept=("norm.running",), batch=32, epochs=30, sizes=(1, 7, 32)),
]
