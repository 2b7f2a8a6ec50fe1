"""snippets.py PAGE.md MODELC: every `model` block of the page compiles, gradients and all.

A comment `<!-- with … -->` before a block has what makes a whole program of it: what uses its declarations, and what they use.
"""
import re
import subprocess
import sys
from pathlib import Path

page, modelc = Path(sys.argv[1]), sys.argv[2]
text = page.read_text()
blocks = list(re.finditer(r"(?:^<!-- with\n((?:(?!-->).)*?)^-->\n)?^```model\n(.*?)^```$", text, re.M | re.S))
assert blocks, f"no programs in {page}"
failures = 0
for block in blocks:
    # Empty lines before the program, so that its errors are located in the page; what it comes with follows.
    line = text[: block.start(2)].count("\n")
    program = "\n" * line + block.group(2) + (block.group(1) or "")
    result = subprocess.run([modelc, "--emit=grad", "-"], input=program, capture_output=True, text=True)
    if "-:" in result.stderr or result.returncode:
        failures += 1
    elif "func.func" not in result.stdout:
        failures += 1
        print(f"{page}:{line + 1}: nothing of this is compiled")
    sys.stdout.write(result.stderr.replace("-:", f"{page}:"))
print(f"{len(blocks)} programs, {failures} with errors")
sys.exit(1 if failures else 0)
