"""All streams of a case as one: every event under one number, every reference resolved to what it means."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from heapq import merge as merge_sorted
from typing import Any

from codelog.case.corrections import OPENING_SEQ
from codelog.case.events import CaseOpened, Event, EventAmended, Ref, fields_of

_ENTRIES = ("target", "entry")
_NUMBERS = ("attempt", "infusion", "flag")


@dataclass(frozen=True, slots=True)
class Merged:
    """The events in order of entry, each `seq` its number in the merged case; `refs` maps that to its own number.

    Merged numbers sort entries of one instant as the log format does: by terminal, then by seq. In a case with one
    stream they are its own.
    """

    events: tuple[Event, ...]
    refs: Mapping[int, Ref]


def merge(events: Iterable[Event]) -> Merged:
    """Bring the streams of one case together. The stream that opened the case is the first one."""
    streams: dict[str, list[Event]] = {}
    for event in events:
        streams.setdefault(event.terminal, []).append(event)
    for stream in streams.values():
        stream.sort(key=lambda event: event.seq)
    return _Merger(streams).merged()


class _Merger:
    def __init__(self, streams: dict[str, list[Event]]) -> None:
        self._streams = streams
        openings = [
            (event.recorded_at, terminal, event)
            for terminal, stream in streams.items()
            for event in stream
            if isinstance(event.data, CaseOpened)
        ]
        self._opening = min(openings, key=lambda opening: opening[:2])[2] if openings else None
        self._first = min(streams, default="") if self._opening is None else self._opening.terminal
        self._numbers = self._numbered()

    def merged(self) -> Merged:
        """The merged case."""
        in_order = merge_sorted(
            *self._streams.values(), key=lambda event: (event.recorded_at, event.terminal)
        )
        events = tuple(
            self._resolved(event)
            for event in in_order
            if event is self._opening or not isinstance(event.data, CaseOpened)
        )
        refs = {number: self._own(*key) for key, number in self._numbers.items()}
        return Merged(events, refs)

    def _numbered(self) -> dict[tuple[str, int], int]:
        if len(self._streams) < 2:
            return {
                (event.terminal, event.seq): event.seq
                for stream in self._streams.values()
                for event in stream
            }
        keys = [
            (event.terminal, event.seq) for name in sorted(self._streams) for event in self._streams[name]
        ]
        if self._opening is not None:
            opening = (self._opening.terminal, self._opening.seq)
            keys = [opening, *(key for key in keys if key != opening)]
        return {key: number for number, key in enumerate(keys, OPENING_SEQ)}

    def _own(self, terminal: str, number: int) -> Ref:
        return number if terminal == self._first else f"{terminal}/{number}"

    def _split(self, terminal: str, ref: Ref) -> tuple[str, int]:
        if isinstance(ref, int):
            return terminal, ref
        other, _, number = ref.rpartition("/")
        return other, int(number)

    def _entry(self, terminal: str, ref: Ref) -> Ref:
        """The merged number of an entry; what is not here keeps a name that no entry has."""
        key = self._split(terminal, ref)
        return self._numbers.get(key, f"{key[0]}/{key[1]}")

    def _number(self, terminal: str, ref: Ref) -> Ref:
        return self._own(*self._split(terminal, ref))

    def _resolved(self, event: Event) -> Event:
        data, terminal = event.data, event.terminal
        changed: dict[str, Any] = {}
        for name in _references(event.kind):
            value = getattr(data, name)
            if value is None:
                continue
            if name == "evidence":
                changed[name] = tuple(self._entry(terminal, ref) for ref in value)
            else:
                changed[name] = (self._entry if name in _ENTRIES else self._number)(terminal, value)
        if isinstance(data, EventAmended):
            changed["changes"] = {
                name: self._number(terminal, value) if name in _NUMBERS and _is_ref(value) else value
                for name, value in data.changes.items()
            }
        number = self._numbers[terminal, event.seq]
        if number == event.seq and all(getattr(data, name) == value for name, value in changed.items()):
            return event
        return dataclasses.replace(event, seq=number, data=dataclasses.replace(data, **changed))  # type: ignore[type-var]


def _is_ref(value: Any) -> bool:
    if isinstance(value, str):
        return value.rpartition("/")[2].isdecimal() and "/" in value
    return type(value) is int


@cache
def _references(kind: str) -> tuple[str, ...]:
    names = (*_ENTRIES, *_NUMBERS, "evidence")
    return tuple(name for name in fields_of(kind) if name in names)
