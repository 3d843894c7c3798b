"""What a terminal does when another one has taken over its case: write what is on its way, then only watch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.screen import Screen

from codelog.live.follow import Follower
from codelog.terminal.holders import handed_over
from codelog.terminal.screens.watch import WatchScreen

if TYPE_CHECKING:
    from codelog.terminal.app import ScribeApp
    from codelog.terminal.session import Session

STILL_WAITS = " Some entries are not in the store yet; they are kept beside it and entered by the other terminal or at the next start."


def hand_over(app: ScribeApp, screen: Screen[None], session: Session) -> None:
    """Stop the session beside the screen, and put the room's screen of the same case in the place of `screen`."""
    desk, claim = app.desk, session.claim
    assert desk is not None and claim is not None
    words = handed_over(claim.successor())

    def stop() -> tuple[Follower, bool]:
        stopped = session.stop()
        return desk.follow(session.case), stopped

    def watch(made: tuple[Follower, bool]) -> None:
        follower, stopped = made
        app.session = None
        while app.screen is not screen:
            app.pop_screen()
        app.switch_screen(WatchScreen(follower, words if stopped else words + STILL_WAITS))

    app.in_thread(stop, watch)
