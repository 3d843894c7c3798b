"""`codelog audit`: who viewed, exported, verified, restored."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from codelog.cli.common import json_option, noted, out, reading, say, write_lines

if TYPE_CHECKING:
    from codelog.log.audit_stream import AuditEvent


@click.command(short_help="Who viewed, exported, verified, restored.")
@click.option(
    "--terminal", metavar="T", help="Only the stream of this terminal, as `codelog verify` takes it."
)
@json_option
@click.option("--fhir", "as_fhir", is_flag=True, help="FHIR R4 AuditEvents, one a line.")
@click.pass_obj
def audit(location: str | None, terminal: str | None, as_json: bool, as_fhir: bool) -> None:
    """List the audit stream, the oldest first; with --json its stored lines. That somebody reads it is noted too.

    A store has a stream for each terminal that it has been: a restored backup is another one.
    """
    from codelog.log.audit_kinds import AUDIT, KINDS
    from codelog.log.audit_stream import audit_events_of
    from codelog.log.checkpoints import sign
    from codelog.log.errors import StoreError

    noted(location, "audit.read", {"command": "codelog audit"})
    with reading(location) as store:
        try:
            sign(store, AUDIT, store.terminal)
        except StoreError as error:
            say(f"the audit stream is not signed: {error}")
        wanted = (event for event in audit_events_of(store) if terminal in (None, event.terminal))
        if as_fhir:
            _write_fhir(wanted)
            return
        for event in wanted:
            if as_json:
                write_lines([event.line])
                continue
            at = event.at[:19].replace("T", " ")
            what = KINDS.get(event.kind, event.kind)
            out(f"{at} UTC  {event.by:10}  {what}{_details(event.data)}  ({event.terminal} #{event.seq})")


def _write_fhir(events: Iterable[AuditEvent]) -> None:
    from codelog.audit.fhir.audit_event import audit_events
    from codelog.audit.fhir.bundle import encode
    from codelog.clinical.codes import load_codes

    write_lines(f"{encode(resource).decode().rstrip()}\n" for resource in audit_events(events, load_codes()))


def _details(data: object) -> str:
    """What else an event says, but for what is too long for a line."""
    assert isinstance(data, dict)
    said = {name: value for name, value in data.items() if name not in ("public_key", "note")}
    return "".join(f"; {name} {_shown(value)}" for name, value in said.items() if value not in (None, "", []))


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
