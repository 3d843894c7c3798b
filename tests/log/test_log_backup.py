"""Backups are whole and verified; a restored store is another terminal; a check finds what was done by hand."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from codelog.log import files
from codelog.log.backup import backup, restore
from codelog.log.check import check
from codelog.log.errors import NotAStore, StoreBusy, StoreDamaged, StoreError, StoreUnreachable
from codelog.log.guards import GUARDS
from codelog.log.store import open_store
from tests.log.log_lines import CASE, OTHER_CASE, TERMINAL, add, by_hand, canonical, make_stream, sha256


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "store" / "codelog.db"
    with open_store(path) as store:
        store.append_stream(make_stream(5))
    return path


def contents(path: Path) -> list[str]:
    with open_store(path, read_only=True) as store:
        return list(store.lines(CASE))


def tamper(path: Path, *statements: str) -> None:
    """Change rows past the guards, and put the guards back: what a careful forger would do."""
    drops = [f"DROP TRIGGER {name}" for name in GUARDS]
    before = rows(path)
    by_hand(path, *drops, "PRAGMA ignore_check_constraints = ON", *statements, *GUARDS.values())
    assert rows(path) != before


def rows(path: Path) -> list[object]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute('SELECT "case", terminal, seq, digest, line FROM events').fetchall()


def edited(seq: int, **changes: object) -> str:
    """A statement that puts a changed but canonical line in the place of an entry."""
    line = canonical(json.loads(make_stream(5)[seq - 1]) | changes).replace("'", "''")
    return f"UPDATE events SET line = '{line}', digest = '{sha256(line)}' WHERE seq = {seq}"


# Check


def test_sound_store_has_no_findings(path: Path) -> None:
    assert check(path) == []


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (edited(3, data={"text": "forged"}), "line 4 does not link"),
        (f"UPDATE events SET digest = '{'a' * 64}' WHERE seq = 5", "line 5 does not hash to the digest"),
        ("DELETE FROM events WHERE seq = 2", "line 2 has seq 3: event 2 is missing"),
        ("DELETE FROM events WHERE seq < 3", "line 1 has seq 3: events 1 to 2 are missing"),
        ("UPDATE events SET seq = 9 WHERE seq = 5", "line 5 is stored under the number 9"),
        (
            "UPDATE events SET line = replace(line, 'entry 3', 'entry x') WHERE seq = 3",
            "line 3 does not hash",
        ),
    ],
)
def test_tampering_is_found(path: Path, statement: str, words: str) -> None:
    tamper(path, statement)
    findings = check(path)
    assert len(findings) == 1
    assert findings[0].startswith(f"case {CASE}, terminal {TERMINAL}: ")
    assert words in findings[0]


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("DROP VIEW flags", "view flags is missing from the schema"),
        ("DROP INDEX ix_events_kind", "index ix_events_kind is missing from the schema"),
        ("CREATE TABLE notes (a)", "table notes is in the schema and is not codelog's"),
        ("DROP TRIGGER events_refuse_delete", "the guard events_refuse_delete is missing"),
    ],
)
def test_changed_schema_is_found(path: Path, statement: str, finding: str) -> None:
    by_hand(path, statement)
    assert check(path) == [finding]


def test_loosened_table_is_found(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "UPDATE sqlite_master SET sql = replace(sql, ') STRICT,', ')') WHERE name = 'events'"
        )
    assert any("table events is not as codelog made it" in finding for finding in check(path))


def test_broken_page_is_found(path: Path) -> None:
    with open_store(path) as store:
        store.append_stream(make_stream(500))
    content = bytearray(path.read_bytes())
    middle = len(content) // 2 // 4096 * 4096
    content[middle : middle + 4096] = b"\xff" * 4096
    path.write_bytes(content)
    assert any("damaged" in finding for finding in check(path))


# Backup


def test_backup_of_a_store_in_use(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "codelog.bak"
    with open_store(path) as store:
        add(store, CASE)
        assert backup(path, target) == []
        add(store, CASE)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert contents(target) == contents(path)[:6] != contents(path)
    assert sorted(os.listdir(tmp_path)) == ["codelog.bak", "store"]


def test_backup_never_replaces_a_file(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "codelog.bak"
    target.write_text("precious")
    with pytest.raises(StoreUnreachable, match="never replaces anything"):
        backup(path, target)
    assert target.read_text() == "precious"


def test_backup_into_nowhere(path: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreUnreachable, match="cannot reach"):
        backup(path, tmp_path / "nowhere" / "codelog.bak")
    with pytest.raises(StoreUnreachable, match="there is no store"):
        backup(tmp_path / "nowhere.db", tmp_path / "codelog.bak")


def test_broken_chain_is_backed_up_and_said(path: Path, tmp_path: Path) -> None:
    tamper(path, edited(3, data={"text": "forged"}))
    findings = backup(path, tmp_path / "codelog.bak")
    assert [CASE in finding for finding in findings] == [True]
    assert rows(tmp_path / "codelog.bak") == rows(path)


# Restore


def test_restored_store_is_another_terminal(path: Path, tmp_path: Path) -> None:
    saved = tmp_path / "codelog.bak"
    backup(path, saved)
    with open_store(path) as store:
        before = store.terminal
        add(store, CASE)
    kept = restore(saved, path)
    assert kept is not None
    assert contents(kept) != contents(path) == make_stream(5)
    with open_store(path) as store:
        assert store.terminal != before
        add(store, CASE)
        assert store.streams(CASE) == sorted([TERMINAL, store.terminal])
    assert check(path) == check(kept) == check(saved) == []
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT number, reason FROM installation").fetchall() == [
            (1, "created"),
            (2, "restored"),
        ]
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_restore_where_nothing_is(path: Path, tmp_path: Path) -> None:
    saved, fresh = tmp_path / "codelog.bak", tmp_path / "new" / "codelog.db"
    backup(path, saved)
    assert restore(saved, fresh) is None
    assert contents(fresh) == contents(path)


def test_restore_over_a_ruined_file(path: Path, tmp_path: Path) -> None:
    saved = tmp_path / "codelog.bak"
    backup(path, saved)
    path.write_bytes(b"ruined" * 1000)
    for end in files.SIDE_FILES:
        files.side_file(path, end).write_bytes(b"left over")
    kept = restore(saved, path)
    assert kept is not None
    assert kept.read_bytes() == b"ruined" * 1000
    beside = [files.side_file(path, end) for end in files.SIDE_FILES]
    assert [file for file in beside if file.exists() and file.read_bytes() == b"left over"] == []
    assert contents(path) == make_stream(5)


def test_store_in_use_is_not_replaced(path: Path, tmp_path: Path) -> None:
    saved = tmp_path / "codelog.bak"
    backup(path, saved)
    with open_store(path) as store:
        with pytest.raises(StoreBusy):
            restore(saved, path)
        add(store, CASE)
        assert store.head(CASE, store.terminal)[0] == 1
    assert not list(path.parent.glob("*.replaced.*"))


def test_unsound_backup_is_not_restored(path: Path, tmp_path: Path) -> None:
    saved = tmp_path / "codelog.bak"
    backup(path, saved)
    before = path.read_bytes()
    tamper(saved, edited(3, data={"text": "forged"}))
    with pytest.raises(StoreDamaged, match="is not restored: .* line 4 does not link"):
        restore(saved, path)
    by_hand(saved, "DROP TRIGGER events_refuse_delete")
    with pytest.raises(StoreDamaged, match="events_refuse_delete is missing"):
        restore(saved, path)
    (tmp_path / "text").write_text("not a backup at all, but long enough to be taken for one" * 10)
    with pytest.raises(NotAStore, match="text is not a codelog store"):
        restore(tmp_path / "text", path)
    with pytest.raises(StoreUnreachable):
        restore(tmp_path / "nowhere", path)
    with pytest.raises(StoreError, match="the store itself"):
        restore(path, path)
    assert path.read_bytes() == before
    left = {name.removesuffix("-wal").removesuffix("-shm") for name in os.listdir(path.parent)}
    assert {name for name in left if not name.endswith(".key")} == {"codelog.db"}


def test_what_came_after_the_backup_can_be_taken_in_again(path: Path, tmp_path: Path) -> None:
    saved = tmp_path / "codelog.bak"
    backup(path, saved)
    with open_store(path) as store:
        old = store.terminal
        add(store, OTHER_CASE)
        lost = list(store.lines(OTHER_CASE, old))
    restore(saved, path)
    with open_store(path) as store:
        assert store.append_stream(lost) is True
        assert store.head(OTHER_CASE, old)[0] == 1
