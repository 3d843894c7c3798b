"""The one line into which words are typed: a note, an entry in shorthand, a new value.

The screen hands it its keys, so that every key lands where it was meant, however fast they come.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from textual import events
from textual.content import Content
from textual.widgets import Input

LIMIT = 20_000


@dataclass(frozen=True, slots=True)
class Typing:
    """What the line is open for. `enter` takes the words and says whether they were taken; if not, they stay.

    `complete` gives the line with its last word completed, `foot` what stands below while it is typed.
    `purpose` tells one opening from another.
    """

    title: str
    placeholder: str
    enter: Callable[[str], bool]
    complete: Callable[[str], str] | None = None
    foot: Callable[[str], Content] | None = None
    now: str = ""
    purpose: Any = None


class Line(Input):
    """Shown only while it is open."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, max_length=LIMIT, select_on_focus=False)
        self.typing: Typing | None = None
        self.cursor_blink = False

    def on_mount(self) -> None:
        """Closed at first."""
        self.display = False

    def open(self, typing: Typing) -> None:
        """Take the keys for this purpose."""
        self.typing = typing
        self.placeholder = typing.placeholder
        self._put(typing.now)
        self.display = True
        self.focus()

    def close(self) -> None:
        """Give the keys back."""
        self.typing = None
        self.value = ""
        self.display = False
        self.screen.set_focus(None)

    async def _on_key(self, event: events.Key) -> None:
        # It goes up to the screen, which hands it to `key` in turn.
        event.prevent_default()

    def key(self, key: str, character: str | None) -> None:
        """Type a key. Enter hands the words over."""
        typing = self.typing
        if typing is None:
            return
        if key == "enter":
            if typing.enter(self.value) and self.typing is typing:
                self.close()
        elif key == "tab":
            if typing.complete is not None:
                self._put(typing.complete(self.value))
        elif character is not None and character.isprintable():
            self.insert_text_at_cursor(character)
        else:
            edit = _EDITS.get(key)
            if edit is not None:
                edit(self)

    def _put(self, words: str) -> None:
        self.value = words
        self.cursor_position = len(words)


_EDITS: dict[str, Callable[[Line], None]] = {
    "backspace": Line.action_delete_left,
    "delete": Line.action_delete_right,
    "left": Line.action_cursor_left,
    "right": Line.action_cursor_right,
    "home": Line.action_home,
    "end": Line.action_end,
}
