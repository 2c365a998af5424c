#!/usr/bin/env python3
"""Signs a message with dkimpy; prints it with its new field.
usage: dkimpy-sign.py dkim|arc DOMAIN SELECTOR KEY MESSAGE    KEY is an RSA key in PEM; arc seals with Authentication-Results of DOMAIN"""
import sys
import dkim

kind, domain, selector, key, file = sys.argv[1:]
message = open(file, "rb").read()
pem = open(key, "rb").read()
if kind == "dkim":
    fields = dkim.sign(message, selector.encode(), domain.encode(), pem, canonicalize=(b"relaxed", b"simple"))
else:
    fields = b"".join(dkim.arc_sign(message, selector.encode(), domain.encode(), pem, domain.encode()))
sys.stdout.buffer.write(fields + message)
