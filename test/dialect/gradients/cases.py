"""The table of cases: every differentiable operation, at shapes of all kinds."""
from case import Case, boolean, distinct, dyadic, exactly, integer, real
from functions import FUNCTIONS
from scans import SCANS

# The bound of N, then smaller values, a single element, and none.
RUNS = [{"N": 5}, {"N": 2}, {"N": 1}, {"N": 0}]
SHAPES = [(), (7,), (2, 1, "2 * N + 1")]


def case(operation, arguments, body, shapes=(), **options):
    """A case over N if that occurs in the arguments, or in the `shapes` that the body makes."""
    if any("N" in str(size) for shape in [*(a.shape for a in arguments), *shapes]
           for size in shape):
        options = {"bounds": RUNS[0], "runs": RUNS, **options}
    return Case(operation, arguments, body, **options)


def unary(operation, low, high, avoid=(), roles="varied"):
    return [case(operation, [real(shape, low, high, avoid, roles)],
                 lambda b, x: b.unary(operation, x)) for shape in SHAPES]


def binary(operation, first, second):
    """`first(shape, role)` and `second(shape, role)` make the operands; each is also held."""
    cases = []
    for shape in SHAPES:
        cases.append(case(operation, [first(shape, "varied"), second(shape, "varied")],
                          lambda b, x, y: b.binary(operation, x, y)))
    for roles in (("varied", "given"), ("given", "varied")):
        cases.append(case(operation, [first((3,), roles[0]), second((3,), roles[1])],
                          lambda b, x, y: b.binary(operation, x, y)))
    # An operand that is used twice.
    cases.append(case(operation, [first((4,), "varied")],
                      lambda b, x: b.binary(operation, x, b.add(b.scale(x, 0.5),
                                                                b.fill(0.75, x.shape)))))
    return cases


def spread(low, high):
    return lambda shape, role: real(shape, low, high, role=role)


ELEMENTWISE = [
    *binary("add", spread(-1, 1), spread(-1, 1)),
    *binary("sub", spread(-1, 1), spread(-1, 1)),
    *binary("mul", spread(-1, 1), spread(-1, 1)),
    *binary("div", spread(-1, 1), spread(0.5, 2)),
    *binary("pow", spread(0.5, 2), spread(-1.5, 1.5)),
    *unary("neg", -1, 1),
    *unary("abs", -1, 1, avoid=[0]),
    *unary("exp", -1, 1),
    *unary("expm1", -1, 1),
    *unary("log", 0.5, 2),
    *unary("log1p", -0.5, 1),
    *unary("sqrt", 0.5, 2),
    *unary("rsqrt", 0.5, 2),
    *unary("tanh", -2, 2),
    *unary("sigmoid", -3, 3),
    *unary("erf", -1.5, 1.5),
    *unary("sin", -3, 3),
    *unary("cos", -3, 3),
    *unary("sign", -1, 1, avoid=[0], roles="flat"),
    *unary("floor", -2, 2, avoid=[-2, -1, 0, 1, 2], roles="flat"),
    *unary("ceil", -2, 2, avoid=[-2, -1, 0, 1, 2], roles="flat"),
    *unary("round", -2, 2, avoid=[-1.5, -0.5, 0.5, 1.5], roles="flat"),
    # One that is zero beside one that is not.
    *[case(operation, [real((4,), -2, 2, [-1.5, -1, -0.5, 0, 0.5, 1, 1.5])],
           lambda b, x, operation=operation: b.mul(b.unary(operation, x), x))
      for operation in ("sign", "floor", "ceil", "round")],
    case("abs", [exactly((3,), [0.0, -0.0, 1.0])], lambda b, x: b.unary("abs", x),
         loss="linear", second=False),
    # Zeros, negative bases with exponents that are integers, and the exponent 0.
    case("pow", [real((6,), -2, -0.5), exactly((6,), [0.0, 1.0, 2.0, 3.0, -1.0, -2.0], "given")],
         lambda b, x, y: b.binary("pow", x, y)),
    case("pow", [exactly((5,), [0.0, 0.0, 0.0, 0.0, 0.0]),
                 exactly((5,), [0.0, 1.0, 2.0, 3.0, 4.0], "given")],
         lambda b, x, y: b.binary("pow", x, y)),
    case("pow", [exactly((2,), [0.0, 1.0], "given"), exactly((2,), [2.0, 3.0], "varied")],
         lambda b, x, y: b.scale(b.add(b.binary("pow", x, y), y), 0.5)),
]



