"""Light: ROHM BH1750FVI (11046EDT01), Vishay VEML7700 (84286)."""
from chips.base import Chip, Nak, WordChip


class BH1750(Chip):
    """illuminance in lux; the options' defaults, one measurement in high resolution."""

    def power_on(self):
        self.ready_at = 0.0
        self.time, self.mode, self.count = 69, 0x20, 0

    def write(self, data):
        if not data:
            return
        command = data[0]
        if command & 0xF8 == 0x40:
            self.time = self.time & 0x1F | (command & 7) << 5
        elif command & 0xE0 == 0x60:
            self.time = self.time & 0xE0 | command & 0x1F
        elif command in (0x20, 0x21, 0x23):
            self.mode = command
            self.start((0.016 if command == 0x23 else 0.120) * self.time / 69)
        elif command not in (0x00, 0x01, 0x07):
            raise Nak

    @property
    def lux_per_count(self):
        return 69 / self.time / 1.2 / (2 if self.mode == 0x21 else 1)

    def read(self, count):
        if not self.is_busy:
            self.count = round(self.values["illuminance"] / self.lux_per_count)
        return (self.count.to_bytes(2, "big") * count)[:count]

    def expected(self):
        return {"illuminance": (self.values["illuminance"], 1 / 1.2)}


class VEML7700(WordChip):
    """illuminance in lux, below 1000, where the chip is straight; the options' defaults."""

    order = "little"
    resets = {0x00: 0x0001, 0x01: 0, 0x02: 0, 0x03: 0, 0x04: 0, 0x05: 0, 0x06: 0, 0x07: 0xC481}
    GAINS = {0: 1, 1: 2, 2: 1 / 8, 3: 1 / 4}
    MILLISECONDS = {0xC: 25, 0x8: 50, 0x0: 100, 0x1: 200, 0x2: 400, 0x3: 800}

    def store(self, register, value):
        super().store(register, value)
        if register == 0 and not value & 1:
            self.start(2.5e-3 + self.MILLISECONDS[value >> 6 & 15] / 1000)

    @staticmethod
    def lux_per_count(gain, milliseconds):
        """0.0042 lx with the highest gain and the longest time (application note 84323, page 5)."""
        return 0.0042 * 2 / gain * 800 / milliseconds

    def load(self, register):
        configuration = self.registers[0]
        if register == 4 and not configuration & 1 and not self.is_busy:
            step = self.lux_per_count(
                self.GAINS[configuration >> 11 & 3], self.MILLISECONDS[configuration >> 6 & 15])
            self.registers[4] = round(self.values["illuminance"] / step)
        return super().load(register)

    def expected(self):
        return {"illuminance": (self.values["illuminance"], self.lux_per_count(1 / 8, 100))}
