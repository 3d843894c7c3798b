"""What is in the picture: lanes of marks, taken from the report as it stands. Nothing here knows how it is drawn.

Text from people in labels and titles has been made harmless; whoever draws escapes it for the place it goes to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Literal

from codelog.case.events import ADDENDA, Ref
from codelog.case.instants import SECOND, format_elapsed
from codelog.case.vocabulary import WATCHER
from codelog.debrief.plain import plain
from codelog.debrief.report.access_story import AttemptStory
from codelog.debrief.report.course import Entry, Stretch, Vital
from codelog.debrief.report.figures import Moment, span_words
from codelog.debrief.report.flag_story import FlagStory
from codelog.debrief.report.given import Dose, InfusionStory
from codelog.debrief.report.needs import NeedStory
from codelog.debrief.report.quality import Late, Silence
from codelog.debrief.report.value import DebriefReport
from codelog.debrief.wording import MARKS

Symbol = Literal[
    "established",
    "failed",
    "abandoned",
    "unended",
    "present",
    "milestone",
    "drug",
    "harm",
    "check",
    "note",
    "many",
    "",
]
"""What stands before a label. Letters or words beside it say the same."""
Fill = Literal["attempt", "line", "need", "infusion", "care", "high", "medium", "low", "late", "many"]
"""How a bar is filled."""

OUTCOME_LETTERS = {"established": "E", "failed": "F", "abandoned": "A", "unended": "?", "present": "P"}
"""What stands beside an attempt's number: established, failed, abandoned, no end recorded, in place before."""

_TITLE = 600
"""Of a longer title so many characters are shown, and how many more there are."""
_LABEL = 120


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of a mark. `open`: its end is not in the record, and it is drawn to the end of the case."""

    since: int
    until: int
    fill: Fill
    open: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing in a lane, between two instants. `points` are instants within it: `confirmed`, `lost`, `removed`.

    `labels` say the same in ever fewer letters; the last one is little more than its number.
    """

    since: int
    until: int
    symbol: Symbol
    labels: tuple[str, ...]
    title: str
    bars: tuple[Bar, ...] = ()
    points: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Lane:
    """Marks of one kind in order of time, in at most so many rows. With `bars`, labels stand above them."""

    title: str
    noun: str
    bars: bool
    rows: int
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """One point of a trace."""

    at: int
    value: Decimal
    words: str
    title: str


@dataclass(frozen=True, slots=True)
class Trace:
    """All readings of one vital sign."""

    title: str
    unit: str
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Lanes:
    """The picture before it is drawn. `instants` are all that it must have room for, at least one, in order."""

    zero: int
    head: str
    about: str
    cautions: tuple[str, ...]
    lanes: tuple[Lane, ...]
    traces: tuple[Trace, ...]
    entries: tuple[Entry, ...]
    silences: tuple[Silence, ...]
    instants: tuple[int, ...]


def lanes_of(report: DebriefReport) -> Lanes:
    """What there is to draw of a case."""
    entries = tuple(entry for entry in report.course.entries if entry.kind not in ADDENDA)
    end = _end(report, entries)
    access, given, flags = report.access, report.given, report.flags.flags
    every = (
        Lane("Milestones", "milestones", False, 4, tuple(_milestones(report))),
        Lane("Access need", "needs", True, 4, tuple(_need(need, end) for need in access.needs)),
        Lane("Attempts", "attempts", True, 12, _sorted(_attempt(one, end) for one in access.attempts)),
        Lane("Limb, harm", "checks", False, 6, _sorted(_watched(report))),
        Lane("Drugs", "doses", False, 7, tuple(map(_dose, given.doses))),
        Lane("Infusions", "infusions", True, 8, tuple(_infusion(one, end) for one in given.infusions)),
        Lane("Care", "stretches of care", True, 5, tuple(_care(one, end) for one in report.course.care)),
        Lane("Flags", "flags", True, 12, _sorted(_flag(flag, end) for flag in flags)),
        Lane("Notes", "notes", False, 5, tuple(_notes(report))),
        Lane("Late entry", "late entries", True, 5, tuple(map(_late, report.quality.late))),
    )
    lanes = tuple(lane for lane in every if lane.marks)
    marks = [mark for lane in lanes for mark in lane.marks]
    instants = {at for mark in marks for bar in mark.bars for at in (bar.since, bar.until)}
    instants |= {at for mark in marks for at in (mark.since, mark.until, *(at for at, _ in mark.points))}
    instants |= {entry.moment.at for entry in entries}
    return Lanes(
        zero=report.header.zero.at,
        head=_said(report.header.label or "Timeline of a resuscitation", _TITLE),
        about=_about(report),
        cautions=tuple(_cautions(report)),
        lanes=lanes,
        traces=tuple(_traces(report.course.vitals)),
        entries=tuple(entry for entry in entries if entry.by != WATCHER),
        silences=report.quality.silences,
        instants=tuple(sorted(instants)) or (report.header.zero.at,),
    )


