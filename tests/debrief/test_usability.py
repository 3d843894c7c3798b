"""The figures of a record: each fault moves its own figure and no other."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from codelog.case.events import Event
from codelog.clinical.tables import load_tables
from codelog.debrief.usability import WINDOW_MS, Usability, usability
from codelog.debrief.usability_text import usability_lines, usability_record
from codelog.terminal.training.script import load_script, shipped_scripts
from tests.case.casekit import OPENING, make_event

TABLES = load_tables()
PIV = {"attempt": 1, "route": "piv", "site": "hand", "side": "left", "gauge": "24 G", "operator": "nurse 1"}
IO = {"attempt": 2, "route": "io", "site": "tibia_prox", "side": "left", "device": "ezio_15", "needle_mm": 15}
ADRENALINE = {"drug": "adrenaline", "dose": "0.06 mg", "route": "io", "volume": "0.6 mL"}

Row = tuple[float, str, dict[str, Any]]
SCRIPT: tuple[Row, ...] = (
    (10, "access.needed", {"urgency": "emergent"}),
    (20, "access.attempt_started", PIV),
    (50, "access.attempt_ended", {"attempt": 1, "outcome": "failed", "reason": "vein_ruptured"}),
    (60, "access.attempt_started", IO),
    (90, "access.attempt_ended", {"attempt": 2, "outcome": "established"}),
    (95, "access.confirmed", {"attempt": 2, "signs": ["aspirate", "flush_free"]}),
    (100, "drug.given", ADRENALINE),
    (110, "vital.recorded", {"heart_rate": 62, "spo2": 88}),
    (120, "case.closed", {"outcome": "transferred"}),
)


def log(*rows: Row, late: float = 0) -> list[Event]:
    """A log of these rows after its opening, each recorded `late` seconds after it happened."""
    opening: Row = (0, "case.opened", OPENING)
    return [
        make_event(kind, data, seq=seq, at=at, recorded=at + late)
        for seq, (at, kind, data) in enumerate((opening, *rows), start=1)
    ]


def with_row(place: int, *rows: Row) -> tuple[Row, ...]:
    """The script's rows with one of them replaced by others."""
    return (*SCRIPT[:place], *rows, *SCRIPT[place + 1 :])


def score(*rows: Row) -> Usability:
    """The figures of rows against the script."""
    return usability(log(*rows), log(*SCRIPT))


PERFECT = score(*SCRIPT)


def differing(figures: Usability) -> set[str]:
    """The figures that are not those of a perfect record; how far the record goes and its size set apart."""
    names = set(Usability.__dataclass_fields__) - {"until", "facts"}
    return {name for name in names if getattr(figures, name) != getattr(PERFECT, name)}


def test_that_a_script_recorded_as_it_was_told_is_perfect() -> None:
    assert (PERFECT.told, PERFECT.captured) == (10, 10)
    assert (PERFECT.missed, PERFECT.extra, PERFECT.wrong, PERFECT.left_out) == ((), (), (), ())
    assert (PERFECT.median_error, PERFECT.worst_error) == (0, 0)
    assert PERFECT.details == PERFECT.details_wanted > 20
    assert (PERFECT.late, PERFECT.corrections, PERFECT.keys) == (0, 0, None)


@pytest.mark.parametrize("name", shipped_scripts())
def test_that_every_published_case_replayed_against_itself_is_perfect(name: str) -> None:
    script = load_script(name, TABLES)
    figures = usability(script.events, script.events)
    assert figures.captured == figures.told == figures.facts > 10
    assert (figures.missed, figures.extra, figures.wrong, figures.left_out) == ((), (), (), ())
    assert figures.worst_error == 0
    assert all(usability_lines(figures, TABLES))


def test_that_what_was_not_recorded_is_missed() -> None:
    figures = score(*with_row(6))
    assert differing(figures) == {"captured", "missed", "details", "details_wanted"}
    assert figures.captured == 9
    assert figures.missed is not None
    assert [(one.since, one.data.KIND) for one in figures.missed] == [(100_000, "drug.given")]


def test_that_what_was_not_told_is_listed_and_a_note_is_no_fault() -> None:
    note: Row = (105, "note.added", {"text": "father has come"})
    assert differing(score(*with_row(7, SCRIPT[7], note))) == set()
    second: Row = (105, "arrest.recognised", {})
    figures = score(*with_row(7, SCRIPT[7], second))
    assert differing(figures) == {"extra"}
    assert figures.extra is not None
    assert [one.data.KIND for one in figures.extra] == ["arrest.recognised"]


