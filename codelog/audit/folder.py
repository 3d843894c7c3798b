"""A folder that is there as a whole or not at all: worked on beside its target, made durable, renamed.

What is finished is noted as it grows, so that an export that was cut off can be taken up where it was.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codelog.case import jsontext
from codelog.log.files import sync

_PROGRESS = "progress.jsonl"
_CHUNK = 1 << 20
_AT_ONCE = 16


class TargetRefused(Exception):
    """The export cannot go where it was to go; the message says why and what to do."""


class FolderFailed(Exception):
    """The export could not be written; the message says why."""


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One finished file: its name within the folder, bytes, SHA-256 (64 hex digits), and what it is."""

    name: str
    size: int
    sha256: str
    what: str


class HashedFile:
    """A new file that knows the SHA-256 of what was written to it. Written in large pieces."""

    def __init__(self, file: io.FileIO, name: str, what: str) -> None:
        self.name = name
        self.what = what
        self._file = file
        self._sha256 = hashlib.sha256()
        self._size = 0
        self._waiting: list[bytes] = []
        self._waiting_bytes = 0

    @classmethod
    def new(cls, path: Path, name: str, what: str) -> HashedFile:
        """An empty file."""
        return cls(io.FileIO(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w"), name, what)

    @classmethod
    def continued(cls, path: Path, entry: FileEntry) -> HashedFile | None:
        """The file cut back to what `entry` says it was; None when it was not that."""
        try:
            # Where this makes it longer instead, its digest differs.
            os.truncate(path, entry.size)
            file = cls(io.FileIO(path, "r+"), entry.name, entry.what)
        except FileNotFoundError:
            return None
        while chunk := file._file.read(_CHUNK):
            file._sha256.update(chunk)
        file._size = entry.size
        if file._sha256.hexdigest() == entry.sha256:
            return file
        file.close()
        return None

    def write(self, content: bytes) -> None:
        """Add to the end."""
        self._waiting.append(content)
        self._waiting_bytes += len(content)
        if self._waiting_bytes >= _CHUNK:
            self.flush()

    def flush(self) -> None:
        """Hand everything to the system."""
        chunk = memoryview(b"".join(self._waiting))
        self._waiting, self._waiting_bytes = [], 0
        self._sha256.update(chunk)
        self._size += len(chunk)
        while chunk:
            chunk = chunk[self._file.write(chunk) :]

    def entry(self) -> FileEntry:
        """What the file is so far."""
        self.flush()
        return FileEntry(self.name, self._size, self._sha256.hexdigest(), self.what)

    def close(self) -> None:
        """Let go of the file."""
        self._waiting = []
        self._file.close()


class WorkingFolder:
    """The folder while it is being filled. `done` holds what each finished batch noted, in order."""

    def __init__(self, path: Path, request: Mapping[str, Any]) -> None:
        self.path = path
        self.done: list[Any] = []
        self.files: dict[str, FileEntry] = {}
        self._open: dict[str, HashedFile] = {}
        self._new: set[str] = set()
        self._request = request
        path.mkdir(mode=0o700, exist_ok=True)
        descriptor = os.open(path / _PROGRESS, os.O_CREAT | os.O_RDWR, 0o600)
        self._progress = open(descriptor, "r+b", buffering=0)  # noqa: SIM115
        try:
            fcntl.flock(self._progress, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._progress.close()
            raise TargetRefused(
                f"another export to {path.name[1:].removesuffix(_PARTIAL)} is running; wait for it"
            ) from None
        if not self._taken_up():
            self.begin_anew()

    def file(self, name: str, what: str) -> HashedFile:
        """A new file to add to. `name` may have one folder in it."""
        path = self.path / name
        if path.parent != self.path:
            path.parent.mkdir(mode=0o700, exist_ok=True)
        file = self._open[name] = HashedFile.new(path, name, what)
        return file

    def file_to_continue(self, name: str) -> HashedFile | None:
        """A file that was begun, by this export or the one that it takes up; None when there is none."""
        if name in self.files and name not in self._open:
            file = HashedFile.continued(self.path / name, self.files[name])
            assert file is not None
            self._open[name] = file
        return self._open.get(name)

    def finish(self, name: str) -> FileEntry:
        """Nothing more is added to a file."""
        file = self._open[name]
        entry = self.files[name] = file.entry()
        file.close()
        del self._open[name]
        self._new.add(name)
        return entry

    def write(self, name: str, what: str, content: bytes) -> FileEntry:
        """A whole file."""
        self.file(name, what).write(content)
        return self.finish(name)

    def note(self, done: Any) -> None:
        """All that was written so far is a finished batch; `done` (a JSON value) is kept with it."""
        for name, file in self._open.items():
            entry = file.entry()
            if self.files.get(name) != entry:
                self.files[name] = entry
                self._new.add(name)
        files = [_values(self.files[name]) for name in sorted(self._new)]
        row = jsontext.canonical({"done": done, "files": files}) + "\n"
        self._progress.write(row.encode())
        # As another export would find it.
        self.done.append(json.loads(row)["done"])
        self._new.clear()

    def close(self) -> None:
        """Let go of every file."""
        for file in self._open.values():
            file.close()
        self._open.clear()
        self._progress.close()

    def put_in_place(self, target: Path) -> None:
        """Make everything durable and give the folder its name in one step."""
        assert not self._open
        (self.path / _PROGRESS).unlink()
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            # All at once, so that the system can write them together.
            for _ in pool.map(sync, (self.path / name for name in self.files)):
                pass
        for folder in {(self.path / name).parent for name in self.files} | {self.path}:
            sync(folder)
        if os.path.lexists(target):
            raise _exists(target)
        os.rename(self.path, target)
        sync(target.parent)

    def begin_anew(self) -> None:
        """Forget whatever lies here."""
        for found in self.path.iterdir():
            if found.name != _PROGRESS:
                shutil.rmtree(found) if found.is_dir() else found.unlink()
        self.done, self.files = [], {}
        self._progress.seek(0)
        self._progress.truncate()
        self._progress.write((jsontext.canonical(self._request) + "\n").encode())

    def _taken_up(self) -> bool:
        """Go on with what is here, if it is an unfinished export of the same request and as it was left."""
        try:
            first, *rows = [json.loads(line) for line in _whole_lines(self._progress.read())]
        except ValueError:
            return False
        if first != self._request:
            return False
        for row in rows:
            self.done.append(row["done"])
            self.files |= {entry.name: entry for entry in (FileEntry(*values) for values in row["files"])}
        for found in self.path.rglob("*"):
            name = str(found.relative_to(self.path))
            if found.is_file() and name != _PROGRESS and name not in self.files:
                found.unlink()
        for name, entry in self.files.items():
            file = HashedFile.continued(self.path / name, entry)
            if file is None:
                return False
            file.close()
        return True


@contextmanager
def new_folder(target: Path, request: Mapping[str, Any], *, resumable: bool) -> Iterator[WorkingFolder]:
    """A folder to fill, which becomes `target` when the block ends. A block that fails leaves nothing.

    An interrupted block of a `resumable` export leaves its work, which the same `request` (JSON values) takes up.
    Raises TargetRefused or FolderFailed.
    """
    target = Path(os.path.abspath(target))
    if os.path.lexists(target):
        raise _exists(target)
    if not target.parent.is_dir():
        raise TargetRefused(f"{target.parent} is not a folder; make it first")
    working = target.with_name(f".{target.name}{_PARTIAL}")
    try:
        folder = WorkingFolder(working, request)
    except OSError as error:
        raise _failed(target, error) from None
    try:
        if not resumable:
            folder.begin_anew()
        yield folder
        folder.put_in_place(target)
    except KeyboardInterrupt:
        folder.close()
        if not resumable:
            shutil.rmtree(working, ignore_errors=True)
        raise
    except OSError as error:
        folder.close()
        shutil.rmtree(working, ignore_errors=True)
        raise _failed(target, error) from None
    except BaseException:
        folder.close()
        shutil.rmtree(working, ignore_errors=True)
        raise
    folder.close()


_PARTIAL = ".partial"


def _exists(target: Path) -> TargetRefused:
    return TargetRefused(f"{target} is there already; name a new folder, an export never replaces anything")


def _failed(target: Path, error: OSError) -> FolderFailed:
    return FolderFailed(f"{target} cannot be written: {error.strerror or error}; nothing was left there")


def _values(entry: FileEntry) -> list[Any]:
    return [entry.name, entry.size, entry.sha256, entry.what]


def _whole_lines(content: bytes) -> list[bytes]:
    """The lines that were written to their ends."""
    return content.split(b"\n")[:-1]
