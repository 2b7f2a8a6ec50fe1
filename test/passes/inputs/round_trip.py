"""usage: round_trip.py MODELC FILE FOLDER LEVEL STAGE...

Writes the program at each stage, compiles what was written, and compares the object with the one
that is made at once.
"""
import subprocess
import sys
from pathlib import Path

modelc, source, folder, level, *stages = sys.argv[1:]
folder = Path(folder)


def make(path, stage, output):
    subprocess.run([modelc, path, level, f"--emit={stage}", "-o", output], check=True)
    return output.read_bytes()


expected = make(source, "obj", folder / "direct.o")
for stage in stages:
    text = folder / f"{stage}.mlir"
    make(source, stage, text)
    if make(text, "obj", folder / f"{stage}.o") != expected:
        sys.exit(f"{source}: the object made from stage `{stage}` differs from the direct one")
