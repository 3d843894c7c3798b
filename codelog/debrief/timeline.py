"""One case's timeline as lines of text, in both readings: as entered, and as corrected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from codelog.case.corrections import active_corrections, corrected
from codelog.case.events import CaseOpened, Event, EventAmended, EventRetracted, Ref
from codelog.case.instants import SECOND, format_elapsed, format_instant
from codelog.clinical.tables import Tables
from codelog.debrief.plain import plain
from codelog.debrief.wording import describe

LATE_MS = 5 * SECOND
"""From this difference on both times are shown: when it happened and when it was entered."""

_LONGEST = 400


def timeline(events: Sequence[Event], tables: Tables) -> Iterator[str]:
    """As known at the time: every event in order of entry, what was corrected later marked so."""
    if not events:
        return
    yield from _heading(events[0])
    zero = events[0].at
    marks = _marks(events)
    for event in events:
        yield _row(event, zero, tables, marks.get(event.seq, ""))


def corrected_timeline(events: Sequence[Event], tables: Tables) -> Iterator[str]:
    """As corrected: the entries that stand, with their amendments made, in order of time."""
    entries = corrected(events)
    if not entries:
        return
    opened = next((event for event in entries if isinstance(event.data, CaseOpened)), entries[0])
    yield from _heading(opened)
    for event in entries:
        yield _row(event, opened.at, tables, "")


def _heading(event: Event) -> Iterator[str]:
    yield f"case {event.case}  terminal {event.terminal}"
    if isinstance(event.data, CaseOpened):
        data = event.data
        protocol = f"{data.protocol.id} version {data.protocol.version}" if data.protocol else "no protocol"
        yield f"{data.mode.upper()}  {data.setting}  zero ({data.zero}) {format_instant(event.at)}  {protocol}"
    yield ""


def _row(event: Event, zero: int, tables: Tables, mark: str) -> str:
    data = event.data
    late = ""
    if event.recorded_at - event.at > LATE_MS:
        late = f" (entered {format_elapsed(event.recorded_at - zero, millis=False)}, {event.basis})"
    words = plain(describe(data, tables), _LONGEST)
    return f"{'#' + str(event.seq):>6}  {format_elapsed(event.at - zero):>12}  {words}{late}{mark}"


def _marks(events: Sequence[Event]) -> dict[Ref, str]:
    marks: dict[Ref, str] = {}
    for event in active_corrections(events):
        if isinstance(event.data, EventRetracted):
            marks[event.data.target] = f"  [retracted by #{event.seq}]"
        elif isinstance(event.data, EventAmended):
            marks.setdefault(event.data.target, f"  [amended by #{event.seq}]")
    return marks
