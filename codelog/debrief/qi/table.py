"""Every figure of a report as CSV: where it stands in the JSON, and its value."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

_NAMES = ("route", "rule", "protocol", "id", "by", "of", "group", "reason", "period", "at_s", "case")
"""What tells the entries of a list apart, where they have it; else they are numbered."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def figures_csv(values: Any) -> str:
    """What `plain_values` makes, one row for each figure: `figure,value`, and a line of headings."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("figure", "value"))
    for path, value in _figures(values):
        writer.writerow((_harmless("/".join(path)), _harmless(value)))
    return text.getvalue()


def _figures(value: Any, *path: str) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _figures(part, *path, name)
    elif isinstance(value, list):
        for number, part in enumerate(value, start=1):
            yield from _figures(part, *path, _name(part) or str(number))
    else:
        yield path, "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _name(part: Any) -> str:
    """What an entry of a list is called, from what tells it apart."""
    found = [_id(part[name]) for name in _NAMES if isinstance(part, dict) and name in part]
    return " ".join(word for word in found if word)


def _id(value: Any) -> str:
    if isinstance(value, dict):
        return str(value.get("id", ""))
    return "" if value is None else str(value)


def _harmless(text: str) -> str:
    """A spreadsheet takes for a formula what begins like one; a number is none."""
    if text.startswith(_FORMULA) and not text[1:].replace(".", "", 1).isdecimal():
        return f"'{text}"
    return text
