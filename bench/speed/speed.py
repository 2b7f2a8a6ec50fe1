"""speed.py: how long a training step of the programs of examples/ takes, compiled by modelc and by JAX,
in the same run, on one core, in single precision, from the same weights on the same rows.

usage: speed.py [--only NAME] [--repeats N] [--write]

JAX is timed twice: one call of a jitted step for each batch, as most people write it, and all steps of
an epoch in one `lax.scan`, the fastest form. Compilation is left out for both; `process` is everything,
from the start of the process to the weights. Rounds of all systems alternate. bench/parity holds both
to the same numbers; its virtual environment serves here as well.
"""
import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("JAX_PLATFORMS", "cpu")
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "parity"))

# Rounding a program's own time away needs some tenths of a second of steps.
LEAST_SECONDS = 0.2


def one_core():
    """Everything that this process starts runs on the last core that it may use."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


class Ours:
    def __init__(self, program, epochs):
        self.program, self.epochs = program, epochs

    def round(self):
        """Seconds of a step."""
        end = json.loads(self.run(self.epochs).splitlines()[-1])
        return end["seconds"] / end["steps"]

    def run(self, epochs):
        from compiled import run
        return run(self.program.base, "train", "--no-shuffle", "--epochs", epochs, "--json",
                   "--output", self.program.path(".speed"))


class Jax:
    """One call for each batch, or one for all full batches of an epoch."""

    def __init__(self, reference, weights, epochs, scanned):
        import jax
        import jax.numpy as jnp
        import numpy as np
        from training import make_step
        self.jax, self.scanned, self.epochs = jax, scanned, epochs
        kept = reference.state + reference.statistics
        given = {name: jnp.asarray(w, np.float32) for name, w in weights.items()}
        parameters = {name: w for name, w in given.items() if name not in kept}
        zeros = {name: jnp.zeros_like(w) for name, w in parameters.items()}
        self.start = ({name: given[name] for name in reference.state}, parameters, zeros, zeros)
        data = [jnp.asarray(array) for array in reference.make_rows(np.float32, weights)]
        self.count = len(data[0]) // reference.batch
        size = self.count * reference.batch
        self.batches = [array[:size].reshape(self.count, reference.batch, *array.shape[1:]) for array in data]
        self.step = make_step(reference)

        @jax.jit
        def epoch(carry, number, batches):
            def body(carry, batch):
                (state, parameters, m, v), number = carry
                loss, *rest = self.step(parameters, state, m, v, number, *batch)
                state, parameters, m, v = rest
                return ((state, parameters, m, v), number + 1), loss
            return jax.lax.scan(body, (carry, number), batches)
        self.epoch = epoch
        self.split = [[array[i] for array in self.batches] for i in range(self.count)]

    def round(self):
        import jax.numpy as jnp
        carry, number, done = self.start, jnp.float32(1), 0
        for warm in (True, False):
            begin = time.perf_counter()
            for _ in range(1 if warm else self.epochs):
                if self.scanned:
                    (carry, number), loss = self.epoch(carry, number, self.batches)
                else:
                    for batch in self.split:
                        state, parameters, m, v = carry
                        loss, *carry = self.step(parameters, state, m, v, number, *batch)
                        number = number + 1
            self.jax.block_until_ready(carry)
            done = time.perf_counter() - begin
        return done / (self.epochs * self.count)


def peer_process(name):
    """What a user's own script does: import JAX, make rows, train, write the weights."""
    import numpy as np
    from programs import all_references
    reference = next(r for r in all_references(None) if r.name == name)
    from compiled import read_safetensors
    from training import train_jax
    _, weights = train_jax(reference, read_safetensors(sys.argv[3]), np.float32)
    np.savez(sys.argv[3] + ".npz", **weights)


def seconds_of(command):
    begin = time.perf_counter()
    subprocess.run([str(word) for word in command], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begin


def spread(values, unit):
    return f"{statistics.median(values) * unit:.3g} ({min(values) * unit:.3g} to {max(values) * unit:.3g})"


def measure(reference, folder, repeats):
    """A row of the table."""
    from compiled import Program, run, read_safetensors
    program = Program(reference.name, reference.replacements, [], folder)
    first = program.path(".first")
    run(program.base, "train", "--epochs", 0, "--no-shuffle", "--output", first)
    weights = read_safetensors(first)
    trial = Ours(program, 1)
    epochs = max(2, int(LEAST_SECONDS / (trial.round() * max(1, len(reference.make_rows("float32", weights)[0])
                                                             // reference.batch))))
    systems = [Ours(program, epochs), Jax(reference, weights, min(epochs, 50), True), Jax(reference, weights, min(epochs, 50), False)]
    times = [[], [], []]
    processes = [[], []]
    for _ in range(repeats):
        for system, found in zip(systems, times):
            found.append(system.round())
        processes[0].append(seconds_of([program.base, "train", "--epochs", reference.epochs, "--no-shuffle",
                                        "--output", program.path(".speed")]))
        processes[1].append(seconds_of([sys.executable, __file__, "--peer", reference.name, first]))
    ours, scan, step = (statistics.median(found) for found in times)
    row = [reference.name, *(spread(found, 1e6) for found in times), f"{scan / ours:.1f}", f"{step / ours:.1f}",
           spread(processes[0], 1e3), spread(processes[1], 1e3),
           f"{statistics.median(processes[1]) / statistics.median(processes[0]):.0f}"]
    print("  ".join(row), flush=True)
    return row


def main():
    if sys.argv[1:2] == ["--peer"]:
        peer_process(sys.argv[2])
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", help="one program")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--write", action="store_true", help="put the table into docs/performance.md")
    options = parser.parse_args()
    one_core()
    from compiled import ROOT
    from programs import all_references
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for reference in all_references(None):
            if options.only in (None, reference.name):
                rows.append(measure(reference, folder, options.repeats))
    head = ["program", "modelc, µs a step", "JAX in `lax.scan`", "JAX jitted step", "scan / modelc", "step / modelc",
            "modelc, process, ms", "JAX, process, ms", "JAX / modelc"]
    table = "\n".join("| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head), *rows]) + "\n"
    if options.write:
        page = ROOT / "docs/performance.md"
        text, count = re.subn(r"(?<=<!-- measured -->\n).*?(?=<!-- end -->)", lambda _: table, page.read_text(), flags=re.S)
        assert count == 1, "docs/performance.md has no place for the table"
        page.write_text(text)


main()
