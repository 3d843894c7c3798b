"""The palette: it finds every action of the registry, and choosing one is pressing its key."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from textual.events import Key

from codelog.terminal.actions import ACTIONS
from codelog.terminal.config import Config
from codelog.terminal.keymap import DEFAULT_KEYMAP
from codelog.terminal.palette import Palette, matching, offers
from codelog.terminal.screens.live import LiveScreen
from tests.terminal.termkit import OPENED, Terminal, terminal
from tests.terminal.test_terminal_actions import ENTRIES, named

OFFERED = [action for action in ACTIONS if action.id != "palette"]


def offered(t: Terminal) -> str:
    """What the open palette shows as found."""
    assert isinstance(t.app.screen, Palette)
    return t.text("#found")


async def choose(t: Terminal, id: str) -> None:
    """Choose an action in the palette, by its place."""
    await t.keys("f9", *["down"] * [action.id for action in OFFERED].index(id), "enter")
    assert isinstance(t.app.screen, LiveScreen)


def test_that_every_action_and_every_look_is_offered_once() -> None:
    found = offers(DEFAULT_KEYMAP, lambda key, character, boot_ms: None, lambda theme: None)
    words = [offer.words for offer in found]
    assert words[: len(OFFERED)] == [f"{action.name}: {action.words}" for action in OFFERED]
    assert words[len(OFFERED) :] == [f"colours: {look}" for look in ("dark", "light", "contrast", "ansi")]
    assert [offer.key for offer in found[: len(OFFERED)]] == [action.key_words for action in OFFERED]


def test_that_a_name_finds_its_action_first() -> None:
    found = offers(DEFAULT_KEYMAP, lambda key, character, boot_ms: None, lambda theme: None)
    for query, key in (
        ("adrenaline", "a"),
        ("undo", "z"),
        ("heart rate", "h"),
        ("snooze", "F6"),
        ("bolus", "g"),
    ):
        assert matching(found, query)[0].key == key, query
    assert matching(found, "") == found
    assert matching(found, "qqqq") == []


@pytest.mark.parametrize("action", [id for id in ENTRIES if DEFAULT_KEYMAP[id].key in ENTRIES[id][1]])
async def test_that_choosing_an_action_enters_what_its_key_enters(action: str, tmp_path: Path) -> None:
    before, keys, expected = ENTRIES[action]
    place = keys.index(DEFAULT_KEYMAP[action].key)
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        await t.keys(*before)
        await t.settled()
        since = len(t.events)
        await t.keys(*keys[:place])
        await choose(t, action)
        await t.keys(*keys[place + 1 :])
        await t.settled()
        made = [(e.kind, named(e, t.events)) for e in t.events[since:] if e.by == "scribe"]
        assert made == expected


async def test_that_the_instant_is_that_of_the_choice(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        view = t.live.session.view
        await t.keys("f9", *"ppv")
        opened = view.now()
        await t.until(lambda: view.now() > opened + 20)
        before = view.now()
        await t.keys("enter")
        await t.settled()
        assert t.kinds(OPENED) == ["care.started"]
        assert before <= t.events[-1].at <= view.now()


async def test_that_letters_search_backspace_takes_back_and_then_closes(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        await t.keys("f9", "u", "n")
        assert "z undo" in offered(t)
        assert "un▏" in t.text("#query")
        await t.keys("q", "q", "enter")
        assert "Nothing is called that" in offered(t)
        await t.keys(*["backspace"] * 4)
        assert "p PIV" in offered(t)
        await t.keys("backspace")
        assert isinstance(t.app.screen, LiveScreen)
        await t.settled()
        assert t.kinds(OPENED) == []


async def test_that_a_question_stays_open_beneath_and_f_keys_act(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        await t.keys("i", "f9", "f9")
        assert t.live.strip is not None
        await t.keys("f9", "f1")
        assert isinstance(t.app.screen, LiveScreen)
        assert t.live.sheet == "help"
        await t.keys("f9", "tab")
        strip = t.live.strip
        assert "earlier" in strip.title


async def test_that_clocks_and_flag_stay_in_view_and_go_on(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        t.live.scribe.ago_ms = 87_000
        await t.keys("n", "2")
        await t.settled()
        live = t.live
        await t.keys("f9")
        await t.until(lambda: live.query_one("#flag").region.height, "the flag beneath the palette")
        flag, palette = live.query_one("#flag").region, t.app.screen.query_one("#palette").region
        assert not flag.overlaps(palette)
        assert not live.query_one("#clocks").region.overlaps(palette)


async def test_that_colours_can_be_chosen(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db", config=Config(theme="dark")) as t:
        await t.open_case()
        for look in ("light", "contrast", "ansi", "dark"):
            await t.keys("f9", *f"colours {look}".replace(" ", ""), "enter")
            assert t.app.theme == f"codelog-{look}"


async def test_that_keys_on_their_way_reach_who_they_were_meant_for(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        live = t.live
        for key in ("f9", "p", "p", "v"):
            live.post_message(Key(key, key if len(key) == 1 else None))
        await t.until(lambda: isinstance(t.app.screen, Palette) and "ppv" in t.text("#query"))
        palette = t.app.screen
        for key in ("enter", "h", "6", "0"):
            palette.post_message(Key(key, key if len(key) == 1 else None))
        await t.until(lambda: t.kinds(OPENED) == ["care.started", "vital.recorded"], "both entries")


@pytest.mark.parametrize("seed", range(3))
async def test_that_no_sequence_of_keys_in_and_out_of_it_crashes(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)
    keys = [
        "f9",
        "f9",
        "f9",
        "enter",
        "up",
        "down",
        "backspace",
        "space",
        "left",
        "right",
        "1",
        "a",
        "v",
        "f1",
        "tab",
    ]
    async with terminal(tmp_path / "codelog.db", size=rng.choice([(80, 24), (30, 8), (160, 45)])) as t:
        await t.open_case()
        live = t.live
        for _ in range(120):
            key = rng.choice(keys)
            t.app.screen.post_message(Key(key, key if len(key) == 1 else None))
            if rng.random() < 0.2:
                await t.pilot.pause()
        await t.pilot.pause()
        await t.until(lambda: not live.session.pending, "everything saved")
        assert t.stored() == live.session.view.events
