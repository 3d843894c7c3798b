"""Ten times the entries cost about ten times the work, counted in calls, so that no clock can disagree."""

from __future__ import annotations

import sys
from collections.abc import Callable

from codelog.case.events import Event
from tests.debrief.reportkit import Fact, log_of, report_of


def _case(length: int) -> list[Event]:
    facts: list[Fact] = [
        (1, "patient.described", {"weight": "3 kg"}),
        (2, "access.attempt_started", {"attempt": 1, "route": "io", "site": "tibia_prox", "side": "left"}),
        (30, "access.attempt_ended", {"attempt": 1, "outcome": "established"}),
        (31, "care.started", {"care": "compressions"}),
    ]
    dose = {"drug": "adrenaline", "dose": "0.06 mg", "route": "io"}
    for number in range(length):
        at = 40 + 20 * number
        if number % 10 == 0:
            facts.append((at, "drug.given", dose))
        elif number % 10 == 1:
            facts.append(
                (
                    at,
                    "infusion.started",
                    {"infusion": number, "fluid": "saline_0_9", "route": "io", "volume": "1 mL"},
                )
            )
        elif number % 10 == 2:
            facts.append((at, "infusion.stopped", {"infusion": number - 1, "volume": "1 mL"}))
        elif number % 10 == 3:
            facts.append((at, "access.checked", {"attempt": 1, "finding": "ok"}))
        else:
            facts.append((at, "vital.recorded", {"heart_rate": 100}))
    return log_of(*facts)


def _calls(work: Callable[[], object]) -> int:
    count = 0

    def count_call(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event == "call"

    before = sys.getprofile()
    sys.setprofile(count_call)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def test_the_work_grows_with_the_case_and_no_faster() -> None:
    short, long = _case(200), _case(2000)
    report_of(short)
    few, many = _calls(lambda: report_of(short)), _calls(lambda: report_of(long))
    assert many < 13 * few