@pytest.mark.parametrize(
    ("place", "changes", "field"),
    [
        (1, {"side": "right"}, "side"),
        (1, {"site": "foot"}, "site"),
        (1, {"route": "cvc"}, "route"),
        (3, {"device": "ezio_25"}, "device"),
        (6, {"dose": "0.6 mg"}, "dose"),
        (6, {"route": "iv"}, "route"),
        (0, {"urgency": "routine"}, "urgency"),
        (2, {"outcome": "abandoned"}, "outcome"),
    ],
)
def test_that_a_wrong_detail_is_wrong_and_not_missed(place: int, changes: dict[str, Any], field: str) -> None:
    at, kind, data = SCRIPT[place]
    figures = score(*with_row(place, (at, kind, data | changes)))
    assert differing(figures) == {"wrong"}
    assert figures.wrong is not None
    assert [(one.field, str(one.recorded)) for one in figures.wrong] == [(field, changes[field])]


@pytest.mark.parametrize(("dose", "wrong"), [("0.057 mg", 0), ("0.063 mg", 0), ("63 ug", 0), ("0.064 mg", 1)])
def test_that_a_dose_may_be_rounded_and_said_in_another_unit(dose: str, wrong: int) -> None:
    figures = score(*with_row(6, (100, "drug.given", ADRENALINE | {"dose": dose})))
    assert figures.wrong is not None
    assert len(figures.wrong) == wrong


def test_that_words_of_ones_own_count_as_recorded_whatever_they_are() -> None:
    ended: Row = (50, "access.attempt_ended", {"attempt": 1, "outcome": "failed", "reason": "it burst"})
    start: Row = (20, "access.attempt_started", PIV | {"operator": "Anna"})
    assert differing(score(SCRIPT[0], start, ended, *SCRIPT[3:])) == set()


@pytest.mark.parametrize("reason", [None, "not described"])
def test_that_a_detail_that_nobody_gave_is_left_out(reason: str | None) -> None:
    data = {"attempt": 1, "outcome": "failed"} | ({} if reason is None else {"reason": reason})
    figures = score(*with_row(2, (50, "access.attempt_ended", data)))
    assert differing(figures) == {"details", "left_out"}
    assert figures.details == PERFECT.details - 1
    assert [left.fields for left in figures.left_out] == [("reason",)]


def test_that_details_may_come_one_by_one() -> None:
    known = {"attempt": 1, "route": "piv"}
    described: list[Row] = [
        (20 + place, "access.attempt_described", {"attempt": 1, name: value})
        for place, (name, value) in enumerate(PIV.items())
        if name not in known
    ]
    signs: list[Row] = [
        (95, "access.confirmed", {"attempt": 2, "signs": ["aspirate"]}),
        (97, "access.confirmed", {"attempt": 2, "signs": ["flush_free"]}),
    ]
    vitals: list[Row] = [
        (110, "vital.recorded", {"heart_rate": 62}),
        (110, "vital.recorded", {"spo2": 88}),
    ]
    start: Row = (20, "access.attempt_started", known)
    rows = (SCRIPT[0], start, *described, *SCRIPT[2:5], *signs, SCRIPT[6], *vitals, SCRIPT[8])
    assert differing(score(*rows)) == set()


def test_that_shifted_times_are_the_error_and_nothing_else() -> None:
    shifted = tuple((at + 7, kind, data) for at, kind, data in SCRIPT)
    figures = score(*shifted)
    assert differing(figures) == {"median_error", "worst_error"}
    assert (figures.median_error, figures.worst_error) == (7_000, 7_000)


def test_that_one_late_time_is_the_worst_and_not_the_median() -> None:
    figures = score(*with_row(6, (130, *SCRIPT[6][1:])))
    assert differing(figures) == {"worst_error"}
    assert figures.worst_error == 30_000


@pytest.mark.parametrize(("beyond", "captured"), [(0, 1), (0.001, 0)])
def test_that_entries_too_far_apart_are_not_the_same(beyond: float, captured: int) -> None:
    row: Row = (10, "arrest.recognised", {})
    far: Row = (10 + WINDOW_MS / 1000 + beyond, *row[1:])
    figures = usability(log(far), log(row))
    assert (figures.captured, figures.told) == (captured, 1)


