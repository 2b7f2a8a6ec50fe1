"""least_squares.py PROGRAM CSV SEEDS BOUND: compares the mean test RMSE of a program that wine.model
became with that of least squares, fitted to the same rows and tested on the same, over several seeds.

The rows of each split are found as the runtime finds them: in the order of modelcShuffle
(runtime/core/Random.c) by the seed, cut at the rounded share of 90% for training.
"""
import csv
import re
import subprocess
import sys
from math import sqrt

MASK = 0xFFFFFFFF
SPLIT_STREAM = 1 << 60


def philox(seed, stream, index):
    words = [index & MASK, index >> 32, stream & MASK, stream >> 32]
    key = [seed & MASK, seed >> 32]
    for _ in range(10):
        first, second = words[0] * 0xD2511F53, words[2] * 0xCD9E8D57
        words = [second >> 32 ^ words[1] ^ key[0], second & MASK, first >> 32 ^ words[3] ^ key[1], first & MASK]
        key = [key[0] + 0x9E3779B9 & MASK, key[1] + 0xBB67AE85 & MASK]
    return words[0] | words[1] << 32


def shuffled(seed, count):
    order = []
    for i in range(count):
        place = philox(seed, SPLIT_STREAM, i) * (i + 1) >> 64
        order.append(i)
        order[i] = order[place]
        order[place] = i
    return order


def solve(matrix, right):
    """Gauss's elimination with the largest pivot of each column."""
    size = len(right)
    rows = [row + [value] for row, value in zip(matrix, right)]
    for i in range(size):
        pivot = max(range(i, size), key=lambda r: abs(rows[r][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for r in range(i + 1, size):
            factor = rows[r][i] / rows[i][i]
            rows[r] = [a - factor * b for a, b in zip(rows[r], rows[i])]
    for i in reversed(range(size)):
        total = rows[i][size] - sum(rows[i][j] * rows[j][size] for j in range(i + 1, size))
        rows[i][size] = total / rows[i][i]
    return [row[size] for row in rows]


def fitted(x, y):
    """Coefficients that minimise the squared error, by the normal equations of centred columns."""
    count, width = len(x), len(x[0])
    middle = [sum(row[j] for row in x) / count for j in range(width)]
    spread = [sqrt(sum((row[j] - middle[j]) ** 2 for row in x)) for j in range(width)]

    def scaled(row):
        return [1.0] + [(v - m) / s for v, m, s in zip(row, middle, spread)]
    rows = [scaled(row) for row in x]
    columns = list(zip(*rows))
    matrix = [[sum(a * b for a, b in zip(p, q)) for q in columns] for p in columns]
    weights = solve(matrix, [sum(a * b for a, b in zip(p, y)) for p in columns])
    return lambda row: sum(w * v for w, v in zip(weights, scaled(row)))


def main():
    program, path, seeds, bound = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
    with open(path, newline="") as file:
        _, *lines = csv.reader(file, delimiter=";" if ";" in open(path).readline() else ",")
    table = [[float(cell) for cell in line] for line in lines]
    count = len(table)
    cut = int(0.9 * count + 0.5)
    ours = theirs = 0.0
    for seed in range(1, seeds + 1):
        text = subprocess.run([program, "train", "--seed", str(seed), "--data", f"wine={path}", "--output",
                               f"{program}.safetensors"], capture_output=True, text=True, check=True).stdout
        ours += float(re.search(r"test\.rmse ([0-9.]+)", text).group(1)) / seeds
        order = shuffled(seed, count)
        train, test = ([table[i] for i in rows] for rows in (order[:cut], order[cut:]))
        predict = fitted([row[:11] for row in train], [row[11] for row in train])
        theirs += sqrt(sum((predict(row[:11]) - row[11]) ** 2 for row in test) / len(test)) / seeds
    print(f"mean test RMSE over {seeds} seeds: {ours:.4f}, by least squares {theirs:.4f}, ratio {ours / theirs:.4f}")
    sys.exit(0 if ours <= bound * theirs else 1)


main()
