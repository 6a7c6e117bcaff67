"""Voltages, currents and powers."""
from climate import words
from compare import COUNT, Case, Chip, Explained
from fake import I2C, WideRegisters, word


def _ads(random, name, step, lowest_bits):
    import adafruit_ads1x15.analog_in as analog_in
    import importlib
    module = importlib.import_module(f"adafruit_ads1x15.{name}")
    # A configuration that says the conversion is done, whatever is written.
    chip = WideRegisters({1: b"\x85\x83"}, fixed=[1])
    device = getattr(module, name.upper())(I2C(chip))
    channel = analog_in.AnalogIn(device, 0)
    for code, gain in enumerate((2 / 3, 1, 2, 4, 8, 16)):
        def maker(raw, gain=gain):
            device.gain = gain
            chip.registers[0] = raw[1]
            return {"voltage-0": channel.voltage}
        raws = [[word(0xC183 | code << 9), word(value)] for value in words(random, 400, lowest_bits)]
        # Volt over the counts of half the range.
        yield Case(raws, maker, {"voltage-0": (4.096 / gain) / step})


def ads1115(random):
    yield from _ads(random, "ads1115", 32768, 1)


def ads1015(random):
    yield from _ads(random, "ads1015", 2048, 16)


def ina219(random):
    from adafruit_ina219 import INA219
    chip = WideRegisters({0: b"\x39\x9f"})
    device = INA219(I2C(chip))
    for calibrate, shunt, gain in (
            (device.set_calibration_32V_2A, "0.1 ohm", "320 mV"),
            (device.set_calibration_16V_5A, "20 mohm", "320 mV"),
            (device.set_calibration_16V_80mA, "1 ohm", "320 mV")):
        def maker(raw, calibrate=calibrate):
            calibrate()
            chip.registers.update({2: raw[1], 1: raw[2], 4: raw[3], 3: raw[4]})
            return {
                "voltage": device.bus_voltage, "shunt-voltage": device.shunt_voltage,
                "current": device.current / 1000, "power": device.power}
        calibrate()
        ampere = 0.04096 / (4096 * float({"0.1 ohm": 0.1, "20 mohm": 0.02, "1 ohm": 1}[shunt]))
        raws = []
        for index in range(700):
            # Within the ranges, but for some; overflow now and then.
            wild = index % 14 == 0
            bus = random.getrandbits(13) if wild else random.randrange(8000)
            drop = random.choice([-32768, -32000, 32000, 32767]) if wild else random.randrange(-31999, 32000)
            raws.append([
                word(4096), word(bus << 3 | 2 | (index % 50 == 49)), word(drop), word(random.getrandbits(16)),
                word(random.getrandbits(16))])
        yield Case(
            raws, maker, {"voltage": 0.004, "shunt-voltage": 1e-5, "current": ampere, "power": 20 * ampere},
            (f"shunt={shunt}", f"shunt-range={gain}"))


def _triple(value):
    """Twenty bits above four that are zero."""
    return (value << 4 & 0xFFFFFF).to_bytes(3, "big")


def ina228(random):
    from adafruit_ina228 import INA228
    chip = WideRegisters({0x3E: word(0x5449), 0x3F: word(0x2280)})
    device = INA228(I2C(chip))
    for shunt, ohm in (("15 mohm", 0.015), ("0.1 ohm", 0.1)):
        for wide, full in ((0, 0.16384), (1, 0.04096)):
            def maker(raw, ohm=ohm, wide=wide, full=full):
                device.adc_range = wide
                device.set_calibration(ohm, full / ohm)
                chip.registers.update(dict(zip((0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0A), raw[1:])))
                return {
                    "shunt-voltage": device.shunt_voltage, "voltage": device.bus_voltage,
                    "temperature": device.die_temperature, "current": device.current, "power": device.power,
                    "energy": device.energy, "charge": device.charge}
            raws = []
            for index in range(550):
                flags = random.choice([0x0200, 0x0400, 0x0800]) if index % 50 == 49 else 0
                drop = random.choice([-0x80000, 0x7FFFF]) if index % 50 == 48 else random.getrandbits(20)
                bus = random.choice([0x7FFFF, 0x80000]) if index % 50 == 47 else random.randrange(435_000)
                raws.append([
                    word(flags | 0x0001), _triple(drop), _triple(bus), word(random.getrandbits(16)),
                    _triple(random.getrandbits(20)), random.randbytes(3), random.randbytes(5), random.randbytes(5)])
            ampere = full / ohm / 2**19
            yield Case(raws, maker, {
                "shunt-voltage": full / 2**19, "voltage": 0.0001953125, "temperature": 0.0078125,
                "current": ampere, "power": 3.2 * ampere, "energy": 51.2 * ampere, "charge": ampere,
            }, (f"shunt={shunt}", f"shunt-range={full * 1000:g} mV"))


