"""Records at the edge: nothing in them, open, broken, across midnight, before zero, of several terminals."""

from __future__ import annotations

import json

import pytest

from codelog.case.instants import DAY, HOUR
from codelog.debrief.report.as_json import report_json
from codelog.log.chain import Break
from tests.debrief.reportkit import (
    HEAD,
    event_of,
    events_of,
    interval,
    log_of,
    replayed,
    report_of,
    scenario,
    spans,
)


def test_a_case_that_was_only_opened() -> None:
    report = report_of(log_of())
    assert report.header.interim and report.header.closed is None
    assert all(found.ms is None and found.why for found in report.intervals)
    assert report.quality.score.percent is not None
    assert report.quality.longest_silence is None
    assert report.given.fluids.infusions == 0
    assert json.loads(report_json(report))["header"]["interim"] is True


def test_no_event_could_be_read() -> None:
    report = report_of([], chain={"t": Break(1, "line 1 is not a line of a codelog log")})
    assert [warning.text for warning in report.warnings[:2]] == [
        "The log of terminal t is not as it was written: line 1 is not a line of a codelog log.",
        "The opening of the case cannot be read: its place, clock and protocol are not known.",
    ]
    assert report.header.case is None
    report_json(report)


def test_a_broken_chain_comes_first_and_the_rest_is_told() -> None:
    events = events_of(scenario("simulation-pair-io"))
    whole = report_of(events)
    broken = report_of(events, chain={"replay": Break(7, "line 7 does not link")})
    assert "line 7 does not link" in broken.warnings[0].text
    assert broken.intervals == whole.intervals
    assert broken.fingerprints.streams[0].intact is False and broken.fingerprints.streams[0].line == 7
    assert whole.fingerprints.streams[0].head == HEAD


def test_a_chain_that_nobody_checked_is_said_to_be_so() -> None:
    report = report_of(log_of(), chain={})
    assert report.warnings[0].text == "The log of terminal t was not checked for changes."


def test_a_lost_opening_leaves_the_rest_to_be_told() -> None:
    report = report_of(events_of(scenario("sids-extravasation-necrosis"))[1:])
    assert report.header.setting is None
    assert report.header.zero.events == ()
    assert spans(report, "need_to_access") == [145_000, 135_000]
    assert interval(report, "zero_to_first_adrenaline").why == "the opening of the case cannot be read"


def test_one_entry() -> None:
    report = report_of(log_of((5, "note.added", {"text": "a"})))
    assert [entry.number for entry in report.course.entries] == [1, 2]
    assert report.quality.longest_silence is not None and report.quality.longest_silence.ms == 5_000


def test_a_need_that_is_still_open() -> None:
    report = replayed(("1:00", "access.needed", {"urgency": "emergent"}), ("4:00", "scenario.end", {}))
    found = interval(report, "need_to_access")
    # The flag at 2:30 is the last event: so far the record goes.
    assert (found.ms, found.so_far_ms, found.why, found.met) == (None, 90_000, "no access yet", None)
    assert interval(report, "need_to_first_attempt").why == "no attempt was recorded"


@pytest.mark.parametrize(("late", "met"), [(89_999, True), (90_000, True), (90_001, False)])
def test_access_at_the_limit(late: int, met: bool) -> None:
    report = report_of(
        log_of(
            (0, "access.needed", {"urgency": "emergent"}),
            (1, "access.attempt_started", {"attempt": 1, "route": "piv"}),
            (late / 1000, "access.attempt_ended", {"attempt": 1, "outcome": "established"}),
        )
    )
    assert (interval(report, "need_to_access").ms, interval(report, "need_to_access").met) == (late, met)


@pytest.mark.parametrize(("second", "met"), [(179.999, False), (180, True), (300, True), (300.001, False)])
def test_adrenaline_at_the_ends_of_its_window(second: float, met: bool) -> None:
    dose = {"drug": "adrenaline", "dose": "0.03 mg", "route": "ett"}
    report = report_of(log_of((0, "drug.given", dose), (second, "drug.given", dose)))
    assert interval(report, "adrenaline_interval").met is met
    assert (report.adrenaline.early, report.adrenaline.late) == (second < 180, second > 300)


