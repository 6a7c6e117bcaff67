#!/usr/bin/env python3
"""The buses of deploy/hil with their chips, as vhost-user devices, and the faults that befall them.

    buses.py FOLDER

makes FOLDER/plain.sock and FOLDER/steady.sock, to each of which a kernel connects, and
FOLDER/control.sock, which takes a line of JSON and answers with one:

    {"do": "set", "chip": "air-1", "values": {"temperature": 30}}
    {"do": "fault", "chip": "air-1", "kind": "nak", "count": 1}     for ever without a count
    {"do": "fault", "chip": "climate-1", "kind": "crc"}             the last byte of what is read
    {"do": "fault", "chip": "air-1", "kind": "delay", "seconds": 2, "count": 1}
    {"do": "heal", "chip": "air-1"}
    {"do": "unplug" | "plug" | "reset", "chip": "air-1"}            "chip": "*" means all of `plain`
    {"do": "count", "chip": "air-1"}                                changes nothing

Answers have `messages`, how many it got so far, and `pending`, whether a fault still waits or lasts.
`{"do": "stalls"}` asks when this program had to wait for the processor.
"""
import json
import os
import socket
import sys
import threading
import time

import table
from chips.base import Nak
from metronome import Metronome
from vhost_user import Device


class Socketed:
    """A chip in its socket: there or not, with or without a fault."""

    def __init__(self, row):
        self.name, self.chip = row.name, row.model()
        self.is_there = True
        self.fault, self.seconds, self.left = None, 0.0, None
        self.messages = 0

    def take_fault(self):
        """The fault of the next message, and how many seconds it takes."""
        if self.fault is None:
            return None, 0
        fault = self.fault, self.seconds
        if self.left is not None:
            self.left -= 1
            if self.left == 0:
                self.fault = None
        return fault


class Bus:
    """The chips of one bus by address."""

    def __init__(self, rows):
        self.sockets = {row.address: Socketed(row) for row in rows}
        self.lock = threading.Lock()

    def transfer(self, address, data, count):
        """Writes data, or reads so many bytes where it is None."""
        socketed = self.sockets.get(address)
        if socketed is None:
            raise Nak
        with self.lock:
            if not socketed.is_there:
                raise Nak
            socketed.messages += 1
            # A damaged checksum needs something that is read.
            is_due = socketed.fault != "crc" or data is None
            fault, seconds = socketed.take_fault() if is_due else (None, 0)
        if fault == "delay":
            time.sleep(seconds)  # the clock is held low; nobody else can use this bus
        with self.lock:
            if fault == "nak":
                raise Nak
            if data is not None:
                socketed.chip.write(data)
                return b""
            answer = socketed.chip.read(count)
        return answer[:-1] + bytes([answer[-1] ^ 0xFF]) if fault == "crc" else answer

    def serve(self, path):
        """Lets one kernel after the other use the bus."""
        listener = listen(path)
        while True:
            connection, _ = listener.accept()
            with connection:
                Device(connection, self).serve()


def listen(path):
    """A listening socket, which has its name only when it listens."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(f"{path}.part")
    listener.listen(1)
    os.rename(f"{path}.part", path)
    return listener


def obey(command, buses, metronome):
    """Does what a line of the control socket says; gives the answer."""
    verb = command["do"]
    if verb == "stalls":
        return {"stalls": metronome.stalls}
    name = command["chip"]
    if name == "*":
        chosen = [(buses[table.PLAIN], each) for each in buses[table.PLAIN].sockets.values()]
    else:
        chosen = [(bus, each) for bus in buses.values() for each in bus.sockets.values()
                  if each.name == name]
    if not chosen:
        return {"error": f"no chip {name}"}
    for bus, socketed in chosen:
        with bus.lock:
            if verb == "set":
                socketed.chip.values.update(command["values"])
            elif verb == "fault":
                socketed.fault = command["kind"]
                socketed.seconds = command.get("seconds", 0)
                socketed.left = command.get("count")
            elif verb == "heal":
                socketed.fault = None
            elif verb == "unplug":
                socketed.is_there = False
            elif verb in ("plug", "reset"):
                socketed.is_there = True
                socketed.chip.power_on()
            elif verb != "count":
                return {"error": f"cannot {verb}"}
    return {"done": verb, "messages": sum(each.messages for _, each in chosen),
            "pending": any(each.fault is not None for _, each in chosen)}


def main(folder):
    metronome = Metronome()
    buses = {name: Bus([row for row in table.ROWS if row.bus == name]) for name in table.VHOST_BUSES}
    for name, bus in buses.items():
        path = os.path.join(folder, f"{name}.sock")
        threading.Thread(target=bus.serve, args=(path,), daemon=True).start()
    listener = listen(os.path.join(folder, "control.sock"))
    while True:
        connection, _ = listener.accept()
        with connection, connection.makefile("rw") as lines:
            for line in lines:
                lines.write(json.dumps(obey(json.loads(line), buses, metronome)) + "\n")
                lines.flush()


if __name__ == "__main__":
    main(sys.argv[1])
