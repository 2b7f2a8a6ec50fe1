"""What a reference is, and its training: the steps of a program's training plan in JAX."""
from dataclasses import dataclass, field
from functools import partial
from typing import Callable

import jax
import jax.numpy as jnp
import numpy as np

import rows
from references import rules


@dataclass
class Objective:
    """One `minimize`. The loss takes all arrays by name and the batch's fields by name, and gives the
    loss, or a pair of it and new values of state."""
    loss: Callable
    optimizer: Callable
    over: tuple = ("",)         # what it trains: beginnings of names
    gradients: tuple = ()       # what changes gradients, in order


@dataclass
class Reference:
    name: str
    seed: int                   # of the rows
    fields: dict                # in order: name -> ("normal" or "uniform", columns) or ("labels", classes)
    objectives: list
    metrics: Callable = lambda p, batch: {}   # what is reported about the rows that are not trained on
    calls: list = field(default_factory=list)  # of (function, {input: shape of a row}, its reference)
    sizes: tuple = (7,)         # numbers of rows of calls
    kept: tuple = ()            # beginnings of names that no gradient changes: state, and what is frozen
    prepare: Callable = None    # (arrays by name, fields) -> fields, what transforms make of them
    rows: int = 120
    trained: int = 96
    batch: int = 25
    epochs: int = 25
    accumulate: int = 1         # batches of an update
    average: float = None       # the decay of a running mean of weights, which is what is left in the end


def make_fields(reference, dtype):
    """The fields of a `random` source: columns count through all fields; a normal one takes two uniform."""
    made, column = {}, 0
    for name, (kind, count) in reference.fields.items():
        if kind == "labels":
            made[name] = jnp.asarray(rows.labels(reference.seed, reference.rows, column, count))
            column += 1
            continue
        width = 2 * count if kind == "normal" else count
        u = jnp.asarray(rows.uniform(reference.seed, reference.rows, column, column + width), dtype)
        column += width
        made[name] = normal(u) if kind == "normal" else u
    return made


def normal(u):
    """Box and Muller (1958)."""
    half = u.shape[1] // 2
    return jnp.sqrt(-2 * jnp.log1p(-u[:, :half])) * jnp.cos(2 * np.pi * u[:, half:])


def batches(reference, data):
    for _ in range(reference.epochs):
        for begin in range(0, reference.trained, reference.batch):
            end = min(begin + reference.batch, reference.trained)
            yield {name: x[begin:end] for name, x in data.items()}


def make_step(reference):
    def with_state(loss):
        def pair(learnt, others, batch):
            value = loss({**others, **learnt}, **batch)
            return value if isinstance(value, tuple) else (value, {})
        return pair

    @partial(jax.jit, static_argnames="due")
    def step(p, memories, sums, number, batch, due):
        total = 0.0
        for i, objective in enumerate(reference.objectives):
            names = trained_names(reference, objective, p)
            learnt = {name: p[name] for name in names}
            others = {name: w for name, w in p.items() if name not in learnt}
            (loss, state), g = jax.value_and_grad(with_state(objective.loss), has_aux=True)(learnt, others, batch)
            total, p = total + loss, {**p, **state}
            g = {name: sums[i][name] + of_batch for name, of_batch in g.items()}
            sums = [*sums[:i], {name: jnp.zeros_like(s) if due else s for name, s in g.items()}, *sums[i + 1:]]
            if not due:
                continue
            g = {name: s / reference.accumulate for name, s in g.items()}
            for change in objective.gradients:
                g = change(g, number)
            updated = {name: objective.optimizer.update(w, g[name], number, memories[i][name]) for name, w in learnt.items()}
            p = {**p, **{name: u[0] for name, u in updated.items()}}
            memories = [*memories[:i], {name: u[1] for name, u in updated.items()}, *memories[i + 1:]]
        return total, p, memories, sums
    return step


def trained_names(reference, objective, p):
    return sorted(name for name in p if name.startswith(objective.over) and not (
        reference.kept and name.startswith(reference.kept)))


def train(reference, weights, dtype):
    """Losses of all steps, the last arrays by name, and the fields, computed in `dtype`."""
    p = {name: jnp.asarray(np.array(w), dtype) for name, w in weights.items()}
    data = make_fields(reference, dtype)
    if reference.prepare:
        data = reference.prepare(p, data)
    memories = [{name: objective.optimizer.start(p[name]) for name in trained_names(reference, objective, p)}
                for objective in reference.objectives]
    sums = [{name: jnp.zeros_like(p[name]) for name in trained_names(reference, objective, p)}
            for objective in reference.objectives]
    step, losses, average = make_step(reference), [], p
    for number, batch in enumerate(batches(reference, data), 1):
        due = number % reference.accumulate == 0
        update = -(-number // reference.accumulate)
        loss, p, memories, sums = step(p, memories, sums, jnp.asarray(update, dtype), batch, due)
        if due and reference.average is not None:
            average = {name: w + (1 - reference.average) * (p[name] - w) for name, w in average.items()}
        assert loss.dtype == dtype, loss.dtype
        losses.append(float(loss))
    if reference.average is not None:
        p = average
    assert all(w.dtype == dtype for w in p.values())
    return losses, p, data


__all__ = ["Objective", "Reference", "rules", "train"]
