"""The store as the terminal uses it: what can be resumed, a new case, a training case. Slow; never on the screen's thread.

Importing this imports the store. The application does so behind its first paint.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from codelog.case.codec import LineError, decode
from codelog.case.events import CaseOpened
from codelog.case.scenario import Scenario, read_scenario
from codelog.clinical.protocols import DEFAULT_PROTOCOL, Protocol, load_protocol
from codelog.clinical.tables import Tables, load_tables
from codelog.debrief.plain import plain
from codelog.debrief.wording import word
from codelog.live.cases import REPLAY_TERMINAL, keep_protocol, open_recorder, resume_recorder
from codelog.live.clock import Clock, SystemClock
from codelog.live.journal import StoreJournal
from codelog.live.recorder import Recorder
from codelog.live.replay import replay
from codelog.live.spill import Spill, waiting_cases
from codelog.live.writer import Outcome
from codelog.log.store import Store, open_store
from codelog.terminal.session import Session

PATIENCE_S = 1.0
"""How long an entry waits for another process before it is kept in the spill file and told as not saved."""

Publish = Callable[[Outcome], None]


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case that can be gone on with."""

    case: str
    opened_at: int
    words: str
    training: bool
    events: int


@dataclass(frozen=True, slots=True)
class Training:
    """A published case that ships with the program."""

    name: str
    words: str


@dataclass
class Desk:
    """An open store with what is needed to record in it."""

    store: Store
    tables: Tables
    protocol: Protocol
    clock: Clock

    def close(self) -> None:
        """Let go of the store."""
        self.store.close()

    def open_cases(self, most: int = 8) -> list[OpenCase]:
        """The cases that are not closed and can be added to here, the one opened last first."""
        waiting = waiting_cases(self.store.path)
        found = [self._only_spilled(case) for case in waiting]
        for row in self.store.cases():
            if len(found) >= most:
                break
            ours = self.store.terminal in row.terminals or row.terminals == (REPLAY_TERMINAL,)
            if row.closed or not ours or row.case in waiting:
                continue
            try:
                event = decode(row.opened)
            except LineError:
                # Written by a newer codelog: it cannot be gone on with here, and must not keep the others away.
                continue
            opened = event.data
            if isinstance(opened, CaseOpened):
                words = f"{word('setting', opened.setting)}{'' if not opened.label else ', ' + plain(opened.label, 70)}"
                found.append(OpenCase(row.case, event.at, words, opened.mode == "training", row.events))
        return found

    def new(self, publish: Publish) -> Session:
        """A session for a new case; its first entry is to be `case.opened`."""
        return self._session(open_recorder(self.store, self.protocol, self.clock, self.tables), publish)

    def resume(self, case: str, publish: Publish) -> Session:
        """A session that goes on with a case."""
        if not self.store.streams(case):
            journal = StoreJournal(self.store, case, self.store.terminal)
            return self._session(Recorder(journal, self.clock, self.protocol, self.tables), publish)
        return self._session(resume_recorder(self.store, case, self.clock, self.tables), publish)

    def trainings(self) -> list[Training]:
        """The published cases on offer."""
        found = []
        for file in sorted(_shipped(), key=lambda file: file.name):
            label = self._scenario(file.read_bytes()).lines[0].data.get("label", file.name)
            found.append(Training(file.name, str(label)))
        return found

    def train(self, name: str) -> str:
        """Play a published case into the store; the id of the case. The second time it is there already."""
        content = next(file.read_bytes() for file in _shipped() if file.name == name)
        lines = replay(self._scenario(content), self.protocol, self.tables)
        self.store.append_stream(lines)
        return decode(lines[0]).case

    def _scenario(self, content: bytes) -> Scenario:
        return read_scenario(content, self.tables.vocabulary())

    def _session(self, recorder: Recorder, publish: Publish) -> Session:
        spill = Spill.beside(self.store.path, recorder.case)
        return Session(recorder, spill, self.clock, self.tables, publish)

    def _only_spilled(self, case: str) -> OpenCase:
        waiting = Spill.beside(self.store.path, case).read()
        first = waiting[0].request
        training = first.data.get("mode") == "training"
        return OpenCase(
            case, first.at or 0, "NOT SAVED last time: its entries wait to be saved", training, len(waiting)
        )


def open_desk(
    location: str | None, *, clock: Clock | None = None, protocol: str | Path | None = None
) -> Desk:
    """Open the store and read the tables. Raises StoreError and ClinicalDataError."""
    tables = load_tables()
    chosen = load_protocol(DEFAULT_PROTOCOL if protocol is None else protocol)
    store = open_store(location, patience_s=PATIENCE_S)
    keep_protocol(store, chosen)
    return Desk(store, tables, chosen, clock or SystemClock())


def _shipped() -> list[Path]:
    folder = resources.files("codelog.terminal") / "training"
    return [Path(str(file)) for file in folder.iterdir() if file.name.endswith(".jsonl")]
