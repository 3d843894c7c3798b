"""Scenario files: a case as JSON Lines that a person can write.

Reading a file checks every line by itself. What depends on the lines before it (which attempt is meant, whether a
flag is open) is checked when the scenario is played.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from codelog.case import jsontext
from codelog.case.events import (
    ANSWER_KINDS,
    CORRECTIONS,
    KINDS,
    PROGRAM_FIELDS,
    PROGRAM_KINDS,
    read_data,
)
from codelog.case.fields import FieldError, Whole, nearest, shown
from codelog.case.instants import InstantError, parse_elapsed
from codelog.case.vocabulary import BASES, Vocabulary

END = "scenario.end"
ZERO = 946_684_800_000
"""Case zero of every replay: 2000-01-01T00:00:00.000Z."""

_KEYS = ("at", "kind", "data", "recorded", "by", "basis", "within_ms")

NUMBERED = {
    "access.present": "attempt",
    "access.attempt_started": "attempt",
    "access.attempt_described": "attempt",
    "access.attempt_ended": "attempt",
    "access.confirmed": "attempt",
    "access.checked": "attempt",
    "access.lost": "attempt",
    "access.removed": "attempt",
    "infusion.started": "infusion",
    "infusion.changed": "infusion",
    "infusion.stopped": "infusion",
}
"""The kinds whose number may be left out, and the field that holds it."""


class ScenarioError(ValueError):
    """A scenario cannot be read or played. `line` counts from 1; the message is one sentence without it."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(f"line {line}: {message}")
        self.line = line
        self.message = message


