"""The times of a scenario: their form, their order, the opening and the end."""

from __future__ import annotations

from typing import Any

import pytest

from tests.case.casekit import NOTE, OPENING, OPENS, file_of, read, refuse, refuse_row, row

END = '{"at":"5:00","kind":"scenario.end"}'


def _note(at: str, **keys: Any) -> str:
    return row(at, "note.added", {"text": "a"}, **keys)


@pytest.mark.parametrize(
    ("at", "ms"),
    [("0:00", 0), ("1:30", 90_000), ("1:30.250", 90_250), ("90:00", 5_400_000), ("1:00:00.001", 3_600_001)],
)
def test_times_count_from_case_zero(at: str, ms: int) -> None:
    line = read(OPENS, _note(at)).lines[1]

    assert (line.at, line.entered) == (ms, ms)


@pytest.mark.parametrize(
    "at", ["-0:01", "-1:00", "1:60", "1:5", "90", "1:30.5", "", "2000-01-01T00:00:00.000Z", "1:30 "]
)
def test_a_time_in_another_form_is_refused(at: str) -> None:
    refuse_row(_note(at), "at: ", "write M:SS or H:MM:SS")
    refuse_row(_note("0:00", recorded=at), "recorded: ", "write M:SS or H:MM:SS")


@pytest.mark.parametrize("at", [90, None, True, ["1:30"]])
def test_a_time_that_is_no_text_is_refused(at: Any) -> None:
    refuse_row(_note(at), "at is", 'such as "1:30"')
    refuse_row(_note("0:01", recorded=at), "recorded is", 'such as "1:30"')


def test_a_missing_time_is_refused() -> None:
    refuse_row('{"kind":"note.added","data":{"text":"a"}}', "at is None", 'such as "1:30"')


def test_a_late_entry_is_recorded_after_it_happened() -> None:
    line = read(OPENS, _note("0:10", recorded="0:45")).lines[1]

    assert (line.at, line.entered) == (10_000, 45_000)


def test_recorded_at_the_very_instant_is_read() -> None:
    read(OPENS, _note("0:10", recorded="0:10"))


def test_recorded_before_it_happened_is_refused() -> None:
    refuse_row(_note("0:10", recorded="0:09.999"), "recorded is before at")


def test_lines_that_go_backwards_are_refused() -> None:
    refuse(file_of(OPENS, _note("0:10"), _note("0:09.999")), 3, "lines stand in order of entry")


def test_lines_stand_in_order_of_entry_and_not_of_what_happened() -> None:
    read(OPENS, _note("0:10"), _note("0:05", recorded="0:20"), _note("0:20"))
    refuse(file_of(OPENS, _note("0:05", recorded="0:20"), _note("0:10")), 3, "order of entry")


def test_several_lines_may_share_an_instant() -> None:
    assert len(read(OPENS, _note("0:00"), _note("0:00"), _note("0:00")).lines) == 4


def test_the_first_line_must_be_the_opening() -> None:
    refuse(file_of(NOTE, OPENS), 1, 'the first line must be case.opened at "0:00"')


def test_the_opening_stands_at_zero() -> None:
    refuse(
        file_of(row("0:00.001", "case.opened", OPENING)), 1, 'the first line must be case.opened at "0:00"'
    )


@pytest.mark.parametrize("at", ["0:00.000", "0:00:00"])
def test_zero_may_be_written_in_every_form(at: str) -> None:
    assert read(row(at, "case.opened", OPENING)).lines[0].at == 0


def test_a_second_opening_is_refused() -> None:
    refuse_row(row("0:01", "case.opened", OPENING), "case.opened stands in the first line only")


def test_an_end_alone_is_no_scenario() -> None:
    refuse(file_of(END), 1, "the first line must be case.opened")
    refuse(file_of(END, OPENS), 1, "the first line must be case.opened")


def test_the_end_says_how_long_the_clock_runs() -> None:
    assert read(OPENS, NOTE, END).runs_until == 300_000


def test_without_an_end_the_clock_stops_at_the_last_line() -> None:
    assert read(OPENS, NOTE).runs_until == 1_000
    assert read(OPENS, _note("0:01", recorded="0:07")).runs_until == 7_000


def test_the_end_is_no_line_of_the_case() -> None:
    assert read(OPENS, NOTE, END).lines == read(OPENS, NOTE).lines


def test_the_end_must_be_the_last_line() -> None:
    refuse(file_of(OPENS, END, _note("5:00")), 3, "scenario.end must be the last line")
    refuse(file_of(OPENS, END, END), 3, "scenario.end must be the last line")


def test_the_end_may_share_the_last_instant_but_not_lie_before_it() -> None:
    assert read(OPENS, _note("5:00"), END).runs_until == 300_000
    refuse(file_of(OPENS, _note("5:00.001"), END), 3, "order of entry")


@pytest.mark.parametrize("extra", ['"by":"a"', '"recorded":"5:01"', '"data":{"x":1}', '"basis":"live"'])
def test_the_end_has_only_its_time(extra: str) -> None:
    refuse(file_of(OPENS, END[:-1] + "," + extra + "}"), 2, 'scenario.end has only "at"')


def test_the_mode_is_that_of_the_opening() -> None:
    assert read(OPENS).mode == "training"
    assert read(row("0:00", "case.opened", OPENING | {"mode": "clinical"})).mode == "clinical"
