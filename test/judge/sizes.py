"""Sizes of arrays: integer polynomials over symbols, as in the dialect."""


class Size:
    """`terms` are pairs of a sorted tuple of symbols and a coefficient that is not 0. Constants
    equal integers, so that sizes and integers mix."""

    __slots__ = ("terms",)

    def __init__(self, terms):
        self.terms = tuple(sorted((m, c) for m, c in dict(terms).items() if c != 0))

    @staticmethod
    def of(size):
        if isinstance(size, Size):
            return size
        return Size({(size,) if isinstance(size, str) else (): 1 if isinstance(size, str) else size})

    def __add__(self, other):
        terms = dict(self.terms)
        for monomial, coefficient in Size.of(other).terms:
            terms[monomial] = terms.get(monomial, 0) + coefficient
        return Size(terms)

    def __mul__(self, other):
        terms = {}
        for m, c in self.terms:
            for n, d in Size.of(other).terms:
                product = tuple(sorted(m + n))
                terms[product] = terms.get(product, 0) + c * d
        return Size(terms)

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + -Size.of(other)

    __radd__, __rmul__ = __add__, __mul__

    def __eq__(self, other):
        return isinstance(other, (Size, int)) and self.terms == Size.of(other).terms

    def __hash__(self):
        return hash(self.constant) if self.is_constant else hash(self.terms)

    def __str__(self):
        return " + ".join(" * ".join(([str(c)] if c != 1 or not m else []) + list(m))
                          for m, c in reversed(self.terms)) or "0"

    __repr__ = __str__

    is_constant = property(lambda self: all(not m for m, _ in self.terms))
    # The part without symbols, which is the size where all symbols are 0.
    constant = property(lambda self: dict(self.terms).get((), 0))
    symbols = property(lambda self: {name for m, _ in self.terms for name in m})

    def value(self, symbols):
        total = 0
        for monomial, coefficient in self.terms:
            for name in monomial:
                coefficient *= symbols[name]
            total += coefficient
        return total

    def substitute(self, name, size):
        total = Size({})
        for monomial, coefficient in self.terms:
            term = Size.of(coefficient)
            for atom in monomial:
                term = term * (size if atom == name else Size.of(atom))
            total = total + term
        return total


def count(shape, symbols):
    """The elements of an array of that shape."""
    number = 1
    for size in shape:
        number *= Size.of(size).value(symbols)
    return number
