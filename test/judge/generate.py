"""Random programs of the model dialect, at stage `model`.

A program is one entry: a random graph of operations over arrays of random shapes, some of them
symbolic, with functions that it calls and differentiates, and with slots that it reads and
writes. Real programs avoid what amplifies rounding, so that two correct compilers differ by
rounding alone. Exact programs work on integers.

usage: generate.py NUMBER [SEED [OPERATIONS]] prints a program.
"""
import random
import re
import sys

from block import Block, Value
import control

SYMBOLS = {"N": 6, "T": 5}
# Beyond so many lines a program does not grow.
LONGEST = 150


class Program:
    """What the blocks of a program share. With a limit on its operations, a program consists of
    the first ones of the whole, and returns all that it computes."""

    def __init__(self, number, seed, limit=None):
        self.number, self.limit = number, limit
        self.source = random.Random(f"{seed}/{number}")
        self.element = self.source.choice(["i32", "i64"]) if self.source.random() < 0.25 else "real"
        self.symbols, self.functions, self.gradient_depth = dict(SYMBOLS), [], 0
        self.declarations = []
        self.lines = 0

    def full(self):
        return sum(text.count("\n") for text in self.functions) > LONGEST

    def element_of_input(self):
        if self.source.random() < 0.25:
            return self.source.choice(["i32", "i64", "i8", "i1"])
        return self.element

    def build(self):
        source, block = self.source, Block(self)
        inputs = []
        for i in range(source.randint(1, 4)):
            element = self.element if i == 0 else self.element_of_input()
            inputs.append(Value(f"%x{i}", block.shape(), element, given=True))
        slots = self.make_slots(block)
        read = [value for value in slots if source.random() < 0.9]
        for value in inputs + read:
            block.keep(value)
        operations = source.randint(3, 18)
        if self.element == "real" and source.random() < 0.4:
            # A step of training: the gradient of most of the program.
            floats = [v for v in block.values]
            control.make_gradient(block, floats[:4], operations)
            operations = 3
        block.grow(operations if self.limit is None else min(operations, self.limit))
        return self.text(block, inputs, slots, read)

    def make_slots(self, block):
        slots = []
        if self.source.random() < 0.5:
            return slots
        for i in range(self.source.randint(1, 4)):
            shape, element = block.shape(), self.element_of_input()
            if slots and self.source.random() < 0.4:
                shape, element = slots[-1].shape, slots[-1].element  # so that two can be swapped
            if any(not size.is_constant for size in shape):
                shape = (4, 3)
            name = f"p{self.number}_s{i}"
            slots.append(Value(f"%{name}", shape, element, given=True))
            self.declarations.append(f'model.slot @{name} : {slots[-1].type} "state" file "{name}"')
        return slots

    def written(self, block, slots):
        """Pairs of a slot and its new value: anything of its type, another slot as well."""
        pairs = []
        for slot in slots:
            same = [v for v in block.values + block.others
                    if v.shape == slot.shape and v.element == slot.element]
            if self.source.random() < 0.7:
                # Often another slot's value, or one that is computed of it.
                if same and self.source.random() < 0.6:
                    pairs.append((slot, self.source.choice(same)))
                elif slot.element == self.element:
                    pairs.append((slot, block.pick_like(slot.shape)))
        return pairs

    def text(self, block, inputs, slots, read):
        written = self.written(block, slots)
        everything = block.values + block.others
        if self.limit is None:
            # What nothing uses, and some of the others, perhaps one of them twice.
            outputs = block.sinks(5) + [self.source.choice(everything) for _ in range(2)]
        else:
            outputs = everything[-40:]
        results = [(value, f'{{model.output = "result", model.name = "y{i}"}}')
                   for i, value in enumerate(outputs)]
        results += [(value, f"{{model.slot = @{slot.name[1:]}}}") for slot, value in written]
        self.source.shuffle(results)
        arguments = [f'{v.name}: {v.type} {{model.input = "data", model.name = "{v.name[1:]}"}}'
                     for v in inputs]
        arguments += [f"{v.name}: {v.type} {{model.slot = @{v.name[1:]}}}" for v in read]
        symbols = ", ".join(f"{name} = {bound} : i64" for name, bound in SYMBOLS.items())
        lines = "\n".join(block.lines)
        return (
            "\n".join(self.declarations) + "\n" + "".join(self.functions)
            + f"func.func @p{self.number}({', '.join(arguments)}) -> "
            f"({', '.join(f'{value.type} {attributes}' for value, attributes in results)}) "
            f'attributes {{model.entry = "function", model.symbols = {{{symbols}}}}} {{\n{lines}\n'
            f"return {', '.join(v.name for v, _ in results)} : "
            f"{', '.join(v.type for v, _ in results)}\n}}\n")


def program(number, seed, limit=None):
    """The text of a program, with `real` for the element type of real programs."""
    return Program(number, seed, limit).build()


def with_reals(text, element):
    return re.sub(r"\breal\b", element, text)


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:]]
    print(with_reals(program(numbers[0], *(numbers[1:] or [1])), "f32"))
