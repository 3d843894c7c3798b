"""For the ten-minute debrief: which case, what happened, the key intervals and the access story on page one, and the picture."""

from __future__ import annotations

from collections.abc import Iterator

from codelog.case.events import Ref
from codelog.case.instants import format_instant
from codelog.debrief.render.page import (
    Block,
    Cell,
    Column,
    Facts,
    Picture,
    Prose,
    Row,
    Section,
    Table,
    cell,
    row,
)
from codelog.debrief.report.access_story import AccessStory, AttemptStory
from codelog.debrief.report.figures import Interval, Moment, span_words
from codelog.debrief.report.fingerprints import StreamChain
from codelog.debrief.report.header import Child, ForeignClock, Header
from codelog.debrief.report.intervals import Spacing
from codelog.debrief.report.value import DebriefReport

HEAD_DIGITS = 20
"""So many digits of a head are printed on page one: enough to compare with a head that was kept elsewhere."""
SPACED = "adrenaline_interval"
"""The interval of which page one has only the shortest and the longest."""


def front(report: DebriefReport) -> tuple[Section, ...]:
    """The sections of page one."""
    return (
        Section("case", "Case", (Facts(tuple(_case(report))),)),
        Section(
            "story", "What happened", (Prose(tuple(cell(one.text, one.events) for one in report.story)),)
        ),
        Section("intervals", "Key intervals", tuple(_intervals(report.intervals, report.adrenaline))),
        Section("access", "Access", tuple(_access(report.access))),
        Section("picture", "The course as a picture", (Picture(_picture_words(report)),)),
    )


def utc(at: int) -> str:
    """An instant as people read it."""
    return f"{format_instant(at)[:19].replace('T', ' ')} UTC"


# The case


def _case(report: DebriefReport) -> Iterator[tuple[str, Cell]]:
    head = report.header
    yield "Case", cell(" · ".join(part for part in (head.case, head.label) if part) or "not known")
    yield "Kind", cell(_kind(head), head.events)
    if head.zero_is is not None:
        zero = f"{utc(head.zero.at)}, {head.zero_is.label}"
        yield "Case zero", cell(zero, head.zero.events)
    yield "Closed", _closed(head)
    yield "Child", cell(_child(head.child), head.child.events)
    protocol = head.protocol
    named = f"{protocol.title} ({protocol.id}, version {protocol.version}), {protocol.status}"
    yield "Protocol", cell(named, protocol.events, "plain" if protocol.status == "verified" else "warn")
    for stream in report.fingerprints.streams:
        yield "Log", _chain(stream)
    for clock in head.clocks:
        yield "Other clock", cell(_clock(clock), clock.moment.events)
    for step in head.clock_steps:
        way = "forward" if step.wall_ms >= 0 else "back"
        words = f"the wall clock jumped {way} by {span_words(abs(step.wall_ms))} at {step.moment.clock}"
        yield "Clock step", cell(f"{words}; the time of the case did not", step.moment.events)


def _kind(head: Header) -> str:
    if head.setting is None:
        return "the opening of the case cannot be read"
    return ", ".join(part for part in (head.mode, head.setting.label, head.place, head.text) if part)


def _closed(head: Header) -> Cell:
    if head.closed is None:
        last = "" if head.last_entry is None else f"; last entry at {head.last_entry.clock}"
        return cell(f"open, this report is interim{last}", tone="warn")
    outcome = "" if head.outcome is None else f", {head.outcome.label}"
    said = "" if head.closing_text is None else f": {head.closing_text}"
    return cell(f"{head.closed.clock}{outcome}{said}", head.closed.events)


def _child(child: Child) -> str:
    weight = None
    if child.weight is not None:
        source = "" if child.weight_source is None else f" ({child.weight_source.label})"
        weight = f"{child.weight}{source}"
    age = child.age_days
    known = (
        None if child.gestation_weeks is None else f"{child.gestation_weeks} weeks of gestation",
        None if age is None else (f"{age} {'day' if age == 1 else 'days'} old" if age else "day of birth"),
        weight,
        child.sex,
        None if child.cord is None else f"cord {child.cord.label}",
        None if child.cooling is None else ("being cooled" if child.cooling else "not being cooled"),
    )
    return ", ".join(part for part in known if part) or "not recorded"


