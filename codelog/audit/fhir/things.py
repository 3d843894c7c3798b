"""What every event of a case is about, and so which resources it has a part in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from codelog.case import events as kinds
from codelog.case.corrections import CorrectionError, amended
from codelog.case.events import FLAG_KINDS, Event, EventAmended, EventRetracted, Ref

Thing = tuple[str, Ref]
"""A family of resources and a number in it: an attempt's, an infusion's, a flag's, else the entry's own."""

CASE: Thing = ("case", 0)

_OF_THE_CASE = (kinds.CaseOpened, kinds.CaseClosed, kinds.CaseReopened, kinds.CaseSigned)


def about(event: Event) -> Thing:
    """What an event that is no correction is about."""
    data = event.data
    if isinstance(data, _OF_THE_CASE):
        return CASE
    if isinstance(data, kinds.DrugGiven):
        return "dose", event.seq
    if isinstance(data, (kinds.CareStarted, kinds.CareEnded)):
        return "care", data.care
    for family in ("flag", "infusion", "attempt"):
        number: Ref | None = getattr(data, family, None)
        if number is not None:
            return family, number
    return "observed", event.seq


def things(events: Iterable[Event]) -> dict[Thing, list[Event]]:
    """Everything the events are about, each with its events in order of entry: entries and all corrections of them.

    An entry that an amendment moved, say to another attempt, stands with both. A correction of nothing that can be
    corrected stands nowhere.
    """
    found: dict[Thing, list[Event]] = {CASE: []}
    trails: dict[Ref, _Trail] = {}
    for event in events:
        if not isinstance(event.data, (EventAmended, EventRetracted)):
            found.setdefault(about(event), []).append(event)
            if event.kind not in FLAG_KINDS:
                trails[event.seq] = _Trail([event], event, {about(event)})
        elif (trail := trails.get(event.data.target)) is not None:
            trails[event.seq] = trail
            trail.events.append(event)
            for thing in trail.things:
                found[thing].append(event)
            if isinstance(event.data, EventAmended):
                _move(found, trail, event.data)
    return found


@dataclass
class _Trail:
    """An entry and all corrections of it so far, as it last was, and everything it was about."""

    events: list[Event]
    latest: Event
    things: set[Thing]


def _move(found: dict[Thing, list[Event]], trail: _Trail, amendment: EventAmended) -> None:
    """Let an entry stand with what an amendment makes it be about, too."""
    try:
        trail.latest = amended(trail.latest, amendment.changes)
    except CorrectionError:
        return
    thing = about(trail.latest)
    if thing not in trail.things:
        trail.things.add(thing)
        found.setdefault(thing, []).extend(trail.events)
