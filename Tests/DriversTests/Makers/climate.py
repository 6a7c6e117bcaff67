"""Temperature and humidity: words of 14 to 20 bits."""
from compare import COUNT, Case, Chip, Explained
from fake import I2C, Commands, WideRegisters, checked, crc8, word

EDGES = [0, 1, 0x7FFF, 0x8000, 0xFFFE, 0xFFFF]


def words(random, count, step=1):
    """That many words, those at the edges among them."""
    random_ones = [random.randrange(0, 65536, step) for _ in range(count - len(EDGES))]
    return [edge // step * step for edge in EDGES] + random_ones


def spoilt(random, raw, index, byte):
    """Raw strings with a wrong check byte."""
    part = bytearray(raw[index])
    part[byte] ^= random.randrange(1, 256)
    return raw[:index] + [bytes(part)] + raw[index + 1:]


def pairs(random, start=0xFF):
    """Raw strings of two checked words each, fifty of them with a wrong check."""
    raws = [[checked(a, b, start=start)] for a, b in zip(words(random, COUNT), reversed(words(random, COUNT)))]
    return raws + [spoilt(random, raw, 0, random.choice([2, 5])) for raw in random.sample(raws, 50)]


def sht3x(random):
    from adafruit_sht31d import SHT31D
    chip = Commands({})
    device = SHT31D(I2C(chip))

    def maker(raw):
        chip.answers[b""] = raw[0]
        return {"temperature": device.temperature, "humidity": device.relative_humidity}
    yield Case(pairs(random), maker, {"temperature": 175 / 65535, "humidity": 100 / 65535})


def sht4x(random):
    from adafruit_sht4x import SHT4x
    chip = Commands({})
    device = SHT4x(I2C(chip))

    def maker(raw):
        chip.answers[b""] = raw[0]
        return dict(zip(("temperature", "humidity"), device.measurements))
    yield Case(pairs(random), maker, {"temperature": 175 / 65535, "humidity": 125 / 65535})


def hdc302x(random):
    from adafruit_hdc302x import HDC302x
    chip = Commands({})
    device = HDC302x(I2C(chip))

    def maker(raw):
        chip.answers[b""] = raw[0]
        return dict(zip(("temperature", "humidity"), device.measurements))
    yield Case(pairs(random), maker, {"temperature": 175 / 65535, "humidity": 100 / 65535})


def hdc1080(random):
    from hdc1080 import HDC1080
    chip = WideRegisters()
    device = HDC1080(I2C(chip))

    def maker(raw):
        chip.registers = {0: raw[0][:2], 1: raw[0][2:]}
        return {"temperature": device.temperature, "humidity": device.humidity}
    # 14 bits, the lowest two are always zero.
    raws = [[word(a) + word(b)] for a, b in zip(words(random, COUNT, 4), reversed(words(random, COUNT, 4)))]
    yield Case(raws, maker, {"temperature": 165 / 16384, "humidity": 100 / 16384})


def _below_ff(values):
    """Without words that start with 0xFF, for which Adafruit's drivers wait forever."""
    return [value & 0x7FFF if value >= 0xFF00 else value for value in values]


def htu21d(random):
    from adafruit_htu21d import HTU21D
    chip = Commands({})
    device = HTU21D(I2C(chip))

    def maker(raw):
        chip.answers = {b"\xf3": raw[0], b"\xf5": raw[1]}
        return {"temperature": device.temperature, "humidity": device.relative_humidity}
    # The two lowest bits tell temperature and humidity apart.
    warmth, damp = (_below_ff(words(random, COUNT, 4)) for _ in range(2))
    raws = [[checked(a, start=0), checked(b | 2, start=0)] for a, b in zip(warmth, reversed(damp))]
    raws += [spoilt(random, raw, random.choice([0, 1]), 2) for raw in random.sample(raws, 50)]
    yield Case(raws, maker, {"temperature": 0.01, "humidity": 0.04})


def si7021(random):
    from adafruit_si7021 import SI7021
    chip = Commands({b"\xe7": b"\x3a"})
    device = SI7021(I2C(chip))

    def maker(raw):
        # Without a check byte where Cairn reads it, after the humidity; the maker's own command has one.
        chip.answers = {b"\xf3": raw[1] + bytes([crc8(raw[1], 0)]), b"\xf5": raw[0]}
        return {"temperature": device.temperature, "humidity": device.relative_humidity}
    warmth, damp = (_below_ff(words(random, COUNT, 4)) for _ in range(2))
    raws = [[checked(b | 2, start=0), word(a)] for a, b in zip(warmth, reversed(damp))]
    raws += [spoilt(random, raw, 0, 2) for raw in random.sample(raws, 50)]
    yield Case(raws, maker, {"temperature": 0.01, "humidity": 0.025})


def _aht(random, tail):
    from adafruit_ahtx0 import AHTx0
    chip = Commands({b"": b"\x18"})
    device = AHTx0(I2C(chip))

    def maker(raw):
        chip.answers[b""] = raw[0]
        return {"temperature": device.temperature, "humidity": device.relative_humidity}
    raws = []
    for index in range(COUNT):
        bits = random.getrandbits(40) if index > 3 else (0, 2**40 - 1, 1, 2**40 - 2)[index]
        # Not busy, for as long as which the maker waits; now and then without calibration.
        status = random.getrandbits(7) | (0 if index % 20 == 19 else 8)
        raws.append([tail(bytes([status]) + bits.to_bytes(5, "big"))])
    return chip, Case(raws, maker, {"temperature": 200 / 2**20, "humidity": 100 / 2**20})


def aht10(random):
    yield _aht(random, lambda data: data)[1]


def aht20(random):
    yield _aht(random, lambda data: data + bytes([crc8(data)]))[1]


def aht_explained():
    return [
        Explained(
            "a chip without its calibration is no source of values; Adafruit looks once, at the start",
            "AHT20 product manual 1.0 section 5.3, table 9: status bit 3", fault="chip lacks its calibration"),
        Explained(
            "all bits alike are a line that hangs",
            "AHT20 product manual 1.0 section 6: -50 and 150 degrees, of a chip for -40 to 85",
            fault="all data bits are"),
    ]


def humidity_explained():
    return [
        Explained(
            "a word of zero is a line that hangs, with a right check",
            "HTU21D(F) \"Conversion of signal outputs\", Si7021-A20 section 5.1: -6 %RH and -46.85 degrees,"
            " beyond what either chip measures", fault="word is zero"),
        Explained(
            "humidities are cut to 0 to 100 %RH",
            "Si7021-A20 section 5.1.1: values outside 0 to 100 %RH may occur and may be cut",
            channel="humidity",
            when=lambda raw, ours, theirs: ours == min(max(theirs, 0), 100)),
    ]


CHIPS = [
    Chip("sht3x", "adafruit-circuitpython-sht31d", sht3x),
    Chip("sht4x", "adafruit-circuitpython-sht4x", sht4x),
    Chip("hdc302x", "adafruit-circuitpython-hdc302x", hdc302x, [
        Explained(
            "a temperature of all ones is what the chip sends where it has no result",
            "SNAS778D section 7.5.7.3.2", fault="chip has no result"),
    ]),
    Chip("hdc1080", "circuitpython-hdc1080", hdc1080),
    Chip("htu21d", "adafruit-circuitpython-htu21d", htu21d, humidity_explained()),
    Chip("si7021", "adafruit-circuitpython-si7021", si7021, humidity_explained()),
    Chip("aht10", "adafruit-circuitpython-ahtx0", aht10, aht_explained()),
    Chip("aht20", "adafruit-circuitpython-ahtx0", aht20, aht_explained()),
]
