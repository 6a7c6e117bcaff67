"""What must hold of the log when the board has stopped."""
import re

import table
from board import JOULES_PER_PULSE, MAINS_HERTZ
from machine import values_of
from metronome import longest

#: How far a reading may be from its beat, in seconds, where the machine itself does not stand still.
SLIP = 0.3
#: How far one is from it on a quiet machine.
NEAR = 0.01
#: The period without faults.
QUIET = "nothing"
#: What the cause of a gap must say, by what happened.
CAUSES = {
    "NAKs": "acknowledge",
    "wrong checksums": "checksum",
    "unplugging": "acknowledge",
    "unplugging of the whole bus": "acknowledge",
    "a transfer of 2 s": "took too long",
}
#: Channels that have no value while their line does not move, before the first edges and after the last.
STILL = {"mains.frequency", "meter.rate", "meter.power"}


def is_near(value, wanted):
    """Whether a value is the one that is wanted, within its tolerance."""
    return value is not None and abs(value - wanted[0]) <= wanted[1] * 1.001


def worst(values, wanted):
    """Values beside what they should be, for people."""
    return ", ".join(
        f"{channel} {values[channel]:g}" + ("" if is_near(values[channel], what) else f" (not {what[0]:g})")
        if channel in values else f"{channel} is missing" for channel, what in wanted.items())


def check_log(scenario, evidence, report):
    """All checks of the log."""
    programs = (
        ("cairn verify: every signature, link and the tree", evidence.verified),
        ("cairn log fsck: the directory is what the entries say", evidence.audited),
        ("cairn log replay: every value again from the raw bytes", evidence.replayed),
    )
    for what, (code, output, errors) in programs:
        said = (errors + output).strip().splitlines()
        report.check(code == 0, what, said[0] if said else "")
    check_published(scenario, evidence, report)
    for row in scenario.rows:
        check_values(row, scenario, evidence, report)
    check_lines(scenario, evidence, report)
    check_beats(scenario, evidence, report)
    check_gaps(scenario, evidence, report)
    check_intervals(scenario, evidence, report)


def check_published(scenario, evidence, report):
    """What went out by MQTT while it happened is what is signed, to the last digit."""
    signed = {(sensor, round(time * 1e6)): values for sensor, readings in evidence.readings.items()
              for time, values in readings}
    published = [message for message in scenario.machine.said
                 if message.get("topic", "").startswith("sensor/")]
    other = []
    for message in published:
        sensor = message["topic"].partition("/")[2]
        time = round(message["data"][0]["t"] * 1e6)
        if signed.get((sensor, time)) != values_of(message):
            other.append(f"{sensor}: {values_of(message)}, signed {signed.get((sensor, time))}")
    report.check(published and not other, "MQTT: what is published is what is signed",
                 f"{len(published)} messages" + (f", {len(other)} differ, {other[0]}" if other else ""))


def check_values(row, scenario, evidence, report):
    """Every reading of a chip is what it measured, also while something befell it."""
    allowed = [row.model().expected(), *scenario.also.get(row.name, [])]
    readings = evidence.readings.get(row.name, [])
    wrong = [values for _, values in readings
             if not any(all(is_near(values.get(channel), what) for channel, what in wanted.items())
                        for wanted in allowed)]
    report.check(len(readings) >= (10 if row.every <= 1 else 2) and not wrong, f"log: {row.driver} {row.name} on '{row.bus}'",
                 f"{len(readings)} readings" + (f", {len(wrong)} wrong: {wrong[0]}" if wrong else ""))


def check_lines(scenario, evidence, report):
    """The counts of both lines are those of the edges that were made; the frequency is theirs."""
    made = len(scenario.edges["meter"])
    last = evidence.readings["meter"][-1][1]
    report.check(last["pulses"] == made and last["energy"] == made * JOULES_PER_PULSE,
                 "log: every pulse of the meter counts once, bounces do not",
                 f"{last['pulses']:g} of {made} pulses, {last['energy']:g} J")
    stamps = scenario.edges["mains"]
    crossings = [values["crossings"] for _, values in evidence.readings["mains"]]
    # An edge that the machine stamps too late is too near to the next one, which is then noise.
    late = sum(stall > 0.02 for _, stall in scenario.stalls)
    report.check(len(stamps) - late <= crossings[-1] <= len(stamps), "log: every zero crossing counts once",
                 f"{crossings[-1]:g} of {len(stamps)}"
                 + (f"; the machine itself stood still {late} times" if late else ""))
    # As the driver does it: whole intervals over their time, without those that lost a crossing.
    limit = 1.25e9 / MAINS_HERTZ
    intervals = [b - a for a, b in zip(stamps, stamps[1:]) if b - a <= limit]
    wanted = len(intervals) * 1e9 / sum(intervals)
    found = [values["frequency"] for _, values in evidence.readings["mains"] if "frequency" in values]
    mean = sum(found) / max(1, len(found))
    report.check(abs(mean / wanted - 1) < 0.005,
                 "log: the frequency is that of the crossings",
                 f"mean {mean:.3f} Hz of {len(found)} readings, made with {wanted:.3f} Hz")


