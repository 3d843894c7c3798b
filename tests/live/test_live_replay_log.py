"""The log that a replay makes: its envelope, its chain, its id, and the same bytes every time."""

from __future__ import annotations

import hashlib
import json
import uuid
from pathlib import Path

import pytest

from codelog.case.codec import encode
from codelog.case.scenario import Scenario, read_scenario
from codelog.clinical.protocols import load_protocol
from codelog.live.replay import case_id, replay, replayed_events
from tests.live.replaykit import (
    GOMELLA,
    OPENING,
    TABLES,
    VOCABULARY,
    begins,
    end,
    ends,
    file_of,
    lines_of,
    needed,
    note,
    play,
    row,
)

SCENARIOS = sorted((Path(__file__).parents[1] / "scenarios").glob("*.jsonl"))
BUSY = (needed("0:10"), begins("0:20"), note("0:30", recorded="0:40"), ends("0:50", "failed"), end("3:00"))


def _scenario(content: bytes) -> Scenario:
    return read_scenario(content, VOCABULARY)


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_the_same_file_gives_the_same_bytes_twice(path: Path) -> None:
    content = path.read_bytes()

    assert replay(_scenario(content), GOMELLA, TABLES) == replay(_scenario(content), GOMELLA, TABLES)


def test_there_are_scenarios_to_replay() -> None:
    assert SCENARIOS


def test_the_case_id_is_a_version_8_uuid() -> None:
    id = uuid.UUID(case_id(_scenario(file_of()), GOMELLA))

    assert id.version == 8
    assert id.variant == uuid.RFC_4122
    assert str(id) == case_id(_scenario(file_of()), GOMELLA)


def test_the_case_id_changes_with_the_file() -> None:
    content = file_of(note("0:01"))

    same_events = _scenario(content.removesuffix(b"\n"))

    assert case_id(_scenario(content), GOMELLA) == case_id(_scenario(content), GOMELLA)
    assert case_id(same_events, GOMELLA) != case_id(_scenario(content), GOMELLA)
    assert case_id(_scenario(file_of(note("0:02"))), GOMELLA) != case_id(_scenario(content), GOMELLA)


def test_the_case_id_changes_with_the_protocol() -> None:
    scenario = _scenario(file_of())

    assert (
        len(
            {case_id(scenario, load_protocol(id)) for id in ("gomella", "nrp", "pals", "ems-2-90", "erc-pls")}
        )
        == 5
    )


def test_every_line_is_of_this_case_and_of_the_replay_terminal() -> None:
    scenario = _scenario(file_of(*BUSY))

    for event in replayed_events(scenario, GOMELLA, TABLES):
        assert event.case == case_id(scenario, GOMELLA)
        assert event.terminal == "replay"
        assert event.boot == "replay"


def test_the_lines_are_numbered_and_each_names_the_digest_of_the_one_before() -> None:
    prev = "0" * 64
    for seq, line in enumerate(lines_of(*BUSY), start=1):
        fields = json.loads(line)
        assert (fields["seq"], fields["prev"]) == (seq, prev)
        prev = hashlib.sha256(line.encode()).hexdigest()


def test_the_lines_are_canonical() -> None:
    for line, event in zip(lines_of(*BUSY), play(*BUSY), strict=True):
        assert encode(event) == line


def test_case_zero_is_the_year_2000() -> None:
    opening = json.loads(lines_of()[0])

    assert opening["at"] == "2000-01-01T00:00:00.000Z"
    assert opening["recorded_at"] == "2000-01-01T00:00:00.000Z"
    assert opening["boot_ms"] == 0


def test_an_entry_carries_its_virtual_time() -> None:
    fields = json.loads(lines_of(note("1:02:03.004"))[1])

    assert fields["at"] == fields["recorded_at"] == "2000-01-01T01:02:03.004Z"
    assert fields["boot_ms"] == 3_723_004


def test_a_late_entry_carries_when_it_happened_and_when_it_was_entered() -> None:
    fields = json.loads(lines_of(note("0:10", recorded="0:45"))[1])

    assert fields["at"] == "2000-01-01T00:00:10.000Z"
    assert fields["recorded_at"] == "2000-01-01T00:00:45.000Z"
    assert fields["boot_ms"] == 45_000


def test_boot_ms_counts_from_zero_on_every_line() -> None:
    for event in play(*BUSY):
        assert event.boot_ms == event.recorded_at - play()[0].at


def test_the_program_fills_in_the_protocol_and_itself() -> None:
    opening = json.loads(lines_of()[0])["data"]

    assert opening["protocol"] == {"id": GOMELLA.id, "version": GOMELLA.version, "digest": GOMELLA.digest}
    assert opening["software"].startswith("codelog ")
    assert {name: opening[name] for name in OPENING} == OPENING


def test_the_program_fills_in_how_many_lines_the_stream_has_with_the_close() -> None:
    lines = lines_of(needed("0:01"), note("2:00"), row("3:00", "case.closed", {"outcome": "recovered"}))

    count = next(index for index, line in enumerate(lines, start=1) if '"case.closed"' in line)
    assert json.loads(lines[count - 1])["data"]["events"] == count
    assert count > 4, "the flag at 1:31 must count too"


def test_who_entered_a_line_and_how_its_time_is_known_are_kept() -> None:
    event = play(note("0:10", by="nurse 1", basis="device", within_ms=500))[1]

    assert (event.by, event.basis, event.within_ms) == ("nurse 1", "device", 500)


def test_flags_are_entered_by_the_watcher() -> None:
    by = {event.by for event in play(*BUSY) if event.kind == "flag.raised"}

    assert by == {"codelog"}


def test_the_file_itself_is_not_in_the_log() -> None:
    assert not any("scenario.end" in line for line in lines_of(*BUSY))
