"""The debrief report in the terminal: read at any time, sent to a file, and never in the way of the record."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from codelog.log.store import open_store
from codelog.terminal.screens.live import LiveScreen
from codelog.terminal.screens.report import ReportScreen
from codelog.terminal.session import Press
from codelog.terminal.widgets.reading import Reading
from tests.terminal.termkit import Terminal, terminal

READY_S = 2.0
"""A report is there this soon after the case was closed."""


async def opened(t: Terminal) -> Reading:
    """Press F8 and wait for the report."""
    await t.keys("f8")
    await t.until(lambda: isinstance(t.app.screen, ReportScreen), "the report's screen")
    await t.until(lambda: t.app.screen.query("#report"), "its parts")
    reading = t.app.screen.query_one(Reading)
    await t.until(lambda: reading.lines and reading.show_vertical_scrollbar, "the report")
    return reading


async def closed(t: Terminal) -> None:
    """Close the case as the sign-off does."""
    t.live.session.submit("case.closed", {"outcome": "recovered"}, Press(t.app.boot_ms()))
    await t.settled()


async def test_that_a_closed_case_offers_its_report_and_shows_it_in_two_seconds(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        await t.keys("i", "1", "e", "a", "1")
        await t.settled()
        await closed(t)
        assert "F8 reports, F10 leaves" in t.text("#message")
        since = time.monotonic()
        reading = await opened(t)
        assert time.monotonic() - since < READY_S
        shown = "\n".join(reading.lines)
        assert "TRAINING" in reading.lines[0] and "INTERIM" not in shown
        assert "chain verified, " in shown and "recovered" in shown
        assert "not a medical device" in reading.lines[-1] or "not a medical device" in reading.lines[-2]
        assert all(len(line) <= 77 for line in reading.lines)
        await t.keys("f8")
        await t.until(lambda: isinstance(t.app.screen, LiveScreen), "the case again")


async def test_that_an_open_case_has_an_interim_report(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        reading = await opened(t)
        assert reading.lines[0].endswith("TRAINING · INTERIM")
        assert "!! The case is open: this report is interim." in reading.lines


async def test_that_a_letter_leaves_the_report_and_is_entered(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        before = len(t.stored())
        await opened(t)
        await t.keys("p")
        await t.until(lambda: isinstance(t.app.screen, LiveScreen), "the case again")
        await t.settled()
        assert [event.kind for event in t.stored()[before:]] == ["access.attempt_started"]


async def test_that_arrows_scroll_and_stop_at_the_ends(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        reading = await opened(t)
        await t.keys("up")
        assert reading.scroll_offset.y == 0
        await t.keys("down", "right")
        assert 1 < reading.scroll_offset.y
        await t.keys(*("right",) * (len(reading.lines) // 10))
        assert reading.scroll_offset.y == reading.max_scroll_y
        await t.keys("left")
        assert reading.scroll_offset.y < reading.max_scroll_y


@pytest.mark.parametrize(
    ("key", "ending", "begins"),
    [
        ("1", "html", b"<!DOCTYPE html>"),
        ("2", "pdf", b"%PDF-"),
        ("3", "txt", b"DEBRIEF"),
        ("4", "json", b"{"),
    ],
)
async def test_that_a_digit_sends_it_to_a_file_of_its_owner(
    tmp_path: Path, key: str, ending: str, begins: bytes
) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        await opened(t)
        for _ in range(2):
            await t.keys(key)
            await t.until(lambda: "Sent to" in t.text("#message"), "the file")
        with open_store(t.path, read_only=True) as store:
            case = store.find_case("last")
        (file,) = (tmp_path / "reports").iterdir()
        assert file.name == f"codelog-{case[:8]}.{ending}"
        assert str(file) in t.text("#message").replace("\n", "")
        assert file.read_bytes().lstrip().startswith(begins)
        assert file.stat().st_mode & 0o777 == 0o600


async def test_that_a_report_that_cannot_be_sent_says_why_and_the_record_goes_on(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        (tmp_path / "reports").write_text("in the way")
        await opened(t)
        await t.keys("1")
        await t.until(lambda: "There is no HTML" in t.text("#message"), "the reason")
        await t.keys("enter")
        await t.until(lambda: isinstance(t.app.screen, LiveScreen), "the case again")
        await t.keys("v")
        await t.settled()
        assert t.stored()[-1].kind == "care.started"
