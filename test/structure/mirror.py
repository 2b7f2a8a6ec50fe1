"""Checks that every source file has its test at the mirrored place and that none is too long."""
import re
import sys
from pathlib import Path

MIRRORED = ["passes/*.cpp", "dialect/ops/*.cpp", "frontend/*.cpp", "codegen/**/*.cpp", "runtime/**/*.c"]
FOLDERS = ["grammar", "frontend", "dialect", "passes", "codegen", "runtime", "tools", "cmake", "scripts", "bench"]
SUFFIXES = {".c", ".h", ".cpp", ".td", ".g4", ".py", ".cmake", ".model", ".txt"}
LONGEST = 600


def kebab(name):
    """`FormKernels` -> `form-kernels`, `CSVReader` -> `csv-reader`."""
    name = re.sub(r"([a-z0-9])([A-Z])", r"\1-\2", name)
    return re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1-\2", name).lower()


def problems(root):
    for pattern in MIRRORED:
        for source in sorted(root.glob(pattern)):
            place = root / "test" / source.relative_to(root).parent / kebab(source.stem)
            if not place.is_dir() and not list(place.parent.glob(place.name + ".*")):
                yield f"{source.relative_to(root)}: no test at `{place.relative_to(root)}.*`"
    for folder in FOLDERS:
        for source in sorted((root / folder).rglob("*")):
            # What is installed, such as bench/parity/.venv, is not ours.
            if any(part.startswith(".") for part in source.relative_to(root).parts):
                continue
            if source.suffix in SUFFIXES and source.is_file():
                lines = len(source.read_bytes().splitlines())
                if lines > LONGEST:
                    yield f"{source.relative_to(root)}: {lines} lines, at most {LONGEST} are wanted"


def main():
    found = list(problems(Path(sys.argv[1])))
    for line in found:
        print(line)
    return 1 if found else 0


sys.exit(main())
