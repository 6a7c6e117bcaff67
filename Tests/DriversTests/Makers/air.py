"""Light, gases and particles."""
import struct

from climate import spoilt, words
from compare import COUNT, Case, Chip, Explained
from fake import I2C, Commands, WideRegisters, checked, little, word


def bh1750(random):
    from adafruit_bh1750 import BH1750, Resolution
    chip = Commands({})
    device = BH1750(I2C(chip))

    def maker(raw):
        chip.answers[b""] = raw[0]
        return {"illuminance": device.lux}
    for mode, resolution, step in (
            ("low", Resolution.LOW, 1 / 1.2), ("high", Resolution.MID, 1 / 1.2),
            ("high-2", Resolution.HIGH, 0.5 / 1.2)):
        def chosen(raw, resolution=resolution):
            device.resolution = resolution
            return maker(raw)
        raws = [[word(value)] for value in words(random, 700)]
        yield Case(raws, chosen, {"illuminance": step}, (f"mode={mode}",))


def veml7700(random):
    from adafruit_veml7700 import VEML7700
    chip = WideRegisters()
    device = VEML7700(I2C(chip))
    gains = {"1/8": device.ALS_GAIN_1_8, "1/4": device.ALS_GAIN_1_4, "1": device.ALS_GAIN_1, "2": device.ALS_GAIN_2}
    times = {25: device.ALS_25MS, 100: device.ALS_100MS, 800: device.ALS_800MS}
    for gain, gain_code in gains.items():
        for time, time_code in times.items():
            def maker(raw, gain_code=gain_code, time_code=time_code):
                device.light_gain = gain_code
                device.light_integration_time = time_code
                chip.registers[4] = raw[0]
                # Adafruit corrects by the polynomial in bright light, too.
                lux = device.lux
                return {"illuminance": device.compute_lux(device.light, True) if lux > 1000 else lux}
            raws = [[little(value)] for value in words(random, 200)]
            step = 0.0042 * (800 / time) * (2 / device.gain_values[gain_code])
            yield Case(raws, maker, {"illuminance": step}, (f"gain={gain}", f"integration-time={time} ms"))


def scd4x(random):
    from adafruit_scd4x import SCD4X
    chip = Commands({b"\xe4\xb8": checked(0x8006)})
    device = SCD4X(I2C(chip))

    def maker(raw):
        chip.answers[b"\xec\x05"] = raw[0]
        return {"co2": device.CO2, "temperature": device.temperature, "humidity": device.relative_humidity}
    raws = [[checked(*three)] for three in zip(*(random.sample(words(random, COUNT), COUNT) for _ in range(3)))]
    raws += [spoilt(random, raw, 0, random.choice([2, 5, 8])) for raw in random.sample(raws, 50)]
    yield Case(raws, maker, {"co2": 1, "temperature": 175 / 65535, "humidity": 100 / 65535})


def floats(*values):
    """Numbers of 32 bits in checked words."""
    return checked(*struct.unpack(f">{2 * len(values)}H", struct.pack(f">{len(values)}f", *values)))


def scd30(random):
    from adafruit_scd30 import SCD30
    chip = Commands({b"\x02\x02": checked(1)})
    device = SCD30(I2C(chip))

    def maker(raw):
        chip.answers[b"\x03\x00"] = raw[0]
        return {"co2": device.CO2, "temperature": device.temperature, "humidity": device.relative_humidity}
    raws = [
        [floats(random.uniform(0, 40000), random.uniform(-40, 120), random.uniform(0, 100))] for _ in range(COUNT)
    ] + [[floats(0, 20, 50)], [floats(50000, 20, 50)], [floats(400, 200, 50)], [floats(400, 20, 101)]]
    raws += [spoilt(random, raw, 0, random.choice([2, 5, 8, 11, 14, 17])) for raw in random.sample(raws, 50)]
    # Of the last place that a number of 32 bits has at the end of the range.
    yield Case(raws, maker, {"co2": 2**-9, "temperature": 2**-18, "humidity": 2**-18})


