"""The store: appended at the end, durable or not there, open to many at once, clear about what is wrong."""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from codelog.log import engine as engine_module
from codelog.log.chain import Intact, verify_lines
from codelog.log.engine import file_system_of
from codelog.log.errors import (
    CaseAmbiguous,
    CaseNotFound,
    LineRefused,
    NotAStore,
    StoreBusy,
    StoreDamaged,
    StoreError,
    StoreForked,
    StoreFull,
    StoreReadOnly,
    StoreUnreachable,
)
from codelog.log.store import CaseRow, Store, default_path, open_store
from tests.log.log_lines import (
    CASE,
    GENESIS,
    OTHER_CASE,
    TERMINAL,
    add,
    add_to,
    by_hand,
    instant,
    make_line,
    make_stream,
    sha256,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder with space %20" / "codelog.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with open_store(path) as store:
        yield store


# Appending


def test_appended_lines_are_read_back_byte_for_byte(store: Store, path: Path) -> None:
    written = [add(store, CASE, "case.opened"), add(store, CASE, data={"text": "café ≥ 1 €"})]
    assert list(store.lines(CASE)) == written
    assert store.head(CASE, store.terminal) == (2, sha256(written[1]))
    with open_store(path, read_only=True) as reader:
        assert list(reader.lines(CASE, store.terminal, after_seq=1)) == written[1:]


def test_tail_knows_where_it_stands(store: Store) -> None:
    with store.appending(CASE) as tail:
        assert (tail.seq, tail.head) == (0, GENESIS)
        first = add_to(tail)
        assert (tail.seq, tail.head) == (1, sha256(first))
        second = add_to(tail)
        assert tail.lines_after(0) == [first, second]
        assert tail.lines_after(1) == [second]


def test_block_that_fails_writes_nothing(store: Store) -> None:
    add(store, CASE)
    with pytest.raises(ZeroDivisionError), store.appending(CASE) as tail:
        add_to(tail)
        raise ZeroDivisionError
    assert store.head(CASE, store.terminal)[0] == 1
    add(store, CASE)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (make_line(1, GENESIS), "has seq 1, but the next of its stream is 2"),
        (make_line(3, GENESIS), "has seq 3, but the next of its stream is 2"),
        (make_line(2, GENESIS), "does not link: its prev is 0000"),
        (make_line(2, GENESIS, case=OTHER_CASE), "belongs to case"),
        (make_line(2, GENESIS, terminal="t-other"), "belongs to case"),
        (make_line(2, GENESIS).rstrip("\n"), "canonical"),
        (make_line(2, GENESIS).replace(":", ": "), "canonical"),
        ("[1]\n", "not a line of a log"),
        ("\ud800\n", "not a line of a log"),
        ("", "not a line of a log"),
    ],
)
def test_line_that_does_not_continue_the_stream_is_refused(store: Store, line: str, words: str) -> None:
    store.append_stream(make_stream(1))
    with pytest.raises(LineRefused, match=words), store.appending(CASE, TERMINAL) as tail:
        tail.append(line)
    assert store.head(CASE, TERMINAL)[0] == 1


def test_refusal_that_is_swallowed_still_spoils_the_block(store: Store) -> None:
    with pytest.raises(StoreError, match="nothing of its block was"), store.appending(CASE) as tail:
        add_to(tail)
        with pytest.raises(LineRefused):
            tail.append("{}\n")
    assert store.streams(CASE) == []


def append_25(path: Path, number: int) -> None:
    with open_store(path) as store:
        for entry in range(25):
            add(store, CASE, data={"text": f"process {number}, entry {entry}"})


