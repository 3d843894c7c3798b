"""What a log states, fact by fact, so that two records of one case can be laid side by side.

Entries and facts are not the same: an attempt's details may come with its start or one by one, signs and measurements
together or each by itself. Here they are brought to one form. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from codelog.case import events as kinds
from codelog.case.access import DETAILS
from codelog.case.corrections import corrected
from codelog.case.events import Data, Event, Ref
from codelog.debrief.gaps import ROUTE_UNDESCRIBED, UNDESCRIBED


@dataclass(slots=True)
class Fact:
    """One thing that happened: `since` milliseconds from case zero, said by `event`.

    `topic` is what it must share with its counterpart (kind, and which drug, vital, ...), `about` the attempt it is
    of. `fields` maps the details that were recorded to their values. `data` is what it takes to put it in words.
    """

    event: Event
    since: int
    data: Data
    topic: tuple[str, ...]
    about: Ref | None = None
    fields: dict[str, Any] = field(default_factory=dict)

    def say(self, **said: Any) -> None:
        """Take over details; what nobody said stays as it was."""
        self.fields |= {name: value for name, value in said.items() if value not in (None, "", UNDESCRIBED)}


def facts(events: Sequence[Event]) -> list[Fact]:
    """The facts of one stream as corrected, in order of time. What the program does by itself is none."""
    reader = _Reader()
    for event in corrected(events):
        reader.read(event)
    return reader.found


class _Reader:
    def __init__(self) -> None:
        self.found: list[Fact] = []
        self._zero = 0
        self._starts: dict[Ref, Fact] = {}
        self._fluids: dict[Ref, str] = {}
        self._merged: dict[tuple[str, Ref], Fact] = {}

    def read(self, event: Event) -> None:
        data = event.data
        if isinstance(data, kinds.CaseOpened):
            self._zero = event.at
        elif isinstance(data, kinds.AttemptDescribed):
            if data.attempt in self._starts:
                self._describe(self._starts[data.attempt], data)
        elif isinstance(data, (kinds.AttemptStarted, kinds.AccessPresent)):
            fact = self._add(event, (data.KIND,), data.attempt)
            fact.say(route=data.route, since=getattr(data, "since", None))
            self._describe(fact, data)
            self._starts.setdefault(data.attempt, fact)
        elif isinstance(data, kinds.PatientDescribed):
            self._patient(event, data)
        elif isinstance(data, kinds.VitalRecorded):
            self._vitals(event, data)
        elif data.KIND in _PLAIN:
            self._plain(event)

    def _add(
        self, event: Event, topic: tuple[str, ...], about: Ref | None = None, data: Data | None = None
    ) -> Fact:
        fact = Fact(event, event.at - self._zero, data or event.data, topic, about)
        self.found.append(fact)
        return fact

    def _once(self, event: Event, key: Ref, about: Ref | None = None) -> Fact:
        """The fact that several entries make together."""
        fact = self._merged.get((event.kind, key))
        if fact is None:
            fact = self._merged[event.kind, key] = self._add(event, (event.kind,), about)
        return fact

    def _describe(self, fact: Fact, data: Any) -> None:
        said = {name: getattr(data, name, None) for name in DETAILS}
        operator = said.pop("operator") or said.pop("operator_role")
        said.pop("operator_role", None)
        fact.say(**said, operator=operator)

    def _patient(self, event: Event, data: kinds.PatientDescribed) -> None:
        """Each thing said of the patient is a fact; how the weight is known belongs to the weight."""
        for name in ("weight", "gestation_weeks", "age_days", "sex", "cord", "cooling"):
            value = getattr(data, name)
            if value is not None:
                part = kinds.PatientDescribed(**{name: value})
                self._add(event, (data.KIND, name), data=part).say(**{name: value})
        weights = [fact for fact in self.found if fact.topic == (data.KIND, "weight")]
        if weights:
            weights[-1].say(weight_source=data.weight_source)

    def _vitals(self, event: Event, data: kinds.VitalRecorded) -> None:
        for name in ("heart_rate", "spo2", "resp_rate", "temperature", "systolic", "apgar"):
            value = getattr(data, name)
            if value is not None:
                minute = data.apgar_minute if name == "apgar" else None
                part = kinds.VitalRecorded(**{name: value}, apgar_minute=minute)
                self._add(event, (data.KIND, name), data=part).say(**{name: value}, apgar_minute=minute)

    def _plain(self, event: Event) -> None:
        data: Any = event.data
        about = getattr(data, "attempt", None)
        if isinstance(data, kinds.AccessConfirmed):
            self._once(event, data.attempt, about).say(**dict.fromkeys(data.signs, True))
        elif isinstance(data, kinds.TeamNoted):
            said = {name: getattr(data, name) for name in ("uvc_experienced", "io_experienced")}
            self._once(event, data.person).say(**said)
        elif isinstance(data, kinds.KitChecked):
            self._once(event, "kit").say(**data.items)
        elif isinstance(data, kinds.CaseClosed):
            self._closed(event, data)
        else:
            fact = self._add(event, self._topic(data), about)
            fact.say(**{name: getattr(data, name) for name in _PLAIN[data.KIND]})
            if getattr(data, "text", None) == ROUTE_UNDESCRIBED:
                del fact.fields["route"]
            if isinstance(data, kinds.InfusionStarted):
                self._fluids.setdefault(data.infusion, data.fluid)

    def _topic(self, data: Any) -> tuple[str, ...]:
        """The kind, and what it is about: which drug, fluid, condition, complication, care or clock."""
        if isinstance(data, (kinds.InfusionChanged, kinds.InfusionStopped)):
            return data.KIND, self._fluids.get(data.infusion, "")
        named = (getattr(data, name, None) for name in _NAMES)
        return data.KIND, *(str(name) for name in named if name is not None)

    def _closed(self, event: Event, data: kinds.CaseClosed) -> None:
        """A case that was reopened and closed again ended once."""
        self.found = [fact for fact in self.found if fact.event.kind != data.KIND]
        self._add(event, (data.KIND,)).say(outcome=data.outcome)


_NAMES = ("drug", "fluid", "condition", "complication", "care", "clock")
_PLAIN: Mapping[str, tuple[str, ...]] = {
    "condition.noted": ("present", "bone", "side"),
    "team.noted": (),
    "access.needed": ("urgency",),
    "access.attempt_ended": ("outcome", "reason"),
    "access.confirmed": (),
    "access.checked": ("finding",),
    "access.lost": ("reason",),
    "access.removed": (),
    "complication.noted": (),
    "kit.checked": (),
    "drug.given": ("dose", "route", "volume"),
    "infusion.started": ("route", "volume", "rate", "dose_rate"),
    "infusion.changed": ("rate", "dose_rate"),
    "infusion.stopped": ("volume",),
    "care.started": (),
    "care.ended": (),
    "arrest.recognised": (),
    "rosc.recognised": (),
    "note.added": (),
    "clock.marked": ("shows",),
    "case.closed": (),
}
"""The kinds that are facts as they stand, and the details that are looked for in each."""
