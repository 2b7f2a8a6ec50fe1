"""diagnostics.py ROOT: writes docs/diagnostics.md anew to standard output.

Names and messages come from frontend/Diagnostics.def, examples from the golden tests; what an entry says in words, and
the page around the entries, is kept from the page as it is. An error without words fails.
"""
import re
import sys
from pathlib import Path

MISSING = "(Say here what it means and what to change.)"


def registry(root):
    """(heading, name, message) of each error, in order."""
    heading = None
    for line in (root / "frontend" / "Diagnostics.def").read_text().splitlines():
        if match := re.match(r"// (.*)\.$", line):
            heading = match.group(1)
        if match := re.match(r'DIAGNOSTIC\(\w+, "([a-z0-9-]+)", "((?:[^"\\]|\\.)*)"\)', line):
            yield heading, match.group(1), match.group(2).replace('\\"', '"')


def example(root, name):
    """The program of a golden test, and what it is told; only for tests that check whole lines."""
    lines = (root / "test" / "frontend" / "diagnostics" / f"{name}.model").read_text().splitlines()
    program = "\n".join(line for line in lines if not line.startswith("//")).strip("\n")
    if "--match-full-lines" not in lines[0] or not program:
        return []
    said = [match.group(1) for line in lines if (match := re.match(r"// CHECK(?:-NEXT)?:(.*)$", line))]
    # Patterns stand for the folder of the test, for places in the library, which change with it, and for themselves.
    said = [re.sub(r"\{\{\[\^\\n\]\*\}\}|\{\{\.\*\}\}(?=[\w-]+\.model)|(?<=\.model):\{\{\[0-9\]\+:\[0-9\]\+\}\}", "", line)
            for line in said]
    said = [line.replace(r"{{\[\[}}", "[[") for line in said]
    said = [line for line in said if "{{" not in line]
    # The page shows the program without the line that runs the test.
    before = next(i for i, line in enumerate(lines) if line and not line.startswith("//"))
    said = [re.sub(r"(?<=\.model:)(\d+)(?=:)", lambda match: str(int(match.group()) - before), line) for line in said]
    return ["```model", program, "```", "", "```text", *said, "```", ""]


def words(page):
    """What each entry says, by its name."""
    return {name: text.strip() for name, text in
            re.findall(r"^### `([a-z0-9-]+)`\n\n>[^\n]*\n\n(.*?)(?=^```|^##|^<!--)", page, re.M | re.S)}


def main():
    root = Path(sys.argv[1])
    page = (root / "docs" / "diagnostics.md").read_text()
    known = words(page)
    start, _, rest = page.partition("<!-- entries -->\n")
    _, _, end = rest.partition("<!-- end of entries -->\n")
    text, last = [start + "<!-- entries -->", ""], None
    complete = True
    for heading, name, message in registry(root):
        if heading != last:
            text += [f"## {heading}", ""]
            last = heading
        said = known.get(name, MISSING)
        complete &= said not in ("", MISSING)
        text += [f"### `{name}`", "", f"> {message}", "", said, "", *example(root, name)]
    print("\n".join(text + ["<!-- end of entries -->", ""]) + end, end="")
    return 0 if complete else 1


sys.exit(main())