def _ina23x(random, identity):
    from adafruit_ina23x import INA23X
    chip = WideRegisters({0x3E: word(0x5449), 0x3F: word(identity)})
    device = INA23X(I2C(chip))
    for shunt, ohm in (("15 mohm", 0.015), ("0.1 ohm", 0.1)):
        for wide, full in ((0, 0.16384), (1, 0.04096)):
            def maker(raw, ohm=ohm, wide=wide, full=full):
                device.adc_range = wide
                device.set_calibration(ohm, full / ohm)
                chip.registers.update(dict(zip((0x04, 0x05, 0x06, 0x07, 0x08), raw[1:])))
                return {
                    "shunt-voltage": device.shunt_voltage, "voltage": device.bus_voltage,
                    "temperature": device.die_temperature, "current": device.current, "power": device.power}
            raws = []
            for index in range(550):
                flags = 0x0200 if index % 50 == 49 else 0
                drop = random.choice([-0x8000, 0x7FFF]) if index % 50 == 48 else random.getrandbits(16)
                bus = random.randrange(27_200)
                if index % 50 == 47:
                    bus = random.choice([0x7FFF, 0x8000, random.randrange(0x8000, 0x10000)])
                raws.append([
                    word(flags | 0x0001), word(drop), word(bus), word(random.getrandbits(12) << 4),
                    word(random.getrandbits(16)), random.randbytes(3)])
            ampere = full / ohm / 2**15
            yield Case(raws, maker, {
                "shunt-voltage": full / 2**15, "voltage": 0.003125, "temperature": 0.125,
                "current": ampere, "power": 0.2 * ampere,
            }, (f"shunt={shunt}", f"shunt-range={full * 1000:g} mV"))


def ina260(random):
    from adafruit_ina260 import INA260
    chip = WideRegisters({0: b"\x61\x27", 0xFE: word(0x5449), 0xFF: word(0x2270)})
    device = INA260(I2C(chip))

    def maker(raw):
        chip.registers.update({1: raw[0], 2: raw[1], 3: raw[2], 6: raw[3]})
        return {"voltage": device.voltage, "current": device.current / 1000, "power": device.power / 1000}
    raws = []
    for index, current in enumerate(words(random, COUNT)):
        bus = random.getrandbits(16) if index % 50 == 0 else random.randrange(0x7000)
        raws.append([word(current), word(bus), word(random.getrandbits(16)), word(8 | 4 * (index % 50 == 49))])
    yield Case(raws, maker, {"voltage": 0.00125, "current": 0.00125, "power": 0.01})


def ina3221(random):
    from adafruit_ina3221 import INA3221
    chip = WideRegisters({0: b"\x71\x27"})
    device = INA3221(I2C(chip))
    ohms = (0.1, 0.05, 0.02)
    for number, ohm in enumerate(ohms):
        device[number].shunt_resistance = ohm

    def maker(raw):
        chip.registers.update({index + 1: part for index, part in enumerate(raw)})
        said = {}
        for number in range(3):
            said[f"voltage-{number + 1}"] = device[number].bus_voltage
            said[f"shunt-voltage-{number + 1}"] = device[number].shunt_voltage / 1000
            said[f"current-{number + 1}"] = device[number].current / 1000
        return said
    columns = [random.sample(words(random, COUNT, 8), COUNT) for _ in range(6)]
    raws = [[word(value) for value in row] for row in zip(*columns)]
    resolution = {}
    for number, ohm in enumerate(ohms):
        resolution |= {
            f"voltage-{number + 1}": 0.008, f"shunt-voltage-{number + 1}": 4e-5, f"current-{number + 1}": 4e-5 / ohm}
    yield Case(raws, maker, resolution, tuple(f"shunt-{n + 1}={ohm} ohm" for n, ohm in enumerate(ohms)))


def max17043(random):
    from adafruit_max1704x import MAX17048
    # The command that resets is not acknowledged.
    chip = WideRegisters({0x08: word(0x0012), 0x0C: word(0x971C)}, refused=[b"\xfe\x54\x00"])
    device = MAX17048(I2C(chip))

    def maker(raw):
        chip.registers.update({2: raw[1], 4: raw[2]})
        return {"voltage": device.cell_voltage, "charge-level": device.cell_percent}
    raws = [
        [word(0x971C | 0x80 * (index % 50 == 49)), word(cell), word(random.getrandbits(16))]
        for index, cell in enumerate(words(random, COUNT))]
    yield Case(raws, maker, {"voltage": 78.125e-6, "charge-level": 1 / 256})


