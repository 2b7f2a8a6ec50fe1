"""Layers and losses that several references share, each with the source of its formula."""
import jax
import jax.numpy as jnp


def dense(p, name, x):
    y = x @ p[name + ".w"]
    return y + p[name + ".b"] if name + ".b" in p else y


def mlp(p, name, x, activation):
    return dense(p, name + ".down", activation(dense(p, name + ".up", x)))


def gelu(x):
    """Hendrycks and Gimpel (2016): x P(X <= x)."""
    return jax.nn.gelu(x, approximate=False)


def layer_norm(p, name, x, epsilon=1e-5):
    """Ba, Kiros and Hinton (2016), equation 4; epsilon as torch.nn.LayerNorm."""
    y = (x - jnp.mean(x, -1, keepdims=True)) / jnp.sqrt(jnp.var(x, -1, keepdims=True) + epsilon)
    return y * p[name + ".scale"] + p[name + ".shift"]


def batch_norm(p, name, x, momentum, epsilon=1e-3, training=True):
    """Ioffe and Szegedy (2015), algorithms 1 and 2, as keras.layers.BatchNormalization. Gives also the
    new running averages."""
    axes = tuple(range(x.ndim - 1))
    mean_name, variance_name = name + ".running_mean", name + ".running_variance"
    if training:
        mean, variance = jnp.mean(x, axes), jnp.var(x, axes)
        state = {mean_name: momentum * p[mean_name] + (1 - momentum) * mean,
                 variance_name: momentum * p[variance_name] + (1 - momentum) * variance}
    else:
        mean, variance, state = p[mean_name], p[variance_name], {}
    y = (x - mean) / jnp.sqrt(variance + epsilon)
    return y * p[name + ".scale"] + p[name + ".shift"], state


def mse(prediction, target):
    return jnp.mean((prediction - target) ** 2)


def of_label(x, label):
    return jnp.take_along_axis(x, label[..., None], axis=-1)[..., 0]


def cross_entropy(logits, label, smoothing=0.0, ignore=-100):
    """Szegedy et al. (2016), section 7, as torch.nn.CrossEntropyLoss."""
    counts = (label != ignore).astype(logits.dtype)
    logs = jax.nn.log_softmax(logits)
    own = of_label(logs, jnp.where(label == ignore, 0, label))
    each = -(1 - smoothing) * own - smoothing * jnp.mean(logs, axis=-1)
    return jnp.sum(each * counts) / jnp.maximum(jnp.sum(counts), 1)
