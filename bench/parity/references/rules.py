"""Optimizers, schedules and changes of gradients, each with the source of its formula."""
from dataclasses import dataclass
from math import log1p, pi
from typing import Callable

import jax.numpy as jnp


@dataclass
class Rule:
    """`update(w, g, step, memory)` gives the new weight and memory, `start(w)` the first memory."""
    start: Callable
    update: Callable


def at(rate, step):
    return rate(step) if callable(rate) else rate


def memory(*names):
    return lambda w: {name: jnp.zeros_like(w) for name in names}


def sgd(rate, momentum=0.0, nesterov=False):
    """Polyak (1964), Sutskever et al. (2013), as keras.optimizers.SGD."""
    def update(w, g, step, s):
        lr = at(rate, step)
        v = momentum * s["v"] - lr * g
        return w + (momentum * v - lr * g if nesterov else v), {"v": v}
    return Rule(memory("v"), update)


def rmsprop(rate, rho=0.9, momentum=0.0, centered=False, epsilon=1e-7):
    """Hinton's lectures (2012), as keras.optimizers.RMSprop."""
    def update(w, g, step, s):
        v = rho * s["v"] + (1 - rho) * g ** 2
        m = rho * s["m"] + (1 - rho) * g
        variance = jnp.maximum(v - m ** 2, 0) if centered else v
        moved = momentum * s["moved"] + at(rate, step) * g / jnp.sqrt(variance + epsilon)
        return w - moved, {"v": v, "m": m, "moved": moved}
    return Rule(memory("v", "m", "moved"), update)


def adagrad(rate, initial=0.1, epsilon=1e-7):
    """Duchi, Hazan and Singer (2011), as keras.optimizers.Adagrad."""
    def update(w, g, step, s):
        total = s["total"] + g ** 2
        return w - at(rate, step) * g / jnp.sqrt(total + epsilon), {"total": total}
    return Rule(lambda w: {"total": jnp.full_like(w, initial)}, update)


def adadelta(rate=1.0, rho=0.95, epsilon=1e-6):
    """Zeiler (2012), algorithm 1."""
    def update(w, g, step, s):
        v = rho * s["v"] + (1 - rho) * g ** 2
        d = jnp.sqrt(s["moved"] + epsilon) / jnp.sqrt(v + epsilon) * g
        return w - at(rate, step) * d, {"v": v, "moved": rho * s["moved"] + (1 - rho) * d ** 2}
    return Rule(memory("v", "moved"), update)


def corrected(beta, step):
    """1 - beta ** step, without cancellation, as torch.optim has it from Python's floats."""
    return -jnp.expm1(step * log1p(beta - 1)) if beta else jnp.ones_like(step)


def rounded(beta, step):
    """1 - beta ** step in the precision of the weights, as keras.optimizers have it."""
    return 1 - beta ** step


def adam(rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-7, amsgrad=False, decay=0.0):
    """Kingma and Ba (2015), end of section 2; Reddi, Kale and Kumar (2018); decoupled decay of
    Loshchilov and Hutter (2019), algorithm 2 with the schedule multiplier in the rate."""
    def update(w, g, step, s):
        lr = at(rate, step)
        m = beta1 * s["m"] + (1 - beta1) * g
        v = beta2 * s["v"] + (1 - beta2) * g ** 2
        largest = jnp.maximum(s["largest"], v)
        size = lr * jnp.sqrt(rounded(beta2, step)) / rounded(beta1, step)
        move = size * m / (jnp.sqrt(largest if amsgrad else v) + epsilon)
        return w - lr * decay * w - move, {"m": m, "v": v, "largest": largest}
    return Rule(memory("m", "v", "largest"), update)


def adamax(rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-7):
    """Kingma and Ba (2015), algorithm 2, with an epsilon as keras.optimizers.Adamax."""
    def update(w, g, step, s):
        m = beta1 * s["m"] + (1 - beta1) * g
        u = jnp.maximum(beta2 * s["u"], jnp.abs(g))
        return w - at(rate, step) / rounded(beta1, step) * m / (u + epsilon), {"m": m, "u": u}
    return Rule(memory("m", "u"), update)


