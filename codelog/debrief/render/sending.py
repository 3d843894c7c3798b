"""Putting a report into a file."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def put_into(path: Path, content: bytes) -> None:
    """Write the file in one step, for the eyes of its owner: whoever opens it sees all of it or what was there before.

    What is no regular file (a pipe, a device) is written to. Raises OSError.
    """
    if path.exists() and not path.is_file():
        path.write_bytes(content)
        return
    target = path.resolve()
    working = target.with_name(f".{target.name}.{secrets.token_hex(4)}.new")
    try:
        with open(os.open(working, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(working, target)
    finally:
        working.unlink(missing_ok=True)
