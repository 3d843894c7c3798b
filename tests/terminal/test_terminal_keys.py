"""How many keys the usual entries take, counted on the real screen."""

from __future__ import annotations

from pathlib import Path

import pytest

from codelog.case.access import DETAILS
from codelog.case.state import State
from codelog.case.vocabulary import WATCHER
from tests.terminal.termkit import terminal

LINE = ("i", "1", "5", "1", "e")
BUDGETS = {
    "an IO attempt with site, side, device, length and outcome": (6, (), LINE, "access.attempt_ended"),
    "a failed PIV with site and reason": (4, (), ("p", "1", "f", "1"), "event.amended"),
    "adrenaline by weight": (3, LINE, ("a", "1"), "drug.given"),
    "the last drug again": (1, (*LINE, "a", "1"), ("y",), "drug.given"),
    "a fluid bolus": (3, LINE, ("g", "1", "1"), "infusion.started"),
    "a heart rate of two digits": (3, (), ("h", "6", "0"), "vital.recorded"),
    "a heart rate of three digits": (4, (), ("h", "1", "2", "0"), "vital.recorded"),
    "a flag that is accepted": (1, (*LINE, "a", "1"), ("f4",), "flag.acknowledged"),
    "a flag that is declined for a reason": (2, (*LINE, "a", "1"), ("f5", "1"), "flag.acknowledged"),
}
"""An entry -> how many keys it may take, the keys before it, its keys, and the kind of the last thing they make."""


@pytest.mark.parametrize("entry", BUDGETS)
async def test_that_a_usual_entry_keeps_within_its_keys(entry: str, tmp_path: Path) -> None:
    most, before, keys, last = BUDGETS[entry]
    assert len(keys) <= most
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        await t.keys(*before)
        await t.settled()
        since = len(t.events)
        await t.keys(*keys)
        await t.settled()
        assert [event.kind for event in t.stored()[since:] if event.by != WATCHER][-1] == last
        holds_what_was_typed(keys, t.live.session.view.state())
        if keys[0] == "h":
            assert t.live.strip is None


def holds_what_was_typed(keys: tuple[str, ...], state: State) -> None:
    """The details of an entry are where they belong."""
    if keys[0] == "i":
        attempt = state.access.attempts[1]
        assert attempt.outcome == "established"
        assert {"site", "side", "device", "needle_mm"} <= attempt.details.keys() <= set(DETAILS)
    if keys[0] == "p":
        assert (state.access.attempts[1].text("site"), state.access.attempts[1].reason) == (
            "hand",
            "not_found",
        )
    if keys[0] == "h":
        assert state.vitals["heart_rate"].value == int("".join(keys[1:]))
