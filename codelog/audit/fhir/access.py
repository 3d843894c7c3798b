"""Vascular access: one Procedure for every attempt, its device, its place, and what became of the line."""

from __future__ import annotations

from collections.abc import Sequence

from codelog.audit.fhir.elements import (
    Json,
    concept,
    count,
    instant,
    made,
    notes,
    period,
    quantity,
    reference,
    said,
    text,
)
from codelog.audit.fhir.frame import Frame, Made
from codelog.audit.fhir.observations import complication, observation
from codelog.case.access import Access, Attempt
from codelog.case.events import (
    AccessChecked,
    AccessConfirmed,
    AccessLost,
    AccessPresent,
    AccessRemoved,
    AttemptDescribed,
    AttemptEnded,
    AttemptStarted,
    ComplicationNoted,
    Event,
    Ref,
)
from codelog.debrief.wording import label, reason_words, site_words, word

_TARGET = "http://hl7.org/fhir/StructureDefinition/procedure-targetBodyStructure"
_ACTS = {
    "piv": "Peripheral venous cannulation",
    "uvc": "Umbilical venous catheterisation",
    "cvc": "Central venous catheterisation",
    "io": "Intraosseous cannulation",
}
_WORTH = {"established": "Successful", "failed": "Unsuccessful", "abandoned": "Unsuccessful, abandoned"}


def attempt(frame: Frame, number: Ref, entries: Sequence[Event]) -> list[Made]:
    """All that is known of one attempt, from its entries as corrected.

    Without its start nothing of it exists but its complications: what happened to a limb never vanishes. Each is told
    with the attempt and, since there it has no time, as an Observation of its own.
    """
    access = Access()
    for event in entries:
        access.apply(event)
    found = access.attempts.get(number)
    harm = [event for event in entries if isinstance(event.data, ComplicationNoted)]
    if found is None:
        return [complication(frame, event) for event in harm]
    return [
        _procedure(frame, found, entries, harm),
        _device(frame, found, entries),
        *_place(frame, found, entries),
        *(complication(frame, event, frame.id("attempt", number)) for event in harm),
        *(_check(frame, number, event) for event in entries if isinstance(event.data, _CHECKS)),
        *(_going(frame, found, event) for event in entries if isinstance(event.data, _GOINGS)),
    ]


_DETAILS = (AttemptStarted, AccessPresent, AttemptDescribed)
_CHECKS = (AccessConfirmed, AccessChecked)
_GOINGS = (AccessLost, AccessRemoved)


def _procedure(frame: Frame, found: Attempt, entries: Sequence[Event], harm: Sequence[Event]) -> Made:
    used = [e for e in entries if isinstance(e.data, (*_DETAILS, AttemptEnded))]
    words = [e.data.text for e in used if isinstance(e.data, _DETAILS)]
    established = found.established is not None
    reason = None if found.reason is None else reason_words(found.reason, frame.tables)
    site = _site(frame, found)
    resource = made(
        resourceType="Procedure",
        id=frame.id("attempt", found.number),
        extension=[{"url": _TARGET, "valueReference": reference(_place_id(frame, found))}] if site else [],
        partOf=[frame.resuscitation],
        status=_status(frame, found),
        statusReason=None if established else concept(reason),
        code=concept(_ACTS[found.route], frame.codes.of("procedures", found.route)),
        subject=frame.patient,
        encounter=frame.encounter,
        performer=_performer(frame, found),
        bodySite=[site] if site else [],
        outcome=None
        if found.outcome is None
        else concept(_WORTH[found.outcome], frame.codes.of("outcomes", found.outcome)),
        complication=[_complication(frame, event) for event in harm],
        note=notes(
            f"Attempt {found.number} of the case",
            "The line was in place before the record began" if found.present else None,
            reason if established else None,
            *words,
            *(e.data.text for e in harm if isinstance(e.data, ComplicationNoted)),
        ),
        usedReference=[reference(frame.id("attempt", found.number, "device"))],
        **_performed(found),
    )
    return Made(resource, tuple(e.seq for e in (*used, *harm)))


def _performer(frame: Frame, found: Attempt) -> list[Json]:
    operator, role = text(found.text("operator")), text(found.text("operator_role"))
    if operator is None and role is None:
        return []
    actor = {"display": "not recorded"} if operator is None else frame.person(operator)
    return [made(function=None if role is None else {"text": role.replace("_", " ")}, actor=actor)]