def _chain(stream: StreamChain) -> Cell:
    name = f"terminal {stream.terminal}: "
    if stream.intact is None:
        return cell(f"{name}not checked for changes", tone="warn")
    if not stream.intact:
        return cell(f"{name}BROKEN, {stream.problem}", tone="warn")
    head = (stream.head or "")[:HEAD_DIGITS]
    return cell(f"{name}chain verified, {stream.count} entries, head {head}", tone="good")


def _clock(clock: ForeignClock) -> str:
    said = "" if clock.text is None else f" ({clock.text})"
    shown = f"{clock.clock.label} showed {clock.shows}{said} at {clock.moment.clock}"
    if clock.ahead_ms is None:
        return shown
    way = "ahead of" if clock.ahead_ms >= 0 else "behind"
    return f"{shown}, {span_words(abs(clock.ahead_ms))} {way} UTC"


# Intervals


def _intervals(found: tuple[Interval, ...], adrenaline: Spacing) -> Iterator[Block]:
    shown = [one for one in found if one.id != SPACED and (one.ms is not None or one.so_far_ms is not None)]
    rows = [interval_row(one) for one in shown]
    if adrenaline.intervals:
        rows.append(_spacing_row(found, adrenaline))
    yield Table("Key intervals and what they are held against", INTERVAL_COLUMNS, tuple(rows))
    unknown = [one for one in found if one.ms is None and one.so_far_ms is None]
    if unknown:
        said = (cell(f"{_interval_name(one)}: {one.why}.", one.events, "quiet") for one in unknown)
        yield Prose((Cell("Not known.", tone="strong"), *said))


INTERVAL_COLUMNS = (
    Column("interval", 30),
    Column("from - to", 14),
    Column("time", 14, right=True),
    Column("held against", 32),
    Column("judged", 10),
)


def interval_row(one: Interval) -> Row:
    """One interval that is known, or known so far."""
    return row(
        one.events,
        _interval_name(one),
        cell(_between(one.since, one.until), tone="quiet"),
        cell(_span(one), tone="strong"),
        _target(one),
        _judged(one.met, one.target is not None),
    )


def _interval_name(one: Interval) -> str:
    """What an interval is called, with the need or the attempt that tells it from others alike."""
    parts = [one.label]
    if one.need is not None and one.need > 1:
        parts.append(f"need {one.need}")
    if one.attempt is not None:
        parts.append(f"attempt {one.attempt}")
    return ", ".join(parts)


def _judged(met: bool | None, against_one: bool) -> Cell:
    """Whether a target was met, in words."""
    if met is None:
        return Cell("not judged" if against_one else "", tone="quiet")
    return Cell("within", tone="good") if met else Cell("OUTSIDE", tone="warn")


def _between(since: Moment | None, until: Moment | None) -> str:
    return " - ".join("" if moment is None else moment.clock for moment in (since, until)).strip()


def _span(one: Interval) -> str:
    if one.ms is not None:
        return span_words(one.ms)
    return f"{span_words(one.so_far_ms or 0)} so far"


def _target(one: Interval) -> Cell:
    if one.target is None:
        return Cell("no published target", tone="quiet")
    unverified = "" if one.target.status == "verified" else f" ({one.target.status})"
    return cell(f"{one.target.text}{unverified}")


def _spacing_row(found: tuple[Interval, ...], adrenaline: Spacing) -> Row:
    first = next(one for one in found if one.id == SPACED)
    shortest, longest = span_words(adrenaline.shortest_ms or 0), span_words(adrenaline.longest_ms or 0)
    span = shortest if shortest == longest else f"{shortest} to {longest}"
    outside = adrenaline.early + adrenaline.late
    if outside:
        verdict = Cell(f"{adrenaline.early} early, {adrenaline.late} late", tone="warn")
    else:
        verdict = _judged(None if first.target is None else True, first.target is not None)
    name = f"{first.label}, {adrenaline.intervals} between {adrenaline.doses} doses"
    return row(adrenaline.events, name, None, Cell(span, tone="strong"), _target(first), verdict)


# Access

_ACCESS = (
    Column("no.", 4, right=True),
    Column("route", 6),
    Column("place", 15),
    Column("device", 15),
    Column("by", 14),
    Column("start - end", 13),
    Column("took", 9, right=True),
    Column("outcome", 15),
    Column("confirmed", 12),
    Column("line until", 18),
)


