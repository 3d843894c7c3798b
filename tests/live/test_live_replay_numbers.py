"""Numbers left out of a scenario: what is meant by each, sentence by sentence."""

from __future__ import annotations

from typing import Any

import pytest

from codelog.case.events import Event
from tests.live.replaykit import amends, begins, end, ends, needed, note, of_kind, play, refuse, retracts, row


def _numbers(events: list[Event], kind: str, field: str = "attempt") -> list[Any]:
    return [getattr(event.data, field) for event in of_kind(events, kind)]


def _present(at: str, route: str = "piv") -> str:
    return row(at, "access.present", {"route": route})


def _infuses(at: str, **details: Any) -> str:
    return row(at, "infusion.started", {"fluid": "saline_0_9", "route": "iv", **details})


ON_LINES = [
    ("access.confirmed", {"signs": ["aspirate"]}),
    ("access.checked", {"finding": "ok"}),
    ("access.lost", {"reason": "dislodged"}),
    ("access.removed", {}),
]
ON_ATTEMPTS = [
    ("access.attempt_ended", {"outcome": "failed"}),
    ("access.attempt_described", {"side": "left"}),
]
ON_INFUSIONS: list[tuple[str, dict[str, Any]]] = [
    ("infusion.changed", {"rate": "9 mL/h"}),
    ("infusion.stopped", {}),
]


def test_a_start_gets_the_next_number() -> None:
    events = play(begins("0:01"), begins("0:02"), begins("0:03"))

    assert _numbers(events, "access.attempt_started") == [1, 2, 3]


def test_a_line_that_was_there_takes_the_next_attempt_number() -> None:
    events = play(begins("0:01"), _present("0:02"), begins("0:03"))

    assert _numbers(events, "access.present") == [2]
    assert _numbers(events, "access.attempt_started") == [1, 3]


def test_the_next_number_follows_the_highest() -> None:
    assert _numbers(play(begins("0:01", attempt=5), begins("0:02")), "access.attempt_started") == [5, 6]


def test_the_number_of_a_retracted_start_is_not_used_again() -> None:
    assert _numbers(play(begins("0:01"), retracts("0:02", 2), begins("0:03")), "access.attempt_started") == [
        1,
        2,
    ]


def test_a_number_that_an_amendment_gave_is_not_used_again() -> None:
    events = play(begins("0:01"), amends("0:02", 2, attempt=2), begins("0:03"))

    assert _numbers(events, "access.attempt_started") == [1, 3]


def test_infusions_are_numbered_by_themselves() -> None:
    events = play(begins("0:01"), _infuses("0:02"), begins("0:03"), _infuses("0:04"))

    assert _numbers(events, "infusion.started", "infusion") == [1, 2]


def test_the_number_of_a_retracted_infusion_is_not_used_again() -> None:
    events = play(_infuses("0:01"), retracts("0:02", 2), _infuses("0:03"))

    assert _numbers(events, "infusion.started", "infusion") == [1, 2]


@pytest.mark.parametrize(("kind", "data"), ON_ATTEMPTS)
def test_the_newest_attempt_in_progress_is_meant(kind: str, data: dict[str, Any]) -> None:
    assert _numbers(play(begins("0:01"), begins("0:02"), row("0:03", kind, data)), kind) == [2]


@pytest.mark.parametrize(("kind", "data"), ON_ATTEMPTS)
def test_an_attempt_that_ended_is_not_meant(kind: str, data: dict[str, Any]) -> None:
    events = play(begins("0:01"), begins("0:02"), ends("0:03", "failed", attempt=2), row("0:04", kind, data))

    assert _numbers(events, kind)[-1] == 1


@pytest.mark.parametrize(("kind", "data"), ON_ATTEMPTS)
def test_an_attempt_whose_start_was_retracted_is_not_meant(kind: str, data: dict[str, Any]) -> None:
    events = play(begins("0:01"), begins("0:02"), retracts("0:03", 3), row("0:04", kind, data))

    assert _numbers(events, kind) == [1]


@pytest.mark.parametrize(("kind", "data"), ON_ATTEMPTS)
def test_with_no_attempt_in_progress_none_can_be_meant(kind: str, data: dict[str, Any]) -> None:
    assert refuse(2, row("0:01", kind, data)) == f"{kind} names no attempt, and no attempt is in progress"
    refuse(4, begins("0:01"), ends("0:02", "established"), row("0:03", kind, data))


@pytest.mark.parametrize(("kind", "data"), ON_LINES)
def test_the_newest_line_in_place_is_meant(kind: str, data: dict[str, Any]) -> None:
    events = play(_present("0:01"), _present("0:02"), begins("0:03"), row("0:04", kind, data))

    assert _numbers(events, kind) == [2]


@pytest.mark.parametrize(("kind", "data"), ON_LINES)
def test_the_newest_line_is_the_one_established_last(kind: str, data: dict[str, Any]) -> None:
    rows = (
        begins("0:01"),
        begins("0:02"),
        ends("0:03", "established", attempt=2),
        ends("0:04", "established"),
    )

    assert _numbers(play(*rows, row("0:05", kind, data)), kind) == [1]


@pytest.mark.parametrize("goes", ["access.lost", "access.removed"])
@pytest.mark.parametrize(("kind", "data"), ON_LINES)
def test_a_line_that_is_gone_is_not_meant(kind: str, data: dict[str, Any], goes: str) -> None:
    gone = row("0:03", goes, {"attempt": 2} | ({"reason": "other"} if goes == "access.lost" else {}))

    assert _numbers(play(_present("0:01"), _present("0:02"), gone, row("0:04", kind, data)), kind)[-1] == 1


