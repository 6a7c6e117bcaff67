"""What the models of chips have in common.

They are written from the data sheets, not from Cairn: a model turns a physical value into what the
chip's registers would hold, the way back of what a driver does.
"""
import time


class Nak(Exception):
    """The chip does not acknowledge."""


def crc8(data, start=0xFF):
    """Sensirion's checksum: polynomial 0x31, begun with 0xFF (SHT3x-DIS, section 4.12)."""
    for byte in data:
        start ^= byte
        for _ in range(8):
            start = (start << 1 ^ 0x31 if start & 0x80 else start << 1) & 0xFF
    return start


def number(quantity):
    """The number of a quantity as the board file has it, in the base unit: '100 mohm' is 0.1."""
    parts = str(quantity).split()
    unit = parts[1] if len(parts) > 1 else ""
    scale = 1.0
    if len(unit) > 1 and unit[0] in "munk" and unit not in ("min", "ohm"):
        scale = {"m": 1e-3, "u": 1e-6, "n": 1e-9, "k": 1e3}[unit[0]]
    return float(parts[0]) * scale


class Chip:
    """A chip: `options` as the board file has them, `values` what it is to measure.

    A model defines power_on(), write(data), read(count) and expected(). It may raise Nak.
    """

    #: Whether bytes carry checksums, so that a damaged one must be noticed.
    has_checksum = False
    #: Registers that a driver writes and the chip acts upon, first the one that starts something; for
    #: i2c-stub, see stub.py.
    stub_watch = ()
    stub_mask = 0xFFFF  # what of a watched word is the register's

    def __init__(self, options=None, **values):
        self.options = options or {}
        self.values = values
        self.is_hurried = False  # a chip that has its results at once
        self.ready_at = 0.0
        self.power_on()

    def power_on(self):
        """What a chip holds when its supply comes."""

    def write(self, data):
        """Takes the bytes of one message."""
        raise NotImplementedError

    def read(self, count):
        """Gives the bytes of one message."""
        raise NotImplementedError

    def expected(self):
        """What Cairn must make of it: channel -> (value, tolerance), a step of the converter."""
        raise NotImplementedError

    def stub_image(self):
        """The words that SMBus only sees, register -> word; None where that cannot work."""
        return None

    def start(self, seconds):
        """A conversion begins that takes so long."""
        self.ready_at = time.monotonic() + (0 if self.is_hurried else seconds)

    @property
    def is_busy(self):
        """Whether a conversion is under way."""
        return time.monotonic() < self.ready_at


class WordChip(Chip):
    """A pointer and registers of two bytes, the high one first, as TI and Microchip have them."""

    resets = {}
    order = "big"
    #: Registers of other widths than two bytes.
    widths = {}
    #: What stands in a register that the chip does not have.
    absent = 0

    def power_on(self):
        self.registers = dict(self.resets)
        self.pointer = 0
        self.ready_at = 0.0

    def width(self, register):
        """The bytes of a register."""
        return self.widths.get(register, 2)

    def store(self, register, value):
        """The driver writes a register; models add what that does."""
        self.registers[register] = value

    def load(self, register):
        """The driver reads a register; models add what that does."""
        return self.registers.get(register, self.absent)

    def write(self, data):
        if not data:
            return
        self.pointer = data[0]
        width = self.width(self.pointer)
        if len(data) == 1 + width:
            self.store(self.pointer, int.from_bytes(data[1:], self.order))
        elif len(data) > 1:
            raise Nak

    def read(self, count):
        width = self.width(self.pointer)
        value = self.load(self.pointer) & ((1 << 8 * width) - 1)
        return (value.to_bytes(width, self.order) * (count // width + 1))[:count]

    def stub_image(self):
        if any(self.width(register) != 2 for register in self.registers):
            return None
        # SMBus has the low byte first.
        return {
            register: int.from_bytes((self.load(register) & 0xFFFF).to_bytes(2, self.order), "little")
            for register in sorted(self.registers)
        }

    def stub_take(self, register, word):
        """The driver wrote a word into the stub."""
        self.write(bytes([register]) + word.to_bytes(2, "little"))


class ByteChip(Chip):
    """A pointer that moves on and registers of one byte, as Bosch and NXP have them."""

    resets = {}
    stub_mask = 0x00FF

    def power_on(self):
        self.registers = bytearray(256)
        for register, value in self.resets.items():
            self.registers[register] = value
        self.pointer = 0
        self.ready_at = 0.0

    def store(self, register, value):
        """The driver writes a register; models add what that does."""
        self.registers[register] = value

    def refresh(self):
        """Puts results into the registers before the driver reads."""

    def write(self, data):
        if not data:
            return
        self.pointer = data[0]
        for byte in data[1:]:
            self.store(self.pointer, byte)
            self.pointer = (self.pointer + 1) & 0xFF

    def read(self, count):
        self.refresh()
        answer = bytes(self.registers[(self.pointer + index) & 0xFF] for index in range(count))
        self.pointer = (self.pointer + count) & 0xFF
        return answer

    def stub_image(self):
        self.refresh()
        # The stub reads a word for two bytes; each word holds its byte and the following one.
        return {
            register: self.registers[register] | self.registers[(register + 1) & 0xFF] << 8
            for register in range(256)
        }

    def stub_take(self, register, word):
        """The driver wrote a byte into the stub."""
        self.write(bytes([register, word & 0xFF]))


class CommandChip(Chip):
    """Commands of 16 bits, answers in words of 16 bits with a checksum each, as Sensirion has them."""

    has_checksum = True

    def power_on(self):
        self.answer = None
        self.ready_at = 0.0

    def command(self, command, arguments):
        """Does a command; gives the words of its answer, or None where it has none."""
        raise NotImplementedError

    def write(self, data):
        if len(data) < 2:
            return
        if self.is_busy:
            raise Nak
        self.answer = self.command(data[0] << 8 | data[1], data[2:])

    def read(self, count):
        if self.answer is None or self.is_busy:
            raise Nak
        words, self.answer = self.answer, None
        data = b"".join(
            word.to_bytes(2, "big") + bytes([crc8(word.to_bytes(2, "big"))]) for word in words)
        return (data + b"\xff" * count)[:count]
