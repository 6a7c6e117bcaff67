"""Humidity beside those of Bosch and Sensirion: Aosong AHT20 (version 1.0), TI HDC1080 (SNAS672)."""
from chips.base import Chip, Nak, WordChip, crc8


class AHT20(Chip):
    """temperature in degrees Celsius, humidity in percent."""

    has_checksum = True
    BUSY, CALIBRATED = 0x80, 0x18

    def power_on(self):
        self.ready_at = 0.0
        self.data = bytes(5)

    def write(self, data):
        if data[:1] == b"\xBA":
            self.power_on()
        elif data == b"\xAC\x33\x00":
            humidity = round(self.values["humidity"] / 100 * (1 << 20))
            temperature = round((self.values["temperature"] + 50) / 200 * (1 << 20))
            self.data = (humidity << 20 | temperature).to_bytes(5, "big")
            self.start(0.075)
        elif data[:1] not in (b"\x71", b"\xBE", b""):
            raise Nak

    def read(self, count):
        state = bytes([self.CALIBRATED | (self.BUSY if self.is_busy else 0)])
        answer = state + self.data
        return (answer + bytes([crc8(answer)]) + b"\xFF" * count)[:count]

    def expected(self):
        return {"temperature": (self.values["temperature"], 2e-4),
                "humidity": (self.values["humidity"], 1e-4)}


class HDC1080(WordChip):
    """temperature in degrees Celsius, humidity in percent; a pointer to 0 begins a conversion."""

    resets = {0x00: 0, 0x01: 0, 0x02: 0x1000, 0xFE: 0x5449, 0xFF: 0x1050}

    def store(self, register, value):
        if register == 0x02:
            self.registers[register] = 0x1000 if value & 0x8000 else value & 0x3700

    def write(self, data):
        super().write(data)
        if data == b"\x00":
            self.start(6.35e-3 + 6.5e-3)  # 14 bits each (section 6.5)

    def read(self, count):
        if self.pointer > 1:
            return super().read(count)
        if self.is_busy:
            raise Nak
        words = (round((self.values["temperature"] + 40) / 165 * 16384) << 2,
                 round(self.values["humidity"] / 100 * 16384) << 2)
        return b"".join(word.to_bytes(2, "big") for word in words[self.pointer:])[:count]

    def expected(self):
        return {"temperature": (self.values["temperature"], 165 / 16384),
                "humidity": (self.values["humidity"], 100 / 16384)}
