"""From a store to the sums over its cases, one case at a time. A case that cannot be read is named, and passed over."""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import TypeVar

from codelog.case.codec import LineError, decode
from codelog.case.events import CaseOpened, Event, ProtocolRef
from codelog.clinical.problems import ClinicalDataError
from codelog.clinical.protocols import Protocol
from codelog.clinical.tables import load_tables
from codelog.debrief.qi.case_figures import case_figures
from codelog.debrief.qi.cohort import Cohorts, LeftOut
from codelog.debrief.qi.selection import Selection
from codelog.debrief.report.of_store import verified
from codelog.live.protocols import protocol_named_by
from codelog.log.chain import Break
from codelog.log.errors import StoreDamaged
from codelog.log.store import Store, open_store

BATCH = 250
"""So many cases are read at a time; more than two such batches are spread over the cores."""


_Made = TypeVar("_Made")


class Unread(Exception):
    """A case cannot be counted; the message says why."""


class CaseReader:
    """Reads the cases of a store, and remembers the protocols they name."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._protocols: dict[ProtocolRef | None, Protocol] = {}

    def read(self, case: str, use: Callable[[list[Event], Protocol], _Made]) -> _Made:
        """What `use` makes of a case: of its events, their chains verified on the way, and the protocol it runs under.

        Raises Unread where there is no such case to be made of them: one broken case never stops the others.
        """
        try:
            events = self._events(case)
            opened = next((event.data for event in events if isinstance(event.data, CaseOpened)), None)
            return use(events, self._protocol(None if opened is None else opened.protocol))
        except (StoreDamaged, LineError, ClinicalDataError) as error:
            raise Unread(str(error).removesuffix(".")) from None
        except (ArithmeticError, AssertionError, LookupError, TypeError, ValueError) as error:
            raise Unread(f"its entries make no case that can be read ({type(error).__name__})") from None

    def _events(self, case: str) -> list[Event]:
        events: list[Event] = []
        for terminal in self._store.streams(case):
            lines = list(self._store.lines(case, terminal))
            _, head = self._store.head(case, terminal)
            found = verified(case, terminal, lines, head)
            if isinstance(found, Break):
                raise Unread(f"the log of terminal {terminal} is not as it was written: {found.problem}")
            events += map(decode, lines)
        return events

    def _protocol(self, ref: ProtocolRef | None) -> Protocol:
        if ref not in self._protocols:
            self._protocols[ref] = protocol_named_by(self._store, ref).protocol
        return self._protocols[ref]


def gather(store: Store, selection: Selection, cases: Sequence[str], told: Callable[[int], None]) -> Cohorts:
    """The sums over cases of a store; `told` hears of how many more cases they are now."""
    found = Cohorts()
    batches = [cases[start : start + BATCH] for start in range(0, len(cases), BATCH)]
    for batch, cohorts in zip(batches, _gathered(store, selection, batches), strict=True):
        found.merge(cohorts)
        told(len(batch))
    return found


def gather_batch(store: Store, selection: Selection, cases: Iterable[str]) -> Cohorts:
    """The sums over a few cases."""
    reader, tables, found = CaseReader(store), load_tables(), Cohorts()
    for case in cases:
        try:
            figures = reader.read(case, partial(case_figures, case, tables=tables))
        except Unread as error:
            found.left_out.append(LeftOut(case, str(error)))
            continue
        if selection.takes(figures):
            found.add(figures)
        else:
            found.not_selected += 1
    return found


def _gathered(store: Store, selection: Selection, batches: Sequence[Sequence[str]]) -> Iterator[Cohorts]:
    """The sums of every batch, in order."""
    workers = min(os.cpu_count() or 1, len(batches) // 2)
    if workers < 2:
        yield from (gather_batch(store, selection, batch) for batch in batches)
        return
    # A process of its own shares nothing with this one's open store.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        waiting: deque[Future[Cohorts]] = deque()
        for batch in batches:
            waiting.append(pool.submit(_gather_elsewhere, store.path, selection, batch))
            if len(waiting) > 2 * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _gather_elsewhere(path: Path, selection: Selection, cases: Sequence[str]) -> Cohorts:
    with open_store(path, read_only=True) as store:
        return gather_batch(store, selection, cases)
