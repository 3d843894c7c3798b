"""The types that a field of an event's `data` can have: how each is read from JSON, checked, and written back.

A field type is attached to a dataclass field with `Annotated`, so that one declaration serves the type checker,
the reader, the writer and the data dictionary.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from codelog.case.instants import InstantError, format_instant, parse_instant
from codelog.case.quantities import Quantity, QuantityError, dimension_of
from codelog.case.vocabulary import Vocabulary

LARGEST_INTEGER = 2**53 - 1

type_names = {
    str: "text",
    int: "an integer",
    bool: "true or false",
    list: "a list",
    dict: "an object",
    type(None): "null",
}


class FieldError(ValueError):
    """A value does not fit its field; the message says what would be right."""


def nearest(word: str, known: Iterable[str]) -> str:
    """` (did you mean X?)` for the known word closest to `word`, or nothing."""
    close = difflib.get_close_matches(word[:80], list(known), n=1, cutoff=0.6)
    return f" (did you mean {close[0]}?)" if close else ""


def shown(value: object) -> str:
    """A value short and plain enough for an error sentence."""
    text = ascii(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _expect(value: object, kind: type, what: str) -> Any:
    if type(value) is not kind:
        raise FieldError(f"is {shown(value)}, but must be {what}")
    if type(value) is str:
        _check_text(value)
    return value


def _check_text(text: str) -> None:
    """Refuse what would be written and could not be read again: NUL and unpaired surrogates."""
    if "\0" in text:
        raise FieldError(f"is {shown(text)}, which has a NUL character; leave it out")
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        raise FieldError(f"is {shown(text)}, which has an unpaired surrogate; leave it out")


@dataclass(frozen=True, slots=True)
class FieldType:
    """One type of field. `read` takes a JSON value; without a vocabulary any id is accepted."""

    def read(self, value: Any, vocabulary: Vocabulary | None) -> Any:
        """The value as the dataclass holds it, or FieldError."""
        raise NotImplementedError

    def write(self, value: Any) -> Any:
        """The value as JSON holds it."""
        return value

    def describe(self) -> str:
        """The type in words, for the data dictionary and for error sentences."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Words(FieldType):
    """Any text from people, kept as it is."""

    def read(self, value: Any, vocabulary: Vocabulary | None) -> str:
        text: str = _expect(value, str, "text")
        return text

    def describe(self) -> str:
        return "text"


@dataclass(frozen=True, slots=True)
class Choice(FieldType):
    """One of a list that the log format fixes."""

    options: tuple[str, ...]

    def read(self, value: Any, vocabulary: Vocabulary | None) -> str:
        if type(value) is str and value in self.options:
            return value
        raise FieldError(
            f"is {shown(value)}, but must be one of {' '.join(self.options)}{nearest(str(value), self.options)}"
        )

    def describe(self) -> str:
        return " or ".join(self.options)


@dataclass(frozen=True, slots=True)
class Id(FieldType):
    """An id of one of the vocabulary's lists, which a site may extend."""

    list_name: str

    def read(self, value: Any, vocabulary: Vocabulary | None) -> str:
        text: str = _expect(value, str, self.describe())
        if vocabulary is not None:
            known = vocabulary.ids(self.list_name)
            if text not in known:
                raise FieldError(
                    f"is {shown(text)}, but must be one of {' '.join(known)}{nearest(text, known)}"
                )
        return text

    def describe(self) -> str:
        return f"an id of the list {self.list_name}"


@dataclass(frozen=True, slots=True)
class Whole(FieldType):
    """An integer within bounds, both included."""

    low: int = 0
    high: int = LARGEST_INTEGER

    def read(self, value: Any, vocabulary: Vocabulary | None) -> int:
        number: int = _expect(value, int, self.describe())
        if not self.low <= number <= self.high:
            raise FieldError(f"is {number}, but must be {self.describe()}")
        return number

    def describe(self) -> str:
        if self.high == LARGEST_INTEGER:
            return "an integer" if self.low == -LARGEST_INTEGER else f"an integer of {self.low} or more"
        return f"an integer from {self.low} to {self.high}"