@pytest.mark.parametrize(("kind", "data"), ON_LINES)
def test_with_no_line_in_place_none_can_be_meant(kind: str, data: dict[str, Any]) -> None:
    assert (
        refuse(3, begins("0:01"), row("0:02", kind, data))
        == f"{kind} names no attempt, and no line is in place"
    )


@pytest.mark.parametrize(("kind", "data"), ON_INFUSIONS)
def test_the_newest_running_infusion_is_meant(kind: str, data: dict[str, Any]) -> None:
    events = play(_infuses("0:01"), _infuses("0:02"), row("0:03", kind, data))

    assert _numbers(events, kind, "infusion") == [2]


@pytest.mark.parametrize(("kind", "data"), ON_INFUSIONS)
def test_an_infusion_that_was_stopped_is_not_meant(kind: str, data: dict[str, Any]) -> None:
    stop = row("0:03", "infusion.stopped", {"infusion": 2})

    events = play(_infuses("0:01"), _infuses("0:02"), stop, row("0:04", kind, data))

    assert _numbers(events, kind, "infusion")[-1] == 1


@pytest.mark.parametrize(("kind", "data"), ON_INFUSIONS)
def test_with_no_infusion_running_none_can_be_meant(kind: str, data: dict[str, Any]) -> None:
    assert refuse(2, row("0:01", kind, data)) == f"{kind} names no infusion, and none is running"


def test_numbers_within_one_instant_are_found_line_by_line() -> None:
    events = play(begins("0:01"), ends("0:01", "failed"), begins("0:01"), ends("0:01", "established"))

    assert _numbers(events, "access.attempt_ended") == [1, 2]


def test_an_attempt_left_out_of_a_drug_or_an_infusion_is_not_recorded() -> None:
    drug = row("0:02", "drug.given", {"drug": "adrenaline", "dose": "0.03 mg", "route": "iv"})
    events = play(_present("0:01"), drug, _infuses("0:03"))

    assert _numbers(events, "drug.given") == [None]
    assert _numbers(events, "infusion.started") == [None]


def test_an_attempt_left_out_of_a_complication_is_not_recorded() -> None:
    events = play(_present("0:01"), row("0:02", "complication.noted", {"complication": "haematoma"}))

    assert _numbers(events, "complication.noted") == [None]


def test_an_answer_means_the_newest_open_flag_of_its_rule() -> None:
    answer = row("2:00", "flag.acknowledged", {"rule": "io-consider", "action": "accepted"})

    events = play(needed("0:00"), answer)

    assert _numbers(events, "flag.acknowledged", "flag") == _numbers(events, "flag.raised", "flag") == [1]


def test_of_two_open_flags_of_a_rule_the_newer_is_meant() -> None:
    drug = {"drug": "adrenaline", "dose": "0.03 mg", "route": "iv"}
    rows = (row("0:01", "drug.given", drug), row("0:10", "drug.given", drug | {"dose": "0.04 mg"}))

    events = play(*rows, row("0:20", "flag.snoozed", {"rule": "no-line", "seconds": 60}))

    raised = [
        event.data for event in of_kind(events, "flag.raised") if getattr(event.data, "rule", "") == "no-line"
    ]
    assert len(raised) == 2
    assert _numbers(events, "flag.snoozed", "flag") == [getattr(raised[1], "flag", None)]


def test_a_flag_of_another_rule_is_not_meant() -> None:
    drug = {"drug": "adrenaline", "dose": "0.03 mg", "route": "iv"}
    answer = row("2:00", "flag.snoozed", {"rule": "no-line", "seconds": 60})

    events = play(needed("0:00"), row("0:01", "drug.given", drug), answer)

    assert _numbers(events, "flag.snoozed", "flag") == [1]


def test_an_answer_without_an_open_flag_is_refused() -> None:
    answer = ("flag.acknowledged", {"rule": "io-consider", "action": "accepted"})

    assert refuse(2, row("0:01", *answer)) == "no flag of the rule 'io-consider' is open"
    refuse(3, needed("0:00"), row("1:29.999", *answer))


def test_a_flag_raised_at_the_instant_of_the_answer_is_not_yet_there() -> None:
    refuse(3, needed("0:00"), row("1:30", "flag.snoozed", {"rule": "io-consider", "seconds": 60}))


def test_a_flag_that_was_cleared_cannot_be_answered() -> None:
    rows = (needed("0:00"), begins("1:40"), ends("1:50", "established"))

    refuse(5, *rows, row("2:00", "flag.acknowledged", {"rule": "io-consider", "action": "accepted"}))


def test_a_target_is_the_line_in_the_file_and_not_the_seq() -> None:
    # The flag at 1:30 is line 3 of the log and no line of the file.
    events = play(needed("0:00"), note("2:00"), retracts("2:10", 3), end("2:20"))

    assert _numbers(events, "event.retracted", "target") == [4]
    assert events[3].kind == "note.added"


def test_a_target_may_stand_at_the_same_instant() -> None:
    events = play(needed("0:00"), note("2:00"), retracts("2:00", 3))

    assert _numbers(events, "event.retracted", "target") == [4]


def test_a_correction_of_a_correction_names_its_line() -> None:
    events = play(note("0:01"), retracts("0:02", 2), retracts("0:03", 3))

    assert _numbers(events, "event.retracted", "target") == [2, 3]