def _access(access: AccessStory) -> Iterator[Block]:
    if access.attempts:
        rows = tuple(_attempt(attempt) for attempt in access.attempts)
        yield Table("Every attempt at access, and the lines in place before", _ACCESS, rows)
    else:
        yield Prose((Cell("No attempt at access was recorded."),))
    yield Prose(tuple(_bones(access)))


def _attempt(attempt: AttemptStory) -> Row:
    return row(
        attempt.events,
        attempt.number,
        cell(attempt.route.label, tone="strong"),
        attempt.place or "not recorded",
        _device(attempt),
        _operator(attempt),
        _times(attempt),
        None if attempt.duration_ms is None else span_words(attempt.duration_ms),
        _outcome(attempt),
        _confirmed(attempt),
        _until(attempt),
    )


def _device(attempt: AttemptStory) -> str:
    device = "" if attempt.device is None else attempt.device.label
    needle = "" if attempt.needle_mm is None else f"{attempt.needle_mm} mm"
    parts = [device, attempt.gauge or "", "" if needle in device else needle]
    return ", ".join(part for part in parts if part) or "not recorded"


def _operator(attempt: AttemptStory) -> str:
    role = None if attempt.operator_role is None else attempt.operator_role.replace("_", " ")
    operator = attempt.operator
    shown = operator if operator is not None and role is not None and role in operator else None
    return shown or ", ".join(part for part in (role, operator) if part) or "not recorded"


def _times(attempt: AttemptStory) -> str:
    if attempt.present:
        since = "" if attempt.before_ms is None else f" for {span_words(attempt.before_ms)}"
        return f"in place at {attempt.start.clock}{since}"
    end = "in progress" if attempt.end is None else attempt.end.clock
    return f"{attempt.start.clock} - {end}"


def _outcome(attempt: AttemptStory) -> Cell:
    if attempt.present:
        return Cell("in place before")
    if attempt.outcome is None:
        return Cell("not recorded", tone="warn")
    reason = "" if attempt.reason is None else f", {attempt.reason.label}"
    return cell(
        f"{attempt.outcome.label}{reason}", tone="good" if attempt.outcome.id == "established" else "strong"
    )


def _confirmed(attempt: AttemptStory) -> str:
    if attempt.established is None:
        return ""
    if attempt.confirmed is None:
        return "not recorded"
    after = attempt.confirmed_after_ms
    return attempt.confirmed.clock if after is None else f"after {span_words(after)}"


def _until(attempt: AttemptStory) -> Cell:
    """How the line went, and what harm was seen."""
    harm = [f"{one.complication.label} {one.moment.clock}" for one in attempt.complications]
    gone = []
    if attempt.gone is not None:
        reason = "" if attempt.gone_reason is None else f", {attempt.gone_reason.label}"
        gone = [f"{attempt.gone_by} {attempt.gone.clock}{reason}"]
    elif attempt.established is not None:
        gone = ["in place at the end"]
    return cell("; ".join([*gone, *harm]), tone="warn" if harm else "plain")


def _bones(access: AccessStory) -> Iterator[Cell]:
    used = access.bones_used
    if used:
        yield Cell("Bones used.", tone="strong")
    for bone in used:
        yield cell(f"{_sided(bone.side, bone.bone.label)}: attempt {_numbers(bone.attempts)}.", bone.events)
    out = access.bones_at_end.ruled_out
    if out:
        yield Cell("Ruled out by the end.", tone="strong")
    for no in out:
        yield cell(f"{_sided(no.side, no.bone.label)}: {no.why}.", no.events)
    for harm in access.complications:
        yield cell(f"Complication of no attempt named: {harm.complication.label}.", harm.moment.events)


def _sided(side: str, bone: str) -> str:
    return bone if side == "midline" else f"{side} {bone}"


def _numbers(numbers: tuple[Ref, ...]) -> str:
    return ", ".join(str(number) for number in numbers)


def _picture_words(report: DebriefReport) -> str:
    """What stands in the place of the picture for those who cannot see it."""
    entries = report.course.entries
    until = entries[-1].moment.clock if entries else "0:00"
    since = entries[0].moment.clock if entries else "0:00"
    return (
        f"The course from {since} to {until} in lanes over time: turning points, attempts, lines, drugs, "
        "infusions, vital signs, flags and notes. Everything in it stands in the tables too."
    )
