"""The bell rings once for each flag as it is raised, and the marks of a high one flash: both only if asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from codelog.case.events import FlagRaised
from codelog.live.clock import VirtualClock
from codelog.terminal.bell import rings
from codelog.terminal.config import Config
from codelog.terminal.widgets.banners import FlagBanner
from tests.terminal.termkit import Terminal, terminal
from tests.terminal.test_terminal_flags import flagged


def heard(t: Terminal, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A mark for each time the bell is rung from now on."""
    rung: list[str] = []
    monkeypatch.setattr(t.app, "bell", lambda: rung.append("ding"))
    return rung


def raised(t: Terminal, *priorities: str) -> int:
    """How many flags of these priorities the case has."""
    return sum(isinstance(e.data, FlagRaised) and e.data.priority in priorities for e in t.events)


@pytest.mark.parametrize(
    ("bell", "times"), [((), 0), (("high",), 0), (("medium",), 1), (("low", "medium", "high"), 1)]
)
async def test_that_a_flag_rings_once_if_its_priority_was_chosen(
    bell: tuple[str, ...], times: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with terminal(tmp_path / "codelog.db", config=Config(bell=bell)) as t:
        rung = heard(t, monkeypatch)
        await flagged(t)
        assert raised(t, "medium") == 1
        assert len(rung) == times
        await t.keys("v", "f6", "1")
        await t.settled()
        assert len(rung) == times


async def test_that_each_flag_rings_and_none_again_when_the_case_is_gone_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "codelog.db"
    config = Config(bell=("high", "medium", "low"))
    async with terminal(path, config=config) as t:
        rung = heard(t, monkeypatch)
        await flagged(t)
        await t.keys("i", "9")
        await t.until(lambda: raised(t, "high"), "a high flag")
        await t.settled()
        assert len(rung) == raised(t, "high", "medium", "low") >= 2
    async with terminal(path, config=config) as t:
        rung = heard(t, monkeypatch)
        await t.ready()
        await t.keys("r")
        await t.until(lambda: len(t.events) > 3 and raised(t, "high"), "the case as it was")
        await t.settled()
        before = raised(t, "high", "medium", "low")
        assert rung == []
        await t.keys("i", "9")
        await t.until(lambda: raised(t, "high", "medium", "low") > before, "another flag")
        await t.settled()
        assert len(rung) == raised(t, "high", "medium", "low") - before


async def test_which_flags_ring(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await flagged(t)
        flag = next(event for event in t.events if isinstance(event.data, FlagRaised))
        assert rings(t.events, ("medium",), flag.boot, flag.boot_ms) == 1
        assert rings(t.events, ("medium",), flag.boot, flag.boot_ms + 1) == 0
        assert rings(t.events, ("medium",), "another boot", 0) == 0
        assert rings(t.events, ("high", "low"), flag.boot, 0) == 0


def flashing(t: Terminal) -> bool:
    """Whether the marks of the banner are turned round now."""
    spans = t.live.query_one(FlagBanner)._painted.spans
    return any("reverse" in str(span.style) for span in spans)


async def beats(t: Terminal, clock: VirtualClock) -> list[bool]:
    """Whether the marks are turned round in each of four seconds."""
    seen = []
    for _ in range(4):
        clock.elapsed += 1000
        t.live._paint_clocks()
        seen.append(flashing(t))
    return seen


@pytest.mark.parametrize("flash", [True, False])
async def test_that_a_high_flag_flashes_in_its_marks_and_a_medium_one_never(
    flash: bool, tmp_path: Path
) -> None:
    clock = VirtualClock(1_750_000_000_000, boot="test")
    async with terminal(tmp_path / "codelog.db", config=Config(flash=flash), clock=clock) as t:
        await flagged(t)
        assert await beats(t, clock) == [False] * 4
        await t.keys("i", "9")
        await t.until(lambda: t.text("#flag").startswith("***"), "a high flag")
        assert sorted(await beats(t, clock)) == [False, False, flash, flash]
        banner = t.live.query_one(FlagBanner)
        for span in banner._painted.spans:
            if "reverse" in str(span.style):
                assert (span.start, span.end) == (0, 3)
