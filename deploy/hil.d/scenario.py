"""What happens to the board while it runs, and what must be seen of it at once."""
import time
from contextlib import contextmanager

import table
from board import MAINS_HERTZ
from checks import QUIET, is_near, worst
from machine import Missing

#: Pulses of the meter: a rising edge every 400 ms, three bounces behind each.
PULSES, PULSE_HERTZ, BOUNCES = 25, 2.5, 3
CHANGED = {"temperature": 30.0}


class Scenario:
    """Runs the board through faults; remembers when each began and ended, in seconds since 1970."""

    def __init__(self, machine, rows, report):
        self.machine, self.rows, self.report = machine, rows, report
        self.periods = {}
        self.edges = {}
        self.stalls = []
        #: What else than at first the readings of a sensor may be, {sensor: [expected]}.
        self.also = {}

    def run(self):
        """All of it, in order."""
        machine = self.machine
        self.scan()
        machine.request("start")
        self.first_readings()
        # The lines move when the board looks at them, so that no edge is missing.
        with self.period(QUIET):
            self.calm("battery", 5)
        self.periods[QUIET] += ([], True)
        machine.request("move", line="mains", hertz=MAINS_HERTZ)
        machine.request("move", line="meter", hertz=PULSE_HERTZ, count=PULSES, bounces=BOUNCES)
        self.change()
        self.passing("one NAK", "supply-2",
                     lambda: machine.bus("fault", "supply-2", kind="nak", count=1))
        self.passing("one wrong checksum", "climate-2",
                     lambda: machine.bus("fault", "climate-2", kind="crc", count=1))
        for name, driver in (("air-2", "BME280"), ("climate-2", "SHT3x"), ("supply-6", "INA226")):
            self.passing(f"a dip of the supply of a {driver}", name,
                         lambda name=name: machine.bus("reset", name))
        self.lasting("NAKs", ["supply-3"], "fault", kind="nak")
        self.lasting("wrong checksums", ["climate-1"], "fault", kind="crc")
        self.lasting("unplugging", ["supply-5"], "unplug")
        self.slow()
        self.lasting("unplugging of the whole bus", [row.name for row in self.on(table.PLAIN)],
                     "unplug")
        self.edges["meter"] = machine.request("rest", line="meter", at_once=False)["stamps"]
        # The last edges must be in a reading before the board stops.
        self.calm("meter", 2)
        self.edges["mains"] = machine.request("rest", line="mains")["stamps"]
        self.calm("mains", 2)
        self.stalls = [*machine.request("stalls")["stalls"], *machine.bus("stalls")["stalls"]]
        stopped = machine.request("stop")
        self.report.check(stopped["code"] == 0, "the board stops with 0 at SIGTERM",
                          f"{stopped['seconds'] * 1000:.0f} ms")
        machine.request("finish")

    def every(self, name):
        """The interval of a sensor, in seconds."""
        return next((row.every for row in self.rows if row.name == name), table.EVERY)

    def on(self, bus):
        """The rows of a bus."""
        return [row for row in self.rows if row.bus == bus]

    def calm(self, sensor, count):
        """Waits for some more readings of a sensor."""
        return self.machine.wait_readings(sensor, count, self.machine.place)

    @contextmanager
    def period(self, name):
        """Remembers from when to when something was."""
        began = time.time()
        yield
        self.periods[name] = began, time.time()

    def scan(self):
        """`cairn scan` must find every chip, and know it."""
        found, bus = set(), None
        for line in self.machine.request("scan")["output"].splitlines():
            words = line.replace(",", " ").split()
            if line.startswith(" ") and words:
                found |= {(bus, words[0].lower(), word) for word in words[1:]}
            elif words:
                bus = words[0]
        for bus in (*table.VHOST_BUSES, table.SMBUS):
            wanted = {row.name: (bus, f"{row.address:#04x}", row.driver) for row in self.on(bus)}
            lost = [name for name, what in wanted.items() if what not in found]
            self.report.check(not lost, f"scan finds the {len(wanted)} chips of '{bus}'", ", ".join(lost))

    def first_readings(self):
        """Every chip must show its values at the broker."""
        for line in ("meter", "mains"):
            self.machine.wait_readings(line, 1, 0)
        for row in self.rows:
            # The second, where it comes soon: the first may be the set-up's.
            values = self.machine.wait_readings(row.name, 2 if row.every <= 1 else 1, 0)[-1]
            wanted = row.model().expected()
            wrong = [channel for channel in wanted if not is_near(values.get(channel), wanted[channel])]
            self.report.check(
                not wrong, f"MQTT: {row.driver} {row.name} on '{row.bus}' at {row.address:#04x}",
                worst(values, wanted))

    def change(self):
        """What a chip measures changes, and so does what the board says."""
        row = next(row for row in self.rows if row.name == "air-1")
        changed = table.Row(**{**vars(row), "values": {**row.values, **CHANGED}})
        wanted = changed.model().expected()
        self.also[row.name] = [wanted]
        since, began = self.machine.place, time.monotonic()
        self.machine.bus("set", row.name, values=CHANGED)
        self.machine.wait_readings(
            row.name, 1, since, lambda values: is_near(values["temperature"], wanted["temperature"]))
        self.report.check(True, "MQTT: a chip that becomes warmer is seen",
                          f"after {(time.monotonic() - began) * 1000:.0f} ms")

    def passing(self, what, name, befall):
        """Something that passes by itself, of which no reading may be lost."""
        if name not in {row.name for row in self.rows}:
            return
        with self.period(what):
            befall()
            self.calm(name, 3)
        if self.machine.bus("count", name)["pending"]:
            raise Missing(f"{what} never befell {name}")
        self.periods[what] += ([name], False)

    def lasting(self, what, names, verb, **fault):
        """Something that lasts until it is healed: an event when it begins, one when it is over."""
        machine, since = self.machine, self.machine.place
        chip = names[0] if len(names) == 1 else "*"
        with self.period(what):
            machine.bus(verb, chip, **fault)
            causes = [machine.wait_event("fault", name, since)["details"]["cause"] for name in names]
            # Long enough for the others to slip, if they did.
            self.calm("battery", 3)
            machine.bus("plug" if verb == "unplug" else "heal", chip)
            for name in names:
                machine.wait_event("recovered", name, since)
            self.calm(names[-1], 2)
        self.periods[what] += (names, True)
        self.report.check(len(causes) == len(names), f"MQTT: {what}: fault, then recovered",
                          f"{', '.join(names)}: {'; '.join(sorted(set(causes)))}")

    def slow(self):
        """One transfer takes two seconds: the clock of the bus is held."""
        what, name = "a transfer of 2 s", "supply-1"
        with self.period(what):
            self.machine.bus("fault", name, kind="delay", seconds=2, count=1)
            self.calm(name, 3)
        self.periods[what] += ([row.name for row in self.on(table.PLAIN)], True)
