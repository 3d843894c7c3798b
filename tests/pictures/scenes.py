"""What the pictures show: one training case played with keys at stated times on a clock that stands still between them."""

from __future__ import annotations

import os
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from textual.app import App

from codelog.case.instants import parse_elapsed, parse_instant
from codelog.clinical.tables import load_tables
from codelog.live.clock import VirtualClock
from codelog.live.follow import Follower
from codelog.live.presence import Claim, claim
from codelog.log.store import open_store
from codelog.terminal.screens.case_list import CaseListScreen
from codelog.terminal.screens.live import LiveScreen
from codelog.terminal.screens.watch import WatchScreen
from codelog.terminal.watch_app import WatchApp
from tests.terminal.termkit import Terminal, terminal

NIGHT = parse_instant("2026-03-14T02:10:00.000Z")
SMALL, MIDDLE, LARGE = (80, 24), (120, 36), (160, 45)
_CASE = re.compile(r"(?<=>)[0-9a-f]{8}(?=<)|(?<=&#160;)[0-9a-f]{8}(?=&#160;)")
_NAMES = re.compile(r"terminal-\d+")
_FONTS = re.compile(r"\s*@font-face \{.*?\}", re.DOTALL)


def drawn(app: App[None]) -> str:
    """The screen as SVG, without the fonts that a drawing would fetch, and with names that are always the same."""
    picture = _FONTS.sub("", app.export_screenshot(simplify=True))
    return _CASE.sub("8c2f41d7", _NAMES.sub("codelog", picture))


class Stage:
    """A terminal with its clock."""

    def __init__(self, t: Terminal, clock: VirtualClock) -> None:
        self.t = t
        self.clock = clock

    async def at(self, elapsed: str, *keys: str) -> None:
        """Set the clock to a time from case zero, and press keys."""
        self.clock.elapsed = parse_elapsed(elapsed)
        live = self.t.live
        for key in keys:
            # Not as an event: what a key waits in the queue is counted, and would show in a picture.
            character = " " if key == "space" else key if len(key) == 1 else None
            live.press(key, character, self.clock.elapsed)
        await self.t.until(lambda: not live.session.pending, "everything saved")

    async def flag(self, rule: str) -> None:
        """Wait for a flag."""
        view = self.t.live.session.view
        await self.t.until(lambda: any(flag.rule == rule for flag in view.open_flags()), rule)

    async def shot(self) -> str:
        """The screen as it is now."""
        screen = self.t.app.screen
        if isinstance(screen, LiveScreen):
            await self.t.settled()
            screen._use_quiet_moment()
            screen._paint()
        await self.t.pilot.pause()
        screen.refresh(layout=True)
        await self.t.pilot.pause()
        return drawn(self.t.app)


@dataclass(frozen=True, slots=True)
class Scene:
    """One picture: what is done before it is taken."""

    name: str
    words: str
    play: Callable[[Stage], Awaitable[None]]


async def start(stage: Stage) -> None:
    """The first screen of a new store."""
    t = stage.t
    await t.ready()


async def running(stage: Stage) -> None:
    """Two veins failed, the third is being tried; ventilation and compressions go on."""
    t = stage.t
    await t.open_case()
    await stage.at("0:05", "v")
    await stage.at("0:20", "n", "1", "m")
    await stage.at("0:26", "p", "2")
    await stage.at("0:48", "f", "1")
    await stage.at("0:55", "p", "3")
    await stage.at("1:12", "f", "2")
    await stage.at("1:20", "h", "5", "4", "enter")
    await stage.at("1:31", "p", "4")
    await stage.at("1:44")


async def flagged(stage: Stage) -> None:
    """The third vein failed: IO is to be considered."""
    await running(stage)
    await stage.at("1:46", "f", "1")
    await stage.flag("io-consider")
    await stage.at("1:49")


async def why(stage: Stage) -> None:
    """Why the flag was raised."""
    await flagged(stage)
    await stage.at("1:52", "f3")


async def io_site(stage: Stage) -> None:
    """An IO attempt has begun: which site?"""
    await flagged(stage)
    await stage.at("1:58", "f4", "i")


async def io_sheet(stage: Stage) -> None:
    """The IO sheet, asked for."""
    await flagged(stage)
    await stage.at("1:54", "f2")


async def given(stage: Stage) -> None:
    """A line by IO, adrenaline through it, a bolus running."""
    await io_site(stage)
    await stage.at("1:58", "1", "1", "2")
    await stage.at("2:31", "e", "2", "3")
    await stage.at("2:44", "a", "1")
    await stage.at("3:05", "g", "1", "1")
    await stage.at("3:40", "h", "9", "2", "enter")
    await stage.at("4:02")


