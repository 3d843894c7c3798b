"""The writer thread: nothing is lost on the way to the store, and the screen is told the truth."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from codelog.case.codec import decode
from codelog.case.events import AttemptDescribed, FlagRaised
from codelog.clinical.protocols import load_protocol
from codelog.clinical.tables import load_tables
from codelog.live.clock import SystemClock, VirtualClock
from codelog.live.journal import MemoryJournal, StoreJournal
from codelog.live.recorder import Recorder, Request
from codelog.live.spill import Spill, Spilled, _read
from codelog.live.writer import NotSaved, NotSigned, Refused, RulesStopped, Saved, StoreFails, Woken, Writer
from codelog.log.checkpoints import newest
from codelog.log.signing import key_file
from codelog.log.store import open_store
from tests.live.live_parts import OPENING, START, FailingJournal, Outcomes, recorder_on

NOTE = Request("note.added", {"text": "x"})


@pytest.fixture
def spill(tmp_path: Path) -> Spill:
    return Spill([tmp_path / "spill"], "case-1")


def failing() -> tuple[FailingJournal, VirtualClock]:
    return FailingJournal(MemoryJournal("case-1", "t-1")), VirtualClock(START, "boot-1")


def saved(outcomes: Outcomes) -> list[int]:
    return [outcome.ticket for outcome in outcomes.all if isinstance(outcome, Saved)]


def _in_file(spill: Spill) -> list[Spilled]:
    """What stands in the files of the spill's case, whoever wrote them and whether or not they live."""
    files = sorted(path for folder in spill._folders for path in folder.glob("*.spill.jsonl"))
    return [spilled for file in files for spilled in _read(file)[0]]


def test_requests_are_saved_in_order_and_close_waits_for_them(spill: Spill) -> None:
    journal, clock = failing()
    outcomes = Outcomes()
    writer = Writer(recorder_on(journal, clock), spill, outcomes)
    writer.start()
    tickets = [writer.submit(OPENING)] + [writer.submit(NOTE) for _ in range(50)]
    assert writer.close()
    assert saved(outcomes) == tickets
    assert len(journal.inner.lines) == 51 + sum("flag.raised" in line for line in journal.inner.lines)
    assert spill.read() == []


def test_details_follow_their_attempt_by_its_ticket(spill: Spill) -> None:
    journal, clock = failing()
    outcomes = Outcomes()
    writer = Writer(recorder_on(journal, clock), spill, outcomes)
    writer.start()
    writer.submit(OPENING)
    first = writer.submit(Request("access.attempt_started", {"route": "piv"}))
    writer.submit(Request("access.attempt_started", {"route": "io"}))
    writer.submit(Request("access.attempt_described", {"site": "hand", "side": "left"}), follows=first)
    assert writer.close()
    described = [decode(line).data for line in journal.inner.lines]
    assert [data.attempt for data in described if isinstance(data, AttemptDescribed)] == [1]


