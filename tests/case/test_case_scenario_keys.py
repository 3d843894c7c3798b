"""The keys, kinds and ids of a scenario line; what the program sets is refused."""

from __future__ import annotations

from typing import Any

import pytest

from codelog.case.events import KINDS
from tests.case.casekit import OPENING, OPENS, file_of, read, refuse, refuse_row, row

PROGRAM_KEYS = ("v", "case", "terminal", "seq", "prev", "boot", "boot_ms", "recorded_at")


def _note(**keys: Any) -> str:
    return row("0:01", "note.added", {"text": "a"}, **keys)


@pytest.mark.parametrize("key", PROGRAM_KEYS)
def test_a_key_that_the_program_sets_is_refused(key: str) -> None:
    refuse_row(
        _note(**{key: 1}),
        f"'{key}' is not a key of a scenario line",
        "keys are at kind data recorded by basis within_ms",
    )


@pytest.mark.parametrize("key", ["When", "AT", "kinds", "", "\u202eat", "recordd"])
def test_an_unknown_key_is_refused_with_those_there_are(key: str) -> None:
    refuse_row(_note(**{key: 1}), "keys are at kind data recorded by basis within_ms")


def test_the_nearest_key_is_offered() -> None:
    refuse_row(_note(recordd="0:05"), "did you mean recorded?")


@pytest.mark.parametrize("field", ["protocol", "software"])
def test_fields_of_the_opening_that_the_program_sets_are_refused(field: str) -> None:
    refuse(
        file_of(row("0:00", "case.opened", OPENING | {field: "x"})),
        1,
        f"{field} of case.opened is set by the program",
        "leave it out",
    )


def test_the_count_of_events_at_the_close_is_refused() -> None:
    refuse_row(
        row("0:01", "case.closed", {"outcome": "died", "events": 2}),
        "events of case.closed is set by the program",
        "leave it out",
    )


@pytest.mark.parametrize("kind", ["flag.raised", "flag.cleared", "clock.stepped"])
def test_a_kind_that_the_program_writes_is_refused(kind: str) -> None:
    refuse_row(row("0:01", kind, {"flag": 1}), f"{kind} is written by the program")


@pytest.mark.parametrize("kind", ["", "note", "Note.added", "note.added ", "scenario.ended", "NoteAdded"])
def test_an_unknown_kind_is_refused(kind: str) -> None:
    refuse_row(row("0:01", kind, {"text": "a"}), "must be a kind of the log format")


def test_the_nearest_kind_is_offered_and_never_one_of_the_program() -> None:
    refuse_row(row("0:01", "acess.needed"), "did you mean access.needed?")
    with pytest.raises(ValueError, match="kind is 'flag.raise'") as caught:
        read(OPENS, row("0:01", "flag.raise"))
    assert "flag.raised?" not in str(caught.value)


@pytest.mark.parametrize("kind", [None, 1, True, [], {}])
def test_a_kind_that_is_no_text_is_refused(kind: Any) -> None:
    refuse_row(row("0:01", kind), "must be a kind of the log format")


def test_a_missing_kind_is_refused() -> None:
    refuse_row('{"at":"0:01","data":{}}', "kind is None, but must be")


def test_every_kind_of_the_format_that_people_enter_is_known() -> None:
    for kind in KINDS:
        try:
            read(OPENS, row("0:01", kind))
        except ValueError as error:
            assert "must be a kind" not in str(error)


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("access.attempt_started", {"route": "piv", "site": "nose"}),
        ("access.attempt_started", {"route": "im"}),
        ("access.attempt_started", {"route": "io", "side": "both"}),
        ("access.attempt_started", {"route": "io", "device": "drill"}),
        ("condition.noted", {"condition": "tired", "present": True}),
        ("condition.noted", {"condition": "fracture", "bone": "skull", "present": True}),
        ("complication.noted", {"complication": "bad luck"}),
        ("drug.given", {"drug": "water", "dose": "1 mg", "route": "iv"}),
        ("infusion.started", {"fluid": "tea", "route": "iv"}),
        ("kit.checked", {"items": {"hammer": True}}),
        ("access.confirmed", {"signs": ["hope"]}),
        ("access.needed", {"urgency": "now"}),
        ("case.closed", {"outcome": "fine"}),
        ("care.started", {"care": "hugs"}),
    ],
)
def test_an_unknown_id_is_refused_with_those_there_are(kind: str, data: dict[str, Any]) -> None:
    refuse_row(row("0:01", kind, data), "must be one of")


