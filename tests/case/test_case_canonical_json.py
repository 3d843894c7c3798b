"""Canonical JSON: the same bytes as an independent implementation of RFC 8785."""

from __future__ import annotations

import json
from typing import Any

import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from codelog.case.jsontext import canonical, parse
from tests.case.event_strategies import plain_values, texts

odd_keys = st.sampled_from(
    [
        "\ufb01",
        "\U0001f600",
        "\uffff",
        "\ue000",
        "\U00010000",
        "\U0010ffff",
        "\u20ac",
        "é",
        "z",
        "",
        "\r",
        "1",
    ]
)


@settings(max_examples=200, derandomize=True, deadline=None)
@given(plain_values | st.dictionaries(odd_keys | texts, plain_values, max_size=8))
def test_the_bytes_equal_those_of_an_independent_implementation(value: Any) -> None:
    assert canonical(value).encode() == rfc8785.dumps(value)


@settings(max_examples=100, derandomize=True, deadline=None)
@given(st.dictionaries(odd_keys | texts, plain_values, max_size=4))
def test_what_was_written_is_read_back(value: dict[str, Any]) -> None:
    assert parse(canonical(value)) == value


@settings(max_examples=50, derandomize=True, deadline=None)
@given(
    st.dictionaries(odd_keys, st.integers(0, 9), min_size=2, max_size=8), st.randoms(use_true_random=False)
)
def test_the_order_in_which_keys_were_put_in_does_not_show(value: dict[str, int], random: Any) -> None:
    pairs = list(value.items())
    random.shuffle(pairs)

    assert canonical(dict(pairs)) == canonical(value)


def test_keys_are_ordered_by_utf_16_code_units() -> None:
    # U+1F600 begins with the code unit D83D, less than FB01; by code point it is the other way round.
    assert canonical({"\ufb01": 1, "\U0001f600": 2}) == '{"\U0001f600":2,"\ufb01":1}'


def test_keys_inside_lists_and_objects_are_ordered_too() -> None:
    assert (
        canonical([{"b": {"\ufb01": 1, "\U0001f600": 2}, "a": 0}])
        == '[{"a":0,"b":{"\U0001f600":2,"\ufb01":1}}]'
    )


def test_only_what_must_be_escaped_is_escaped() -> None:
    text = '\x00\b\t\n\x0b\f\r\x1f"\\/\x7f\u2028é'

    assert canonical(text) == '"\\u0000\\b\\t\\n\\u000b\\f\\r\\u001f\\"\\\\/\x7f\u2028é"'


def test_there_is_no_white_space() -> None:
    assert canonical({"a": [1, {"b": None}], "c": True}) == '{"a":[1,{"b":null}],"c":true}'


def test_the_largest_whole_numbers_are_written_in_full() -> None:
    largest = 2**53 - 1

    assert canonical([largest, -largest]) == f"[{largest},-{largest}]"
    assert json.loads(canonical([largest])) == [largest]
