"""Writes bodies of functions at stage `model`: one method an operation."""


def array(shape, element):
    return "!model.array<" + "".join(f"{size} x " for size in shape) + f"{element}>"


def shape_attribute(shape):
    return "<" + " x ".join(str(size) for size in shape) + ">"


class Value:
    """An SSA name with its shape and element type."""

    def __init__(self, name, shape, element):
        self.name, self.shape, self.element = name, tuple(shape), element

    @property
    def type(self):
        return array(self.shape, self.element)


def names(values):
    return ", ".join(value.name for value in values)


def types(values):
    return ", ".join(value.type for value in values)


def bindings(where):
    """What the symbols of a callee stand for."""
    if not where:
        return ""
    return " where {" + ", ".join(f"{k} = #model.size<{v}>" for k, v in where.items()) + "}"


class Builder:
    """Operations under construction. Shapes that a method does not know are given."""

    def __init__(self, prefix="v", functions=None, scope=""):
        self.prefix, self.count, self.lines = prefix, 0, []
        # Functions that the body calls, as text, and the start of their names.
        self.functions, self.scope = [] if functions is None else functions, scope

    def name(self):
        self.count += 1
        return f"%{self.prefix}{self.count}"

    def emit(self, text, shape, element):
        value = Value(self.name(), shape, element)
        self.lines.append(f"{value.name} = {text}")
        return value

    # Element-wise

    def unary(self, operation, x):
        return self.emit(f"model.{operation} {x.name} : {x.type}", x.shape, x.element)

    def binary(self, operation, a, b):
        return self.emit(f"model.{operation} {a.name}, {b.name} : {a.type}", a.shape, a.element)

    def add(self, a, b):
        return self.binary("add", a, b)

    def mul(self, a, b):
        return self.binary("mul", a, b)

    def scale(self, x, number):
        return self.mul(x, self.fill(number, x.shape, x.element))

    def compare(self, predicate, a, b):
        return self.emit(f"model.compare {predicate} {a.name}, {b.name} : {a.type}", a.shape, "i1")

    def select(self, condition, a, b):
        return self.emit(f"model.select {condition.name}, {a.name}, {b.name} "
                         f": {condition.type}, {a.type}", a.shape, a.element)

    def cast(self, x, element="f64"):
        return self.emit(f"model.cast {x.name} to {element} : {x.type}", x.shape, element)

    # Sources

    def fill(self, number, shape, element="f64"):
        text = repr(float(number)) if element in ("f64", "f32") else str(number)
        return self.emit(f"model.fill {text} : {element} : {array(shape, element)}", shape, element)

    def constant(self, numbers, shape, element="f64"):
        """`numbers` as nested lists."""
        dimensions = "".join(f"{size}x" for size in shape)
        return self.emit(f"model.constant dense<{numbers}> : tensor<{dimensions}{element}> "
                         f": {array(shape, element)}", shape, element)

    def size(self, size, element="f64"):
        return self.emit(f"model.size <{size}> : {array((), element)}", (), element)

    def iota(self, axis, shape, element="f64"):
        return self.emit(f"model.iota axis {axis} : {array(shape, element)}", shape, element)

    def fold_in(self, key, data):
        return self.emit(f"model.fold_in {key.name}, {data.name} : {key.type}", (), "i64")

    def random(self, kind, key, shape, *operands):
        element = "i1" if kind == "bernoulli" else "f64"
        inputs = [key, *operands]
        return self.emit(f"model.random_{kind} {names(inputs)} : {types(inputs)} "
                         f"-> {array(shape, element)}", shape, element)

    # Movements

    def broadcast(self, x, shape, axes):
        return self.emit(f"model.broadcast {x.name} to {shape_attribute(shape)} axes {axes} "
                         f": {x.type}", shape, x.element)

    def reshape(self, x, shape):
        return self.emit(f"model.reshape {x.name} to {shape_attribute(shape)} : {x.type}",
                         shape, x.element)

    def transpose(self, x, permutation):
        return self.emit(f"model.transpose {x.name} permutation {permutation} : {x.type}",
                         [x.shape[axis] for axis in permutation], x.element)

    def slice(self, x, starts, counts, steps):
        return self.emit(f"model.slice {x.name} starts {shape_attribute(starts)} "
                         f"counts {shape_attribute(counts)} steps {steps} : {x.type}",
                         counts, x.element)

    def pad(self, x, low, high, interior, value, shape):
        return self.emit(f"model.pad {x.name} low {shape_attribute(low)} "
                         f"high {shape_attribute(high)} interior {interior} "
                         f"value {value} : {x.element} : {x.type}", shape, x.element)

    def concat(self, parts, axis, size):
        shape = list(parts[0].shape)
        shape[axis] = size
        return self.emit(f"model.concat {names(parts)} axis {axis} : {types(parts)}",
                         shape, parts[0].element)

    def reverse(self, x, axes):
        return self.emit(f"model.reverse {x.name} axes {axes} : {x.type}", x.shape, x.element)

    def gather(self, x, indices, axis):
        return self.emit(f"model.gather {x.name}[{indices.name}] axis {axis} "
                         f": {x.type}, {indices.type}",
                         x.shape[:axis] + indices.shape + x.shape[axis + 1:], x.element)

    def scatter_add(self, x, indices, updates, axis):
        return self.emit(f"model.scatter_add {x.name}[{indices.name}], {updates.name} "
                         f"axis {axis} : {x.type}, {indices.type}, {updates.type}",
                         x.shape, x.element)

    # Reductions and contractions

    def reduce(self, kind, x, axes=None):
        axes = list(range(len(x.shape))) if axes is None else axes
        return self.emit(f"model.reduce_{kind} {x.name} axes {axes} : {x.type}",
                         [size for axis, size in enumerate(x.shape) if axis not in axes],
                         x.element)

    def argument(self, kind, x, axis):
        return self.emit(f"model.arg{kind} {x.name} axis {axis} : {x.type}",
                         x.shape[:axis] + x.shape[axis + 1:], "i32")

    def contract(self, a, b, batch, contract):
        """`batch` and `contract` are pairs of lists of axes, of `a` and of `b`."""
        shape = [a.shape[axis] for axis in batch[0]]
        for operand, side in ((a, 0), (b, 1)):
            shape += [size for axis, size in enumerate(operand.shape)
                      if axis not in batch[side] and axis not in contract[side]]
        return self.emit(f"model.contract {a.name}, {b.name} batch {batch[0]} x {batch[1]} "
                         f"contract {contract[0]} x {contract[1]} : {a.type}, {b.type}",
                         shape, a.element)

    # Control

    def results(self, text, shapes):
        """An operation with several results, each a shape and an element type."""
        name = self.name()
        self.lines.append(f"{name}:{len(shapes)} = {text}")
        return [Value(f"{name}#{i}", *shape) for i, shape in enumerate(shapes)]

    def scan(self, length, carries, slices, invariants, body, reverse=False):
        """`body(b, index, carries, slices, invariants)` returns new carries and stacked values.
        Returns the last carries and the stacks."""
        inner = Builder(f"{self.name()[1:]}_", self.functions, self.scope)
        index = Value(f"%{inner.prefix}i", (), "i64")
        arguments, groups = [index], []
        for group, drop in ((carries, 0), (slices, 1), (invariants, 0)):
            groups.append([])
            for value in group:
                groups[-1].append(Value(inner.name(), value.shape[drop:], value.element))
            arguments += groups[-1]
        yielded, stacked = body(inner, index, *groups)
        header = "".join(f" {kind}({names(group)})" for kind, group in
                         (("carries", carries), ("slices", slices), ("invariants", invariants))
                         if group)
        shapes = [(v.shape, v.element) for v in yielded]
        shapes += [((length,) + v.shape, v.element) for v in stacked]
        made = self.results(f"model.scan <{length}>{' reverse' if reverse else ''}{header} : "
                            f"({types([*carries, *slices, *invariants])}) -> "
                            f"({', '.join(array(*shape) for shape in shapes)}) {{", shapes)
        self.lines.append(f"^bb0({', '.join(f'{v.name}: {v.type}' for v in arguments)}):")
        self.lines += inner.lines
        self.lines.append(f"model.yield {names(yielded + stacked)} : {types(yielded + stacked)}")
        self.lines.append("}")
        return made[:len(carries)], made[len(carries):]

    def define(self, arguments, body, rule=None):
        """A private function beside the one under construction; `body(b, *arguments)` returns
        its results. `rule` names the function that is its gradient. Returns its name."""
        number = len(self.functions)
        name = f"{self.scope}_f{number}"
        self.functions.append(None)
        inner = Builder(functions=self.functions, scope=self.scope)
        values = [Value(f"%a{i}", shape, element) for i, (shape, element) in enumerate(arguments)]
        results = body(inner, *values)
        attributes = f"attributes {{model.custom_gradient = @{rule}}} " if rule else ""
        self.functions[number] = function(f"private @{name}", values, inner, results,
                                          attributes=attributes)
        return name

    def call(self, name, operands, shapes, where=None):
        return self.results(f"model.call @{name}({names(operands)}){bindings(where)} : "
                            f"({types(operands)}) -> "
                            f"({', '.join(array(*shape) for shape in shapes)})", shapes)

    def gradient(self, name, operands, wrt, shapes=((), "f64"), where=None):
        """`shapes`: those of the function's own results. Returns these and the gradients."""
        shapes = [shapes] if not isinstance(shapes, list) else shapes
        shapes = shapes + [(operands[i].shape, operands[i].element) for i in wrt]
        return self.results(f"model.gradient @{name}({names(operands)}) wrt {wrt}"
                            f"{bindings(where)} : "
                            f"({types(operands)}) -> "
                            f"({', '.join(array(*shape) for shape in shapes)})", shapes)


def function(header, arguments, builder, results, argument_attributes=None, result_attributes=None,
             attributes=""):
    """The text of a function; attributes are texts, one for each argument or result."""
    def attributed(texts, extra):
        extra = extra or [""] * len(texts)
        return ", ".join(text + more for text, more in zip(texts, extra))
    inputs = attributed([f"{v.name}: {v.type}" for v in arguments], argument_attributes)
    outputs = attributed([v.type for v in results], result_attributes)
    body = "\n".join("  " + line for line in builder.lines)
    return (f"func.func {header}({inputs}) -> ({outputs}) {attributes}{{\n{body}\n"
            f"  return {names(results)} : {types(results)}\n}}\n")
