#!/usr/bin/env python3
"""Signs a table of messages, damages some and verifies them with dkimpy. Prints a line for each: 'NAME<TAB>QUESTION<TAB>VERDICTS',
with the question as posthorn dkim verify --batch takes it and a word for each signature from the top: pass, fail, or what was raised.
usage: dkimpy-table.py FOLDER    where the RSA keys are made; dkimpy-table.txt says what comes out"""
import base64
import json
import re
import subprocess
import sys
import time
import dkim
import dkim.crypto
import nacl.encoding
import nacl.signing

NOW = 1769508000
time.time = lambda: NOW
folder = sys.argv[1]
MESSAGE = b"""From: Alice <alice@example.org>
To: bob@example.net
Date: Tue, 27 Jan 2026 10:00:00 +0000
Subject: a
  folded   subject
Message-ID: <1@example.org>

Two  spaces and one at the end\x20

Last line
""".replace(b"\n", b"\r\n")


def rsa(bits):
    """A private key as dkimpy takes it, and what DNS says of it."""
    file = f"{folder}/{bits}.pem"
    subprocess.run(["openssl", "genrsa", "-traditional", "-out", file, str(bits)], check=True, capture_output=True)
    public = subprocess.run(["openssl", "rsa", "-in", file, "-pubout", "-outform", "DER"], check=True, capture_output=True)
    return dkim.crypto.parse_pem_private_key(open(file, "rb").read()), base64.b64encode(public.stdout).decode()


key, public = rsa(2048)
short_key, short_public = rsa(768)
least_key, least_public = rsa(1024)
edwards = nacl.signing.SigningKey.generate()
edwards_public = edwards.verify_key.encode(nacl.encoding.Base64Encoder).decode()
RECORDS = {
    "s": "v=DKIM1; k=rsa; p=" + public,
    "ed": "v=DKIM1; k=ed25519; p=" + edwards_public,
    "short": "v=DKIM1; p=" + short_public,
    "least": "v=DKIM1; p=" + least_public,
    "revoked": "v=DKIM1; k=rsa; p=",
    "other": "v=DKIM1; k=ed25519; p=" + edwards_public,
    "sha1": "v=DKIM1; h=sha1; p=" + public,
    "chat": "v=DKIM1; s=chat; p=" + public,
    "strict": "v=DKIM1; t=s; p=" + public,
    "testing": "v=DKIM1; t=y; p=" + public,
    "bare": "p=" + public,
    "later": "p=" + public + "; v=DKIM1",
    "text": "not a key record",
    "spaced": "v=DKIM1 ; k = rsa ; p = " + " ".join([public[:100], public[100:]]),
}
DNS = {name + "._domainkey.example.org": {"TXT": [text]} for name, text in RECORDS.items()}
DNS["slow._domainkey.example.org"] = "TIMEOUT"


def look_up(name, timeout=5):
    found = DNS.get(name.decode().rstrip("."))
    if isinstance(found, str):
        raise dkim.DnsTimeoutError(found)
    return found["TXT"][0].encode() if found else None


def signed(message=MESSAGE, selector=b"s", algorithm=b"rsa-sha256", forms=b"relaxed/simple", names=b"from:to:subject:date", pk=key, **more):
    """The message with a field before it, whose tags may be anything."""
    signer = dkim.DKIM(message, signature_algorithm=algorithm)
    signer.hasher = dkim.HASH_ALGORITHMS[algorithm]
    policy = dkim.CanonicalizationPolicy.from_c_value(forms)
    body = policy.canonicalize_body(signer.body)
    if "l" in more:
        body = body[:int(more["l"])]
    digest = signer.hasher()
    digest.update(body)
    tags = [(b"v", b"1"), (b"a", algorithm), (b"c", forms), (b"d", more.pop("d", b"example.org")), (b"s", selector)]
    tags += [(tag.encode(), value) for tag, value in more.items()]
    tags += [(b"h", names), (b"bh", base64.b64encode(digest.digest())), (b"b", b"0" * 60)]
    included = tuple(name.strip().lower() for name in names.split(b":"))
    return b"DKIM-Signature: " + signer.gen_header(tags, included, policy, b"DKIM-Signature", pk) + message


