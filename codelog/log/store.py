"""The store of a terminal: every case's streams, read at will, written only at their ends."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import platformdirs
from sqlalchemy import Connection, Engine, Select, bindparam, func, insert, make_url, select, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import ArgumentError
from sqlalchemy.sql.expression import ClauseElement

from codelog.log import files
from codelog.log.chain import GENESIS, Break, digest, is_canonical, read_link, verify_lines
from codelog.log.engine import driver, make_engine, refuse_network
from codelog.log.errors import (
    CaseAmbiguous,
    CaseNotFound,
    LineRefused,
    StoreDamaged,
    StoreError,
    StoreForked,
    StoreReadOnly,
    StoreUnreachable,
    translated,
)
from codelog.log.guards import check_guards
from codelog.log.schema import require_current
from codelog.log.tables import events, installation

_BATCH = 500
_SHOWN_CANDIDATES = 10

_STREAM = (events.c.case == bindparam("case"), events.c.terminal == bindparam("terminal"))
_HEAD = select(events.c.seq, events.c.digest).where(
    *_STREAM, events.c.seq == select(func.max(events.c.seq)).where(*_STREAM).correlate(None).scalar_subquery()
)


def _driver_sql(statement: ClauseElement) -> str:
    return str(statement.compile(dialect=sqlite.dialect(paramstyle="named")))


# Appending goes through the driver: SQLAlchemy's own execution would double the time to a durable entry.
_DRIVER_INSERT = _driver_sql(
    insert(events).values({name: bindparam(name) for name in ("case", "terminal", "seq", "digest", "line")})
)
_DRIVER_HEAD = _driver_sql(_HEAD)
_DRIVER_LINES = _driver_sql(
    select(events.c.line).where(*_STREAM, events.c.seq > bindparam("after_seq")).order_by(events.c.seq)
)

# As text with a literal 1: an index on the first lines only is not used where the 1 is a bound value.
_STREAMS = text('SELECT terminal FROM events WHERE "case" = :case AND seq = 1 ORDER BY terminal')

_DRIVER_STREAMS = str(_STREAMS)
# Bytes, so that a line which is not even text can be handed out as it stands.
_DRIVER_LINE_BYTES = (
    'SELECT CAST(line AS BLOB) FROM events WHERE "case" = :case AND terminal = :terminal ORDER BY seq'
)
_DRIVER_CASES = 'SELECT DISTINCT "case" FROM events WHERE seq = 1 ORDER BY "case"'

_FIND = text(
    'SELECT DISTINCT "case" FROM events WHERE seq = 1 AND "case" >= :low AND "case" < :high ORDER BY "case" '
    f"LIMIT {_SHOWN_CANDIDATES + 1}"
)

_FIRST_LINES = """
    FROM events AS first
    WHERE first.seq = 1 AND NOT EXISTS (
        SELECT 1 FROM events AS other
        WHERE other."case" = first."case" AND other.seq = 1
        AND (other.recorded_at, other.terminal) < (first.recorded_at, first.terminal)
    )
    ORDER BY first.recorded_at DESC, first."case" DESC
"""

_NEWEST = text(f'SELECT first."case" {_FIRST_LINES} LIMIT 1')

_LATEST_ENDING = """
    SELECT kind = 'case.closed' FROM events_as_corrected AS ending
    WHERE ending."case" = {case} AND ending.kind IN ('case.closed', 'case.reopened')
    ORDER BY at DESC, terminal DESC, seq DESC LIMIT 1
"""
_CLOSED = text(_LATEST_ENDING.format(case=":case"))

_CASES = text(f"""
    SELECT first."case" AS "case", first.line AS opened,
        (SELECT group_concat(terminal, ' ') FROM (
            SELECT terminal FROM events WHERE "case" = first."case" AND seq = 1 ORDER BY terminal
        )) AS terminals,
        (SELECT sum((
            SELECT max(seq) FROM events AS tail
            WHERE tail."case" = stream."case" AND tail.terminal = stream.terminal
        )) FROM events AS stream WHERE stream."case" = first."case" AND stream.seq = 1) AS events,
        (SELECT max((
            SELECT recorded_at FROM events AS tail
            WHERE tail."case" = stream."case" AND tail.terminal = stream.terminal ORDER BY seq DESC LIMIT 1
        )) FROM events AS stream WHERE stream."case" = first."case" AND stream.seq = 1) AS recorded_at,
        ({_LATEST_ENDING.format(case='first."case"')}) AS closed
    {_FIRST_LINES}
