"""Runs a program in a terminal of so many columns, types into it, and prints what it showed.

python3 pseudoTerminal.py COLUMNS STEPS PROGRAM ARGUMENTS...
STEPS is JSON: [[what to wait for, what to type], ...]
"""

import fcntl
import json
import os
import pty
import signal
import struct
import sys
import termios

columns, steps, program = int(sys.argv[1]), json.loads(sys.argv[2]), sys.argv[3:]
pid, terminal = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 60, columns, 0, 0))
    os.execvp(program[0], program)
signal.signal(signal.SIGTERM, lambda *_: os.kill(pid, signal.SIGKILL))
shown, seen = b"", 0
while True:
    try:
        read = os.read(terminal, 65536)
    except OSError:
        # Linux says so when nobody has the terminal open any more.
        break
    if not read:
        break
    shown += read
    while steps and steps[0][0].encode() in shown[seen:]:
        seen = shown.index(steps[0][0].encode(), seen) + len(steps[0][0].encode())
        os.write(terminal, steps.pop(0)[1].encode())
_, status = os.waitpid(pid, 0)
sys.stdout.buffer.write(shown)
sys.stdout.flush()
sys.exit(os.waitstatus_to_exitcode(status) & 0xFF)
