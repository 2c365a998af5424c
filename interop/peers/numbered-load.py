#!/usr/bin/env python3
"""Sends numbered messages on eight connections until the server goes away or 20 seconds are over, and notes each number
that was answered with 250. usage: numbered-load.py PORT RECIPIENT ROUND RECORDFILE"""
import socket
import sys
import threading
import time

port, recipient, load_round, record = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
accepted = open(record, "w")
lock = threading.Lock()
end = time.time() + 20


def send(connection):
    number = 0
    try:
        s = socket.create_connection(("127.0.0.1", port), 5)
        f = s.makefile("rb")
        f.readline()
        s.sendall(b"HELO load.example\r\n")
        f.readline()
        while time.time() < end:
            name = f"{load_round}.{connection}.{number}"
            # Every tenth is large, so that it takes the way of files.
            body = "x" * 70 + "\r\n"
            size = 3000 if number % 10 == 9 else 20
            s.sendall(f"MAIL FROM:<load@plain.test>\r\nRCPT TO:<{recipient}>\r\nDATA\r\n".encode())
            for expected in (b"250", b"250", b"354"):
                if not f.readline().startswith(expected):
                    return
            s.sendall(f"X-Number: {name}\r\nSubject: numbered\r\n\r\n{body * size}.\r\n".encode())
            if not f.readline().startswith(b"250"):
                return
            with lock:
                accepted.write(name + "\n")
                accepted.flush()
            number += 1
    except OSError:
        pass


threads = [threading.Thread(target=send, args=(i,)) for i in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
accepted.close()
