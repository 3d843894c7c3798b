"""`codelog usability`: how well a case was recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from codelog.cli.common import json_option, out, reading, write_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codelog.case.events import Event
    from codelog.clinical.tables import Tables
    from codelog.terminal.training.script import Script


@click.command(short_help="Show how well a case was recorded.")
@click.argument("case")
@click.option(
    "--script",
    metavar="SCENARIO",
    help="What happened: a published case or a file; a training names its own.",
)
@json_option
@click.pass_obj
def usability(location: str | None, case: str, script: str | None, as_json: bool) -> None:
    """Compare the record of CASE with its script: the beginning of its id, or `last`.

    A case without a script has the figures that can be had without one.
    """
    from codelog.case import jsontext
    from codelog.case.codec import decode
    from codelog.clinical.tables import load_tables
    from codelog.debrief import usability as figures
    from codelog.debrief import usability_text as words
    from codelog.live.keycount import keys_of

    tables = load_tables()
    with reading(location) as store:
        found = store.find_case(case)
        streams = {
            terminal: [decode(line) for line in store.lines(found, terminal)]
            for terminal in store.streams(found)
        }
        keys = keys_of(store.path, found) if len(streams) == 1 else None
    for terminal, events in streams.items():
        known = _script(script, events, tables)
        counted = figures.usability(events, None if known is None else known.events, keys)
        if as_json:
            record = {
                "case": found,
                "terminal": terminal,
                "mode": _mode(events),
                "script": None if known is None else known.name,
            }
            write_lines([jsontext.canonical(record | words.usability_record(counted, tables)) + "\n"])
            continue
        out(f"case {found}  terminal {terminal}  {(_mode(events) or 'mode not known').upper()}")
        out(f"script {known.name}: {known.title}" if known is not None else "no script")
        out("")
        for line in words.usability_lines(counted, tables):
            out(line)


def _script(named: str | None, events: Sequence[Event], tables: Tables) -> Script | None:
    from codelog.case.events import CaseOpened
    from codelog.terminal.training.script import load_script, script_of

    if named is not None:
        return load_script(named, tables)
    opened = next((event.data for event in events if isinstance(event.data, CaseOpened)), None)
    return None if opened is None else script_of(opened.label, tables)


def _mode(events: Sequence[Event]) -> str | None:
    from codelog.case.events import CaseOpened

    return next((event.data.mode for event in events if isinstance(event.data, CaseOpened)), None)
