"""The models by the name of the driver that reads them.

A new chip is a class with power_on(), write(), read() and expected(), mostly on top of WordChip,
ByteChip or CommandChip, and a line here; chips/selftest.py takes an example of its data sheet.
"""
from chips.bosch import BME280, BMP280
from chips.ina226 import INA226
from chips.sensirion import SHT3x

MODELS = {
    "bme280": BME280,
    "bmp280": BMP280,
    "ina226": INA226,
    "sht3x": SHT3x,
}
