"""Sensirion SHT3x (SHT3x-DIS, version 5)."""
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
