"""dictionary.py GRAMMAR FILE...: the words of the grammar and the names that .model files declare, as libFuzzer wants them."""
import re
import sys
from pathlib import Path


def main():
    grammar = Path(sys.argv[1]).read_text()
    words = {word for word in re.findall(r"'((?:\\.|[^'\\])+)'", grammar) if "\\" not in word and word != '"'}
    for name in sys.argv[2:]:
        words.update(re.findall(r"^(?:fn|module|metric|optimizer|transform) (\w+)", Path(name).read_text(), re.M))
    for word in sorted(words):
        print(f'"{word}"')


main()
