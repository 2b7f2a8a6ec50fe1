"""Compiles a program, calls its functions, and compares what they give with numbers; with Python's own library only."""
import json
import math
import struct
import subprocess
import sys
from pathlib import Path

CODES = {"F32": "f", "F64": "d", "I32": "i", "I64": "q", "I8": "b", "BOOL": "?"}
NUMPY = {"f": "<f4", "d": "<f8", "i": "<i4", "?": "|b1"}


def shape_of(x):
    return (len(x), *shape_of(x[0])) if isinstance(x, list) else ()


def flat(x):
    return [v for part in x for v in flat(part)] if isinstance(x, list) else [x]


def nested(values, shape):
    if not shape:
        return values[0]
    step = len(values) // shape[0] if shape[0] else 0
    return [nested(values[i * step:(i + 1) * step], shape[1:]) for i in range(shape[0])]


def single(x):
    """The numbers of x, rounded to f32."""
    return [single(v) for v in x] if isinstance(x, list) else struct.unpack("f", struct.pack("f", x))[0]


class Program:
    def __init__(self, arguments, text, name="program"):
        """`arguments` of the test: modelc, a folder, and flags of modelc."""
        modelc, folder, *self.flags = arguments
        self.is_double = "--f64" in self.flags
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        source = self.folder / f"{name}.model"
        source.write_text(text)
        self.path = (self.folder / name).resolve()
        subprocess.run([modelc, str(source), "-o", str(self.path), *self.flags], check=True)

    def write(self, name, x):
        values = flat(x)
        code = "?" if isinstance(values[0], bool) else "i" if isinstance(values[0], int) else "d" if self.is_double else "f"
        header = f"{{'descr': '{NUMPY[code]}', 'fortran_order': False, 'shape': {shape_of(x)}}}".encode()
        header += b" " * (63 - (10 + len(header)) % 64) + b"\n"
        path = self.folder / f"{self.path.name}.{name}.npy"
        path.write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header +
                         struct.pack(f"<{len(values)}{code}", *values))
        return path.resolve()

    def run(self, *words):
        made = subprocess.run([str(self.path), *map(str, words)], cwd=self.folder, capture_output=True, text=True)
        if made.returncode:
            sys.exit(f"{self.path.name} {' '.join(map(str, words))}: {made.stderr}")
        return made.stdout

    def call(self, function, weights=None, **inputs):
        """The result of an exported function as nested lists; of several results a list of them."""
        words = ["call", function]
        if weights:
            path = self.folder / f"{self.path.name}.weights.safetensors"
            write_tensors(path, weights, "F64" if self.is_double else "F32")
            words += ["--weights", path.resolve()]
        for name, x in inputs.items():
            words += ["--input", f"{name}={self.write(name, x)}"]
        output = self.folder / f"{self.path.name}.out.safetensors"
        self.run(*words, "--output", output.resolve())
        results = list(read_tensors(output).values())
        return results[0] if len(results) == 1 else results

    def rounded(self, x):
        return x if self.is_double else single(x)


def read_tensors(path):
    """The arrays of a safetensors file by name, as nested lists."""
    data = path.read_bytes()
    (size,) = struct.unpack("<Q", data[:8])
    found = {}
    for name, tensor in json.loads(data[8:8 + size]).items():
        if name == "__metadata__":
            continue
        begin, end = tensor["data_offsets"]
        code = CODES[tensor["dtype"]]
        part = data[8 + size + begin:8 + size + end]
        values = list(struct.unpack(f"<{len(part) // struct.calcsize(code)}{code}", part))
        found[name] = nested(values, tensor["shape"])
    return found


def write_tensors(path, tensors, kind):
    """Nested lists of floats, by name, as a safetensors file."""
    header, data = {}, b""
    for name, x in tensors.items():
        part = struct.pack(f"<{len(flat(x))}{CODES[kind]}", *flat(x))
        header[name] = {"dtype": kind, "shape": shape_of(x), "data_offsets": [len(data), len(data) + len(part)]}
        data += part
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def derivative(f, x, h=1e-3):
    """f'(x) by differences, of sixth order."""
    def d(k):
        return f(x + k * h) - f(x - k * h)
    return (45 * d(1) - 9 * d(2) + d(3)) / (60 * h)


def gradient(f, x, h=1e-3):
    """The gradient of f: nested lists -> number, at x."""
    shape, values = shape_of(x), flat(x)
    def along(i):
        return lambda v: f(nested(values[:i] + [v] + values[i + 1:], shape))
    return nested([derivative(along(i), values[i], h) for i in range(len(values))], shape)


class Comparison:
    """Counts the numbers that agree; `finish` ends the test."""

    def __init__(self, program):
        self.tolerance = 1e-12 if program.is_double else 2e-6
        self.checked, self.failures = 0, []

    def close(self, name, got, want, tolerance=None, scale=1.0):
        """Each number to `tolerance` (times that of the precision's, by default 1) of the larger of it and `scale`."""
        allowed = self.tolerance * (tolerance or 1)
        if shape_of(got) != shape_of(want):
            self.failures.append(f"{name}: shape {shape_of(got)}, expected {shape_of(want)}")
            return
        for i, (a, b) in enumerate(zip(flat(got), flat(want))):
            self.checked += 1
            same = a == b or (math.isnan(a) and math.isnan(b))
            if not same and not abs(a - b) <= allowed * max(abs(b), scale):
                self.failures.append(f"{name}[{i}]: {a!r}, expected {b!r}")

    def derived(self, name, got, want, tolerance=1):
        """The same for what was expected by differences, which are good to about 1e-9."""
        self.close(name, got, want, max(tolerance, 1e-8 / self.tolerance))

    def holds(self, name, truth):
        self.checked += 1
        if not truth:
            self.failures.append(name)

    def finish(self):
        for failure in self.failures[:40]:
            print(failure)
        print(f"{self.checked} numbers, {len(self.failures)} wrong")
