"""The state of a case: what is known at an instant, folded from the corrected entries one by one.

`State.apply` takes each entry once, in the order of (`at`, `seq`), so the cost of an entry does not depend on how
many came before it. `fold` is the same from nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from codelog.case.access import Access, Stamp
from codelog.case.events import (
    ArrestRecognised,
    CareEnded,
    CareStarted,
    CaseClosed,
    CaseOpened,
    CaseReopened,
    ConditionNoted,
    DrugGiven,
    Event,
    InfusionChanged,
    InfusionStarted,
    InfusionStopped,
    KitChecked,
    PatientDescribed,
    Ref,
    RoscRecognised,
    TeamNoted,
    VitalRecorded,
)
from codelog.case.infusions import Given, Infusion

PATIENT_FACTS = ("age_days", "gestation_weeks", "weight", "weight_source", "sex", "cord", "cooling")
VITALS = ("heart_rate", "spo2", "resp_rate", "temperature", "systolic", "apgar")

BodyPart = tuple[str, str | None, str | None]
"""(condition, bone, side); bone and side are None where they were not said."""


@dataclass(frozen=True, slots=True)
class Known:
    """A value and the entry since which it stands."""

    value: Any
    stamp: Stamp


@dataclass(slots=True)
class Member:
    """Somebody of the team, with what was last said of them."""

    role: str
    uvc_experienced: bool | None
    io_experienced: bool | None
    stamp: Stamp


class State:
    """What is known of a case at the instant of the last entry applied.

    Instants are milliseconds since the epoch. Facts that change (weight, conditions) keep their history, since
    some rules ask what was known at an earlier instant.
    """

    def __init__(self, clock_starts: str = "need_or_first_attempt") -> None:
        self.opened: CaseOpened | None = None
        self.zero: int = 0
        self.instant: int = 0
        self.access = Access(clock_starts)
        self.patient: dict[str, list[Known]] = {}
        self.conditions: dict[BodyPart, list[Known]] = {}
        self.team: dict[str, Member] = {}
        self.no_uvc_hand_since: Stamp | None = None
        self.kit: dict[str, bool] = {}
        self.arrest: Stamp | None = None
        self.rosc: Stamp | None = None
        self.cares: dict[str, Stamp] = {}
        self.infusions: dict[Ref, Infusion] = {}
        self.vitals: dict[str, Known] = {}
        self.given_now: list[Given] = []
        self.closed: Stamp | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, State) and vars(self) == vars(other)

    __hash__ = None  # type: ignore[assignment]

    def known(self, fact: str, by: int | None = None) -> Known | None:
        """A fact of the patient, as described by the instant `by` (that instant included), or None."""
        for known in reversed(self.patient.get(fact, ())):
            if by is None or known.stamp.at <= by:
                return known
        return None

    def value(self, fact: str, by: int | None = None) -> Any:
        """The value of `known`, or None while nobody has said."""
        known = self.known(fact, by)
        return None if known is None else known.value

    def age_days(self, by: int | None = None) -> int | None:
        """Days of life: as described, else 0 where case zero is the birth, else unknown."""
        age: int | None = self.value("age_days", by)
        if age is None and self.opened is not None and self.opened.zero == "birth":
            return 0
        return age

    def weight_kg(self, by: int | None = None) -> Any:
        """The weight in kg as a Decimal, or None while it is unknown. A weight of zero tells nothing."""
        weight = self.value("weight", by)
        return None if weight is None else weight.to("kg") or None

    def conditions_by(self, instant: int) -> dict[BodyPart, Known]:
        """The latest note of every (condition, bone, side) by an instant; the value is whether it is present."""
        found = {}
        for part, notes in self.conditions.items():
            for note in reversed(notes):
                if note.stamp.at <= instant:
                    found[part] = note
                    break
        return found

    def running_infusions(self) -> list[Infusion]:
        """Those not stopped, oldest first."""
        return [infusion for infusion in self.infusions.values() if infusion.running]

    def apply(self, event: Event) -> None:
        """Take one entry into the state."""
        if event.at != self.instant:
            self.instant = event.at
            self.given_now.clear()
        data = event.data
        if data.KIND.startswith("access."):
            self.access.apply(event)
            return
        handler = _HANDLERS.get(type(data))
        if handler is not None:
            handler(self, data, Stamp(event.at, event.seq))

    def _opened(self, data: CaseOpened, stamp: Stamp) -> None:
        self.opened = data
        self.zero = stamp.at
        if data.zero == "arrest":
            self.arrest = stamp

    def _patient(self, data: PatientDescribed, stamp: Stamp) -> None:
        for fact in PATIENT_FACTS:
            value = getattr(data, fact)
            if value is not None and value != self.value(fact):
                self.patient.setdefault(fact, []).append(Known(value, stamp))

    def _condition(self, data: ConditionNoted, stamp: Stamp) -> None:
        part = (data.condition, data.bone, data.side)
        self.conditions.setdefault(part, []).append(Known(data.present, stamp))

    def _team(self, data: TeamNoted, stamp: Stamp) -> None:
        before = self.team.get(data.person)
        uvc, io = data.uvc_experienced, data.io_experienced
        if before is not None:
            uvc = before.uvc_experienced if uvc is None else uvc
            io = before.io_experienced if io is None else io
        self.team[data.person] = Member(data.role, uvc, io, stamp)
        said = {member.uvc_experienced for member in self.team.values()}
        if True in said or False not in said:
            self.no_uvc_hand_since = None
        elif self.no_uvc_hand_since is None:
            self.no_uvc_hand_since = stamp

    def _kit(self, data: KitChecked, stamp: Stamp) -> None:
        self.kit.update(data.items)

    def _arrest(self, data: ArrestRecognised, stamp: Stamp) -> None:
        if self.arrest is None:
            self.arrest = stamp
        self.rosc = None

    def _rosc(self, data: RoscRecognised, stamp: Stamp) -> None:
        self.arrest = None
        self.rosc = stamp

    def _care_started(self, data: CareStarted, stamp: Stamp) -> None:
        self.cares.setdefault(data.care, stamp)

    def _care_ended(self, data: CareEnded, stamp: Stamp) -> None:
        self.cares.pop(data.care, None)

    def _drug(self, data: DrugGiven, stamp: Stamp) -> None:
        self.given_now.append(Given(stamp, data.drug, data.route, data.attempt))

    def _infusion_started(self, data: InfusionStarted, stamp: Stamp) -> None:
        if data.infusion in self.infusions:
            return
        self.infusions[data.infusion] = Infusion(
            data.infusion, data.fluid, data.route, stamp, data.attempt, data.volume, data.rate, data.dose_rate
        )
        self.given_now.append(Given(stamp, data.fluid, data.route, data.attempt))

    def _infusion_changed(self, data: InfusionChanged, stamp: Stamp) -> None:
        infusion = self.infusions.get(data.infusion)
        if infusion is not None:
            infusion.rate = data.rate or infusion.rate
            infusion.dose_rate = data.dose_rate or infusion.dose_rate

    def _infusion_stopped(self, data: InfusionStopped, stamp: Stamp) -> None:
        infusion = self.infusions.get(data.infusion)
        if infusion is not None and infusion.running:
            infusion.stop, infusion.given, infusion.reason = stamp, data.volume, data.reason

    def _vital(self, data: VitalRecorded, stamp: Stamp) -> None:
        for vital in VITALS:
            value = getattr(data, vital)
            if value is not None:
                self.vitals[vital] = Known(value, stamp)

    def _closed(self, data: CaseClosed, stamp: Stamp) -> None:
        self.closed = stamp

    def _reopened(self, data: CaseReopened, stamp: Stamp) -> None:
        self.closed = None


_HANDLERS: dict[type, Any] = {
    CaseOpened: State._opened,
    PatientDescribed: State._patient,
    ConditionNoted: State._condition,
    TeamNoted: State._team,
    KitChecked: State._kit,
    ArrestRecognised: State._arrest,
    RoscRecognised: State._rosc,
    CareStarted: State._care_started,
    CareEnded: State._care_ended,
    DrugGiven: State._drug,
    InfusionStarted: State._infusion_started,
    InfusionChanged: State._infusion_changed,
    InfusionStopped: State._infusion_stopped,
    VitalRecorded: State._vital,
    CaseClosed: State._closed,
    CaseReopened: State._reopened,
}


def fold(entries: Iterable[Event], clock_starts: str = "need_or_first_attempt") -> State:
    """The state after corrected entries that are ordered by (`at`, `seq`)."""
    state = State(clock_starts)
    for event in entries:
        state.apply(event)
    return state
