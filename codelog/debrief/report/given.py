"""What was given: every drug and infusion, their totals, and what went through each line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from codelog.case.events import (
    AccessConfirmed,
    DrugGiven,
    Event,
    InfusionChanged,
    InfusionStarted,
    Ref,
)
from codelog.case.infusions import Infusion
from codelog.case.quantities import Quantity
from codelog.debrief.gaps import UNDESCRIBED, is_undescribed
from codelog.debrief.report.figures import Moment, Named, named, per_kg
from codelog.debrief.report.record import Record
from codelog.debrief.wording import site_words, word

_PAST_LINES = ("ett", "im")
"""Routes by which nothing goes through a line."""


@dataclass(frozen=True, slots=True)
class Weight:
    """The weight that every figure per kilogram is counted with: the latest known."""

    weight: Quantity
    source: Named | None
    events: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Dose:
    """One dose. `nth` counts the doses of this drug. `line_inferred`: its route left only this line."""

    moment: Moment
    drug: Named
    nth: int
    dose: Quantity
    per_kg: Quantity | None
    route: Named
    line: Ref | None
    line_inferred: bool
    concentration: Quantity | None
    volume: Quantity | None
    flush: Quantity | None
    text: str | None
    events: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class DrugTotal:
    """All doses of a drug that are measured alike (by mass, by volume, ...) together."""

    drug: Named
    doses: int
    total: Quantity
    per_kg: Quantity | None
    events: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class RateSet:
    """The rate of an infusion from a moment on."""

    moment: Moment
    rate: Quantity | None
    dose_rate: Quantity | None


@dataclass(frozen=True, slots=True)
class InfusionStory:
    """One infusion. `volume` counts: what its stop says was `given`, else what was `ordered`; None: not recorded."""

    number: Ref
    fluid: Named
    route: Named
    line: Ref | None
    line_inferred: bool
    start: Moment
    stop: Moment | None
    duration_ms: int | None
    ordered: Quantity | None
    given: Quantity | None
    volume: Quantity | None
    per_kg: Quantity | None
    rates: tuple[RateSet, ...]
    reason: str | None
    events: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class FluidTotal:
    """Infusions together. `uncounted` of them have no volume recorded, `ordered_only` count as ordered."""

    fluid: Named
    infusions: int
    uncounted: int
    ordered_only: int
    volume: Quantity
    per_kg: Quantity | None
    events: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class LineUse:
    """What went through one line. `line` None: nobody said which, and more than one or none was in place.

    `volume` is infusions, drugs and flushes together, as far as their volumes were recorded.
    """

    line: Ref | None
    words: str
    doses: int
    infusions: int
    infusion_volume: Quantity
    drug_volume: Quantity
    flush_volume: Quantity
    volume: Quantity
    per_kg: Quantity | None
    events: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Given:
    """Drugs and infusions in order of time, with their totals. `fluids` is all infusions together."""

    weight: Weight | None
    doses: tuple[Dose, ...]
    drug_totals: tuple[DrugTotal, ...]
    infusions: tuple[InfusionStory, ...]
    fluid_totals: tuple[FluidTotal, ...]
    fluids: FluidTotal
    lines: tuple[LineUse, ...]


def given(record: Record) -> Given:
    """All that was given in a case."""
    doses = _doses(record)
    infusions = _infusions(record)
    by_fluid: dict[str, list[InfusionStory]] = {}
    for infusion in infusions:
        by_fluid.setdefault(infusion.fluid.id, []).append(infusion)
    return Given(
        weight=_weight(record),
        doses=doses,
        drug_totals=_drug_totals(record, doses),
        infusions=infusions,
        fluid_totals=tuple(_fluids(record, alike[0].fluid, alike) for alike in by_fluid.values()),
        fluids=_fluids(record, Named("all", "all fluids"), infusions),
        lines=_lines(record, doses, infusions),
    )


def _weight(record: Record) -> Weight | None:
    known, source = record.state.known("weight"), record.state.known("weight_source")
    if known is None or record.kilograms is None:
        return None
    how = None if source is None else Named(source.value, word("weight_source", source.value))
    seqs = (known.stamp.seq, None if source is None else source.stamp.seq)
    return Weight(known.value, how, record.refs(*seqs))


def _doses(record: Record) -> tuple[Dose, ...]:
    counts: dict[str, int] = {}
    found = []
    for event, data in record.of(DrugGiven):
        counts[data.drug] = counts.get(data.drug, 0) + 1
        line, inferred = record.line_of(event, data)
        found.append(
            Dose(
                moment=record.moment(event),
                drug=named(record.tables.drugs, data.drug),
                nth=counts[data.drug],
                dose=data.dose,
                per_kg=per_kg(data.dose, record.kilograms),
                route=_route(data),
                line=line,
                line_inferred=inferred,
                concentration=data.concentration,
                volume=data.volume,
                flush=data.flush,
                text=data.text,
                events=record.refs(event.seq),
            )
        )
    return tuple(found)


def _route(data: DrugGiven | InfusionStarted) -> Named:
    return Named(data.route, UNDESCRIBED if is_undescribed(data) else word("given_route", data.route))


def _drug_totals(record: Record, doses: Iterable[Dose]) -> tuple[DrugTotal, ...]:
    groups: dict[tuple[str, str], list[Dose]] = {}
    for dose in doses:
        groups.setdefault((dose.drug.id, dose.dose.dimension), []).append(dose)
    totals = []
    for alike in groups.values():
        total = _sum((dose.dose for dose in alike), alike[0].dose.unit)
        totals.append(
            DrugTotal(alike[0].drug, len(alike), total, per_kg(total, record.kilograms), _events(alike))
        )
    return tuple(totals)


def _infusions(record: Record) -> tuple[InfusionStory, ...]:
    changes: dict[Ref, list[tuple[Event, InfusionChanged]]] = {}
    for event, changed in record.of(InfusionChanged):
        changes.setdefault(changed.infusion, []).append((event, changed))
    found, seen = [], set()
    for event, data in record.of(InfusionStarted):
        if data.infusion not in seen:
            seen.add(data.infusion)
            found.append(_infusion(record, event, data, changes.get(data.infusion, [])))
    return tuple(found)


def _infusion(
    record: Record, event: Event, data: InfusionStarted, changes: list[tuple[Event, InfusionChanged]]
) -> InfusionStory:
    infusion: Infusion = record.state.infusions[data.infusion]
    line, inferred = record.line_of(event, data)
    start, stop = infusion.start, infusion.stop
    rates = [RateSet(record.moment(event), data.rate, data.dose_rate)] if data.rate or data.dose_rate else []
    rates += [RateSet(record.moment(entry), changed.rate, changed.dose_rate) for entry, changed in changes]
    return InfusionStory(
        number=data.infusion,
        fluid=named(record.tables.fluids, data.fluid),
        route=_route(data),
        line=line,
        line_inferred=inferred,
        start=record.moment(start),
        stop=record.moment_or_none(stop),
        duration_ms=None if stop is None or stop.at < start.at else stop.at - start.at,
        ordered=infusion.ordered,
        given=infusion.given,
        volume=infusion.volume,
        per_kg=None if infusion.volume is None else per_kg(infusion.volume, record.kilograms),
        rates=tuple(rates),
        reason=infusion.reason,
        events=record.refs(start.seq, *(entry.seq for entry, _ in changes), stop.seq if stop else None),
    )


def _fluids(record: Record, fluid: Named, infusions: Iterable[InfusionStory]) -> FluidTotal:
    infusions = list(infusions)
    volume = _sum((infusion.volume for infusion in infusions), "mL")
    return FluidTotal(
        fluid=fluid,
        infusions=len(infusions),
        uncounted=sum(infusion.volume is None for infusion in infusions),
        ordered_only=sum(infusion.given is None and infusion.ordered is not None for infusion in infusions),
        volume=volume,
        per_kg=per_kg(volume, record.kilograms),
        events=_events(infusions),
    )


def _lines(record: Record, doses: Iterable[Dose], infusions: Iterable[InfusionStory]) -> tuple[LineUse, ...]:
    """The lines in order of their attempts, those established first, then what went no recorded way."""
    doses = [dose for dose in doses if dose.route.id not in _PAST_LINES]
    parts: list[Dose | InfusionStory] = [*doses, *infusions]
    used: dict[Ref | None, None] = dict.fromkeys(line.number for line in record.state.access.established)
    used |= dict.fromkeys(part.line for part in parts if part.line is not None)
    if any(part.line is None for part in parts):
        used[None] = None
    return tuple(
        _line(
            record,
            line,
            [dose for dose in doses if dose.line == line],
            [infusion for infusion in infusions if infusion.line == line],
        )
        for line in used
    )


def _line(record: Record, line: Ref | None, doses: list[Dose], infusions: list[InfusionStory]) -> LineUse:
    confirmed = [
        (e, data.flush) for e, data in record.of(AccessConfirmed) if data.attempt == line and data.flush
    ]
    by_infusion = _sum((infusion.volume for infusion in infusions), "mL")
    by_drug = _sum((_drug_volume(dose) for dose in doses), "mL")
    by_flush = _sum((*(dose.flush for dose in doses), *(flush for _, flush in confirmed)), "mL")
    volume = _sum((by_infusion, by_drug, by_flush), "mL")
    return LineUse(
        line=line,
        words=_line_words(record, line),
        doses=len(doses),
        infusions=len(infusions),
        infusion_volume=by_infusion,
        drug_volume=by_drug,
        flush_volume=by_flush,
        volume=volume,
        per_kg=per_kg(volume, record.kilograms),
        events=_events([*doses, *infusions]) + record.refs(*(event.seq for event, _ in confirmed)),
    )


def _line_words(record: Record, line: Ref | None) -> str:
    if line is None:
        return "line not recorded"
    attempt = record.state.access.attempts.get(line)
    if attempt is None:
        return f"line {line}, which is not in the record"
    where = site_words(attempt.text("site"), attempt.text("side"), record.tables)
    return " ".join(part for part in (word("access_route", attempt.route), where) if part)


def _drug_volume(dose: Dose) -> Quantity | None:
    if dose.volume is None and dose.dose.dimension == "volume":
        return dose.dose
    return dose.volume


def _sum(quantities: Iterable[Quantity | None], unit: str) -> Quantity:
    values = (quantity.to(unit) for quantity in quantities if quantity is not None)
    return Quantity(_plain(sum(values, Decimal(0))), unit)


def _plain(value: Decimal) -> Decimal:
    """The value without zeros at the end of its fraction."""
    whole = value.to_integral_value()
    return whole if value == whole else value.normalize()


def _events(parts: Iterable[Dose | InfusionStory]) -> tuple[Ref, ...]:
    return tuple(dict.fromkeys(ref for part in parts for ref in part.events))
