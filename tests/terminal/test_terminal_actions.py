"""Every action of the registry, by its keys: what it enters, and that digits only describe."""

from __future__ import annotations

from pathlib import Path

import pytest

from codelog.case.events import Event, write_data
from codelog.terminal.actions import ACTIONS, BY_ID
from codelog.terminal.acts import HANDLERS
from codelog.terminal.screens.live import SCREEN_ACTIONS
from tests.terminal.termkit import OPENED, terminal

IO_LINE = ("i", "1", "4", "e")
"""An IO line in the left proximal tibia: four entries."""

ENTRIES: dict[str, tuple[tuple[str, ...], tuple[str, ...], list[tuple[str, dict[str, object]]]]] = {
    # action: keys before, keys of the action, what it enters
    "attempt.piv": (
        (),
        ("p", "2", "2", "4", "2"),
        [
            ("access.attempt_started", {"attempt": 1, "route": "piv"}),
            ("access.attempt_described", {"attempt": 1, "site": "hand", "side": "right"}),
            ("access.attempt_described", {"attempt": 1, "device": "cannula", "gauge": "24 G"}),
            ("access.attempt_described", {"attempt": 1, "operator_role": "nurse"}),
        ],
    ),
    "attempt.uvc": (
        (),
        ("u", "1"),
        [
            (
                "access.attempt_started",
                {"attempt": 1, "route": "uvc", "site": "umbilical_vein", "side": "midline"},
            ),
            ("access.attempt_described", {"attempt": 1, "operator_role": "doctor"}),
        ],
    ),
    "attempt.cvc": (
        (),
        ("c", "1"),
        [
            ("access.attempt_started", {"attempt": 1, "route": "cvc"}),
            ("access.attempt_described", {"attempt": 1, "site": "femoral_vein", "side": "left"}),
        ],
    ),
    "attempt.io": (
        (),
        ("i", "1", "5", "2", "1"),
        [
            ("access.attempt_started", {"attempt": 1, "route": "io"}),
            ("access.attempt_described", {"attempt": 1, "site": "tibia_prox", "side": "left"}),
            ("access.attempt_described", {"attempt": 1, "device": "bd_io"}),
            ("access.attempt_described", {"attempt": 1, "needle_mm": 25}),
            ("access.attempt_described", {"attempt": 1, "operator_role": "doctor"}),
        ],
    ),
    "attempt.established": (
        ("p",),
        ("e",),
        [("access.attempt_ended", {"attempt": 1, "outcome": "established"})],
    ),
    "attempt.failed": (
        ("p",),
        ("f", "2"),
        [
            ("access.attempt_ended", {"attempt": 1, "outcome": "failed"}),
            (
                "event.amended",
                {
                    "target": "the entry before",
                    "changes": {"reason": "vein_ruptured"},
                    "reason": "reason added",
                },
            ),
        ],
    ),
    "attempt.abandoned": (
        ("i",),
        ("b", "8"),
        [
            ("access.attempt_ended", {"attempt": 1, "outcome": "abandoned"}),
            (
                "event.amended",
                {"target": "the entry before", "changes": {"reason": "dislodged"}, "reason": "reason added"},
            ),
        ],
    ),
    "access.need": (
        (),
        ("n", "1"),
        [
            ("access.needed", {"urgency": "urgent"}),
            (
                "event.amended",
                {"target": "the entry before", "changes": {"urgency": "emergent"}, "reason": "urgency added"},
            ),
        ],
    ),
    "line.signs": (
        IO_LINE,
        ("s", "1", "2"),
        [
            ("access.confirmed", {"attempt": 1, "signs": ["stands_unsupported"]}),
            ("access.confirmed", {"attempt": 1, "signs": ["aspirate"]}),
        ],
    ),
    "line.limb": (
        IO_LINE,
        ("k", "1"),
        [
            ("access.checked", {"attempt": 1, "finding": "not described"}),
            (
                "event.amended",
                {"target": "the entry before", "changes": {"finding": "ok"}, "reason": "finding added"},
            ),
        ],
    ),
    "line.lost": (
        IO_LINE,
        ("l", "1"),
        [
            ("access.lost", {"attempt": 1, "reason": "not described"}),
            (
                "event.amended",
                {"target": "the entry before", "changes": {"reason": "dislodged"}, "reason": "reason added"},
            ),
        ],
    ),
    "line.removed": (IO_LINE, ("x",), [("access.removed", {"attempt": 1})]),
    "drug.adrenaline": (
        (*IO_LINE, "s", "1"),
        ("a", "1"),
        [
            (
                "drug.given",
                {
                    "attempt": 1,
                    "drug": "adrenaline",
                    "dose": "0.034 mg",
                    "route": "io",
                    "concentration": "0.1 mg/mL",
                    "volume": "0.34 mL",
                },
            ),
        ],
    ),
    "drug.other": (
        (),
        ("d", "4", "2", "1"),
        [
            (
                "drug.given",
                {
                    "drug": "glucose_10",
                    "dose": "0.17 g",
                    "route": "iv",
                    "concentration": "0.1 g/mL",
                    "volume": "1.7 mL",
                },
            ),
        ],
    ),
    "drug.repeat": (
        ("a", "4"),
        ("y",),
        [
            (
                "drug.given",
                {
                    "drug": "adrenaline",
                    "dose": "0.17 mg",
                    "route": "ett",
                    "concentration": "0.1 mg/mL",
                    "volume": "1.7 mL",
                },
            ),
        ],
    ),
    "fluid": (
        (*IO_LINE, "s", "1"),
        ("g", "1", "1"),
        [
            (
                "infusion.started",
                {"infusion": 1, "attempt": 1, "fluid": "saline_0_9", "route": "io", "volume": "17 mL"},
            ),
        ],
    ),
    "circulation": (("r",), ("r",), [("rosc.recognised", {})]),
    "compressions": (("m",), ("m",), [("care.ended", {"care": "compressions"})]),
    "ventilation": ((), ("v",), [("care.started", {"care": "ppv"})]),
    "heart_rate": ((), ("h", "6", "0"), [("vital.recorded", {"heart_rate": 60})]),
    "vitals": ((), ("o", "3", "3", "6", "5"), [("vital.recorded", {"temperature": "36.5 Cel"})]),
    "patient": (
        (),
        ("w", "1", "1", "8", "0", "0", "enter", "1"),
        [
            ("patient.described", {"weight": "1800 g"}),
            ("patient.described", {"weight_source": "measured"}),
        ],
    ),
    "condition": (
        (),
        ("q", "1", "2", "1"),
        [
            ("condition.noted", {"condition": "fracture", "present": True, "bone": "tibia", "side": "left"}),
        ],
    ),
    "more": (
        (),
        ("j", "4", "1", "2", "1"),
        [
            ("team.noted", {"person": "doctor 1", "role": "doctor"}),
            ("team.noted", {"person": "doctor 1", "role": "doctor", "uvc_experienced": False}),
            ("team.noted", {"person": "doctor 1", "role": "doctor", "io_experienced": True}),
        ],
    ),
    "earlier": (("tab", "2"), ("v",), [("care.started", {"care": "ppv"})]),
    "note": ((), ("t", "p", "1", "enter"), [("note.added", {"text": "p1"})]),
    "undo": (
        ("v",),
        ("z",),
        [("event.retracted", {"target": "the entry before", "reason": "undone by the scribe"})],
    ),
    "finish": ((), ("f10", "2"), [("case.closed", {"outcome": "recovered", "events": 3})]),
}

