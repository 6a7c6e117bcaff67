"""Checks a board's entries with pycose and cbor2, which share no code with it.

    python3 verify.py DIR

DIR is a state directory: origin and log/tile/entries/... Every entry must be a COSE_Sign1 that the
log's key signed, say its own place, name the leaf hash of the entry before, and be deterministic CBOR.
"""

import hashlib
import os
import sys

import cbor2
from pycose.algorithms import EdDSA
from pycose.headers import KID, Algorithm
from pycose.keys import OKPKey
from pycose.keys.curves import Ed25519
from pycose.messages import Sign1Message

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
SIGN1_TAG = 18


def public_key(did):
    prefix = "did:key:z"
    assert did.startswith(prefix), f"{did} is no did:key"
    number = 0
    for character in did[len(prefix):]:
        number = number * 58 + ALPHABET.index(character)
    raw = number.to_bytes(34, "big")
    assert raw[:2] == b"\xed\x01", "not an Ed25519 key"
    return raw[2:]


def bundles(directory):
    """The widest version of every bundle, in order, with its path."""
    index = 0
    while True:
        groups, rest = f"{index % 1000:03d}", index // 1000
        while rest:
            groups, rest = f"x{rest % 1000:03d}/{groups}", rest // 1000
        full = os.path.join(directory, groups)
        if os.path.exists(full):
            yield full, 256
        elif os.path.isdir(full + ".p"):
            width = max(int(name) for name in os.listdir(full + ".p"))
            yield os.path.join(full + ".p", str(width)), width
        else:
            return
        index += 1


def entries(directory):
    for path, width in bundles(directory):
        with open(path, "rb") as file:
            data = file.read()
        offset = count = 0
        while offset < len(data):
            length = int.from_bytes(data[offset:offset + 2], "big")
            entry = data[offset + 2:offset + 2 + length]
            assert len(entry) == length, f"{path}: ends inside an entry"
            yield entry
            offset += 2 + length
            count += 1
        assert count == width, f"{path}: {count} entries, not {width}"


def canonical(data):
    return cbor2.dumps(cbor2.loads(data), canonical=True) == data


def main(directory):
    with open(os.path.join(directory, "origin")) as file:
        did = file.read()
    raw = public_key(did)
    key = OKPKey(crv=Ed25519, x=raw)
    key_id = hashlib.sha256(did.encode() + b"\n\x01" + raw).digest()[:4]
    previous = bytes(32)
    count = 0
    for entry in entries(os.path.join(directory, "log", "tile", "entries")):
        outer = cbor2.loads(entry)
        assert outer.tag == SIGN1_TAG and len(outer.value) == 4, f"entry {count}: no COSE_Sign1"
        protected, unprotected, payload, _ = outer.value
        assert unprotected == {}, f"entry {count}: unprotected header"
        for part in (entry, protected, payload):
            assert canonical(part), f"entry {count}: not deterministic CBOR"
        message = Sign1Message.decode(entry)
        assert message.phdr[Algorithm] is EdDSA, f"entry {count}: algorithm"
        assert message.phdr[KID] == key_id, f"entry {count}: key identifier"
        assert cbor2.loads(protected)[15][1] == did, f"entry {count}: issuer"
        message.key = key
        assert message.verify_signature(), f"entry {count}: signature"
        statement = cbor2.loads(payload)
        assert statement[1] == 1, f"entry {count}: version"
        assert (statement[2] == 0) == (count == 0), f"entry {count}: type"
        assert statement[3] == count, f"entry {count}: says it is {statement[3]}"
        assert statement[4] == previous, f"entry {count}: does not follow the one before"
        previous = hashlib.sha256(b"\x00" + entry).digest()
        count += 1
    print(f"OK {count} entries")


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except AssertionError as fault:
        sys.exit(f"FAULT: {fault}")
