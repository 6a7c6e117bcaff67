#!/usr/bin/env python3
"""Runs cairn in a kernel with simulated chips and lines, and checks what it makes of them.

    main.py KERNEL CAIRN FOLDER

Exit 0 where all checks held, 1 where one did not, 3 where the kernel does not run here.
"""
import os
import sys

import board
import table
from chips.selftest import check_models
from checks import check_log
from evidence import Evidence
from machine import Machine, Missing, NotHere
from report import Report
from scenario import Scenario


def main(kernel, cairn, folder):
    try:
        os.nice(-10)  # it is about time, and others may be busy here; root alone may ask for it
    except PermissionError:
        pass
    report = Report()
    check_models(report)
    rows, left_out = table.rows(board.drivers(cairn))
    for row in left_out:
        report.skip(f"{row.driver} {row.name}", "this cairn has no such driver")
    with open(os.path.join(folder, "board.yaml"), "w", encoding="utf-8") as file:
        file.write(board.text(rows))
    machine = None
    try:
        machine = Machine(kernel, cairn, folder)
        report.check(len(machine.adapters) == len(table.VHOST_BUSES) + 1, "the kernel has all buses",
                     f"up after {machine.booted:.2f} s; " + ", ".join(sorted(machine.adapters)))
        scenario = Scenario(machine, rows, report)
        scenario.run()
        check_log(scenario, Evidence(cairn, os.path.join(folder, "state")), report)
    except NotHere as reason:
        print(f"SKIPPED: {reason}")
        return 3
    except Missing as error:
        report.check(False, "the board does what is awaited", str(error))
    finally:
        if machine is not None:
            machine.end()
    return report.finish()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
