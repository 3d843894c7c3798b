"""Amendments and retractions: from what was entered to what is held to be true.

Nothing entered is ever changed; the corrected reading is computed anew from the entries and their corrections.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from codelog.case.events import (
    ANSWER_KINDS,
    FLAG_KINDS,
    PROGRAM_FIELDS,
    UNCORRECTABLE,
    Data,
    Event,
    EventAmended,
    EventRetracted,
    Ref,
    fields_of,
    read_data,
    write_data,
)
from codelog.case.fields import FieldError, nearest, shown
from codelog.case.instants import InstantError, parse_instant
from codelog.case.vocabulary import Vocabulary

OPENING_SEQ = 1
"""The seq of `case.opened`; without it there is no case, so a retraction of it in a foreign log does nothing."""


class CorrectionError(ValueError):
    """A correction cannot be made; the message says why and what can be done instead."""


def active_corrections(events: Iterable[Event]) -> list[Event]:
    """The corrections that are not themselves retracted, in order of seq."""
    retracted: set[Ref] = set()
    active = []
    corrections = [event for event in events if isinstance(event.data, (EventAmended, EventRetracted))]
    # A correction can only name an earlier entry, so the last one stands and decides about those before it.
    for event in reversed(corrections):
        if event.seq in retracted:
            continue
        active.append(event)
        if isinstance(event.data, EventRetracted):
            retracted.add(event.data.target)
    active.reverse()
    return active


def corrected(events: Sequence[Event]) -> list[Event]:
    """The entries of one stream as corrected, ordered by (`at`, `seq`); corrections and flags are left out.

    An amendment that does not fit its target (a log written by other hands) is passed over.
    """
    amendments: dict[Ref, list[EventAmended]] = {}
    retracted: set[Ref] = set()
    for event in active_corrections(events):
        if isinstance(event.data, EventAmended):
            amendments.setdefault(event.data.target, []).append(event.data)
        elif isinstance(event.data, EventRetracted):
            retracted.add(event.data.target)
    retracted.discard(OPENING_SEQ)
    standing = []
    for event in events:
        if event.seq in retracted or not is_entry(event):
            continue
        for amendment in amendments.get(event.seq, ()):
            try:
                event = amended(event, amendment.changes)
            except CorrectionError:
                continue
        standing.append(event)
    standing.sort(key=lambda event: (event.at, event.seq))
    return standing


def is_entry(event: Event) -> bool:
    """Whether an event states a fact of the case, not a correction and nothing about a flag."""
    return event.kind not in FLAG_KINDS and not isinstance(event.data, (EventAmended, EventRetracted))


def amended(event: Event, changes: Mapping[str, Any], vocabulary: Vocabulary | None = None) -> Event:
    """The event with `changes` made: field of `data` -> new JSON value, null removes it; `at` allowed."""
    fields = fields_of(event.kind)
    raw = write_data(event.data)
    at = event.at
    for name, value in changes.items():
        if name == "at":
            try:
                at = parse_instant(value if isinstance(value, str) else "")
            except InstantError as error:
                raise CorrectionError(f"at {shown(value)} is wrong: {error}") from None
        elif name not in fields:
            known = ["at", *fields]
            raise CorrectionError(
                f"{event.kind} has no field {shown(name)}; what can be amended is {' '.join(known)}{nearest(name, known)}"
            )
        elif value is None:
            raw.pop(name, None)
        else:
            raw[name] = value
    try:
        data: Data = read_data(event.kind, raw, vocabulary)
    except FieldError as error:
        raise CorrectionError(str(error)) from None
    return dataclasses.replace(event, at=at, data=data)


def check_target(target: Event, correction: Data) -> None:
    """Refuse a correction of something that cannot be corrected, in one sentence."""
    if target.kind in FLAG_KINDS:
        what = "an answer to a flag" if target.kind in ANSWER_KINDS else "a flag"
        raise CorrectionError(
            f"entry {target.seq} is {what}, which is neither amended nor retracted; answer the flag again"
        )
    if target.kind in UNCORRECTABLE:
        raise CorrectionError(f"entry {target.seq} was written by the program and is not corrected")
    if isinstance(correction, EventAmended):
        for name in PROGRAM_FIELDS.get(target.kind, ()):
            if name in correction.changes:
                raise CorrectionError(f"{name} of {target.kind} is set by the program and cannot be amended")
    if isinstance(correction, EventAmended) and not is_entry(target):
        raise CorrectionError(
            f"entry {target.seq} is itself a correction; retract it and correct the original again"
        )
    if isinstance(correction, EventRetracted) and target.kind == "case.opened":
        raise CorrectionError("entry 1 opens the case and cannot be retracted; amend its fields instead")
