"""Cases for the shorthand line to be read against."""

from __future__ import annotations

from functools import cache
from typing import Any

from codelog.clinical.tables import Tables, load_tables
from codelog.terminal.config import Config
from codelog.terminal.session import Target
from codelog.terminal.shorthand import Context, Entry, Reading, read
from tests.case.casekit import Fact, begins, ends, state_of

NEWBORN: Fact = (1, "patient.described", {"weight": "1700 g", "age_days": 0})
INFUSION: Fact = (
    30,
    "infusion.started",
    {"infusion": 1, "fluid": "saline_0_9", "route": "io", "volume": "17 mL"},
)


@cache
def tables() -> Tables:
    return load_tables()


def case(*facts: Fact) -> Context:
    """A case in which these facts are saved."""
    state = state_of(*facts)
    numbers = [n for n in state.access.attempts if isinstance(n, int)]

    def targets(attempts: Any) -> list[Target]:
        newest_first = sorted(attempts.values(), key=lambda a: a.number, reverse=True)
        return [Target(a.route, f"{a.route.upper()} {a.number}", number=a.number) for a in newest_first]

    return Context(
        state,
        tables(),
        targets(state.access.in_progress),
        targets(state.access.working),
        Config().operator_roles,
        1 + max(numbers, default=0),
        1 + len(state.infusions),
    )


def line_in(number: int, route: str = "io", **details: Any) -> tuple[Fact, Fact]:
    """A line that is in place."""
    return begins(5, number, route, **details), ends(6, number, "established")


CASES = {
    "new": case(NEWBORN),
    "trying": case(NEWBORN, begins(5, 1, "piv")),
    "trying io": case(NEWBORN, begins(5, 1, "io")),
    "two tries": case(NEWBORN, begins(5, 1, "piv"), begins(6, 2, "io")),
    "line": case(NEWBORN, *line_in(1), INFUSION),
    "two lines": case(NEWBORN, *line_in(1), *line_in(2, "piv")),
    "two bones": case(NEWBORN, *line_in(1), *line_in(2)),
    "gone": case(NEWBORN, *line_in(1), (20, "access.lost", {"attempt": 1, "reason": "dislodged"})),
    "unknown": case(),
    "older": case((1, "patient.described", {"weight": "20 kg", "age_days": 2000})),
    "ventilated": case(NEWBORN, (4, "care.started", {"care": "ppv"})),
    "team": case(NEWBORN, (2, "team.noted", {"person": "Anna Berg", "role": "nurse"})),
    "drips": case(
        NEWBORN, INFUSION, (40, "infusion.started", {"infusion": 2, "fluid": "dopamine", "route": "io"})
    ),
}
"""Cases by name; a newborn of 1700 g unless the name says otherwise."""


def said(line: str, name: str = "new") -> Reading:
    """The reading of a line in the case of that name."""
    return read(line, CASES[name])


def plainly(entries: tuple[Entry, ...]) -> list[tuple[Any, ...]]:
    """Each entry as its kind and data; and what it follows, if it follows something."""
    return [
        (entry.kind, dict(entry.data), *([] if entry.follows is None else [entry.follows]))
        for entry in entries
    ]
