"""The models by the name of the driver that reads them.

A new chip is a class with power_on(), write(), read() and expected(), mostly on top of WordChip,
ByteChip or CommandChip, and a line here; chips/selftest.py takes an example of its data sheet.
"""
from chips.ads1115 import ADS1115
from chips.air import AHT20, HDC1080
from chips.bosch import BME280, BMP280
from chips.ina import INA219, INA226, INA260, INA3221
from chips.light import BH1750, VEML7700
from chips.sensirion import SCD4x, SHT3x, SHT4x
from chips.temperature import MCP9808, TMP102, TMP117

MODELS = {model.__name__.lower(): model for model in (
    ADS1115, AHT20, BH1750, BME280, BMP280, HDC1080, INA219, INA226, INA260, INA3221, MCP9808, SCD4x,
    SHT3x, SHT4x, TMP102, TMP117, VEML7700)}
