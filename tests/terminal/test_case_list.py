"""The list of all cases: complete, searched as one types, and opened the way that fits."""

from __future__ import annotations

import asyncio
from pathlib import Path
from unittest.mock import Mock

import pytest
from textual.events import Key

from codelog.clinical.protocols import load_protocol
from codelog.clinical.tables import load_tables
from codelog.live.cases import new_case_id
from codelog.live.clock import VirtualClock
from codelog.live.journal import StoreJournal
from codelog.live.recorder import Recorder, Request
from codelog.log.store import Store, open_store
from codelog.terminal.desk import open_desk
from codelog.terminal.screens.case_list import CaseListScreen
from codelog.terminal.screens.watch import WatchScreen
from codelog.terminal.shelf import Listed, listed_cases, matching
from codelog.terminal.widgets.case_rows import CaseRows
from tests.terminal.termkit import Terminal, terminal

START = 1_800_000_000_000
DAY_S = 86_400


def case(
    store: Store, *, day: int, label: str, setting: str = "nicu", mode: str = "clinical", closed: bool = False
) -> str:
    """A case of a day; its id."""
    clock = VirtualClock(START + day * DAY_S * 1000, f"boot-{day}")
    journal = StoreJournal(store, new_case_id(), store.terminal)
    recorder = Recorder(journal, clock, load_protocol("gomella"), load_tables())
    recorder.record(
        Request("case.opened", {"setting": setting, "zero": "opened", "mode": mode, "label": label})
    )
    if closed:
        clock.elapsed = 1000
        recorder.record(Request("case.closed", {"outcome": "recovered"}))
    return journal.case


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "codelog.db"


@pytest.fixture
def three(path: Path) -> list[str]:
    """Three cases, the oldest first."""
    with open_store(path) as store:
        return [
            case(store, day=0, label="Bay 2", closed=True),
            case(store, day=1, label="Bay [3]", setting="delivery_room"),
            case(store, day=2, label="drill", mode="training", closed=True),
        ]


async def opened_list(t: Terminal) -> CaseRows:
    """The list, with every case read."""
    await t.ready()
    await t.keys("a")
    await t.until(lambda: isinstance(t.app.screen, CaseListScreen) and t.app.screen.complete, "the list")
    return t.app.screen.query_one(CaseRows)


async def typed(t: Terminal, text: str) -> None:
    for character in text:
        t.app.post_message(Key({" ": "space"}.get(character, character), character))
    await t.keys("up")


def shown(rows: CaseRows) -> list[str]:
    return [listed.case for listed in rows.cases]


def drawn(rows: CaseRows, y: int) -> str:
    return rows.render_line(y).text


async def test_that_every_case_is_listed_newest_first_with_what_it_is(path: Path, three: list[str]) -> None:
    async with terminal(path, size=(120, 30)) as t:
        rows = await opened_list(t)
        assert shown(rows) == list(reversed(three))
        assert "3 cases" in t.text("#search")
        assert drawn(rows, 0).startswith("▶ 2027-01-1")
        for words in ("closed", "TRAINING", "2", three[2][:8], "neonatal unit, drill"):
            assert words in drawn(rows, 0)
        assert "open" in drawn(rows, 1) and "delivery room, Bay [3]" in drawn(rows, 1)
        assert "TRAINING" not in drawn(rows, 1)


async def test_that_typing_filters_and_taking_back_widens(path: Path, three: list[str]) -> None:
    async with terminal(path, size=(120, 30)) as t:
        rows = await opened_list(t)
        await typed(t, "bay")
        assert shown(rows) == [three[1], three[0]]
        await typed(t, " neo")
        assert shown(rows) == [three[0]]
        assert "1 of 3 cases" in t.text("#search")
        await t.keys("backspace", "backspace", "backspace")
        assert shown(rows) == [three[1], three[0]]
        await typed(t, "zzz")
        assert shown(rows) == []
        await t.keys("enter")
        assert isinstance(t.app.screen, CaseListScreen)


async def test_that_the_mark_stays_on_its_case_while_the_list_grows_narrower(
    path: Path, three: list[str]
) -> None:
    async with terminal(path) as t:
        rows = await opened_list(t)
        await t.keys("down", "down", "down", "down")
        assert rows.marked is not None and rows.marked.case == three[0]
        await typed(t, "bay")
        await t.keys("down")
        assert rows.marked.case == three[0]
        await t.keys("up", "up", "up")
        assert rows.marked.case == three[1]


