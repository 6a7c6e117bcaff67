"""Texas Instruments INA226 (SBOS547A)."""
from chips.base import WordChip, number

CONFIGURATION, SHUNT, BUS, POWER, CURRENT, CALIBRATION, FLAGS = range(7)
# Typical conversion times in seconds and numbers of samples, by code (section 7.6.1).
TIMES = (140e-6, 204e-6, 332e-6, 588e-6, 1.1e-3, 2.116e-3, 4.156e-3, 8.244e-3)
AVERAGES = (1, 4, 16, 64, 128, 256, 512, 1024)
READY = 0x0008


class INA226(WordChip):
    """voltage in volts, current in amperes; the option `shunt`."""

    resets = {
        CONFIGURATION: 0x4127, SHUNT: 0, BUS: 0, POWER: 0, CURRENT: 0, CALIBRATION: 0, FLAGS: 0,
        0x07: 0, 0xFE: 0x5449, 0xFF: 0x2260,
    }

    def power_on(self):
        super().power_on()
        self.is_converting = False

    @property
    def shunt(self):
        """The shunt's resistance in ohms."""
        return number(self.options["shunt"])

    def store(self, register, value):
        if register == CONFIGURATION:
            if value & 0x8000:
                self.power_on()
                return
            self.registers[FLAGS] &= ~READY
            if value & 3:
                self.is_converting = True
                self.start(AVERAGES[value >> 9 & 7] * (TIMES[value >> 6 & 7] + TIMES[value >> 3 & 7]))
        elif register not in (CALIBRATION, FLAGS, 0x07):
            return
        self.registers[register] = value

    def finish(self):
        """Puts the results of a conversion into the registers (section 7.5)."""
        if not self.is_converting or self.is_busy:
            return
        self.is_converting = False
        shunt = round(self.values["current"] * self.shunt / 2.5e-6)
        bus = round(self.values["voltage"] / 1.25e-3)
        current = int(shunt * self.registers[CALIBRATION] / 2048)
        self.registers.update({
            SHUNT: shunt, BUS: bus, CURRENT: current, POWER: abs(current) * bus // 20000,
            FLAGS: self.registers[FLAGS] | READY,
        })

    def load(self, register):
        self.finish()
        value = super().load(register)
        if register == FLAGS:
            self.registers[FLAGS] &= ~READY  # reading clears it (section 7.6.7)
        return value

    def stub_image(self):
        # Never begins anew on a stub, so the results stand there from the beginning; the
        # calibration register is the one that makes both counts alike.
        self.is_hurried = True
        self.store(CALIBRATION, 2048)
        self.store(CONFIGURATION, 0x4003)
        return super().stub_image()

    def expected(self):
        voltage, current = self.values["voltage"], self.values["current"]
        step = 2.5e-6 / self.shunt
        return {
            "voltage": (voltage, 1.25e-3),
            "shunt-voltage": (current * self.shunt, 2.5e-6),
            "current": (current, step),
            # A step of the power, which is cut off, and those of its factors.
            "power": (abs(voltage * current), 25 * step + voltage * step + abs(current) * 1.25e-3),
        }
