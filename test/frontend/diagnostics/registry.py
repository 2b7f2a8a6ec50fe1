"""Checks that each error of frontend/Diagnostics.def has a golden test that checks its message."""
import re
import sys
from pathlib import Path


def main():
    root = Path(sys.argv[1])
    registry = (root / "frontend" / "Diagnostics.def").read_text()
    errors = re.findall(r'^DIAGNOSTIC\(\w+,\s*"([a-z0-9-]+)",\s*"((?:[^"\\]|\\.)*)"', registry, re.M)
    folder = root / "test" / "frontend" / "diagnostics"
    problems = [] if errors else ["the registry is empty"]
    names = [name for name, _ in errors]
    problems += [f"{name}: is in the registry twice" for name in set(names) if names.count(name) > 1]
    for name, message in errors:
        test = folder / f"{name}.model"
        words = max(re.split(r"\{\d\}", message.replace('\\"', '"')), key=len).strip()
        if not test.is_file():
            problems.append(f"{name}: no test at `test/frontend/diagnostics/{name}.model`")
        elif not any(words in line for line in test.read_text().splitlines() if re.search(r"[A-Z]+(-[A-Z]+)?:", line)):
            problems.append(f"{name}: its test does not check `{words}`")
    print("\n".join(problems))
    return 1 if problems else 0


sys.exit(main())
