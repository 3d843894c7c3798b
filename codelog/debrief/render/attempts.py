"""The attempts in detail, and the intervals that page one has in short."""

from __future__ import annotations

from collections.abc import Iterator

from codelog.debrief.render.front import INTERVAL_COLUMNS, SPACED, interval_row
from codelog.debrief.render.page import Block, Cell, Column, Items, Row, Table, cell, quiet, row
from codelog.debrief.report.access_story import AccessStory, AttemptStory
from codelog.debrief.report.attempt_counts import AttemptCount, AttemptCounts
from codelog.debrief.report.bone_story import BonesThen
from codelog.debrief.report.figures import Interval, span_words

_COUNTED = (
    Column("attempts", 24),
    Column("tried", 12, right=True),
    Column("established", 12, right=True),
    Column("failed", 12, right=True),
    Column("abandoned", 12, right=True),
    Column("in progress", 12, right=True),
    Column("first attempt", 16),
)
_FIRST_PASS = {None: "not known", True: "gave access", False: "gave no access"}


def attempts(access: AccessStory, counts: AttemptCounts) -> Iterator[Block]:
    """How many by whom, then what there is to tell of each, and the bones at the end."""
    if counts.all.tried:
        rows = [_count("all attempts", counts.all)]
        rows += [_count("" if one.of is None else one.of.label, one) for one in counts.by_route]
        rows += [
            _count("by nobody named" if one.of is None else f"by {one.of.label}", one)
            for one in counts.by_role
        ]
        yield Table("Attempts by route and by role of the operator", _COUNTED, tuple(rows))
    for attempt in access.attempts:
        said = tuple(_details(attempt))
        if said:
            title = cell(f"Attempt {attempt.number}, {attempt.route.label} {attempt.place}".rstrip())
            yield Items(title.text, said)
    yield Items("Bones at the end of the case", tuple(_bones(access.bones_at_end)))


def spans(found: tuple[Interval, ...]) -> Iterator[Block]:
    """Every interval between doses of adrenaline, and the sources of all targets."""
    spaced = [one for one in found if one.id == SPACED and one.ms is not None]
    if spaced:
        caption = "From one dose of adrenaline to the next"
        yield Table(caption, INTERVAL_COLUMNS, tuple(map(interval_row, spaced)))
    targets = {one.target.text: one.target for one in found if one.target is not None}
    if targets:
        said = (cell(f"{one.text}: {one.source}; {one.status}") for one in targets.values())
        yield Items("What intervals are held against, and who says so", tuple(said))
    else:
        yield quiet("Nothing was held against a target.")


def _count(name: str, count: AttemptCount) -> Row:
    numbers = (count.tried, count.established, count.failed, count.abandoned, count.in_progress)
    return row(count.events, name, *numbers, _FIRST_PASS[count.first_pass])


def _details(attempt: AttemptStory) -> Iterator[Cell]:
    for one in attempt.confirmations:
        signs = ", ".join(sign.label for sign in one.signs) or "no sign named"
        flush = "" if one.flush is None else f", flush {one.flush}"
        yield cell(f"confirmed {one.moment.clock}: {signs}{flush}", one.moment.events)
    for check in attempt.checks:
        yield cell(f"limb checked {check.moment.clock}: {check.finding.label}", check.moment.events)
    for harm in attempt.complications:
        said = "" if harm.text is None else f", {harm.text}"
        words = f"complication {harm.moment.clock}: {harm.complication.label}{said}"
        yield cell(words, harm.moment.events, "warn")
    if attempt.dwell_ms is not None:
        yield cell(f"the line stayed {span_words(attempt.dwell_ms)}", attempt.events)
    for text in attempt.texts:
        yield cell(f"said of it: {text}", attempt.events)
    if attempt.bones is not None:
        if attempt.nth_in_bone is not None and attempt.nth_in_bone > 1:
            yield cell(f"attempt {attempt.nth_in_bone} in this bone", attempt.start.events, "warn")
        yield from _bones(attempt.bones)


def _bones(then: BonesThen) -> Iterator[Cell]:
    if then.against is not None:
        yield cell(f"this bone was ruled out: {then.against.why}", then.against.events, "warn")
    if then.site_standing is not None:
        yield cell(f"this site for the age: {then.site_standing}", then.moment.events)
    for no in then.ruled_out:
        side = "" if no.side == "midline" else f"{no.side} "
        yield cell(f"ruled out: {side}{no.bone.label}, {no.why}", no.events)
    sites = ", ".join(site.label for site in then.open_sites)
    yield cell(f"open sites, best first: {sites}" if sites else "no site was open", then.moment.events)
    if then.unknown:
        yield cell(f"not known: {', '.join(then.unknown)}", then.moment.events)
