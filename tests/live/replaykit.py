"""Scenarios for the tests of replay, with the shipped tables and protocols."""

from __future__ import annotations

import json
from typing import Any

import pytest

from codelog.case.codec import decode
from codelog.case.events import Event, FlagRaised
from codelog.case.instants import format_elapsed
from codelog.case.scenario import ZERO, ScenarioError, read_scenario
from codelog.clinical.protocols import load_protocol
from codelog.clinical.tables import load_tables
from codelog.live.replay import replay

TABLES = load_tables()
GOMELLA = load_protocol("gomella")
VOCABULARY = TABLES.vocabulary()
OPENING = {"setting": "nicu", "zero": "opened", "mode": "training"}


def row(at: str, kind: str, data: dict[str, Any] | None = None, **keys: Any) -> str:
    """One line of a scenario."""
    return json.dumps({"at": at, "kind": kind, "data": data or {}, **keys}, ensure_ascii=False)


def begins(at: str, route: str = "piv", **details: Any) -> str:
    return row(at, "access.attempt_started", {"route": route, **details})


def ends(at: str, outcome: str, **details: Any) -> str:
    return row(at, "access.attempt_ended", {"outcome": outcome, **details})


def needed(at: str, urgency: str = "emergent") -> str:
    return row(at, "access.needed", {"urgency": urgency})


def note(at: str, text: str = "a", **keys: Any) -> str:
    return row(at, "note.added", {"text": text}, **keys)


def retracts(at: str, target: int) -> str:
    return row(at, "event.retracted", {"target": target, "reason": "a slip"})


def amends(seconds: str, target: int, /, **changes: Any) -> str:
    return row(seconds, "event.amended", {"target": target, "changes": changes, "reason": "a slip"})


def end(at: str) -> str:
    return json.dumps({"at": at, "kind": "scenario.end"})


OPENS = row("0:00", "case.opened", OPENING)


def file_of(*rows: str) -> bytes:
    """A scenario file that opens a case and goes on with these lines; the first of them is line 2."""
    return "".join(text + "\n" for text in (OPENS, *rows)).encode()


def lines_of(*rows: str) -> list[str]:
    """The log of such a scenario, as lines."""
    return replay(read_scenario(file_of(*rows), VOCABULARY), GOMELLA, TABLES)


def play(*rows: str) -> list[Event]:
    """The log of such a scenario, as events."""
    return [decode(line) for line in lines_of(*rows)]


def flags(*rows: str) -> list[tuple[str, str, str, str]]:
    """Every flag raised: rule, basis, when it was due and when it was raised, as times from zero."""
    return [
        (event.data.rule, event.data.basis, _clock(event.data.due_at), _clock(event.at))
        for event in play(*rows)
        if isinstance(event.data, FlagRaised)
    ]


def of_kind(events: list[Event], kind: str) -> list[Event]:
    return [event for event in events if event.kind == kind]


def refuse(line: int, *rows: str) -> str:
    """The scenario reads well line by line, and cannot be played at `line`; returns the sentence."""
    scenario = read_scenario(file_of(*rows), VOCABULARY)
    with pytest.raises(ScenarioError) as caught:
        replay(scenario, GOMELLA, TABLES)
    assert caught.value.line == line, caught.value.message
    assert caught.value.message.isprintable()
    return caught.value.message


def _clock(instant: int) -> str:
    return format_elapsed(instant - ZERO)
