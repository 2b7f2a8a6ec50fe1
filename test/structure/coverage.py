"""coverage.py ROOT: names each construct of the language that no test uses.

Constructs are the words and signs of the grammar, the built-in functions, the element-wise operations
and what the standard library declares. A use is a whole word in a program that a test compiles: a
`.model` file of `test/` or `examples/`, or a program within a test or what makes its inputs; what the
library is made of may be used by the library instead. Golden tests of errors do not count, nor do the
formatter's and the syntax tree's, which compute nothing.
"""
import re
import sys
from pathlib import Path

root = Path(sys.argv[1])
NOT_COMPILED = ("test/frontend/diagnostics", "test/frontend/ast", "test/frontend/formatting", "test/fuzz", "test/structure")


def without_comments(text, sign):
    return re.sub(rf"{sign}.*", "", text)


DECLARATION = r"^(?:fn|module|optimizer|metric|transform|custom gradient) (\w+)"


def constructs():
    """(what, name) of each."""
    grammar = without_comments((root / "grammar/Model.g4").read_text(), "//")
    for name in sorted(set(re.findall(r"'((?:[^'\\\s]|\\.)+)'", grammar))):
        if re.fullmatch(r"[a-z_]{2,}|[^\w\s\\]+", name):
            yield "of the grammar", name
    for name in re.findall(r'^    \{"(\w+)", ', (root / "frontend/lowering/Builtins.cpp").read_text(), re.M):
        yield "a built-in function", name
    for path in sorted((root / "dialect/ops").glob("Elementwise*.td")):
        for name in re.findall(r'Model_(?:UnaryOp|Function)<"(\w+)"', path.read_text()):
            yield "an element-wise operation", name
    for path in sorted((root / "frontend/stdlib").glob("*.model")):
        for name in re.findall(DECLARATION, path.read_text(), re.M):
            yield f"of frontend/stdlib/{path.name}", name


def programs():
    for folder in "test", "examples":
        for path in sorted((root / folder).rglob("*")):
            place = path.relative_to(root).as_posix()
            if path.suffix in (".model", ".py", ".test") and not place.startswith(NOT_COMPILED):
                sign = "//" if path.suffix == ".model" else "#"
                yield without_comments(path.read_text(), sign)
    for path in (root / "frontend/stdlib").glob("*.model"):
        yield re.sub(DECLARATION, "", without_comments(path.read_text(), "//"), flags=re.M)


def uses(text, name):
    return re.search(rf"(?<![\w]){re.escape(name)}(?![\w])", text) if re.match(r"\w", name) else name in text


everything = "\n".join(programs())
known = list(constructs())
unused = [(what, name) for what, name in known if not uses(everything, name)]
for what, name in unused:
    print(f"`{name}`, {what}, is in no program of a test")
print(f"{len(known)} constructs, {len(unused)} without a test")
sys.exit(1 if unused else 0)
