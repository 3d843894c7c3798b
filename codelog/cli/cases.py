"""`codelog cases` and `codelog show`."""

from __future__ import annotations

import click

from codelog.cli.common import json_option, noted_view, reading, say, write_lines


@click.command(short_help="List the cases, the newest first.")
@json_option
@click.pass_obj
def cases(location: str | None, as_json: bool) -> None:
    """List the cases of the store, the one opened last first."""
    from codelog.case import jsontext
    from codelog.case.codec import decode
    from codelog.case.events import CaseOpened
    from codelog.case.instants import format_instant
    from codelog.debrief.plain import plain

    with reading(location) as store:
        empty = True
        for row in store.cases():
            empty = False
            first = decode(row.opened)
            opened = first.data
            assert isinstance(opened, CaseOpened)
            if as_json:
                listed = {
                    "case": row.case,
                    "opened_at": format_instant(first.at),
                    "setting": opened.setting,
                    "zero": opened.zero,
                    "mode": opened.mode,
                    "label": opened.label,
                    "place": opened.place,
                    "protocol": opened.protocol.id if opened.protocol else None,
                    "terminals": list(row.terminals),
                    "events": row.events,
                    "recorded_at": row.recorded_at,
                    "closed": row.closed,
                }
                write_lines([jsontext.canonical(listed) + "\n"])
            else:
                at = format_instant(first.at)[:16].replace("T", " ")
                status = "closed" if row.closed else "open"
                click.echo(
                    f"{row.case[:8]}  {at} UTC  {opened.mode:8}  {status:6}  {row.events:5} events  "
                    f"{opened.setting}  {plain(opened.label or '', 60)}".rstrip()
                )
        if empty and not as_json:
            say("there is no case in this store yet; `codelog` opens one")


@click.command(short_help="Show one case's timeline.")
@click.argument("case")
@click.option("--corrected", is_flag=True, help="As corrected, in order of time, instead of as entered.")
@json_option
@click.pass_obj
def show(location: str | None, case: str, corrected: bool, as_json: bool) -> None:
    """Show the timeline of CASE: the beginning of its id, or `last`. As entered, unless --corrected."""
    from codelog.case.codec import decode
    from codelog.clinical.tables import load_tables
    from codelog.debrief.timeline import corrected_timeline, timeline

    with reading(location) as store:
        found = store.find_case(case)
        noted_view(store, found, "codelog show")
        if as_json:
            write_lines(store.lines(found))
            return
        for terminal in store.streams(found):
            events = [decode(line) for line in store.lines(found, terminal)]
            rows = corrected_timeline if corrected else timeline
            for row in rows(events, load_tables()):
                click.echo(row)
