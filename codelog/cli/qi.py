"""`codelog qi`: figures over many cases."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from codelog.case.vocabulary import SETTINGS
from codelog.cli.common import reading, say
from codelog.cli.printing import format_of, made_at, output_option, printed, progress, send

# The bands of the site table; a test holds them equal.
AGES = ("newborn", "infant", "child", "above", "unknown")
_DAY = click.DateTime(["%Y-%m-%d"])


@click.command(short_help="Figures over many cases.")
@click.option("--from", "since", type=_DAY, metavar="D", help="The first day of case zero (UTC), 2026-11-22.")
@click.option("--to", "until", type=_DAY, metavar="D", help="The last day, itself included.")
@click.option("--setting", type=click.Choice(SETTINGS), help="Only cases there.")
@click.option("--age", type=click.Choice(AGES), help="Only children of that age.")
@click.option("--protocol", metavar="P", help="Only cases opened with the protocol of that id.")
@click.option(
    "--training/--clinical", default=None, help="By default clinical; trainings if there is nothing else."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "html", "pdf", "json", "csv"]),
    help="By default that of FILE's ending, else text.",
)
@output_option
@click.pass_obj
def qi(
    location: str | None,
    since: datetime | None,
    until: datetime | None,
    setting: str | None,
    age: str | None,
    protocol: str | None,
    training: bool | None,
    form: str | None,
    output: Path | None,
) -> None:
    """Figures over all cases of the store, each with its n.

    A case that cannot be read, or whose log was altered, is not counted, and is named.
    """
    from codelog import __version__
    from codelog.clinical.tables import load_tables
    from codelog.debrief.qi.gather import gather
    from codelog.debrief.qi.page import qi_sheet
    from codelog.debrief.qi.report import qi_report
    from codelog.debrief.qi.selection import Selection
    from codelog.debrief.report.as_json import plain_values

    if since is not None and until is not None and since > until:
        raise click.UsageError("--from lies after --to; no day is between them")
    chosen, at = format_of(form, output), made_at()
    selection = Selection(
        since=None if since is None else since.date().isoformat(),
        until=None if until is None else until.date().isoformat(),
        setting=setting,
        age_band=age,
        protocol=protocol,
        mode=None if training is None else "training" if training else "clinical",
    )
    with reading(location) as store:
        cases = [row.case for row in store.cases()]
        cohorts = gather(store, selection, cases, progress(len(cases), "cases read"))
    report = qi_report(cohorts, selection, load_tables(), generated_at=at, version=f"codelog {__version__}")
    send(printed(lambda: qi_sheet(report), lambda: plain_values(report), chosen), output)
    if report.counted.left_out:
        say(f"cases that could not be read, and are not counted: {len(report.counted.left_out)}")
    if not report.counted.cases:
        say("no case matches; `codelog cases` lists what is there")
