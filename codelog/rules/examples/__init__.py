"""Examples of the rules: small cases with the flags that one rule raises in them. Tests and handbook alike.

Every rule has a module of its name here with `FIRES` and `STAYS_QUIET`. A running case needs none of them, so the
modules are read only by who asks for them (`codelog.rules.catalogue.examples_of`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Side = Literal["below", "at", "above"]
SIDES: tuple[Side, ...] = ("below", "at", "above")
"""Where an example stands: one step short of a limit, exactly on it, one step beyond."""


@dataclass(frozen=True, slots=True)
class Raised:
    """A flag that is expected. Times are written as in a scenario; `late`: raised then, later than it was due."""

    basis: str
    due_at: str
    cleared_at: str | None = None
    because: str | None = None
    late: str | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """A small case and every flag of one rule in it.

    `lines` are scenario lines written `TIME KIND field=value ...`; `recorded=TIME` among the fields makes a late
    entry. The opening line is line 1, so the first of `lines` is line 2. `parameters` changes the protocol.
    `limit` names the threshold that the example stands beside, `side` on which side of it.
    """

    title: str
    lines: tuple[str, ...]
    runs_until: str
    flags: tuple[Raised, ...] = ()
    opening: str = "setting=nicu zero=opened"
    protocol: str = "gomella"
    parameters: Mapping[str, Any] = field(default_factory=dict)
    limit: str | None = None
    side: Side | None = None

    def scenario(self) -> bytes:
        """The example as a scenario file."""
        lines = [
            _line(f"0:00 case.opened {self.opening} mode=training"),
            *(_line(line) for line in self.lines),
            {"at": self.runs_until, "kind": "scenario.end"},
        ]
        return "".join(json.dumps(line) + "\n" for line in lines).encode()


def _line(text: str) -> dict[str, Any]:
    head, *fields = re.split(r" (?=[a-z_]+=)", text)
    at, kind = head.split(" ")
    data: dict[str, Any] = {}
    for name, _, value in (part.partition("=") for part in fields):
        data[name] = _value(value)
    line: dict[str, Any] = {"at": at, "kind": kind, "data": data}
    if "recorded" in data:
        line["recorded"] = data.pop("recorded")
    return line


def _value(text: str) -> Any:
    """JSON where it is JSON, else words."""
    try:
        return json.loads(text)
    except ValueError:
        return text
