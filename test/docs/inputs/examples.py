"""examples.py PAGE MODELC WORK: programs with mistakes on a page are told what the page says.

A `model` block followed by a `text` block: the program, and all that the compiler says of it. The text names the file.
A `diff` block followed by a `text` block: the same for the last program that the page called whole (a `model` block without
a text, whose name stands in the prose before it), after the change: lines with `-` are replaced by those with `+`.
"""
import re
import subprocess
import sys
from pathlib import Path

page, modelc, work = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
problems = []


def blocks(text):
    """(language, content, the prose before it)"""
    end = 0
    for block in re.finditer(r"^```(\w+)\n(.*?)^```$", text, re.M | re.S):
        yield block.group(1), block.group(2), text[end:block.start()]
        end = block.end()


def compile_program(name, program, *options):
    """The exit status, and what the compiler says."""
    work.mkdir(parents=True, exist_ok=True)
    (work / name).write_text(program)
    result = subprocess.run([modelc, "--emit=grad", name, "-o", "/dev/null", *options], cwd=work, text=True, capture_output=True)
    # Places in the library change with it, and are left out.
    return result.returncode, re.sub(r"^(stdlib/\w+\.model):\d+:\d+", r"\1", result.stderr, flags=re.M)


def changed(program, change):
    """The program with the lines of `change` that begin with `-` replaced by those that begin with `+`."""
    old, new = ("".join(line[1:] for line in change.splitlines(keepends=True) if line[0] in kept) for kept in (" -", " +"))
    if program.count(old) != 1:
        problems.append(f"found {program.count(old)} times, expected once:\n{old}")
    return program.replace(old, new)


def compare(program, said):
    name = re.match(r"([\w-]+\.model):", said)
    # What is wrong with the command line has no place, but says what was written there.
    option = re.match(r"modelc: error: `(--\w+) ([^`]+)`", said)
    status, heard = compile_program(name.group(1) if name else "program.model", program, *(option.groups() if option else ()))
    if status != 1 or heard != said:
        problems.append(f"of\n{program}the page says\n{said}the compiler says (status {status})\n{heard}")


count, whole = 0, None
found = list(blocks(page.read_text()))
for index, (language, content, before) in enumerate(found):
    said = found[index + 1][1] if index + 1 < len(found) and found[index + 1][0] == "text" else None
    if language == "model" and said is None:
        whole = content
        status, heard = compile_program(re.findall(r"`([\w-]+\.model)`", before)[-1], content)
        if status:
            problems.append(f"this is no program:\n{content}{heard}")
    elif language in ("model", "diff") and said is not None:
        compare(content if language == "model" else changed(whole, content), said)
        count += 1
for problem in problems:
    print(problem)
print(f"{count} mistakes, {len(problems)} problems")
sys.exit(1 if problems or not count else 0)
