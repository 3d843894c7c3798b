"""A browser tab's scribe terminal: a process of its own, spoken to the way Textual's web driver is."""

from __future__ import annotations

import asyncio
import json
import os
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from codelog.debrief.plain import plain

DRIVER = "textual.drivers.web_driver:WebDriver"
LEAVING_S = 10.0
"""Longer than a terminal takes to write what is on its way."""

MOST_CELLS = 500
_GREETING = b"__GANGLION__\n"


class Tab:
    """One running terminal. `show` is run beside `take`, until the terminal has ended; `leave` ends it."""

    def __init__(self, process: Process) -> None:
        self._process = process

    @classmethod
    async def open(
        cls, command: Sequence[str], environment: Mapping[str, str], width: int, height: int
    ) -> Tab:
        """Start a terminal of that many cells. Raises OSError."""
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env={
                **os.environ,
                **environment,
                "TEXTUAL_DRIVER": DRIVER,
                "TEXTUAL_COLOR_SYSTEM": "truecolor",
                "COLUMNS": str(cells(width)),
                "ROWS": str(cells(height)),
            },
            # Ctrl+C is for the server, which lets every terminal write what is on its way.
            start_new_session=True,
        )
        return cls(process)

    async def show(self, paint: Callable[[bytes], Awaitable[None]]) -> str:
        """Paint until the terminal has ended; returns the sentence it left, or nothing."""
        assert self._process.stderr is not None
        said = asyncio.create_task(self._process.stderr.read())
        with suppress(asyncio.IncompleteReadError):
            await self._paint(paint)
        lines = (await said).decode("utf-8", "replace").split("\n")
        await self._process.wait()
        return plain(next((line.strip() for line in reversed(lines) if line.strip()), ""), 500)

    async def _paint(self, paint: Callable[[bytes], Awaitable[None]]) -> None:
        out = self._process.stdout
        assert out is not None
        await out.readuntil(_GREETING)
        while True:
            head = await out.readexactly(5)
            payload = await out.readexactly(int.from_bytes(head[1:], "big"))
            if head[:1] == b"D":
                await paint(payload)

    async def take(self, message: str) -> None:
        """Hand on what the page sent: keys, or another size. What is neither is passed over."""
        try:
            match json.loads(message):
                case ["stdin", str(keys)] if typed := keys.encode("utf-8", "ignore"):
                    # Never nothing: the driver would lose its place in what follows.
                    await self._send(b"D", typed)
                case ["resize", {"width": int(width), "height": int(height)}]:
                    await self._tell({"type": "resize", "width": cells(width), "height": cells(height)})
                case ["focus" | "blur" as what]:
                    await self._tell({"type": what})
        except (ValueError, RecursionError):
            return

    async def leave(self) -> None:
        """Ask the terminal to end, and wait until it has: it writes what is on its way first."""
        await self._tell({"type": "quit"})
        try:
            await asyncio.wait_for(self._process.wait(), LEAVING_S)
        except TimeoutError:
            self._process.kill()

    async def _tell(self, what: dict[str, Any]) -> None:
        await self._send(b"M", json.dumps(what).encode())

    async def _send(self, kind: bytes, payload: bytes) -> None:
        stdin = self._process.stdin
        assert stdin is not None
        if self._process.returncode is not None or stdin.is_closing():
            return
        stdin.write(kind + len(payload).to_bytes(4, "big") + payload)
        with suppress(ConnectionError):
            await stdin.drain()


def cells(wanted: int) -> int:
    """A width or height that can be painted."""
    return min(max(wanted, 1), MOST_CELLS)
