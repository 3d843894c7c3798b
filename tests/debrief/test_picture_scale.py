"""The axis of the picture: in order, to one scale but for its breaks, and every break a time of nothing."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codelog.case.instants import DAY, HOUR, MINUTE, SECOND
from codelog.debrief.picture.lettering import columns, cut, text_width
from codelog.debrief.picture.scale import time_scale

LEFT, RIGHT, BREAK = 80.0, 700.0, 32.0
GAPS = st.sampled_from(
    [0, 1, SECOND, 10 * SECOND, MINUTE, 2 * MINUTE, 2 * MINUTE + 1, 10 * MINUTE, HOUR, DAY, 500 * DAY]
)
INSTANTS = st.lists(GAPS, max_size=60).map(
    lambda gaps: [sum(gaps[:index]) - HOUR for index in range(len(gaps) + 1)]
)


@given(INSTANTS)
def test_time_never_goes_back_and_fills_the_width(instants: list[int]) -> None:
    scale = time_scale(instants, LEFT, RIGHT, BREAK)
    xs = [scale.x(at) for at in instants]
    assert all(before <= after for before, after in pairwise(xs))
    assert xs[0] == LEFT
    assert all(LEFT <= x <= RIGHT + 1e-6 for x in xs)
    if len(set(instants)) > 1:
        assert xs[-1] == pytest.approx(RIGHT)


@given(INSTANTS)
def test_one_scale_but_for_the_breaks(instants: list[int]) -> None:
    scale = time_scale(instants, LEFT, RIGHT, BREAK)
    rates = [
        (part.right - part.left) / (part.until - part.since)
        for part in scale.stretches
        if not part.broken and part.until > part.since
    ]
    assert all(rate == pytest.approx(rates[0]) for rate in rates)
    assert all(part.right - part.left == pytest.approx(BREAK) for part in scale.breaks)
    assert all(one.right == pytest.approx(next_.left) for one, next_ in pairwise(scale.stretches))


@given(INSTANTS)
def test_breaks_are_all_that_is_quiet_for_so_long_and_nothing_else(instants: list[int]) -> None:
    scale = time_scale(instants, LEFT, RIGHT, BREAK)
    broken = [(part.since, part.until) for part in scale.breaks]
    gaps = list(pairwise(sorted(set(instants))))
    if scale.quiet_ms is None:
        assert broken == []
    else:
        assert broken == [(since, until) for since, until in gaps if until - since > scale.quiet_ms]
        assert scale.quiet_ms >= 2 * MINUTE


@given(INSTANTS, st.sampled_from([20.0, 50.0, 90.0]))
def test_labels_of_ticks_do_not_meet(instants: list[int], spacing: float) -> None:
    scale = time_scale(instants, LEFT, RIGHT, BREAK)
    ticks = scale.ticks(0, spacing)
    assert ticks
    assert all(after - before >= spacing for (_, before), (_, after) in pairwise(ticks))
    assert all(middle <= RIGHT - spacing / 2 for _, middle in ticks)


def test_two_minutes_are_never_broken_and_a_little_more_is() -> None:
    busy = [index * SECOND for index in range(60)]
    just = time_scale([*busy, 59 * SECOND + 2 * MINUTE, HOUR], LEFT, RIGHT, BREAK)
    assert [part.since for part in just.breaks] == [59 * SECOND + 2 * MINUTE]
    dense = [minute * 2 * MINUTE for minute in range(30)]
    assert time_scale(dense, LEFT, RIGHT, BREAK).breaks == []


def test_two_instants_far_apart_leave_nothing_to_break_for() -> None:
    assert time_scale([0, DAY], LEFT, RIGHT, BREAK).breaks == []
    assert len(time_scale([0, MINUTE, DAY], LEFT, RIGHT, BREAK).breaks) == 1
    assert time_scale([0, MINUTE - 1, DAY], LEFT, RIGHT, BREAK).breaks == []


def test_an_instant_outside_lies_at_the_end() -> None:
    scale = time_scale([0, MINUTE], LEFT, RIGHT, BREAK)
    assert scale.x(-1) == LEFT
    assert scale.x(MINUTE + 1) == pytest.approx(RIGHT)


@pytest.mark.parametrize(("room", "shown"), [(5, "abcde"), (4, "a..."), (3, "..."[:0]), (0, "")])
def test_cut(room: int, shown: str) -> None:
    assert cut("abcde", room, columns) == shown


@given(st.text(max_size=40), st.floats(0, 300))
def test_what_is_cut_fits(text: str, room: float) -> None:
    shown = cut(text, room, lambda words: text_width(words, 10))
    assert text_width(shown, 10) <= room


def test_wide_letters_and_combining_ones() -> None:
    assert columns("漢字") == 4
    assert columns("e\u0301") == 1
    assert text_width("漢", 10) > text_width("W", 10)
    assert text_width("e\u0301", 10) == text_width("e", 10)
