"""How the child is: circulation, breathing, measurements, and who it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from codelog.case.vocabulary import WEIGHT_SOURCES
from codelog.debrief.wording import WORDS
from codelog.terminal.acts.scribe import Scribe, act
from codelog.terminal.session import Press
from codelog.terminal.strip import Choice, Number, Step, Strip


@act("circulation")
def circulation(scribe: Scribe, press: Press) -> Strip | None:
    """Arrest is recognised; while one stands, circulation is back."""
    stands = _stands(scribe, scribe.view.state().arrest is not None, "arrest.recognised", "rosc.recognised")
    scribe.submit("rosc.recognised" if stands else "arrest.recognised", {}, press)
    return None


@act("compressions")
def compressions(scribe: Scribe, press: Press) -> Strip | None:
    """Chest compressions start, or end if they run."""
    turn(scribe, press, "compressions")
    return None


@act("ventilation")
def ventilation(scribe: Scribe, press: Press) -> Strip | None:
    """Ventilation starts, or ends if it runs."""
    turn(scribe, press, "ppv")
    return None


def turn(scribe: Scribe, press: Press, care: str) -> None:
    """Start what does not run, end what does."""
    running = _stands(scribe, care in scribe.view.state().cares, "care.started", "care.ended", care)
    scribe.submit("care.ended" if running else "care.started", {"care": care}, press)


def _stands(scribe: Scribe, known: bool, begins: str, ends: str, care: str | None = None) -> bool:
    """Whether something goes on, with the entries that are still on their way."""
    for pending in scribe.session.pending.values():
        if pending.kind in (begins, ends) and pending.data.get("care") == care and pending.undo is None:
            known = pending.kind == begins
    return known


Words = Callable[[int], str]


def _unit(unit: str) -> Words:
    return lambda value: f"{value} {unit}".strip()


VITALS: dict[str, tuple[str, Number]] = {
    "spo2": ("SpO2", Number(_unit("%"), most=100)),
    "resp_rate": ("respiratory rate", Number(_unit("/min"), most=150)),
    "temperature": (
        "temperature in tenths (365 is 36.5)",
        Number(lambda tenths: f"{tenths / 10} °C", most=450, least=150),
    ),
    "systolic": ("systolic pressure", Number(_unit("mmHg"), most=300)),
    "apgar": ("Apgar", Number(_unit(""), most=10)),
    "heart_rate": ("heart rate", Number(_unit("/min"), most=350)),
}
"""What can be measured, in the order of the strip; the temperature is typed in tenths."""

APGAR_MINUTE = Number(_unit("min"), most=60, least=1)
PATIENT = {
    "weight": Number(_unit("g"), most=150_000, least=200),
    "gestation_weeks": Number(_unit("weeks"), most=45, least=20),
    "age_days": Number(_unit("days"), most=9999),
}
"""What is counted of the child; the weight in grams."""


@act("heart_rate")
def heart_rate(scribe: Scribe, press: Press) -> Strip | None:
    """The heart rate, typed."""
    return Strip("Heart rate", _measured(scribe, press, "heart_rate"))


@act("vitals")
def vitals(scribe: Scribe, press: Press) -> Strip | None:
    """Another measurement, typed."""
    choices = [Choice(words, vital) for vital, (words, _) in VITALS.items()]
    return Strip("Observation", Step("which one?", lambda vital: _measured(scribe, press, vital), choices))


def _measured(scribe: Scribe, press: Press, vital: str) -> Step:
    words, number = VITALS[vital]

    def record(value: int) -> Step | None:
        shown: Any = f"{value / 10} Cel" if vital == "temperature" else value
        ticket = scribe.submit("vital.recorded", {vital: shown}, press)
        if vital != "apgar":
            return None
        return Step(
            "at how many minutes?",
            lambda minute: scribe.add(ticket, "apgar_minute", minute),
            number=APGAR_MINUTE,
        )

    def unsaid() -> None:
        scribe.tell(f"Nothing entered: no number was typed for the {words.split(' in ')[0]}.")

    return Step(
        f"{words}? type it", record, number=number, on_skip=unsaid, on_close=unsaid, skips_to="leave it"
    )


@act("patient")
def patient(scribe: Scribe, press: Press) -> Strip | None:
    """What is known of the child."""
    steps: dict[str, Callable[[], Step]] = {
        "weight": lambda: weight(scribe, press),
        "weeks of gestation": lambda: gestation(scribe, press),
        "age in days": lambda: age(scribe, press),
        "cord": lambda: _said(scribe, press, "cord", {words: id for id, words in WORDS["cord"].items()}),
        "cooling": lambda: _said(scribe, press, "cooling", {"being cooled": True, "not being cooled": False}),
        "sex": lambda: _said(scribe, press, "sex", {"girl": "female", "boy": "male", "not known": "unknown"}),
    }
    choices = [Choice(words, words) for words in steps]
    return Strip("Child", Step("what is known?", lambda words: steps[words](), choices))


def weight(scribe: Scribe, press: Press) -> Step:
    """The weight in grams, then how it is known."""

    def source(id: str) -> None:
        scribe.submit("patient.described", {"weight_source": id}, scribe.press)

    def typed(grams: int) -> Step:
        scribe.submit("patient.described", {"weight": f"{grams} g"}, press)
        choices = [Choice(WORDS["weight_source"][id], id) for id in WEIGHT_SOURCES]
        return Step("how is it known?", source, choices)

    return Step("weight in grams, then Enter", typed, number=PATIENT["weight"])


def gestation(scribe: Scribe, press: Press) -> Step:
    """The weeks of gestation."""
    return _counted(scribe, press, "gestation_weeks", "weeks")


def age(scribe: Scribe, press: Press) -> Step:
    """The age in days."""
    return _counted(scribe, press, "age_days", "days")


def _counted(scribe: Scribe, press: Press, fact: str, unit: str) -> Step:
    def typed(value: int) -> None:
        scribe.submit("patient.described", {fact: value}, press)

    return Step(f"{unit}? type them", typed, number=PATIENT[fact])


def _said(scribe: Scribe, press: Press, fact: str, answers: dict[str, Any]) -> Step:
    def say(value: Any) -> None:
        scribe.submit("patient.described", {fact: value}, press)

    return Step(f"{fact}?", say, [Choice(words, value) for words, value in answers.items()])
