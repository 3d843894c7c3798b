"""The live case: keys in, requests out; everything painted is computed from the view."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from textual import events
from textual.app import ComposeResult
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input

from codelog.case.events import Event
from codelog.case.instants import SECOND
from codelog.live.writer import Outcome, Saved, Woken
from codelog.terminal.actions import BY_ID, BY_KEY
from codelog.terminal.acts import HANDLERS, Scribe
from codelog.terminal.acts.flags import banner_flag
from codelog.terminal.acts.record import close
from codelog.terminal.rows import Marks, Row, saved_row, waiting_row
from codelog.terminal.session import Press, Session
from codelog.terminal.strip import Strip
from codelog.terminal.widgets.banners import FlagBanner, trouble
from codelog.terminal.widgets.calm import Calm
from codelog.terminal.widgets.clocks import Clocks, running
from codelog.terminal.widgets.dock import legend, question
from codelog.terminal.widgets.sheets import case_sheet, help_sheet, sites_sheet, why_sheet
from codelog.terminal.widgets.timeline import Timeline

if TYPE_CHECKING:
    from codelog.terminal.app import ScribeApp

Waiting = Sequence[tuple[str, str | None, int]]
HELD_AT_MOST_S = 3.0
"""How long keys are held back at most while a resumed case is read."""
PARTS = (
    *("trouble", "clocks", "running", "flag", "timeline", "side", "sheet", "message", "note", "dock"),
    *("tile-case", "tile-access", "tile-attempts", "tile-adrenaline"),
)
SHEETS = {"help": "help", "sites": "sites", "flag.why": "why"}
SCREEN_ACTIONS = (*SHEETS, "note", "finish")
"""What this screen does itself; every other action has a handler."""
_NOTE_LIMIT = 20_000


class LiveScreen(Screen[None]):
    """One case. `token` tells outcomes of its writer from those of a case left before.

    A case that is resumed is read by its writer; until then keys are held back, with their instants, since what they
    mean depends on what is there.
    """

    AUTO_FOCUS = ""

    def __init__(self, token: object, session: Session, keys: Waiting = (), *, resumed: bool = False) -> None:
        super().__init__()
        self.token = token
        self.session = session
        self.scribe = Scribe(session, self.tell)
        self.strip: Strip | None = None
        self.sheet: str | None = None
        self._message = ""
        self._note: Press | None = None
        self._held: list[tuple[str, str | None, int]] = list(keys)
        self._holding = True
        self._resumed = resumed
        self._shown = 0
        self._zero: int | None = None
        self._marks = Marks()
        self._leaving = False

    def compose(self) -> ComposeResult:
        """Trouble, clocks, flag; the timeline and a sheet; what was said, the note, the foot."""
        yield Calm(id="trouble", classes="-vanishes")
        yield Clocks(id="clocks")
        yield Calm(id="running")
        yield FlagBanner(id="flag", classes="-vanishes")
        with Container(id="middle"):
            yield Timeline(id="timeline")
            with VerticalScroll(id="side", can_focus=False):
                yield Calm(id="sheet")
        yield Calm(id="message")
        yield Input(
            id="note", placeholder="the note; Enter keeps it, an empty one is dropped", max_length=_NOTE_LIMIT
        )
        yield Calm(id="dock")

    def on_mount(self) -> None:
        """Paint, take the keys that came before, and begin to tick."""
        self.query_one("#note", Input).display = False
        self._paint_saved()
        self._paint()
        if self._resumed and not self.session.entered:
            self.set_timer(HELD_AT_MOST_S, self._release)
        else:
            self._release()
        self._tick()

    def _release(self) -> None:
        self._holding = False
        held, self._held = self._held, []
        for key in held:
            self.press(*key)

    @property
    def _application(self) -> ScribeApp:
        return cast("ScribeApp", self.app)

    def tell(self, words: str) -> None:
        """Say something to the scribe; it stays until the next key."""
        self._message = words

    def on_key(self, event: events.Key) -> None:
        """Every key of ours; the rest is Textual's."""
        if event.key.startswith("ctrl+") or event.key == "escape":
            return
        if self._note is not None and event.key not in BY_KEY:
            return
        event.stop()
        event.prevent_default()
        self.press(event.key, event.character, self._application.boot_ms(event))

    def press(self, key: str, character: str | None, boot_ms: int) -> None:
        """Handle a key that was pressed at a reading of the boot clock."""
        if self._holding:
            self._held.append((key, character, boot_ms))
            return
        letter = character is not None and character.isascii() and character.isalpha() and len(key) == 1
        name = character.lower() if letter and character is not None else key
        self.scribe.press = Press(boot_ms)
        action = BY_KEY.get(name)
        if key in ("up", "down"):
            self._scroll(-1 if key == "up" else 1)
        elif action is not None:
            self._message = ""
            self._act(action.id, boot_ms)
        elif self.strip is not None:
            self._describe(key)
        elif key.isdigit():
            self.tell("Digits describe what a letter began. Press the letter first.")
        elif key == "enter":
            self._message = ""
        self._paint()

    def _act(self, id: str, boot_ms: int) -> None:
        if self.strip is not None:
            strip, self.strip = self.strip, None
            strip.close()
        if id in SHEETS:
            self.sheet = None if self.sheet == SHEETS[id] else SHEETS[id]
            self.query_one("#side").scroll_home(animate=False)
        elif id == "note":
            self._open_note(boot_ms)
        elif id == "finish":
            self._finish(boot_ms)
        else:
            self.strip = self.scribe.act(id, boot_ms)

    def _describe(self, key: str) -> None:
        strip = self.strip
        assert strip is not None
        if key.isdigit():
            strip.digit(int(key))
        elif key in ("enter", "space"):
            strip.enter()
        elif key == "backspace":
            strip.back()
        if not strip.open:
            self.strip = None

    def _scroll(self, lines: int) -> None:
        side = self.query_one("#side")
        if self.sheet is not None and side.max_scroll_y > 0:
            side.scroll_relative(y=lines, animate=False)
        else:
            self.query_one(Timeline).move(lines)

    def _open_note(self, boot_ms: int) -> None:
        ago, self.scribe.ago_ms = self.scribe.ago_ms, 0
        self._note = Press(boot_ms, ago)
        note = self.query_one("#note", Input)
        note.display = True
        note.focus()

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """The note is kept, at the instant at which it was begun."""
        message.stop()
        note, press = self.query_one("#note", Input), self._note
        if press is not None and message.value.strip():
            self.session.submit("note.added", {"text": message.value}, press)
        self._note = None
        note.value = ""
        note.display = False
        self.set_focus(None)
        self._paint()

    def _finish(self, boot_ms: int) -> None:
        closed = self.session.entered and self.session.view.state().closed is not None
        if closed:
            self._leave()
        else:
            press = Press(boot_ms, self.scribe.ago_ms)
            self.strip = close(self.scribe, press, self._leave)

    def _leave(self) -> None:
        if self._leaving:
            return
        self._leaving = True
        session = self.session
        self._application.in_thread(session.stop, self._left)

    def _left(self, stopped: bool) -> None:
        self._application.session = None
        self.app.pop_screen()

    def take(self, outcome: Outcome) -> None:
        """Take in what the writer said, and paint it."""
        said = self.session.take(outcome)
        if said is not None:
            self.tell(said)
        if self.strip is not None:
            self.strip.refresh()
        if self._whole:
            if isinstance(outcome, (Saved, Woken)):
                self._paint_saved()
            self._paint()
            if self._holding:
                self._release()

    @property
    def _whole(self) -> bool:
        """Whether every part is there: an outcome or a tick may come before, or when the screen is being taken down."""
        return self.is_mounted and all(self.query_one_optional(f"#{part}") is not None for part in PARTS)

    def _tick(self) -> None:
        if self._leaving:
            return
        if not self._whole:
            self.set_timer(0.1, self._tick)
            return
        self._paint_clocks()
        past = (self.session.view.now() - self.session.zero) % SECOND
        self.set_timer((SECOND - past) / 1000 + 0.005, self._tick)

    def _paint(self) -> None:
        if not self._whole:
            return
        zero = self.session.zero
        self.query_one(Timeline).show_waiting([waiting_row(p, zero) for p in self.session.pending.values()])
        self._paint_foot()
        self._paint_clocks()

    def _paint_saved(self) -> None:
        """Add the rows of new events and change those that they correct; all anew where case zero has moved."""
        session, timeline = self.session, self.query_one(Timeline)
        events = session.view.events
        new = events[self._shown :]
        changed = self._marks.follow(new)
        if self._zero != session.zero:
            self._zero = session.zero
            timeline.show([self._row(event) for event in events])
        else:
            timeline.add([self._row(event) for event in new])
            for seq in changed:
                if isinstance(seq, int) and seq <= self._shown:
                    timeline.change(seq - 1, self._row(events[seq - 1]))
        self._shown = len(events)

    def _row(self, event: Event) -> Row:
        return saved_row(event, self.session.zero, self.session.tables, self._marks)

    def _paint_clocks(self) -> None:
        session = self.session
        self.query_one("#trouble", Calm).show(trouble(session))
        self.query_one(Clocks).read(session)
        self.query_one("#running", Calm).show(running(session))
        flag = banner_flag(self.scribe)
        others = max(0, len(session.view.open_flags()) - 1)
        self.query_one(FlagBanner).read(flag, others)
        self._paint_sheet()

    def _paint_sheet(self) -> None:
        side, sheet = self.query_one("#side"), self.query_one("#sheet", Calm)
        view = self.session.view
        flag = banner_flag(self.scribe)
        wide = self.app.size.width >= 112
        side.display = wide or self.sheet is not None
        self.set_class(self.sheet is not None, "-sheet")
        if not side.display:
            return
        if self.sheet == "help":
            content = help_sheet()
        elif self.sheet == "why":
            content = Content("No flag is in view.") if flag is None else why_sheet(flag, view)
        elif self.sheet == "sites" or (wide and self._io_is_near()):
            content = sites_sheet(view, asked_for=self.sheet == "sites")
        else:
            content = case_sheet(view)
        sheet.show(content)

    def _io_is_near(self) -> bool:
        access = self.session.view.state().access
        tried = any(attempt.route == "io" for attempt in access.in_progress.values())
        return tried or any(flag.rule == "io-consider" for flag in self.session.view.open_flags())

    def _paint_foot(self) -> None:
        parts: list[tuple[str, str]] = []
        if self.scribe.ago_ms:
            parts.append((f" next entry: {self.scribe.ago_ms // 1000} s ago ", "bold reverse"))
        if self._note is not None:
            parts.append((" NOTE: letters go into the text until Enter ", "bold reverse"))
        if self.session.entered and self.session.view.state().closed is not None:
            parts.append(
                (f" CASE CLOSED: any entry reopens it, {BY_ID['finish'].key_words} leaves ", "bold reverse")
            )
        parts.append((f" {self._message}" if self._message else "", "$warning"))
        self.query_one("#message", Calm).show(Content.assemble(*parts))
        dock = self.query_one("#dock", Calm)
        strip = self.strip
        dock.set_class(strip is not None, "-asking")
        dock.show(legend() if strip is None else question(strip, max(40, self.size.width - 2)))


assert set(BY_ID) == {*HANDLERS, *SCREEN_ACTIONS}, "every action is done somewhere"
