"""The tables of an export: the log as it was entered, and what it comes to as corrected."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import msgspec

from codelog.audit.columns import Cell, Column, Table
from codelog.audit.exported import ExportedCase, Unreadable, made_sense_of
from codelog.case.corrections import active_corrections
from codelog.case.events import EventAmended, EventRetracted, Ref
from codelog.case.flags import Flag
from codelog.case.quantities import Quantity
from codelog.debrief.report.access_story import AttemptStory, access_story
from codelog.debrief.report.figures import Interval, Moment, Named
from codelog.debrief.report.given import Dose, InfusionStory
from codelog.debrief.report.intervals import intervals
from codelog.debrief.report.record import Record
from codelog.debrief.report.streams import merge

_CASE = Column("case", "text", "id of the case")
_EVENTS = Column("events", "text", "numbers of the entries behind this row, with spaces between them")

Row = tuple[Cell, ...]

_Name = tuple[str, int]
"""(terminal, seq): an event in a case with any number of streams."""


def _moment(name: str, what: str) -> tuple[Column, Column]:
    return (
        Column(f"{name}_at", "instant", f"{what}, UTC"),
        Column(f"{name}_ms", "integer", f"{what}, milliseconds from case zero"),
    )


def _quantity(name: str, what: str) -> tuple[Column, Column, Column]:
    return (
        Column(name, "text", f"{what}, as recorded: a number and a UCUM unit"),
        Column(f"{name}_number", "number", "the number in it"),
        Column(f"{name}_unit", "text", "the unit in it"),
    )


def _when(moment: Moment | None) -> tuple[int | None, int | None]:
    return (None, None) if moment is None else (moment.at, moment.since_zero_ms)


def _much(quantity: Quantity | None) -> tuple[str | None, str | None, str | None]:
    if quantity is None:
        return None, None, None
    return str(quantity), f"{quantity.value:f}", quantity.unit


def _ref(ref: Ref | None) -> str | None:
    return None if ref is None else str(ref)


def _refs(refs: tuple[Ref, ...]) -> str:
    return " ".join(map(str, refs))


# The log


class _Line(msgspec.Struct, gc=False):
    """What the table of events takes from a line as it stands there."""

    data: msgspec.Raw


_read_line = msgspec.json.Decoder(_Line).decode

EVENTS = (
    _CASE,
    Column("terminal", "text", "the installation that wrote it"),
    Column("seq", "integer", "its number in the stream (case, terminal)"),
    Column("kind", "text", "what sort of entry it is; the dictionary lists the fields of each"),
    Column("at", "instant", "when it happened as entered, UTC"),
    Column(
        "since_zero_ms", "integer", "the same, milliseconds from case zero; empty where zero cannot be read"
    ),
    Column("basis", "text", "how `at` is known: live, stated, device or reconstructed"),
    Column("within_ms", "integer", "half-width of the uncertainty of `at`"),
    Column("recorded_at", "instant", "when the terminal wrote it, UTC"),
    Column("boot", "text", "which start of the terminal's computer"),
    Column("boot_ms", "integer", "milliseconds since then"),
    Column("by", "text", "who entered it; codelog is the program itself"),
    Column("amended", "yes/no", "whether a later entry amends it"),
    Column("retracted", "yes/no", "whether a later entry retracts it"),
    Column("data", "text", "the fields of its kind as JSON, as entered"),
)


def _events(case: ExportedCase) -> Iterator[Row]:
    zero = _zero(case)
    amended, retracted = _corrected(case)
    for line, event in case.lines:
        name = (event.terminal, event.seq)
        yield (
            case.id,
            event.terminal,
            event.seq,
            event.kind,
            event.at,
            None if zero is None else event.at - zero,
            event.basis,
            event.within_ms,
            event.recorded_at,
            event.boot,
            event.boot_ms,
            event.by,
            name in amended,
            name in retracted,
            bytes(_read_line(line).data).decode(),
        )


def _zero(case: ExportedCase) -> int | None:
    try:
        return None if case.record.opening is None else case.record.zero
    except Unreadable:
        return None


def _corrected(case: ExportedCase) -> tuple[set[_Name], set[_Name]]:
    """The events that corrections in force amend, and those that they retract."""
    merged = merge(case.events)
    own = {event.seq: (event.terminal, _number(merged.refs[event.seq])) for event in merged.events}
    amended: set[_Name] = set()
    retracted: set[_Name] = set()
    for event in active_corrections(merged.events):
        if isinstance(event.data, (EventAmended, EventRetracted)) and event.data.target in own:
            targets = amended if isinstance(event.data, EventAmended) else retracted
            targets.add(own[event.data.target])
    return amended, retracted


def _number(ref: Ref) -> int:
    return int(str(ref).rpartition("/")[2])


# Vascular access

ATTEMPTS = (
    _CASE,
    Column("attempt", "text", "its number in the case"),
    Column("route", "text", "piv, uvc, cvc or io"),
    Column("present", "yes/no", "whether it was in place before the record: no attempt of this case"),
    Column("site", "text", "id of the site"),
    Column("side", "text", "left, right or midline"),
    Column("bone", "text", "id of the bone of an IO attempt"),
    Column("device", "text", "id of the device"),
    Column("device_maker", "text", "who makes it"),
    Column("gauge", "text", "its gauge"),
    Column("needle_mm", "integer", "length of the needle, mm"),
    Column("operator", "text", "who tried"),
    Column("operator_role", "text", "their role"),
    *_moment("started", "device to skin"),
    *_moment("ended", "end of the attempt"),
    Column("duration_ms", "integer", "from its start to its end"),
    Column("outcome", "text", "established, failed or abandoned; empty while in progress"),
    Column("reason", "text", "why it ended without access"),
    *_moment("confirmed", "first confirmation of the line"),
    *_moment("gone", "when the line was lost or removed"),
    Column("gone_by", "text", "lost or removed"),
    Column("gone_reason", "text", "why"),
    Column("dwell_ms", "integer", "how long the line was in place"),
    Column("nth_by_route", "integer", "which attempt by this route it is"),
    Column("nth_in_bone", "integer", "which IO attempt in this bone it is"),
    _EVENTS,
)


def _attempts(case: ExportedCase) -> Iterator[Row]:
    for attempt in access_story(case.record, case.spans).attempts:
        yield (case.id, *_attempt(attempt, case.record))


def _attempt(attempt: AttemptStory, record: Record) -> Row:
    device = None if attempt.device is None else record.tables.devices.get(attempt.device.id)
    return (
        _ref(attempt.number),
        attempt.route.id,
        attempt.present,
        _id(attempt.site),
        attempt.side,
        _id(attempt.bone),
        _id(attempt.device),
        None if device is None else device.maker,
        attempt.gauge,
        attempt.needle_mm,
        attempt.operator,
        attempt.operator_role,
        *_when(attempt.start),
        *_when(attempt.end),
        attempt.duration_ms,
        _id(attempt.outcome),
        _id(attempt.reason),
        *_when(attempt.confirmed),
        *_when(attempt.gone),
        attempt.gone_by,
        _id(attempt.gone_reason),
        attempt.dwell_ms,
        attempt.nth_by_route,
        attempt.nth_in_bone,
        _refs(attempt.events),
    )


# What was given

_LINE = (
    Column("line", "text", "the attempt whose line it went through"),
    Column("line_inferred", "yes/no", "whether nobody named the line and its route left only this one"),
)

DRUGS = (
    _CASE,
    Column("drug", "text", "id of the drug"),
    Column("nth", "integer", "which dose of this drug it is"),
    *_moment("given", "when it was given"),
    *_quantity("dose", "the dose"),
    *_quantity("per_kg", "the dose for each kilogram of the weight last known"),
    Column("route", "text", "iv, io, uvc, ett, im or other"),
    *_LINE,
    *_quantity("concentration", "its concentration"),
    *_quantity("volume", "its volume"),
    *_quantity("flush", "the flush after it"),
    Column("text", "text", "what else was said of it"),
    _EVENTS,
)


def _drugs(case: ExportedCase) -> Iterator[Row]:
    for dose in case.given.doses:
        yield (case.id, *_dose(dose))


def _dose(dose: Dose) -> Row:
    return (
        dose.drug.id,
        dose.nth,
        *_when(dose.moment),
        *_much(dose.dose),
        *_much(dose.per_kg),
        dose.route.id,
        _ref(dose.line),
        dose.line_inferred,
        *_much(dose.concentration),
        *_much(dose.volume),
        *_much(dose.flush),
        dose.text,
        _refs(dose.events),
    )


INFUSIONS = (
    _CASE,
    Column("infusion", "text", "its number in the case"),
    Column("fluid", "text", "id of the fluid"),
    Column("route", "text", "iv, io, uvc, ett, im or other"),
    *_LINE,
    *_moment("started", "when it was started"),
    *_moment("stopped", "when it was stopped"),
    Column("duration_ms", "integer", "how long it ran"),
    *_quantity("ordered", "the volume ordered"),
    *_quantity("given", "the volume given"),
    *_quantity("rate", "its rate at the end"),
    *_quantity("dose_rate", "its rate of dose at the end"),
    Column("reason", "text", "why it was stopped"),
    _EVENTS,
)


def _infusions(case: ExportedCase) -> Iterator[Row]:
    for infusion in case.given.infusions:
        yield (case.id, *_infusion(infusion, case.record))


def _infusion(infusion: InfusionStory, record: Record) -> Row:
    known = record.state.infusions[infusion.number]
    return (
        _ref(infusion.number),
        infusion.fluid.id,
        infusion.route.id,
        _ref(infusion.line),
        infusion.line_inferred,
        *_when(infusion.start),
        *_when(infusion.stop),
        infusion.duration_ms,
        *_much(infusion.ordered),
        *_much(infusion.given),
        *_much(known.rate),
        *_much(known.dose_rate),
        infusion.reason,
        _refs(infusion.events),
    )


# Flags and intervals

FLAGS = (
    _CASE,
    Column("flag", "text", "its number in the case"),
    Column("rule", "text", "id of the rule that raised it"),
    Column("basis", "text", "on what"),
    Column("priority", "text", "low, medium or high"),
    Column("attempt", "text", "the attempt it is about"),
    Column("entry", "text", "the entry it is about"),
    *_moment("raised", "when it was raised"),
    *_moment("due", "when the rule came due"),
    Column("text", "text", "exactly as it was painted"),
    Column("answer", "text", "the last answer: accepted, declined or snoozed"),
    *_moment("answered", "when that answer was entered"),
    Column("reason", "text", "why it was declined"),
    *_moment("cleared", "when it was cleared"),
    Column("because", "text", "why it was cleared"),
)


def _flags(case: ExportedCase) -> Iterator[Row]:
    for flag in case.record.flags.flags.values():
        yield (case.id, *_flag(flag, case.record))


def _flag(flag: Flag, record: Record) -> Row:
    last = flag.answers[-1] if flag.answers else None
    entry = flag.data.entry
    return (
        _ref(flag.number),
        flag.rule,
        flag.basis,
        flag.data.priority,
        _ref(flag.data.attempt),
        _ref(record.number(entry) if isinstance(entry, int) else entry),
        *_instants(flag.raised.at, record),
        *_instants(flag.due_at, record),
        flag.data.text,
        None if last is None else last.action,
        *_instants(None if last is None else last.stamp.at, record),
        None if last is None else last.reason,
        *_instants(None if flag.cleared is None else flag.cleared.at, record),
        flag.because,
    )


def _instants(at: int | None, record: Record) -> tuple[int | None, int | None]:
    return (None, None) if at is None else (at, at - record.zero)


INTERVALS = (
    _CASE,
    Column("interval", "text", "id of the interval"),
    Column("label", "text", "the same in words"),
    Column("need", "integer", "which need for access it belongs to, where there are several"),
    Column("attempt", "text", "which attempt it belongs to, where there are several"),
    Column("since_ms", "integer", "its beginning, milliseconds from case zero"),
    Column("until_ms", "integer", "its end, milliseconds from case zero"),
    Column("ms", "integer", "how long it was; empty where that is not known"),
    Column("so_far_ms", "integer", "how long it had been by the end of the record, if it had not ended"),
    Column("why", "text", "why it is not known"),
    Column("least_ms", "integer", "the target: at least"),
    Column("most_ms", "integer", "the target: at most"),
    Column("target_source", "text", "who says so"),
    Column("met", "yes/no", "whether the target was met; empty where that was not judged"),
    _EVENTS,
)


def _intervals(case: ExportedCase) -> Iterator[Row]:
    for interval in intervals(case.record, case.spans):
        yield (case.id, *_interval(interval))


def _interval(interval: Interval) -> Row:
    target = interval.target
    return (
        interval.id,
        interval.label,
        interval.need,
        _ref(interval.attempt),
        _when(interval.since)[1],
        _when(interval.until)[1],
        interval.ms,
        interval.so_far_ms,
        interval.why,
        None if target is None else target.least_ms,
        None if target is None else target.most_ms,
        None if target is None else target.source,
        interval.met,
        _refs(interval.events),
    )


def _id(named: Named | None) -> str | None:
    return None if named is None else named.id


TABLES = (
    Table("events", "every entry as it was entered, one row a line of the log", EVENTS, _events),
    Table("attempts", "every attempt at vascular access, as corrected", ATTEMPTS, _attempts),
    Table("infusions", "every infusion, as corrected", INFUSIONS, _infusions),
    Table("drugs", "every dose of a drug, as corrected", DRUGS, _drugs),
    Table("flags", "every flag that was raised, and what became of it", FLAGS, _flags),
    Table("intervals", "the key intervals of the debrief report, as corrected", INTERVALS, _intervals),
)
"""All tables, in the order in which they are told of."""


@lru_cache(maxsize=1)
def rows_of(case: ExportedCase) -> dict[str, list[Row]]:
    """The rows of a case by table. What cannot be made of it is left empty and is one of its problems."""
    found: dict[str, list[Row]] = {}
    for table in TABLES:
        try:
            with made_sense_of():
                found[table.name] = list(table.rows(case))
        except Unreadable as error:
            found[table.name] = []
            case.add_problem(str(error))
    return found
