"""Compiled programs: built by modelc, trained, and what they write read back."""
import csv
import json
import subprocess
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent.parent
DTYPES = {"F32": np.float32, "F64": np.float64, "I64": np.int64, "I32": np.int32}


def run(*command):
    result = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if result.returncode:
        raise SystemExit(f"{' '.join(map(str, command))}\nfailed: {result.stderr or result.stdout}")
    return result.stdout


def read_safetensors(path):
    """{name: array} of a safetensors file."""
    content = Path(path).read_bytes()
    start = 8 + int.from_bytes(content[:8], "little")
    header = json.loads(content[8:start])
    header.pop("__metadata__", None)
    arrays = {}
    for name, tensor in header.items():
        begin, end = tensor["data_offsets"]
        arrays[name] = np.frombuffer(content[start + begin:start + end], DTYPES[tensor["dtype"]]).reshape(tensor["shape"])
    return arrays


class Program:
    """A program of examples/, compiled. `replacements` are made in its source first."""

    def __init__(self, name, replacements, flags, folder):
        source = (ROOT / "examples" / f"{name}.model").read_text()
        for old, new in replacements:
            if old not in source:
                raise SystemExit(f"examples/{name}.model no longer has `{old}`")
            source = source.replace(old, new)
        self.base = Path(folder) / "".join([name, *flags])
        model = self.base.with_suffix(".model")
        model.write_text(source)
        run(ROOT / "build/bin/modelc", model, *flags, "-o", self.base)

    def path(self, ending):
        return self.base.with_name(self.base.name + ending)

    def train(self, epochs, arguments):
        """The weights before the first step and after the last, and the loss of every step. Rows are
        taken as they come."""
        first, last, log = self.path(".first"), self.path(".last"), self.path(".csv")
        run(self.base, "train", "--epochs", 0, "--no-shuffle", "--output", first, *arguments)
        printed = run(self.base, "train", "--epochs", epochs, "--no-shuffle", "--weights", first, "--output", last,
                      "--steps-log", log, "--json", *arguments)
        end = json.loads(printed.splitlines()[-1])
        if end.get("best_epoch", epochs) != epochs:
            raise SystemExit(f"{self.base.name}: the weights are of epoch {end['best_epoch']}, not of the last")
        with open(log, newline="") as file:
            losses = np.array([float(row["loss"]) for row in csv.DictReader(file)])
        return read_safetensors(first), read_safetensors(last), losses
