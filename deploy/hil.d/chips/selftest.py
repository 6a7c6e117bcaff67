"""The models against examples that the data sheets print."""
from chips.ads1115 import ADS1115
from chips.base import crc8
from chips.bosch import BME280, celsius, fine_temperature, pascal
from chips.ina import INA219, INA226
from chips.light import BH1750, VEML7700
from chips.sensirion import SCD4x, SHT3x
from chips.temperature import MCP9808, TMP102, TMP117


def bosch():
    """BST-BMP280-DS001, section 3.12: 519888 and 415148 are 25.08 degrees and 100653.27 Pa."""
    fine = fine_temperature(519888)
    return abs(celsius(519888) - 25.08) < 0.005 and abs(pascal(415148, fine) - 100653.27) < 0.05


def bosch_inverse():
    """The counts that the model finds are the example's own."""
    fine = fine_temperature(519888)
    chip = BME280(temperature=celsius(519888), humidity=50, pressure=pascal(415148, fine))
    return chip.counts()[:2] == (519888, 415148)


def sensirion():
    """SHT3x-DIS, section 4.12: the checksum of 0xBEEF is 0x92."""
    chip = SHT3x(temperature=0, humidity=0)
    chip.write(b"\xF3\x2D")
    return crc8(b"\xBE\xEF") == 0x92 and chip.read(3) == b"\x80\x10\xE1"


def registers(chip, setup, wanted):
    """Whether registers hold what they should after others were written, both {register: word}."""
    chip.is_hurried = True
    for register, word in setup.items():
        chip.write(bytes([register]) + word.to_bytes(2, chip.order))
    found = {}
    for register in wanted:
        chip.write(bytes([register]))
        found[register] = int.from_bytes(chip.read(2), chip.order)
    return found == wanted


def ina226():
    """SBOS547A, table 8-1: 11.98 V and 10 A through 2 mohm, calibration 2560."""
    chip = INA226({"shunt": "2 mohm"}, voltage=11.98, current=10.0)
    return registers(chip, {5: 0x0A00, 0: 0x4127}, {1: 8000, 2: 9584, 4: 10000, 3: 4792})


def ina219():
    """SBOS448G, table 8: 11.98 V and 10 A through 2 mohm, calibration 20480."""
    chip = INA219({"shunt": "2 mohm"}, voltage=11.98, current=10.0)
    return registers(chip, {5: 0x5000, 0: 0x399F}, {1: 2000, 2: 0x5D98 | 2, 4: 10000, 3: 5990})


def tmp117():
    """SNOSD82, table 7-1: 25 degrees are 0x0C80, -25 are 0xF380."""
    return all(registers(TMP117(temperature=degrees), {1: 0x0C00}, {0: word})
               for degrees, word in ((25, 0x0C80), (-25, 0xF380)))


def tmp102():
    """SBOS397, tables 7-3 and 7-4: 50 degrees are 0x320 in 12 bits; 150 are 0x0960 in 13."""
    return (registers(TMP102(temperature=50), {1: 0x8100}, {0: 0x3200})
            and registers(TMP102(temperature=150), {1: 0x8110}, {0: 0x0960 << 3 | 1}))


def mcp9808():
    """DS25095A, section 5.1.3: -25.25 degrees are 0x1E6C without the flags."""
    chip = MCP9808(temperature=-25.25)
    return registers(chip, {1: 0x0000}, {5: 0x1E6C | 0x2000})


def scd4x():
    """Version 1.3, table 10: 500 ppm, 25 degrees and 37 %, rounded there, with checksums."""
    chip = SCD4x(co2=500, temperature=25.002, humidity=37.001)
    chip.write(b"\x21\xB1")
    chip.due = 0
    chip.write(b"\xEC\x05")
    return chip.read(9).hex() == "01f4336667a25eb93c"


def bh1750():
    """11046EDT01, page 7: 0x8390 counts in high resolution are 28067 lx."""
    chip = BH1750(illuminance=28067)
    chip.is_hurried = True
    chip.write(b"\x20")
    return chip.read(2) == b"\x83\x90"


def veml7700():
    """Application note 84323, page 5: 0.0336 lx a count with the gain 2 and 100 ms."""
    return abs(VEML7700.lux_per_count(2, 100) - 0.0336) < 1e-9


def ads1115():
    """SBAS444, section 9.5.3: half of the range is 0x4000, the whole of it and more 0x7FFF."""
    chip = ADS1115(**{"voltage-0": 2.048, "voltage-3": 5.0})
    return (registers(chip, {1: 0xC383}, {0: 0x4000, 1: 0xC383})
            and registers(chip, {1: 0xF383}, {0: 0x7FFF, 1: 0xF383}))


EXAMPLES = (bosch, bosch_inverse, sensirion, ina226, ina219, tmp117, tmp102, mcp9808, scd4x, bh1750,
            veml7700, ads1115)


def check_models(report):
    """One check for all examples."""
    wrong = [example.__doc__ for example in EXAMPLES if not example()]
    report.check(not wrong, "the models hold the data sheets' examples",
                 "; ".join(wrong) or f"{len(EXAMPLES)} examples")
