"""library.py FRONTEND/STDLIB: writes docs/library.md, the list of the standard library, from its sources to standard output."""
import re
import sys
from pathlib import Path

ORDER = ["layers", "activations", "norms", "dropout", "attention", "recurrent", "initializers", "losses", "metrics",
         "optimizers", "schedules", "regularization", "arrays", "transforms"]
START = """# The standard library

Everything here is written in the language itself and embedded in the compiler; the sources, in
`frontend/stdlib/`, are meant to be read and copied. A program uses a name without an import, and a
declaration of its own by the same name goes first. Only what is used is compiled.

This page is made from the sources: `python3 scripts/library.py frontend/stdlib > docs/library.md`.
"""


def comment(lines):
    return "\n".join(re.sub(r"^///? ?", "", line) for line in lines)


def signature(line):
    """`fn f(x: float) -> float {` without the brace; a module by how it is called."""
    word, rest = line.rstrip(" {").split(" ", 1)
    return rest if word in ("fn", "module") else f"{word} {rest}"


def section(path):
    """The heading, the file's own comment, and one entry for each documented declaration."""
    lines = path.read_text().split("\n")
    end = next(i for i, line in enumerate(lines) if not line.startswith("//"))
    words = comment(lines[:end]).split(": ", 1)[1]
    text = [f"## {path.stem.capitalize()}", "", f"{words[0].upper()}{words[1:]}", ""]
    documentation = []
    for number, line in enumerate(lines[end:], end):
        if line.startswith("///"):
            documentation.append(line)
            continue
        if documentation and re.match(r"(fn|module|metric|optimizer|transform) ", line):
            while "{" not in line:  # the parameters go on in the next line
                number += 1
                line += " " + lines[number].strip()
            text += [f"`{signature(line)}`  ", comment(documentation), ""]
        documentation = []
    return text


def main():
    folder = Path(sys.argv[1])
    files = {path.stem: path for path in folder.glob("*.model")}
    assert sorted(files) == sorted(ORDER), f"not in the list of files: {set(files) ^ set(ORDER)}"
    text = [START]
    for name in ORDER:
        text += section(files[name])
    print("\n".join(text).rstrip())


main()