@dataclass(frozen=True, slots=True)
class ScenarioLine:
    """One line: `at` and `entered` in milliseconds from case zero; `data` as the file has it."""

    number: int
    at: int
    entered: int
    kind: str
    data: Mapping[str, Any]
    by: str | None
    basis: str | None
    within_ms: int | None


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario file: its lines in order of entry, and how long the clock runs (milliseconds from zero)."""

    lines: tuple[ScenarioLine, ...]
    runs_until: int
    content: bytes

    @property
    def mode(self) -> str:
        """`clinical` or `training`, as the opening line says."""
        return str(self.lines[0].data["mode"])


def read_scenario(content: bytes, vocabulary: Vocabulary) -> Scenario:
    """Read a scenario file; ScenarioError names the first line that is wrong and says what would be right."""
    lines: list[ScenarioLine] = []
    end: int | None = None
    entered = 0
    for number, text in _split(content):
        if end is not None:
            raise ScenarioError(number, f"{END} must be the last line")
        try:
            line = _read_line(number, text, vocabulary)
        except (jsontext.JsonError, FieldError) as error:
            raise ScenarioError(number, _sentence(error)) from None
        if line.entered < entered:
            raise ScenarioError(
                number, "its time of entry is before that of the line above; lines stand in order of entry"
            )
        entered = line.entered
        if not lines and (line.kind != "case.opened" or line.at != 0):
            raise ScenarioError(number, 'the first line must be case.opened at "0:00"')
        if line.kind == END:
            end = line.at
        elif lines and line.kind == "case.opened":
            raise ScenarioError(number, "case.opened stands in the first line only")
        else:
            lines.append(line)
    if not lines:
        raise ScenarioError(1, 'the first line must be case.opened at "0:00"')
    return Scenario(tuple(lines), entered if end is None else end, content)


def _sentence(error: ValueError) -> str:
    text = str(error)
    return f"it {text}" if isinstance(error, jsontext.JsonError) else text


def _split(content: bytes) -> Iterator[tuple[int, str]]:
    if content.startswith(b"\xef\xbb\xbf"):
        raise ScenarioError(1, "the file begins with a byte order mark; save it as UTF-8 without one")
    rows = content.split(b"\n")
    if rows[-1] == b"":
        rows.pop()
    for number, row in enumerate(rows, start=1):
        if len(row) > jsontext.LONGEST_LINE:
            raise ScenarioError(number, "the line is longer than 2 MiB")
        if b"\r" in row:
            raise ScenarioError(number, "the line has a carriage return; end lines with a line feed alone")
        if not row.strip():
            raise ScenarioError(number, "the line is blank; leave it out")
        try:
            text = row.decode("utf-8")
        except UnicodeDecodeError as error:
            raise ScenarioError(
                number, f"byte {error.start + 1} of the line is not UTF-8; save the file as UTF-8"
            ) from None
        if "\0" in text:
            raise ScenarioError(number, "the line has a NUL character; leave it out")
        yield number, text


def _read_line(number: int, text: str, vocabulary: Vocabulary) -> ScenarioLine:
    raw = jsontext.parse(text)
    if not isinstance(raw, dict):
        raise FieldError(
            f'the line is {shown(raw)}, but must be an object such as {{"at": "0:00", "kind": ..., "data": {{}}}}'
        )
    for key in raw:
        if key not in _KEYS:
            raise FieldError(
                f"{shown(key)} is not a key of a scenario line; keys are {' '.join(_KEYS)}{nearest(key, _KEYS)}"
            )
    at = _time(raw, "at")
    kind = raw.get("kind")
    if not isinstance(kind, str) or (kind != END and kind not in KINDS):
        known = [known for known in (*KINDS, END) if known not in PROGRAM_KINDS]
        raise FieldError(
            f"kind is {shown(kind)}, but must be a kind of the log format{nearest(str(kind), known)}"
        )
    if kind in PROGRAM_KINDS:
        raise FieldError(f"{kind} is written by the program; a scenario has no such line")
    data = raw.get("data", {})
    if type(data) is not dict:
        raise FieldError(f"data is {shown(data)}, but must be an object")
    if kind == END:
        if raw.keys() - {"at", "kind", "data"} or data:
            raise FieldError(f'{END} has only "at"')
        return ScenarioLine(number, at, at, kind, data, None, None, None)
    entered = _time(raw, "recorded") if "recorded" in raw else at
    if entered < at:
        raise FieldError("recorded is before at; an entry is made when it happens or later")
    _check_data(number, kind, data, vocabulary)
    return ScenarioLine(number, at, entered, kind, data, _by(raw), _basis(raw), _within(raw))


def _time(raw: Mapping[str, Any], key: str, name: str = "") -> int:
    value = raw.get(key)
    if not isinstance(value, str):
        raise FieldError(f'{name or key} is {shown(value)}, but must be a time from case zero such as "1:30"')
    try:
        return parse_elapsed(value)
    except InstantError as error:
        raise FieldError(f"{name or key}: {error}") from None


def _by(raw: Mapping[str, Any]) -> str | None:
    by = raw.get("by")
    if "by" in raw and (not isinstance(by, str) or not by):
        raise FieldError(f"by is {shown(by)}, but must be the name of a person")
    return by


def _basis(raw: Mapping[str, Any]) -> str | None:
    basis = raw.get("basis")
    if "basis" in raw and basis not in BASES:
        raise FieldError(
            f"basis is {shown(basis)}, but must be one of {' '.join(BASES)}{nearest(str(basis), BASES)}"
        )
    return basis


def _within(raw: Mapping[str, Any]) -> int | None:
    within = raw.get("within_ms")
    if within is not None:
        try:
            Whole().read(within, None)
        except FieldError as error:
            raise FieldError(f"within_ms {error}") from None
    return within


def _check_data(number: int, kind: str, data: Mapping[str, Any], vocabulary: Vocabulary) -> None:
    """Check a line's data as far as the line alone tells."""
    for name in PROGRAM_FIELDS.get(kind, ()):
        if name in data:
            raise FieldError(f"{name} of {kind} is set by the program; leave it out")
    filled = dict(data)
    if kind in NUMBERED:
        filled.setdefault(NUMBERED[kind], 1)
    if kind in ANSWER_KINDS:
        if "flag" in filled:
            raise FieldError(f"{kind} names the rule, not the number of the flag: write rule instead of flag")
        if not isinstance(filled.pop("rule", None), str):
            raise FieldError(f"{kind} needs rule: the rule whose flag is answered, such as io-consider")
        filled["flag"] = 1
    if kind in CORRECTIONS:
        target = filled.get("target")
        if type(target) is int and not 1 <= target < number:
            raise FieldError(
                f"target is {target}, but must be the number of a line above, from 1 to {number - 1}"
            )
        if isinstance(target, str):
            raise FieldError(f"target is {shown(target)}, but must be the number of a line above")
    read_data(kind, filled, vocabulary)
    if kind == "event.amended" and "at" in data["changes"]:
        _time(data["changes"], "at", "changes: at")
    for name in ("attempt", "infusion"):
        if isinstance(data.get(name), str):
            raise FieldError(
                f"{name} is {shown(data[name])}, but must be a number from 1; a scenario has one stream"
            )
