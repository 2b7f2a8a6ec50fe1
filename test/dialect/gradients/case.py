"""What a case of the sweep consists of, and its text as functions of a module.

A case is a function of some arguments, built from the operation under test. Its loss is the sum
of (y + w) y over all results y, with weights w, so that the second order is not trivial. These
entries are made of it:

    <name>_gradient   arguments, weights -> the loss and its derivative by each varied argument
    <name>_second     the same and one direction for each of these -> the sum of directions
                      times derivatives, and its derivative by each varied argument
    <name>_value      arguments, weights -> the loss, where making a gradient changes the forward
                      pass

A case with `frozen` arguments (for what a gradient must not see) has copies of these as further
arguments of `<name>_slope`, which is `<name>_gradient` with the copies held.
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
    def __init__(self, operation, arguments, body, bounds=None, runs=None, loss="square",
                 second=True, frozen=(), value=False):
        """`body(builder, *arguments)` returns a value or a list of values. `bounds` are those of
        the symbols, `runs` the values at which the case is run: the bounds, if none are given.
        `loss`: "square" or, where a kink forbids it, "linear" (w y). `second`: whether the second
        order is compared. `value`: whether there is an entry that only computes the loss."""
        self.operation, self.arguments, self.body = operation, arguments, body
        self.bounds = bounds or {}
        self.runs = runs or [self.bounds]
        self.loss, self.second, self.frozen, self.value = loss, second, list(frozen), value
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
        """The functions and entries. Afterwards the weights are known."""
        functions, values, copies = [], self.values(), self.copies()
        builder, total, self.weights = self.loss_of(values, None, functions)
        inputs = values + self.weights
        functions.append(function(f"private @{self.name}", inputs, builder, [total]))
        functions.append(self.gradient_entry("gradient", self.name, inputs))
        if copies:
            builder, total, _ = self.loss_of(values, copies, [])
            functions.append(function(f"private @{self.name}_held", inputs + copies, builder,
                                      [total]))
            functions.append(self.gradient_entry("slope", f"{self.name}_held", inputs + copies))
        if self.second:
            functions += self.second_order(inputs)
        if self.value:
            builder = Builder()
            functions.append(self.entry("value", builder, inputs,
                                        builder.call(self.name, inputs, [((), "f64")])))
        return "\n".join(functions)

    def loss_of(self, values, held, functions):
        """The loss, with copies of what is frozen or with the gradient stopped there."""
        builder = Builder(functions=functions, scope=self.name)
        if held is None:
            held = [builder.unary("stop_gradient", values[i]) for i in self.frozen]
        results = self.body(builder, *values, *held)
        results = results if isinstance(results, list) else [results]
        total, weights = None, []
        for number, result in enumerate(results):
            y = builder.cast(result) if result.element != "f64" else result
            weights.append(Value(f"%w{number}", y.shape, "f64"))
            factor = weights[-1] if self.loss == "linear" else builder.add(y, weights[-1])
            part = builder.mul(y, factor)
            part = builder.reduce("sum", part) if part.shape else part
            total = builder.add(total, part) if total else part
        return builder, total, weights

    def gradient_entry(self, name, callee, inputs):
        builder = Builder()
        return self.entry(name, builder, inputs, builder.gradient(callee, inputs, self.varied))

    def second_order(self, inputs):
        directions = self.directions()
        builder = Builder()
        total = None
        gradients = builder.gradient(self.name, inputs, self.varied)[1:]
        for gradient, direction in zip(gradients, directions):
            product = builder.mul(gradient, direction)
            product = builder.cast(product) if product.element != "f64" else product
            product = builder.reduce("sum", product) if product.shape else product
            total = builder.add(total, product) if total else product
        along = function(f"private @{self.name}_along", inputs + directions, builder, [total])
        outer = Builder()
        results = outer.gradient(f"{self.name}_along", inputs + directions, self.varied)
        return [along, self.entry("second", outer, inputs + directions, results)]

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
                kind = "curved" if self.loss == "square" else "straight"
            lines.append(f"case {self.name} {'second' if self.second else 'first'} {kind}")
            lines.append(f"symbols {len(symbols)} "
                         + " ".join(str(symbols[name]) for name in sorted(symbols)))
            lines.append(f"arguments {len(values) + len(self.weights)}")
            for argument, numbers in zip(self.arguments, values):
                lines.append(f"{argument.role} {len(numbers)} " + " ".join(map(repr, numbers)))
            for weights in self.weights:
                # Few bits, so that what is an exact sum stays one.
                numbers = [source.randrange(8, 25) / 16 for _ in range(count(weights.shape, symbols))]
                lines.append(f"given {len(numbers)} " + " ".join(map(repr, numbers)))
            lines.append(f"frozen {len(self.frozen)} " + " ".join(map(str, self.frozen)))
            for i in self.varied:
                numbers = [source.randrange(1, 9) / 8 * source.choice([-1, 1]) for _ in values[i]]
                lines.append(f"direction {len(numbers)} " + " ".join(map(repr, numbers)))
        return "\n".join(lines) + "\n"


def count(shape, symbols):
    """The number of elements where symbols have the given values."""
    number = 1
    for size in shape:
        text = str(size).replace("floordiv", "//").replace(" mod ", " % ")
        number *= eval(text, {"__builtins__": {}}, dict(symbols))
    return number
