"""Cases of `model.scan`: all kinds of operands, results and residuals, right to nested ones."""
from case import Case, distinct, exactly, integer, real

T_RUNS = [{"T": 4}, {"T": 1}, {"T": 0}]
NT_RUNS = [{"N": 3, "T": 4}, {"N": 1, "T": 2}, {"N": 2, "T": 1}]


def scan(arguments, body, length=0, **options):
    """A case over N and T if they occur in the arguments or are the length."""
    text = " ".join(map(str, [length, *(size for a in arguments for size in a.shape)]))
    if "T" in text:
        runs = NT_RUNS if "N" in text else T_RUNS
        options = {"bounds": runs[0], "runs": runs, **options}
    return Case("scan", arguments, body, value=True, **options)


def recurrence(length, roles=("varied",) * 3, reverse=False):
    """h' = tanh(w h + x): a carry, slices, an invariant, and everything as a result."""
    def body(b, h, x, w):
        def step(b, i, carries, slices, invariants):
            product = b.contract(invariants[0], carries[0], ([], []), ([1], [0]))
            h = b.unary("tanh", b.add(product, slices[0]))
            return [h], [h]
        last, stacks = b.scan(length, [h], [x], [w], step, reverse)
        return last + stacks
    return scan([real((2,), role=roles[0]), real((length, 2), role=roles[1]),
                 real((2, 2), role=roles[2])], body)


def map_over(b, x):
    """No carries."""
    def step(b, i, carries, slices, invariants):
        return [], [b.unary("sin", slices[0]), b.mul(slices[0], slices[0])]
    return b.scan("T", [], [x], [], step)[1]


def iterate(b, x):
    """Nothing but a carry."""
    def step(b, i, carries, slices, invariants):
        return [b.scale(b.unary("sin", carries[0]), 1.25)], []
    return b.scan(3, [x], [], [], step)[0]


def exchange(b, p, q):
    """Two carries that change places, one of which is what came in."""
    def step(b, i, carries, slices, invariants):
        p, q = carries
        return [q, b.add(b.scale(b.mul(p, q), 0.5), p)], [p, b.mul(p, q)]
    last, stacks = b.scan("T", [p, q], [], [], step, reverse=True)
    return last + stacks


def with_index(b, x, s):
    """The index as a number: the derivative needs it."""
    def step(b, i, carries, slices, invariants):
        factor = b.add(b.scale(b.cast(i), 0.25), b.fill(0.5, ()))
        return [b.unary("sin", b.add(b.mul(carries[0], factor), slices[0]))], [factor]
    last, stacks = b.scan("T", [s], [x], [], step)
    return last + stacks


def counter(b, x, n):
    """A carry of integers beside one of floats, and a condition that is stacked."""
    def step(b, i, carries, slices, invariants):
        h, count = carries
        even = b.compare("eq", b.cast(b.cast(count, "i1"), "i64"), b.fill(0, (), "i64"))
        h = b.select(even, b.unary("sin", h), b.mul(h, slices[0]))
        return [h, b.binary("sub", b.fill(1, (), "i64"), count)], [even, count]
    last, stacks = b.scan("T", [b.fill(0.75, ()), n], [x], [], step)
    return last + stacks


def given_carry(b, x, h):
    """A float carry that does not depend on what is varied, beside one that does."""
    def step(b, i, carries, slices, invariants):
        h, total = carries
        h = b.scale(b.unary("cos", h), 0.75)
        return [h, b.add(total, b.mul(h, slices[0]))], [h]
    last, stacks = b.scan("T", [h, b.fill(0.0, ())], [x], [], step)
    return last + stacks


def forwards_arguments(b, h, x, w):
    """Block arguments that are yielded as they came, twice, and an unused result."""
    def step(b, i, carries, slices, invariants):
        return [slices[0], carries[1]], [carries[0], invariants[0], slices[0], slices[0],
                                         b.unary("exp", slices[0])]
    last, stacks = b.scan("T", [h, w], [x], [w], step)
    return last + stacks[:4]