""")


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case in the list. `opened` is the first line of the stream that began first; `events` counts the lines of
    all streams; `recorded_at` is of the newest of them; `closed` heeds amendments and retractions."""

    case: str
    terminals: tuple[str, ...]
    opened: str
    events: int
    recorded_at: str
    closed: bool


class Tail:
    """The end of one stream, held for writing: nobody else can append until the block is over.

    `seq` and `head` are the number and digest of the last line; 0 and `GENESIS` before the first.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path, case: str, terminal: str) -> None:
        self._connection = connection
        self._path = path
        self.case = case
        self.terminal = terminal
        self.failed = False
        self._stream = {"case": case, "terminal": terminal}
        with self._watched():
            last = connection.execute(_DRIVER_HEAD, self._stream).fetchone()
        self.seq: int
        self.head: str
        self.seq, self.head = last or (0, GENESIS)

    def lines_after(self, seq: int) -> list[str]:
        """The lines of this stream beyond `seq`, for catching up with what other processes appended."""
        with self._watched():
            rows = self._connection.execute(_DRIVER_LINES, self._stream | {"after_seq": seq})
            return [line for (line,) in rows]

    def append(self, line: str) -> str:
        """Add the next line, canonical and with its newline; returns its digest. Durable when the block has ended.

        Raises LineRefused when it is not the next line of this stream. After any error the block writes nothing.
        """
        with self._watched():
            encoded = self._next(line)
            head = digest(encoded)
            self._connection.execute(
                _DRIVER_INSERT, self._stream | {"seq": self.seq + 1, "digest": head, "line": line}
            )
        self.seq, self.head = self.seq + 1, head
        return head

    def _next(self, line: str) -> bytes:
        try:
            encoded = line.encode()
            link = read_link(encoded)
        except ValueError as error:
            raise LineRefused(f"this is not a line of a log: {error}") from None
        if not is_canonical(encoded):
            raise LineRefused("this line is not in canonical form, so it is not stored")
        if (link.case, link.terminal) != (self.case, self.terminal):
            raise LineRefused(
                f"this line belongs to case {link.case} of terminal {link.terminal}, "
                f"and was given to case {self.case} of terminal {self.terminal}"
            )
        if link.seq != self.seq + 1:
            raise LineRefused(f"this line has seq {link.seq}, but the next of its stream is {self.seq + 1}")
        if link.prev != self.head:
            raise LineRefused(
                f"this line does not link: its prev is {link.prev}, but the head is {self.head}"
            )
        return encoded

    @contextmanager
    def _watched(self) -> Iterator[None]:
        # After some errors the database has rolled back by itself, so whatever fails spoils the whole block.
        try:
            with translated(self._path):
                yield
        except StoreError:
            self.failed = True
            raise


class Store:
    """An open store. Use it as a context manager, or close it."""

    def __init__(self, path: Path, *, read_only: bool, patience_s: float | None = None) -> None:
        """Open an existing store; `open_store` is the way in."""
        self.path = path
        self.read_only = read_only
        self._reader = make_engine(path, writes=False)
        self._writer: Engine | None = None
        try:
            with self.reading() as connection:
                require_current(connection, path)
                check_guards(connection)
                self.terminal = terminal_of(connection, path)
            if not read_only:
                self._writer = make_engine(path, writes=True, timeout_s=patience_s)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the store. Safe to call twice."""
        self._reader.dispose()
        if self._writer is not None:
            self._writer.dispose()

    def cases(self) -> Iterator[CaseRow]:
        """Every case, the one that was opened last first."""
        with self.reading() as connection:
            for row in connection.execute(_CASES.execution_options(yield_per=_BATCH)):
                yield CaseRow(
                    row.case,
                    tuple(row.terminals.split()),
                    row.opened,
                    row.events,
                    row.recorded_at,
                    bool(row.closed),
                )

    def find_case(self, prefix: str) -> str:
        """The id of the one case that begins with `prefix`, or of the case opened last for `last`.

        Raises CaseNotFound or CaseAmbiguous.
        """
        with self.reading() as connection:
            return find_case(connection, prefix)

    def is_closed(self, case: str) -> bool:
        """Whether a case is closed, amendments and retractions heeded."""
        with self.reading() as connection:
            return bool(connection.scalar(_CLOSED, {"case": case}))

    def streams(self, case: str) -> list[str]:
        """The terminals that wrote to a case, in order of their ids; empty for an unknown case."""
        with self.reading() as connection:
            return list(connection.scalars(_STREAMS, {"case": case}))

    def lines(self, case: str, terminal: str | None = None, after_seq: int = 0) -> Iterator[str]:
        """The stored lines of one stream beyond `after_seq`, or of every stream of the case, one after the other.

        All lines are of one moment: what is appended while they are read is not among them.
        """
        with self.reading() as connection:
            query = _lines(case, terminal, after_seq).execution_options(yield_per=_BATCH)
            yield from connection.scalars(query)

    def head(self, case: str, terminal: str) -> tuple[int, str]:
        """How many lines a stream has and the digest of its last; 0 and `GENESIS` when there is none."""
        with self.reading() as connection:
            return _head(connection, case, terminal)

    @contextmanager
    def appending(self, case: str, terminal: str | None = None) -> Iterator[Tail]:
        """Hold the end of a stream (of this terminal unless another is named) and append to it.

        All lines of the block become durable together when it ends normally; otherwise none is written. The lock is
        on the whole store, so the block should be short.
        """
        if self._writer is None:
            raise StoreReadOnly(f"{self.path} was opened for reading only")
        with translated(self.path):
            pooled = self._writer.raw_connection()
        try:
            connection = driver(pooled)
            with translated(self.path):
                connection.execute("BEGIN IMMEDIATE")
            tail = Tail(connection, self.path, case, self.terminal if terminal is None else terminal)
            yield tail
            with translated(self.path):
                if tail.failed or not connection.in_transaction:
                    raise StoreError(
                        f"{self.path}: an entry could not be written, so nothing of its block was"
                    )
                connection.execute("COMMIT")
        finally:
            # Rolls back what has not been committed.
            pooled.close()

    def append_stream(self, lines: Iterable[str]) -> bool:
        """Take in the lines of a whole stream from elsewhere; returns whether any of them was new.

        Lines that are stored already are left as they are, so a second time changes nothing. Raises LineRefused when
        the stream does not verify, StoreForked when it differs from what is stored.
        """
        given = list(lines)
        try:
            encoded = [line.encode() for line in given]
        except UnicodeEncodeError:
            raise LineRefused("the stream has an unpaired surrogate, which is not text") from None
        finding = verify_lines(encoded)
        if isinstance(finding, Break):
            raise LineRefused(f"the stream is not taken in: {finding.problem}")
        if not given:
            raise LineRefused("the stream has no lines")
        first = read_link(encoded[0])
        with self.appending(first.case, first.terminal) as tail:
            stored = tail.lines_after(0)
            for number, (ours, theirs) in enumerate(zip(stored, given), 1):
                if ours != theirs:
                    raise StoreForked(
                        f"case {first.case} of terminal {first.terminal} is stored here with another line {number}: "
                        "two histories claim to be the same; keep both files and find out which one is true"
                    )
            for line in given[len(stored) :]:
                tail.append(line)
        return len(given) > len(stored)

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """The store as it is now, for reading much of it: what is appended meanwhile is not seen."""
        with translated(self.path):
            connection = self._reader.connect()
            connection.begin()
        # What fails in the block is no error of the store.
        try:
            yield Snapshot(driver(connection.connection), self.path)
        finally:
            connection.close()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for queries of this package's own."""
        with translated(self.path), self._reader.connect() as connection:
            yield connection


