"""What the fuzzers of this folder share: extremes, changes of bytes, limits, and the loop that keeps what it finds."""
import random
import resource
from dataclasses import dataclass
from pathlib import Path

# Around every width that a reader may hold a size in.
INTEGERS = [0, 1, 2, 3, 7, 64, 127, 128, 255, 256, 65535, 65536, 1000000, 2**31 - 1, 2**31, 2**32 - 1, 2**32, 10**12,
            2**61, 2**62, 2**63 - 1, 2**63, 2**64 - 1, 2**64, 10**40]
PIECES = [b"(", b")", b"[", b"]", b"{", b"}", b"..", b"...", b"|>", b"=", b"==", b",", b";", b":", b"->", b"@", b"**", b"-",
          b"///", b"//", b'"', b"\\", b"\0", b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\r", b"\n", b"\t",
          b"\xe2\x80\xae", b"\xf0\x9f\x98\x80", b"5%"]


@dataclass
class Input:
    data: bytes
    ending: str  # of the file that keeps it
    how: object = None  # what it is judged with


def place(data):
    return random.randrange(len(data) + 1)


def spoil(data):
    """One change that knows nothing of the format."""
    at, end = place(data), place(data)
    match random.randrange(6):
        case 0:
            return data[:at] + random.choice(PIECES) + data[at:]
        case 1:
            return data[:at]
        case 2:
            return data[:at] + bytes([random.randrange(256)]) + data[at + 1:]
        case 3:
            return data[:at] + data[end:]
        case 4:
            width = random.choice((2, 4, 8))
            value = random.choice(INTEGERS) % 2**(8 * width)
            return data[:at] + value.to_bytes(width, random.choice(("little", "big"))) + data[at + width:]
        case _:
            return data[:at] + bytes([(data[at] if at < len(data) else 0) ^ 1 << random.randrange(8)]) + data[at + 1:]


def splice(data, other):
    """The beginning of one and the end of another."""
    return data[:place(data)] + other[place(other):]


def limits(seconds, memory=None):
    """What a program is held to. Past the hard limit of time it is killed, and can do nothing about it."""
    def set_limits():
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if memory:
            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    return set_limits


def describe(code):
    return "no end" if code == -9 else f"exit code {code}"


def fuzz(count, seed, make, judge, what):
    """Judges `count` inputs; those with which something is wrong are kept. The exit code of the fuzzer."""
    random.seed(seed)
    finds = 0
    for index in range(count):
        made = make()
        if wrong := judge(made):
            finds += 1
            kept = Path(f"find-{seed}-{index}{made.ending}")
            kept.write_bytes(made.data)
            print(f"{kept}: {wrong}", flush=True)
    print(f"{count} {what}, {finds} finds")
    return 1 if finds else 0
