"""snippets.py PAGE.md MODELC: every ```model block of the page parses."""
import re
import subprocess
import sys
from pathlib import Path

page, modelc = Path(sys.argv[1]), sys.argv[2]
text = page.read_text()
blocks = list(re.finditer(r"^```model\n(.*?)^```$", text, re.M | re.S))
assert blocks, f"no programs in {page}"
failures = 0
for block in blocks:
    # Empty lines before the program, so that its errors are located in the page.
    program = "\n" * text[: block.start(1)].count("\n") + block.group(1)
    result = subprocess.run([modelc, "--emit=ast", "-"], input=program, capture_output=True, text=True)
    failures += result.returncode != 0
    sys.stdout.write(result.stderr.replace("-:", f"{page}:"))
print(f"{len(blocks)} programs, {failures} with errors")
sys.exit(1 if failures else 0)
