"""Strict reading of TOML: every value is checked as it is read; a fault names its file and dotted key."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from importlib.resources.abc import Traversable
from typing import TypeVar

from codelog.case.quantities import Quantity, QuantityError
from codelog.clinical.problems import ClinicalDataError, Problem, shown, valid_instead

_Word = TypeVar("_Word", bound=str)
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_ID = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


class TomlTable:
    """One table of a file. Its readers return checked values or raise ClinicalDataError."""

    def __init__(self, file: str, values: Mapping[str, object], path: tuple[str, ...] = ()) -> None:
        self.file = file
        self._values = values
        self._path = path

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def error(self, text: str, *key: str) -> ClinicalDataError:
        """The error to raise about `key` of this table, or about the table itself."""
        dotted = ".".join(
            part if _BARE_KEY.fullmatch(part) else json.dumps(part) for part in (*self._path, *key)
        )
        return ClinicalDataError(Problem(self.file, dotted, text))

    def allow(self, *keys: str) -> None:
        """Refuse any key that is not among these; the absence of one shows when it is read."""
        for key in self._values:
            if key not in keys:
                raise self.error(f"unknown key; {valid_instead(key, 'key', keys)}", key)

    def text(self, key: str) -> str:
        """One line of text with something in it."""
        return self._line(key, self._value(key))

    def texts(self, key: str, *, may_be_empty: bool = False) -> tuple[str, ...]:
        """A list of lines of text, none twice, and at least one unless it may be empty."""
        lines = tuple(self._line(key, value) for value in self._list(key))
        if not lines and not may_be_empty:
            raise self.error("expected at least one entry, found an empty list", key)
        if len(set(lines)) < len(lines):
            raise self.error("expected each entry once, found one twice", key)
        return lines

    def text_or_texts(self, key: str) -> tuple[str, ...]:
        """Like `texts`; a single line may stand without its brackets."""
        return self.texts(key) if isinstance(self._value(key), list) else (self.text(key),)

    def choice(self, key: str, allowed: Collection[_Word]) -> _Word:
        """One of the allowed words."""
        return self._one_of(key, self.text(key), allowed)

    def choices(
        self, key: str, allowed: Collection[_Word], *, may_be_empty: bool = False
    ) -> tuple[_Word, ...]:
        """A list of the allowed words, none twice, and at least one unless it may be empty."""
        words = self.texts(key, may_be_empty=may_be_empty)
        return tuple(self._one_of(key, word, allowed) for word in words)

    def boolean(self, key: str) -> bool:
        """`true` or `false`."""
        value = self._value(key)
        if not isinstance(value, bool):
            raise self.error(f"expected true or false, found {shown(value)}", key)
        return value

    def whole(self, key: str, least: int, most: int) -> int:
        """A whole number from `least` to `most`; a boolean is not a number."""
        return self._whole(key, self._value(key), least, most, f"a whole number from {least} to {most}")

    def whole_or_none(self, key: str, least: int, most: int) -> int | None:
        """Like `whole`; the text "none" says that there is no such limit."""
        value = self._value(key)
        expected = f'a whole number from {least} to {most} or "none"'
        return None if value == "none" else self._whole(key, value, least, most, expected)

    def wholes(self, key: str, least: int, most: int) -> tuple[int, ...]:
        """A list of whole numbers from `least` to `most`."""
        expected = f"a list of whole numbers from {least} to {most}"
        return tuple(self._whole(key, value, least, most, expected) for value in self._list(key))

    def quantity(self, key: str, dimensions: Collection[str]) -> Quantity:
        """A quantity of one of the given dimensions."""
        return self._quantity(key, self.text(key), dimensions)

    def quantities(self, key: str, dimensions: Collection[str]) -> tuple[Quantity, ...]:
        """A list of quantities of the given dimensions."""
        return tuple(self._quantity(key, text, dimensions) for text in self.texts(key))

    def table(self, key: str) -> TomlTable:
        """The table below a key."""
        return self._child(self._value(key), key)

    def tables(self, key: str) -> list[TomlTable]:
        """The tables of a list of tables; none where the key is absent."""
        if key not in self._values:
            return []
        return [self._child(value, key, str(n)) for n, value in enumerate(self._list(key), start=1)]

    def children(self) -> Iterator[tuple[str, TomlTable]]:
        """Each id of this table with the table below it."""
        for key, value in self._values.items():
            if not _ID.fullmatch(key):
                raise self.error("an id is a letter, then letters, digits and underscores", key)
            yield key, self._child(value, key)

    def texts_below(self) -> Iterator[tuple[str, str]]:
        """Every text of this table and of those below it, by its dotted name."""
        for key, value in self._values.items():
            if isinstance(value, dict):
                below = self._child(value, key).texts_below()
                yield from ((f"{key}.{name}", text) for name, text in below)
            else:
                yield key, self.text(key)

    def _value(self, key: str) -> object:
        if key not in self._values:
            raise self.error("missing; it has no default and must be written", key)
        return self._values[key]

    def _child(self, value: object, *key: str) -> TomlTable:
        if not isinstance(value, dict):
            raise self.error(f"expected a table, found {shown(value)}", *key)
        return TomlTable(self.file, value, (*self._path, *key))

    def _list(self, key: str) -> list[object]:
        value = self._value(key)
        if not isinstance(value, list):
            raise self.error(f"expected a list, found {shown(value)}", key)
        return value

    def _line(self, key: str, value: object) -> str:
        if not isinstance(value, str):
            raise self.error(f"expected text in quotes, found {shown(value)}", key)
        if not value.strip() or not value.isprintable():
            raise self.error(f"expected one line of text, found {shown(value)}", key)
        return value

    def _one_of(self, key: str, word: str, allowed: Iterable[_Word]) -> _Word:
        options = list(allowed)
        if word not in options:
            raise self.error(f"{shown(word)} is not known; {valid_instead(word, 'word', options)}", key)
        return options[options.index(word)]

    def _whole(self, key: str, value: object, least: int, most: int, expected: str) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise self.error(f"expected {expected}, found {shown(value)}", key)
        return value

    def _quantity(self, key: str, text: str, dimensions: Collection[str]) -> Quantity:
        try:
            quantity = Quantity.parse(text)
        except QuantityError as error:
            raise self.error(str(error), key) from None
        if quantity.dimension not in dimensions:
            raise self.error(f"expected a {' or '.join(dimensions)}, found {shown(text)}", key)
        return quantity


def parse_toml(content: bytes, file: str) -> TomlTable:
    """The document in `content`; `file` is the name its faults are told under."""
    try:
        return TomlTable(file, tomllib.loads(content.decode("utf-8")))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ClinicalDataError(Problem(file, "", "expected UTF-8 text, found other bytes", line)) from None
    except RecursionError:
        raise ClinicalDataError(Problem(file, "", "nested too deeply to be read as TOML")) from None
    except ValueError as error:
        raise ClinicalDataError(_syntax_problem(content, file, str(error))) from None


def read_bytes(path: Traversable, file: str) -> bytes:
    """The bytes of a file; ClinicalDataError where there is no readable file."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise ClinicalDataError(Problem(file, "", "there is no such file")) from None
    except IsADirectoryError:
        raise ClinicalDataError(Problem(file, "", "expected a file, found a folder")) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise ClinicalDataError(Problem(file, "", f"cannot be read ({reason})")) from None


def _syntax_problem(content: bytes, file: str, message: str) -> Problem:
    place = _PLACE.search(message)
    if not place:
        return Problem(file, "", f"not valid TOML ({message})")
    line = int(place[1] or len(content.splitlines()))
    return Problem(file, "", f"not valid TOML: {message[: place.start()]}", line)
