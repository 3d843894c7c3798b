"""Cases of a wanted length in a store, for what is measured on a real one."""

from __future__ import annotations

import time
from itertools import chain
from pathlib import Path

from benchmarks.entries import OPENING, PATIENT, SECONDS_BETWEEN, entries
from codelog.clinical.protocols import DEFAULT_PROTOCOL, load_protocol
from codelog.clinical.tables import load_tables
from codelog.live.cases import open_recorder
from codelog.live.clock import VirtualClock
from codelog.live.recorder import Request
from codelog.log.store import open_store


def write_case(path: Path, events: int) -> int:
    """A store with one open case of at least so many events, flags among them, that ends now; returns its number of events."""
    clock = VirtualClock(int((time.time() - events * SECONDS_BETWEEN) * 1000), boot="bench")
    with open_store(path) as store:
        recorder = open_recorder(store, load_protocol(DEFAULT_PROTOCOL), clock, load_tables())
        for kind, data in chain((OPENING, PATIENT), entries()):
            recorder.record(Request(kind, data))
            clock.elapsed += SECONDS_BETWEEN * 1000
            if len(recorder.events) >= events:
                return len(recorder.events)
    raise AssertionError("entries come without end")
