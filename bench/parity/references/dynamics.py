"""Scans within scans, modules in arrays of modules, and what is computed from all weights at once."""
import jax
import jax.numpy as jnp

from references import rules
from references.layers import dense, mse, of_label
from references.steps import Objective, Reference


def cell(p, name, i, x, share):
    """`middle` is kept from call to call; the first index of the others is that of the cell."""
    middle = 0.8 * p[name + ".middle"][i] + 0.2 * jnp.mean(x, axis=0)
    p[name + ".middle"] = p[name + ".middle"].at[i].set(middle)
    h = x - middle
    for j in range(2):
        h = jnp.tanh(h @ p[name + ".turns.w"][i, j] + p[name + ".turns.b"][i, j]) * share
    return h + p[name + ".gain"][i] * x


def stacks(p, x):
    p = dict(p)
    x = x.reshape(-1, 4, 2)
    h, slow = jnp.zeros_like(x[:, 0]), jnp.ones_like(x[:, 0])
    every, alike = [], []
    for t in range(4):
        z = jnp.tanh(h) + x[:, t]
        for column in range(2):
            for i in range(3):
                z = cell(p, f"columns.{column}.cells", i, z, 0.5)
        slow = 0.9 * slow + 0.1 * z
        every.append(z)
        alike.append(jnp.sum(slow * h, axis=-1))
        h = jnp.tanh(z + slow)
    state = {name: w for name, w in p.items() if name.endswith(".middle")}
    return dense(p, "head", h), jnp.stack(every), jnp.stack(alike), state


def stacks_loss(p, x, y):
    out, every, alike, state = stacks(p, x)
    return mse(out, y) + 0.01 * jnp.mean(every ** 2) + 0.01 * jnp.mean(alike), state


def paths_loss(p, x, u, size):
    """Lafferty, McCallum and Pereira (2001), section 3, with the sum over all paths step by step."""
    e = dense(p, "scores", x.reshape(-1, 5, 2))
    y = jnp.floor(4 * u).astype(jnp.int32)
    here = jnp.arange(5) < 1 + 4 * size
    every, own = e[:, 0], of_label(e[:, 0], y[:, 0])
    for t in range(1, 5):
        following = jax.nn.logsumexp(every[:, :, None] + p["after"], axis=1) + e[:, t]
        every = jnp.where(here[:, t:t + 1], following, every)
        own = own + jnp.where(here[:, t], p["after"][y[:, t - 1], y[:, t]] + of_label(e[:, t], y[:, t]), 0)
    return jnp.mean(jax.nn.logsumexp(every, axis=1) - own)


def best_path(p, x):
    """Of all 4 ** 5 paths the one with the largest score."""
    e = dense(p, "scores", x.reshape(-1, 5, 2))
    every = jnp.stack(jnp.meshgrid(*[jnp.arange(4)] * 5, indexing="ij"), axis=-1).reshape(-1, 5)
    scores = sum(e[:, t][:, every[:, t]] for t in range(5))
    scores = scores + sum(p["after"][every[:, t - 1], every[:, t]] for t in range(1, 5))
    return every[jnp.argmax(scores, axis=1)], jnp.max(scores, axis=1)


def apart(p, x, y):
    """Cuturi and Blondel (2017), algorithm 1, with gamma = 1 / 2."""
    y = y @ p["shape"]
    r = {(0, 0): jnp.zeros_like(x[:, 0])}
    for i in range(6):
        for j in range(5):
            if (i == 0) != (j == 0):
                r[i, j] = jnp.full_like(x[:, 0], 100)
            elif i:
                near = jnp.stack([r[i - 1, j - 1], r[i - 1, j], r[i, j - 1]])
                r[i, j] = (x[:, i - 1] - y[:, j - 1]) ** 2 - 0.5 * jax.nn.logsumexp(-2 * near, axis=0)
    return r[5, 4]


def warping_slope(p, x, y):
    return jax.grad(lambda x, y: jnp.sum(apart(p, x, y)), (0, 1))(x, y)


def warping_loss(p, x, y):
    dx, _ = warping_slope(p, x, y)
    return jnp.mean(apart(p, x, y)) + 0.1 * jnp.mean(jnp.sum(dx ** 2, axis=1))


def log_density(p, x):
    """Of one point: the logarithm of the Jacobian's determinant from the Jacobian itself."""
    def flow(x):
        for i in range(4):
            u, v = x[:2], x[2:]
            h = dense(p, f"layers.{i}.b", jnp.tanh(dense(p, f"layers.{i}.a", u)))
            x = jnp.concatenate([v * jnp.exp(jnp.tanh(h[:2])) + h[2:], u])[::-1]
        return x
    z = flow(x)
    volume = jnp.linalg.slogdet(jax.jacfwd(flow)(x))[1]
    return volume + jnp.sum(jax.scipy.stats.norm.logpdf(z))


