"""Store files as whole files: copied, made durable, put in place in one step."""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection

from codelog.log.engine import driver, make_engine
from codelog.log.errors import NotAStore, StoreUnreachable

SIDE_FILES = ("-wal", "-shm", "-journal")
EXCLUSIVE_TIMEOUT_S = 1.0


def stamp() -> str:
    """The present time as it stands in file names, to the second, UTC."""
    return datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")


def now() -> str:
    """The present time in the log's form."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def new_terminal() -> str:
    """A random id for an installation; safe as part of a file name."""
    return f"t-{secrets.token_hex(5)}"


def require_file(path: Path) -> None:
    """Raise StoreUnreachable or NotAStore unless there is a file that could be a store."""
    if path.is_dir():
        raise StoreUnreachable(f"{path} is a folder; name the file of the store in it")
    if not path.exists():
        raise StoreUnreachable(f"there is no store at {path}")
    if not path.is_file():
        raise StoreUnreachable(f"{path} is not a regular file")
    if path.stat().st_size == 0:
        raise NotAStore(
            f"{path} is empty and not a codelog store; remove it, or restore a backup in its place"
        )


@contextmanager
def new_file(target: Path) -> Iterator[Path]:
    """An empty file of mode 0600 beside `target` to work on; what is left of it at the end is removed."""
    working = target.with_name(f".{target.name}.{secrets.token_hex(4)}.new")
    os.close(os.open(working, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        yield working
    finally:
        for name in (working, *(side_file(working, end) for end in SIDE_FILES)):
            name.unlink(missing_ok=True)


def side_file(path: Path, end: str) -> Path:
    """One of the files that SQLite keeps beside a database."""
    return path.with_name(path.name + end)


def put_in_place(working: Path, target: Path) -> None:
    """Give a finished file its name, durably, in one step. Raises FileExistsError when the name is taken."""
    sync(working)
    os.link(working, target)
    sync(target.parent)


def sync(path: Path) -> None:
    """Force a file or folder to disk. Never for a database that is open: closing it here would drop its locks."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def copy_database(connection: Connection, target: Path) -> None:
    """Copy everything committed, also what still lies in the write-ahead log, into the empty file `target`.

    The copy needs no side files, so any SQLite can read it, from read-only media too.
    """
    with closing(sqlite3.connect(target, isolation_level=None)) as copy:
        driver(connection.connection).backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")


@contextmanager
def held_alone(path: Path) -> Iterator[Connection]:
    """A connection that nobody else shares the store with; raises SQLite's "busy" while another has it open.

    It stands outside a transaction; the lock stays until the end of the block.
    """
    engine = make_engine(path, writes=True, timeout_s=EXCLUSIVE_TIMEOUT_S)
    try:
        with engine.connect() as connection:
            driver(connection.connection).execute("PRAGMA locking_mode = EXCLUSIVE")
            with connection.begin():
                pass
            yield connection
    finally:
        engine.dispose()
