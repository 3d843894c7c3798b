"""What a record lacks: details that nobody gave, ends that nobody noted, questions that nobody asked.

Pure. It is asked of the record as corrected, so that a gap is gone once its detail is given or amended, or the entry
it belongs to is retracted. A gap that cannot be filled is marked so by a note (`unknown_note`), and is listed still.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from codelog.case.access import Attempt, Stamp
from codelog.case.corrections import is_entry
from codelog.case.events import (
    CORRECTIONS,
    AccessChecked,
    AccessLost,
    AccessNeeded,
    DrugGiven,
    Event,
    InfusionStarted,
    NoteAdded,
    Ref,
)
from codelog.case.flags import FlagBook
from codelog.case.instants import format_elapsed
from codelog.case.state import State
from codelog.case.vocabulary import ACCESS_ROUTES
from codelog.clinical.tables import Tables
from codelog.debrief.wording import label, word
from codelog.rules.no_line import LINES_FOR

UNDESCRIBED = "not described"
"""Stands where the log wants a word that nobody has said yet."""
ROUTE_UNDESCRIBED = f"route {UNDESCRIBED}"
"""The text of a drug or fluid of which nobody has said by which route it went."""
DRUG_UNDESCRIBED = f"A drug was given: which one was {UNDESCRIBED}"
FLUID_UNDESCRIBED = f"A fluid was started: which one was {UNDESCRIBED}"

FIELDS = {
    "outcome": "outcome not recorded, still in progress",
    "drug": "which drug not described",
    "fluid": "which fluid not described",
    "dose": "dose not described",
    "site": "site not recorded",
    "side": "side not recorded",
    "line": "line not recorded",
    "signs": "no confirming sign recorded",
    "device": "device not recorded",
    "needle_mm": "needle length not recorded",
    "gauge": "gauge not recorded",
    "reason": "reason not recorded",
    "finding": "finding not recorded",
    "need": "never said that it was needed",
    "volume": "volume not recorded",
    "end": "still running",
    "answer": "not answered",
    "weight": "weight not known",
    "age_days": "age not known",
    "gestation_weeks": "weeks of gestation not known",
    "conditions": "contraindications never asked about",
    "kit": "equipment never checked",
    "operator_role": "role of the operator not recorded",
    "setting": "setting not described",
}
"""What can be lacking, in words, the most important first."""

_NAMES = {
    "signs": "confirming signs",
    "needle_mm": "needle length",
    "age_days": "age",
    "gestation_weeks": "weeks of gestation",
    "conditions": "contraindications",
    "kit": "equipment",
    "operator_role": "role of the operator",
}
"""The names of the fields whose own name says too little."""
_RANKS = {name: rank for rank, name in enumerate(FIELDS)}
_ONE_SIDED = ("umbilical_vein", "other")
_MARK = re.compile(r"Not known: #([1-9][0-9]{0,14}) ([a-z_]+) \((.+)\)")
_BEARING = (AccessChecked, AccessLost, AccessNeeded, DrugGiven, InfusionStarted, NoteAdded)


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that the record lacks of a subject. `seq` is the entry it belongs to, `at` the instant of that entry.

    `about`: the number of the attempt, infusion or flag, or the id of the care or drug. `unknown`: why it cannot be
    filled, once somebody has said so.
    """

    subject: str
    field: str
    seq: int
    at: int
    about: Ref | None = None
    unknown: str | None = None

    @property
    def words(self) -> str:
        """What is lacking, in a few words: `device not recorded`, or `device unknown: not said`."""
        if self.unknown is None:
            return FIELDS[self.field]
        return f"{self.short} unknown: {self.unknown}"

    @property
    def key(self) -> tuple[int, str]:
        """What tells it from other gaps, whatever is known of it."""
        return self.seq, self.field

    @property
    def short(self) -> str:
        """The name of what is lacking."""
        return _NAMES.get(self.field, self.field)


@dataclass(frozen=True, slots=True)
class Completeness:
    """How many fields a record should have, how many it has, and how many are marked as not known."""

    expected: int
    filled: int
    unknown: int


def gaps(entries: Iterable[Event], state: State, flags: FlagBook, tables: Tables) -> tuple[Gap, ...]:
    """Everything that the record lacks, the most important first, then in order of time.

    `entries` are the corrected entries, `state` is their fold. What is marked as not known is among them.
    """
    bearing = [event for event in entries if _bears(event)]
    marks = _marks(bearing)
    lacking = [gap for gap, filled in _expected(bearing, state, flags, tables) if not filled]
    found = [replace(gap, unknown=marks.get(gap.key)) for gap in lacking]
    return tuple(sorted(found, key=lambda gap: (_RANKS[gap.field], gap.at, gap.seq)))


def to_fill(found: Iterable[Gap]) -> tuple[Gap, ...]:
    """The gaps that are still asked for: those not marked as not known."""
    return tuple(gap for gap in found if gap.unknown is None)


