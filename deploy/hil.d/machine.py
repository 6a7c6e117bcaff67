"""The host's side of deploy/hil: starts the buses and the kernel, and talks to what runs there."""
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time

import table

CODE = os.path.dirname(os.path.abspath(__file__))
I2C_DEVICE = 34  # virtio's number for an I2C adapter
MEMORY = 256  # megabytes


class NotHere(Exception):
    """The kernel does not run on this machine."""


class Missing(Exception):
    """Something was awaited in vain."""


class Machine:
    """A kernel with its buses, and all that it said.

    `said` is the list of its answers, dictionaries; messages of the board have `topic`, `payload`
    and `data`, the payload's JSON.
    """

    def __init__(self, kernel, cairn, folder):
        self.folder = folder
        self.said = []
        self.changed = threading.Condition()
        self.is_over = False
        self.processes = []
        try:
            self.start_buses()
            self.start_kernel(kernel, cairn)
        except BaseException:
            self.end()
            raise

    def start_buses(self):
        """Starts the daemon whose sockets are the buses and waits for them."""
        log = open(self.path("buses.log"), "w", encoding="utf-8")
        buses = self.start([sys.executable, os.path.join(CODE, "buses.py"), self.folder], stdout=log,
                           stderr=log)
        names = [*table.VHOST_BUSES, "control"]
        deadline = time.monotonic() + 20
        while not all(os.path.exists(self.path(f"{name}.sock")) for name in names):
            if buses.poll() is not None or time.monotonic() > deadline:
                raise Missing("the daemon of the buses; see buses.log")
            time.sleep(0.01)
        control = socket.socket(socket.AF_UNIX)
        control.connect(self.path("control.sock"))
        self.control = control.makefile("rw", encoding="utf-8")

    def start_kernel(self, kernel, cairn):
        """Boots the kernel, with the host's files as its root."""
        command = [
            os.path.join(kernel, "linux"), f"mem={MEMORY}M", "root=none", "rootfstype=hostfs",
            "rootflags=/", "ro", "quiet", "con=null", "con0=fd:0,fd:1",
            *(f"virtio_uml.device={self.path(name)}.sock:{I2C_DEVICE}" for name in table.VHOST_BUSES),
            f"uml_dir={self.folder}/", f"init={CODE}/init", f"HIL_CODE={CODE}", f"HIL_FOLDER={self.folder}",
            f"HIL_CAIRN={cairn}", f"HIL_KERNEL={kernel}",
        ]
        environment = dict(os.environ)
        # The kernel's memory is a file, by itself in /dev/shm, which is small in some containers.
        shared = os.statvfs("/dev/shm") if os.path.isdir("/dev/shm") else None
        if shared is None or shared.f_bavail * shared.f_frsize < (MEMORY + 32) << 20:
            environment["TMPDIR"] = self.folder
        log = open(self.path("kernel.log"), "w", encoding="utf-8")
        self.kernel = self.start(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
                                 env=environment)
        threading.Thread(target=self.listen, daemon=True).start()
        try:
            self.booted = self.wait("the kernel's start", lambda it: "booted" in it, 30)["booted"]
        except Missing as error:
            raise NotHere(f"User Mode Linux does not run here: {self.last_words() or error}") from None
        self.adapters = self.wait("the machine", lambda it: "ready" in it, 60)["ready"]

    def last_words(self):
        """What the kernel said when it ended: its panic, else its last line."""
        said = ""
        for name in ("console.log", "kernel.log"):
            with open(self.path(name), encoding="utf-8", errors="replace") as file:
                for line in file:
                    said = line.strip() or said
                    if "panic" in line or "Failed" in line:
                        return said
        return said

    def path(self, name):
        return os.path.join(self.folder, name)

    def start(self, command, **options):
        """A process in a group of its own, which end() ends."""
        process = subprocess.Popen(command, start_new_session=True, **options)
        self.processes.append(process)
        return process

    def end(self):
        """Ends what was started, with all that it started."""
        for process in self.processes:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            process.wait()

    # What the kernel says

    def listen(self):
        """Takes the lines of the console."""
        with open(self.path("console.log"), "w", encoding="utf-8") as console:
            for raw in self.kernel.stdout:
                line = raw.decode(errors="replace").rstrip()
                console.write(line + "\n")
                console.flush()
                _, mark, text = line.partition("HIL ")
                if not mark:
                    continue
                what = json.loads(text)
                if "topic" in what:
                    what["data"] = json.loads(what["payload"]) if what["payload"] else None
                with self.changed:
                    self.said.append({**what, "at": time.time()})
                    self.changed.notify_all()
        with self.changed:
            self.is_over = True
            self.changed.notify_all()

    def wait(self, name, predicate, seconds=30, since=0):
        """The first thing said since a place of `said` that the predicate takes."""
        deadline = time.monotonic() + seconds
        with self.changed:
            while True:
                for what in self.said[since:]:
                    if "broken" in what:
                        raise Missing(f"{name}: {what['broken']}")
                    if predicate(what):
                        return what
                since = len(self.said)
                left = deadline - time.monotonic()
                if self.is_over or left <= 0:
                    raise Missing(f"{name} did not come" + (", the kernel ended" if self.is_over else ""))
                self.changed.wait(left)

    def request(self, verb, seconds=60, **arguments):
        """Asks the agent for something and waits for its answer."""
        place = len(self.said)
        self.kernel.stdin.write((json.dumps({"do": verb, **arguments}) + "\n").encode())
        self.kernel.stdin.flush()
        return self.wait(f"the end of '{verb}'", lambda it: it.get("done") == verb, seconds, place)

    def bus(self, verb, chip=None, **arguments):
        """Tells the daemon of the buses, and waits until it has done it."""
        self.control.write(json.dumps({"do": verb, "chip": chip, **arguments}) + "\n")
        self.control.flush()
        answer = json.loads(self.control.readline())
        if "error" in answer:
            raise Missing(f"the bus: {answer['error']}")
        return answer

    # What the board publishes

    @property
    def place(self):
        """Where in `said` the next thing will be."""
        return len(self.said)

    def wait_event(self, kind, subject, since, seconds=30):
        """An event of the board."""
        return self.wait(
            f"the event '{kind}' of {subject}",
            lambda it: it.get("topic") == "event" and it["data"]["kind"] == kind
            and it["data"]["subject"] == subject, seconds, since)["data"]

    def wait_readings(self, sensor, count, since, predicate=lambda values: True, seconds=30):
        """Some readings of a sensor, those that the predicate takes: a list of {channel: value}."""
        found = []
        for _ in range(count):
            def take(it):
                return it.get("topic") == f"sensor/{sensor}" and predicate(values_of(it))
            what = self.wait(f"a reading of {sensor}", take, seconds, since)
            since = self.said.index(what, since) + 1
            found.append(values_of(what))
        return found


def values_of(message):
    """The values of a message of a sensor, by channel."""
    return {record["n"].rpartition("/")[2]: record["v"] for record in message["data"]}
