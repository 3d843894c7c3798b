"""One command is one instant and one transaction: all of it or nothing."""

from __future__ import annotations

import pytest

from codelog.case.codec import decode
from codelog.case.events import Event, EventAmended, FlagCleared, FlagRaised
from codelog.live.clock import VirtualClock
from codelog.live.journal import MemoryJournal
from codelog.live.recorder import Request, RequestRefused
from codelog.log.errors import StoreFull
from tests.live.live_parts import OPENING, START, FailingJournal, opened_recorder, recorder_on


def test_the_events_of_one_command_are_one_instant() -> None:
    recorder, _, _ = opened_recorder()
    recorded = recorder.record(
        Request("access.attempt_started", {"route": "io", "site": "tibia_prox", "side": "left"}),
        Request("access.attempt_ended", {"outcome": "failed"}),
        Request("access.attempt_started", {"route": "io", "site": "tibia_prox", "side": "left"}),
        Request("access.attempt_ended", {"outcome": "failed"}),
    )
    # Both attempts are over at the one evaluation, so the second one's bone is not flagged; the equal entries are.
    assert {event.data.rule for event in recorded.written if isinstance(event.data, FlagRaised)} <= {"timing"}
    assert len(recorded.entries) == 4


def test_a_refused_request_takes_its_whole_command_back() -> None:
    recorder, _, journal = opened_recorder()
    with pytest.raises(RequestRefused) as refused:
        recorder.record(
            Request("note.added", {"text": "kept?"}), Request("access.attempt_ended", {"outcome": "failed"})
        )
    assert refused.value.index == 1
    assert len(journal.lines) == 1
    assert recorder.record(Request("note.added", {"text": "next"})).entries[0].seq == 2


def test_after_a_failed_write_memory_is_read_anew_from_the_log() -> None:
    clock, inner = VirtualClock(START, "boot-1"), MemoryJournal("case-1", "t-1")
    journal = FailingJournal(inner)
    recorder = recorder_on(journal, clock)
    recorder.record(OPENING)
    journal.failing = True
    with pytest.raises(StoreFull):
        recorder.record(Request("access.attempt_started", {"route": "piv"}))
    journal.failing = False
    event = recorder.record(Request("access.attempt_started", {"route": "io"})).entries[0]
    assert event.seq == 2 and decode(inner.lines[1]) == event
    assert list(recorder.state().access.attempts) == [1]


def test_what_another_process_wrote_is_taken_in_before_an_entry() -> None:
    one, clock, journal = opened_recorder()
    other = recorder_on(journal, clock)
    other.record(Request("access.attempt_started", {"route": "piv"}))
    event = one.record(Request("access.attempt_ended", {"outcome": "established"})).entries[0]
    assert event.seq == 3
    assert list(one.state().access.working) == [1]
    clock.elapsed = 200_000
    assert other.wake().written == ()


def test_a_retraction_is_the_reason_that_a_flag_is_cleared() -> None:
    recorder, clock, _ = opened_recorder()
    recorder.record(
        Request("condition.noted", {"condition": "burn", "bone": "tibia", "side": "left", "present": True})
    )
    start = {"route": "io", "site": "tibia_prox", "side": "left"}
    started = recorder.record(Request("access.attempt_started", start))
    assert "io-site" in {event.data.rule for event in started.written if isinstance(event.data, FlagRaised)}
    target = started.entries[0].seq
    amendment = Request(
        "event.amended", {"target": target, "changes": {"side": "right"}, "reason": "misheard"}
    )
    clock.elapsed = 3_000
    written = recorder.record(amendment).written
    cleared = [event.data for event in written if isinstance(event.data, FlagCleared)]
    assert [(data.because, data.evidence) for data in cleared] == [("retracted", (written[0].seq,))]
    assert isinstance(written[0].data, EventAmended)


def test_the_live_scribe_is_not_refused_a_contradiction() -> None:
    recorder, clock, _ = opened_recorder()
    recorder.record(Request("access.attempt_started", {"route": "piv"}))
    clock.elapsed = 5_000
    for outcome in ("failed", "established"):
        clock.elapsed += 10_000
        recorder.record(Request("access.attempt_ended", {"attempt": 1, "outcome": outcome}))
    assert recorder.state().access.attempts[1].outcome == "failed"


def test_an_entry_before_its_start_is_kept_and_marked() -> None:
    recorder, clock, _ = opened_recorder()
    clock.elapsed = 30_000
    recorder.record(Request("access.attempt_started", {"route": "piv"}))
    clock.elapsed = 31_000
    end = Request("access.attempt_ended", {"attempt": 1, "outcome": "failed"}, ago=20_000)
    written = recorder.record(end).written
    assert _raised(written) == [("timing", "order")]


def _raised(written: tuple[Event, ...]) -> list[tuple[str, str]]:
    return [(event.data.rule, event.data.basis) for event in written if isinstance(event.data, FlagRaised)]
