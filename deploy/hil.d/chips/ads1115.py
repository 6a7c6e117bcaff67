"""Texas Instruments ADS1115 (SBAS444): voltages at analogue inputs."""
import math
import time

from chips.base import WordChip

INPUTS = ("0-1", "0-3", "1-3", "2-3", "0", "1", "2", "3")
VOLTS = (6.144, 4.096, 2.048, 1.024, 0.512, 0.256, 0.256, 0.256)
RATES = (8, 16, 32, 64, 128, 250, 475, 860)
MAINS = 50.0


class ADS1115(WordChip):
    """`voltage-0` and so on in volts, at the inputs; the option's default range of 4.096 V.

    With `peak`, in volts, a sine of the mains is on all of them, for the option `samples`.
    """

    resets = {0x00: 0, 0x01: 0x8583, 0x02: 0x8000, 0x03: 0x7FFF}
    stub_watch = (0x01,)

    @property
    def is_endless(self):
        """Whether one conversion follows the other (section 9.4.2.2)."""
        return not self.registers[0x01] & 0x0100

    def store(self, register, value):
        if register == 0x01:
            self.registers[register] = value & 0x7FFF
            # A start during a conversion is ignored (section 9.6.3).
            if (value & 0x8000 or self.is_endless) and not self.is_busy:
                self.start(1 / RATES[value >> 5 & 7])
        elif register:
            self.registers[register] = value

    def load(self, register):
        value = super().load(register)
        if register == 0x01:
            return value | (0 if self.is_busy or self.is_endless else 0x8000)
        if register == 0x00 and not self.is_busy:
            setting = self.registers[0x01]
            volts = self.values.get("voltage-" + INPUTS[setting >> 12 & 7], 0.0)
            volts += self.values.get("peak", 0.0) * math.sin(2 * math.pi * MAINS * time.monotonic())
            return max(-32768, min(32767, round(volts / VOLTS[setting >> 9 & 7] * 32768)))
        return value

    def expected(self):
        peak = self.values.get("peak", 0.0)
        # How many samples come of a period, and where in it, is up to the machine.
        step = 4.096 / 32768 + 0.1 * peak
        found = {channel: (value, step) for channel, value in self.values.items()
                 if channel.startswith("voltage-")}
        if peak:
            mean = found["voltage-0"][0]
            found |= {"rms-voltage": (peak / math.sqrt(2), step),
                      "minimum-voltage": (mean - peak, step), "maximum-voltage": (mean + peak, step)}
        return found