def beyond(fault, source):
    return Explained("a register at an end of its range: the quantity may be anything beyond", source, fault=fault)


def overflow(fault, source):
    return Explained("the chip says that its arithmetic overflowed; Adafruit does not look", source, fault=fault)


def ina23x_explained():
    return [
        beyond("shunt voltage is beyond the range", "SBOSA20 section 7.6.1.5"),
        beyond("bus voltage is beyond the range", "SBOSA20 section 7.6.1.6"),
        overflow("flag is set", "SBOSA20 section 7.6.1.12: MATHOF"),
        Explained(
            "the bus voltage is two's complement, though it should not be negative",
            "SBOSA20 section 7.6.1.6, Linux drivers/hwmon/ina238.c ina238_read_in: (s16)regval",
            channel="voltage", when=lambda raw, ours, theirs: ours < 0 and abs(theirs - ours - 204.8) < 1e-6),
    ]


def one_step_short(raw, ours, theirs):
    """Whether a negative value of the INA3221 is one step less negative at the maker's."""
    return ours < 0 and any(
        abs(theirs - ours - step) < 1e-9 for step in (0.008, 4e-5, 4e-5 / 0.1, 4e-5 / 0.05, 4e-5 / 0.02))


CHIPS = [
    Chip("ads1015", "adafruit-circuitpython-ads1x15", ads1015, [
        beyond("voltage is beyond the range", "SBAS444E section 9.5.4, table 3: codes clip at the full scale"),
    ]),
    Chip("ads1115", "adafruit-circuitpython-ads1x15", ads1115, [
        beyond("voltage is beyond the range", "SBAS444E section 9.5.4, table 3: codes clip at the full scale"),
    ]),
    Chip("ina219", "adafruit-circuitpython-ina219", ina219, [
        beyond("bus voltage is beyond the range", "SBOS448G section 8.6.3.2: full scale 32 V, 0x1F40"),
        beyond("shunt voltage is beyond the range", "SBOS448G section 8.6.3.1, table 7: full scale 320 mV"),
        overflow("arithmetic overflow bit is set", "SBOS448G section 8.6.3.2: OVF"),
    ]),
    Chip("ina228", "adafruit-circuitpython-ina228", ina228, [
        beyond("shunt voltage is beyond the range", "SLYS021A section 7.6.1.5"),
        beyond("bus voltage is beyond the range", "SLYS021A section 7.6.1.6"),
        overflow("flag is set", "SLYS021A section 7.6.1.12: MATHOF"),
        overflow("energy register overflowed", "SLYS021A section 7.6.1.12: ENERGYOF"),
        overflow("charge register overflowed", "SLYS021A section 7.6.1.12: CHARGEOF"),
    ]),
    Chip(
        "ina237", "adafruit-circuitpython-ina23x", lambda random: _ina23x(random, 0x2370), ina23x_explained()),
    Chip(
        "ina238", "adafruit-circuitpython-ina23x", lambda random: _ina23x(random, 0x2381), ina23x_explained()),
    Chip("ina260", "adafruit-circuitpython-ina260", ina260, [
        beyond("bus voltage is beyond the range", "SBOS656C section 8.6.3: the highest bit is always zero"),
        beyond("current is beyond the range", "SBOS656C section 8.6.2"),
        overflow("flag is set", "SBOS656C section 8.6.5: OVF"),
    ]),
    Chip("ina3221", "adafruit-circuitpython-ina3221", ina3221, [
        beyond("bus voltage is beyond the range", "SBOS576B section 8.6.2.3: full scale 0x7FF8"),
        beyond("shunt voltage is beyond the range", "SBOS576B section 8.6.2.2: full scale 0x7FF8"),
        Explained(
            "negative values are two's complement; Adafruit inverts the bits without adding one",
            "SBOS576B section 8.6.2.2: -80 mV is 0xC180; Linux drivers/hwmon/ina3221.c ina3221_read_value",
            when=one_step_short),
    ]),
    Chip("max17043", "adafruit-circuitpython-max1704x", max17043, [
        Explained(
            "a cell of zero volt cannot feed the chip", "19-6171 table 2: VCELL after a reset",
            fault="nothing was measured yet"),
        Explained(
            "a chip that sleeps does not measure; its registers are old", "19-6171 \"Sleep mode\": CONFIG.SLEEP",
            fault="the chip sleeps"),
        beyond("voltage is beyond the range", "19-4811 table 2: 12 bits of 1.25 mV, 5.12 V"),
    ]),
]
