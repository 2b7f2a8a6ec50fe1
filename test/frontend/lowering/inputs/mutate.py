"""mutate.py MODELC COUNT SEED FILE...: programs whose names and numbers are exchanged are lowered or refused.

Exchanging whole tokens keeps most programs well-formed, so that the mistakes are of meaning.
"""
import random
import re
import subprocess
import sys
from pathlib import Path

modelc, count, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
programs = [[line for line in Path(name).read_text().split("\n") if not line.startswith("//")] for name in sys.argv[4:]]
TOKEN = re.compile(r'"[^"]*"|[A-Za-z_][A-Za-z_0-9]*|\d+(?:\.\d+)?(?:e-?\d+)?|\*\*|->|\|>|\.\.\.|\.\.|==|<=|>=|\S|\s+')
WORD = re.compile(r"[A-Za-z_0-9.]+$")
ODD = ["0", "1", "-1", "9223372036854775807", "1000000000000", "1e300", "0.5", "N", "x", "training", "zeros", "uniform",
       "fold", "scan", "grad", "take", "sum", "softmax", "(x, x)", "()", "[1, 2]", "true", '"text"', "...", "hidden",
       "parameters", "pi", "iota(3)", "size(x)", "cast", "f32", "Dense", "relu"]
OPERATORS = ["+", "-", "*", "/", "@", "**", "==", "<", "and", "|>"]
random.seed(seed)


def mutate(tokens, words):
    """One token becomes another of its kind, or an odd one; or a line goes, or comes twice."""
    places = [i for i, token in enumerate(tokens) if WORD.match(token)]
    operators = [i for i, token in enumerate(tokens) if token in OPERATORS]
    choice = random.randrange(6)
    if choice < 3 and places:
        tokens[random.choice(places)] = random.choice(words)
    elif choice < 4 and places:
        tokens[random.choice(places)] = random.choice(ODD)
    elif choice < 5 and operators:
        tokens[random.choice(operators)] = random.choice(OPERATORS)
    else:
        lines = "".join(tokens).split("\n")
        at = random.randrange(len(lines))
        lines[at:at + 1] = [] if random.randrange(2) else [lines[at]] * 2
        return TOKEN.findall("\n".join(lines))
    return tokens


lowered = 0
for index in range(count):
    tokens = TOKEN.findall("\n".join(random.choice(programs)))
    words = [token for token in tokens if WORD.match(token)]
    for _ in range(random.randint(1, 4)):
        tokens = mutate(tokens, words)
    program = "".join(tokens)
    result = subprocess.run([modelc, "--emit=model", "-"], input=program.encode(), capture_output=True, timeout=60)
    lowered += result.returncode == 0
    refused = result.returncode == 1 and b"error: " in result.stderr
    if result.returncode != 0 and not refused:
        print(f"seed {seed}, program {index}: exit code {result.returncode}")
        print(result.stderr.decode(errors="replace")[-2000:])
        print(program)
        sys.exit(1)
print(f"{count} programs, {'some' if lowered else 'none'} lowered")
