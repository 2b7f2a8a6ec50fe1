"""integers.py MODELC FOLDER FLAGS...: floor_div and remainder of arrays of integers, against Python's // and %."""
import sys
from program import Comparison, Program

LOW, HIGH = -2 ** 31, 2 ** 31 - 1
PAIRS = [(a, b) for a in (0, 1, 5, 7, -1, -5, -7, 6, -6, HIGH, LOW) for b in (1, 2, 3, -1, -2, -3, 7, -7, HIGH, LOW, 0)]
TEXT = """model M() {
  export fn quotient(a: i32[N <= 200], b: i32[N]) -> i32[N] { floor_div(a, b) }
  export fn rest(a: i32[N <= 200], b: i32[N]) -> i32[N] { remainder(a, b) }
  export fn column(a: i32[N <= 200]) -> i32[N] { remainder(a, 3) + 10 * floor_div(a, N) }
}
"""


def wrap(n):
    return (n - LOW) % 2 ** 32 + LOW


def main():
    program = Program(sys.argv[1:], TEXT, "integers")
    check = Comparison(program)
    a, b = map(list, zip(*PAIRS))
    check.holds("quotient", program.call("quotient", a=a, b=b) == [wrap(x // y) if y else 0 for x, y in PAIRS])
    check.holds("remainder", program.call("rest", a=a, b=b) == [x % y if y else x for x, y in PAIRS])
    small = [x for x in a if abs(x) < 10]
    check.holds("numbers", program.call("column", a=small) == [x % 3 + 10 * (x // len(small)) for x in small])
    check.finish()


main()
