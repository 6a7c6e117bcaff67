"""The models against examples that the data sheets print."""
from chips.base import crc8
from chips.bosch import BME280, celsius, fine_temperature, pascal
from chips.ina226 import INA226
from chips.sensirion import SHT3x


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


def ina226():
    """SBOS547A, table 8-1: 11.98 V and 10 A through 2 mohm, calibration 2560."""
    chip = INA226({"shunt": "2 mohm"}, voltage=11.98, current=10.0)
    chip.is_hurried = True
    chip.write(bytes([5, 0x0A, 0x00]))
    chip.write(bytes([0, 0x41, 0x27]))
    found = []
    for register in (1, 2, 4, 3):
        chip.write(bytes([register]))
        found.append(int.from_bytes(chip.read(2), "big"))
    return found == [8000, 9584, 10000, 4792]


EXAMPLES = (bosch, bosch_inverse, sensirion, ina226)


def check_models(report):
    """One check for all examples."""
    wrong = [example.__doc__ for example in EXAMPLES if not example()]
    report.check(not wrong, "the models hold the data sheets' examples",
                 "; ".join(wrong) or f"{len(EXAMPLES)} examples")
