"""Random events of every kind, made from what `fields_of` says of its fields."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from codelog.case.events import KINDS, Event, fields_of, read_data
from codelog.case.fields import (
    LARGEST_INTEGER,
    Amount,
    Choice,
    FieldType,
    Id,
    Instant,
    ListOf,
    MapOf,
    Plain,
    Reference,
    Whole,
    Words,
    YesNo,
)
from codelog.case.instants import LATEST, format_instant
from codelog.case.quantities import UNITS, dimension_of

HOSTILE = (
    "",
    " ",
    "\x01\x1f\x7f\x80\x9f",
    "a\tb\nc\rd\be\f",
    "\u202edrow\u202c \u2066x\u2069 \u200f",
    "👩\u200d👩\u200d👧 \U0001f9b4 \U0010ffff",
    "line\u2028paragraph\u2029next\u0085",
    "[/b][bold]x[/]",
    "\x1b[31mred\x1b[0m\x1b]8;;http://x\x07",
    '"\\" \\u0000 \\ud800 {"v":1}',
    "\ufeff\ufffe\uffff\ufffd",
    "e\u0301 \u00e9 \ufb01",
    "= cmd|' /C calc'!A0",
    "<script>&amp;</script>",
)

texts = st.sampled_from(HOSTILE) | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20
)
whole_numbers = st.integers(-LARGEST_INTEGER, LARGEST_INTEGER)
plain_values = st.recursive(
    st.none() | st.booleans() | whole_numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)
instants = st.integers(-62_135_596_800_000, LATEST)
decimals = st.from_regex(r"(0|[1-9][0-9]{0,8})(\.[0-9]{1,8})?", fullmatch=True)


def json_values(type: FieldType) -> st.SearchStrategy[Any]:
    """JSON values that a field of this type may hold."""
    match type:
        case Words() | Id():
            return texts
        case Choice():
            return st.sampled_from(type.options)
        case Whole():
            return st.integers(type.low, type.high)
        case YesNo():
            return st.booleans()
        case Reference():
            return st.integers(1, LARGEST_INTEGER) | st.builds("t-{}/{}".format, texts, st.integers(1, 99))
        case Amount():
            units = [unit for unit in UNITS if dimension_of(unit) in type.dimensions]
            return st.builds("{} {}".format, decimals, st.sampled_from(units))
        case Instant():
            return instants.map(format_instant)
        case ListOf():
            return st.lists(json_values(type.item), max_size=4)
        case MapOf():
            return st.dictionaries(json_values(type.key), json_values(type.item), max_size=4)
        case Plain():
            return plain_values
    return st.fixed_dictionaries({"id": texts, "version": texts, "digest": texts})


def json_data(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    """The `data` of an event of this kind, optional fields now there, now not."""
    fields = fields_of(kind).values()
    found: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
        {field.name: json_values(field.type) for field in fields if field.required},
        optional={field.name: json_values(field.type) for field in fields if not field.required},
    )
    return found.filter(bool) if kind == "vital.recorded" else found


def events_of(kind: str) -> st.SearchStrategy[Event]:
    """Events of one kind."""
    return st.builds(
        Event,
        case=texts,
        terminal=texts,
        seq=st.integers(1, LARGEST_INTEGER),
        prev=st.text("0123456789abcdef", min_size=64, max_size=64),
        at=instants,
        basis=st.sampled_from(("live", "stated", "device", "reconstructed")),
        within_ms=st.none() | st.integers(0, LARGEST_INTEGER),
        recorded_at=instants,
        boot=texts,
        boot_ms=st.integers(0, LARGEST_INTEGER),
        by=texts,
        data=json_data(kind).map(lambda raw: read_data(kind, raw, None)),
    )


any_event: st.SearchStrategy[Event] = st.sampled_from(sorted(KINDS)).flatmap(events_of)
