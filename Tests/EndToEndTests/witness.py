"""A witness of c2sp.org/tlog-witness that checks everything by itself; nothing of it is for production.

usage: witness.py FOLDER NAME MODE

It writes FOLDER/port and FOLDER/key (its verifier key), keeps one size and root per log in
FOLDER/state.json, and does as MODE says: honest, late, slow, rubbish, forger (signs with another key).
"""
import base64
import hashlib
import http.server
import json
import os
import sys
import time

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

FOLDER, NAME, MODE = sys.argv[1:4]
DELAYS = {"late": 2.5, "slow": 20}  # seconds
ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def raw(key):
    return key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def load_key():
    path = os.path.join(FOLDER, "seed")
    if not os.path.exists(path):
        with open(path, "wb") as file:
            file.write(os.urandom(32))
    with open(path, "rb") as file:
        return Ed25519PrivateKey.from_private_bytes(file.read())


KEY = load_key()
KEY_ID = hashlib.sha256(NAME.encode() + b"\n\x04" + raw(KEY.public_key())).digest()[:4]


def log_key(origin):
    number = 0
    for character in origin.removeprefix("did:key:z"):
        number = number * 58 + ALPHABET.index(character)
    data = number.to_bytes(34, "big")
    assert data[:2] == b"\xed\x01"
    return data[2:]


def node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def is_consistent(first, second, first_root, second_root, proof):
    """RFC 9162, section 2.1.4.2."""
    if first == second:
        return not proof and first_root == second_root
    if not proof:
        return False
    path = list(proof)
    if first & (first - 1) == 0:
        path.insert(0, first_root)
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn >>= 1
        sn >>= 1
    fr = sr = path[0]
    for value in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node(value, fr), node(value, sr)
            while fn and not fn & 1:
                fn >>= 1
                sn >>= 1
        else:
            sr = node(sr, value)
        fn >>= 1
        sn >>= 1
    return fr == first_root and sr == second_root and sn == 0


def read_state():
    try:
        with open(os.path.join(FOLDER, "state.json")) as file:
            return json.load(file)
    except FileNotFoundError:
        return {}


def write_state(state):
    temporary = os.path.join(FOLDER, "state.json.tmp")
    with open(temporary, "w") as file:
        json.dump(state, file)
        file.flush()
        os.fsync(file.fileno())
    os.rename(temporary, os.path.join(FOLDER, "state.json"))


def answer(body):
    head, _, note = body.partition("\n\n")
    lines = head.split("\n")
    assert lines[0].startswith("old ")
    old = int(lines[0][4:])
    proof = [base64.b64decode(line, validate=True) for line in lines[1:]]
    text, _, signatures = note.partition("\n\n")
    text += "\n"
    origin, size, root = text.split("\n")[:3]
    size, root = int(size), base64.b64decode(root, validate=True)
    key = log_key(origin)
    for line in signatures.splitlines():
        name, value = line.removeprefix("\u2014 ").rsplit(" ", 1)
        if name == origin:
            try:
                Ed25519PublicKey.from_public_bytes(key).verify(
                    base64.b64decode(value)[4:], text.encode())
                break
            except InvalidSignature:
                return 403, b"bad signature\n", "text/plain"
    else:
        return 403, b"no signature\n", "text/plain"
    state = read_state()
    known = state.get(origin, {"size": 0, "root": ""})
    if known["size"] != old:
        return 409, f"{known['size']}\n".encode(), "text/x.tlog.size"
    if old > size:
        return 400, b"old is larger\n", "text/plain"
    if old == size and known["root"] not in ("", root.hex()):
        return 409, f"{known['size']}\n".encode(), "text/x.tlog.size"
    if old == 0:
        if proof:
            return 422, b"a proof from nothing\n", "text/plain"
    elif not is_consistent(old, size, bytes.fromhex(known["root"]), root, proof):
        return 422, b"not consistent\n", "text/plain"
    state[origin] = {"size": size, "root": root.hex()}
    write_state(state)
    now = int(time.time())
    signer = Ed25519PrivateKey.from_private_bytes(bytes(32)) if MODE == "forger" else KEY
    signature = signer.sign(f"cosignature/v1\ntime {now}\n".encode() + text.encode())
    line = base64.b64encode(KEY_ID + now.to_bytes(8, "big") + signature).decode()
    return 200, f"\u2014 {NAME} {line}\n".encode(), "text/plain"


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if MODE in DELAYS:
            time.sleep(DELAYS[MODE])
        if MODE == "rubbish":
            status, data, kind = 200, b"\xff\xfe no signature \x00", "text/plain"
        elif self.path != "/w/add-checkpoint":
            status, data, kind = 404, b"", "text/plain"
        else:
            status, data, kind = answer(body)
        with open(os.path.join(FOLDER, "answers"), "a") as file:
            file.write(f"{status}\n")
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


def last_port():
    """Where it was before, so that a board finds it again."""
    try:
        with open(os.path.join(FOLDER, "port")) as file:
            return int(file.read())
    except FileNotFoundError:
        return 0


server = http.server.ThreadingHTTPServer(("127.0.0.1", last_port()), Handler)
with open(os.path.join(FOLDER, "key"), "w") as file:
    file.write(f"{NAME}+{KEY_ID.hex()}+{base64.b64encode(bytes([4]) + raw(KEY.public_key())).decode()}")
with open(os.path.join(FOLDER, "port.tmp"), "w") as file:
    file.write(str(server.server_address[1]))
os.rename(os.path.join(FOLDER, "port.tmp"), os.path.join(FOLDER, "port"))
server.serve_forever()
