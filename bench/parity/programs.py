"""The programs of examples/ again, as functions of JAX: rows, loss and optimizer of each.

A loss takes parameters, state and a batch, and gives the loss and the new state. All follow the
element type of their arguments. Names are those of the weight files.
"""
from dataclasses import dataclass, field
from typing import Callable

import jax
import jax.numpy as jnp
import numpy as np

import rows

STACK = 12


@dataclass
class Reference:
    name: str
    epochs: int
    batch: int
    make_rows: Callable     # (dtype, weights) -> tuple of arrays, the fields
    loss: Callable          # (parameters, state, *batch) -> (loss, new state)
    optimizer: str = "adam"
    rate: float = 1e-3
    replacements: list = field(default_factory=list)
    state: tuple = ()       # names that are not learnt
    statistics: tuple = ()  # names that preprocessing fits
    csv: str = ""           # file of MODELC_DATA


def dense(p, name, x):
    return x @ p[name + ".w"] + p[name + ".b"]


def relu(x):
    return jnp.where(x <= 0, 0, x)


def mse(prediction, target):
    return jnp.mean((prediction - target) ** 2)


def normal(u):
    """Box and Muller (1958), as the transform `normal` of the standard library."""
    half = u.shape[1] // 2
    return jnp.sqrt(-2 * jnp.log1p(-u[:, :half])) * jnp.cos(2 * np.pi * u[:, half:])


def three_layers(activation):
    def predict(p, x):
        return dense(p, "head", activation(dense(p, "deep", activation(dense(p, "hidden", x)))))
    return predict


regressor = three_layers(relu)
critic = three_layers(jnp.tanh)


def regressor_loss(p, state, x, y):
    return mse(regressor(p, x), y), state


def article_rows(dtype, weights):
    u = rows.uniform(7, 1000, 0, 11).astype(dtype)
    return u[:, :10], u[:, 10:]


# tied_residual

def layer_norm(x, scale, shift, epsilon=1e-5):
    centered = x - jnp.mean(x, axis=-1, keepdims=True)
    variance = jnp.mean(centered ** 2, axis=-1, keepdims=True)
    return centered * jax.lax.rsqrt(variance + epsilon) * scale + shift


def block(p, x):
    h = layer_norm(x, p["norm.scale"], p["norm.shift"])
    return x + dense(p, "down", relu(dense(p, "up", h)))


def residual_loss(p, state, x, y):
    names = ["norm.scale", "norm.shift", "up.w", "up.b", "down.w", "down.b"]
    stacked = {n: jnp.stack([p[f"stacked.{i}.{n}"] for i in range(STACK)]) for n in names}
    tied = {n: p[f"tied.{n}"] for n in names}
    h, _ = jax.lax.scan(lambda h, one: (block(one, h), None), dense(p, "enter", x), stacked)
    h, _ = jax.lax.scan(lambda h, _: (block(tied, h), None), h, None, length=STACK)
    return mse(dense(p, "leave", h), y), state


def residual_rows(dtype, weights):
    u = rows.uniform(3, 512, 0, 18).astype(dtype)
    return normal(u[:, :16]), normal(u[:, 16:])


# batch_norm

def batch_norm_loss(p, state, x, label, momentum=0.9, epsilon=1e-3):
    h = x @ p["hidden.w"]
    mean = jnp.mean(h, axis=0)
    variance = jnp.mean((h - mean) ** 2, axis=0)
    new = {"norm.running_mean": momentum * state["norm.running_mean"] + (1 - momentum) * mean,
           "norm.running_variance": momentum * state["norm.running_variance"] + (1 - momentum) * variance}
    h = (h - mean) * jax.lax.rsqrt(variance + epsilon) * p["norm.scale"] + p["norm.shift"]
    z = dense(p, "head", relu(h))
    chosen = jnp.take_along_axis(z, label[:, None], axis=1)[:, 0]
    return jnp.mean(jax.nn.logsumexp(z, axis=-1) - chosen), new


def batch_norm_rows(dtype, weights):
    return normal(rows.uniform(11, 600, 0, 12).astype(dtype))[:480], rows.labels(11, 600, 12, 3)[:480]


# gradient_penalty

def penalty_loss(p, state, x, y, weight=10.0):
    g = jax.grad(lambda x: jnp.sum(critic(p, x)))(x)
    slope = jnp.sqrt(jnp.sum(g ** 2, axis=1) + 1e-12)
    return mse(critic(p, x), y) + weight * jnp.mean((slope - 1) ** 2), state


def penalty_rows(dtype, weights):
    u = rows.uniform(5, 256, 0, 9).astype(dtype)
    return normal(u[:, :8]), u[:, 8:]


# recurrence

def recurrence_loss(p, state, x, y):
    def step(h, v):
        return jnp.tanh(dense(p, "input", v) + h @ p["recurrent.w"]), None
    h, _ = jax.lax.scan(step, jnp.zeros((x.shape[0], 16), x.dtype), x.T[:, :, None])
    return mse(dense(p, "head", h), y), state


def recurrence_rows(dtype, weights):
    u = rows.uniform(2, 128, 0, 101).astype(dtype)
    return u[:, :100], u[:, 100:]


# wine: standardised with the statistics of the weight file, which are compared on their own

def wine_columns(path, dtype):
    table, names = rows.read_csv(path)
    count = int(0.9 * len(table) + 0.5)
    return table[:count, :11].astype(dtype), table[:count, names.index("quality"), None].astype(dtype)


def wine_statistics(x):
    origin = x[0]  # from which all is counted
    center = jnp.mean(x - origin, axis=0)
    return {"wine.x.count": jnp.asarray(len(x), x.dtype), "wine.x.origin": origin, "wine.x.center": center,
            "wine.x.squares": jnp.sum((x - origin - center) ** 2, axis=0)}


def wine_rows(path):
    def make(dtype, weights):
        # A double-precision run beside one in single precision sees the same columns.
        x, y = (column.astype(dtype) for column in wine_columns(path, weights["wine.x.center"].dtype))
        origin, center, squares, count = (weights[f"wine.x.{n}"].astype(dtype) for n in ("origin", "center", "squares", "count"))
        return (x - origin - center) * jax.lax.rsqrt(squares / count), y
    return make


def all_references(wine):
    references = [
        Reference("keras_article", 10, 32, article_rows, regressor_loss),
        Reference("tied_residual", 5, 64, residual_rows, residual_loss,
                  replacements=[("rate: float = 0.1", "rate: float = 0.0")]),
        Reference("batch_norm", 5, 50, batch_norm_rows, batch_norm_loss, optimizer="sgd", rate=0.05,
                  state=("norm.running_mean", "norm.running_variance")),
        Reference("gradient_penalty", 5, 32, penalty_rows, penalty_loss),
        Reference("recurrence", 3, 32, recurrence_rows, recurrence_loss),
    ]
    if wine:
        references.append(Reference("wine", 5, 32, wine_rows(wine), regressor_loss,
                                    replacements=[("Dropout(0.3)", "Dropout(0.0)"), ("adamw(cosine_decay(step, lr, steps), weight_decay = 0.03)", "adam(lr)")],
                                    rate=3e-3,
                                    statistics=("wine.x.count", "wine.x.origin", "wine.x.center", "wine.x.squares"),
                                    csv=str(wine)))
    return references
