"""The whole report as canonical JSON: the same value, the same bytes.

The schema is that of `DebriefReport`: an object for every dataclass, its fields by name, a list for every tuple.

- A moment is `{"at": "2026-11-22T16:27:52.123Z", "since_zero_ms": 90000, "events": [7]}`.
- What ends in `_ms` is a span in whole milliseconds, counts and percents are integers.
- A quantity is text, a number and a UCUM unit (`"0.06 mg"`); any other number with a fraction is text too.
- `events` are the numbers of the entries behind a figure: an integer in the case's first stream,
  `"TERMINAL/NUMBER"` in another. Attempts, infusions and flags are numbered in the same way.
- null is not known or not recorded; where it matters why, `why` beside it says so.
- Text from people stands as it was entered.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from codelog.case import jsontext
from codelog.case.instants import format_instant
from codelog.case.quantities import Quantity
from codelog.debrief.report.figures import Moment
from codelog.debrief.report.value import DebriefReport


def report_json(report: DebriefReport) -> str:
    """The report as one line of canonical JSON (RFC 8785) that ends in a newline."""
    return jsontext.canonical(plain_values(report)) + "\n"


def plain_values(value: Any) -> Any:
    """A value made of dataclasses as what JSON is made of, in the way described above."""
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, tuple):
        return [plain_values(part) for part in value]
    if isinstance(value, Quantity):
        return str(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, Mapping):
        return {key: plain_values(part) for key, part in value.items()}
    found = {field.name: plain_values(getattr(value, field.name)) for field in dataclasses.fields(value)}
    return found | {"at": format_instant(value.at)} if isinstance(value, Moment) else found
