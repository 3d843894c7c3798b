"""The first screen: go on with a case, open a new one, or take up a published one for training."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen

from codelog import __version__
from codelog.debrief.plain import plain
from codelog.live.presence import Holder
from codelog.terminal.base import as_pressed
from codelog.terminal.holders import writer_words
from codelog.terminal.widgets.calm import Calm

if TYPE_CHECKING:
    from codelog.live.follow import Follower
    from codelog.terminal.app import ScribeApp
    from codelog.terminal.desk import Desk, OpenCase, Training
    from codelog.terminal.screens.opening import Opening
    from codelog.terminal.session import Session
    from codelog.terminal.strip import Strip
    from codelog.terminal.training.room import Room

DISCLAIMER = "An aid to documentation, not a medical device."


@dataclass(frozen=True, slots=True)
class Entry:
    """One line that Enter can be pressed on."""

    key: str
    words: str
    beneath: str
    act: Callable[[], None]


class StartScreen(Screen[None]):
    """Keys pressed before the store is open are kept, with their instants."""

    AUTO_FOCUS = ""

    def __init__(self) -> None:
        super().__init__()
        self._desk: Desk | None = None
        self._busy = True
        self._kept: list[tuple[str, str | None, int]] = []
        self._early: list[tuple[str, str | None, float]] = []
        self._entries: list[Entry] = []
        self._cases: list[OpenCase] = []
        self._trainings: list[Training] = []
        self._chosen = 0
        self._strip: Strip | None = None

    def compose(self) -> ComposeResult:
        """Title, what can be done, and the foot."""
        yield Calm(id="title")
        with VerticalScroll(id="entries", can_focus=False):
            yield Calm(id="list")
        yield Calm(id="message", classes="-vanishes")
        yield Calm(id="dock")

    def on_mount(self) -> None:
        """Say who we are."""
        self.query_one("#title", Calm).show(
            Content.assemble(
                ("codelog", "bold $primary"),
                (f" {__version__}   resuscitation timeline\n", "$quiet"),
                (DISCLAIMER, "$warning"),
            )
        )
        self._show_message(self._application.complaint)
        self._paint()

    @property
    def idle(self) -> bool:
        """Whether keys are handled at once."""
        return not self._busy

    @property
    def _application(self) -> ScribeApp:
        return cast("ScribeApp", self.app)

    def ready(self, desk: Desk) -> None:
        """The store is open: see what is in it, or begin the training that was asked for."""
        self._desk = desk
        training = self._application.training
        if training is None:
            self._look()
        else:
            self._train_with(*training)

    def on_screen_resume(self) -> None:
        """Back from a case: look again."""
        if self._desk is not None and not self._busy:
            self._look()

    def tell(self, words: str) -> None:
        """Say something that has to be known."""
        self._busy = False
        self._show_message(words)

    def _show_message(self, words: str) -> None:
        self.query_one("#message", Calm).show(Content.assemble((plain(words, 600), "bold $warning")))

    def on_key(self, event: events.Key) -> None:
        """Letters act, digits answer, arrows move, Enter takes the line that is marked."""
        event = as_pressed(event)
        if event.key.startswith("ctrl+") or event.key == "escape":
            return
        event.stop()
        event.prevent_default()
        if self._desk is None:
            self._early.append((event.key, event.character, event.time))
            return
        self.press(event.key, event.character, self._application.boot_ms(event))

    def press(self, key: str, character: str | None, boot_ms: int) -> None:
        """Handle a key that was pressed at a reading of the boot clock."""
        if self._busy:
            self._kept.append((key, character, boot_ms))
            return
        letter = (
            character.lower()
            if character is not None and character.isascii() and character.isalpha()
            else None
        )
        if self._strip is not None:
            self._answer(key, letter, character, boot_ms)
        elif key == "up":
            self._chosen = max(0, self._chosen - 1)
        elif key == "down":
            self._chosen = min(len(self._entries) - 1, self._chosen + 1)
        elif key == "enter" and self._entries:
            self._press = boot_ms
            self._entries[self._chosen].act()
        elif (letter or key) == self._application.config.keymap["finish"].key:
            self.app.exit()
        else:
            for entry in self._entries:
                if entry.key and letter == entry.key:
                    self._press = boot_ms
                    entry.act()
                    break
        self._paint()

    def _answer(self, key: str, letter: str | None, character: str | None, boot_ms: int) -> None:
        strip = self._strip
        assert strip is not None
        if key.isdigit():
            strip.digit(int(key))
        elif key in ("enter", "space"):
            strip.enter()
        elif key == "backspace":
            strip.back()
        elif letter is not None:
            self._kept.append((key, character, boot_ms))
            strip.close()
        if not strip.open and self._strip is strip:
            self._strip = None
        if letter is not None and not self._busy:
            # Nothing is being opened that the letter could be for, so it is for this screen.
            self._press_kept()

    def _look(self) -> None:
        desk = self._desk
        assert desk is not None
        self._busy = True
        self._application.in_thread(lambda: (desk.open_cases(), desk.trainings()), self._seen)

    def _seen(self, found: tuple[list[OpenCase], list[Training]]) -> None:
        self._cases, self._trainings = found
        self._busy = False
        self._entries = [
            Entry(
                "r" if number == 0 else "", f"Go on with {case.words}", self._since(case), self._resumer(case)
            )
            for number, case in enumerate(self._cases)
        ]
        self._entries.append(Entry("n", "New case", "the clock starts at this key", self._new))
        self._entries.append(
            Entry("t", "Training", "a published case, told as it happens; at the end a score", self._train)
        )
        self._entries.append(
            Entry(
                "a",
                "All cases",
                "the list of every case, with search; look at one or go on with it",
                self._list,
            )
        )
        self._chosen = 0
        self._paint()
        early, self._early = self._early, []
        boot, monotonic = self._application.boot_ms(), time.monotonic()
        kept = [
            (key, character, boot - int((monotonic - at) * 1000)) for key, character, at in early
        ] + self._kept
        self._kept = kept
        self._press_kept()

    def _press_kept(self) -> None:
        kept, self._kept = self._kept, []
        for waiting in kept:
            self.press(*waiting)

    def _since(self, case: OpenCase) -> str:
        opened = datetime.fromtimestamp(case.opened_at / 1000, UTC).astimezone()
        training = "TRAINING, " if case.training else ""
        written = f", {writer_words(case.holder)}" if case.holder is not None else ""
        return f"{training}opened {opened.strftime('%Y-%m-%d %H:%M')}, {case.events} entries{written}"

    def _new(self) -> None:
        from codelog.terminal.screens.opening import Opening

        self._strip = Opening(self._press, self._open, self._application.config.ago_seconds).strip()

    def _open(self, opening: Opening) -> None:
        desk = self._desk
        assert desk is not None
        token, publish = self._application.publisher()
        session = desk.new(publish)
        session.start()
        opening.enter(session)
        self._go_live(token, session)

    def _resumer(self, case: OpenCase) -> Callable[[], None]:
        return lambda: self._resume(case.case)

    def _resume(self, case: str, *, take_over: bool = False) -> None:
        desk = self._desk
        assert desk is not None
        self._busy = True
        token, publish = self._application.publisher()

        def resumed(found: Session | Holder) -> None:
            if isinstance(found, Holder):
                self._offer(case, found)
                return
            self._go_live(token, found, resumed=True)
            found.start()

        self._application.in_thread(lambda: desk.resume(case, publish, take_over=take_over), resumed)

    def _offer(self, case: str, holder: Holder) -> None:
        from codelog.terminal.screens.offers import offer

        self._busy = False
        # What was typed meanwhile is for the case, if it is taken over; it does not answer a question not seen yet.
        early, self._kept = self._kept, []

        def take_over() -> None:
            self._kept = early
            self._resume(case, take_over=True)

        self._strip = offer(holder, lambda: self._watch(case), take_over)
        self._paint()

    def _watch(self, case: str) -> None:
        from codelog.terminal.screens.watch import WatchScreen

        desk = self._desk
        assert desk is not None
        self._busy = True

        def found(follower: Follower) -> None:
            self._busy = False
            self.app.push_screen(WatchScreen(follower))

        self._application.in_thread(lambda: desk.follow(case), found)

    def _list(self) -> None:
        from codelog.terminal.screens.case_list import CaseListScreen

        desk = self._desk
        assert desk is not None
        self.app.push_screen(CaseListScreen(desk, self._resume, self._watch))

    def _train(self) -> None:
        from codelog.terminal.strip import Choice, Step, Strip

        choices = [Choice(training.words, training.name) for training in self._trainings]
        self._strip = Strip("Training", Step("which case?", self._train_with, choices, skips_to="none"))

    def _train_with(self, name: str, pace: float = 1.0) -> None:
        desk = self._desk
        assert desk is not None
        self._busy = True
        token, publish = self._application.publisher()

        def begin(made: tuple[Session, Room]) -> None:
            from codelog.terminal.session import Press

            session, room = made
            # Their instants are readings of another clock, and nothing was there yet to be recorded.
            self._kept = []
            session.start()
            session.submit(
                "case.opened", room.script.opening(pace), Press(session.clock.boot_ms(), room.begins)
            )
            self._go_live(token, session, room=room)

        self._application.in_thread(lambda: desk.train(name, pace, publish), begin)

    def _go_live(
        self, token: object, session: Session, *, resumed: bool = False, room: Room | None = None
    ) -> None:
        from codelog.terminal.screens.live import LiveScreen

        self._strip = None
        # Whatever is still on its way here is for the case: it is kept, and handed over once the last of it has come.
        self._busy = True
        self._application.session = session
        live = LiveScreen(token, session, resumed=resumed, room=room)
        self.app.push_screen(live)

        def hand_over() -> None:
            kept, self._kept = self._kept, []
            self._busy = False
            live.hand(kept)

        self.call_later(hand_over)

    def _paint(self) -> None:
        if not self.is_mounted:
            return
        if self._desk is None:
            self.query_one("#list", Calm).show(Content.assemble(("Opening the store ...", "$quiet")))
            return
        parts: list[tuple[str, str]] = []
        for number, entry in enumerate(self._entries):
            chosen = number == self._chosen and self._strip is None
            parts += [
                ("▶ " if chosen else "  ", "bold $primary"),
                (f"{entry.key or ' '} ", "bold $key"),
                (f" {entry.words} ", "bold reverse" if chosen else "bold"),
                (f"\n      {entry.beneath}\n\n", "$quiet"),
            ]
        self.query_one("#list", Calm).show(Content.assemble(*parts).rstrip())
        self.query_one("#dock", Calm).show(self._foot())

    def _foot(self) -> Content:
        if self._strip is not None and self._strip.open:
            from codelog.terminal.widgets.dock import question

            return question(self._strip, max(40, self.size.width - 10), "any letter begins")
        key = "bold $key"
        return Content.assemble(
            ("Enter", key),
            (" takes the marked line   ", ""),
            ("↑ ↓", key),
            (" move   ", ""),
            (self._application.config.keymap.key("finish"), key),
            (" quit", ""),
        )
