"""Events, streams and scenario files for the tests of the pure core, without the clinical tables."""

from __future__ import annotations

import json
from typing import Any

import pytest

from codelog.case.access import Access
from codelog.case.corrections import corrected
from codelog.case.events import Event, read_data
from codelog.case.scenario import Scenario, ScenarioError, read_scenario
from codelog.case.state import State, fold
from codelog.case.vocabulary import Vocabulary

VOCABULARY = Vocabulary(
    vein_sites=("hand", "foot", "umbilical_vein", "other"),
    io_sites=("tibia_prox", "femur_dist"),
    bones=("tibia", "femur"),
    devices=("ezio_15", "cannula", "other"),
    conditions=("fracture", "coagulopathy"),
    complications=("extravasation", "other"),
    drugs=("adrenaline", "other"),
    fluids=("saline_0_9", "other"),
    kit=("gauze", "gloves"),
    signs=("aspirate", "flush_free"),
)

OPENING = {"setting": "nicu", "zero": "opened", "mode": "training"}
ZERO_AT = 1_000_000_000_000


def ms(seconds: float) -> int:
    """An instant so many seconds after the zero of these tests."""
    return ZERO_AT + round(seconds * 1000)


def make_event(
    kind: str, data: dict[str, Any], *, seq: int = 1, at: float = 0, recorded: float | None = None
) -> Event:
    """An event `at` seconds from zero; `data` as JSON has it."""
    return Event(
        case="c",
        terminal="t",
        seq=seq,
        prev="0" * 64,
        at=ms(at),
        basis="live",
        within_ms=None,
        recorded_at=ms(at if recorded is None else recorded),
        boot="b",
        boot_ms=0,
        by="scribe",
        data=read_data(kind, data, None),
    )


Fact = tuple[float, str, dict[str, Any]]


def make_stream(*facts: Fact) -> list[Event]:
    """An opened case, and then the facts (seconds, kind, data) with seq from 2 on."""
    opening: Fact = (0, "case.opened", OPENING)
    return [
        make_event(kind, data, seq=seq, at=at)
        for seq, (at, kind, data) in enumerate((opening, *facts), start=1)
    ]


def state_of(*facts: Fact) -> State:
    """The corrected state after the facts."""
    return fold(corrected(make_stream(*facts)))


def access_of(*facts: Fact, clock_starts: str = "need_or_first_attempt") -> Access:
    """Access after the facts."""
    return fold(corrected(make_stream(*facts)), clock_starts).access


def begins(at: float, number: int, route: str = "piv", **details: Any) -> Fact:
    return at, "access.attempt_started", {"attempt": number, "route": route, **details}


def ends(at: float, number: int, outcome: str) -> Fact:
    return at, "access.attempt_ended", {"attempt": number, "outcome": outcome}


def lost(at: float, number: int) -> Fact:
    return at, "access.lost", {"attempt": number, "reason": "dislodged"}


def removed(at: float, number: int) -> Fact:
    return at, "access.removed", {"attempt": number}


def needed(at: float, urgency: str = "emergent") -> Fact:
    return at, "access.needed", {"urgency": urgency}


def retracts(at: float, target: int) -> Fact:
    return at, "event.retracted", {"target": target, "reason": "a slip"}


def amends(seconds: float, target: int, /, **changes: Any) -> Fact:
    return seconds, "event.amended", {"target": target, "changes": changes, "reason": "a slip"}


def row(at: str, kind: str, data: dict[str, Any] | None = None, **keys: Any) -> str:
    """One line of a scenario."""
    return json.dumps({"at": at, "kind": kind, "data": data or {}, **keys}, ensure_ascii=False)


OPENS = row("0:00", "case.opened", OPENING)
NOTE = row("0:01", "note.added", {"text": "a"})


def file_of(*rows: str) -> bytes:
    """A scenario file of these lines, the last one ended too."""
    return "".join(text + "\n" for text in rows).encode()


def read(*rows: str) -> Scenario:
    """A scenario of these lines."""
    return read_scenario(file_of(*rows), VOCABULARY)


def refuse(content: bytes, line: int, *words: str) -> None:
    """The file must be refused at `line`, in one sentence with all the `words`."""
    with pytest.raises(ScenarioError) as caught:
        read_scenario(content, VOCABULARY)
    message = caught.value.message
    assert caught.value.line == line, message
    assert str(caught.value) == f"line {line}: {message}"
    assert message.isprintable(), message
    for word in words:
        assert word in message, message


def refuse_row(bad: str, *words: str) -> None:
    """A line after the opening must be refused, as line 2."""
    refuse(file_of(OPENS, bad), 2, *words)
