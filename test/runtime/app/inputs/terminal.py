"""Runs a program on a terminal of a given width; prints each redrawn line as a line."""
import fcntl
import os
import pty
import struct
import sys
import termios

process, terminal = pty.fork()
if process == 0:
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 24, int(sys.argv[1]), 0, 0))
    os.execvp(sys.argv[2], sys.argv[2:])
data = b""
while True:
    try:
        part = os.read(terminal, 65536)
    except OSError:
        break
    if not part:
        break
    data += part
assert os.waitpid(process, 0)[1] == 0
for line in data.decode().replace("\r\n", "\n").replace("\r\x1b[K", "\n").split("\n"):
    if line:
        print(line)
