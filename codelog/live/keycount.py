"""How many keys a case took, kept in a small file beside its store.

It is no part of the log, and nothing depends on it: where the file cannot be written or read, there is no count.
"""

from __future__ import annotations

import json
import os
import threading
import uuid
from contextlib import suppress
from pathlib import Path

SAVED_EVERY = 100
"""Presses after which the count is written, besides the end."""


class KeyCount:
    """The presses in one case. `press` may be called wherever keys arrive: it never waits for the disk."""

    def __init__(self, path: Path, keys: int | None = 0) -> None:
        self._path = path
        self._keys = keys
        self._writing = threading.Lock()

    @classmethod
    def begin(cls, store: Path, case: str) -> KeyCount:
        """The count of a new case of the store at `store`."""
        return cls(_path(store, case))

    @classmethod
    def go_on(cls, store: Path, case: str) -> KeyCount:
        """The count of a case that is resumed. What was not counted from the beginning is not counted now."""
        return cls(_path(store, case), keys_of(store, case))

    @property
    def keys(self) -> int | None:
        """The presses so far; None where they are not counted."""
        return self._keys

    def press(self) -> None:
        """Count one key."""
        if self._keys is None:
            return
        self._keys += 1
        if self._keys % SAVED_EVERY == 0:
            threading.Thread(target=self.save, name="codelog-keys", daemon=True).start()

    def save(self) -> None:
        """Write the count; never fails, and replaces the file whole."""
        if self._keys is None:
            return
        temporary = self._path.with_suffix(f".{uuid.uuid4().hex[:8]}")
        with self._writing:
            try:
                self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                    json.dump({"keys": self._keys}, file)
                os.replace(temporary, self._path)
            except OSError:
                with suppress(OSError):
                    temporary.unlink(missing_ok=True)


def keys_of(store: Path, case: str) -> int | None:
    """The presses that a case of the store at `store` took; None where they were not counted."""
    try:
        kept = json.loads(_path(store, case).read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    keys = kept.get("keys") if isinstance(kept, dict) else None
    return keys if type(keys) is int and keys >= 0 else None


def _path(store: Path, case: str) -> Path:
    return store.parent / "usage" / f"{case}.json"
