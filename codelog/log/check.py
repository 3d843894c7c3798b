"""Examines a whole store and trusts nothing in it that can be computed anew."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from sqlalchemy import Connection, create_engine, select
from sqlalchemy.exc import DBAPIError

from codelog.log import files
from codelog.log.chain import Break, verify_stream
from codelog.log.engine import make_engine
from codelog.log.errors import translated
from codelog.log.guards import guard_faults
from codelog.log.migrate import migrate
from codelog.log.schema import REVISIONS, revision_of
from codelog.log.tables import events

_BATCH = 1000


def check(path: Path) -> list[str]:
    """Everything that is wrong with a store, one sentence each; empty when it is sound.

    Looks at the file's structure, the guards, the schema, and every line of every stream with its columns and its
    digest. Raises StoreUnreachable, NotAStore or StoreTooNew when there is nothing it could examine.
    """
    with translated(path):
        files.require_file(path)
        engine = make_engine(path, writes=False)
        try:
            with engine.connect() as connection:
                revision = revision_of(connection, path)
                findings = list(faults(connection, revision))
        finally:
            engine.dispose()
    if revision != REVISIONS[-1]:
        findings.append(
            f"the schema {revision} is older than this codelog's {REVISIONS[-1]}; run `codelog db upgrade`"
        )
    return findings


def faults(connection: Connection, revision: str) -> Iterator[str]:
    """What is wrong with a store of a known revision, be it the newest or not."""
    try:
        yield from file_faults(connection)
        yield from guard_faults(connection)
        yield from schema_faults(connection, revision)
        yield from chain_faults(connection)
    except DBAPIError as error:
        yield f"the file is damaged, and not all of it can be read: {error.orig}"


def file_faults(connection: Connection) -> Iterator[str]:
    """What SQLite itself finds: broken pages, indexes that do not fit. On a read-only file it passes over CHECKs."""
    for row in connection.exec_driver_sql("PRAGMA integrity_check(20)").scalars():
        if row != "ok":
            yield f"the file is damaged: {row}"


def schema_faults(connection: Connection, revision: str) -> Iterator[str]:
    """Where tables, indexes and views differ from what the migrations make."""
    found = schema_of(connection)
    expected = expected_schema(revision)
    for name in sorted(found.keys() | expected.keys()):
        if name not in found:
            yield f"{name} is missing from the schema"
        elif name not in expected:
            yield f"{name} is in the schema and is not codelog's"
        elif found[name] != expected[name]:
            yield f"{name} is not as codelog made it"


def chain_faults(connection: Connection) -> Iterator[str]:
    """The first line of each stream that is not as it was written."""
    columns = (events.c.case, events.c.terminal, events.c.seq, events.c.line, events.c.digest)
    query = select(*columns).order_by(events.c.case, events.c.terminal, events.c.seq)
    rows = connection.execute(query.execution_options(yield_per=_BATCH))
    for (case, terminal), stream in groupby(rows, key=itemgetter(0, 1)):
        finding = verify_stream(case, terminal, ((row.seq, row.line, row.digest) for row in stream))
        if isinstance(finding, Break):
            yield f"case {case}, terminal {terminal}: {finding.problem}"


def schema_of(connection: Connection) -> dict[str, str]:
    """`type name` -> text, of everything but the triggers, which the guards answer for."""
    rows = connection.exec_driver_sql(
        "SELECT type || ' ' || name, sql FROM sqlite_master WHERE type <> 'trigger' AND name NOT LIKE 'sqlite_%'"
    )
    return {name: sql for name, sql in rows}


def expected_schema(revision: str) -> dict[str, str]:
    """What the migrations make of an empty database."""
    engine = create_engine("sqlite+pysqlite://")
    try:
        with engine.begin() as connection:
            migrate(connection, revision)
            return schema_of(connection)
    finally:
        engine.dispose()
