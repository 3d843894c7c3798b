"""The store as the terminal uses it: what can be resumed, a new case, a training case. Slow; never on the screen's thread.

Importing this imports the store. The application does so behind its first paint.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from codelog.case.codec import LineError, decode
from codelog.case.events import CaseOpened
from codelog.clinical.protocols import DEFAULT_PROTOCOL, Protocol, load_protocol
from codelog.clinical.tables import Tables, load_tables
from codelog.debrief.plain import plain
from codelog.debrief.wording import word
from codelog.live import presence
from codelog.live.cases import REPLAY_TERMINAL, open_recorder, resume_recorder, sign_what_is_left
from codelog.live.clock import Clock, PacedClock, SystemClock
from codelog.live.follow import Follower
from codelog.live.journal import StoreJournal
from codelog.live.keycount import KeyCount
from codelog.live.presence import Claim, Holder
from codelog.live.protocols import keep_protocol
from codelog.live.recorder import Recorder
from codelog.live.spill import Spill, waiting_cases
from codelog.live.writer import Outcome
from codelog.log.audit_stream import note_view
from codelog.log.errors import StoreError
from codelog.log.store import Store, open_store
from codelog.terminal.holders import here, taken_over
from codelog.terminal.session import Session
from codelog.terminal.training.room import Room, room
from codelog.terminal.training.script import load_script, titles

if TYPE_CHECKING:
    from codelog.debrief.render.formats import Format
    from codelog.debrief.report.value import DebriefReport

PATIENCE_S = 1.0
"""How long an entry waits for another process before it is kept in the spill file and told as not saved."""

HAND_OVER_S = 4.0
"""How long whoever wrote a case is waited for when it is taken over: a hung terminal must not stop the record."""

LOOKED = "codelog"
"""How a closed case was looked at, for the audit stream. Where that cannot be written, entries are not saved either, and
the terminal tells of it."""

Publish = Callable[[Outcome], None]


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case that can be gone on with."""

    case: str
    opened_at: int
    words: str
    training: bool
    events: int
    holder: Holder | None = None


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
                training, writes = opened.mode == "training", presence.holder(self.store.path, row.case)
                found.append(OpenCase(row.case, event.at, words, training, row.events, writes))
        return found

    def new(self, publish: Publish) -> Session:
        """A session for a new case; its first entry is to be `case.opened`."""
        return self._session(
            open_recorder(self.store, self.protocol, self.clock, self.tables), publish, KeyCount.begin
        )

    def resume(self, case: str, publish: Publish, *, take_over: bool = False) -> Session | Holder:
        """A session that goes on with a case, or who writes it already; `take_over` is for that.

        Who wrote it until then is given time to write what is on its way.
        """
        claim = self._claim(case, take_over=take_over)
        if isinstance(claim, Holder):
            return claim
        try:
            note_view(self.store, case, LOOKED)
            if claim is not None:
                claim.wait_for_release(HAND_OVER_S)
            recorder = self._recorder(case)
            session = self._session(recorder, publish, KeyCount.go_on, claim=claim)
            words = None if claim is None else taken_over(claim)
            if words is not None and not _closed(recorder):
                session.note_first(words)
            return session
        except BaseException:
            if claim is not None:
                claim.release()
            raise

    def follow(self, case: str) -> Follower:
        """What reads a case along with whoever writes it."""
        note_view(self.store, case, LOOKED)
        return Follower(self.store, case, self.clock, self.tables)

    def report(self, case: str, generated_at: int) -> DebriefReport:
        """The debrief report of a case as far as it is saved."""
        from codelog.debrief.report.of_store import report_of_case

        note_view(self.store, case, LOOKED)
        return report_of_case(self.store, case, self.tables, generated_at=generated_at)

    def send_report(self, report: DebriefReport, form: Format) -> Path:
        """Put a report into a file beside the store; returns which. An earlier one of the case is replaced."""
        from codelog.debrief.render.formats import ENDINGS, printed
        from codelog.debrief.render.sending import put_into

        folder = self.store.path.parent / "reports"
        folder.mkdir(mode=0o700, exist_ok=True)
        path = folder / f"codelog-{(report.header.case or '')[:8]}{ENDINGS[form]}"
        put_into(path, printed(report, form))
        return path

    def _recorder(self, case: str) -> Recorder:
        if not self.store.streams(case):
            journal = StoreJournal(self.store, case, self.store.terminal)
            return Recorder(journal, self.clock, self.protocol, self.tables)
        return resume_recorder(self.store, case, self.clock, self.tables)

    def _claim(self, case: str, *, take_over: bool = False) -> Claim | Holder | None:
        """The claim of a case; None where no file can be made for it, since that must not keep anybody from recording."""
        try:
            return presence.claim(self.store.path, case, here(), take_over=take_over)
        except OSError:
            return None

    def trainings(self) -> list[Training]:
        """The published cases on offer."""
        return [Training(name, title) for name, title in titles(self.tables).items()]

    def train(self, named: str, pace: float, publish: Publish) -> tuple[Session, Room]:
        """A session for a new training case, on a clock of that pace, and the room that tells the script of a name.

        Its first entry is to be the script's `opening`. ScriptError as `load_script`.
        """
        script = load_script(named, self.tables)
        clock = self.clock if pace == 1 else PacedClock(self.clock, pace)
        recorder = open_recorder(self.store, self.protocol, clock, self.tables)
        return self._session(recorder, publish, KeyCount.begin, clock), room(script, self.tables)

    def _session(
        self,
        recorder: Recorder,
        publish: Publish,
        keys: Callable[[Path, str], KeyCount],
        clock: Clock | None = None,
        claim: Claim | None = None,
    ) -> Session:
        path, case = self.store.path, recorder.case
        spill = Spill.beside(path, case)
        claimed = claim or self._claim(case)
        ours = claimed if isinstance(claimed, Claim) else None
        return Session(recorder, spill, clock or self.clock, self.tables, publish, keys(path, case), ours)

    def _only_spilled(self, case: str) -> OpenCase:
        waiting = Spill.beside(self.store.path, case).read()
        first = waiting[0].request
        training = first.data.get("mode") == "training"
        return OpenCase(
            case, first.at or 0, "NOT SAVED last time: its entries wait to be saved", training, len(waiting)
        )


def _closed(recorder: Recorder) -> bool:
    """Whether a case is closed, as far as the store tells: a note would reopen it."""
    try:
        recorder.wake()
    except StoreError:
        return False
    return recorder.state().closed is not None


def open_desk(
    location: str | None, *, clock: Clock | None = None, protocol: str | Path | None = None
) -> Desk:
    """Open the store and read the tables. Raises StoreError and ClinicalDataError."""
    tables = load_tables()
    chosen = load_protocol(DEFAULT_PROTOCOL if protocol is None else protocol)
    store = open_store(location, patience_s=PATIENCE_S)
    keep_protocol(store, chosen)
    sign_what_is_left(store)
    return Desk(store, tables, chosen, clock or SystemClock())
