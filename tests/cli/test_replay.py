"""`codelog replay`: the same bytes every time, and what --record keeps."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.cli_kit import Command

SCENARIOS = Path(__file__).parent.parent / "scenarios"
TERM = str(SCENARIOS / "newborn-unit-preterm-second-needle.jsonl")


def test_json_is_the_log_and_nothing_else(codelog: Command) -> None:
    first, second = codelog("replay", TERM, "--json"), codelog("replay", TERM, "--json")
    assert first.code == 0 and first.out == second.out and first.err == ""
    rows = first.rows()
    assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1))
    assert rows[0]["at"] == "2000-01-01T00:00:00.000Z" and rows[0]["terminal"] == "replay"
    assert {row["boot"] for row in rows} == {"replay"}


def test_text_shows_timeline_and_flags(codelog: Command) -> None:
    out = codelog("replay", TERM).out
    assert "TRAINING" in out and "** " in out and "onsider" in out


def test_another_protocol_makes_another_case(codelog: Command) -> None:
    ours, theirs = codelog("replay", TERM, "--json"), codelog("replay", TERM, "--protocol", "nrp", "--json")
    assert ours.rows()[0]["case"] != theirs.rows()[0]["case"]
    assert theirs.rows()[0]["data"]["protocol"]["id"] == "nrp"


def test_recording_twice_changes_nothing_and_says_so(codelog: Command) -> None:
    lines = codelog("replay", TERM, "--json").out
    assert "recorded as training case" in codelog("replay", TERM, "--record").err
    assert codelog("show", "last", "--json").out == lines
    again = codelog("replay", TERM, "--record")
    assert again.code == 0 and "nothing changed" in again.err
    assert codelog("show", "last", "--json").out == lines
    assert codelog("verify").code == 0


def test_a_recorded_case_that_is_open_can_be_added_to(codelog: Command) -> None:
    codelog("replay", TERM, "--record")
    before = codelog("show", "last", "--json").rows()
    row = codelog("add", "last", "vital.recorded", "heart_rate=120").rows()[0]
    assert row["seq"] == len(before) + 1 and row["terminal"] == "replay"
    assert row["at"].startswith("2000-01-01T01:2")
    assert codelog("verify").code == 0
    assert "nothing changed" in codelog("replay", TERM, "--record").err


def test_a_clinical_scenario_is_not_recorded(codelog: Command, tmp_path: Path) -> None:
    scenario = tmp_path / "clinical.jsonl"
    opening = {"setting": "ward", "zero": "opened", "mode": "clinical"}
    scenario.write_text(json.dumps({"at": "0:00", "kind": "case.opened", "data": opening}))
    assert codelog("replay", str(scenario), "--json").code == 0
    ran = codelog("replay", str(scenario), "--record")
    assert ran.code == 2 and "clinical" in ran.err
    assert codelog("cases").code == 3


@pytest.mark.parametrize(
    ("second", "says"),
    [
        (
            '{"at":"0:05","kind":"access.attempt_ended","data":{"outcome":"failed"}}',
            "no attempt is in progress",
        ),
        ('{"at":"0:05","kind":"acces.needed","data":{}}', "did you mean access.needed"),
        ('{"at":"0:05","kind":"note.added","data":{"text":"a","text":"b"}}', "twice"),
        ('{"at":"0:5","kind":"note.added","data":{"text":"a"}}', "M:SS"),
    ],
)
def test_bad_input_names_the_line_and_prints_no_data(
    codelog: Command, tmp_path: Path, second: str, says: str
) -> None:
    opening = '{"at":"0:00","kind":"case.opened","data":{"setting":"ward","zero":"opened","mode":"training"}}'
    scenario = tmp_path / "bad.jsonl"
    scenario.write_text(f"{opening}\n{second}\n")
    for options in ([], ["--json"], ["--record"]):
        ran = codelog("replay", str(scenario), *options)
        assert ran.code == 2 and ran.out == ""
        assert "line 2" in ran.err and says in ran.err and ran.err.count("\n") == 1


def test_what_cannot_be_read_gets_a_sentence(codelog: Command, tmp_path: Path) -> None:
    assert codelog("replay", str(tmp_path / "none.jsonl")).code == 2
    assert codelog("replay", str(tmp_path)).code == 2
    assert codelog("replay", TERM, "--protocol", "gomela").code == 2
    assert "gomella" in codelog("replay", TERM, "--protocol", "gomela").err
