"""What later entries say of earlier ones: corrections, and details that came after the key."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from codelog.case.corrections import CorrectionError, active_corrections, amended
from codelog.case.events import (
    CORRECTIONS,
    AccessPresent,
    AttemptDescribed,
    AttemptStarted,
    Event,
    EventAmended,
    EventRetracted,
    Ref,
    fields_of,
    read_data,
    write_data,
)


def detail_added(field: str) -> str:
    """The reason of an amendment that only says what was not known at the key: no mistake was mended."""
    return f"{field} added"


@dataclass(frozen=True, slots=True)
class Standing:
    """An entry as its amendments make it, with the details that other entries added.

    `entered` is the entry itself, `added` are the entries that only added to it, `sources` says of a field which of
    those it is from, and `retraction` is the one that holds, if any.
    """

    entered: Event
    now: Event
    added: tuple[Event, ...]
    sources: Mapping[str, Event]
    retraction: Event | None


class Marks:
    """What is said of each entry, kept up as the log grows."""

    def __init__(self) -> None:
        self.retracted: dict[Ref, Event] = {}
        self.amendments: dict[Ref, list[Event]] = {}
        self._corrections: list[Event] = []
        self._starts: dict[Ref, Event] = {}
        self._descriptions: dict[Ref, list[Event]] = {}
        self._attempt_of: dict[Ref, Ref] = {}

    def follow(self, events: Iterable[Event]) -> set[Ref]:
        """Take in new events; returns the entries of which something else is to be said now."""
        changed: set[Ref] = set()
        corrections = []
        for event in events:
            if event.kind in CORRECTIONS:
                corrections.append(event)
            elif isinstance(event.data, (AttemptStarted, AccessPresent)):
                self._starts.setdefault(event.data.attempt, event)
            elif isinstance(event.data, AttemptDescribed):
                self._descriptions.setdefault(event.data.attempt, []).append(event)
                self._attempt_of[event.seq] = event.data.attempt
                changed |= self._attempt_rows(event.data.attempt)
        if corrections:
            changed |= self._correct(corrections)
        return changed

    def _correct(self, corrections: list[Event]) -> set[Ref]:
        self._corrections += corrections
        before = self.retracted, self.amendments
        self.retracted, self.amendments = {}, {}
        for event in active_corrections(self._corrections):
            if isinstance(event.data, EventRetracted):
                self.retracted[event.data.target] = event
            elif isinstance(event.data, EventAmended):
                self.amendments.setdefault(event.data.target, []).append(event)
        changed = _differing(before[0], self.retracted) | _differing(before[1], self.amendments)
        for seq in list(changed):
            if seq in self._attempt_of:
                changed |= self._attempt_rows(self._attempt_of[seq])
        return changed

    def _attempt_rows(self, number: Ref) -> set[Ref]:
        """The start of an attempt and its descriptions: what one says decides what the others have to."""
        start = self._starts.get(number)
        if start is None:
            return set()
        return {start.seq, *(event.seq for event in self._descriptions.get(number, []))}

    def standing(self, event: Event) -> Standing:
        """An entry with everything that is said of it."""
        now = self._amended(event)
        added: list[Event] = []
        sources: dict[str, Event] = {}
        if _begins(event) and self._starts.get(_number(event)) is event:
            now, added, sources = self._with_details(now, _number(event))
        added += [a for a in self.amendments.get(event.seq, []) if _adds_a_detail(a)]
        added.sort(key=lambda event: event.seq)
        return Standing(event, now, tuple(added), sources, self.retracted.get(event.seq))

    def told_elsewhere(self, event: Event) -> bool:
        """Whether an entry only adds a detail to another one, which tells it."""
        if event.seq in self.retracted:
            return False
        if isinstance(event.data, AttemptDescribed):
            start = self._starts.get(event.data.attempt)
            return start is not None and event in self.standing(start).added
        return _adds_a_detail(event)

    def _amended(self, event: Event) -> Event:
        for amendment in self.amendments.get(event.seq, []):
            if isinstance(amendment.data, EventAmended):
                try:
                    event = amended(event, amendment.data.changes)
                except CorrectionError:
                    continue
        return event

    def _with_details(self, start: Event, number: Ref) -> tuple[Event, list[Event], dict[str, Event]]:
        """A start with what its descriptions add; one that says something else than what was said is left out."""
        said = write_data(start.data)
        own = fields_of(start.kind).keys()
        added: list[Event] = []
        sources: dict[str, Event] = {}
        for description in self._descriptions.get(number, []):
            if description.seq in self.retracted:
                continue
            new = write_data(self._amended(description).data)
            new.pop("attempt")
            if new.keys() & said.keys() or new.keys() - own:
                continue
            said |= new
            added.append(description)
            sources |= dict.fromkeys(new, description)
        return dataclasses.replace(start, data=read_data(start.kind, said, None)), added, sources


def _begins(event: Event) -> bool:
    return isinstance(event.data, (AttemptStarted, AccessPresent))


def _number(event: Event) -> Ref:
    assert isinstance(event.data, (AttemptStarted, AccessPresent))
    return event.data.attempt


def _adds_a_detail(event: Event) -> bool:
    data = event.data
    return (
        isinstance(data, EventAmended)
        and len(data.changes) == 1
        and data.reason == detail_added(next(iter(data.changes)))
    )


def _differing(old: Mapping[Ref, object], new: Mapping[Ref, object]) -> set[Ref]:
    return {target for target in old.keys() | new.keys() if old.get(target) != new.get(target)}
