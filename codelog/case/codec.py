"""An event and its line: the stored line, the exported line and the hashed bytes are the same bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from codelog.case import jsontext
from codelog.case.events import Event, read_data, write_data
from codelog.case.fields import FieldError, shown
from codelog.case.instants import InstantError, format_instant, parse_instant
from codelog.case.vocabulary import BASES

VERSION = 1
GENESIS = "0" * 64
"""`prev` of the first line of a stream."""

_ENVELOPE: dict[str, tuple[type, ...]] = {
    "case": (str,),
    "terminal": (str,),
    "seq": (int,),
    "prev": (str,),
    "kind": (str,),
    "at": (str,),
    "basis": (str,),
    "within_ms": (int, type(None)),
    "recorded_at": (str,),
    "boot": (str,),
    "boot_ms": (int,),
    "by": (str,),
    "data": (dict,),
}


class LineError(ValueError):
    """A text is no line of a codelog log; the message says what is wrong."""


def encode(event: Event) -> str:
    """The line of an event, ending in its newline."""
    line = {
        "v": VERSION,
        "case": event.case,
        "terminal": event.terminal,
        "seq": event.seq,
        "prev": event.prev,
        "kind": event.data.KIND,
        "at": format_instant(event.at),
        "basis": event.basis,
        "within_ms": event.within_ms,
        "recorded_at": format_instant(event.recorded_at),
        "boot": event.boot,
        "boot_ms": event.boot_ms,
        "by": event.by,
        "data": write_data(event.data),
    }
    return jsontext.canonical(line) + "\n"


def decode(line: str) -> Event:
    """The event of a line, with or without its newline. Ids are not checked against any list."""
    try:
        raw = jsontext.parse(line.removesuffix("\n"))
    except jsontext.JsonError as error:
        raise LineError(f"the line {error}") from None
    return event_of(raw)


def event_of(raw: Any) -> Event:
    """The event of a line that has already been parsed."""
    if not isinstance(raw, dict):
        raise LineError("the line is not a JSON object")
    raw = _upcast(raw)
    for name, kinds in _ENVELOPE.items():
        if name not in raw:
            raise LineError(f"the line lacks {name}")
        if type(raw[name]) not in kinds:
            raise LineError(f"the line's {name} is {shown(raw[name])}, which is of the wrong type")
    extra = raw.keys() - _ENVELOPE.keys() - {"v"}
    if extra:
        raise LineError(f"the line has the unknown field {shown(min(extra))}")
    if raw["seq"] < 1 or raw["boot_ms"] < 0 or (raw["within_ms"] or 0) < 0:
        raise LineError("the line has a negative number where none can be")
    if raw["basis"] not in BASES:
        raise LineError(f"the line's basis is {shown(raw['basis'])}, but must be one of {' '.join(BASES)}")
    try:
        return Event(
            case=raw["case"],
            terminal=raw["terminal"],
            seq=raw["seq"],
            prev=raw["prev"],
            at=parse_instant(raw["at"]),
            basis=raw["basis"],
            within_ms=raw["within_ms"],
            recorded_at=parse_instant(raw["recorded_at"]),
            boot=raw["boot"],
            boot_ms=raw["boot_ms"],
            by=raw["by"],
            data=read_data(raw["kind"], raw["data"], None),
        )
    except (FieldError, InstantError) as error:
        raise LineError(f"the line's {error}") from None


def digest(line: str) -> str:
    """SHA-256 of a line including its newline, as 64 hex digits."""
    return hashlib.sha256(line.encode("utf-8", "surrogatepass")).hexdigest()


def _upcast(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    """Bring a line of an older version to this one, for reading only; the stored line is never rewritten."""
    version = raw.get("v")
    if version == VERSION and type(version) is int:
        return raw
    if type(version) is int and version > VERSION:
        raise LineError(
            f"the line is of log version {version}; this codelog reads up to {VERSION}: install a newer one"
        )
    raise LineError(f"the line's v is {shown(version)}, but must be {VERSION}")
