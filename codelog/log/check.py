"""Examines a whole store and trusts nothing in it that can be computed anew."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from sqlalchemy import Connection, Table, create_engine, select
from sqlalchemy.exc import DBAPIError

from codelog.log import files
from codelog.log.audit_kinds import AUDIT, KEY_ROTATED
from codelog.log.audit_kinds import KINDS as AUDIT_KINDS
from codelog.log.audit_stream import read_events
from codelog.log.chain import Break, Survey, verify_stream
from codelog.log.engine import driver, make_engine
from codelog.log.errors import StoreDamaged, translated
from codelog.log.guards import guard_faults, guards_of
from codelog.log.keys import PublicKey
from codelog.log.migrate import migrate
from codelog.log.notes import SignedCheckpoint, read_checkpoint, read_note
from codelog.log.schema import REVISIONS, SCHEMA_DIGESTS, revision_of
from codelog.log.signing import known_keys, rotation_text
from codelog.log.store import find_case
from codelog.log.tables import audit_events, checkpoints, events
from codelog.log.verdicts import Verdict, judge

Stream = tuple[str, str]
"""Case and terminal."""


def check(path: Path) -> list[str]:
    """Everything that is wrong with a store, one sentence each; empty when it is sound.

    Looks at the file's structure, the guards, the schema, and every line of every stream with its columns, its
    digest and its checkpoints. Raises StoreUnreachable, NotAStore or StoreTooNew when there is nothing it could examine.
    """
    with _opened(path) as (connection, revision):
        findings = list(faults(connection, revision))
    if revision != REVISIONS[-1]:
        findings.append(
            f"the schema {revision} is older than this codelog's {REVISIONS[-1]}; run `codelog db upgrade`"
        )
    return findings


def verify_store(path: Path, wanted: Sequence[str] = ()) -> Iterator[Verdict]:
    """The store itself and every stream of it, or of the cases whose ids begin as `wanted`, as they are found.

    Raises as `check`, and CaseNotFound or CaseAmbiguous before anything is examined.
    """
    with _opened(path) as (connection, revision):
        cases = [find_case(connection, prefix) for prefix in wanted]
        try:
            yield from _structure(connection, revision)
            yield from _streams(connection, revision, cases)
        except (DBAPIError, sqlite3.Error) as error:
            yield Verdict("the store", Break(0, _unreadable(error), "store"))


def faults(connection: Connection, revision: str) -> Iterator[str]:
    """What is wrong with a store of a known revision, be it the newest or not."""
    try:
        yield from file_faults(connection)
        yield from guard_faults(connection, guards_of(revision))
        yield from schema_faults(connection, revision)
        yield from chain_faults(connection, revision)
    except (DBAPIError, sqlite3.Error) as error:
        yield _unreadable(error)


def file_faults(connection: Connection) -> Iterator[str]:
    """What SQLite itself finds: broken pages, indexes that do not fit. On a read-only file it passes over CHECKs."""
    for row in connection.exec_driver_sql("PRAGMA integrity_check(20)").scalars():
        if row != "ok":
            yield f"the file is damaged: {row}"


def schema_faults(connection: Connection, revision: str) -> Iterator[str]:
    """Where tables, indexes and views differ from what the migrations make."""
    found = schema_of(connection)
    if schema_digest(found) == SCHEMA_DIGESTS.get(revision):
        return
    expected = expected_schema(revision)
    for name in sorted(found.keys() | expected.keys()):
        if name not in found:
            yield f"{name} is missing from the schema"
        elif name not in expected:
            yield f"{name} is in the schema and is not codelog's"
        elif found[name] != expected[name]:
            yield f"{name} is not as codelog made it"


def chain_faults(connection: Connection, revision: str) -> Iterator[str]:
    """The first line of each stream that is not as it was written."""
    for verdict in _streams(connection, revision, ()):
        if isinstance(verdict.finding, Break):
            yield f"{verdict.name}: {verdict.finding.problem}"


def schema_of(connection: Connection) -> dict[str, str]:
    """`type name` -> text, of everything but the triggers, which the guards answer for."""
    rows = connection.exec_driver_sql(
        "SELECT type || ' ' || name, sql FROM sqlite_master WHERE type <> 'trigger' AND name NOT LIKE 'sqlite_%'"
    )
    return {name: sql for name, sql in rows}


def schema_digest(schema: Mapping[str, str]) -> str:
    """SHA-256 of a schema's texts, so that one that is as it should be is told without making another."""
    return sha256("\n".join(f"{name}\n{schema[name]}" for name in sorted(schema)).encode()).hexdigest()


