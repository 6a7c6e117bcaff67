"""Reads what a board signed: the readings by `cairn log export`, the events from the entries."""
import csv
import datetime
import glob
import io
import os
import subprocess
from collections import defaultdict

EVENT = 6  # the type of an entry (docs/log-format.md)


def run(*command):
    """A program's exit code and all that it wrote."""
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    return ran.returncode, ran.stdout, ran.stderr


class Evidence:
    """`readings`: sensor -> [(time, {channel: value})], in order; `events`: a list of dictionaries."""

    def __init__(self, cairn, state):
        self.directory = os.path.join(state, "boards", "hil")
        code, table, errors = run(cairn, "log", "export", self.directory)
        if code != 0:
            raise ValueError(f"cairn log export: {errors.strip()}")
        self.readings = self.parse(table)
        self.events = []
        for payload in entries(self.directory):
            if payload[2] == EVENT:
                # What is counted from the machine's start becomes a time by the entry's own clocks.
                start = (payload[7][0] - payload[6]) / 1000 if payload[7] else 0
                self.events += (named(event, start) for event in payload[8])
        self.verified = run(cairn, "verify", self.directory)
        self.audited = run(cairn, "log", "fsck", self.directory)
        self.replayed = run(cairn, "log", "replay", self.directory)

    @staticmethod
    def parse(table):
        """The rows of the CSV, those of one sensor and one time together."""
        measurements = defaultdict(dict)
        for row in csv.DictReader(io.StringIO(table)):
            sensor, _, channel = row["name"].partition("/")
            time = datetime.datetime.fromisoformat(row["time"].replace("Z", "+00:00")).timestamp()
            measurements[sensor].setdefault(time, {})[channel] = float(row["value"])
        return {sensor: sorted(times.items()) for sensor, times in measurements.items()}

    def gaps(self, sensor):
        """The gaps of a sensor, each with from, to, missed and cause; those of one channel are not."""
        return [event["details"] for event in self.events
                if event["kind"] == "gap" and event["subject"] == sensor]


def named(event, start):
    """An event with its keys by name; times in seconds since 1970."""
    details = dict(event.get(3, {}))
    for key in ("from", "to"):
        if key in details:
            details[key] = start + details[key] / 1000
    return {"kind": event[1], "subject": event[2], "details": details}


def entries(directory):
    """The payloads of all entries of a log, in order (docs/log-format.md, `Files`)."""
    newest = {}
    for path in glob.glob(f"{directory}/log/tile/entries/**", recursive=True):
        if not os.path.isfile(path):
            continue
        relative = os.path.relpath(path, f"{directory}/log/tile/entries")
        index, _, width = relative.partition(".p/")
        # Of a tile that grows, the widest version has all that the narrower ones have.
        size = int(width) if width else 256
        if size > newest.get(index, (0, ""))[0]:
            newest[index] = size, path
    for _, path in sorted(newest.values(), key=lambda found: found[1]):
        with open(path, "rb") as file:
            data = file.read()
        place = 0
        while place < len(data):
            length = int.from_bytes(data[place:place + 2], "big")
            signed, _ = item(data[place + 2:place + 2 + length], 0)
            yield item(signed[2], 0)[0]
            place += 2 + length


def item(data, place):
    """One item of deterministic CBOR (RFC 8949) and where the next begins; tags are left out."""
    kind, size = data[place] >> 5, data[place] & 31
    place += 1
    if size >= 24:
        count = 1 << size - 24
        if kind == 7:
            return data[place:place + count], place + count  # a float, which no event has
        size = int.from_bytes(data[place:place + count], "big")
        place += count
    if kind in (0, 1):
        return (size if kind == 0 else -1 - size), place
    if kind in (2, 3):
        piece = data[place:place + size]
        return (piece if kind == 2 else piece.decode()), place + size
    if kind == 4:
        items = []
        for _ in range(size):
            one, place = item(data, place)
            items.append(one)
        return items, place
    if kind == 5:
        pairs = {}
        for _ in range(size):
            key, place = item(data, place)
            pairs[key], place = item(data, place)
        return pairs, place
    if kind == 6:
        return item(data, place)
    return {20: False, 21: True, 22: None}[size], place
