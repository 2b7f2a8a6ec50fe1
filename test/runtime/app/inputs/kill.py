"""Kills a run of training so many times at random moments; what is left at the end must be, bit for
bit, what an undisturbed run leaves: kill.py PROGRAM KILLS [option of train ...]"""
import json
import os
import random
import signal
import subprocess
import sys
import time

PROGRAM, KILLS, OPTIONS = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
random.seed(7)


def command(name, *more):
    return [PROGRAM, "train", "--json", "--output", name + ".safetensors", "--steps-log", name + ".steps.csv",
            "--log", name + ".epochs.csv", *OPTIONS, *more]


def results(name, output):
    """The files, and what the last event says but for times and paths."""
    event = json.loads(output.splitlines()[-1])
    for key in ("seconds", "examples_per_second", "weights"):
        event.pop(key)
    files = [open(name + ending, "rb").read() for ending in (".safetensors", ".steps.csv", ".epochs.csv")]
    return files, event


def clean(name):
    for file in os.listdir():
        if file.startswith(name + "."):
            os.remove(file)


begin = time.time()
wanted = results("whole", subprocess.run(command("whole"), stdout=subprocess.PIPE, check=True).stdout)
duration = time.time() - begin
assert not [name for name in os.listdir() if name.startswith("whole") and ("checkpoint" in name or "tmp" in name)]

kills, interrupts, resumed, left, runs = 0, 0, 0, 0, 0
while kills < KILLS:
    clean("killed")
    while True:
        every = random.choice(["1", "1", "7", "100"])
        run = subprocess.Popen(command("killed", "--resume", "--checkpoint-every", every), stdout=subprocess.PIPE)
        # Most of them early, where a run with few steps between checkpoints is still in its beginning.
        wait = random.choice([0.02, 0.1, duration]) * random.random()
        isKill = random.random() < 0.9
        try:
            output = run.communicate(timeout=wait)[0]
        except subprocess.TimeoutExpired:
            run.send_signal(signal.SIGKILL if isKill else random.choice([signal.SIGINT, signal.SIGTERM]))
            output = run.communicate()[0]
        first = output.splitlines()[:1]
        resumed += bool(first) and json.loads(first[0]).get("checkpoint") is not None
        if run.returncode == 0:
            break
        assert run.returncode in (-signal.SIGKILL, -signal.SIGINT, -signal.SIGTERM, 130, 143), (run.returncode, output)
        kills += run.returncode == -signal.SIGKILL
        interrupts += run.returncode in (130, 143)
        left += any(name.endswith(".tmp") for name in os.listdir())
    runs += 1
    got = results("killed", output)
    assert got[1] == wanted[1], (got[1], wanted[1])
    assert got[0] == wanted[0], [a == b for a, b in zip(got[0], wanted[0])]
    assert not [name for name in os.listdir() if name.endswith((".tmp", ".checkpoint"))], os.listdir()
assert resumed > kills // 4, (resumed, kills)
print(f"{kills} kills, {left} of them while a file was written, {interrupts} interrupts, {resumed} resumed, {runs} runs")
