"""One frozen dataclass for every kind of event, in the order of the log format, and the `Event` that carries it.

The dataclass holds an event's `data`; what every line has besides (who, when, known how) is in `Event`.
A field with a default is optional: `None` means *not recorded*, never "no".
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, ClassVar, TypeVar, get_args, get_type_hints

from codelog.case import vocabulary as words
from codelog.case.fields import (
    LARGEST_INTEGER,
    Amount,
    Choice,
    FieldError,
    FieldType,
    Id,
    Instant,
    ListOf,
    MapOf,
    Plain,
    Reference,
    Whole,
    Words,
    YesNo,
    nearest,
    shown,
)
from codelog.case.quantities import Quantity
from codelog.case.vocabulary import Vocabulary

Ref = int | str
"""A number within the stream, or `"TERMINAL/NUMBER"` for another stream of the case."""

Text = Annotated[str, Words()]
Yes = Annotated[bool, YesNo()]
Count = Annotated[int, Whole()]
Number = Annotated[Ref, Reference()]
Moment = Annotated[int, Instant()]
Site = Annotated[str, Id("sites")]
Bone = Annotated[str, Id("bones")]
Side = Annotated[str, Choice(words.SIDES)]
Device = Annotated[str, Id("devices")]
AccessRoute = Annotated[str, Choice(words.ACCESS_ROUTES)]
GivenRoute = Annotated[str, Choice(words.GIVEN_ROUTES)]
Care = Annotated[str, Choice(words.CARES)]
Volume = Annotated[Quantity, Amount(("volume",), "10 mL")]
Dose = Annotated[
    Quantity, Amount(("mass", "substance", "equivalents", "international units", "volume"), "0.06 mg")
]
Rate = Annotated[Quantity, Amount(("flow", "flow per kg"), "12 mL/h")]
DoseRate = Annotated[Quantity, Amount(("dose rate per kg", "flow per kg", "flow"), "0.1 ug/kg/min")]


class Data:
    """Base of all kinds' dataclasses."""

    __slots__ = ()
    KIND: ClassVar[str]


KINDS: dict[str, type[Data]] = {}
"""Every kind of the log format with its dataclass, in the format's order."""

_Kind = TypeVar("_Kind", bound=type[Data])


def _kind(name: str) -> Any:
    def register(cls: _Kind) -> _Kind:
        cls.KIND = name
        KINDS[name] = cls
        return cls

    return register


@dataclass(frozen=True, slots=True)
class ProtocolRef:
    """Which protocol ran: its id, version, and the SHA-256 of its file."""

    id: str
    version: str
    digest: str


@dataclass(frozen=True, slots=True)
class _Protocol(FieldType):
    def read(self, value: Any, vocabulary: Vocabulary | None) -> ProtocolRef:
        if type(value) is not dict or set(value) != {"id", "version", "digest"}:
            raise FieldError(f"is {shown(value)}, but must be an object with id, version and digest")
        if not all(type(part) is str for part in value.values()):
            raise FieldError("must have text for id, version and digest")
        return ProtocolRef(**value)

    def write(self, value: ProtocolRef) -> dict[str, str]:
        return {"id": value.id, "version": value.version, "digest": value.digest}

    def describe(self) -> str:
        return "an object with id, version and digest"


@_kind("case.opened")
@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOpened(Data):
    setting: Annotated[str, Choice(words.SETTINGS)]
    zero: Annotated[str, Choice(words.CASE_ZEROS)]
    mode: Annotated[str, Choice(words.MODES)]
    place: Text | None = None
    label: Text | None = None
    text: Text | None = None
    protocol: Annotated[ProtocolRef, _Protocol()] | None = None
    software: Text | None = None


@_kind("patient.described")
@dataclass(frozen=True, slots=True, kw_only=True)
class PatientDescribed(Data):
    age_days: Count | None = None
    gestation_weeks: Count | None = None
    weight: Annotated[Quantity, Amount(("mass",), "1700 g")] | None = None
    weight_source: Annotated[str, Choice(words.WEIGHT_SOURCES)] | None = None
    sex: Text | None = None
    cord: Annotated[str, Choice(words.CORD_STATES)] | None = None
    cooling: Yes | None = None


