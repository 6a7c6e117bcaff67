"""Feeds the makers' drivers and `cairn decode` the same bytes and compares what they say.

  compare.py CAIRN [CHIP ...]

Prints a line for each chip: values compared, the largest difference in units of the data sheet's
resolution, and PASS, EXPLAINED (every deviation is in the table of explanations) or FAIL. The exit code
is 1 if any failed.

Two values are equal within half a unit of the resolution. What else differs, a fault of Cairn's where
the maker's driver gives a value, or a failure of one where the other gives any, must be explained by an
`Explained` with the document that says so; an explanation that explains nothing fails as well.
"""
import dataclasses
import json
import math
import random
import subprocess
import sys
import traceback

import fake  # noqa: F401  before any driver

COUNT = 2000


@dataclasses.dataclass
class Explained:
    """A deviation that is right: of which channel (or all), why, and what document says so.

    `fault` is the cause of Cairn's fault or failure; without it `when` tells by the raw bytes and both
    values whether the explanation is for them.
    """
    why: str
    source: str
    channel: str | None = None
    fault: str | None = None
    when: object = None
    used: int = 0

    def covers(self, raw, channel, ours, theirs):
        if self.channel not in (None, channel):
            return False
        if self.fault is not None:
            return isinstance(ours, str) and self.fault in ours
        return all(isinstance(value, (int, float)) for value in (ours, theirs)) and self.when(raw, ours, theirs)


@dataclasses.dataclass
class Case:
    """A chip in one setting: raw strings of Cairn's, and what the maker's driver says about them."""
    raws: list
    #: What the maker's driver says of raw strings: values by Cairn's channels, None where it has none.
    maker: object
    #: The data sheet's resolution by channel, in the channel's unit: a number, or a function of a value.
    resolution: dict
    options: tuple = ()
    calibration: bytes | None = None


@dataclasses.dataclass
class Chip:
    """What is compared for a driver: its cases, made with a generator of random numbers."""
    driver: str
    package: str
    cases: object
    explained: list = dataclasses.field(default_factory=list)
    #: For a second comparison of the same driver.
    name: str | None = None


class Tally:
    def __init__(self, chip):
        self.chip = chip
        self.lines = self.values = self.faults = self.refused = self.deviations = 0
        self.largest = 0.0
        self.failures = []

    def deviate(self, raw, channel, ours, theirs, difference=None):
        self.deviations += 1
        for reason in self.chip.explained:
            if reason.covers(raw, channel, ours, theirs):
                reason.used += 1
                return
        text = " ".join(part.hex() for part in raw)
        units = "" if difference is None else f", {difference:.3f} units"
        self.failures.append(f"{text}: {channel}: cairn {ours}, maker {theirs}{units}")

    def take(self, case, raw, ours, theirs):
        self.lines += 1
        if "failure" in ours:
            if isinstance(theirs, Exception):
                self.refused += 1
            else:
                self.deviate(raw, "failure", ours["failure"], theirs)
            return
        if isinstance(theirs, Exception):
            self.deviate(raw, "failure", ours, theirs)
            return
        for channel, value in theirs.items():
            said = ours[channel]
            absent = value is None or math.isnan(value)
            if "fault" in said:
                self.faults += 1
                if not absent:
                    self.deviate(raw, channel, said["fault"], value)
                continue
            mine = said["nano"] / 1e9
            if absent:
                self.deviate(raw, channel, mine, value)
                continue
            unit = case.resolution[channel]
            unit = unit(mine) if callable(unit) else unit
            difference = abs(mine - value) / unit
            self.values += 1
            if difference > 0.5 * (1 + 1e-9):
                self.deviate(raw, channel, mine, value, difference)
            else:
                self.largest = max(self.largest, difference)


def decoded(cairn, chip, case):
    """What Cairn says of every line."""
    command = [cairn, "decode", chip.driver, "--lines"]
    for option in case.options:
        command += ["--option", option]
    if case.calibration is not None:
        command += ["--calibration", case.calibration.hex()]
    lines = "".join(" ".join(part.hex() for part in raw) + "\n" for raw in case.raws)
    done = subprocess.run(command, input=lines, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    if len(answers) != len(case.raws):
        raise RuntimeError(f"{chip.driver}: {len(answers)} answers to {len(case.raws)} lines")
    return answers


def compare(cairn, chip):
    tally = Tally(chip)
    for case in chip.cases(random.Random(chip.driver)):
        for raw, ours in zip(case.raws, decoded(cairn, chip, case)):
            try:
                theirs = case.maker(raw)
            except Exception as error:  # whatever a driver raises is its answer
                theirs = error
            tally.take(case, raw, ours, theirs)
    for reason in chip.explained:
        if not reason.used:
            tally.failures.append(f"explanation explains nothing: {reason.why}")
    if tally.lines < COUNT:
        tally.failures.append(f"only {tally.lines} measurements")
    return tally


def report(chip, tally):
    verdict = "FAIL" if tally.failures else "EXPLAINED" if tally.deviations else "PASS"
    print(
        f"{chip.name or chip.driver:<16} {verdict:<9} {tally.values:6} values, largest difference"
        f" {tally.largest:.4f} units, {tally.faults} faults, {tally.refused} refused by both"
        f" ({chip.package})", flush=True)
    for failure in tally.failures[:10]:
        print(f"    {failure}")
    if len(tally.failures) > 10:
        print(f"    and {len(tally.failures) - 10} more")
    for reason in chip.explained:
        if reason.used:
            print(f"    {reason.used} times: {reason.why} [{reason.source}]")
    return not tally.failures


def main(arguments):
    import chips

    cairn, names = arguments[0], arguments[1:]
    known = {chip.driver for chip in chips.ALL}
    for name in names:
        if name not in known:
            print(f"compare.py: no maker's driver for '{name}'; there are {', '.join(sorted(known))}")
            return 2
    right = True
    for chip in chips.ALL:
        if names and chip.driver not in names:
            continue
        try:
            tally = compare(cairn, chip)
        except Exception:
            traceback.print_exc()
            print(f"{chip.name or chip.driver:<16} FAIL      it could not be compared")
            right = False
            continue
        right = report(chip, tally) and right
    return 0 if right else 1


if __name__ == "__main__":
    # The tables import this module by its name.
    sys.modules["compare"] = sys.modules["__main__"]
    sys.exit(main(sys.argv[1:]))