def test_eight_processes_make_one_chain_without_gaps(path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    # Not even the store is there yet: they also race to make it.
    workers = [spawn.Process(target=append_25, args=(path, number)) for number in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0] * 8
    with open_store(path, read_only=True) as store:
        lines = [line.encode() for line in store.lines(CASE)]
        assert verify_lines(lines) == Intact(200, store.head(CASE, store.terminal)[1])
    for number in range(8):
        own = [line for line in lines if f"process {number},".encode() in line]
        assert [f'entry {entry}"'.encode() in line for entry, line in enumerate(own)] == [True] * 25


def test_threads_share_a_store(store: Store) -> None:
    threads = [threading.Thread(target=lambda: [add(store, CASE) for _ in range(10)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert isinstance(verify_lines(line.encode() for line in store.lines(CASE)), Intact)
    assert store.head(CASE, store.terminal)[0] == 40


def test_commit_survives_the_death_of_the_process(path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from log_lines import add, CASE; "
        "from codelog.log.store import open_store; add(open_store(Path(sys.argv[1])), CASE); os._exit(9)"
    )
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parent)}
    done = subprocess.run([sys.executable, "-c", code, str(path)], env=environment, check=False)
    assert done.returncode == 9
    with open_store(path, read_only=True) as store:
        assert store.head(CASE, store.terminal)[0] == 1


def test_reader_and_writer_do_not_wait_for_each_other(
    store: Store, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.append_stream(make_stream(1200))
    monkeypatch.setattr(engine_module, "BUSY_TIMEOUT_S", 0.1)
    with open_store(path, read_only=True) as reader:
        lines = reader.lines(CASE)
        next(lines)
        with store.appending(CASE, TERMINAL) as tail:
            add_to(tail)
            assert reader.head(CASE, TERMINAL)[0] == 1200
        assert reader.head(CASE, TERMINAL)[0] == 1201
        assert sum(1 for _ in lines) == 1199


# Streams from elsewhere


def test_stream_is_taken_in_once(store: Store) -> None:
    lines = make_stream(5)
    assert store.append_stream(lines[:3]) is True
    assert store.append_stream(lines[:3]) is False
    assert store.append_stream(lines) is True
    assert store.append_stream(lines[:2]) is False
    assert list(store.lines(CASE)) == lines


def test_fork_is_refused(store: Store) -> None:
    lines = make_stream(3)
    store.append_stream(lines)
    forged = make_line(3, sha256(lines[1]), data={"text": "otherwise"})
    with pytest.raises(StoreForked, match="another line 3"):
        store.append_stream([*lines[:2], forged])
    assert list(store.lines(CASE)) == lines


@pytest.mark.parametrize(
    "lines", [[], make_stream(3)[1:], [*make_stream(3)[:2], make_line(3, "a" * 64)], ["\ud800\n"]]
)
def test_stream_that_does_not_verify_is_refused(store: Store, lines: list[str]) -> None:
    with pytest.raises(LineRefused):
        store.append_stream(lines)
    assert list(store.cases()) == []


# Cases


def test_cases_are_listed_newest_first(store: Store) -> None:
    older = make_stream(2)
    store.append_stream(older)
    opened = make_line(1, GENESIS, "case.opened", {}, case=OTHER_CASE, recorded_at=instant(60_000))
    store.append_stream([opened])
    second = make_line(1, GENESIS, "note.added", case=CASE, terminal="t-second", recorded_at=instant(90_000))
    store.append_stream([second])
    assert list(store.cases()) == [
        CaseRow(OTHER_CASE, (TERMINAL,), opened, 1, instant(60_000), False),
        CaseRow(CASE, (TERMINAL, "t-second"), older[0], 3, instant(90_000), False),
    ]
    assert store.find_case("last") == OTHER_CASE
    assert store.streams(CASE) == [TERMINAL, "t-second"]
    assert list(store.lines(CASE)) == [*older, second]
    assert list(store.lines(CASE, "t-second")) == [second]


def test_closed_heeds_reopening_and_corrections(store: Store) -> None:
    def closed() -> bool:
        (row,) = store.cases()
        return row.closed

    add(store, CASE, "case.opened", {})
    assert not closed()
    add(store, CASE, "case.closed", {"outcome": "other"})
    assert closed()
    add(store, CASE, "event.retracted", {"target": 2, "reason": "too early"})
    assert not closed()
    add(store, CASE, "event.retracted", {"target": 3, "reason": "after all"})
    assert closed()
    add(store, CASE, "case.reopened", {})
    assert not closed()


def test_case_is_found_by_its_beginning(store: Store) -> None:
    for case in (CASE, OTHER_CASE):
        store.append_stream(make_stream(1, case=case))
    assert store.find_case(CASE) == CASE
    assert store.find_case("0B4F") == CASE
    assert store.find_case("0b7") == OTHER_CASE
    with pytest.raises(CaseAmbiguous, match="several cases begin with '0b'") as found:
        store.find_case("0b")
    assert found.value.candidates == (CASE, OTHER_CASE)
    for wrong in ("1", "%", "0b4f_", ""):
        with pytest.raises(CaseNotFound):
            store.find_case(wrong)


def test_empty_store_has_no_last_case(store: Store) -> None:
    with pytest.raises(CaseNotFound, match="no case in this store yet"):
        store.find_case("last")
    assert store.streams(CASE) == []
    assert store.head(CASE, "nobody") == (0, GENESIS)


# Opening


def test_files_are_private(store: Store, path: Path) -> None:
    add(store, CASE)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    for file in path.parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file


def test_terminal_is_kept_and_fit_for_a_file_name(store: Store, path: Path) -> None:
    with open_store(f"sqlite:///{path}".replace("%", "%25")) as again:
        assert again.terminal == store.terminal
    assert store.terminal.startswith("t-")
    assert store.terminal.replace("-", "").isalnum()


def test_settings_of_every_connection(store: Store) -> None:
    expected = {
        "synchronous": 2,
        "foreign_keys": 1,
        "recursive_triggers": 1,
        "cell_size_check": 1,
        "journal_mode": "wal",
    }
    for engine in (store._reader, store._writer):
        assert isinstance(engine, Engine)
        with engine.connect() as connection:
            for name, value in expected.items():
                assert connection.exec_driver_sql(f"PRAGMA {name}").scalar() == value


def test_up_to_date_store_opens_and_appends_without_alembic(path: Path) -> None:
    open_store(path).close()
    code = (
        "import sys; from pathlib import Path; from log_lines import add, CASE; "
        "from codelog.log.store import open_store; store = open_store(Path(sys.argv[1])); add(store, CASE); store.close(); "
        "sys.exit('alembic' in sys.modules or 'mako' in sys.modules)"
    )
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parent)}
    assert (
        subprocess.run([sys.executable, "-c", code, str(path)], env=environment, check=False).returncode == 0
    )


def test_reading_only_creates_and_changes_nothing(path: Path) -> None:
    for options in ({"create": False}, {"read_only": True}):
        with pytest.raises(StoreUnreachable, match="there is no store at"):
            open_store(path, **options)
    assert not path.parent.exists()
    open_store(path).close()
    with open_store(path, read_only=True) as reader:
        with pytest.raises(StoreReadOnly, match="opened for reading only"), reader.appending(CASE):
            pass
        with reader._reader.connect() as connection, pytest.raises(Exception, match="readonly"):
            connection.exec_driver_sql("CREATE TABLE x (y)")


@pytest.mark.parametrize(
    ("content", "error", "words"),
    [
        (b"", NotAStore, "is empty"),
        (b"a shopping list\n" * 200, NotAStore, "not a database"),
        (b"SQLite format 3\0" + b"\xff" * 4080, NotAStore, "not a database"),
    ],
)
def test_other_files_are_left_alone(
    tmp_path: Path, content: bytes, error: type[StoreError], words: str
) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(error, match=words):
        open_store(path)
    assert path.read_bytes() == content


def test_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    by_hand(tmp_path / "other.db", "CREATE TABLE t (a)")
    before = (tmp_path / "other.db").read_bytes()
    with pytest.raises(NotAStore, match="another program"):
        open_store(tmp_path / "other.db")
    assert (tmp_path / "other.db").read_bytes() == before


def test_places_where_no_store_can_be(tmp_path: Path) -> None:
    with pytest.raises(StoreUnreachable, match="is a folder"):
        open_store(tmp_path)
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreUnreachable, match="cannot reach"):
        open_store(tmp_path / "file" / "codelog.db")
    with pytest.raises(StoreUnreachable, match="cannot reach"):
        open_store("/proc/codelog.db")
    with pytest.raises(StoreUnreachable, match="not a regular file"):
        open_store("/dev/null")
    with pytest.raises(StoreUnreachable, match="postgresql URL"):
        open_store("postgresql://host/base")
    with pytest.raises(StoreUnreachable, match="cannot be read"):
        open_store("://")


