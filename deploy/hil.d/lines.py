#!/usr/bin/env python3
"""Input lines of the kernel's gpio-sim, and what moves them.

    lines.py PATH HERTZ [COUNT [BOUNCE]]

makes a rising edge on the line behind PATH so many times a second, until its standard input ends or
COUNT have been made, and prints their monotonic times in nanoseconds as a JSON array. With BOUNCE,
every edge is followed by so many bounces at once. An edge is never sooner than a whole period after
the one before, however late that one was.
"""
import json
import os
import select
import sys
import time

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


def main(path, hertz, count=0, bounces=0):
    level = os.open(path, os.O_WRONLY)
    period = round(1e9 / hertz)
    stamps = []
    due = time.monotonic_ns() + period
    while not count or len(stamps) < count:
        wait = max(0, due - time.monotonic_ns()) / 1e9
        if select.select([sys.stdin], [], [], wait)[0]:
            break
        stamps.append(time.monotonic_ns())
        for _ in range(1 + bounces):
            os.write(level, b"pull-up")
            os.write(level, b"pull-down")
        due = stamps[-1] + period
    print(json.dumps(stamps), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), *map(int, sys.argv[3:]))