@_kind("condition.noted")
@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionNoted(Data):
    condition: Annotated[str, Id("conditions")]
    present: Yes
    bone: Bone | None = None
    side: Side | None = None


@_kind("team.noted")
@dataclass(frozen=True, slots=True, kw_only=True)
class TeamNoted(Data):
    person: Text
    role: Text
    uvc_experienced: Yes | None = None
    io_experienced: Yes | None = None


@_kind("access.needed")
@dataclass(frozen=True, slots=True, kw_only=True)
class AccessNeeded(Data):
    urgency: Annotated[str, Choice(words.URGENCIES)]
    reason: Text | None = None


@_kind("access.present")
@dataclass(frozen=True, slots=True, kw_only=True)
class AccessPresent(Data):
    attempt: Number
    route: AccessRoute
    site: Site | None = None
    side: Side | None = None
    device: Device | None = None
    since: Annotated[Quantity, Amount(("time",), "12 min")] | None = None
    text: Text | None = None


@_kind("access.attempt_started")
@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptStarted(Data):
    attempt: Number
    route: AccessRoute
    site: Site | None = None
    side: Side | None = None
    device: Device | None = None
    gauge: Text | None = None
    needle_mm: Count | None = None
    operator: Text | None = None
    operator_role: Text | None = None
    text: Text | None = None


@_kind("access.attempt_described")
@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptDescribed(Data):
    attempt: Number
    site: Site | None = None
    side: Side | None = None
    device: Device | None = None
    gauge: Text | None = None
    needle_mm: Count | None = None
    operator: Text | None = None
    operator_role: Text | None = None
    text: Text | None = None


@_kind("access.attempt_ended")
@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptEnded(Data):
    attempt: Number
    outcome: Annotated[str, Choice(words.ATTEMPT_OUTCOMES)]
    reason: Text | None = None


@_kind("access.confirmed")
@dataclass(frozen=True, slots=True, kw_only=True)
class AccessConfirmed(Data):
    attempt: Number
    signs: Annotated[tuple[str, ...], ListOf(Id("signs"))]
    flush: Volume | None = None


@_kind("access.checked")
@dataclass(frozen=True, slots=True, kw_only=True)
class AccessChecked(Data):
    attempt: Number
    finding: Text


@_kind("access.lost")
@dataclass(frozen=True, slots=True, kw_only=True)
class AccessLost(Data):
    attempt: Number
    reason: Text
    text: Text | None = None


@_kind("access.removed")
@dataclass(frozen=True, slots=True, kw_only=True)
class AccessRemoved(Data):
    attempt: Number
    reason: Text | None = None


@_kind("complication.noted")
@dataclass(frozen=True, slots=True, kw_only=True)
class ComplicationNoted(Data):
    complication: Annotated[str, Id("complications")]
    attempt: Number | None = None
    text: Text | None = None


@_kind("kit.checked")
@dataclass(frozen=True, slots=True, kw_only=True)
class KitChecked(Data):
    items: Annotated[Mapping[str, bool], MapOf(Id("kit"), YesNo())]


@_kind("drug.given")
@dataclass(frozen=True, slots=True, kw_only=True)
class DrugGiven(Data):
    drug: Annotated[str, Id("drugs")]
    dose: Dose
    route: GivenRoute
    attempt: Number | None = None
    concentration: (
        Annotated[Quantity, Amount(("concentration", "molar concentration"), "0.1 mg/mL")] | None
    ) = None
    volume: Volume | None = None
    flush: Volume | None = None
    text: Text | None = None


@_kind("infusion.started")
@dataclass(frozen=True, slots=True, kw_only=True)
class InfusionStarted(Data):
    infusion: Number
    fluid: Annotated[str, Id("fluids")]
    route: GivenRoute
    attempt: Number | None = None
    volume: Volume | None = None
    rate: Rate | None = None
    dose_rate: DoseRate | None = None
    text: Text | None = None


@_kind("infusion.changed")
@dataclass(frozen=True, slots=True, kw_only=True)
class InfusionChanged(Data):
    infusion: Number
    rate: Rate | None = None
    dose_rate: DoseRate | None = None


