"""Temperature alone."""
from climate import words
from compare import COUNT, Case, Chip, Explained
from fake import I2C, WideRegisters, crc8, little, word


def tmp117(random):
    from adafruit_tmp117 import TMP117
    # The identity, and a configuration that is always ready.
    chip = WideRegisters({0x0F: word(0x0117), 0x01: word(0x2220)}, fixed=[0x01])
    device = TMP117(I2C(chip))

    def maker(raw):
        chip.registers[0] = raw[0]
        return {"temperature": device.temperature}
    yield Case([[word(value)] for value in words(random, COUNT)], maker, {"temperature": 1 / 128})


def tmp102(random):
    from qwiic_tmp102 import QwiicTmp102Sensor
    chip = WideRegisters()
    device = QwiicTmp102Sensor(0x48, chip)

    def maker(raw):
        chip.registers[0] = raw[0]
        return {"temperature": device.read_temp_c()}
    # Twelve bits, or with the lowest bit thirteen; all other bits are zero. Then bits at random, which
    # only Cairn refuses.
    raws = [[word(value)] for value in words(random, COUNT // 2, 16)]
    raws += [[word(value | 1)] for value in words(random, COUNT // 2, 8)]
    raws += [[word(random.getrandbits(16))] for _ in range(100)]
    yield Case(raws, maker, {"temperature": 1 / 16})


def _unsigned(raw, ours, theirs):
    """Whether the maker's value is ours with a sign bit taken for a part of the number."""
    return ours < 0 and theirs - ours == 65536 / 16


def lm75(random):
    from adafruit_pct2075 import PCT2075
    chip = WideRegisters()
    device = PCT2075(I2C(chip))

    def maker(raw):
        chip.registers[0] = raw[0]
        return {"temperature": device.temperature}
    raws = [[word(value)] for value in words(random, 300, 32)]
    raws += [[word(32 * random.randrange(-440, 1001))] for _ in range(COUNT)]
    yield Case(raws, maker, {"temperature": 1 / 8}, ("resolution=11",))


def mcp9808(random):
    from adafruit_mcp9808 import MCP9808
    chip = WideRegisters({0x06: word(0x0054), 0x07: word(0x0400)})
    device = MCP9808(I2C(chip))

    def maker(raw):
        chip.registers[5] = raw[0]
        return {"temperature": device.temperature}
    raws = [[word(value)] for value in words(random, 300)]
    # Above the temperature stand three bits of the alert.
    raws += [
        [word(random.randrange(8) << 13 | random.randrange(-640, 2001) & 0x1FFF)] for _ in range(COUNT)]
    yield Case(raws, maker, {"temperature": 1 / 16})


def mlx90614(random):
    from adafruit_mlx90614 import MLX90614
    chip = WideRegisters()
    device = MLX90614(I2C(chip))

    def maker(raw):
        chip.registers = {6: raw[0][3:], 7: raw[1][3:]}
        return {"temperature": device.ambient_temperature, "object-temperature": device.object_temperature}

    def exchange(register, value, spoil=0):
        data = bytes([0xB4, register, 0xB5]) + little(value)
        return data + bytes([crc8(data, 0, 0x07) ^ spoil])
    ambient = words(random, 300) + [random.randrange(0x2DE4, 0x4DC5) for _ in range(COUNT)]
    target = words(random, 300) + [random.randrange(0x27AD, 0x8000) for _ in range(COUNT)]
    raws = [[exchange(6, a), exchange(7, b)] for a, b in zip(ambient, target)]
    raws += [[exchange(6, 0x3900), exchange(7, 0x3A00, random.randrange(1, 256))] for _ in range(50)]
    yield Case(raws, maker, {"temperature": 0.02, "object-temperature": 0.02})


CHIPS = [
    Chip("tmp117", "adafruit-circuitpython-tmp117", tmp117, [
        Explained(
            "the register holds -256 degrees until there is a first measurement",
            "SNOSD82 section 7.6: reset value 0x8000", fault="no measurement since the reset"),
    ]),
    Chip("tmp102", "sparkfun-qwiic-tmp102", tmp102, [
        Explained(
            "negative temperatures are two's complement; SparkFun extends the sign in 16 bits, which in"
            " Python makes a large positive number", "SBOS397 section 7.5.2: 0xFFC is -0.25 degrees",
            when=_unsigned),
        Explained(
            "a word with bits that the chip has not is not a temperature",
            "SBOS397 section 7.5.2: the bits below the temperature read as zero", fault="bits that the chip has not"),
    ]),
    Chip("lm75", "adafruit-circuitpython-pct2075", lm75, [
        Explained(
            "a value outside -55 to 125 degrees is from no LM75",
            "NXP LM75B revision 6.1 section 1; SNOS808", fault="value is beyond the chip's range"),
    ]),
    Chip("mcp9808", "adafruit-circuitpython-mcp9808", mcp9808, [
        Explained(
            "a value far outside -40 to 125 degrees is from no MCP9808",
            "DS25095A \"Temperature characteristics\"", fault="value is beyond the chip's range"),
    ]),
    Chip("mlx90614", "adafruit-circuitpython-mlx90614", mlx90614, [
        Explained(
            "the highest bit is an error flag", "3901090614 revision 8, section 8.4.6: error flag",
            fault="error flag is set"),
        Explained(
            "a value outside the calibrated range is none",
            "3901090614 revision 8, section 8.4.6: Ta 0x2DE4 to 0x4DC4, To 0x27AD to 0x7FFF",
            fault="value is beyond the chip's range"),
        Explained(
            "a wrong check byte; Adafruit does not read it", "3901090614 revision 8, section 8.4.3.1: PEC",
            fault="checksum"),
    ]),
]
