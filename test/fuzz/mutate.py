"""mutate.py MODELC COUNT SEED FILE...: whatever is done to programs, modelc makes the stage `grad` of them or refuses them.

Each program is one of the files with a few changes: tokens, lines and blocks go, come twice, trade places or come from
another program; numbers and sizes become extreme ones; the text is cut off, nested deeply, or gets bytes that are no
text. The compiler has 2 s of processor time and 1 GB for each. A find (another exit code than 0 and 1, no word about an
error, no end) is kept in the working directory, and the exit code is 1.
"""
import random
import re
import subprocess
import sys
from pathlib import Path

from frame import Input, describe, fuzz, limits, spoil

SECONDS, BYTES = 2, 1 << 30
WALL = 60  # the machine may be busy
TOKEN = re.compile(r'"[^"\n]*"|//[^\n]*|[A-Za-z_]\w*|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\*\*|->|\|>|\.\.\.|\.\.|[=!<>]=|\s+|.', re.S)
NUMBER = re.compile(r"\d")
WORD = re.compile(r"[A-Za-z_]\w*$")
NUMBERS = ["0", "1", "2", "3", "7", "64", "127", "65535", "65536", "1000000", "2147483647", "2147483648", "4294967296",
           "1000000000000", "4611686018427387904", "9223372036854775807", "9223372036854775808", "9" * 40, "0.0", "0.5",
           "1e-300", "1e300", "1e999", "1e-999", "3.0", "-1", "(0 - 1)", "N", "N * N", "2 * N", "N - 1", "floor_div(N, 2)"]
WORDS = """fn let if else for in and or not true false import export model module optimizer metric transform frozen param state
update custom gradient data from split hyper train on over with minimize stop_early patience step training fold scan grad
take where einsum reshape transpose broadcast concat pad slice sum mean max argmax sort cumsum softmax one_hot iota zeros
ones full uniform normal cast size shape f32 f64 i32 i64 bool float int Dense Conv LayerNorm BatchNorm Dropout Lstm
Embedding relu tanh exp log sqrt mse cross_entropy adam sgd batch epochs report accuracy print assert stop_gradient N x w
parameters pi key random csv standardize columns column labels floor_div remainder""".split()
GIANTS = [lambda: '"' + "x" * 300000 + '"', lambda: "9" * 5000, lambda: "(" * 300 + "x" + ")" * 300,
          lambda: "[" * 2000 + "]" * 2000, lambda: "-" * 3000 + "x", lambda: "not " * 3000 + "true",
          lambda: " + ".join(["x"] * 3000), lambda: "if true { " * 400 + "x" + " }" * 400, lambda: "{" * 5000,
          lambda: "float[" + "1, " * 2000 + "1]", lambda: "x" * 100000, lambda: "f(" * 1000, lambda: "(" * 100000]


def block(tokens, at):
    """The end of the bracket that opens at a token; the next token if there is none."""
    depth = 0
    for i in range(at, len(tokens)):
        depth += (tokens[i] in ("(", "[", "{")) - (tokens[i] in (")", "]", "}"))
        if depth <= 0:
            return i + 1
    return at + 1


def anywhere(tokens, wanted=lambda token: not token.isspace()):
    places = [i for i, token in enumerate(tokens) if wanted(token)]
    return random.choice(places) if places else None


def part(tokens):
    """A bracket with its content, a few tokens, or a line."""
    match random.randrange(3):
        case 0:
            at = anywhere(tokens, lambda token: token in ("(", "[", "{"))
            return (at, block(tokens, at)) if at is not None else (0, 0)
        case 1:
            at = random.randrange(len(tokens) + 1)
            return at, min(len(tokens), at + random.randint(1, 8))
        case _:
            at = random.randrange(len(tokens) + 1)
            begin, end = at, at
            while begin > 0 and "\n" not in tokens[begin - 1]:
                begin -= 1
            while end < len(tokens) and "\n" not in tokens[end]:
                end += 1
            return begin, min(end + 1, len(tokens))


def mutate(tokens, other):
    """One change to a list of tokens, maybe with a part of another program."""
    if not tokens:
        return list(other)
    begin, end = part(tokens)
    match random.randrange(12):
        case 0:
            return tokens[:begin] + tokens[end:]
        case 1:
            return tokens[:end] + tokens[begin:end] + tokens[end:]
        case 2:
            first, last = part(other)
            return tokens[:begin] + other[first:last] + tokens[end:]
        case 3:
            first, last = part(tokens)
            return tokens[:begin] + tokens[first:last] + tokens[end:]
        case 4 | 5 | 6:
            at = anywhere(tokens, lambda token: NUMBER.match(token))
            new = random.choice(NUMBERS)
        case 7 | 8:
            at = anywhere(tokens, lambda token: WORD.match(token))
            names = [token for token in tokens if WORD.match(token)]
            new = random.choice(names if names and random.randrange(2) else WORDS)
        case 9:
            at = anywhere(tokens, lambda token: not WORD.match(token) and not token.isspace())
            new = random.choice("+ - * / @ ** == != < <= and or |> .. ... , : = -> . ( ) [ ] { }".split())
        case 10:
            at, new = anywhere(tokens), f" {random.choice(WORDS)} "
        case _:
            if random.randrange(6):
                return tokens
            at, new = anywhere(tokens), random.choice(GIANTS)()
    return tokens if at is None else tokens[:at] + [new] + tokens[at + 1:]


def judge(modelc, program):
    """What is wrong with how a compilation ends; nothing if it ends well."""
    try:
        result = subprocess.run([modelc, "--emit=grad", "-", "-o", "/dev/null"], input=program, capture_output=True,
                                preexec_fn=limits(SECONDS, BYTES), timeout=WALL)
    except subprocess.TimeoutExpired:
        return "no end"
    if result.returncode == 0 or (result.returncode == 1 and b"error: " in result.stderr):
        return None
    return f"{describe(result.returncode)}\n" + result.stderr.decode(errors="replace")[-3000:]


def read(names):
    """The tokens of the files that are not too long, without their comments of tests."""
    programs = []
    for name in names:
        lines = Path(name).read_text(errors="replace").split("\n")
        code = "\n".join(line for line in lines if not line.startswith("//"))
        if len(code) < 20000:
            programs.append(TOKEN.findall(code))
    return programs


def main():
    modelc, count, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    programs = read(sys.argv[4:])

    def make():
        tokens = random.choice(programs)
        for _ in range(random.choice((1, 1, 2, 3, 5, 8))):
            tokens = mutate(tokens, random.choice(programs))
        program = "".join(tokens).encode()
        return Input(program if random.randrange(4) else spoil(program), ".model")
    return fuzz(count, seed, make, lambda made: judge(modelc, made.data), "programs")


if __name__ == "__main__":
    sys.exit(main())