@_kind("infusion.stopped")
@dataclass(frozen=True, slots=True, kw_only=True)
class InfusionStopped(Data):
    infusion: Number
    volume: Volume | None = None
    reason: Text | None = None


@_kind("vital.recorded")
@dataclass(frozen=True, slots=True, kw_only=True)
class VitalRecorded(Data):
    heart_rate: Count | None = None
    spo2: Annotated[int, Whole(0, 100)] | None = None
    resp_rate: Count | None = None
    temperature: Annotated[Quantity, Amount(("temperature",), "36.5 Cel")] | None = None
    systolic: Count | None = None
    apgar: Annotated[int, Whole(0, 10)] | None = None
    apgar_minute: Count | None = None


@_kind("care.started")
@dataclass(frozen=True, slots=True, kw_only=True)
class CareStarted(Data):
    care: Care
    result: Text | None = None
    text: Text | None = None


@_kind("care.ended")
@dataclass(frozen=True, slots=True, kw_only=True)
class CareEnded(Data):
    care: Care
    result: Text | None = None
    text: Text | None = None


@_kind("arrest.recognised")
@dataclass(frozen=True, slots=True, kw_only=True)
class ArrestRecognised(Data):
    pass


@_kind("rosc.recognised")
@dataclass(frozen=True, slots=True, kw_only=True)
class RoscRecognised(Data):
    pass


@_kind("note.added")
@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAdded(Data):
    text: Text


@_kind("flag.raised")
@dataclass(frozen=True, slots=True, kw_only=True)
class FlagRaised(Data):
    flag: Number
    rule: Text
    basis: Text
    priority: Annotated[str, Choice(words.PRIORITIES)]
    text: Text
    evidence: Annotated[tuple[Ref, ...], ListOf(Reference())]
    facts: Annotated[Mapping[str, Any], MapOf(Words(), Plain())]
    unknown: Annotated[tuple[str, ...], ListOf(Words())]
    alternatives: Annotated[tuple[str, ...], ListOf(Words())]
    threshold: Text
    source: Text
    due_at: Moment
    attempt: Number | None = None
    entry: Number | None = None


@_kind("flag.acknowledged")
@dataclass(frozen=True, slots=True, kw_only=True)
class FlagAcknowledged(Data):
    flag: Number
    action: Annotated[str, Choice(words.ANSWERS)]
    reason: Text | None = None


@_kind("flag.snoozed")
@dataclass(frozen=True, slots=True, kw_only=True)
class FlagSnoozed(Data):
    flag: Number
    seconds: Annotated[int, Whole(1, 7 * 86_400)]


@_kind("flag.cleared")
@dataclass(frozen=True, slots=True, kw_only=True)
class FlagCleared(Data):
    flag: Number
    because: Annotated[str, Choice(words.CLEARED_BECAUSE)]
    evidence: Annotated[tuple[Ref, ...], ListOf(Reference())]


@_kind("event.amended")
@dataclass(frozen=True, slots=True, kw_only=True)
class EventAmended(Data):
    """`changes` maps a field of the target's data, or `at`, to its new JSON value; null removes the field."""

    target: Number
    changes: Annotated[Mapping[str, Any], MapOf(Words(), Plain())]
    reason: Text


@_kind("event.retracted")
@dataclass(frozen=True, slots=True, kw_only=True)
class EventRetracted(Data):
    target: Number
    reason: Text


@_kind("clock.stepped")
@dataclass(frozen=True, slots=True, kw_only=True)
class ClockStepped(Data):
    wall_ms: Annotated[int, Whole(-LARGEST_INTEGER)]


@_kind("clock.marked")
@dataclass(frozen=True, slots=True, kw_only=True)
class ClockMarked(Data):
    clock: Annotated[str, Choice(words.FOREIGN_CLOCKS)]
    shows: Text
    text: Text | None = None


@_kind("case.closed")
@dataclass(frozen=True, slots=True, kw_only=True)
class CaseClosed(Data):
    outcome: Annotated[str, Choice(words.CASE_OUTCOMES)]
    text: Text | None = None
    events: Annotated[int, Whole(1)] | None = None


@_kind("case.reopened")
@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReopened(Data):
    reason: Text | None = None


