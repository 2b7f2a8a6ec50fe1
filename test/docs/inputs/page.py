"""page.py PAGE SOURCE BUILD WORK: does what a page says, and checks that it is true.

Blocks are taken in their order. A `model` block is written to the file that the text before it names
last. The commands of a `sh` block are run in the folder WORK, which looks like the root of the tree;
`modelc` is the compiler of BUILD.
The lines of a `text` block must come, in this order, in what the commands before it printed; numbers
may differ. Commands may fail only if that text shows an error. Every file that the page names must
exist in the end, other than those of the model `NAME`.
"""
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

page, source, build, work = (Path(argument).resolve() for argument in sys.argv[1:])
# They build or run the tests, and this is one.
ONLY_LOOKED_AT = {"scripts/setup", "scripts/test", "bench/parity/setup", "cmake", "ninja", "python3",
                  "bench/parity/.venv/bin/python"}
NUMBER = re.compile(r"\d+(\.\d+)?(e[+-]?\d+)?")
problems = []


def fail(message):
    problems.append(f"{page.name}: {message}")


def make_work():
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    for entry in source.iterdir():
        if not entry.name.startswith(("build", ".git")):
            (work / entry.name).symlink_to(entry)
    (work / "build").symlink_to(build)


def blocks(text):
    """(language, content, the prose before it)"""
    end = 0
    for block in re.finditer(r"^```(\w+)\n(.*?)^```$", text, re.M | re.S):
        yield block.group(1), block.group(2), text[end:block.start()]
        end = block.end()


def run(commands, may_fail):
    """What they print. Those that take too long are only checked to exist."""
    lines = []
    for line in commands.splitlines():
        words = line.split()
        if words[0] not in ONLY_LOOKED_AT:
            lines.append(line)
            continue
        scripts = [word for word in words if word.endswith(".py") or word in ONLY_LOOKED_AT and ".venv" not in word]
        for word in scripts:
            if not (shutil.which(word) or (source / word).is_file()):
                fail(f"there is no `{word}`")
    environment = {**os.environ, "PATH": f"{build / 'bin'}:{os.environ['PATH']}"}
    result = subprocess.run(["bash", "-e", "-c", "\n".join(lines)], cwd=work, stdin=subprocess.DEVNULL, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment)
    if (result.returncode != 0) != may_fail:
        fail(f"status {result.returncode} of\n{commands}{result.stdout}")
    return result.stdout


def normal(line):
    return NUMBER.sub("#", " ".join(line.split()))


def check_output(wanted, printed):
    lines = iter([normal(line) for line in printed.splitlines()])
    for line in wanted.splitlines():
        if line.strip() and normal(line) not in lines:
            fail(f"`{line}` does not come in its place in\n{printed}")
            return


def run_blocks(text):
    found = list(blocks(text))
    printed = ""
    for index, (language, content, before) in enumerate(found):
        if language == "model":
            (work / re.findall(r"`([\w-]+\.model)`", before)[-1]).write_text(content)
        elif language == "sh":
            shown = found[index + 1][1] if index + 1 < len(found) and found[index + 1][0] == "text" else ""
            printed = run(content, " error: " in shown)
        elif language == "text":
            check_output(content, printed)


def check_files(text):
    """Links, and what looks like a path: it has a folder or a known ending."""
    prose = re.sub(r"^```.*?^```$", "", text, flags=re.M | re.S)
    names = set(re.findall(r"\]\(([^)#:]+)\)", prose))
    for token in re.findall(r"`([\w./*-]+)`", prose):
        if token.startswith("NAME.") or token.startswith(".") and "/" not in token:
            continue
        if "/" in token or token.endswith((".md", ".model", ".py", ".td", ".cpp", ".c", ".h", ".safetensors", ".csv")):
            names.add(token)
    base = work / page.resolve().relative_to(source.resolve()).parent
    for name in sorted(names):
        if not any(list(folder.glob(name)) if "*" in name else (folder / name).exists() for folder in (base, work)):
            fail(f"there is no `{name}`")
    return names


make_work()
text = page.read_text()
run_blocks(text)
names = check_files(text)
for problem in problems:
    print(problem)
print(f"{len(list(blocks(text)))} blocks, {len(names)} files, {len(problems)} problems")
sys.exit(1 if problems else 0)
