"""The virtual clock: flags on the millisecond, instants as a whole, and how long it runs."""

from __future__ import annotations

import pytest

from codelog.case.scenario import ZERO
from tests.live.replaykit import (
    amends,
    begins,
    end,
    ends,
    flags,
    needed,
    note,
    of_kind,
    play,
    retracts,
    row,
)

ELAPSED = ("io-consider", "elapsed", "1:30.000", "1:30.000")


def test_a_flag_is_raised_at_exactly_90_seconds_with_nobody_entering_anything() -> None:
    assert flags(needed("0:00"), note("5:00")) == [ELAPSED]


def test_the_flag_is_entered_at_the_very_millisecond() -> None:
    (flag,) = of_kind(play(needed("0:00"), end("5:00")), "flag.raised")

    assert flag.boot_ms == 90_000
    assert flag.at == flag.recorded_at == ZERO + 90_000


def test_it_stands_in_the_log_before_the_entry_that_comes_later() -> None:
    kinds = [event.kind for event in play(needed("0:00"), note("1:30.001"))]

    assert kinds == ["case.opened", "access.needed", "flag.raised", "note.added"]


def test_a_millisecond_before_it_is_due_there_is_no_flag() -> None:
    assert flags(needed("0:00"), note("1:29.999")) == []
    assert flags(needed("0:00"), end("1:29.999")) == []


def test_an_entry_at_the_very_instant_comes_before_the_flag() -> None:
    kinds = [event.kind for event in play(needed("0:00"), note("1:30"))]

    assert kinds == ["case.opened", "access.needed", "note.added", "flag.raised"]


def test_access_gained_at_the_very_instant_raises_nothing() -> None:
    assert flags(needed("0:00"), begins("0:10"), ends("1:30", "established")) == []


def test_access_gained_a_millisecond_later_is_too_late_for_the_flag() -> None:
    assert flags(needed("0:00"), begins("0:10"), ends("1:30.001", "established")) == [ELAPSED]


def test_the_end_runs_the_clock_on_that_instant_included() -> None:
    assert flags(needed("0:00"), end("1:30")) == [ELAPSED]


def test_without_an_end_the_clock_stops_at_the_last_line() -> None:
    assert flags(needed("0:00")) == []
    assert flags(needed("0:00"), note("1:29.999")) == []
    assert flags(needed("0:00"), note("1:30")) == [ELAPSED]


def test_the_clock_stops_at_the_entry_of_the_last_line_and_not_at_what_it_tells_of() -> None:
    assert flags(needed("0:00"), note("0:05", recorded="1:30")) == [ELAPSED]


def test_several_deadlines_between_two_lines_are_each_met() -> None:
    raised = flags(
        begins("0:00", "io", site="tibia_prox", side="left"),
        ends("0:10", "established"),
        end("20:00"),
    )

    assert ("io-unconfirmed", "time", "1:10.000", "1:10.000") in raised
    assert ("limb-check", "due", "15:10.000", "15:10.000") in raised


def test_lines_at_one_instant_are_applied_before_the_rules_look() -> None:
    # A try that began and failed at the instant of a flag's due time counts as one thing.
    rows = (begins("0:10"), ends("0:20", "failed"), begins("0:30"), ends("0:40", "failed"), begins("0:50"))

    both = (*rows, ends("1:00", "failed"), begins("1:00", "io", site="tibia_prox", side="left"))
    alone = (*rows, ends("1:00", "failed"), begins("1:00.001", "io", site="tibia_prox", side="left"))

    assert not [flag for flag in flags(*both) if flag[0] == "io-consider"]
    assert ("io-consider", "attempts", "1:00.000", "1:00.000") in flags(*alone)


def test_lines_at_one_instant_keep_their_order() -> None:
    events = play(note("0:10", "a"), note("0:10", "b"), note("0:05", "c", recorded="0:10"))

    assert [getattr(event.data, "text", None) for event in of_kind(events, "note.added")] == ["a", "b", "c"]


def test_a_late_entry_that_puts_a_need_in_the_past_raises_the_flag_now() -> None:
    assert flags(row("0:10", "access.needed", {"urgency": "urgent"}, recorded="3:00")) == [
        ("io-consider", "elapsed", "1:40.000", "3:00.000")
    ]


def test_a_late_entry_that_is_over_by_now_raises_nothing() -> None:
    assert (
        flags(
            row("0:10", "access.needed", {"urgency": "urgent"}, recorded="3:00"),
            row("0:20", "access.attempt_started", {"route": "piv"}, recorded="3:00"),
            row("2:50", "access.attempt_ended", {"outcome": "established"}, recorded="3:00"),
        )
        == []
    )


def test_a_retraction_is_played_at_its_own_time() -> None:
    assert flags(needed("0:00"), retracts("1:29.999", 2), end("5:00")) == []
    assert flags(needed("0:00"), retracts("1:31", 2), end("5:00")) == [ELAPSED]


def test_an_amended_time_moves_the_deadline() -> None:
    assert flags(needed("0:20"), amends("0:30", 2, at="0:05"), end("5:00")) == [
        ("io-consider", "elapsed", "1:35.000", "1:35.000")
    ]


def test_after_the_close_nothing_is_raised() -> None:
    close = row("1:00", "case.closed", {"outcome": "transferred"})

    assert flags(needed("0:00"), close, end("5:00")) == []


def test_a_close_that_was_reopened_ends_no_episode() -> None:
    close = row("1:00", "case.closed", {"outcome": "transferred"})
    reopen = row("1:10", "case.reopened")

    assert flags(needed("0:00"), close, reopen, end("5:00")) == [ELAPSED]


@pytest.mark.parametrize("until", ["24:00:00", "240:00:00"])
def test_a_long_run_comes_to_its_end(until: str) -> None:
    assert flags(needed("0:00"), end(until)) == [ELAPSED]


@pytest.mark.parametrize("weight", ["0 g", "0.0000000000000000000001 g"])
def test_a_weight_that_cannot_be_stops_no_rule(weight: str) -> None:
    infusion = {"fluid": "saline_0_9", "route": "iv", "volume": "999999999999 L"}

    play(row("0:01", "patient.described", {"weight": weight}), row("0:02", "infusion.started", infusion))
