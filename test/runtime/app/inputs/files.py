"""Writes weights to places of all kinds and looks at what is there before and after."""
import os
import resource
import signal
import subprocess
import sys


def train(path, expected=0, **options):
    result = subprocess.run([sys.argv[1], "train", "--epochs", "1", "--output", path],
                            capture_output=True, text=True, **options)
    assert result.returncode == expected, result
    return result.stderr


# A new file has the permissions that the user asked for, an old one keeps its own.
os.umask(0o027)
train("new.safetensors")
assert os.stat("new.safetensors").st_mode & 0o777 == 0o640
os.chmod("new.safetensors", 0o600)
train("new.safetensors")
assert os.stat("new.safetensors").st_mode & 0o777 == 0o600

# A link stays a link.
os.symlink("new.safetensors", "link")
before = os.stat("new.safetensors").st_ino
train("link")
assert os.path.islink("link") and os.stat("new.safetensors").st_ino != before

# Devices are written directly; folders are not written.
train("/dev/null")
os.mkdir("folder")
assert "it is a folder" in train("folder", expected=1)

# A disk that is full (here: a limit) leaves the old file as it was and no other.
def limit():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))


content = open("new.safetensors", "rb").read()
assert "cannot write `new.safetensors`: File too large" in train(
    "new.safetensors", expected=1, preexec_fn=limit)
assert open("new.safetensors", "rb").read() == content
assert not [name for name in os.listdir() if name.endswith(".tmp")]