def extrema():
    cases = []
    for operation in ("max", "min"):
        def combine(b, x, y, operation=operation):
            return b.binary(operation, x, y)

        def beside(b, x, y, operation=operation):
            return b.binary(operation, x, b.add(x, y))

        for shape in SHAPES:
            # |y| is not small, so that x and x + y are not close.
            cases.append(case(operation, [real(shape), real(shape, avoid=[0])], beside))
        for roles in (("varied", "given"), ("given", "varied")):
            cases.append(case(operation, [exactly((4,), [0.1, 0.9, -0.4, 0.3], roles[0]),
                                          exactly((4,), [0.5, -0.2, 0.3, -0.6], roles[1])],
                              combine))
        # Ties share equally, which central differences of something straight see too.
        cases.append(case(operation, [exactly((3,), [0.5, -0.25, 0.0]),
                                      exactly((3,), [0.5, -0.25, 0.0])],
                          combine, loss="linear", second=False))
        cases.append(case(operation, [real((3,), role="varied")],
                          lambda b, x, combine=combine: combine(b, x, x)))
    return cases


def masked(b, condition, x):
    """x where the condition holds, -x elsewhere."""
    return b.select(condition, x, b.unary("neg", x))


LOGIC = [
    *[case("compare", [real(shape, avoid=[0]), real(shape, role="given", low=0, high=0)],
           lambda b, x, y, predicate=predicate: b.mul(masked(b, b.compare(predicate, x, y), x), x))
      for predicate, shape in zip(["eq", "ne", "lt", "le", "gt", "ge"], SHAPES * 2)],
    case("compare", [real((3,), role="flat")],
         lambda b, x: b.compare("gt", x, b.fill(-3.0, x.shape))),
    case("compare", [integer((4,)), integer((4,)), real((4,))],
         lambda b, i, j, x: masked(b, b.compare("lt", i, j), x)),
    case("compare", [boolean((4,)), boolean((4,)), real((4,))],
         lambda b, p, q, x: masked(b, b.compare("gt", p, q), x)),
    *[case(operation, [boolean(("N",)), boolean(("N",)), real(("N",))],
           lambda b, p, q, x, operation=operation: masked(b, b.binary(operation, p, q), x))
      for operation in ("and", "or")],
    *[case(operation, [integer((6,)), integer((6,), 1, 4), real((6,))],
           lambda b, i, j, x, operation=operation:
               b.mul(x, b.cast(b.binary(operation, i, j), x.element)))
      for operation in ("floor_div", "remainder")],
    case("not", [boolean((5,)), real((5,))], lambda b, p, x: masked(b, b.unary("not", p), x)),
    *[case("select", [boolean(shape), real(shape), real(shape)],
           lambda b, p, x, y: b.select(p, x, y)) for shape in SHAPES],
    *[case("select", [exactly((4,), [0, 1, 1, 0], "given", "i1"), real((4,), role=roles[0]),
                      real((4,), role=roles[1])], lambda b, p, x, y: b.select(p, x, y))
      for roles in (("varied", "given"), ("given", "varied"))],
    case("select", [boolean((6,)), real((6,))], lambda b, p, x: b.select(p, x, x)),
    case("select", [boolean((4,)), integer((4,)), integer((4,)), real((4,))],
         lambda b, p, i, j, x: b.mul(b.cast(b.select(p, i, j)), x)),
]

