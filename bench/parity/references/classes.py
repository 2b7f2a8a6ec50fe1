"""Classification: labels that are weighted, smoothed, ignored or soft, of two classes and of many."""
import jax
import jax.numpy as jnp

from references import measures, rules
from references.layers import batch_norm, cross_entropy, dense, gelu, layer_norm, mlp, of_label
from references.steps import Objective, Reference


def tied(p, word):
    """Press and Wolf (2017): the table of words is the output layer too."""
    h = p["tokens.table"][word]
    return layer_norm(p, "norm", h + mlp(p, "deep", h, gelu)) @ p["tokens.table"].T


def tied_loss(p, word, next):
    return cross_entropy(tied(p, word), next, smoothing=0.1, ignore=3)


def weighted(p, x, training=True):
    h, state = batch_norm(p, "norm", dense(p, "hidden", x), 0.9, training=training)
    return dense(p, "head", gelu(h)), state


def weighted_cross_entropy(logits, label, weights, smoothing, ignore):
    """torch.nn.CrossEntropyLoss with weight, label_smoothing and ignore_index."""
    weights = jnp.asarray(weights, logits.dtype)
    counts = (label != ignore).astype(logits.dtype)
    logs, classes = jax.nn.log_softmax(logits), logits.shape[-1]
    own = weights[label] * counts
    smooth = -jnp.sum(weights * logs, axis=-1) * counts * (smoothing / classes)
    return jnp.sum(-(1 - smoothing) * own * of_label(logs, label) + smooth) / jnp.sum(own)


def weighted_loss(p, x, label, training=True):
    z, state = weighted(p, x, training)
    return weighted_cross_entropy(z, label, [0.5, 1.0, 2.0, 1.5], 0.2, 1), state


def student(p, x):
    return dense(p, "head", jnp.tanh(dense(p, "hidden", x)))


def student_loss(p, x, label):
    """Hinton, Vinyals and Dean (2015), section 2, with the divergence of Kullback and Leibler (1951)."""
    z, teacher = student(p, x), dense(p, "teacher", x)
    soft, sharp = jax.nn.softmax(teacher / 2), jax.nn.softmax(3 * teacher)
    kl = jnp.mean(jnp.sum(soft * (jnp.log(soft) - jax.nn.log_softmax(z / 2)), axis=-1))
    soft_entropy = -jnp.mean(jnp.sum(sharp * jax.nn.log_softmax(z), axis=-1))
    nll = -jnp.mean(of_label(jax.nn.log_softmax(z), label))
    return kl + soft_entropy + 0.1 * nll + 0.01 * jnp.mean(jax.nn.logsumexp(z, axis=-1) ** 2)


def binary(p, x):
    """Zhang and Sennrich (2019), equation 4; epsilon as torch.nn.RMSNorm's argument."""
    h = dense(p, "hidden", x)
    h = h / jnp.sqrt(jnp.mean(h ** 2, axis=-1, keepdims=True) + 1e-5) * p["norm.scale"]
    return dense(p, "head", jax.nn.silu(h))[:, 0]


def probability(p, x):
    return jax.nn.sigmoid(binary(p, x))


def binary_loss(p, x, label, positive_weight=2.5):
    """torch.nn.BCEWithLogitsLoss with pos_weight."""
    z, target = binary(p, x), label.astype(x.dtype)
    return jnp.mean(-positive_weight * target * jax.nn.log_sigmoid(z) - (1 - target) * jax.nn.log_sigmoid(-z))


def binary_metrics(p, x, label):
    truth, share = label.astype(x.dtype), probability(p, x)

    def above(threshold):
        return (share > threshold).astype(x.dtype)
    both, said, _ = measures.hits(above(0.5), truth)
    return {"loss": binary_loss(p, x, label), "binary_accuracy": jnp.mean((above(0.5) == truth).astype(x.dtype)),
            "precision": both / said, "recall": both / jnp.sum(truth), "f1": measures.f1(above(0.6), truth),
            "auc": measures.auc(share, truth, 60)}


REFERENCES = [
    Reference("tied_language", 36, {"word": ("labels", 12), "next": ("labels", 12)},
              [Objective(tied_loss, rules.adam(rules.product(rules.warm_up(10), rules.cosine_decay(0.02, 90, 0.001)), decay=0.1))],
              lambda p, word, next: {"loss": tied_loss(p, word, next), "perplexity": measures.perplexity(tied(p, word), next, 3),
                                     "top_k": measures.top_k(tied(p, word), next, 3)},
              [("logits", {"word": ["classes", 12]}, tied)]),
    Reference("class_weights", 37, {"x": ("normal", 5), "label": ("labels", 4)},
              [Objective(weighted_loss, rules.sgd(rules.product(rules.warm_up(20), 0.05), momentum=0.9, nesterov=True))],
              lambda p, x, label: {"loss": weighted_loss(p, x, label, False)[0],
                                   "macro_f1": measures.macro_f1(weighted(p, x, False)[0], label, 4),
                                   "accuracy": measures.accuracy(weighted(p, x, False)[0], label)},
              [("predict", {"x": [5]}, lambda p, x: weighted(p, x, False)[0])], kept=("norm.running",)),
    Reference("soft_labels", 38, {"x": ("normal", 5), "label": ("labels", 3)},
              [Objective(student_loss, rules.adam(0.02, amsgrad=True))],
              lambda p, x, label: {"loss": student_loss(p, x, label), "accuracy": measures.accuracy(student(p, x), label),
                                   "perplexity": measures.perplexity(student(p, x), label)},
              [("predict", {"x": [5]}, student)], kept=("teacher",)),
    Reference("binary_classes", 39, {"x": ("normal", 4), "label": ("labels", 2)},
              [Objective(binary_loss, rules.lion(rules.polynomial_decay(0.004, 100, 0.0005, power=1), decay=0.01))],
              binary_metrics, [("predict", {"x": [4]}, binary), ("probability", {"x": [4]}, probability)]),
]
