"""Checkpoints in the store: signed notes of how many lines a stream had and to what the last one hashed.

They are made after the entries, never with them, so signing slows no entry and a crash in between loses no more than
a checkpoint that the next start makes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, func, insert, select, text

from codelog.log import files
from codelog.log.audit_kinds import AUDIT
from codelog.log.audit_stream import SOFTWARE
from codelog.log.chain import Break, verify_lines
from codelog.log.engine import held
from codelog.log.errors import LineRefused, StoreDamaged, StoreForked
from codelog.log.notes import Checkpoint, SignedCheckpoint, read_checkpoint
from codelog.log.signing import load_signer
from codelog.log.store import Store
from codelog.log.tables import audit_events, checkpoints, events

EVERY = 50
"""After so many entries a stream is signed again."""

_SWEPT = 50
_BATCH = 1000

# With a literal 1, as in the store: only then is the index on first lines used.
_ENDS = """
    SELECT first."case" AS "case", first.terminal AS terminal,
        (SELECT max(seq) FROM events AS tail
            WHERE tail."case" = first."case" AND tail.terminal = first.terminal) AS count,
        coalesce((SELECT max(count) FROM checkpoints AS done
            WHERE done."case" = first."case" AND done.terminal = first.terminal), 0) AS signed,
        coalesce((SELECT kind = 'case.closed' FROM events AS ending
            WHERE ending."case" = first."case" AND ending.terminal = first.terminal
            AND ending.kind IN ('case.closed', 'case.reopened') ORDER BY seq DESC LIMIT 1), 0) AS closed
    FROM events AS first WHERE first.seq = 1
"""
_END = text(f'{_ENDS} AND first."case" = :case AND first.terminal = :terminal')
_NEWEST_ENDS = text(f"{_ENDS} ORDER BY first.recorded_at DESC LIMIT {_SWEPT}")
_AUDIT_END = text("""
    SELECT "case", terminal, max(seq), coalesce((SELECT max(count) FROM checkpoints AS done
        WHERE done."case" = 'audit' AND done.terminal = :terminal), 0), 0
    FROM audit_events WHERE terminal = :terminal GROUP BY "case", terminal
""")

_OF_STREAM = (
    select(checkpoints.c.note)
    .where(checkpoints.c.case == bindparam("case"), checkpoints.c.terminal == bindparam("terminal"))
    .order_by(checkpoints.c.count, checkpoints.c.key)
)


@dataclass(frozen=True, slots=True)
class StreamEnd:
    """How far a stream goes, and how far it is signed."""

    case: str
    terminal: str
    count: int
    signed: int
    closed: bool

    @property
    def due(self) -> bool:
        """Whether a checkpoint should be made now."""
        return is_due(self.count, self.signed, closed=self.closed)


def is_due(count: int, signed: int, *, closed: bool) -> bool:
    """Whether a stream of `count` lines of which `signed` are signed wants a checkpoint: when closed, any new line does."""
    return count > signed if closed else count - signed >= EVERY


def newest(store: Store, case: str) -> dict[str, SignedCheckpoint]:
    """The newest checkpoint of each stream of a case, by terminal; what a report prints. Signatures are not checked."""
    with store.reading() as connection:
        return {found.checkpoint.terminal: found for found in of_case(connection, case)}


def of_case(connection: Connection, case: str) -> Iterator[SignedCheckpoint]:
    """Every readable checkpoint of a case (or of the audit streams), each stream's in order of count."""
    query = (
        select(checkpoints.c.note)
        .where(checkpoints.c.case == case)
        .order_by(checkpoints.c.terminal, checkpoints.c.count, checkpoints.c.key)
    )
    for content in connection.scalars(query):
        yield _read(content)


def of_stream(connection: Connection, case: str, terminal: str) -> list[SignedCheckpoint]:
    """Every checkpoint of a stream, in order of count."""
    return [
        _read(content) for content in connection.scalars(_OF_STREAM, {"case": case, "terminal": terminal})
    ]


