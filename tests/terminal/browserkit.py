"""A Chromium without a window, driven through its DevTools protocol. Tests wait for what they expect, never for a time."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import shutil
import signal
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp

from tests.terminal.servekit import PATIENCE_S, until

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

BINARY = 2
"""The kind of frame that bytes travel in."""

NAMED = {"enter": ("Enter", 13, "\r"), "backspace": ("Backspace", 8, ""), "tab": ("Tab", 9, "")}
"""key -> its name, number and text in a browser, beyond letters, digits and F-keys."""


class Page:
    """One page of the browser."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._number = 0
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self.requested: list[str] = []
        """Every address that the page asked for, websockets included."""
        self.complaints: list[str] = []
        """What the browser refused or the page's script failed at."""
        self.painted = b""
        """What the terminal has painted so far."""

    async def listen(self) -> None:
        """Take in what the browser says, until it is gone."""
        async for message in self._socket:
            said = json.loads(message.data)
            if "id" in said:
                self._answers.pop(said["id"]).set_result(said)
            else:
                self._note(said.get("method"), said.get("params", {}))

    def _note(self, method: str, what: dict[str, Any]) -> None:
        if method == "Network.requestWillBeSent":
            self.requested.append(what["request"]["url"])
        elif method == "Network.webSocketCreated":
            self.requested.append(what["url"])
        elif method == "Network.webSocketFrameReceived" and what["response"]["opcode"] == BINARY:
            self.painted += base64.b64decode(what["response"]["payloadData"])
        elif method == "Log.entryAdded" and what["entry"]["level"] == "error":
            self.complaints.append(what["entry"]["text"])
        elif method == "Runtime.exceptionThrown":
            self.complaints.append(what["exceptionDetails"]["text"])

    async def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Have the browser do something."""
        self._number += 1
        answer = self._answers[self._number] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": self._number, "method": method, "params": params})
        said = await asyncio.wait_for(answer, PATIENCE_S)
        assert "error" not in said, said
        result: dict[str, Any] = said["result"]
        return result

    async def value(self, script: str) -> Any:
        """The value of an expression on the page."""
        said = await self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in said, said
        return said["result"].get("value")

    async def until(self, holds: str) -> None:
        """Wait for an expression on the page to be true."""
        await until(lambda: self.value(holds), holds)

    async def keys(self, *keys: str) -> None:
        """Press keys, as a keyboard does."""
        for key in keys:
            name, number, text = _key(key)
            pressed = {"key": name, "code": name, "windowsVirtualKeyCode": number}
            await self.call("Input.dispatchKeyEvent", type="keyDown", text=text, **pressed)
            await self.call("Input.dispatchKeyEvent", type="keyUp", **pressed)


def _key(key: str) -> tuple[str, int, str]:
    if key in NAMED:
        return NAMED[key]
    if len(key) > 1:
        return key.upper(), 111 + int(key[1:]), ""
    return key, ord(key.upper()), key


@asynccontextmanager
async def browser(folder: Path, script: str = "") -> AsyncIterator[Page]:
    """A browser with one empty page, on which `script` runs first wherever it goes; its data lies in `folder`."""
    assert CHROMIUM is not None
    process = await asyncio.create_subprocess_exec(
        CHROMIUM,
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--remote-debugging-port=0",
        "--window-size=1000,700",
        f"--user-data-dir={folder / 'chromium'}",
        "about:blank",
        stdout=DEVNULL,
        stderr=PIPE,
        start_new_session=True,
        env={**os.environ, "HOME": str(folder)},
    )
    try:
        port = await asyncio.wait_for(_debugging_port(process), PATIENCE_S)
        async with aiohttp.ClientSession() as session:
            async with session.get(f"http://127.0.0.1:{port}/json/list") as listed:
                pages = [target for target in await listed.json() if target["type"] == "page"]
            async with session.ws_connect(pages[0]["webSocketDebuggerUrl"], max_msg_size=0) as socket:
                page = Page(socket)
                listening = asyncio.create_task(page.listen())
                for part in ("Page", "Network", "Runtime", "Log"):
                    await page.call(f"{part}.enable")
                await page.call("Page.addScriptToEvaluateOnNewDocument", source=script)
                yield page
        await listening
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.communicate()


async def _debugging_port(process: asyncio.subprocess.Process) -> int:
    assert process.stderr is not None
    async for line in process.stderr:
        if b"DevTools listening on" in line:
            return int(line.split(b":")[2].split(b"/")[0])
    raise AssertionError("the browser ended")