def nadam(rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8, growth=4e-3):
    """Dozat (2016), as torch.optim.NAdam."""
    def mu(step):
        return beta1 * (1 - 0.5 * 0.96 ** (step * growth))

    def update(w, g, step, s):
        past = s["past"] * mu(step)
        m = beta1 * s["m"] + (1 - beta1) * g
        v = beta2 * s["v"] + (1 - beta2) * g ** 2
        root = jnp.sqrt(v / corrected(beta2, step)) + epsilon
        lr = at(rate, step)
        w = w - lr * (1 - mu(step)) / (1 - past) * g / root - lr * mu(step + 1) / (1 - past * mu(step + 1)) * m / root
        return w, {"m": m, "v": v, "past": past}
    return Rule(lambda w: {"m": jnp.zeros_like(w), "v": jnp.zeros_like(w), "past": jnp.ones((), w.dtype)}, update)


def lion(rate=1e-4, decay=0.0, beta1=0.9, beta2=0.99):
    """Chen et al. (2023), algorithm 2."""
    def update(w, g, step, s):
        c = beta1 * s["m"] + (1 - beta1) * g
        return w - at(rate, step) * (jnp.sign(c) + decay * w), {"m": beta2 * s["m"] + (1 - beta2) * g}
    return Rule(memory("m"), update)


# Schedules: functions of the step, from 1. In parentheses the class of keras.optimizers.schedules or
# torch.optim.lr_scheduler whose values these are, for step - 1 there.

def warm_up(steps):
    """Goyal et al. (2017), section 2.2."""
    return lambda step: jnp.minimum(step / steps, 1)


def step_decay(rate, every, factor=0.1):
    """(StepLR)"""
    return lambda step: rate * factor ** jnp.floor((step - 1) / every)


def piecewise_constant(boundaries, rates):
    """(PiecewiseConstantDecay, whose boundaries are one less.)"""
    def schedule(step):
        rate = jnp.asarray(rates[-1], step.dtype)
        for boundary, before in reversed(list(zip(boundaries, rates))):
            rate = jnp.where(step <= boundary, before, rate)
        return rate
    return schedule


def exponential_decay(rate, steps, factor=0.1):
    """(ExponentialDecay)"""
    return lambda step: rate * factor ** ((step - 1) / steps)


def inverse_time_decay(rate, steps, factor=1.0):
    """(InverseTimeDecay)"""
    return lambda step: rate / (1 + factor * (step - 1) / steps)


def inverse_root_decay(rate, steps):
    """Vaswani et al. (2017), equation 3, with its largest value as the rate."""
    return lambda step: rate * jnp.minimum(step / steps, jnp.sqrt(steps / step))


def polynomial_decay(rate, steps, last=0.0, power=2.0):
    """(PolynomialDecay; a power of 1: LinearLR.)"""
    return lambda step: (rate - last) * jnp.maximum(1 - (step - 1) / steps, 0) ** power + last


def cosine_decay(rate, steps, last=0.0):
    """Loshchilov and Hutter (2017), equation 5 (CosineAnnealingLR)."""
    return lambda step: last + (rate - last) * (1 + jnp.cos(pi * jnp.minimum(step - 1, steps) / steps)) / 2


def cosine_restarts(rate, steps, last=0.0):
    """Loshchilov and Hutter (2017), equation 5 (CosineAnnealingWarmRestarts)."""
    return lambda step: last + (rate - last) * (1 + jnp.cos(pi * ((step - 1) % steps) / steps)) / 2


def one_cycle(peak, steps, rise=0.3):
    """Smith and Topin (2018) (OneCycleLR with div_factor 25 and final_div_factor 1e4)."""
    def between(start, end, share):
        return end + (start - end) / 2 * (1 + jnp.cos(pi * share))

    def schedule(step):
        done = jnp.minimum(step - 1, steps) / steps
        up = between(peak / 25, peak, done / rise)
        down = between(peak, peak / 25 / 1e4, (done - rise) / (1 - rise))
        return jnp.where(done < rise, up, down)
    return schedule


def product(*factors):
    def schedule(step):
        value = 1.0
        for factor in factors:
            value = value * at(factor, step)
        return value
    return schedule


# Changes of gradients: all of a `minimize` by name, and the step.

def clip_value(limit):
    return lambda gradients, step: {n: jnp.clip(g, -limit, limit) for n, g in gradients.items()}


def shorten(g, squares, limit):
    length = jnp.sqrt(squares)
    return jnp.where(length > limit, g * limit / jnp.where(length > limit, length, 1), g)


def clip_norm(limit):
    return lambda gradients, step: {n: shorten(g, jnp.sum(g ** 2), limit) for n, g in gradients.items()}


def clip_global_norm(limit):
    """Pascanu, Mikolov and Bengio (2013), algorithm 1."""
    def change(gradients, step):
        squares = sum(jnp.sum(g ** 2) for g in gradients.values())
        return {n: shorten(g, squares, limit) for n, g in gradients.items()}
    return change
