#!/usr/bin/env python3
"""What runs in the kernel of deploy/hil: sets the machine up and does what the host asks for.

Takes a line of JSON from the console for each request and writes `HIL {...}` for each answer, and
for every message that the board publishes. Ends by switching the machine off.
"""
import ctypes
import fcntl
import glob
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import tty

import lines
import table
from metronome import Metronome

CODE = os.environ["HIL_CODE"]
CAIRN = os.environ["HIL_CAIRN"]
FOLDER = "/mnt"
STATE = "/run/state"
BOARD = f"{FOLDER}/board.yaml"
LIBC = ctypes.CDLL(None, use_errno=True)
FINIT_MODULE, POWER_OFF = 313, 0x4321FEDC
SAYING = threading.Lock()


def say(**what):
    with SAYING:
        os.write(1, f"HIL {json.dumps(what)}\n".encode())


def trust_clock():
    """Says that the clock is kept: the kernel has the host's time. Readings then carry it."""
    class Timex(ctypes.Structure):
        _fields_ = [("modes", ctypes.c_uint), ("offset", ctypes.c_long), ("freq", ctypes.c_long),
                    ("maxerror", ctypes.c_long), ("esterror", ctypes.c_long),
                    ("status", ctypes.c_int), ("rest", ctypes.c_long * 32)]
    maximum_error, status = 0x0004, 0x0010
    if LIBC.adjtimex(ctypes.byref(Timex(modes=maximum_error | status, maxerror=10000))) < 0:
        raise OSError(ctypes.get_errno(), "adjtimex")


def raise_loopback():
    """Brings the network interface `lo` up."""
    set_flags, is_up = 0x8914, 0x1  # SIOCSIFFLAGS, IFF_UP
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as anything:
        fcntl.ioctl(anything, set_flags, struct.pack("16sh14x", b"lo", is_up))


def load_stub():
    """Loads i2c-stub with the addresses of the table, at most ten."""
    addresses = ",".join(hex(row.address) for row in table.ROWS if row.bus == table.SMBUS)
    with open(f"{os.environ['HIL_KERNEL']}/i2c-stub.ko", "rb") as module:
        parameters = f"chip_addr={addresses}".encode()
        if LIBC.syscall(FINIT_MODULE, module.fileno(), parameters, 0) != 0:
            raise OSError(ctypes.get_errno(), "i2c-stub")


def name_buses():
    """Links every bus of the board file to its adapter; the adapters by their own names."""
    adapters = {}
    for path in sorted(glob.glob("/sys/bus/i2c/devices/i2c-*")):
        name = lines.get(f"{path}/name")
        bus = table.SMBUS if name.startswith("SMBus stub") else table.VHOST_BUSES[int(name.split()[-1])]
        os.symlink(f"/dev/{os.path.basename(path)}", f"/run/{bus}")
        adapters[bus] = name
    return adapters


def child(*command, **options):
    return subprocess.Popen(command, text=True, **options)


class Machine:
    """The programs that run here."""

    def __init__(self):
        self.metronome = Metronome()
        raise_loopback()
        trust_clock()
        load_stub()
        self.adapters = name_buses()
        self.levels = lines.create("hil-lines", ["meter", "mains"])
        self.stub = child(sys.executable, f"{CODE}/stub.py", f"/run/{table.SMBUS}",
                          stdout=subprocess.PIPE)
        self.wait_for(self.stub.stdout, "ready")
        with open("/run/mosquitto.conf", "w", encoding="ascii") as file:
            file.write("listener 1883 127.0.0.1\nallow_anonymous true\npersistence false\n"
                       "user root\nlog_dest stderr\n")
        self.broker = child("mosquitto", "-c", "/run/mosquitto.conf", stderr=subprocess.PIPE)
        self.wait_for(self.broker.stderr, " running")
        threading.Thread(target=self.broker.stderr.read, daemon=True).start()
        topics = [part for topic in ("sensor/#", "event", "status", "health")
                  for part in ("-t", f"cairn/1/hil/{topic}")]
        self.reader = child("nice", "stdbuf", "-oL", "mosquitto_sub", "-h", "127.0.0.1", *topics,
                            "-F", "%t %p", stdout=subprocess.PIPE)
        threading.Thread(target=self.forward, daemon=True).start()
        self.board = None
        self.movers = {}

    @staticmethod
    def wait_for(stream, text):
        for line in stream:
            if text in line:
                return
        raise RuntimeError(f"never said '{text}'")

    def forward(self):
        """Hands on what the board publishes, when nothing more urgent is to be done."""
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
        for line in self.reader.stdout:
            topic, _, payload = line.rstrip("\n").partition(" ")
            say(topic=topic.removeprefix("cairn/1/hil/"), payload=payload)

    def do_scan(self):
        ran = subprocess.run([CAIRN, "scan", BOARD], capture_output=True, text=True, check=False)
        return {"output": ran.stdout + ran.stderr, "code": ran.returncode}

    def do_start(self):
        log = open(f"{FOLDER}/cairn.log", "w", encoding="utf-8")
        self.board = child(CAIRN, "run", BOARD, "--state", STATE, stdout=log, stderr=log)
        return {}

    def do_move(self, line, hertz, count=0, bounces=0):
        """Begins to move a line."""
        self.movers[line] = child(
            sys.executable, f"{CODE}/lines.py", self.levels[line], str(hertz), str(count),
            str(bounces), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        return {}

    def do_rest(self, line, at_once=True):
        """Ends it, or waits for its end; the times of the edges."""
        mover = self.movers.pop(line)
        if at_once:
            mover.stdin.close()
        return {"stamps": json.loads(mover.stdout.readline()), "code": mover.wait()}

    def do_stop(self):
        began = time.monotonic()
        self.board.send_signal(signal.SIGTERM)
        return {"code": self.board.wait(), "seconds": time.monotonic() - began}

    def do_stalls(self):
        """When this machine stood still."""
        return {"stalls": self.metronome.stalls}

    def do_finish(self):
        """Hands the board's state to the host."""
        shutil.copytree(STATE, f"{FOLDER}/state", symlinks=True)
        os.sync()
        subprocess.run(["umount", "/mnt"], check=True)
        return {}


def serve():
    say(booted=float(open("/proc/uptime", encoding="ascii").read().split()[0]))
    machine = Machine()
    say(ready=machine.adapters)
    for line in sys.stdin:
        request = json.loads(line)
        verb = request.pop("do")
        say(done=verb, **getattr(machine, f"do_{verb}")(**request))
        if verb == "finish":
            return


if __name__ == "__main__":
    try:
        tty.setraw(0)
        serve()
    except Exception as error:  # the host must hear of it, for it cannot look
        say(broken=f"{type(error).__name__}: {error}")
    LIBC.reboot(POWER_OFF)
