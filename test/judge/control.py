"""Scans, calls and gradients of random programs: what consists of blocks of its own."""
from block import Block, Value, array, names, types
from sizes import Size

DEEPEST = 2


def results(block, text, shapes):
    """Emits an operation with several results, each a shape and an element type."""
    name = block.name()
    block.lines.append(f"{name}:{len(shapes)} = {text}")
    made = [Value(f"{name}#{i}", *shape) for i, shape in enumerate(shapes)]
    for value in made:
        block.keep(value)
    return made


def pick_operands(block, most):
    operands = [block.pick() for _ in range(block.source.randint(1, most))]
    if block.others and block.chance(0.4):
        operands.append(block.source.choice(block.others))
    return operands


#===----------------------------------------------------------------------------===#
# Scans
#===----------------------------------------------------------------------------===#


def next_carry(body, carry):
    """Of a carry's type; bounded, so that the repetition does not run away."""
    if carry.element != body.element:
        return body.source.choice([v for v in body.others
                                   if v.shape == carry.shape and v.element == carry.element])
    value = body.pick_like(carry.shape)
    for sink in body.sinks(8):
        if sink.shape == carry.shape and sink.element == carry.element:
            value = sink
    if body.exact or body.chance(0.1):
        return value if body.exact else carry
    return body.unary("tanh", value)


def make_scan(block):
    if block.depth > DEEPEST:
        return None
    source = block.source
    length = Size.of(source.choice(["T", 1, 3, 4] if "T" in block.symbols else [1, 3, 4]))
    if "T" in block.symbols and block.chance(0.1):
        length = length * 2 + 1
    carries = [block.pick() for _ in range(source.randint(0, 3))]
    if block.others and block.chance(0.3):
        carries.append(source.choice(block.others))
    slices = [v for v in block.values + block.others if v.shape and v.shape[0] == length]
    slices = source.sample(slices, min(len(slices), source.randint(0, 2)))
    invariants = pick_operands(block, 2) if block.chance(0.7) else []

    body = Block(block.program, f"{block.prefix}s{block.made}_", block.depth + 1, block.smooth)
    body.symbols = block.symbols
    index = Value(f"%{body.prefix}i", (), "i64")
    arguments = [index]
    for group, drop in ((carries, 0), (slices, 1), (invariants, 0)):
        for value in group:
            arguments.append(Value(body.name(), value.shape[drop:], value.element))
            body.keep(arguments[-1])
    inner_carries = arguments[1:1 + len(carries)]
    if index.element != body.element or block.chance(0.5):
        body.others.append(index)
    position = body.cast(index, body.element, keep=body.exact)
    if not body.exact:
        body.binary("mul", position, body.fill(0.125, ()))
    body.grow(source.randint(1, 6), control=block.chance(0.3))
    yields = [next_carry(body, carry) for carry in inner_carries]
    stacked = body.sinks(source.randint(0 if carries else 1, 3))
    stacked = [v for v in stacked if body.fits(length, *v.shape)]
    values = yields + stacked
    if not values:
        return None

    groups = "".join(f" {kind}({names(group)})" for kind, group in
                     (("carries", carries), ("slices", slices), ("invariants", invariants))
                     if group)
    shapes = [(v.shape, v.element) for v in carries]
    shapes += [((length,) + v.shape, v.element) for v in stacked]
    made = results(block, f"model.scan <{length}>{' reverse' if block.chance(0.3) else ''}{groups} "
                   f": ({types(carries + slices + invariants)}) -> "
                   f"({', '.join(array(*shape) for shape in shapes)}) {{", shapes)
    block.lines.append(f"^bb0({', '.join(f'{v.name}: {v.type}' for v in arguments)}):")
    block.lines += body.lines
    block.lines.append(f"model.yield {names(values)} : {types(values)}")
    block.lines.append("}")
    return made[0]


#===----------------------------------------------------------------------------===#
# Functions
#===----------------------------------------------------------------------------===#


