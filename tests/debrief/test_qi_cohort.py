"""The report over the eleven published scenarios counted by hand, and what must not change it."""

from __future__ import annotations

import csv
import io
import json
import random
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from codelog.case.instants import DAY
from codelog.case.scenario import ZERO
from codelog.debrief.qi.case_figures import CaseFigures, FlagFigures, case_figures
from codelog.debrief.qi.cohort import FALSE, GOOD, Cohorts, LeftOut, judged
from codelog.debrief.qi.page import qi_sheet
from codelog.debrief.qi.report import FirstPass, QiReport, RuleFigures, qi_report
from codelog.debrief.qi.selection import Selection
from codelog.debrief.qi.table import figures_csv
from codelog.debrief.report.as_json import plain_values
from codelog.debrief.sheet.html import sheet_html
from codelog.debrief.sheet.text import sheet_text
from tests.debrief.generated_cases import case_events
from tests.debrief.reportkit import GENERATED, GOMELLA, SCENARIOS, TABLES, events_of, log_of, report_of

MARKUP = "<b>x</b>\x1b[31m\u202e&\"'"


@cache
def published() -> tuple[CaseFigures, ...]:
    return tuple(case_figures(path.stem, events_of(path), GOMELLA, TABLES) for path in SCENARIOS)


@cache
def generated() -> tuple[CaseFigures, ...]:
    return tuple(case_figures(f"{seed}", case_events(seed), GOMELLA, TABLES) for seed in range(60))


def reported(
    cases: tuple[CaseFigures, ...] | list[CaseFigures], selection: Selection | None = None
) -> QiReport:
    selection = selection or Selection()
    cohorts = Cohorts()
    for case in cases:
        if selection.takes(case):
            cohorts.add(case)
        else:
            cohorts.not_selected += 1
    return of_cohorts(cohorts, selection)


def of_cohorts(cohorts: Cohorts, selection: Selection | None = None) -> QiReport:
    return qi_report(
        cohorts, selection or Selection(), TABLES, generated_at=GENERATED, version="codelog test"
    )


def first(report: QiReport, route: str, by: str | None, of: str | None) -> tuple[int, int]:
    (row,) = (
        row
        for row in report.first_pass
        if (row.route.id, row.by, row.of.id if row.of else None) == (route, by, of)
    )
    return row.success.hits, row.success.n


def rule(report: QiReport, id: str) -> RuleFigures:
    (found,) = (found for found in report.flags if found.rule.id == id)
    return found


# By hand


def test_the_funnel_of_the_published_cases_by_hand() -> None:
    funnel = reported(published()).funnel
    # 11 cases, of which three have a second need (a loss): preterm, sepsis, sids
    assert (funnel.needs, funnel.tried.hits, funnel.met.hits, funnel.not_met.hits) == (14, 14, 14, 0)
    met = {step.route.id: step.met.hits for step in funnel.by_route}
    # one by umbilical catheter (the simulation), one by a central line, all others through bone
    assert met == {"piv": 0, "uvc": 1, "cvc": 1, "io": 12}


def test_time_to_access_of_the_published_cases_by_hand() -> None:
    report = reported(published())
    (spread,) = (one.spread for one in report.intervals if one.id == "need_to_access")
    # 68 70 114 125 130 135 145 150 170 180 200 260 355 535
    assert spread.n == 14 and spread.least == 68 and spread.most == 535
    assert spread.median == Decimal("147.5")
    assert spread.lower == Decimal("126.25") and spread.upper == Decimal(195)
    (curve,) = (one for one in report.curves if one.id == "need_to_access" and one.group is None)
    assert (curve.n, curve.events, curve.censored, curve.median_s) == (14, 14, 0, 145)
    assert [str(step.reached) for step in curve.at if step.at_s in (60, 90, 300)] == ["0.0", "14.3", "85.7"]
    (met,) = (one.met for one in report.intervals if one.id == "need_to_access")
    assert (met.hits, met.n) == (2, 14)  # 68 s and 70 s are within 90 s