def test_network_drives_are_recognised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mounts = tmp_path / "mounts"
    share = tmp_path / "the share"
    share.mkdir()
    escaped = str(share).replace(" ", "\\040")
    mounts.write_text(f"/dev/vda / ext4 rw 0 0\nserver:/x {escaped} nfs4 rw 0 0\n")
    assert file_system_of(share / "codelog.db", mounts) == "nfs4"
    assert file_system_of(tmp_path / "the share too", mounts) == "ext4"
    assert file_system_of(share, tmp_path / "nowhere") is None
    monkeypatch.setattr(engine_module, "file_system_of", lambda path: "cifs")
    with pytest.raises(StoreUnreachable, match=r"network drive \(cifs\)"):
        open_store(tmp_path / "codelog.db")


def test_too_old_sqlite_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 36, 0))
    with pytest.raises(StoreError, match=r"needs 3\.37\.0 or newer"):
        open_store(tmp_path / "codelog.db")


def test_default_place_is_the_users_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    with open_store() as store:
        assert store.path == default_path()
        assert store.path.name == "codelog.db"


# What the disk and other programs do


def test_held_store_is_named_after_the_timeout(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "BUSY_TIMEOUT_S", 0.1)
    with open_store(path) as store, closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusy, match="held by another process"), store.appending(CASE):
            pass
        other.execute("ROLLBACK")
        add(store, CASE)


def test_full_disk_loses_the_entry_and_nothing_else(store: Store) -> None:
    add(store, CASE)
    assert store._writer is not None

    @event.listens_for(store._writer, "checkout")
    def _no_room(connection: sqlite3.Connection, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {room}")

    room = 1
    with pytest.raises(StoreFull, match="full; make room") as caught, store.appending(CASE) as tail:
        add_to(tail, data={"text": "x" * 100_000})
    assert "xxx" not in str(caught.value)
    assert caught.value.__suppress_context__
    room = 1_000_000
    assert store.head(CASE, store.terminal)[0] == 1
    add(store, CASE)


def test_damaged_page_is_named(store: Store, path: Path) -> None:
    store.append_stream(make_stream(500))
    store.close()
    content = bytearray(path.read_bytes())
    middle = len(content) // 2 // 4096 * 4096
    content[middle : middle + 4096] = b"\xff" * 4096
    path.write_bytes(content)
    with open_store(path, read_only=True) as damaged, pytest.raises(StoreDamaged, match="db restore"):
        list(damaged.lines(CASE))
