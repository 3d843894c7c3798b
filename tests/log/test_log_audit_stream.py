"""Who looked is written down in a stream of its own, chained and guarded, and reading never fails for it."""

from __future__ import annotations

import json
import os
import pwd
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from codelog.case.codec import GENESIS
from codelog.log.audit_kinds import KINDS, VERIFIED, VIEWED
from codelog.log.audit_stream import audit_events_of, login, note, note_protocol, note_view, try_note
from codelog.log.chain import Break, Intact, verify_lines
from codelog.log.check import verify_store
from codelog.log.errors import StoreError
from codelog.log.guards import GUARDS
from codelog.log.store import open_store
from tests.log.log_lines import (
    CASE,
    OTHER_CASE,
    TERMINAL,
    by_hand,
    make_events,
    make_line,
    make_stream,
    sha256,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "codelog.db"
    with open_store(path) as store:
        store.append_stream(make_events([("case.opened", {}), ("case.closed", {"outcome": "died"})]))
        store.append_stream(make_stream(2, case=OTHER_CASE))
    return path


def kinds(path: Path) -> list[str]:
    with open_store(path, read_only=True) as store:
        return [event.kind for event in audit_events_of(store)]


def test_the_stream_is_chained_like_a_case(path: Path) -> None:
    for number in range(5):
        note(path, VERIFIED, {"command": "test", "findings": number})
    with open_store(path, read_only=True) as store:
        events = list(audit_events_of(store))
    lines = [event.line.encode() for event in events]
    assert isinstance(verify_lines(lines, "audit", events[0].terminal), Intact)
    assert json.loads(lines[0])["prev"] == GENESIS
    assert [event.data["findings"] for event in events[1:]] == list(range(5))
    assert {event.by for event in events} == {pwd.getpwuid(os.getuid()).pw_name}
    assert all(event.software.startswith("codelog ") and event.at.endswith("Z") for event in events)


def test_who_it_was_is_not_asked_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "somebody-else")
    assert login() == pwd.getpwuid(os.getuid()).pw_name


def test_only_looking_at_a_closed_case_is_noted(path: Path) -> None:
    with open_store(path, read_only=True) as store:
        assert note_view(store, OTHER_CASE, "codelog show") is None
        assert kinds(path) == ["audit.key_made"]
        assert note_view(store, CASE, "codelog show") is None
        (event,) = [event for event in audit_events_of(store) if event.kind == VIEWED]
    assert event.data == {"command": "codelog show", "cases": [CASE]}


def test_a_case_that_was_reopened_is_open(path: Path) -> None:
    with open_store(path) as store:
        assert store.is_closed(CASE)
        count, head = store.head(CASE, TERMINAL)
        with store.appending(CASE, TERMINAL) as tail:
            tail.append(make_line(count + 1, head, "case.reopened", {}))
        assert not store.is_closed(CASE)
        assert not store.is_closed("no-such-case")


def test_a_protocol_is_noted_when_it_is_new_here(path: Path) -> None:
    with open_store(path) as store:
        for digest in ("a" * 64, "a" * 64, "b" * 64):
            note_protocol(store, digest, "gomella", "1")
    assert kinds(path).count("audit.protocol_used") == 2


def test_what_cannot_be_written_is_said_and_does_not_fail(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        monkeypatch.setattr("codelog.log.engine.BUSY_TIMEOUT_S", 0.01)
        said = try_note(path, VIEWED, {"command": "test"})
    assert said is not None and "could not be written" in said and "held by another process" in said
    assert kinds(path) == ["audit.key_made"]


def test_a_note_needs_a_store(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no store"):
        note(tmp_path / "nowhere.db", VIEWED, {})
    assert not (tmp_path / "nowhere.db").exists()


def test_two_at_once_both_stand_in_it(path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: note(path, VIEWED, {"number": number}), range(20)))
    assert kinds(path).count(VIEWED) == 20
    assert all(verdict.intact for verdict in verify_store(path))


def test_what_a_name_holds_is_never_more_than_text(path: Path) -> None:
    note(path, VIEWED, {"command": "t\udcffest", "file": 'a"\n\x1b[31m'})
    with open_store(path, read_only=True) as store:
        event = list(audit_events_of(store))[-1]
    assert event.data == {"command": "t?est", "file": 'a"\n\x1b[31m'}
    assert all(verdict.intact for verdict in verify_store(path))


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("DELETE FROM audit_events WHERE seq = 2", "missing"),
        (
            "UPDATE audit_events SET line = replace(line, '\"findings\":1', '\"findings\":0') WHERE seq = 3",
            "altered",
        ),
    ],
)
def test_tampering_with_the_stream_is_found(path: Path, statement: str, what: str) -> None:
    for number in range(4):
        note(path, VERIFIED, {"findings": number})
    guards = [name for name in GUARDS if name.startswith("audit")]
    by_hand(path, *(f"DROP TRIGGER {name}" for name in guards), statement, *(GUARDS[name] for name in guards))
    broken = [verdict for verdict in verify_store(path) if isinstance(verdict.finding, Break)]
    assert [
        (verdict.name.split(",")[0], verdict.finding.what)
        for verdict in broken
        if isinstance(verdict.finding, Break)
    ] == [("audit stream", what)]


def test_a_line_of_a_case_has_no_place_in_it(path: Path) -> None:
    line = make_line(1, GENESIS)
    with closing(sqlite3.connect(path)) as shell, pytest.raises(sqlite3.IntegrityError, match="no_case"):
        shell.execute(
            'INSERT INTO audit_events ("case", terminal, seq, digest, line) VALUES (?, ?, ?, ?, ?)',
            (CASE, TERMINAL, 1, sha256(line), line),
        )


def test_every_kind_has_its_words() -> None:
    assert all(kind.startswith("audit.") and words for kind, words in KINDS.items())
