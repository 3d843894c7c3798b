"""Instants and spans of time, as whole milliseconds.

An instant is an `int`: milliseconds since 1970-01-01T00:00:00Z. A span is an `int` of milliseconds.
Nothing here reads a clock.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")
_ELAPSED = re.compile(r"(?:([0-9]{1,6}):)?([0-9]{1,6}):([0-9]{2})(?:\.([0-9]{3}))?")

LATEST = 253_402_300_799_999
"""9999-12-31T23:59:59.999Z, the last instant that the line format can hold."""


class InstantError(ValueError):
    """A text is no instant or no elapsed time; the message says what would be."""


def parse_instant(text: str) -> int:
    """Read `2026-11-22T16:27:52.123Z`: UTC, always milliseconds, always `Z`."""
    if _INSTANT.fullmatch(text):
        try:
            return (datetime.fromisoformat(text) - _EPOCH) // _MILLISECOND
        except ValueError:
            pass
    raise InstantError(f"{_shown(text)} is not an instant; write UTC like 2026-11-22T16:27:52.123Z")


def format_instant(instant: int) -> str:
    """Write an instant in the one form that lines use."""
    moment = _EPOCH + timedelta(milliseconds=instant)
    return moment.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def parse_elapsed(text: str) -> int:
    """Read `M:SS` or `H:MM:SS`, with `.mmm` if wanted, as milliseconds."""
    match = _ELAPSED.fullmatch(text)
    if match:
        hours, minutes, seconds, millis = match.groups()
        in_range = int(seconds) < 60 and (hours is None or (len(minutes) == 2 and int(minutes) < 60))
        if in_range:
            total = int(hours or 0) * HOUR + int(minutes) * MINUTE + int(seconds) * SECOND
            return total + int(millis or 0)
    raise InstantError(
        f"{_shown(text)} is not an elapsed time; write M:SS or H:MM:SS, such as 1:30 or 0:02.500"
    )


def format_elapsed(span: int, *, millis: bool = True) -> str:
    """Write a span as `M:SS.mmm`, from one hour on `H:MM:SS.mmm`; without `millis`, whole seconds, cut off."""
    sign = "-" if span < 0 else ""
    seconds, rest = divmod(abs(span), SECOND)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    clock = f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"
    return f"{sign}{clock}.{rest:03d}" if millis else f"{sign}{clock}"


def _shown(text: str) -> str:
    return ascii(text if len(text) <= 40 else text[:37] + "...")