@dataclass(frozen=True, slots=True)
class YesNo(FieldType):
    """True or false; not recorded is the field's absence."""

    def read(self, value: Any, vocabulary: Vocabulary | None) -> bool:
        answer: bool = _expect(value, bool, "true or false")
        return answer

    def describe(self) -> str:
        return "true or false"


@dataclass(frozen=True, slots=True)
class Reference(FieldType):
    """A number of the same stream (attempt, infusion, flag, seq), or `"TERMINAL/NUMBER"` for another stream."""

    def read(self, value: Any, vocabulary: Vocabulary | None) -> int | str:
        if type(value) is int and 1 <= value <= LARGEST_INTEGER:
            return value
        if type(value) is str:
            _check_text(value)
            terminal, slash, number = value.rpartition("/")
            if terminal and slash and number.isascii() and number.isdigit():
                return value
        raise FieldError(f"is {shown(value)}, but must be {self.describe()}")

    def describe(self) -> str:
        return "a number from 1"


@dataclass(frozen=True, slots=True)
class Amount(FieldType):
    """A quantity whose unit measures one of the dimensions named."""

    dimensions: tuple[str, ...]
    example: str

    def read(self, value: Any, vocabulary: Vocabulary | None) -> Quantity:
        text: str = _expect(value, str, self.describe())
        try:
            quantity = Quantity.parse(text)
        except QuantityError as error:
            raise FieldError(f"is {shown(text)}: {error}") from None
        if dimension_of(quantity.unit) not in self.dimensions:
            raise FieldError(f"is {shown(text)}, but must be {self.describe()}")
        return quantity

    def write(self, value: Quantity) -> str:
        return str(value)

    def describe(self) -> str:
        return f'a quantity of {" or ".join(self.dimensions)} such as "{self.example}"'


@dataclass(frozen=True, slots=True)
class Instant(FieldType):
    """An instant: milliseconds in the program, UTC text in the line."""

    def read(self, value: Any, vocabulary: Vocabulary | None) -> int:
        try:
            return parse_instant(_expect(value, str, self.describe()))
        except InstantError as error:
            raise FieldError(f"is wrong: {error}") from None

    def write(self, value: int) -> str:
        return format_instant(value)

    def describe(self) -> str:
        return "an instant like 2026-11-22T16:27:52.123Z"


@dataclass(frozen=True, slots=True)
class ListOf(FieldType):
    """A list of one type; a tuple in the program."""

    item: FieldType

    def read(self, value: Any, vocabulary: Vocabulary | None) -> tuple[Any, ...]:
        return tuple(self.item.read(entry, vocabulary) for entry in _expect(value, list, self.describe()))

    def write(self, value: Sequence[Any]) -> list[Any]:
        return [self.item.write(entry) for entry in value]

    def describe(self) -> str:
        return f"a list, each {self.item.describe()}"


@dataclass(frozen=True, slots=True)
class MapOf(FieldType):
    """An object whose keys and values are of one type each."""

    key: FieldType
    item: FieldType

    def read(self, value: Any, vocabulary: Vocabulary | None) -> Mapping[str, Any]:
        entries = _expect(value, dict, self.describe())
        read = {}
        for key, entry in entries.items():
            try:
                read[self.key.read(key, vocabulary)] = self.item.read(entry, vocabulary)
            except FieldError as error:
                raise FieldError(f"at {shown(key)} {error}") from None
        return read

    def write(self, value: Mapping[str, Any]) -> dict[str, Any]:
        return {key: self.item.write(entry) for key, entry in value.items()}

    def describe(self) -> str:
        return f"an object, each value {self.item.describe()}"


@dataclass(frozen=True, slots=True)
class Plain(FieldType):
    """Any JSON value without fractions: what its meaning is depends on something else in the event."""

    def read(self, value: Any, vocabulary: Vocabulary | None) -> Any:
        return value

    def describe(self) -> str:
        return "text, an integer, true, false or null"
