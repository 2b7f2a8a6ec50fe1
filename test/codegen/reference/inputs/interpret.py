"""What entries of the model dialect compute, from their text: slow, and independent of the compiler.

Arrays are (shape, elements in row-major order). Reads what `model-opt` prints without locations at
stage `grad`, with one operation a line.
"""
import itertools
import math
import re
import struct

WIDTHS = {"i1": 1, "i8": 8, "i32": 32, "i64": 64}


class Array:
    def __init__(self, shape, elements, element):
        self.shape, self.element = tuple(shape), element
        self.elements = [normalize(x, element) for x in elements]
        assert len(self.elements) == math.prod(self.shape), (self.shape, len(self.elements))

    def __getitem__(self, index):
        return self.elements[position(self.shape, index)]


def normalize(x, element):
    """`x` as a number of the type `element`; f32 keeps the precision of f64."""
    if element in ("f32", "f64"):
        return float(x)
    if element == "i1":
        return int(bool(x))
    width = WIDTHS[element]
    return (int(x) + (1 << (width - 1))) % (1 << width) - (1 << (width - 1))


def position(shape, index):
    place = 0
    for size, i in zip(shape, index):
        assert 0 <= i < size, (shape, index)
        place = place * size + i
    return place


def indices(shape):
    return itertools.product(*(range(size) for size in shape))


def evaluate_size(text, symbols):
    python = text.replace("floordiv", "//").replace("mod", "%").replace('"', "")
    return eval(python, {"__builtins__": {}}, dict(symbols))


def parse_type(text, symbols):
    """`!model.array<2 * N x f32>`, or without the prefix -> ((6,), "f32")"""
    parts = re.fullmatch(r"(?:!model\.array)?<(.*)>", text.strip()).group(1).split(" x ")
    return tuple(evaluate_size(size, symbols) for size in parts[:-1]), parts[-1].strip()


def split_types(text):
    return re.findall(r"(?:!model\.array)?<[^<>]*>", text)


def number(text, element):
    if text in ("true", "false"):
        return int(text == "true")
    if text.startswith("0x"):
        kind = {"f32": (">I", ">f"), "f64": (">Q", ">d")}.get(element)
        return struct.unpack(kind[1], struct.pack(kind[0], int(text, 16)))[0] if kind else int(text, 16)
    return float(text) if element in ("f32", "f64") else int(text)


# Element-wise operations

def sign(x):
    return x if x != x or x == 0 else math.copysign(1, x)


def largest(a, b):
    return math.nan if a != a or b != b else max(a, b)


def smallest(a, b):
    return math.nan if a != a or b != b else min(a, b)


UNARY = {
    "neg": lambda x: -x, "abs": abs, "sign": sign, "exp": math.exp, "expm1": math.expm1,
    "log": math.log, "log1p": math.log1p, "sqrt": math.sqrt, "rsqrt": lambda x: 1 / math.sqrt(x),
    "tanh": math.tanh, "sigmoid": lambda x: 1 / (1 + math.exp(-x)), "erf": math.erf,
    "sin": math.sin, "cos": math.cos, "floor": math.floor, "ceil": math.ceil, "round": round,
    "not": lambda x: 1 - x, "stop_gradient": lambda x: x}
BINARY = {
    "add": lambda a, b: a + b, "sub": lambda a, b: a - b, "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b, "min": smallest, "max": largest, "pow": math.pow,
    "and": lambda a, b: a & b, "or": lambda a, b: a | b}
