"""The scribe's application: the store it works on, and the case that is open. What is done in a case is in the screens."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from textual import events
from textual.screen import Screen

from codelog.terminal.base import CodelogApp, sentence_of
from codelog.terminal.messages import WriterSaid
from codelog.terminal.screens.start import StartScreen

if TYPE_CHECKING:
    from codelog.live.clock import Clock
    from codelog.live.writer import Outcome
    from codelog.terminal.config import Config
    from codelog.terminal.desk import Desk
    from codelog.terminal.session import Session


class ScribeApp(CodelogApp):
    """The scribe terminal on one store."""

    def __init__(
        self,
        open_desk: Callable[[], Desk],
        config: Config | None = None,
        complaint: str = "",
        training: tuple[str, float] | None = None,
    ) -> None:
        """`complaint` is what the start screen has to tell at once: a fault in the configuration.

        `training` is all that is wanted, if it is given: the name of a script, and the pace of its clock.
        """
        super().__init__(config)
        self.training = training
        self.complaint = complaint
        self.desk: Desk | None = None
        self.session: Session | None = None
        self._open_desk = open_desk
        self._latest_press = 0
        self._pressed_on: Clock | None = None

    def get_default_screen(self) -> Screen[None]:
        """The start screen is the first and stays below all others."""
        return StartScreen()

    def on_mount(self) -> None:
        """Paint first, then open the store: importing it beside the first paint would delay both."""
        self.call_after_refresh(self.in_thread, self._open_desk, self._desk_opened)

    def let_go(self) -> None:
        """Stop the session, then the store."""
        if self.session is not None:
            self.session.stop()
        if self.desk is not None:
            self.desk.close()

    def crash_folder(self) -> Path | None:
        """Beside the store."""
        return None if self.desk is None else self.desk.store.path.parent

    def failed(self, error: Exception) -> None:
        """Slow work failed: with a store there is something to go on with."""
        if self.desk is None:
            super().failed(error)
        elif isinstance(self.screen, StartScreen):
            self.screen.tell(sentence_of(error))

    def _desk_opened(self, desk: Desk) -> None:
        self.desk = desk
        for screen in self.screen_stack:
            if isinstance(screen, StartScreen):
                screen.ready(desk)

    def publisher(self) -> tuple[object, Callable[[Outcome], None]]:
        """A token for a session, and the callback for its writer: it posts and does nothing else."""
        token = object()

        def publish(outcome: Outcome) -> None:
            self.post_message(WriterSaid(token, outcome))

        return token, publish

    def on_writer_said(self, message: WriterSaid) -> None:
        """Hand an outcome to the screen of its case; of a case that was left, nobody needs to know."""
        from codelog.terminal.screens.live import LiveScreen

        for screen in self.screen_stack:
            if isinstance(screen, LiveScreen) and screen.token is message.case:
                screen.take(message.outcome)

    def boot_ms(self, event: events.Event | None = None) -> int:
        """The boot clock now, or when an event happened: keys wait in a queue while something is painted."""
        assert self.desk is not None
        clock = self.desk.clock if self.session is None else self.session.clock
        waited = 0 if event is None else max(0, int((time.monotonic() - event.time) * 1000 * clock.pace))
        if clock is not self._pressed_on:
            self._pressed_on, self._latest_press = clock, 0
        # Two clocks are read one after the other: what was pressed later must not seem earlier by a millisecond.
        self._latest_press = max(self._latest_press, clock.boot_ms() - waited)
        return self._latest_press
