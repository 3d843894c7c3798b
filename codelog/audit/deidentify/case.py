"""One case told without saying who: a new case with lines, numbers and a chain of its own."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from codelog.audit.deidentify.allowed import ALLOWED, instant, up_to
from codelog.audit.deidentify.groups import Exactness
from codelog.audit.deidentify.names import Name, Names, terminals_of
from codelog.audit.exported import ExportedCase, Stream
from codelog.case.codec import GENESIS, digest, encode
from codelog.case.events import CaseClosed, Data, Event, EventAmended, fields_of, read_data, write_data
from codelog.case.fields import FieldError
from codelog.case.instants import DAY, format_instant

_SCRIBE = "scribe"
_DOUBT = up_to(DAY)


def deidentified(case: ExportedCase, zero: int, exactness: Exactness, *, include_text: bool) -> ExportedCase:
    """The case as it may leave the house; `zero` is the instant of its case zero.

    Entries that may not be told are left out, and the rest numbered anew. `include_text`: somebody has reviewed the
    free text, and it stays.
    """
    names = Names(
        case=str(uuid.uuid4()),
        zero=zero,
        exactness=exactness,
        tables=case.tables,
        include_text=include_text,
        terminals=terminals_of([stream.terminal for stream in case.streams]),
        kinds={_name(event): event.kind for event in case.events},
    )
    names.introduce(case.events)
    streams = _streams(_told(case.events, names), names)
    return ExportedCase(
        names.case,
        tuple(Stream(terminal, partial(iter, [lines])) for terminal, lines in streams.items()),
        case.tables,
        case.find_protocol,
    )


def _name(event: Event) -> Name:
    return event.terminal, event.seq


def _told(events: Iterable[Event], names: Names) -> list[Event]:
    """The events that can be told, in ways that no longer name those that cannot."""
    left = list(events)
    while True:
        names.entries = _numbered(left)
        told = [(event, _event(event, names)) for event in left]
        if all(new is not None for _, new in told):
            return [new for _, new in told if new is not None]
        # An entry about one that is not told may not be told either.
        left = [event for event, new in told if new is not None]


def _numbered(events: Iterable[Event]) -> dict[Name, int]:
    counts: dict[str, int] = {}
    numbers = {}
    for event in events:
        numbers[_name(event)] = counts[event.terminal] = counts.get(event.terminal, 0) + 1
    return numbers


def _event(event: Event, names: Names) -> Event | None:
    at = instant(format_instant(event.at), names, event.terminal)
    recorded_at = instant(format_instant(event.recorded_at), names, event.terminal)
    data = _data(event, names)
    if at is None or recorded_at is None or data is None:
        return None
    return dataclasses.replace(
        event,
        case=names.case,
        seq=names.entries[_name(event)],
        at=names.instant(event.at),
        within_ms=None if event.within_ms is None else _DOUBT(event.within_ms, names, event.terminal),
        recorded_at=names.instant(event.recorded_at),
        by=names.person(event.by, _SCRIBE),
        data=data,
    )


def _data(event: Event, names: Names) -> Data | None:
    """What may be told of an event's data; None where too little of it is left."""
    if event.kind not in ALLOWED:
        return None
    said = write_data(event.data)
    told = _fields(event.kind, said, names, event.terminal)
    if isinstance(event.data, EventAmended):
        told["changes"] = _changes(event.data, names, event.terminal)
    try:
        return read_data(event.kind, told, None)
    except FieldError:
        return None


def _fields(kind: str, said: Mapping[str, Any], names: Names, terminal: str) -> dict[str, Any]:
    told = {}
    for name, way in ALLOWED[kind].items():
        if name in said and (value := way(said[name], names, terminal)) is not None:
            told[name] = value
    return told


def _changes(amendment: EventAmended, names: Names, terminal: str) -> dict[str, Any]:
    target = names.split(amendment.target, terminal)
    kind = None if target is None else names.kinds.get(target)
    if kind is None or kind not in ALLOWED:
        return {}
    told: dict[str, Any] = {}
    for name, value in amendment.changes.items():
        if name == "at" and isinstance(value, str):
            told |= {} if (at := instant(value, names, terminal)) is None else {"at": at}
        elif name in ALLOWED[kind] and value is None:
            told[name] = None
        elif name in ALLOWED[kind] and _fits(kind, name, value):
            told |= _fields(kind, {name: value}, names, terminal)
    return told


def _fits(kind: str, name: str, value: Any) -> bool:
    """Whether an amendment's value is one that the field can have; the log does not promise it."""
    try:
        fields_of(kind)[name].type.read(value, None)
    except FieldError:
        return False
    return True


def _streams(events: Iterable[Event], names: Names) -> dict[str, list[bytes]]:
    """The lines of every stream, chained, by the terminal's new name."""
    streams: dict[str, list[bytes]] = {}
    heads: dict[str, str] = {}
    boots: dict[tuple[str, str], tuple[str, int]] = {}
    for event in events:
        terminal = names.terminals[event.terminal]
        own = event.terminal, event.boot
        # How long a computer had been running would tell it from others.
        boot, since = boots.setdefault(own, (f"b{len(boots) + 1}", event.boot_ms))
        line = encode(
            dataclasses.replace(
                event,
                terminal=terminal,
                prev=heads.get(terminal, GENESIS),
                boot=boot,
                boot_ms=max(0, event.boot_ms - since),
                data=_counted(event),
            )
        )
        heads[terminal] = digest(line)
        streams.setdefault(terminal, []).append(line.encode())
    return streams


def _counted(event: Event) -> Data:
    """The closing says how many lines there are with it; there may be fewer now."""
    return (
        dataclasses.replace(event.data, events=event.seq)
        if isinstance(event.data, CaseClosed)
        else event.data
    )
