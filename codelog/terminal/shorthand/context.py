"""What a line is read against: the case as it stands, with the entries that are still on their way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from codelog.case.admission import next_attempt, next_infusion
from codelog.case.events import Ref
from codelog.case.state import State
from codelog.clinical.tables import Tables
from codelog.terminal.acts.scribe import Scribe
from codelog.terminal.session import Target


@dataclass(frozen=True, slots=True)
class Context:
    """`in_progress` and `lines` stand newest first. `waiting` maps a ticket to the number it will most likely get."""

    state: State
    tables: Tables
    in_progress: Sequence[Target] = ()
    lines: Sequence[Target] = ()
    roles: Sequence[str] = ()
    next_attempt: int = 1
    next_infusion: int = 1
    waiting: Mapping[int, Ref] = field(default_factory=dict)

    @classmethod
    def of(cls, scribe: Scribe) -> Context:
        """The case of a scribe now."""
        session = scribe.session
        pending = session.pending
        numbers = {ticket: entry.number for ticket, entry in pending.items() if entry.number is not None}
        starts = ("access.attempt_started", "access.present")
        attempts = [entry.number for entry in pending.values() if entry.kind in starts]
        infusions = [entry.number for entry in pending.values() if entry.kind == "infusion.started"]
        return cls(
            session.view.state(),
            session.tables,
            session.in_progress(),
            session.lines(),
            scribe.config.operator_roles,
            _beyond(next_attempt(session.view.events), attempts),
            _beyond(next_infusion(session.view.events), infusions),
            numbers,
        )

    def number(self, target: Target) -> Ref | None:
        """The number of an attempt: as saved, or as it will most likely be."""
        return target.number if target.number is not None else self.waiting.get(target.ticket or 0)


def _beyond(number: int, waiting: Sequence[Ref | None]) -> int:
    return max([number, *(taken + 1 for taken in waiting if isinstance(taken, int))])
