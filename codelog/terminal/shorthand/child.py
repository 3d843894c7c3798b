"""Sentences about the child: measurements, care, circulation, and who it is."""

from __future__ import annotations

from typing import Any

from codelog.case.quantities import Quantity
from codelog.case.vocabulary import CARES, CORD_STATES, WEIGHT_SOURCES
from codelog.debrief.wording import word
from codelog.terminal.acts.child import APGAR_MINUTE, PATIENT, VITALS
from codelog.terminal.shorthand.context import Context
from codelog.terminal.shorthand.sentences import (
    OTHER,
    Entry,
    Said,
    Sentence,
    Unfit,
    Unsaid,
    verb,
    verbs,
)
from codelog.terminal.shorthand.shapes import Amount, Apgar, Count
from codelog.terminal.shorthand.slots import Figure, Led, Pick, Rest, Slot
from codelog.terminal.shorthand.terms import Term, fixed, phrases, term

_VITAL_ORDER = ("heart_rate", "spo2", "resp_rate", "temperature", "systolic", "apgar")
_UNIT_OF = {"spo2": "%", "temperature": "c"}
_TENTHS = 10


def _vital(id: str) -> Led:
    number = VITALS[id][1]
    words = id.replace("_", " ")
    if id == "apgar":
        shape: Count | Apgar = Apgar(
            "8@5",
            Count("8", "the Apgar score", number.least, number.most),
            Count("5", "the minute", APGAR_MINUTE.least, APGAR_MINUTE.most),
        )
    elif id == "temperature":
        shape = Count("36.5", "the temperature", number.least // _TENTHS, number.most // _TENTHS, "c", 2)
    else:
        shape = Count("60", f"the {words}", number.least, number.most, _UNIT_OF.get(id, ""))
    figure = Figure(id, f"a number such as {shape.example}", shape=shape)
    lead = Term(None, phrases("vitals", id))
    return Led(id, words, lead=(lead,), then=figure)


VITAL_SLOTS: tuple[Slot, ...] = tuple(map(_vital, _VITAL_ORDER))


def _vitals(said: Said, context: Context) -> list[Entry]:
    data: dict[str, Any] = {}
    for id, value in said.only(*_VITAL_ORDER).items():
        if id == "apgar":
            data["apgar"] = value[0]
            if value[1] is not None:
                data["apgar_minute"] = value[1]
        else:
            data[id] = f"{value} Cel" if id == "temperature" else int(value)
    return [Entry("vital.recorded", data)]


_HOW_KNOWN = Pick("weight_source", "how the weight is known", terms=fixed("weight_sources", WEIGHT_SOURCES))
PATIENT_SLOTS: tuple[Slot, ...] = (
    Figure("weight", "a weight such as 1700g", shape=Amount("1700g", ("mass",))),
    Figure(
        "gestation_weeks",
        "weeks of gestation such as 29w",
        shape=Count(
            "29w",
            "weeks of gestation",
            PATIENT["gestation_weeks"].least,
            PATIENT["gestation_weeks"].most,
            "w",
            0,
            True,
        ),
    ),
    Figure(
        "age_days",
        "days of life such as 0d",
        shape=Count(
            "0d", "the age in days", PATIENT["age_days"].least, PATIENT["age_days"].most, "d", 0, True
        ),
    ),
    Pick(
        "sex",
        "girl or boy",
        terms=(term("female", "girl", "female"), term("male", "boy", "male")),
    ),
    Led(
        "cord",
        "the cord",
        lead=(term(None, "cord"),),
        then=Pick("cord", "usable or unusable", terms=fixed("cords", CORD_STATES)),
    ),
    Pick(
        "cooling",
        "cooled or uncooled",
        terms=(term(True, "cooled"), term(False, "uncooled", "not cooled")),
    ),
)
"""What a line about the child can begin with. How the weight is known follows the weight: `est` is a line in place."""


def _patient(said: Said, context: Context) -> list[Entry]:
    data = said.only("sex", "cord", "cooling", "weight_source")
    for name in ("gestation_weeks", "age_days"):
        if name in said:
            data[name] = int(said[name])
    weight: Quantity | None = said.get("weight")
    if weight is not None:
        bounds = PATIENT["weight"]
        if not bounds.least <= weight.to("g") <= bounds.most:
            raise Unfit(
                "weight",
                f"the weight is from {bounds.words(bounds.least)} to {bounds.words(bounds.most)}, not {weight}",
            )
        data["weight"] = str(weight)
    if not data:
        raise Unsaid("say what is known of the child: 1700g, 29w, 0d, girl, cord usable")
    return [Entry("patient.described", data)]


_STARTED = (
    term(False, "start", "starts", "started", "on", "begins"),
    term(True, "stop", "stops", "stopped", "end", "ends", "ended", "off"),
)


def _care_slots(said: Said, context: Context) -> list[Slot]:
    slots: list[Slot] = [
        Pick("ends", "start or stop", terms=_STARTED),
        Rest("result", "result, and what came of it", lead=(term(None, "result"),)),
    ]
    if "care" not in said:
        slots.append(Pick("care", "a care", terms=_cares()))
        slots.append(Rest("text", "other, and which", lead=OTHER))
    return slots


def _care(said: Said, context: Context) -> list[Entry]:
    care = said.get("care", "other" if "text" in said else None)
    if care is None:
        raise Unsaid("say which care, such as ppv or cpr")
    ends = said.get("ends")
    if ends is None and care in context.state.cares:
        raise Unsaid(f"{word('care', care)} goes on already; say stop, or start", ("stop", "start"))
    return [Entry("care.ended" if ends else "care.started", {"care": care} | said.only("text", "result"))]


def _cares() -> list[Term]:
    return fixed("cares", CARES, but=("other",))


def _nothing_more(said: Said, context: Context) -> list[Slot]:
    return []


VITALS_SENTENCE = Sentence(lambda said, context: VITAL_SLOTS, _vitals)
PATIENT_SENTENCE = Sentence(lambda said, context: (*PATIENT_SLOTS, _HOW_KNOWN), _patient)
CARE = Sentence(_care_slots, _care)
ARREST = Sentence(_nothing_more, lambda said, context: [Entry("arrest.recognised", {})])
ROSC = Sentence(_nothing_more, lambda said, context: [Entry("rosc.recognised", {})])


def child_verbs(context: Context) -> list[Term]:
    """The verbs, in the order in which they are offered."""
    return [
        *verbs(CARE, "care", _cares()),
        verb(ARREST, "arrest"),
        verb(ROSC, "rosc"),
        verb(PATIENT_SENTENCE, "patient", "child", "weight"),
        verb(CARE, "care"),
    ]
