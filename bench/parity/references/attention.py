"""Attention, head by head: of all, of what is visible, of what came before, of another memory."""
import jax
import jax.numpy as jnp

from references import measures, rules
from references.layers import cross_entropy, dense, layer_norm, mlp, mse
from references.steps import Objective, Reference


def heads_of(x, heads):
    """Consecutive features belong to one head."""
    return jnp.split(x, heads, axis=-1)


def attend(q, k, v, visible=None):
    """Vaswani et al. (2017), equation 1; visible: [N, 1 or T, S]. Where nothing is, the mix is 0."""
    scores = q @ jnp.swapaxes(k, 1, 2) / q.shape[-1] ** 0.5
    if visible is None:
        return jax.nn.softmax(scores) @ v
    e = jnp.where(visible, jnp.exp(scores - jnp.max(scores, -1, keepdims=True)), 0)
    total = jnp.sum(e, -1, keepdims=True)
    return e / jnp.where(total == 0, 1, total) @ v


def attention(p, name, x, memory, heads, visible=None):
    """The same, section 3.2.2."""
    parts = [heads_of(dense(p, f"{name}.{part}", y), heads) for part, y in [("query", x), ("key", memory), ("value", memory)]]
    mixed = [attend(q, k, v, visible) for q, k, v in zip(*parts)]
    return dense(p, name + ".out", jnp.concatenate(mixed, axis=-1))


def angles(count, half, dtype):
    """t / 10000 ** (i / half)."""
    frequency = 10000.0 ** (-jnp.arange(half, dtype=dtype) / half)
    return jnp.arange(count, dtype=dtype)[:, None] * frequency


def encoder(p, x, length):
    visible = jnp.arange(5)[None] < length[:, None]
    a = angles(5, 2, x.dtype)
    h = dense(p, "enter", x.reshape(-1, 5, 4)) + jnp.concatenate([jnp.sin(a), jnp.cos(a)], axis=1)
    normed = layer_norm(p, "norm", h)
    h = h + attention(p, "attention.across", normed, normed, 2, visible[:, None])
    h = h + mlp(p, "deep", h, lambda y: jax.nn.gelu(y, approximate=True))
    count = jnp.maximum(length, 1).astype(x.dtype)[:, None]
    return dense(p, "head", jnp.sum(jnp.where(visible[..., None], h, 0), axis=1) / count)


def rms_norm(p, name, x):
    """Zhang and Sennrich (2019), equation 4."""
    return x / jnp.sqrt(jnp.mean(x ** 2, -1, keepdims=True) + 1e-5) * p[name + ".scale"]


def rotary(x):
    """Su et al. (2021), equation 34, on the pairs (i, i + size / 2), as GPT-NeoX has them."""
    a = angles(x.shape[1], x.shape[2] // 2, x.dtype)
    left, right = jnp.split(x, 2, axis=-1)
    return jnp.concatenate([left * jnp.cos(a) - right * jnp.sin(a), left * jnp.sin(a) + right * jnp.cos(a)], axis=-1)


def decoder(p, x):
    before = jnp.tril(jnp.ones((x.shape[1],) * 2, bool))[None]
    h = dense(p, "enter", x[..., None])
    normed = rms_norm(p, "first", h)
    h = h + attention(p, "causal", normed, normed, 2, before)
    parts = heads_of(rms_norm(p, "second", h) @ p["qkv.w"], 6)
    mixed = [attend(rotary(q), rotary(k), v, before) for q, k, v in zip(parts[:2], parts[2:4], parts[4:])]
    return dense(p, "head", h + dense(p, "out", jnp.concatenate(mixed, axis=-1)))[..., 0]


def reader(p, x, hidden):
    memory = x.reshape(-1, 4, 3)
    asked = jnp.broadcast_to(p["queries"], (x.shape[0], 3, 4))
    visible = (jnp.arange(4)[None] != hidden[:, None])[:, None]
    y = jnp.tanh(attention(p, "whole", asked, memory, 2)) + attention(p, "part", asked, memory, 1, visible)
    return dense(p, "head", y.reshape(x.shape[0], 12))


ALL_ROWS = {"trained": 120, "batch": 30}

REFERENCES = [
    Reference("masked_attention", 54, {"x": ("normal", 20), "length": ("labels", 6), "label": ("labels", 3)},
              [Objective(lambda p, x, length, label: cross_entropy(encoder(p, x, length), label), rules.sgd(0.1))],
              lambda p, x, length, label: {"loss": cross_entropy(encoder(p, x, length), label),
                                           "accuracy": measures.accuracy(encoder(p, x, length), label)},
              [("predict", {"x": [20], "length": ["classes", 6]}, encoder)]),
    Reference("causal_attention", 55, {"x": ("uniform", 7)},
              [Objective(lambda p, x: mse(decoder(p, x[:, :-1]), x[:, 1:]), rules.adam(0.01))],
              calls=[("predict", {"x": [6]}, decoder), ("predict", {"x": [3]}, decoder)], **ALL_ROWS),
    Reference("cross_attention", 56, {"x": ("normal", 12), "hidden": ("labels", 4), "y": ("uniform", 2)},
              [Objective(lambda p, x, hidden, y: mse(reader(p, x, hidden), y), rules.sgd(0.05, momentum=0.9))],
              calls=[("predict", {"x": [12], "hidden": ["classes", 4]}, reader)], **ALL_ROWS),
]
