"""Training: the room tells a case, the scribe records it, and the score says how well."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from codelog.case.events import CaseOpened
from codelog.case.instants import MINUTE
from codelog.live.clock import VirtualClock
from codelog.live.keycount import keys_of
from codelog.terminal.screens.live import LiveScreen
from codelog.terminal.screens.score import ScoreScreen
from codelog.terminal.screens.start import StartScreen
from codelog.terminal.training.script import shipped_scripts
from tests.terminal.termkit import Terminal, terminal

NOW = 1_700_000_000_000
PIV = {
    "route": "piv",
    "site": "hand",
    "side": "left",
    "device": "cannula",
    "gauge": "24 G",
    "operator": "nurse 1",
}
SCRIPT: tuple[tuple[str, str, dict[str, Any]], ...] = (
    (
        "0:00",
        "case.opened",
        {"setting": "ward", "zero": "opened", "mode": "clinical", "label": "A short case"},
    ),
    ("0:10", "access.needed", {"urgency": "emergent"}),
    ("0:20", "access.attempt_started", PIV),
    ("0:50", "access.attempt_ended", {"outcome": "failed", "reason": "not_found"}),
    ("1:00", "rosc.recognised", {}),
)


@pytest.fixture
def script(tmp_path: Path) -> str:
    """A scenario file of one's own; that it is clinical makes no difference."""
    path = tmp_path / "short.jsonl"
    rows = [json.dumps({"at": at, "kind": kind, "data": data}) for at, kind, data in SCRIPT]
    path.write_text("\n".join(rows))
    return str(path)


async def live(t: Terminal) -> None:
    """Wait for the case that the room tells."""
    await t.until(lambda: isinstance(t.app.screen, LiveScreen), "the live case")
    await t.until(lambda: len(t.events) == 1, "the opening to be saved")
    await t.settled()


async def scored(t: Terminal) -> None:
    """Wait for the score to be painted."""
    await t.until(lambda: isinstance(t.app.screen, ScoreScreen) and t.app.screen.is_mounted, "the score")
    await t.until(lambda: t.text("#score"), "the figures")


async def ask_outcome(t: Terminal) -> None:
    """Ask to close the case; what is missing is passed over."""
    await t.keys("f10")
    for _ in range(9):
        if "which outcome?" not in t.text("#dock"):
            await t.keys("enter")


async def close(t: Terminal) -> None:
    """Close the case, asked for nothing that is missing, and leave it."""
    await ask_outcome(t)
    await t.keys("1")
    await t.until(lambda: any(event.kind == "case.closed" for event in t.events), "the end of the case")
    await t.keys("f10")
    await scored(t)


def figure(t: Terminal, name: str) -> str:
    """A line of the score."""
    return (
        next(line for line in t.text("#score").split("\n") if line.startswith(name))
        .removeprefix(name)
        .strip()
    )


@pytest.mark.parametrize("pace", [1.0, 2.0])
async def test_that_a_case_is_told_recorded_and_scored(tmp_path: Path, script: str, pace: float) -> None:
    clock = VirtualClock(NOW, boot="machine")
    path = tmp_path / "codelog.db"
    async with terminal(path, clock=clock, training=(script, pace)) as t:
        await live(t)
        opened = t.events[0].data
        assert isinstance(opened, CaseOpened)
        assert (opened.mode, opened.label) == ("training", "training: short.jsonl")
        assert t.text("#tile-case").startswith("TRAINING CASE")
        assert "speaks next in 0:10" in t.text("#telling")

        async def at(second: float, *keys: str) -> None:
            clock.elapsed = int(second * 1000 / pace)
            await t.keys(*keys)

        await at(10, "n", "1")
        assert "Leader: we need access, emergent." in t.text("#telling")
        await at(22, "p", "1", "2", "4", "2")
        await at(51, "f")
        assert "hand failed: vein not" in t.text("#telling")
        assert "ROSC" not in t.text("#telling")
        await t.settled()
        await at(62)
        await close(t)
        assert "A short case" in t.text("#title")
        assert "TRAINING" in t.text("#title")
        assert figure(t, "Captured") == "3 of 4, script followed to its end at 1:00"
        # A key's wait in the queue is taken off, so that a busy machine makes the errors a little larger.
        assert re.fullmatch(r"median 1\.\d s, worst 2\.\d s, against the script", figure(t, "Time error"))
        assert "1 left hand" not in t.text("#score")
        assert "Return of circulation" in t.text("#score")
        assert figure(t, "Faults") == "0 wrong, 0 not in the script"
        keys = keys_of(path, t.stored()[0].case)
        assert keys is not None
        assert keys >= 8
        assert f"{keys} in all" in figure(t, "Keys")
        await t.keys("enter")
        await t.until(lambda: not t.app.is_running or t.app._exit, "the end of the program")


