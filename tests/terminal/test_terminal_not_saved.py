"""When the store fails: said in words that stay, kept in a file, tried again, and found again at the next start."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from codelog.case.events import DrugGiven
from codelog.live import writer
from codelog.live.journal import Journal, StoreJournal, Tail
from codelog.log.errors import StoreFull
from codelog.log.store import open_store
from codelog.rules.no_line import NoLine
from codelog.terminal.screens.live import LiveScreen
from tests.terminal.termkit import NEW, OPENED, Terminal, terminal


class Breakable:
    """A journal whose disk can be full."""

    def __init__(self, journal: Journal) -> None:
        self.case, self.terminal = journal.case, journal.terminal
        self.full = False
        self._journal = journal

    def lines_after(self, seq: int) -> list[str]:
        return self._journal.lines_after(seq)

    @contextmanager
    def appending(self) -> Iterator[Tail]:
        """The end of the stream, or the error of a full disk."""
        if self.full:
            raise StoreFull("the disk is full")
        with self._journal.appending() as tail:
            yield tail

    def sign(self) -> int:
        return self._journal.sign()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try again soon."""
    monkeypatch.setattr(writer, "RETRY_SECONDS", 0.02)


def breakable(t: Terminal) -> Breakable:
    """Put a breakable journal under the live case."""
    recorder = t.live.session.recorder
    journal = Breakable(recorder._journal)
    recorder._journal = journal
    return journal


async def test_that_a_failing_store_is_told_in_words_and_everything_is_saved_later(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        journal = breakable(t)
        journal.full = True
        await t.keys("i", "1", "e", "v")
        await t.until(lambda: "NOT SAVED: 4 entries" in t.text("#trouble"))
        assert str(tmp_path / "spill") in t.text("#trouble")
        assert "the disk is full" in t.text("#trouble")
        assert t.timeline()[-1].startswith("…")
        assert t.timeline()[-1].endswith("(NOT SAVED yet)")
        assert len(t.stored()) == OPENED
        journal.full = False
        await t.settled()
        await t.until(lambda: not t.text("#trouble"))
        own = [event.kind for event in t.stored()[OPENED:] if event.by == "scribe"]
        assert own == [
            "access.attempt_started",
            "access.attempt_described",
            "access.attempt_ended",
            "care.started",
        ]
        assert list(t.live.session.view.state().access.working) == [1]


async def test_that_a_line_that_is_not_saved_yet_can_be_confirmed_and_used(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        journal = breakable(t)
        journal.full = True
        await t.keys("i", "1", "e", "s", "1", "a", "1", "l", "1")
        await t.until(lambda: len(t.live.session.not_saved) >= 7)
        journal.full = False
        await t.settled()
        line = t.live.session.view.state().access.attempts[1]
        assert (line.outcome, line.signs, line.gone_by) == ("established", ("stands_unsupported",), "lost")
        drug = next(event.data for event in t.stored() if isinstance(event.data, DrugGiven))
        assert (drug.attempt, drug.route) == (1, "io")


async def test_that_details_and_undo_of_an_unsaved_entry_follow_it(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        journal = breakable(t)
        journal.full = True
        await t.keys("p", "f", "2", "v", "z")
        await t.until(lambda: "NOT SAVED: 5 entries" in t.text("#trouble"))
        journal.full = False
        await t.settled()
        kinds = [event.kind for event in t.stored()[OPENED:] if event.by == "scribe"]
        assert sorted(kinds) == sorted(
            [
                "access.attempt_started",
                "access.attempt_ended",
                "care.started",
                "event.amended",
                "event.retracted",
            ]
        )
        assert t.live.session.view.state().access.attempts[1].reason == "vein_ruptured"
        assert not t.live.session.view.state().cares


async def test_that_the_clocks_run_even_if_the_opening_itself_is_not_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "codelog.db"
    full = True

    @contextmanager
    def appending(self: StoreJournal) -> Iterator[Tail]:
        if full:
            raise StoreFull("the disk is full")
        with self._store.appending(self.case, self.terminal) as tail:
            yield tail

    monkeypatch.setattr(StoreJournal, "appending", appending)
    async with terminal(path) as t:
        await t.ready()
        await t.keys(*NEW)
        await t.until(lambda: isinstance(t.app.screen, LiveScreen))
        await t.until(lambda: "NOT SAVED" in t.text("#trouble"))
        assert t.text("#tile-case").startswith("CASE\n0:")
        await t.keys("i")
        case = t.live.session.case
    full = False
    async with terminal(path) as t:
        await t.ready()
        assert "NOT SAVED last time" in t.text("#list")
        await t.keys("r")
        await t.until(lambda: len(t.events) >= 3)
        await t.settled()
        assert t.live.session.case == case
        assert t.kinds()[0] == "case.opened"
        assert "access.attempt_started" in t.kinds()
    with open_store(path, read_only=True) as store:
        assert [row.case for row in store.cases()] == [case]


async def test_that_a_rule_that_fails_is_told_and_recording_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("broken")

    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        monkeypatch.setattr(NoLine, "settle", broken)
        await t.keys("v")
        await t.until(lambda: "RULES ARE NOT RUNNING: no-line" in t.text("#trouble"))
        await t.keys("m")
        await t.settled()
        assert t.kinds(OPENED) == ["care.started", "care.started"]


async def test_that_what_another_process_enters_appears_with_the_next_outcome(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        desk = t.app.desk
        assert desk is not None
        from codelog.live.cases import resume_recorder
        from codelog.live.recorder import Request

        other = resume_recorder(desk.store, t.live.session.case, desk.clock, desk.tables)
        other.record(Request("note.added", {"text": "from elsewhere"}, "somebody"))
        await t.keys("v")
        await t.settled()
        assert t.kinds(OPENED) == ["note.added", "care.started"]
        assert any("from elsewhere" in row for row in t.timeline())
