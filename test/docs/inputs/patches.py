"""patches.py PAGE SOURCE OUT: applies the `diff` blocks of a page to files of SOURCE, and writes these to OUT.

Hunks are found by their text, so they have no line numbers: what a hunk expects must be there exactly once.
"""
import re
import sys
from pathlib import Path

page, source, out = map(Path, sys.argv[1:])
problems = []


def changes(text):
    """(path or None where it is new, path, hunks as (old, new))"""
    for block in re.findall(r"^```diff\n(.*?)^```$", text, re.M | re.S):
        for part in re.split(r"^(?=--- )", block, flags=re.M)[1:]:
            old, new, *hunks = re.split(r"^(?:--- |\+\+\+ |@@\n)", part, flags=re.M)[1:]
            yield old.strip() != "/dev/null", new.strip().removeprefix("b/"), [split(hunk) for hunk in hunks]


def split(hunk):
    lines = hunk.splitlines(keepends=True)
    return tuple("".join(line[1:] for line in lines if line[0] in kept) for kept in (" -", " +"))


def apply(exists, path, hunks):
    target = out / path
    text = ""
    if exists:
        origin = target if target.exists() else source / path
        if not origin.exists():
            problems.append(f"{path}: there is no such file")
            return
        text = origin.read_text()
    elif (source / path).exists():
        problems.append(f"{path}: is to be new, and exists")
    for old, new in hunks:
        if old and text.count(old) != 1:
            problems.append(f"{path}: found {text.count(old)} times, expected once:\n{old}")
        text = text.replace(old, new) if old else new
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text)


count = 0
for change in changes(page.read_text()):
    apply(*change)
    count += 1
for problem in problems:
    print(problem)
print(f"{count} changes, {len(problems)} problems")
sys.exit(1 if problems or not count else 0)
