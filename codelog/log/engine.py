"""Connections to a store file: their settings, and where a store may lie."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, PoolProxiedConnection, create_engine, event

from codelog.log.errors import StoreError, StoreUnreachable, translated

APPLICATION_ID = 0x636C6F67
"""Marks the file as codelog's ("clog")."""

BUSY_TIMEOUT_S = 10.0
OLDEST_SQLITE = (3, 37, 0)
NETWORK_FILE_SYSTEMS = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "ceph", "glusterfs", "lustre"}
    | {"fuse.sshfs", "fuse.glusterfs", "fuse.smbnetfs"}
)

# Not trusted_schema = OFF: SQLite up to 3.40 at least then refuses json_extract in tables, triggers and views. It would
# protect functions that a program adds to SQLite, and we add none.
_SETTINGS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = FULL",
    "PRAGMA fullfsync = ON",
    "PRAGMA recursive_triggers = ON",
    "PRAGMA cell_size_check = ON",
)


def make_engine(path: Path, *, writes: bool, timeout_s: float | None = None) -> Engine:
    """An engine on an existing file. With `writes` every transaction takes the write lock at its begin.

    Without `writes` the file is opened read-only and nothing can be changed through it. `timeout_s` is how long to
    wait for a lock, `BUSY_TIMEOUT_S` unless given.
    """
    require_sqlite()
    url = URL.create(
        "sqlite+pysqlite",
        database=path.absolute().as_uri(),
        query={"mode": "rw" if writes else "ro", "uri": "true"},
    )
    engine = create_engine(
        url,
        # The driver's own transactions leave DDL out, so we say BEGIN ourselves.
        connect_args={"isolation_level": None, "timeout": BUSY_TIMEOUT_S if timeout_s is None else timeout_s},
        # Values are patient data, and must not get into messages.
        hide_parameters=True,
    )
    begin = "BEGIN IMMEDIATE" if writes else "BEGIN"

    @event.listens_for(engine, "connect")
    def _settle(connection: sqlite3.Connection, _record: Any) -> None:
        for setting in _SETTINGS:
            connection.execute(setting)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


@contextmanager
def held(path: Path) -> Iterator[Connection]:
    """Hold the store file at `path` for one write transaction, opened for that alone. Raises StoreError."""
    with translated(path):
        engine = make_engine(path, writes=True)
        try:
            with engine.begin() as connection:
                yield connection
        finally:
            engine.dispose()


def driver(pooled: PoolProxiedConnection) -> sqlite3.Connection:
    """The driver's connection underneath one of the pool's."""
    underneath = pooled.driver_connection
    assert isinstance(underneath, sqlite3.Connection)
    return underneath


def require_sqlite() -> None:
    """Raise StoreError when the SQLite of this Python is too old for STRICT tables."""
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        oldest = ".".join(map(str, OLDEST_SQLITE))
        raise StoreError(
            f"this Python comes with SQLite {sqlite3.sqlite_version}, and codelog needs {oldest} or newer; "
            "use a newer Python or update its SQLite"
        )


def refuse_network(path: Path) -> None:
    """Raise StoreUnreachable when the path lies on a network drive, as far as the system can say."""
    kind = file_system_of(path)
    if kind in NETWORK_FILE_SYSTEMS:
        raise StoreUnreachable(
            f"{path} lies on a network drive ({kind}), where several computers can spoil a store; use a local disk"
        )


def file_system_of(path: Path, mounts: Path = Path("/proc/mounts")) -> str | None:
    """The type of the file system that holds `path`; None where the system does not tell."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return None
    real = os.path.realpath(path)
    found: tuple[int, str] | None = None
    for fields in (line.split() for line in lines):
        if len(fields) < 3:
            continue
        point = re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), fields[1])
        inside = real == point or real.startswith(point.rstrip("/") + "/")
        # Of two mounts on one point the later hides the earlier.
        if inside and (found is None or len(point) >= found[0]):
            found = (len(point), fields[2])
    return found[1] if found else None
