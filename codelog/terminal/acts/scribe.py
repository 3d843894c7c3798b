"""The scribe's side of a session: which handler an action has, and what every handler needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from codelog.clinical.tables import Tables
from codelog.live.view import CaseView
from codelog.terminal.config import Config
from codelog.terminal.keymap import Keymap
from codelog.terminal.marks import detail_added
from codelog.terminal.session import Press, Session, Target
from codelog.terminal.strip import Choice, Step, Strip

Handler = Callable[["Scribe", Press], Strip | None]
HANDLERS: dict[str, Handler] = {}
"""Action id -> what it does. What only changes the screen is handled there."""


def act(*ids: str) -> Callable[[Handler], Handler]:
    """Make a function the handler of these actions."""

    def register(handler: Handler) -> Handler:
        for id in ids:
            HANDLERS[id] = handler
        return handler

    return register


@dataclass
class Scribe:
    """`press` is the key being handled now; `ago_ms` is armed for the next entry; `tell` speaks to the scribe.

    `newest` is the ticket of the newest entry made here.
    """

    session: Session
    tell: Callable[[str], None]
    config: Config = field(default_factory=Config)
    press: Press = field(default_factory=lambda: Press(0))
    ago_ms: int = 0
    newest: int | None = None

    @property
    def view(self) -> CaseView:
        """The case as saved."""
        return self.session.view

    @property
    def keymap(self) -> Keymap:
        """The actions with the keys they have here."""
        return self.config.keymap

    @property
    def tables(self) -> Tables:
        """The clinical tables."""
        return self.session.tables

    def act(self, id: str, boot_ms: int) -> Strip | None:
        """Do what an action does; returns the questions that follow."""
        self.press = Press(boot_ms)
        if id in _NOT_ENTRIES:
            return HANDLERS[id](self, self.press)
        press, self.ago_ms = Press(boot_ms, self.ago_ms), 0
        return HANDLERS[id](self, press)

    def submit(
        self,
        kind: str,
        data: Mapping[str, Any],
        press: Press,
        *,
        about: Target | None = None,
        follows: int | None = None,
    ) -> int:
        """Enter something; returns its ticket."""
        self.newest = self.session.submit(kind, data, press, about=about, follows=follows)
        return self.newest

    def add(self, ticket: int, field: str, value: Any) -> None:
        """Say now what was not said when the entry was made."""
        self.session.amend(ticket, {field: value}, detail_added(field), self.press)

    def one_of(
        self, targets: Sequence[Target], title: str, none: str, then: Callable[[Target], Step | None]
    ) -> Strip | None:
        """Go on with the only target, or ask which; left unanswered, the newest is meant."""
        if not targets:
            self.tell(none)
            return None
        if len(targets) == 1:
            return asking(title, targets[0].words, then(targets[0]))

        def newest() -> Step | None:
            return then(targets[0])

        def close() -> None:
            then(targets[0])

        choices = [Choice(target.words, target) for target in targets]
        return Strip(
            title, Step("which one?", then, choices, on_skip=newest, on_close=close, skips_to="the newest")
        )


_NOT_ENTRIES = frozenset({"earlier", "undo", "flag.accept", "flag.decline", "flag.snooze"})


def asking(title: str, what: str, step: Step | None) -> Strip | None:
    """A strip for a step, if there is one."""
    return None if step is None else Strip(f"{title}: {what}" if what else title, step)
