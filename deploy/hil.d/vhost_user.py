"""A vhost-user I2C device: the back end of a virtio I2C adapter of another process's kernel.

The kernel connects to a Unix socket and hands over its memory and one queue; every i2c_msg of a
transfer then arrives as one request. Sources: QEMU's docs/interop/vhost-user.rst and the virtio
specification 1.2, sections 2.7 (split queues) and 5.19 (I2C adapter).
"""
import mmap
import os
import select
import socket
import struct

from chips.base import Nak

VERSION_1, PROTOCOL_FEATURES, ZERO_LENGTH = 1 << 32, 1 << 30, 1 << 0
BACKEND_REQUESTS = 1 << 5  # User Mode Linux takes an interrupt of its own only where it is offered
NEXT, WRITABLE, INDIRECT = 1, 2, 4  # flags of a descriptor
FAIL_NEXT, READ = 1, 2  # flags of a request
OK, ERROR = 0, 1  # status of a request
NEEDS_REPLY, REPLY = 8, 5

GET_FEATURES, SET_MEMORY, SET_SIZE, SET_ADDRESSES, SET_BASE, GET_BASE = 1, 5, 8, 9, 10, 11
SET_KICK, SET_CALL, GET_PROTOCOL, GET_QUEUES, ENABLE, SET_BACKEND = 12, 13, 15, 17, 18, 21


class Device:
    """One connection of a kernel to a bus, which has transfer(address, data or None, count)."""

    def __init__(self, connection, bus):
        self.connection, self.bus = connection, bus
        self.memory = []
        self.kick = self.call = self.backend = None
        self.is_enabled = False
        self.size = self.next = 0
        self.descriptors = self.used = self.available = 0
        self.failed = False  # an earlier message of this transfer was not acknowledged

    def serve(self):
        """Answers until the kernel goes away."""
        while True:
            waiting = [self.connection]
            if self.kick is not None and self.is_enabled:
                waiting.append(self.kick)
            ready, _, _ = select.select(waiting, [], [])
            if self.connection in ready and not self.take_message():
                return
            if self.kick is not None and self.kick in ready:
                os.read(self.kick, 8)
                self.take_requests()

    def view(self, address, count, is_user=False):
        """Some bytes of the kernel's memory, by its own address or by that of its process."""
        for guest, size, user, offset, mapping in self.memory:
            start = user if is_user else guest
            if start <= address and address + count <= start + size:
                place = address - start + offset
                return memoryview(mapping)[place:place + count]
        raise ValueError(f"the kernel has no memory at {address:#x}")

    def take_message(self):
        """Takes one message of the protocol; False at the end of the connection."""
        header, ancillary, _, _ = self.connection.recvmsg(12, socket.CMSG_SPACE(8 * 4))
        if len(header) < 12:
            return False
        request, flags, size = struct.unpack("<III", header)
        descriptors = []
        for level, kind, data in ancillary:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
                descriptors += struct.unpack(f"{len(data) // 4}i", data)
        payload = b""
        while len(payload) < size:
            payload += self.connection.recv(size - len(payload))
        answer = self.answer(request, payload, descriptors)
        if answer is None and flags & NEEDS_REPLY:
            answer = struct.pack("<Q", 0)
        if answer is not None:
            self.connection.sendall(struct.pack("<III", request, REPLY, len(answer)) + answer)
        return True

    def answer(self, request, payload, descriptors):
        """Does what a message asks for; the bytes of the answer, or None where it has none."""
        if request == GET_FEATURES:
            return struct.pack("<Q", VERSION_1 | PROTOCOL_FEATURES | ZERO_LENGTH)
        if request == GET_PROTOCOL:
            return struct.pack("<Q", BACKEND_REQUESTS)
        if request == GET_QUEUES:
            return struct.pack("<Q", 1)
        if request == GET_BASE:
            self.is_enabled = False
            return struct.pack("<II", 0, self.next)
        if request == SET_MEMORY:
            self.map_memory(payload, descriptors)
        elif request == SET_SIZE:
            self.size = struct.unpack("<II", payload)[1]
        elif request == SET_ADDRESSES:
            _, _, self.descriptors, self.used, self.available, _ = struct.unpack("<IIQQQQ", payload)
        elif request == SET_BASE:
            self.next = struct.unpack("<II", payload)[1]
        elif request == ENABLE:
            self.is_enabled = bool(struct.unpack("<II", payload)[1])
        elif request == SET_KICK:
            self.kick = descriptors.pop() if descriptors else None
            self.is_enabled = True
        elif request == SET_CALL:
            self.call = descriptors.pop() if descriptors else None
        elif request == SET_BACKEND:
            # Never used, but a kernel takes a closed one for a device that is gone.
            self.backend = descriptors.pop()
        for descriptor in descriptors:
            os.close(descriptor)
        return None

    def map_memory(self, payload, descriptors):
        """Maps the kernel's memory, of which each region comes as a file."""
        self.memory = []
        for index in range(struct.unpack("<I", payload[:4])[0]):
            guest, size, user, offset = struct.unpack_from("<QQQQ", payload, 8 + 32 * index)
            mapping = mmap.mmap(descriptors[index], size + offset)
            self.memory.append((guest, size, user, offset, mapping))

    def take_requests(self):
        """Serves every request that waits in the queue (virtio 1.2, section 2.7).

        All are served before any is reported: where one message of a transfer failed, Linux does not
        wait for the others before it takes their memory for something else.
        """
        done = []
        while self.next != self.word(self.available + 2):
            head = self.word(self.available + 4 + 2 * (self.next % self.size))
            outgoing, incoming = self.buffers(head)
            done.append((head, self.request(outgoing, incoming)))
            self.next = (self.next + 1) & 0xFFFF
        index = self.word(self.used + 2)
        for head, written in done:
            self.view(self.used + 4 + 8 * (index % self.size), 8, True)[:] = struct.pack(
                "<II", head, written)
            index = (index + 1) & 0xFFFF
        self.view(self.used + 2, 2, True)[:] = struct.pack("<H", index)
        if done and self.call is not None:
            os.write(self.call, struct.pack("<Q", 1))

    def word(self, address):
        """A word of 16 bits of the queue."""
        return struct.unpack("<H", self.view(address, 2, True))[0]

    def buffers(self, index):
        """What the kernel gives and where it wants answers: two lists of (address, length)."""
        outgoing, incoming = [], []
        table = self.view(self.descriptors, 16 * self.size, True)
        while True:
            address, length, flags, following = struct.unpack_from("<QIHH", table, 16 * index)
            if flags & INDIRECT:
                table, index = self.view(address, length), 0
                continue
            (incoming if flags & WRITABLE else outgoing).append((address, length))
            if not flags & NEXT:
                return outgoing, incoming
            index = following

    def request(self, outgoing, incoming):
        """Does one message of a transfer; the number of bytes that were written to the kernel."""
        address, _, flags = struct.unpack("<HHI", self.view(outgoing[0][0], 8))
        written = 1
        try:
            if self.failed:
                raise Nak
            if flags & READ:
                place, count = incoming[0] if len(incoming) > 1 else (0, 0)
                answer = self.bus.transfer(address >> 1, None, count)
                if count:
                    self.view(place, count)[:] = answer
                    written += count
            else:
                data = b"".join(bytes(self.view(*buffer)) for buffer in outgoing[1:])
                self.bus.transfer(address >> 1, data, 0)
            status = OK
        except Nak:
            status = ERROR
        # Where one message of a transfer fails, those that follow it do.
        self.failed = status == ERROR and bool(flags & FAIL_NEXT)
        self.view(incoming[-1][0], 1)[:] = bytes([status])
        return written
