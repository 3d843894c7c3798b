"""A tab's terminal ends with its tab or its server, with everything saved; the token shows nowhere."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from tests.terminal.servekit import PATIENCE_S, Served, parent, serving, stored, until

NEW = "n1112"
"""A case in the delivery room from birth; it is opened when a letter follows."""
TOKEN = "a-token-for-tests-0123456789"


@asynccontextmanager
async def tab(server: Served, token: str) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """What a browser does, without a browser."""
    async with (
        aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"}) as client,
        client.ws_connect(f"{server.base}ws?width=90&height=30") as socket,
    ):
        yield socket


async def painted(socket: aiohttp.ClientWebSocketResponse, words: bytes) -> None:
    """Read until the words were painted."""
    seen = b""
    async with asyncio.timeout(PATIENCE_S):
        while words not in seen:
            message = await socket.receive()
            assert message.type is aiohttp.WSMsgType.BINARY, message
            seen += message.data


async def typed(socket: aiohttp.ClientWebSocketResponse, keys: str) -> None:
    """Type."""
    await socket.send_json(["stdin", keys])


@pytest.mark.parametrize("end", ["the tab", "the server", "the server, killed"])
async def test_that_a_terminal_ends_and_keeps_the_case(end: str, tmp_path: Path) -> None:
    store = tmp_path / "a folder; with 'odd' names" / "codelog.db"
    async with serving(store) as server:
        async with tab(server, server.token) as socket:
            await painted(socket, b"New case")
            await typed(socket, NEW)
            (terminal,) = server.terminals()
            await painted(socket, b"weight")
            await typed(socket, "v")
            await painted(socket, b"TRAINING")
            await typed(socket, "m")
            await painted(socket, b"ompressions started")
            if end == "the tab":
                await socket.close()
            elif end == "the server":
                code, said = await server.stop()
                assert (code, "Traceback" in said) == (130, False)
            else:
                server.process.kill()
            await until(lambda: parent(terminal) is None, "the terminal to end")
        if end == "the tab":
            assert server.process.returncode is None
    assert [line["kind"] for line in stored(store)] == ["case.opened", "care.started", "care.started"]


async def test_that_a_tab_that_reads_nothing_and_goes_does_not_keep_its_terminal(tmp_path: Path) -> None:
    async with serving(tmp_path / "codelog.db") as server, tab(server, server.token) as socket:
        await until(server.terminals, "the terminal to start")
        (terminal,) = server.terminals()
        for width in (80, 120) * 100:
            await socket.send_json(["resize", {"width": width, "height": 50}])
        assert socket._conn is not None
        assert socket._conn.transport is not None
        socket._conn.transport.abort()
        await until(lambda: parent(terminal) is None, "the terminal to end")


async def test_that_what_is_no_message_is_passed_over(tmp_path: Path) -> None:
    async with serving(tmp_path / "codelog.db") as server, tab(server, server.token) as socket:
        await painted(socket, b"New case")
        for nonsense in (
            "",
            "{",
            "7",
            "[]",
            "[" * 100_000,
            '["stdin"]',
            '["stdin", 7]',
            '["stdin", "\\ud800"]',
        ):
            await socket.send_str(nonsense)
        for nonsense in (
            '["resize", {"width": "x"}]',
            '["resize", {"width": 1e9, "height": 3}]',
            '["quit", 1]',
        ):
            await socket.send_str(nonsense)
        await socket.send_bytes(b"\x00")
        await socket.send_json(["resize", {"width": -1, "height": 10**9}])
        await socket.send_json(["resize", {"width": 90, "height": 30}])
        await typed(socket, NEW)
        await painted(socket, b"weight")


async def test_that_a_terminal_that_cannot_go_on_says_why(tmp_path: Path) -> None:
    store = tmp_path / "codelog.db"
    async with serving(store) as server:
        store.write_bytes(b"something else, and much longer than the head of a database file" * 100)
        async with tab(server, server.token) as socket, asyncio.timeout(PATIENCE_S):
            texts = [message.json() async for message in socket if message.type is aiohttp.WSMsgType.TEXT]
    assert len(texts) == 1
    assert texts[0][0] == "ended"
    assert "codelog.db" in texts[0][1]


async def test_that_the_token_shows_in_no_log_and_no_list_of_processes(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(TOKEN + "\n")
    file.chmod(0o600)
    async with serving(tmp_path / "codelog.db", "--token-file", str(file)) as server:
        async with aiohttp.ClientSession() as client:
            for address in ("", f"?token={TOKEN}", f"static/?token={TOKEN}", f"ws?token={TOKEN}"):
                async with client.get(server.base + address):
                    pass
            async with client.get(f"{server.base}?token={TOKEN}", headers={"Host": "evil.example"}):
                pass
        await _not_http(server.base, f"GET /?token={TOKEN} HTTP/9.x\r\nHost: a b\r\n\r\n")
        await _not_http(server.base, f"GET /?token={TOKEN} nonsense\x00\r\n\r\n")
        async with tab(server, TOKEN) as socket:
            await painted(socket, b"New case")
            (terminal,) = server.terminals()
            for process in (server.process.pid, terminal):
                assert TOKEN.encode() not in Path(f"/proc/{process}/cmdline").read_bytes()
            assert TOKEN.encode() not in Path(f"/proc/{terminal}/environ").read_bytes()
        assert TOKEN not in server.url
        code, said = await server.stop()
    assert code == 130
    assert TOKEN not in said
    assert "Traceback" not in said


async def test_that_sigterm_ends_it_in_peace(tmp_path: Path) -> None:
    async with serving(tmp_path / "codelog.db") as server:
        os.kill(server.process.pid, signal.SIGTERM)
        assert await asyncio.wait_for(server.process.wait(), PATIENCE_S) == 0


async def _not_http(base: str, request: str) -> None:
    host, _, port = base.removeprefix("http://").rstrip("/").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(request.encode())
    await writer.drain()
    await asyncio.wait_for(reader.read(100), PATIENCE_S)
    writer.close()
    await writer.wait_closed()
