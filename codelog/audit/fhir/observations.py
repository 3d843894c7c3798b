"""What was seen, measured or said: one Observation for every fact."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from codelog.audit.fhir.elements import (
    Json,
    concept,
    count,
    instant,
    made,
    notes,
    quantity,
    reference,
    said,
    text,
)
from codelog.audit.fhir.frame import Frame, Made
from codelog.case import events as kinds
from codelog.case.events import Event, Ref
from codelog.clinical.codes import Code
from codelog.debrief.wording import describe, label, word


def observation(
    frame: Frame,
    event: Event,
    what: str,
    *,
    part: str | None = None,
    codes: Sequence[Code] = (),
    category: str | None = None,
    **fields: Any,
) -> Made:
    """An Observation of an entry; `part` tells those of one entry apart."""
    resource = made(
        resourceType="Observation",
        id=frame.entry(event, *([part] if part else [])),
        status="final",
        category=[concept(category.replace("-", " "), frame.codes.of("categories", category))]
        if category
        else [],
        code=concept(what, codes) or said(None),
        encounter=frame.encounter,
        effectiveDateTime=instant(event.at),
        **({"subject": frame.patient} | fields),
    )
    return Made(resource, (event.seq,))


def observed(frame: Frame, number: Ref, entries: Sequence[Event]) -> list[Made]:
    """The Observations of one entry; none where it was retracted, or is of a kind that is no observation."""
    return [
        made_of_it
        for event in entries
        if (writer := _WRITERS.get(type(event.data))) is not None
        for made_of_it in writer(frame, event, event.data)
    ]


def complication(frame: Frame, event: Event, attempt: str | None = None) -> Made:
    """A complication, of the attempt whose Procedure has this id or of none that is known."""
    data = event.data
    assert isinstance(data, kinds.ComplicationNoted)
    value = said(label(frame.tables.complications, data.complication))
    part_of = [] if attempt is None else [reference(attempt)]
    return observation(
        frame, event, "Complication", valueCodeableConcept=value, note=notes(data.text), partOf=part_of
    )


_VITALS = {
    "heart_rate": ("Heart rate", "/min", "beats/minute"),
    "spo2": ("Oxygen saturation by pulse oximetry", "%", "%"),
    "resp_rate": ("Respiratory rate", "/min", "breaths/minute"),
    "systolic": ("Systolic blood pressure", "mm[Hg]", "mmHg"),
}


def _vital(frame: Frame, event: Event, data: kinds.VitalRecorded) -> list[Made]:
    found = [
        _measured(frame, event, name, what, count(value, code, unit))
        for name, (what, code, unit) in _VITALS.items()
        if (value := getattr(data, name)) is not None
    ]
    if data.temperature is not None:
        found.append(
            _measured(frame, event, "temperature", "Body temperature", quantity(data.temperature, "°C"))
        )
    if data.apgar is not None:
        minute = data.apgar_minute
        what = "Apgar score" if minute is None else f"Apgar score at {minute} min"
        codes = frame.codes.of("observations", f"apgar_{minute}")
        score = count(data.apgar, "{score}", "score")
        found.append(
            observation(frame, event, what, part="apgar", codes=codes, category="survey", valueQuantity=score)
        )
    return found


def _measured(frame: Frame, event: Event, name: str, what: str, value: Json | None) -> Made:
    codes = frame.codes.of("observations", name)
    return observation(
        frame, event, what, part=name, codes=codes, category="vital-signs", valueQuantity=value
    )


def _patient(frame: Frame, event: Event, data: kinds.PatientDescribed) -> list[Made]:
    found = []
    if data.weight is not None:
        method = said(word("weight_source", data.weight_source)) if data.weight_source else None
        found.append(
            observation(
                frame,
                event,
                "Body weight",
                part="weight",
                codes=frame.codes.of("observations", "weight"),
                category="vital-signs",
                valueQuantity=quantity(data.weight),
                method=method,
            )
        )
    facts: Mapping[str, tuple[str, Json | None]] = {
        "age_days": ("Age", None if data.age_days is None else {"valueQuantity": count(data.age_days, "d")}),
        "gestation_weeks": (
            "Gestational age at birth",
            None if data.gestation_weeks is None else {"valueQuantity": count(data.gestation_weeks, "wk")},
        ),
        "sex": ("Sex as recorded", None if text(data.sex) is None else {"valueString": text(data.sex)}),
        "cord": ("Umbilical cord", None if data.cord is None else {"valueString": word("cord", data.cord)}),
        "cooling": ("Being cooled", None if data.cooling is None else {"valueBoolean": data.cooling}),
    }
    found += [
        observation(frame, event, what, part=name, **value)
        for name, (what, value) in facts.items()
        if value is not None
    ]
    return found


def _condition(frame: Frame, event: Event, data: kinds.ConditionNoted) -> list[Made]:
    bone = None if data.bone is None else label(frame.tables.bones, data.bone)
    words = " ".join(part for part in (data.side, bone) if part)
    site = concept(words, frame.codes.of("bones", data.bone))
    what = label(frame.tables.conditions, data.condition)
    return [observation(frame, event, what, valueBoolean=data.present, bodySite=site)]


def _team(frame: Frame, event: Event, data: kinds.TeamNoted) -> list[Made]:
    said_of_them = {
        "Experienced with umbilical catheters": data.uvc_experienced,
        "Experienced with intraosseous access": data.io_experienced,
    }
    parts = [
        {"code": {"text": what}, "valueBoolean": value}
        for what, value in said_of_them.items()
        if value is not None
    ]
    role = text(data.role.replace("_", " "))
    person = frame.person(data.person)
    return [observation(frame, event, "Role in the team", focus=[person], valueString=role, component=parts)]


def _needed(frame: Frame, event: Event, data: kinds.AccessNeeded) -> list[Made]:
    urgency = {"text": data.urgency}
    return [
        observation(
            frame, event, "Vascular access needed", valueCodeableConcept=urgency, note=notes(data.reason)
        )
    ]


def _kit(frame: Frame, event: Event, data: kinds.KitChecked) -> list[Made]:
    items = [
        {"code": said(label(frame.tables.kit, item)), "valueBoolean": there}
        for item, there in data.items.items()
    ]
    return [observation(frame, event, "Equipment at hand", component=items)]


def _arrest(frame: Frame, event: Event, data: kinds.ArrestRecognised) -> list[Made]:
    return [observation(frame, event, "Cardiac arrest recognised", valueBoolean=True)]


def _rosc(frame: Frame, event: Event, data: kinds.RoscRecognised) -> list[Made]:
    return [observation(frame, event, "Return of spontaneous circulation recognised", valueBoolean=True)]


def _note(frame: Frame, event: Event, data: kinds.NoteAdded) -> list[Made]:
    return [observation(frame, event, "Note", valueString=text(data.text))]


def _debrief(frame: Frame, event: Event, data: kinds.DebriefNoted) -> list[Made]:
    owner = None if text(data.owner) is None else f"Owner: {data.owner}"
    due = None if text(data.due) is None else f"Due: {data.due}"
    what = f"Debriefing: {word('part', data.part)}"
    return [observation(frame, event, what, valueString=text(data.text), note=notes(owner, due))]


def _complication(frame: Frame, event: Event, data: kinds.ComplicationNoted) -> list[Made]:
    return [complication(frame, event)]


def _clock(frame: Frame, event: Event, data: kinds.ClockStepped | kinds.ClockMarked) -> list[Made]:
    """What is known of clocks is said of the terminal, not of the patient."""
    words = describe(data, frame.tables)
    return [
        observation(frame, event, "Clock", subject=frame.terminal(event.terminal), valueString=text(words))
    ]


_WRITERS: Mapping[type, Callable[[Frame, Event, Any], list[Made]]] = {
    kinds.VitalRecorded: _vital,
    kinds.PatientDescribed: _patient,
    kinds.ConditionNoted: _condition,
    kinds.TeamNoted: _team,
    kinds.AccessNeeded: _needed,
    kinds.KitChecked: _kit,
    kinds.ArrestRecognised: _arrest,
    kinds.RoscRecognised: _rosc,
    kinds.NoteAdded: _note,
    kinds.DebriefNoted: _debrief,
    kinds.ComplicationNoted: _complication,
    kinds.ClockStepped: _clock,
    kinds.ClockMarked: _clock,
}
