"""The statistics against other implementations, published worked examples, and by hand at their ends."""

from __future__ import annotations

import random
import statistics
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import CensoredData, binomtest, ecdf  # type: ignore[import-untyped]

from codelog.debrief.qi.control import Given, few_crossings, p_chart, xmr_chart
from codelog.debrief.qi.curves import curve, kaplan_meier
from codelog.debrief.qi.numbers import SMALLEST, proportion, quantile, spread, whole_percent, wilson

# Proportions


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [
        # Newcombe, Stat Med 1998;17:857, table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_as_published(hits: int, n: int, low: float, high: float) -> None:
    found = wilson(hits, n)
    assert tuple(round(end, 4) for end in found) == (low, high)


@pytest.mark.parametrize(
    ("hits", "n"), [(0, 1), (1, 1), (0, 5), (5, 5), (1, 2), (3, 7), (109, 161), (146, 206), (1, 99_999)]
)
def test_wilson_is_that_of_scipy(hits: int, n: int) -> None:
    theirs = binomtest(hits, n).proportion_ci(method="wilson")
    assert wilson(hits, n) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_solves_its_own_equation(counts: tuple[int, int]) -> None:
    hits, n = counts
    low, high = wilson(hits, n)
    assert 0 <= low <= hits / n <= high <= 1
    for end in (low, high):
        if 0 < end < 1:
            assert isclose(
                (hits / n - end) ** 2, 1.959963984540054**2 * end * (1 - end) / n, rel_tol=1e-6, abs_tol=1e-12
            )
    mirrored = wilson(n - hits, n)
    assert isclose(low, 1 - mirrored[1], abs_tol=1e-12)


def test_proportions_at_their_ends() -> None:
    assert wilson(0, 1)[0] == 0.0 and wilson(1, 1)[1] == 1.0
    few = proportion(SMALLEST - 1, SMALLEST - 1)
    assert (few.percent, few.low, few.high) == (None, None, None)
    assert proportion(0, SMALLEST).percent == 0 and proportion(0, SMALLEST).low == 0
    assert proportion(SMALLEST, SMALLEST).percent == 100 and proportion(SMALLEST, SMALLEST).high == 100
    assert proportion(0, 0).percent is None
    assert [whole_percent(1, 200), whole_percent(1, 201), whole_percent(199, 200)] == [1, 0, 100]


# Spreads


@given(st.lists(st.integers(-50, 4000), min_size=2, max_size=60))
def test_quartiles_are_those_of_the_standard_library(values: list[int]) -> None:
    counts = Counter(values)
    expected = statistics.quantiles(values, n=4, method="inclusive")
    assert [float(quantile(counts, Fraction(q, 4))) for q in (1, 2, 3)] == expected
    assert float(quantile(counts, Fraction(1, 2))) == statistics.median(values)


def test_small_spreads_have_ends_and_no_quartiles() -> None:
    assert spread({}, "s").n == 0
    few = spread({10: 3, 20: 1}, "s")
    assert (few.n, few.least, few.median, few.most) == (4, Decimal(10), None, Decimal(20))
    enough = spread({10: 3, 20: 2}, "s")
    assert (enough.lower, enough.median, enough.upper) == (Decimal(10), Decimal(10), Decimal(20))
    same = spread({7: 9}, "%")
    assert same.lower == same.median == same.upper == Decimal(7)


# Curves


def test_kaplan_meier_of_the_remission_times() -> None:
    """6-MP arm of Freireich, Blood 1963;21:699, as every textbook has it; intervals on the log(-log) scale."""
    events = Counter([6, 6, 6, 7, 10, 13, 16, 22, 23])
    censored = Counter([6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35])
    steps = {step.at_s: step for step in kaplan_meier(events, censored)}
    survived = {6: "85.7", 7: "80.7", 10: "75.3", 13: "69.0", 16: "62.7", 22: "53.8", 23: "44.8"}
    for at, percent in survived.items():
        assert Decimal(100) - steps[at].reached == Decimal(percent)
    at_risk = {6: 21, 7: 17, 10: 15, 13: 12, 16: 11, 22: 7, 23: 6}
    assert {at: steps[at].at_risk for at in at_risk} == at_risk
    assert (steps[6].low, steps[6].high) == (Decimal("4.8"), Decimal("38.0"))  # S in 0.620 - 0.952
    assert curve("c", "c", None, events, censored).median_s == 23


@given(st.lists(st.integers(0, 300), min_size=SMALLEST, max_size=60))
def test_without_censoring_a_curve_is_the_plain_share(times: list[int]) -> None:
    found = curve("c", "c", None, Counter(times), {})
    for step in found.steps:
        share = sum(time <= step.at_s for time in times) / len(times)
        assert abs(float(step.reached) - 100 * share) <= 0.05 + 1e-9
    assert found.steps[-1].reached == 100 and found.steps[-1].low is None
    assert found.median_s is not None


def test_all_out_of_sight_and_too_few() -> None:
    none = curve("c", "c", None, {}, Counter([60] * 6))
    assert (none.events, none.censored, none.median_s) == (0, 6, None)
    assert [step.reached for step in none.steps] == [Decimal("0.0")] and none.steps[0].low is None
    few = curve("c", "c", None, Counter([1, 2]), Counter([3, 3]))
    assert (few.n, few.steps, few.at, few.median_s) == (4, (), (), None)
    assert curve("c", "c", None, {}, {}).n == 0


def test_ties_are_at_risk_together_and_who_leaves_was_at_risk() -> None:
    steps = list(kaplan_meier({60: 2}, {60: 2}))
    assert len(steps) == 1 and steps[0].at_risk == 4 and steps[0].reached == 50
    later = list(kaplan_meier({60: 1, 61: 1}, {60: 1}))
    assert [step.at_risk for step in later] == [3, 1] and later[1].reached == 100


def test_values_at_round_times() -> None:
    found = curve("c", "c", None, Counter([59, 60, 61, 120, 200]), Counter([90]))
    at = {step.at_s: step for step in found.at}
    assert sorted(at) == [60, 90, 120, 180]  # nobody was seen beyond 200 s
    assert at[60].events == 2 and at[60].at_risk == 4  # what happens at that very second counts
    assert at[90].censored == 1 and at[90].at_risk == 2


@pytest.mark.filterwarnings("ignore:The confidence interval is undefined:RuntimeWarning")
@pytest.mark.parametrize("seed", range(8))
def test_curves_are_those_of_scipy(seed: int) -> None:
    chance = random.Random(seed)
    events = [chance.randint(1, 120) for _ in range(chance.randint(5, 40))]
    censored = [chance.randint(1, 150) for _ in range(chance.randint(0, 30))]
    theirs = ecdf(CensoredData(uncensored=events, right=censored))
    interval = theirs.cdf.confidence_interval(method="log-log")
    ours = list(kaplan_meier(Counter(events), Counter(censored)))
    assert [step.at_s for step in ours] == list(theirs.cdf.quantiles)
    for place, step in enumerate(ours):
        assert abs(float(step.reached) - 100 * theirs.cdf.probabilities[place]) < 0.051
        if step.low is not None and step.high is not None:
            assert abs(float(step.low) - 100 * interval.low.probabilities[place]) < 0.051
            assert abs(float(step.high) - 100 * interval.high.probabilities[place]) < 0.051


# Charts


def shares(*percents: int, n: int = 100) -> list[tuple[str, int, int]]:
    return [(f"{number:02}", hits, n) for number, hits in enumerate(percents)]


def values(*given: int, n: int = 10) -> list[Given]:
    return [Given(f"{number:02}", n, Fraction(value)) for number, value in enumerate(given)]


def test_p_chart_limits_by_hand_and_by_the_n_of_each_point() -> None:
    chart = p_chart("x", "x", [*shares(*[50] * 19), ("19", 200, 400)])
    assert chart.kind == "p" and chart.centre == 50
    # 3 * sqrt(0.5 * 0.5 / 100) = 15 %, at 400 half of it
    assert (chart.points[0].lower, chart.points[0].upper) == (Decimal("35.0"), Decimal("65.0"))
    assert (chart.points[19].lower, chart.points[19].upper) == (Decimal("42.5"), Decimal("57.5"))


def test_limits_stay_within_what_can_be() -> None:
    chart = p_chart("x", "x", shares(*[1, 0] * 10, n=10))
    assert all(point.lower == 0 for point in chart.points)
    full = p_chart("x", "x", shares(*[10] * 20, n=10))
    assert all(point.lower == point.upper == 100 and not point.signals for point in full.points)


def test_xmr_limits_by_hand() -> None:
    chart = xmr_chart("x", "x", "s", values(*[10, 14] * 10))
    # mean 12, every moving range 4: 2.66 * 4 = 10.64
    assert chart.kind == "xmr" and chart.centre == 12
    assert (chart.points[3].lower, chart.points[3].upper) == (Decimal("1.4"), Decimal("22.6"))


def test_limits_come_with_the_twentieth_point_and_signs_with_the_tenth() -> None:
    nineteen = p_chart("x", "x", shares(*[40, 60] * 9, 50))
    assert nineteen.kind == "run" and nineteen.judged and nineteen.points[0].upper is None
    assert p_chart("x", "x", shares(*[40, 60] * 10)).kind == "p"
    assert p_chart("x", "x", shares(*[40, 60] * 5)).judged
    assert not p_chart("x", "x", shares(*[40, 60] * 4, 50)).judged
    small = p_chart("x", "x", [*shares(*[40, 60] * 9, 50), ("99", 3, 4)])
    assert small.kind == "run" and small.points[-1].value is None  # n = 4 is no point
    assert p_chart("x", "x", [*shares(*[40, 60] * 9, 50), ("99", 3, 5)]).kind == "p"


def signals(chart_values: list[int]) -> list[tuple[str, ...]]:
    return [point.signals for point in xmr_chart("x", "x", "s", values(*chart_values)).points]


def test_signs_at_both_sides_of_their_lengths() -> None:
    back = [60, 0] * 6  # wide moving ranges keep the limits out of the way; the centre is near 30
    seven = signals([*back, *[32, 33] * 3, 32, 0, *[28, 27] * 3])
    assert not any("shift" in found for found in seven)
    eight = signals([*back, *[32, 33] * 4, 0, *[28, 27] * 3])
    assert [place for place, found in enumerate(eight) if "shift" in found] == list(range(12, 20))
    five = signals([*back, 11, 12, 13, 14, 0, 60, 0, 60, 0])
    assert not any("trend" in found for found in five)
    six = signals([*back, 11, 12, 13, 14, 15, 0, 60, 0, 60, 0])
    assert [place for place, found in enumerate(six) if "trend" in found] == list(range(11, 17))
    near = signals([*back, *[25, 35] * 7, 60])
    assert not any("hugging" in found for found in near)
    nearer = signals([*back, *[25, 35] * 7, 25, 60])
    assert [place for place, found in enumerate(nearer) if "hugging" in found] == list(range(12, 27))


def test_outside_is_beyond_the_limit_not_on_it() -> None:
    calm = [100, 102] * 12
    assert "outside" in signals([*calm, 140])[-1]
    assert not any("outside" in found for found in signals(calm))


def test_run_chart_rules() -> None:
    def run(*given: int) -> list[tuple[str, ...]]:
        chart = xmr_chart("x", "x", "s", values(*given))
        assert chart.kind == "run"
        return [point.signals for point in chart.points]

    def places(sign: str, found: list[tuple[str, ...]]) -> list[int]:
        return [place for place, of_point in enumerate(found) if sign in of_point]

    assert places("shift", run(1, 2, 1, 9, 8, 9, 8, 9, 8, 1, 2, 1)) == [3, 4, 5, 6, 7, 8]
    assert places("shift", run(1, 2, 1, 9, 8, 9, 8, 9, 1, 8, 2, 1)) == []
    # What lies on the median neither breaks the run nor is of it.
    assert places("shift", run(1, 2, 1, 9, 8, 9, 5, 8, 9, 8, 1, 2, 1)) == [3, 4, 5, 7, 8, 9]
    assert places("trend", run(5, 5, 1, 2, 3, 4, 6, 1, 9, 1, 9)) == [2, 3, 4, 5, 6]
    assert places("trend", run(5, 5, 2, 2, 3, 4, 6, 1, 9, 1, 9)) == []


def test_too_few_crossings() -> None:
    assert few_crossings([-1, -1, -1, -1, -1, 1, 1, 1, 1, 1])  # one crossing of ten useful points: 10 / 512
    assert not few_crossings([-1, 1] * 5)
    assert not few_crossings([])
    assert not few_crossings([1, 1, 0, 0])


def test_values_of_a_stable_process_are_mostly_left_alone() -> None:
    chance = random.Random(4)
    charts = [
        xmr_chart("x", "x", "s", values(*(round(chance.gauss(200, 20)) for _ in range(24))))
        for _ in range(60)
    ]
    outside = sum("outside" in point.signals for chart in charts for point in chart.points)
    assert outside / (60 * 24) < 0.02
