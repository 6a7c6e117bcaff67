"""Chips with a factory's calibration: that of a real one, and others up to a tenth away from it."""
import struct

from compare import COUNT, Case, Chip, Explained
from fake import I2C, ByteRegisters, word

CALIBRATIONS = 20
SKIPPED = 0x80000

#: What the maker's driver would have said last without a known mistake, by channel.
mended = {}


def varied(random, layout, data):
    """Fields of a structure, each up to a tenth away from what it is."""
    fields = []
    for field in struct.unpack(layout, data):
        reach = abs(field) // 10
        fields.append(field + random.randint(-reach, reach))
    limits = {"b": (-128, 127), "B": (0, 255), "h": (-32768, 32767), "H": (0, 65535)}
    kinds = [kind for kind in layout[1:] if kind != "x"]
    return struct.pack(
        layout, *(min(max(field, limits[kind][0]), limits[kind][1]) for field, kind in zip(fields, kinds)))


def twenty(value):
    """A count of 20 bits as it stands in three registers."""
    return (value << 4).to_bytes(3, "big")


def air(random, cold, warm, low, high):
    """Counts of temperature and pressure; now and then none."""
    if random.randrange(200) == 0:
        return random.choice([(SKIPPED, 400_000), (500_000, SKIPPED)])
    return random.randrange(cold, warm), random.randrange(low, high)


