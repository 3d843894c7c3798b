"""The command palette: every action of the registry by its name, and the colours. Choosing one is pressing its key.

Not Textual's own: there a search runs beside the keys, and the instant of a choice would depend on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, cast

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.fuzzy import Matcher
from textual.screen import ModalScreen

from codelog.debrief.plain import plain
from codelog.terminal.keymap import FIXED, Keymap
from codelog.terminal.themes import THEMES
from codelog.terminal.widgets.calm import Calm

if TYPE_CHECKING:
    from codelog.terminal.app import ScribeApp
    from codelog.terminal.screens.live import LiveScreen

_LONGEST_QUERY = 60


@dataclass(frozen=True, slots=True)
class Offer:
    """One line of the palette; `choose` gets the instant of the choice on the boot clock."""

    key: str
    words: str
    choose: Callable[[int], None]


def offers(
    keymap: Keymap, press: Callable[[str, None, int], None], colours: Callable[[str], None]
) -> list[Offer]:
    """Every action but the palette itself, in the order of the registry, then the colours."""
    found = [
        Offer(action.key_words, f"{action.name}: {action.words}", partial(press, action.key, None))
        for action in keymap.actions
        if action.id != "palette"
    ]
    for theme in THEMES:
        look = theme.name.removeprefix("codelog-")
        found.append(Offer("", f"colours: {look}", partial(_colour, colours, theme.name)))
    return found


def _colour(colours: Callable[[str], None], theme: str, _boot_ms: int) -> None:
    colours(theme)


def matching(offered: Iterable[Offer], query: str) -> list[Offer]:
    """What matches, the best first; without a query all of it."""
    if not query:
        return list(offered)
    matcher = Matcher(query)
    scored = [(matcher.match(offer.words), offer) for offer in offered]
    return [offer for score, offer in sorted(scored, key=lambda pair: -pair[0]) if score > 0]


class Palette(ModalScreen[None]):
    """In the lower part of the screen, so that clocks and flag stay in view.

    Letters go into the search. F-keys and Tab close it and act, as a letter does in a question. Keys that come when a
    choice is made already are the live screen's.
    """

    AUTO_FOCUS = ""

    def __init__(self, live: LiveScreen) -> None:
        super().__init__()
        self._live = live
        self._offers = offers(live.scribe.keymap, live.press, self._colour)
        self._query = ""
        self._found = self._offers
        self._chosen = 0
        self._open = True

    def compose(self) -> ComposeResult:
        """The search, what was found, and what the keys do here."""
        with Vertical(id="palette"):
            yield Calm(id="query")
            yield Calm(id="found")
            yield Calm(id="hint")

    def on_mount(self) -> None:
        """Show everything."""
        self._paint()

    def on_resize(self) -> None:
        """As many lines as fit now."""
        self._paint()

    def on_key(self, event: events.Key) -> None:
        """Every key of ours; the rest is Textual's."""
        if event.key.startswith("ctrl+") or event.key == "escape":
            return
        if not self._open:
            self._live.on_key(event)
            return
        event.stop()
        event.prevent_default()
        action = self._live.scribe.keymap.at(event.key)
        if event.key in ("up", "down"):
            self._move(-1 if event.key == "up" else 1)
        elif event.key == "enter":
            self._choose(self._boot_ms(event))
        elif event.key == "backspace" and self._query:
            self._search(self._query[:-1])
        elif event.key == "backspace":
            self._close()
        elif event.is_printable and event.character is not None:
            self._search(self._query + event.character)
        elif action is not None and event.key not in FIXED:
            self._close()
            if action.id != "palette":
                self._live.press(event.key, event.character, self._boot_ms(event))
        self._paint()

    def on_click(self, event: events.Click) -> None:
        """A line that is clicked is chosen; beside the palette, it closes."""
        if event.widget is self:
            self._close()
        elif event.widget is self.query_one("#found"):
            place = self._first() + event.y
            if place < len(self._found):
                self._chosen = place
                self._choose(self._boot_ms(event))

    def _boot_ms(self, event: events.Event) -> int:
        return cast("ScribeApp", self.app).boot_ms(event)

    def _colour(self, theme: str) -> None:
        self.app.theme = theme

    def _move(self, step: int) -> None:
        self._chosen = max(0, min(len(self._found) - 1, self._chosen + step))

    def _search(self, query: str) -> None:
        self._query = query[:_LONGEST_QUERY]
        self._found = matching(self._offers, self._query.strip())
        self._chosen = 0

    def _choose(self, boot_ms: int) -> None:
        if self._found:
            self._close()
            self._found[self._chosen].choose(boot_ms)

    def _close(self) -> None:
        if self._open:
            self._open = False
            self.dismiss()

    def _first(self) -> int:
        """The place of the topmost line that is shown: the chosen one is always in view."""
        height = max(1, self.query_one("#found").size.height)
        return max(0, self._chosen - height + 1)

    def _paint(self) -> None:
        if not self._open or self.query_one_optional("#hint") is None:
            return
        self.query_one("#query", Calm).show(
            Content.assemble(
                (" FIND ", "bold reverse"), f" {plain(self._query, _LONGEST_QUERY)}", ("▏", "$quiet")
            )
        )
        first = self._first()
        height = max(1, self.query_one("#found").size.height)
        lines = [
            Content.assemble(
                ("▶" if place == self._chosen else " ", "bold $primary"),
                (f"{offer.key:>5} ", "bold $key"),
                (offer.words, "bold reverse" if place == self._chosen else ""),
            )
            for place, offer in enumerate(self._found[first : first + height], start=first)
        ]
        self.query_one("#found", Calm).show(
            Content("\n").join(lines) if lines else Content("Nothing is called that. Backspace goes back.")
        )
        self.query_one("#hint", Calm).show(self._hint())

    def _hint(self) -> Content:
        key = "bold $key"
        return Content.assemble(
            ("Enter", key),
            " does it   ",
            ("↑ ↓", key),
            " move   letters search, F-keys act at once   ",
            (self._live.scribe.keymap.key("palette"), key),
            " closes",
        )


def open_palette(live: LiveScreen) -> None:
    """Put the palette over a live case, which goes on beneath it."""
    if live.app.screen is live:
        live.app.push_screen(Palette(live))
