"""Makes new stores and brings old ones up to date. The only module that needs alembic, and only when it works."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, insert

from codelog.log import files
from codelog.log.engine import APPLICATION_ID, driver, make_engine
from codelog.log.errors import StoreError, StoreUnreachable, translated
from codelog.log.guards import check_guards
from codelog.log.schema import REVISIONS, revision_of
from codelog.log.tables import installation


def migrations_folder() -> Path:
    """Where the migrations lie: inside an installed package, or beside it in a source tree."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "_migrations"
    return installed if installed.is_dir() else package.parent / "migrations"


def migrate(connection: Connection, revision: str = "head") -> None:
    """Run the missing migrations up to `revision` on a connection, inside the transaction it is in."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    # The value goes through a parser to which a percent sign means something.
    config.set_main_option("script_location", str(migrations_folder()).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def create(path: Path) -> None:
    """Make a new, empty store. A store that somebody else made there meanwhile is left as it is.

    The file gets its name only when it is complete, so nobody ever opens half a store.
    """
    with files.new_file(path) as working:
        engine = make_engine(working, writes=True)
        try:
            with engine.begin() as connection:
                connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
                migrate(connection)
                connection.execute(
                    insert(installation).values(
                        number=1, terminal=files.new_terminal(), since=files.now(), reason="created"
                    )
                )
            with engine.connect() as connection:
                write_ahead(connection, path)
        finally:
            engine.dispose()
        try:
            files.put_in_place(working, path)
        except FileExistsError:
            pass


def write_ahead(connection: Connection, path: Path) -> None:
    """Let readers and the writer of a store not wait for each other. Kept in the file."""
    mode = driver(connection.connection).execute("PRAGMA journal_mode = WAL").fetchone()
    if mode != ("wal",):
        raise StoreUnreachable(
            f"the disk of {path} cannot hold a store that is read while it is written; use a local disk"
        )


def upgrade(path: Path) -> Path | None:
    """Bring a store to the newest schema and return the backup that was made first; None if there was nothing to do.

    Raises StoreBusy while another process has it open. When a migration fails nothing is changed.
    """
    with translated(path):
        files.require_file(path)
        with files.held_alone(path) as connection:
            with connection.begin():
                before = revision_of(connection, path)
            if before == REVISIONS[-1]:
                return None
            kept = path.with_name(f"{path.name}.before-{before}.{files.stamp()}.bak")
            with files.new_file(kept) as working:
                files.copy_database(connection, working)
                files.put_in_place(working, kept)
            try:
                with connection.begin():
                    migrate(connection)
                    check_guards(connection)
            except Exception as error:  # noqa: BLE001 - whatever a migration raises, the person needs to know what it left
                reason = getattr(error, "orig", None) or error
                raise StoreError(
                    f"{path} was not upgraded and is as it was ({reason}); the backup {kept.name} lies beside it"
                ) from None
            return kept
