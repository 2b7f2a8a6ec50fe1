"""mutate.py MODELC COUNT SEED FILE...: no mutation of a program crashes the parser or is refused without a word."""
import random
import subprocess
import sys
from pathlib import Path

modelc, count, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
programs = [Path(name).read_bytes() for name in sys.argv[4:]]
PIECES = [piece.encode() for piece in (
    "( ) [ ] { } .. ... |> \" \\ = == , ; % @ ** - 1e999 /// // é \U0001F600 \0 \r \n fn let if else for in and not true "
    "param state update model module data train split hyper import export custom gradient minimize over with").split(" ")]
PIECES += [b"\xff", b"\xc3", b"\0", b"\n", b" "]
random.seed(seed)


def mutate(text):
    """One small change: a piece put in, bytes removed, the end cut off, a part repeated, a byte replaced."""
    at = random.randrange(len(text) + 1)
    match random.randrange(5):
        case 0:
            piece = random.choice(PIECES)
            return text[:at] + b" " * random.randrange(2) + piece + b" " * random.randrange(2) + text[at:]
        case 1:
            return text[:at] + text[at + random.randint(1, 8):]
        case 2:
            return text[:at] if random.randrange(8) == 0 else text
        case 3:
            other = random.randrange(len(text) + 1)
            return text[:at] + text[other:other + random.randint(1, 40)] + text[at:]
        case _:
            return text[:at] + bytes([random.randrange(256)]) + text[at + 1:]


for index in range(count):
    program = random.choice(programs)
    for _ in range(random.randint(1, 6)):
        program = mutate(program)
    result = subprocess.run([modelc, "--emit=ast", "-"], input=program, capture_output=True, timeout=10)
    refused = result.returncode == 1 and b"error: " in result.stderr
    if result.returncode != 0 and not refused:
        Path("mutation.model").write_bytes(program)
        sys.exit(f"mutation {index} of seed {seed} (kept as mutation.model): exit code {result.returncode}\n"
                 + result.stderr.decode(errors="replace"))
print(f"{count} programs")