async def mending(stage: Stage) -> None:
    """An entry is being amended, old and new value in view."""
    await given(stage)
    await stage.at("4:10", "up", "enter", "3", "9", "8", "enter")


async def shorthand(stage: Stage) -> None:
    """A line of words with what Enter will write."""
    await given(stage)
    await stage.at("4:20", "colon", *"adr", "space", *"0.02/kg", "space", *"io")


async def earlier(stage: Stage) -> None:
    """The next entry happened some time ago."""
    await given(stage)
    await stage.at("4:30", "tab")


async def sign_off(stage: Stage) -> None:
    """Closing the case: what the record lacks."""
    await given(stage)
    await stage.at("9:30")
    await stage.flag("drug-repeat")
    await stage.at("9:30", "f10")


async def palette(stage: Stage) -> None:
    """Every action by its name."""
    await given(stage)
    await stage.at("4:40", "f9")
    await stage.t.keys(*"io")


async def room(stage: Stage) -> None:
    """A training case: the room tells, the scribe records."""
    t = stage.t
    await t.ready()
    t.start.press("t", "t", stage.clock.elapsed)
    t.start.press("1", "1", stage.clock.elapsed)
    await t.until(lambda: isinstance(t.app.screen, LiveScreen), "the training case")
    await t.until(lambda: t.live._gaps, "its opening")
    await stage.at("0:12")


async def cases(stage: Stage) -> None:
    """Every case of the store, searched."""
    await given(stage)
    t = stage.t
    t.live._leave()
    await t.ready()
    t.start.press("a", "a", stage.clock.elapsed)
    await t.until(lambda: isinstance(t.app.screen, CaseListScreen), "the list")
    await t.until(lambda: "delivery" in t.app.export_screenshot(simplify=True), "its rows")


async def keys(stage: Stage) -> None:
    """Every key."""
    await running(stage)
    await stage.at("1:45", "f1")


SCENES = {
    scene.name: scene
    for scene in (
        Scene("start", "The first screen", start),
        Scene("running", "A case runs", running),
        Scene("flag", "IO is to be considered", flagged),
        Scene("why", "Why", why),
        Scene("io-site", "Which bone", io_site),
        Scene("io-sheet", "The IO sheet", io_sheet),
        Scene("given", "Adrenaline and a bolus through the IO line", given),
        Scene("mending", "An entry is mended", mending),
        Scene("shorthand", "An entry typed as a line", shorthand),
        Scene("earlier", "Some time ago", earlier),
        Scene("sign-off", "Signing off", sign_off),
        Scene("palette", "Every action by its name", palette),
        Scene("room", "Training: the room tells", room),
        Scene("cases", "All cases", cases),
        Scene("keys", "Every key", keys),
    )
}


@contextmanager
def in_utc() -> Iterator[None]:
    """Wall times as in Greenwich, so that a picture is the same everywhere."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = "UTC"
    time.tzset()
    try:
        yield
    finally:
        if before is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = before
        time.tzset()


@asynccontextmanager
async def stage(path: Path, size: tuple[int, int], theme: str | None = None) -> AsyncIterator[Stage]:
    """A terminal of this size and theme on a new store."""
    clock = VirtualClock(NIGHT, boot="picture")
    with in_utc():
        async with terminal(path, size=size, clock=clock) as t:
            if theme is not None:
                t.app.theme = theme
            yield Stage(t, clock)


async def picture(scene: Scene, path: Path, size: tuple[int, int], theme: str | None = None) -> str:
    """Play a scene and take its picture."""
    async with stage(path, size, theme) as on:
        await scene.play(on)
        return await on.shot()


async def watched(path: Path, size: tuple[int, int]) -> str:
    """The room's screen, while the flag is up."""
    async with stage(path, size) as on:
        await flagged(on)
        case = on.t.live.session.case
    clock = VirtualClock(NIGHT, boot="picture")
    clock.elapsed = parse_elapsed("1:54")
    with in_utc(), open_store(path, read_only=True) as store:
        held = claim(store.path, case, "bed 4")
        assert isinstance(held, Claim)
        app = WatchApp(lambda: Follower(store, case, clock, load_tables()))
        async with app.run_test(size=size) as pilot:
            while not isinstance(app.screen, WatchScreen) or "Consider" not in drawn(app):
                await pilot.pause(0.01)
            await pilot.pause()
            picture = drawn(app)
        held.release()
    return picture
