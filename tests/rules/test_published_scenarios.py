"""The scenario files against the flags that were derived for them by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from codelog.case.flags import Flag
from codelog.case.instants import format_elapsed
from codelog.case.scenario import ZERO
from tests.rules.rule_plays import flags_of, play, protocol

FOLDER = Path(__file__).parents[1] / "scenarios"
FILES = sorted(FOLDER.glob("*.jsonl"))
SHARED = sorted((FOLDER / "shared").glob("*.jsonl"))
SHARED_RULES = ("io-consider", "io-site", "io-unconfirmed", "no-line")
"""The rules whose flags the shared scenarios list; others may speak as well."""


def test_there_are_scenarios() -> None:
    assert len(FILES) == 11
    assert len(SHARED) == 3


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_flag_of_all_rules(path: Path) -> None:
    expected = _expected(path)
    flags = flags_of(play(path.read_bytes(), protocol(expected["protocol"])))
    assert [_told(flag) for flag in flags] == expected["flags"]


@pytest.mark.parametrize("path", SHARED, ids=lambda path: path.stem)
def test_flags_of_the_listed_rules(path: Path) -> None:
    flags = flags_of(play(path.read_bytes(), protocol("gomella")))
    assert [_told(flag) for flag in flags if flag.rule in SHARED_RULES] == _expected(path)["flags"]


def _expected(path: Path) -> Any:
    return json.loads(path.with_suffix(".expected.json").read_text(encoding="utf-8"))


def _told(flag: Flag) -> dict[str, str | None]:
    return {
        "rule": flag.rule,
        "basis": flag.basis,
        "due_at": format_elapsed(flag.due_at - ZERO),
        "cleared_at": None if flag.cleared is None else format_elapsed(flag.cleared.at - ZERO),
        "because": flag.because,
    }
