#!/usr/bin/env python3
"""Python's imaplib and poplib against a server. usage: python-clients.py CA IMAPPORT POP3PORT USER PASSWORD"""
import imaplib
import poplib
import ssl
import sys

ca, imap_port, pop3_port, user, password = sys.argv[1:]
context = ssl.create_default_context(cafile=ca)


def ok(answer):
    assert answer[0] == "OK", answer
    return answer[1]


imap = imaplib.IMAP4("localhost", int(imap_port))
assert "STARTTLS" in imap.capabilities, imap.capabilities
ok(imap.starttls(context))
ok(imap.login(user, password))
message = b"From: a@example.org\r\nSubject: =?utf-8?q?gr=C3=BC=C3=9Fe?=\r\n\r\nbody of python\r\n"
for i in range(3):
    ok(imap.append("INBOX", "(\\Flagged)", None, message))
assert ok(imap.select("INBOX")) == [b"3"]
assert ok(imap.search(None, "FLAGGED"))[0].split() == [b"1", b"2", b"3"]
imap.literal = "gr\u00fc\u00dfe".encode()
assert ok(imap.search("UTF-8", "SUBJECT"))[0].split() == [b"1", b"2", b"3"]
assert ok(imap.fetch("2", "(BODY.PEEK[])"))[0][1] == message
ok(imap.store("2", "+FLAGS", "\\Deleted"))
assert ok(imap.expunge()) == [b"2"]
ok(imap.create("Archive/2026"))
ok(imap.copy("1:2", "Archive/2026"))
assert ok(imap.status("Archive/2026", "(MESSAGES)"))[0].endswith(b"(MESSAGES 2)")
ok(imap.close())
imap.logout()

pop3 = poplib.POP3("localhost", int(pop3_port))
assert "STLS" in pop3.capa()
pop3.stls(context)
pop3.user(user)
pop3.pass_(password)
assert pop3.stat() == (2, 2 * len(message)), pop3.stat()
assert b"\r\n".join(pop3.retr(1)[1]) + b"\r\n" == message
assert b"\r\n".join(pop3.top(1, 0)[1]) + b"\r\n" == message.split(b"body")[0]
assert len({line.split()[1] for line in pop3.uidl()[1]}) == 2
pop3.dele(1)
pop3.quit()
pop3 = poplib.POP3("localhost", int(pop3_port))
pop3.stls(context)
pop3.user(user)
pop3.pass_(password)
assert pop3.stat()[0] == 1
pop3.quit()
print("all well")
