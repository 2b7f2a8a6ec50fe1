"""expectations.py: makes test/programs/expected/*.json, what the programs of test/programs come to in JAX.

usage: expectations.py [--modelc PATH] [NAME ...]

Each program is compiled and writes its first weights; JAX trains from them on the same rows, in f64
for the truth, and in f32 for how far single precision may be from it.
"""
import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("JAX_PLATFORMS", "cpu")

import jax
import jax.numpy as jnp
import numpy as np

jax.config.update("jax_enable_x64", True)

from references import all_references
from references.steps import train

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ROOT / "test/programs"
sys.path.insert(0, str(PROGRAMS / "inputs"))
from trained import Trained, digest, packed, inputs_of


def distance(single, double):
    """The Euclidean distance of two arrays relative to the length of the second, as compare.py has it."""
    apart = float(np.linalg.norm(np.asarray(single, np.float64) - np.asarray(double)))
    return float(f"{apart / max(float(np.linalg.norm(np.asarray(double))), 1):.1e}")


def loss_distance(single, double):
    """The largest of a step, relative to the loss, or to a tenth of the largest one where it is less."""
    single, double = np.array(single), np.array(double)
    scale = np.maximum(np.abs(double), 0.1 * np.max(np.abs(double)))
    return float(f"{np.max(np.abs(single - double) / scale):.1e}")


def of_array(single, double):
    return [*digest(np.asarray(double, np.float64).tolist()), distance(single, double)]


def of_metrics(reference, single, double):
    def measure(p, data):
        left = {name: x[reference.trained:] for name, x in data.items()}
        return jax.jit(lambda p, left: reference.metrics(p, **left))(p, left) if reference.trained < reference.rows else {}
    truth, other = measure(*double), measure(*single)
    return {name: [float(v), float(f"{abs(float(other[name]) - float(v)) / max(abs(float(v)), 0.01):.1e}")]
            for name, v in truth.items()}


def of_calls(reference, single, double):
    made = []
    for function, inputs, of_jax in reference.calls:
        call = {"function": function, "inputs": inputs, "results": {}}
        for rows in reference.sizes:
            def results(p):
                dtype = next(iter(p.values())).dtype
                given = {name: jnp.asarray(x, jnp.int32 if inputs[name][:1] == ["classes"] else dtype)
                         for name, x in inputs_of(call, rows).items()}
                found = of_jax(p, **given)
                return found if isinstance(found, tuple) else (found,)
            call["results"][str(rows)] = [of_array(a, b) for a, b in zip(results(single), results(double))]
        made.append(call)
    return made


def expectation(reference, modelc, folder):
    first = Trained(modelc, PROGRAMS / f"{reference.name}.model", folder).first
    double, p64, data64 = train(reference, first, np.float64)
    single, p32, data32 = train(reference, first, np.float32)
    assert np.all(np.isfinite(double)), "not finite"
    return {"first": {name: packed(w) for name, w in first.items()}, "losses": double, "distance": loss_distance(single, double),
            "weights": {name: of_array(p32[name], w) for name, w in p64.items()},
            "metrics": of_metrics(reference, (p32, data32), (p64, data64)), "calls": of_calls(reference, p32, p64)}


def text_of(made):
    """JSON with one line for each number's name, so that differences can be read."""
    parts = []
    for key, value in made.items():
        if isinstance(value, dict):
            lines = ",\n".join(f"    {json.dumps(name)}: {json.dumps(v)}" for name, v in value.items())
            parts.append(f'  "{key}": {{\n{lines}\n  }}' if value else f'  "{key}": {{}}')
        else:
            parts.append(f'  "{key}": {json.dumps(value)}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="programs; without names all")
    parser.add_argument("--modelc", type=Path, default=ROOT / "build/bin/modelc", help="the compiler")
    options = parser.parse_args()
    references = {reference.name: reference for reference in all_references()}
    unknown = set(options.names) - set(references)
    if unknown:
        sys.exit(f"no reference for {', '.join(sorted(unknown))}")
    with tempfile.TemporaryDirectory() as folder:
        for name in options.names or references:
            made = expectation(references[name], options.modelc, folder)
            (PROGRAMS / "expected" / f"{name}.json").write_text(text_of(made))
            print(f"{name}: {len(made['losses'])} steps, loss {made['losses'][0]:.4g} to {made['losses'][-1]:.4g}, "
                  f"JAX in f32 {made['distance']:.1e} from f64", flush=True)


main()
