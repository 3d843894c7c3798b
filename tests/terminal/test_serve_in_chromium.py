"""A case typed in a browser is the case typed in a terminal, and the browser takes none of our keys."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.terminal.browserkit import CHROMIUM, Page, browser
from tests.terminal.ptykit import PtyTerminal, pty_terminal
from tests.terminal.servekit import parent, serving, stored, until

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed here")

CASE = (
    (("n", "1", "1", "1", "2", "1", "7", "0", "0", "enter", "2", "9", "enter", "2"), b"TRAINING"),
    (("r", "1", "m", "v", "n", "1", "p", "1", "f", "1", "i", "1", "5", "1", "e", "a", "1"), b"decline"),
    (("f5", "1", "s", "1", "h", "1", "2", "0", "g", "1", "1", "z", "tab", "3", "h", "6", "0", "t"), b"note"),
    ((*"Cold legs", "enter"), b"Note: Cold legs"),
    (("k", "1"), b"Limb of line 2"),
)
"""Keys, and words that are painted when they have been taken in."""

LAST = "event.amended"
"""The kind of the entry that the last key makes."""

TIMES = {"due_at", "facts", "text"}
"""What a flag says of times."""

F_KEYS = tuple(f"f{number}" for number in range(1, 11))
SPY = "window.pressed = []; addEventListener('keydown', event => pressed.push(event), true);"
TAKEN = "JSON.stringify(pressed.filter(event => event.isTrusted).map(event => [event.key, event.defaultPrevented]))"


async def test_that_a_case_typed_in_a_browser_is_the_same_as_in_a_terminal(tmp_path: Path) -> None:
    in_browser, in_pty = tmp_path / "in a browser.db", tmp_path / "in a pty.db"
    async with serving(in_browser) as server, browser(tmp_path) as page:
        await page.call("Page.navigate", url=server.url)
        await _type(page, in_browser)
        assert await page.value("location.href") == server.base
        assert await page.value("document.cookie") == ""
        assert page.complaints == []
        ours = server.base.removeprefix("http://")
        assert {address.split("://")[1][: len(ours)] for address in page.requested} == {ours}
        assert sum("/ws?" in address for address in page.requested) == 1
        assert await page.value("document.fonts.check(\"16px 'Roboto Mono'\")")
    async with pty_terminal(in_pty) as terminal:
        await _type(terminal, in_pty)
    assert _said(in_browser) == _said(in_pty)
    kinds = [line["kind"] for line in stored(in_pty)]
    assert {"flag.raised", "flag.acknowledged", "drug.given", "event.retracted", "note.added"} <= set(kinds)


async def test_that_every_key_reaches_the_terminal_and_a_reload_loses_nothing(tmp_path: Path) -> None:
    store = tmp_path / "codelog.db"
    async with serving(store) as server, browser(tmp_path, SPY) as page:
        await page.call("Page.navigate", url=server.url)
        await until(lambda: b"New case" in page.painted, "the start screen")
        await page.keys("n", "1", "1", "1", "2")
        await until(lambda: b"weight" in page.painted, "the question of the weight")
        await page.keys("v")
        await until(lambda: b"TRAINING" in page.painted, "the case")
        (terminal,) = server.terminals()

        for elsewhere in ("", "document.activeElement.blur();"):
            await page.value(f"{elsewhere} pressed.length = 0")
            await page.keys(*F_KEYS[:-1], "tab", "backspace")
            taken = [[name, True] for name in (*(key.upper() for key in F_KEYS[:-1]), "Tab", "Backspace")]
            await page.until(f"pressed.filter(event => event.isTrusted).length >= {len(taken)}")
            assert json.loads(await page.value(TAKEN)) == taken
        await page.value("document.activeElement.blur()")
        await page.keys("m")
        await until(lambda: len(stored(store)) >= 3, "what was typed beside the terminal")

        page.painted = b""
        await page.call("Page.reload")
        await until(lambda: parent(terminal) is None, "the terminal of the page that was left to end")
        await until(lambda: b"Go on with" in page.painted, "the start screen, with the case")
        page.painted = b""
        await page.keys("r")
        await until(lambda: b"TRAINING" in page.painted, "the case again")
        await page.keys("p")
        await until(lambda: len(stored(store)) > 3, "an entry that goes on with it")
        kinds = [line["kind"] for line in stored(store)]
        assert kinds[:4] == ["case.opened", "care.started", "care.started", "access.attempt_started"]


async def test_that_the_page_says_when_it_is_over(tmp_path: Path) -> None:
    async with serving(tmp_path / "codelog.db") as server, browser(tmp_path) as page:
        await page.call("Page.navigate", url=server.url)
        await until(lambda: b"New case" in page.painted, "the start screen")
        assert await page.value("getComputedStyle(notice).display") == "none"
        await page.keys("f10")
        await page.until("words.textContent === 'codelog has ended.'")
        assert await page.value("getComputedStyle(notice).display") == "flex"

        page.painted = b""
        await page.keys("enter")
        await until(lambda: b"New case" in page.painted, "the start screen again")
        await server.stop()
        await page.until("words.textContent.startsWith('The connection to codelog is gone.')")
        assert await page.value("getComputedStyle(notice).display") == "flex"


async def _type(terminal: Page | PtyTerminal, store: Path) -> None:
    await until(lambda: b"New case" in terminal.painted, "the start screen")
    for keys, words in CASE:
        terminal.painted = b""
        await terminal.keys(*keys)
        await until(partial(_painted, terminal, words), f"{words!r}")
    await until(lambda: [line["kind"] for line in stored(store)][-1:] == [LAST], "the last entry")


def _said(store: Path) -> list[tuple[str, str, str, dict[str, Any]]]:
    """Everything a case says but for its times."""
    return [
        (
            line["kind"],
            line["by"],
            line["basis"],
            {
                name: value
                for name, value in line["data"].items()
                if not (line["kind"] == "flag.raised" and name in TIMES)
            },
        )
        for line in stored(store)
    ]


def _painted(terminal: Page | PtyTerminal, words: bytes) -> bool:
    return words in terminal.painted
