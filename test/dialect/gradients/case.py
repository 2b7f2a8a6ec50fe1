"""What a case of the sweep consists of, and its text as functions of a module.

A case is a function of some arguments, built from the operation under test. Its loss is the sum
over all results of weights times a smooth function of the result, so that the second order is
not trivial. Three entries are made of it:

    <name>_value      arguments -> the loss
    <name>_gradient   arguments -> the loss and its derivative by each varied argument
    <name>_second     arguments and one direction for each of these -> the sum of directions
                      times derivatives, and its derivative by each varied argument

A case with `frozen` arguments (for what a gradient must not see) has `<name>_value` with copies
of these as further arguments, and `<name>_slope`, the derivative with the copies held.
"""
import random

from builder import Builder, Value, array, function

# Distances from the points of a step, as the harness takes it, must stay clear of kinks.
CLEARANCE = 0.05


class Argument:
    """`numbers(random, count)` makes the values. `role` is "varied", "flat" (varied too, but the
    gradient must be zero exactly) or "given"."""

    def __init__(self, shape, element, numbers, role):
        self.shape, self.element, self.numbers, self.role = tuple(shape), element, numbers, role


def real(shape=(), low=-1.0, high=1.0, avoid=(), role="varied", element="f64"):
    """Uniform numbers that keep clear of the points `avoid`."""
    def numbers(source, count):
        found = []
        while len(found) < count:
            number = source.uniform(low, high)
            if all(abs(number - point) > CLEARANCE for point in avoid):
                found.append(number)
        return found
    return Argument(shape, element, numbers, role)


def distinct(shape, role="varied"):
    """Numbers no two of which are close."""
    def numbers(source, count):
        found = [0.1 * i - 0.05 * count + 0.003 for i in range(count)]
        source.shuffle(found)
        return found
    return Argument(shape, "f64", numbers, role)


def dyadic(shape=(), element="f64", role="varied"):
    """Multiples of 1/16: few bits, so that products of a few of them are exact in f32."""
    return Argument(shape, element,
                    lambda source, count: [source.randrange(-16, 17) / 16 for _ in range(count)],
                    role)


def exactly(shape, values, role="varied", element="f64"):
    return Argument(shape, element, lambda source, count: list(values), role)


def integer(shape=(), low=0, high=3, element="i64"):
    return Argument(shape, element,
                    lambda source, count: [source.randint(low, high) for _ in range(count)],
                    "given")


def boolean(shape=()):
    return Argument(shape, "i1",
                    lambda source, count: [source.randint(0, 1) for _ in range(count)], "given")


