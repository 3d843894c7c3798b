"""The quality of the record: the score with its parts, and everything that lowers it."""

from __future__ import annotations

from collections.abc import Iterator

from codelog.debrief.render.page import Block, Cell, Column, Facts, Items, Prose, Row, Table, cell, row
from codelog.debrief.report.figures import span_words
from codelog.debrief.report.quality import LATE_MS, Missing, Quality, ScorePart

_PARTS = (
    Column("part", 24),
    Column("percent", 10, right=True),
    Column("good", 10, right=True),
    Column("of", 10, right=True),
    Column("what it counts", 46),
)


def quality(found: Quality) -> Iterator[Block]:
    """The score first; then the lists behind it, the empty ones left out."""
    percent = "cannot be judged" if found.score.percent is None else f"{found.score.percent} %"
    what = "the mean of the parts below. It is ours, not published, and judges records, not teams."
    yield Prose((cell(f"Score {percent}: {what}", found.events),))
    caption = "The parts of the score, with the entries that lower it"
    yield Table(caption, _PARTS, tuple(map(_part, found.score.parts)))
    yield Facts(tuple(_counts(found)))
    for title, cells in _lists(found):
        if cells:
            yield Items(title, tuple(cells))


def _part(part: ScorePart) -> Row:
    percent = "not judged" if part.percent is None else f"{part.percent} %"
    return row(part.events, part.label, percent, part.good, part.of, part.explanation)


def _counts(found: Quality) -> Iterator[tuple[str, Cell]]:
    bases = ", ".join(f"{basis} {count}" for basis, count in found.bases.items() if count)
    yield "Entries by people", cell(f"{found.entries} ({bases})" if bases else "0")
    details = found.details
    share = "" if details.percent is None else f" ({details.percent} %)"
    marked = f", {details.marked_unknown} marked as not known" if details.marked_unknown else ""
    yield "Details", cell(f"{details.filled} of {details.expected} recorded{marked}{share}")
    yield "Late", cell(f"{len(found.late)} entered more than {span_words(LATE_MS)} after what they tell")
    mended = sum(not one.adds for one in found.amended)
    added = len(found.amended) - mended
    yield "Corrected", cell(f"{mended} mended, {added} completed later, {len(found.retracted)} retracted")
    silence = found.longest_silence
    if silence is not None:
        words = f"{span_words(silence.ms)}, {silence.since.clock} to {silence.until.clock}"
        yield "Longest silence", cell(words, silence.events)
    yield "Contradictions", cell(str(len(found.contradictions)))


def _lists(found: Quality) -> Iterator[tuple[str, list[Cell]]]:
    yield "Contradictions", [cell(one.text, one.events, "warn") for one in found.contradictions]
    yield "What the record lacks", [_missing(gap) for gap in found.details.missing]
    late = [
        cell(
            f"{one.moment.clock}, entered {span_words(one.after_ms)} later, {one.basis}: {one.words}",
            one.events,
        )
        for one in found.late
    ]
    yield "Late entries", late
    silences = [
        cell(f"{gap.since.clock} to {gap.until.clock}: {span_words(gap.ms)}", gap.events)
        for gap in found.silences
    ]
    yield "Times in which nothing was entered", silences


def _missing(gap: Missing) -> Cell:
    marked = " (marked as not known)" if gap.marked_unknown else ""
    return cell(f"{gap.subject}: {gap.words}{marked}", gap.events)