def flow_loss(p, x):
    return -jnp.mean(jax.vmap(lambda x: log_density(p, x))(x + 0.2 * x ** 3))


def net(p, x):
    return dense(p, "head", jnp.tanh(dense(p, "hidden", x)))


def part(p, x, y):
    return mse(jnp.tanh(dense(p, "hidden", x)) @ p["head.w"], y)


LEARNT = ("spare.w", "hidden.w", "hidden.b", "head.w", "head.b")


def dot(a, b):
    return sum(jnp.sum(a[name] * b[name]) for name in LEARNT)


def whole_loss(p, x, y):
    g = jax.grad(part)(p, x, y)
    h = jax.grad(lambda p: mse(net(p, x), y))(p)
    adapted = {name: w - 0.2 * h[name] for name, w in p.items()}
    return (mse(net(adapted, x), y) + 0.1 * dot(p, g) + 0.01 * jnp.sqrt(dot(g, g))
            + (jnp.mean(p["spare.w"] ** 2) - 1) ** 2)


def whole_changes(p, x, y):
    g = jax.grad(part)(p, x, y)
    return tuple(g[name] for name in LEARNT)


def path(p, x):
    """Runge and Kutta's method of fourth order."""
    def slope(x, t):
        return dense(p, "b", jnp.tanh(dense(p, "a", jnp.concatenate([x, jnp.full_like(x[:, :1], t)], axis=1))))
    speed, dt = [], 1 / 8
    for i in range(8):
        k = slope(x, i * dt)
        l = slope(x + dt / 2 * k, (i + 0.5) * dt)
        m = slope(x + dt / 2 * l, (i + 0.5) * dt)
        n = slope(x + dt * m, (i + 1) * dt)
        x = x + dt / 6 * (k + 2 * l + 2 * m + n)
        speed.append(jnp.sum(k ** 2, axis=1))
    return x, jnp.stack(speed)


def path_loss(p, x, y):
    end, speed = path(p, x)
    return mse(end, y) + 0.01 * jnp.mean(speed)


# Updates: 25 epochs of 4 batches, 3 of which make one.
RATE = rules.product(rules.warm_up(5), rules.cosine_decay(0.05, 33, 0.001))

REFERENCES = [
    Reference("nested_stacks", 71, {"x": ("normal", 8), "y": ("normal", 1)},
              [Objective(stacks_loss, rules.nadam(0.005), gradients=(rules.clip_global_norm(0.5),))],
              calls=[("predict", {"x": [8]}, lambda p, x: stacks(p, x)[0])],
              kept=("columns.0.cells.middle", "columns.1.cells.middle"), trained=120, epochs=20),
    Reference("label_paths", 72, {"x": ("normal", 10), "u": ("uniform", 5), "size": ("uniform", 1)},
              [Objective(paths_loss, rules.adam(0.02))],
              calls=[("path", {"x": [10]}, best_path)], trained=120, epochs=20),
    Reference("warping", 73, {"x": ("normal", 5), "y": ("normal", 4)},
              [Objective(warping_loss, rules.sgd(0.01, momentum=0.5))],
              calls=[("slope", {"x": [5], "y": [4]}, warping_slope)], trained=120, epochs=20),
    Reference("coupling_flow", 74, {"x": ("normal", 4)},
              [Objective(flow_loss, rules.adamax(0.01), gradients=(rules.clip_global_norm(5),))],
              calls=[("score", {"x": [4]}, lambda p, x: jax.vmap(jax.grad(lambda x: log_density(p, x)))(x)),
                     ("there_and_back", {"x": [4]}, lambda p, x: x)], trained=120, epochs=20),
    Reference("whole_steps", 75, {"x": ("normal", 3), "y": ("normal", 1)},
              [Objective(whole_loss, rules.sgd(0.05, momentum=0.5, nesterov=True))],
              calls=[("predict", {"x": [3]}, lambda p, x: net(p, x) + jnp.mean(p["spare.w"] ** 2)),
                     ("changes", {"x": [3], "y": [1]}, whole_changes)], trained=120, epochs=20),
    Reference("trajectories", 76, {"x": ("normal", 2), "y": ("normal", 2)},
              [Objective(path_loss, rules.adam(RATE, decay=0.1), gradients=(rules.clip_global_norm(0.2),))],
              lambda p, x, y: {"loss": path_loss(p, x, y)},
              [("path", {"x": [2]}, lambda p, x: tuple(path(p, x)))], accumulate=3, average=0.9),
]
