"""What every part of the debrief report is made of: moments, named ids, sentences, and intervals with their targets.

Spans are whole milliseconds and end in `_ms`. `events` are the numbers of the entries that a figure rests on, those of
its amendments among them: an int in the case's first stream, `"TERMINAL/NUMBER"` in another one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from codelog.case.events import Ref
from codelog.case.instants import HOUR, MINUTE, SECOND, format_elapsed
from codelog.case.quantities import UNITS, Quantity
from codelog.debrief.wording import Labelled, label

_DIGITS = 3
"""Of a figure that a division made, so many digits are shown."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When something was: milliseconds since the epoch, and from case zero (before it, negative)."""

    at: int
    since_zero_ms: int
    events: tuple[Ref, ...]

    @property
    def clock(self) -> str:
        """The time from case zero as people read it, in whole seconds."""
        return format_elapsed(self.since_zero_ms, millis=False)


@dataclass(frozen=True, slots=True)
class Named:
    """An id of the log and what it is called. Words of people's own are both, as they were entered."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence with the entries that it rests on. Text from people in it is raw."""

    text: str
    events: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """What a span is held against: at least, at most, both included, and who says so. None: no such limit.

    `status` is `verified` where the figure was read in its source.
    """

    text: str
    least_ms: int | None
    most_ms: int | None
    source: str
    status: str

    def met_by(self, span: int) -> bool:
        """Whether a span is within it."""
        return (self.least_ms is None or span >= self.least_ms) and (
            self.most_ms is None or span <= self.most_ms
        )


@dataclass(frozen=True, slots=True)
class Interval:
    """One span of the case. Without `ms` it is not known, and `why` says why; `so_far_ms`: it had not ended by the end.

    `need` and `attempt` tell intervals of one `id` apart: the need (1, 2, ...) and the attempt it belongs to.
    `target` None: there is no published one. `met` None: not judged.
    """

    id: str
    label: str
    since: Moment | None
    until: Moment | None
    ms: int | None
    so_far_ms: int | None
    why: str | None
    target: Target | None
    met: bool | None
    events: tuple[Ref, ...]
    need: int | None = None
    attempt: Ref | None = None


def named(table: Mapping[str, Labelled], id: str) -> Named:
    """An id with what a table calls it."""
    return Named(id, label(table, id))


def span_words(span: int) -> str:
    """A span for a sentence: `46 s`, `3:05 min`, `20:06:25 h`."""
    if abs(span) < MINUTE:
        return f"{format_elapsed(span, millis=False).partition(':')[2].lstrip('0') or '0'} s"
    return f"{format_elapsed(span, millis=False)} {'min' if abs(span) < HOUR else 'h'}"


def seconds(quantity: Quantity) -> int:
    """A quantity of time as a span."""
    return int(quantity.to("s") * SECOND)


def per_kg(quantity: Quantity, kilograms: Decimal | None) -> Quantity | None:
    """The quantity for each kilogram, to three digits; None without a weight or a unit for it."""
    if quantity.unit == "L":
        quantity = Quantity(quantity.to("mL"), "mL")
    unit = f"{quantity.unit}/kg"
    if kilograms is None or unit not in UNITS:
        return None
    return Quantity(rounded(quantity.value / kilograms), unit)


def rounded(value: Decimal) -> Decimal:
    """A figure to three digits, never fewer than its whole part, without zeros at its end."""
    if not value:
        return Decimal(0)
    exponent = min(0, value.adjusted() - _DIGITS + 1)
    shown = value.quantize(Decimal(1).scaleb(exponent), rounding=ROUND_HALF_UP).normalize()
    return shown.quantize(Decimal(1)) if shown == shown.to_integral_value() else shown
