"""The board that the makers' drivers run on: modules they import, a clock that does not wait, and I2C.

Import this before any of them.
"""
import struct
import sys
import time
import types


def _module(name, **contents):
    module = types.ModuleType(name)
    vars(module).update(contents)
    sys.modules[name] = module


class _Class:
    """Stands for a class that is only named in annotations."""


# What CircuitPython has built in; the drivers must not find hardware.
_module("micropython", const=lambda value: value)
_module("busio", I2C=_Class, SPI=_Class, UART=_Class)
_module("digitalio", DigitalInOut=_Class, Direction=_Class)
_module("qwiic_i2c")

_now = 0.0


def _monotonic():
    """Every look at the clock is a quarter of a second later, so that no driver answers from memory."""
    global _now
    _now += 0.25
    return _now


time.sleep = lambda seconds: None
time.monotonic = _monotonic


class Chip:
    """A chip: `written` takes the bytes of a write, `read` gives those of a read."""

    address = None  # any

    def written(self, data):
        raise NotImplementedError

    def read(self, count):
        raise NotImplementedError


class ByteRegisters(Chip):
    """Registers of a byte that follow each other, as Bosch and Infineon have them."""

    def __init__(self, **blocks):
        self.memory = bytearray(256)
        self.pointer = 0
        #: Registers that do not take what is written to them.
        self.fixed = set()

    def put(self, register, data):
        self.memory[register:register + len(data)] = data

    def written(self, data):
        self.pointer = data[0]
        for offset, byte in enumerate(data[1:]):
            if self.pointer + offset not in self.fixed:
                self.memory[self.pointer + offset] = byte

    def read(self, count):
        data = bytes(self.memory[self.pointer:self.pointer + count])
        self.pointer += count
        return data

    # The shapes of SMBus, of which smbus2 is made.
    def read_byte_data(self, address, register):
        self.written([register])
        return self.read(1)[0]

    def write_byte_data(self, address, register, value):
        self.written([register, value])

    def read_i2c_block_data(self, address, register, count):
        self.written([register])
        return list(self.read(count))


class WideRegisters(Chip):
    """Registers of several bytes behind one address each, as Texas Instruments and others have them."""

    def __init__(self, registers=None, fixed=(), refused=()):
        self.registers = dict(registers or {})
        self.pointer = 0
        self.fixed = set(fixed)
        self.refused = set(refused)

    def written(self, data):
        self.pointer = data[0]
        if bytes(data) in self.refused:
            raise OSError(6, "no acknowledgement")
        if len(data) > 1 and self.pointer not in self.fixed:
            self.registers[self.pointer] = bytes(data[1:])

    def read(self, count):
        data = self.registers.get(self.pointer, bytes(count))
        return (data + bytes(count))[:count]

    # What SparkFun's drivers ask of a bus.
    def writeCommand(self, address, register):
        self.written([register])

    def readBlock(self, address, register, count):
        self.written([register])
        return list(self.read(count))


class Commands(Chip):
    """A chip that takes commands and has an answer to each; with `b""` that for all others."""

    def __init__(self, answers):
        self.answers = dict(answers)
        self.last = b""

    def written(self, data):
        self.last = bytes(data)

    def read(self, count):
        answer = next(
            (self.answers[self.last[:length]] for length in (3, 2, 1) if self.last[:length] in self.answers),
            self.answers.get(b"", bytes(count)))
        return (answer + bytes(count))[:count]

    # A transceiver of Sensirion's drivers.
    API_VERSION = 1
    channel_count = None
    description = "fake"

    def transceive(self, slave_address, tx_data, rx_length, read_delay, timeout):
        if tx_data:
            self.written(tx_data)
        return 0, None, self.read(rx_length) if rx_length else b""


class I2C(_Class):
    """`busio.I2C` with one chip."""

    def __init__(self, chip):
        self.chip = chip

    def try_lock(self):
        return True

    def unlock(self):
        pass

    def writeto(self, address, buffer, *, start=0, end=None):
        data = bytes(buffer[start:end])
        if data:
            self.chip.written(data)

    def readfrom_into(self, address, buffer, *, start=0, end=None):
        end = len(buffer) if end is None else end
        buffer[start:end] = self.chip.read(end - start)

    def writeto_then_readfrom(
            self, address, out, into, *, out_start=0, out_end=None, in_start=0, in_end=None):
        self.writeto(address, out, start=out_start, end=out_end)
        self.readfrom_into(address, into, start=in_start, end=in_end)


def crc8(data, start=0xFF, polynomial=0x31):
    """The check of a word: Sensirion's; with 0x00 that of the HTU21D; 0x00 and 0x07 that of SMBus."""
    crc = start
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc << 1 ^ polynomial) & 0xFF if crc & 0x80 else crc << 1
    return crc


def word(value):
    return struct.pack(">H", value & 0xFFFF)


def little(value):
    return struct.pack("<H", value & 0xFFFF)


def checked(*values, start=0xFF):
    """Words, each with its check."""
    return b"".join(word(value) + bytes([crc8(word(value), start)]) for value in values)
