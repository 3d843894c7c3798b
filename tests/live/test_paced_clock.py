"""A clock that runs faster for training: a case on it has the times of its script."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from codelog.case.events import FlagRaised
from codelog.clinical.protocols import load_protocol
from codelog.clinical.tables import load_tables
from codelog.live.clock import CaseClock, PacedClock, VirtualClock
from codelog.live.journal import MemoryJournal
from codelog.live.recorder import Recorder, Request
from codelog.live.spill import Spill
from codelog.live.writer import Writer

ZERO = 1_700_000_000_000


@pytest.mark.parametrize("pace", [0.5, 1.5, 2, 10])
def test_that_its_time_passes_at_its_pace_from_where_it_began(pace: float) -> None:
    machine = VirtualClock(ZERO, boot="machine")
    machine.elapsed = 60_000
    paced = PacedClock(machine, pace)
    assert (paced.boot_ms(), paced.wall_ms()) == (60_000, ZERO + 60_000)
    machine.elapsed += 4_000
    assert (paced.boot_ms(), paced.wall_ms()) == (60_000 + 4_000 * pace, ZERO + 60_000 + 4_000 * pace)


def test_that_it_never_goes_back() -> None:
    machine = VirtualClock(ZERO, boot="machine")
    paced = PacedClock(machine, 0.7)
    seen = []
    for elapsed in range(200):
        machine.elapsed = elapsed
        seen.append(paced.boot_ms())
    assert all(earlier <= later for earlier, later in pairwise(seen))


def test_that_a_step_of_the_wall_does_not_reach_it() -> None:
    machine = VirtualClock(ZERO, boot="machine")
    paced = PacedClock(machine, 2)
    machine.step = 3_600_000
    machine.elapsed = 1_000
    assert paced.wall_ms() == ZERO + 2_000


def test_that_each_has_a_boot_of_its_own_so_that_a_case_is_gone_on_with_by_the_machines() -> None:
    machine = VirtualClock(ZERO, boot="machine")
    one, other = PacedClock(machine, 2), PacedClock(machine, 2)
    assert len({one.boot, other.boot, machine.boot}) == 3
    journal = MemoryJournal("case", "terminal")
    recorder = Recorder(journal, one, load_protocol("gomella"), load_tables())
    recorder.record(Request("case.opened", {"setting": "nicu", "zero": "opened", "mode": "training"}))
    machine.elapsed = 30_000
    recorder.record(Request("note.added", {"text": "after a minute"}))
    assert recorder.events[-1].at - recorder.events[0].at == 60_000
    resumed = CaseClock(machine, recorder.events)
    assert resumed.now() == recorder.events[-1].recorded_at
    machine.elapsed += 1_000
    assert resumed.now() == recorder.events[-1].recorded_at + 1_000


def test_that_a_flag_comes_due_by_the_cases_time() -> None:
    machine = VirtualClock(ZERO, boot="machine")
    paced = PacedClock(machine, 2)
    recorder = Recorder(MemoryJournal("case", "terminal"), paced, load_protocol("gomella"), load_tables())
    recorder.record(Request("case.opened", {"setting": "ward", "zero": "opened", "mode": "training"}))
    recorder.record(Request("access.needed", {"urgency": "urgent"}))
    assert recorder.next_due() == 90_000
    machine.elapsed = 45_000
    raised = [event for event in recorder.wake().written if isinstance(event.data, FlagRaised)]
    assert [event.at - recorder.events[0].at for event in raised] == [90_000]


@pytest.mark.parametrize("pace", [1, 2, 5])
def test_that_the_writer_waits_by_the_worlds_time(tmp_path: Path, pace: float) -> None:
    machine = VirtualClock(ZERO, boot="machine")
    clock = PacedClock(machine, pace)
    recorder = Recorder(MemoryJournal("case", "terminal"), clock, load_protocol("gomella"), load_tables())
    recorder.record(Request("case.opened", {"setting": "ward", "zero": "opened", "mode": "training"}))
    recorder.record(Request("access.needed", {"urgency": "urgent"}))
    writer = Writer(recorder, Spill([tmp_path], "case"), lambda outcome: None, clock.pace)
    machine.elapsed = int(90_000 / pace) - 100
    assert writer._patience() == pytest.approx(0.1)
