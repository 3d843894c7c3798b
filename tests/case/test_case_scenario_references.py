"""What a scenario line may name: targets above it, rules for answers, numbers left out."""

from __future__ import annotations

from typing import Any

import pytest

from codelog.case.scenario import NUMBERED
from tests.case.casekit import NOTE, OPENS, file_of, read, refuse, refuse_row, row


def _retracts(target: Any) -> str:
    return row("0:02", "event.retracted", {"target": target, "reason": "r"})


@pytest.mark.parametrize("target", [0, -1, 3, 4, 99])
def test_a_target_that_is_no_line_above_is_refused(target: int) -> None:
    refuse(
        file_of(OPENS, NOTE, _retracts(target)),
        3,
        f"target is {target}",
        "the number of a line above, from 1 to 2",
    )


def test_the_line_above_is_a_target() -> None:
    assert read(OPENS, NOTE, _retracts(2)).lines[2].data["target"] == 2


@pytest.mark.parametrize("target", ["2", "t/2", None, True, [2]])
def test_a_target_that_is_no_number_is_refused(target: Any) -> None:
    refuse(file_of(OPENS, NOTE, _retracts(target)), 3, "target ")


@pytest.mark.parametrize("kind", ["event.amended", "event.retracted"])
@pytest.mark.parametrize("missing", ["target", "reason"])
def test_a_correction_needs_its_target_and_its_reason(kind: str, missing: str) -> None:
    data: dict[str, Any] = {"target": 1, "reason": "r"}
    if kind == "event.amended":
        data["changes"] = {"place": "bay 2"}
    del data[missing]

    refuse_row(row("0:02", kind, data), f"{kind} needs {missing}")


def test_an_amendment_needs_its_changes() -> None:
    refuse_row(row("0:02", "event.amended", {"target": 1, "reason": "r"}), "event.amended needs changes")


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("yesterday", "write M:SS or H:MM:SS"),
        ("-0:01", "write M:SS or H:MM:SS"),
        ("2000-01-01T00:00:00.000Z", "write M:SS or H:MM:SS"),
        (None, 'such as "1:30"'),
        (90, 'such as "1:30"'),
    ],
)
def test_an_amended_time_has_the_scenarios_form(at: Any, words: str) -> None:
    refuse_row(
        row("0:02", "event.amended", {"target": 1, "changes": {"at": at}, "reason": "r"}),
        "changes: at",
        words,
    )


ANSWERS = [("flag.acknowledged", {"action": "accepted"}), ("flag.snoozed", {"seconds": 30})]


@pytest.mark.parametrize(("kind", "data"), ANSWERS)
def test_an_answer_names_its_rule(kind: str, data: dict[str, Any]) -> None:
    assert len(read(OPENS, row("0:02", kind, data | {"rule": "io-consider"})).lines) == 2
    refuse_row(row("0:02", kind, data), f"{kind} needs rule", "io-consider")


@pytest.mark.parametrize(("kind", "data"), ANSWERS)
def test_an_answer_that_names_a_flag_is_told_to_name_the_rule(kind: str, data: dict[str, Any]) -> None:
    refuse_row(row("0:02", kind, data | {"flag": 1}), "write rule instead of flag")
    refuse_row(row("0:02", kind, data | {"flag": 1, "rule": "io-consider"}), "write rule instead of flag")


@pytest.mark.parametrize("rule", [1, None, True, ["io-consider"]])
@pytest.mark.parametrize(("kind", "data"), ANSWERS)
def test_a_rule_that_is_no_text_is_refused(kind: str, data: dict[str, Any], rule: Any) -> None:
    refuse_row(row("0:02", kind, data | {"rule": rule}), "needs rule")


def test_the_kinds_whose_number_may_be_left_out() -> None:
    # Copied from the log format, section 4: starts, what is said of attempts and of lines, infusions.
    assert NUMBERED == {
        "access.attempt_started": "attempt",
        "access.present": "attempt",
        "infusion.started": "infusion",
        "access.attempt_ended": "attempt",
        "access.attempt_described": "attempt",
        "access.confirmed": "attempt",
        "access.checked": "attempt",
        "access.lost": "attempt",
        "access.removed": "attempt",
        "infusion.changed": "infusion",
        "infusion.stopped": "infusion",
    }


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("access.attempt_started", {"route": "io"}),
        ("access.present", {"route": "io"}),
        ("access.attempt_ended", {"outcome": "failed"}),
        ("access.attempt_described", {}),
        ("access.confirmed", {"signs": []}),
        ("access.checked", {"finding": "ok"}),
        ("access.lost", {"reason": "other"}),
        ("access.removed", {}),
        ("infusion.started", {"fluid": "saline_0_9", "route": "iv"}),
        ("infusion.changed", {}),
        ("infusion.stopped", {}),
    ],
)
def test_a_number_left_out_is_left_open_by_reading(kind: str, data: dict[str, Any]) -> None:
    assert read(OPENS, row("0:01", kind, data)).lines[1].data == data
