"""Counts and spreads of many values, with small numbers left as counts.

A spread is kept as how often each whole value occurred, so that it takes no more room for more cases, can be put
together in any order, and its quartiles are exact.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import sqrt

SMALLEST = 5
"""Below this number there is no percentage, no interval and no quartile: the counts speak for themselves."""

Z95 = 1.959963984540054
"""The standard normal quantile of 97.5 %."""


@dataclass(frozen=True, slots=True)
class Proportion:
    """`hits` of `n`. `percent` and its 95 % interval (Wilson), in whole percent; None below `SMALLEST`."""

    hits: int
    n: int
    percent: int | None
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Spread:
    """How `n` values spread, in `unit`: `s` or `%`. Median and quartiles are None below `SMALLEST`."""

    unit: str
    n: int
    least: Decimal | None
    lower: Decimal | None
    median: Decimal | None
    upper: Decimal | None
    most: Decimal | None


def proportion(hits: int, n: int) -> Proportion:
    """A proportion with its interval."""
    if n < SMALLEST:
        return Proportion(hits, n, None, None, None)
    low, high = wilson(hits, n)
    return Proportion(hits, n, whole_percent(hits, n), round(100 * low), round(100 * high))


def whole_percent(hits: int, n: int) -> int:
    """In whole percent, halves up."""
    return (200 * hits + n) // (2 * n)


def wilson(hits: int, n: int) -> tuple[float, float]:
    """The 95 % interval of Wilson's score, without continuity correction; `n` is at least 1."""
    share, z2 = hits / n, Z95 * Z95
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z95 * sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    # At the ends the sums cancel, and rounding must not leave them.
    low = 0.0 if hits == 0 else max(0.0, middle - half)
    return low, 1.0 if hits == n else min(1.0, middle + half)


def spread(counts: Mapping[int, int], unit: str) -> Spread:
    """The spread of values given as value -> how often it occurred."""
    n = sum(counts.values())
    if not n:
        return Spread(unit, 0, None, None, None, None, None)
    least, most = Decimal(min(counts)), Decimal(max(counts))
    if n < SMALLEST:
        return Spread(unit, n, least, None, None, None, most)
    lower, median, upper = (quantile(counts, Fraction(quarter, 4)) for quarter in (1, 2, 3))
    return Spread(unit, n, least, lower, median, upper, most)


def quantile(counts: Mapping[int, int], share: Fraction) -> Decimal:
    """The quantile of values given by their counts, linear between neighbours (`inclusive` in `statistics`)."""
    n = sum(counts.values())
    place = (n - 1) * share
    below = place.numerator // place.denominator
    first, second = _nth(counts, below), _nth(counts, min(below + 1, n - 1))
    exact = first + (second - first) * (place - below)
    return Decimal(exact.numerator) / Decimal(exact.denominator)


def mean(counts: Counter[int]) -> Fraction:
    """The mean of values given by their counts, of which there is at least one."""
    return Fraction(sum(value * count for value, count in counts.items()), sum(counts.values()))


def _nth(counts: Mapping[int, int], place: int) -> int:
    """The value at a place (0 is the least) of all values in order."""
    seen = 0
    for value in sorted(counts):
        seen += counts[value]
        if seen > place:
            return value
    raise IndexError(place)
