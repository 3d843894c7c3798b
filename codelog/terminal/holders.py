"""Who writes a case, in words; and from where we do."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime

from codelog.debrief.plain import plain
from codelog.live.presence import Claim, Holder


def here() -> str:
    """Where this process is used: the device of its terminal, or the browser."""
    if "TEXTUAL_DRIVER" in os.environ:
        return "browser"
    for stream in (sys.__stdin__, sys.__stdout__, sys.__stderr__):
        try:
            if stream is not None:
                return os.ttyname(stream.fileno())
        except (OSError, ValueError):
            continue
    return "a process without a terminal"


def writer_words(holder: Holder) -> str:
    """Who writes, where and since when."""
    if not holder.since:
        return f"written by {plain(holder.name, 80)}"
    since = datetime.fromtimestamp(holder.since / 1000, UTC).astimezone().strftime("%H:%M")
    return f"written by {plain(holder.name, 80)} since {since}"


def taken_over(claim: Claim) -> str | None:
    """What the record says of a claim that was taken from somebody, or None."""
    if claim.before is None:
        return None
    return f"Recording taken over by {claim.holder.name} from {claim.before.name}"


def handed_over(successor: Holder | None) -> str:
    """What whoever wrote until now is told."""
    who = "somebody else" if successor is None else plain(successor.name, 80)
    return f"Recording was taken over by {who}. What you entered until then is written; this screen only watches now."
