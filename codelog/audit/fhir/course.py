"""The case itself: the Encounter, the resuscitation as one Procedure, and the care within it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from codelog.audit.fhir.elements import Json, codings, instant, made, notes, period, said, text
from codelog.audit.fhir.frame import Frame, Made
from codelog.case.events import (
    CareEnded,
    CareStarted,
    CaseClosed,
    CaseOpened,
    CaseReopened,
    CaseSigned,
    Event,
    Ref,
)
from codelog.debrief.wording import word


def course(frame: Frame, number: Ref, entries: Sequence[Event]) -> list[Made]:
    """The Encounter and the resuscitation, of a case's opening, closing, reopening and signatures."""
    opening = next((event for event in entries if isinstance(event.data, CaseOpened)), None)
    closing = _closing(entries)
    opened = None if opening is None else opening.data
    closed = None if closing is None else closing.data
    assert opened is None or isinstance(opened, CaseOpened)
    assert closed is None or isinstance(closed, CaseClosed)
    setting = "other" if opened is None else opened.setting
    training = opened is not None and opened.mode == "training"
    during = period(opening.at if opening else None, closing.at if closing else None)
    numbers = tuple(event.seq for event in entries)
    tag = codings(frame.codes.of("modes", "training")) if training else []
    encounter = made(
        resourceType="Encounter",
        id=frame.id("encounter"),
        meta=made(tag=tag),
        identifier=[{"system": "urn:codelog:case", "value": text(frame.case) or "unnamed"}],
        status="unknown" if opening is None else "finished" if closing else "in-progress",
        class_=codings(frame.codes.of("encounters", setting))[0],
        type=[
            {"text": f"Resuscitation, {word('setting', setting)}" + (", training case" if training else "")}
        ],
        subject=frame.patient,
        participant=_signatures(frame, entries),
        period=during,
        reasonCode=_words(opened.label, opened.text) if opened else [],
        hospitalization=made(dischargeDisposition=_outcome(closed)),
        location=_place(opened),
    )
    act = made(
        resourceType="Procedure",
        id=frame.id("resuscitation"),
        meta=made(tag=tag),
        status="unknown" if opening is None else "completed" if closing else "in-progress",
        code={"text": "Resuscitation"},
        subject=frame.patient,
        encounter=frame.encounter,
        performedPeriod=during,
        note=notes(closed.text) if closed else [],
    )
    return [Made(encounter, numbers), Made(act, numbers)]


def care(frame: Frame, number: Ref, entries: Sequence[Event]) -> list[Made]:
    """One Procedure for every stretch of one sort of care; an end without a start stands alone."""
    stretches: list[list[Event]] = []
    for event in entries:
        ends = isinstance(event.data, CareEnded)
        if ends and stretches and isinstance(stretches[-1][-1].data, CareStarted):
            stretches[-1].append(event)
        else:
            stretches.append([event])
    return [_stretch(frame, number, nth, stretch) for nth, stretch in enumerate(stretches, start=1)]


def is_closed(entries: Iterable[Event]) -> bool:
    """Whether the case is closed after these entries."""
    return _closing(entries) is not None


def _closing(entries: Iterable[Event]) -> Event | None:
    closing: Event | None = None
    for event in entries:
        if isinstance(event.data, CaseClosed):
            closing = event
        elif isinstance(event.data, CaseReopened):
            closing = None
    return closing


def _stretch(frame: Frame, sort: Ref, nth: int, events: Sequence[Event]) -> Made:
    parts = [part for event in events if isinstance(part := event.data, (CareStarted, CareEnded))]
    start = events[0].at if isinstance(parts[0], CareStarted) else None
    end = events[-1].at if isinstance(parts[-1], CareEnded) else None
    resource = made(
        resourceType="Procedure",
        id=frame.id("care", sort, nth),
        partOf=[frame.resuscitation],
        status="unknown" if end is None and frame.closed else "in-progress" if end is None else "completed",
        code=said(word("care", parts[0].care)),
        subject=frame.patient,
        encounter=frame.encounter,
        performedPeriod=period(start, end),
        note=notes(*(words for part in parts for words in (part.result, part.text))),
    )
    return Made(resource, tuple(event.seq for event in events))


def _signatures(frame: Frame, entries: Sequence[Event]) -> list[Json]:
    return [
        made(
            type=[said(f"{data.meaning}, {data.role}")],
            period=made(start=instant(event.at)),
            individual=frame.person(data.person),
        )
        for event in entries
        if isinstance(data := event.data, CaseSigned)
    ]


def _words(*words: str | None) -> list[Json]:
    return [{"text": known} for known in map(text, words) if known is not None]


def _outcome(closed: CaseClosed | None) -> Json | None:
    return None if closed is None else said(closed.outcome)


def _place(opened: CaseOpened | None) -> list[Json]:
    place = None if opened is None else text(opened.place)
    return [] if place is None else [{"location": {"display": place}}]
