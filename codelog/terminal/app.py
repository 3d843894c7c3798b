"""The application: themes, the threads it starts, and how it ends. What is done in a case is in the screens."""

from __future__ import annotations

import os
import select
import sys
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TextIO, TypeVar

from textual import events
from textual.app import App
from textual.content import Content
from textual.screen import Screen

from codelog.terminal.crash import write_crash
from codelog.terminal.messages import Done, WriterSaid
from codelog.terminal.screens.start import StartScreen
from codelog.terminal.themes import DARK, THEMES

if TYPE_CHECKING:
    from codelog.live.writer import Outcome
    from codelog.terminal.desk import Desk
    from codelog.terminal.session import Session

T = TypeVar("T")
HUNG_UP = 129
"""The exit code of a program whose terminal is gone, as the shell knows it."""
CRASHED = "codelog stopped because of a fault in the program. What was shown as saved is saved; start again to go on."


class ScribeApp(App[None]):
    """The scribe terminal on one store."""

    TITLE = "codelog"
    ENABLE_COMMAND_PALETTE = False
    CSS_PATH = "styles/codelog.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (112, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-low"), (30, "-tall")]  # noqa: RUF012

    def __init__(self, open_desk: Callable[[], Desk]) -> None:
        super().__init__()
        self.animation_level = "none"
        self.desk: Desk | None = None
        self.session: Session | None = None
        self.sentence: str | None = None
        self._open_desk = open_desk
        self._latest_press = 0
        self._threads: list[threading.Thread] = []
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = DARK.name

    def get_default_screen(self) -> Screen[None]:
        """The start screen is the first and stays below all others."""
        return StartScreen()

    def on_mount(self) -> None:
        """Paint first, then open the store: importing it beside the first paint would delay both."""
        self.call_after_refresh(self.in_thread, self._open_desk, self._desk_opened)
        if not self.is_headless:
            self.set_interval(1.0, self._leave_when_alone)

    def _leave_when_alone(self) -> None:
        """End when the terminal is gone (a lost connection): nobody sees the case, and it can be gone on with.

        Textual would go on reading the end of its input for ever. What is on its way is written first.
        """
        if not hung_up(sys.__stdin__):
            return
        if self.session is not None:
            self.session.stop()
        if self.desk is not None:
            self.desk.close()
        os._exit(HUNG_UP)

    def in_thread(self, work: Callable[[], T], then: Callable[[T], None]) -> None:
        """Do slow work beside the screen; `then` gets the result on the screen's thread."""

        def run() -> None:
            try:
                done = Done(then, work(), None)
            except Exception as error:  # noqa: BLE001 - told on the screen's thread
                done = Done(then, None, error)
            self.post_message(done)

        thread = threading.Thread(target=run, name="codelog-desk", daemon=True)
        self._threads.append(thread)
        thread.start()

    def on_done(self, message: Done) -> None:
        """Slow work is over."""
        if message.error is None:
            message.then(message.result)
            return
        if self.desk is None:
            self.fail(message.error)
        elif isinstance(self.screen, StartScreen):
            self.screen.tell(_sentence(message.error))

    def fail(self, error: Exception) -> None:
        """End with one sentence, where there is no store to go on with."""
        from codelog.clinical.problems import ClinicalDataError
        from codelog.log.errors import StoreError

        if not isinstance(error, (StoreError, ClinicalDataError, OSError)):
            self._handle_exception(error)
            return
        self.sentence = _sentence(error)
        self.exit(return_code=2 if isinstance(error, ClinicalDataError) else 3)

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
        waited = 0 if event is None else max(0, int((time.monotonic() - event.time) * 1000))
        # Two clocks are read one after the other: what was pressed later must not seem earlier by a millisecond.
        self._latest_press = max(self._latest_press, self.desk.clock.boot_ms() - waited)
        return self._latest_press

    def _fatal_error(self) -> None:
        # Textual would print the traceback with the values of local variables, and those are patient data.
        error = sys.exc_info()[1] or self._exception
        folder = None if self.desk is None else self.desk.store.path.parent
        path = write_crash(error, folder) if error is not None and folder is not None else None
        where = "" if path is None else f" For the people who mend it: {path}"
        self.sentence = f"{CRASHED}{where}"
        self._close_messages_no_wait()


def hung_up(stream: TextIO | None) -> bool:
    """Whether the other end of a terminal is gone."""
    if stream is None or stream.closed:
        return True
    poll = select.poll()
    poll.register(stream.fileno(), 0)
    return any(happened & (select.POLLHUP | select.POLLERR | select.POLLNVAL) for _, happened in poll.poll(0))


def _sentence(error: Exception) -> str:
    return Content(str(error) or type(error).__name__).plain