def same_operand(b, x):
    """One operand in every place."""
    def step(b, i, carries, slices, invariants):
        row = b.reduce("sum", invariants[0], [0])
        h = b.unary("sin", b.add(b.reduce("sum", carries[0], [0]), b.mul(slices[0], row)))
        return [b.mul(carries[0], b.broadcast(h, carries[0].shape, [1]))], [slices[1]]
    last, stacks = b.scan(3, [x], [x, x], [x], step)
    return last + stacks


def stack_only(b, h, x):
    """The last carry has no use, its history has."""
    def step(b, i, carries, slices, invariants):
        return [b.unary("sin", b.add(carries[0], slices[0]))], [carries[0]]
    return b.scan("T", [h], [x], [], step, reverse=True)[1]


def nested(b, h, x, w):
    """A scan within a scan: the inner one reads the outer carry, slice and index."""
    def outer(b, i, carries, slices, invariants):
        def inner(b, j, carries, slices, invariants):
            place = b.scale(b.add(b.cast(j), b.cast(invariants[2])), 0.125)
            mixed = b.add(b.mul(carries[0], slices[0]), b.mul(invariants[0], place))
            h = b.unary("tanh", b.add(mixed, invariants[1]))
            return [h], [b.mul(h, slices[0])]
        last, stacks = b.scan(3, [carries[0]], [slices[0]], [invariants[0], carries[0], i], inner)
        return [last[0]], [stacks[0], last[0]]
    last, stacks = b.scan("T", [h], [x], [w], outer, reverse=True)
    return last + stacks


def deeply_nested(b, x):
    def level(depth):
        def step(b, i, carries, slices, invariants):
            if depth == 0:
                return [b.unary("sin", b.scale(carries[0], 1.25))], []
            last, _ = b.scan(2, carries, [], [], level(depth - 1), reverse=depth == 1)
            return [b.mul(last[0], carries[0])], [last[0]]
        return step
    last, stacks = b.scan("T", [x], [], [], level(2))
    return last + stacks


def symbolic(b, h, x):
    """Sizes of the entry within the block, as shapes and as a number."""
    def step(b, i, carries, slices, invariants):
        mean = b.binary("div", b.reduce("sum", slices[0]), b.size("N"))
        ramp = b.scale(b.iota(0, ("N",)), 0.25)
        spread = b.mul(b.broadcast(mean, ("N",), []), ramp)
        h = b.unary("sin", b.add(carries[0], spread))
        return [h], [b.reshape(b.concat([h, slices[0]], 0, "2 * N"), (2, "N"))]
    last, stacks = b.scan("T", [h], [x], [], step)
    return last + stacks


def odd_length(b, x):
    """A length that is a polynomial."""
    def step(b, i, carries, slices, invariants):
        h = b.unary("sin", b.add(carries[0], slices[0]))
        return [h], [h]
    last, stacks = b.scan("2 * T + 1", [b.fill(0.25, ())], [x], [], step)
    return last + stacks


def writes_places(b, x):
    """Gathers and scatters at the index: integers as residuals."""
    def step(b, i, carries, slices, invariants):
        place = b.reshape(i, (1,))
        found = b.gather(invariants[0], place, 0)
        return [b.scatter_add(carries[0], place, b.mul(found, found), 0)], []
    return b.scan(4, [b.fill(0.5, (4,))], [], [x], step)[0]


def slices_integers(b, x, places):
    def step(b, i, carries, slices, invariants):
        found = b.gather(carries[0], slices[0], 0)
        return [b.scatter_add(carries[0], slices[0], b.unary("sin", found), 0)], [found]
    last, stacks = b.scan(3, [x], [places], [], step)
    return last + stacks


def takes_extrema(b, x):
    def step(b, i, carries, slices, invariants):
        largest = b.reduce("max", slices[0], [0])
        best = b.gather(slices[0], b.argument("min", slices[0], 0), 0)
        return [b.mul(carries[0], largest)], [b.mul(largest, best)]
    last, stacks = b.scan(3, [b.fill(1.0, ())], [x], [], step)
    return last + stacks


