"""When a need episode begins and when it ends: one test for every sentence of the rules."""

from __future__ import annotations

import pytest

from codelog.case.access import Episode
from tests.case.casekit import Fact, access_of, begins, ends, lost, ms, needed, removed, retracts

WORKING = [begins(1, 1), ends(2, 1, "established")]
"""Attempt 1 is a line from second 2 on."""


def _episode(*facts: Fact, clock_starts: str = "need_or_first_attempt") -> Episode | None:
    return access_of(*facts, clock_starts=clock_starts).episode


def _t0(*facts: Fact, clock_starts: str = "need_or_first_attempt") -> int | None:
    episode = _episode(*facts, clock_starts=clock_starts)
    return None if episode is None else episode.t0.at


def test_a_case_begins_without_a_need() -> None:
    assert _episode() is None


def test_a_need_noted_begins_an_episode() -> None:
    assert _t0(needed(10)) == ms(10)


@pytest.mark.parametrize("route", ["piv", "uvc", "cvc", "io"])
def test_the_start_of_an_attempt_by_any_route_begins_one(route: str) -> None:
    assert _t0(begins(10, 1, route)) == ms(10)


def test_the_loss_of_the_last_working_line_begins_one() -> None:
    assert _t0(*WORKING, lost(10, 1)) == ms(10)


def test_the_loss_of_one_of_two_lines_begins_none() -> None:
    assert _episode(*WORKING, begins(3, 2), ends(4, 2, "established"), lost(10, 1)) is None


def test_the_loss_of_both_lines_begins_one_with_the_second() -> None:
    facts = [*WORKING, begins(3, 2), ends(4, 2, "established"), lost(10, 1), lost(20, 2)]

    assert _t0(*facts) == ms(20)


def test_the_earliest_of_them_is_t0() -> None:
    assert _t0(needed(10), begins(20, 1), needed(30)) == ms(10)
    assert _t0(begins(10, 1), needed(20)) == ms(10)
    assert _t0(*WORKING, lost(10, 1), needed(20), begins(30, 2)) == ms(10)


def test_the_earliest_by_time_and_not_by_entry_is_t0() -> None:
    assert _t0(begins(20, 1), needed(10)) == ms(10)


def test_an_attempt_that_failed_ends_no_episode() -> None:
    assert _t0(begins(10, 1), ends(20, 1, "failed"), begins(30, 2), ends(40, 2, "abandoned")) == ms(10)


@pytest.mark.parametrize("route", ["piv", "uvc", "cvc", "io"])
def test_it_ends_when_any_line_is_established(route: str) -> None:
    access = access_of(needed(10), begins(20, 1, route), ends(30, 1, "established"))

    assert access.episode is None
    assert [episode.over.at for episode in access.past_episodes if episode.over] == [ms(30)]


def test_it_ends_when_a_line_is_found_in_place() -> None:
    present: Fact = (30, "access.present", {"attempt": 1, "route": "piv"})

    assert _episode(needed(10), present) is None


def test_planned_removal_begins_none() -> None:
    assert _episode(*WORKING, removed(10, 1)) is None


def test_a_need_after_planned_removal_begins_one() -> None:
    assert _t0(*WORKING, removed(10, 1), needed(20)) == ms(20)


def test_a_loss_after_planned_removal_of_the_same_line_begins_none() -> None:
    assert _episode(*WORKING, removed(10, 1), lost(20, 1)) is None


def test_a_loss_after_planned_removal_of_the_other_line_begins_one() -> None:
    facts = [*WORKING, begins(3, 2), ends(4, 2, "established"), removed(10, 1), lost(20, 2)]

    assert _t0(*facts) == ms(20)


def test_a_need_noted_while_a_line_works_is_not_remembered() -> None:
    facts = [*WORKING, needed(5, "routine")]
    assert _episode(*facts) is None

    episode = _episode(*facts, lost(10, 1))

    assert episode is not None
    assert episode.t0.at == ms(10)
    assert episode.urgency == "urgent"


def test_an_attempt_started_while_a_line_works_begins_none() -> None:
    assert _episode(*WORKING, begins(5, 2), ends(6, 2, "failed")) is None


def test_an_attempt_in_progress_when_the_last_line_is_lost_begins_nothing_of_its_own() -> None:
    assert _t0(*WORKING, begins(5, 2), lost(10, 1)) == ms(10)


