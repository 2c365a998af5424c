#!/usr/bin/env python3
"""Verifies the ARC chain of a message with dkimpy; prints its validation status.
usage: dkimpy-arc-verify.py MESSAGE KEYS    KEYS has lines 'NAME RECORD', as OpenDKIM's TestDNSData."""
import sys
import dkim

message = open(sys.argv[1], "rb").read()
keys = dict(line.rstrip("\n").split(" ", 1) for line in open(sys.argv[2]))


def look_up(name, timeout=5):
    record = keys.get(name.decode().rstrip("."))
    return record.encode() if record else None


status, _, _ = dkim.arc_verify(message, dnsfunc=look_up)
print(status.decode())
