"""Which sensors the board of deploy/hil has, on which bus, and what they are to measure.

A row is a chip: another chip of a known model needs a row and nothing else, a new driver a model in
chips/ as well. Rows of drivers that the program under test does not have are left out, and said.
"""
from dataclasses import dataclass, field

from chips import MODELS

#: The buses: `plain` and `steady` are I2C adapters over vhost-user, `smbus` is i2c-stub (ten chips
#: at most). Faults go to `plain` only, so that all others must not notice.
PLAIN, STEADY, SMBUS, LINES = "plain", "steady", "smbus", "lines"
VHOST_BUSES = (PLAIN, STEADY)

#: The time between two measurements of a sensor, in seconds, where its row says no other.
EVERY = 1.0


@dataclass
class Row:
    """A sensor of the board; `values` is what the chip is to measure."""

    name: str
    driver: str
    bus: str
    address: int
    options: dict = field(default_factory=dict)
    values: dict = field(default_factory=dict)
    every: float = EVERY

    def model(self):
        """A fresh chip."""
        return MODELS[self.driver](self.options, **self.values)


def chip(name, driver, bus, address, options=None, every=EVERY, **values):
    """A row, in one line."""
    return Row(name, driver, bus, address, options or {}, values, every)


SHUNT = {"shunt": "0.1 ohm"}
# i2c-stub ends no conversion by itself; a long one gives its companion the time to do it.
SLOW = {f"{channel}-oversampling": "16" for channel in ("temperature", "humidity", "pressure")}

ROWS = [
    chip("air-1", "bme280", PLAIN, 0x76, temperature=21.5, humidity=45.0, pressure=101325.0),
    chip("air-2", "bme280", PLAIN, 0x77, temperature=-18.25, humidity=81.3, pressure=95012.0),
    chip("climate-1", "sht3x", PLAIN, 0x44, temperature=-12.75, humidity=88.0),
    chip("climate-2", "sht3x", PLAIN, 0x45, temperature=64.0, humidity=3.5),
    chip("supply-1", "ina226", PLAIN, 0x40, SHUNT, voltage=12.0, current=0.25),
    chip("supply-2", "ina226", PLAIN, 0x41, SHUNT, voltage=5.03, current=-0.5),
    chip("supply-3", "ina226", PLAIN, 0x42, {"shunt": "10 mohm"}, voltage=24.1, current=7.5),
    chip("supply-4", "ina226", PLAIN, 0x43, SHUNT, voltage=3.3, current=0.0125),
    chip("supply-5", "ina226", PLAIN, 0x46, SHUNT, voltage=35.9, current=0.8),
    chip("supply-6", "ina226", PLAIN, 0x47, SHUNT, voltage=0.5, current=0.0),

    chip("cellar", "bme280", STEADY, 0x76, temperature=7.0, humidity=70.0, pressure=99000.0),
    chip("attic", "sht3x", STEADY, 0x44, temperature=38.5, humidity=22.0),
    chip("battery", "ina226", STEADY, 0x43, SHUNT, voltage=13.2, current=-0.3),
    chip("shelf", "sht4x", STEADY, 0x45, temperature=19.25, humidity=61.5),
    chip("hall", "hdc1080", STEADY, 0x40, temperature=23.4, humidity=33.3),
    chip("kitchen", "aht20", STEADY, 0x38, temperature=26.1, humidity=58.0),
    chip("office", "scd4x", STEADY, 0x62, every=7, co2=812, temperature=22.2, humidity=41.0),
    chip("barometer", "bmp280", STEADY, 0x77, temperature=12.5, pressure=102300.0),
    chip("pipe", "tmp117", STEADY, 0x48, temperature=-7.5),
    chip("tank", "tmp102", STEADY, 0x49, temperature=55.25),
    chip("boiler", "mcp9808", STEADY, 0x18, temperature=-3.0625),
    chip("window", "bh1750", STEADY, 0x23, illuminance=1250.0),
    chip("desk", "veml7700", STEADY, 0x10, illuminance=400.0),
    chip("probe", "ads1115", STEADY, 0x4A, {"inputs": "[0, 1, 2-3]"}, **{
        "voltage-0": 1.2345, "voltage-1": 3.3, "voltage-2-3": -0.75}),
    chip("clamp", "ads1115", STEADY, 0x4B, {"samples": 200, "rate": "860 Hz"}, every=4, peak=1.4, **{
        "voltage-0": 1.65}),
    chip("panel", "ina219", STEADY, 0x41, SHUNT, voltage=18.4, current=1.5),
    chip("motor", "ina260", STEADY, 0x46, voltage=24.0, current=-3.2),
    chip("rails", "ina3221", STEADY, 0x42, {"shunt-1": "0.1 ohm"}, **{
        "voltage-1": 12.0, "current-1": 0.5, "voltage-2": 5.0, "current-2": -0.25,
        "voltage-3": 3.304, "current-3": 0.1}),

    chip("yard-1", "bme280", SMBUS, 0x76, SLOW, temperature=15.5, humidity=50.0, pressure=100000.0),
    chip("yard-2", "bme280", SMBUS, 0x77, SLOW, temperature=-5.0, humidity=95.0, pressure=87000.0),
    *(chip(f"phase-{index + 1}", "ina226", SMBUS, 0x40 + index, SHUNT,
           voltage=10 + 1.25 * index, current=0.05 * (index - 2)) for index in range(4)),
    chip("pump", "ina260", SMBUS, 0x44, voltage=12.5, current=1.25),
    chip("roof", "tmp117", SMBUS, 0x48, temperature=41.5),
    chip("floor", "tmp102", SMBUS, 0x49, temperature=-20.0),
    chip("level", "ads1115", SMBUS, 0x4A, {"rate": "8 Hz", "inputs": "[0, 3]"}, **{
        "voltage-0": 2.5, "voltage-3": 0.125}),
]


def rows(drivers):
    """The rows that a program with these drivers can read, and those that it cannot."""
    known = [row for row in ROWS if row.driver in drivers]
    return known, [row for row in ROWS if row.driver not in drivers]