ed = dict(selector=b"ed", algorithm=b"ed25519-sha256", pk=edwards)
twice = signed(signed(), **ed)
TABLE = {
    "unsigned": MESSAGE,
    "rsa": signed(),
    "ed25519": signed(**ed),
    "both": twice,
    "both-second-altered": twice.replace(b"a=rsa-sha256", b"a=rsa-sha256; z=x"),
    "both-body-altered": twice.replace(b"Last line", b"Lost line"),
    "simple-simple": signed(forms=b"simple/simple"),
    "relaxed-relaxed": signed(forms=b"relaxed/relaxed"),
    "simple-alone": signed(forms=b"simple"),
    "refolded-relaxed": signed().replace(b"a\r\n  folded   subject", b"a folded\r\n subject"),
    "refolded-simple": signed(forms=b"simple/simple").replace(b"a\r\n  folded   subject", b"a folded\r\n subject"),
    "spaces-relaxed": signed(forms=b"relaxed/relaxed").replace(b"Two  spaces and one at the end \r\n", b"Two spaces and one at the end\r\n"),
    "spaces-simple": signed().replace(b"Two  spaces", b"Two spaces"),
    "lines-at-the-end": signed() + b"\r\n\r\n",
    "empty-body-simple": signed(MESSAGE.split(b"\r\n\r\n", 1)[0] + b"\r\n\r\n"),
    "empty-body-relaxed": signed(MESSAGE.split(b"\r\n\r\n", 1)[0] + b"\r\n\r\n", forms=b"relaxed/relaxed"),
    "body-altered": signed().replace(b"Last line", b"Lost line"),
    "header-altered": signed().replace(b"folded", b"faulted"),
    "signature-altered": re.sub(rb" b=(.)", lambda found: b" b=B" if found[1] == b"A" else b" b=A", signed(), count=1),
    "signature-with-zeros": signed().replace(b" b=", b" b=AAAA", 1),
    "field-added-oversigned": signed(names=b"from:to:subject:subject").replace(b"To: bob", b"Subject: other\r\nTo: bob"),
    "field-added-below": signed(names=b"from:to:subject").replace(b"\r\n\r\nTwo", b"\r\nSubject: other\r\n\r\nTwo"),
    "field-added-above": signed(names=b"from:to:subject").replace(b"From: Alice", b"Subject: other\r\nFrom: Alice"),
    "second-from-above": b"From: eve@example.com\r\n" + signed(),
    "unsigned-field-added": signed().replace(b"To: bob", b"X-Spam: no\r\nTo: bob"),
    "footer": signed() + b"--\r\nlist footer\r\n",
    "footer-behind-length": signed(l=b"10") + b"--\r\nlist footer\r\n",
    "length-beyond-the-end": signed(l=b"1000"),
    "length-not-a-number": signed().replace(b"; s=s;", b"; s=s; l=ten;"),
    "missing-key": signed(selector=b"absent"),
    "slow-key": signed(selector=b"slow"),
    "revoked-key": signed(selector=b"revoked"),
    "key-of-other-type": signed(selector=b"other"),
    "key-for-sha1": signed(selector=b"sha1"),
    "key-for-chat": signed(selector=b"chat"),
    "key-not-a-record": signed(selector=b"text"),
    "key-without-version": signed(selector=b"bare"),
    "key-with-late-version": signed(selector=b"later"),
    "key-with-spaces": signed(selector=b"spaced"),
    "key-being-tested": signed(selector=b"testing"),
    "key-of-768-bits": signed(selector=b"short", pk=short_key),
    "key-of-1024-bits": signed(selector=b"least", pk=least_key),
    "strict-key-same-domain": signed(selector=b"strict", i=b"alice@example.org"),
    "strict-key-below": signed(selector=b"strict", i=b"alice@sub.example.org"),
    "identity-below": signed(i=b"@sub.example.org"),
    "identity-elsewhere": signed(i=b"@example.com"),
    "rsa-sha1": signed(algorithm=b"rsa-sha1"),
    "unknown-algorithm": signed().replace(b"rsa-sha256", b"rsa-sha512"),
    "expired": signed(t=b"1769400000", x=b"1769500000"),
    "expires-later": signed(t=b"1769400000", x=b"1769600000"),
    "expires-before-made": signed(t=b"1769600000", x=b"1769600000"),
    "made-in-the-future": signed(t=b"1769600000"),
    "version-2": signed().replace(b"v=1", b"v=2"),
    "no-version": signed().replace(b" v=1;", b""),
    "no-domain": signed().replace(b" d=example.org;", b""),
    "tag-twice": signed().replace(b" d=example.org;", b" d=example.org; d=example.org;"),
    "from-not-signed": signed().replace(b"h=from:to:", b"h=to:"),
    "unknown-query": signed(q=b"carrier/pigeon"),
    "unknown-tag": signed(y=b"whatever"),
    "upper-case-names": signed(names=b"FROM:To:suBJect"),
    "missing-fields-signed": signed(names=b"from:to:cc:reply-to"),
}


def verdict(message, index):
    try:
        return "pass" if dkim.DKIM(message).verify(idx=index, dnsfunc=look_up) else "fail"
    except Exception as fault:  # each kind is part of the table
        return type(fault).__name__


for name, message in TABLE.items():
    question = {"message-base64": base64.b64encode(message).decode(), "time": NOW, "dns": DNS}
    count = sum(1 for field, _ in dkim.DKIM(message).headers if field.lower() == b"dkim-signature")
    print(name, json.dumps(question), " ".join(verdict(message, index) for index in range(count)) or "none", sep="\t")
