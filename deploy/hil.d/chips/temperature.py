"""Thermometers: TI TMP117 (SNOSD82), TI TMP102 (SBOS397), Microchip MCP9808 (DS25095)."""
from chips.base import WordChip


class Thermometer(WordChip):
    """One conversion at a time, begun by a bit of the configuration register."""

    configuration = 0x01
    stub_watch = (0x01,)
    step = 0.0625
    #: Bits that say that a result is there, and whether a reading of them clears them.
    ready, clears = 0, False

    def power_on(self):
        super().power_on()
        self.is_converting = False

    def seconds(self, value):
        """The typical time of the conversion that a configuration begins, None where it begins none."""
        raise NotImplementedError

    def result(self):
        """The registers after a conversion, {register: value}."""
        raise NotImplementedError

    def store(self, register, value):
        super().store(register, value)
        if register == self.configuration:
            seconds = self.seconds(value)
            self.is_converting = seconds is not None
            if self.is_converting:
                self.registers[register] &= ~self.ready
                self.start(seconds)

    def load(self, register):
        if self.is_converting and not self.is_busy:
            self.is_converting = False
            self.registers.update(self.result())
            self.registers[self.configuration] |= self.ready
        value = super().load(register)
        if register == self.configuration and self.clears:
            self.registers[register] &= ~self.ready
        return value

    def steps(self):
        """The temperature in steps."""
        return round(self.values["temperature"] / self.step)

    def expected(self):
        return {"temperature": (self.values["temperature"], self.step)}


class TMP117(Thermometer):
    """temperature in degrees Celsius."""

    resets = {0x00: 0x8000, 0x01: 0x0220, 0x02: 0x6000, 0x03: 0x8000, 0x0F: 0x0117}
    step = 0.0078125
    ready, clears = 0x2000, True

    def store(self, register, value):
        if register == 0x01 and value & 0x0002:
            self.power_on()
        elif register in (0x01, 0x02, 0x03):
            super().store(register, value)

    def seconds(self, value):
        return 15.5e-3 * (1, 8, 32, 64)[value >> 5 & 3] if value >> 10 & 3 == 3 else None

    def result(self):
        # One shot ends in shutdown (section 7.4.3).
        return {0x00: self.steps(), 0x01: self.registers[0x01] & ~0x0C00 | 0x0400}


class TMP102(Thermometer):
    """temperature in degrees Celsius."""

    resets = {0x00: 0x0000, 0x01: 0x60A0, 0x02: 0x4B00, 0x03: 0x5000}
    ready = 0x8000  # the one-shot bit reads as one again when the conversion is over (section 7.4.4)

    def store(self, register, value):
        if register == 0x01:
            value = value & 0x9FD0 | 0x6020
        if register:
            super().store(register, value)

    def seconds(self, value):
        return 26e-3 if value & 0x8100 == 0x8100 else None

    def result(self):
        is_extended = self.registers[0x01] & 0x0010
        return {0x00: self.steps() << 3 | 1 if is_extended else self.steps() << 4}


class MCP9808(Thermometer):
    """temperature in degrees Celsius; wakes to convert and converts until it is shut down."""

    resets = {0x01: 0x0000, 0x02: 0, 0x03: 0, 0x04: 0, 0x05: 0, 0x06: 0x0054, 0x07: 0x0400, 0x08: 0x03}
    widths = {0x08: 1}
    stub_watch = ()

    def seconds(self, value):
        return None if value & 0x0100 else (30e-3, 65e-3, 130e-3, 250e-3)[self.registers[0x08] & 3]

    def result(self):
        steps = self.steps()
        # Limits of zero degrees, as they are after power-on: critical, upper, lower (register 5-4).
        flags = (steps >= 0) << 15 | (steps > 0) << 14 | (steps < 0) << 13
        return {0x05: flags | steps & 0x1FFF}
