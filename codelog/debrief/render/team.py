"""What comes after the case: fields for a registry, what is to be learned, and who signed."""

from __future__ import annotations

from collections.abc import Iterator

from codelog.debrief.render.front import utc
from codelog.debrief.render.page import Block, Cell, Column, Items, Prose, Table, cell, quiet, row
from codelog.debrief.report.learning import Learning, Point, Signature
from codelog.debrief.report.utstein import Utstein

_FIELDS = (Column("domain", 16), Column("element", 28), Column("value", 56))
_ACTIONS = (Column("action", 60), Column("owner", 20), Column("due", 20))
_SIGNED = (Column("person", 30), Column("role", 24), Column("meaning", 16), Column("signed", 30))


def utstein(found: Utstein) -> Iterator[Block]:
    """The fields that are filled, then those that are not, by reason."""
    count = f"{found.filled} of {len(found.fields)} fields filled"
    words = f"{count}. The list ({found.list}) is {found.status}: {found.source}."
    yield Prose((cell(words, tone="quiet"),))
    filled = [one for one in found.fields if one.value is not None]
    if filled:
        rows = (row(one.events, one.domain, one.element, one.value) for one in filled)
        yield Table("Fields that the record fills", _FIELDS, tuple(rows))
    empty: dict[str, list[str]] = {}
    for one in found.fields:
        if one.value is None:
            empty.setdefault(one.why or "not recorded", []).append(f"{one.element} ({one.domain})")
    if empty:
        reasons = (cell(f"{why}: {', '.join(elements)}") for why, elements in empty.items())
        yield Items("Fields that it does not fill, and why", tuple(reasons))


def learning(found: Learning) -> Iterator[Block]:
    """What went well, what to improve, and what is to be done by whom until when."""
    yield Items("Went well", _points(found.well))
    yield Items("To improve", _points(found.improve))
    if found.actions:
        rows = (
            row(one.events, one.text, one.owner or "nobody named", one.due or "no date")
            for one in found.actions
        )
        yield Table("Actions", _ACTIONS, tuple(rows))
    else:
        yield Items("Actions", _points(()))


def signatures(found: tuple[Signature, ...]) -> Iterator[Block]:
    """Who signed."""
    if found:
        rows = (row(one.events, one.person, one.role, one.meaning, utc(one.moment.at)) for one in found)
        yield Table("Who signed, and as what", _SIGNED, tuple(rows))
    else:
        yield quiet("Nobody has signed.")


def _points(points: tuple[Point, ...]) -> tuple[Cell, ...]:
    found = tuple(cell(one.text, one.events) for one in points)
    return found or (Cell("nothing was written yet", tone="quiet"),)