def bmp280(random):
    from adafruit_bmp280 import Adafruit_BMP280_I2C
    for _ in range(CALIBRATIONS):
        calibration = varied(
            random, "<HhhHhhhhhhhh", bytes.fromhex("706b436718fc7d8e43d6d00b270b8c00f9ff8c3cf8c67017"))
        chip = ByteRegisters()
        chip.put(0xD0, b"\x58")
        chip.put(0x88, calibration)
        device = Adafruit_BMP280_I2C(I2C(chip))

        def maker(raw, chip=chip, device=device):
            chip.put(0xF7, raw[0])
            return {"temperature": device.temperature, "pressure": device.pressure * 100}
        raws = []
        for _ in range(COUNT // CALIBRATIONS + 5):
            warmth, load = air(random, 330_000, 720_000, 200_000, 600_000)
            raws.append([twenty(load) + twenty(warmth)])
        yield Case(raws, maker, {"temperature": 0.01, "pressure": 0.16}, calibration=calibration)


def bme280(random):
    from adafruit_bme280.basic import Adafruit_BME280_I2C
    base = bytes.fromhex("106e6c6632005d95b8d5d00b771e9dfff9ffac260ad8bd10004b6e01001305001e")
    for _ in range(CALIBRATIONS):
        calibration = varied(random, "<HhhHhhhhhhhhxB", base[:26]) + varied(random, "<hBbBbb", base[26:])
        chip = ByteRegisters()
        chip.put(0xD0, b"\x60")
        chip.put(0x88, calibration[:26])
        chip.put(0xE1, calibration[26:])
        device = Adafruit_BME280_I2C(I2C(chip))

        def maker(raw, chip=chip, device=device):
            chip.put(0xF7, raw[0])
            return {
                "temperature": device.temperature, "pressure": device.pressure * 100, "humidity": device.humidity}
        raws = []
        for _ in range(COUNT // CALIBRATIONS + 5):
            warmth, load = air(random, 330_000, 720_000, 200_000, 600_000)
            damp = random.randrange(12_000, 48_000) if random.randrange(200) else 0x8000
            raws.append([twenty(load) + twenty(warmth) + word(damp)])
        yield Case(
            raws, maker, {"temperature": 0.01, "pressure": 0.18, "humidity": 0.008}, calibration=calibration)


def _bme68x(random, variant):
    """Calibrations, chips that have them, and raw strings."""
    base = bytes.fromhex(
        "97670300c088d4d75800dc2536ff181e0000fcfd73f21e3efa31002d14789c5b66afe8e2123200100000")
    for _ in range(CALIBRATIONS):
        calibration = varied(random, "<hbxHhbxhhbbxxhhB", base[:23]) + varied(
            random, "<BBBbbbBbHhbb", base[23:37]) + bytes([base[37], 0, 0x10, 0, random.randrange(16) << 4])
        if variant:
            calibration = calibration[:-1] + b"\x00"
        chip = ByteRegisters()
        chip.put(0xD0, bytes([0x61]))
        chip.put(0xF0, bytes([variant]))
        chip.put(0x8A, calibration[:23])
        chip.put(0xE1, calibration[23:37])
        chip.put(0x00, calibration[37:])
        chip.put(0x1D, b"\x80")
        raws = []
        for _ in range(COUNT // CALIBRATIONS + 5):
            warmth, load = air(random, 330_000, 720_000, 200_000, 600_000)
            damp = random.randrange(12_000, 40_000) if random.randrange(200) else 0x8000
            # The count of gas, whether it is valid and the layer hot, and its range.
            flags = 0x30 if random.randrange(50) else random.choice([0, 0x10, 0x20])
            gas = word(random.getrandbits(10) << 6 | flags | random.getrandbits(4))
            raws.append([
                b"\x80\x00" + twenty(load) + twenty(warmth) + word(damp) + bytes(5 if variant else 3) + gas])
        yield calibration, chip, raws


def signed_nibble(value):
    return value - 16 if value >= 8 else value


#: Of gas the data sheet says 0.05 %; Adafruit drops fractions of an ohm.
RESOLUTION = {
    "temperature": 0.01, "pressure": 0.18, "humidity": 0.008,
    "gas-resistance": lambda ohm: max(2.0, 0.0005 * abs(ohm))}


def _adafruit68x(random, variant):
    from adafruit_bme680 import Adafruit_BME680_I2C
    for calibration, chip, raws in _bme68x(random, variant):
        device = Adafruit_BME680_I2C(I2C(chip))
        right = Adafruit_BME680_I2C(I2C(chip))
        right._humidity_calibration[0:2] = [
            calibration[25] * 16 + calibration[24] % 16, calibration[23] * 16 + calibration[24] // 16]
        right._sw_err = signed_nibble(right._sw_err)

        def maker(raw, chip=chip, device=device, right=right):
            chip.put(0x1D, raw[0])
            mended.update({"humidity": right.humidity, "gas-resistance": right.gas})
            return {
                "temperature": device.temperature, "pressure": device.pressure * 100,
                "humidity": device.humidity, "gas-resistance": device.gas}
        yield Case(raws, maker, RESOLUTION, calibration=calibration)


def _pimoroni68x(random, variant):
    from bme680 import BME680
    for calibration, chip, raws in _bme68x(random, variant):
        device = BME680(i2c_device=chip)
        right = BME680(i2c_device=chip)
        right.calibration_data.range_sw_err = signed_nibble(right.calibration_data.range_sw_err)

        def maker(raw, chip=chip, device=device, right=right):
            chip.put(0x1D, raw[0])
            device.get_sensor_data()
            right.get_sensor_data()
            mended["gas-resistance"] = right.data.gas_resistance
            return {
                "temperature": device.data.temperature, "pressure": device.data.pressure * 100,
                "humidity": device.data.humidity, "gas-resistance": device.data.gas_resistance}
        yield Case(raws, maker, RESOLUTION, calibration=calibration)


def dps310(random):
    from adafruit_dps310.basic import DPS310
    base = int.from_bytes(bytes.fromhex("0ccefb13e6df2c41f4f604e9d9940073fa69"), "big")
    widths = [12, 12, 20, 20, 16, 16, 16, 16, 16]
    for _ in range(CALIBRATIONS):
        bits, rest = 0, 144
        for width in widths:
            rest -= width
            field = base >> rest & (1 << width) - 1
            field -= (field >> width - 1) << width
            reach = abs(field) // 10
            bits = bits << width | (field + random.randint(-reach, reach)) & (1 << width) - 1
        calibration = bits.to_bytes(18, "big")
        chip = ByteRegisters()
        chip.put(0x0D, b"\x10")
        chip.put(0x08, b"\xf0")
        chip.fixed.add(0x08)
        chip.put(0x10, calibration)
        device = DPS310(I2C(chip))

        def maker(raw, chip=chip, device=device):
            chip.put(0x00, raw[0])
            count = int.from_bytes(raw[0][3:], "big", signed=True)
            mended["temperature"] = count / device._temp_scale * device._c1 + device._c0 / 2
            return {"temperature": device.temperature, "pressure": device.pressure * 100}
        # Scaled readings from -0.9 to 0.2 of the pressure, -0.1 to 0.6 of the temperature.
        scale = 1_040_384
        raws = []
        for index in range(COUNT // CALIBRATIONS + 5):
            load = random.randrange(int(-0.9 * scale), int(0.2 * scale)) if index else -0x80_0000
            warmth = random.randrange(int(-0.1 * scale), int(0.6 * scale)) if index != 1 else -0x80_0000
            raws.append([(load & 0xFFFFFF).to_bytes(3, "big") + (warmth & 0xFFFFFF).to_bytes(3, "big")])
        yield Case(
            raws, maker, {"temperature": 0.01, "pressure": 0.06},
            ("temperature-oversampling=64", "pressure-oversampling=64"), calibration)


def as_mended(channel, unit):
    """Whether ours is the maker's value without its mistake, within half a unit."""
    def when(raw, ours, theirs):
        wanted = unit(ours) if callable(unit) else unit
        return abs(ours - mended[channel]) <= wanted / 2
    return when


def skipped():
    return Explained(
        "the code of a quantity that was not measured",
        "BST-BME280-DS002 sections 5.4.3, 5.4.5 and 5.4.7: skipped, output set to 0x80000 and 0x8000",
        fault="was not measured")


def gas():
    return [
        Explained(
            "a gas measurement that did not happen", "BST-BME680-DS001 section 5.3.5.5: gas_valid_r",
            channel="gas-resistance", fault="gas measurement is not valid"),
        Explained(
            "a gas measurement with a layer that was not hot enough",
            "BST-BME680-DS001 section 5.3.5.5: heat_stab_r",
            channel="gas-resistance", fault="heater did not reach its target"),
    ]


def switching_error():
    return Explained(
        "range_sw_err has a sign, which the maker's driver drops",
        "BME68x-Sensor-API bme68x.c get_calib_data: (int8_t)(coeff_array[...] & 0xF0) / 16",
        channel="gas-resistance", when=as_mended("gas-resistance", RESOLUTION["gas-resistance"]))


def adafruit68x_explained():
    return [
        skipped(), *gas(),
        Explained(
            "Adafruit takes the lower halves of par_h1 and par_h2 for each other's",
            "BST-BME680-DS001 table 12: par_h1 0xE2<3:0>, 0xE3; par_h2 0xE2<7:4>, 0xE1; bme68x.c likewise",
            channel="humidity", when=as_mended("humidity", RESOLUTION["humidity"])),
        Explained(
            "Adafruit divides where the integer formula rounds, and keeps the half that is added for that",
            "BME68x-Sensor-API bme68x.c calc_temperature: ((t_fine * 5) + 128) / 256, of 0.01 degrees",
            channel="temperature", when=lambda raw, ours, theirs: 0.0048 < theirs - ours < 0.0053),
    ]


def pimoroni68x_explained():
    source = "BME68x-Sensor-API bme68x.c: without BME68X_USE_FPU, in int32_t with shifts; with it as ours"
    return [
        skipped(), *gas(),
        Explained(
            "Pimoroni has the integer formula, whose divisors of 15 bits lose 1 part in 10000", source,
            channel="pressure", when=lambda raw, ours, theirs: abs(ours - theirs) < 1e-4 * ours),
        Explained(
            "Pimoroni has the integer formula, which drops fractions at every step", source,
            channel="humidity", when=lambda raw, ours, theirs: abs(ours - theirs) < 0.08),
        Explained(
            "Pimoroni has the integer formula, in steps of 0.01 degrees", source,
            channel="temperature", when=lambda raw, ours, theirs: abs(ours - theirs) < 0.01),
    ]


CHIPS = [
    Chip("bmp280", "adafruit-circuitpython-bmp280", bmp280, [skipped()]),
    Chip("bme280", "adafruit-circuitpython-bme280", bme280, [skipped()]),
    Chip(
        "bme680", "adafruit-circuitpython-bme680", lambda random: _adafruit68x(random, 0),
        [*adafruit68x_explained(), switching_error()]),
    Chip(
        "bme680", "bme680 (Pimoroni)", lambda random: _pimoroni68x(random, 0),
        [*pimoroni68x_explained(), switching_error()]),
    Chip("bme688", "adafruit-circuitpython-bme680", lambda random: _adafruit68x(random, 1), adafruit68x_explained()),
    Chip("bme688", "bme680 (Pimoroni)", lambda random: _pimoroni68x(random, 1), pimoroni68x_explained()),
    Chip("dps310", "adafruit-circuitpython-dps310", dps310, [
        Explained(
            "the registers hold 0x800000 until there is a first measurement",
            "DPS310 1.2 section 8.1: reset value", fault="since the reset"),
        Explained(
            "the temperature is two's complement; Adafruit takes it for unsigned, but not in the pressure",
            "DPS310 1.2 section 8.2: 24 bits, two's complement", channel="temperature",
            when=as_mended("temperature", 0.01)),
    ]),
]
