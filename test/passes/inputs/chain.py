"""`chain.py program N`: a model of N lines, each of which reads the one before and a parameter. `chain.py measure`: the
largest kernels of a module at stage `planned`, from standard input."""
import re
import sys


def program(count):
    lines = "\n".join(f"    let h{i + 1} = h{i} * w + x" for i in range(count))
    print(f"""model Chain {{
  param w: float[8] = ones
  fn loss(x: float[N, 8]) -> float {{
    let h0 = x
{lines}
    mean(h{count})
  }}
}}
data d from random(rows = 100, seed = 7) {{
  x = uniform(columns = 8)
}}
train Chain() on d {{
  minimize loss(x)
  optimizer sgd(1e-3)
  batch 32
}}""")


def measure(text):
    kernels = re.split(r"func\.func private @", text)[1:]
    operations = max(len(re.findall(r"= model\.(?!read|view)", kernel)) for kernel in kernels)
    written = max(len(re.findall(r"model\.write", kernel)) for kernel in kernels)
    apart = sum("noinline" in kernel.split("{", 1)[0] + kernel.split("attributes", 1)[1].split("\n", 1)[0]
                for kernel in kernels if "optnone" not in kernel)
    print(f"at most {operations} operations, {written} results; {apart} kernels apart")


if sys.argv[1] == "program":
    program(int(sys.argv[2]))
else:
    measure(sys.stdin.read())
