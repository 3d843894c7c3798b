"""Keys chosen instead of the registry's: they act, and every place that names a key names them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from textual.keys import _character_to_key

from codelog.terminal.actions import ACTIONS, BY_ID, SIGNS
from codelog.terminal.config import Config
from codelog.terminal.keycard import HEIGHT, WIDTH, card_html, card_text
from codelog.terminal.keymap import CHOOSABLE, DEFAULT_KEYMAP, FIXED, Keymap, KeymapError
from codelog.terminal.session import Press
from tests.terminal.termkit import OPENED, terminal
from tests.terminal.test_terminal_flags import flagged

SWAPPED = DEFAULT_KEYMAP.having(
    {
        "drug.adrenaline": "D",
        "drug.other": "a",
        "help": "F8",
        "report": "+",
        "flag.accept": "F7",
        "finish": "?",
        "patient": ";",
        "undo": "w",
    }
)
CONFIG = Config(keymap=SWAPPED)


def test_that_every_key_of_the_registry_can_be_chosen_or_is_fixed() -> None:
    assert {action.key for action in ACTIONS} <= CHOOSABLE | FIXED


def test_that_signs_are_named_as_the_terminal_names_them() -> None:
    assert SIGNS == {_character_to_key(sign): sign for sign in SIGNS.values()}


def test_that_a_swap_is_no_clash_and_half_of_one_is() -> None:
    swapped = DEFAULT_KEYMAP.having({"attempt.piv": "u", "attempt.uvc": "p"})
    assert (swapped["attempt.piv"].key, swapped["attempt.uvc"].key) == ("u", "p")
    assert swapped.at("u") == swapped["attempt.piv"]
    with pytest.raises(KeymapError, match=r"u is the key of attempt\.uvc"):
        DEFAULT_KEYMAP.having({"attempt.piv": "u"})
    with pytest.raises(KeymapError, match=r"F7 is the key of undo"):
        DEFAULT_KEYMAP.having({"attempt.piv": "f7", "undo": "F7"})


@pytest.mark.parametrize("key", sorted(CHOOSABLE))
def test_that_a_key_can_be_written_as_it_is_printed(key: str) -> None:
    others = {action.id: "" for action in ACTIONS if action.key == key}
    free = next(k for k in ("f7", "f8") if k != key)
    keymap = DEFAULT_KEYMAP.having({id: free for id in others if id != "undo"} | {"undo": key})
    assert keymap["undo"].key == key
    assert (
        DEFAULT_KEYMAP.having({id: free for id in others if id != "undo"} | {"undo": keymap.key("undo")})[
            "undo"
        ]
        == keymap["undo"]
    )


async def test_that_chosen_keys_act_and_the_old_ones_do_not(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db", config=CONFIG) as t:
        await t.open_case()
        await t.keys("d")
        assert t.live.strip is not None and t.live.strip.title == "Adrenaline"
        await t.keys("enter", "v")
        await t.settled()
        since = len(t.events)
        await t.keys("w")
        await t.settled()
        assert t.kinds(since) == ["event.retracted"]
        await t.keys("semicolon")
        assert t.live.strip.title == "Child"
        await t.keys("z", "f1")
        assert t.live.sheet is None
        await t.keys("f8")
        assert t.live.sheet == "help"
        assert since > OPENED


async def test_that_foot_help_banner_and_messages_name_the_chosen_keys(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db", config=CONFIG, size=(120, 60)) as t:
        await flagged(t)
        assert "F7 accept" in t.text("#flag") and "F4" not in t.text("#flag")
        foot = t.text("#dock")
        assert "d adrenaline" in foot and "a drug" in foot and "? close" in foot and "w undo" in foot
        assert "F8 help" in foot and "F1 " not in foot
        await t.keys("f8")
        shown = t.text("#sheet")
        assert "F8 closes" in shown
        for action in SWAPPED.actions:
            assert re.search(rf"(?<!\S){re.escape(action.key_words)} +{re.escape(action.name)}: ", shown), (
                action
            )
        await t.keys("f8", "y")
        assert "d gives adrenaline, a another drug" in t.text("#message")
        await t.keys("f")
        assert "p, u, c or i begins one" in t.text("#message")
        await t.keys("question_mark")
        assert t.live.strip is not None
        t.live.session.submit("case.closed", {"outcome": "recovered"}, Press(t.app.boot_ms()))
        await t.settled()
        await t.keys("backspace")
        assert "? leaves" in t.text("#message")
        await t.keys("question_mark")
        await t.ready()
        assert "? quit" in t.text("#dock")


@pytest.mark.parametrize("keymap", [DEFAULT_KEYMAP, SWAPPED], ids=["default", "swapped"])
def test_that_the_card_holds_every_action_once_and_fits(keymap: Keymap) -> None:
    card = card_text(keymap)
    lines = card.splitlines()
    assert len(lines) <= HEIGHT
    assert max(map(len, lines)) <= WIDTH
    assert all(line == line.rstrip() for line in lines)
    for action in keymap.actions:
        entry = rf"(?<!\S){re.escape(action.key_words)} {re.escape(action.name)}:"
        assert len(re.findall(entry, card)) == 1, action
    both = [line[:40].rstrip() for line in lines[8:]] + [line[41:] for line in lines[8:]]
    words = " ".join(" ".join(both).split())
    assert all(action.words in words for action in keymap.actions)


def test_that_the_page_to_print_says_the_same_and_needs_nothing_from_elsewhere() -> None:
    page = card_html(SWAPPED)
    for action in SWAPPED.actions:
        assert page.count(f"<kbd>{action.key_words}</kbd></dt><dd><b>{action.name}</b>: {action.words}") == 1
    assert not re.search(r"https?:|src=|href=|@import|url\(", page)


def test_that_the_registry_itself_is_not_changed() -> None:
    assert BY_ID["undo"].key == "z" and SWAPPED["undo"].key == "w"
