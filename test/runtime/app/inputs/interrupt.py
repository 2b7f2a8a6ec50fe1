"""Stops a long training run by each signal and looks at what is left."""
import json
import os
import signal
import subprocess
import sys

for number in (signal.SIGINT, signal.SIGTERM):
    if os.path.exists("Linear.safetensors"):
        os.remove("Linear.safetensors")
    run = subprocess.Popen([sys.argv[1], "train", "--epochs", "1000000000", "--json"],
                           stdout=subprocess.PIPE, text=True)
    assert json.loads(run.stdout.readline())["epoch"] == 1
    run.send_signal(number)
    last = json.loads(run.stdout.readlines()[-1])
    assert run.wait() == 128 + number, run.returncode
    assert last["event"] == "end" and last["outcome"] == "interrupted", last
    subprocess.check_call([sys.argv[1], "eval"], stdout=subprocess.DEVNULL)
assert not [name for name in os.listdir() if name.endswith(".tmp")]
