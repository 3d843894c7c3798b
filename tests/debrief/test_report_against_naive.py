"""Random cases: the report's figures against a second computation, and what every report must keep."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codelog.case.events import Event
from codelog.debrief.report.as_json import report_json
from codelog.debrief.report.value import DebriefReport
from tests.case.stream_strategies import any_stream
from tests.debrief.naive_report import Naive
from tests.debrief.reportkit import interval, parts, report_of, spans
from tests.rules.random_cases import CASES, Case, drive
from tests.rules.rule_plays import protocol

QUICK = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def same_figures(report: DebriefReport, naive: Naive) -> None:
    if naive.wanted:
        assert spans(report, "need_to_first_attempt") == naive.need_to_first_attempt()
        assert spans(report, "need_to_access") == naive.need_to_access()
        assert spans(report, "first_attempt_to_access") == naive.first_attempt_to_access()
    else:
        assert spans(report, "need_to_access") == [None]
        assert report.access.needs == ()
    counts = {
        count.of.id: (count.tried, count.established, count.failed, count.abandoned)
        for count in report.attempts.by_route
        if count.of is not None
    }
    assert counts == naive.counts()
    dwell = {found.attempt: found.ms for found in report.intervals if found.id == "io_dwell"}
    assert dwell == naive.dwell()
    assert spans(report, "adrenaline_interval") == naive.adrenaline()
    totals = {total.drug.id: total.total for total in report.given.drug_totals}
    if "adrenaline" in totals:
        assert Fraction(totals["adrenaline"].to("mg")) == naive.mass("adrenaline")
    else:
        assert naive.mass("adrenaline") == 0
    assert Fraction(report.given.fluids.volume.to("mL")) == naive.fluid()
    by_line = sum((Fraction(line.infusion_volume.to("mL")) for line in report.given.lines), Fraction(0))
    assert by_line == naive.fluid()


def sound(report: DebriefReport, events: list[Event]) -> None:
    """Every event named exists, and what is not known says why."""
    numbers = {event.seq for event in events}
    for part in parts(report):
        for name in ("events", "evidence", "acted", "entry", "amended_by"):
            assert set(getattr(part, name, ())) <= numbers, part
    for found in report.intervals:
        assert (found.ms is None) == (found.why is not None), found
        assert found.ms is None or found.ms >= 0
    assert report.quality.score.percent is None or 0 <= report.quality.score.percent <= 100


@QUICK
@given(CASES)
def test_cases_through_the_recorder(case: Case) -> None:
    ran = protocol(case.protocol, {"clock_starts": case.clock_starts})
    events = drive(case, ran)
    report = report_of(events, ran)
    same_figures(report, Naive(events))
    sound(report, events)
    assert report.flags.hindsight.not_run == ()


@QUICK
@given(any_stream)
def test_contradictory_streams(events: list[Event]) -> None:
    report = report_of(events)
    same_figures(report, Naive(events))
    sound(report, events)


@QUICK
@given(any_stream, st.randoms(use_true_random=False))
def test_the_order_in_which_events_come_does_not_matter(events: list[Event], chance: object) -> None:
    shuffled = list(events)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert report_json(report_of(shuffled)) == report_json(report_of(events))


def test_an_interval_found_wrong_would_show() -> None:
    """The comparison itself can fail."""
    from tests.debrief.reportkit import events_of, scenario

    events = events_of(scenario("sids-extravasation-necrosis"))
    naive = Naive(events)
    same_figures(report_of(events), naive)
    naive.wanted[1].until = (naive.wanted[1].until[0] + 1, 0) if naive.wanted[1].until else None
    assert spans(report_of(events), "need_to_access") != naive.need_to_access()
    assert interval(report_of(events), "need_to_access").ms is not None
