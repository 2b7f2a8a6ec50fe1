"""Training by JAX and by Keras, from given weights on given rows in their order."""
import jax
import jax.numpy as jnp
import numpy as np

MOMENTUM = 0.9


def adam(rate, w, g, m, v, step, beta1=0.9, beta2=0.999, epsilon=1e-7):
    """Kingma and Ba (2015), in the order at the end of their section 2, as Keras and modelc have it."""
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g ** 2
    corrected = rate * jnp.sqrt(1 - beta2 ** step) / (1 - beta1 ** step)
    return w - corrected * m / (jnp.sqrt(v) + epsilon), m, v


def sgd(rate, w, g, m, v, step):
    m = MOMENTUM * m - rate * g
    return w + m, m, v


def make_step(reference):
    rule = {"adam": adam, "sgd": sgd}[reference.optimizer]

    @jax.jit
    def step(parameters, state, m, v, number, *batch):
        (loss, state), gradients = jax.value_and_grad(reference.loss, has_aux=True)(parameters, state, *batch)
        updated = {name: rule(reference.rate, w, gradients[name], m[name], v[name], number)
                   for name, w in parameters.items()}
        return loss, state, *({name: u[i] for name, u in updated.items()} for i in range(3))
    return step


def batches(reference, data):
    """The batches of all epochs; the last of an epoch may have fewer rows."""
    count = len(data[0])
    for _ in range(reference.epochs):
        for begin in range(0, count, reference.batch):
            yield [array[begin:begin + reference.batch] for array in data]


def train_jax(reference, weights, dtype):
    """The losses of all steps and the last weights, computed in `dtype`."""
    kept = reference.state + reference.statistics
    given = {name: jnp.asarray(w, dtype) for name, w in weights.items()}
    parameters = {name: w for name, w in given.items() if name not in kept}
    state = {name: given[name] for name in reference.state}
    data = [jnp.asarray(array) for array in reference.make_rows(dtype, weights)]
    zeros = {name: jnp.zeros_like(w) for name, w in parameters.items()}
    step, m, v, losses = make_step(reference), zeros, zeros, []
    for number, batch in enumerate(batches(reference, data), 1):
        loss, state, parameters, m, v = step(parameters, state, m, v, jnp.asarray(number, dtype), *batch)
        assert loss.dtype == dtype, loss.dtype
        losses.append(float(loss))
    return np.array(losses), {name: np.asarray(w) for name, w in {**parameters, **state}.items()}


def train_keras(reference, weights):
    """keras_article by Keras itself, in single precision."""
    import keras
    from keras import layers
    names = ["hidden", "deep", "head"]
    model = keras.Sequential([keras.Input((10,)), layers.Dense(64, activation="relu", name="hidden"),
                              layers.Dense(32, activation="relu", name="deep"), layers.Dense(1, name="head")])
    model.compile(optimizer=keras.optimizers.Adam(reference.rate), loss="mse")
    for name in names:
        model.get_layer(name).set_weights([weights[f"{name}.w"], weights[f"{name}.b"]])
    losses = []
    for x, y in batches(reference, reference.make_rows(np.float32, weights)):
        model.reset_metrics()
        losses.append(float(model.train_on_batch(x, y)))
    trained = {}
    for name in names:
        trained[f"{name}.w"], trained[f"{name}.b"] = model.get_layer(name).get_weights()
    return np.array(losses), trained
