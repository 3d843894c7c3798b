"""What the reports share: when they are made, how those over many cases are printed, where they go, how far they are."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from codelog.debrief.sheet.sheet import Sheet

MADE_AT = "SOURCE_DATE_EPOCH"
"""Seconds since 1970 that count as now: the same cases make the same bytes then."""
ENDINGS = {".html": "html", ".htm": "html", ".pdf": "pdf", ".json": "json", ".csv": "csv", ".txt": "text"}

output_option = click.option(
    "-o", "--output", metavar="FILE", type=click.Path(path_type=Path), help="Instead of standard output."
)


def made_at() -> int:
    """The instant at which a report is made, in milliseconds since the epoch."""
    given = os.environ.get(MADE_AT)
    if given is None:
        return time.time_ns() // 1_000_000
    if not given.isascii() or not given.isdecimal() or len(given) > 11:
        raise click.UsageError(f"{MADE_AT} is a number of seconds since 1970, for instance 1795363200")
    return int(given) * 1000


def format_of(form: str | None, output: Path | None, endings: Mapping[str, str] = ENDINGS) -> str:
    """The format asked for, else that of the file's ending, else text. A PDF needs somewhere to go."""
    chosen = form or endings.get("" if output is None else output.suffix.lower(), "text")
    if chosen == "pdf" and output is None and sys.stdout.isatty():
        raise click.UsageError("a PDF is nothing for a terminal to show; name a file for it: -o FILE")
    return chosen


def printed(sheet: Callable[[], Sheet], values: Callable[[], object], chosen: str) -> bytes:
    """A report in a format: the sheet for people, the plain values for programs."""
    from codelog.case import jsontext

    if chosen == "json":
        return f"{jsontext.canonical(values())}\n".encode()
    if chosen == "csv":
        from codelog.debrief.qi.table import figures_csv

        return figures_csv(values()).encode()
    if chosen == "html":
        from codelog.debrief.sheet.html import sheet_html

        return sheet_html(sheet()).encode()
    if chosen == "pdf":
        from codelog.debrief.render.pdf import NoTypst
        from codelog.debrief.sheet.pdf import sheet_pdf

        try:
            return sheet_pdf(sheet())
        except NoTypst as error:
            raise click.UsageError(str(error)) from None
    from codelog.debrief.sheet.text import sheet_text

    return "".join(f"{line}\n" for line in sheet_text(sheet())).encode()


def send(content: bytes, output: Path | None) -> None:
    """To standard output, or into a file that is there as a whole or not at all."""
    if output is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    from codelog.debrief.render.sending import put_into

    try:
        put_into(output, content)
    except OSError as error:
        raise click.UsageError(f"{output} cannot be written: {error.strerror}") from None


def progress(many: int, what: str) -> Callable[[int], None]:
    """Tells a person at a terminal how many of `many` are done; call it with how many more. Silent otherwise."""
    if many < _WORTH_TELLING or not sys.stderr.isatty():
        return lambda more: None
    done = 0

    def told(more: int) -> None:
        nonlocal done
        done += more
        filled = _BAR * done // many
        bar = "#" * filled + "-" * (_BAR - filled)
        end = "\n" if done >= many else ""
        sys.stderr.write(f"\r{what} [{bar}] {done} of {many}{end}")
        sys.stderr.flush()

    return told


_WORTH_TELLING = 200
_BAR = 30