def sign(store: Store, case: str, terminal: str) -> SignedCheckpoint:
    """The checkpoint of a stream up to its end: the stored one, or one made now. `case` may be `AUDIT`.

    What was written since the last checkpoint is verified first: nothing is signed that does not link. Raises
    StoreDamaged when it does not, KeyUnusable, or another StoreError.
    """
    with store.reading() as connection:
        last = next(reversed(of_stream(connection, case, terminal)), None)
        after = None if last is None else last.checkpoint.end
        table = audit_events if case == AUDIT else events
        stream = (table.c.case == case, table.c.terminal == terminal)
        count = connection.scalar(select(func.max(table.c.seq)).where(*stream)) or 0
        query = select(table.c.line).where(*stream, table.c.seq > (after.count if after else 0))
        lines = connection.scalars(query.order_by(table.c.seq).execution_options(yield_per=_BATCH))
        finding = verify_lines((line.encode() for line in lines), case, terminal, after=after)
    if isinstance(finding, Break):
        raise StoreDamaged(f"case {case}, terminal {terminal} is not signed: {finding.problem}")
    if finding.count != count or not count:
        raise StoreDamaged(
            f"case {case}, terminal {terminal} is not signed: {finding.count} lines were signed before, and {count} are here"
        )
    if last is not None and finding == after:
        return last
    signer = load_signer(store.path)
    checkpoint = Checkpoint(case, terminal, finding.count, finding.head, files.now(), SOFTWARE)
    signed = SignedCheckpoint(checkpoint, signer.sign(checkpoint.text()))
    with held(store.path) as connection:
        _insert(connection, signed)
    return signed


def sign_due(store: Store, case: str, terminal: str) -> int:
    """Sign a stream if it is due; returns how many of its lines are signed. Raises StoreError as `sign`."""
    with store.reading() as connection:
        row = connection.execute(_END, {"case": case, "terminal": terminal}).first()
    if row is None:
        return 0
    end = StreamEnd(*row)
    return sign(store, case, terminal).checkpoint.count if end.due else end.signed


def sign_overdue(store: Store) -> None:
    """Sign what an earlier run did not come to, among the streams begun last, and the audit stream when it is due.

    Raises StoreError as `sign`.
    """
    with store.reading() as connection:
        ends = [StreamEnd(*row) for row in connection.execute(_NEWEST_ENDS)]
        ends += [StreamEnd(*row) for row in connection.execute(_AUDIT_END, {"terminal": store.terminal})]
    for end in ends:
        if end.due:
            sign(store, end.case, end.terminal)


def keep(store: Store, content: str) -> bool:
    """Take in the checkpoint of an imported stream, whose lines are stored; returns whether it was new.

    Raises StoreForked when it contradicts the lines or another checkpoint, LineRefused when it is no checkpoint.
    """
    try:
        given = read_checkpoint(content)
    except ValueError as error:
        raise LineRefused(f"the checkpoint is not taken in: {error}") from None
    said = given.checkpoint
    with held(store.path) as connection:
        if _head_at(connection, said) != said.head:
            raise StoreForked(
                f"the checkpoint of case {said.case}, terminal {said.terminal} is of other lines than those stored here: "
                f"line {said.count} does not hash to the head that it names"
            )
        stored = of_stream(connection, said.case, said.terminal)
        if any((other.checkpoint.count, other.note.key) == (said.count, given.note.key) for other in stored):
            return False
        _insert(connection, given)
    return True


def _head_at(connection: Connection, said: Checkpoint) -> str | None:
    """What the stored line at the end of a checkpoint hashes to, as the store has it."""
    query = select(events.c.digest).where(
        events.c.case == said.case, events.c.terminal == said.terminal, events.c.seq == said.count
    )
    return connection.scalar(query)


def _insert(connection: Connection, signed: SignedCheckpoint) -> None:
    """Store a checkpoint, unless another process has signed the same lines meanwhile."""
    said = signed.checkpoint
    there = select(checkpoints.c.count).where(
        checkpoints.c.case == said.case,
        checkpoints.c.terminal == said.terminal,
        checkpoints.c.count == said.count,
        checkpoints.c.key == signed.note.key,
    )
    if connection.scalar(there) is not None:
        return
    row = {
        "case": said.case,
        "terminal": said.terminal,
        "count": said.count,
        "key": signed.note.key,
        "note": signed.note.write(),
    }
    connection.execute(insert(checkpoints).values(row))


def _read(content: str) -> SignedCheckpoint:
    try:
        return read_checkpoint(content)
    except ValueError as error:
        raise StoreDamaged(
            f"a checkpoint in the store cannot be read ({error}); run `codelog verify`"
        ) from None
