"""`make bench`: every benchmark, one table each. Exits 1 when a budget was missed."""

from __future__ import annotations

import argparse
import os
import platform
import sqlite3
import sys
from types import ModuleType

from benchmarks import append, export, idle, keys, memory, qi, report, rules, startup, verify
from benchmarks.harness import Row, print_table

BENCHMARKS: dict[str, ModuleType] = {
    "append": append,
    "export": export,
    "idle": idle,
    "keys": keys,
    "memory": memory,
    "qi": qi,
    "report": report,
    "rules": rules,
    "startup": startup,
    "verify": verify,
}


def main() -> int:
    """Run the benchmarks that were asked for."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"one of {', '.join(BENCHMARKS)}; otherwise all"
    )
    parser.add_argument("--quick", action="store_true", help="fewer rounds: a look, not a verdict")
    arguments = parser.parse_args()
    unknown = [name for name in arguments.names if name not in BENCHMARKS]
    if unknown:
        parser.error(f"there is no benchmark {unknown[0]!a}; there are {', '.join(BENCHMARKS)}")
    print(
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {os.cpu_count()} cores, "
        f"{platform.system()} {platform.machine()}"
    )
    missed = False
    for name in arguments.names or BENCHMARKS:
        lines = BENCHMARKS[name].measure(quick=arguments.quick)
        print_table(BENCHMARKS[name].TITLE, lines)
        missed = missed or any(isinstance(line, Row) and line.within is False for line in lines)
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