def test_which_cases_the_published_ones_are() -> None:
    counted = reported(published()).counted
    assert (counted.mode, counted.chosen, counted.cases, counted.open) == ("training", False, 11, 3)
    assert {part.of.id: part.cases.hits for part in counted.settings}["delivery_room"] == 3
    assert [(part.of.label, part.cases.hits) for part in counted.protocols] == [("gomella 1", 11)]
    assert (counted.first_month, counted.last_month) == ("2000-01", "2000-01")


def test_the_sums_are_those_of_the_reports_of_the_cases() -> None:
    """Every figure is the one of the case's own report, added up another way."""
    report, cases = reported(published()), [report_of(events_of(path)) for path in SCENARIOS]
    for route in ("piv", "io"):
        firsts = [
            one.first_pass
            for case in cases
            for one in case.attempts.by_route
            if one.of and one.of.id == route
        ]
        assert first(report, route, None, None) == (
            sum(map(bool, firsts)),
            len([f for f in firsts if f is not None]),
        )
    assert sum(one.raised for one in report.flags) == sum(case.flags.all.raised for case in cases)
    assert sum(one.declined for one in report.flags) <= sum(case.flags.all.declined for case in cases)
    assert report.quality.late.hits == sum(len(case.quality.late) for case in cases)
    assert report.quality.entries == sum(case.quality.entries for case in cases)
    scores = sorted(case.quality.score.percent or 0 for case in cases)
    assert report.quality.scores[0].spread.median == scores[5]


@pytest.mark.parametrize(
    ("action", "because", "verdict"),
    [
        ("accepted", None, GOOD),
        ("accepted", "condition_ended", GOOD),
        (None, "answered", GOOD),
        ("declined", "answered", GOOD),
        ("declined", "condition_ended", FALSE),
        ("declined", None, FALSE),
        ("snoozed", "condition_ended", None),
        (None, "condition_ended", None),
        ("accepted", "retracted", None),
    ],
)
def test_how_a_flag_is_judged(action: str | None, because: str | None, verdict: str | None) -> None:
    assert judged(FlagFigures("io-consider", action, None, because, None)) == verdict


def test_the_parts_of_a_rule_add_up() -> None:
    for found in (*reported(published()).flags, *reported(generated()).flags):
        assert found.raised == found.accepted + found.declined + found.snoozed + found.unanswered
        assert found.precision.n <= found.raised
    report = reported(published())
    assert rule(report, "io-consider").declined == sum(
        one.of_declined.hits for one in report.declined if one.rule.id == "io-consider"
    )


# What must not change it


def test_order_and_grouping_change_nothing() -> None:
    cases = list(generated())
    expected = reported(cases)
    random.Random(1).shuffle(cases)
    assert reported(cases) == expected
    for cut in (0, 1, 17, 60):
        left, right = Cohorts(), Cohorts()
        for case in cases[:cut]:
            left.add(case)
        for case in cases[cut:]:
            right.add(case)
        right.merge(left)
        assert of_cohorts(right) == expected


def test_room_is_that_of_the_values_and_not_of_the_cases() -> None:
    once, often = Cohorts(), Cohorts()
    for case in generated():
        once.add(case)
        for _ in range(50):
            often.add(case)
    for mode, cohort in once.by_mode.items():
        assert cohort.counts.keys() == often.by_mode[mode].counts.keys()
        assert {key: set(of) for key, of in cohort.tallies.items()} == {
            key: set(of) for key, of in often.by_mode[mode].tallies.items()
        }


# Selection


def case_at(at: int, **changes: object) -> CaseFigures:
    import dataclasses

    return dataclasses.replace(published()[0], zero=at, **changes)  # type: ignore[arg-type]


def test_dates_take_both_their_days_in_and_no_other() -> None:
    chosen = Selection(since="2000-01-02", until="2000-01-03")
    inside = [ZERO + DAY, ZERO + 3 * DAY - 1]
    outside = [ZERO + DAY - 1, ZERO + 3 * DAY]
    assert all(chosen.takes(case_at(at)) for at in inside)
    assert not any(chosen.takes(case_at(at)) for at in outside)