def test_an_attempt_in_progress_when_the_last_line_is_removed_begins_nothing() -> None:
    assert _episode(*WORKING, begins(5, 2), removed(10, 1)) is None


def test_an_attempt_in_progress_counts_in_the_episode_in_which_it_ends() -> None:
    episode = _episode(*WORKING, begins(5, 2), lost(10, 1), ends(20, 2, "failed"))

    assert episode is not None
    assert [attempt.number for attempt in episode.venous_failures] == [2]


def test_an_attempt_that_failed_while_a_line_worked_counts_in_no_episode() -> None:
    episode = _episode(*WORKING, begins(3, 2), ends(4, 2, "failed"), lost(10, 1))

    assert episode is not None
    assert episode.venous_failures == []


def test_a_new_episode_starts_from_nothing() -> None:
    first = [
        needed(1, "emergent"),
        begins(2, 1),
        ends(3, 1, "failed"),
        begins(4, 2),
        ends(5, 2, "established"),
    ]

    episode = _episode(*first, lost(10, 2))

    assert episode is not None
    assert (episode.needs, episode.venous_failures, episode.io_failures) == ([], [], [])


def test_attempts_without_access_are_kept_apart_by_vein_and_bone() -> None:
    episode = _episode(
        begins(1, 1, "piv"),
        ends(2, 1, "failed"),
        begins(3, 2, "io"),
        ends(4, 2, "abandoned"),
        begins(5, 3, "uvc"),
        ends(6, 3, "abandoned"),
        begins(7, 4, "cvc"),
        ends(8, 4, "failed"),
    )

    assert episode is not None
    assert [attempt.number for attempt in episode.venous_failures] == [1, 3, 4]
    assert [attempt.number for attempt in episode.io_failures] == [2]


def test_failures_stand_in_the_order_of_their_ends() -> None:
    episode = _episode(begins(1, 1), begins(2, 2), ends(3, 2, "failed"), ends(4, 1, "failed"))

    assert episode is not None
    assert [attempt.number for attempt in episode.venous_failures] == [2, 1]


def test_urgency_without_a_need_is_urgent() -> None:
    episode = _episode(begins(1, 1))

    assert episode is not None
    assert episode.urgency == "urgent"


def test_urgency_is_that_of_the_latest_need() -> None:
    episode = _episode(begins(1, 1), needed(2, "emergent"), needed(3, "routine"))

    assert episode is not None
    assert episode.urgency == "routine"


def test_stretches_of_urgency_leave_routine_out() -> None:
    episode = _episode(
        needed(10, "urgent"), needed(20, "routine"), needed(30, "routine"), needed(40, "emergent")
    )

    assert episode is not None
    assert episode.pressing == [(ms(10), ms(20)), (ms(40), None)]


def test_a_need_that_is_routine_at_once_presses_for_no_time() -> None:
    episode = _episode(needed(10, "routine"), needed(30, "urgent"))

    assert episode is not None
    assert [stretch for stretch in episode.pressing if stretch[0] != stretch[1]] == [(ms(30), None)]


def test_where_only_a_need_starts_the_clock_an_attempt_does_not() -> None:
    assert _episode(begins(10, 1), clock_starts="need") is None
    assert _t0(begins(10, 1), needed(20), clock_starts="need") == ms(20)


def test_where_only_an_attempt_starts_the_clock_a_need_does_not() -> None:
    assert _episode(needed(10), clock_starts="first_attempt") is None
    assert _t0(needed(10), begins(20, 1), clock_starts="first_attempt") == ms(20)


@pytest.mark.parametrize("clock_starts", ["need", "first_attempt", "need_or_first_attempt"])
def test_a_loss_always_starts_the_clock(clock_starts: str) -> None:
    assert _t0(*WORKING, lost(10, 1), clock_starts=clock_starts) == ms(10)


def test_a_retracted_establishment_leaves_the_episode_open_from_its_old_t0() -> None:
    assert _t0(needed(10), begins(20, 1), ends(30, 1, "established"), retracts(40, 4)) == ms(10)


def test_a_retracted_need_is_no_beginning() -> None:
    assert _t0(needed(10), begins(20, 1), retracts(30, 2)) == ms(20)
