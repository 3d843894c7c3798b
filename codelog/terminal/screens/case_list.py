"""Every case of the store, with search: typing filters, arrows mark, Enter opens."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import TYPE_CHECKING, cast

from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.screen import Screen

from codelog.debrief.plain import plain
from codelog.terminal.messages import Done
from codelog.terminal.shelf import Listed, listed_cases, matching
from codelog.terminal.widgets.calm import Calm
from codelog.terminal.widgets.case_rows import CaseRows, heading

if TYPE_CHECKING:
    from codelog.terminal.base import CodelogApp
    from codelog.terminal.desk import Desk

_BATCH = 500
_LONGEST_SEARCH = 60
_KEYS = (
    ("Enter", "goes on with an open case of this terminal, shows any other"),
    ("↑ ↓", "mark"),
    ("F10", "back"),
)


class CaseListScreen(Screen[None]):
    """`go_on` opens a case to be recorded, `watch` shows one; both get its id, when this screen has gone."""

    AUTO_FOCUS = ""

    def __init__(self, desk: Desk, go_on: Callable[[str], None], watch: Callable[[str], None]) -> None:
        super().__init__()
        self._desk = desk
        self._go_on = go_on
        self._watch = watch
        self._cases: list[Listed] = []
        self._complete = False
        self._gone = False
        self._query = ""

    def compose(self) -> ComposeResult:
        """What is searched for, the cases, the keys."""
        yield Calm(id="search")
        yield Calm(id="columns")
        yield CaseRows(id="cases")
        yield Calm(id="case-foot")

    def on_mount(self) -> None:
        """Read the store beside the screen; what is read is shown as it comes."""
        self._application.in_thread(self._read, self._finished)
        self._paint()

    def on_unmount(self) -> None:
        """Nobody waits for the rest."""
        self._gone = True

    @property
    def complete(self) -> bool:
        """Whether every case has been read."""
        return self._complete

    @property
    def _application(self) -> CodelogApp:
        return cast("CodelogApp", self.app)

    def _read(self) -> None:
        cases = listed_cases(self._desk.store)
        while batch := list(islice(cases, _BATCH)):
            if self._gone:
                return
            self._application.post_message(Done(self._take, batch, None))

    def _take(self, batch: list[Listed]) -> None:
        self._cases += batch
        self._search()

    def _finished(self, _: None) -> None:
        self._complete = True
        self._paint()

    def on_key(self, event: events.Key) -> None:
        """Whatever can be printed is searched for."""
        if event.key.startswith("ctrl+") or event.key == "escape":
            return
        event.stop()
        event.prevent_default()
        rows = self.query_one(CaseRows)
        if event.key == "f10":
            self.dismiss()
        elif event.key in ("up", "down"):
            rows.move(-1 if event.key == "up" else 1)
        elif event.key in ("pageup", "pagedown"):
            page = max(1, rows.size.height - 1)
            rows.move(-page if event.key == "pageup" else page)
        elif event.key == "enter":
            self._open(rows.marked)
        elif event.key == "backspace":
            self._query = self._query[:-1]
            self._search()
        elif event.character is not None and event.is_printable and len(self._query) < _LONGEST_SEARCH:
            self._query += event.character
            self._search()

    def _open(self, case: Listed | None) -> None:
        if case is None:
            return
        # First, so that the start screen knows that it is busy when it comes back.
        (self._go_on if case.can_go_on else self._watch)(case.case)
        self.dismiss()

    def _search(self) -> None:
        if self.is_mounted and not self._gone:
            self.query_one(CaseRows).show(matching(self._cases, self._query))
            self._paint()

    def on_resize(self) -> None:
        """The heading is as wide as the list."""
        self._paint()

    def _paint(self) -> None:
        if not self.is_mounted or self._gone:
            return
        shown, total = len(self.query_one(CaseRows).cases), len(self._cases)
        if not self._complete:
            count = f"{shown} of {total}, still reading ..."
        elif total:
            count = f"{shown} of {total} {'case' if total == 1 else 'cases'}"
        else:
            count = "there is no case in this store yet"
        search = Content.assemble(
            ("Search ", "bold $primary"),
            (f" {plain(self._query, _LONGEST_SEARCH)}▏", "bold reverse"),
            (f"  {count}\n", "$quiet"),
            (
                "words of label, setting or place, a date, open, closed, training, or the beginning of an id",
                "$quiet",
            ),
        )
        self.query_one("#search", Calm).show(search)
        self.query_one("#columns", Calm).show(
            Content.assemble((heading(max(40, self.size.width - 2)), "$quiet"))
        )
        parts: list[tuple[str, str]] = []
        for key, words in _KEYS:
            parts += [(key, "bold $key"), (f" {words}   ", "")]
        self.query_one("#case-foot", Calm).show(Content.assemble(*parts))
