"""One program of test/programs: compiled, trained from the same first weights in both precisions, and
what that gives put into a few numbers. Both compare.py and bench/parity/expectations.py run it."""
import base64
import csv
import json
import math
import struct
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "stdlib" / "inputs"))
from program import Program, flat, nested, read_tensors, shape_of, write_tensors


def digest(array):
    """Two numbers that change by no more than the array does: its Euclidean length, and how far it
    reaches along one fixed direction."""
    values = [float(v) for v in flat(array)]
    direction = [math.cos(i + 0.25) for i in range(len(values))]
    length = math.sqrt(math.fsum(v * v for v in values))
    return [length, math.fsum(map(float.__mul__, values, direction)) / math.hypot(*direction)]


def pattern(shape, classes=0):
    """The numbers that exported functions are called with: integers below `classes`, or multiples
    of 1/32 in [-1.6, 1.6]."""
    count = math.prod(shape)
    if classes:
        return nested([(i * 7 + 3) % classes for i in range(count)], shape)
    return nested([((i * 37 + 11) % 101 - 50) / 32 for i in range(count)], shape)


def inputs_of(call, rows):
    """The arguments of one call: `call["inputs"]` has by name the shape of a row, or `["classes", n]`."""
    return {name: pattern([rows], shape[1]) if shape[:1] == ["classes"] else pattern([rows, *shape])
            for name, shape in call["inputs"].items()}


class Trained:
    def __init__(self, modelc, source, folder, flags=(), first=None):
        """`first`: weights in single precision to start from; without them, those of the program's seed."""
        source = Path(source)
        self.program = Program([modelc, folder, *flags], source.read_text(), source.stem + "".join(flags))
        self.first = first or self.initialise()

    def path(self, ending):
        return self.program.path.with_name(self.program.path.name + ending)

    def initialise(self):
        self.program.run("train", "--epochs", 0, "--no-shuffle", "--output", self.path(".first"))
        return read_tensors(self.path(".first"))

    def train(self):
        """The loss of each step."""
        start = self.path(".start")
        write_tensors(start, self.first, "F64" if self.program.is_double else "F32")
        self.program.run("train", "--no-shuffle", "--weights", start, "--output", self.path(".last"), "--steps-log",
                         self.path(".csv"))
        with open(self.path(".csv"), newline="") as file:
            return [float(row["loss"]) for row in csv.DictReader(file)]

    def weights(self):
        return {name: digest(w) for name, w in read_tensors(self.path(".last")).items()}

    def metrics(self):
        """What is reported about the split that was not trained on, if there is one."""
        found = json.loads(self.program.run("eval", "--json", "--no-shuffle", "--weights", self.path(".last")))
        return found.get("valid", {})

    def call(self, call, rows):
        """The digests of the results of an exported function."""
        words = ["call", call["function"], "--weights", self.path(".last"), "--output", self.path(".out.safetensors")]
        for name, x in inputs_of(call, rows).items():
            words += ["--input", f"{name}={self.program.write(name, x)}"]
        self.program.run(*words)
        return [digest(result) for _, result in sorted(read_tensors(self.path(".out.safetensors")).items())]


def packed(array):
    """An array in single precision as its shape and its bytes in base 64."""
    values = flat(array)
    return [list(shape_of(array)), base64.b64encode(struct.pack(f"<{len(values)}f", *values)).decode()]


def unpacked(shape, text):
    data = base64.b64decode(text)
    return nested(list(struct.unpack(f"<{len(data) // 4}f", data)), shape)
