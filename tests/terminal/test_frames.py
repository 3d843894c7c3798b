"""What reaches the terminal and when: one frame for an entry, the newest row in it, and nothing slow on the way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from codelog.terminal.screens import live
from codelog.terminal.widgets.timeline import Timeline
from tests.terminal.termkit import OPENED, Terminal, terminal


def watch_frames(t: Terminal, monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """For every frame that goes to the terminal from now on: whether an entry waits in it."""
    frames: list[bool] = []
    display = t.app._display

    def see(screen: Any, renderable: Any) -> None:
        if renderable is not None and not t.app._batch_count:
            frames.append(bool(t.live.query_one(Timeline).waiting))
        display(screen, renderable)

    monkeypatch.setattr(t.app, "_display", see)
    return frames


async def test_that_an_entry_that_is_saved_at_once_is_never_painted_as_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "WRITER_ANSWERS_S", 30.0)
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        frames = watch_frames(t, monkeypatch)
        for key in "vmp":
            frames.clear()
            await t.keys(key)
            await t.settled()
            await t.until(lambda: frames, "a frame")
            assert not any(frames)


async def test_that_an_entry_whose_writer_is_slow_is_painted_as_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        monkeypatch.setattr(t.live.session._writer, "submit", lambda request, follows=None: 1_000)
        frames = watch_frames(t, monkeypatch)
        await t.keys("v")
        await t.until(lambda: any(frames), "a frame with the entry waiting in it")
        assert t.live.session.pending


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_that_the_newest_row_is_always_in_view(size: tuple[int, int], tmp_path: Path) -> None:
    """Also the first that has no room, which comes before there is a scrollbar."""
    async with terminal(tmp_path / "codelog.db", size=size) as t:
        await t.open_case()
        timeline = t.live.query_one(Timeline)
        while timeline.scroll_offset.y < 3:
            await t.keys("v")
            await t.settled()
            shown = [timeline.render_line(y).text for y in range(timeline.size.height)]
            assert any(f"#{len(t.events)} " in line for line in shown), shown


async def test_that_rows_take_the_colours_of_another_theme(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        timeline = t.live.query_one(Timeline)
        dark = timeline.render_line(0)
        assert timeline.render_line(0) is dark, "a line is drawn once"
        t.app.theme = "codelog-light"
        await t.until(lambda: timeline.render_line(0) != dark, "other colours")
        assert timeline.render_line(0).text == dark.text


async def test_that_gaps_are_counted_when_no_key_is_pressed(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        await t.keys("v")
        await t.settled()
        assert t.kinds(OPENED) == ["care.started"]
        await t.until(lambda: "at sign-off" in t.text("#message"), "the gaps")
