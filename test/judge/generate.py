"""Random programs of the model dialect, at stage `model`.

A program is one entry function: a random graph of operations over arrays of random shapes, some
of them symbolic. Real programs avoid what amplifies rounding (discontinuities of computed values,
poles), so that two correct compilers differ by rounding alone. Exact programs work on integers.
"""
import random

SIZES = [1, 2, 3, 4, 7, 16, 17, 33]
SYMBOLS = {"N": 6, "T": 5}
MAXIMAL_ELEMENTS = 4096


def elements(shape):
    count = 1
    for size in shape:
        count *= SYMBOLS.get(size, size)
    return count


def array(shape, element):
    return "!model.array<" + "".join(f"{size} x " for size in shape) + f"{element}>"


def shape_attribute(shape):
    return "<" + " x ".join(str(size) for size in shape) + ">"


class Value:
    """An SSA name, its shape and element type, and whether it is as given, not computed."""

    def __init__(self, name, shape, element, given=False):
        self.name, self.shape, self.element, self.given = name, tuple(shape), element, given

    @property
    def type(self):
        return array(self.shape, self.element)


class Block:
    """Operations under construction, and the values that they may use."""

    def __init__(self, source, element, prefix="", depth=0):
        self.source, self.element, self.prefix, self.depth = source, element, prefix, depth
        self.lines, self.values, self.count = [], [], 0

    exact = property(lambda self: self.element != "f32")

    def emit(self, text, shape, element=None, keep=True):
        element = element or self.element
        name = f"%{self.prefix}{self.count}"
        self.count += 1
        self.lines.append(f"{name} = {text}")
        value = Value(name, shape, element)
        if keep and element == self.element:
            self.values.append(value)
        return value

    def fill(self, number, shape, element=None):
        element = element or self.element
        text = repr(float(number)) if element == "f32" else str(int(number))
        return self.emit(f"model.fill {text} : {element} : {array(shape, element)}", shape,
                         element, keep=False)

    def unary(self, operation, x, keep=True):
        return self.emit(f"model.{operation} {x.name} : {x.type}", x.shape, keep=keep)

    def binary(self, operation, x, y, keep=True):
        return self.emit(f"model.{operation} {x.name}, {y.name} : {x.type}", x.shape, keep=keep)

    def pick(self):
        # Recent values more often, so that graphs get deep.
        if self.source.random() < 0.5:
            return self.source.choice(self.values[-3:])
        return self.source.choice(self.values)

    def pick_like(self, shape):
        """A value of that shape, made by a broadcast if there is none."""
        found = [v for v in self.values if v.shape == tuple(shape)]
        if found and self.source.random() < 0.9:
            return self.source.choice(found)
        sources = [v for v in self.values if self.broadcast_axes(v.shape, shape) is not None]
        if not sources:
            return self.fill(self.source.choice([1, 2, -1]), shape)
        return self.broadcast(self.source.choice(sources), shape)

    # Shapes

    def size(self):
        if self.source.random() < 0.25:
            return self.source.choice(list(SYMBOLS))
        return self.source.choice(SIZES)

    def shape(self, rank=None):
        rank = self.source.choice([0, 1, 1, 2, 2, 2, 3]) if rank is None else rank
        shape = tuple(self.size() for _ in range(rank))
        return shape if elements(shape) <= MAXIMAL_ELEMENTS else self.shape(rank)

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

    # Operations: each returns a value or None if it does not apply

    def broadcast(self, x, shape):
        axes = self.broadcast_axes(x.shape, shape)
        return self.emit(f"model.broadcast {x.name} to {shape_attribute(shape)} axes {axes} "
                         f": {x.type}", shape)

    def make_broadcast(self):
        x = self.pick()
        shape = list(x.shape)
        shape.insert(self.source.randint(0, len(shape)), self.size())
        shape = [self.size() if size == 1 and self.source.random() < 0.5 else size
                 for size in shape]
        if elements(shape) > MAXIMAL_ELEMENTS or self.broadcast_axes(x.shape, shape) is None:
            return None
        return self.broadcast(x, shape)

    def make_unary(self):
        x = self.pick()
        if self.exact:
            return self.unary(self.source.choice(["neg", "abs", "sign"]), x)
        operation = self.source.choice(
            ["tanh", "sigmoid", "sin", "cos", "erf", "neg", "abs", "exp", "log", "sqrt", "rsqrt",
             "expm1", "log1p"])
        if operation in ("exp", "expm1"):
            x = self.unary("tanh", x, keep=False)
        if operation in ("log", "sqrt", "rsqrt", "log1p"):
            x = self.binary("add", self.unary("abs", x, keep=False), self.fill(0.5, x.shape),
                            keep=False)
        return self.unary(operation, x)

    def make_binary(self):
        x = self.pick()
        y = self.pick_like(x.shape)
        operation = self.source.choice(["add", "sub", "mul", "max", "min"]
                                       + ([] if self.exact else ["div"]))
        if operation == "div":
            y = self.binary("add", self.unary("abs", y, keep=False), self.fill(0.5, x.shape),
                            keep=False)
        return self.binary(operation, x, y)

    def make_select(self):
        given = [v for v in self.values if v.given or self.exact]
        if not given:
            return None
        x = self.source.choice(given)
        predicate = self.source.choice(["eq", "ne", "lt", "le", "gt", "ge"])
        zero = self.fill(0, x.shape)
        condition = self.emit(f"model.compare {predicate} {x.name}, {zero.name} : {x.type}",
                              x.shape, "i1", keep=False)
        a, b = self.pick_like(x.shape), self.pick_like(x.shape)
        return self.emit(f"model.select {condition.name}, {a.name}, {b.name} "
                         f": {condition.type}, {a.type}", x.shape)

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
        numbers = [i for i in range(len(shape) - 1)
                   if isinstance(shape[i], int) and isinstance(shape[i + 1], int)]
        if numbers and self.source.random() < 0.6:
            i = self.source.choice(numbers)
            shape[i:i + 2] = [shape[i] * shape[i + 1]]
        elif 1 in shape and self.source.random() < 0.5:
            shape.remove(1)
        elif len(shape) < 4:
            shape.insert(self.source.randint(0, len(shape)), 1)
        return self.emit(f"model.reshape {x.name} to {shape_attribute(shape)} : {x.type}", shape)

    def make_slice(self):
        x = self.pick()
        starts, counts, steps = [], [], []
        for size in x.shape:
            if isinstance(size, str) or size == 1:
                start, count, step = 0, size, 1
            else:
                start = self.source.randrange(size)
                step = self.source.choice([1, 1, 2, 3])
                count = self.source.randint(1, (size - start + step - 1) // step)
            starts.append(start)
            counts.append(count)
            steps.append(step)
        if not x.shape:
            return None
        return self.emit(f"model.slice {x.name} starts {shape_attribute(starts)} "
                         f"counts {shape_attribute(counts)} steps {steps} : {x.type}", counts)

    def make_pad(self):
        x = self.pick()
        if not x.shape:
            return None
        low, high, interior, shape = [], [], [], []
        for size in x.shape:
            widths = [0, 0, 0]
            if isinstance(size, int):
                widths = [self.source.choice([0, 0, 1, 2]) for _ in range(3)]
                size = widths[0] + widths[1] + size + (size - 1) * widths[2]
            for part, width in zip((low, high, interior), widths):
                part.append(width)
            shape.append(size)
        if elements(shape) > MAXIMAL_ELEMENTS:
            return None
        number = "0.5" if not self.exact else "3"
        return self.emit(f"model.pad {x.name} low {shape_attribute(low)} "
                         f"high {shape_attribute(high)} interior {interior} "
                         f"value {number} : {self.element} : {x.type}", shape)

    def make_concat(self):
        x = self.pick()
        axes = [i for i, size in enumerate(x.shape) if isinstance(size, int)]
        if not axes:
            return None
        axis = self.source.choice(axes)
        others = [v for v in self.values if len(v.shape) == len(x.shape)
                  and isinstance(v.shape[axis], int)
                  and all(a == b for i, (a, b) in enumerate(zip(v.shape, x.shape)) if i != axis)]
        parts = [x] + [self.source.choice(others) for _ in range(self.source.randint(1, 2))]
        shape = list(x.shape)
        shape[axis] = sum(part.shape[axis] for part in parts)
        if elements(shape) > MAXIMAL_ELEMENTS:
            return None
        return self.emit(f"model.concat {', '.join(p.name for p in parts)} axis {axis} "
                         f": {', '.join(p.type for p in parts)}", shape)

    def make_reverse(self):
        x = self.pick()
        if not x.shape:
            return None
        axes = sorted(self.source.sample(range(len(x.shape)),
                                         self.source.randint(1, len(x.shape))))
        return self.emit(f"model.reverse {x.name} axes {axes} : {x.type}", x.shape)

    def make_iota(self):
        shape = self.shape()
        if not shape:
            return None
        axis = self.source.randrange(len(shape))
        x = self.emit(f"model.iota axis {axis} : {array(shape, self.element)}", shape, keep=False)
        return self.binary("mul", x, self.fill(0.125 if not self.exact else 2, shape))

    def indices(self, shape):
        """Integers, some of them outside of any axis: gathers clamp."""
        if self.exact:
            found = [v for v in self.values if len(v.shape) <= 2]
            if found:
                return self.source.choice(found)
        flat = self.emit(f"model.iota axis 0 : {array(shape, 'i32')}", shape, "i32", keep=False)
        factor = self.fill(self.source.choice([1, -1, 3]), shape, "i32")
        scaled = self.emit(f"model.mul {flat.name}, {factor.name} : {flat.type}", shape, "i32",
                           keep=False)
        offset = self.fill(self.source.choice([0, 1, 4]), shape, "i32")
        return self.emit(f"model.add {scaled.name}, {offset.name} : {flat.type}", shape, "i32",
                         keep=False)

    def gathered_shape(self, x, indices, axis):
        return x.shape[:axis] + indices.shape + x.shape[axis + 1:]

    def make_gather(self):
        x = self.pick()
        if not x.shape:
            return None
        axis = self.source.randrange(len(x.shape))
        indices = self.indices(self.shape(1))
        shape = self.gathered_shape(x, indices, axis)
        if elements(shape) > MAXIMAL_ELEMENTS or len(shape) > 4:
            return None
        return self.emit(f"model.gather {x.name}[{indices.name}] axis {axis} "
                         f": {x.type}, {indices.type}", shape)

    def make_scatter(self):
        x = self.pick()
        if not x.shape:
            return None
        axis = self.source.randrange(len(x.shape))
        indices = self.indices(self.shape(1))
        shape = self.gathered_shape(x, indices, axis)
        if elements(shape) > MAXIMAL_ELEMENTS or len(shape) > 4:
            return None
        updates = self.pick_like(shape)
        return self.emit(f"model.scatter_add {x.name}[{indices.name}], {updates.name} "
                         f"axis {axis} : {x.type}, {indices.type}, {updates.type}", x.shape)

    def make_reduce(self):
        x = self.pick()
        if not x.shape:
            return None
        axes = sorted(self.source.sample(range(len(x.shape)),
                                         self.source.randint(1, len(x.shape))))
        shape = [size for i, size in enumerate(x.shape) if i not in axes]
        operation = self.source.choice(["sum", "sum", "max", "min"]
                                       + (["prod"] if self.exact else []))
        return self.emit(f"model.reduce_{operation} {x.name} axes {axes} : {x.type}", shape)

    def make_argument(self):
        given = [v for v in self.values if v.shape and (v.given or self.exact)]
        if not given:
            return None
        x = self.source.choice(given)
        axis = self.source.randrange(len(x.shape))
        shape = x.shape[:axis] + x.shape[axis + 1:]
        operation = self.source.choice(["argmax", "argmin"])
        position = self.emit(f"model.{operation} {x.name} axis {axis} : {x.type}", shape, "i32",
                             keep=False)
        return self.emit(f"model.cast {position.name} to {self.element} : {position.type}", shape)

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
        if elements(shape) > MAXIMAL_ELEMENTS:
            return None
        y = self.pick_like(shape)
        right_batch = [parts.index(("b", a)) for a in batch]
        right_contract = [parts.index(("c", a)) for a in contract]
        result = ([x.shape[a] for a in batch]
                  + [x.shape[a] for a in range(len(x.shape))
                     if a not in batch and a not in contract] + free)
        if elements(result) > MAXIMAL_ELEMENTS:
            return None
        product = self.emit(f"model.contract {x.name}, {y.name} batch {batch} x {right_batch} "
                            f"contract {contract} x {right_contract} : {x.type}, {y.type}",
                            result, keep=self.exact)
        if self.exact:
            return product
        return self.binary("mul", product, self.fill(0.125, result))

    def make_scan(self):
        if self.depth > 1:
            return None
        length = self.source.choice(["T", 1, 3, 4])
        carries = [self.pick() for _ in range(self.source.randint(1, 3))]
        slices = [v for v in self.values if v.shape and v.shape[0] == length]
        slices = self.source.sample(slices, min(len(slices), self.source.randint(0, 2)))
        invariants = [self.pick() for _ in range(self.source.randint(0, 2))]
        stacks = self.source.randint(0, 2)

        body = Block(self.source, self.element, f"{self.prefix}s{self.count}_", self.depth + 1)
        arguments = [(f"%{body.prefix}i", array((), "i64"))]
        for i, (value, shape) in enumerate([(v, v.shape) for v in carries]
                                           + [(v, v.shape[1:]) for v in slices]
                                           + [(v, v.shape) for v in invariants]):
            inner = Value(f"%{body.prefix}a{i}", shape, self.element, False)
            arguments.append((inner.name, inner.type))
            body.values.append(inner)
        index = body.emit(f"model.cast {arguments[0][0]} to {self.element} : {array((), 'i64')}",
                          ())
        if not self.exact:
            body.binary("mul", index, body.fill(0.125, ()))
        body.grow(self.source.randint(1, 6), scans=self.source.random() < 0.3)
        # Bounded, so that the repetition does not run away.
        yields = []
        for carry in carries:
            value = body.pick_like(carry.shape)
            yields.append(value if self.exact else body.unary("tanh", value))
        outputs = [body.pick() for _ in range(stacks)]
        outputs = [v for v in outputs if elements((length,) + v.shape) <= MAXIMAL_ELEMENTS]

        results = [Value(None, v.shape, self.element) for v in carries]
        results += [Value(None, (length,) + v.shape, self.element) for v in outputs]
        name = f"{self.prefix}{self.count}"
        self.count += 1
        groups = "".join(f" {kind}({', '.join(v.name for v in group)})" for kind, group in
                         (("carries", carries), ("slices", slices), ("invariants", invariants))
                         if group)
        reverse = " reverse" if self.source.random() < 0.3 else ""
        operands = ", ".join(v.type for v in carries + slices + invariants)
        self.lines.append(f"%{name}:{len(results)} = model.scan <{length}>{reverse}{groups} "
                          f": ({operands}) -> ({', '.join(v.type for v in results)}) {{")
        self.lines.append(f"^bb0({', '.join(f'{n}: {t}' for n, t in arguments)}):")
        self.lines += body.lines
        values = yields + outputs
        self.lines.append(f"model.yield {', '.join(v.name for v in values)} : "
                          f"{', '.join(v.type for v in values)}")
        self.lines.append("}")
        for i, value in enumerate(results):
            value.name = f"%{name}#{i}"
            self.values.append(value)
        return results[0]

    def grow(self, operations, scans=True):
        makers = [self.make_unary] * 4 + [self.make_binary] * 5 + [
            self.make_broadcast, self.make_broadcast, self.make_select, self.make_transpose,
            self.make_reshape, self.make_slice, self.make_pad, self.make_concat,
            self.make_reverse, self.make_iota, self.make_gather, self.make_scatter,
            self.make_reduce, self.make_reduce, self.make_contract, self.make_contract,
            self.make_argument]
        if scans:
            makers.append(self.make_scan)
        made = 0
        while made < operations:
            if self.source.choice(makers)() is not None:
                made += 1


def signature(values, names=None):
    return ", ".join(f"{v.name}: {v.type}"
                     + (f' {{model.input = "data", model.name = "{names[i]}"}}' if names else "")
                     for i, v in enumerate(values))


def program(number, seed):
    """The text of program `number`: an entry and, if it has gradients, a function beside it."""
    source = random.Random(f"{seed}/{number}")
    exact = source.random() < 0.25
    element = source.choice(["i32", "i64"]) if exact else "f32"
    block = Block(source, element)
    inputs = []
    for i in range(source.randint(1, 4)):
        inputs.append(Value(f"%x{i}", block.shape(), element, given=True))
    block.values += inputs
    block.grow(source.randint(2, 14))
    # The last values, and some of the others.
    outputs = block.values[-2:] + source.sample(block.values, min(len(block.values), 2))
    outputs = list(dict.fromkeys(outputs))
    symbols = "{" + ", ".join(f"{name} = {bound} : i64" for name, bound in SYMBOLS.items()) + "}"
    entry_attributes = f'attributes {{model.entry = "function", model.symbols = {symbols}}}'
    names = [v.name[1:] for v in inputs]

    if exact or source.random() < 0.5:
        lines = block.lines
        lines.append(f"return {', '.join(v.name for v in outputs)} : "
                     f"{', '.join(v.type for v in outputs)}")
        results = [v.type for v in outputs]
        text = ""
    else:
        # The sum of the outputs, differentiated by all inputs.
        total = block.fill(0.0, ())
        for value in outputs:
            part = value
            if value.shape:
                part = block.emit(f"model.reduce_sum {value.name} "
                                  f"axes {list(range(len(value.shape)))} : {value.type}", (),
                                  keep=False)
            total = block.binary("add", total, part, keep=False)
        text = f"func.func private @f{number}({signature(inputs)}) -> {total.type} {{\n"
        text += "\n".join(block.lines) + f"\nreturn {total.name} : {total.type}\n}}\n"
        results = [total.type] + [v.type for v in inputs]
        types = ", ".join(v.type for v in inputs)
        lines = [f"%r:{len(results)} = model.gradient @f{number}({', '.join(v.name for v in inputs)})"
                 f" wrt {list(range(len(inputs)))} : ({types}) -> ({', '.join(results)})",
                 f"return {', '.join(f'%r#{i}' for i in range(len(results)))} : "
                 f"{', '.join(results)}"]
    outputs_text = ", ".join(f'{type} {{model.output = "result", model.name = "y{i}"}}'
                             for i, type in enumerate(results))
    text += (f"func.func @p{number}({signature(inputs, names)}) -> ({outputs_text}) "
             f"{entry_attributes} {{\n" + "\n".join(lines) + "\n}\n")
    return text
