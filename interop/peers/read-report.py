#!/usr/bin/env python3
"""Reads a mail with a DMARC or TLS report with nothing but Python's own parsers and dkimpy, and prints what it says.
usage: read-report.py MESSAGE KEYS    KEYS has lines 'NAME RECORD', as OpenDKIM's TestDNSData."""
import email
import gzip
import json
import sys
import xml.etree.ElementTree

import dkim

raw = open(sys.argv[1], "rb").read()
keys = dict(line.rstrip("\n").split(" ", 1) for line in open(sys.argv[2]))
message = email.message_from_bytes(raw)
print("type", message.get_content_type(), message.get_param("report-type"))
print("subject", " ".join(message["Subject"].split()))
print("submitter", message["TLS-Report-Submitter"])

for part in message.walk():
    name = part.get_filename()
    if not name:
        continue
    print("part", part.get_content_type())
    print("file", name)
    document = gzip.decompress(part.get_payload(decode=True))
    if name.endswith(".json.gz"):
        report = json.loads(document)
        print("period", report["date-range"]["start-datetime"], report["date-range"]["end-datetime"])
        print("id", report["report-id"])
        for policy in report["policies"]:
            summary = policy["summary"]
            print("policy", policy["policy"]["policy-type"], policy["policy"]["policy-domain"],
                  summary["total-successful-session-count"], summary["total-failure-session-count"])
            for failure in policy.get("failure-details", []):
                print("failure", failure["result-type"], failure["failed-session-count"])
    else:
        feedback = xml.etree.ElementTree.fromstring(document)
        for element in feedback.iter():  # RFC 9990 has a namespace, RFC 7489 none
            element.tag = element.tag.split("}")[-1]
        print("domain", feedback.findtext("policy_published/domain"))
        for record in feedback.iter("record"):
            print("record", record.findtext("row/source_ip"), record.findtext("row/count"),
                  record.findtext("row/policy_evaluated/disposition"), record.findtext("identifiers/header_from"))


def look_up(name, timeout=5):
    record = keys.get(name.decode().rstrip("."))
    return record.encode() if record else None


count = sum(1 for field in message.keys() if field.lower() == "dkim-signature")
print("signatures", *("pass" if dkim.DKIM(raw).verify(idx=i, dnsfunc=look_up) else "fail" for i in range(count)))
