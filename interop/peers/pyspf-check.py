#!/usr/bin/env python3
"""Judges the cases of SPF test suites with pyspf. Prints a line for each: 'NAME<TAB>QUESTION<TAB>VERDICT<TAB>EXPLANATION', with the
question as posthorn spf check --batch takes it.
usage: pyspf-check.py SUITE...    a SUITE is YAML in the format of the RFC 7208 test suite"""
import json
import socket
import sys
import spf
import yaml

records = {}


def is_failure(value):
    return value in ("TIMEOUT", "SERVFAIL")


def named(data):
    """The records of a scenario as JSON: of type SPF ones are TXT records too, unless there is a TXT in the same place."""
    names = {}
    for name, given in data.items():
        by_type = names.setdefault(name, {})
        has_txt = any("TXT" in record for record in given if isinstance(record, dict))
        for record in given:
            if not isinstance(record, dict):
                names[name] = record
                break
            for kind, value in record.items():
                if kind in ("SPF", "TXT"):
                    if value == "NONE" or (kind == "SPF" and has_txt):
                        continue
                    if is_failure(value):
                        names[name] = value
                        break
                    kind = "TXT"
                by_type.setdefault(kind, []).append(value)
    return names


def look_up(name, kind, strict=True, timeout=None, level=0):
    """In place of pyspf's: yields ((name, type), data)."""
    name = ".".join(label for label in name.split(".") if label)
    if any(len(label) > 63 for label in name.split(".")):
        raise spf.TempError("DNS label too long")
    found = records.get(name.lower(), {})
    if isinstance(found, str):
        raise spf.TempError("DNS " + found)
    for value in found.get(kind, []):
        if kind == "AAAA":
            value = socket.inet_pton(socket.AF_INET6, value)
        elif kind == "TXT":
            value = tuple(text.encode() for text in ([value] if isinstance(value, str) else value))
        elif kind == "MX":
            value = tuple(value)
        yield (name, kind), value
    for alias in found.get("CNAME", []):
        yield (name, "CNAME"), alias
        if level < 5 and kind != "CNAME":
            yield from look_up(alias, kind, strict, timeout, level + 1)


spf.DNSLookup = look_up
for suite in sys.argv[1:]:
    for scenario in yaml.safe_load_all(open(suite, encoding="utf-8")):
        names = named(scenario["zonedata"])
        records = {name.lower(): by_type for name, by_type in names.items()}
        for case, asked in scenario["tests"].items():
            question = {"ip": asked["host"], "from": str(asked.get("mailfrom", "")), "helo": str(asked.get("helo", "")), "dns": names}
            query = spf.query(i=question["ip"], s=question["from"], h=question["helo"], receiver="unknown", strict=True)
            query.set_default_explanation("DEFAULT")
            verdict, _, explanation = query.check()
            shown = explanation.encode("unicode_escape").decode() if verdict == "fail" else ""
            print(case, json.dumps(question), verdict, shown, sep="\t")
