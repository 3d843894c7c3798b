"""Every case of a store as a list shows it, and how it is searched. Slow to read; never on the screen's thread."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from codelog.case.codec import LineError, decode
from codelog.case.events import CaseOpened
from codelog.debrief.plain import plain
from codelog.debrief.wording import word
from codelog.live.cases import REPLAY_TERMINAL
from codelog.log.store import CaseRow, Store

_LONGEST = 120


@dataclass(frozen=True, slots=True)
class Listed:
    """One case of the list. `ours`: it can be gone on with here; `sought` is what a search looks in."""

    case: str
    opened: str
    words: str
    status: str
    training: bool
    entries: int
    ours: bool
    sought: str

    @property
    def can_go_on(self) -> bool:
        """Whether it is open and ours."""
        return self.ours and self.status == "open"


def listed_cases(store: Store) -> Iterator[Listed]:
    """The cases, the one opened last first."""
    for row in store.cases():
        yield _listed(row, store.terminal)


def matching(cases: list[Listed], query: str) -> list[Listed]:
    """The cases in which every word of the query is found: in label, setting, date, status, or at the id's beginning."""
    words = query.lower().split()
    if not words:
        return cases
    return [
        case for case in cases if all(word in case.sought or case.case.startswith(word) for word in words)
    ]


def _listed(row: CaseRow, terminal: str) -> Listed:
    opened, words, training = row.recorded_at[:16].replace("T", " "), "written by a newer codelog", False
    ours = terminal in row.terminals or row.terminals == (REPLAY_TERMINAL,)
    status = "closed" if row.closed else "open"
    try:
        event = decode(row.opened)
    except LineError:
        ours = False
    else:
        opened = datetime.fromtimestamp(event.at / 1000, UTC).astimezone().strftime("%Y-%m-%d %H:%M")
        if isinstance(event.data, CaseOpened):
            words = ", ".join(
                part
                for part in (
                    word("setting", event.data.setting),
                    event.data.label and plain(event.data.label, _LONGEST),
                    event.data.place and plain(event.data.place, _LONGEST),
                )
                if part
            )
            training = event.data.mode == "training"
    sought = f"{opened} {words} {status} {'training' if training else ''}".lower()
    return Listed(row.case, opened, words, status, training, row.events, ours, sought)
