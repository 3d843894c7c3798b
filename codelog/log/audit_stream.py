"""Who looked: what is done with the record, as events of the terminal's own stream, chained like a case's.

A line has `v` `case` (always `audit`) `terminal` `seq` `prev` `kind` `at` `by` `software` `data`. It cannot be switched off.
"""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select

from codelog import __version__
from codelog.case import jsontext
from codelog.log import files
from codelog.log.audit_kinds import AUDIT, PROTOCOL_USED, VIEWED
from codelog.log.chain import GENESIS, digest
from codelog.log.engine import held
from codelog.log.errors import StoreDamaged, StoreError, translated
from codelog.log.schema import require_current
from codelog.log.store import Store, terminal_of
from codelog.log.tables import audit_events

_FIELDS = ("terminal", "seq", "kind", "at", "by", "software", "data")

SOFTWARE = f"codelog {__version__}"


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One line of an audit stream: `by` (a login name) did `kind` at an instant (UTC, as in the log).

    `data` always has `command`; whatever concerns cases has `cases`, their ids.
    """

    terminal: str
    seq: int
    kind: str
    at: str
    by: str
    software: str
    data: Mapping[str, Any]
    line: str


class AuditTail:
    """The end of this terminal's audit stream, held for writing; what is appended is durable with the block."""

    def __init__(self, connection: Connection, terminal: str) -> None:
        self.connection = connection
        self.terminal = terminal
        query = (
            select(audit_events.c.seq, audit_events.c.digest)
            .where(audit_events.c.case == AUDIT, audit_events.c.terminal == terminal)
            .order_by(audit_events.c.seq.desc())
            .limit(1)
        )
        last = connection.execute(query).first()
        self._seq, self._head = (0, GENESIS) if last is None else (int(last.seq), str(last.digest))

    def append(self, kind: str, data: Mapping[str, Any]) -> None:
        """Add an event."""
        self._seq += 1
        line = jsontext.canonical(
            {
                "v": 1,
                "case": AUDIT,
                "terminal": self.terminal,
                "seq": self._seq,
                "prev": self._head,
                "kind": kind,
                "at": files.now(),
                "by": login(),
                "software": SOFTWARE,
                "data": dict(data),
            }
        )
        line = line.encode(errors="replace").decode() + "\n"
        self._head = digest(line.encode())
        row = {"case": AUDIT, "terminal": self.terminal, "seq": self._seq, "digest": self._head, "line": line}
        self.connection.execute(insert(audit_events).values(row))


@contextmanager
def auditing(path: Path) -> Iterator[AuditTail]:
    """Hold the audit stream of the store at `path`, opened for that alone. Raises StoreError.

    The guards are not asked for: that somebody looked at a damaged store is worth a line too.
    """
    with translated(path):
        files.require_file(path)
    with held(path) as connection:
        require_current(connection, path)
        yield AuditTail(connection, terminal_of(connection, path))


def note(path: Path, kind: str, data: Mapping[str, Any]) -> None:
    """Append one event to the audit stream of the store at `path`; it is durable on return. Raises StoreError."""
    with auditing(path) as tail:
        tail.append(kind, data)


def note_view(store: Store, case: str, command: str) -> str | None:
    """Note that a case is looked at, if it is closed. Returns why that could not be written, or None.

    Reading must not fail because the store lies where it cannot be written; whoever looks is told instead.
    """
    if not store.is_closed(case):
        return None
    return try_note(store.path, VIEWED, {"command": command, "cases": [case]})


def try_note(path: Path, kind: str, data: Mapping[str, Any]) -> str | None:
    """As `note`, but returns why it could not be written, as a sentence to tell, or None."""
    try:
        note(path, kind, data)
    except StoreError as error:
        return f"this does not stand in the audit stream, since it could not be written: {error}"
    return None


def note_protocol(store: Store, digest_of_file: str, identity: str, version: str) -> None:
    """Note that a case is about to be opened with a protocol, if its digest was not seen on this store before."""
    with store.reading() as connection:
        used = any(
            event.data.get("digest") == digest_of_file
            for event in read_events(connection, kinds=[PROTOCOL_USED])
        )
    if not used:
        data = {"command": "open a case", "protocol": identity, "version": version, "digest": digest_of_file}
        note(store.path, PROTOCOL_USED, data)


def audit_events_of(store: Store) -> Iterator[AuditEvent]:
    """Every audit event of the store, of every terminal it has been, in order of time."""
    with store.reading() as connection:
        yield from read_events(connection)


def read_events(connection: Connection, kinds: list[str] | None = None) -> Iterator[AuditEvent]:
    """As `audit_events_of`, of some kinds or all. Raises StoreDamaged for a line that cannot be read."""
    query = select(audit_events.c.line)
    if kinds is not None:
        query = query.where(audit_events.c.kind.in_(kinds))
    query = query.order_by(audit_events.c.at, audit_events.c.terminal, audit_events.c.seq)
    for line in connection.scalars(query.execution_options(yield_per=500)):
        try:
            raw = jsontext.parse(line)
            event = AuditEvent(**{name: raw[name] for name in _FIELDS}, line=line)
        except (jsontext.JsonError, LookupError, TypeError):
            raise StoreDamaged("a line of the audit stream cannot be read; run `codelog verify`") from None
        yield event


def login() -> str:
    """The login name of whoever runs the program. Not from the environment, which everybody can set."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid {os.getuid()}"
