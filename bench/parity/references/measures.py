"""Metrics, from all rows of a split at once, each as its textbook has it."""
import jax
import jax.numpy as jnp


def rmse(prediction, target):
    return jnp.sqrt(jnp.mean((prediction - target) ** 2))


def r2(prediction, target):
    return 1 - jnp.sum((prediction - target) ** 2) / jnp.sum((target - jnp.mean(target)) ** 2)


def accuracy(scores, label):
    return jnp.mean((jnp.argmax(scores, axis=-1) == label).astype(scores.dtype))


def top_k(scores, label, k):
    best = jax.lax.top_k(scores, k)[1]
    return jnp.mean(jnp.any(best == label[:, None], axis=-1).astype(scores.dtype))


def perplexity(logits, label, ignore=-100):
    """Jelinek et al. (1977)."""
    counts = (label != ignore).astype(logits.dtype)
    own = jnp.take_along_axis(jax.nn.log_softmax(logits), label[:, None], axis=-1)[:, 0]
    return jnp.exp(-jnp.sum(own * counts) / jnp.sum(counts))


def hits(yes, truth):
    """Of two columns of 0 and 1: how often both, the first, the second."""
    return jnp.sum(yes * truth), jnp.sum(yes), jnp.sum(truth)


def f1(yes, truth):
    """van Rijsbergen (1979)."""
    both, said, is_so = hits(yes, truth)
    return 2 * both / jnp.maximum(said + is_so, 1)


def macro_f1(scores, label, classes):
    yes = jax.nn.one_hot(jnp.argmax(scores, axis=-1), classes, dtype=scores.dtype)
    truth = jax.nn.one_hot(label, classes, dtype=scores.dtype)
    return jnp.mean(jnp.stack([f1(yes[:, c], truth[:, c]) for c in range(classes)]))


def auc(share, truth, points=200):
    """The trapezoids of keras.metrics.AUC with its thresholds."""
    inside = jnp.arange(1, points - 1, dtype=share.dtype) / (points - 1)
    thresholds = jnp.concatenate([jnp.asarray([-1e-7], share.dtype), inside, jnp.asarray([1 + 1e-6], share.dtype)])
    above = (share.reshape(-1, 1) > thresholds).astype(share.dtype)
    truth = truth.reshape(-1, 1)
    true_rate = jnp.sum(above * truth, axis=0) / jnp.sum(truth)
    false_rate = jnp.sum(above * (1 - truth), axis=0) / jnp.sum(1 - truth)
    return jnp.sum((false_rate[:-1] - false_rate[1:]) * (true_rate[:-1] + true_rate[1:])) / 2


def cosine(a, b):
    """Of rows."""
    def unit(x):
        return x / jnp.sqrt(jnp.maximum(jnp.sum(x ** 2, axis=-1, keepdims=True), 1e-12))
    return jnp.sum(unit(a) * unit(b), axis=-1)