async def test_that_an_open_case_of_ours_is_gone_on_with(path: Path, three: list[str]) -> None:
    async with terminal(path) as t:
        await opened_list(t)
        await typed(t, three[1][:8])
        await t.keys("enter")
        await t.until(lambda: t.events and t.live._whole, "the live case")
        assert t.live.session.case == three[1]


async def test_that_a_closed_case_is_only_shown(path: Path, three: list[str]) -> None:
    async with terminal(path) as t:
        await opened_list(t)
        await t.keys("enter")
        await t.until(lambda: isinstance(t.app.screen, WatchScreen), "the case shown")
        assert isinstance(t.app.screen, WatchScreen)
        assert t.app.screen.follower.case == three[2]
        await t.keys("f10")
        await t.ready()


async def test_that_f10_goes_back_to_the_start_screen_which_works(path: Path, three: list[str]) -> None:
    async with terminal(path) as t:
        await opened_list(t)
        await t.keys("f10")
        await t.ready()
        await t.keys("r")
        await t.until(lambda: t.events and t.live._whole)


async def test_that_an_empty_store_says_so(path: Path) -> None:
    async with terminal(path) as t:
        await opened_list(t)
        assert "no case in this store yet" in t.text("#search")
        await t.keys("enter", "down", "up")
        assert isinstance(t.app.screen, CaseListScreen)


def listed(number: int) -> Listed:
    words = f"ward, case number {number}"
    opened = f"20{number % 100:02}-01-01 00:00"
    return Listed(f"{number:08x}", opened, words, "open", False, 1, True, f"{opened} {words} open")


async def test_that_of_ten_thousand_cases_only_those_in_view_are_drawn(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [listed(number) for number in range(10_000)]
    monkeypatch.setattr("codelog.terminal.screens.case_list.listed_cases", lambda store: iter(many))
    async with terminal(path) as t:
        rows = await opened_list(t)
        assert len(rows.cases) == 10_000
        drawing = Mock(wraps=rows.render_line)
        monkeypatch.setattr(rows, "render_line", drawing)
        await t.keys(*["down"] * 50)
        await asyncio.sleep(0)
        assert rows.marked == many[50]
        assert max((call.args[0] for call in drawing.call_args_list), default=0) < 24
        assert rows.scroll_offset.y > 0
        await typed(t, "number 9999")
        assert shown(rows) == ["0000270f"]
        assert rows.scroll_offset.y == 0


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", [0, 1, 2]),
        ("BAY", [0, 1]),
        ("bay 2", [0, 1, 2]),
        ("delivery", [1]),
        ("training", [2]),
        ("open", [1]),
        ("closed drill", [2]),
        ("2027", [0, 1, 2]),
        ("clinical", []),
    ],
)
def test_that_every_word_must_be_found(path: Path, three: list[str], query: str, numbers: list[int]) -> None:
    with open_store(path, read_only=True) as store:
        cases = list(listed_cases(store))
    found = {one.case for one in matching(cases, query)}
    if query == "bay 2":
        assert three[0] in found and three[2] not in found
    else:
        assert found == {three[number] for number in numbers}


def test_that_an_id_is_found_by_its_beginning_only(path: Path, three: list[str]) -> None:
    with open_store(path, read_only=True) as store:
        cases = list(listed_cases(store))
    assert [one.case for one in matching(cases, three[1][:13].upper())] == [three[1]]
    assert matching(cases, three[1][9:23]) == []


def test_that_a_case_of_another_terminal_is_listed_and_not_gone_on_with(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    with open_store(other) as elsewhere, open_store(path) as store:
        theirs = case(elsewhere, day=0, label="theirs")
        ours = case(store, day=1, label="ours")
        store.append_stream(elsewhere.lines(theirs))
        found = {one.case: one for one in listed_cases(store)}
        assert found[ours].can_go_on and not found[theirs].can_go_on
    desk = open_desk(str(path))
    try:
        assert desk.follow(theirs).terminal != desk.store.terminal
    finally:
        desk.close()
