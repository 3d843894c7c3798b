"""Who writes a case on this machine: a lock file beside the store, held for as long as the process that writes.

The lock goes with its process, however that ends, so there is no claim of the dead. A claim is taken over by putting
another file in its place; whoever held it sees that by one look at the file. No patient data is in it.
"""

from __future__ import annotations

import fcntl
import json
import os
import pwd
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

_FOLDER = "presence"
_GUARD = "guard.lock"
_LOOK_AGAIN_S = 0.02


@dataclass(frozen=True, slots=True)
class Holder:
    """Who writes: the process, the terminal's device or "browser", the login name, and since when (ms, epoch)."""

    pid: int
    place: str
    login: str
    since: int

    @property
    def name(self) -> str:
        """The person and the place, in words."""
        return f"{self.login} at {self.place}"


UNREADABLE = Holder(0, "another terminal", "somebody", 0)
"""A claim is held, and its file does not say by whom."""


class Claim:
    """The right to write a case, for as long as nobody takes it over; `before` is who had it until then."""

    def __init__(self, path: Path, place: str, before: Holder | None) -> None:
        """Put our file in the place of what is there; `claim` is the way in."""
        self.before = before
        self.holder = Holder(os.getpid(), place, _login(), time.time_ns() // 1_000_000)
        self._path = path
        self._earlier: int | None = None
        fresh = path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        self._lock: int | None = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX)
            os.write(self._lock, json.dumps(asdict(self.holder)).encode())
            self._identity = _identity(os.fstat(self._lock))
            self._earlier = _opened(path)
            os.replace(fresh, path)
        except OSError:
            os.close(self._lock)
            raise

    def lost(self) -> bool:
        """Whether somebody has taken over. One look at the file: cheap enough for every second."""
        try:
            return _identity(os.stat(self._path)) != self._identity
        except OSError:
            return False

    def successor(self) -> Holder | None:
        """Who holds it instead, once it is lost."""
        return _held_by(self._path)

    def wait_for_release(self, timeout: float) -> bool:
        """Wait until who had it before has stopped writing, at most `timeout` seconds; whether that is so."""
        deadline = time.monotonic() + timeout
        while self._earlier is not None and _locked(self._earlier):
            if time.monotonic() >= deadline:
                return False
            time.sleep(_LOOK_AGAIN_S)
        return True

    def release(self) -> None:
        """Stop holding it. Safe to call twice; never fails."""
        lock, self._lock = self._lock, None
        earlier, self._earlier = self._earlier, None
        if earlier is not None:
            os.close(earlier)
        if lock is None:
            return
        try:
            with _guarded(self._path.parent, fcntl.LOCK_EX):
                if not self.lost():
                    self._path.unlink()
        except OSError:
            pass
        finally:
            os.close(lock)


def claim(store: Path, case: str, place: str, *, take_over: bool = False) -> Claim | Holder:
    """Claim a case for this process, or say who holds it; `take_over` claims it whoever does.

    OSError where no file can be made.
    """
    path = _file(store, case)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with _guarded(path.parent, fcntl.LOCK_EX):
        held_by = _held_by(path)
        return Claim(path, place, held_by) if held_by is None or take_over else held_by


def holder(store: Path, case: str) -> Holder | None:
    """Who writes a case now, or None. Changes nothing, so it may be asked on read-only media too."""
    path = _file(store, case)
    try:
        with _guarded(path.parent, fcntl.LOCK_SH):
            return _held_by(path)
    except FileNotFoundError:
        return None
    except OSError:
        return UNREADABLE


def _file(store: Path, case: str) -> Path:
    return store.parent / _FOLDER / f"{store.name}.{case}.lock"


@contextmanager
def _guarded(folder: Path, how: int) -> Iterator[None]:
    """Claims change one at a time; held for moments only. Looking on (LOCK_SH) makes no file."""
    flags = os.O_RDWR | os.O_CREAT if how == fcntl.LOCK_EX else os.O_RDONLY
    descriptor = os.open(folder / _GUARD, flags, 0o600)
    try:
        fcntl.flock(descriptor, how)
        yield
    finally:
        os.close(descriptor)


def _held_by(path: Path) -> Holder | None:
    descriptor = _opened(path)
    if descriptor is None:
        return None
    try:
        return _read(descriptor) if _locked(descriptor) else None
    finally:
        os.close(descriptor)


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino


def _opened(path: Path) -> int | None:
    try:
        return os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return None


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    fcntl.flock(descriptor, fcntl.LOCK_UN)
    return False


def _read(descriptor: int) -> Holder:
    try:
        raw = json.loads(os.pread(descriptor, 65_536, 0))
        return Holder(int(raw["pid"]), str(raw["place"]), str(raw["login"]), int(raw["since"]))
    except (ValueError, KeyError, TypeError):
        return UNREADABLE


def _login() -> str:
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"user {os.getuid()}"
