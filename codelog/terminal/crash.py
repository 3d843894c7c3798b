"""What is left of a crash: where it happened, and nothing of what was being recorded."""

from __future__ import annotations

import os
import traceback
from datetime import UTC, datetime
from pathlib import Path

from codelog import __version__

_OURS = Path(__file__).resolve().parents[1]


def crash_text(error: BaseException) -> str:
    """Type of the error and the frames of this program; no message, no values: both can be patient data."""
    lines = [
        f"codelog {__version__}, {datetime.now(UTC).isoformat(timespec='seconds')}",
        type(error).__qualname__,
    ]
    for frame in traceback.extract_tb(error.__traceback__):
        path = Path(frame.filename)
        if path.is_relative_to(_OURS):
            lines.append(f"  {path.relative_to(_OURS.parent)}:{frame.lineno} in {frame.name}")
    return "\n".join(lines) + "\n"


def write_crash(error: BaseException, folder: Path) -> Path | None:
    """Write the crash file; its path, or None where it cannot be written. Never fails."""
    path = folder / f"crash-{datetime.now(UTC).strftime('%Y%m%dT%H%M%SZ')}-{os.getpid()}.txt"
    try:
        with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
            file.write(crash_text(error))
    except OSError:
        return None
    return path
