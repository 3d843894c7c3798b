"""The record behind the report: every entry and correction, where each event number leads, and the fingerprints."""

from __future__ import annotations

from collections.abc import Iterator

from codelog.debrief.render.front import utc
from codelog.debrief.render.page import Block, Cell, Column, Facts, Row, Table, cell, row
from codelog.debrief.report.course import Course, Entry
from codelog.debrief.report.figures import span_words
from codelog.debrief.report.fingerprints import Fingerprints, StreamChain
from codelog.debrief.report.quality import LATE_MS, Amendment, Quality, Retraction

_ENTRIES = (
    Column("no.", 8, right=True),
    Column("time", 10, right=True),
    Column("entry", 66),
    Column("by", 16),
)
_CORRECTIONS = (
    Column("no.", 8, right=True),
    Column("made", 10, right=True),
    Column("correction", 66),
    Column("by", 16),
)


def course(found: Course, quality: Quality) -> Iterator[Block]:
    """Every entry that stands, then what was amended or retracted."""
    caption = "Every entry that stands, as corrected, in order of time"
    yield Table(caption, _ENTRIES, tuple(map(_entry, found.entries)))
    corrections = [*map(_amendment, quality.amended), *map(_retraction, quality.retracted)]
    if corrections:
        yield Table("What was amended or retracted, and why", _CORRECTIONS, tuple(corrections))


def fingerprints(prints: Fingerprints) -> Iterator[Block]:
    """By what the report can be traced to its log."""
    rows = [(f"Terminal {one.terminal}", _chain(one)) for one in prints.streams]
    for receipt in prints.receipts:
        signed = f"{receipt.archive} signed for {receipt.count} entries of terminal {receipt.terminal}"
        words = f"{signed}, head {receipt.head}, received {utc(receipt.received.at)}"
        rows.append(("Receipt", cell(words, receipt.events)))
    rows.append(("Protocol file", cell(f"SHA-256 {prints.protocol_digest}")))
    rows.append(("Recorded with", cell(prints.recorded_with or "not known")))
    rows.append(("Reported with", cell(f"{prints.reported_with}, {utc(prints.generated.at)}")))
    yield Facts(tuple((cell(name).text, value) for name, value in rows))


def _entry(entry: Entry) -> Row:
    said = []
    if entry.entered_after_ms > LATE_MS:
        said.append(f"entered {span_words(entry.entered_after_ms)} later")
    if entry.basis != "live":
        within = "" if entry.within_ms is None else f" within {span_words(entry.within_ms)}"
        said.append(f"{entry.basis}{within}")
    how = f" ({', '.join(said)})" if said else ""
    words = f"{entry.words}{how}"
    about = (entry.number,)
    return row(entry.amended_by, f"#{entry.number}", entry.moment.clock, words, entry.by, about=about)


def _amendment(one: Amendment) -> Row:
    own = one.moment.events[:1]
    words = f"{one.of}: {', '.join(one.changes)} ({one.reason})"
    return row(one.events, *(f"#{ref}" for ref in own), one.moment.clock, words, one.by, about=own)


def _retraction(one: Retraction) -> Row:
    own = one.moment.events[:1]
    words = cell(f"RETRACTED: {one.of} ({one.reason})", tone="warn")
    return row(one.events, *(f"#{ref}" for ref in own), one.moment.clock, words, one.by, about=one.events)


def _chain(stream: StreamChain) -> Cell:
    if stream.intact:
        return cell(f"chain verified, {stream.count} entries, head {stream.head}")
    read = f"{stream.events_read} entries read"
    if stream.intact is None:
        return cell(f"not checked for changes, {read}", tone="warn")
    return cell(f"BROKEN: {stream.problem}; {read}", tone="warn")
