"""The debrief report of the case as far as it is saved: to be read here, or to be sent to a file.

The record goes on below: any key that is none of this screen's closes it and acts there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, cast

from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.screen import Screen

from codelog.debrief.plain import plain
from codelog.terminal.base import sentence_of
from codelog.terminal.widgets.calm import Calm
from codelog.terminal.widgets.reading import Reading

if TYPE_CHECKING:
    from codelog.debrief.render.formats import Format
    from codelog.debrief.report.value import DebriefReport
    from codelog.terminal.app import ScribeApp
    from codelog.terminal.desk import Desk

_SENT: dict[str, Format] = {"1": "html", "2": "pdf", "3": "text", "4": "json"}
_NAMES = {"html": "HTML", "pdf": "PDF", "text": "text", "json": "JSON"}
_MARGIN = 3
_SCROLLS = {"up": (-1, 0), "down": (1, 0), "left": (0, -1), "right": (0, 1), "space": (0, 1)}


class ReportScreen(Screen[None]):
    """Reads and reports in a thread. `press` takes a key that was meant for the case: key, character, boot clock."""

    AUTO_FOCUS = ""

    def __init__(self, desk: Desk, case: str, press: Callable[[str, str | None, int], None]) -> None:
        super().__init__()
        self._desk = desk
        self._case = case
        self._press = press
        self._report: DebriefReport | None = None
        self._message = "The report is being made."
        self._sending = False
        self._gone = False

    def compose(self) -> ComposeResult:
        """What this is, the report, what was said, and the keys."""
        yield Calm(id="title")
        yield Reading(id="report")
        yield Calm(id="message")
        yield Calm(id="dock")

    def on_mount(self) -> None:
        """Make the report beside the screen."""
        self._paint()
        width = self.size.width - _MARGIN
        self._application.in_thread(lambda: self._made(width), self._show)

    def on_unmount(self) -> None:
        """What comes now comes too late."""
        self._gone = True

    @property
    def _application(self) -> ScribeApp:
        return cast("ScribeApp", self.app)

    def _made(self, width: int) -> tuple[DebriefReport, Sequence[str]] | str:
        """The report and its lines, or why there is none: a report that fails must not end the record."""
        try:
            from codelog.debrief.render.text import report_text

            report = self._desk.report(self._case, time.time_ns() // 1_000_000)
            return report, list(report_text(report, width))
        except Exception as error:  # noqa: BLE001 - told here
            return f"There is no report: {sentence_of(error)}"

    def _show(self, made: tuple[DebriefReport, Sequence[str]] | str) -> None:
        if self._gone:
            return
        if isinstance(made, str):
            self._message = made
        else:
            self._report, lines = made
            self._message = ""
            self.query_one(Reading).show(lines)
        self._paint()

    def on_key(self, event: events.Key) -> None:
        """Scroll, send, or leave; whatever else is pressed is meant for the case."""
        if event.key.startswith("ctrl+") or event.key == "escape":
            return
        event.stop()
        event.prevent_default()
        action = self._application.config.keymap.at(event.key)
        if not self.is_current:
            # It was on its way here when the screen was left.
            self._press(event.key, event.character, self._application.boot_ms(event))
        elif event.key in _SCROLLS:
            self.query_one(Reading).move(*_SCROLLS[event.key])
        elif event.key in _SENT:
            self._send(_SENT[event.key])
        elif event.key in ("enter", "backspace") or (
            action is not None and action.id in ("report", "finish")
        ):
            self.dismiss()
        elif action is not None or event.is_printable:
            at = self._application.boot_ms(event)
            self.dismiss()
            self._press(event.key, event.character, at)

    def _send(self, form: Format) -> None:
        report = self._report
        if report is None or self._sending:
            return
        self._sending, self._message = True, f"The {_NAMES[form]} is being made."
        self._paint()
        self._application.in_thread(lambda: self._sent(report, form), self._told)

    def _sent(self, report: DebriefReport, form: Format) -> str:
        """Where the file is, or why there is none."""
        try:
            return f"Sent to {self._desk.send_report(report, form)}"
        except Exception as error:  # noqa: BLE001 - told here
            return f"There is no {_NAMES[form]}: {sentence_of(error)}"

    def _told(self, said: str) -> None:
        self._sending, self._message = False, said
        if not self._gone:
            self._paint()

    def _paint(self) -> None:
        keymap = self._application.config.keymap
        title = (("Debrief report", "bold"), ("  of what is saved so far", "$quiet"))
        self.query_one("#title", Calm).show(Content.assemble(*title))
        self.query_one("#message", Calm).show(Content.assemble((plain(self._message), "$warning")))
        keys = [("↑ ↓", "scroll"), ("← →", "by pages")]
        if self._report is not None:
            keys += [(key, f"send {_NAMES[form]}") for key, form in _SENT.items()]
        keys += [(f"Enter {keymap.key('report')}", "back"), ("letters", "go on with the case")]
        parts = [part for key, words in keys for part in ((key, "bold $key"), (f" {words}   ", ""))]
        self.query_one("#dock", Calm).show(Content.assemble(*parts))
