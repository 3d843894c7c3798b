"""`codelog report`: the debrief report of one case."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from codelog.cli.common import noted_view, reading, say
from codelog.cli.exits import NO

if TYPE_CHECKING:
    from codelog.debrief.render.formats import Format, Paper

MADE_AT = "SOURCE_DATE_EPOCH"
"""Seconds since 1970 that count as now: the same case makes the same bytes then."""


@click.command(short_help="The debrief report of a case.")
@click.argument("case")
@click.option(
    "--format",
    "form",
    type=click.Choice(["html", "pdf", "text", "json"]),
    help="By default that of FILE's ending, else text.",
)
@click.option(
    "-o", "--output", metavar="FILE", type=click.Path(path_type=Path), help="Instead of standard output."
)
@click.option(
    "--paper", type=click.Choice(["a4", "letter"]), default="a4", show_default=True, help="Of the PDF."
)
@click.pass_context
def report(ctx: click.Context, case: str, form: Format | None, output: Path | None, paper: Paper) -> None:
    """Report on CASE: the beginning of its id, or `last`. The chain of its log is verified on the way.

    An open case gets an interim report. A case whose log was altered gets one that says so first; exit code 1.
    """
    from codelog.clinical.tables import load_tables
    from codelog.debrief.render.formats import printed
    from codelog.debrief.render.sending import put_into
    from codelog.debrief.report.of_store import report_of_case

    chosen = form or _by_ending(output)
    if chosen == "pdf" and output is None and sys.stdout.isatty():
        raise click.UsageError("a PDF is nothing for a terminal to show; name a file for it: -o FILE")
    with reading(ctx.obj) as store:
        wanted = store.find_case(case)
        noted_view(store, wanted, "codelog report")
        found = report_of_case(store, wanted, load_tables(), generated_at=_now())
    content = printed(found, chosen, paper)
    if output is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    else:
        try:
            put_into(output, content)
        except OSError as error:
            raise click.UsageError(f"{output} cannot be written: {error.strerror}") from None
    broken = [stream for stream in found.fingerprints.streams if stream.intact is False]
    for stream in broken:
        say(f"the log of terminal {stream.terminal} is not as it was written: {stream.problem}")
    if broken:
        ctx.exit(NO)


def _by_ending(output: Path | None) -> Format:
    from codelog.debrief.render.formats import ENDINGS, FORMATS

    ending = "" if output is None else output.suffix.lower()
    return next((form for form in FORMATS if ENDINGS[form] == ending), "text")


def _now() -> int:
    """The instant at which the report is made, in milliseconds since the epoch."""
    given = os.environ.get(MADE_AT)
    if given is None:
        return time.time_ns() // 1_000_000
    if not given.isascii() or not given.isdecimal() or len(given) > 11:
        raise click.UsageError(f"{MADE_AT} is a number of seconds since 1970, for instance 1795363200")
    return int(given) * 1000