ELSEWHERE = {
    *("flag.why", "flag.accept", "flag.decline", "flag.snooze", "help", "sites", "palette", "line"),
    "report",
    *("entry.older", "entry.newer", "entry.open", "sheet.further", "sheet.back"),
}
"""Tested with the flags, the sheets, the palette, the line, the mending of entries and the report."""


def test_that_every_action_has_a_test_and_a_handler() -> None:
    assert ENTRIES.keys() | ELSEWHERE == BY_ID.keys()
    assert HANDLERS.keys() | set(SCREEN_ACTIONS) == BY_ID.keys()


def test_that_every_letter_acts_and_no_key_means_two_things() -> None:
    keys = [action.key for action in ACTIONS]
    assert len(keys) == len(set(keys))
    assert {key for key in keys if len(key) == 1} == set("abcdefghijklmnopqrstuvwxyz")
    assert not any(key.isdigit() for key in keys)


def named(event: Event, events: list[Event]) -> dict[str, object]:
    """The data of an event; the target of a correction is named if it is the scribe's entry before it."""
    data = write_data(event.data)
    before = [e.seq for e in events if e.by == "scribe" and e.seq < event.seq]
    return data | ({"target": "the entry before"} if data.get("target") == before[-1] else {})


@pytest.mark.parametrize("action", ENTRIES)
async def test_that_an_action_enters_what_it_says(action: str, tmp_path: Path) -> None:
    before, keys, expected = ENTRIES[action]
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        await t.keys(*before)
        await t.settled()
        since = len(t.events)
        await t.keys(*keys)
        await t.settled()
        made = [(e.kind, named(e, t.events)) for e in t.events[since:] if e.by == "scribe"]
        assert made == expected
        assert t.stored() == t.events
        assert since >= OPENED


@pytest.mark.parametrize(
    "sheet", [("f1", "help", "Letters act"), ("f2", "sites", "left proximal tibia"), ("f3", "why", "No flag")]
)
async def test_that_a_sheet_opens_and_closes_beside_the_timeline(
    sheet: tuple[str, str, str], tmp_path: Path
) -> None:
    key, name, words = sheet
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        await t.keys(key)
        assert t.live.sheet == name
        assert words in t.text("#sheet")
        assert t.live.query_one("#timeline").size.height >= 3
        await t.keys("v")
        await t.settled()
        assert t.kinds(OPENED) == ["care.started"]
        await t.keys(key)
        assert t.live.sheet is None
        assert not t.live.query_one("#side").display


async def test_that_the_help_names_every_action(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        await t.keys("f1")
        shown = t.text("#sheet")
        assert all(action.words in shown for action in ACTIONS)
        legend = t.text("#dock")
        assert all(f"{a.key_words} {a.name}" in legend for a in ACTIONS if a.group != "Flag" and a.in_foot)
