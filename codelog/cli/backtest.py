"""`codelog backtest`: what another protocol would have flagged in recorded cases."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from codelog.cli.common import json_option, protocol_named, reading, say
from codelog.cli.printing import format_of, made_at, output_option, printed, progress, send

if TYPE_CHECKING:
    from codelog.case.events import Event
    from codelog.clinical.protocols import Protocol
    from codelog.clinical.tables import Tables
    from codelog.debrief.backtest import CaseBacktest


@click.command(short_help="Which flags another protocol would have raised.")
@click.argument("protocol")
@click.argument("cases", nargs=-1, metavar="[CASE...]")
@click.option(
    "--set", "settings", multiple=True, metavar="NAME=VALUE", help="Change a threshold: seconds_limit=60."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "html", "pdf", "json", "csv"]),
    help="By default that of FILE's ending, else text.",
)
@json_option
@output_option
@click.pass_obj
def backtest(
    location: str | None,
    protocol: str,
    cases: tuple[str, ...],
    settings: tuple[str, ...],
    form: str | None,
    as_json: bool,
    output: Path | None,
) -> None:
    """Which flags PROTOCOL (a shipped id or a file) would have raised in the recorded cases, and when.

    Without a CASE: in all of them. What is new, earlier, later or gone is held against what was raised that night.
    """
    from codelog import __version__
    from codelog.clinical.tables import load_tables
    from codelog.debrief.backtest import Summing
    from codelog.debrief.backtest_page import backtest_sheet
    from codelog.debrief.qi.cohort import LeftOut
    from codelog.debrief.qi.gather import CaseReader, Unread
    from codelog.debrief.report.as_json import plain_values

    changes = _changes(settings)
    tried = _changed(protocol_named(protocol), changes)
    chosen, at = format_of("json" if as_json else form, output), made_at()
    tables, summing, left_out = load_tables(), Summing(), []
    with reading(location) as store:
        wanted = list(dict.fromkeys(store.find_case(case) for case in cases))
        wanted = wanted or [row.case for row in store.cases()]
        reader, told = CaseReader(store), progress(len(wanted), "cases run")
        for case in wanted:
            try:
                summing.add(reader.read(case, partial(_run, case, tried, tables)))
            except Unread as error:
                left_out.append(LeftOut(case, str(error)))
            told(1)
    found = summing.backtest(
        tried, tuple(changes.items()), left_out, generated_at=at, version=f"codelog {__version__}"
    )
    send(printed(lambda: backtest_sheet(found), lambda: plain_values(found), chosen), output)
    if left_out:
        say(f"cases that could not be read, and were not run: {len(left_out)}")
    if not found.n:
        say("there is no case to run it over")


def _run(
    case: str, tried: Protocol, tables: Tables, events: list[Event], ran_under: Protocol
) -> CaseBacktest:
    from codelog.debrief.backtest import backtest_case
    from codelog.debrief.report.record import read_record

    return backtest_case(case, read_record(events, ran_under, tables), tried)


def _changes(settings: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for setting in settings:
        name, sign, value = setting.partition("=")
        if not sign or not name or not value:
            raise click.UsageError(f"--set takes NAME=VALUE, such as seconds_limit=60, not {setting!a}")
        if name in found:
            raise click.UsageError(f"--set {name} is given twice")
        found[name] = value
    return found


def _changed(protocol: Protocol, changes: dict[str, str]) -> Protocol:
    from codelog.clinical.protocols import with_settings

    return with_settings(protocol, changes) if changes else protocol