def sgp40(random):
    from adafruit_sgp40 import SGP40
    chip = Commands({b"\x36\x82": checked(0, 1, 2), b"\x20\x2f": checked(0x3220), b"\x28\x0e": checked(0xD400)})
    device = SGP40(I2C(chip))

    def maker(raw):
        chip.answers[b"\x26\x0f"] = raw[0]
        return {"voc-ticks": device.raw}
    raws = [[checked(value)] for value in words(random, COUNT)]
    raws += [spoilt(random, raw, 0, 2) for raw in random.sample(raws, 50)]
    yield Case(raws, maker, {"voc-ticks": 1})


def sgp41(random):
    from adafruit_sgp41.sgp41 import SGP41
    chip = Commands({b"\x36\x82": checked(0, 1, 2)})
    device = SGP41(I2C(chip))

    def maker(raw):
        chip.answers[b"\x26\x19"] = raw[0]
        return dict(zip(("voc-ticks", "nox-ticks"), device.measure_raw()))
    raws = [[checked(a, b)] for a, b in zip(words(random, COUNT), reversed(words(random, COUNT)))]
    raws += [spoilt(random, raw, 0, random.choice([2, 5])) for raw in random.sample(raws, 50)]
    yield Case(raws, maker, {"voc-ticks": 1, "nox-ticks": 1})


def pmsa003i(random):
    from adafruit_pm25.i2c import PM25_I2C
    chip = Commands({})
    device = PM25_I2C(I2C(chip))

    def maker(raw):
        chip.answers[b""] = raw[0]
        said = device.read()
        return {"pm1": said["pm10 env"], "pm2-5": said["pm25 env"], "pm10": said["pm100 env"]}

    def frame(error=0):
        data = b"BM" + word(28) + random.randbytes(24) + bytes([0x97, error])
        return data + word(sum(data))
    raws = [[frame()] for _ in range(COUNT)] + [[frame(random.randrange(1, 256))] for _ in range(20)]
    raws += [spoilt(random, raw, 0, random.choice([0, 1, 3, 10, 31])) for raw in random.sample(raws, 50)]
    yield Case(raws, maker, {"pm1": 1, "pm2-5": 1, "pm10": 1})


def _connection(chip):
    from sensirion_i2c_driver import I2cConnection
    return I2cConnection(chip)


def sps30(random):
    from sensirion_driver_adapters.i2c_adapter.i2c_channel import I2cChannel
    from sensirion_i2c_driver import CrcCalculator
    from sensirion_i2c_sps30.device import Sps30Device
    chip = Commands({})
    device = Sps30Device(I2cChannel(_connection(chip), slave_address=0x69, crc=CrcCalculator(8, 0x31, 0xFF, 0)))

    def maker(raw):
        chip.answers[b"\x03\x00"] = raw[0]
        values = device.read_measurement_values_float()
        return {
            "pm1": values[0], "pm2-5": values[1], "pm4": values[2], "pm10": values[3],
            "typical-particle-size": values[9] * 1e-6}
    healthy = checked(0, 0)

    def values():
        return [random.uniform(0, 1000) for _ in range(9)] + [random.uniform(0, 10)]
    raws = [[floats(*values()), healthy] for _ in range(COUNT)]
    raws += [[floats(*values()), checked(0, flags)] for flags in (0x10, 0x20)]
    raws += [[floats(*[value] * 10), healthy] for value in (0, 70000, -1)]
    raws += [spoilt(random, raw, 0, 3 * random.randrange(20) + 2) for raw in random.sample(raws, 50)]
    # Data sheet section 1.1: 1 ug/m3. A tenth of it here, and the last digit that UART and I2C tell as
    # whole numbers of the size: 1 nm.
    mass = dict.fromkeys(("pm1", "pm2-5", "pm4", "pm10"), 0.1)
    yield Case(raws, maker, {**mass, "typical-particle-size": 1e-9})


