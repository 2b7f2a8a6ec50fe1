"""Compares what `eval --json` says of classes with the scores that `predict` gives: EVAL.json DATA.csv SCORES.npy."""
import csv
import json
import struct
import sys


def scores(path):
    content = open(path, "rb").read()
    length = struct.unpack_from("<H", content, 8)[0]
    rows, classes = (int(n) for n in content[10 : 10 + length].split(b"(")[1].split(b")")[0].split(b",")[:2])
    numbers = struct.unpack_from("<%df" % (rows * classes), content, 10 + length)
    return [numbers[i * classes : (i + 1) * classes] for i in range(rows)]


def main(evaluation, data, predicted):
    found = json.load(open(evaluation))
    labels = [int(row["kind"]) for row in csv.DictReader(open(data))]
    guesses = [row.index(max(row)) for row in scores(predicted)]
    assert len(labels) == len(guesses)
    classes = len(found["confusion"])
    wanted = [[0] * classes for _ in range(classes)]
    for label, guess in zip(labels, guesses):
        wanted[label][guess] += 1
    assert wanted == found["confusion"], (wanted, found)
    for i, entry in enumerate(found["classes"]):
        right, labelled, guessed = wanted[i][i], sum(wanted[i]), sum(row[i] for row in wanted)
        assert entry["examples"] == labelled
        for name, top, bottom in (("precision", right, guessed), ("recall", right, labelled), ("f1", 2 * right, labelled + guessed)):
            assert entry[name] is None if bottom == 0 else abs(entry[name] - top / bottom) < 1e-6, (i, name, entry)
    print(len(labels), "examples agree")


main(*sys.argv[1:])
