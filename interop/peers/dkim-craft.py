#!/usr/bin/env python3
"""Signs the message on standard input as told, right or wrong, and prints it with its new field. Canonicalization is dkimpy's, the
signature is of the openssl command.
usage: dkim-craft.py KEY TAG=VALUE...    KEY in PEM; tags replace or follow the usual ones, a tag without value leaves its own out;
l=0 and others as given; h= names the fields to be signed"""
import base64
import hashlib
import re
import subprocess
import sys
import tempfile

from dkim.canonicalization import CanonicalizationPolicy

key, *given = sys.argv[1:]
raw = sys.stdin.buffer.read()
header, _, body = raw.partition(b"\r\n\r\n")
fields = []
for line in header.split(b"\r\n"):
    if line[:1] in b" \t" and fields:
        fields[-1] += b"\r\n" + line
    else:
        fields.append(line)
fields = [(name, value + b"\r\n") for name, _, value in (field.partition(b":") for field in fields)]

wanted = dict(tag.split("=", 1) for tag in given)
tags = {"v": "1", "a": "rsa-sha256", "c": "relaxed/relaxed", "d": "peer.test", "s": "s1", "h": "from:to:subject"}
tags.update(wanted)
canon = wanted.pop("canon", tags["c"])
tags.pop("canon", None)
policy = CanonicalizationPolicy.from_c_value(canon.encode())
digest = hashlib.sha1 if tags["a"].endswith("sha1") else hashlib.sha256
shown = policy.canonicalize_body(body)
if tags.get("l", "").isdigit():
    shown = shown[: int(tags["l"])]
tags.setdefault("bh", base64.b64encode(digest(shown).digest()).decode())
tags.setdefault("b", "@")
left = [tag for tag in tags if tags[tag]]
text = "; ".join(f"{tag}={'' if tag == 'b' else tags[tag]}" for tag in left)

chosen, used = [], {}
for name in (part.strip().lower() for part in tags["h"].split(":")):
    same = [field for field in fields if field[0].strip().lower() == name.encode()]
    index = used[name] = used.get(name, 0) + 1
    if index <= len(same):
        chosen.append(same[-index])
signed = b"".join(name + b":" + value for name, value in policy.canonicalize_headers(chosen))
own = policy.canonicalize_headers([(b"DKIM-Signature", b" " + text.encode() + b"\r\n")])[0]
signed += (own[0] + b":" + own[1]).removesuffix(b"\r\n")
with tempfile.NamedTemporaryFile() as data:
    if tags["a"].startswith("ed25519"):
        data.write(hashlib.sha256(signed).digest())
        data.flush()
        command = ["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", key, "-in", data.name]
    else:
        data.write(signed)
        data.flush()
        command = ["openssl", "dgst", "-" + digest().name, "-sign", key, data.name]
    signature = base64.b64encode(subprocess.run(command, check=True, capture_output=True).stdout).decode()
text = re.sub("(^|; )b=(;|$)", lambda place: f"{place[1]}b={signature if tags['b'] == '@' else tags['b']}{place[2]}", text)
sys.stdout.buffer.write(b"DKIM-Signature: " + text.encode() + b"\r\n" + raw)
