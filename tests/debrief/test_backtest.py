"""Another protocol over recorded cases: the same one changes nothing, another limit moves exactly its flags."""

from __future__ import annotations

from pathlib import Path

import pytest

from codelog.case.events import Event
from codelog.case.scenario import read_scenario
from codelog.clinical.problems import ClinicalDataError
from codelog.clinical.protocols import Protocol, load_protocol, with_settings
from codelog.debrief.backtest import Backtest, CaseBacktest, Summing, as_entered, backtest_case
from codelog.debrief.backtest_page import backtest_sheet
from codelog.debrief.report.record import read_record
from codelog.debrief.sheet.html import sheet_html
from codelog.debrief.sheet.text import sheet_text
from codelog.live.replay import replayed_events
from tests.debrief.generated_cases import case_events
from tests.debrief.reportkit import (
    GENERATED,
    GOMELLA,
    SCENARIOS,
    TABLES,
    VOCABULARY,
    events_of,
    report_of,
    scenario,
)


def under(protocol: Protocol, events: list[Event]) -> CaseBacktest:
    return backtest_case("case", read_record(events, GOMELLA, TABLES), protocol)


def changed(case: CaseBacktest) -> list[tuple[str, str, str, int | None]]:
    return [
        (flag.standing, flag.rule, flag.basis, flag.by_ms) for flag in case.flags if flag.standing != "same"
    ]


def summed(cases: list[CaseBacktest], protocol: Protocol = GOMELLA) -> Backtest:
    summing = Summing()
    for case in cases:
        summing.add(case)
    return summing.backtest(
        protocol, (("seconds_limit", "60"),), (), generated_at=GENERATED, version="codelog test"
    )


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_the_same_protocol_raises_the_same_flags_at_the_same_instants(path: Path) -> None:
    found = as_entered(read_record(events_of(path), GOMELLA, TABLES), GOMELLA)
    assert found.flags and not found.not_run
    assert {(flag.standing, flag.by_ms) for flag in found.flags} == {("same", 0)}


@pytest.mark.parametrize("seed", range(25))
def test_so_it_is_in_generated_cases(seed: int) -> None:
    found = as_entered(read_record(case_events(seed), GOMELLA, TABLES), GOMELLA)
    assert {(flag.standing, flag.by_ms) for flag in found.flags} <= {("same", 0)}


LATE = b"""\
{"at":"0:00","kind":"case.opened","data":{"setting":"nicu","zero":"birth","mode":"training"}}
{"at":"0:10","kind":"access.needed","data":{"urgency":"emergent"}}
{"at":"0:20","kind":"access.attempt_started","data":{"route":"piv"}}
{"at":"1:20","recorded":"2:30","kind":"access.attempt_ended","data":{"outcome":"established"}}
{"at":"3:00","kind":"event.retracted","data":{"target":4,"reason":"it never ran"}}
{"at":"5:00","kind":"scenario.end"}
"""


def test_what_is_known_later_is_not_known_here() -> None:
    """A late entry counts from when it was entered, a correction from when it was made."""
    events = replayed_events(read_scenario(LATE, VOCABULARY), GOMELLA, TABLES)
    assert changed(under(GOMELLA, events)) == []
    assert {flag.standing for flag in report_of(events).flags.hindsight.flags} != {"same"}


@pytest.mark.parametrize(
    ("name", "earlier"),
    [
        ("simulation-pair-uvc", 1),
        ("epistaxis-thirty-one-months", 1),
        ("blood-loss-at-birth", 1),
        ("newborn-unit-term-twenty-hours", 1),
    ],
)
def test_a_shorter_limit_moves_the_flags_of_that_limit_and_no_other(name: str, earlier: int) -> None:
    shorter = with_settings(GOMELLA, {"seconds_limit": "60"})
    found = changed(under(shorter, events_of(scenario(name))))
    assert found == [("earlier", "io-consider", "elapsed", -30_000)] * earlier


