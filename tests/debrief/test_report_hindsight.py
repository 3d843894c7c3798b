"""The flags as of now against the flags of that night: same, new, earlier, later, gone."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from codelog.case.events import FlagRaised
from codelog.debrief.report.rerun import SAME_MS
from codelog.debrief.report.value import DebriefReport
from tests.debrief.reportkit import SCENARIOS, events_of, replayed, report_of, scenario
from tests.rules.rule_plays import protocol

CORRECTED = {
    "blood-loss-at-birth": {("gone", "dose-range", "concentration")},
    "infant-popliteal-artery": {("gone", "dose-range", "tracheal_dose_by_line")},
    "newborn-unit-preterm-second-needle": {
        ("gone", "io-consider", "elapsed"),
        ("gone", "io-site", "same_bone"),
    },
    "sids-extravasation-necrosis": {
        ("gone", "io-site", "same_bone"),
        ("gone", "drug-repeat", "early"),
        ("gone", "timing", "duplicate"),
    },
    "simulation-pair-uvc": {("gone", "no-line", "no_line")},
}


def differences(report: DebriefReport) -> set[tuple[str, str, str]]:
    flags = report.flags.hindsight.flags
    return {(flag.standing, flag.rule, flag.basis) for flag in flags if flag.standing != "same"}


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_only_corrections_and_late_entries_make_a_difference(path: Path) -> None:
    report = report_of(events_of(path))
    assert differences(report) == CORRECTED.get(path.stem, set())
    told = [flag.flag for flag in report.flags.hindsight.flags if flag.flag is not None]
    assert set(told) == {flag.number for flag in report.flags.flags}


def test_a_failure_entered_late_would_have_asked_earlier() -> None:
    report = replayed(
        ("0:10", "access.needed", {"urgency": "emergent"}),
        ("0:15", "access.attempt_started", {"route": "piv"}),
        ("0:20", "access.attempt_ended", {"outcome": "failed"}),
        ("0:25", "access.attempt_started", {"route": "piv"}),
        ("0:30", "access.attempt_ended", {"outcome": "failed"}),
        ("0:35", "access.attempt_started", {"route": "piv"}),
        ("0:40", "access.attempt_ended", {"outcome": "failed", "recorded": "1:10"}),
        ("2:00", "scenario.end", {}),
    )
    (flag,) = report.flags.hindsight.flags
    assert (flag.standing, flag.rule, flag.basis, flag.by_ms) == (
        "earlier",
        "io-consider",
        "attempts",
        -30_000,
    )
    assert flag.flag == 1 and flag.would_be is not None and flag.would_be.since_zero_ms == 40_000


def test_a_need_told_late_asks_for_what_was_never_asked() -> None:
    report = replayed(
        ("2:00", "note.added", {"text": "a"}),
        ("0:10", "access.needed", {"urgency": "emergent", "recorded": "2:10"}),
        ("1:50", "access.present", {"route": "piv", "attempt": 1, "recorded": "2:10"}),
    )
    assert report.flags.flags == ()
    (flag,) = report.flags.hindsight.flags
    assert (flag.standing, flag.basis, flag.flag) == ("new", "elapsed", None)
    assert flag.would_be is not None and flag.would_be.since_zero_ms == 100_000
    assert flag.events == (3,)


NEED_AT_TEN = ("0:10", "access.needed", {"urgency": "emergent"})
NEED_MOVED = {"target": 2, "changes": {"at": "0:30"}, "reason": "said later"}


def test_a_need_moved_while_its_flag_stands_makes_that_flag_go() -> None:
    report = replayed(NEED_AT_TEN, ("1:50", "event.amended", NEED_MOVED), ("3:00", "scenario.end", {}))
    found = [(flag.standing, flag.flag, flag.by_ms) for flag in report.flags.hindsight.flags]
    assert found == [("gone", 1, None), ("same", 2, 0)]


def test_a_need_moved_when_all_is_over_would_have_asked_later() -> None:
    report = replayed(
        NEED_AT_TEN,
        ("2:05", "access.attempt_started", {"route": "io"}),
        ("2:20", "access.attempt_ended", {"outcome": "established"}),
        ("2:25", "access.confirmed", {"signs": ["aspirate"]}),
        ("2:30", "event.amended", NEED_MOVED),
    )
    (flag,) = report.flags.hindsight.flags
    assert (flag.standing, flag.flag, flag.by_ms) == ("later", 1, 20_000)


@pytest.mark.parametrize(("by", "standing"), [(SAME_MS, "same"), (SAME_MS + 1, "earlier")])
def test_a_deadline_noticed_promptly_is_the_same(by: int, standing: str) -> None:
    events = events_of(scenario("simulation-pair-uvc"))
    first = next(event for event in events if isinstance(event.data, FlagRaised))
    moved = [
        dataclasses.replace(event, at=event.at + by, recorded_at=event.recorded_at + by)
        if event is first
        else event
        for event in events
    ]
    flags = report_of(moved).flags.hindsight.flags
    assert [flag.standing for flag in flags if flag.flag == 1] == [standing]


def test_another_protocol_has_other_flags_in_hindsight() -> None:
    events = events_of(scenario("simulation-pair-io"))
    strict = report_of(events, protocol("gomella", {"seconds_limit": 60}))
    assert ("new", "io-consider", "elapsed") not in differences(report_of(events))
    # The needle went in at 1:55 and silences for 180 s, so even 60 s from 1:45 ask for nothing.
    assert ("new", "io-consider", "elapsed") not in differences(strict)
    eager = report_of(events, protocol("gomella", {"seconds_limit": 9}))
    assert ("new", "io-consider", "elapsed") in differences(eager)


def test_what_became_of_a_flag() -> None:
    report = report_of(events_of(scenario("blood-loss-at-birth")))
    first, second = report.flags.flags[:2]
    assert [answer.action for answer in first.answers] == ["declined"]
    assert (first.seen_after_ms, first.cleared_after_ms) == (20_000, 90_000)
    assert first.because is not None and first.because.id == "replaced"
    assert second.because is not None and second.because.id == "answered"
    assert (second.acted, second.acted_after_ms) == ((15,), 65_000)
    assert (report.flags.all.raised, report.flags.all.answered, report.flags.all.declined) == (11, 6, 1)
