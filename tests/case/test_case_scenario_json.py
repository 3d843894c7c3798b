"""What is refused in a scenario line as JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.case.casekit import NOTE, OPENS, file_of, read, refuse, refuse_row, row


def _note(text: str) -> str:
    """A line with this JSON for its text."""
    return NOTE.replace('"a"', text)


def test_a_key_given_twice_is_refused() -> None:
    refuse_row('{"at":"0:01","at":"0:02","kind":"note.added","data":{"text":"a"}}', "the key 'at' twice")


def test_a_key_given_twice_inside_data_is_refused() -> None:
    refuse_row('{"at":"0:01","kind":"note.added","data":{"text":"a","text":"b"}}', "the key 'text' twice")


@pytest.mark.parametrize("number", ["1.5", "60.0", "6e1"])
def test_a_number_with_a_fraction_is_refused(number: str) -> None:
    bad = row("0:01", "vital.recorded", {"heart_rate": 0}).replace(": 0}", f": {number}}}")

    refuse_row(bad, "numbers are whole", 'quantities are text such as "0.6 mg"')


@pytest.mark.parametrize("number", [2**53, -(2**53), 10**30])
def test_a_number_beyond_2_to_the_53_is_refused(number: int) -> None:
    refuse_row(row("0:01", "patient.described", {"age_days": number}), "beyond 2^53 - 1")


def test_the_largest_number_is_read() -> None:
    read(OPENS, row("0:01", "patient.described", {"age_days": 9_007_199_254_740_991}))


@pytest.mark.parametrize("text", ['"\\ud800"', '"x\\udc00"', '"\\udc00\\ud800"'])
def test_an_unpaired_surrogate_is_refused(text: str) -> None:
    refuse_row(_note(text), "unpaired surrogate")


def test_a_surrogate_pair_is_read() -> None:
    assert read(OPENS, _note('"\\ud83e\\uddb4"')).lines[1].data == {"text": "\U0001f9b4"}


def test_nesting_beyond_32_is_refused() -> None:
    # The line itself, its data and the changes are the first three levels.
    def amendment(depth: int) -> str:
        inner: list[Any] = []
        for _ in range(depth - 4):
            inner = [inner]
        return row("0:02", "event.amended", {"target": 1, "reason": "r", "changes": {"x": inner}})

    assert len(read(OPENS, amendment(32)).lines) == 2
    refuse_row(amendment(33), "nested deeper than 32 levels")


@pytest.mark.parametrize(
    "bad", ["{", "nope", '{"at":"0:01"', "{'at':'0:01'}", NOTE + NOTE, NOTE + ",", "# a comment"]
)
def test_what_is_no_json_is_refused(bad: str) -> None:
    refuse_row(bad, "it is not JSON")


@pytest.mark.parametrize("bad", ["[]", '"text"', "1", "null", "true"])
def test_what_is_no_object_is_refused(bad: str) -> None:
    refuse_row(bad, "must be an object such as")


def test_white_space_and_the_order_of_keys_do_not_matter() -> None:
    spaced = json.dumps(dict(reversed(json.loads(NOTE).items())), separators=(" ,  ", " :\t"))

    assert read(OPENS, spaced).lines == read(OPENS, NOTE).lines


def test_the_fault_is_named_in_the_opening_too() -> None:
    refuse(file_of(OPENS[:-1], NOTE), 1, "is not JSON")