def test_the_limit_at_both_its_sides() -> None:
    """The need at 1:45, access at 3:39: 114 s. A limit of 114 s is not reached where access comes at that instant."""
    events = events_of(scenario("simulation-pair-uvc"))

    def standings(limit: str) -> list[str]:
        tried = with_settings(GOMELLA, {"seconds_limit": limit})
        return [
            f.standing for f in under(tried, events).flags if f.rule == "io-consider" and f.basis == "elapsed"
        ]

    # The end of the attempt was entered at 3:55, and only then could anybody know.
    assert standings("90") == ["same"]
    assert standings("129") == ["later"]
    assert standings("130") == ["gone"]
    assert standings("none") == ["gone"]


def test_fewer_attempts_raise_what_was_not_raised() -> None:
    rows = events_of(scenario("infant-popliteal-artery"))
    fewer = with_settings(GOMELLA, {"attempts_limit": "1"})
    found = changed(under(fewer, rows))
    assert found and {rule for _, rule, _, _ in found} == {"io-consider"}
    assert all(standing in ("earlier", "new") for standing, *_ in found)


def test_the_sums_are_those_of_the_cases() -> None:
    shorter = with_settings(GOMELLA, {"seconds_limit": "60"})
    cases = [under(shorter, events_of(path)) for path in SCENARIOS]
    found = summed(cases, shorter)
    assert found.n == 11 and found.tried.status == "unverified" and found.tried.digest != GOMELLA.digest
    for rule in found.rules:
        of = [flag.standing for case in cases for flag in case.flags if flag.rule == rule.rule.id]
        assert (rule.same, rule.new, rule.gone) == (of.count("same"), of.count("new"), of.count("gone"))
        assert (rule.earlier, rule.later) == (of.count("earlier"), of.count("later"))
        assert rule.recorded == len(of) - rule.new and rule.would_be == len(of) - rule.gone
    (consider,) = (rule for rule in found.rules if rule.rule.id == "io-consider")
    assert consider.recorded == sum(
        flag.rule.id == "io-consider" for path in SCENARIOS for flag in report_of(events_of(path)).flags.flags
    )
    assert (consider.earlier, consider.new, consider.gone, consider.cases_changed) == (9, 1, 1, 10)
    assert len(found.cases) == 10


def test_pages_of_a_backtest() -> None:
    shorter = with_settings(GOMELLA, {"seconds_limit": "60"})
    found = summed([under(shorter, events_of(path)) for path in SCENARIOS], shorter)
    text, html = "\n".join(sheet_text(backtest_sheet(found))), sheet_html(backtest_sheet(found))
    assert (
        "with seconds_limit = 60" in text and "-30 s" in text and "11 flags would have been different" in text
    )
    assert html.count("<svg") == 1 and html.count("<table") == 2
    nothing = summed([under(GOMELLA, events_of(SCENARIOS[0]))])
    assert "Nothing: the same flags" in "\n".join(sheet_text(backtest_sheet(nothing)))
    assert summed([]).rules == ()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"second_limit": "60"}, 'the nearest valid key is "seconds_limit"'),
        ({"seconds_limit": "0"}, "from 1 to 3600"),
        ({"seconds_limit": "3601"}, "from 1 to 3600"),
        ({"seconds_limit": "1.5"}, "whole number"),
        ({"seconds_limit": "9" * 5000}, "whole number"),
        ({"dwell_hours": "none"}, "from 1 to 168"),
        ({"operator_rule": "1"}, "true or false"),
        ({"clock_starts": "noon"}, "need_or_first_attempt"),
        ({"dwell_hours": "19"}, "at most the 19 of dwell_hours"),
    ],
)
def test_settings_are_refused_as_in_a_file(settings: dict[str, str], said: str) -> None:
    with pytest.raises(ClinicalDataError, match="--set") as refused:
        with_settings(GOMELLA, settings)
    assert said in str(refused.value)


def test_settings_at_their_bounds_are_taken() -> None:
    for name, value, expected in (
        ("seconds_limit", "1", 1),
        ("seconds_limit", "3600", 3600),
        ("attempts_limit", "none", None),
        ("dwell_hours", "20", 20),
        ("operator_rule", "false", False),
    ):
        found = with_settings(GOMELLA, {name: value})
        assert getattr(found.thresholds, name) == expected and found.status == "unverified"
        assert found.parameters[name].value == expected
    assert load_protocol("gomella").thresholds == with_settings(GOMELLA, {}).thresholds