@_kind("case.signed")
@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSigned(Data):
    person: Text
    role: Text
    meaning: Annotated[str, Choice(words.SIGNATURE_MEANINGS)]


@_kind("debrief.noted")
@dataclass(frozen=True, slots=True, kw_only=True)
class DebriefNoted(Data):
    part: Annotated[str, Choice(words.DEBRIEF_PARTS)]
    text: Text
    owner: Text | None = None
    due: Text | None = None


@_kind("archive.received")
@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveReceived(Data):
    archive: Text
    terminal: Text
    count: Count
    head: Text
    received_at: Moment
    signature: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of a log. Instants are milliseconds since the epoch; `prev` is the digest of the line before."""

    case: str
    terminal: str
    seq: int
    prev: str
    at: int
    basis: str
    within_ms: int | None
    recorded_at: int
    boot: str
    boot_ms: int
    by: str
    data: Data

    @property
    def kind(self) -> str:
        """The kind's name in the log."""
        return self.data.KIND


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a kind: its name, its type, and whether the log format requires it."""

    name: str
    type: FieldType
    required: bool


CORRECTIONS = ("event.amended", "event.retracted")
ANSWER_KINDS = ("flag.acknowledged", "flag.snoozed")
FLAG_KINDS = ("flag.raised", "flag.acknowledged", "flag.snoozed", "flag.cleared")
PROGRAM_KINDS = ("flag.raised", "flag.cleared", "clock.stepped")
UNCORRECTABLE = ("clock.stepped", "archive.received")
"""Entries of the program itself, which people have nothing to correct in."""
ADDENDA = (*CORRECTIONS, "case.signed", "debrief.noted", "archive.received", "case.reopened")
"""The only kinds that may follow `case.closed`."""

PROGRAM_FIELDS = {"case.opened": ("protocol", "software"), "case.closed": ("events",)}
"""Fields that the program fills in, by kind; people may not set them."""


@cache
def fields_of(kind: str) -> dict[str, Field]:
    """The fields of a kind by name, in the order of the log format."""
    cls = KINDS[kind]
    hints = get_type_hints(cls, include_extras=True)
    found = {}
    for field in dataclasses.fields(cls):  # type: ignore[arg-type]
        found[field.name] = Field(
            field.name, _field_type(hints[field.name]), field.default is dataclasses.MISSING
        )
    return found


def _field_type(hint: Any) -> FieldType:
    candidates = [hint, *get_args(hint)]
    for candidate in candidates:
        for extra in getattr(candidate, "__metadata__", ()):
            if isinstance(extra, FieldType):
                return extra
    raise TypeError(f"no field type in {hint}")


def read_data(kind: str, raw: Mapping[str, Any], vocabulary: Vocabulary | None) -> Data:
    """Make the dataclass of `kind` from a JSON object.

    With a vocabulary every id is checked; without one any id passes, as in a stored line that a site with
    longer lists may have written. FieldError names the field and says what would be right.
    """
    if kind not in KINDS:
        raise FieldError(f"kind is {shown(kind)}, but must be a kind of the log format{nearest(kind, KINDS)}")
    fields = fields_of(kind)
    values: dict[str, Any] = {}
    for name, value in raw.items():
        field = fields.get(name)
        if field is None:
            raise FieldError(
                f"{kind} has no field {shown(name)}; its fields are {' '.join(fields) or 'none'}{nearest(name, fields)}"
            )
        try:
            values[name] = field.type.read(value, vocabulary)
        except FieldError as error:
            raise FieldError(f"{name} {error}") from None
    for field in fields.values():
        if field.required and field.name not in values:
            raise FieldError(f"{kind} needs {field.name}: {field.type.describe()}")
    if kind == "vital.recorded" and not values:
        raise FieldError(f"vital.recorded needs at least one of {' '.join(fields)}")
    return KINDS[kind](**values)


def write_data(data: Data) -> dict[str, Any]:
    """The JSON object of an event's data; fields not recorded are left out."""
    written = {}
    for name, field in fields_of(data.KIND).items():
        value = getattr(data, name)
        if value is not None:
            written[name] = field.type.write(value)
    return written
