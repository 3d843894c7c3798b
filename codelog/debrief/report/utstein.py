"""The neonatal Utstein-style fields that a record fills, and those it cannot.

The published paper was not read itself: its seven domains are known, the names of its elements are not. This list is
general knowledge and says so; nobody may claim by it to conform.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from codelog.case.events import Event, Ref, RoscRecognised, VitalRecorded
from codelog.case.state import Known
from codelog.debrief.report.access_story import AccessStory
from codelog.debrief.report.course import Course
from codelog.debrief.report.figures import Moment, Named
from codelog.debrief.report.given import Given
from codelog.debrief.report.header import Header
from codelog.debrief.report.record import Record
from codelog.debrief.report.targets import ADRENALINE

LIST = "neonatal Utstein style, seven domains"
SOURCE = "Foglia et al., Pediatrics 2023;151(2):e2022059631; the names of its elements were not read"
STATUS = "unverified"

_NOT_OURS = "not recorded by codelog"


@dataclass(frozen=True, slots=True)
class UtsteinField:
    """One field. `value` in words, or None and `why` there is none. `ours`: codelog has a place for it."""

    domain: str
    element: str
    value: str | None
    why: str | None
    ours: bool
    events: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Utstein:
    """The fields in order of the domains; `list`, `source` and `status` say what they rest on."""

    list: str
    source: str
    status: str
    fields: tuple[UtsteinField, ...]
    filled: int


def utstein(record: Record, header: Header, access: AccessStory, given: Given, course: Course) -> Utstein:
    """Fill what can be filled."""
    fields = tuple(_Fields(record, header, access, given, course).all())
    return Utstein(LIST, SOURCE, STATUS, fields, sum(field.value is not None for field in fields))


class _Fields:
    def __init__(
        self, record: Record, header: Header, access: AccessStory, given: Given, course: Course
    ) -> None:
        self._record = record
        self._header = header
        self._access = access
        self._given = given
        self._course = course

    def all(self) -> Iterator[UtsteinField]:
        for domain, fields in (
            ("setting", self._setting),
            ("patient", self._patient),
            ("antepartum", self._antepartum),
            ("birth", self._birth),
            ("resuscitation", self._resuscitation),
            ("after resuscitation", self._after),
            ("outcome", self._outcome),
        ):
            yield from self._domain(domain, fields)

    def _domain(self, domain: str, fields: Callable[[], Iterator[_Row]]) -> Iterator[UtsteinField]:
        for element, value, why, events in fields():
            if value is None:
                yield UtsteinField(domain, element, None, why, why != _NOT_OURS, ())
            else:
                yield UtsteinField(domain, element, value, None, True, events)

    def _setting(self) -> Iterator[_Row]:
        header = self._header
        yield _row("setting", _label(header.setting), header.events)
        yield _row("place", header.place, header.events)
        team = self._record.state.team
        roles = sorted({member.role.replace("_", " ") for member in team.values()})
        seqs = [member.stamp.seq for member in team.values()]
        yield _row("team", ", ".join(roles) or None, self._record.refs(*seqs))

    def _patient(self) -> Iterator[_Row]:
        child = self._header.child
        weeks = child.gestation_weeks
        yield _row("gestation", None if weeks is None else f"{weeks} weeks", self._known("gestation_weeks"))
        weight = None if child.weight is None else str(child.weight)
        if weight is not None and child.weight_source is not None:
            weight += f" ({child.weight_source.label})"
        yield _row("weight", weight, self._known("weight"))
        yield _row("sex", child.sex, self._known("sex"))

    def _antepartum(self) -> Iterator[_Row]:
        yield "course of the pregnancy", None, _NOT_OURS, ()
        yield "drugs given to the mother", None, _NOT_OURS, ()

    def _birth(self) -> Iterator[_Row]:
        header = self._header
        born = header.zero_is is not None and header.zero_is.id == "birth"
        why = "the case's clock does not count from the birth"
        yield "time of birth", "0:00, case zero" if born else None, why, header.zero.events if born else ()
        yield "mode of birth", None, _NOT_OURS, ()
        yield self._care("cord clamped", "cord_clamping")

    def _resuscitation(self) -> Iterator[_Row]:
        yield self._care("ventilation (PPV)", "ppv")
        yield self._care("CPAP", "cpap")
        yield self._care("intubation", "intubation")
        yield self._care("chest compressions", "compressions")
        yield from self._vascular()
        yield from self._medication()
        yield self._heart_rate(60)
        yield self._heart_rate(100)
        pulses = [event for event, _ in self._record.of(RoscRecognised)]
        yield self._times("return of circulation", pulses)
        closed = self._header.closed
        yield _row(
            "end of resuscitation (case closed)",
            None if closed is None else closed.clock,
            closed.events if closed else (),
        )

    def _vascular(self) -> Iterator[_Row]:
        tried = [attempt for attempt in self._access.attempts if not attempt.present]
        events = tuple(dict.fromkeys(ref for attempt in tried for ref in attempt.start.events))
        counts: dict[str, int] = {}
        for attempt in tried:
            counts[attempt.route.label] = counts.get(attempt.route.label, 0) + 1
        routes = ", ".join(f"{route} {count}" for route, count in counts.items())
        yield _row("vascular access attempted", "yes" if tried else None, events)
        yield _row("attempts by route", routes or None, events)
        placed = [attempt for attempt in self._access.attempts if attempt.established is not None]
        times = [
            f"{line.route.label} {line.established.clock}" for line in placed if line.established is not None
        ]
        seen = tuple(
            ref for line in placed if line.established is not None for ref in line.established.events
        )
        yield _row("access established", ", ".join(times) or None, seen)

    def _medication(self) -> Iterator[_Row]:
        doses = [dose for dose in self._given.doses if dose.drug.id == ADRENALINE]
        others = [dose for dose in self._given.doses if dose.drug.id != ADRENALINE]
        events = tuple(ref for dose in doses for ref in dose.events)
        given = [f"{dose.moment.clock} {dose.dose} by {dose.route.label}" for dose in doses]
        yield _row("adrenaline, number of doses", str(len(doses)) if doses else None, events)
        yield _row("adrenaline: time, dose, route", "; ".join(given) or None, events)
        fluids = self._given.infusions
        volumes = [
            f"{fluid.start.clock} {fluid.fluid.label} {fluid.volume or 'volume not recorded'}"
            for fluid in fluids
        ]
        yield _row(
            "fluids: time, kind, volume",
            "; ".join(volumes) or None,
            tuple(ref for fluid in fluids for ref in fluid.events),
        )
        total = self._given.fluids
        yield _row(
            "fluids, all together",
            str(total.per_kg) if total.infusions and total.per_kg else None,
            total.events,
        )
        rest = [f"{dose.moment.clock} {dose.drug.label} {dose.dose}" for dose in others]
        yield _row(
            "other drugs", "; ".join(rest) or None, tuple(ref for dose in others for ref in dose.events)
        )

    def _after(self) -> Iterator[_Row]:
        for sign, unit in (("temperature", " °C"), ("apgar", "")):
            found = [vital for vital in self._course.vitals if vital.sign == sign]
            values = [
                f"{vital.value:f}{unit} at {vital.moment.clock}"
                if vital.minute is None
                else f"{vital.value:f} at {vital.minute} min"
                for vital in found
            ]
            name = "Apgar scores" if sign == "apgar" else "temperature"
            events = tuple(ref for vital in found for ref in vital.moment.events)
            yield _row(name, "; ".join(values) or None, events)
        cooled = self._header.child.cooling
        words = None if cooled is None else ("yes" if cooled else "no")
        yield _row("therapeutic cooling", words, self._known("cooling"))
        yield "blood gases", None, _NOT_OURS, ()

    def _outcome(self) -> Iterator[_Row]:
        header = self._header
        yield _row(
            "disposition",
            _label(header.outcome),
            header.closed.events if header.closed else (),
        )
        yield "survival to discharge", None, _NOT_OURS, ()
        yield "later development", None, _NOT_OURS, ()

    def _known(self, fact: str) -> tuple[Ref, ...]:
        known: Known | None = self._record.state.known(fact)
        return () if known is None else self._record.refs(known.stamp.seq)

    def _care(self, element: str, care: str) -> _Row:
        found = [stretch for stretch in self._course.care if stretch.care.id == care]
        spans = [
            f"{stretch.since.clock} to {stretch.until.clock}"
            if stretch.until
            else f"from {stretch.since.clock}"
            for stretch in found
        ]
        moments: list[Moment] = [
            moment for stretch in found for moment in (stretch.since, stretch.until) if moment is not None
        ]
        return _row(
            element, "; ".join(spans) or None, tuple(ref for moment in moments for ref in moment.events)
        )

    def _times(self, element: str, events: list[Event]) -> _Row:
        times = [self._record.moment(event) for event in events]
        words = ", ".join(moment.clock for moment in times) or None
        return _row(element, words, tuple(ref for moment in times for ref in moment.events))

    def _heart_rate(self, least: int) -> _Row:
        """The first heart rate that high after compressions had begun."""
        element = f"heart rate {least} or more after compressions"
        starts = [stretch.since.at for stretch in self._course.care if stretch.care.id == "compressions"]
        if not starts:
            return element, None, "no compressions recorded", ()
        rates = (
            event
            for event, data in self._record.of(VitalRecorded)
            if data.heart_rate is not None and data.heart_rate >= least and event.at >= min(starts)
        )
        first = next(rates, None)
        return self._times(element, [] if first is None else [first])


_Row = tuple[str, str | None, str | None, tuple[Ref, ...]]


def _label(named: Named | None) -> str | None:
    return None if named is None else named.label


def _row(element: str, value: str | None, events: tuple[Ref, ...]) -> _Row:
    return element, value, "not recorded", events
