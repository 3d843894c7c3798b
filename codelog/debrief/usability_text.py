"""The figures of a record for people, as lines of text, and for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from codelog.case.events import fields_of
from codelog.case.instants import MINUTE, SECOND, format_elapsed
from codelog.case.quantities import Quantity
from codelog.clinical.tables import Tables
from codelog.debrief.plain import plain
from codelog.debrief.usability import Happened, LeftOut, Usability, Wrong
from codelog.debrief.wording import describe, label, value_words

_LONGEST = 300


def usability_figures(figures: Usability) -> list[tuple[str, str]]:
    """Each figure with its name. What is not known is said to be so."""
    told = "not known: there is no script to compare with"
    wrong = told
    if figures.told is not None and figures.wrong is not None and figures.extra is not None:
        told = f"{figures.captured} of {figures.told}, script followed to {_reach(figures)}"
        wrong = f"{len(figures.wrong)} wrong, {len(figures.extra)} not in the script"
    against = "after it happened" if figures.told is None else "against the script"
    times = "nothing to compare"
    if figures.median_error is not None and figures.worst_error is not None:
        times = f"median {_span(figures.median_error)}, worst {_span(figures.worst_error)}, {against}"
    keys = "not counted"
    if figures.keys_per_fact is not None:
        keys = f"{figures.keys_per_fact} for each of {figures.facts} facts, {figures.keys} in all"
    return [
        ("Captured", told),
        ("Time error", times),
        ("Details", f"{figures.details} of {figures.details_wanted}"),
        ("Faults", wrong),
        ("Late entries", str(figures.late)),
        ("Corrections", str(figures.corrections)),
        ("Keys", keys),
    ]


def usability_lists(figures: Usability, tables: Tables) -> list[tuple[str, list[str]]]:
    """What lies behind the figures: each list with its title. Empty ones are left out."""
    lists = [
        ("Missed", _happened(figures.missed or (), tables)),
        ("Recorded otherwise than told", [_wrong(wrong, tables) for wrong in figures.wrong or ()]),
        ("Recorded, and not in the script", _happened(figures.extra or (), tables)),
        ("Details left out", [_left_out(left, tables) for left in figures.left_out]),
    ]
    return [(title, rows) for title, rows in lists if rows]


def usability_lines(figures: Usability, tables: Tables) -> Iterator[str]:
    """The whole of it as lines of text."""
    for name, value in usability_figures(figures):
        yield f"{name:<13} {value}"
    for title, rows in usability_lists(figures, tables):
        yield ""
        yield title
        yield from (f"  {row}" for row in rows)


def usability_record(figures: Usability, tables: Tables) -> dict[str, Any]:
    """The figures as a JSON object: times in milliseconds, null for what is not known."""
    per_fact = figures.keys_per_fact
    return {
        "facts": figures.facts,
        "told": figures.told,
        "captured": figures.captured,
        "missed": None if figures.missed is None else [_json(one, tables) for one in figures.missed],
        "extra": None if figures.extra is None else [_json(one, tables) for one in figures.extra],
        "wrong": None
        if figures.wrong is None
        else [
            _json(one.of, tables)
            | {"field": one.field, "told": _value(one, one.told, tables)}
            | {"recorded": _value(one, one.recorded, tables)}
            for one in figures.wrong
        ],
        "median_error_ms": figures.median_error,
        "worst_error_ms": figures.worst_error,
        "error_against": "entry" if figures.told is None else "script",
        "details": figures.details,
        "details_wanted": figures.details_wanted,
        "left_out": [_json(left.of, tables) | {"fields": list(left.fields)} for left in figures.left_out],
        "late": figures.late,
        "corrections": figures.corrections,
        "keys": figures.keys,
        "keys_per_fact": None if per_fact is None else str(per_fact),
        "recorded_until_ms": figures.until,
        "script_runs_ms": figures.script_runs,
    }


def _json(of: Happened, tables: Tables) -> dict[str, Any]:
    return {"since_ms": of.since, "kind": of.data.KIND, "words": describe(of.data, tables)}


def _reach(figures: Usability) -> str:
    runs = figures.script_runs or 0
    whole = format_elapsed(runs, millis=False)
    if figures.until >= runs:
        return f"its end at {whole}"
    return f"{format_elapsed(figures.until, millis=False)} of {whole}"


def _span(span: int) -> str:
    return f"{span / SECOND:.1f} s" if span < MINUTE else f"{format_elapsed(span, millis=False)} min"


def _happened(found: Iterable[Happened], tables: Tables) -> list[str]:
    return [_row(one, tables) for one in found]


def _row(of: Happened, tables: Tables) -> str:
    return f"{format_elapsed(of.since, millis=False):>8}  {plain(describe(of.data, tables), _LONGEST)}"


def _wrong(wrong: Wrong, tables: Tables) -> str:
    told, recorded = (_value(wrong, value, tables) for value in (wrong.told, wrong.recorded))
    what = f"{_name(wrong.field, tables)} {recorded}, told {told}"
    return f"{_row(wrong.of, tables)} -> {plain(what, _LONGEST)}"


def _left_out(left: LeftOut, tables: Tables) -> str:
    return f"{_row(left.of, tables)} -> {', '.join(_name(name, tables) for name in left.fields)}"


def _name(field: str, tables: Tables) -> str:
    """The name of a detail; signs and equipment are details by themselves."""
    return label(tables.kit if field in tables.kit else tables.signs, field)


def _value(wrong: Wrong, value: Any, tables: Tables) -> str:
    kind = wrong.of.data.KIND
    raw = str(value) if isinstance(value, Quantity) else value
    if isinstance(raw, bool):
        return "yes" if raw else "no"
    return value_words(kind, wrong.field, raw, tables) if wrong.field in fields_of(kind) else str(raw)
