"""Answers to the flag in the banner."""

from __future__ import annotations

from codelog.case.flags import Flag
from codelog.debrief.wording import WORDS
from codelog.terminal.acts.scribe import Scribe, act
from codelog.terminal.session import Press
from codelog.terminal.strip import Choice, Step, Strip

_NONE = "No flag is in view."


def banner_flag(scribe: Scribe) -> Flag | None:
    """The flag that the banner shows: the most urgent one that nobody is about to have answered."""
    answered = {p.data.get("flag") for p in scribe.session.pending.values() if p.kind.startswith("flag.")}
    return next((flag for flag in scribe.view.open_flags() if flag.number not in answered), None)


@act("flag.accept")
def accept(scribe: Scribe, press: Press) -> Strip | None:
    """The flag is agreed with."""
    flag = banner_flag(scribe)
    if flag is None:
        scribe.tell(_NONE)
    else:
        scribe.submit("flag.acknowledged", {"flag": flag.number, "action": "accepted"}, press)
    return None


@act("flag.decline")
def decline(scribe: Scribe, press: Press) -> Strip | None:
    """The flag is declined, for a reason."""
    flag = banner_flag(scribe)
    if flag is None:
        scribe.tell(_NONE)
        return None
    number = flag.number

    def say(reason: str) -> None:
        scribe.submit("flag.acknowledged", {"flag": number, "action": "declined", "reason": reason}, press)

    def leave() -> None:
        scribe.tell("The flag stays: declining it needs a reason.")

    choices = [Choice(words, reason) for reason, words in WORDS["decline"].items()]
    step = Step("why?", say, choices, on_skip=leave, on_close=leave, skips_to="leave it")
    return Strip(f"Decline flag {number}", step)


@act("flag.snooze")
def snooze(scribe: Scribe, press: Press) -> Strip | None:
    """The flag is put off."""
    flag = banner_flag(scribe)
    if flag is None:
        scribe.tell(_NONE)
        return None
    number = flag.number

    def say(seconds: int) -> None:
        scribe.submit("flag.snoozed", {"flag": number, "seconds": seconds}, press)

    choices = [Choice(f"{seconds} s", seconds) for seconds in scribe.config.snooze_seconds]
    return Strip(f"Snooze flag {number}", Step("for how long?", say, choices, skips_to="leave it"))
