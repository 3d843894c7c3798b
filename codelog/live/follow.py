"""A case read along with whoever writes it: what is new in the log, who writes, and what is in the way.

It only reads, and knows nothing of recorder and writer.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from codelog.case.codec import LineError, decode
from codelog.case.events import Event
from codelog.clinical.tables import Tables
from codelog.live.clock import Clock
from codelog.live.presence import Holder, holder
from codelog.live.protocols import protocol_of
from codelog.live.view import CaseView
from codelog.log.errors import StoreError
from codelog.log.store import Store

LOOK_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class News:
    """What has changed: further events, who writes the case now (None: nobody), and why it cannot be read (None: it can)."""

    events: tuple[Event, ...]
    holder: Holder | None
    trouble: str | None


class Follower:
    """Follows one stream of a case: this terminal's if it has one, else the first. `view` is for the screen's thread."""

    def __init__(self, store: Store, case: str, clock: Clock, tables: Tables) -> None:
        """Find the stream and its protocol. Slow; raises StoreError and ClinicalDataError."""
        self.case = case
        streams = store.streams(case)
        self.streams = len(streams)
        self.terminal = store.terminal if store.terminal in streams else streams[0]
        self.view = CaseView(clock, protocol_of(store, case, self.terminal).protocol, tables)
        self._store = store
        self._seen = 0
        self._told: News | None = None
        self._over = threading.Event()

    @property
    def store(self) -> Path:
        """The file of the store."""
        return self._store.path

    def start(self, publish: Callable[[News], None]) -> None:
        """Begin to read; `publish` is called from another thread, when there is something new."""
        threading.Thread(target=self._work, args=(publish,), name="codelog-follower", daemon=True).start()

    def close(self) -> None:
        """Stop reading."""
        self._over.set()

    def _work(self, publish: Callable[[News], None]) -> None:
        while not self._over.is_set():
            news = self.look()
            if news is not None:
                publish(news)
            self._over.wait(LOOK_SECONDS)

    def look(self) -> News | None:
        """What is new since the last look, or None."""
        events: tuple[Event, ...] = ()
        trouble = None
        try:
            lines = list(self._store.lines(self.case, self.terminal, self._seen))
            events = tuple(map(decode, lines))
        except (StoreError, LineError) as error:
            trouble = str(error)
        self._seen += len(events)
        news = News(events, holder(self._store.path, self.case), trouble)
        before, self._told = self._told, News((), news.holder, trouble)
        return news if events or before != self._told else None