CASTS = [
    case("cast", [dyadic((5,), "f32")], lambda b, x: b.cast(x, "f64")),
    case("cast", [dyadic(("N", 2))], lambda b, x: b.cast(b.cast(x, "f32"))),
    case("cast", [real((4,))], lambda b, x: b.cast(x, "f64")),
    *[case("cast", [real((4,), -3, 3, [-2, -1, 0, 1, 2])],
           lambda b, x, element=element: b.mul(b.cast(b.cast(x, element)), x))
      for element in ("i64", "i32", "i8", "i1")],
    case("cast", [real((4,), -3, 3, [-2, -1, 0, 1, 2], "flat")], lambda b, x: b.cast(x, "i32")),
    *[case("cast", [exactly((4,), [0, 1, 1, 0], "given", element), real((4,))],
           lambda b, i, x: b.mul(b.cast(i), x)) for element in ("i64", "i32", "i8", "i1")],
    case("cast", [integer((4,), -3, 3), real((4,))],
         lambda b, i, x: b.mul(b.cast(b.cast(i, "i8")), x)),
]

SOURCES = [
    *[case("fill", [real(shape)], lambda b, x: b.mul(x, b.fill(0.75, x.shape)))
      for shape in SHAPES],
    case("constant", [real((2, 3))],
         lambda b, x: b.mul(x, b.constant([[0.5, -1.0, 2.0], [0.0, 1.5, -0.25]], (2, 3)))),
    case("constant", [real(())], lambda b, x: b.mul(x, b.constant(1.5, ()))),
    case("size", [real(("N",))],
         lambda b, x: b.mul(x, b.broadcast(b.scale(b.size("2 * N + 1"), 0.1), ("N",), []))),
    case("size", [real(("N",))],
         lambda b, x: b.mul(x, b.broadcast(b.cast(b.size("(N + 1) floordiv (2)", "i64")),
                                           ("N",), []))),
    *[case("iota", [real(("N", 3))],
           lambda b, x, axis=axis, element=element:
           b.mul(x, b.cast(b.iota(axis, x.shape, element))))
      for axis in (0, 1) for element in ("f64", "i32", "i64")],
    case("stop_gradient", [real((4,)), real((4,))],
         lambda b, x, y, held: b.add(b.mul(held, y), x), frozen=[0]),
    case("stop_gradient", [real(("N", 2)), real(("N", 2))],
         lambda b, x, y, heldx, heldy: b.add(b.mul(b.mul(heldx, heldy), y), b.unary("exp", x)),
         frozen=[0, 1]),
    case("stop_gradient", [real((3,), role="flat")], lambda b, x, held: b.unary("exp", held),
         frozen=[0]),
]

KEY = exactly((), [1234567], "given", "i64")
RANDOM = [
    *[case("random_uniform", [KEY, real(shape)],
           lambda b, key, x: b.mul(x, b.random("uniform", key, x.shape)))
      for shape in SHAPES],
    case("random_normal", [KEY, real(("N", 3))],
         lambda b, key, x: b.mul(x, b.random("normal", key, x.shape))),
    case("random_bernoulli", [KEY, exactly((), [0.5], "flat"), real(("N", 3))],
         lambda b, key, p, x: masked(b, b.random("bernoulli", key, x.shape, p), x)),
    case("fold_in", [KEY, integer((), 0, 100), real((4,))],
         lambda b, key, data, x: b.mul(x, b.random("uniform", b.fold_in(key, data), x.shape))),
]


def broadcasts():
    table = [((), (3,), []), ((), ("N", 2), []), ((3,), (3,), [0]), ((3,), (2, 3), [1]),
             ((3,), (3, 2), [0]), ((1,), (4,), [0]), ((1, 3), (2, 3), [0, 1]),
             ((2, 1), (2, 3), [0, 1]), ((1, 1), (2, 3), [0, 1]), ((1,), (1,), [0]),
             (("N",), (2, "N", 3), [1]), (("N", 1), ("N", 2, 3), [0, 2]),
             (("N", 1), ("N", "2 * N + 1"), [0, 1]), ((2, 1, 3), (2, 4, 2, 3), [0, 2, 3])]
    return [case("broadcast", [real(shape)],
                 lambda b, x, to=to, axes=axes: b.broadcast(x, to, axes), shapes=[to])
            for shape, to, axes in table]


