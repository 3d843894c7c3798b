"""The flags: what became of each, what they rest on, and what would be raised with what is known now."""

from __future__ import annotations

from collections.abc import Iterator

from codelog.case.instants import SECOND
from codelog.debrief.render.page import Block, Cell, Column, Items, Row, Table, cell, quiet, row
from codelog.debrief.report.figures import span_words
from codelog.debrief.report.flag_story import FlagCount, FlagStories, FlagStory
from codelog.debrief.report.rerun import Compared, ComparedFlag
from codelog.debrief.wording import MARKS

_FLAGS = (
    Column("no.", 4, right=True),
    Column("raised", 8, right=True),
    Column("flag, as it was painted", 44),
    Column("answered by somebody", 18),
    Column("done", 10),
    Column("cleared", 16),
)
_BY_RULE = (
    Column("rule", 34),
    Column("raised", 12, right=True),
    Column("seen", 12, right=True),
    Column("done", 12, right=True),
    Column("declined", 12, right=True),
    Column("open", 12, right=True),
)
_CHANGED = (
    Column("with what is known now", 22),
    Column("raised", 9, right=True),
    Column("would be", 9, right=True),
    Column("flag", 60),
)
_STANDINGS = {
    "new": "would have been raised",
    "gone": "would not have been raised",
    "earlier": "would have come earlier",
    "later": "would have come later",
}


def flags(found: FlagStories) -> Iterator[Block]:
    """Every flag and the counts."""
    if found.flags:
        yield Table("Every flag", _FLAGS, tuple(map(_flag, found.flags)))
        yield Table("Flags by rule", _BY_RULE, tuple(map(_count, (*found.by_rule, found.all))))
        yield Items("What flags rest on", tuple(_bases(found.flags)))
    else:
        yield quiet("No flag was raised.")
    yield from _hindsight(found.hindsight)


def _flag(flag: FlagStory) -> Row:
    late = f" (due {flag.due.clock})" if flag.raised.at - flag.due.at >= SECOND else ""
    return row(
        flag.events,
        flag.number,
        f"{flag.raised.clock}{late}",
        f"{MARKS.get(flag.priority, '')} {flag.text}".strip(),
        _answers(flag),
        "no" if flag.acted_after_ms is None else _after(flag.acted_after_ms),
        _cleared(flag),
        about=flag.events,
    )


def _after(ms: int) -> str:
    return f"{span_words(-ms)} before" if ms < 0 else span_words(ms)


def _answers(flag: FlagStory) -> Cell:
    said = []
    for answer in flag.answers:
        reason = "" if answer.reason is None else f": {answer.reason.label}"
        seconds = "" if answer.seconds is None else f" for {answer.seconds} s"
        said.append(f"{answer.action}{seconds}{reason}, after {_after(answer.after_ms)}")
    return cell("; ".join(said)) if said else Cell("not seen", tone="quiet")


def _cleared(flag: FlagStory) -> str:
    if flag.cleared is None:
        return "open"
    because = "" if flag.because is None else f", {flag.because.label}"
    return f"after {_after(flag.cleared_after_ms or 0)}{because}"


def _count(count: FlagCount) -> Row:
    numbers = (count.raised, count.seen, count.answered, count.declined, count.open)
    return row(count.events, count.rule.label, *numbers)


def _bases(found: tuple[FlagStory, ...]) -> Iterator[Cell]:
    """Threshold and source of each basis, with the flags that were raised on it."""
    alike: dict[tuple[str, str, str], list[FlagStory]] = {}
    for flag in found:
        alike.setdefault((flag.rule.label, flag.basis, flag.threshold), []).append(flag)
    for (rule, basis, threshold), those in alike.items():
        events = [ref for flag in those for ref in flag.raised.events]
        yield cell(f"{rule} ({basis}): {threshold}; source: {those[0].source}", events)


def _hindsight(hindsight: Compared) -> Iterator[Block]:
    other = [flag for flag in hindsight.flags if flag.standing != "same"]
    if other:
        caption = "Flags that the record as corrected would change"
        yield Table(caption, _CHANGED, tuple(map(_changed, other)))
    else:
        yield quiet("With what is known now, the same flags would have been raised at the same times.")


def _changed(flag: ComparedFlag) -> Row:
    times = ("no" if moment is None else moment.clock for moment in (flag.raised, flag.would_be))
    return row(flag.events, _STANDINGS[flag.standing], *times, flag.text)
