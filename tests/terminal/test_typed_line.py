"""The line into which words are typed: shorthand with its preview, and keys that come faster than they are handled."""

from __future__ import annotations

from pathlib import Path

from textual.events import Key

from codelog.case.events import AttemptEnded, DrugGiven, NoteAdded, write_data
from tests.terminal.termkit import OPENED, Terminal, terminal


async def type_line(t: Terminal, words: str) -> None:
    await t.keys(*("space" if character == " " else character for character in words))


def asked(t: Terminal) -> str:
    return "" if t.live.strip is None else t.live.strip.title


async def test_that_a_line_is_previewed_and_enter_writes_exactly_that(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db", size=(120, 36)) as t:
        await t.open_case()
        await t.keys("colon")
        await type_line(t, "piv r hand 24g failed because too cold")
        assert "Enter writes" in t.text("#dock")
        assert "PIV attempt 1 started: right hand, cannula, 24 G" in t.text("#dock")
        await t.keys("enter")
        await t.settled()
        assert t.kinds(OPENED) == ["access.attempt_started", "access.attempt_ended"]
        assert write_data(t.events[2].data) == {
            "attempt": 1,
            "route": "piv",
            "site": "hand",
            "side": "right",
            "gauge": "24 G",
            "device": "cannula",
        }
        assert t.events[3].data == AttemptEnded(attempt=1, outcome="failed", reason="too cold")
        assert t.live._line.typing is None
        assert t.events[2].at == t.events[3].at


async def test_that_a_line_that_cannot_be_read_says_which_word_and_stays(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        await t.keys("colon")
        await type_line(t, "adr 0.1mcg io")
        assert "cannot read" in t.text("#dock")
        await t.keys("enter")
        assert t.live._line.value == "adr 0.1mcg io"
        assert "ug" in t.text("#message")
        await t.settled()
        assert len(t.events) == OPENED


async def test_that_tab_completes_and_the_time_ago_holds(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        await t.keys("colon", "a", "d", "r", "e", "tab")
        assert t.live._line.value.startswith("adr")
        assert t.live._line.value.endswith(" ")
        await type_line(t, "0.017mg io -30s")
        await t.keys("enter")
        await t.settled()
        event = next(event for event in t.events if isinstance(event.data, DrugGiven))
        assert event.basis == "stated"
        assert event.recorded_at - event.at >= 30_000


async def test_that_an_empty_line_leaves_and_f_keys_still_answer(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        await t.keys(*["p", "f"] * 3)
        await t.until(lambda: t.live.session.view.open_flags(), "the flag")
        await t.keys("colon", "h")
        await t.keys("f4")
        await t.settled()
        assert t.live._line.value == "h"
        assert "flag.acknowledged" in t.kinds()
        await t.keys("backspace", "enter")
        assert t.live._line.typing is None
        await t.keys("v")
        await t.settled()
        assert t.kinds()[-1] == "care.started"


async def test_that_keys_in_a_burst_land_where_they_were_meant(tmp_path: Path) -> None:
    """All at once, before anything had the time to take the focus: none acts twice, none is lost."""
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        for key in ("t", "c", "o", "l", "d", "enter", "v", "t", "p", "enter", "m"):
            t.app.post_message(Key(key, key if len(key) == 1 else None))
        await t.until(lambda: len(t.events) >= OPENED + 4, "four entries")
        await t.settled()
        assert t.kinds(OPENED) == ["note.added", "care.started", "note.added", "care.started"]
        notes = [event.data for event in t.events if isinstance(event.data, NoteAdded)]
        assert notes == [NoteAdded(text="cold"), NoteAdded(text="p")]


async def test_that_f2_asks_one_digit_each_and_leaves_an_open_question_alone(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        await t.keys("i", "f2")
        assert t.live.sheet == "sites"
        assert asked(t).startswith("IO attempt")
        await t.keys("1")
        await t.settled()
        assert t.kinds(OPENED) == ["access.attempt_started", "access.attempt_described"]
        await t.keys("e", "backspace", "f2", "f2")
        assert asked(t) == "IO checks"
        await t.keys("1", "2")
        await t.settled()
        noted = [write_data(e.data) for e in t.events if e.kind == "condition.noted"]
        assert [one["present"] for one in noted] == [False, True]


async def test_that_enter_typed_before_the_terminal_was_ours_counts(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        await t.keys("t", "c", "ctrl+j", "v")
        await t.settled()
        assert t.kinds(OPENED) == ["note.added", "care.started"]
