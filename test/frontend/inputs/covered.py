"""covered.py LIBRARY TESTS: each declaration of LIBRARY/x.model is used in TESTS/x.model, or in the library itself."""
import re
import sys
from pathlib import Path

library, tests = Path(sys.argv[1]), Path(sys.argv[2])
declaration = re.compile(r"^(fn|module|optimizer|metric|transform) (\w+)", re.M)
sources = {path.name: re.sub("//.*", "", path.read_text()) for path in sorted(library.glob("*.model"))}
assert sources, f"no files in {library}"
missing = []
for file, text in sources.items():
    test = (tests / file).read_text() if (tests / file).is_file() else ""
    for word, name in declaration.findall(text):
        use = re.compile(rf"(?<!fn )(?<!metric )\b{name}\b")
        helpers = word == "fn" and sum(len(use.findall(other)) for other in sources.values())
        if not use.search(re.sub("//.*", "", test)) and not helpers:
            missing.append(f"{file}: `{name}` is used nowhere in the tests")
print("\n".join(missing) or "all are used")
sys.exit(1 if missing else 0)