def complete(entries: Iterable[Event], state: State, flags: FlagBook, tables: Tables) -> Completeness:
    """How complete a record is; the arguments are those of `gaps`."""
    bearing = [event for event in entries if _bears(event)]
    marks = _marks(bearing)
    fields = list(_expected(bearing, state, flags, tables))
    unknown = sum(not filled and gap.key in marks for gap, filled in fields)
    return Completeness(len(fields), sum(filled for _, filled in fields), unknown)


def unknown_note(gap: Gap, reason: str) -> str:
    """The text of the note that marks a gap as not known."""
    return f"Not known: #{gap.seq} {gap.field} ({reason})"


def dose_undescribed(drug: str) -> str:
    """The text of the note that a drug, by its label, was given and no dose said."""
    return f"{drug} was given: the dose was {UNDESCRIBED}"


def sides(route: str, site: str, tables: Tables) -> tuple[str, ...]:
    """The sides that a site is to be told apart by; none where it has only one."""
    if route == "io":
        known = tables.io_sites.get(site)
        return () if known is None or len(known.sides) < 2 else known.sides
    return () if site in _ONE_SIDED else ("left", "right")


def lines_for(given: DrugGiven | InfusionStarted, at: int, state: State) -> list[Attempt]:
    """The lines in place at an instant that a drug or fluid can have gone through, as far as its route tells."""
    routes = ACCESS_ROUTES if is_undescribed(given) else LINES_FOR.get(given.route, ())
    return [line for line in lines_at(at, state) if line.route in routes]


def is_undescribed(given: DrugGiven | InfusionStarted) -> bool:
    """Whether nobody has said by which route a drug or fluid went."""
    return given.route == "other" and given.text == ROUTE_UNDESCRIBED


def lines_at(at: int, state: State) -> list[Attempt]:
    """The lines that were in place at an instant."""
    return [
        line
        for line in state.access.established
        if line.established is not None
        and line.established.at <= at
        and (line.gone is None or line.gone.at >= at)
    ]


@dataclass
class OpenGaps:
    """The number of gaps to fill, kept up with a running case at a cost that hardly grows with its length.

    Only entries that can lack something by themselves are kept; a correction makes it look through all of them again.
    """

    tables: Tables
    _read: int = 0
    _bearing: list[Event] = field(default_factory=list)

    def count(self, entered: Sequence[Event], entries: Sequence[Event], state: State, flags: FlagBook) -> int:
        """The gaps to fill, `entered` being every event so far in order of seq, the rest as in `gaps`."""
        news = entered[self._read :]
        if any(event.kind in CORRECTIONS for event in news):
            self._bearing = [event for event in entries if _may_lack(event)]
        else:
            self._bearing += [event for event in news if is_entry(event) and _may_lack(event)]
        self._read = len(entered)
        return len(to_fill(gaps(self._bearing, state, flags, self.tables)))


def _bears(event: Event) -> bool:
    return isinstance(event.data, _BEARING)


def _may_lack(event: Event) -> bool:
    """Whether an entry can lack something by itself, say that nothing can be known of it, or keep a gap from being one."""
    data = event.data
    if isinstance(data, (DrugGiven, InfusionStarted)):
        return data.attempt is None
    if isinstance(data, NoteAdded):
        return UNDESCRIBED in data.text or _MARK.fullmatch(data.text) is not None
    return _bears(event)


def _marks(entries: Iterable[Event]) -> dict[tuple[int, str], str]:
    """The gaps that notes mark as not known: (seq, field) -> reason."""
    found = {}
    for event in entries:
        mark = _MARK.fullmatch(event.data.text) if isinstance(event.data, NoteAdded) else None
        if mark is not None:
            found[int(mark[1]), mark[2]] = mark[3]
    return found


Field = tuple[Gap, bool]
"""A field that a record should have, and whether it has it."""


def _expected(entries: Sequence[Event], state: State, flags: FlagBook, tables: Tables) -> Iterator[Field]:
    for attempt in state.access.attempts.values():
        yield from _attempt(attempt, state, tables)
    yield from _entries(entries, state, tables)
    yield from _infusions(state)
    for care, since in state.cares.items():
        yield Gap(_sentence(word("care", care)), "end", since.seq, since.at, care), False
    yield from _flags(flags)
    yield from _case(entries, state, tables)


def _attempt(attempt: Attempt, state: State, tables: Tables) -> Iterator[Field]:
    tried = "line" if attempt.present else "attempt"
    subject = f"{word('access_route', attempt.route)} {tried} {attempt.number}"
    details = attempt.details

    def of(name: str, filled: bool, seq: int = attempt.start.seq, at: int = attempt.start.at) -> Field:
        return Gap(subject, name, seq, at, attempt.number), filled

    if not attempt.present:
        yield of("outcome", not attempt.in_progress)
    site = attempt.text("site")
    if attempt.route != "uvc":
        yield of("site", site is not None)
        if site is not None and sides(attempt.route, site, tables):
            yield of("side", "side" in details)
    if not attempt.present:
        yield from _tools(attempt, of, tables)
        operator = attempt.text("operator")
        yield of("operator_role", "operator_role" in details or operator in state.team)
    if attempt.without_access and attempt.end is not None:
        yield of("reason", attempt.reason is not None, attempt.end.seq, attempt.end.at)
    if attempt.route == "io" and attempt.established is not None:
        yield of("signs", bool(attempt.signs))


