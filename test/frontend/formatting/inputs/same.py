"""same.py MODELC WORK FOLDER...: formatting every program below the folders that parses keeps its tree, and is stable."""
import re
import shutil
import subprocess
import sys
from pathlib import Path

modelc, work, *folders = sys.argv[1:]
work = Path(work)
shutil.rmtree(work, ignore_errors=True)
work.mkdir(parents=True)


def tree(path):
    """The tree without places; none if the program does not parse."""
    result = subprocess.run([modelc, "--emit=ast", path], capture_output=True)
    return re.sub(rb"  @\d+:\d+$", b"", result.stdout, flags=re.M) if result.returncode == 0 else None


trees = {}
for number, path in enumerate(path for folder in folders for path in sorted(Path(folder).rglob("*.model"))):
    if before := tree(path):
        copy = work / f"{number}-{path.name}"
        shutil.copy(path, copy)
        trees[copy] = before
formatted = subprocess.run([modelc, "fmt", *trees], capture_output=True, text=True)
changed = [path.name for path, before in trees.items() if tree(path) != before]
again = subprocess.run([modelc, "fmt", "--check", *trees], capture_output=True, text=True)
print(formatted.stderr + again.stderr, end="")
print(f"{len(trees)} programs; another tree: {', '.join(changed) or 'none'}; "
      f"not stable: {', '.join(again.stdout.split()) or 'none'}")
sys.exit(bool(changed or formatted.returncode or again.returncode))
