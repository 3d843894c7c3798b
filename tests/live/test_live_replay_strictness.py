"""Contradictions that a scenario may not have, each with its line and its sentence."""

from __future__ import annotations

from typing import Any

import pytest

from tests.live.replaykit import amends, begins, ends, needed, note, play, refuse, retracts, row

CLOSE = row("1:00", "case.closed", {"outcome": "recovered"})


def _of(kind: str, **data: Any) -> str:
    """A line about attempt 7, which nobody has started."""
    return row("0:05", kind, {"attempt": 7, **data})


@pytest.mark.parametrize(
    "line",
    [
        _of("access.attempt_ended", outcome="failed"),
        _of("access.attempt_described", side="left"),
        _of("access.confirmed", signs=["aspirate"]),
        _of("access.checked", finding="ok"),
        _of("access.lost", reason="other"),
        _of("access.removed"),
        _of("complication.noted", complication="haematoma"),
        _of("drug.given", drug="adrenaline", dose="0.03 mg", route="iv"),
        _of("infusion.started", fluid="saline_0_9", route="iv"),
    ],
)
def test_an_attempt_that_was_never_started(line: str) -> None:
    assert refuse(3, begins("0:01"), line) == "attempt 7 was never started"


def test_an_attempt_whose_start_was_retracted_was_never_started() -> None:
    refuse(4, begins("0:01"), retracts("0:02", 2), ends("0:03", "failed", attempt=1))


@pytest.mark.parametrize("again", ["access.attempt_started", "access.present"])
def test_an_attempt_started_twice(again: str) -> None:
    assert (
        refuse(3, begins("0:01"), row("0:02", again, {"attempt": 1, "route": "io"}))
        == "attempt 1 was started already"
    )
    refuse(
        3, row("0:01", "access.present", {"route": "io"}), row("0:02", again, {"attempt": 1, "route": "io"})
    )


def test_an_attempt_started_with_a_number_that_an_amendment_gave_to_another() -> None:
    refuse(4, begins("0:01"), amends("0:02", 2, attempt=2), begins("0:03", attempt=2))


def test_an_attempt_ended_twice() -> None:
    rows = (begins("0:01"), ends("0:02", "failed"))

    assert refuse(4, *rows, ends("0:03", "established", attempt=1)) == "attempt 1 ended already"


def test_an_attempt_ended_twice_where_the_first_end_was_retracted_is_fine() -> None:
    play(begins("0:01"), ends("0:02", "failed"), retracts("0:03", 3), ends("0:04", "established"))


def test_a_line_that_was_there_cannot_end_as_an_attempt() -> None:
    refuse(3, row("0:01", "access.present", {"route": "io"}), ends("0:02", "failed", attempt=1))


def test_an_attempt_ended_before_it_began() -> None:
    late = row("0:09.999", "access.attempt_ended", {"outcome": "failed"}, recorded="0:20")

    assert refuse(3, begins("0:10"), late) == "attempt 1 ends before it began, at 0:10.000"


def test_an_attempt_may_end_at_the_instant_it_began() -> None:
    play(begins("0:10"), row("0:10", "access.attempt_ended", {"outcome": "failed"}, recorded="0:20"))


def test_a_line_gone_twice_or_never_there() -> None:
    lost = row("0:05", "access.lost", {"attempt": 1, "reason": "other"})

    assert refuse(3, begins("0:01"), lost) == "attempt 1 is not a line in place"
    refuse(5, begins("0:01"), ends("0:02", "established"), lost, lost)


def test_an_infusion_that_was_never_started_or_is_started_twice() -> None:
    start = row("0:01", "infusion.started", {"infusion": 1, "fluid": "saline_0_9", "route": "iv"})

    assert refuse(2, row("0:01", "infusion.stopped", {"infusion": 3})) == "infusion 3 was never started"
    assert refuse(3, start, start) == "infusion 1 was started already"


