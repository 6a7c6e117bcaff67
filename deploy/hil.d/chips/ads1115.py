"""Texas Instruments ADS1115 (SBAS444): a voltage at analogue inputs."""
from chips.base import WordChip

VOLTS = (6.144, 4.096, 2.048, 1.024, 0.512, 0.256, 0.256, 0.256)
RATES = (8, 16, 32, 64, 128, 250, 475, 860)


class ADS1115(WordChip):
    """voltage in volts at the input that is chosen; the option's default range of 4.096 V."""

    resets = {0x00: 0, 0x01: 0x8583, 0x02: 0x8000, 0x03: 0x7FFF}
    stub_watch = (0x01,)

    def store(self, register, value):
        if register == 0x01:
            self.registers[register] = value & 0x7FFF
            if value & 0x8000:
                self.start(1 / RATES[value >> 5 & 7])
        elif register:
            self.registers[register] = value

    def load(self, register):
        value = super().load(register)
        if register == 0x01:
            return value | (0 if self.is_busy else 0x8000)
        if register == 0x00 and not self.is_busy:
            full = VOLTS[self.registers[0x01] >> 9 & 7]
            return max(-32768, min(32767, round(self.values["voltage"] / full * 32768)))
        return value

    def expected(self):
        return {"voltage": (self.values["voltage"], 4.096 / 32768)}
