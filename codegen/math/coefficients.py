"""Computes the polynomials of codegen/math: `python3 coefficients.py [NAME...]`, needs mpmath.

Weighted least squares on Chebyshev's nodes, which is within a bit of the best maximal error; the
weight makes errors relative to the function's value. Coefficients are rounded one after the
other, from the lowest power; those that follow are computed anew and make up for the rounding.
"""
import sys

from mpmath import cos, erf, erfc, exp, expm1, log, lu_solve, matrix, mp, mpf, pi, sin, sqrt, tanh

mp.dps = 80


def evaluate(coefficients, x):
    total = mpf(0)
    for c in reversed(coefficients):
        total = total * x + c
    return total


def rounded(number, bits):
    """The nearest float of `bits` digits."""
    shift = bits - 1 - int(mp.floor(log(abs(number), 2)))
    return mp.nint(mp.ldexp(number, shift)) / mpf(2) ** shift


def fit(function, weight, low, high, count, bits):
    """Rounded coefficients, and the largest weighted error."""
    nodes = [(low + high + (high - low) * cos(pi * (2 * i + 1) / (16 * count))) / 2
             for i in range(8 * count)]
    values = [function(x) for x in nodes]
    weights = [weight(x) for x in nodes]
    # The moments of least squares: sums of w^2 x^k and of w^2 x^k f.
    powers = [sum(w ** 2 * x ** k for x, w in zip(nodes, weights)) for k in range(2 * count)]
    targets = [sum(w ** 2 * x ** k * v for x, v, w in zip(nodes, values, weights))
               for k in range(count)]
    found = []
    while len(found) < count:
        first, rest = len(found), range(len(found), count)
        left, right = matrix(len(rest), len(rest)), matrix(len(rest), 1)
        for i in rest:
            right[i - first] = targets[i] - sum(c * powers[i + k] for k, c in enumerate(found))
            for j in rest:
                left[i - first, j - first] = powers[i + j]
        found.append(rounded(lu_solve(left, right)[0], bits))
    return found, max(abs(w * (evaluate(found, x) - v))
                      for x, v, w in zip(nodes, values, weights))


# A little more than what argument reduction leaves.
HALF_LN2, QUARTER_PI = log(mpf(2)) / 2 * mpf("1.001"), pi / 4 * mpf("1.001")
LOG_LOW, LOG_HIGH = sqrt(mpf("0.5")) - 1, sqrt(mpf(2)) - 1
LOG_S = LOG_HIGH / (2 + LOG_HIGH)
# Where erf takes the other formula.
NEAR = mpf("0.84375")


def logarithm_terms(z, first):
    """The series of log((1 + s) / (1 - s)) / s in z = s^2 without its first terms, by z^first."""
    total, power, i = mpf(0), mpf(1), first
    while power > mpf(10) ** -70:
        total += 2 * power / (2 * i + 1)
        power *= z
        i += 1
    return total


# name: (function, weight, low, high, [(bits, count)...])
POLYNOMIALS = {
    # exp(r) = 1 + r + r^2 p(r)
    "exp": (lambda r: (expm1(r) - r) / r ** 2, lambda r: r ** 2 / exp(r),
            -HALF_LN2, HALF_LN2, [(24, 5), (53, 10)]),
    # expm1(r) = r + r^2 p(r)
    "expm1": (lambda r: (expm1(r) - r) / r ** 2, lambda r: r ** 2 / expm1(r),
              -HALF_LN2, HALF_LN2, [(24, 6), (53, 11)]),
    # log(1 + f) = f - f^2 / 2 + f^3 p(f)
    "log f32": (lambda f: (log(1 + f) - f + f ** 2 / 2) / f ** 3, lambda f: f ** 3 / log(1 + f),
                LOG_LOW, LOG_HIGH, [(24, 9)]),
    # log(1 + f) = 2 s + s z p(z), s = f / (2 + f), z = s^2
    "log f64": (lambda z: logarithm_terms(z, 1), lambda z: z / 2, 0, LOG_S ** 2, [(53, 7)]),
    # log(1 + f) = 2 s (1 + z / 3 + z^2 p(z))
    "pow": (lambda z: logarithm_terms(z, 2) / 2, lambda z: z ** 2, 0, LOG_S ** 2, [(53, 8)]),
    # sin(r) = r + r z p(z), z = r^2
    "sin": (lambda z: (sin(sqrt(z)) / sqrt(z) - 1) / z, lambda z: z * sqrt(z) / sin(sqrt(z)),
            0, QUARTER_PI ** 2, [(24, 3), (53, 6)]),
    # cos(r) = 1 - z / 2 + z^2 p(z), z = r^2
    "cos": (lambda z: (cos(sqrt(z)) - 1 + z / 2) / z ** 2, lambda z: z ** 2 / cos(sqrt(z)),
            0, QUARTER_PI ** 2, [(24, 3), (53, 6)]),
    # tanh(x) = x + x z p(z), z = x^2
    "tanh": (lambda z: (tanh(sqrt(z)) / sqrt(z) - 1) / z, lambda z: z * sqrt(z) / tanh(sqrt(z)),
             0, mpf("0.5625") ** 2, [(24, 5), (53, 12)]),
    # erf(x) = x + x p(z), z = x^2
    "erf": (lambda z: erf(sqrt(z)) / sqrt(z) - 1, lambda z: sqrt(z) / erf(sqrt(z)),
            0, NEAR ** 2, [(24, 6), (53, 11)]),
    # erf(x) = 1 - exp(p(x))
    "erf tail f32": (lambda x: log(erfc(x)), erfc, NEAR, 4, [(24, 8)]),
    "erf tail f64": (lambda x: log(erfc(x)), erfc, NEAR, 6, [(53, 20)]),
}


def main():
    for name in sys.argv[1:] or POLYNOMIALS:
        function, weight, low, high, sizes = POLYNOMIALS[name]
        for bits, count in sizes:
            found, error = fit(function, weight, mpf(low), mpf(high), count, bits)
            print(f"{name}, {bits} bits, error 2^{float(log(error, 2)):.1f}")
            for c in found:
                print(f"    {mp.nstr(c, 9 if bits == 24 else 17)},")


main()
