"""Runs the entries of a module by the reference path and compares them with `interpret.py`.

usage: execute.py --model-opt PATH --clang COMMAND --work FOLDER FILE.mlir

Inputs are pseudo-random quarters (or small integers), so that sums are exact and ties occur. Each
entry runs with its symbols at their bounds, at half of them and at 1, and at 0 if its name ends in
`_empty`. All elements must agree: integers to the bit, floats to a relative error of 1e-5 (f32) or
1e-12 (f64). Results of an entry whose name ends in `_holds` are bools that must all be true.

The arguments and results of one slot share memory. All memory that an entry takes must be given
back, and nothing may be written past its end.
"""
import argparse
import ctypes
import math
import random
import re
import shlex
import subprocess
import sys
from pathlib import Path

import interpret

# From stage `loops` to LLVM, by upstream's passes alone.
TO_LLVM = ["--expand-math", "--convert-scf-to-cf", "--convert-math-to-llvm",
           "--convert-arith-to-llvm", "--convert-index-to-llvm", "--finalize-memref-to-llvm",
           "--convert-func-to-llvm=use-bare-ptr-memref-call-conv=1", "--convert-cf-to-llvm",
           "--reconcile-unrealized-casts", "--canonicalize"]
TYPES = {"f32": ctypes.c_float, "f64": ctypes.c_double, "i1": ctypes.c_int8, "i8": ctypes.c_int8,
         "i32": ctypes.c_int32, "i64": ctypes.c_int64}
TOLERANCE = {"f32": 1e-5, "f64": 1e-12}


def run(command, **options):
    result = subprocess.run(command, capture_output=True, text=True, **options)
    if result.returncode != 0:
        sys.exit(f"{shlex.join(map(str, command))}\nfailed: {result.stderr[:4000]}")
    return result.stdout


def build(options):
    """The module as a shared library."""
    work = Path(options.work)
    work.mkdir(parents=True, exist_ok=True)
    lowered = run([options.model_opt, options.file, "--reference-path", *TO_LLVM])
    # What becomes of declarations and types is not the reference path's business.
    lowered = "\n".join(l for l in lowered.splitlines() if not l.strip().startswith("model."))
    lowered = re.sub(r", model\.types = \[[^\]]*\]", "", lowered)
    ir = run(["mlir-translate", "--mlir-to-llvmir"], input=lowered)
    assert "memrefCopy" not in ir
    (work / "program.ll").write_text(ir.replace("@malloc(", "@checked_malloc(")
                                     .replace("@free(", "@checked_free("))
    library = work / "program.so"
    run(shlex.split(options.clang) + ["-Wno-override-module", "-O1", "-shared", "-fPIC",
                                      work / "program.ll", Path(__file__).parent / "memory.c",
                                      "-o", library])
    return ctypes.CDLL(str(library.resolve()))


def random_array(source, type_text, symbols):
    shape, element = interpret.parse_type(type_text, symbols)
    count = math.prod(shape)
    if element in ("f32", "f64"):
        numbers = [source.randrange(-8, 9) / 4 for _ in range(count)]
    else:
        numbers = [source.randrange(2) if element == "i1" else source.randrange(-4, 9)
                   for _ in range(count)]
    return interpret.Array(shape, numbers, element)


def call(library, entry, inputs, symbols):
    """The results of the compiled entry."""
    shared, pointers, results = {}, [], []
    for array, (_, _, slot) in zip(inputs, entry.arguments):
        memory = (TYPES[array.element] * max(1, len(array.elements)))(*array.elements)
        if slot:
            shared[slot] = memory
        pointers.append(memory)
    for _, type_text, slot in entry.results:
        shape, element = interpret.parse_type(type_text, symbols)
        memory = shared.get(slot) or (TYPES[element] * max(1, math.prod(shape)))()
        results.append((memory, shape, element))
        pointers.append(memory)
    workspace = (ctypes.c_int8 * 1)()
    sizes = [ctypes.c_int64(symbols[name]) for name in sorted(entry.bounds)]
    getattr(library, entry.name)(*pointers, workspace, *sizes)
    library.checked_live.restype = ctypes.c_int64
    if library.checked_live() != 0:
        sys.exit(f"{entry.name}: {library.checked_live()} buffers are not given back")
    return [interpret.Array(shape, list(memory)[:math.prod(shape)], element)
            for memory, shape, element in results]


def wanted_results(entry, inputs, symbols):
    if not entry.name.endswith("_holds"):
        return entry.run(inputs, symbols)
    shapes = [interpret.parse_type(t, symbols)[0] for _, t, _ in entry.results]
    return [interpret.Array(shape, [1] * math.prod(shape), "i1") for shape in shapes]


def disagreement(seen, wanted):
    scale = max([1.0] + [abs(x) for x in wanted.elements if math.isfinite(x)])
    allowed = TOLERANCE.get(wanted.element, 0) * scale
    for i, (a, b) in enumerate(zip(seen.elements, wanted.elements)):
        if not (a == b or (a != a and b != b) or abs(a - b) <= allowed):
            return f"element {i} is {a!r}; wanted {b!r}"
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model-opt", required=True)
    parser.add_argument("--clang", required=True)
    parser.add_argument("--work", required=True)
    parser.add_argument("file")
    options = parser.parse_args()
    text = run([options.model_opt, options.file])
    library = build(options)
    failures = runs = 0
    for entry in interpret.entries(text):
        divisors = ([1, 2, 10 ** 6] if entry.bounds else [1])
        candidates = [{n: max(1, b // d) for n, b in entry.bounds.items()} for d in divisors]
        if entry.name.endswith("_empty"):
            candidates.append({n: 0 for n in entry.bounds})
        for symbols in candidates:
            source = random.Random(entry.name)
            inputs = [random_array(source, t, symbols) for _, t, _ in entry.arguments]
            wanted = wanted_results(entry, inputs, symbols)
            seen = call(library, entry, inputs, symbols)
            runs += 1
            for i, (a, b) in enumerate(zip(seen, wanted)):
                if problem := disagreement(a, b):
                    failures += 1
                    print(f"{entry.name}, symbols {symbols}, result {i}: {problem}")
    print(f"{runs} runs, {failures} disagreements")
    sys.exit(1 if failures or not runs else 0)


main()
