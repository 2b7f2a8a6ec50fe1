"""Trains an example, compiled by both paths, and checks that it learns.

usage: train.py MODELC FILE.model WORK [--epochs N] [ARGUMENT ...]

The loss falls on both paths, and they agree: rounding alone tells them apart, so the first step's
loss is the same to a few units in the last place. Poisoned memory changes no bit. The metrics
that `eval` finds are those that training ended with.
"""
import argparse
import json
import subprocess
import sys
from pathlib import Path


def run(*command):
    result = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\nfailed: {result.stderr[-2000:]}")
    return result.stdout


class Example:
    def __init__(self, options, level):
        self.options = options
        self.program = Path(options.work) / f"{Path(options.file).stem}-{level}"
        run(options.modelc, options.file, f"-O{level}", "-o", self.program)

    def train(self, name, *flags):
        """Losses of all steps, and the events that are told."""
        weights, log = (f"{self.program}-{name}.{suffix}" for suffix in ("safetensors", "csv"))
        text = run(self.program, "train", "--json", "--output", weights, "--steps-log", log, "--epochs",
                   self.options.epochs, *self.options.arguments, *flags)
        losses = [float(line.split(",")[1]) for line in Path(log).read_text().splitlines()[1:]]
        return losses, [json.loads(line) for line in text.splitlines()], Path(weights)

    def evaluate(self, weights):
        return json.loads(run(self.program, "eval", "--json", "--weights", weights, *self.options.arguments))


def check(condition, text):
    if not condition:
        sys.exit(text)


def main():
    parser = argparse.ArgumentParser()
    for name in ("modelc", "file", "work"):
        parser.add_argument(name)
    parser.add_argument("--epochs", type=int, default=3)
    options, options.arguments = parser.parse_known_args()
    Path(options.work).mkdir(parents=True, exist_ok=True)
    losses = {}
    for level in (0, 2):
        example = Example(options, level)
        losses[level], events, weights = example.train("plain")
        epochs = [event["loss"] for event in events if event["event"] == "epoch"]
        check(len(epochs) == options.epochs and epochs[-1] < 0.98 * epochs[0],
              f"-O{level}: the loss does not fall: {epochs}")
        poisoned, _, other = example.train("poisoned", "--poison")
        check(poisoned == losses[level] and other.read_bytes() == weights.read_bytes(),
              f"-O{level}: poisoned memory changes results")
        evaluated = example.evaluate(weights)
        for split in ("valid", "test"):
            last = next((event[split] for event in reversed(events) if split in event), None)
            check(split not in evaluated or evaluated[split] == last,
                  f"-O{level}: eval finds {evaluated}, training ended with {last}")
    first, second = losses[0][0], losses[2][0]
    check(abs(first - second) <= 1e-5 * abs(first), f"the paths begin with losses {first} and {second}")
    print(f"{Path(options.file).stem}: {len(losses[0])} steps, loss {losses[2][0]:.4g} to {losses[2][-1]:.4g}")


if __name__ == "__main__":
    main()
