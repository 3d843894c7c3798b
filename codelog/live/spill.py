"""The spill: where entries wait, fsynced, while the store cannot take them.

Every writer has a file of its own, and holds a lock beside it for as long as it lives, so that two of them never
touch each other's entries. What a writer that is gone left behind is taken over by the next one on the same case.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import tempfile
import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import platformdirs

from codelog.live.recorder import Request

RESERVE = 65_536
"""Bytes set aside when a case is opened, so that a full disk still has room for what is typed."""

_END = ".spill.jsonl"
_LOCK_END = ".spill.lock"


@dataclass(frozen=True, slots=True)
class Spilled:
    """A request that waits. `ticket` numbers it within its writer; `follows` is the ticket of the entry it is about.

    `key` is its own for ever: it is how one entry is known in two files.
    """

    ticket: int
    request: Request
    follows: int | None = None
    key: str = field(default_factory=lambda: uuid.uuid4().hex)


class Spill:
    """The entries of one case that one writer could not save yet, and those that others left behind."""

    def __init__(self, folders: Iterable[Path], case: str) -> None:
        self._folders = list(folders)
        self._case = case
        self._owner = uuid.uuid4().hex[:12]
        self._lock: int | None = None

    @classmethod
    def beside(cls, store: Path, case: str) -> Spill:
        """The spill of a case beside its store; where that cannot be written, in folders of this user."""
        return cls(spill_folders(store), case)

    def open(self) -> None:
        """Take the lock and set room aside, as far as the disk allows. Never fails."""
        for folder in self._folders:
            try:
                _make(folder)
                if self._lock is None:
                    self._lock = os.open(folder / self._name(_LOCK_END), os.O_RDWR | os.O_CREAT, 0o600)
                    fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                room = os.open(folder / self._name(".room"), os.O_WRONLY | os.O_CREAT, 0o600)
                try:
                    os.write(room, bytes(RESERVE))
                finally:
                    os.close(room)
                return
            except OSError:
                continue

    def close(self) -> None:
        """Give room and lock back; entries that wait stay where they are. Never fails."""
        for folder in self._folders:
            for end in (".room", _LOCK_END):
                try:
                    (folder / self._name(end)).unlink(missing_ok=True)
                except OSError:
                    continue
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def write(self, waiting: Iterable[Spilled]) -> Path | None:
        """Replace this writer's file by what waits now; its path, or None when nothing waits.

        OSError if no folder takes it.
        """
        content = "".join(_line(spilled) for spilled in waiting)
        failure: OSError | None = None
        kept: Path | None = None
        for folder in self._folders:
            path = folder / self._name(_END)
            try:
                if not content or kept is not None:
                    path.unlink(missing_ok=True)
                else:
                    _make(folder)
                    self._replace(path, content)
                    kept = path
            except OSError as error:
                failure = error
        if content and kept is None:
            raise failure or OSError("no folder for the spill file")
        return kept

    def read(self) -> list[Spilled]:
        """What waits for the case in the files of writers that are gone, oldest first, each entry once."""
        found: dict[str, Spilled] = {}
        for path in self._left_behind():
            for spilled in _read(path)[0]:
                found.setdefault(spilled.key, spilled)
        return sorted(found.values(), key=lambda spilled: (spilled.request.at or 0, spilled.ticket))

    def discard_left_behind(self) -> None:
        """Delete the files that `read` read, now that their entries are safe. A file not wholly understood is kept."""
        for path in self._left_behind():
            stem = path.name.removesuffix(_END)
            try:
                if _read(path)[1]:
                    os.replace(path, path.with_name(path.name + ".unreadable"))
                for end in (_END, _LOCK_END, ".room"):
                    path.with_name(stem + end).unlink(missing_ok=True)
            except OSError:
                continue

    def keep_refused(self, spilled: Spilled) -> None:
        """Keep an entry that has no meaning where a person can find it: nothing that was typed is thrown away."""
        for folder in self._folders:
            try:
                _make(folder)
                with open(folder / f"{self._case}.refused.jsonl", "a", encoding="utf-8") as file:
                    os.fchmod(file.fileno(), 0o600)
                    file.write(_line(spilled))
                    file.flush()
                    os.fsync(file.fileno())
                return
            except OSError:
                continue

    def _name(self, end: str) -> str:
        return f"{self._case}.{self._owner}{end}"

    def _left_behind(self) -> list[Path]:
        own = self._name(_END)
        found = [path for folder in self._folders for path in _files(folder, f"{self._case}.*{_END}")]
        return [path for path in found if path.name != own and not self._alive(path)]

    def _alive(self, path: Path) -> bool:
        """Whether the writer of a file still holds its lock, in whichever folder that lies."""
        name = path.name.removesuffix(_END) + _LOCK_END
        return any(_held(folder / name) for folder in self._folders)

    def _replace(self, path: Path, content: str) -> None:
        temporary = path.with_suffix(".new")
        (path.parent / self._name(".room")).unlink(missing_ok=True)
        with open(temporary, "w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), 0o600)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
        descriptor = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def spill_folders(store: Path) -> list[Path]:
    """Where entries of a store may wait, best first. Folders that stores share are divided by the store's path."""
    mark = hashlib.sha256(os.path.realpath(store).encode("utf-8", "surrogateescape")).hexdigest()[:16]
    return [
        store.parent / "spill",
        platformdirs.user_state_path("codelog", appauthor=False) / "spill" / mark,
        Path(tempfile.gettempdir()) / f"codelog-spill-{os.getuid()}" / mark,
    ]


def waiting_cases(store: Path) -> list[str]:
    """The cases for which entries wait that a writer which is gone left behind."""
    found = {
        path.name.split(".")[0] for folder in spill_folders(store) for path in _files(folder, f"*{_END}")
    }
    return sorted(case for case in found if Spill.beside(store, case).read())


def _files(folder: Path, pattern: str) -> list[Path]:
    try:
        return sorted(folder.glob(pattern))
    except OSError:
        return []


def _held(lock: Path) -> bool:
    try:
        descriptor = os.open(lock, os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    else:
        return False
    finally:
        os.close(descriptor)


def _make(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        raise PermissionError(f"{folder} belongs to somebody else")


def _line(spilled: Spilled) -> str:
    return json.dumps(asdict(spilled), ensure_ascii=True) + "\n"


def _read(path: Path) -> tuple[list[Spilled], bool]:
    """The entries of a file, and whether there is something in it that cannot be read."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return [], True
    found, unreadable = [], False
    for line in lines:
        try:
            found.append(_spilled(json.loads(line)))
        except (ValueError, KeyError, TypeError):
            unreadable = True
    return found, unreadable


def _spilled(raw: dict[str, Any]) -> Spilled:
    return Spilled(int(raw["ticket"]), Request(**raw["request"]), raw["follows"], str(raw["key"]))
