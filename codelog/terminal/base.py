"""What every application of ours does the same way: themes, slow work in threads, and how it ends."""

from __future__ import annotations

import os
import select
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TextIO, TypeVar

from textual import events
from textual.app import App
from textual.content import Content

from codelog.terminal.config import Config
from codelog.terminal.crash import write_crash
from codelog.terminal.messages import Done
from codelog.terminal.themes import THEMES, theme_for

T = TypeVar("T")
HUNG_UP = 129
"""The exit code of a program whose terminal is gone, as the shell knows it."""
CRASHED = "codelog stopped because of a fault in the program. What was shown as saved is saved; start again to go on."


def as_pressed(event: events.Key) -> events.Key:
    """The key as a person pressed it: Enter, typed before the terminal was ours, comes as Ctrl+J."""
    if event.key == "ctrl+j":
        event.key, event.character = "enter", None
    return event


class CodelogApp(App[None]):
    """An application on one store. `sentence` is what is to be said when it has ended."""

    TITLE = "codelog"
    ENABLE_COMMAND_PALETTE = False
    CSS_PATH = "styles/codelog.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (112, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-low"), (30, "-tall")]  # noqa: RUF012

    def __init__(self, config: Config | None = None) -> None:
        # Without this, NO_COLOR would give shades of grey, and those are colours to a terminal.
        super().__init__(ansi_color=True if "NO_COLOR" in os.environ else None)
        self.config = config or Config()
        self.animation_level = "none"
        self.sentence: str | None = None
        self._threads: list[threading.Thread] = []
        for theme in THEMES:
            self.register_theme(theme)
        self._look = "ansi" if self.no_color else self.config.theme
        self.theme = theme_for(self._look)

    def on_mount(self) -> None:
        """Take the colours that suit the terminal, and notice when nobody is there any more."""
        if not self.is_headless:
            self.theme = theme_for(self._look, self.console.color_system, os.environ)
            self.set_interval(1.0, self._leave_when_alone)

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
        """Slow work is over; while the program is ending, nobody is left to show it to."""
        if not self.is_running:
            return
        if message.error is None:
            message.then(message.result)
        else:
            self.failed(message.error)

    def failed(self, error: Exception) -> None:
        """Slow work failed: end with one sentence, since there is nothing to go on with."""
        from codelog.clinical.problems import ClinicalDataError
        from codelog.log.errors import StoreError

        if not isinstance(error, (StoreError, ClinicalDataError, OSError)):
            self._handle_exception(error)
            return
        self.sentence = sentence_of(error)
        self.exit(return_code=2 if isinstance(error, ClinicalDataError) else 3)

    def let_go(self) -> None:
        """Write what is on its way and let go of the store: the program is about to end."""

    def crash_folder(self) -> Path | None:
        """Where a crash is to be told; None while no store is open."""

    def _leave_when_alone(self) -> None:
        """End when the terminal is gone (a lost connection): nobody sees the case, and it can be gone on with.

        Textual would go on reading the end of its input for ever. What is on its way is written first.
        """
        if not hung_up(sys.__stdin__):
            return
        self.let_go()
        os._exit(HUNG_UP)

    def _fatal_error(self) -> None:
        # Textual would print the traceback with the values of local variables, and those are patient data.
        error = sys.exc_info()[1] or self._exception
        folder = self.crash_folder()
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


def sentence_of(error: Exception) -> str:
    """What an error says, or its name."""
    return Content(str(error) or type(error).__name__).plain
