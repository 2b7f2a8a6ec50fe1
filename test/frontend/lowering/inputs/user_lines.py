"""Checks that the location of every operation reaches a line of the user's file.

Reads a printed stage; `loc(#loc7)` at the end of a line is the operation's location, defined by
`#loc7 = loc(...)`, which may refer to others.
"""
import re
import sys

DEFINITION = re.compile(r"^(#loc\d*) = loc\((.*)\)$")
REFERENCE = re.compile(r"#loc\d*\b")


def reaches(name, definitions, file):
    text = definitions[name]
    return file in text or any(reaches(other, definitions, file) for other in REFERENCE.findall(text))


def main():
    file = sys.argv[1]
    lines = sys.stdin.read().splitlines()
    definitions = dict(match.groups() for match in map(DEFINITION.match, lines) if match)
    seen, missing = 0, []
    for line in lines:
        match = re.search(r"loc\(([^()]*(?:\([^()]*\))?)\)$", line)
        if DEFINITION.match(line) or not match or line.lstrip().startswith("^"):
            continue
        seen += 1
        name = match.group(1)
        if not (file in name or (name in definitions and reaches(name, definitions, file))):
            missing.append(line)
    print(f"{seen} locations, {len(missing)} without a line of {file}")
    for line in missing[:5]:
        print(line)
    return 1 if missing or not seen else 0


sys.exit(main())
