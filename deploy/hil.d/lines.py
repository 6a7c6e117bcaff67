#!/usr/bin/env python3
"""Input lines of the kernel's gpio-sim, and what moves them.

    lines.py PATH HERTZ [COUNT [BOUNCES]]

makes a rising edge on the line behind PATH so many times a second, until its standard input ends or
COUNT have been made, and prints their monotonic times in nanoseconds as a JSON array. The line is high
for half a period. With BOUNCES, that many short pulses follow every edge of either direction. A rising
edge is never sooner than a whole period after the one before, however late that one was.

The kernel stamps an edge at once, but looks a little later whether it rose or fell; so a level that
must count lasts 30 ms at least.
"""
import json
import os
import select
import sys
import time

# How long a level and a bounce last at least, and how long behind an edge one may begin, in seconds.
LEVEL, BOUNCE, LAST_BOUNCE = 0.030, 0.001, 0.070
CONFIGURATION = "/sys/kernel/config/gpio-sim/hil"


def create(label, names):
    """Makes a chip of lines; the path of each line's level, by name, in the order of their numbers."""
    bank = f"{CONFIGURATION}/bank0"
    os.makedirs(bank)
    for number, name in enumerate(names):
        os.mkdir(f"{bank}/line{number}")
        put(f"{bank}/line{number}/name", name)
    put(f"{bank}/num_lines", str(len(names)))
    put(f"{bank}/label", label)
    put(f"{CONFIGURATION}/live", "1")
    device, chip = get(f"{CONFIGURATION}/dev_name"), get(f"{bank}/chip_name")
    return {name: f"/sys/devices/platform/{device}/{chip}/sim_gpio{number}/pull"
            for number, name in enumerate(names)}


def put(path, text):
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


def get(path):
    with open(path, encoding="ascii") as file:
        return file.read().strip()


class Line:
    """A line whose level can be set."""

    def __init__(self, path):
        self.descriptor = os.open(path, os.O_WRONLY)

    def set(self, is_high):
        os.write(self.descriptor, b"pull-up" if is_high else b"pull-down")

    def turn(self, is_high, bounces):
        """Makes an edge that bounces."""
        began = time.monotonic()
        self.set(is_high)
        if bounces:
            time.sleep(LEVEL)
        for _ in range(bounces):
            if time.monotonic() - began > LAST_BOUNCE:
                break  # on a busy machine, where it would come too late to be one
            self.set(not is_high)
            time.sleep(BOUNCE)
            self.set(is_high)
            time.sleep(BOUNCE)


def is_over(until):
    """Waits until a monotonic time; True at once where the standard input ends."""
    wait = max(0, until - time.monotonic_ns()) / 1e9
    return bool(select.select([sys.stdin], [], [], wait)[0])


def main(path, hertz, count=0, bounces=0):
    line = Line(path)
    period = round(1e9 / hertz)
    stamps = []
    due = time.monotonic_ns() + period
    while not count or len(stamps) < count:
        if is_over(due):
            break
        stamps.append(time.monotonic_ns())
        due = stamps[-1] + period
        line.turn(True, bounces)
        is_over(stamps[-1] + period // 2)
        line.turn(False, bounces)
    print(json.dumps(stamps), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), *map(int, sys.argv[3:]))
