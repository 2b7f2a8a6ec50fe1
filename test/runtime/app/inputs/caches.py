"""Trains with good, damaged and foreign caches and compares what is learnt: caches.py PROGRAM OTHER."""
import os
import random
import shutil
import struct
import subprocess
import sys

CACHE, WEIGHTS, MASK = "Linear.points.cache", "Linear.safetensors", 2**64 - 1
random.seed(3)


def run(program, *words):
    return subprocess.run([program, *words], capture_output=True, check=True).stdout


def train(program, *words):
    run(program, "train", *words)
    return open(WEIGHTS, "rb").read()


def digest(data):
    value = 1
    for (word,) in struct.iter_unpack("<Q", data):
        value = ((value ^ word) * 0xbf58476d1ce4e5b9) & MASK
        value ^= value >> 29
    return value


def write(data):
    with open(CACHE, "wb") as file:
        file.write(data)


wanted = train(sys.argv[1], "--no-cache")
assert not os.path.exists(CACHE)
assert train(sys.argv[1], "--cache-from", "0") == wanted and train(sys.argv[1], "--cache-from", "0") == wanted
good = open(CACHE, "rb").read()
# Other numbers in the rows, behind the stamp, with a digest that is right: what is learnt is of the cache.
changed = bytearray(good[:-8])
for i in range(0, 240, 8):
    struct.pack_into("<f", changed, 96 + i, i * i % 17)
write(changed + struct.pack("<Q", digest(changed)))
assert train(sys.argv[1], "--cache-from", "0") != wanted
print("the cache is used")

damages = [good[:i] + bytes([good[i] ^ 1 << random.randrange(8)]) + good[i + 1:] for i in sorted(random.sample(range(len(good)), 200))]
damages += [good[:i] for i in random.sample(range(len(good)), 40)] + [good + bytes(8), b"", bytes(len(good))]
differences = 0
for damage in damages:
    write(damage)
    differences += train(sys.argv[1], "--cache-from", "0") != wanted
    assert open(CACHE, "rb").read() == good
print(f"{len(damages)} damages, {differences} differences")

assert train(sys.argv[2], "--cache-from", "0") == train(sys.argv[2], "--no-cache") != wanted
write(good)
rows = open("points.csv").read().splitlines()
rows[1], rows[2] = rows[2], rows[1]
times = os.stat("points.csv")
with open("points.csv", "w") as file:
    file.write("\n".join(rows) + "\n")
os.utime("points.csv", ns=(times.st_atime_ns, times.st_mtime_ns))
assert train(sys.argv[1], "--cache-from", "0", "--no-shuffle") == train(sys.argv[1], "--no-cache", "--no-shuffle")
print("another program, another file: read anew")
assert run(sys.argv[1], "eval", "--cache-from", "0") == run(sys.argv[1], "eval", "--no-cache")
print("eval agrees")
