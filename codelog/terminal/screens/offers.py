"""What can be done with a case that another terminal writes: watch it, take it over, or leave it."""

from __future__ import annotations

from collections.abc import Callable

from codelog.live.presence import Holder
from codelog.terminal.holders import writer_words
from codelog.terminal.strip import Choice, Step, Strip

Act = Callable[[], None]


def offer(holder: Holder, watch: Act, take_over: Act) -> Strip:
    """The question, with who writes the case; Enter and any letter leave it alone."""

    def chosen(act: Act) -> None:
        act()

    choices = [
        Choice("watch it here, read-only", watch),
        Choice("take over: record here, and the other terminal only watches", take_over),
        Choice("leave it", lambda: None),
    ]
    step = Step("go on with it how?", chosen, choices, skips_to="leave it")
    return Strip(f"This case is {writer_words(holder)}", step)
