"""The programs of test/programs/ again, as functions of JAX, by subject."""
from references import adversaries, attention, classes, dynamics, likelihoods, margins, series, structures, units

SUBJECTS = (units, classes, margins, likelihoods, adversaries, series, attention, structures, dynamics)


def all_references():
    return [reference for subject in SUBJECTS for reference in subject.REFERENCES]
