"""Trains into a pipe whose reader goes after a few lines, and goes on from the checkpoint."""
import os
import signal
import subprocess
import sys

command = [sys.argv[1], "train", "--checkpoint-every", "20"]
run = subprocess.Popen(command + ["--epochs", "1000000000"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
while not os.path.exists("Linear.checkpoint"):
    run.stdout.readline()
run.stdout.close()
said = run.stderr.read()
assert run.wait() == -signal.SIGPIPE, run.returncode
assert not said, said
assert not [name for name in os.listdir() if name.endswith(".tmp")], os.listdir()
again = subprocess.Popen(command + ["--resume", "--epochs", "1000000000"], stdout=subprocess.PIPE, text=True)
lines = [again.stdout.readline() for _ in range(2)]
again.send_signal(signal.SIGKILL)
again.communicate()
assert lines[1].startswith("resumed from `Linear.checkpoint`"), lines
print("ended by SIGPIPE, said nothing, left no temporary files, resumed")
