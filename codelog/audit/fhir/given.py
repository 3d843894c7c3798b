"""What was given: one MedicationAdministration for every dose and every infusion."""

from __future__ import annotations

from collections.abc import Sequence

from codelog.audit.fhir.elements import Json, concept, instant, made, notes, period, quantity, said
from codelog.audit.fhir.frame import Frame, Made
from codelog.case.events import (
    DrugGiven,
    Event,
    InfusionChanged,
    InfusionStarted,
    InfusionStopped,
    Ref,
)
from codelog.case.instants import format_instant
from codelog.case.quantities import Quantity
from codelog.debrief.wording import label, word


def dose(frame: Frame, number: Ref, entries: Sequence[Event]) -> list[Made]:
    """A single dose. The code follows the recorded concentration; where none was recorded, only words do."""
    return [_dose(frame, event, event.data) for event in entries if isinstance(event.data, DrugGiven)]


def infusion(frame: Frame, number: Ref, entries: Sequence[Event]) -> list[Made]:
    """An infusion from its start to its stop, from its entries as corrected."""
    start = next((event for event in entries if isinstance(event.data, InfusionStarted)), None)
    if start is None:
        return []
    return [_infusion(frame, number, start, [event for event in entries if event is not start])]


def _dose(frame: Frame, event: Event, data: DrugGiven) -> Made:
    name = label(frame.tables.drugs, data.drug)
    strength = "" if data.concentration is None else f" of {data.concentration}"
    volume = "" if data.volume is None else f" ({data.volume})"
    dosage = made(
        text=f"{data.dose}{strength}{volume}",
        site=_site(frame, data.route, data.attempt),
        route=concept(word("given_route", data.route), frame.codes.of("routes", data.route)),
        dose=quantity(data.dose),
    )
    resource = made(
        resourceType="MedicationAdministration",
        id=frame.entry(event),
        partOf=[frame.resuscitation],
        status="completed",
        medicationCodeableConcept=concept(
            name + strength, frame.codes.of("drugs", data.drug, concentration=data.concentration)
        )
        or said(None),
        subject=frame.patient,
        context=frame.encounter,
        effectiveDateTime=instant(event.at),
        device=_device(frame, data.attempt),
        note=notes(
            data.text,
            None if data.flush is None else f"Flush {data.flush}",
            _unknown_line(frame, data.attempt),
        ),
        dosage=dosage,
    )
    return Made(resource, (event.seq,))


def _infusion(frame: Frame, number: Ref, start: Event, rest: Sequence[Event]) -> Made:
    data = start.data
    assert isinstance(data, InfusionStarted)
    rate, dose_rate = data.rate, data.dose_rate
    stop: Event | None = None
    given: Quantity | None = None
    reason: str | None = None
    changes: list[str] = []
    for event in rest:
        if isinstance(event.data, InfusionChanged):
            rate, dose_rate = event.data.rate or rate, event.data.dose_rate or dose_rate
            changes.append(f"{format_instant(event.at)}: {_amounts(event.data.rate, event.data.dose_rate)}")
        elif isinstance(event.data, InfusionStopped) and stop is None:
            stop, given, reason = event, event.data.volume, event.data.reason
    ordered = None if data.volume is None else f"Ordered {data.volume}"
    route = word("given_route", data.route)
    resource = made(
        resourceType="MedicationAdministration",
        id=frame.id("infusion", number),
        partOf=[frame.resuscitation],
        status="in-progress" if stop is None else "completed" if reason is None else "stopped",
        statusReason=[said(reason)] if reason is not None else [],
        medicationCodeableConcept=concept(
            label(frame.tables.fluids, data.fluid), frame.codes.of("fluids", data.fluid)
        )
        or said(None),
        subject=frame.patient,
        context=frame.encounter,
        effectivePeriod=period(start.at, stop.at if stop else None),
        device=_device(frame, data.attempt),
        note=notes(
            f"Infusion {number} of the case, by {route}",
            ordered,
            f"Rates changed: {'; '.join(changes)}" if changes else None,
            data.text,
            _unknown_line(frame, data.attempt),
        ),
        dosage=_infused(frame, data, given, rate, dose_rate),
    )
    return Made(resource, tuple(event.seq for event in (start, *rest)))


def _infused(
    frame: Frame,
    data: InfusionStarted,
    given: Quantity | None,
    rate: Quantity | None,
    dose_rate: Quantity | None,
) -> Json | None:
    """What went in and how fast. R4 wants an amount or a rate; what was only ordered is neither."""
    if given is None and rate is None and dose_rate is None:
        return None
    words = [f"{given} given"] if given is not None else []
    words += [_amounts(rate, dose_rate)] if rate or dose_rate else []
    return made(
        text=", ".join(words),
        site=_site(frame, data.route, data.attempt),
        route=concept(word("given_route", data.route), frame.codes.of("infusion_routes", data.route)),
        dose=quantity(given),
        rateQuantity=quantity(rate or dose_rate),
    )


def _amounts(*amounts: Quantity | None) -> str:
    return ", ".join(str(amount) for amount in amounts if amount is not None) or "not recorded"


def _device(frame: Frame, line: Ref | None) -> list[Json]:
    return [frame.lines[line].device] if line is not None and line in frame.lines else []


def _unknown_line(frame: Frame, line: Ref | None) -> str | None:
    known = line is None or line in frame.lines
    return None if known else f"Through line {line}, which is not in the record"


def _site(frame: Frame, route: str, line: Ref | None) -> Json | None:
    if route == "uvc":
        return concept("umbilical vein", frame.codes.of("sites", "umbilical_vein"))
    return frame.lines[line].site if line is not None and line in frame.lines else None
