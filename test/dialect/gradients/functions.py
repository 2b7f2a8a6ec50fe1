"""Cases of functions: calls and gradients, nested, with symbols that stand for others."""
from case import Case, integer, real

N_RUNS = [{"N": 4}, {"N": 1}]


def call_twice(b, x, y):
    f = b.define([(("M",), "f64"), (("M",), "f64")],
                 lambda b, p, q: [b.unary("sin", b.mul(p, q)), b.reduce("sum", p)])
    first, total = b.call(f, [x, y], [(("N",), "f64"), ((), "f64")], where={"M": "N"})
    long = b.concat([first, y, b.reshape(total, (1,))], 0, "2 * N + 1")
    second, _ = b.call(f, [long, long], [(("2 * N + 1",), "f64"), ((), "f64")],
                       where={"M": "2 * N + 1"})
    return [first, second]


def swapped_symbols(b, x):
    """`where` exchanges two symbols of one name on both sides."""
    f = b.define([(("N", "M"), "f64")],
                 lambda b, p: [b.mul(p, b.scale(b.iota(0, ("N", "M")), 0.25))])
    return b.call(f, [x], [((3, "N"), "f64")], where={"N": 3, "M": "N"})


def nested_calls(b, x):
    def outer(b, p):
        g = b.define([(("K",), "f64")], lambda b, q: [b.unary("sin", q)])
        once = b.call(g, [p], [(("M",), "f64")], where={"K": "M"})
        return b.call(g, once, [(("M",), "f64")], where={"K": "M"})
    f = b.define([(("M",), "f64")], outer)
    return b.call(f, [x], [(("N",), "f64")], where={"M": "N"})


def penalty(b, w, x):
    """The loss and the square of its own gradient's norm."""
    f = b.define([(("M",), "f64"), (("M",), "f64")],
                 lambda b, w, x: [b.reduce("sum", b.unary("tanh", b.mul(w, x))), x])
    loss, _, dx = b.gradient(f, [w, x], [1], [((), "f64"), (("N",), "f64")], where={"M": "N"})
    return [loss, b.reduce("sum", b.mul(dx, dx))]


def third_order(b, x):
    def level(b, x, depth):
        if depth == 0:
            return [b.reduce("sum", b.unary("sin", b.mul(x, x)))]
        f = b.define([((2,), "f64")], lambda b, x: level(b, x, depth - 1))
        value, slope = b.gradient(f, [x], [0])
        return [b.add(value, b.reduce("sum", b.mul(slope, slope)))]
    return level(b, b.scale(x, 0.5), 2)


def other_results(b, w, x, i):
    """What else the function returns is returned as it is, and differentiated like a call's."""
    f = b.define([((3,), "f64"), ((3,), "f64"), ((), "i64")],
                 lambda b, w, x, i: [b.reduce("sum", b.mul(w, b.unary("exp", x))),
                                     b.mul(x, w), b.binary("add", i, i)])
    loss, product, twice, dw = b.gradient(
        f, [w, x, i], [0], [((), "f64"), ((3,), "f64"), ((), "i64")])
    return [loss, product, dw, b.mul(dw, b.broadcast(b.cast(twice), (3,), []))]


def unused_argument(b, x, y):
    """An argument that the function does not use has a gradient of zeros."""
    f = b.define([((2,), "f64"), ((3,), "f64")], lambda b, p, q: [b.reduce("sum", b.mul(p, p))])
    value, dx, dy = b.gradient(f, [x, y], [0, 1])
    return [value, dx, b.add(dy, y)]


def repeated_wrt(b, x, y):
    """`wrt` in another order, and one argument given twice to the function."""
    f = b.define([((2,), "f64")] * 3,
                 lambda b, p, q, r: [b.reduce("sum", b.mul(b.unary("sin", b.mul(p, q)), r))])
    return b.gradient(f, [x, y, x], [2, 0, 1])[1:]


def softplus(b, x, s):
    """s log(1 + exp x), with a gradient of its own, called in a scan as well."""
    vector, number = (("M",), "f64"), ((), "f64")

    def slope(b, x, s, y, dy):
        one = b.fill(1.0, x.shape)
        spread = b.broadcast(s, x.shape, [])
        dx = b.mul(dy, b.mul(spread, b.unary("sigmoid", x)))
        ds = b.mul(dy, b.unary("log", b.add(one, b.unary("exp", x))))
        return [dx, b.reduce("sum", ds)]
    rule = b.define([vector, number, vector, vector], slope)

    def value(b, x, s):
        y = b.unary("log1p", b.unary("exp", x))
        return [b.mul(y, b.broadcast(s, x.shape, []))]
    f = b.define([vector, number], value, rule)

    def step(b, i, carries, slices, invariants):
        return b.call(f, [carries[0], slices[0]], [(("N",), "f64")], where={"M": "N"}), []
    once = b.call(f, [x, b.reshape(b.slice(s, (0,), (1,), [1]), ())], [(("N",), "f64")],
                  where={"M": "N"})
    last, _ = b.scan(3, once, [s], [], step)
    return once + last


FUNCTIONS = [
    Case("call", [real(("N",)), real(("N",))], call_twice, N_RUNS[0], N_RUNS, value=True),
    Case("call", [real((3, "N"))], swapped_symbols, N_RUNS[0], N_RUNS, value=True),
    Case("call", [real(("N",))], nested_calls, N_RUNS[0], N_RUNS, value=True),
    Case("gradient", [real(("N",)), real(("N",))], penalty, N_RUNS[0], N_RUNS, value=True),
    Case("call", [real(("N",)), real((3,), 0.5, 1)], softplus, N_RUNS[0], N_RUNS, value=True),
    Case("gradient", [real((2,))], third_order, value=True),
    Case("gradient", [real((3,)), real((3,)), integer((), 1, 3)], other_results, value=True),
    Case("gradient", [real((2,)), real((3,))], unused_argument),
    Case("gradient", [real((2,)), real((2,))], repeated_wrt),
]
