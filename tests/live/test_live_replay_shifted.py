"""A case that begins later after its opening has the same flags, later by as much."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from codelog.case.events import FlagCleared, FlagRaised
from codelog.case.instants import format_elapsed, parse_elapsed
from codelog.case.scenario import read_scenario
from codelog.live.replay import replayed_events
from tests.live.replaykit import GOMELLA, TABLES, VOCABULARY

SCENARIOS = sorted((Path(__file__).parents[1] / "scenarios").glob("*.jsonl"))
SHIFTS = (1, 61_234, 3_600_000)


def _later(content: bytes, shift: int) -> bytes:
    """The same file with every time but the opening's later by `shift` milliseconds."""

    def later(time: str) -> str:
        return format_elapsed(parse_elapsed(time) + shift)

    opening, *rows = [json.loads(line) for line in content.splitlines()]
    for row in rows:
        for key in ("at", "recorded"):
            if key in row:
                row[key] = later(row[key])
        changes = row.get("data", {}).get("changes", {})
        # The opening has not moved, so neither does a time that is given to it.
        if "at" in changes and row["data"]["target"] != 1:
            changes["at"] = later(changes["at"])
    return "".join(json.dumps(row) + "\n" for row in (opening, *rows)).encode()


def _flags(content: bytes, earlier: int) -> list[tuple[Any, ...]]:
    """What was raised and cleared and when, all times earlier by `earlier` milliseconds."""
    found: list[tuple[Any, ...]] = []
    for event in replayed_events(read_scenario(content, VOCABULARY), GOMELLA, TABLES):
        data = event.data
        if isinstance(data, FlagRaised):
            subject = data.attempt, data.entry
            found.append(
                (event.seq, event.at - earlier, data.rule, data.basis, data.due_at - earlier, subject)
            )
        elif isinstance(data, FlagCleared):
            found.append((event.seq, event.at - earlier, data.flag, data.because, data.evidence))
    return found


@pytest.mark.parametrize("shift", SHIFTS)
@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_a_shifted_scenario_raises_and_clears_the_same_flags_at_shifted_times(path: Path, shift: int) -> None:
    content = path.read_bytes()
    expected = _flags(content, 0)

    assert expected
    assert _flags(_later(content, shift), shift) == expected