def test_an_unknown_field_of_a_kind_is_refused_with_those_there_are() -> None:
    refuse_row(
        row("0:01", "access.needed", {"urgency": "urgent", "why": "x"}),
        "access.needed has no field 'why'; its fields are urgency reason",
    )


def test_a_required_field_that_is_missing_is_named() -> None:
    refuse_row(
        row("0:01", "drug.given", {"drug": "adrenaline", "route": "iv"}), "drug.given needs dose: a quantity"
    )


@pytest.mark.parametrize("text", ["600 mcg", "10 cc"])
def test_a_unit_that_is_not_ucum_names_the_one_that_is(text: str) -> None:
    refuse_row(
        row("0:01", "drug.given", {"drug": "adrenaline", "dose": text, "route": "iv"}),
        "write ug" if "mcg" in text else "write mL",
    )


def test_missing_details_are_no_fault() -> None:
    read(OPENS, row("0:01", "access.attempt_started", {"route": "io"}), row("0:02", "patient.described"))


@pytest.mark.parametrize("data", ["null", "[]", '"x"', "1"])
def test_data_that_is_no_object_is_refused(data: str) -> None:
    refuse_row('{"at":"0:01","kind":"note.added","data":' + data + "}", "data is", "must be an object")


def test_a_line_may_say_who_entered_it_and_how_its_time_is_known() -> None:
    line = read(OPENS, _note(by="nurse 1", basis="device", within_ms=500)).lines[1]

    assert (line.by, line.basis, line.within_ms) == ("nurse 1", "device", 500)


def test_a_line_that_says_neither_leaves_them_open() -> None:
    line = read(OPENS, _note()).lines[1]

    assert (line.by, line.basis, line.within_ms) == (None, None, None)


@pytest.mark.parametrize("by", [1, None, "", ["a"], True])
def test_by_must_be_a_name(by: Any) -> None:
    refuse_row(_note(by=by), "by is", "the name of a person")


@pytest.mark.parametrize("text", ["a\\u0000b", "\\ud800"])
def test_by_is_text_that_a_line_can_hold(text: str) -> None:
    refuse_row(_note(by="X").replace("X", text), "it has")


@pytest.mark.parametrize("basis", ["guess", "", None, 1, ["live"]])
def test_a_basis_must_be_one_of_four(basis: Any) -> None:
    refuse_row(_note(basis=basis), "must be one of live stated device reconstructed")


@pytest.mark.parametrize("within", [-1, "500", True, [1]])
def test_the_uncertainty_is_a_whole_number_of_milliseconds(within: Any) -> None:
    refuse_row(_note(within_ms=within), "within_ms is")


def test_an_unknown_uncertainty_is_null() -> None:
    assert read(OPENS, _note(within_ms=None)).lines[1].within_ms is None


@pytest.mark.parametrize("field", ["attempt", "infusion"])
def test_a_number_of_another_stream_is_refused(field: str) -> None:
    kinds = {"attempt": ("access.checked", {"finding": "ok"}), "infusion": ("infusion.stopped", {})}
    kind, data = kinds[field]

    refuse_row(row("0:01", kind, data | {field: "t/1"}), f"{field} is 't/1'", "a scenario has one stream")


@pytest.mark.parametrize("number", [0, -1, None, "1", True])
def test_a_number_that_cannot_be_is_refused(number: Any) -> None:
    refuse_row(row("0:01", "access.checked", {"finding": "ok", "attempt": number}), "must be a number from 1")
