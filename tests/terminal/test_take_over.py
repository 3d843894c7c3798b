"""Two terminals and one case: the second is told who writes, may watch, and may take over; nothing is lost or doubled."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.events import Key

from codelog.case.events import Event, NoteAdded
from codelog.live.presence import holder
from codelog.log.errors import StoreFull
from codelog.log.store import open_store
from codelog.terminal.screens.case_list import CaseListScreen
from codelog.terminal.screens.live import LiveScreen
from codelog.terminal.screens.start import StartScreen
from codelog.terminal.screens.watch import ONLY_WATCHES, WatchScreen
from tests.terminal.termkit import OPENED, Terminal, terminal


@asynccontextmanager
async def two_terminals(path: Path) -> AsyncIterator[tuple[Terminal, Terminal]]:
    """One with a case open, and another on its start screen."""
    async with terminal(path) as first:
        await first.open_case()
        async with terminal(path) as second:
            yield first, second


async def offered(second: Terminal) -> None:
    """The second terminal tries to go on with the newest case, and is asked how."""
    await second.ready()
    await second.keys("r")
    await second.until(lambda: "written by" in second.text("#dock"), "the offer")


async def gone_on_with(second: Terminal) -> None:
    """The second terminal takes over and has the case on its screen."""
    await offered(second)
    await second.keys("2")
    await second.until(lambda: isinstance(second.app.screen, LiveScreen), "the case on the second terminal")
    await second.until(lambda: len(second.events) > OPENED, "the case read")


def add(path: Path, *arguments: str) -> None:
    """`codelog add` in a process of its own."""
    command = [sys.executable, "-m", "codelog", "--db", str(path), "add", *arguments]
    subprocess.run(command, check=True, capture_output=True)


def takeovers(events: list[Event]) -> list[str]:
    return [
        event.data.text
        for event in events
        if isinstance(event.data, NoteAdded) and event.data.text.startswith("Recording taken over by ")
    ]


async def test_that_a_case_that_is_written_elsewhere_says_by_whom_and_can_be_watched(tmp_path: Path) -> None:
    path = tmp_path / "codelog.db"
    async with two_terminals(path) as (first, second):
        await second.ready()
        assert "written by" in second.text("#list")
        await offered(second)
        for words in ("1 watch", "2 take over", "3 leave"):
            assert words in second.text("#dock")
        await second.keys("1")
        await second.until(lambda: isinstance(second.app.screen, WatchScreen))
        await first.keys("i")
        await first.settled()
        await second.until(lambda: any("IO attempt 1" in row for row in second.timeline()))
        assert not takeovers(first.stored())
        assert isinstance(first.app.screen, LiveScreen)
        await second.keys("f10")
        await second.ready()


@pytest.mark.parametrize("key", ["3", "enter", "backspace"])
async def test_that_it_can_be_left_alone(tmp_path: Path, key: str) -> None:
    path = tmp_path / "codelog.db"
    async with two_terminals(path) as (first, second):
        await offered(second)
        await second.keys(key)
        await second.until(lambda: "written by" not in second.text("#dock"))
        assert isinstance(second.app.screen, StartScreen)
        await first.keys("i")
        await first.settled()
        assert first.kinds()[-1] == "access.attempt_started"


async def test_that_a_letter_leaves_it_and_acts_on_the_start_screen(tmp_path: Path) -> None:
    path = tmp_path / "codelog.db"
    async with two_terminals(path) as (_, second):
        await offered(second)
        await second.keys("a")
        await second.until(lambda: isinstance(second.app.screen, CaseListScreen))


def notice(t: Terminal) -> str:
    """What the watching screen says, once it is there."""
    return t.text("#notice") if t.app.screen.query("#notice") else ""


async def test_that_who_is_taken_over_from_writes_what_is_on_its_way_and_only_watches_then(
    tmp_path: Path,
) -> None:
    path = tmp_path / "codelog.db"
    async with two_terminals(path) as (first, second):
        case = first.live.session.case
        await first.keys("p", "t", "h", "a", "l", "f")
        await gone_on_with(second)
        await first.until(lambda: isinstance(first.app.screen, WatchScreen), "the first to only watch")
        await first.until(lambda: "Recording was taken over by" in notice(first), "the notice")
        assert first.app.session is None
        await second.settled()
        stored = first.stored()
        assert [event.kind for event in stored[:4]] == [
            *("case.opened", "patient.described"),
            *("access.attempt_started", "note.added"),
        ]
        assert next(event.data.text for event in stored if isinstance(event.data, NoteAdded)) == "half"
        assert len(takeovers(stored)) == 1
        [words] = takeovers(stored)
        assert words.count(" at ") == 2 and " from " in words
        await second.keys("e")
        await second.settled()
        await first.until(lambda: any("established" in row for row in first.timeline()))
        await first.keys("i")
        assert ONLY_WATCHES in first.text("#notice")
        assert first.stored()[-1].kind == "access.attempt_ended"
        assert holder(path, case) == second.live.session.claim.holder  # type: ignore[union-attr]


async def test_that_keys_typed_while_the_case_is_taken_over_are_entered_with_their_instants(
    tmp_path: Path,
) -> None:
    path = tmp_path / "codelog.db"
    async with two_terminals(path) as (_, second):
        await offered(second)
        for key in ("2", "v", "m"):
            second.app.post_message(Key(key, key))
        pressed = second.app.boot_ms()
        await second.until(lambda: second.kinds()[-2:] == ["care.started", "care.started"])
        await second.settled()
        entered = second.events[-2:]
        instant = second.live.session.view.instant
        # Two clocks are read for an instant, each in whole milliseconds.
        assert max(event.at for event in entered) - instant(pressed) <= 2


async def test_that_entries_that_wait_are_entered_once_by_who_takes_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "codelog.db"
    async with two_terminals(path) as (first, second):
        assert first.app.desk is not None

        def full(*given: Any) -> Any:
            raise StoreFull("the disk is full; make room and try again")

        monkeypatch.setattr(first.app.desk.store, "appending", full)
        await first.keys("i", "v")
        await first.until(lambda: len(first.live.session.not_saved) == 2, "two entries that wait")
        await gone_on_with(second)
        await first.until(lambda: isinstance(first.app.screen, WatchScreen))
        await first.until(lambda: "not in the store yet" in notice(first), "the notice")
        await second.until(lambda: bool(takeovers(second.events)), "the takeover in the record")
        await second.settled()
        kinds = [event.kind for event in first.stored() if event.kind != "flag.raised"]
        assert kinds[OPENED:] == ["access.attempt_started", "care.started", "note.added"]


async def test_that_a_case_that_was_closed_meanwhile_is_not_reopened_by_taking_over(tmp_path: Path) -> None:
    path = tmp_path / "codelog.db"
    async with two_terminals(path) as (first, second):
        case = first.live.session.case
        await offered(second)
        await asyncio.to_thread(add, path, case, "case.closed", "outcome=recovered")
        await second.keys("2")
        await second.until(lambda: isinstance(second.app.screen, LiveScreen))
        await second.until(lambda: len(second.events) > OPENED and second.live._whole)
        await second.until(lambda: "CASE CLOSED" in second.text("#message"))
        await first.until(lambda: isinstance(first.app.screen, WatchScreen))
        assert "case.reopened" not in [event.kind for event in first.stored()]
        assert not takeovers(first.stored())


async def test_that_a_case_that_was_left_is_free(tmp_path: Path) -> None:
    path = tmp_path / "codelog.db"
    async with two_terminals(path) as (first, second):
        case = first.live.session.case
        assert holder(path, case) is not None
        first.app.call_later(first.live._leave)
        await first.ready()
        assert holder(path, case) is None
        await second.ready()
        await second.keys("r")
        await second.until(lambda: len(second.events) == OPENED and second.live._whole)
        assert not takeovers(second.events)


async def test_that_a_folder_where_no_claim_can_be_keeps_nobody_from_recording(tmp_path: Path) -> None:
    path = tmp_path / "codelog.db"
    (tmp_path / "presence").write_text("in the way")
    async with terminal(path) as t:
        await t.open_case()
        assert t.live.session.claim is None
        await t.keys("i")
        await t.settled()
    with open_store(path, read_only=True) as store:
        assert len(list(store.cases())) == 1