def test_what_the_store_does_not_take_waits_in_the_spill_file_and_is_entered_once(
    spill: Spill, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("codelog.live.writer.RETRY_SECONDS", 0.02)
    journal, clock = failing()
    outcomes = Outcomes()
    writer = Writer(recorder_on(journal, clock), spill, outcomes)
    writer.start()
    writer.submit(OPENING)
    outcomes.wait_for(lambda all: len(all) == 1)
    journal.failing = True
    started = writer.submit(Request("access.attempt_started", {"route": "io"}, pressed=1_000))
    writer.submit(Request("access.attempt_described", {"side": "left"}), follows=started)
    outcomes.wait_for(lambda all: sum(isinstance(outcome, NotSaved) for outcome in all) == 2)
    not_saved = [outcome for outcome in outcomes.all if isinstance(outcome, NotSaved)]
    assert "full" in not_saved[0].why and not_saved[0].kept_in is not None
    assert [spilled.request.kind for spilled in _in_file(spill)] == [
        "access.attempt_started",
        "access.attempt_described",
    ]
    journal.failing = False
    outcomes.wait_for(lambda all: len(saved(outcomes)) == 3)
    assert writer.close()
    assert spill.read() == []
    assert [decode(line).kind for line in journal.inner.lines] == [
        "case.opened",
        "access.attempt_started",
        "access.attempt_described",
    ]


@pytest.mark.parametrize("durable", [False, True])
def test_the_next_start_recovers_what_was_spilled_and_doubles_nothing(spill: Spill, durable: bool) -> None:
    journal, clock = failing()
    outcomes = Outcomes()
    writer = Writer(recorder_on(journal, clock), spill, outcomes)
    writer.start()
    writer.submit(OPENING)
    outcomes.wait_for(lambda all: len(all) == 1)
    journal.failing, journal.after_commit = True, durable
    clock.elapsed = 7_000
    started = writer.submit(Request("access.attempt_started", {"route": "io"}, pressed=5_000))
    writer.submit(Request("access.attempt_ended", {"outcome": "failed"}, pressed=6_000), follows=started)
    outcomes.wait_for(lambda all: sum(isinstance(outcome, NotSaved) for outcome in all) == 2)
    # The program is gone from here on: its lock is given up, and the next one begins with what the file holds.
    left = _in_file(spill)
    gone = Spill(spill._folders, "case-1")
    gone.write(left)
    path = next(spill._folders[0].glob(f"*{spill._owner}.spill.jsonl"))
    path.unlink()
    journal.failing = False
    rebooted = VirtualClock(START + 60_000, "boot-2")
    fresh = FailingJournal(MemoryJournal("case-1", "t-1"))
    fresh.inner.lines = list(journal.inner.lines[: 2 if durable else 1])
    fresh.inner.seq = len(fresh.inner.lines)
    fresh.inner.head = _head(fresh.inner.lines)
    after = Outcomes()
    third = Spill(spill._folders, "case-1")
    second = Writer(recorder_on(fresh, rebooted), third, after)
    second.start()
    assert second.close()
    entries = [decode(line) for line in fresh.inner.lines if '"flag.' not in line]
    assert [(event.kind, event.at - START) for event in entries] == [
        ("case.opened", 0),
        ("access.attempt_started", 5_000),
        ("access.attempt_ended", 6_000),
    ]
    assert _in_file(third) == []
    writer.close()


def _head(lines: list[str]) -> str:
    from codelog.case.codec import digest

    return digest(lines[-1])


def test_a_request_without_meaning_is_refused_in_words_and_the_next_one_saved(spill: Spill) -> None:
    journal, clock = failing()
    outcomes = Outcomes()
    writer = Writer(recorder_on(journal, clock), spill, outcomes)
    writer.start()
    writer.submit(OPENING)
    wrong = writer.submit(Request("access.attempt_ended", {"outcome": "failed"}))
    right = writer.submit(NOTE)
    assert writer.close()
    assert [
        (outcome.ticket, "in progress" in outcome.why)
        for outcome in outcomes.all
        if isinstance(outcome, Refused)
    ] == [(wrong, True)]
    assert right in saved(outcomes)


def test_a_flag_comes_due_with_nobody_pressing_anything(tmp_path: Path) -> None:
    content = load_protocol("gomella").content.replace(b"value = 90", b"value = 1")
    path = tmp_path / "quick.toml"
    path.write_bytes(content.replace(b'id = "gomella"', b'id = "quick"'))
    with open_store(tmp_path / "codelog.db") as store:
        journal = StoreJournal(store, "3e0ef0a6-5f86-4f7b-8a5e-95b0c2fd7d06", store.terminal)
        recorder = Recorder(journal, SystemClock(), load_protocol(path), load_tables())
        outcomes = Outcomes()
        writer = Writer(recorder, Spill.beside(store.path, journal.case), outcomes)
        writer.start()
        writer.submit(OPENING)
        writer.submit(Request("access.needed", {"urgency": "emergent"}))
        outcomes.wait_for(lambda all: any(isinstance(outcome, Woken) for outcome in all))
        assert writer.close()
        events = [decode(line) for line in store.lines(journal.case)]
    need, flag = events[1], events[2]
    assert isinstance(flag.data, FlagRaised) and flag.data.basis == "elapsed"
    assert flag.data.due_at - need.at == 1_000
    assert 0 <= flag.recorded_at - flag.data.due_at < 1_000


def test_a_store_that_fails_while_nobody_enters_anything_is_told_and_tried_again(
    spill: Spill, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("codelog.live.writer.RETRY_SECONDS", 0.02)
    journal, clock = failing()
    outcomes = Outcomes()
    recorder = recorder_on(journal, clock)
    recorder.record(OPENING, Request("access.needed", {"urgency": "emergent"}))
    clock.elapsed = 95_000
    journal.failing = True
    writer = Writer(recorder, spill, outcomes)
    writer.start()
    outcomes.wait_for(lambda all: any(isinstance(outcome, StoreFails) for outcome in all))
    journal.failing = False
    outcomes.wait_for(lambda all: any(isinstance(outcome, Woken) for outcome in all))
    assert writer.close()
    assert sum('"flag.raised"' in line for line in journal.inner.lines) == 1


def test_a_deadline_is_met_after_a_refused_entry_too(spill: Spill) -> None:
    clock, journal = SystemClock(), MemoryJournal("case-1", "t-1")
    quick = load_protocol("gomella")
    thresholds = dataclasses.replace(quick.thresholds, seconds_limit=1)
    recorder = Recorder(journal, clock, dataclasses.replace(quick, thresholds=thresholds), load_tables())
    outcomes = Outcomes()
    writer = Writer(recorder, spill, outcomes)
    writer.start()
    writer.submit(OPENING)
    writer.submit(Request("access.needed", {"urgency": "emergent"}))
    writer.submit(Request("access.attempt_ended", {"outcome": "failed"}))
    outcomes.wait_for(lambda all: any(isinstance(outcome, Woken) for outcome in all))
    assert writer.close()


def test_a_rule_that_fails_is_named_and_recording_goes_on(
    spill: Spill, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: object, view: object) -> None:
        raise RuntimeError("patient data")

    monkeypatch.setattr("codelog.rules.limb_check.LimbCheck.findings", fail)
    journal, clock = failing()
    outcomes = Outcomes()
    writer = Writer(recorder_on(journal, clock), spill, outcomes)
    writer.start()
    writer.submit(OPENING)
    writer.submit(NOTE)
    assert writer.close()
    assert [outcome for outcome in outcomes.all if isinstance(outcome, RulesStopped)] == [
        RulesStopped(("limb-check",))
    ]
    assert len(saved(outcomes)) == 2


def test_a_spill_file_cut_off_in_a_crash_gives_what_is_whole(spill: Spill, tmp_path: Path) -> None:
    waiting = [
        Spilled(1, dataclasses.replace(NOTE, at=START)),
        Spilled(2, dataclasses.replace(NOTE, at=START + 1)),
    ]
    path = spill.write(waiting)
    assert path is not None and path.stat().st_mode & 0o777 == 0o600
    other = Spill([tmp_path / "spill"], "case-1")
    assert other.read() == waiting
    path.write_bytes(path.read_bytes()[:-9])
    assert other.read() == waiting[:1]
    other.discard_left_behind()
    assert other.read() == [] and list((tmp_path / "spill").glob("*.unreadable"))


def test_where_the_first_folder_cannot_be_written_the_second_takes_the_spill(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    spill = Spill([tmp_path / "file" / "spill", tmp_path / "second"], "case-1")
    path = spill.write([Spilled(1, NOTE)])
    assert path is not None and path.parent == tmp_path / "second"
    other = Spill([tmp_path / "file" / "spill", tmp_path / "second"], "case-1")
    assert len(other.read()) == 1


def test_the_entries_of_a_writer_that_lives_are_left_to_it(tmp_path: Path) -> None:
    one, other = Spill([tmp_path], "case-1"), Spill([tmp_path], "case-1")
    one.open()
    one.write([Spilled(1, NOTE)])
    other.write([Spilled(1, dataclasses.replace(NOTE, by="nurse"))])
    assert other.read() == []
    assert [spilled.request.by for spilled in one.read()] == ["nurse"]
    one.close()
    assert [spilled.request.by for spilled in Spill([tmp_path], "case-2").read()] == []
    assert len(Spill([tmp_path], "case-1").read()) == 2


def test_an_entry_that_is_durable_although_the_store_said_no_is_not_doubled(
    spill: Spill, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("codelog.live.writer.RETRY_SECONDS", 0.02)
    journal, clock = failing()
    outcomes = Outcomes()
    writer = Writer(recorder_on(journal, clock), spill, outcomes)
    writer.start()
    writer.submit(OPENING)
    outcomes.wait_for(lambda all: len(all) == 1)
    journal.failing = journal.after_commit = True
    writer.submit(NOTE)
    outcomes.wait_for(lambda all: sum(isinstance(outcome, StoreFails) for outcome in all) > 3)
    journal.failing = False
    outcomes.wait_for(lambda all: len(saved(outcomes)) == 2)
    assert writer.close()
    assert sum('"note.added"' in line for line in journal.inner.lines) == 1


def test_a_correction_follows_an_entry_that_waits_too(spill: Spill, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("codelog.live.writer.RETRY_SECONDS", 0.02)
    journal, clock = failing()
    outcomes = Outcomes()
    writer = Writer(recorder_on(journal, clock), spill, outcomes)
    writer.start()
    writer.submit(OPENING)
    outcomes.wait_for(lambda all: len(all) == 1)
    journal.failing = True
    note = writer.submit(NOTE)
    writer.submit(Request("event.retracted", {"reason": "slip"}), follows=note)
    outcomes.wait_for(lambda all: sum(isinstance(outcome, NotSaved) for outcome in all) == 2)
    journal.failing = False
    outcomes.wait_for(lambda all: len(saved(outcomes)) == 3)
    assert writer.close()
    assert [decode(line).kind for line in journal.inner.lines][1:] == ["note.added", "event.retracted"]
    assert recorder_on(journal, clock).wake().written == ()


def test_what_follows_a_refused_entry_is_refused_with_it(spill: Spill) -> None:
    journal, clock = failing()
    outcomes = Outcomes()
    writer = Writer(recorder_on(journal, clock), spill, outcomes)
    writer.start()
    writer.submit(OPENING)
    writer.submit(Request("access.attempt_started", {"route": "io"}))
    wrong = writer.submit(Request("access.attempt_started", {"route": "piv", "site": "nowhere"}))
    end = writer.submit(Request("access.attempt_ended", {"outcome": "failed"}), follows=wrong)
    assert writer.close()
    assert [outcome.ticket for outcome in outcomes.all if isinstance(outcome, Refused)] == [wrong, end]


def test_a_listener_that_fails_does_not_stop_the_writing(spill: Spill) -> None:
    journal, clock = failing()

    def deaf(outcome: object) -> None:
        raise RuntimeError("nobody is listening")

    writer = Writer(recorder_on(journal, clock), spill, deaf)
    writer.start()
    writer.submit(OPENING)
    writer.submit(NOTE)
    assert writer.close()
    assert len(journal.inner.lines) == 2


def test_that_the_store_works_again_is_told_even_without_news(
    spill: Spill, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("codelog.live.writer.RETRY_SECONDS", 0.02)
    journal, clock = failing()
    recorder_on(journal, clock).record(OPENING)
    journal.failing = True
    outcomes = Outcomes()
    writer = Writer(recorder_on(journal, clock), spill, outcomes)
    writer.start()
    outcomes.wait_for(lambda all: any(isinstance(outcome, StoreFails) for outcome in all))
    journal.failing = False
    outcomes.wait_for(lambda all: isinstance(all[-1], Woken))
    assert writer.close()


def test_a_closed_case_is_signed_in_the_first_quiet_moment(spill: Spill, tmp_path: Path) -> None:
    with open_store(tmp_path / "signed.db") as store:
        outcomes = Outcomes()
        recorder = recorder_on(StoreJournal(store, "case-1", store.terminal), VirtualClock(START, "boot-1"))
        writer = Writer(recorder, spill, outcomes)
        writer.start()
        writer.submit(OPENING)
        writer.submit(Request("case.closed", {"outcome": "recovered"}))
        assert writer.close()
        assert newest(store, "case-1")[store.terminal].checkpoint.count == 2
        assert not [outcome for outcome in outcomes.all if isinstance(outcome, NotSigned)]


def test_a_missing_key_is_told_once_and_keeps_nothing_from_being_saved(
    spill: Spill, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("codelog.live.writer.LOOK_SECONDS", 0.01)
    with open_store(tmp_path / "signed.db") as store:
        key_file(store.path, store.terminal).unlink()
        outcomes = Outcomes()
        recorder = recorder_on(StoreJournal(store, "case-1", store.terminal), VirtualClock(START, "boot-1"))
        writer = Writer(recorder, spill, outcomes)
        writer.start()
        writer.submit(OPENING)
        writer.submit(Request("case.closed", {"outcome": "recovered"}))
        outcomes.wait_for(lambda all: any(isinstance(outcome, NotSigned) for outcome in all))
        writer.submit(Request("debrief.noted", {"part": "well", "text": "calm"}))
        assert writer.close()
        assert len(saved(outcomes)) == 3
        (told,) = [outcome for outcome in outcomes.all if isinstance(outcome, NotSigned)]
        assert "is missing" in told.why
