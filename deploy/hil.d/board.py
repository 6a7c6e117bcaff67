"""The board file of deploy/hil, made from the table."""
import json
import subprocess

import table

HEAD = """\
board: {{ name: hil }}
buses:
{buses}
  {lines}: {{ gpiochip: hil-lines }}
sensors:
{sensors}
record: {{ every: 1 s, checkpoint: 2 s }}
mqtt: {{ broker: "mqtt://127.0.0.1:1883" }}
"""
#: The energy of one pulse of the meter, in joules.
JOULES_PER_PULSE = 3600
#: Slower than any grid: the kernel looks late whether an edge rose, and a busy machine can be late.
MAINS_HERTZ = 10
LINES = """\
  meter: {{ driver: pulse-counter, on: {lines}, line: 0, every: {every}, debounce: 100 ms, per-pulse: 1 Wh }}
  mains: {{ driver: zero-crossing, on: {lines}, line: 1, every: {every}, nominal: {mains} Hz }}
"""


def drivers(cairn):
    """The names of the drivers that a program has, from its JSON Schema."""
    schema = json.loads(subprocess.run([cairn, "schema"], capture_output=True, check=True).stdout)
    sensor = schema["properties"]["sensors"]["additionalProperties"]
    return set(sensor["properties"]["driver"]["enum"])


def text(rows):
    """The file for some rows of the table."""
    def interval(seconds):
        return f"{round(seconds * 1000)} ms"

    sensors = "".join(
        f"  {row.name}: {{ driver: {row.driver}, on: {row.bus}, address: {row.address:#04x}, "
        f"every: {interval(row.every)}{''.join(f', {key}: {value}' for key, value in row.options.items())} }}\n"
        for row in rows)
    buses = "\n".join(f"  {bus}: {{ device: /run/{bus} }}" for bus in (*table.VHOST_BUSES, table.SMBUS))
    lines = LINES.format(lines=table.LINES, every=interval(table.EVERY), mains=MAINS_HERTZ)
    return HEAD.format(buses=buses, lines=table.LINES, sensors=sensors + lines)
