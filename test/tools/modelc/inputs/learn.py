"""learn.py MODELC FILE WORK [OPTION...]: writes a program around what `modelc schema` says of a file, compiles it, and lets
it learn for an epoch from the file. Prints the declaration and what the program says of its rows."""
import re
import subprocess
import sys
from pathlib import Path

modelc, table, work, *options = sys.argv[1:]


def run(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=work).stdout


Path(work).mkdir(parents=True, exist_ok=True)
if Path(table).is_absolute():
    (Path(work) / Path(table).name).symlink_to(table)
    table = Path(table).name
schema = run(modelc, "schema", table, *options)
print(schema)
name = re.search(r"^data (\w+)", schema, re.M).group(1)
width = re.search(r"// float\[N, (\d+)\]$", schema, re.M).group(1)
classes = re.search(r"y = .*labels\(.*classes = (\d+)", schema)
target, outputs, loss = ("i32[N]", classes.group(1), "cross_entropy") if classes else ("float[N, 1]", "1", "mse")
program = Path(work) / "program.model"
program.write_text(f"""{schema}
model Linear(features: int) {{
  head: Dense(features, {outputs})
  fn loss(x: float[N, features], y: {target}) -> float {{ {loss}(head(x), y) }}
}}
train Linear(features = {width}) on {name} {{
  minimize loss(x, y)
  optimizer adam(1e-3)
}}
""")
run(modelc, "fmt", "--check", str(program))
run(modelc, str(program), "-o", "program")
print(re.search(r"^.* rows.*$", run("./program", "train"), re.M).group(0))
