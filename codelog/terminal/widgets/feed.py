"""The timeline kept up with a log: new rows added, rows that were corrected changed, all anew where case zero moved."""

from __future__ import annotations

from collections.abc import Sequence

from codelog.case.events import Event
from codelog.clinical.tables import Tables
from codelog.terminal.marks import Marks
from codelog.terminal.rows import Row, saved_row
from codelog.terminal.widgets.timeline import Timeline


class Feed:
    """Feeds one timeline with the events of one case."""

    def __init__(self, timeline: Timeline, tables: Tables) -> None:
        self.marks = Marks()
        self._timeline = timeline
        self._tables = tables
        self.shown = 0
        """How many events of the log are shown."""
        self._zero: int | None = None

    def show(self, events: Sequence[Event], zero: int) -> None:
        """Show all events of the log so far; `zero` is case zero."""
        new = events[self.shown :]
        if not new and zero == self._zero:
            return
        changed = self.marks.follow(new)
        if zero != self._zero:
            self._zero = zero
            self._timeline.show([self._row(event) for event in events])
        else:
            self._timeline.add([self._row(event) for event in new])
            for seq in changed:
                if isinstance(seq, int) and seq <= self.shown:
                    self._timeline.change(seq - 1, self._row(events[seq - 1]))
        self.shown = len(events)

    def _row(self, event: Event) -> Row:
        return saved_row(event, self._zero or 0, self._tables, self.marks)
