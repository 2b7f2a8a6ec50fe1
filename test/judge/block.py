"""Operations of random programs, one method each.

The element type `real` stands for f32 or, in the run that says what is right, for f64; everything
else keeps its type. Real values avoid what amplifies rounding: poles, and discontinuities of
computed values. Those of integers and bools are exact.
"""
import re

from sizes import Size, count

MAXIMAL_ELEMENTS = 4096
INTEGERS = ("i32", "i64", "i8")


def array(shape, element):
    return "!model.array<" + "".join(f"{size} x " for size in shape) + f"{element}>"


def shape_attribute(shape):
    return "<" + " x ".join(str(size) for size in shape) + ">"


def names(values):
    return ", ".join(value.name for value in values)


def types(values):
    return ", ".join(value.type for value in values)


class Value:
    """An SSA name, its shape and element type, and whether it is as given, not computed."""

    def __init__(self, name, shape, element, given=False):
        self.name, self.element, self.given = name, element, given
        self.shape = tuple(Size.of(size) for size in shape)

    @property
    def type(self):
        return array(self.shape, self.element)


class Block:
    """Operations under construction, and the values that they may use. `values` are of the
    program's element type; `others` are the integers and bools beside them."""

    def __init__(self, program, prefix="", depth=0, smooth=False):
        self.program, self.source = program, program.source
        self.element, self.symbols = program.element, dict(program.symbols)
        self.prefix, self.depth, self.smooth = prefix, depth, smooth
        self.lines, self.values, self.others, self.made = [], [], [], 0

    exact = property(lambda self: self.element != "real")

    # Building

    def name(self):
        self.made += 1
        return f"%{self.prefix}{self.made - 1}"

    def emit(self, text, shape, element=None, keep=True):
        value = Value(self.name(), shape, element or self.element)
        self.lines.append(f"{value.name} = {text}")
        if keep:
            self.keep(value)
        return value

    def keep(self, value):
        (self.values if value.element == self.element else self.others).append(value)

    def fill(self, number, shape, element=None):
        element = element or self.element
        text = repr(float(number)) if element in ("real", "f32") else str(int(number))
        return self.emit(f"model.fill {text} : {element} : {array(shape, element)}", shape,
                         element, keep=False)

    def unary(self, operation, x, keep=True):
        return self.emit(f"model.{operation} {x.name} : {x.type}", x.shape, x.element, keep)

    def binary(self, operation, x, y, keep=True):
        return self.emit(f"model.{operation} {x.name}, {y.name} : {x.type}", x.shape, x.element,
                         keep)

    def cast(self, x, element, keep=False):
        return self.emit(f"model.cast {x.name} to {element} : {x.type}", x.shape, element, keep)

    def compare(self, x, y, keep=False):
        predicate = self.source.choice(["eq", "ne", "lt", "le", "gt", "ge"])
        return self.emit(f"model.compare {predicate} {x.name}, {y.name} : {x.type}", x.shape, "i1",
                         keep)

    def select(self, condition, x, y, keep=True):
        return self.emit(f"model.select {condition.name}, {x.name}, {y.name} "
                         f": {condition.type}, {x.type}", x.shape, x.element, keep)

    def positive(self, x):
        """Something of x that is at least a half, and smooth."""
        square = self.binary("mul", x, x, keep=False) if self.smooth else \
            self.unary("abs", x, keep=False)
        return self.binary("add", square, self.fill(0.5, x.shape), keep=False)

    # Choosing

    def chance(self, probability):
        return self.source.random() < probability

    def pick(self):
        # Recent values more often, so that graphs get deep.
        if self.chance(0.5):
            return self.source.choice(self.values[-3:])
        return self.source.choice(self.values)

    def sinks(self, most):
        """At most so many of the values that nothing uses yet, or the last one: what a block
        returns, so that little of it is dead."""
        used = set()
        for line in self.lines:
            used.update(re.findall(r"%\w+(?:#\d+)?", line.partition(" = ")[2] or line))
        found = [v for v in self.values + self.others if v.name not in used]
        return self.source.sample(found, min(most, len(found))) or self.values[-1:][:most]

    def pick_axes(self, x, least=1):
        axes = range(len(x.shape))
        return sorted(self.source.sample(axes, self.source.randint(least, len(axes))))

    def pick_like(self, shape):
        """A value of that shape, made by a broadcast if there is none."""
        shape = tuple(Size.of(size) for size in shape)
        found = [v for v in self.values if v.shape == shape]
        if found and self.chance(0.9):
            return self.source.choice(found)
        sources = [v for v in self.values if self.broadcast_axes(v.shape, shape) is not None]
        if not sources:
            return self.fill(self.source.choice([1, 2, -1]), shape)
        return self.broadcast(self.source.choice(sources), shape)

    def pick_condition(self, shape):
        """A bool of that shape that does not depend on rounding."""
        found = [v for v in self.others if v.element == "i1" and v.shape == shape]
        if found and self.chance(0.5):
            return self.source.choice(found)
        sources = [v for v in self.values + self.others if v.shape == shape and v.element != "i1"
                   and (v.given or v.element != "real")]
        if not sources:
            return None
        x = self.source.choice(sources)
        same = [v for v in sources if v.element == x.element]
        y = self.source.choice(same) if self.chance(0.3) else self.fill(0, shape, x.element)
        return self.compare(x, y, keep=self.chance(0.5))

    def size(self):
        if self.chance(0.3):
            name = Size.of(self.source.choice(sorted(self.symbols)))
            return self.source.choice([name, name, name, name * 2 + 1, name + 3, name * 4])
        return Size.of(self.source.choice([1, 2, 3, 4, 7, 16, 17, 33]))

    def fits(self, *shape):
        return count(shape, self.symbols) <= MAXIMAL_ELEMENTS

    def shape(self, rank=None):
        rank = self.source.choice([0, 1, 1, 2, 2, 2, 3]) if rank is None else rank
        while True:
            shape = tuple(self.size() for _ in range(rank))
            if self.fits(*shape):
                return shape

    # Movements

    @staticmethod
    def broadcast_axes(small, large):
        """Increasing axes of `large` for those of `small`, or None."""
        axes, start = [], 0
        for size in small:
            while start < len(large) and large[start] != size and size != 1:
                start += 1
            if start == len(large):
                return None
            axes.append(start)
            start += 1
        return axes

    def broadcast(self, x, shape):
        axes = self.broadcast_axes(x.shape, shape)
        return self.emit(f"model.broadcast {x.name} to {shape_attribute(shape)} axes {axes} "
                         f": {x.type}", shape, x.element)

    def make_broadcast(self):
        x = self.pick()
        shape = list(x.shape)
        shape.insert(self.source.randint(0, len(shape)), self.size())
        shape = [self.size() if size == 1 and self.chance(0.5) else size for size in shape]
        if not self.fits(*shape) or self.broadcast_axes(x.shape, shape) is None:
            return None
        return self.broadcast(x, shape)

    def make_transpose(self):
        x = self.pick()
        if len(x.shape) < 2:
            return None
        permutation = list(range(len(x.shape)))
        self.source.shuffle(permutation)
        return self.emit(f"model.transpose {x.name} permutation {permutation} : {x.type}",
                         [x.shape[axis] for axis in permutation])

    def make_reshape(self):
        x = self.pick()
        shape = list(x.shape)
        if len(shape) > 1 and self.chance(0.5):
            i = self.source.randrange(len(shape) - 1)
            shape[i:i + 2] = [shape[i] * shape[i + 1]]
        elif 1 in shape and self.chance(0.5):
            shape.remove(1)
        elif shape and self.chance(0.5):
            # One axis, where its size can be divided, becomes two.
            i = self.source.randrange(len(shape))
            factor = self.source.choice([2, 3, 4])
            if any(c % factor for _, c in shape[i].terms):
                return None
            parts = [Size.of(factor), Size({m: c // factor for m, c in shape[i].terms})]
            self.source.shuffle(parts)
            shape[i:i + 1] = parts
        elif len(shape) < 4:
            shape.insert(self.source.randint(0, len(shape)), Size.of(1))
        if len(shape) > 5:
            return None
        return self.emit(f"model.reshape {x.name} to {shape_attribute(shape)} : {x.type}", shape)

    def slice_axis(self, size):
        """A start, a count and a step that fit an axis at all values of the symbols."""
        if size.is_constant:
            number = size.constant
            if number < 2:
                return 0, size, 1
            start = self.source.randrange(number)
            step = self.source.choice([1, 1, 2, 3])
            return start, self.source.randint(1, (number - start + step - 1) // step), step
        extra = size.constant
        if extra > 0 and self.chance(0.6):
            start = self.source.randint(0, extra)
            return start, size - start - self.source.randint(0, extra - start), 1
        if extra in (0, 1) and all(c % 2 == 0 for m, c in size.terms if m) and self.chance(0.6):
            half = Size({m: c // 2 for m, c in size.terms if m})
            return self.source.choice([(0, half, 2), (1, half, 2), (half, half, 1)])
        return 0, size, 1

    def make_slice(self):
        x = self.pick()
        if not x.shape:
            return None
        starts, counts, steps = map(list, zip(*map(self.slice_axis, x.shape)))
        return self.emit(f"model.slice {x.name} starts {shape_attribute(starts)} "
                         f"counts {shape_attribute(counts)} steps {steps} : {x.type}", counts)

    def make_pad(self):
        x = self.pick()
        if not x.shape:
            return None
        low, high, interior, shape = [], [], [], []
        for size in x.shape:
            # Between no elements nothing fits.
            widths = [self.source.choice([0, 0, 1, 2]) for _ in range(3)]
            if size.constant == 0:
                widths[2] = 0
            shape.append(size + widths[0] + widths[1] + (size - 1) * widths[2])
            for part, width in zip((low, high, interior), widths):
                part.append(width)
        if not self.fits(*shape):
            return None
        number = "0.5" if not self.exact else "3"
        return self.emit(f"model.pad {x.name} low {shape_attribute(low)} "
                         f"high {shape_attribute(high)} interior {interior} "
                         f"value {number} : {self.element} : {x.type}", shape)

    def make_concat(self):
        x = self.pick()
        if not x.shape:
            return None
        axis = self.source.randrange(len(x.shape))
        others = [v for v in self.values if len(v.shape) == len(x.shape)
                  and all(a == b for i, (a, b) in enumerate(zip(v.shape, x.shape)) if i != axis)]
        parts = [x] + [self.source.choice(others) for _ in range(self.source.randint(1, 2))]
        shape = list(x.shape)
        shape[axis] = sum((part.shape[axis] for part in parts), Size.of(0))
        if not self.fits(*shape):
            return None
        return self.emit(f"model.concat {names(parts)} axis {axis} : {types(parts)}", shape)

    def make_reverse(self):
        x = self.pick()
        if not x.shape:
            return None
        return self.emit(f"model.reverse {x.name} axes {self.pick_axes(x)} : {x.type}", x.shape)

    def make_iota(self):
        shape = self.shape()
        if not shape:
            return None
        axis = self.source.randrange(len(shape))
        x = self.emit(f"model.iota axis {axis} : {array(shape, self.element)}", shape, keep=False)
        return self.binary("mul", x, self.fill(0.125 if not self.exact else 2, shape))

    # Indices

    def indices(self):
        """Integers, some of them outside of any axis: they are clamped."""
        found = [v for v in self.values + self.others
                 if v.element in INTEGERS and len(v.shape) <= 2]
        if found and self.chance(0.6):
            return self.source.choice(found)
        shape, element = self.shape(1), self.source.choice(["i32", "i64"])
        x = self.emit(f"model.iota axis 0 : {array(shape, element)}", shape, element, keep=False)
        factor = self.fill(self.source.choice([1, -1, 3]), shape, element)
        offset = self.fill(self.source.choice([0, 1, 4]), shape, element)
        return self.binary("add", self.binary("mul", x, factor, keep=False), offset)

    def pick_axis_to_index(self, x):
        """An axis that has elements at all values of the symbols, or None."""
        axes = [axis for axis, size in enumerate(x.shape) if size.constant > 0]
        return self.source.choice(axes) if axes else None

    def make_gather(self):
        x = self.pick()
        axis = self.pick_axis_to_index(x)
        if axis is None:
            return None
        indices = self.indices()
        shape = x.shape[:axis] + indices.shape + x.shape[axis + 1:]
        if not self.fits(*shape) or len(shape) > 4:
            return None
        return self.emit(f"model.gather {x.name}[{indices.name}] axis {axis} "
                         f": {x.type}, {indices.type}", shape)

    def make_scatter(self):
        x = self.pick()
        axis = self.pick_axis_to_index(x)
        if axis is None:
            return None
        indices = self.indices()
        shape = x.shape[:axis] + indices.shape + x.shape[axis + 1:]
        if not self.fits(*shape) or len(shape) > 4:
            return None
        updates = self.pick_like(shape)
        return self.emit(f"model.scatter_add {x.name}[{indices.name}], {updates.name} "
                         f"axis {axis} : {x.type}, {indices.type}, {updates.type}", x.shape)

    # Arithmetic

    def make_unary(self):
        x = self.pick()
        if self.exact:
            return self.unary(self.source.choice(["neg", "abs", "sign"]), x)
        kinks = [] if self.smooth and not x.given else ["abs"]
        operation = self.source.choice(
            ["tanh", "sigmoid", "sin", "cos", "erf", "neg", "exp", "log", "sqrt", "rsqrt", "expm1",
             "log1p"] + kinks)
        if operation in ("exp", "expm1"):
            x = self.unary("tanh", x, keep=False)
        if operation in ("log", "sqrt", "rsqrt", "log1p"):
            x = self.positive(x)
        return self.unary(operation, x)

    def make_rounding(self):
        """What jumps, of given numbers."""
        given = [v for v in self.values if v.given]
        if self.exact or not given:
            return None
        x = self.source.choice(given)
        operation = self.source.choice(["floor", "ceil", "round", "sign", "cast"])
        if operation == "cast":
            return self.cast(x, self.source.choice(["i32", "i64", "i8", "i1"]), keep=True)
        return self.unary(operation, x)

    def make_binary(self):
        x = self.pick()
        y = self.pick_like(x.shape)
        choices = ["add", "sub", "mul"]
        if not self.smooth or (x.given and y.given):
            choices += ["max", "min"]
        operation = self.source.choice(choices + ([] if self.exact else ["div", "pow"]))
        if operation == "div":
            y = self.positive(y)
        if operation == "pow":
            x = self.binary("add", self.unary("sigmoid", x, keep=False), self.fill(0.5, x.shape),
                            keep=False)
            y = self.unary("tanh", y, keep=False)
        return self.binary(operation, x, y)

    def make_select(self):
        x = self.pick()
        condition = self.pick_condition(x.shape)
        return condition and self.select(condition, x, self.pick_like(x.shape))

    def make_reduce(self):
        x = self.pick()
        if not x.shape:
            return None
        axes = self.pick_axes(x, least=0)
        shape = [size for i, size in enumerate(x.shape) if i not in axes]
        kinks = [] if self.smooth and not x.given else ["max", "min"]
        if any(x.shape[axis].constant == 0 for axis in axes):
            kinks = []  # of nothing, the result would be infinite
        operation = self.source.choice(["sum", "sum"] + kinks + (["prod"] if self.exact else []))
        return self.emit(f"model.reduce_{operation} {x.name} axes {axes} : {x.type}", shape)

    def make_argument(self):
        x = self.source.choice([v for v in self.values + self.others
                                if v.element in INTEGERS or v.given] or [None])
        axis = x and x.element != "i1" and self.pick_axis_to_index(x)
        if axis is None or axis is False:
            return None
        shape = x.shape[:axis] + x.shape[axis + 1:]
        operation = self.source.choice(["argmax", "argmin"])
        return self.emit(f"model.{operation} {x.name} axis {axis} : {x.type}", shape, "i32")

    def make_contract(self):
        x = self.pick()
        free = [self.size() for _ in range(self.source.randint(0, 1))]
        labels = list(range(len(x.shape)))
        self.source.shuffle(labels)
        batch = labels[:self.source.choice([0, 0, 1])]
        contract = [axis for axis in labels if axis not in batch][:self.source.choice([1, 1, 2])]
        # The other operand has the batch axes, the contracted ones and free ones in any order.
        parts = ([("b", a) for a in batch] + [("c", a) for a in contract]
                 + [("f", i) for i in range(len(free))])
        self.source.shuffle(parts)
        shape = [free[i] if kind == "f" else x.shape[i] for kind, i in parts]
        if not self.fits(*shape):
            return None
        y = self.pick_like(shape)
        right_batch = [parts.index(("b", a)) for a in batch]
        right_contract = [parts.index(("c", a)) for a in contract]
        result = ([x.shape[a] for a in batch]
                  + [x.shape[a] for a in range(len(x.shape))
                     if a not in batch and a not in contract] + free)
        if not self.fits(*result):
            return None
        product = self.emit(f"model.contract {x.name}, {y.name} batch {batch} x {right_batch} "
                            f"contract {contract} x {right_contract} : {x.type}, {y.type}",
                            result, keep=self.exact)
        if self.exact:
            return product
        return self.binary("mul", product, self.fill(0.125, result))

    # Integers and bools

    def make_other(self):
        """Something exact of what is exact."""
        if not self.others:
            return None
        x = self.source.choice(self.others)
        same = [v for v in self.others if v.shape == x.shape and v.element == x.element]
        y = self.source.choice(same)
        kind = self.source.choice(["arithmetic", "arithmetic", "cast", "compare", "reduce",
                                   "select", "broadcast"])
        if kind == "broadcast":
            shape = (self.size(),) + x.shape
            return self.broadcast(x, shape) if self.fits(*shape) else None
        if kind == "cast":
            return self.cast(x, self.source.choice(["i32", "i64", "i8", "i1"]), keep=True)
        if kind == "compare":
            return self.compare(x, y, keep=True)
        if kind == "select":
            condition = self.pick_condition(x.shape)
            return condition and self.select(condition, x, y)
        if x.element == "i1":
            if self.chance(0.3):
                return self.unary("not", x)
            return self.binary(self.source.choice(["and", "or"]), x, y)
        if kind == "reduce" and x.shape:
            axes = self.pick_axes(x)
            shape = [size for i, size in enumerate(x.shape) if i not in axes]
            operation = self.source.choice(["sum", "max", "min", "prod"])
            return self.emit(f"model.reduce_{operation} {x.name} axes {axes} : {x.type}", shape,
                             x.element)
        if self.chance(0.3):
            return self.unary(self.source.choice(["neg", "abs", "sign"]), x)
        return self.binary(self.source.choice(["add", "sub", "mul", "max", "min"]), x, y)

    def make_number_of_other(self):
        """A small number of an integer or a bool."""
        if not self.others:
            return None
        x = self.source.choice(self.others)
        if x.element != "i1" and not self.exact:
            x = self.binary("max", x, self.fill(-8, x.shape, x.element), keep=False)
            x = self.binary("min", x, self.fill(8, x.shape, x.element), keep=False)
        return self.cast(x, self.element, keep=True)

    def make_random(self):
        """Random numbers are drawn as f32 in all runs, since those of f64 are others."""
        keys = [v for v in self.values + self.others if v.element == "i64" and not v.shape]
        key = self.source.choice(keys) if keys else self.fill(self.source.randrange(1000), (), "i64")
        if self.chance(0.5):
            data = self.fill(self.source.randrange(10), (), "i64")
            key = self.emit(f"model.fold_in {key.name}, {data.name} : {key.type}", (), "i64")
        shape = self.shape()
        if self.exact or self.chance(0.3):
            p = self.fill(self.source.choice([0.25, 0.5, 1.0]), (), "f32")
            return self.emit(f"model.random_bernoulli {key.name}, {p.name} "
                             f": {key.type}, {p.type} -> {array(shape, 'i1')}", shape, "i1")
        kind = self.source.choice(["uniform", "normal"])
        x = self.emit(f"model.random_{kind} {key.name} : {key.type} -> {array(shape, 'f32')}",
                      shape, "f32", keep=False)
        return self.cast(x, self.element, keep=True)

    def make_size(self):
        size = self.size()
        if self.exact:
            return self.emit(f"model.size <{size}> : {array((), self.element)}", ())
        x = self.emit(f"model.size <{size}> : {array((), 'i64')}", (), "i64", keep=self.chance(0.5))
        return self.binary("mul", self.cast(x, self.element), self.fill(0.125, ()))

    def make_stop(self):
        return self.unary("stop_gradient", self.pick()) if self.chance(0.2) else None

    def grow(self, operations, control=True):
        """Adds so many operations; `control`: also scans, calls and gradients."""
        import control as structures  # which builds blocks itself
        makers = [self.make_unary] * 4 + [self.make_binary] * 5 + [
            self.make_broadcast, self.make_broadcast, self.make_select, self.make_transpose,
            self.make_reshape, self.make_slice, self.make_pad, self.make_concat,
            self.make_reverse, self.make_iota, self.make_gather, self.make_scatter,
            self.make_reduce, self.make_reduce, self.make_contract, self.make_contract,
            self.make_argument, self.make_other, self.make_other, self.make_number_of_other,
            self.make_rounding, self.make_random, self.make_size, self.make_stop]
        if control:
            makers += [lambda: structures.make_scan(self)] * 3
            makers.append(lambda: structures.make_call(self))
            if not self.exact:
                makers += [lambda: structures.make_gradient(self)] * 2
        grown = 0
        while grown < operations and not self.program.full():
            if self.source.choice(makers)() is not None:
                grown += 1