def _tools(attempt: Attempt, of: Callable[[str, bool], Field], tables: Tables) -> Iterator[Field]:
    if attempt.route == "piv":
        yield of("gauge", "gauge" in attempt.details)
    if attempt.route == "io":
        device = tables.devices.get(attempt.text("device") or "")
        yield of("device", attempt.text("device") is not None)
        if device is not None and len(device.needle_mm) > 1:
            yield of("needle_mm", "needle_mm" in attempt.details)


def _entries(entries: Sequence[Event], state: State, tables: Tables) -> Iterator[Field]:
    notes: dict[str, tuple[str, str, str | None]] = {
        DRUG_UNDESCRIBED: ("Drug", "drug", None),
        FLUID_UNDESCRIBED: ("Fluid", "fluid", None),
    }
    for drug in tables.drugs.values():
        notes[dose_undescribed(drug.label)] = (_sentence(drug.label), "dose", drug.id)
    for event in entries:
        data, clock = event.data, format_elapsed(event.at - state.zero, millis=False)
        if isinstance(data, NoteAdded) and data.text in notes:
            subject, name, about = notes[data.text]
            yield Gap(f"{subject} at {clock}", name, event.seq, event.at, about), False
        elif isinstance(data, DrugGiven):
            subject = f"{_sentence(label(tables.drugs, data.drug))} at {clock}"
            yield Gap(subject, "dose", event.seq, event.at, data.drug), True
            yield from _line(subject, event, data, state)
        elif isinstance(data, InfusionStarted) and data.infusion in state.infusions:
            yield from _line(f"Infusion {data.infusion}", event, data, state)
        elif isinstance(data, AccessChecked) and data.attempt in state.access.attempts:
            subject = f"Limb of line {data.attempt} at {clock}"
            filled = data.finding != UNDESCRIBED
            yield Gap(subject, "finding", event.seq, event.at, data.attempt), filled
        elif isinstance(data, AccessLost) and data.attempt in state.access.attempts:
            filled = data.reason != UNDESCRIBED
            yield Gap(f"Loss of line {data.attempt}", "reason", event.seq, event.at, data.attempt), filled


def _line(subject: str, event: Event, data: DrugGiven | InfusionStarted, state: State) -> Iterator[Field]:
    if is_undescribed(data) or len(lines_for(data, event.at, state)) > 1:
        yield Gap(subject, "line", event.seq, event.at), data.attempt is not None


def _infusions(state: State) -> Iterator[Field]:
    for infusion in state.infusions.values():
        gap = Gap(
            f"Infusion {infusion.number}", "volume", infusion.start.seq, infusion.start.at, infusion.number
        )
        if infusion.rate is None and infusion.dose_rate is None:
            yield gap, infusion.volume is not None
        yield replace(gap, field="end"), not infusion.running


def _flags(flags: FlagBook) -> Iterator[Field]:
    for flag in flags.flags.values():
        if flag.answers or flag.open:
            gap = Gap(f"Flag {flag.number}", "answer", flag.raised.seq, flag.raised.at, flag.number)
            yield gap, bool(flag.answers)


def _case(entries: Sequence[Event], state: State, tables: Tables) -> Iterator[Field]:
    if state.opened is None:
        return
    opening = Gap("Case", "setting", 1, state.zero)
    yield opening, state.opened.setting != "other"
    child = replace(opening, subject="Child")
    age = state.age_days()
    yield replace(child, field="weight"), bool(state.weight_kg())
    yield replace(child, field="age_days"), age is not None
    if age is None or tables.dose_age(age) == "newborn":
        yield replace(child, field="gestation_weeks"), state.value("gestation_weeks") is not None
    tried = [attempt for attempt in state.access.attempts.values() if not attempt.present]
    first = _first(tried)
    if first is not None:
        said = any(isinstance(event.data, AccessNeeded) for event in entries)
        yield Gap("Access", "need", first.seq, first.at), said
    io = _first(attempt for attempt in tried if attempt.route == "io")
    if io is not None:
        asked = {tables.conditions[id].scope for id, _, _ in state.conditions if id in tables.conditions}
        yield Gap("IO access", "conditions", io.seq, io.at), bool(asked - {"caution"})
        yield Gap("IO access", "kit", io.seq, io.at), bool(state.kit)


def _first(attempts: Iterable[Attempt]) -> Stamp | None:
    return min((attempt.start for attempt in attempts), key=lambda start: (start.at, start.seq), default=None)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
