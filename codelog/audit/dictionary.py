"""The data dictionary, made from the definitions that the program itself runs on."""

from __future__ import annotations

from collections.abc import Iterator

from codelog.audit.tables import TABLES
from codelog.case.events import KINDS, fields_of

HEADER = ("part", "name", "type", "required", "meaning")
_CONVENTIONS = (
    ("empty cell", "not recorded or not known; what was denied is said explicitly"),
    ("instant", "UTC, such as 2026-11-22T16:27:52.123Z"),
    ("apostrophe at the front of a text", "stands there so that no formula is run; take one away"),
    ("number of an event, attempt, infusion or flag", "TERMINAL/NUMBER where the case has another stream"),
)


def dictionary() -> Iterator[tuple[str, ...]]:
    """Its rows, the header first: conventions, tables with their columns, kinds of entries with their fields."""
    yield HEADER
    for name, meaning in _CONVENTIONS:
        yield "convention", name, "", "", meaning
    for table in TABLES:
        yield "table", table.name, "", "", table.meaning
        for column in table.columns:
            yield f"table {table.name}", column.name, column.kind, "", column.meaning
    for kind in KINDS:
        yield (
            "kind",
            kind,
            "",
            "",
            "a kind of entry; its fields stand in the column `data` of the table events",
        )
        for field in fields_of(kind).values():
            required = "yes" if field.required else "no"
            yield f"kind {kind}", field.name, field.type.describe(), required, ""
