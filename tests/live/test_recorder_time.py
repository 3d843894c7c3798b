"""The case's time: the wall's once, then the boot clock's; steps are noticed and move nothing."""

from __future__ import annotations

import pytest

from codelog.case.events import ClockStepped, FlagRaised
from codelog.live.clock import VirtualClock
from codelog.live.journal import MemoryJournal
from codelog.live.recorder import Request
from tests.live.live_parts import OPENING, START, opened_recorder, recorder_on

NOTE = Request("note.added", {"text": "x"})


def test_a_key_press_keeps_its_own_instant() -> None:
    recorder, clock, _ = opened_recorder()
    clock.elapsed = 5_000
    event = recorder.record(Request("note.added", {"text": "x"}, pressed=4_200)).entries[0]
    assert (event.at - START, event.recorded_at - START, event.boot_ms) == (4_200, 5_000, 5_000)
    assert event.basis == "live"


@pytest.mark.parametrize(("step", "noticed"), [(250, False), (251, True), (-250, False), (-251, True)])
def test_a_step_of_the_wall_clock_becomes_an_event_and_moves_nothing(step: int, noticed: bool) -> None:
    recorder, clock, _ = opened_recorder()
    clock.elapsed, clock.step = 10_000, step
    written = recorder.record(NOTE).written
    steps = [event.data.wall_ms for event in written if isinstance(event.data, ClockStepped)]
    assert steps == ([step] if noticed else [])
    assert written[-1].at == START + 10_000
    assert not any(isinstance(event.data, ClockStepped) for event in recorder.record(NOTE).written)


def test_a_step_is_told_once_and_the_step_back_again() -> None:
    recorder, clock, _ = opened_recorder()
    told = []
    for step in (3_600_000, 3_600_000, 0):
        clock.step = step
        written = recorder.record(NOTE).written
        told += [event.data.wall_ms for event in written if isinstance(event.data, ClockStepped)]
    assert told == [3_600_000, -3_600_000]


def test_rules_are_on_time_whatever_the_wall_clock_does() -> None:
    recorder, clock, _ = opened_recorder()
    recorder.record(Request("access.needed", {"urgency": "emergent"}))
    clock.step = -3_600_000
    assert recorder.next_due() == 90_000
    clock.elapsed = 90_000
    raised = [event for event in recorder.wake().written if isinstance(event.data, FlagRaised)]
    assert [event.data.due_at - START for event in raised if isinstance(event.data, FlagRaised)] == [90_000]


@pytest.mark.parametrize("wall_lost", [0, 7_200_000])
def test_after_a_reboot_the_wall_is_asked_and_time_never_goes_back(wall_lost: int) -> None:
    recorder, clock, journal = opened_recorder()
    clock.elapsed = 60_000
    recorder.record(NOTE)
    rebooted = VirtualClock(START + 120_000 - wall_lost, "boot-2")
    again = recorder_on(journal, rebooted)
    event = again.record(NOTE).entries[0]
    assert event.at == (START + 60_000 if wall_lost else START + 120_000)
    rebooted.elapsed = 1_000
    assert again.record(NOTE).entries[0].at == event.at + 1_000


def test_a_deadline_met_late_by_more_than_a_second_is_flagged_now_with_its_own_due_at() -> None:
    for late, at in ((0, 90_000), (1_000, 90_000), (1_001, 91_001)):
        recorder, clock, _ = opened_recorder()
        recorder.record(Request("access.needed", {"urgency": "emergent"}))
        clock.elapsed = 90_000 + late
        event = recorder.wake().written[0]
        assert isinstance(event.data, FlagRaised)
        assert (event.at - START, event.data.due_at - START) == (at, 90_000)
        assert event.recorded_at - START == 90_000 + late


def test_an_entry_after_a_missed_deadline_finds_the_flag_raised_before_it() -> None:
    recorder, clock, _ = opened_recorder()
    recorder.record(Request("access.needed", {"urgency": "emergent"}))
    clock.elapsed = 200_000
    written = recorder.record(Request("access.attempt_started", {"route": "io"})).written
    assert [event.kind for event in written] == ["flag.raised", "access.attempt_started", "flag.cleared"]


def test_a_recorded_scenario_goes_on_in_its_own_time() -> None:
    journal, virtual = MemoryJournal("case-1", "replay"), VirtualClock(946_684_800_000)
    replayed = recorder_on(journal, virtual, strict=True)
    replayed.record(OPENING)
    virtual.elapsed = 60_000
    replayed.record(NOTE)
    live = VirtualClock(START, "boot-1")
    live.elapsed = 5_000_000
    added = recorder_on(journal, live)
    assert added.record(NOTE).entries[0].at == 946_684_860_000
    live.elapsed += 30_000
    written = recorder_on(journal, live).record(NOTE).written
    assert [event.at for event in written] == [946_684_890_000]
