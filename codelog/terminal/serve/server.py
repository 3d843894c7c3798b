"""The server: the page, its parts, and the websocket that each tab's terminal is behind."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import resources
from pathlib import Path

from aiohttp import WSCloseCode, WSMsgType, web

from codelog.terminal.serve.gate import Gate
from codelog.terminal.serve.tab import LEAVING_S, Tab

INTERRUPTED = 130
HEARTBEAT_S = 15.0
PAGE = Path(__file__).parent / "page"

_log = logging.getLogger("codelog.serve")


class CannotListen(Exception):
    """The address or port cannot be had; the message is one sentence."""


class TerminalServer:
    """Serves the scribe terminal on one store to those whom the gate lets in."""

    def __init__(
        self, gate: Gate, port: int, *, store: str | None = None, protocol: str | None = None
    ) -> None:
        self._gate = gate
        self._port = port
        self._command = [sys.executable, "-m", "codelog"]
        if protocol is not None:
            self._command += ["--protocol", protocol]
        # In the environment, since everybody on the machine can read a command line.
        self._environment = {} if store is None else {"CODELOG_DB": store}
        self._open: set[web.WebSocketResponse] = set()

    def app(self) -> web.Application:
        """The application, without an address."""
        app = web.Application(middlewares=[self._gate.admit])
        app.on_response_prepare.append(self._gate.seal)
        app.on_shutdown.append(self._close_tabs)
        app.router.add_get("/", self._page)
        app.router.add_get("/ws", self._tab)
        app.router.add_static("/page/", PAGE)
        app.router.add_static("/static/", Path(str(resources.files("textual_serve"))) / "static")
        return app

    def run(self, ready: Callable[[int], None]) -> int:
        """Serve until Ctrl+C or SIGTERM; returns the exit code. `ready` is told the port. Raises CannotListen."""
        return asyncio.run(self._run(ready))

    async def _run(self, ready: Callable[[int], None]) -> int:
        loop = asyncio.get_running_loop()
        ended: asyncio.Future[int] = loop.create_future()

        def end(code: int) -> None:
            if not ended.done():
                ended.set_result(code)

        runner = web.AppRunner(
            self.app(), access_log=None, logger=_plain_logger(), shutdown_timeout=2 * LEAVING_S
        )
        await runner.setup()
        try:
            await self._listen(runner)
            loop.add_signal_handler(signal.SIGINT, end, INTERRUPTED)
            loop.add_signal_handler(signal.SIGTERM, end, 0)
            ready(runner.addresses[0][1])
            return await ended
        finally:
            await runner.cleanup()

    async def _listen(self, runner: web.AppRunner) -> None:
        try:
            await web.TCPSite(runner, self._gate.host, self._port).start()
        except OSError as error:
            # asyncio puts its own words around the error of a bind, but not of a name that is not known.
            why = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
            raise CannotListen(
                f"port {self._port} on {self._gate.host} cannot be used: {why}; choose another with --port or --host"
            ) from None

    async def _page(self, request: web.Request) -> web.StreamResponse:
        return web.FileResponse(PAGE / "index.html")

    async def _tab(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT_S)
        await socket.prepare(request)
        self._open.add(socket)
        try:
            tab = await Tab.open(
                self._command,
                self._environment,
                _number(request, "width", 80),
                _number(request, "height", 24),
            )
            showing = asyncio.create_task(_show(tab, socket))
            try:
                async for message in socket:
                    if message.type is not WSMsgType.TEXT:
                        continue
                    if message.data == '["alive"]':
                        await _send(socket, '["alive"]')
                    else:
                        await tab.take(message.data)
            finally:
                await tab.leave()
                await showing
        finally:
            self._open.discard(socket)
        return socket

    async def _close_tabs(self, app: web.Application) -> None:
        await asyncio.gather(*(socket.close(code=WSCloseCode.GOING_AWAY) for socket in self._open))


async def _show(tab: Tab, socket: web.WebSocketResponse) -> None:
    """Paint a terminal in its tab until it ends. A tab that is gone must not stop it from ending."""

    async def paint(screen: bytes) -> None:
        await _send(socket, screen)

    sentence = await tab.show(paint)
    await _send(socket, json.dumps(["ended", sentence]))
    await socket.close()


async def _send(socket: web.WebSocketResponse, what: str | bytes) -> None:
    if socket.closed:
        return
    with suppress(ConnectionError):
        await (socket.send_str(what) if isinstance(what, str) else socket.send_bytes(what))


def _number(request: web.Request, name: str, otherwise: int) -> int:
    text = request.query.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else otherwise


def _plain_logger() -> logging.Logger:
    """Faults in one line each: a traceback is not for users, and requests, which may hold the token, are not logged."""

    class OneLine(logging.Formatter):
        def format(self, record: logging.LogRecord) -> str:
            kind = "" if not record.exc_info or record.exc_info[0] is None else record.exc_info[0].__name__
            return f"codelog: {record.getMessage()} {kind}".rstrip()

    if not _log.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(OneLine())
        _log.addHandler(handler)
        _log.propagate = False
    return _log
