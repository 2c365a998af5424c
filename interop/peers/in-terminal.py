#!/usr/bin/env python3
"""Runs a program in a terminal of its own (80 by 24, nobody types), prints what it draws, and gives its exit status.
usage: in-terminal.py SECONDS COMMAND [ARGUMENT ...]; after SECONDS the program is killed, and the status is 124."""
import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time


def main():
    deadline = time.monotonic() + float(sys.argv[1])
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvp(sys.argv[2], sys.argv[2:])
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    while (left := deadline - time.monotonic()) > 0:
        if not select.select([terminal], [], [], left)[0]:
            continue
        try:
            drawn = os.read(terminal, 65536)
        except OSError:  # EIO: the program has closed its side
            drawn = b""
        if not drawn:
            return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        os.write(sys.stdout.fileno(), drawn)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return 124


sys.exit(main())
