"""Stops a long training run by each signal and looks at what is left; with `text`, prints what it says."""
import json
import os
import signal
import subprocess
import sys

command = [sys.argv[1], "train", "--epochs", "1000000000"]
for number in (signal.SIGINT, signal.SIGTERM):
    for name in ("Linear.safetensors", "Linear.checkpoint"):
        if os.path.exists(name):
            os.remove(name)
    if len(sys.argv) > 2:
        run = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        for line in run.stdout:
            if line.startswith("epoch 9/"):
                run.send_signal(number)
            if not line.startswith("epoch"):
                print(line, end="")
        assert run.wait() == 128 + number, run.returncode
        continue
    run = subprocess.Popen(command + ["--json"], stdout=subprocess.PIPE, text=True)
    assert json.loads(run.stdout.readline())["epoch"] == 1
    run.send_signal(number)
    last = json.loads(run.stdout.readlines()[-1])
    assert run.wait() == 128 + number, run.returncode
    assert last["event"] == "end" and last["outcome"] == "interrupted", last
    assert last["checkpoint"] == "Linear.checkpoint" and os.path.exists(last["checkpoint"]), last
    subprocess.check_call([sys.argv[1], "eval"], stdout=subprocess.DEVNULL)
assert not [name for name in os.listdir() if name.endswith(".tmp")]