def reshapes():
    table = [((), (1,)), ((1,), ()), ((1, 1), ()), ((6,), (2, 3)), ((2, 3), (3, 2)),
             (("N", 4), ("4 * N",)), (("4 * N",), (2, "N", 2)), ((2, "N", 3), ("N", 6)),
             (("N", "N + 1"), ("N * N + N",)), (("N", 1, 3), ("N", 3)), (("N", 3), (1, "N", 1, 3)),
             ((2, 3, 4), (4, 3, 2)), (("2 * N + 1", 2), ("4 * N + 2",))]
    return [case("reshape", [real(shape)], lambda b, x, to=to: b.reshape(x, to))
            for shape, to in table]


def transposes():
    table = [((), []), ((3,), [0]), ((2, 3), [1, 0]), ((2, 3), [0, 1]), (("N", 3), [1, 0]),
             ((2, 3, 4), [1, 2, 0]), ((2, 3, 4), [2, 0, 1]), ((2, "N", 3), [2, 1, 0]),
             ((1, 3, 1), [2, 1, 0]), (("N", 2, "2 * N + 1"), [2, 0, 1]),
             ((2, 1, 3, 2), [3, 1, 0, 2])]
    return [case("transpose", [real(shape)],
                 lambda b, x, permutation=permutation: b.transpose(x, permutation))
            for shape, permutation in table]


def slices():
    table = [((5,), (0,), (5,), [1]), ((5,), (1,), (3,), [1]), ((5,), (0,), (3,), [2]),
             ((5,), (4,), (1,), [3]), ((7,), (1,), (2,), [4]),
             ((3, 4), (1, 1), (2, 2), [1, 2]), (("N", 3), (0, 1), ("N", 2), [1, 1]),
             (("N + 2",), (1,), ("N",), [1]), (("2 * N + 1",), (1,), ("N",), [2]),
             (("2 * N",), ("N",), ("N",), [1]), (("3 * N + 2", 3), (2, 0), ("N", 2), [3, 2]),
             ((2, 3, 4), (1, 0, 2), (1, 3, 1), [1, 1, 3])]
    cases = [case("slice", [real(shape)],
                  lambda b, x, rest=rest: b.add(b.slice(x, *rest), b.slice(x, *rest)))
             for shape, *rest in table]
    # Of the elements that are not taken nothing is known; all of these are zero.
    return cases + [case("slice", [real((7,), role="flat")],
                         lambda b, x: b.slice(x, (6,), (0,), [1]))]


def pads():
    table = [((3,), (0,), (0,), [0], (3,)), ((3,), (2,), (1,), [0], (6,)),
             ((3,), (0,), (0,), [2], (7,)), ((1,), (1,), (0,), [3], (2,)),
             ((2, 3), (1, 0), (0, 2), [1, 1], (4, 7)),
             (("N", 2), (1, 1), (2, 0), [0, 1], ("N + 3", 4)),
             (("N",), ("N",), (1,), [0], ("2 * N + 1",)),
             (("N + 1",), (0,), ("N",), [1], ("3 * N + 1",)),
             ((2, 1, 2), (0, 1, 0), (1, 0, 0), [0, 0, 2], (3, 2, 4))]
    return [case("pad", [real(shape)],
                 lambda b, x, rest=rest: b.pad(x, *rest[:3], 0.5, rest[3]))
            for shape, *rest in table]