def together(marks: Sequence[Mark], lane: Lane) -> Mark:
    """Marks near each other as one, which names them all in its title."""
    if len(marks) == 1:
        return marks[0]
    since, until = marks[0].since, max(mark.until for mark in marks)
    numbers = [mark.labels[-1] for mark in marks]
    letters = Counter(OUTCOME_LETTERS[mark.symbol] for mark in marks if mark.symbol in OUTCOME_LETTERS)
    outcomes = ", ".join(f"{count} {letter}" for letter, count in sorted(letters.items()))
    title = f"{len(marks)} {lane.noun}: {'; '.join(numbers)}"
    label = f"{len(marks)} {lane.noun}: {outcomes or f'{numbers[0]} to {numbers[-1]}'}"
    bars = (Bar(since, until, "many"),) if lane.bars else ()
    return Mark(since, until, "many", (label,), title, bars)


# The whole


def _end(report: DebriefReport, entries: Sequence[Entry]) -> int:
    """The last thing in the record: what has no end is drawn so far."""
    found = [report.header.zero.at, *(entry.moment.at for entry in entries)]
    found += [moment.at for flag in report.flags.flags for moment in (flag.raised, flag.cleared) if moment]
    found += [late.moment.at + late.after_ms for late in report.quality.late]
    if report.header.closed is not None:
        found.append(report.header.closed.at)
    return max(found)


def _about(report: DebriefReport) -> str:
    header = report.header
    if header.setting is None or header.zero_is is None:
        return "The opening of the case cannot be read"
    mode = "TRAINING" if header.mode == "training" else str(header.mode)
    outcome = (
        "open, interim" if header.interim else f"closed: {header.outcome.label if header.outcome else ''}"
    )
    case = "" if header.case is None else f"case {header.case[:8]}"
    parts = (mode, header.setting.label, header.place, case, outcome)
    return _said(" - ".join(part for part in parts if part), _TITLE)


def _cautions(report: DebriefReport) -> Iterator[str]:
    """What must stand on the picture even when it hangs alone."""
    for stream in report.fingerprints.streams:
        if stream.intact is False:
            said = f"The log of terminal {stream.terminal} is not as it was written: {stream.problem}."
            yield _said(said, _TITLE)


def _milestones(report: DebriefReport) -> Iterator[Mark]:
    header = report.header
    found = [(one.moment, one.words) for one in report.course.milestones]
    if header.zero_is is not None:
        found.append((header.zero, f"Zero: {header.zero_is.label}"))
    for step in header.clock_steps:
        found.append((step.moment, f"Wall clock stepped by {step.wall_ms / SECOND:+g} s"))
    for moment, words in sorted(found, key=lambda one: one[0].at):
        yield _point(
            moment, "milestone", words.partition(":")[0] if words.startswith("Case") else words, words
        )


# Access


def _need(need: NeedStory, end: int) -> Mark:
    over = end if need.over is None else need.over.at
    span = span_words(max(0, over - need.began.at))
    lasted = span if need.over is not None else f"no line by the end, {span}"
    short = f"need {need.number}"
    label = f"{short}, {need.urgency}: {lasted}"
    bar = Bar(need.began.at, over, "need", need.over is None)
    title = f"Access need {need.number}, {need.urgency}: {_from_to(need.began, need.over)}, {lasted}"
    return _bars("", (label, short), title, need.events, bar)


