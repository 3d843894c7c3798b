"""What the room says in a training, beside which the scribe records."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

from textual.content import Content

from codelog.case.instants import SECOND, format_elapsed
from codelog.debrief.plain import plain
from codelog.terminal.widgets.calm import Calm

if TYPE_CHECKING:
    from codelog.terminal.training.room import Room

FRESH_MS = 10 * SECOND
"""For so long a sentence counts as just said, even when another has followed it."""
QUIET_MS = 30 * SECOND
"""A silence of at least this length ahead is announced, so that nobody waits for a word that was missed."""
SHOWN, SHOWN_LOW = 3, 2
"""So many sentences stand there, and so many on a low screen."""
LONGEST = 300


class Telling(Calm):
    """The newest sentences, what was just said marked and bold."""

    def read(self, room: Room | None, elapsed: int) -> None:
        """Show what has been said `elapsed` milliseconds after case zero; nothing without a room."""
        if room is None:
            self.show(Content(""))
            return
        columns = max(40, self.app.size.width - 4)
        self.show(telling(room, elapsed, columns, SHOWN if self.app.size.height >= 30 else SHOWN_LOW))


def telling(room: Room, elapsed: int, columns: int, shown: int) -> Content:
    """The last sentences, and what comes after them."""
    count = room.told(elapsed)
    parts: list[tuple[str, str]] = []
    for place in range(max(0, count - shown), count):
        sentence = room.sentences[place]
        fresh = place == count - 1 or elapsed - sentence.since < FRESH_MS
        at = f"{'▶' if fresh else ' '} {format_elapsed(sentence.since, millis=False):>7}  "
        lines = wrap(plain(sentence.words, LONGEST), columns - len(at))
        parts.append((at, "$key" if fresh else "$quiet"))
        parts.append((f"\n{' ' * len(at)}".join(lines) + "\n", "bold" if fresh else "$quiet"))
    parts.append((_ahead(room, count, elapsed), "$quiet"))
    return Content.assemble(*parts).rstrip()


def _ahead(room: Room, count: int, elapsed: int) -> str:
    if count == len(room.sentences):
        return "  The room has said all. Finish your entries; leaving the case shows the score."
    wait = room.sentences[count].since - elapsed
    if count and wait < QUIET_MS:
        return ""
    return f"  The room speaks next in {format_elapsed(wait, millis=False)}."
