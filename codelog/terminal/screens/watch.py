"""A case for the whole room, on a second screen: read-only, large, following the log."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual import events
from textual.app import ComposeResult
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.screen import Screen

from codelog.case.instants import MINUTE, SECOND
from codelog.live.follow import Follower, News
from codelog.live.presence import Holder
from codelog.terminal.holders import writer_words
from codelog.terminal.messages import Done
from codelog.terminal.widgets.calm import Calm
from codelog.terminal.widgets.feed import Feed
from codelog.terminal.widgets.room import LargeClocks, RoomFlag, bones, heading, trouble
from codelog.terminal.widgets.timeline import Timeline

if TYPE_CHECKING:
    from codelog.terminal.base import CodelogApp

PARTS = ("heading", "trouble", "room-clocks", "flag", "room-side", "timeline", "room-foot")
ONLY_WATCHES = "This screen only watches: nothing can be entered here."
_KEYS = (("F1", "help"), ("F10", "leave"), ("↑ ↓", "scroll"))
_HELP = """This screen shows a case to everybody in the room, and writes nothing.

The large figures are the time from case zero, the time for which access has been wanted and is not there, and the \
attempts at a vein with their limit. They run on the clock of the case, which neither steps nor stops.

A flag is shown as the scribe sees it: *** high, ** medium, * low. It is an aid, not an order.

The sites of an intraosseous needle stand in order: a digit is open, × is ruled out, with the reason."""


class WatchScreen(Screen[None]):
    """Shows what a follower reads. `notice` says why one is here, if that needs saying."""

    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (112, "-wide"), (150, "-widest")]  # noqa: RUF012

    def __init__(self, follower: Follower, notice: str = "") -> None:
        super().__init__()
        self.follower = follower
        self._notice = notice
        self._holder: Holder | None = None
        self._unreadable: str | None = None
        self._read = False
        self._help = False
        self._bones_shown: tuple[int, int, Size, bool] | None = None

    def compose(self) -> ComposeResult:
        """Which case, what is wrong, the figures, the flag; the bones and the entries; the keys."""
        yield Calm(id="heading")
        yield Calm(id="trouble", classes="-vanishes")
        yield Calm(id="notice", classes="-vanishes")
        yield LargeClocks(id="room-clocks")
        yield RoomFlag(id="flag", classes="-vanishes")
        with Container(id="room-middle"):
            with VerticalScroll(id="room-side", can_focus=False):
                yield Calm(id="bones")
            yield Timeline(id="timeline")
        yield Calm(id="room-foot")

    def on_mount(self) -> None:
        """Begin to read and to tick."""
        self._feed = Feed(self.query_one(Timeline), self.follower.view.tables)
        self.follower.start(self._heard)
        self._tick()

    def on_unmount(self) -> None:
        """Stop reading."""
        self.follower.close()

    @property
    def _application(self) -> CodelogApp:
        return cast("CodelogApp", self.app)

    def _heard(self, news: News) -> None:
        """Called by the follower's thread."""
        self._application.post_message(Done(self._take, news, None))

    def _take(self, news: News) -> None:
        self.follower.view.follow(news.events)
        self._holder, self._unreadable, self._read = news.holder, news.trouble, True
        self._paint()

    def on_key(self, event: events.Key) -> None:
        """Help, leaving, scrolling; whoever types is told that nothing is entered."""
        if event.key.startswith("ctrl+") or event.key == "escape":
            return
        event.stop()
        event.prevent_default()
        if event.key == "f10":
            self.dismiss()
            return
        if event.key == "f1":
            self._help = not self._help
        elif event.key in ("up", "down"):
            timeline = self.query_one(Timeline)
            timeline.scroll_relative(y=-1 if event.key == "up" else 1, animate=False, immediate=True)
            timeline.following = timeline.scroll_offset.y >= timeline.max_scroll_y
        elif event.is_printable:
            self._notice = ONLY_WATCHES
        self._paint()

    def on_resize(self) -> None:
        """Letters are as large as the screen lets them be."""
        self.call_after_refresh(self._paint)

    def _tick(self) -> None:
        view = self.follower.view
        self._paint()
        past = (view.now() - view.state().zero) % SECOND
        self.set_timer((SECOND - past) / 1000 + 0.005, self._tick)

    @property
    def _whole(self) -> bool:
        """Whether every part is there: a tick may come before, or when the screen is being taken down."""
        return self.is_mounted and all(self.query_one_optional(f"#{part}") is not None for part in PARTS)

    def _paint(self) -> None:
        if not self._whole:
            return
        view = self.follower.view
        self.query_one("#heading", Calm).show(heading(view, self.follower.case))
        wrong = trouble(view, self._holder, self._unreadable) if self._read else Content("")
        self.query_one("#trouble", Calm).show(wrong)
        self.query_one("#notice", Calm).show(Content(self._notice))
        self.query_one(LargeClocks).read(view)
        flags = view.open_flags()
        self.query_one(RoomFlag).read(flags[0] if flags else None, len(flags) - 1)
        self._paint_bones()
        self._feed.show(view.events, view.state().zero)
        self.query_one("#room-foot", Calm).show(self._foot())

    def _paint_bones(self) -> None:
        """Anew only for a new entry, another size or another minute: an old attempt stops counting some day."""
        view, room = self.follower.view, self.query_one("#room-side").content_size
        shown = (len(view.events), view.now() // MINUTE, room, self._help)
        if shown != self._bones_shown:
            self._bones_shown = shown
            content = Content(_HELP) if self._help else bones(view, room.width, room.height)
            self.query_one("#bones", Calm).show(content)

    def _foot(self) -> Content:
        parts: list[tuple[str, str]] = []
        for key, words in _KEYS:
            parts += [(key, "bold $key"), (f" {words}   ", "")]
        view = self.follower.view
        closed = bool(view.events) and view.state().closed is not None
        if closed:
            parts.append((" CASE CLOSED ", "bold reverse"))
        elif self._holder is not None:
            parts.append((writer_words(self._holder), "$quiet"))
        if self.follower.streams > 1:
            parts.append((f"   one of {self.follower.streams} records of this case", "$warning"))
        return Content.assemble(*parts)