def test_setting_age_and_protocol_each_take_their_own() -> None:
    cases = published()
    rooms = reported(cases, Selection(setting="delivery_room"))
    assert (rooms.counted.cases, rooms.counted.not_selected) == (3, 8)
    newborns = reported(cases, Selection(age_band="newborn"))
    assert newborns.counted.cases == 5 and {part.of.id for part in newborns.counted.ages} == {"newborn"}
    assert reported(cases, Selection(protocol="nrp")).counted.cases == 0
    assert reported(cases, Selection(protocol="gomella")).counted.cases == 11
    nobody = case_at(ZERO, age_band=None)
    assert Selection(age_band="unknown").takes(nobody) and not Selection(age_band="newborn").takes(nobody)
    assert not Selection(age_band="unknown").takes(case_at(ZERO, age_band="newborn"))


def test_clinical_cases_come_first_and_trainings_only_alone_or_when_asked_for() -> None:
    clinical = case_at(ZERO, mode="clinical")
    mixed = [*published(), clinical]
    report = reported(mixed)
    assert (report.counted.mode, report.counted.cases, report.counted.of_other_mode) == ("clinical", 1, 11)
    assert reported(mixed, Selection(mode="training")).counted.cases == 11
    assert reported(published(), Selection(mode="clinical")).counted.cases == 0
    assert reported([]).counted.mode == "clinical"


# The pages


def texts(report: QiReport) -> str:
    return "\n".join(sheet_text(qi_sheet(report)))


def test_an_empty_report_says_so_on_every_page() -> None:
    report = reported([])
    text = texts(report)
    assert "0 clinical cases" in text and "No flag was raised" in text and "%" in text
    assert "No need for access was recorded." in sheet_html(qi_sheet(report))
    assert figures_csv(plain_values(report))


def test_no_percentage_of_fewer_than_five() -> None:
    def check(value: object) -> None:
        if isinstance(value, dict):
            if {"hits", "n", "percent"} <= value.keys():
                assert (value["percent"] is None) == (value["n"] < 5)
            for part in value.values():
                check(part)
        elif isinstance(value, list):
            for part in value:
                check(part)

    for size in (1, 4, 5, 11):
        check(plain_values(reported(published()[:size])))


def test_the_csv_has_every_figure_once() -> None:
    values = plain_values(reported(generated()))
    rows = list(csv.reader(io.StringIO(figures_csv(values))))
    assert rows[0] == ["figure", "value"]
    names = [name for name, _ in rows[1:]]
    assert len(set(names)) == len(names)

    def leaves(value: object) -> int:
        if isinstance(value, dict):
            return sum(map(leaves, value.values()))
        return sum(map(leaves, value)) if isinstance(value, list) else 1

    assert len(names) == leaves(values)
    assert dict(rows)["funnel/needs"] == str(values["funnel"]["needs"])
    json.dumps(values, allow_nan=False)


def test_text_from_people_is_never_markup_nor_a_formula() -> None:
    role, formula = MARKUP, "=1+1"
    rows = [
        (
            5.0,
            "access.attempt_started",
            {"attempt": 1, "route": "io", "operator_role": role, "site": "tibia_prox"},
        ),
        (9.0, "access.attempt_ended", {"attempt": 1, "outcome": "established"}),
        (12.0, "access.attempt_started", {"attempt": 2, "route": "piv", "operator_role": formula}),
        (15.0, "access.attempt_ended", {"attempt": 2, "outcome": "failed"}),
    ]
    cohorts = Cohorts(left_out=[LeftOut("@case", MARKUP)])
    cohorts.add(case_figures("c", log_of(*rows), GOMELLA, TABLES))
    report = of_cohorts(cohorts)
    html, text = sheet_html(qi_sheet(report)), texts(report)
    assert "<b>x" not in html and "&lt;b&gt;x" in html
    assert "\x1b" not in text + html and "\u202e" not in text + html
    table = figures_csv(plain_values(report))
    assert not any(cell.startswith(("=", "@", "+")) for row in csv.reader(io.StringIO(table)) for cell in row)


def test_text_of_the_published_cases_is_as_it_was_looked_at() -> None:
    golden = Path(__file__).parent / "golden" / "qi-published-scenarios.txt"
    assert texts(reported(published())) + "\n" == golden.read_text(encoding="utf-8")


def test_rows_of_one_table_are_told_apart() -> None:
    rows: list[FirstPass] = list(reported(generated()).first_pass)
    keys = [(row.route.id, row.by, row.of.id if row.of else None) for row in rows]
    assert len(set(keys)) == len(keys)
