"""A scribe terminal in a real pty, driven by the bytes that a keyboard sends."""

from __future__ import annotations

import asyncio
import fcntl
import os
import pty
import struct
import sys
import termios
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

BYTES = {
    "enter": b"\r",
    "tab": b"\t",
    "backspace": b"\x7f",
    "space": b" ",
    "up": b"\x1b[A",
    "down": b"\x1b[B",
    **{f"f{number}": b"\x1bO" + letter for number, letter in enumerate((b"P", b"Q", b"R", b"S"), 1)},
    **{f"f{number}": b"\x1b[%d~" % code for number, code in enumerate((15, 17, 18, 19, 20, 21), 5)},
}
"""key -> what a keyboard sends for it, beyond letters and digits."""


class PtyTerminal:
    """The terminal and what it has painted so far."""

    def __init__(self, master: int) -> None:
        self._master = master
        self.painted = b""

    async def keys(self, *keys: str) -> None:
        """Press keys."""
        os.write(self._master, b"".join(BYTES.get(key, key.encode()) for key in keys))

    def read(self) -> None:
        """Take in what was painted."""
        try:
            self.painted += os.read(self._master, 65_536)
        except OSError:
            asyncio.get_running_loop().remove_reader(self._master)


@asynccontextmanager
async def pty_terminal(
    store: Path, *, width: int = 111, height: int = 26, program: Sequence[str] | None = None
) -> AsyncIterator[PtyTerminal]:
    """Run the terminal on the store at `store`, in a pty of that many cells; `program` is run in its place."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *(program or ("-m", "codelog", "--db", str(store))),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        env={**os.environ, "TERM": "xterm-256color"},
    )
    os.close(theirs)
    terminal = PtyTerminal(ours)
    asyncio.get_running_loop().add_reader(ours, terminal.read)
    try:
        yield terminal
    finally:
        process.kill()
        await process.wait()
        asyncio.get_running_loop().remove_reader(ours)
        os.close(ours)
