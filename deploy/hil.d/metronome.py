"""Tells when a machine stood still, so that what it measures is not blamed for it."""
import threading
import time

BEAT = 0.02  # seconds
NOTED = 0.003


class Metronome:
    """A thread that wakes every 20 ms; `stalls` are the times and seconds by which it woke too late,
    where that is worth a note."""

    def __init__(self):
        self.stalls = []
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            due = time.monotonic() + BEAT
            time.sleep(BEAT)
            late = time.monotonic() - due
            if late > NOTED:
                self.stalls.append((time.time(), late))


def longest(stalls, began, ended):
    """The longest stall of a period, in seconds."""
    return max((late for time_, late in stalls if began <= time_ <= ended), default=0)