async def test_that_every_published_case_is_offered_and_trained_live(tmp_path: Path) -> None:
    clock = VirtualClock(NOW, boot="machine")
    async with terminal(tmp_path / "codelog.db", clock=clock, size=(120, 36)) as t:
        await t.ready()
        await t.keys("t")
        shown = t.text("#dock")
        await t.keys("0")
        shown += t.text("#dock")
        assert shown.count("\n") > len(shipped_scripts()) // 3
        for words in (
            "Same start, needle in the tibia",
            "Preterm: first needle dislodged",
            "Severe nosebleed",
        ):
            assert words in shown
        await t.keys("0", "5")
        await live(t)
        opened = t.events[0]
        assert isinstance(opened.data, CaseOpened)
        assert opened.data.label == "training: newborn-unit-preterm-second-needle"
        assert 37 * MINUTE < t.live.session.view.elapsed() < 38 * MINUTE
        assert opened.basis == "stated"
        clock.elapsed = 10_000
        await t.keys("v")
        assert "weight 1250 g" in t.text("#telling")
        await t.settled()
        await close(t)
        assert figure(t, "Captured").startswith("0 of 2")
        await t.keys("enter")
        await t.ready()
        assert "Go on with" not in t.text("#list")


async def test_that_a_training_that_is_left_open_is_scored_and_can_be_gone_on_with(
    tmp_path: Path, script: str
) -> None:
    clock = VirtualClock(NOW, boot="machine")
    path = tmp_path / "codelog.db"
    async with terminal(path, clock=clock, training=(script, 2)) as t:
        await live(t)
        clock.elapsed = 5_000
        await t.keys("n", "1")
        await ask_outcome(t)
        await t.keys("5")
        await scored(t)
        assert figure(t, "Captured").startswith("1 of 1, script followed to 0:10 of 1:00")
        recorded = t.stored()[-1].recorded_at
    async with terminal(path, clock=clock) as t:
        await t.ready()
        assert "TRAINING" in t.text("#list")
        await t.keys("enter")
        await t.until(lambda: isinstance(t.app.screen, LiveScreen) and len(t.events) > 1)
        assert t.text("#telling") == ""
        clock.elapsed += 1_000
        assert t.live.session.view.now() == recorded + 1_000
        await t.keys("v")
        await t.settled()
        assert t.events[-1].at >= recorded


async def test_that_a_clock_that_was_faster_is_left_behind_with_its_case(tmp_path: Path) -> None:
    clock = VirtualClock(NOW, boot="machine")
    async with terminal(tmp_path / "codelog.db", clock=clock) as t:
        await t.ready()
        t.start._train_with("simulation-pair-io", 10)
        await live(t)
        clock.elapsed = 60_000
        assert t.app.boot_ms() == 600_000
        await close(t)
        await t.keys("enter")
        await t.ready()
        assert isinstance(t.app.screen, StartScreen)
        assert t.app.boot_ms() == 60_000