def sen5x(random):
    from sensirion_i2c_sen5x import Sen5xI2cDevice
    chip = Commands({})
    device = Sen5xI2cDevice(_connection(chip))

    def maker(raw):
        chip.answers[b"\x03\xc4"] = raw[0]
        said = device.read_measured_values()
        return {
            "pm1": said.mass_concentration_1p0.physical, "pm2-5": said.mass_concentration_2p5.physical,
            "pm4": said.mass_concentration_4p0.physical, "pm10": said.mass_concentration_10p0.physical,
            "humidity": said.ambient_humidity.percent_rh,
            "temperature": said.ambient_temperature.degrees_celsius,
            "voc-index": said.voc_index.scaled, "nox-index": said.nox_index.scaled}

    def values():
        return [random.getrandbits(16) for _ in range(4)] + [
            random.randrange(0, 10001), random.randrange(-9000, 26001), random.randrange(10, 5001),
            random.randrange(10, 5001)]
    healthy = checked(0, 0)
    raws = [[checked(*values()), healthy] for _ in range(COUNT)]
    raws += [[checked(*[0xFFFF] * 4, *[0x7FFF] * 4), healthy]]
    raws += [[checked(*(random.getrandbits(16) for _ in range(8))), healthy] for _ in range(50)]
    raws += [[checked(*values()), checked(0, flags)] for flags in (0x10, 0x20, 0x40, 0x80)]
    raws += [spoilt(random, raw, 0, 3 * random.randrange(8) + 2) for raw in random.sample(raws, 50)]
    mass = dict.fromkeys(("pm1", "pm2-5", "pm4", "pm10"), 0.1)
    yield Case(raws, maker, {**mass, "humidity": 0.01, "temperature": 0.005, "voc-index": 0.1, "nox-index": 0.1})


CHIPS = [
    Chip("bh1750", "adafruit-circuitpython-bh1750", bh1750, [
        Explained(
            "the largest count means that much light or more", "BH1750FVI 11046EDT01: 16 bits, 65535 at most",
            fault="illuminance is beyond the range"),
    ]),
    Chip("veml7700", "adafruit-circuitpython-veml7700", veml7700, [
        Explained(
            "more light than the chip is made for, or the largest count: that much or more",
            "84286 \"Features\": up to about 140 klx; 16 bits", fault="illuminance is beyond the range"),
    ]),
    Chip("scd4x", "adafruit-circuitpython-scd4x", scd4x, [
        Explained(
            "no carbon dioxide at all is a measurement without it",
            "SCD4x 1.3 \"measure_single_shot_rht_only\": carbon dioxide reads as 0 ppm", fault="it was not measured"),
    ]),
    Chip("scd30", "adafruit-circuitpython-scd30", scd30, [
        Explained(
            "no carbon dioxide at all is what the module says before the first measurement",
            "SCD30 data sheet \"CO2 sensor specifications\": 0 to 40000 ppm, of which air has 400",
            fault="it was not measured yet"),
        Explained(
            "a number outside the ranges is damaged",
            "SCD30 data sheet, specifications: 0 to 40000 ppm, 0 to 100 %RH, -40 to 70 degrees",
            fault="outside the module's range"),
    ]),
    Chip("sgp40", "adafruit-circuitpython-sgp40", sgp40, [
        Explained(
            "an end of the converter is no signal", "SGP40 1.0 section 3.1: 16 bits of ticks",
            fault="end of the range"),
    ]),
    Chip("sgp41", "adafruit-circuitpython-sgp41", sgp41, [
        Explained(
            "an end of the converter is no signal", "SGP41 1.0 section 4: 16 bits of ticks",
            fault="end of the range"),
    ]),
    Chip("pmsa003i", "adafruit-circuitpython-pm25", pmsa003i, [
        Explained(
            "a frame with an error code; Adafruit does not look at it",
            "PMSA003I 2.6 appendix I: data 13, version and error code", fault="error code is"),
    ]),
    Chip("sps30", "sensirion-i2c-sps30", sps30, [
        Explained(
            "a sensor whose laser or fan has failed; Sensirion's driver leaves the status to the caller",
            "SPS30 1.0 \"Device Status Register\"", fault="has failed"),
        Explained(
            "a number outside the range is damaged",
            "SPS30 1.0 section 1.1: 0 to 1000 ug/m3, sizes up to 10 um",
            fault="outside the sensor's range"),
    ]),
    Chip("sen5x", "sensirion-i2c-sen5x", sen5x, [
        Explained(
            "a sensor of which a part has failed; Sensirion's driver leaves the status to the caller",
            "SEN5x 2 \"Device Status\"", fault="failed"),
        Explained(
            "a number outside the range is damaged",
            "SEN5x 2 section 1: 0 to 100 %RH, indexes from 1 to 500", fault="outside the sensor's range"),
    ]),
]
