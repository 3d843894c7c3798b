"""The score of a training: how the record compares with what the room told."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen

from codelog.clinical.tables import Tables
from codelog.debrief.plain import plain
from codelog.debrief.usability import Usability, usability
from codelog.debrief.usability_text import usability_figures, usability_lists
from codelog.terminal.widgets.calm import Calm

if TYPE_CHECKING:
    from codelog.terminal.app import ScribeApp
    from codelog.terminal.session import Session
    from codelog.terminal.training.script import Script


class ScoreScreen(Screen[None]):
    """The figures of one case; arrows scroll, Enter leaves."""

    AUTO_FOCUS = ""

    def __init__(self, figures: Usability, title: str, case: str, tables: Tables) -> None:
        super().__init__()
        self._figures = figures
        self._title = title
        self._case = case
        self._tables = tables

    @classmethod
    def of(cls, session: Session, script: Script) -> ScoreScreen:
        """The score of a session against its script."""
        figures = usability(session.view.events, script.events, session.keys.keys)
        return cls(figures, script.title, session.case, session.tables)

    def compose(self) -> ComposeResult:
        """What was trained, the figures with their lists, and the foot."""
        yield Calm(id="title")
        with VerticalScroll(id="entries", can_focus=False):
            yield Calm(id="score")
        yield Calm(id="dock")

    def on_mount(self) -> None:
        """Everything is known already."""
        self.query_one("#title", Calm).show(
            Content.assemble(
                ("TRAINING", "bold $warning"),
                (f"  {plain(self._title, 120)}\n", "bold"),
                (f"codelog usability {self._case[:8]} shows this again", "$quiet"),
            )
        )
        self.query_one("#score", Calm).show(score(self._figures, self._tables))
        keys = (("Enter", " done   "), ("↑ ↓", " scroll"))
        parts = [part for key, words in keys for part in ((key, "bold $key"), (words, ""))]
        self.query_one("#dock", Calm).show(Content.assemble(*parts))

    def on_key(self, event: events.Key) -> None:
        """Scroll, or leave: to the start screen, or to where the training was asked for."""
        if event.key.startswith("ctrl+") or event.key == "escape":
            return
        event.stop()
        event.prevent_default()
        application = cast("ScribeApp", self.app)
        if event.key in ("up", "down"):
            lines = -1 if event.key == "up" else 1
            self.query_one("#entries").scroll_relative(y=lines, animate=False)
        elif event.key in ("enter", application.config.keymap["finish"].key):
            if application.training is None:
                self.app.pop_screen()
            else:
                self.app.exit()


def score(figures: Usability, tables: Tables) -> Content:
    """The figures, then what lies behind them."""
    parts: list[tuple[str, str]] = []
    for name, value in usability_figures(figures):
        parts += [(f"{name:<14}", "$quiet"), (f"{value}\n", "bold")]
    for title, rows in usability_lists(figures, tables):
        parts.append((f"\n{title}\n", "bold $primary"))
        parts += [(f"{row}\n", "") for row in rows]
    return Content.assemble(*parts).rstrip()
