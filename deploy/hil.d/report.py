"""A line for every check, and whether all held."""
import time


class Report:
    """Prints checks as they are made."""

    def __init__(self):
        self.began = time.monotonic()
        self.passed = self.failed = self.skipped = 0

    def check(self, holds, what, detail=""):
        """One check: `what` is the sentence that must be true, `detail` what was seen."""
        if holds:
            self.passed += 1
        else:
            self.failed += 1
        self.line("PASS" if holds else "FAIL", what, detail)

    def skip(self, what, detail):
        """A check that cannot be made here."""
        self.skipped += 1
        self.line("SKIPPED", what, detail)

    @staticmethod
    def line(word, what, detail):
        print(f"{word:<8}{what}" + (f": {detail}" if detail else ""), flush=True)

    def finish(self):
        """The last line; the exit code."""
        seconds = time.monotonic() - self.began
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        print(f"{self.passed} passed, {self.failed} failed{skipped} in {seconds:.0f} s", flush=True)
        return 1 if self.failed else 0
