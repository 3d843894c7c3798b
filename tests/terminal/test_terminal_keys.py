"""How many keys the usual entries take, counted on the real screen."""

from __future__ import annotations

from pathlib import Path

import pytest

from codelog.case.access import DETAILS
from tests.terminal.termkit import terminal

BUDGETS = {
    "an IO attempt with site, side, device, length and outcome": (6, (), ("i", "1", "5", "1", "e")),
    "a failed PIV with site and reason": (4, (), ("p", "1", "f", "1")),
    "adrenaline by weight": (3, ("i", "1", "4", "e", "1"), ("a", "1")),
    "the last drug again": (1, ("a", "4"), ("y",)),
    "a fluid bolus": (3, ("i", "1", "4", "e", "1"), ("g", "1", "1")),
    "a heart rate of two digits": (3, (), ("h", "6", "0")),
    "a heart rate of three digits": (4, (), ("h", "1", "2", "0")),
}


@pytest.mark.parametrize("entry", BUDGETS)
async def test_that_a_usual_entry_keeps_within_its_keys(entry: str, tmp_path: Path) -> None:
    most, before, keys = BUDGETS[entry]
    assert len(keys) <= most
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        await t.keys(*before)
        await t.settled()
        since = len(t.events)
        await t.keys(*keys)
        await t.settled()
        assert t.stored()[since:]
        state = t.live.session.view.state()
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
            assert t.live.strip is None
            assert state.vitals["heart_rate"].value == int("".join(keys[1:]))
