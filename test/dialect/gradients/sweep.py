"""Holds the gradient of every differentiable operation to finite differences.

usage: sweep.py --modelc PATH --model-opt PATH --clang COMMAND --work FOLDER [--only NAME]
                [--perturb]

The compiler says which operations there are; each needs a case in cases.py, and each case an
operation. All cases are one module, which the reference path compiles and harness.c judges.
"""
import argparse
import re
import shlex
import subprocess
import sys
from pathlib import Path

import cases


def run(command, stdin=None):
    result = subprocess.run(command, capture_output=True, text=True, input=stdin)
    if result.returncode != 0:
        sys.exit(f"{shlex.join(map(str, command))}\nfailed: {result.stdout}{result.stderr[:4000]}")
    return result.stdout


def coverage(operations, table):
    """What is wrong with the table, given the lines that `model-opt --list-ops` prints."""
    registered = {}
    for line in operations.splitlines():
        name, *interfaces = line.split()
        registered[name.removeprefix("model.")] = "differentiable" in interfaces
    covered = set()
    for case in table:
        if case.operation not in registered:
            yield f"case {case.name}: there is no operation `model.{case.operation}`"
        elif not re.search(rf"\bmodel\.{case.operation}\b", case.text()):
            yield f"case {case.name} does not contain `model.{case.operation}`"
        covered.add(case.operation)
    for operation, differentiable in registered.items():
        if differentiable and operation not in covered:
            yield f"model.{operation} is differentiable and has no case"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--modelc", required=True)
    parser.add_argument("--model-opt", required=True)
    parser.add_argument("--clang", required=True, help="compiler and flags for the harness")
    parser.add_argument("--work", required=True)
    parser.add_argument("--only", default="", help="regular expression for names of cases")
    parser.add_argument("--without", default=None, help="leave out the cases of an operation")
    parser.add_argument("--perturb", action="store_true",
                        help="falsify each gradient by 1e-6; every case must fail")
    options = parser.parse_args()

    table = [case for case in cases.all_cases() if case.operation != options.without]
    problems = list(coverage(run([options.model_opt, "--list-ops"]), table))
    if problems:
        sys.exit("\n".join(problems))

    table = [case for case in table if re.search(options.only, case.name)]
    work = Path(options.work)
    work.mkdir(parents=True, exist_ok=True)
    source, program = work / "cases.mlir", work / "cases"
    source.write_text("\n".join(case.text() for case in table))
    run([options.modelc, source, "-O0", "--emit=obj", "-o", work / "cases.o"])
    run(shlex.split(options.clang) + [Path(__file__).parent / "harness.c", work / "cases.o",
                                      "-o", program])
    inputs = work / "inputs.txt"
    inputs.write_text("".join(case.inputs() for case in table))
    result = subprocess.run([program, inputs] + (["--perturb"] if options.perturb else []))
    sys.exit(result.returncode)


if __name__ == "__main__":
    main()