def _attempt(attempt: AttemptStory, end: int) -> Mark:
    symbol: Symbol = "unended"
    if attempt.present:
        symbol = "present"
    elif attempt.outcome is not None and attempt.outcome.id in ("established", "failed", "abandoned"):
        symbol = attempt.outcome.id  # type: ignore[assignment]
    letter = OUTCOME_LETTERS[symbol]
    where = "" if attempt.route.id == "uvc" else attempt.place
    called = " ".join(part for part in (str(attempt.number), attempt.route.label, where) if part)
    number = f"{letter} {attempt.number}"
    labels = (f"{letter} {called}{_why(attempt)}", f"{number} {attempt.route.label}", number)
    bars, points, told = [], [], [f"Attempt {called}"]
    if not attempt.present:
        ended = attempt.end or attempt.established
        bars.append(_bar(attempt.start, ended, end, "attempt"))
        told.append(_from_to(attempt.start, ended))
        told.append("no outcome recorded" if attempt.outcome is None else attempt.outcome.label)
    if attempt.established is not None:
        bars.append(_bar(attempt.established, attempt.gone, end, "line"))
        gone = ", in place at the end" if attempt.gone is None else f" to {attempt.gone.clock}"
        told.append(f"line from {attempt.established.clock}{gone}")
    if attempt.confirmed is not None:
        points.append((attempt.confirmed.at, "confirmed"))
        told.append(f"confirmed at {attempt.confirmed.clock}")
    if attempt.gone is not None:
        points.append((attempt.gone.at, "removed" if attempt.gone_by == "removed" else "lost"))
    title = ", ".join(told) + _why(attempt)
    return _bars(symbol, labels, title, attempt.events, *bars, points=tuple(points))


def _why(attempt: AttemptStory) -> str:
    """How it ended without a line, or how its line went, in words."""
    reasons = [None if attempt.reason is None else attempt.reason.label]
    if attempt.gone is not None:
        gone = "" if attempt.gone_reason is None else f" ({attempt.gone_reason.label})"
        reasons.append(f"{attempt.gone_by}{gone}")
    said = ", ".join(reason for reason in reasons if reason)
    return f": {said}" if said else ""


def _watched(report: DebriefReport) -> Iterator[Mark]:
    """Every look at a limb, and every complication."""
    for attempt in report.access.attempts:
        for check in attempt.checks:
            words = f"line {attempt.number}: {check.finding.label}"
            symbol: Symbol = "check" if check.finding.id == "ok" else "harm"
            yield _point(check.moment, symbol, words, f"Limb of {words}")
    complications = [one for attempt in report.access.attempts for one in attempt.complications]
    for harm in (*complications, *report.access.complications):
        of = "" if harm.attempt is None else f"attempt {harm.attempt}: "
        words = harm.text if harm.complication.id == "other" and harm.text else harm.complication.label
        yield _point(harm.moment, "harm", of + words, f"Complication, {of}{words}")


# What was given, and done


def _dose(dose: Dose) -> Mark:
    drug = dose.text if dose.drug.id == "other" and dose.text else dose.drug.label
    by = dose.route.label if dose.line is None else f"line {dose.line}"
    per_kg = "" if dose.per_kg is None else f" ({dose.per_kg})"
    title = f"{drug} {dose.dose}{per_kg}, dose {dose.nth}, {dose.route.label}, {by}"
    return _point(dose.moment, "drug", f"{drug.partition(' (')[0]} {dose.dose}, {by}", title)


def _infusion(infusion: InfusionStory, end: int) -> Mark:
    line = infusion.route.label if infusion.line is None else f"line {infusion.line}"
    rates = [rate.dose_rate or rate.rate for rate in infusion.rates]
    much = infusion.volume if infusion.volume is not None else next(iter(rates), None)
    words = f"{infusion.number} {infusion.fluid.label}{'' if much is None else f' {much}'}, {line}"
    changes = "".join(f", {rate.dose_rate or rate.rate} from {rate.moment.clock}" for rate in infusion.rates)
    title = f"Infusion {words}{changes}, {_from_to(infusion.start, infusion.stop)}"
    bar = _bar(infusion.start, infusion.stop, end, "infusion")
    labels = (words, f"{infusion.number} {infusion.fluid.label}", f"{infusion.number}")
    return _bars("", labels, title, infusion.events, bar)


def _care(stretch: Stretch, end: int) -> Mark:
    words = stretch.care.label
    result = f": {stretch.result}" if stretch.result else ""
    title = f"{words}, {_from_to(stretch.since, stretch.until)}{result}"
    events = (*stretch.since.events, *(stretch.until.events if stretch.until else ()))
    return _bars("", (words + result, words), title, events, _bar(stretch.since, stretch.until, end, "care"))


