"""Run and control charts: one point for each period, and the signs that it was no chance.

With at least `LEAST_FOR_LIMITS` points a chart has control limits: three sigma of the binomial for a proportion
(p-chart, the limits of each point by its own n), 2.66 times the mean moving range for single values (XmR). With
fewer it is a run chart about its median. A point of fewer than `SMALLEST` cases is not drawn and not judged.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise
from math import comb, sqrt
from statistics import fmean, median
from typing import Literal, NamedTuple

from codelog.debrief.qi.numbers import SMALLEST

LEAST_FOR_LIMITS = 20
LEAST_FOR_RUNS = 10
XMR = 2.66
"""3 / 1.128: three sigma from the mean moving range of two."""

Kind = Literal["run", "p", "xmr"]
Signal = Literal["outside", "shift", "trend", "two_of_three", "hugging", "few_crossings"]

SIGNALS: dict[Signal, str] = {
    "outside": "outside the control limits",
    "shift": "a long run on one side of the centre",
    "trend": "a long run in one direction",
    "two_of_three": "two of three near a control limit",
    "hugging": "fifteen close to the centre",
    "few_crossings": "too few crossings of the median",
}


@dataclass(frozen=True, slots=True)
class Point:
    """One period: `value` of `n`, its control limits, the signs it is part of. `value` None: n is too small."""

    period: str
    n: int
    hits: int | None
    value: Decimal | None
    lower: Decimal | None
    upper: Decimal | None
    signals: tuple[Signal, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """One measure over time in `unit`. `centre` is the median of a run chart, else the mean; None without points.

    `judged`: there are points enough to look for signs. `signals` are those of the chart as a whole.
    """

    id: str
    label: str
    kind: Kind
    unit: str
    centre: Decimal | None
    judged: bool
    signals: tuple[Signal, ...]
    points: tuple[Point, ...]


class Given(NamedTuple):
    """What is known of a period: the value, of how many, and of a proportion the hits."""

    period: str
    n: int
    value: Fraction
    hits: int | None = None


class _Placed(NamedTuple):
    """A point that is judged: its value, and its place above (+) or below (-) the centre in sigmas."""

    given: Given
    value: float
    sigmas: float


def p_chart(id: str, label: str, counts: Sequence[tuple[str, int, int]]) -> Chart:
    """The chart of a proportion: period, hits, n."""
    given = [
        Given(period, n, Fraction(100 * hits, n) if n else Fraction(), hits) for period, hits, n in counts
    ]
    shown = [one for one in given if one.n >= SMALLEST]
    if len(shown) < LEAST_FOR_LIMITS:
        return _run_chart(id, label, "%", given)
    share = sum(one.hits or 0 for one in shown) / sum(one.n for one in shown)

    def sigma(one: Given) -> float:
        return 100 * sqrt(share * (1 - share) / one.n)

    return _control_chart(id, label, "p", "%", given, 100 * share, sigma, most=100)


def xmr_chart(id: str, label: str, unit: str, values: Sequence[Given]) -> Chart:
    """The chart of single values, one for each period."""
    shown = [float(one.value) for one in values if one.n >= SMALLEST]
    if len(shown) < LEAST_FOR_LIMITS:
        return _run_chart(id, label, unit, values)
    step = XMR / 3 * fmean(abs(after - before) for before, after in pairwise(shown))
    most = 100 if unit == "%" else None
    return _control_chart(id, label, "xmr", unit, values, fmean(shown), lambda _: step, most=most)


def _control_chart(
    id: str,
    label: str,
    kind: Kind,
    unit: str,
    given: Sequence[Given],
    centre: float,
    sigma: Callable[[Given], float],
    *,
    most: int | None,
) -> Chart:
    placed = [
        _Placed(one, float(one.value), _sigmas(float(one.value) - centre, sigma(one)))
        for one in given
        if one.n >= SMALLEST
    ]
    found = {one.given.period: signs for one, signs in zip(placed, _control_signals(placed), strict=True)}

    def limit(one: Given, side: int) -> Decimal | None:
        if one.n < SMALLEST:
            return None
        value = max(0.0, centre + side * 3 * sigma(one))
        return _rounded(value if most is None else min(value, most))

    points = tuple(
        Point(
            one.period,
            one.n,
            one.hits,
            _rounded(one.value) if one.n >= SMALLEST else None,
            limit(one, -1),
            limit(one, 1),
            found.get(one.period, ()),
        )
        for one in given
    )
    return Chart(id, label, kind, unit, _rounded(centre), True, _all(points), points)


def _run_chart(id: str, label: str, unit: str, given: Sequence[Given]) -> Chart:
    shown = [one for one in given if one.n >= SMALLEST]
    centre = float(median(one.value for one in shown)) if shown else None
    judged = len(shown) >= LEAST_FOR_RUNS
    found: dict[str, tuple[Signal, ...]] = {}
    crossings: tuple[Signal, ...] = ()
    if judged and centre is not None:
        away = [float(one.value) - centre for one in shown]
        signs = _marked(len(away), {"shift": _shifts(away, 6), "trend": _trends(away, 5)})
        found = {one.period: of_one for one, of_one in zip(shown, signs, strict=True)}
        crossings = ("few_crossings",) if few_crossings(away) else ()
    points = tuple(
        Point(
            one.period,
            one.n,
            one.hits,
            _rounded(one.value) if one.n >= SMALLEST else None,
            None,
            None,
            found.get(one.period, ()),
        )
        for one in given
    )
    middle = None if centre is None else _rounded(centre)
    return Chart(id, label, "run", unit, middle, judged, (*_all(points), *crossings), points)


def few_crossings(away: Sequence[float]) -> bool:
    """Whether a line crosses its median less often than chance would, 19 times of 20; points on it do not count."""
    sides = [value > 0 for value in away if value]
    crossings = sum(before != after for before, after in pairwise(sides))
    chances = len(sides) - 1
    if chances < 1:
        return False
    at_most = sum(comb(chances, count) for count in range(crossings + 1))
    return at_most / (1 << chances) < 0.05


def _sigmas(away: float, sigma: float) -> float:
    if not sigma:
        return 0.0 if abs(away) < 1e-9 else (4.0 if away > 0 else -4.0)
    return away / sigma


def _control_signals(placed: Sequence[_Placed]) -> list[tuple[Signal, ...]]:
    sigmas = [one.sigmas for one in placed]
    varies = len({one.value for one in placed}) > 1
    return _marked(
        len(placed),
        {
            "outside": {place for place, value in enumerate(sigmas) if abs(value) > 3},
            "shift": _shifts(sigmas, 8),
            "trend": _trends([one.value for one in placed], 6),
            "two_of_three": _two_of_three(sigmas),
            "hugging": _runs([varies and abs(value) < 1 for value in sigmas], 15),
        },
    )


def _marked(count: int, found: dict[Signal, set[int]]) -> list[tuple[Signal, ...]]:
    return [tuple(sign for sign, places in found.items() if place in places) for place in range(count)]


def _shifts(away: Sequence[float], least: int) -> set[int]:
    """The places in runs of at least so many on one side; what lies on the centre neither breaks nor joins a run."""
    off = [place for place, value in enumerate(away) if value]
    found: set[int] = set()
    for side in (1, -1):
        run = _runs([away[place] * side > 0 for place in off], least)
        found |= {off[place] for place in run}
    return found


def _trends(values: Sequence[float], least: int) -> set[int]:
    """The places in runs of at least so many that all rise or all fall; of equal neighbours only the first counts."""
    kept = [place for place, value in enumerate(values) if not place or value != values[place - 1]]
    found: set[int] = set()
    for side in (1, -1):
        going = [(values[after] - values[before]) * side > 0 for before, after in pairwise(kept)]
        steps = _runs(going, least - 1)
        found |= {kept[place] for step in steps for place in (step, step + 1)}
    return found


def _two_of_three(sigmas: Sequence[float]) -> set[int]:
    found: set[int] = set()
    for side in (1, -1):
        for start in range(len(sigmas) - 2):
            outer = [place for place in range(start, start + 3) if sigmas[place] * side > 2]
            found |= set(outer) if len(outer) >= 2 else set()
    return found


def _runs(hits: Sequence[bool], least: int) -> set[int]:
    """The places in unbroken runs of at least `least`."""
    found: set[int] = set()
    run: list[int] = []
    for place, hit in enumerate([*hits, False]):
        if hit:
            run.append(place)
            continue
        if len(run) >= least:
            found.update(run)
        run = []
    return found


def _all(points: Sequence[Point]) -> tuple[Signal, ...]:
    return tuple(sign for sign in SIGNALS if any(sign in point.signals for point in points))


def _rounded(value: float | Fraction) -> Decimal:
    return Decimal(float(value)).quantize(Decimal("0.1"), ROUND_HALF_UP)