def _status(frame: Frame, found: Attempt) -> str:
    if found.outcome is None:
        return "unknown" if frame.closed else "in-progress"
    return "completed" if found.outcome == "established" else "stopped"


def _performed(found: Attempt) -> Json:
    if not found.present:
        return made(performedPeriod=period(found.start.at, found.end.at if found.end else None))
    if found.begun < found.start.at and instant(found.begun) is not None:
        return {"performedDateTime": instant(found.begun)}
    return {"performedString": "before the record began"}


def _device(frame: Frame, found: Attempt, entries: Sequence[Event]) -> Made:
    id = found.text("device")
    device = frame.tables.devices.get(id or "")
    needle = found.details.get("needle_mm")
    gauge = text(found.text("gauge"))
    properties = [] if gauge is None else [{"type": {"text": "gauge"}, "valueCode": [{"text": gauge}]}]
    if isinstance(needle, int):
        properties.append({"type": {"text": "needle length"}, "valueQuantity": [count(needle, "mm")]})
    name = None if id is None else text(label(frame.tables.devices, id))
    resource = made(
        resourceType="Device",
        id=frame.id("attempt", found.number, "device"),
        manufacturer=device.maker if device else None,
        deviceName=[] if name is None else [{"name": name, "type": "user-friendly-name"}],
        type={"text": f"Device of the {word('access_route', found.route)} attempt"},
        property=properties,
        patient=frame.patient,
    )
    return Made(resource, _numbers(entries, _DETAILS))


def _place(frame: Frame, found: Attempt, entries: Sequence[Event]) -> list[Made]:
    site, side = found.text("site"), found.text("side")
    if _site(frame, found) is None:
        return []
    resource = made(
        resourceType="BodyStructure",
        id=_place_id(frame, found),
        location=None
        if site is None
        else concept(site_words(site, None, frame.tables), frame.codes.of("sites", site)),
        locationQualifier=[] if side is None else [concept(side, frame.codes.of("sides", side))],
        patient=frame.patient,
    )
    return [Made(resource, _numbers(entries, _DETAILS))]


def _place_id(frame: Frame, found: Attempt) -> str:
    return frame.id("attempt", found.number, "place")


def _site(frame: Frame, found: Attempt) -> Json | None:
    site, side = found.text("site"), found.text("side")
    words = site_words(site, side, frame.tables)
    return concept(words or side, frame.codes.of("sites", site, side=side))


def _complication(frame: Frame, event: Event) -> Json:
    assert isinstance(event.data, ComplicationNoted)
    return said(label(frame.tables.complications, event.data.complication))


def _check(frame: Frame, number: Ref, event: Event) -> Made:
    part_of = [reference(frame.id("attempt", number))]
    if isinstance(event.data, AccessChecked):
        finding = said(label(frame.tables.findings, event.data.finding))
        return observation(frame, event, "Limb check", valueCodeableConcept=finding, partOf=part_of)
    assert isinstance(event.data, AccessConfirmed)
    signs: list[Json] = [
        {"code": said(label(frame.tables.signs, sign)), "valueBoolean": True} for sign in event.data.signs
    ]
    if event.data.flush is not None:
        signs.append({"code": {"text": "Flush"}, "valueQuantity": quantity(event.data.flush)})
    return observation(frame, event, "Signs that the line works", component=signs, partOf=part_of)


def _going(frame: Frame, found: Attempt, event: Event) -> Made:
    """The end of a line, as a Procedure of its own: the outcome of its attempt is not rewritten."""
    data = event.data
    assert isinstance(data, _GOINGS)
    lost = isinstance(data, AccessLost)
    route = word("access_route", found.route)
    resource = made(
        resourceType="Procedure",
        id=frame.entry(event),
        partOf=[reference(frame.id("attempt", found.number))],
        status="completed",
        code=concept(
            f"{route} line {'lost' if lost else 'removed'}",
            () if lost else frame.codes.of("removals", found.route),
        ),
        subject=frame.patient,
        encounter=frame.encounter,
        performedDateTime=instant(event.at),
        reasonCode=[] if data.reason is None else [said(reason_words(data.reason, frame.tables))],
        note=notes(data.text if isinstance(data, AccessLost) else None),
    )
    return Made(resource, (event.seq,))


def _numbers(entries: Sequence[Event], kinds: tuple[type, ...]) -> tuple[int, ...]:
    return tuple(event.seq for event in entries if isinstance(event.data, kinds))