def _flag(flag: FlagStory, end: int) -> Mark:
    fill: Fill = flag.priority if flag.priority in ("high", "medium") else "low"  # type: ignore[assignment]
    declined = any(answer.action == "declined" for answer in flag.answers)
    became = "open" if flag.because is None else _BECAME.get(flag.because.id, flag.because.label)
    number = f"F{flag.number}"
    asked = f"{number} {MARKS.get(flag.priority, '')} {flag.rule.label}"
    labels = (f"{asked}: {'declined, ' if declined else ''}{became}", asked, number)
    because = "not cleared" if flag.because is None else flag.because.label
    title = f"Flag {flag.number}, {flag.priority} priority: {flag.text} {_from_to(flag.raised, flag.cleared)}, {because}"
    return _bars("", labels, title, flag.events, _bar(flag.raised, flag.cleared, end, fill))


_BECAME = {"retracted": "entry corrected", "replaced": "replaced", "case_closed": "open at the close"}


def _notes(report: DebriefReport) -> Iterator[Mark]:
    for note in report.course.notes:
        yield _point(note.moment, "note", note.text, f"Note: {note.text}")


def _late(late: Late) -> Mark:
    entered = late.moment.at + late.after_ms
    label = f"{_numbers(late.events)} {span_words(late.after_ms)} late: {late.words}"
    title = f"Entered {span_words(late.after_ms)} late ({late.basis}): {late.words}, {late.moment.clock}"
    bar = Bar(late.moment.at, entered, "late")
    return _bars("", (label, _numbers(late.events)), title, late.events, bar)


_TRACES = {
    "heart_rate": ("Heart rate", "/min"),
    "spo2": ("SpO2", "%"),
    "resp_rate": ("Resp. rate", "/min"),
    "temperature": ("Temperature", "°C"),
    "systolic": ("Systolic", "mmHg"),
    "apgar": ("Apgar", ""),
}


def _traces(vitals: Iterable[Vital]) -> Iterator[Trace]:
    by_sign = sorted(vitals, key=lambda vital: list(_TRACES).index(vital.sign))
    for sign, of_sign in groupby(by_sign, key=lambda vital: vital.sign):
        name, unit = _TRACES[sign]
        yield Trace(name, unit, tuple(_reading(vital, name, unit) for vital in of_sign))


def _reading(vital: Vital, name: str, unit: str) -> Reading:
    minute = "" if vital.minute is None else f" at {vital.minute} min"
    words = f"{vital.value}{minute}"
    title = f"{name} {words}{unit and ' ' + unit}, {vital.moment.clock}, {_numbers(vital.moment.events)}"
    return Reading(vital.moment.at, vital.value, words, title)


# Parts of marks


def _bar(since: Moment, until: Moment | None, end: int, fill: Fill) -> Bar:
    """From start to end; what ended before it began is drawn at its start, its title has both times."""
    if until is None:
        return Bar(since.at, max(since.at, end), fill, True)
    return Bar(since.at, max(since.at, until.at), fill)


def _bars(
    symbol: Symbol,
    labels: tuple[str, ...],
    title: str,
    events: tuple[Ref, ...],
    *bars: Bar,
    points: tuple[tuple[int, str], ...] = (),
) -> Mark:
    instants = [at for bar in bars for at in (bar.since, bar.until)] + [at for at, _ in points]
    title = f"{_said(title, _TITLE)}, {_numbers(events)}"
    said = tuple(_said(label, _LABEL) for label in labels)
    return Mark(min(instants), max(instants), symbol, said, title, bars, points)


def _point(moment: Moment, symbol: Symbol, words: str, title: str) -> Mark:
    number = _numbers(moment.events[:1]) if moment.events else ""
    label = _said(f"{words} {number}" if symbol == "milestone" else f"{number} {words}", _LABEL)
    said = f"{_said(title, _TITLE)}, {moment.clock}, {_numbers(moment.events)}"
    return Mark(moment.at, moment.at, symbol, (label, number or label), said)


def _sorted(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    return tuple(sorted(marks, key=lambda mark: mark.since))


def _from_to(since: Moment, until: Moment | None) -> str:
    if until is None:
        return f"from {since.clock}, no end recorded"
    span = f", {span_words(until.at - since.at)}" if until.at >= since.at else ", which is before it began"
    return f"{since.clock} to {until.clock}{span}"


def clock(at: int, zero: int) -> str:
    """An instant as time from zero, in whole seconds."""
    return format_elapsed(at - zero, millis=False)


def _numbers(events: Sequence[Ref]) -> str:
    return plain(", ".join(f"#{event}" for event in events))


def _said(text: str, longest: int) -> str:
    return plain(" ".join(text.split()), longest)
