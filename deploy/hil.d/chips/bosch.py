"""Bosch BME280 (BST-BME280-DS002) and BMP280 (BST-BMP280-DS001).

The compensation formulas are the data sheets' double precision ones; a model looks for the counts
that give the value it is to show.
"""
import struct

from chips.base import ByteChip

# dig_T1 to dig_T3 and dig_P1 to dig_P9: the example of BST-BMP280-DS001, section 3.12.
TEMPERATURE = (27504, 26435, -1000)
PRESSURE = (36477, -10685, 3024, 2855, 140, -7, 15500, -14600, 6000)
# dig_H1 to dig_H6, as a real chip has them.
HUMIDITY = (75, 362, 0, 313, 50, 30)


def fine_temperature(count):
    """t_fine."""
    one, two, three = TEMPERATURE
    first = (count / 16384 - one / 1024) * two
    return first + (count / 131072 - one / 8192) ** 2 * three


def celsius(count):
    """Degrees Celsius from the converter's 20 bits."""
    return fine_temperature(count) / 5120


def pascal(count, fine):
    """Pascal from the converter's 20 bits."""
    p1, p2, p3, p4, p5, p6, p7, p8, p9 = PRESSURE
    first = fine / 2 - 64000
    second = (first * first * p6 / 32768 + first * p5 * 2) / 4 + p4 * 65536
    first = (1 + (p3 * first * first / 524288 + p2 * first) / 524288 / 32768) * p1
    result = (1048576 - count - second / 4096) * 6250 / first
    return result + (p9 * result * result / 2147483648 + result * p8 / 32768 + p7) / 16


def percent(count, fine):
    """Relative humidity in percent from the converter's 16 bits."""
    h1, h2, h3, h4, h5, h6 = HUMIDITY
    distance = fine - 76800
    result = (count - (h4 * 64 + h5 / 16384 * distance)) * (
        h2 / 65536 * (1 + h6 / 67108864 * distance * (1 + h3 / 67108864 * distance)))
    return min(max(result * (1 - h1 * result / 524288), 0), 100)


def nearest(formula, value, bits, is_falling=False):
    """The count of which a monotonic formula gives the value."""
    low, high = 0, (1 << bits) - 1
    while low < high:
        middle = (low + high) // 2
        if (formula(middle) > value) if is_falling else (formula(middle) < value):
            low = middle + 1
        else:
            high = middle
    return low



class BMP280(ByteChip):
    """temperature in degrees Celsius, pressure in pascal."""

    resets = {0xD0: 0x58}
    stub_watch = (0xF4, 0xF5, 0xF2)

    def power_on(self):
        super().power_on()
        trimming = struct.pack("<Hhh", *TEMPERATURE) + struct.pack("<Hhhhhhhhh", *PRESSURE)
        self.registers[0x88:0x88 + len(trimming)] = trimming
        self.registers[0xF7:0xFD] = bytes([0x80, 0, 0, 0x80, 0, 0])
        self.is_converting = False

    def samples(self, code):
        """The number of samples of an oversampling code (section 3.3)."""
        return 0 if code == 0 else 1 << min(code, 5) - 1

    def typical_milliseconds(self, control):
        """The typical time of a measurement (BMP280 section 3.8.1, BME280 section 9.1)."""
        return 1 + 2 * self.samples(control >> 5) + 2 * self.samples(control >> 2 & 7) + 0.5

    def store(self, register, value):
        if register == 0xE0:
            if value == 0xB6:
                self.power_on()
        elif register in (0xF2, 0xF4, 0xF5):
            self.registers[register] = value
            if register == 0xF4 and value & 3:
                self.is_converting = True
                self.start(self.typical_milliseconds(value) / 1000)

    def counts(self):
        """The converter's temperature, pressure and, here unused, t_fine."""
        temperature = nearest(celsius, self.values["temperature"], 20)
        fine = fine_temperature(temperature)
        pressure = nearest(lambda count: pascal(count, fine), self.values["pressure"], 20, True)
        return temperature, pressure, fine

    def refresh(self):
        self.registers[0xF3] = 0x08 if self.is_busy else 0
        if self.is_busy or not self.is_converting:
            return
        if self.registers[0xF4] & 3 != 3:
            self.is_converting = False
            self.registers[0xF4] &= 0xFC  # a forced measurement ends in sleep
        temperature, pressure, _ = self.counts()
        self.registers[0xF7:0xFA] = (pressure << 4).to_bytes(3, "big")
        self.registers[0xFA:0xFD] = (temperature << 4).to_bytes(3, "big")

    def expected(self):
        return {
            "temperature": (self.values["temperature"], 0.01),
            "pressure": (self.values["pressure"], 0.5),
        }


class BME280(BMP280):
    """temperature in degrees Celsius, humidity in percent, pressure in pascal."""

    resets = {0xD0: 0x60}

    def power_on(self):
        super().power_on()
        h1, h2, h3, h4, h5, h6 = HUMIDITY
        self.registers[0xA1] = h1
        self.registers[0xE1:0xE8] = struct.pack(
            "<hBBBBb", h2, h3, h4 >> 4, h4 & 15 | (h5 & 15) << 4, h5 >> 4, h6)
        self.registers[0xFD:0xFF] = bytes([0x80, 0])
        self.humidity_samples = 0

    def typical_milliseconds(self, control):
        samples = self.samples(self.registers[0xF2] & 7)
        return super().typical_milliseconds(control) + 2 * samples + 0.5

    def store(self, register, value):
        super().store(register, value)
        if register == 0xF4:  # makes ctrl_hum effective (section 5.4.3)
            self.humidity_samples = self.registers[0xF2] & 7

    def refresh(self):
        was_converting = self.is_converting
        super().refresh()
        if self.is_busy or not was_converting:
            return
        _, _, fine = self.counts()
        humidity = nearest(lambda count: percent(count, fine), self.values["humidity"], 16)
        self.registers[0xFD:0xFF] = (humidity if self.humidity_samples else 0x8000).to_bytes(2, "big")

    def expected(self):
        return {**super().expected(), "humidity": (self.values["humidity"], 0.02)}
