"""`codelog report`: the debrief report of one case."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from codelog.cli.common import noted_view, reading, say
from codelog.cli.exits import NO
from codelog.cli.printing import format_of, made_at, output_option, send

if TYPE_CHECKING:
    from codelog.debrief.render.formats import Format, Paper


@click.command(short_help="The debrief report of a case.")
@click.argument("case")
@click.option(
    "--format",
    "form",
    type=click.Choice(["html", "pdf", "text", "json"]),
    help="By default that of FILE's ending, else text.",
)
@output_option
@click.option(
    "--paper", type=click.Choice(["a4", "letter"]), default="a4", show_default=True, help="Of the PDF."
)
@click.pass_context
def report(ctx: click.Context, case: str, form: Format | None, output: Path | None, paper: Paper) -> None:
    """Report on CASE: the beginning of its id, or `last`. The chain of its log is verified on the way.

    An open case gets an interim report. A case whose log was altered gets one that says so first; exit code 1.
    """
    from codelog.clinical.tables import load_tables
    from codelog.debrief.render.formats import ENDINGS, FORMATS, printed
    from codelog.debrief.report.of_store import report_of_case

    chosen = cast("Format", format_of(form, output, {ENDINGS[known]: known for known in FORMATS}))
    with reading(ctx.obj) as store:
        wanted = store.find_case(case)
        noted_view(store, wanted, "codelog report")
        found = report_of_case(store, wanted, load_tables(), generated_at=made_at())
    send(printed(found, chosen, paper), output)
    broken = [stream for stream in found.fingerprints.streams if stream.intact is False]
    for stream in broken:
        say(f"the log of terminal {stream.terminal} is not as it was written: {stream.problem}")
    if broken:
        ctx.exit(NO)
