#!/usr/bin/env python3
"""Fills the chips of the kernel's i2c-stub, and ends the conversions that a driver starts there.

    stub.py DEVICE

i2c-stub keeps words and does nothing by itself, so this puts each model's registers there, prints
`ready`, and looks again and again for what a driver wrote into the registers that a model watches.
Everything goes through SMBus calls, the only ones that the adapter has.
"""
import ctypes
import fcntl
import os
import sys
import time

import table

SLAVE_FORCE, SMBUS = 0x0706, 0x0720  # ioctls of linux/i2c-dev.h
READ, WRITE, WORD_DATA = 1, 0, 3
PAUSE = 0.004


class Arguments(ctypes.Structure):
    """struct i2c_smbus_ioctl_data."""

    _fields_ = [("read_write", ctypes.c_uint8), ("command", ctypes.c_uint8),
                ("size", ctypes.c_uint32), ("data", ctypes.c_void_p)]


class Adapter:
    """The words of one chip."""

    def __init__(self, device, address):
        self.descriptor = os.open(device, os.O_RDWR)
        fcntl.ioctl(self.descriptor, SLAVE_FORCE, address)

    def call(self, direction, register, word):
        data = (ctypes.c_uint16 * 17)(word)
        arguments = Arguments(direction, register, WORD_DATA, ctypes.addressof(data))
        fcntl.ioctl(self.descriptor, SMBUS, arguments)
        return data[0]

    def word(self, register):
        return self.call(READ, register, 0)

    def put(self, register, word):
        self.call(WRITE, register, word)


class Stubbed:
    """A model and the stub that shows it."""

    def __init__(self, row, device):
        self.chip, self.adapter = row.model(), Adapter(device, row.address)
        self.chip.is_hurried = True
        self.image = {}
        self.show()

    def show(self):
        """Puts what changed in the model into the stub."""
        for register, word in self.chip.stub_image().items():
            if self.image.get(register) != word:
                self.adapter.put(register, word)
                self.image[register] = word

    def look(self):
        """Lets the model take what a driver wrote; the register that starts something is first."""
        first = self.chip.stub_watch[0]
        if self.differs(first, self.adapter.word(first)):
            for register in reversed(self.chip.stub_watch):
                word = self.adapter.word(register)
                if self.differs(register, word):
                    self.chip.stub_take(register, word)
                    self.image[register] = word
            self.show()

    def differs(self, register, word):
        mask = self.chip.stub_mask
        return word & mask != self.image[register] & mask


def main(device):
    chips = [Stubbed(row, device) for row in table.ROWS if row.bus == table.SMBUS]
    print("ready", flush=True)
    watched = [each for each in chips if each.chip.stub_watch]
    while True:
        for each in watched:
            each.look()
        time.sleep(PAUSE)


if __name__ == "__main__":
    main(sys.argv[1])
