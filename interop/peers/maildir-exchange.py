#!/usr/bin/env python3
"""Fills an account over IMAP, or prints all that a client can see of it, in a form that does not depend on the server.
usage: maildir-exchange.py PORT USER PASSWORD fill|show|structures"""
import imaplib
import re
import ssl
import sys

port, user, password, verb = int(sys.argv[1]), *sys.argv[2:]
context = ssl._create_unverified_context()
imap = imaplib.IMAP4("localhost", port)
imap.starttls(context)


def ok(answer):
    assert answer[0] == "OK", answer
    return answer[1]


ok(imap.login(user, password))


def folders():
    names = []
    for line in ok(imap.list()):
        match = re.match(rb'\((?P<flags>[^)]*)\) "?(?P<delimiter>[^" ]+)"? (?P<name>.*)$', line)
        name = match["name"].strip(b'"').decode()
        if b"\\Noselect" not in match["flags"].replace(b"NoSelect", b"Noselect"):
            names.append((match["delimiter"].decode(), name))
    return sorted(names, key=lambda pair: pair[1])


def delimiter():
    return folders()[0][0]


if verb == "fill":
    d = delimiter()
    for name in ("Archive", f"Archive{d}2026", "Gr&APwA3w-e"):
        imap.create(name)
        ok(imap.subscribe(name))
    for folder in ("INBOX", "Archive", f"Archive{d}2026", "Gr&APwA3w-e"):
        for i in range(5):
            message = f"From: a@example.org\r\nSubject: {i} in {folder}\r\n\r\nbody {i}\r\n".encode()
            ok(imap.append(folder, None, None, message))
        ok(imap.select(folder))
        ok(imap.store("1", "+FLAGS", "(\\Seen \\Answered $Forwarded)"))
        ok(imap.store("2", "+FLAGS", "(\\Flagged Work)"))
        ok(imap.store("3", "+FLAGS", "(\\Deleted)"))
        ok(imap.expunge())
elif verb == "show":
    d = delimiter()
    for _, folder in folders():
        ok(imap.select(f'"{folder}"', readonly=True))
        validity = imap.response("UIDVALIDITY")[1][0].decode()
        rows = ok(imap.fetch("1:*", "(UID FLAGS RFC822.SIZE BODY.PEEK[])")) if imap.response("EXISTS")[1] != [b"0"] and ok(
            imap.search(None, "ALL"))[0] else []
        if not rows and folder != "INBOX":
            continue  # special-use folders differ between servers while they are empty
        print(folder.replace(d, "/"), f"uidvalidity={validity}")
        for row in rows:
            if isinstance(row, tuple):
                head = row[0].decode()
                flags = sorted(f for f in re.search(r"FLAGS \(([^)]*)\)", head)[1].split() if f != "\\Recent")
                uid = re.search(r"UID (\d+)", head)[1]
                size = re.search(r"RFC822.SIZE (\d+)", head)[1]
                print(f"  uid={uid} size={size} {' '.join(flags)} {row[1]!r}")
    subscribed = sorted(line.split(b" ")[-1].strip(b'"').decode().replace(d, "/") for line in ok(imap.lsub()) if line)
    print("subscribed:", " ".join(name for name in subscribed if name.startswith(("Archive", "Gr"))))
elif verb == "structures":
    ok(imap.select("INBOX", readonly=True))
    # BODYSTRUCTURE and ENVELOPE of every message, literals put in place, spaces between parts as they come.
    text = b""
    for row in ok(imap.fetch("1:*", "(ENVELOPE BODYSTRUCTURE)")):
        if isinstance(row, tuple):
            text += re.sub(rb"\{\d+\}$", b"", row[0]) + b'"' + row[1].replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'
        else:
            text += row + b"\n"
    sys.stdout.buffer.write(text.replace(b"\r\n", b" ").replace(b"\r", b" "))
imap.logout()
