"""How many attempts were made by which route and by whom, and whether the first one gave access."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from codelog.case.access import Attempt
from codelog.case.events import Ref
from codelog.case.vocabulary import ACCESS_ROUTES
from codelog.debrief.report.figures import Named
from codelog.debrief.report.record import Record
from codelog.debrief.wording import word


@dataclass(frozen=True, slots=True)
class AttemptCount:
    """The attempts by one route, or by operators of one role. `of` None: nobody said who.

    `first_pass` is whether the first of them gave access; None while it is in progress.
    """

    of: Named | None
    tried: int
    established: int
    failed: int
    abandoned: int
    in_progress: int
    first_pass: bool | None
    events: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class AttemptCounts:
    """All attempts, by route and by the operator's role. Lines in place before the record are not counted."""

    all: AttemptCount
    by_route: tuple[AttemptCount, ...]
    by_role: tuple[AttemptCount, ...]


def attempt_counts(record: Record) -> AttemptCounts:
    """Count the attempts of a case."""
    tries = record.tries()
    return AttemptCounts(
        all=_count(record, Named("all", "all attempts"), tries),
        by_route=tuple(
            _count(record, Named(route, word("access_route", route)), of_route)
            for route in ACCESS_ROUTES
            if (of_route := record.tries(route))
        ),
        by_role=tuple(
            _count(record, None if role is None else Named(role, role.replace("_", " ")), of_role)
            for role, of_role in _grouped(tries, record.role)
        ),
    )


def _grouped(
    tries: Iterable[Attempt], role: Callable[[Attempt], str | None]
) -> list[tuple[str | None, list[Attempt]]]:
    groups: dict[str | None, list[Attempt]] = {}
    for attempt in tries:
        groups.setdefault(role(attempt), []).append(attempt)
    return list(groups.items())


def _count(record: Record, of: Named | None, tries: list[Attempt]) -> AttemptCount:
    outcomes = [attempt.outcome for attempt in tries]
    first = tries[0] if tries else None
    seqs = [seq for attempt in tries for seq in (attempt.start.seq, attempt.end.seq if attempt.end else None)]
    return AttemptCount(
        of=of,
        tried=len(tries),
        established=outcomes.count("established"),
        failed=outcomes.count("failed"),
        abandoned=outcomes.count("abandoned"),
        in_progress=outcomes.count(None),
        first_pass=None if first is None or first.in_progress else first.established is not None,
        events=record.refs(*seqs),
    )
