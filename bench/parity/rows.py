"""The rows that programs train on, made again from the definitions in runtime/core/abi.h."""
import csv

import numpy as np

COLUMN_STREAM = 1 << 62


def philox(seed, stream, index):
    """Philox4x32-10 (Salmon and others, 2011): 64 random bits for each number in `index`."""
    low = np.uint64(0xFFFFFFFF)
    half = np.uint64(32)
    index = np.asarray(index, np.uint64)
    words = [index & low, index >> half, np.full_like(index, stream & 0xFFFFFFFF), np.full_like(index, stream >> 32)]
    key = [seed & 0xFFFFFFFF, seed >> 32 & 0xFFFFFFFF]
    for _ in range(10):
        first, second = words[0] * np.uint64(0xD2511F53), words[2] * np.uint64(0xCD9E8D57)
        words = [(second >> half) ^ words[1] ^ np.uint64(key[0]), second & low,
                 (first >> half) ^ words[3] ^ np.uint64(key[1]), first & low]
        key = [(key[0] + 0x9E3779B9) & 0xFFFFFFFF, (key[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return words[0] | words[1] << half


def uniform(seed, count, first, last):
    """Columns first to last - 1, in [0, 1), in multiples of 2**-24: exact in single precision."""
    bits = [philox(seed, COLUMN_STREAM | column, np.arange(count)) for column in range(first, last)]
    return np.stack([(b >> np.uint64(40)).astype(np.float64) * 2.0 ** -24 for b in bits], axis=1)


def labels(seed, count, column, classes):
    """A column of integers below `classes`: the high word of bits times classes."""
    bits = philox(seed, COLUMN_STREAM | column, np.arange(count))
    return np.array([int(b) * classes >> 64 for b in bits], np.int32)


def read_csv(path):
    """All columns as numbers, and their names."""
    with open(path, newline="") as file:
        names, *rows = csv.reader(file)
    return np.array(rows, np.float64), names
