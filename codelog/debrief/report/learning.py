"""What the debrief said, and who signed: written after the case, and shown as such."""

from __future__ import annotations

from dataclasses import dataclass

from codelog.case.events import CaseSigned, DebriefNoted, Ref
from codelog.debrief.report.figures import Moment
from codelog.debrief.report.record import Record


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the debrief, its words as they were entered."""

    moment: Moment
    text: str
    owner: str | None
    due: str | None
    by: str
    events: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Learning:
    """What went well, what to improve, and what is to be done."""

    well: tuple[Point, ...]
    improve: tuple[Point, ...]
    actions: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed, as what, and what the signature means: `recorded`, `reviewed` or `led`."""

    moment: Moment
    person: str
    role: str
    meaning: str
    by: str
    events: tuple[Ref, ...]


def learning(record: Record) -> Learning:
    """The points of the debrief, in the order in which they were made."""
    return Learning(_points(record, "well"), _points(record, "improve"), _points(record, "action"))


def signatures(record: Record) -> tuple[Signature, ...]:
    """The signatures that stand."""
    return tuple(
        Signature(
            record.moment(event), data.person, data.role, data.meaning, event.by, record.refs(event.seq)
        )
        for event, data in record.of(CaseSigned)
    )


def _points(record: Record, part: str) -> tuple[Point, ...]:
    return tuple(
        Point(record.moment(event), data.text, data.owner, data.due, event.by, record.refs(event.seq))
        for event, data in record.of(DebriefNoted)
        if data.part == part
    )
