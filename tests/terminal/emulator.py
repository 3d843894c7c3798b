"""What a terminal shows that was painted on: tmux reads the bytes, and is asked for the rows."""

from __future__ import annotations

import asyncio
import shlex
import shutil
import tempfile
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.terminal.ptykit import PtyTerminal

TMUX = shutil.which("tmux")


class Emulator:
    """A screen that follows what a terminal paints."""

    def __init__(self, socket: Path, read: Path, terminal: PtyTerminal) -> None:
        self._socket = socket
        self._read = read
        self._terminal = terminal
        self._told = 0

    async def rows(self) -> list[str]:
        """The rows as they stand, with what was painted meanwhile on its way."""
        painted = self._terminal.painted
        with self._read.open("ab") as file:
            file.write(painted[self._told :])
        self._told = len(painted)
        return (await self.tmux("capture-pane", "-p")).splitlines()

    async def tmux(self, *command: str) -> str:
        """Have tmux do something; what it printed."""
        assert TMUX is not None
        process = await asyncio.create_subprocess_exec(
            *(TMUX, "-S", str(self._socket), "-f", "/dev/null", *command), stdout=PIPE
        )
        said, _ = await process.communicate()
        return said.decode()


@asynccontextmanager
async def emulated(terminal: PtyTerminal, width: int, height: int) -> AsyncIterator[Emulator]:
    """Show on a screen of that size what the terminal has painted so far and paints from now on."""
    # Not in the test's own folder: the path of a socket has to be short.
    with tempfile.TemporaryDirectory(prefix="codelog-tmux-") as folder:
        read = Path(folder) / "painted"
        read.touch()
        emulator = Emulator(Path(folder) / "socket", read, terminal)
        # Answers to what the bytes ask of a terminal must not be echoed among them.
        shown = f"stty -echo; exec tail -c +1 -f {shlex.quote(str(read))}"
        size = ("-x", str(width), "-y", str(height))
        await emulator.tmux("new-session", "-d", *size, shown)
        try:
            yield emulator
        finally:
            await emulator.tmux("kill-server")
