"""A scribe terminal on a real store, driven by keys. Tests wait for what they expect, never for a time."""

from __future__ import annotations

import asyncio
import atexit
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import cache, partial
from pathlib import Path

from textual.events import Key
from textual.pilot import Pilot

from codelog.case.codec import decode
from codelog.case.events import Event
from codelog.live.clock import Clock
from codelog.log.store import open_store
from codelog.terminal.app import ScribeApp
from codelog.terminal.config import Config
from codelog.terminal.desk import open_desk
from codelog.terminal.screens.live import LiveScreen
from codelog.terminal.screens.start import StartScreen

PATIENCE_S = 60.0
NEW = ("n", "1", "1", "1", "2", "1", "7", "0", "0", "enter", "2", "9", "enter")
"""A training case in the delivery room from birth, now: 1700 g, 29 weeks."""
OPENED = 2
"""Events that `NEW` makes."""


class Terminal:
    """The application under test with the keys and the eyes of a scribe."""

    def __init__(self, app: ScribeApp, pilot: Pilot[None], path: Path) -> None:
        self.app = app
        self.pilot = pilot
        self.path = path

    @property
    def live(self) -> LiveScreen:
        """The live case."""
        assert isinstance(self.app.screen, LiveScreen), self.app.screen
        return self.app.screen

    @property
    def start(self) -> StartScreen:
        """The start screen."""
        assert isinstance(self.app.screen, StartScreen), self.app.screen
        return self.app.screen

    @property
    def events(self) -> list[Event]:
        """What the screen knows to be saved; nothing while no case is on it."""
        return self.live.session.view.events if isinstance(self.app.screen, LiveScreen) else []

    def kinds(self, since: int = 0) -> list[str]:
        """The kinds of the saved events beyond the first `since`."""
        return [event.kind for event in self.events[since:]]

    def stored(self) -> list[Event]:
        """What is in the file, read by another connection."""
        with open_store(self.path, read_only=True) as store:
            case = store.find_case("last")
            return [decode(line) for line in store.lines(case)]

    async def until(self, holds: Callable[[], object], what: str = "") -> None:
        """Wait for a condition."""
        deadline = time.monotonic() + PATIENCE_S
        while not holds():
            assert time.monotonic() < deadline, f"waited in vain: {what or holds}"
            await asyncio.sleep(0.005)

    async def keys(self, *keys: str) -> None:
        """Press keys, each handled before the next."""
        for key in keys:
            self.app.post_message(Key(key, " " if key == "space" else key if len(key) == 1 else None))
            # Down to what has the focus, up again, and once more for what that set off.
            for _ in range(2):
                for pump in (self.app, self.app.focused or self.app.screen, self.app.screen):
                    handled = asyncio.Event()
                    if pump.call_later(handled.set):
                        await asyncio.wait_for(handled.wait(), PATIENCE_S)

    async def settled(self) -> None:
        """Wait until nothing is on its way."""
        await self.until(lambda: not self.live.session.pending, "everything saved")

    async def ready(self) -> None:
        """Wait for the start screen to know what is in the store."""
        await self.until(
            lambda: isinstance(self.app.screen, StartScreen) and self.start.idle, "the start screen"
        )

    async def open_case(self) -> None:
        """Open the case of `NEW` and wait until it is saved."""
        await self.ready()
        for key in NEW:
            self.start.press(key, key if len(key) == 1 else None, self.app.boot_ms())
        await self.until(lambda: isinstance(self.app.screen, LiveScreen), "the live case")
        await self.until(lambda: len(self.events) >= OPENED, "the case to be saved")
        await self.settled()

    def text(self, selector: str) -> str:
        """What a part of the screen shows."""
        from codelog.terminal.widgets.calm import Calm

        return self.app.screen.query_one(selector, Calm).painted

    def timeline(self) -> list[str]:
        """The rows of the timeline as they are drawn, the whole of it."""
        from codelog.terminal.widgets.timeline import Timeline

        timeline = self.app.screen.query_one(Timeline)
        return [
            f"{row.number} {row.time} {row.words} {row.after}".strip()
            for row in (*timeline.rows, *timeline.waiting)
        ]


@cache
def empty_store() -> Path:
    """A store with nothing in it: making one takes longer than copying it."""
    made = Path(tempfile.mkdtemp(prefix="codelog-test-")) / "empty.db"
    atexit.register(shutil.rmtree, made.parent)
    open_store(made).close()
    return made


@asynccontextmanager
async def terminal(
    path: Path,
    *,
    size: tuple[int, int] = (80, 24),
    clock: Clock | None = None,
    protocol: Path | None = None,
    config: Config | None = None,
    complaint: str = "",
    training: tuple[str, float] | None = None,
) -> AsyncIterator[Terminal]:
    """Run a terminal on the store at `path`, blind to what others left in the folder for temporary files."""
    if not path.exists():
        shutil.copy(empty_store(), path)
    before, tempfile.tempdir = tempfile.tempdir, str(path.parent)
    desk = partial(open_desk, str(path), clock=clock, protocol=protocol)
    app = ScribeApp(desk, config, complaint, training)
    try:
        async with app.run_test(size=size) as pilot:
            yield Terminal(app, pilot, path)
    finally:
        tempfile.tempdir = before
        if app.session is not None:
            app.session.stop()
        if app.desk is not None:
            app.desk.close()