class Snapshot:
    """All cases and lines of one moment, read at the driver's speed."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    def cases(self) -> list[str]:
        """The ids of all cases, in order."""
        return list(chain.from_iterable(self._column(_DRIVER_CASES, {})))

    def streams(self, case: str) -> list[str]:
        """As `Store.streams`."""
        return list(chain.from_iterable(self._column(_DRIVER_STREAMS, {"case": case})))

    def lines(self, case: str, terminal: str) -> Iterator[list[bytes]]:
        """The stored lines of one stream, as the bytes they are, some hundred at a time."""
        return self._column(_DRIVER_LINE_BYTES, {"case": case, "terminal": terminal})

    def _column(self, query: str, values: Mapping[str, str]) -> Iterator[list[Any]]:
        with translated(self._path):
            rows = self._connection.execute(query, values)
        while True:
            with translated(self._path):
                batch = [value for (value,) in rows.fetchmany(_BATCH)]
            if not batch:
                return
            yield batch


def open_store(
    location: str | Path | None = None,
    *,
    create: bool = True,
    read_only: bool = False,
    patience_s: float | None = None,
) -> Store:
    """Open the store at a path or `sqlite:///` URL; without one, in the user's data folder.

    A store that is not there is made, unless `create` is false or `read_only` true. `patience_s` is how long an
    append waits while another process writes; where nobody may wait, little of it. Raises a StoreError.
    """
    path = store_path(location)
    with translated(path):
        path = Path(os.path.realpath(path))
        refuse_network(path.parent)
        if create and not read_only and not os.path.lexists(path):
            from codelog.log.migrate import create as create_file

            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            create_file(path)
            from codelog.log.signing import ensure_key

            ensure_key(path)
        files.require_file(path)
        return Store(path, read_only=read_only, patience_s=patience_s)


def find_case(connection: Connection, prefix: str) -> str:
    """As `Store.find_case`, on a connection."""
    if prefix == "last":
        newest = connection.execute(_NEWEST).scalar()
        if newest is None:
            raise CaseNotFound("there is no case in this store yet")
        return str(newest)
    if not prefix:
        raise CaseNotFound("name a case by the beginning of its id, or `last`")
    wanted = prefix.lower()
    # The last character beyond all that an id can hold.
    found = connection.scalars(_FIND, {"low": wanted, "high": wanted + "\x7f"}).all()
    if wanted in found:
        return wanted
    if not found:
        raise CaseNotFound(f"no case begins with {prefix!a}; `codelog cases` lists them")
    if len(found) > 1:
        shown = ", ".join(found[:_SHOWN_CANDIDATES])
        more = "" if len(found) <= _SHOWN_CANDIDATES else " and more"
        raise CaseAmbiguous(
            f"several cases begin with {prefix!a}: {shown}{more}; type more of the id",
            found[:_SHOWN_CANDIDATES],
        )
    return str(found[0])


def default_path() -> Path:
    """Where the store lies unless something else is said."""
    return platformdirs.user_data_path("codelog", appauthor=False) / "codelog.db"


def store_path(location: str | Path | None) -> Path:
    """The file that a location names: a path, a `sqlite:///` URL, or the default one."""
    if location is None:
        return default_path()
    if isinstance(location, Path) or "://" not in location:
        return Path(location)
    try:
        url = make_url(location)
    except ArgumentError:
        raise StoreUnreachable(
            "the URL of the store cannot be read; it looks like sqlite:///folder/file.db"
        ) from None
    if url.get_backend_name() != "sqlite" or not url.database:
        raise StoreUnreachable(
            f"a store is a file or a sqlite:/// URL, and this is a {url.get_backend_name()} URL"
        )
    return Path(url.database)


def terminal_of(connection: Connection, path: Path) -> str:
    """The terminal that a store is now."""
    query = select(installation.c.terminal).order_by(installation.c.number.desc()).limit(1)
    terminal = connection.scalar(query)
    if terminal is None:
        raise StoreDamaged(f"{path} does not say which terminal it belongs to; restore a backup")
    return str(terminal)


def _head(connection: Connection, case: str, terminal: str) -> tuple[int, str]:
    row = connection.execute(_HEAD, {"case": case, "terminal": terminal}).first()
    return (0, GENESIS) if row is None else (int(row.seq), str(row.digest))


def _lines(case: str, terminal: str | None, after_seq: int) -> Select[str]:
    query = select(events.c.line).where(events.c.case == case, events.c.seq > after_seq)
    if terminal is not None:
        query = query.where(events.c.terminal == terminal)
    return query.order_by(events.c.terminal, events.c.seq)
