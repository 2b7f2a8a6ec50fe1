"""Several objectives, and gradients within losses: adversaries, penalised slopes, inner steps, experts."""
import jax
import jax.numpy as jnp

from references import measures, rules
from references.layers import dense, mlp, mse
from references.steps import Objective, Reference


def two_layers(p, name, x):
    return dense(p, name + ".head", jax.nn.leaky_relu(dense(p, name + ".hidden", x), 0.2))


def make(p, noise):
    return two_layers(p, "generator", noise)


def critic_loss(p, real, noise):
    """Goodfellow et al. (2014), algorithm 1."""
    told, fooled = two_layers(p, "critic", real), two_layers(p, "critic", make(p, noise))
    return -jnp.mean(jax.nn.log_sigmoid(told)) - jnp.mean(jax.nn.log_sigmoid(-fooled))


def generator_loss(p, real, noise):
    """The same, the objective of section 3 with the stronger gradient."""
    return -jnp.mean(jax.nn.log_sigmoid(two_layers(p, "critic", make(p, noise))))


def critic(p, x):
    return dense(p, "critic.head", jnp.tanh(dense(p, "critic.deep", jax.nn.softplus(dense(p, "critic.hidden", x)))))


def make_by_tanh(p, noise):
    return mlp(p, "generator", noise, jnp.tanh)


def slope(p, x):
    g = jax.vmap(jax.grad(lambda row: critic(p, row[None])[0, 0]))(x)
    return jnp.sqrt(jnp.sum(g ** 2, axis=1) + 1e-12)


def penalised_loss(p, real, noise, share):
    """Gulrajani et al. (2017), algorithm 1."""
    fake = make_by_tanh(p, noise)
    between = share * real + (1 - share) * fake
    return jnp.mean(critic(p, fake)) - jnp.mean(critic(p, real)) + 10 * jnp.mean((slope(p, between) - 1) ** 2)


def penalised_generator_loss(p, real, noise, share):
    return -jnp.mean(critic(p, make_by_tanh(p, noise)))


def fit(p, x):
    return jnp.tanh(x @ p["w"] + p["b"]) @ p["v"]


def meta_loss(p, x, y, asked):
    """Finn, Abbeel and Levine (2017), algorithm 1, with two inner steps."""
    def inner(q):
        return mse(fit(q, x), y)
    q = p
    for _ in range(2):
        q = jax.tree.map(lambda w, g: w - 0.1 * g, q, jax.grad(inner)(q))
    return mse(fit(q, asked), asked[:, 0:1] * asked[:, 1:2] + 0.1 * y)


def gates(p, x):
    z = x @ p["gate.w"]
    return jax.nn.one_hot(jnp.argmax(z, axis=-1), 4, dtype=x.dtype), jax.nn.softmax(z)


def mixture(p, x):
    """Fedus, Zoph and Shazeer (2022), section 2.1: y = x + p[i] * expert[i](x), i the best gate."""
    chosen, share = gates(p, x)
    outputs = jnp.stack([mlp(p, f"experts.{i}", x, jax.nn.relu) for i in range(4)], axis=1)
    return dense(p, "head", x + jnp.einsum("ne,ned->nd", chosen * share, outputs))


def mixture_loss(p, x, y):
    """The same, equation 4: alpha * N * sum(f * P)."""
    chosen, share = gates(p, x)
    return mse(mixture(p, x), y) + 0.01 * 4 * jnp.sum(jnp.mean(chosen, axis=0) * jnp.mean(share, axis=0))


ALL_ROWS = {"trained": 120, "batch": 30}

REFERENCES = [
    Reference("adversaries", 46, {"real": ("normal", 2), "noise": ("uniform", 3)},
              [Objective(critic_loss, rules.rmsprop(0.01), ("critic.",)),
               Objective(generator_loss, rules.adam(0.01, beta1=0.5), ("generator.",))],
              calls=[("make", {"noise": [3]}, make)], **ALL_ROWS),
    Reference("penalised_critic", 47, {"real": ("normal", 3), "noise": ("normal", 3), "share": ("uniform", 1)},
              [Objective(penalised_loss, rules.adam(0.005, beta1=0, beta2=0.9), ("critic.",)),
               Objective(penalised_generator_loss, rules.adam(0.005, beta1=0, beta2=0.9), ("generator.",))],
              calls=[("make", {"noise": [3]}, make_by_tanh), ("slope", {"x": [3]}, slope)], **ALL_ROWS),
    Reference("inner_steps", 48, {"x": ("normal", 2), "y": ("normal", 1), "asked": ("normal", 2)},
              [Objective(meta_loss, rules.sgd(0.05, momentum=0.9))], calls=[("predict", {"x": [2]}, fit)], **ALL_ROWS),
    Reference("experts", 49, {"x": ("normal", 5), "y": ("normal", 1)}, [Objective(mixture_loss, rules.adam(0.01))],
              lambda p, x, y: {"loss": mixture_loss(p, x, y), "rmse": measures.rmse(mixture(p, x), y)},
              [("predict", {"x": [5]}, mixture)]),
]
