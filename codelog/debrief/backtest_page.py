"""A backtest laid out: one picture and one table of what would have been different."""

from __future__ import annotations

from collections.abc import Iterator

from codelog.case.instants import SECOND, format_instant
from codelog.debrief.backtest import Backtest, CaseBacktest
from codelog.debrief.charts import Move, moves
from codelog.debrief.report.figures import span_words
from codelog.debrief.report.rerun import ComparedFlag
from codelog.debrief.sheet.sheet import Block, Chapter, Column, Drawing, Sheet, grid, words

MOST_DRAWN = 40
"""Of more flags that would have been different, the picture has the first; the table has them all."""
_FOOT = "An aid to documentation and review, not a medical device."


def backtest_sheet(found: Backtest) -> Sheet:
    """The backtest as a sheet."""
    tried = found.tried
    changed = [(case, flag) for case in found.cases for flag in case.flags if flag.standing != "same"]
    modes = {case.mode for case in found.cases}
    return Sheet(
        title=f"Backtest of {tried.id} {tried.version}",
        mark="TRAINING" if modes == {"training"} else "",
        lead=tuple(_lead(found, len(changed))),
        chapters=(
            Chapter("rules", "By rule", tuple(_rules(found))),
            Chapter("flags", "What would have been different", tuple(_flags(found, changed))),
            *((Chapter("left-out", "Not run", tuple(_left_out(found))),) if _any_left_out(found) else ()),
        ),
        foot=f"{found.version}, {format_instant(found.generated_at)[:16].replace('T', ' ')} UTC. {_FOOT}",
    )


def _lead(found: Backtest, changed: int) -> Iterator[str]:
    tried = found.tried
    settings = ", ".join(f"{name} = {value}" for name, value in tried.changes)
    yield f"{tried.title} ({tried.status}){f', with {settings}' if settings else ''}."
    cases = sum(any(flag.standing != "same" for flag in case.flags) for case in found.cases)
    yield f"{found.n} recorded cases; {changed} flags would have been different, in {cases} of them."
    yield (
        "The rules ran again over every case as it was entered that night. People answer as they answered then; "
        "what they would have done at another flag, nobody knows."
    )


def _rules(found: Backtest) -> Iterator[Block]:
    names = ("recorded", "would be", "same", "new", "earlier", "later", "gone", "cases")
    columns = (Column("rule", 30, False), *(Column(name, 8) for name in names), Column("moved by", 14))
    rows = (
        (
            rule.rule.id,
            *map(
                str,
                (
                    rule.recorded,
                    rule.would_be,
                    rule.same,
                    rule.new,
                    rule.earlier,
                    rule.later,
                    rule.gone,
                    rule.cases_changed,
                ),
            ),
            "" if rule.moved.median is None else _signed(round(rule.moved.median * SECOND)),
        )
        for rule in found.rules
    )
    yield grid("Flags of every rule; cases: with a difference; moved by: the median", columns, rows)


def _flags(found: Backtest, changed: list[tuple[CaseBacktest, ComparedFlag]]) -> Iterator[Block]:
    if not changed:
        yield words("Nothing: the same flags would have been raised at the same times.")
        return
    rows = [Move(_label(case, flag), *_times(flag), _told(flag)) for case, flag in changed[:MOST_DRAWN]]
    more = len(changed) - len(rows)
    told = "circle: as recorded; square: as it would have been; time from case zero"
    yield Drawing(
        "Flags that would have been different",
        moves("Flags that would have been different", rows),
        f"{told}.",
    )
    if more:
        yield words(f"The picture has the first {MOST_DRAWN}; {more} more are in the table.")
    columns = (
        Column("case", 12, False),
        Column("label", 24, False),
        Column("rule", 16, False),
        Column("basis", 14, False),
        Column("would be", 10, False),
        Column("recorded at", 12),
        Column("would be at", 12),
        Column("by", 12),
    )
    yield grid("Every flag that is not the same", columns, (_row(case, flag) for case, flag in changed))


def _row(case: CaseBacktest, flag: ComparedFlag) -> tuple[str, ...]:
    return (
        case.case[:8],
        case.label or "",
        flag.rule,
        flag.basis.replace("_", " "),
        flag.standing,
        "" if flag.raised is None else flag.raised.clock,
        "" if flag.would_be is None else flag.would_be.clock,
        "" if flag.by_ms is None else _signed(flag.by_ms),
    )


def _label(case: CaseBacktest, flag: ComparedFlag) -> str:
    return f"{case.case[:8]} {flag.rule} {flag.basis.replace('_', ' ')}"


def _times(flag: ComparedFlag) -> tuple[int | None, int | None]:
    return (
        None if flag.raised is None else flag.raised.since_zero_ms,
        None if flag.would_be is None else flag.would_be.since_zero_ms,
    )


def _told(flag: ComparedFlag) -> str:
    raised = "not raised" if flag.raised is None else f"raised at {flag.raised.clock}"
    would = "would not have been" if flag.would_be is None else f"would have been at {flag.would_be.clock}"
    return f"{flag.standing}: {raised}, {would}"


def _signed(span: int) -> str:
    return f"{'+' if span >= 0 else '-'}{span_words(abs(span))}"


def _any_left_out(found: Backtest) -> bool:
    return bool(found.left_out) or any(case.not_run for case in found.cases)


def _left_out(found: Backtest) -> Iterator[Block]:
    columns = (Column("case", 30, False), Column("why", 70, False))
    rows = [(left.case, left.why) for left in found.left_out]
    for case in found.cases:
        rows += [(case.case, f"the rule {rule} could not be run") for rule in case.not_run]
    yield grid("Cases and rules that could not be run", columns, rows)
