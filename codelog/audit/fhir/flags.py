"""Flags: one DetectedIssue for every flag, with what it rests on and how it was answered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from codelog.audit.fhir.elements import Json, concept, count, instant, made, reference, said, text
from codelog.audit.fhir.frame import Frame, Made
from codelog.case.events import (
    Event,
    FlagAcknowledged,
    FlagCleared,
    FlagRaised,
    FlagSnoozed,
    Ref,
)
from codelog.debrief.wording import word

_SEVERITY = {"high": "high", "medium": "moderate", "low": "low"}
_NO_EVIDENCE = ("Device", "BodyStructure")

Behind = Callable[[Ref], Sequence[Made]]
"""The resources that say something of an entry, by its number."""


def flag(frame: Frame, entries: Sequence[Event], behind: Behind, access: Behind) -> list[Made]:
    """A flag and the reading of the access clock that it was raised with, from all events about it.

    `access` finds an attempt's Procedure by the attempt's number.
    """
    raised = next((event for event in entries if isinstance(event.data, FlagRaised)), None)
    if raised is None:
        return []
    data = raised.data
    assert isinstance(data, FlagRaised)
    clock = _clock(frame, raised, data)
    about = [] if data.attempt is None else access(data.attempt)
    about = [*about, *([] if data.entry is None else behind(data.entry))]
    evidence = [*(clock or ()), *(found for ref in data.evidence for found in behind(ref))]
    codes = frame.codes.of("flags", data.rule) or frame.codes.of("flags", data.basis)
    resource = made(
        resourceType="DetectedIssue",
        id=frame.id("flag", data.flag),
        status="final",
        code=concept(data.rule, codes),
        severity=_SEVERITY[data.priority],
        patient=frame.patient,
        identifiedDateTime=instant(raised.at),
        author=frame.terminal(raised.terminal),
        implicated=_references(about),
        evidence=[{"detail": [found]} for found in _references(evidence)],
        detail=text(_detail(data, entries)),
        mitigation=[
            _mitigation(frame, event)
            for event in entries
            if isinstance(event.data, (FlagAcknowledged, FlagSnoozed))
        ],
    )
    return [Made(resource, tuple(event.seq for event in entries)), *clock]


def _references(found: Iterable[Made]) -> list[Json]:
    ids = (each.id for each in found if each.resource["resourceType"] not in _NO_EVIDENCE)
    return [reference(id) for id in dict.fromkeys(ids)]


def _clock(frame: Frame, raised: Event, data: FlagRaised) -> list[Made]:
    """The access clock as it stood: a clock that runs is nowhere in FHIR, its reading is."""
    seconds = data.facts.get("seconds_without_access")
    if type(seconds) is not int or seconds < 0:
        return []
    resource = made(
        resourceType="Observation",
        id=frame.id("flag", data.flag, "clock"),
        status="final",
        code={"text": "Time without working access"},
        subject=frame.patient,
        encounter=frame.encounter,
        effectiveDateTime=instant(raised.at),
        valueQuantity=count(seconds, "s"),
        device=frame.terminal(raised.terminal),
    )
    return [Made(resource, (raised.seq,))]


def _detail(data: FlagRaised, entries: Sequence[Event]) -> str:
    """The text as it was painted, and the basis in words."""
    cleared = next((event.data for event in entries if isinstance(event.data, FlagCleared)), None)
    facts = "; ".join(f"{name.replace('_', ' ')}: {value}" for name, value in data.facts.items())
    parts = {
        "Basis": data.basis.replace("_", " "),
        "Threshold": data.threshold,
        "Source": data.source,
        "Facts": facts,
        "Not known": ", ".join(data.unknown),
        "Alternatives": ", ".join(data.alternatives),
        "Due": instant(data.due_at) or "",
        "Cleared": word("because", cleared.because) if isinstance(cleared, FlagCleared) else "",
    }
    return "\n".join([data.text, *(f"{name}: {words}" for name, words in parts.items() if words)])


def _mitigation(frame: Frame, event: Event) -> Json:
    data = event.data
    if isinstance(data, FlagSnoozed):
        action = f"Snoozed for {data.seconds} s"
    else:
        assert isinstance(data, FlagAcknowledged)
        reason = f", because {word('decline', data.reason)}" if data.reason else ""
        action = data.action.capitalize() + reason
    # An answer counts from when it was entered.
    return made(action=said(action), date=instant(event.recorded_at), author=frame.author(event))