@pytest.mark.parametrize(
    "line",
    [
        note("1:01"),
        needed("1:01"),
        begins("1:01"),
        note("0:30", recorded="1:01"),
        row("1:01", "case.closed", {"outcome": "died"}),
        row("1:01", "patient.described", {"sex": "f"}),
    ],
)
def test_an_entry_after_the_close(line: str) -> None:
    assert "enter case.reopened first" in refuse(3, CLOSE, line)


def test_an_entry_after_a_reopening() -> None:
    play(CLOSE, row("1:01", "case.reopened"), note("1:02"))


def test_an_entry_after_the_close_was_retracted() -> None:
    play(CLOSE, retracts("1:01", 2), note("1:02"))


@pytest.mark.parametrize(
    "line",
    [
        retracts("1:01", 2),
        amends("1:01", 2, text="b"),
        row("1:01", "case.signed", {"person": "a", "role": "b", "meaning": "led"}),
        row("1:01", "debrief.noted", {"part": "well", "text": "a"}),
        row("1:01", "case.reopened"),
    ],
)
def test_addenda_may_follow_the_close(line: str) -> None:
    play(note("0:10"), CLOSE, line)


def test_an_amendment_of_an_unknown_field() -> None:
    message = refuse(3, note("0:01"), amends("0:02", 2, colour="red"))

    assert message == "note.added has no field 'colour'; what can be amended is at text"


@pytest.mark.parametrize("field", ["protocol", "software"])
def test_an_amendment_of_what_the_program_fills_in(field: str) -> None:
    assert "set by the program" in refuse(2, amends("0:02", 1, **{field: "x"}))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "changes is empty"),
        ({"text": 5}, "text is 5, but must be text"),
        ({"text": None}, "note.added needs text"),
    ],
)
def test_an_amendment_with_a_value_that_does_not_fit(changes: dict[str, Any], words: str) -> None:
    assert words in refuse(3, note("0:01"), amends("0:02", 2, **changes))


def test_an_amendment_of_an_id_that_is_not_in_the_tables() -> None:
    assert "must be one of" in refuse(3, begins("0:01"), amends("0:02", 2, site="nose"))


def test_the_first_wrong_line_of_an_instant_is_named() -> None:
    refuse(3, note("0:01"), amends("0:02", 2, colour="red"), amends("0:02", 2, text=5))


def test_an_amendment_of_a_correction() -> None:
    assert "is itself a correction" in refuse(
        4, note("0:01"), retracts("0:02", 2), amends("0:03", 3, reason="x")
    )


def test_a_retraction_of_the_opening() -> None:
    assert "cannot be retracted" in refuse(2, retracts("0:02", 1))


@pytest.mark.parametrize("correction", [retracts("2:10", 3), amends("2:10", 3, action="accepted")])
def test_a_correction_of_an_answer_to_a_flag(correction: str) -> None:
    answer = row("2:00", "flag.acknowledged", {"rule": "io-consider", "action": "accepted"})

    assert "neither amended nor retracted" in refuse(4, needed("0:00"), answer, correction)


@pytest.mark.parametrize("reason", [{}, {"reason": ""}])
def test_a_decline_without_a_reason(reason: dict[str, str]) -> None:
    declined = row("2:00", "flag.acknowledged", {"rule": "io-consider", "action": "declined", **reason})

    assert "declining a flag needs a reason" in refuse(3, needed("0:00"), declined)


def test_a_decline_with_a_reason_and_an_acceptance_without() -> None:
    play(
        needed("0:00"),
        row("2:00", "flag.acknowledged", {"rule": "io-consider", "action": "declined", "reason": "x"}),
    )
    play(needed("0:00"), row("2:00", "flag.acknowledged", {"rule": "io-consider", "action": "accepted"}))


def test_missing_details_are_no_contradiction() -> None:
    play(begins("0:01", "io"), ends("0:02", "established"), row("0:03", "access.lost", {"reason": "other"}))
