"""The spill file: where an entry waits, fsynced, while the store cannot take it."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from codelog.live.recorder import Request

RESERVE = 65_536
"""Bytes set aside when a case is opened, so that a full disk still has room for what is typed."""


@dataclass(frozen=True, slots=True)
class Spilled:
    """A request that waits. `ticket` numbers it within its session; `follows` is the ticket whose number it needs."""

    ticket: int
    request: Request
    follows: int | None = None


class Spill:
    """The entries of one case that are not in the store yet, oldest first."""

    def __init__(self, folders: Iterable[Path], case: str) -> None:
        self._folders = list(folders)
        self._name = f"{case}.spill.jsonl"

    @classmethod
    def beside(cls, store: Path, case: str) -> Spill:
        """The spill of a case beside its store; where that cannot be written, in the folder for temporary files."""
        return cls(
            [store.parent / "spill", Path(tempfile.gettempdir()) / f"codelog-spill-{os.getuid()}"], case
        )

    def reserve(self) -> None:
        """Set room aside while there is some. Never fails."""
        for folder in self._folders:
            try:
                _make(folder)
                with open(folder / f"{self._name}.room", "wb") as room:
                    os.fchmod(room.fileno(), 0o600)
                    os.posix_fallocate(room.fileno(), 0, RESERVE)
                return
            except OSError:
                continue

    def release(self) -> None:
        """Give the room back; whatever waits stays. Never fails."""
        for folder in self._folders:
            try:
                (folder / f"{self._name}.room").unlink(missing_ok=True)
            except OSError:
                continue

    def write(self, waiting: Iterable[Spilled]) -> Path | None:
        """Replace the file by what waits now; its path, or None when nothing waits. OSError if no folder takes it."""
        content = "".join(_line(spilled) for spilled in waiting)
        failure: OSError | None = None
        kept: Path | None = None
        for folder in self._folders:
            path = folder / self._name
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
        """What waits, oldest first; a last line that was cut off in a crash is left out."""
        for folder in self._folders:
            try:
                lines = (folder / self._name).read_text(encoding="utf-8").splitlines()
            except (OSError, UnicodeDecodeError):
                continue
            found = []
            for line in lines:
                try:
                    found.append(_spilled(json.loads(line)))
                except (ValueError, KeyError, TypeError):
                    break
            return found
        return []

    def _replace(self, path: Path, content: str) -> None:
        temporary = path.with_suffix(".new")
        (path.parent / f"{self._name}.room").unlink(missing_ok=True)
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


def _make(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        raise PermissionError(f"{folder} belongs to somebody else")


def _line(spilled: Spilled) -> str:
    return json.dumps(asdict(spilled), ensure_ascii=True) + "\n"


def _spilled(raw: dict[str, Any]) -> Spilled:
    return Spilled(int(raw["ticket"]), Request(**raw["request"]), raw["follows"])
