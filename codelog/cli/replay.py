"""`codelog replay`: a scenario through the recorder and the watcher."""

from __future__ import annotations

import click

from codelog.cli.common import json_option, noted, protocol_named, read_file, say, write_lines, writing


@click.command(short_help="Play a scenario file and show its timeline and flags.")
@click.argument("file")
@click.option("--protocol", metavar="P", help="A shipped protocol's id or a file; otherwise gomella.")
@click.option("--record", is_flag=True, help="Store the lines as a training case.")
@json_option
@click.pass_obj
def replay(location: str | None, file: str, protocol: str | None, record: bool, as_json: bool) -> None:
    """Play the scenario FILE on a virtual clock through the same recorder and the same watcher as a live case."""
    from codelog.case.scenario import ScenarioError, read_scenario
    from codelog.clinical.tables import load_tables
    from codelog.live import replay as player

    tables = load_tables()
    chosen = protocol_named(protocol)
    try:
        scenario = read_scenario(read_file(file), tables.vocabulary())
        if record and scenario.mode != "training":
            raise ScenarioError(1, "mode is clinical, but only a training case is recorded from a scenario")
        lines = player.replay(scenario, chosen, tables)
    except ScenarioError as error:
        raise click.UsageError(f"{file}: {error}") from None
    if record:
        _record(location, chosen, lines)
    if as_json:
        write_lines(lines)
    else:
        from codelog.case.codec import decode
        from codelog.debrief.timeline import timeline

        for row in timeline([decode(line) for line in lines], tables):
            click.echo(row)


def _record(location: str | None, protocol: object, lines: list[str]) -> None:
    from codelog.case.codec import decode
    from codelog.clinical.protocols import Protocol
    from codelog.live.protocols import keep_protocol, note_new_protocol
    from codelog.log.checkpoints import sign_due
    from codelog.log.errors import StoreError

    case = decode(lines[0]).case
    with writing(location) as store:
        new = store.append_stream(lines)
        if isinstance(protocol, Protocol):
            keep_protocol(store, protocol)
            note_new_protocol(store, protocol)
        if new:
            # The lines stand on the scenario's own clock; when they were recorded stands in the audit stream.
            noted(location, "audit.recorded", {"command": "codelog replay --record", "cases": [case]})
            try:
                sign_due(store, case, decode(lines[0]).terminal)
            except StoreError as error:
                say(f"the case is recorded, but not signed: {error}")
    say(
        f"recorded as training case {case}"
        if new
        else f"training case {case} was recorded already; nothing changed"
    )
