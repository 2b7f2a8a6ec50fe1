"""The programs of test/programs/ again, as functions of JAX, by subject."""
from references import classes, units


def all_references():
    return [reference for subject in (units, classes) for reference in subject.REFERENCES]
