"""Losses with a margin or a focus, and distances between rows."""
import jax
import jax.numpy as jnp

from references import measures, rules
from references.layers import dense
from references.steps import Objective, Reference


def focal(p, x):
    return dense(p, "head", jax.nn.mish(dense(p, "hidden", x)))


def focal_loss(p, x, label, gamma=1.5):
    """Lin et al. (2017), equation 4: -(1 - p) ** gamma * log(p)."""
    target = label.astype(x.dtype)[:, None]
    z = jnp.where(target == 1, 1, -1) * focal(p, x)
    return jnp.mean(-jax.nn.sigmoid(-z) ** gamma * jax.nn.log_sigmoid(z))


def margins(p, x):
    return dense(p, "head", jax.nn.elu(dense(p, "hidden", x)))


def margins_loss(p, x, label):
    """Cortes and Vapnik (1995): slack of a soft margin, and its square."""
    side, z = 2 * label.astype(x.dtype) - 1, margins(p, x)
    slack = jnp.maximum(1 - side[:, None] * z, 0)
    return jnp.mean(slack[:, 0]) + jnp.mean(slack[:, 1] ** 2)


def embed(p, x):
    return dense(p, "head", jnp.tanh(dense(p, "hidden", x)))


def distance(a, b):
    return jnp.sqrt(jnp.sum((a - b) ** 2, axis=-1) + 1e-12)


def metric_loss(p, a, b, c):
    """Balntas et al. (2016), as torch.nn.TripletMarginLoss but for its epsilon; torch.nn.CosineEmbeddingLoss."""
    anchor, positive, negative = embed(p, a), embed(p, a + 0.3 * b), embed(p, c)
    triplet = jnp.mean(jnp.maximum(distance(anchor, positive) - distance(anchor, negative) + 0.5, 0))
    return triplet + jnp.mean(1 - measures.cosine(anchor, embed(p, b)))


REFERENCES = [
    Reference("hard_examples", 40, {"x": ("normal", 4), "label": ("labels", 2)},
              [Objective(focal_loss, rules.sgd(rules.polynomial_decay(0.5, 80, 0.05, 1.5), momentum=0.9),
                         gradients=(rules.clip_value(0.01),))],
              lambda p, x, label: {"loss": focal_loss(p, x, label)}, [("predict", {"x": [4]}, focal)]),
    Reference("margins", 41, {"x": ("normal", 5), "label": ("labels", 2)},
              [Objective(margins_loss, rules.rmsprop(rules.one_cycle(0.01, 100), rho=0.8, momentum=0.5, centered=True))],
              lambda p, x, label: {"loss": margins_loss(p, x, label)}, [("predict", {"x": [5]}, margins)]),
    Reference("metric_learning", 42, {"a": ("normal", 5), "b": ("normal", 5), "c": ("normal", 5)},
              [Objective(metric_loss, rules.sgd(rules.cosine_restarts(0.1, 30, 0.01)), gradients=(rules.clip_norm(0.1),))],
              lambda p, a, b, c: {"loss": metric_loss(p, a, b, c),
                                  "cosine_similarity": jnp.mean(measures.cosine(embed(p, a), embed(p, b)))},
              [("embed", {"x": [5]}, embed)]),
]
