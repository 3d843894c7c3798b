"""Reading JSON as the log uses it: what the log format refuses is refused, and nothing else is."""

from __future__ import annotations

import time

import pytest

from codelog.case.jsontext import JsonError, parse


def _refuse(text: str, words: str) -> None:
    with pytest.raises(JsonError) as caught:
        parse(text)
    assert words in str(caught.value)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("text", ['{"a":1,"a":1}', '{"b":{"a":1,"c":2,"a":3}}', '{"a":1,"\\u0061":2}'])
def test_a_key_given_twice_is_named(text: str) -> None:
    _refuse(text, "has the key 'a' twice")


def test_the_same_key_in_two_objects_is_no_fault() -> None:
    assert parse('[{"a":1},{"a":{"a":2}}]') == [{"a": 1}, {"a": {"a": 2}}]


def test_a_key_given_twice_among_very_many_is_found_in_short_time() -> None:
    keys = ",".join(f'"{number}":1' for number in range(150_000))
    began = time.process_time()

    _refuse("{" + keys + ',"149999":2}', "'149999' twice")

    assert time.process_time() - began < 5


@pytest.mark.parametrize("number", ["1.5", "1.0", "1e1", "1E+2", "NaN", "Infinity", "-Infinity"])
def test_a_fraction_is_refused_and_quantities_are_named(number: str) -> None:
    _refuse(f'{{"a":{number}}}', 'quantities are text such as "0.6 mg"')


@pytest.mark.parametrize("number", [2**53 - 1, -(2**53 - 1), 0])
def test_whole_numbers_up_to_the_limit_are_read(number: int) -> None:
    assert parse(str(number)) == number


@pytest.mark.parametrize("number", [str(2**53), str(-(2**53)), "9" * 17, "1" + "0" * 5_000])
def test_a_number_beyond_the_limit_is_refused(number: str) -> None:
    _refuse(number, "beyond 2^53 - 1")


@pytest.mark.parametrize("text", ['"\\u0000"', '{"a\\u0000":1}', '["x",{"a":["\\u0000"]}]'])
def test_an_escaped_nul_is_refused(text: str) -> None:
    _refuse(text, "NUL")


@pytest.mark.parametrize("text", ['"\0"', '"\x1f"', '"a\nb"'])
def test_a_raw_control_character_is_refused(text: str) -> None:
    _refuse(text, "is not JSON")


@pytest.mark.parametrize(
    "text", ['"\\ud800"', '"\\udc00x"', '{"\\udbff":1}', '"\\udc00\\ud800"', '"\\uD83D"']
)
def test_an_unpaired_surrogate_is_refused(text: str) -> None:
    _refuse(text, "unpaired surrogate")


def test_a_surrogate_pair_is_one_character() -> None:
    assert parse('"\\ud83e\\uddb4"') == "\U0001f9b4"


def test_a_backslash_before_a_u_is_no_escape() -> None:
    assert parse('"\\\\u0000"') == "\\u0000"


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}"), ('[{"a":', "}]")])
def test_nesting_of_32_is_read_and_of_33_refused(opening: str, closing: str) -> None:
    levels = opening.count("[") + opening.count("{")
    times = 32 // levels

    parse(opening * times + "0" + closing * times)

    _refuse("[" + opening * times + "0" + closing * times + "]", "nested deeper than 32")


def test_many_brackets_side_by_side_are_not_deep() -> None:
    assert len(parse("[" + ",".join(["[]"] * 1_000) + "]")) == 1_000


@pytest.mark.parametrize("inside", ["[" * 100, "{" * 100, '\\"' + "[" * 100, "\\\\" + "{" * 50])
def test_brackets_inside_text_are_not_nesting(inside: str) -> None:
    assert "[" in parse(f'["{inside}"]')[0] or "{" in parse(f'["{inside}"]')[0]


def test_extreme_nesting_is_refused_and_does_not_exhaust_the_stack() -> None:
    _refuse("[" * 1_000_000, "nested deeper than 32")


@pytest.mark.parametrize(
    "text", ["", " ", "{", '{"a"}', "nul", "[1,]", "{} {}", "'a'", "01", "+1", ".5", '"\\x"']
)
def test_broken_json_names_the_column(text: str) -> None:
    _refuse(text, "is not JSON: ")
    _refuse(text, "at column ")
