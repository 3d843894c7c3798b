"""Who writes a case: one claim at a time, held by a living process, taken over in the open."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import Mock

import pytest

from codelog.case.codec import decode
from codelog.case.events import NoteAdded
from codelog.clinical.protocols import load_protocol
from codelog.clinical.tables import load_tables
from codelog.live.clock import SystemClock
from codelog.live.journal import StoreJournal
from codelog.live.presence import UNREADABLE, Claim, Holder, claim, holder
from codelog.live.recorder import Recorder, Request
from codelog.live.spill import Spill
from codelog.live.writer import Saved, Woken, Writer
from codelog.log.store import open_store
from tests.live.live_parts import OPENING, Outcomes

CASE = "c0ffee00-0000-4000-8000-000000000000"
HOLD = """
import sys
from pathlib import Path
from codelog.live.presence import Claim, claim
made = claim(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
print("held" if isinstance(made, Claim) else "refused", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "codelog.db"


def claimed(store: Path, place: str = "/dev/pts/1", *, take_over: bool = False) -> Claim:
    made = claim(store, CASE, place, take_over=take_over)
    assert isinstance(made, Claim)
    return made


@contextmanager
def another(store: Path, place: str = "/dev/pts/9") -> Iterator[subprocess.Popen[str]]:
    """Another process that claims the case, and has said what came of it."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(store), CASE, place],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_a_case_that_nobody_writes_is_nobodys_and_looking_makes_no_file(store: Path) -> None:
    assert holder(store, CASE) is None
    assert list(store.parent.iterdir()) == []


def test_a_claim_says_who_where_and_since_when_to_this_user_only(store: Path) -> None:
    made = claimed(store, "/dev/pts/3")
    assert holder(store, CASE) == made.holder
    assert (made.holder.pid, made.holder.place) == (os.getpid(), "/dev/pts/3")
    files = list((store.parent / "presence").iterdir())
    assert [file.stat().st_mode & 0o777 for file in files] == [0o600] * len(files)
    assert (store.parent / "presence").stat().st_mode & 0o777 == 0o700
    [content] = [json.loads(file.read_text()) for file in files if CASE in file.name]
    assert set(content) == {"pid", "place", "login", "since"}


def test_a_second_claim_is_told_who_holds_it_and_a_released_one_is_free(store: Path) -> None:
    first = claimed(store, "/dev/pts/3")
    refused = claim(store, CASE, "/dev/pts/4")
    assert isinstance(refused, Holder)
    assert refused == first.holder
    assert not first.lost()
    first.release()
    first.release()
    assert holder(store, CASE) is None
    second = claimed(store, "/dev/pts/4")
    assert second.before is None


def test_cases_and_stores_are_claimed_apart(store: Path) -> None:
    claimed(store)
    assert isinstance(claim(store, CASE.replace("c0", "d0"), "x"), Claim)
    assert isinstance(claim(store.with_name("other.db"), CASE, "x"), Claim)


def test_another_process_holds_it_until_it_is_killed(store: Path) -> None:
    with another(store) as process:
        assert said(process) == "held"
        found = claim(store, CASE, "/dev/pts/1")
        assert isinstance(found, Holder)
        assert (found.pid, found.place) == (process.pid, "/dev/pts/9")
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert holder(store, CASE) is None
        assert claimed(store).before is None


def test_a_claim_that_is_taken_over_is_lost_and_its_end_does_not_touch_the_new_one(store: Path) -> None:
    first = claimed(store, "/dev/pts/3")
    second = claimed(store, "/dev/pts/4", take_over=True)
    assert first.lost() and not second.lost()
    assert second.before == first.holder
    assert first.successor() == second.holder
    assert not second.wait_for_release(0)
    first.release()
    assert second.wait_for_release(0)
    assert holder(store, CASE) == second.holder
    assert not second.lost()


def test_a_process_that_loses_its_claim_is_waited_for_until_it_ends(store: Path) -> None:
    with another(store) as process:
        assert said(process) == "held"
        made = claimed(store, take_over=True)
        assert made.before is not None and made.before.pid == process.pid
        assert not made.wait_for_release(0.05)
        process.kill()
        assert made.wait_for_release(30)


def test_a_takeover_of_nobody_is_an_ordinary_claim(store: Path) -> None:
    made = claimed(store, take_over=True)
    assert made.before is None
    assert made.wait_for_release(0)


def test_of_two_processes_at_the_same_instant_one_wins(store: Path) -> None:
    for _ in range(3):
        with another(store) as one, another(store) as other:
            assert sorted((said(one), said(other))) == ["held", "refused"]


def test_of_many_threads_at_the_same_instant_one_wins(store: Path) -> None:
    ready, found = threading.Barrier(12), []

    def run() -> None:
        ready.wait()
        found.append(claim(store, CASE, "x"))

    threads = [threading.Thread(target=run) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(made, Claim) for made in found) == 1
    assert len(found) == 12


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b'{"pid": "x"}', b"\xff"])
def test_a_claim_file_that_cannot_be_read_is_still_a_claim(store: Path, content: bytes) -> None:
    made = claimed(store)
    path = next(file for file in (store.parent / "presence").iterdir() if CASE in file.name)
    path.write_bytes(content)
    assert holder(store, CASE) == UNREADABLE
    assert not made.lost()


def test_where_no_file_can_be_the_claim_says_so(store: Path) -> None:
    (store.parent / "presence").write_text("in the way")
    with pytest.raises(OSError, match="presence"):
        claim(store, CASE, "x")


def test_a_writer_at_rest_sees_what_another_process_adds_and_leaves_the_store_alone(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("codelog.live.writer.LOOK_SECONDS", 0.05)
    outcomes = Outcomes()
    with open_store(store) as opened:
        journal = StoreJournal(opened, CASE, opened.terminal)
        recorder = Recorder(journal, SystemClock(), load_protocol("gomella"), load_tables())
        writer = Writer(recorder, Spill.beside(store, CASE), outcomes)
        writer.start()
        try:
            writer.submit(OPENING)
            outcomes.wait_for(lambda all: any(isinstance(outcome, Saved) for outcome in all))
            held, lines = Mock(wraps=opened.appending), Mock(wraps=opened.lines)
            monkeypatch.setattr(opened, "appending", held)
            monkeypatch.setattr(opened, "lines", lines)
            wait_until(lambda: lines.call_count > 3)
            held.assert_not_called()
            command = [sys.executable, "-m", "codelog", "--db", str(store), "add", CASE[:8], "note.added"]
            subprocess.run([*command, "text=from outside"], check=True, capture_output=True)
            outcomes.wait_for(lambda all: any(isinstance(outcome, Woken) for outcome in all))
            [woken] = [outcome for outcome in outcomes.all if isinstance(outcome, Woken)]
            assert [event.data for event in woken.events] == [NoteAdded(text="from outside")]
        finally:
            writer.close()
        assert [decode(line).kind for line in opened.lines(CASE)] == ["case.opened", "note.added"]


def wait_until(holds: Callable[[], bool]) -> None:
    """Wait for a condition that other threads make true."""
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


def test_requests_are_recorded_by_whoever_asks_and_add_needs_no_claim(store: Path) -> None:
    with open_store(store) as opened:
        recorder = Recorder(
            StoreJournal(opened, CASE, opened.terminal),
            SystemClock(),
            load_protocol("gomella"),
            load_tables(),
        )
        recorder.record(OPENING)
        claimed(store)
        recorder.record(Request("note.added", {"text": "x"}))
    command = [sys.executable, "-m", "codelog", "--db", str(store), "add", "last", "note.added", "text=y"]
    assert subprocess.run(command, check=False, capture_output=True).returncode == 0
