"""`codelog add`: one event without the terminal UI."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

from codelog.cli.common import protocol_named, say, write_lines, writing

if TYPE_CHECKING:
    from codelog.case.fields import FieldType
    from codelog.live.recorder import Recorder
    from codelog.log.store import Store

NEW = "new"
_AGO = re.compile(r"(?:([0-9]{1,4})h)?(?:([0-9]{1,5})m)?(?:([0-9]{1,7})s)?")


@click.command(short_help="Enter one event; prints its line once it is durable.")
@click.argument("case")
@click.argument("kind")
@click.argument("fields", nargs=-1, metavar="[field=value ...]")
@click.option("--ago", metavar="90s", help="How long ago it happened: 90s, 2m, 1h5m.")
@click.option("--at", "at_text", metavar="TIME", help="When it happened: UTC, or M:SS from case zero.")
@click.option("--by", default="scribe", show_default=True, help="Who enters it.")
@click.option(
    "--basis", type=click.Choice(["live", "stated", "device", "reconstructed"]), help="How the time is known."
)
@click.option(
    "--within", metavar="MS", type=click.IntRange(min=0), help="Uncertainty of the time, in milliseconds."
)
@click.option(
    "--protocol", metavar="P", help="For a new case: a shipped protocol's id or a file; otherwise gomella."
)
@click.pass_obj
def add(
    location: str | None,
    case: str,
    kind: str,
    fields: tuple[str, ...],
    ago: str | None,
    at_text: str | None,
    by: str,
    basis: str | None,
    within: int | None,
    protocol: str | None,
) -> None:
    """Enter one event of KIND into CASE: the beginning of its id, `last`, or `new` to open one.

    A list is written a,b,c and an object as JSON; what cannot be meant otherwise needs no quotes.
    """
    from codelog.case.codec import encode
    from codelog.live.recorder import Request

    if ago is not None and at_text is not None:
        raise click.UsageError("--ago and --at both say when it happened; give one of them")
    if protocol is not None and case != NEW:
        raise click.UsageError("--protocol is chosen when a case is opened; leave it out")
    when = {} if at_text is None else _when(case, at_text)
    if ago is not None:
        when["ago"] = _span(ago)
    request = Request(kind=kind, data=_data(kind, fields), by=by, basis=basis, within_ms=within, **when)
    with writing(location, create=case == NEW) as store:
        recorder = _recorder(store, case, kind, protocol)
        recorded = recorder.record(request)
        try:
            write_lines(encode(event) for event in recorded.entries)
        except OSError:
            say("the entry is stored, though its line cannot be printed; do not enter it again")
            raise
        _narrate(recorder, recorded.written)
        _sign(recorder)


def _recorder(store: Store, case: str, kind: str, protocol: str | None) -> Recorder:
    from codelog.clinical.tables import load_tables
    from codelog.live.cases import open_recorder, resume_recorder
    from codelog.live.clock import SystemClock

    tables = load_tables()
    if case == NEW:
        if kind != "case.opened":
            raise click.UsageError(f"a new case begins with case.opened, not {kind}")
        return open_recorder(store, protocol_named(protocol), SystemClock(), tables)
    return resume_recorder(store, store.find_case(case), SystemClock(), tables)


def _sign(recorder: Recorder) -> None:
    """Sign the case where that is due. The entry is stored whatever becomes of it."""
    from codelog.log.errors import StoreError

    try:
        recorder.sign()
    except StoreError as error:
        say(f"the entry is saved, but not signed: {error}")


def _span(text: str) -> int:
    match = _AGO.fullmatch(text)
    if not match or not any(match.groups()):
        raise click.UsageError(f"--ago {text!a} is not a span of time; write 90s, 2m or 1h5m")
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return ((hours * 60 + minutes) * 60 + seconds) * 1000


def _when(case: str, text: str) -> dict[str, int]:
    from codelog.case.instants import InstantError, parse_elapsed, parse_instant

    try:
        return {"at": parse_instant(text)}
    except InstantError as error:
        if case == NEW or "T" in text:
            raise click.UsageError(f"--at: {error}") from None
    try:
        return {"since_zero": parse_elapsed(text)}
    except InstantError:
        raise click.UsageError(
            f"--at {text!a} is no time; write UTC like 2026-11-22T16:27:52.123Z, or M:SS from case zero"
        ) from None


def _data(kind: str, fields: tuple[str, ...]) -> dict[str, Any]:
    from codelog.case.events import KINDS, fields_of
    from codelog.case.fields import nearest

    if kind not in KINDS:
        raise click.UsageError(
            f"{kind!a} is not a kind of event{nearest(kind, KINDS)}; `codelog add --help` tells more"
        )
    known = fields_of(kind)
    data: dict[str, Any] = {}
    for field in fields:
        name, equals, text = field.partition("=")
        if not equals:
            raise click.UsageError(f"{field!a} is not field=value")
        if name in data:
            raise click.UsageError(f"{name} is given twice")
        if name not in known and not (name == "rule" and kind.startswith("flag.")):
            raise click.UsageError(
                f"{kind} has no field {name!a}{nearest(name, known)}; its fields are {' '.join(known)}"
            )
        data[name] = _value(known[name].type, name, text) if name in known else text
    return data


def _value(field_type: FieldType, name: str, text: str) -> Any:
    """The JSON value that a text on the command line stands for; the field's own type judges it later."""
    from codelog.case import fields, jsontext

    if isinstance(field_type, (fields.Whole, fields.Reference)) and re.fullmatch(r"-?[0-9]{1,17}", text):
        return int(text)
    if isinstance(field_type, fields.YesNo) and text.lower() in ("true", "yes", "false", "no"):
        return text.lower() in ("true", "yes")
    if isinstance(field_type, fields.ListOf) and not text.startswith("["):
        return [part for part in text.split(",") if part]
    if isinstance(field_type, (fields.ListOf, fields.MapOf)):
        try:
            return jsontext.parse(text)
        except jsontext.JsonError as error:
            raise click.UsageError(f"{name} {error}") from None
    return text


def _narrate(recorder: Recorder, written: tuple[Any, ...]) -> None:
    from codelog.case.events import CaseOpened, CaseReopened, ClockStepped, FlagCleared, FlagRaised

    for event in written:
        data = event.data
        if isinstance(data, CaseOpened):
            say(f"opened case {event.case}, protocol {recorder.protocol.id} ({recorder.protocol.status})")
        elif isinstance(data, CaseReopened):
            say("the case was closed and is open again")
        elif isinstance(data, FlagRaised):
            say(f"flag {data.flag} {data.rule} ({data.basis}): {data.text}")
        elif isinstance(data, FlagCleared):
            say(f"flag {data.flag} cleared: {data.because}")
        elif isinstance(data, ClockStepped):
            say(f"the wall clock has jumped by {data.wall_ms} ms; the case's clocks have not")
    for rule in recorder.failures:
        say(f"the rule {rule} is not running")