class Case:
    def __init__(self, operation, arguments, body, bounds=None, runs=None, loss="sine",
                 second=True, frozen=()):
        """`body(builder, *arguments)` returns a value or a list of values. `bounds` are those of
        the symbols, `runs` the values at which the case is run: the bounds, if none are given.
        `loss`: "sine", "square" or "linear". `second`: whether the second order is compared,
        which kinks forbid."""
        self.operation, self.arguments, self.body = operation, arguments, body
        self.bounds = bounds or {}
        self.runs = runs or [self.bounds]
        self.loss, self.second, self.frozen = loss, second, list(frozen)
        self.name = None

    varied = property(lambda self: [i for i, argument in enumerate(self.arguments)
                                    if argument.role != "given"])

    # The functions

    def values(self):
        return [Value(f"%x{i}", a.shape, a.element) for i, a in enumerate(self.arguments)]

    def copies(self):
        return [Value(f"%frozen{i}", self.arguments[i].shape, self.arguments[i].element)
                for i in self.frozen]

    def directions(self):
        return [Value(f"%d{i}", self.arguments[i].shape, self.arguments[i].element)
                for i in self.varied]

    def entry(self, name, builder, arguments, results):
        symbols = ", ".join(f"{symbol} = {bound} : i64" for symbol, bound in self.bounds.items())
        return function(
            f"@{self.name}_{name}", arguments, builder, results,
            [f' {{model.input = "data", model.name = "{v.name[1:]}"}}' for v in arguments],
            [f' {{model.output = "result", model.name = "y{i}"}}' for i in range(len(results))],
            f'attributes {{model.entry = "function", model.symbols = {{{symbols}}}}} ')

    def text(self):
        functions, values, copies = [], self.values(), self.copies()
        builder, total = self.loss_of(values, None, functions)
        functions.append(function(f"private @{self.name}", values, builder, [total]))
        if copies:
            builder, total = self.loss_of(values, copies, [])
            functions.append(function(f"private @{self.name}_held", values + copies, builder,
                                      [total]))
        functions.append(self.value_entry(values + copies))
        functions.append(self.gradient_entry("gradient", self.name, values))
        if copies:
            functions.append(self.gradient_entry("slope", f"{self.name}_held", values + copies))
        if self.second:
            functions += self.second_order(values)
        return "\n".join(functions)

    def loss_of(self, values, held, functions):
        """The loss, with copies of what is frozen or with the gradient stopped there."""
        builder = Builder(functions=functions, scope=self.name)
        if held is None:
            held = [builder.unary("stop_gradient", values[i]) for i in self.frozen]
        results = self.body(builder, *values, *held)
        results = results if isinstance(results, list) else [results]
        return builder, self.total(builder, results)

    def value_entry(self, values):
        builder = Builder()
        callee = f"{self.name}_held" if self.frozen else self.name
        return self.entry("value", builder, values, builder.call(callee, values, [((), "f64")]))

    def gradient_entry(self, name, callee, values):
        builder = Builder()
        return self.entry(name, builder, values, builder.gradient(callee, values, self.varied))

    def second_order(self, values):
        directions = self.directions()
        builder = Builder()
        gradients = builder.gradient(self.name, values, self.varied)[1:]
        total = builder.fill(0.0, ())
        for gradient, direction in zip(gradients, directions):
            product = builder.cast(builder.mul(gradient, direction))
            total = builder.add(total, builder.reduce("sum", product))
        along = function(f"private @{self.name}_along", values + directions, builder, [total])
        outer = Builder()
        results = outer.gradient(f"{self.name}_along", values + directions, self.varied)
        return [along, self.entry("second", outer, values + directions, results)]

    def total(self, builder, results):
        total = builder.fill(0.0, ())
        for number, result in enumerate(results):
            y = builder.cast(result)
            weights = self.weights(builder, number, y.shape)
            if self.loss == "sine":
                y = builder.unary("sin", y)
            elif self.loss == "square":
                y = builder.mul(y, builder.add(y, builder.fill(1.0, y.shape)))
            total = builder.add(total, builder.reduce("sum", builder.mul(y, weights)))
        return total

    def weights(self, builder, number, shape):
        """Irregular ones, or multiples of 1/4 where everything has to be exact."""
        if self.loss != "sine":
            weights = builder.fill(0.5 + 0.25 * number, shape)
            for axis in range(len(shape)):
                weights = builder.add(weights, builder.scale(builder.iota(axis, shape), 0.25))
            return weights
        phase = builder.fill(0.4 + 0.9 * number, shape)
        for axis in range(len(shape)):
            phase = builder.add(phase, builder.scale(builder.iota(axis, shape), 0.7 + 0.6 * axis))
        return builder.unary("cos", phase)

    # The runs

    def inputs(self):
        """The text that the harness reads: for each run, the numbers of all inputs."""
        lines = []
        for run, symbols in enumerate(self.runs):
            source = random.Random(f"{self.name}/{run}")
            values = [argument.numbers(source, count(argument.shape, symbols))
                      for argument in self.arguments]
            # At the bounds something must be there to compare; elsewhere arrays may be empty.
            kind = "any"
            if run == 0 and any(argument.role == "varied" for argument in self.arguments):
                kind = "curved" if self.loss == "sine" else "straight"
            lines.append(f"case {self.name} {'second' if self.second else 'first'} {kind}")
            lines.append(f"symbols {len(symbols)} "
                         + " ".join(str(symbols[name]) for name in sorted(symbols)))
            lines.append(f"arguments {len(values)}")
            for argument, numbers in zip(self.arguments, values):
                lines.append(f"{argument.role} {len(numbers)} " + " ".join(map(repr, numbers)))
            lines.append(f"frozen {len(self.frozen)} " + " ".join(map(str, self.frozen)))
            for i in self.varied:
                # Multiples of 1/8 for arrays of f32, which must not round.
                numbers = [source.randrange(1, 9) / 8 * source.choice([-1, 1])
                           for _ in values[i]]
                lines.append(f"direction {len(numbers)} " + " ".join(map(repr, numbers)))
        return "\n".join(lines) + "\n"


def count(shape, symbols):
    """The number of elements where symbols have the given values."""
    number = 1
    for size in shape:
        text = str(size).replace("floordiv", "//").replace(" mod ", " % ")
        number *= eval(text, {"__builtins__": {}}, dict(symbols))
    return number
