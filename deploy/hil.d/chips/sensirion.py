"""Sensirion SHT3x (SHT3x-DIS, version 5), SHT4x (version 6), SCD4x (version 1.3)."""
import time

from chips.base import CommandChip, Nak


class SHT3x(CommandChip):
    """temperature in degrees Celsius, humidity in percent; single shots without clock stretching."""

    # Typical times by the command's low byte: high, medium, low repeatability (section 2.2).
    single_shots = {0x00: 0.0125, 0x0B: 0.0045, 0x16: 0.0025}
    RESET_DETECTED = 0x0010

    def power_on(self):
        super().power_on()
        self.status = 0x8010  # section 4.11: alert pending and reset detected after a reset

    def command(self, command, arguments):
        if command >> 8 == 0x24 and command & 0xFF in self.single_shots:
            self.start(self.single_shots[command & 0xFF])
            return [
                round((self.values["temperature"] + 45) * 65535 / 175),
                round(self.values["humidity"] * 65535 / 100),
            ]
        if command == 0xF32D:
            return [self.status]
        if command == 0x3041:
            self.status &= ~0x8C10 & 0xFFFF
        elif command == 0x30A2:
            self.status = self.status & ~0xAC12 | self.RESET_DETECTED
        elif command not in (0x3066, 0x3093):
            raise Nak
        return None

    def expected(self):
        return {
            "temperature": (self.values["temperature"], 0.0027),
            "humidity": (self.values["humidity"], 0.0016),
        }


class SHT4x(CommandChip):
    """temperature in degrees Celsius, humidity in percent; commands of one byte."""

    # Typical times: high, medium, low repeatability (table 5).
    measurements = {0xFD: 0.0069, 0xF6: 0.0037, 0xE0: 0.0013}

    def write(self, data):
        # The rest is the same where a command has two bytes.
        super().write(data[:1] + b"\x00" if data else data)

    def command(self, command, arguments):
        command >>= 8
        if command in self.measurements:
            self.start(self.measurements[command])
            return [
                round((self.values["temperature"] + 45) * 65535 / 175),
                round((self.values["humidity"] + 6) * 65535 / 125),
            ]
        if command == 0x89:
            return [0x0F4A, 0x1E5B]
        if command != 0x94:
            raise Nak
        return None

    def expected(self):
        return {
            "temperature": (self.values["temperature"], 0.0027),
            "humidity": (self.values["humidity"], 0.002),
        }


class SCD4x(CommandChip):
    """co2 in parts per million, temperature in degrees Celsius, humidity in percent; every 5 s."""

    EVERY = 5.0

    def power_on(self):
        super().power_on()
        self.is_periodic = False
        self.due = 0.0

    def command(self, command, arguments):
        if command == 0x3F86:
            self.is_periodic = False
            self.start(0.5)
        elif command == 0x3682:
            return [0xF896, 0x31A9, 0x073B]
        elif command == 0x21B1 and not self.is_periodic:
            self.is_periodic, self.due = True, time.monotonic() + self.EVERY
        elif command == 0xE4B8:
            return [0x8006 if self.is_periodic and time.monotonic() >= self.due else 0x8000]
        elif command == 0xEC05 and self.is_periodic and time.monotonic() >= self.due:
            # Read once; the next result comes at the next whole interval (section 3.6.2).
            self.due += self.EVERY * (1 + (time.monotonic() - self.due) // self.EVERY)
            return [
                self.values["co2"], round((self.values["temperature"] + 45) * 65535 / 175),
                round(self.values["humidity"] * 65535 / 100),
            ]
        else:
            raise Nak
        return None

    def expected(self):
        return {
            "co2": (self.values["co2"], 0),
            "temperature": (self.values["temperature"], 0.0027),
            "humidity": (self.values["humidity"], 0.0016),
        }