def expected_schema(revision: str) -> dict[str, str]:
    """What the migrations make of an empty database."""
    engine = create_engine("sqlite+pysqlite://")
    try:
        with engine.begin() as connection:
            migrate(connection, revision)
            return schema_of(connection)
    finally:
        engine.dispose()


@contextmanager
def _opened(path: Path) -> Iterator[tuple[Connection, str]]:
    with translated(path):
        files.require_file(path)
        engine = make_engine(path, writes=False)
        try:
            with engine.connect() as connection:
                yield connection, revision_of(connection, path)
        finally:
            engine.dispose()


def _structure(connection: Connection, revision: str) -> Iterator[Verdict]:
    for found in (
        file_faults(connection),
        guard_faults(connection, guards_of(revision)),
        schema_faults(connection, revision),
    ):
        for problem in found:
            yield Verdict("the store", Break(0, problem, "store"))


def _streams(connection: Connection, revision: str, cases: Sequence[str]) -> Iterator[Verdict]:
    """Of the cases, or of all and the audit streams too."""
    from codelog.case.events import KINDS

    if revision == "0001":
        yield from _table(connection, events, cases, {}, {}, KINDS)
        return
    try:
        keys = known_keys(connection)
    except StoreDamaged:
        # The audit stream's own verdict says which line it is.
        keys = {}
    signed: dict[Stream, list[SignedCheckpoint]] = defaultdict(list)
    query = select(checkpoints.c.case, checkpoints.c.terminal, checkpoints.c.note)
    for case, terminal, content in connection.execute(query):
        if not cases or case in cases:
            try:
                signed[case, terminal].append(read_checkpoint(content))
            except ValueError as error:
                problem = f"a checkpoint of it cannot be read: {error}"
                yield Verdict(_name((case, terminal)), Break(0, problem, "bad_signature"))
    yield from _table(connection, events, cases, signed, keys, KINDS)
    if not cases:
        yield from _table(connection, audit_events, (), signed, keys, AUDIT_KINDS)
        yield from _rotations(connection, keys)
    for stream, left in signed.items():
        most = max(one.checkpoint.count for one in left)
        problem = f"all of it is missing: {most} lines of it were signed, and none is here"
        yield Verdict(_name(stream), Break(1, problem, "missing"))


def _table(
    connection: Connection,
    table: Table,
    cases: Sequence[str],
    signed: dict[Stream, list[SignedCheckpoint]],
    keys: Mapping[str, PublicKey],
    kinds: Collection[str],
) -> Iterator[Verdict]:
    """The verdict of each stream of a table. What `signed` has of a stream is taken out of it."""
    only = f'WHERE "case" IN ({", ".join("?" * len(cases))})' if cases else ""
    query = (
        f'SELECT "case", terminal, seq, CAST(line AS BLOB), digest FROM {table.name} {only} ORDER BY 1, 2, 3'
    )
    # Through the driver: rows as SQLAlchemy makes them would double the time.
    rows = driver(connection.connection).execute(query, cases)
    for stream, lines in groupby(rows, key=itemgetter(0, 1)):
        own = signed.pop(stream, [])
        survey = Survey(marks=frozenset(one.checkpoint.count for one in own))
        finding = verify_stream(stream[0], stream[1], map(itemgetter(2, 3, 4), lines), survey)
        yield judge(_name(stream), finding, survey, own, keys, kinds)


def _rotations(connection: Connection, keys: Mapping[str, PublicKey]) -> Iterator[Verdict]:
    """Each change of a signing key must be signed by the key before it."""
    try:
        rotations = list(read_events(connection, [KEY_ROTATED]))
    except StoreDamaged as error:
        yield Verdict("the audit stream", Break(0, str(error), "not_a_line"))
        return
    for event in rotations:
        old = keys.get(str(event.data.get("old")))
        new = keys.get(str(event.data.get("key")))
        try:
            note = read_note(str(event.data.get("note")))
        except ValueError:
            note = None
        if not (
            note is not None
            and old is not None
            and new is not None
            and note.text == rotation_text(event.terminal, old.id, new)
            and old.signed(note)
        ):
            problem = f"line {event.seq}: the change of the signing key is not signed by the key before it"
            yield Verdict(_name((AUDIT, event.terminal)), Break(event.seq, problem, "bad_signature"))


def _unreadable(error: DBAPIError | sqlite3.Error) -> str:
    reason = error.orig if isinstance(error, DBAPIError) else error
    return f"the file is damaged, and not all of it can be read: {reason}"


def _name(stream: Stream) -> str:
    case, terminal = stream
    return f"audit stream, terminal {terminal}" if case == AUDIT else f"case {case}, terminal {terminal}"
