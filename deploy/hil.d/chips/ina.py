"""Texas Instruments INA219 (SBOS448), INA226 (SBOS547), INA260 (SBOS656) and INA3221 (SBOS576)."""
from chips.base import WordChip, number

CONFIGURATION, SHUNT, BUS, POWER, CURRENT, CALIBRATION, FLAGS = range(7)
# Typical conversion times in seconds and numbers of samples, by code (SBOS547A, section 7.6.1).
TIMES = (140e-6, 204e-6, 332e-6, 588e-6, 1.1e-3, 2.116e-3, 4.156e-3, 8.244e-3)
AVERAGES = (1, 4, 16, 64, 128, 256, 512, 1024)
MAKER, DIE, TEXAS_INSTRUMENTS = 0xFE, 0xFF, 0x5449


class PowerChip(WordChip):
    """What the family has in common: a trigger, a conversion, results and a ready flag."""

    #: The register of the ready flag, the flag, and the register of which a reading clears it.
    ready = (FLAGS, 0x0008, FLAGS)
    writable = (CALIBRATION, FLAGS, 0x07)
    #: What i2c-stub is to hold before its conversion: {register: value}.
    stub_setup = {CONFIGURATION: 0x4003}

    def power_on(self):
        super().power_on()
        self.is_converting = False

    def seconds(self, configuration):
        """The typical time of a conversion."""
        samples = AVERAGES[configuration >> 9 & 7]
        return samples * (TIMES[configuration >> 6 & 7] + TIMES[configuration >> 3 & 7])

    def results(self):
        """The registers after a conversion, {register: value}."""
        raise NotImplementedError

    def store(self, register, value):
        flag_register, flag, _ = self.ready
        if register == CONFIGURATION:
            if value & 0x8000:
                self.power_on()
                return
            self.registers[flag_register] &= ~flag
            if value & 3:
                self.is_converting = True
                self.start(self.seconds(value))
        elif register not in self.writable:
            return
        self.registers[register] = value

    def load(self, register):
        flag_register, flag, clearing = self.ready
        if self.is_converting and not self.is_busy:
            self.is_converting = False
            self.registers.update(self.results())
            self.registers[flag_register] |= flag
        value = super().load(register)
        if register == clearing:
            self.registers[flag_register] &= ~flag
        return value

    def stub_image(self):
        # A stub never begins anew, so the results stand there from the beginning.
        self.is_hurried = True
        for register, value in sorted(self.stub_setup.items(), reverse=True):
            self.store(register, value)
        return super().stub_image()


class INA226(PowerChip):
    """voltage in volts, current in amperes; the option `shunt`."""

    resets = {
        CONFIGURATION: 0x4127, SHUNT: 0, BUS: 0, POWER: 0, CURRENT: 0, CALIBRATION: 0, FLAGS: 0,
        0x07: 0, MAKER: TEXAS_INSTRUMENTS, DIE: 0x2260,
    }
    # The calibration of which both counts are alike.
    stub_setup = {CONFIGURATION: 0x4003, CALIBRATION: 2048}
    steps = 1.25e-3, 2.5e-6  # of the bus and of the shunt, in volts
    scale, power_divisor, power_steps = 2048, 20000, 25

    @property
    def shunt(self):
        """The shunt's resistance in ohms."""
        return number(self.options["shunt"])

    def counts(self):
        """The counts of the bus and of the shunt."""
        return (round(self.values["voltage"] / self.steps[0]),
                round(self.values["current"] * self.shunt / self.steps[1]))

    def results(self):
        bus, shunt = self.counts()
        current = int(shunt * self.registers[CALIBRATION] / self.scale)
        return {SHUNT: shunt, BUS: bus, CURRENT: current,
                POWER: abs(current) * bus // self.power_divisor}

    def expected(self):
        voltage, current = self.values["voltage"], self.values["current"]
        step = self.steps[1] / self.shunt
        return {
            "voltage": (voltage, self.steps[0]),
            "shunt-voltage": (current * self.shunt, self.steps[1]),
            "current": (current, step),
            # A step of the power, which is cut off, and those of its factors.
            "power": (abs(voltage * current),
                      self.power_steps * step + voltage * step + abs(current) * self.steps[0]),
        }


class INA219(INA226):
    """The same, older: the ready flag is in the bus register, whose counts stand three bits higher."""

    resets = {CONFIGURATION: 0x399F, SHUNT: 0, BUS: 0, POWER: 0, CURRENT: 0, CALIBRATION: 0}
    ready = (BUS, 0x0002, POWER)
    writable = (CALIBRATION,)
    steps = 4e-3, 10e-6
    scale, power_divisor, power_steps = 4096, 5000, 20

    def seconds(self, configuration):
        # Two conversions of 532 us a sample; codes from 8 on average (table 5).
        return sum(532e-6 * (1 << (code & 7)) for code in (
            configuration >> 7 & 15, configuration >> 3 & 15))

    def store(self, register, value):
        # The lowest bit of the calibration is always zero (section 8.6.3.3).
        super().store(register, value & ~1 if register == CALIBRATION else value)

    def results(self):
        found = super().results()
        return {**found, BUS: found[BUS] << 3}


class INA260(PowerChip):
    """voltage in volts, current in amperes; the shunt is inside."""

    resets = {
        CONFIGURATION: 0x6127, 0x01: 0, 0x02: 0, 0x03: 0, FLAGS: 0, 0x07: 0,
        MAKER: TEXAS_INSTRUMENTS, DIE: 0x2270,
    }
    writable = (FLAGS, 0x07)

    def results(self):
        current, bus = round(self.values["current"] / 1.25e-3), round(self.values["voltage"] / 1.25e-3)
        return {0x01: current, 0x02: bus, 0x03: round(abs(current * bus) * 1.25e-3 ** 2 / 10e-3)}

    def expected(self):
        voltage, current = self.values["voltage"], self.values["current"]
        return {"voltage": (voltage, 1.25e-3), "current": (current, 1.25e-3),
                "power": (abs(voltage * current), 10e-3 + (voltage + abs(current)) * 1.25e-3)}


class INA3221(PowerChip):
    """voltage-1 to -3 in volts, current-1 to -3 in amperes; the options `shunt-1` to `shunt-3`."""

    resets = {CONFIGURATION: 0x7127, **{register: 0 for register in range(1, 7)}, 0x0F: 0x0002,
              MAKER: TEXAS_INSTRUMENTS, DIE: 0x3220}
    ready = (0x0F, 0x0001, 0x0F)
    writable = (0x0F,)

    def seconds(self, configuration):
        return 3 * super().seconds(configuration)

    def shunt(self, channel):
        return number(self.options.get(f"shunt-{channel}", self.options["shunt-1"]))

    def results(self):
        found = {}
        for channel in (1, 2, 3):
            drop = self.values[f"current-{channel}"] * self.shunt(channel)
            found[2 * channel - 1] = round(drop / 40e-6) << 3
            found[2 * channel] = round(self.values[f"voltage-{channel}"] / 8e-3) << 3
        return found

    def expected(self):
        wanted = {}
        for channel in (1, 2, 3):
            voltage, current = self.values[f"voltage-{channel}"], self.values[f"current-{channel}"]
            step = 40e-6 / self.shunt(channel)
            wanted.update({
                f"voltage-{channel}": (voltage, 8e-3),
                f"shunt-voltage-{channel}": (current * self.shunt(channel), 40e-6),
                f"current-{channel}": (current, step),
                f"power-{channel}": (voltage * current, voltage * step + abs(current) * 8e-3),
            })
        return wanted