def concats():
    table = [([(2,), (3,)], 0, 5), ([(1,), (1,), (1,)], 0, 3), ([(2, 3), (2, 1)], 1, 4),
             ([(2, 3), (1, 3), (3, 3)], 0, 6), ([("N", 2), ("N + 1", 2)], 0, "2 * N + 1"),
             ([("N", 2), ("N", 1)], 1, 3), ([(2, 2, 1), (2, 2, 3)], 2, 4), ([(3,)], 0, 3)]
    cases = [case("concat", [real(shape) for shape in shapes],
                  lambda b, *parts, axis=axis, size=size: b.concat(parts, axis, size))
             for shapes, axis, size in table]
    return cases + [
        case("concat", [real((2,)), real((2,), role="given"), real((1,))],
             lambda b, x, y, z: b.concat([x, y, z, x], 0, 7)),
        case("concat", [real((2,), role="given"), real((2,))],
             lambda b, x, y: b.concat([x, y], 0, 4))]


def reverses():
    table = [((5,), [0]), ((1,), [0]), ((2, 3), [1]), ((2, 3), [0, 1]), (("N", 3), [0]),
             ((2, "2 * N + 1", 2), [1, 2]), ((2, 3), [])]
    return [case("reverse", [real(shape)], lambda b, x, axes=axes: b.reverse(x, axes))
            for shape, axes in table]


def gathers():
    """Indices reach beyond both ends, where they are clamped, and repeat."""
    table = [((5,), (3,), 0), ((5,), (), 0), ((3, 4), (2,), 0), ((3, 4), (6,), 1),
             ((3, 4), (2, 2), 1), ((2, 3, 2), (4,), 1), (("N + 1", 2), ("N",), 0),
             ((3, "N"), (2,), 0), ((1,), (3,), 0), ((2, 4, 3), (1, 2), 2)]
    cases = []
    for number, (shape, indices, axis) in enumerate(table):
        positions = integer(indices, -1, 5, ["i64", "i32"][number % 2])
        cases.append(case("gather", [real(shape), positions],
                          lambda b, x, i, axis=axis: b.gather(x, i, axis)))
        gathered = shape[:axis] + indices + shape[axis + 1:]
        roles = [("varied", "varied")]
        roles += [("varied", "given"), ("given", "varied")] if number in (3, 6) else []
        for first, second in roles:
            cases.append(case(
                "scatter_add", [real(shape, role=first), positions, real(gathered, role=second)],
                lambda b, x, i, updates, axis=axis: b.scatter_add(x, i, updates, axis)))
    # An operand that is also gathered from.
    cases.append(case("scatter_add", [real((4,)), integer((4,), -1, 4)],
                      lambda b, x, i: b.scatter_add(x, i, b.mul(x, b.gather(x, i, 0)), 0)))
    return cases


def reductions():
    table = [((), []), ((1,), [0]), ((6,), [0]), ((2, 3), [0]), ((2, 3), [1]), ((2, 3), [0, 1]),
             ((2, 3), []), (("N", 3), [0]), (("N", 3), [1]), ((2, 3, 2), [1]), ((2, 3, 2), [0, 2]),
             ((2, "2 * N + 1", 2), [1]), (("N", 1, 3), [0, 1])]
    cases = []
    for kind in ("sum", "max", "min", "prod"):
        for shape, axes in table:
            make = distinct if kind in ("max", "min") else \
                (lambda shape: real(shape, -1.5, 1.5, [0]))
            cases.append(case(f"reduce_{kind}", [make(shape)],
                              lambda b, x, kind=kind, axes=axes: b.reduce(kind, x, axes)))
    for kind in ("max", "min"):
        largest = 0.5 if kind == "max" else -0.5
        cases.append(case(f"reduce_{kind}", [exactly((2, 3), [largest, 0.0, largest,
                                                              0.25, largest, 0.0])],
                          lambda b, x, kind=kind: b.reduce(kind, x, [1]), loss="linear",
                          second=False))
    # No zero, one and two of them.
    cases.append(case("reduce_prod", [exactly((3, 3), [1.0, 2.0, -0.5, 0.0, 1.5, -2.0,
                                                       0.0, 0.75, 0.0])],
                      lambda b, x: b.reduce("prod", x, [1])))
    for kind in ("max", "min"):
        for shape, axis in [((4,), 0), ((2, 3), 0), ((2, 3), 1), (("N", 3), 1), ((3, "N"), 0),
                            ((2, 3, 2), 1), ((1,), 0)]:
            cases.append(case(f"arg{kind}", [distinct(shape, "flat")],
                              lambda b, x, kind=kind, axis=axis: b.argument(kind, x, axis)))
        cases.append(case(f"arg{kind}", [distinct((3, 4))],
                          lambda b, x, kind=kind: b.gather(b.reshape(x, (12,)),
                                                           b.argument(kind, x, 1), 0)))
    return cases