def draws(b, key, x):
    """A random mask, made anew from the index and needed by the derivative."""
    def step(b, i, carries, slices, invariants):
        inner = b.fold_in(invariants[0], i)
        mask = b.random("bernoulli", inner, (3,), b.fill(0.5, ()))
        noise = b.random("uniform", inner, (3,))
        kept = b.select(mask, b.mul(carries[0], noise), b.unary("sin", carries[0]))
        return [kept], []
    return b.scan(3, [x], [], [key], step)[0]


def calls(b, h, x):
    f = b.define([((), "f64"), ((), "f64")],
                 lambda b, h, x: [b.unary("sin", b.add(h, b.mul(x, x)))])

    def step(b, i, carries, slices, invariants):
        return b.call(f, [carries[0], slices[0]], [((), "f64")]), []
    return b.scan("T", [h], [x], [], step)[0]


def descends(b, w, x):
    """Gradient descent within the scan: its derivative is of second order, that one's of third."""
    f = b.define([((2,), "f64"), ((2,), "f64")],
                 lambda b, w, x: [b.reduce("sum", b.unary("sin", b.mul(w, x)))])

    def step(b, i, carries, slices, invariants):
        loss, slope = b.gradient(f, [carries[0], slices[0]], [0])
        return [b.binary("sub", carries[0], b.scale(slope, 0.25))], [loss]
    last, stacks = b.scan("T", [w], [x], [], step)
    return last + stacks


def gradient_of_scan(b, h, x):
    """A scan within a function that is differentiated within a scan."""
    def inner(b, h, x):
        def step(b, i, carries, slices, invariants):
            return [b.unary("sin", b.add(carries[0], slices[0]))], []
        return b.scan(2, [h], [x], [], step)[0]
    f = b.define([((), "f64"), ((2,), "f64")], inner)

    def step(b, i, carries, slices, invariants):
        value, slope, slopes = b.gradient(f, [carries[0], slices[0]], [0, 1])
        return [b.add(slope, b.reduce("sum", slopes))], [value]
    last, stacks = b.scan("T", [h], [x], [], step)
    return last + stacks


def stopped(b, h, x, held):
    def step(b, i, carries, slices, invariants):
        return [b.unary("sin", b.add(b.mul(carries[0], slices[0]), invariants[0]))], []
    return b.scan("T", [h], [x], [held], step)[0]


SCANS = [
    *[recurrence(length, reverse=reverse) for length in (1, 3, "T") for reverse in (False, True)],
    *[recurrence("T", tuple("varied" if i == chosen else "given" for i in range(3)), reverse)
      for chosen in range(3) for reverse in (False, True)],
    scan([real(("T", 3))], map_over),
    scan([real(("T",))], map_over),
    scan([real((2, 3))], iterate),
    scan([real(), real()], exchange, length="T"),
    scan([real(("T",)), real()], with_index),
    scan([real(("T",), 0.5, 1.5), exactly((), [0], "given", "i64")], counter),
    scan([real(("T",)), real((), role="given")], given_carry),
    scan([real(("T",)), real()], given_carry),
    scan([real((3,)), real(("T", 3)), real((3,))], forwards_arguments),
    scan([real((3, 3))], same_operand),
    scan([real((2, 1, 3)), real(("T", 2, 1, 3))], stack_only),
    scan([real(), real(("T", 3)), real()], nested),
    scan([real((), 0.5, 1)], deeply_nested, length="T"),
    scan([real(("N",)), real(("T", "N"))], symbolic),
    scan([real(("2 * T + 1",))], odd_length),
    scan([real((4,))], writes_places),
    scan([distinct((3, 4))], takes_extrema),
    scan([exactly((), [77], "given", "i64"), real((3,))], draws),
    scan([real(), real(("T",))], calls),
    scan([real((2,)), real(("T", 2))], descends),
    scan([real(), real(("T", 2))], gradient_of_scan),
    scan([real(), real(("T",))], stopped, frozen=[0]),
    scan([real((4,)), integer((3, 2), -1, 4)], slices_integers),
]
