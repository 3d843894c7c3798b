"""The schema is what the migrations make, told cheaply, upgraded safely, and never taken for another."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from codelog.log import migrate, schema
from codelog.log.check import check, expected_schema, schema_digest
from codelog.log.engine import make_engine
from codelog.log.errors import StoreBusy, StoreDamaged, StoreError, StoreOutdated, StoreTooNew
from codelog.log.migrate import migrations_folder, upgrade
from codelog.log.store import open_store
from codelog.log.tables import metadata
from tests.log.log_lines import CASE, by_hand, make_stream, schema_text

GOLDEN = Path(__file__).with_name("schema.sql")

NEXT = """
revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

from alembic import op


def upgrade():
    connection = op.get_bind()
    connection.exec_driver_sql("CREATE TABLE later (a INTEGER) STRICT")
    connection.exec_driver_sql("{statement}")


def downgrade():
    raise NotImplementedError
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "codelog.db"
    with open_store(path) as store:
        store.append_stream(make_stream(3))
    return path


def with_another_migration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, statement: str = "SELECT 1"
) -> None:
    folder = tmp_path / "migrations 100%"
    shutil.copytree(migrations_folder(), folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "0003_later.py").write_text(NEXT.format(statement=statement))
    monkeypatch.setattr(migrate, "migrations_folder", lambda: folder)
    for module in (schema, migrate):
        monkeypatch.setattr(module, "REVISIONS", ("0001", "0002", "0003"))


def test_migrations_make_the_golden_schema(path: Path) -> None:
    assert schema_text(path) == GOLDEN.read_text(encoding="utf-8")


def test_tables_agree_with_the_migrations(path: Path) -> None:
    engine = make_engine(path, writes=False)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"target_metadata": metadata})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_known_revisions_are_the_migrations() -> None:
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()))
    found = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    assert tuple(reversed(found)) == schema.REVISIONS


def test_alembic_ini_is_for_developers(path: Path) -> None:
    config = Config(str(migrations_folder().parent / "alembic.ini"))
    assert ScriptDirectory.from_config(config).get_current_head() == schema.REVISIONS[-1]


def test_migrations_do_not_lean_on_the_program() -> None:
    for file in (migrations_folder() / "versions").glob("*.py"):
        assert "import codelog" not in file.read_text() and "from codelog" not in file.read_text(), file


def test_there_is_no_way_back(path: Path) -> None:
    for revision in schema.REVISIONS:
        script = ScriptDirectory(str(migrations_folder())).get_revision(revision)
        assert script is not None
        with pytest.raises(NotImplementedError, match="restore the backup"):
            script.module.downgrade()


def test_the_digests_are_of_what_the_migrations_make() -> None:
    assert schema.SCHEMA_DIGESTS == {
        revision: schema_digest(expected_schema(revision)) for revision in schema.REVISIONS
    }


def test_newer_schema_is_refused(path: Path) -> None:
    by_hand(path, "UPDATE alembic_version SET version_num = '9999'")
    for attempt in (open_store, upgrade, check):
        with pytest.raises(StoreTooNew, match=r"schema 9999, which is newer .* update codelog"):
            attempt(path)


@pytest.mark.parametrize("statement", ["DELETE FROM alembic_version", "DROP TABLE alembic_version"])
def test_missing_version_is_damage(path: Path, statement: str) -> None:
    by_hand(path, statement)
    with pytest.raises(StoreDamaged, match="does not say which schema"):
        open_store(path)


def test_older_schema_is_refused_until_it_is_upgraded(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = make_stream(3)
    before = schema_text(path)
    with_another_migration(tmp_path, monkeypatch)
    with pytest.raises(StoreOutdated, match="run `codelog db upgrade`"):
        open_store(path)
    kept = upgrade(path)
    assert kept is not None
    assert kept.name.startswith("codelog.db.before-0002.") and kept.name.endswith("Z.bak")
    assert schema_text(kept) == before
    assert "CREATE TABLE later" in schema_text(path)
    with open_store(path) as store:
        assert list(store.lines(CASE)) == lines
    assert upgrade(path) is None
    with pytest.raises(StoreOutdated), open_store(kept, read_only=True):
        pass


def test_failed_migration_leaves_the_store_as_it_was(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = schema_text(path)
    with_another_migration(tmp_path, monkeypatch, "CREATE TABLE events (oops)")
    with pytest.raises(StoreError, match="was not upgraded and is as it was .*already exists"):
        upgrade(path)
    assert schema_text(path) == before
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("0002",)]
        assert connection.execute("SELECT count(*) FROM events").fetchone() == (3,)


def test_migration_that_loses_a_guard_is_undone(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_another_migration(tmp_path, monkeypatch, "DROP TRIGGER events_refuse_delete")
    with pytest.raises(StoreError, match="events_refuse_delete is missing"):
        upgrade(path)
    monkeypatch.undo()
    open_store(path).close()


def test_store_in_use_is_not_upgraded(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_store(path):
        with_another_migration(tmp_path, monkeypatch)
        with pytest.raises(StoreBusy):
            upgrade(path)
    assert [file.name for file in tmp_path.glob("*.bak")] == []