def test_that_repeated_doses_are_paired_in_order_and_the_missing_one_is_named() -> None:
    doses: list[Row] = [(at, "drug.given", ADRENALINE) for at in (100, 220, 340)]
    figures = usability(log(doses[0], (345, *doses[2][1:])), log(*doses))
    assert figures.missed is not None
    assert [one.since for one in figures.missed] == [220_000]
    assert figures.worst_error == 5_000


def test_that_what_is_said_of_an_attempt_goes_to_its_counterpart_whatever_its_number() -> None:
    lines: list[Row] = [
        (at, "access.attempt_started", IO | {"attempt": number, "side": side})
        for at, number, side in ((10, 1, "left"), (20, 2, "right"))
    ]
    checks: list[Row] = [
        (at, "access.checked", {"attempt": number, "finding": finding})
        for at, number, finding in ((100, 1, "ok"), (103, 2, "swelling"))
    ]
    renumbered = [(at, kind, data | {"attempt": data["attempt"] + 5}) for at, kind, data in (*lines, *checks)]
    renumbered[2], renumbered[3] = (99, *renumbered[3][1:]), (104, *renumbered[2][1:])
    figures = usability(log(*renumbered), log(*lines, *checks))
    assert (figures.captured, figures.told, figures.wrong) == (4, 4, ())


def test_that_late_entries_and_corrections_are_counted_and_details_added_are_none() -> None:
    rows = (
        *SCRIPT[:8],
        (111, "event.amended", {"target": 4, "changes": {"reason": "swelling"}, "reason": "reason added"}),
    )
    assert differing(usability(log(*rows, SCRIPT[8]), log(*SCRIPT))) == set()
    mended = (
        *rows,
        (112, "event.amended", {"target": 8, "changes": {"dose": "0.06 mg"}, "reason": "misread"}),
    )
    assert usability(log(*mended, SCRIPT[8]), log(*SCRIPT)).corrections == 1
    undone = (
        *mended,
        (113, "vital.recorded", {"apgar": 3}),
        (114, "event.retracted", {"target": 12, "reason": "no"}),
    )
    figures = usability(log(*undone, SCRIPT[8]), log(*SCRIPT))
    assert (figures.corrections, figures.extra) == (2, ())
    prompt, late = log(*SCRIPT, late=5), log(*SCRIPT, late=5.001)
    assert (usability(prompt).late, usability(late).late) == (0, len(SCRIPT))


def test_that_the_script_counts_as_far_as_the_record_goes() -> None:
    figures = score(*SCRIPT[:3])
    assert (figures.told, figures.captured, figures.missed) == (3, 3, ())
    assert (figures.until, figures.script_runs) == (50_000, 120_000)
    assert "script followed to 0:50 of 2:00" in next(usability_lines(figures, TABLES))


def test_that_without_a_script_what_cannot_be_known_is_said_to_be_unknown() -> None:
    figures = usability(
        log(*with_row(2, (50, "access.attempt_ended", {"attempt": 1, "outcome": "failed"})), late=3)
    )
    assert (figures.told, figures.captured, figures.missed, figures.extra, figures.wrong) == (None,) * 5
    assert (figures.median_error, figures.worst_error) == (3_000, 3_000)
    assert [left.fields for left in figures.left_out] == [("reason",), ("operator",)]
    text = "\n".join(usability_lines(figures, TABLES))
    assert "not known: there is no script" in text
    assert usability_record(figures, TABLES)["captured"] is None


def test_that_keys_are_told_for_each_fact_and_none_is_not_zero() -> None:
    figures = usability(log(*SCRIPT), keys=33)
    assert figures.keys_per_fact == Decimal("3.3")
    assert "3.3 for each of 10 facts, 33 in all" in "\n".join(usability_lines(figures, TABLES))
    assert replace(figures, keys=None).keys_per_fact is None
    assert "not counted" in "\n".join(usability_lines(replace(figures, keys=None), TABLES))


def test_that_an_empty_record_has_figures_too() -> None:
    figures = usability(log(), log(*SCRIPT))
    assert (figures.facts, figures.told, figures.median_error, figures.keys_per_fact) == (0, 0, None, None)
    assert list(usability_lines(figures, TABLES))
