#!/usr/bin/env python3
"""Verifies every DKIM signature of a message with dkimpy; prints 'ALGORITHM pass' or 'ALGORITHM fail' for each, RSA first.
usage: dkimpy-verify.py MESSAGE KEYS    KEYS has lines 'NAME RECORD', as OpenDKIM's TestDNSData."""
import sys
import dkim

message = open(sys.argv[1], "rb").read()
keys = dict(line.rstrip("\n").split(" ", 1) for line in open(sys.argv[2]))


def look_up(name, timeout=5):
    record = keys.get(name.decode().rstrip("."))
    return record.encode() if record else None


verifier = dkim.DKIM(message)
count = sum(1 for name, _ in verifier.headers if name.lower() == b"dkim-signature")
results = []
for i in range(count):
    signature = dkim.DKIM(message)
    try:
        good = signature.verify(idx=i, dnsfunc=look_up)
    except dkim.ValidationError:  # the body's hash differs
        good = False
    results.append((signature.signature_fields.get(b"a").decode(), "pass" if good else "fail"))
for algorithm, verdict in sorted(results, reverse=True):
    print(algorithm, verdict)
