#!/usr/bin/env python3
"""Prints 'UIDVALIDITY:UID NUMBER' for every numbered message of an inbox. usage: uids.py PORT USER PASSWORD"""
import imaplib
import re
import ssl
import sys

imap = imaplib.IMAP4("localhost", int(sys.argv[1]))
imap.starttls(ssl._create_unverified_context())
imap.login(sys.argv[2], sys.argv[3])
imap.select("INBOX", readonly=True)
validity = imap.response("UIDVALIDITY")[1][0].decode()
for row in imap.fetch("1:*", "(UID BODY.PEEK[HEADER.FIELDS (X-NUMBER)])")[1]:
    if isinstance(row, tuple):
        uid = re.search(rb"UID (\d+)", row[0])[1].decode()
        number = row[1].decode().split(": ")[1].strip()
        print(f"{validity}:{uid} {number}")
imap.logout()
