"""dose-range: a dose per kilogram outside the table's range, or volume and concentration that do not give the dose."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from codelog.case.events import DrugGiven, Event, PatientDescribed, Ref
from codelog.case.flags import Subject
from codelog.case.quantities import Quantity, QuantityError
from codelog.case.state import State
from codelog.clinical.entries import Drug
from codelog.clinical.protocols import Protocol
from codelog.clinical.tables import Tables
from codelog.rules.rule import Changes, Finding, Reasons, Rule, View, clock

TOLERANCE = Decimal("0.05")
"""By how much, relative to the dose, volume times concentration may differ from it."""


@dataclass(frozen=True, slots=True)
class _Doubt:
    """A doubtful dose: what speaks against it, in words, with the limit and the names of its sources."""

    basis: str
    words: str
    threshold: str
    sources: tuple[str, ...]


class DoseRange(Rule):
    """Check the dose."""

    id = "dose-range"
    title = "Check the dose"

    def __init__(self, protocol: Protocol, tables: Tables) -> None:
        super().__init__(protocol, tables)
        self._standing: dict[Ref, tuple[Event, DrugGiven, _Doubt]] = {}
        self._now: list[Event] = []
        self._changes = Changes()

    def observe(self, state: State, event: Event) -> None:
        """Keep the doses of this instant until all its entries are in."""
        if self._now and self._now[-1].at != event.at:
            self._now.clear()
        if isinstance(event.data, DrugGiven):
            self._now.append(event)
        elif isinstance(event.data, PatientDescribed):
            self._changes.note_all()

    def settle(self, state: State) -> None:
        """Judge the doses of this instant by the weight and age known by then."""
        for event in self._now:
            dose = event.data
            assert isinstance(dose, DrugGiven)
            doubt = self._doubt(dose, state.weight_kg(event.at), state.age_days(event.at))
            if doubt is None:
                if self._standing.pop(event.seq, None) is not None:
                    self._changes.note(entry=event.seq)
            else:
                self._changes.note(entry=event.seq)
                self._standing[event.seq] = event, dose, doubt

    def findings(self, view: View) -> list[Finding]:
        """One finding for every doubtful dose that the weight known now does not clear."""
        found = (self.finding(view, (None, seq, None)) for seq in self._standing)
        return [finding for finding in found if finding is not None]

    def changed(self) -> set[Subject] | None:
        """The doses judged since, or all of them when the patient was described anew."""
        return self._changes.take()

    def finding(self, view: View, subject: Subject) -> Finding | None:
        """What is doubtful about one dose."""
        standing = self._standing.get(subject[1] or 0)
        if standing is None:
            return None
        event, dose, doubt = standing
        if self._doubt(dose, view.state.weight_kg(), view.state.age_days(event.at)) is None:
            return None
        return Finding(doubt.basis, event.at, "medium", entry=event.seq, evidence=(event.seq,))

    def _doubt(self, dose: DrugGiven, weight: Decimal | None, age: int | None) -> _Doubt | None:
        drug = self.tables.drugs.get(dose.drug)
        if drug is None or not weight:
            return None
        return (
            _tracheal(drug, dose, weight)
            or (None if age is None else self._outside(drug, dose, weight, age))
            or _unequal(dose)
        )

    def _outside(self, drug: Drug, dose: DrugGiven, weight: Decimal, age: int) -> _Doubt | None:
        expected = drug.range_for(dose.route, self.tables.dose_age(age))
        if expected is None:
            return None
        over = _compare(dose.dose, expected.max, weight)
        absolute = _compare(dose.dose, expected.absolute_max, None)
        under = _compare(dose.dose, expected.min, weight)
        if over is not None and over > 0 and expected.max is not None:
            return _limit("above", dose, weight, expected.max, expected.evidence["max"].sources)
        if absolute is not None and absolute > 0 and expected.absolute_max is not None:
            return _limit(
                "above", dose, None, expected.absolute_max, expected.evidence["absolute_max"].sources
            )
        if under is not None and under < 0 and expected.min is not None:
            return _limit("below", dose, weight, expected.min, expected.evidence["min"].sources)
        return None

    def explain(self, view: View, finding: Finding) -> Reasons:
        """The dose as given, per kilogram, and the limit."""
        event, dose, doubt = self._standing[finding.entry or 0]
        weight = view.state.value("weight", event.at)
        source = self.tables.citations(doubt.sources) or "the entry itself"
        return Reasons(
            text=f"Check the dose: {dose.drug} {dose.dose} by {dose.route} at {clock(event.at, view.state)}, {doubt.words} ({source}).",
            threshold=doubt.threshold,
            source=source,
            facts={"drug": dose.drug, "dose": str(dose.dose), "route": dose.route, "weight": str(weight)},
            evidence=finding.evidence,
            unknown=() if view.state.age_days(event.at) is not None else ("age",),
        )


def per_kilogram(dose: Quantity, per_kg_unit: str, weight: Decimal) -> Decimal | None:
    """The dose in `per_kg_unit` for a weight in kg, or None where the two do not measure the same."""
    try:
        return dose.to(per_kg_unit.removesuffix("/kg")) / weight
    except QuantityError:
        return None


def _compare(dose: Quantity, limit: Quantity | None, weight: Decimal | None) -> int | None:
    """-1, 0 or 1 as the dose is below, at or above a limit; with a weight the limit is per kilogram."""
    if limit is None:
        return None
    try:
        value = dose.to(limit.unit) if weight is None else per_kilogram(dose, limit.unit, weight)
    except QuantityError:
        return None
    return None if value is None else (value > limit.value) - (value < limit.value)


def _limit(
    basis: str, dose: DrugGiven, weight: Decimal | None, limit: Quantity, sources: tuple[str, ...]
) -> _Doubt:
    word = "more than" if basis == "above" else "less than"
    if weight is None:
        return _Doubt(basis, f"{word} {limit} in all", str(limit), sources)
    value = per_kilogram(dose.dose, limit.unit, weight) or Decimal(0)
    return _Doubt(basis, f"{_short(value)} {limit.unit}, {word} {limit}", str(limit), sources)


def _tracheal(drug: Drug, dose: DrugGiven, weight: Decimal) -> _Doubt | None:
    limit = drug.tracheal_dose_by_line
    if limit is None or dose.route not in ("iv", "io", "uvc"):
        return None
    over = _compare(dose.dose, limit, weight)
    if over is None or over < 0:
        return None
    value = per_kilogram(dose.dose, limit.unit, weight) or Decimal(0)
    words = f"{_short(value)} {limit.unit} by {dose.route}: that is a dose for the tube ({limit} or more)"
    return _Doubt("tracheal_dose_by_line", words, str(limit), drug.evidence["tracheal_dose_by_line"].sources)


def _unequal(dose: DrugGiven) -> _Doubt | None:
    if dose.volume is None or dose.concentration is None:
        return None
    try:
        unit = dose.concentration.unit.removesuffix("/mL")
        implied = dose.concentration.value * dose.volume.to("mL")
        stated = dose.dose.to(unit)
    except QuantityError:
        return None
    if abs(stated - implied) <= TOLERANCE * stated:
        return None
    words = f"but {dose.volume} of {dose.concentration} are {_short(implied)} {unit}"
    return _Doubt("concentration", words, "dose, volume and concentration equal within 5 %", ())


def _short(value: Decimal) -> str:
    text = f"{value:.4f}" if value < 1 else f"{value:.2f}"
    return text.rstrip("0").rstrip(".")