def choose_symbol(block, operands):
    """A name for the callee and the size that it stands for there, or None."""
    sizes = sorted({size for v in operands for size in v.shape if size != 1}, key=str)
    if not sizes or block.chance(0.4):
        return None
    size = block.source.choice(sizes)
    kept = {name for other in sizes if other != size for name in other.symbols}
    names_left = [name for name in ("M", "N", "K") if name not in kept]
    return (block.source.choice(names_left), size) if names_left else None


def callee_of(block, operands, smooth):
    """A block with arguments of the operands' types, and `where` for the call of it."""
    callee = Block(block.program, depth=block.depth + 1, smooth=smooth)
    bound = choose_symbol(block, operands)
    if bound:
        name, size = bound
        callee.symbols = {**block.symbols, name: size.value(block.symbols)}
    else:
        callee.symbols = dict(block.symbols)
    arguments = []
    for i, operand in enumerate(operands):
        shape = [Size.of(bound[0]) if bound and size == bound[1] else size
                 for size in operand.shape]
        arguments.append(Value(f"%a{i}", shape, operand.element))
        callee.keep(arguments[-1])
    return callee, arguments, bound


def define(block, callee, arguments, returned):
    """Adds the function to the program; returns its name."""
    program = block.program
    name = f"f{program.number}_{len(program.functions)}"
    lines = "\n".join(callee.lines)
    program.functions.append(
        f"func.func private @{name}({', '.join(f'{v.name}: {v.type}' for v in arguments)}) -> "
        f"({types(returned)}) {{\n{lines}\nreturn {names(returned)} : {types(returned)}\n}}\n")
    return name


def outer_shapes(returned, bound):
    return [([size.substitute(*bound) if bound else size for size in v.shape], v.element)
            for v in returned]


def where(bound):
    return f" where {{{bound[0]} = #model.size<{bound[1]}>}}" if bound else ""


def make_call(block):
    if block.depth > DEEPEST:
        return None
    operands = pick_operands(block, 3)
    callee, arguments, bound = callee_of(block, operands, block.smooth)
    callee.grow(block.source.randint(1, 5), control=block.chance(0.3))
    returned = callee.sinks(block.source.randint(1, 3))
    if block.chance(0.2):
        returned.append(block.source.choice(returned + arguments))
    shapes = outer_shapes(returned, bound)
    name = define(block, callee, arguments, returned)
    # The same function twice, now and then.
    for _ in range(block.source.choice([1, 1, 2])):
        made = results(block, f"model.call @{name}({names(operands)}){where(bound)} : "
                       f"({types(operands)}) -> ({', '.join(array(*s) for s in shapes)})", shapes)
    return made[0]


def sum_of(block, values):
    total = block.fill(0.0, ())
    for value in values:
        if value.shape:
            value = block.emit(f"model.reduce_sum {value.name} "
                               f"axes {list(range(len(value.shape)))} : {value.type}", (),
                               keep=False)
        total = block.binary("add", total, value, keep=False)
    return total


def make_gradient(block, operands=None, operations=None):
    """Gradients may nest once: that makes derivatives of second order."""
    program = block.program
    if block.depth > DEEPEST or program.gradient_depth > 1:
        return None
    operands = operands or pick_operands(block, 3)
    callee, arguments, bound = callee_of(block, operands, smooth=True)
    for argument, operand in zip(arguments, operands):
        argument.given = operand.given
    program.gradient_depth += 1
    callee.grow(operations or block.source.randint(1, 6), control=block.chance(0.5))
    program.gradient_depth -= 1
    total = sum_of(callee, [v for v in callee.sinks(6) if v.element == "real"]
                   or [callee.values[-1]])
    returned = [total] + ([callee.pick()] if block.chance(0.3) else [])
    shapes = outer_shapes(returned, bound)
    floats = [i for i, v in enumerate(operands) if v.element == "real"]
    wrt = block.source.sample(floats, block.source.randint(1, len(floats)))
    shapes += [(operands[i].shape, operands[i].element) for i in wrt]
    name = define(block, callee, arguments, returned)
    made = results(block, f"model.gradient @{name}({names(operands)}) wrt {wrt}{where(bound)} : "
                   f"({types(operands)}) -> ({', '.join(array(*s) for s in shapes)})", shapes)
    return made[-1]