def contractions():
    """Shapes of both operands, batch axes, contracted axes; in orders as odd as they get."""
    table = [
        ((3,), (3,), ([], []), ([0], [0])), ((2,), (3,), ([], []), ([], [])),
        ((), (3,), ([], []), ([], [])), ((2, 3), (3, 4), ([], []), ([1], [0])),
        ((3, 2), (3, 4), ([], []), ([0], [0])), ((3, 2), (4, 3), ([], []), ([0], [1])),
        ((2, 3), (3,), ([], []), ([1], [0])), ((3,), (3, 2), ([], []), ([0], [0])),
        (("N", 3), (3, "2 * N + 1"), ([], []), ([1], [0])),
        ((2, "N"), ("N", 2), ([], []), ([1], [0])),
        ((2, 3, 4), (2, 4, 2), ([0], [0]), ([2], [1])), ((3, 2), (2, 3), ([1], [0]), ([0], [1])),
        ((2, 3), (2, 3), ([0, 1], [0, 1]), ([], [])), ((2, 3), (3, 2), ([0, 1], [1, 0]), ([], [])),
        ((2, 3), (2, 3), ([], []), ([0, 1], [0, 1])), ((2, 3), (3, 2), ([], []), ([1, 0], [0, 1])),
        ((2, 3, 4), (4, 2, 2), ([], []), ([2, 0], [0, 1])),
        ((2, 3, 4), (4, 3, 2), ([], []), ([0, 2], [2, 0])),
        ((2, 3, 2, 4), (4, 2, 5, 2), ([2, 0], [3, 1]), ([3], [0])),
        ((2, 3, 2, 4), (3, 4, 2, 1), ([0], [2]), ([3, 1], [1, 0])),
        ((4, 3, 2), (3, 2, 4, 2), ([2], [1]), ([0, 1], [2, 0])),
        (("N", 2, 3), (3, 2, "N"), ([0], [2]), ([1, 2], [1, 0])),
        ((1, 3), (3, 1), ([], []), ([1], [0])), ((1, 1), (1, 1), ([0], [1]), ([1], [0]))]
    cases = []
    for number, (left, right, batch, contract) in enumerate(table):
        roles = [("varied", "varied")]
        roles += [("varied", "given"), ("given", "varied")] if number % 5 == 3 else []
        for first, second in roles:
            cases.append(case("contract", [real(left, role=first), real(right, role=second)],
                              lambda b, x, y, batch=batch, contract=contract:
                              b.contract(x, y, batch, contract)))
    return cases + [case("contract", [real((3, 3))],
                         lambda b, x: b.contract(x, x, ([], []), ([1], [0]))),
                    case("contract", [real((2, 2, 2))],
                         lambda b, x: b.contract(x, x, ([0], [1]), ([2], [0])))]


def all_cases():
    cases = [*ELEMENTWISE, *extrema(), *LOGIC, *CASTS, *SOURCES, *RANDOM, *broadcasts(),
             *reshapes(), *transposes(), *slices(), *pads(), *concats(), *reverses(), *gathers(),
             *reductions(), *contractions(), *SCANS, *FUNCTIONS]
    numbers = {}
    for item in cases:
        number = numbers[item.operation] = numbers.get(item.operation, 0) + 1
        item.name = f"{item.operation}_{number}"
    return cases