def test_adrenaline_across_a_return_of_circulation_is_not_judged() -> None:
    dose = {"drug": "adrenaline", "dose": "0.03 mg", "route": "ett"}
    report = report_of(
        log_of((0, "drug.given", dose), (60, "rosc.recognised", {}), (900, "drug.given", dose))
    )
    assert (interval(report, "adrenaline_interval").ms, interval(report, "adrenaline_interval").met) == (
        900_000,
        None,
    )


def test_events_before_zero() -> None:
    report = report_of(
        log_of(
            (-30, "access.attempt_started", {"attempt": 1, "route": "piv"}),
            (-5, "access.attempt_ended", {"attempt": 1, "outcome": "established"}),
            (60, "case.closed", {"outcome": "recovered"}),
        )
    )
    assert report.access.attempts[0].start.since_zero_ms == -30_000
    assert report.access.attempts[0].start.clock == "-0:30"
    assert spans(report, "first_attempt_to_access") == [25_000]
    assert report.course.entries[0].number == 2


def test_across_midnight_and_a_clock_step() -> None:
    late = 23 * 3600
    report = report_of(
        log_of(
            (late, "access.needed", {"urgency": "urgent"}),
            (late + 10, "clock.stepped", {"wall_ms": -3_600_000}),
            (late + 3500, "access.attempt_started", {"attempt": 1, "route": "uvc"}),
            (late + 3700, "access.attempt_ended", {"attempt": 1, "outcome": "established"}),
        )
    )
    assert spans(report, "need_to_access") == [3_700_000]
    assert report.header.clock_steps[0].wall_ms == -3_600_000
    assert report.quality.entries == 3  # the step is the program's


def test_a_foreign_clock() -> None:
    shown = {"08:05": 8 * HOUR + 300_000, "23:00:30": -HOUR + 30_000, "about eight": None, "25:00": None}
    for shows, ahead in shown.items():
        report = report_of(log_of((0, "clock.marked", {"clock": "monitor", "shows": shows})))
        assert report.header.clocks[0].ahead_ms == ahead, shows
        assert report.header.zero.at % DAY == 0


def test_an_end_before_its_start_is_named_and_not_counted() -> None:
    report = report_of(
        log_of(
            (60, "access.attempt_started", {"attempt": 1, "route": "io"}),
            (50, "access.attempt_ended", {"attempt": 1, "outcome": "failed"}),
            (70, "infusion.stopped", {"infusion": 4}),
            (80, "drug.given", {"drug": "adrenaline", "dose": "0.03 mg", "route": "io", "attempt": 1}),
        )
    )
    assert [(one.id, one.events) for one in report.quality.contradictions] == [
        ("order", (2, 3)),
        ("no_infusion", (4,)),
        ("no_line", (5,)),
    ]
    possible = report.quality.score.parts[3]
    assert (possible.good, possible.of, possible.events) == (0, 4, (2, 3, 4, 5))


def test_a_dose_before_access_has_no_interval() -> None:
    report = report_of(
        log_of(
            (10, "drug.given", {"drug": "adrenaline", "dose": "0.03 mg", "route": "io"}),
            (20, "access.present", {"attempt": 1, "route": "io"}),
        )
    )
    found = interval(report, "access_to_first_adrenaline")
    assert (found.ms, found.why) == (None, "as recorded, it ended before it began")


def test_a_need_noted_after_the_first_attempt() -> None:
    report = report_of(
        log_of(
            (10, "access.attempt_started", {"attempt": 1, "route": "piv"}),
            (20, "access.needed", {"urgency": "emergent"}),
            (40, "access.attempt_ended", {"attempt": 1, "outcome": "established"}),
        )
    )
    assert (
        interval(report, "need_to_access").why == "the need was noted only after the first attempt had begun"
    )
    assert spans(report, "first_attempt_to_access") == [30_000]


