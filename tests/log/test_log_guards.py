"""The file itself keeps the log append-only, whatever program opens it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from codelog.log.check import check
from codelog.log.errors import StoreDamaged
from codelog.log.guards import GUARDS
from codelog.log.store import open_store
from tests.log.log_lines import CASE, TERMINAL, by_hand, canonical, make_line, make_stream, sha256

INSERT = 'INSERT INTO events ("case", terminal, seq, digest, line) VALUES (?, ?, ?, ?, ?)'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "codelog.db"
    with open_store(path) as store:
        store.append_stream(make_stream(3))
    return path


@pytest.fixture
def shell(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection with SQLite's defaults: recursive triggers off, nothing of codelog in between."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


def following(path: Path) -> tuple[str, str, int, str, str]:
    with open_store(path, read_only=True) as store:
        seq, head = store.head(CASE, TERMINAL)
    line = make_line(seq + 1, head)
    return CASE, TERMINAL, seq + 1, sha256(line), line


def test_the_next_line_is_taken(path: Path, shell: sqlite3.Connection) -> None:
    shell.execute(INSERT, following(path))
    assert shell.execute("SELECT count(*), max(seq) FROM events").fetchone() == (4, 4)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE events SET digest = digest WHERE seq = 2", "never changed"),
        ("UPDATE OR IGNORE events SET seq = 9 WHERE seq = 3", "never changed"),
        ("DELETE FROM events", "never deleted"),
        ("DELETE FROM events WHERE seq = 3", "never deleted"),
        ("UPDATE installation SET terminal = 'x'", "never changed"),
        ("DELETE FROM installation", "never deleted"),
        ("INSERT OR REPLACE INTO installation VALUES (1, 'x', 'now', 'restored')", "only ever continued"),
        ("INSERT INTO installation VALUES (3, 'x', 'now', 'restored')", "only ever continued"),
    ],
)
def test_change_is_refused(path: Path, shell: sqlite3.Connection, statement: str, words: str) -> None:
    before = (
        shell.execute("SELECT * FROM events").fetchall(),
        shell.execute("SELECT * FROM installation").fetchall(),
    )
    with pytest.raises(sqlite3.IntegrityError, match=words):
        shell.execute(statement)
    after = (
        shell.execute("SELECT * FROM events").fetchall(),
        shell.execute("SELECT * FROM installation").fetchall(),
    )
    assert after == before


@pytest.mark.parametrize(
    "insert",
    [
        INSERT,
        INSERT.replace("INSERT", "INSERT OR REPLACE", 1),
        INSERT.replace("INSERT", "INSERT OR IGNORE", 1),
        INSERT.replace("INSERT", "REPLACE", 1),
        INSERT + ' ON CONFLICT ("case", terminal, seq) DO UPDATE SET line = excluded.line',
    ],
)
def test_existing_event_is_not_replaced(path: Path, shell: sqlite3.Connection, insert: str) -> None:
    lines = make_stream(2)
    forged = make_line(3, sha256(lines[1]), data={"text": "forged"})
    with pytest.raises(sqlite3.IntegrityError, match="in the log already"):
        shell.execute(insert, (CASE, TERMINAL, 3, sha256(forged), forged))
    assert "forged" not in shell.execute("SELECT line FROM events WHERE seq = 3").fetchone()[0]


def test_there_is_no_hidden_row_number_to_replace_by(shell: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such column"):
        shell.execute("SELECT rowid FROM events")


def test_gap_is_refused(path: Path, shell: sqlite3.Connection) -> None:
    line = make_line(5, "a" * 64)
    with pytest.raises(sqlite3.IntegrityError, match="no gaps"):
        shell.execute(INSERT, (CASE, TERMINAL, 5, sha256(line), line))


@pytest.mark.parametrize(("seq", "prev"), [(4, "a" * 64), (1, "b" * 64)])
def test_line_that_does_not_link_is_refused(shell: sqlite3.Connection, seq: int, prev: str) -> None:
    terminal = TERMINAL if seq > 1 else "t-another"
    line = make_line(seq, prev, terminal=terminal)
    with pytest.raises(sqlite3.IntegrityError, match="prev of this event"):
        shell.execute(INSERT, (CASE, terminal, seq, sha256(line), line))


@pytest.mark.parametrize(
    ("column", "value", "constraint"),
    [
        ("case", "0b4f1c52-6a53-4c8e-9a51-3f6a2f0c7d12", "case_of_line"),
        ("case", 5, "case_of_line"),
        ("case", "../../etc", "case_form"),
        ("terminal", "t-somebody", "terminal_of_line"),
        ("terminal", "a/b", "terminal_form"),
        ("seq", 2, "seq_of_line"),
        ("seq", "1", "seq_of_line"),
        ("seq", True, "seq_of_line"),
        ("kind", None, "events.kind"),
        ("at", None, "events.at"),
        ("recorded_at", None, "events.recorded_at"),
    ],
)
def test_columns_cannot_disagree_with_the_line(
    shell: sqlite3.Connection, column: str, value: object, constraint: str
) -> None:
    import json

    terminal = "t-new"
    content = json.loads(make_line(1, "0" * 64, terminal=terminal)) | {column: value}
    line = canonical(content)
    form = constraint.endswith("_form")
    key = (value if form and column == "case" else CASE, value if form and column == "terminal" else terminal)
    with pytest.raises(sqlite3.IntegrityError, match=constraint):
        shell.execute(INSERT, (*key, 1, sha256(line), line))


@pytest.mark.parametrize(
    ("line", "digest", "words"),
    [
        ("not json\n", "a" * 64, "malformed JSON"),
        (make_line(1, "0" * 64, terminal="t-new").rstrip("\n"), "a" * 64, "one_line"),
        (make_line(1, "0" * 64, terminal="t-new") + "\n", "a" * 64, "one_line"),
        (make_line(1, "0" * 64, terminal="t-new"), "A" * 64, "digest_form"),
        (make_line(1, "0" * 64, terminal="t-new"), "a" * 63, "digest_form"),
        (b"\xff\xfe", "a" * 64, "malformed|cannot store|JSON"),
    ],
)
def test_what_is_no_line_is_refused(shell: sqlite3.Connection, line: object, digest: str, words: str) -> None:
    with pytest.raises(sqlite3.Error, match=words):
        shell.execute(INSERT, (CASE, "t-new", 1, digest, line))


@pytest.mark.parametrize("guard", GUARDS)
def test_dropped_guard_is_noticed(path: Path, guard: str) -> None:
    by_hand(path, f"DROP TRIGGER {guard}")
    with pytest.raises(StoreDamaged, match=f"{guard} is missing"):
        open_store(path)
    assert any(guard in finding for finding in check(path))


@pytest.mark.parametrize("guard", GUARDS)
def test_altered_guard_is_noticed(path: Path, guard: str) -> None:
    altered = GUARDS[guard].replace("codelog: ", "codelog: not ", 1)
    assert altered != GUARDS[guard]
    by_hand(path, f"DROP TRIGGER {guard}", altered)
    with pytest.raises(StoreDamaged, match=f"{guard} is altered"):
        open_store(path, read_only=True)


def test_foreign_trigger_is_noticed(path: Path) -> None:
    by_hand(path, "CREATE TRIGGER extra AFTER INSERT ON events BEGIN SELECT 1; END")
    with pytest.raises(StoreDamaged, match="extra"):
        open_store(path)
