"""The live case: keys in, requests out; everything painted is computed from the view."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING, cast

from textual import events
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input

from codelog.case.instants import SECOND
from codelog.debrief.gaps import OpenGaps
from codelog.debrief.plain import plain
from codelog.live.writer import Outcome, Saved, Woken
from codelog.terminal.actions import BY_ID
from codelog.terminal.acts import HANDLERS, Scribe
from codelog.terminal.acts.flags import banner_flag
from codelog.terminal.acts.io_checks import io_checks
from codelog.terminal.acts.mend import mend
from codelog.terminal.acts.signoff import SignOff
from codelog.terminal.base import as_pressed
from codelog.terminal.bell import rings
from codelog.terminal.palette import Palette, open_palette
from codelog.terminal.rows import waiting_row
from codelog.terminal.screens.hand_over import hand_over
from codelog.terminal.screens.score import ScoreScreen
from codelog.terminal.session import Press, Session
from codelog.terminal.strip import Step, Strip
from codelog.terminal.typed import answer, note, shorthand
from codelog.terminal.widgets.banners import FlagBanner, trouble
from codelog.terminal.widgets.calm import Calm
from codelog.terminal.widgets.clocks import Clocks, running
from codelog.terminal.widgets.dock import legend, question
from codelog.terminal.widgets.feed import Feed
from codelog.terminal.widgets.line import Line
from codelog.terminal.widgets.side import Side
from codelog.terminal.widgets.telling import Telling
from codelog.terminal.widgets.timeline import Timeline

if TYPE_CHECKING:
    from codelog.terminal.app import ScribeApp
    from codelog.terminal.training.room import Room

Waiting = Sequence[tuple[str, str | None, int]]
HELD_AT_MOST_S = 3.0
"""How long keys are held back at most while a resumed case is read."""
WRITER_ANSWERS_S = 0.02
"""An entry that is saved so soon is painted once, as saved; later it is painted as waiting first."""
_CASE, _EARLIER = "case", "earlier"
"""Why keys are held back: the case is not there yet, or keys that were pressed earlier are not."""
PARTS = (
    *("trouble", "clocks", "running", "flag", "telling"),
    *("timeline", "side", "sheet", "message", "line", "dock"),
    *("tile-case", "tile-access", "tile-attempts", "tile-adrenaline"),
)
SHEETS = {"help": "help", "flag.why": "why"}
SCREEN_ACTIONS = (
    *SHEETS,
    "sites",
    *("note", "line", "finish", "palette", "report"),
    *("entry.older", "entry.newer", "entry.open", "sheet.further", "sheet.back"),
)
"""What this screen does itself; every other action has a handler."""
LOOKING = (
    "entry.older",
    "entry.newer",
    "sheet.further",
    "sheet.back",
    "help",
    "flag.why",
    "palette",
    "report",
)
"""Actions that only look: they leave the question that stands open."""


class LiveScreen(Screen[None]):
    """One case. `token` tells outcomes of its writer from those of a case left before.

    A case that is resumed is read by its writer; until then keys are held back, with their instants, since what they
    mean depends on what is there. So are they until `hand` has brought those that were pressed before.
    """

    AUTO_FOCUS = ""

    def __init__(
        self,
        token: object,
        session: Session,
        *,
        resumed: bool = False,
        room: Room | None = None,
    ) -> None:
        """`room` tells a training case, whose score is shown at the end."""
        super().__init__()
        self._room = room
        self.token = token
        self.session = session
        self.scribe = Scribe(session, self.tell, self._application.config)
        self.strip: Strip | None = None
        self._message = ""
        self._held: list[tuple[str, str | None, int]] = []
        self._holds = {_CASE, _EARLIER}
        self._resumed = resumed
        self._open_gaps = OpenGaps(session.tables)
        self._gaps = 0
        self._looked_at = 0
        self._pressed = False
        self._leaving = False
        self._opened_boot_ms = session.clock.boot_ms()
        self._frame = ExitStack()

    def compose(self) -> ComposeResult:
        """Trouble, clocks, flag; the timeline and a sheet; what was said, the note, the foot."""
        yield Calm(id="trouble", classes="-vanishes")
        yield Clocks(id="clocks")
        yield Calm(id="running")
        yield FlagBanner(id="flag", classes="-vanishes")
        yield Telling(id="telling", classes="-vanishes")
        with Container(id="middle"):
            timeline = Timeline(id="timeline")
            self._feed = Feed(timeline, self.session.tables)
            yield timeline
            yield Side(id="side")
        yield Calm(id="message")
        yield Line(id="line")
        yield Calm(id="dock")

    def on_mount(self) -> None:
        """Paint, take the keys that came meanwhile, and begin to tick."""
        self._paint_saved()
        self._paint()
        if self._resumed and not self.session.entered:
            self.set_timer(HELD_AT_MOST_S, partial(self._release, _CASE))
        else:
            self._release(_CASE)
        self._tick()

    def hand(self, keys: Waiting) -> None:
        """Take the keys that were pressed before this screen was there."""
        self._held[:0] = keys
        self._release(_EARLIER)

    def _release(self, hold: str) -> None:
        """One reason to hold keys back is gone; with the last, they are pressed in their order."""
        self._holds.discard(hold)
        if self._holds:
            return
        held, self._held = self._held, []
        for key in held:
            self.press(*key)

    @property
    def _application(self) -> ScribeApp:
        return cast("ScribeApp", self.app)

    def tell(self, words: str) -> None:
        """Say something to the scribe; it stays until the next key."""
        self._message = words

    @property
    def _line(self) -> Line:
        return self.query_one(Line)

    @property
    def _side(self) -> Side:
        return self.query_one(Side)

    @property
    def _timeline(self) -> Timeline:
        return self.query_one(Timeline)

    @property
    def sheet(self) -> str | None:
        """The sheet that was asked for."""
        return self._side.asked_for

    def on_key(self, event: events.Key) -> None:
        """Every key of ours; the rest is Textual's."""
        event = as_pressed(event)
        if event.key.startswith("ctrl+") or event.key == "escape":
            return
        if isinstance(self.app.screen, Palette):
            # It was on its way here when the palette opened.
            self.app.screen.on_key(event)
            return
        self.session.keys.press()
        event.stop()
        event.prevent_default()
        self.press(event.key, event.character, self._application.boot_ms(event))

    def press(self, key: str, character: str | None, boot_ms: int) -> None:
        """Handle a key that was pressed at a reading of the boot clock."""
        self._pressed = True
        if self._leaving:
            return
        if self._holds:
            self._held.append((key, character, boot_ms))
            return
        if self._line.typing is not None and not _acts_while_typing(key):
            self._message = ""
            self._line.key(key, character)
            self._type_for_strip()
            self._paint()
            return
        letter = character is not None and character.isascii() and character.isalpha() and len(key) == 1
        name = character.lower() if letter and character is not None else key
        self.scribe.press = Press(boot_ms)
        action = self.scribe.keymap.at(name)
        if self.strip is not None and key in ("enter", "space", "backspace") and not self._entry_wanted(key):
            self._describe(key)
        elif action is not None:
            self._act(action.id, boot_ms)
        elif self.strip is not None:
            self._describe(key)
        elif key.isdigit():
            self.tell("Digits describe what a letter began. Press the letter first.")
        self._type_for_strip()
        self._paint()
        self._hold_frame()

    def _hold_frame(self) -> None:
        """Keep what was painted from the terminal for a moment, so that the row of an entry comes with its number.

        Two frames would cost twice the work, and the second would have to wait for its turn.
        """
        self._frame.close()
        if self.session.pending and not self.session.not_saved:
            self._frame.enter_context(self.app.batch_update())
            # Not a timer of this screen: it may be gone by then, and the next one could not paint.
            self.app.set_timer(WRITER_ANSWERS_S, self._show_frame)

    def _show_frame(self) -> None:
        self._frame.close()
        self.check_idle()

    def _act(self, id: str, boot_ms: int) -> None:
        self._message = ""
        if id in LOOKING:
            self._look(id)
            return
        asked = self.strip is not None
        if id == "sites" and asked:
            self._toggle("sites")
            return
        self._close_strip()
        if id == "entry.open":
            self._open_entry()
            return
        self._unmark()
        if id == "sites":
            self._toggle("sites")
            if self._side.asked_for is not None:
                self.strip = io_checks(self.scribe, self.scribe.press)
        elif id == "note":
            self._line.open(note(self.scribe, self._armed(boot_ms)))
        elif id == "line":
            self._line.open(shorthand(self.scribe, self._armed(boot_ms), self.tell))
        elif id == "finish":
            self._finish(boot_ms)
        else:
            self.strip = self.scribe.act(id, boot_ms)

    def _armed(self, boot_ms: int) -> Press:
        """The press of an entry, with the time ago that was armed for it."""
        ago, self.scribe.ago_ms = self.scribe.ago_ms, 0
        return Press(boot_ms, ago)

    def _toggle(self, sheet: str) -> None:
        self._side.ask(None if self._side.asked_for == sheet else sheet)

    def _close_strip(self) -> None:
        if self.strip is not None:
            strip, self.strip = self.strip, None
            strip.close()

    def _entry_wanted(self, key: str) -> bool:
        """Whether Enter is meant for the marked entry: it was marked after the question was asked."""
        return key == "enter" and self._side.asked_for != "entry" and self._timeline.marked is not None

    def _look(self, id: str) -> None:
        if id == "palette":
            open_palette(self)
        elif id == "report":
            self._open_report()
        elif id in SHEETS:
            self._toggle(SHEETS[id])
        elif id == "sheet.further":
            self._side.further()
        elif id == "sheet.back":
            self._side.back()
        else:
            if self._side.asked_for == "entry":
                self._close_strip()
                self._side.ask(None)
            self._timeline.mark(-1 if id == "entry.older" else 1)

    def _open_report(self) -> None:
        from codelog.terminal.screens.report import ReportScreen

        desk = self._application.desk
        assert desk is not None
        self.app.push_screen(ReportScreen(desk, self.session.case, self.press))

    def _open_entry(self) -> None:
        """Show the marked entry whole, and ask what is to be changed in it."""
        marked = self._timeline.marked
        if marked is None:
            return
        event = self.session.view.events[marked]
        self._side.ask("entry", event)
        self.strip = mend(self.scribe, self._feed.marks.standing(event))
        if self.strip is None:
            self.tell("The program wrote this entry, or it is about a flag: it can be read, not mended.")

    def _unmark(self) -> None:
        self._timeline.unmark()
        if self._side.asked_for == "entry":
            self._side.ask(None)

    def _describe(self, key: str) -> None:
        strip = self.strip
        assert strip is not None
        if key.isdigit():
            strip.digit(int(key))
        elif key in ("enter", "space"):
            strip.enter()
        elif key == "backspace":
            strip.back()
        self._after_answer()

    def _after_answer(self) -> None:
        if self.strip is not None and not self.strip.open:
            self.strip = None
            self._unmark()

    def _type_for_strip(self) -> None:
        """Open the line where the question wants words, and close it when it does not any more."""
        line, strip = self._line, self.strip
        step = None if strip is None else strip.step
        if strip is not None and step is not None and step.words is not None:
            if line.typing is None or line.typing.purpose is not step:
                line.open(answer(strip, step, self._after_answer))
        elif line.typing is not None and isinstance(line.typing.purpose, Step):
            line.close()

    def on_input_changed(self, message: Input.Changed) -> None:
        """Words were pasted: what stands under the line follows."""
        message.stop()
        self._paint_foot()

    def _finish(self, boot_ms: int) -> None:
        closed = self.session.entered and self.session.view.state().closed is not None
        if closed:
            self._leave()
        else:
            press = Press(boot_ms, self.scribe.ago_ms)
            self.strip = SignOff(self.scribe, press, self._leave)

    def _leave(self) -> None:
        if self._leaving:
            return
        self._leaving = True
        session = self.session
        self._application.in_thread(session.stop, self._left)

    def _hand_over(self) -> None:
        """Another terminal writes the case now: what was typed and chosen so far counts, and then this one watches."""
        line = self._line
        if line.typing is not None and line.value.strip():
            line.key("enter", None)
        self._close_strip()
        self._leaving = True
        hand_over(self._application, self, self.session)

    def _left(self, stopped: bool) -> None:
        self._application.session = None
        if self._room is None:
            self.app.pop_screen()
        else:
            self.app.switch_screen(ScoreScreen.of(self.session, self._room.script))

    def take(self, outcome: Outcome) -> None:
        """Take in what the writer said, and paint it."""
        said = self.session.take(outcome)
        self._ring(outcome)
        if said is not None:
            self.tell(said)
        if self.strip is not None:
            self.strip.refresh()
        if self._whole:
            if isinstance(outcome, (Saved, Woken)):
                self._paint_saved()
            self._paint()
            self._release(_CASE)
        if not self.session.pending or self.session.not_saved:
            self._show_frame()

    def _ring(self, outcome: Outcome) -> None:
        """Ring for the flags that were raised while this screen was here, if that was asked for."""
        if isinstance(outcome, (Saved, Woken)):
            raised = outcome.recorded.written if isinstance(outcome, Saved) else outcome.events
            for _ in range(
                rings(raised, self.scribe.config.bell, self.session.clock.boot, self._opened_boot_ms)
            ):
                self.app.bell()

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
        if self.session.taken_over:
            self._hand_over()
            return
        self._paint_clocks()
        if not self._pressed and self._looked_at != self._feed.shown:
            self._use_quiet_moment()
        self._pressed = False
        past = (self.session.view.now() - self.session.zero) % SECOND
        self.set_timer((SECOND - past) / 1000 / self.session.clock.pace + 0.005, self._tick)

    def _use_quiet_moment(self) -> None:
        """Do what no key should have to wait for: look through the case for gaps, and collect what is garbage.

        What stays for as long as the case is left out of later collections.
        """
        view = self.session.view
        self._gaps = self._open_gaps.count(view.events, view.entries, view.state(), view.flags)
        self._paint_foot()
        gc.collect()
        if not self._looked_at:
            gc.freeze()
        self._looked_at = self._feed.shown

    def on_unmount(self) -> None:
        """The case is over, and with it what was kept for it."""
        gc.unfreeze()

    def _paint(self) -> None:
        if not self._whole:
            return
        zero = self.session.zero
        self.query_one(Timeline).show_waiting([waiting_row(p, zero) for p in self.session.pending.values()])
        self._paint_foot()
        self._paint_clocks()

    def _paint_saved(self) -> None:
        self._feed.show(self.session.view.events, self.session.zero)

    def _paint_clocks(self) -> None:
        session = self.session
        self.query_one("#trouble", Calm).show(trouble(session))
        self.query_one(Clocks).read(session)
        self.query_one("#running", Calm).show(running(session))
        flag = banner_flag(self.scribe)
        others = max(0, len(session.view.open_flags()) - 1)
        lit = (session.view.now() - session.zero) // SECOND % 2 == 0
        self.query_one(FlagBanner).read(
            flag, others, self.scribe.keymap, flash=self.scribe.config.flash and lit
        )
        self.query_one(Telling).read(self._room, session.view.now() - session.zero)
        self._side.read(self.scribe, self._feed.marks, flag, self.strip)

    def _paint_foot(self) -> None:
        parts: list[tuple[str, str]] = []
        if self.scribe.ago_ms:
            parts.append((f" next entry: {self.scribe.ago_ms // 1000} s ago ", "bold reverse"))
        typing = self._line.typing
        if typing is not None:
            parts.append(
                (f" {plain(typing.title, 200)}: letters go into the line until Enter ", "bold reverse")
            )
        if self.session.entered and self.session.view.state().closed is not None:
            keys = self.scribe.keymap
            parts.append(
                (
                    f" CASE CLOSED: any entry reopens it, {keys.key('report')} reports, {keys.key('finish')} leaves ",
                    "bold reverse",
                )
            )
        if self._message:
            parts.append((f" {self._message}", "$warning"))
        elif self._gaps and typing is None and self.strip is None:
            parts.append((f" {self._gaps} {'gap' if self._gaps == 1 else 'gaps'} at sign-off", "$quiet"))
        self.query_one("#message", Calm).show(Content.assemble(*parts))
        dock = self.query_one("#dock", Calm)
        dock.set_class(self.strip is not None or typing is not None, "-asking")
        dock.show(self._dock())

    def _dock(self) -> Content:
        """The line's own foot, else the question that stands open, else the keys."""
        typing = self._line.typing
        if typing is not None and typing.foot is not None:
            return typing.foot(self._line.value)
        if self.strip is not None:
            return question(self.strip, max(40, self.size.width - 2))
        return legend(self.scribe.keymap)


def _acts_while_typing(key: str) -> bool:
    """F-keys go on to act while words are typed."""
    return key.startswith("f") and key[1:].isdigit()


assert set(BY_ID) == {*HANDLERS, *SCREEN_ACTIONS}, "every action is done somewhere"
