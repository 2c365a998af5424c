#!/usr/bin/env python3
"""Submits a message to an address outside ASCII, with SMTPUTF8. usage: smtputf8-send.py PORT USER PASSWORD RECIPIENT SUBJECT"""
import smtplib
import ssl
import sys

port, user, password, recipient, subject = sys.argv[1:]
with smtplib.SMTP("localhost", int(port)) as smtp:
    smtp.starttls(context=ssl._create_unverified_context())
    smtp.login(user, password)
    message = f"From: {user}\r\nTo: {recipient}\r\nSubject: {subject}\r\n\r\nhello\r\n".encode()
    smtp.sendmail(user, [recipient], message, mail_options=["SMTPUTF8", "BODY=8BITMIME"])