def check_beats(scenario, evidence, report):
    """Every beat of every sensor is in the log: a reading, or in a signed gap."""
    lost = []
    for name, readings in evidence.readings.items():
        beats = round((readings[-1][0] - readings[0][0]) / scenario.every(name)) + 1
        missed = sum(gap["missed"] for gap in evidence.gaps(name) if gap["to"] > readings[0][0])
        if beats != len(readings) + missed:
            lost.append(f"{name}: {beats} beats, {len(readings)} readings, {missed} missed")
    report.check(not lost, "log: every beat of every sensor is a reading or in a signed gap",
                 "; ".join(lost) or f"{len(evidence.readings)} sensors")


def check_gaps(scenario, evidence, report):
    """What lasted left signed gaps with its cause; what passed left none, and nobody else has any."""
    befallen = set()
    for what, (began, ended, names, is_lasting) in scenario.periods.items():
        if not is_lasting:
            lost = [gap for name in names for gap in evidence.gaps(name)
                    if began <= gap["from"] <= gap["to"] <= ended]
            report.check(not lost, f"log: {what}: tried again at once, no reading is lost",
                         ", ".join(names) + "".join(f", {gap['cause']}" for gap in lost))
            continue
        if not names:
            continue
        befallen |= set(names)
        found = {name: sum(gap["missed"] for gap in evidence.gaps(name)
                           if re.search(CAUSES[what], gap["cause"])
                           and began - table.EVERY <= gap["from"] <= gap["to"] <= ended)
                 for name in names}
        report.check(all(found.values()), f"log: {what}: signed as gaps with the cause",
                     ", ".join(f"{name} {count}" for name, count in found.items()))
    others = {f"{event['subject']} ({event['details']['cause']})" for event in evidence.events
              if event["kind"] == "gap" and event["subject"] not in befallen | STILL}
    report.check(not others, "log: nobody else has a gap", ", ".join(sorted(others)))


def check_intervals(scenario, evidence, report):
    """No other sensor slips: in each period and over all, every interval is as long as it should be.

    What a busy machine costs is allowed: the slip of the period without faults, and how long the machine
    itself stood still. A quiet machine's worth is told beside it.
    """
    # Before the quiet period chips are set up, each for as long as it takes.
    first = scenario.periods[QUIET][0]
    last = max(times[-1][0] for times in evidence.readings.values())
    hurt = {name for _, _, names, _ in scenario.periods.values() for name in names}
    allowed = SLIP
    # The quiet period is the first.
    for what, (began, ended, names, _) in {**scenario.periods, "all of it": (first, last, hurt, True)}.items():
        # An interval that a period begins in is of the period before.
        slips = {name: slips_of([time for time, _ in readings if began <= time <= ended],
                                scenario.every(name))
                 for name, readings in evidence.readings.items() if name not in names}
        worst_of = {name: max(found, default=0) for name, found in slips.items()}
        name = max(worst_of, key=worst_of.get)
        all_of = sorted(slip for found in slips.values() for slip in found)
        near = sum(slip <= NEAR for slip in all_of)
        stall = longest(scenario.stalls, began - 1, ended + 1)
        report.check(worst_of[name] <= allowed + stall, f"log: {what}: no other sensor slips",
                     f"{len(slips)} sensors, {near} of {len(all_of)} intervals within {NEAR * 1000:.0f} ms, "
                     f"at most {worst_of[name] * 1000:.1f} ms off ({name})"
                     + (f" of {(allowed + stall) * 1000:.0f} ms" if worst_of[name] > SLIP else "")
                     + (f"; the machine stood still for {stall * 1000:.0f} ms" if stall else ""))
        if what == QUIET:
            allowed += worst_of[name]


def slips_of(times, every):
    """By how much each interval is too long or too short, in seconds."""
    return [abs(after - before - max(1, round((after - before) / every)) * every)
            for before, after in zip(times, times[1:])]
