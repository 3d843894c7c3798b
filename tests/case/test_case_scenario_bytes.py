"""The bytes of a scenario file: encoding, line ends, sizes."""

from __future__ import annotations

import pytest

from codelog.case.scenario import read_scenario
from tests.case.casekit import NOTE, OPENS, VOCABULARY, file_of, read, refuse, row

TWO_MIB = 2 * 1024 * 1024


def _note_of_size(size: int) -> str:
    empty = row("0:01", "note.added", {"text": ""})
    return row("0:01", "note.added", {"text": "a" * (size - len(empty))})


def test_an_empty_file_wants_an_opening() -> None:
    refuse(b"", 1, 'the first line must be case.opened at "0:00"')


def test_the_last_line_may_lack_its_newline() -> None:
    content = file_of(OPENS, NOTE)

    scenario = read_scenario(content.removesuffix(b"\n"), VOCABULARY)

    assert scenario.lines == read_scenario(content, VOCABULARY).lines


def test_a_file_of_one_line_without_newline_is_a_scenario() -> None:
    assert len(read_scenario(OPENS.encode(), VOCABULARY).lines) == 1


@pytest.mark.parametrize(
    "bad", [b"\xff", b"\xc3(", b"\xe2\x82", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80"]
)
def test_what_is_not_utf_8_is_refused_with_its_place(bad: bytes) -> None:
    line = NOTE.encode().replace(b'"a"', b'"' + bad + b'"')

    refuse(file_of(OPENS) + line + b"\n", 2, "is not UTF-8", f"byte {line.index(bad) + 1} ")


def test_utf_16_is_refused() -> None:
    refuse(f"{OPENS}\n{NOTE}".encode("utf-16"), 1, "not UTF-8")


def test_a_byte_order_mark_is_refused() -> None:
    refuse(b"\xef\xbb\xbf" + file_of(OPENS, NOTE), 1, "byte order mark", "UTF-8 without one")


def test_a_byte_order_mark_inside_a_text_is_text() -> None:
    assert read(OPENS, row("0:01", "note.added", {"text": "\ufeff"})).lines[1].data == {"text": "\ufeff"}


def test_crlf_is_refused() -> None:
    refuse(file_of(OPENS, NOTE).replace(b"\n", b"\r\n"), 1, "carriage return", "a line feed alone")
    refuse(file_of(OPENS, NOTE + "\r"), 2, "carriage return")


def test_a_lone_carriage_return_is_refused() -> None:
    refuse(file_of(OPENS + "\r" + NOTE), 1, "carriage return")


@pytest.mark.parametrize("blank", ["", " ", "\t", "  \t "])
def test_a_blank_line_is_refused(blank: str) -> None:
    refuse(file_of(OPENS, blank, NOTE), 2, "the line is blank; leave it out")
    refuse(file_of(blank, OPENS), 1, "blank")
    refuse(file_of(OPENS, NOTE, blank), 3, "blank")


def test_a_file_that_is_one_newline_is_a_blank_line() -> None:
    refuse(b"\n", 1, "blank")


def test_a_raw_nul_is_refused() -> None:
    refuse(file_of(OPENS, NOTE.replace('"a"', '"\0"')), 2, "NUL")


def test_an_escaped_nul_is_refused() -> None:
    refuse(file_of(OPENS, NOTE.replace('"a"', '"\\u0000"')), 2, "NUL")


def test_a_line_of_2_mib_is_read() -> None:
    assert len(_note_of_size(TWO_MIB)) == TWO_MIB

    assert len(read(OPENS, _note_of_size(TWO_MIB)).lines) == 2


def test_a_line_beyond_2_mib_is_refused() -> None:
    refuse(file_of(OPENS, _note_of_size(TWO_MIB + 1)), 2, "longer than 2 MiB")


def test_the_limit_of_a_line_counts_bytes() -> None:
    text = row("0:01", "note.added", {"text": "é" * (TWO_MIB // 2)})
    assert len(text) < TWO_MIB

    refuse(file_of(OPENS, text), 2, "longer than 2 MiB")


def test_the_first_wrong_line_is_named_whatever_is_wrong_with_the_others() -> None:
    refuse(file_of(OPENS, "{", NOTE) + b"\xff\n", 2, "is not JSON")
    refuse(file_of(OPENS, NOTE.replace("note.added", "x"), ""), 2, "kind is 'x'")


def test_the_content_is_kept_as_it_was() -> None:
    assert read(OPENS, NOTE).content == file_of(OPENS, NOTE)


def test_other_line_separators_are_part_of_a_text() -> None:
    text = "a\u2028b\u2029c\u0085d"

    assert read(OPENS, row("0:01", "note.added", {"text": text})).lines[1].data == {"text": text}
