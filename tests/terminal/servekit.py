"""`codelog serve` as a process, and what its tests look at."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codelog.log.errors import StoreError
from codelog.log.store import open_store

PATIENCE_S = 30.0


@dataclass(frozen=True)
class Served:
    """A server that is ready."""

    process: Process
    url: str
    """What it printed."""

    @property
    def token(self) -> str:
        """The token in the address it printed; empty when it has one from a file."""
        return self.url.partition("?token=")[2]

    @property
    def base(self) -> str:
        """The address without the token."""
        return self.url.partition("?")[0]

    def terminals(self) -> list[int]:
        """The processes that it started."""
        return [child for child in running() if parent(child) == self.process.pid]

    async def stop(self) -> tuple[int, str]:
        """Press Ctrl+C; returns the exit code and what it said."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGINT)
        _, said = await asyncio.wait_for(self.process.communicate(), PATIENCE_S)
        assert self.process.returncode is not None
        return self.process.returncode, said.decode()


@asynccontextmanager
async def serving(store: Path, *options: str) -> AsyncIterator[Served]:
    """Serve the terminal on a store, on any free port."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "codelog", "--db", str(store), "serve", "--port", "0", *options),
        stdout=PIPE,
        stderr=PIPE,
    )
    assert process.stdout is not None
    try:
        url = (await asyncio.wait_for(process.stdout.readline(), PATIENCE_S)).decode().strip()
        yield Served(process, url)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


def running() -> list[int]:
    """The processes of this machine."""
    return [int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdigit()]


def parent(pid: int) -> int | None:
    """The parent of a process that has not ended."""
    try:
        _, _, rest = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")
    except OSError:
        return None
    state, ppid, *_ = rest.split()
    return None if state == "Z" else int(ppid)


async def until(holds: Callable[[], object | Awaitable[object]], what: str) -> None:
    """Wait for a condition."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            while True:
                held = holds()
                if await held if isinstance(held, Awaitable) else held:
                    return
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise AssertionError(f"waited in vain: {what}") from None


def stored(path: Path) -> list[dict[str, Any]]:
    """The lines of the case that was opened last, read by another connection; none when there is no case."""
    try:
        with open_store(path, read_only=True) as store:
            return [json.loads(line) for line in store.lines(store.find_case("last"))]
    except StoreError:
        return []
