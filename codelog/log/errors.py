"""What can go wrong with the store, each as one sentence that says what to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout


class StoreError(Exception):
    """The store cannot do what was asked; the message is one sentence for the person at the keyboard."""


class StoreUnreachable(StoreError):
    """The store cannot be opened, created, read or written where it lies."""


class StoreReadOnly(StoreError):
    """The store can be read and not written."""


class StoreFull(StoreError):
    """There is no room for another entry."""


class StoreBusy(StoreError):
    """Another process holds the store."""


class NotAStore(StoreError):
    """What lies there is something else."""


class StoreOutdated(StoreError):
    """The store was made by an older codelog and has to be upgraded first."""


class StoreTooNew(StoreError):
    """The store was made by a newer codelog."""


class StoreDamaged(StoreError):
    """The store is not as it was written."""


class StoreForked(StoreError):
    """Two different histories claim to be the same stream."""


class KeyUnusable(StoreError):
    """The terminal's signing key is missing, unreadable, open to others, or another one."""


class LineRefused(StoreError):
    """A line does not continue its stream; nothing was written."""


class CaseNotFound(LookupError):
    """No case has an id that begins so."""


class CaseAmbiguous(LookupError):
    """Several cases have an id that begins so; `candidates` are the first of them."""

    def __init__(self, message: str, candidates: Sequence[str]) -> None:
        super().__init__(message)
        self.candidates = tuple(candidates)


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn the errors of the database and the operating system into the ones above.

    The original is cut off on purpose: its text carries the statement and the values, which are patient data.
    """
    try:
        yield
    except DBAPIError as error:
        raise _translation(error.orig, path) from None
    except PoolTimeout:
        raise StoreBusy(f"{path} is in use by too many readers of this program at once; try again") from None
    except (sqlite3.Error, OSError) as error:
        raise _translation(error, path) from None


def _translation(error: BaseException | None, path: Path) -> StoreError:
    if isinstance(error, OSError):
        return StoreUnreachable(f"cannot reach {error.filename or path}: {error.strerror or error}")
    code = getattr(error, "sqlite_errorcode", None)
    # The low byte is the primary code; the rest only says more about it.
    match code & 0xFF if code is not None else None:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return StoreBusy(f"{path} is held by another process; close it there, or try again")
        case sqlite3.SQLITE_READONLY:
            return StoreReadOnly(
                f"{path} cannot be written: it, its folder or its disk is read-only for this user"
            )
        case sqlite3.SQLITE_FULL:
            return StoreFull(f"{path} cannot grow: the disk or the quota is full; make room and try again")
        case sqlite3.SQLITE_IOERR:
            return StoreUnreachable(
                f"{path} cannot be read or written: the disk failed ({getattr(error, 'sqlite_errorname', 'I/O error')}); "
                "check the disk and its cable, then run `codelog db check`"
            )
        case sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM | sqlite3.SQLITE_AUTH:
            return StoreUnreachable(
                f"{path} cannot be opened: check that it exists and that this user may write to its folder"
            )
        case sqlite3.SQLITE_NOTADB:
            return NotAStore(f"{path} is not a codelog store: it is not a database at all")
        case sqlite3.SQLITE_CORRUPT:
            return StoreDamaged(f"{path} is damaged ({error}); restore a backup with `codelog db restore`")
        case sqlite3.SQLITE_CONSTRAINT:
            return LineRefused(f"{path} refused the entry: {error}")
    return StoreError(f"{path}: {error}")