PREDICATES = {
    "eq": lambda a, b: a == b, "ne": lambda a, b: a != b, "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b, "gt": lambda a, b: a > b, "ge": lambda a, b: a >= b}


def cast(x, source, target):
    if target == "i1" or source not in ("f32", "f64") or target in ("f32", "f64"):
        return x
    if x != x:
        return 0
    limit = 1 << (WIDTHS[target] - 1)
    return max(-limit, min(limit - 1, math.trunc(x) if math.isfinite(x) else
                           (limit if x > 0 else -limit)))


# The other families

def reduce(name, x, axes):
    shape = [size for axis, size in enumerate(x.shape) if axis not in axes]
    start = {"sum": 0, "prod": 1}.get(name)
    if start is None:
        bound = math.inf if x.element in ("f32", "f64") else None
        if bound is None:
            half = 1 << (WIDTHS[x.element] - 1)
            start = -half if name == "max" else half - 1
        else:
            start = -bound if name == "max" else bound
    combine = {"sum": BINARY["add"], "prod": BINARY["mul"], "max": largest, "min": smallest}[name]
    results = [start] * math.prod(shape)
    for index in indices(x.shape):
        kept = [i for axis, i in enumerate(index) if axis not in axes]
        place = position(shape, kept)
        results[place] = combine(results[place], x[index])
    return Array(shape, results, x.element)


def argument(x, axis, beyond):
    shape = x.shape[:axis] + x.shape[axis + 1:]
    results = []
    for index in indices(shape):
        row = [x[index[:axis] + (i,) + index[axis:]] for i in range(x.shape[axis])]
        nans = [i for i, v in enumerate(row) if v != v]
        results.append(nans[0] if nans else row.index(beyond(row)) if row else 0)
    return Array(shape, results, "i32")


def contract(a, b, batch, contracted):
    (left_batch, right_batch), (left_sum, right_sum) = batch, contracted
    left_free = [i for i in range(len(a.shape)) if i not in left_batch + left_sum]
    right_free = [i for i in range(len(b.shape)) if i not in right_batch + right_sum]
    shape = ([a.shape[i] for i in left_batch] + [a.shape[i] for i in left_free]
             + [b.shape[i] for i in right_free])
    results = []
    for index in indices(shape):
        groups = (index[:len(left_batch)],
                  index[len(left_batch):len(left_batch) + len(left_free)],
                  index[len(left_batch) + len(left_free):])
        total = 0
        for k in indices([a.shape[i] for i in left_sum]):
            left = dict(zip(left_batch + left_free + left_sum, groups[0] + groups[1] + k))
            right = dict(zip(right_batch + right_free + right_sum, groups[0] + groups[2] + k))
            total += (a[[left[i] for i in range(len(a.shape))]]
                      * b[[right[i] for i in range(len(b.shape))]])
        results.append(total)
    return Array(shape, results, a.element)


def clamp(i, size):
    return max(0, min(size - 1, i))


def gather(x, where, axis):
    shape = x.shape[:axis] + where.shape + x.shape[axis + 1:]
    rank, results = len(where.shape), []
    for index in indices(shape):
        i = clamp(where[index[axis:axis + rank]], x.shape[axis])
        place = index[:axis] + (i,) + index[axis + rank:]
        results.append(x[place] if x.shape[axis] else 0)
    return Array(shape, results, x.element)


def scatter_add(x, where, updates, axis):
    rank, results = len(where.shape), list(x.elements)
    for index in indices(updates.shape if x.shape[axis] else (0,)):
        i = clamp(where[index[axis:axis + rank]], x.shape[axis])
        place = position(x.shape, index[:axis] + (i,) + index[axis + rank:])
        results[place] = normalize(results[place] + updates[index], x.element)
    return Array(x.shape, results, x.element)


def broadcast(x, shape, axes):
    return Array(shape, [x[[0 if size == 1 else index[axis] for size, axis in zip(x.shape, axes)]]
                         for index in indices(shape)], x.element)


def transpose(x, permutation):
    shape = [x.shape[axis] for axis in permutation]
    results = []
    for index in indices(shape):
        place = [0] * len(shape)
        for i, axis in zip(index, permutation):
            place[axis] = i
        results.append(x[place])
    return Array(shape, results, x.element)


def slice_array(x, starts, counts, steps):
    return Array(counts, [x[[start + i * step for i, start, step in zip(index, starts, steps)]]
                          for index in indices(counts)], x.element)


def pad(x, low, high, interior, value):
    shape = [lo + hi + size + (size - 1) * gap
             for lo, hi, size, gap in zip(low, high, x.shape, interior)]
    results = [value] * math.prod(shape)
    for index in indices(x.shape):
        place = [lo + i * (gap + 1) for lo, i, gap in zip(low, index, interior)]
        if all(0 <= i < size for i, size in zip(place, shape)):
            results[position(shape, place)] = x[index]
    return Array(shape, results, x.element)


def concat(parts, axis):
    shape = list(parts[0].shape)
    shape[axis] = sum(part.shape[axis] for part in parts)
    results = []
    for index in indices(shape):
        i = index[axis]
        for part in parts:
            if i < part.shape[axis]:
                results.append(part[index[:axis] + (i,) + index[axis + 1:]])
                break
            i -= part.shape[axis]
    return Array(shape, results, parts[0].element)


def reverse(x, axes):
    return Array(x.shape, [x[[x.shape[a] - 1 - i if a in axes else i for a, i in enumerate(index)]]
                           for index in indices(x.shape)], x.element)


# Text

class Interpreter:
    def __init__(self, symbols):
        self.symbols, self.values = symbols, {}

    def sizes(self, key, text):
        """The sizes after `key`: `starts <0 x N>`."""
        inner = re.search(rf"\b{key} <([^>]*)>", text).group(1).strip()
        return [evaluate_size(size, self.symbols) for size in inner.split(" x ")] if inner else []

    @staticmethod
    def numbers(key, text):
        inner = re.search(rf"\b{key} \[([^\]]*)\]", text).group(1).strip()
        return [int(n) for n in inner.split(",")] if inner else []

    def run(self, lines):
        """Runs lines up to a terminator; returns its values."""
        while True:
            line = next(lines).strip()
            if line.startswith(("return", "model.yield")):
                return [self.values[name] for name in re.findall(r"%[\w#]+", line.split(" : ")[0])]
            match = re.fullmatch(r"(?:(%\w+)(?::(\d+))? = )?model\.(\w+) ?(.*)", line)
            assert match, f"cannot read `{line}`"
            name, count, operation, rest = match.groups()
            if operation == "scan":
                results = self.scan(rest, lines)
                for i, value in enumerate(results):
                    self.values[f"{name}#{i}" if count else name] = value
            else:
                self.values[name] = self.operation(operation, rest)

    def scan(self, text, lines):
        length = evaluate_size(re.match(r"<([^>]*)>", text).group(1), self.symbols)
        groups = {key: [self.values[n] for n in re.findall(r"%[\w#]+", found.group(1))]
                  if (found := re.search(rf"\b{key}\(([^)]*)\)", text)) else []
                  for key in ("carries", "slices", "invariants")}
        names = [a.split(":")[0].strip() for a in
                 re.fullmatch(r"\^bb0\((.*)\):", next(lines).strip()).group(1).split(", ")]
        body, depth = [], 1
        while depth:
            body.append(next(lines).strip())
            depth += body[-1].endswith("{") - (body[-1] == "}")
        stacked = split_types(text.split("->")[1])[len(groups["carries"]):]
        carries, stacks = groups["carries"], [{} for _ in stacked]
        order = range(length)
        for i in reversed(order) if re.match(r"<[^>]*> reverse", text) else order:
            arguments = [Array((), [i], "i64")] + carries
            for array in groups["slices"]:
                size = math.prod(array.shape[1:])
                arguments.append(Array(array.shape[1:], array.elements[i * size:(i + 1) * size],
                                       array.element))
            self.values.update(zip(names, arguments + groups["invariants"]))
            results = self.run(iter(body))
            carries = results[:len(carries)]
            for stack, value in zip(stacks, results[len(carries):]):
                stack[i] = value.elements
        results = list(carries)
        for type_text, stack in zip(stacked, stacks):
            shape, element = parse_type(type_text, self.symbols)
            results.append(Array(shape, [x for i in order for x in stack[i]], element))
        return results

    def operation(self, operation, text):
        head = text.split(" : ")[0]
        x = [self.values[name] for name in re.findall(r"%[\w#]+", head)]
        types = split_types(text.rsplit(" : ", 1)[1])
        shape, element = parse_type(types[-1], self.symbols) if types else ((), None)
        if operation in UNARY:
            return Array(shape, [UNARY[operation](a) for a in x[0].elements], element)
        if operation in BINARY:
            return Array(shape, map(BINARY[operation], x[0].elements, x[1].elements), element)
        if operation == "compare":
            return Array(shape, map(PREDICATES[head.split()[0]], x[0].elements, x[1].elements), "i1")
        if operation == "select":
            return Array(shape, [b if a else c for a, b, c in zip(*(v.elements for v in x))], element)
        if operation == "cast":
            target = re.search(r" to (\w+)", head).group(1)
            return Array(shape, [cast(a, element, target) for a in x[0].elements], target)
        if operation == "fill":
            return Array(shape, [number(head.strip(), element)] * math.prod(shape), element)
        if operation == "constant":
            numbers = [number(n, element) for n in re.findall(r"[-\w.+]+", head[len("dense"):])]
            return Array(shape, numbers * (math.prod(shape) // len(numbers)), element)
        if operation == "size":
            return Array((), [evaluate_size(re.match(r"<([^>]*)>", head).group(1), self.symbols)],
                         element)
        if operation.startswith("reduce_"):
            return reduce(operation[len("reduce_"):], x[0], self.numbers("axes", text))
        if operation == "contract":
            lists = [[int(n) for n in re.findall(r"\d+", part)]
                     for part in re.findall(r"\[([^\]]*)\]", head)]
            return contract(x[0], x[1], lists[:2], lists[2:])
        axis = int(found.group(1)) if (found := re.search(r"\baxis (\d+)", head)) else None
        if operation in ("argmax", "argmin"):
            return argument(x[0], axis, max if operation == "argmax" else min)
        if operation == "iota":
            return Array(shape, [index[axis] for index in indices(shape)], element)
        if operation == "gather":
            return gather(x[0], x[1], axis)
        if operation == "scatter_add":
            return scatter_add(x[0], x[1], x[2], axis)
        if operation == "broadcast":
            return broadcast(x[0], self.sizes("to", text), self.numbers("axes", text))
        if operation == "reshape":
            return Array(self.sizes("to", text), x[0].elements, x[0].element)
        if operation == "transpose":
            return transpose(x[0], self.numbers("permutation", text))
        if operation == "slice":
            return slice_array(x[0], self.sizes("starts", text), self.sizes("counts", text),
                               self.numbers("steps", text))
        if operation == "pad":
            value = number(re.search(r"value (\S+)", text).group(1), x[0].element)
            return pad(x[0], self.sizes("low", text), self.sizes("high", text),
                       self.numbers("interior", text), value)
        if operation == "concat":
            return concat(x, axis)
        if operation == "reverse":
            return reverse(x[0], self.numbers("axes", text))
        raise NotImplementedError(operation)


class Entry:
    """An entry's name, arguments, results (name, type, slot) and body."""

    def __init__(self, header, body):
        self.name = re.search(r"@(\w+)\(", header).group(1)
        signature = header.split(f"@{self.name}", 1)[1].split(" attributes ")[0]
        arguments, results = (signature.split(" -> ", 1) + [""])[:2]
        pattern = r"(%\w+: )?(!model\.array<[^<>]*>)( \{[^{}]*\})?"
        self.arguments = [(n[:-2], t, self.slot(a)) for n, t, a in re.findall(pattern, arguments)]
        self.results = [(n, t, self.slot(a)) for n, t, a in re.findall(pattern, results)]
        declared = re.search(r"model\.symbols = \{([^}]*)\}", header)
        self.bounds = {n: int(v) for n, v in re.findall(r'"?(\w+)"? = (\d+)', declared.group(1))} \
            if declared else {}
        self.body = body

    @staticmethod
    def slot(attributes):
        found = re.search(r"model\.slot = @([\w.]+)", attributes)
        return found.group(1) if found else None

    def run(self, inputs, symbols):
        interpreter = Interpreter(symbols)
        interpreter.values.update(zip((name for name, _, _ in self.arguments), inputs))
        return interpreter.run(iter(self.body))


def entries(text):
    lines = iter(text.splitlines())
    for line in lines:
        if line.strip().startswith("func.func @"):
            body = []
            while not (body and body[-1].strip().startswith("return")):
                body.append(next(lines))
            yield Entry(line, body)
