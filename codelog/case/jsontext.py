"""JSON as the log uses it: strict when it is read, canonical (RFC 8785) when it is written.

The log knows no floating point, and its keys are written in the order of their UTF-16 code units, so the
standard library's encoder is canonical here; a test holds it equal to an independent implementation.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any, NoReturn

from codelog.case.fields import LARGEST_INTEGER

DEEPEST = 32
LONGEST_LINE = 2 * 1024 * 1024
"""Bytes of one line, its newline not counted."""


class JsonError(ValueError):
    """A text is not JSON as the log uses it; the message says what is wrong."""


def parse(text: str) -> Any:
    """Read one JSON value: no key twice, no fractions, no integer beyond 2^53 - 1, no NUL, no unpaired surrogate."""
    if _too_deep(text):
        raise JsonError(f"is nested deeper than {DEEPEST} levels")
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise JsonError(f"is not JSON: {error.msg.lower()} at column {error.colno}") from None
    if "\\u" in text or "\\U" in text:
        _check_escapes(value)
    return value


def canonical(value: Any) -> str:
    """Write a JSON value in its one canonical form, without a newline."""
    text = _ENCODER.encode(value)
    # RFC 8785 orders keys by UTF-16 code units, Python by code point; they differ beyond U+FFFF only.
    if text.isascii() or max(text) <= "\uffff":
        return text
    return _ENCODER_AS_GIVEN.encode(_reordered(value))


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        ((twice, _),) = Counter(key for key, _ in pairs).most_common(1)
        raise JsonError(f"has the key {twice[:40]!a} twice")
    return found


def _fraction(text: str) -> NoReturn:
    raise JsonError(f'has the number {text[:40]}; numbers are whole, quantities are text such as "0.6 mg"')


def _integer(text: str) -> int:
    if len(text) <= 17:
        number = int(text)
        if -LARGEST_INTEGER <= number <= LARGEST_INTEGER:
            return number
    raise JsonError(f"has the number {text[:40]}, which is beyond 2^53 - 1")


def _too_deep(text: str) -> bool:
    if text.count("[") + text.count("{") <= DEEPEST:
        return False
    depth = 0
    in_string = escaped = False
    for character in text:
        if in_string:
            if escaped:
                escaped = False
            elif character == "\\":
                escaped = True
            elif character == '"':
                in_string = False
        elif character == '"':
            in_string = True
        elif character in "[{":
            depth += 1
            if depth > DEEPEST:
                return True
        elif character in "]}":
            depth -= 1
    return False


def _check_escapes(value: Any) -> None:
    if isinstance(value, str):
        if "\0" in value:
            raise JsonError("has a NUL character")
        if any("\ud800" <= character <= "\udfff" for character in value):
            raise JsonError("has an unpaired surrogate")
    elif isinstance(value, list):
        for entry in value:
            _check_escapes(entry)
    elif isinstance(value, dict):
        for key, entry in value.items():
            _check_escapes(key)
            _check_escapes(entry)


_DECODER = json.JSONDecoder(
    object_pairs_hook=_pairs, parse_float=_fraction, parse_int=_integer, parse_constant=_fraction
)


def _reordered(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _reordered(value[key]) for key in sorted(value, key=_utf16)}
    if isinstance(value, (list, tuple)):
        return [_reordered(entry) for entry in value]
    return value


def _utf16(key: str) -> bytes:
    return key.encode("utf-16-be", "surrogatepass")


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False, sort_keys=True)
_ENCODER_AS_GIVEN = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)
