"""The steps of linear.c's training in Python, compared with the losses that the program logged."""
import csv
import sys

log = [float(row["loss"]) for row in csv.DictReader(open(sys.argv[1]))]
rows = [[float(v) for v in row] for row in list(csv.reader(open(sys.argv[2])))[1:]][:15]
means = [sum(r[i] for r in rows) / 15 for i in range(2)]
variances = [sum((r[i] - means[i]) ** 2 for r in rows) / 15 for i in range(2)]
examples = [([(r[i] - means[i]) / variances[i] for i in range(2)] + [1, 1], r[2]) for r in rows]
weights, velocity, step = [0.0, 0.25, 0.0, 0.0], [0.0] * 4, 0
for epoch in range(2):
    for first in range(0, 15, 4):
        batch = examples[first:first + 4]
        errors = [sum(w * v for w, v in zip(weights, x)) - y for x, y in batch]
        loss = sum(e * e for e in errors) / len(batch)
        assert abs(loss - log[step]) <= 1e-12 * abs(loss), (step, loss, log[step])
        step += 1
        for i in range(4):
            gradient = sum(2 * e * x[i] for e, (x, _) in zip(errors, batch)) / len(batch)
            velocity[i] = 0.5 * velocity[i] - 0.05 * gradient
            weights[i] += velocity[i]
assert step == len(log)
