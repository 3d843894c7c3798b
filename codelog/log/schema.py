"""Which schema a store has, told without alembic, so that opening an up-to-date store stays cheap."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

from codelog.log.engine import APPLICATION_ID
from codelog.log.errors import NotAStore, StoreDamaged, StoreOutdated, StoreTooNew

REVISIONS = ("0001", "0002")
"""Every schema this codelog knows, oldest first; kept in step with the migrations by a test."""

SCHEMA_DIGESTS = {
    "0001": "197ec35c9d5ca5cc472b41ee302b94fd2288b9e0b6baa6a788b42f7569c5abf1",
    "0002": "11ba005742afaa73115a9479344a7614fc3ae430bfa21f77c3d3f0a914981dbf",
}
"""SHA-256 of what the migrations make, as `check.schema_digest`; a test holds the two equal."""


def revision_of(connection: Connection, path: Path) -> str:
    """The revision of a store. Raises NotAStore, or StoreTooNew for a revision that this codelog does not know."""
    if connection.exec_driver_sql("PRAGMA application_id").scalar() != APPLICATION_ID:
        raise NotAStore(f"{path} is not a codelog store: it is a database of another program")
    tables = connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'")
    revision = None if tables.first() is None else _single(connection)
    if revision is None:
        raise StoreDamaged(f"{path} does not say which schema it has; restore a backup")
    if revision not in REVISIONS:
        raise StoreTooNew(
            f"{path} has schema {revision}, which is newer than this codelog knows ({REVISIONS[-1]}); update codelog"
        )
    return revision


def require_current(connection: Connection, path: Path) -> None:
    """Raise unless the store has the newest schema: StoreOutdated, StoreTooNew or NotAStore."""
    revision = revision_of(connection, path)
    if revision != REVISIONS[-1]:
        raise StoreOutdated(
            f"{path} has schema {revision}, older than this codelog's {REVISIONS[-1]}; run `codelog db upgrade` first"
        )


def _single(connection: Connection) -> str | None:
    rows = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars().all()
    return rows[0] if len(rows) == 1 and isinstance(rows[0], str) else None
