"""Each kind of tampering is found, and named."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from codelog.log.chain import GENESIS, Break, Intact, digest, is_canonical, verify_lines
from tests.log.log_lines import CASE, TERMINAL, make_line, make_stream

LINES = [line.encode() for line in make_stream(20)]


def hashed(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()


def swap(lines: list[bytes], first: int, second: int) -> list[bytes]:
    lines[first], lines[second] = lines[second], lines[first]
    return lines


def edit(number: int, old: bytes, new: bytes) -> Callable[[list[bytes]], list[bytes]]:
    return lambda lines: [*lines[: number - 1], lines[number - 1].replace(old, new), *lines[number:]]


def test_intact() -> None:
    assert verify_lines(LINES) == Intact(20, hashed(LINES[-1]))
    assert verify_lines(LINES, CASE, TERMINAL) == Intact(20, digest(LINES[-1]))
    assert verify_lines([]) == Intact(0, GENESIS)
    assert verify_lines(iter(LINES[:1])) == Intact(1, hashed(LINES[0]))


@pytest.mark.parametrize(
    ("tamper", "line", "words"),
    [
        (
            edit(10, b"entry 10", b"entry 99"),
            11,
            f"line 11 does not link: its prev is {hashed(LINES[9])}, but line 10 hashes to ",
        ),
        (edit(10, b'"v":1', b'"v": 1'), 11, "line 10 is no longer in canonical form"),
        (edit(10, b"}\n", b"}\r\n"), 11, "line 11 does not link"),
        (edit(20, b'"v":1', b'"v": 1'), 20, "line 20 is not in canonical form"),
        (edit(20, b"}\n", b"}"), 20, "line 20 has no newline at its end"),
        (edit(10, b'"seq":10', b'"seq":"10"'), 10, "line 10 is not a line of a codelog log"),
        (edit(10, b"{", b"["), 10, "line 10 is not a line of a codelog log"),
        (edit(10, b"entry", b"entr\xff"), 11, "line 11 does not link"),
        (edit(10, b'"prev"', b'"drev"'), 10, "it lacks the field"),
        (edit(10, b'"seq":10', b'"seq":8'), 10, "line 10 has seq 8, which came before"),
        (edit(10, CASE.encode(), b"another-case"), 10, "line 10 belongs to case another-case"),
        (edit(10, TERMINAL.encode(), b"t-other"), 10, "line 10 belongs to case .* of terminal t-other"),
        (edit(1, b'"prev":"0', b'"prev":"1'), 1, "line 1 does not link: its prev is 1000.*64 zeros"),
        (lambda lines: lines[:9] + lines[10:], 10, "line 10 has seq 11: event 10 is missing from here"),
        (
            lambda lines: lines[:9] + lines[12:],
            10,
            "line 10 has seq 13: events 10 to 12 are missing from here",
        ),
        (lambda lines: lines[1:], 1, "line 1 has seq 2: event 1 is missing from here"),
        (
            lambda lines: lines[:10] + lines[9:],
            11,
            "line 11 has seq 10, which came before: it was inserted or moved",
        ),
        (lambda lines: [*lines[:10], b"\n", *lines[10:]], 11, "line 11 is not a line"),
        (
            lambda lines: swap(lines, 9, 10),
            10,
            "line 10 has seq 11 and line 11 has seq 10: they have changed places",
        ),
        (lambda lines: swap(lines, 9, 14), 10, "line 10 has seq 15"),
        (
            lambda lines: [
                *lines[:9],
                make_line(10, hashed(LINES[8]), data={"text": "forged"}).encode(),
                *lines[10:],
            ],
            11,
            "line 11 does not link",
        ),
    ],
)
def test_tampering_is_named(tamper: Callable[[list[bytes]], list[bytes]], line: int, words: str) -> None:
    tampered = tamper(list(LINES))
    assert b"".join(tampered) != b"".join(LINES)
    finding = verify_lines(tampered)
    assert isinstance(finding, Break)
    assert finding.line == line
    pytest.raises(AssertionError, _raise, finding.problem).match(words)


def _raise(problem: str) -> None:
    raise AssertionError(problem)


def test_cut_tail_shows_only_in_the_count() -> None:
    assert verify_lines(LINES[:19]) == Intact(19, hashed(LINES[18]))


def test_wrong_case_or_terminal_from_the_first_line_on() -> None:
    finding = verify_lines(LINES, case="another")
    assert isinstance(finding, Break)
    assert finding.line == 1


@given(st.integers(0, 19), st.data())
def test_any_changed_byte_is_found(number: int, data: st.DataObject) -> None:
    line = LINES[number]
    place = data.draw(st.integers(0, len(line) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda byte: byte != line[place]))
    changed = line[:place] + bytes([byte]) + line[place + 1 :]
    finding = verify_lines([*LINES[:number], changed, *LINES[number + 1 :]])
    if number < 19:
        assert isinstance(finding, Break)
        assert finding.line in (number + 1, number + 2)
    else:
        assert isinstance(finding, Break) or finding.head != hashed(LINES[-1])


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("abcXYZ_09", min_size=1), inner),
)


@given(st.dictionaries(st.text("abcXYZ_09", min_size=1), values))
def test_canonical_form_is_rfc_8785(value: dict[str, object]) -> None:
    encoded = rfc8785.dumps(value) + b"\n"  # type: ignore[arg-type]
    assert is_canonical(encoded)
    spaced = json.dumps(value, sort_keys=True).encode() + b"\n"
    assert is_canonical(spaced) == (spaced == encoded)