def test_two_terminals_make_one_case() -> None:
    first = log_of(
        (10, "access.needed", {"urgency": "emergent"}),
        (20, "access.attempt_started", {"attempt": 1, "route": "io", "site": "tibia_prox", "side": "left"}),
        (40, "access.attempt_ended", {"attempt": 1, "outcome": "established"}),
        terminal="m",
    )
    second = [
        event_of(1, 30, "access.attempt_started", {"attempt": 1, "route": "piv"}, terminal="b"),
        event_of(2, 50, "access.attempt_ended", {"attempt": 1, "outcome": "failed"}, terminal="b"),
        event_of(
            3,
            60,
            "drug.given",
            {"drug": "adrenaline", "dose": "0.03 mg", "route": "io", "attempt": "m/1"},
            terminal="b",
        ),
        event_of(4, 70, "event.retracted", {"target": "m/2", "reason": "never said"}, terminal="b"),
        event_of(
            5,
            80,
            "event.amended",
            {"target": 3, "changes": {"dose": "0.06 mg"}, "reason": "read back"},
            terminal="b",
        ),
    ]
    report = report_of([*second, *first])
    assert [attempt.number for attempt in report.access.attempts] == [1, "b/1"]
    (dose,) = report.given.doses
    assert (dose.line, str(dose.dose), dose.events) == (1, "0.06 mg", ("b/3", "b/5"))
    assert set(report.quality.retracted[0].events) == {2, "b/4"}
    assert report.access.needs[0].cause == "attempt"
    assert [stream.terminal for stream in report.fingerprints.streams] == ["b", "m"]
    assert [entry.number for entry in report.course.entries] == [1, 3, "b/1", 4, "b/2", "b/3"]


def test_sign_off_is_told_and_is_no_entry_of_the_case() -> None:
    report = report_of(
        log_of(
            (60, "case.closed", {"outcome": "transferred", "text": "to the unit"}),
            (
                900,
                "debrief.noted",
                {"part": "action", "text": "label the drawer", "owner": "ward", "due": "May"},
            ),
            (901, "debrief.noted", {"part": "well", "text": "<b>calm</b>"}),
            (902, "case.signed", {"person": "A", "role": "lead", "meaning": "reviewed"}),
        )
    )
    assert not report.header.interim
    assert [(point.text, point.owner, point.due) for point in report.learning.actions] == [
        ("label the drawer", "ward", "May")
    ]
    assert report.learning.well[0].text == "<b>calm</b>"
    assert report.signatures[0].meaning == "reviewed"
    assert report.quality.entries == 1
    assert report.header.closed is not None and report.header.closed.since_zero_ms == 60_000


def test_the_file_of_the_protocol_has_changed() -> None:
    report = report_of(events_of(scenario("simulation-pair-io")))
    assert not report.header.protocol.changed
    assert report_of(log_of()).header.protocol.changed
    assert any("is not the file" in warning.text for warning in report_of(log_of()).warnings)


def test_a_marked_gap_is_accounted_for() -> None:
    opened = log_of((10, "care.started", {"care": "ppv"}))
    missing = [gap.field for gap in report_of(opened).quality.details.missing]
    assert "weight" in missing and "end" in missing
    told = report_of([*opened, event_of(3, 20, "note.added", {"text": "Not known: #1 weight (not said)"})])
    weight = next(gap for gap in told.quality.details.missing if gap.field == "weight")
    assert weight.marked_unknown
    assert told.quality.details.marked_unknown == 1
    assert [gap.field for gap in told.quality.missing_times] == ["end"]


def test_utstein_fields_are_filled_or_say_why_not() -> None:
    report = report_of(
        log_of(
            (30, "care.started", {"care": "compressions"}),
            (60, "vital.recorded", {"heart_rate": 59}),
            (90, "vital.recorded", {"heart_rate": 60, "temperature": "36.2 Cel"}),
            (95, "vital.recorded", {"apgar": 3, "apgar_minute": 1}),
        )
    )
    found = {field.element: field for field in report.utstein.fields}
    assert found["heart rate 60 or more after compressions"].value == "1:30"
    assert found["heart rate 60 or more after compressions"].events == (4,)
    assert found["heart rate 100 or more after compressions"].value is None
    assert (found["temperature"].value, found["Apgar scores"].value) == ("36.2 °C at 1:30", "3 at 1 min")
    assert found["vascular access attempted"].value is None  # not recorded is not "no"
    assert not found["mode of birth"].ours and found["sex"].ours
    assert report.utstein.status == "unverified" and "not read" in report.utstein.source
    for field in report.utstein.fields:
        assert (field.value is None) == (field.why is not None), field
        assert field.value is None or field.events, field
    assert report.utstein.filled == sum(field.value is not None for field in report.utstein.fields)
