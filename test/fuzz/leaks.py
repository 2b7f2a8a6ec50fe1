"""leaks.py MODELC LINK LIBRARIES: whatever a program is told to do, it frees in the end what it has allocated.

The programs of files.py do all that their command lines offer, each under a sanitizer that looks for memory that nothing
refers to any more. Where there is some, or where a command fails, the exit code is 1.
"""
import gzip
import os
import subprocess
import sys
import time

from files import INPUTS, Bench, table

ENVIRONMENT = {**os.environ, "ASAN_OPTIONS": "exitcode=99:detect_leaks=1"}
# What every program does with the data that it was trained on.
ALL = """train --trap-nan
train --epochs 0 --seed 3 --no-shuffle
train --log log.csv --steps-log steps.csv --plot plot.svg --tensorboard events --checkpoint kept.checkpoint
train --resume --checkpoint kept.checkpoint --epochs 4 --log log.csv --steps-log steps.csv --plot plot.svg --tensorboard events
train --json --checkpoint-every 1 --batch 3 --output out.safetensors
train --weights out.safetensors --log -
eval --json
eval --split train --no-shuffle
info --memory --kernels
info --json
bench --repeats 2
bench predict --batch 2 --repeats 2 --json
man
completion bash
completion zsh
completion fish
train --help
help
--version"""
OWN = {
    "table": """train --data table.csv --lr 0.01
train --data table=table.csv.gz
predict --input full.csv
predict --input x=full.csv.gz --raw
predict --input full.csv --format jsonl
predict --input full.csv --output out.npy
predict --input full.csv --output out.safetensors
call predict --input eleven.csv
call predict --input eleven.jsonl --seed 3 --lr 0.2 --output out.csv
train --cache-from 0
train --cache-from 0
eval --cache-from 0""",
    "folds": """train --fold 2
eval
eval --fold 1 --json
predict --input full.csv""",
    "series": "predict --input series.tsv",
    "windows": "predict --input series.tsv",
    "npy": """train --data arrays.x=x.npy
predict --input x.npy
call predict --input x=x.npy --output out.npy"""}


def prepare(bench):
    text = (INPUTS / "table.model").read_text()
    bench.build("folds", text.replace("split train 50%, valid 25%, test 25%", "split folds 3"))
    windows = (INPUTS / "series.model").read_text().replace("normalize(columns(\"a\", \"b\"))", "columns(\"a\", \"b\")")
    bench.build("windows", windows)
    full = table().replace(b"2e2,?", b"2e2,3")
    bench.write("full.csv", full)
    bench.write("full.csv.gz", gzip.compress(full))
    bench.write("table.csv.gz", gzip.compress(table()))
    bench.write("eleven.csv", b"1,2,3,4,5,6,7,8,9,10,11\n" * 3)
    bench.write("eleven.jsonl", b'{"x":[1,2,3,4,5,6,7,8,9,10,11]}\n' * 3)


def main():
    bench = Bench(*sys.argv[1:4])
    prepare(bench)
    time.sleep(2.1)  # a file that has changed just now gets no cache
    count = finds = 0
    for program, own in OWN.items():
        for line in [*ALL.splitlines(), *own.splitlines()]:
            result = subprocess.run(bench.command(program, line.split()), cwd=bench.folder, env=ENVIRONMENT, capture_output=True)
            count += 1
            if result.returncode:
                finds += 1
                print(f"{program} {line}: exit code {result.returncode}\n{result.stderr.decode(errors='replace')[-3000:]}")
    assert (bench.folder / "Table.table.cache").exists()
    print(f"{count} commands, {finds} finds")
    return 1 if finds else 0


if __name__ == "__main__":
    sys.exit(main())
