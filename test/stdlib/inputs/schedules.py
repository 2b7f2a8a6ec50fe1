"""schedules.py MODELC FOLDER FLAGS...: the schedules at some steps, against formulas."""
import math
import sys
from program import Comparison, Program


def cosine(x):
    return 0.5 * (1 + math.cos(math.pi * x))


def progress(t, steps):
    return min(max((t - 1) / steps, 0), 1)


def one_cycle(t):
    done = progress(t, 10)
    if done < 0.3:
        return 2 * (1 - 0.96 * cosine(done / 0.3))
    return 2 * (4e-6 + (1 - 4e-6) * cosine((done - 0.3) / 0.7))


SCHEDULES = {
    "warm_up(t, 4)": lambda t: min(t / 4, 1),
    "step_decay(t, 2.0, 3, factor = 0.5)": lambda t: 2 * 0.5 ** ((t - 1) // 3),
    "piecewise_constant(t, [2.0, 5.0], [1.0, 0.5, 0.25])": lambda t: 1.0 if t <= 2 else 0.5 if t <= 5 else 0.25,
    "exponential_decay(t, 2.0, 4, factor = 0.3)": lambda t: 2 * 0.3 ** ((t - 1) / 4),
    "inverse_time_decay(t, 2.0, 4, factor = 0.5)": lambda t: 2 / (1 + 0.5 * (t - 1) / 4),
    "inverse_root_decay(t, 2.0, 4)": lambda t: 2 * min(t / 4, math.sqrt(4 / t)),
    "linear_decay(t, 2.0, 4, last = 0.5)": lambda t: 2 - 1.5 * progress(t, 4),
    "polynomial_decay(t, 2.0, 4, last = 0.5, power = 3)": lambda t: 0.5 + 1.5 * (1 - progress(t, 4)) ** 3,
    "cosine_decay(t, 2.0, 4, last = 0.5)": lambda t: 0.5 + 1.5 * cosine(progress(t, 4)),
    "cosine_restarts(t, 2.0, 4, last = 0.5)": lambda t: 0.5 + 1.5 * cosine((t - 1) / 4 % 1),
    "one_cycle(t, 2.0, 10)": one_cycle,
}


def main():
    text = "model Schedules() {\n"
    for i, schedule in enumerate(SCHEDULES):
        text += f"  fn step{i}(none: float, t: float) -> (float, float) {{ (none, {schedule}) }}\n"
        text += f"  export fn run{i}(t: float[N]) -> float[N] {{\n    let (_, all) = scan(step{i}, 0.0, t)\n    all\n  }}\n"
    program = Program(sys.argv[1:], text + "}\n")
    check = Comparison(program)
    steps = [float(t) for t in range(1, 13)]
    for i, (schedule, f) in enumerate(SCHEDULES.items()):
        check.close(schedule, program.call(f"run{i}", t=steps), [f(t) for t in steps], 2)
    check.finish()


main()
