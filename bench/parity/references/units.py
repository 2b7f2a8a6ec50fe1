"""Activations, with losses and optimizers of regression: units in one layer, and layers of pairs."""
import jax
import jax.numpy as jnp

from references import measures, rules
from references.layers import dense, gelu, mlp
from references.steps import Objective, Reference


def rectified(p, x):
    """Activations are those of jax.nn; a learnt slope: He, Zhang, Ren and Sun (2015)."""
    h = 2 * dense(p, "hidden", x)
    units = [jax.nn.relu(h), jax.nn.relu6(h + 4), jax.nn.leaky_relu(h, 0.2), jnp.where(h <= 0, p["slopes.slope"] * h, h),
             jax.nn.elu(h, 0.7), jax.nn.selu(h), jax.nn.celu(h, 1.5)]
    return dense(p, "head", jnp.concatenate(units, axis=1))


def huber(prediction, target, delta):
    """Huber (1964), as torch.nn.HuberLoss."""
    e = jnp.abs(prediction - target)
    return jnp.mean(jnp.where(e <= delta, 0.5 * e ** 2, delta * (e - 0.5 * delta)))


def mae(prediction, target):
    return jnp.mean(jnp.abs(prediction - target))


def smooth(p, x):
    h = 2 * dense(p, "hidden", x)
    units = [jax.nn.softplus(h), jax.nn.log_sigmoid(h), gelu(h), jax.nn.gelu(h, approximate=True), jax.nn.silu(h), jax.nn.mish(h)]
    return dense(p, "head", jnp.concatenate(units, axis=1))


def log_cosh(prediction, target):
    """|e| + log(1 + exp(-2 |e|)) - log 2, as keras.losses.LogCosh."""
    e = jnp.abs(prediction - target)
    return jnp.mean(e + jnp.log1p(jnp.exp(-2 * e)) - jnp.log(jnp.asarray(2, e.dtype)))


def piecewise(p, x):
    """Shrinking units as torch.nn.Softshrink, Hardshrink and Tanhshrink."""
    h = 2 * dense(p, "hidden", x)
    soft = jnp.sign(h) * jnp.maximum(jnp.abs(h) - 0.5, 0)
    hard = jnp.where(jnp.abs(h) > 0.25, h, 0)
    units = [jax.nn.hard_sigmoid(h), jax.nn.hard_swish(h), jax.nn.hard_tanh(h), jax.nn.soft_sign(h), h - jnp.tanh(h), soft, hard]
    return dense(p, "head", jnp.concatenate(units, axis=1))


def quantile_loss(prediction, target, q):
    """Koenker and Bassett (1978), equation 1.1."""
    e = target - prediction
    return jnp.mean(jnp.maximum(q * e, (q - 1) * e))


def gated(p, x):
    """Dauphin et al. (2017); Shazeer (2020): the first half is gated by the second."""
    for name, gate in [("one", jax.nn.sigmoid), ("two", gelu), ("three", jax.nn.silu)]:
        a, b = jnp.split(dense(p, name, x), 2, axis=-1)
        x = a * gate(b)
    return dense(p, "head", x)


def mape(prediction, target, epsilon=1e-7):
    """As keras.losses.MeanAbsolutePercentageError."""
    return 100 * jnp.mean(jnp.abs(prediction - target) / jnp.maximum(jnp.abs(target), epsilon))


def pairs(p, a, b):
    """torch.nn.Bilinear: y[o] = left w[o] right + b[o]."""
    left, right = jnp.tanh(dense(p, "left", a)), jnp.tanh(dense(p, "right", b))
    h = jnp.einsum("ni,oij,nj->no", left, p["pairs.w"], right) + p["pairs.b"]
    return dense(p, "head", mlp(p, "deep", h, jnp.tanh))


FIVE_AND_ONE = {"x": ("normal", 5), "y": ("normal", 1)}
FOUR_AND_ONE = {"x": ("normal", 4), "y": ("normal", 1)}

REFERENCES = [
    Reference("rectified_units", 31, FIVE_AND_ONE,
              [Objective(lambda p, x, y: huber(rectified(p, x), y, 0.5), rules.adamax(rules.step_decay(0.01, 40, 0.5)))],
              lambda p, x, y: {"loss": huber(rectified(p, x), y, 0.5), "mae": mae(rectified(p, x), y),
                               "rmse": measures.rmse(rectified(p, x), y)},
              [("predict", {"x": [5]}, rectified)]),
    Reference("smooth_units", 32, FOUR_AND_ONE,
              [Objective(lambda p, x, y: log_cosh(smooth(p, x), 2 * y), rules.nadam(rules.exponential_decay(0.01, 50)))],
              lambda p, x, y: {"loss": log_cosh(smooth(p, x), 2 * y), "mse": jnp.mean((smooth(p, x) - y) ** 2),
                               "r2": measures.r2(smooth(p, x), y)},
              [("predict", {"x": [4]}, smooth)]),
    Reference("piecewise_units", 33, FOUR_AND_ONE,
              [Objective(lambda p, x, y: quantile_loss(piecewise(p, x), y, 0.8),
                         rules.adagrad(rules.piecewise_constant([30, 60], [0.1, 0.05, 0.01])))],
              lambda p, x, y: {"loss": quantile_loss(piecewise(p, x), y, 0.8), "mae": mae(piecewise(p, x), y),
                               "average": jnp.mean(piecewise(p, x))},
              [("predict", {"x": [4]}, piecewise)]),
    Reference("gated_units", 34, {"x": ("normal", 6), "y": ("uniform", 2)},
              [Objective(lambda p, x, y: mae(gated(p, x), y), rules.adadelta(0.5))],
              lambda p, x, y: {"loss": mae(gated(p, x), y), "mape": mape(gated(p, x), y)},
              [("predict", {"x": [6]}, gated)]),
    Reference("bilinear_terms", 35, {"a": ("normal", 3), "b": ("uniform", 4), "y": ("uniform", 1)},
              [Objective(lambda p, a, b, y: 0.01 * mape(pairs(p, a, b), 1 + y), rules.rmsprop(rules.inverse_time_decay(0.005, 50)))],
              lambda p, a, b, y: {"loss": 0.01 * mape(pairs(p, a, b), 1 + y), "rmse": measures.rmse(pairs(p, a, b), 1 + y)},
              [("predict", {"a": [3], "b": [4]}, pairs)]),
]
