"""Checks that every operation of every stage of a program comes from a line of its user.

usage: user_lines.py --modelc PATH --model-opt PATH program.model...
"""
import argparse
import subprocess
import sys
from pathlib import Path

# What is printed and read back: by the optimised path, then by the reference path.
STAGES = {2: ["model", "grad", "kernels", "planned", "loops", "llvm-dialect"],
          0: ["loops", "llvm-dialect"]}


def problem(options, program, level, stage):
    printed = subprocess.run([options.modelc, program, f"-O{level}", f"--emit={stage}", "-o", "-"],
                             capture_output=True)
    if printed.returncode != 0:
        return printed.stderr.decode()
    checked = subprocess.run([options.model_opt, "--check-user-lines", "-o", "/dev/null"],
                             input=printed.stdout, capture_output=True)
    return checked.stderr.decode() if checked.returncode != 0 else None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--modelc", required=True)
    parser.add_argument("--model-opt", required=True)
    parser.add_argument("programs", nargs="+")
    options = parser.parse_args()
    found = checked = 0
    for program in options.programs:
        for level, stages in STAGES.items():
            for stage in stages:
                checked += 1
                text = problem(options, program, level, stage)
                if text is not None:
                    found += 1
                    print(f"{Path(program).name} at -O{level}, stage {stage}:\n{text[:2000]}")
    print(f"{checked} stages, {found} with operations that lack a line of the user")
    return 1 if found else 0


sys.exit(main())
