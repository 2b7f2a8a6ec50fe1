"""Likelihoods of counts, of normal distributions and of codes, and factors of ratings."""
import jax
import jax.numpy as jnp
import numpy as np

from references import measures, rules
from references.layers import dense, mse
from references.steps import Objective, Reference


def counts(p, x):
    return dense(p, "head", jax.nn.softplus(dense(p, "hidden", x)))[:, 0]


def absolute(w):
    """|w| with the subgradient 0 at 0, where biases begin; that of jnp.abs is 1."""
    return jnp.where(w == 0, 0, jnp.abs(w))


def counts_loss(p, x, seen):
    """torch.nn.PoissonNLLLoss; keras.losses.MeanSquaredLogarithmicError; Tibshirani (1996)."""
    count, z = seen.astype(x.dtype), counts(p, x)
    poisson = jnp.mean(jnp.exp(z) - count * z)
    logarithms = jnp.mean((jnp.log1p(jnp.exp(z)) - jnp.log1p(count)) ** 2)
    return poisson + 0.5 * logarithms + 1e-3 * sum(jnp.sum(absolute(w)) for w in p.values())


def uncertain(p, x, z):
    return dense(p, "head", jnp.tanh(dense(p, "hidden", jnp.concatenate([x, z], axis=1))))


def uncertain_loss(p, x, z, y):
    """Nix and Weigend (1994), equation 2, without the constant; Hoerl and Kennard (1970)."""
    center, log_variance = jnp.split(uncertain(p, x, z), 2, axis=1)
    nll = jnp.mean(log_variance + (y - center) ** 2 / jnp.exp(log_variance)) / 2
    return nll + 1e-2 * jnp.sum(p["head.w"] ** 2)


def scale_columns(p, data):
    """(x - mean) / deviation and (z - min) / (max - min), by the statistics of the program, which are
    those of the rows that are trained on."""
    x, z = data["x"], data["z"]
    origin, center, squares, count = (p[f"points.x.{name}"] for name in ("origin", "center", "squares", "count"))
    smallest, largest = p["points.z.smallest"], p["points.z.largest"]
    seen = np.asarray(x[:96], np.float64)
    np.testing.assert_allclose(origin + center, seen.mean(axis=0), rtol=1e-6)
    np.testing.assert_allclose(squares / count, seen.var(axis=0), rtol=1e-6)
    np.testing.assert_array_equal(smallest, z[:96].min(axis=0))
    np.testing.assert_array_equal(largest, z[:96].max(axis=0))
    return {**data, "x": (x - origin - center) / jnp.sqrt(squares / count),
            "z": -1 + 3 * (z - smallest) / (largest - smallest)}


def encode(p, x):
    return tuple(jnp.split(dense(p, "latent", jnp.tanh(dense(p, "enter", x))), 2, axis=1))


def decode(p, code):
    return dense(p, "restore", jnp.tanh(dense(p, "leave", code)))


def code_loss(p, x, noise):
    """Kingma and Welling (2014), equation 10, with a Bernoulli decoder (appendix C.1)."""
    center, log_variance = encode(p, x)
    z = decode(p, center + jnp.exp(log_variance / 2) * noise)
    entropy = -jnp.mean(jnp.sum(x * jax.nn.log_sigmoid(z) + (1 - x) * jax.nn.log_sigmoid(-z), axis=1))
    kl = -0.5 * jnp.sum(1 + log_variance - center ** 2 - jnp.exp(log_variance), axis=1)
    return entropy + jnp.mean(kl)


def rating(p, who, what):
    product = jnp.sum(p["user.table"][who] * p["item.table"][what], axis=1, keepdims=True)
    return product + p["user_bias.table"][who] + p["item_bias.table"][what] + p["center"]


def rating_loss(p, who, what, rating_):
    """Koren, Bell and Volinsky (2009), equations 2 and 5, the penalty on all factors."""
    return mse(rating(p, who, what), rating_) + 1e-3 * (jnp.sum(p["user.table"] ** 2) + jnp.sum(p["item.table"] ** 2))


REFERENCES = [
    Reference("counts", 43, {"x": ("normal", 6), "seen": ("labels", 6)},
              [Objective(counts_loss, rules.sgd(rules.inverse_time_decay(0.05, 20, 0.5)))],
              lambda p, x, seen: {"loss": counts_loss(p, x, seen), "average": jnp.mean(jnp.exp(counts(p, x)))},
              [("predict", {"x": [6]}, counts)]),
    Reference("uncertainty", 44, {"x": ("uniform", 4), "z": ("uniform", 2), "y": ("normal", 1)},
              [Objective(uncertain_loss, rules.adam(rules.inverse_root_decay(0.02, 20)),
                         gradients=(rules.clip_global_norm(0.2),))],
              lambda p, x, z, y: {"loss": uncertain_loss(p, x, z, y)},
              [("predict", {"x": [4], "z": [2]}, uncertain)], kept=("points.",), prepare=scale_columns),
    Reference("autoencoder", 45, {"x": ("uniform", 8), "noise": ("normal", 3)}, [Objective(code_loss, rules.adam(0.01))],
              lambda p, x, noise: {"loss": code_loss(p, x, noise)},
              [("encode", {"x": [8]}, encode), ("decode", {"code": [3]}, decode)]),
    Reference("factorisation", 50, {"who": ("labels", 10), "what": ("labels", 8), "rating": ("uniform", 1)},
              [Objective(lambda p, who, what, rating: rating_loss(p, who, what, rating), rules.sgd(0.2))],
              lambda p, who, what, rating: ratings_metrics(p, who, what, rating),
              [("predict", {"who": ["classes", 10], "what": ["classes", 8]}, rating)]),
]


def ratings_metrics(p, who, what, truth):
    return {"loss": rating_loss(p, who, what, truth), "rmse": measures.rmse(rating(p, who, what), truth)}
