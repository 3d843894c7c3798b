"""What is no line of the log is refused in one sentence that says what is wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest

from codelog.case.codec import LineError, decode, encode
from tests.case.casekit import make_event


def _line(**changes: Any) -> str:
    line = json.loads(encode(make_event("note.added", {"text": "a"})))
    return json.dumps(line | changes)


def _refuse(line: str, words: str) -> None:
    with pytest.raises(LineError) as caught:
        decode(line)
    assert words in str(caught.value)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("version", [2, 99, 2**53 - 1])
def test_a_newer_version_asks_for_a_newer_program(version: int) -> None:
    _refuse(_line(v=version), f"log version {version}; this codelog reads up to 1: install a newer one")


@pytest.mark.parametrize("version", [0, -1, "1", True, None, [1]])
def test_a_version_that_never_was_is_refused(version: Any) -> None:
    _refuse(_line(v=version), "must be 1")


def test_a_line_without_a_version_is_refused() -> None:
    line = json.loads(_line())
    del line["v"]

    _refuse(json.dumps(line), "must be 1")


def test_an_unknown_field_of_the_line_is_named() -> None:
    _refuse(_line(mood="good"), "unknown field 'mood'")


def test_an_unknown_field_of_the_data_is_named_with_those_there_are() -> None:
    _refuse(
        _line(data={"text": "a", "colour": "red"}), "note.added has no field 'colour'; its fields are text"
    )


def test_an_unknown_kind_is_named_with_the_nearest() -> None:
    _refuse(_line(kind="note.aded"), "did you mean note.added?")


ENVELOPE = (
    "case",
    "terminal",
    "seq",
    "prev",
    "kind",
    "at",
    "basis",
    "within_ms",
    "recorded_at",
    "boot",
    "boot_ms",
    "by",
    "data",
)


@pytest.mark.parametrize("field", ENVELOPE)
def test_a_line_that_lacks_a_field_is_refused(field: str) -> None:
    line = json.loads(_line())
    del line[field]

    _refuse(json.dumps(line), f"the line lacks {field}")


@pytest.mark.parametrize("field", ENVELOPE)
@pytest.mark.parametrize("value", [True, [], "x", None, 1])
def test_a_field_of_the_wrong_type_is_refused(field: str, value: Any) -> None:
    whole = ("seq", "boot_ms", "within_ms")
    right = (int,) if field in whole else (dict,) if field == "data" else (str,)
    if type(value) in right or (field == "within_ms" and value is None):
        return
    _refuse(_line(**{field: value}), f"{field} is ")


@pytest.mark.parametrize(("field", "value"), [("seq", 0), ("seq", -1), ("boot_ms", -1), ("within_ms", -1)])
def test_a_number_below_its_least_is_refused(field: str, value: int) -> None:
    _refuse(_line(**{field: value}), "negative")


def test_a_basis_that_is_not_in_the_list_is_refused() -> None:
    _refuse(_line(basis="guessed"), "must be one of live stated device reconstructed")


@pytest.mark.parametrize(
    "at", ["2026-11-22T16:27:52Z", "2026-11-22 16:27:52.123Z", "2026-11-22T16:27:52.123+00:00", "yesterday"]
)
def test_an_instant_in_another_form_is_refused(at: str) -> None:
    _refuse(_line(at=at), "write UTC like 2026-11-22T16:27:52.123Z")


@pytest.mark.parametrize("number", ["1.5", "1.0", "1e3", "-0.0", "1E400", "NaN", "Infinity", "-Infinity"])
def test_floating_point_is_refused_wherever_it_stands(number: str) -> None:
    _refuse(_line(within_ms=0).replace('"within_ms": 0', f'"within_ms": {number}'), "numbers are whole")
    _refuse(
        _line(kind="event.amended", data={"target": 1, "changes": {"x": "X"}, "reason": "r"}).replace(
            '"X"', number
        ),
        "whole",
    )


@pytest.mark.parametrize("text", ["", "\n", "null", "[]", '"x"', "1", "true"])
def test_what_is_no_object_is_refused(text: str) -> None:
    with pytest.raises(LineError, match="the line is not"):
        decode(text)


@pytest.mark.parametrize("text", ["{", '{"v":1', '{"v":1}}', "{'v':1}", '{"v":1,}'])
def test_broken_json_is_refused(text: str) -> None:
    with pytest.raises(LineError):
        decode(text)


def test_two_lines_are_not_one() -> None:
    line = encode(make_event("note.added", {"text": "a"}))

    with pytest.raises(LineError):
        decode(line + line)


def test_a_quantity_in_another_unit_names_the_right_one() -> None:
    data = {"drug": "adrenaline", "dose": "600 mcg", "route": "iv"}

    _refuse(_line(kind="drug.given", data=data), "write ug")
