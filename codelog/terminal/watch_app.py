"""`codelog watch`: the room's screen as a program of its own, on a store that is opened for reading."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from textual.content import Content

from codelog.terminal.base import CodelogApp
from codelog.terminal.config import Config, load_config
from codelog.terminal.widgets.calm import Calm

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from codelog.live.clock import Clock
    from codelog.live.follow import Follower
    from codelog.log.store import Store


class WatchApp(CodelogApp):
    """Shows one case until it is left."""

    def __init__(self, open_follower: Callable[[], Follower], config: Config | None = None) -> None:
        super().__init__(config)
        self._open_follower = open_follower
        self._store: Path | None = None

    def compose(self) -> ComposeResult:
        """What is seen before the store is open."""
        yield Calm(id="opening")

    def on_mount(self) -> None:
        """Paint first, then open the store."""
        self.query_one("#opening", Calm).show(Content.assemble(("Opening the store ...", "$quiet")))
        self.call_after_refresh(self.in_thread, self._open_follower, self._opened)

    def crash_folder(self) -> Path | None:
        """Beside the store."""
        return None if self._store is None else self._store.parent

    def _opened(self, follower: Follower) -> None:
        from codelog.terminal.screens.watch import WatchScreen

        self._store = follower.store
        self.push_screen(WatchScreen(follower), lambda _: self.exit())


def run_watch(store: Store, case: str, *, clock: Clock | None = None) -> int:
    """Show a case of an open store until it is left; returns the exit code."""

    def open_follower() -> Follower:
        from codelog.clinical.tables import load_tables
        from codelog.live.clock import SystemClock
        from codelog.live.follow import Follower

        return Follower(store, case, clock or SystemClock(), load_tables())

    config, _ = load_config()
    app = WatchApp(open_follower, config)
    app.run()
    if app.sentence is not None:
        sys.stderr.write(f"{app.sentence}\n")
    return app.return_code or 0
