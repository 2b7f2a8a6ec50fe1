"""Measures expanded functions by accuracy.c, and compares their bits on several processors.

usage: measure.py --model-opt PATH --clang COMMAND --numerics docs/numerics.md --work FOLDER
                  [--stride N] [--count N] NAME...

Each function is compiled for f32 and f64, for scalars and vectors. Allowed errors are those of
the table in docs/numerics.md. `--stride 1` measures all f32 (minutes for each function).
"""
import argparse
import platform
import shlex
import subprocess
import sys
from pathlib import Path

OPERATIONS = {"round": "roundeven", "pow": "powf"}
REFERENCES = {"round": "roundeven", "rsqrt": "referenceRsqrt"}
LANES = (1, 3, 8)
TO_LLVM = ["--expand-math", "--convert-vector-to-llvm", "--convert-scf-to-cf",
           "--finalize-memref-to-llvm", "--convert-func-to-llvm=use-bare-ptr-memref-call-conv=1",
           "--convert-math-to-llvm", "--convert-arith-to-llvm", "--convert-index-to-llvm",
           "--convert-cf-to-llvm", "--reconcile-unrealized-casts"]


def run(command, **options):
    result = subprocess.run([str(word) for word in command], capture_output=True, text=True,
                            **options)
    if result.returncode != 0:
        sys.exit(f"{shlex.join(map(str, command))}\n{result.stdout}{result.stderr[:4000]}")
    return result.stdout


def allowed_errors(text):
    """{(function, type): units in the last place} from the rows `| exp | f32 | 0.9 | ...`."""
    result = {}
    for line in text.splitlines():
        cells = [cell.strip(" `") for cell in line.split("|")]
        if len(cells) > 4 and cells[2] in ("f32", "f64"):
            result[cells[1], cells[2]] = float(cells[3])
    return result


def function(name, element, lanes):
    """`exp_f32_8(a, b, y)`: y = exp(a) over memory of 8 numbers."""
    memory = f"memref<{lanes}x{element}>"
    vector = element if lanes == 1 else f"vector<{lanes}x{element}>"
    load, store = ("memref.load", "memref.store") if lanes == 1 else ("vector.load", "vector.store")
    types = memory if lanes == 1 else f"{memory}, {vector}"
    operands = "%x, %z" if name == "pow" else "%x"
    return f"""
func.func @{name}_{element}_{lanes}(%a: {memory}, %b: {memory}, %y: {memory}) {{
  %c0 = arith.constant 0 : index
  %x = {load} %a[%c0] : {types}
  %z = {load} %b[%c0] : {types}
  %r = math.{OPERATIONS.get(name, name)} {operands} : {vector}
  {store} %r, %y[%c0] : {types}
  return
}}"""


def table(names, allowed):
    """Declarations and a list of the functions, for C."""
    declarations, rows = [], []
    for name in names:
        for element, c_type in (("f32", "float"), ("f64", "double")):
            symbols = [f"{name}_{element}_{lanes}" for lanes in LANES]
            for symbol in symbols:
                declarations.append(f"void {symbol}(const void *, const void *, void *);")
            reference = REFERENCES.get(name, name) + ("" if element == "f32" else "l")
            kind = ("binary" if name == "pow" else "unary") + c_type.capitalize()
            rows.append(f'    {{"{name}", "{element}", {allowed[name, element]}, '
                        f'{{{", ".join(symbols)}}}, .{kind} = {reference}}},')
    return "\n".join(declarations + ["static const struct Tested tested[] = {"] + rows + ["};", ""])


def processors():
    """Flags for processors that run here: the baseline, and those with fused multiplication."""
    found = [[]]
    if platform.machine() == "x86_64":
        features = Path("/proc/cpuinfo").read_text().split()
        if "avx2" in features and "fma" in features:
            found.append(["-march=haswell"])
        if "avx512dq" in features and "avx512vl" in features:
            found.append(["-march=skylake-avx512"])
    return found


def main():
    parser = argparse.ArgumentParser()
    for option in ("--model-opt", "--clang", "--numerics", "--work"):
        parser.add_argument(option, required=True)
    parser.add_argument("--stride", default="4093")
    parser.add_argument("--count", default="48000")
    parser.add_argument("names", nargs="+")
    options = parser.parse_args()
    work, here, clang = Path(options.work), Path(__file__).parent, shlex.split(options.clang)
    work.mkdir(parents=True, exist_ok=True)
    (work / "table.h").write_text(
        table(options.names, allowed_errors(Path(options.numerics).read_text())))
    code = "\n".join(function(name, element, lanes) for name in options.names
                     for element in ("f32", "f64") for lanes in LANES)
    lowered = run([options.model_opt, *TO_LLVM], input=code)
    (work / "functions.ll").write_text(run(["mlir-translate", "--mlir-to-llvmir"], input=lowered))
    first = None
    for number, flags in enumerate(processors()):
        objects, program = work / f"functions{number}.o", work / f"accuracy{number}"
        run([*clang, "-O2", "-Wno-override-module", *flags, "-c", work / "functions.ll",
             "-o", objects])
        called = run(["llvm-nm", "--undefined-only", objects]).strip()
        if called:
            sys.exit(f"the functions call others:\n{called}")
        run([*clang, "-std=c11", "-D_GNU_SOURCE", "-O2", "-Wall", "-Wextra", "-Werror",
             "-I", work, here / "accuracy.c", objects, "-lm", "-o", program])
        report = run([program, options.stride, options.count])
        if first is None:
            print(report, end="")
        elif report != first:
            sys.exit(f"{shlex.join(flags)} computes other bits:\n{report}")
        first = report


main()
