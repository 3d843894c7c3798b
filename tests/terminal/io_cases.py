"""Cases for the IO sheet: recorded in memory on a clock that is set, and seen as a screen sees them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from codelog.clinical.protocols import load_protocol
from codelog.clinical.tables import load_tables
from codelog.live.clock import VirtualClock
from codelog.live.journal import MemoryJournal
from codelog.live.recorder import Recorder, Request
from codelog.live.view import CaseView

Entry = tuple[str, Mapping[str, Any]]

AGES = {"newborn": 3, "infant": 200, "child": 2000, "above": 5000, "unknown": None}
"""A day of life within each age band."""


def seen(*entries: Entry, age_days: int | None = None) -> CaseView:
    """A case with these entries; without an age it stays unknown."""
    clock = VirtualClock(1_800_000_000_000, "boot-1")
    protocol, tables = load_protocol("gomella"), load_tables()
    recorder = Recorder(MemoryJournal("case-1", "t-1"), clock, protocol, tables, strict=False)
    view = CaseView(clock, protocol, tables)
    opening: Entry = ("case.opened", {"setting": "nicu", "zero": "opened", "mode": "training"})
    aged: tuple[Entry, ...] = () if age_days is None else (("patient.described", {"age_days": age_days}),)
    for kind, data in (opening, *aged, *entries):
        view.follow(recorder.record(Request(kind, data)).written)
    return view


def tried(number: int, site: str, side: str, outcome: str | None = None) -> tuple[Entry, ...]:
    """An IO attempt, ended or going on."""
    start: Entry = (
        "access.attempt_started",
        {"attempt": number, "route": "io", "site": site, "side": side},
    )
    ended: Entry = ("access.attempt_ended", {"attempt": number, "outcome": outcome})
    return (start,) if outcome is None else (start, ended)


def noted(condition: str, bone: str | None = None, side: str | None = None, *, present: bool = True) -> Entry:
    """A contraindication asked about."""
    where = {} if bone is None else {"bone": bone, "side": side}
    return "condition.noted", {"condition": condition, "present": present, **where}


STATES: Mapping[str, tuple[Entry, ...]] = {
    "nothing yet": (),
    "one tibia failed": tried(1, "tibia_prox", "left", "failed"),
    "a needle going in": tried(1, "femur_dist", "right"),
    "a line in the humerus": tried(1, "humerus_prox", "left", "established"),
    "two tries, one lost": (
        *tried(1, "tibia_prox", "right", "established"),
        ("access.lost", {"attempt": 1, "reason": "infiltrated"}),
        *tried(2, "tibia_dist", "left", "abandoned"),
    ),
    "a broken leg and a burnt arm": (noted("fracture", "femur", "left"), noted("burn", "humerus", "right")),
    "no bone left": tuple(
        noted("osteomyelitis", bone, side) for bone in ("femur", "humerus") for side in ("left", "right")
    )
    + tuple(noted("osteomyelitis", "tibia", side) for side in ("left", "right"))
    + (noted("sternotomy"),),
}
"""What can have become of the bones."""
