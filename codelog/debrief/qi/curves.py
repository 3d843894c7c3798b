"""Time to an event where some never came to it: the estimate of Kaplan and Meier."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from math import exp, log, sqrt

from codelog.debrief.qi.numbers import SMALLEST, Z95


@dataclass(frozen=True, slots=True)
class Step:
    """What is so from `at_s` seconds on: `reached` percent have come to the event, with a 95 % interval.

    `at_risk` had neither come to it nor gone out of sight just before; at that second `events` came to it and
    `censored` went out of sight. The interval is None where it has no width that could be known: before the first
    event, and once all have come to it.
    """

    at_s: int
    at_risk: int
    events: int
    censored: int
    reached: Decimal
    low: Decimal | None
    high: Decimal | None


@dataclass(frozen=True, slots=True)
class Curve:
    """One curve. `median_s` is when half have come to the event, None where they never do.

    `at` are its values at some round times, with all `events` and `censored` by then. Below `SMALLEST` it has neither steps nor values: only its counts.
    """

    id: str
    label: str
    group: str | None
    n: int
    events: int
    censored: int
    median_s: int | None
    at: tuple[Step, ...]
    steps: tuple[Step, ...]


ROUND_TIMES = (60, 90, 120, 180, 300, 600, 900)


def curve(
    id: str, label: str, group: str | None, events: Mapping[int, int], censored: Mapping[int, int]
) -> Curve:
    """The curve of what was reached after so many seconds, and of what was not by so many; each second -> how many."""
    reached, out = sum(events.values()), sum(censored.values())
    steps = tuple(kaplan_meier(events, censored)) if reached + out >= SMALLEST else ()
    return Curve(
        id=id,
        label=label,
        group=group,
        n=reached + out,
        events=reached,
        censored=out,
        median_s=next((step.at_s for step in steps if step.reached >= 50), None),
        at=tuple(found for at in ROUND_TIMES if (found := _at(steps, at)) is not None),
        steps=steps,
    )


def kaplan_meier(events: Mapping[int, int], censored: Mapping[int, int]) -> Iterator[Step]:
    """A step for every second at which something was. Who goes out of sight at a second was at risk in it.

    The interval is that of Greenwood on the log(-log) scale, which stays between 0 and 100 %.
    """
    at_risk = sum(events.values()) + sum(censored.values())
    surviving, variance = 1.0, 0.0
    for at in sorted({*events, *censored}):
        came, gone = events.get(at, 0), censored.get(at, 0)
        if came == at_risk:
            surviving, variance = 0.0, 0.0
        else:
            surviving *= 1 - came / at_risk
            variance += came / (at_risk * (at_risk - came))
        low, high = _interval(surviving, variance)
        yield Step(at, at_risk, came, gone, _percent(1 - surviving), low, high)
        at_risk -= came + gone


def _interval(surviving: float, variance: float) -> tuple[Decimal | None, Decimal | None]:
    if not 0 < surviving < 1:
        return None, None
    half = Z95 * sqrt(variance) / log(surviving)
    least, most = sorted((surviving ** exp(half), surviving ** exp(-half)))
    return _percent(1 - most), _percent(1 - least)


def _percent(share: float) -> Decimal:
    return Decimal(100 * share).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _at(steps: tuple[Step, ...], at: int) -> Step | None:
    """The value at a time, `at_risk` being those still waiting after it; None beyond what was seen."""
    if not steps or at > steps[-1].at_s:
        return None
    before = [step for step in steps if step.at_s <= at]
    at_risk = steps[len(before)].at_risk if len(before) < len(steps) else 0
    if not before:
        return Step(at, at_risk, 0, 0, Decimal("0.0"), None, None)
    last = before[-1]
    came, gone = sum(step.events for step in before), sum(step.censored for step in before)
    return Step(at, at_risk, came, gone, last.reached, last.low, last.high)
