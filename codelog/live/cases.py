"""Opening and resuming: which stream of the store a recorder continues, and under which protocol."""

from __future__ import annotations

import uuid

from codelog.clinical.protocols import Protocol
from codelog.clinical.tables import Tables
from codelog.live.clock import REPLAY_BOOT, Clock
from codelog.live.journal import StoreJournal
from codelog.live.protocols import keep_protocol, note_new_protocol, protocol_of
from codelog.live.recorder import Recorder
from codelog.log.checkpoints import sign_overdue
from codelog.log.errors import StoreError
from codelog.log.store import Store

REPLAY_TERMINAL = REPLAY_BOOT


class NotOurs(Exception):
    """A case cannot be added to here: it was written by another terminal."""


def new_case_id() -> str:
    """A random id: one with a time in it would leak when the case was."""
    return str(uuid.uuid4())


def open_recorder(store: Store, protocol: Protocol, clock: Clock, tables: Tables) -> Recorder:
    """A recorder for a new case; its first request is `case.opened`."""
    keep_protocol(store, protocol)
    note_new_protocol(store, protocol)
    return Recorder(StoreJournal(store, new_case_id(), store.terminal), clock, protocol, tables)


def resume_recorder(store: Store, case: str, clock: Clock, tables: Tables) -> Recorder:
    """A recorder that continues a case of this store, under the protocol it was opened with."""
    terminal = stream_to_continue(store, case)
    found = protocol_of(store, case, terminal)
    return Recorder(StoreJournal(store, case, terminal), clock, found.protocol, tables)


def sign_what_is_left(store: Store) -> None:
    """Make the checkpoints that an earlier run did not come to. Whoever records next is told if that is impossible."""
    try:
        sign_overdue(store)
    except StoreError:
        return


def stream_to_continue(store: Store, case: str) -> str:
    """The stream of a case that this terminal may add to: its own, or that of a recorded scenario."""
    streams = store.streams(case)
    if store.terminal in streams:
        return store.terminal
    if streams == [REPLAY_TERMINAL]:
        return REPLAY_TERMINAL
    raise NotOurs(
        f"case {case} was written by terminal {', '.join(streams)}; it can be read here, not added to"
    )
