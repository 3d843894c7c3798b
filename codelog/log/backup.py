"""Backups of a store, and stores out of backups."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import Connection, func, insert, select

from codelog.log import files
from codelog.log.check import chain_faults, faults, file_faults
from codelog.log.engine import driver, make_engine, refuse_network
from codelog.log.errors import NotAStore, StoreDamaged, StoreError, StoreUnreachable, translated
from codelog.log.migrate import migrate, write_ahead
from codelog.log.schema import REVISIONS, revision_of
from codelog.log.signing import ensure_key
from codelog.log.tables import installation


def backup(store: Path, target: Path) -> list[str]:
    """Copy a store into the new file `target`, while it is in use if need be.

    The copy is read back before it gets its name. A damaged file is refused; a broken chain is copied as it is,
    since the rest of the store still wants a backup, and is returned as findings, one sentence each.
    """
    with translated(store):
        files.require_file(store)
    with translated(target):
        if target.exists():
            raise StoreUnreachable(
                f"{target} is there already; name a new file, a backup never replaces anything"
            )
        with files.new_file(target) as working:
            with translated(store):
                _copy(store, working)
            findings = _examine(working, store)
            try:
                files.put_in_place(working, target)
            except FileExistsError:
                raise StoreUnreachable(f"{target} is there already; name a new file") from None
    return findings


def restore(source: Path, store: Path) -> Path | None:
    """Put a backup in the place of the store and return where the store's file is kept now; None if there was none.

    The backup is verified in full first. The restored store is a new terminal: what the old one wrote after the
    backup would otherwise be written a second time, differently; it makes itself a signing key, since no backup holds
    one. An older backup is brought to the newest schema. Raises StoreBusy while the store is in use.
    """
    with translated(source):
        files.require_file(source)
    store = Path(os.path.realpath(store))
    with translated(store):
        if store.exists() and os.path.samefile(source, store):
            raise StoreError(f"{source} is the store itself; name a backup")
        store.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        refuse_network(store.parent)
        with files.new_file(store) as working:
            with translated(source):
                _copy(source, working)
            engine = make_engine(working, writes=True)
            try:
                with engine.begin() as connection:
                    revision = revision_of(connection, source)
                    for fault in faults(connection, revision):
                        raise StoreDamaged(f"{source} is not restored: {fault}")
                    if revision != REVISIONS[-1]:
                        migrate(connection)
                    _become_another_terminal(connection)
                with engine.connect() as connection:
                    write_ahead(connection, store)
            finally:
                engine.dispose()
            kept = None
            if store.exists():
                kept = _replace(working, store)
            else:
                files.put_in_place(working, store)
    ensure_key(store)
    return kept


def _copy(path: Path, working: Path) -> None:
    engine = make_engine(path, writes=False)
    try:
        with engine.connect() as connection:
            revision_of(connection, path)
            files.copy_database(connection, working)
    finally:
        engine.dispose()


def _examine(working: Path, store: Path) -> list[str]:
    engine = make_engine(working, writes=False)
    try:
        with engine.connect() as connection:
            revision = revision_of(connection, store)
            for fault in file_faults(connection):
                raise StoreDamaged(f"{store} is not backed up: {fault}")
            return list(chain_faults(connection, revision))
    finally:
        engine.dispose()


def _become_another_terminal(connection: Connection) -> None:
    last = connection.scalar(select(func.max(installation.c.number))) or 0
    connection.execute(
        insert(installation).values(
            number=last + 1, terminal=files.new_terminal(), since=files.now(), reason="restored"
        )
    )


def _replace(working: Path, store: Path) -> Path:
    kept = store.with_name(f"{store.name}.replaced.{files.stamp()}")
    try:
        with translated(store), files.held_alone(store) as connection:
            # Brings everything into the one file, which can then be renamed alone.
            driver(connection.connection).execute("PRAGMA journal_mode = DELETE")
            _swap(working, store, kept)
    except (NotAStore, StoreDamaged):
        # Too damaged to be opened, so nobody has it open.
        for end in files.SIDE_FILES:
            beside = files.side_file(store, end)
            if beside.exists():
                beside.rename(files.side_file(kept, end))
        _swap(working, store, kept)
    return kept


def _swap(working: Path, store: Path, kept: Path) -> None:
    files.sync(working)
    # The store's name is never without a file, or somebody would create a new store under it.
    os.link(store, kept)
    os.replace(working, store)
    files.sync(store.parent)
