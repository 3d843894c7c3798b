"""The report of a case of the store: its streams are read, and verified on the way."""

from __future__ import annotations

from collections.abc import Iterator

from codelog import __version__
from codelog.case.codec import LineError, decode
from codelog.case.events import CaseOpened, Event
from codelog.clinical.protocols import DEFAULT_PROTOCOL, Protocol, load_protocol
from codelog.clinical.tables import Tables
from codelog.debrief.report.value import DebriefReport, build_report
from codelog.live.protocols import protocol_of
from codelog.log.chain import Break, Intact, verify_lines
from codelog.log.store import Store


def report_of_case(store: Store, case: str, tables: Tables, *, generated_at: int) -> DebriefReport:
    """The report as of now. A broken chain is told in it, and what can be read of it is reported.

    `generated_at` is an instant. Raises StoreError where the store fails, ClinicalDataError where the case's protocol
    is not to be had.
    """
    events: list[Event] = []
    chain: dict[str, Intact | Break] = {}
    for terminal in store.streams(case):
        count, head = store.head(case, terminal)
        lines = list(store.lines(case, terminal))[:count]
        chain[terminal] = verified(case, terminal, lines, head)
        events += _readable(case, terminal, lines)
    return build_report(
        events,
        _protocol(store, case, events),
        tables,
        chain=chain,
        generated_at=generated_at,
        version=f"codelog {__version__}",
    )


def verified(case: str, terminal: str, lines: list[str], head: str) -> Intact | Break:
    """The chain, and whether the last line is the one that was kept: alone, it would not show."""
    found = verify_lines((line.encode() for line in lines), case, terminal)
    if isinstance(found, Intact) and found.head != head:
        problem = f"line {found.count} does not hash to the digest that is stored beside it: one of them was altered"
        return Break(found.count, problem)
    return found


def _readable(case: str, terminal: str, lines: list[str]) -> Iterator[Event]:
    """The events of a stream; of a number that stands there twice, the first."""
    seen = set()
    for line in lines:
        try:
            event = decode(line)
        except LineError:
            continue
        if (event.case, event.terminal) == (case, terminal) and event.seq not in seen:
            seen.add(event.seq)
            yield event


def _protocol(store: Store, case: str, events: list[Event]) -> Protocol:
    """The protocol that the case was opened with; where its opening cannot be read, the default one."""
    opened = next((event for event in events if isinstance(event.data, CaseOpened)), None)
    if opened is None or opened.seq != 1:
        return load_protocol(DEFAULT_PROTOCOL)
    return protocol_of(store, case, opened.terminal).protocol
