"""Nobody gets anything without the token, and no other site can make a browser that has it ask for something."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http.cookies import SimpleCookie

import aiohttp
import pytest
from aiohttp import web
from yarl import URL

from codelog.terminal.serve.gate import HEADERS, Gate, new_token, on_loopback
from codelog.terminal.serve.server import TerminalServer

TOKEN = "right.token-0123"
PATHS = ("", "ws", "page/page.js", "static/js/textual.js", "static/", "nothing-here", "favicon.ico")
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@asynccontextmanager
async def served(host: str = "127.0.0.1") -> AsyncIterator[tuple[aiohttp.ClientSession, str]]:
    """The application as it stands behind `host`, and a client that keeps no cookies."""
    runner = web.AppRunner(TerminalServer(Gate(TOKEN, host), 0).app(), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as client:
            yield client, f"http://127.0.0.1:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()


@pytest.mark.parametrize(
    "shown",
    [
        {},
        {"Authorization": "Bearer wrong.token-0123"},
        {"Authorization": f"Bearer {TOKEN}x"},
        {"Authorization": f"Bearer {TOKEN[:-1]}"},
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": "Bearer"},
        {"Cookie": f"codelog-1={TOKEN}"},
        {"Cookie": "codelog-{port}="},
        {"Cookie": "codelog-{port}=wrong.token-0123"},
    ],
    ids=lambda shown: " ".join(shown.values()) or "nothing",
)
async def test_that_nothing_is_given_without_the_token(shown: dict[str, str]) -> None:
    async with served() as (client, base):
        port = base.rpartition(":")[2].rstrip("/")
        headers = {name: value.replace("{port}", port) for name, value in shown.items()}
        for path in PATHS:
            for method in ("GET", "POST"):
                async with client.request(method, base + path, headers=headers) as refused:
                    assert (path, refused.status) == (path, 401)
                    assert "token" in await refused.text()
                    assert "Set-Cookie" not in refused.headers
        with pytest.raises(aiohttp.WSServerHandshakeError) as failed:
            await client.ws_connect(f"{base}ws", headers=headers)
        assert failed.value.status == 401


@pytest.mark.parametrize("path", PATHS[1:])
async def test_that_the_token_in_an_address_opens_the_page_alone(path: str) -> None:
    async with served() as (client, base), client.get(f"{base}{path}?token={TOKEN}") as refused:
        assert refused.status == 401


async def test_that_the_address_with_the_token_gives_a_cookie_for_all_the_rest() -> None:
    async with served() as (client, base):
        async with client.get(f"{base}?token={TOKEN}") as page:
            assert page.status == 200
            (cookie,) = SimpleCookie(page.headers["Set-Cookie"]).values()
        assert (cookie["httponly"], cookie["samesite"]) == (True, "Strict")
        assert not cookie["domain"]
        assert cookie.key == f"codelog-{base.rpartition(':')[2].rstrip('/')}"
        for path in ("", "page/page.js", "static/js/textual.js"):
            async with client.get(base + path, headers={"Cookie": f"{cookie.key}={cookie.value}"}) as part:
                assert part.status == 200
                assert "Set-Cookie" not in part.headers


@pytest.mark.parametrize("path", ["", "page/page.js", "static/css/xterm.css"])
async def test_that_the_header_is_as_good_as_the_cookie(path: str) -> None:
    async with served() as (client, base), client.get(base + path, headers=BEARER) as given:
        assert given.status == 200


@pytest.mark.parametrize(
    "path", ["static/", "page/", "static/js/", "page/../gate.py", "page/%2e%2e/gate.py", "page//etc/hosts"]
)
async def test_that_folders_are_not_listed_and_not_left(path: str) -> None:
    async with (
        served() as (client, base),
        client.get(URL(base + path, encoded=True), headers=BEARER) as refused,
    ):
        assert refused.status in (403, 404)


@pytest.mark.parametrize(
    ("behind", "host", "status"),
    [
        ("127.0.0.1", "localhost", 200),
        ("127.0.0.1", "localhost:8000", 200),
        ("127.0.0.1", "127.0.0.1:8000", 200),
        ("127.0.0.1", "[::1]:8000", 200),
        ("127.0.0.1", "evil.example", 403),
        ("127.0.0.1", "evil.example:8000", 403),
        ("127.0.0.1", "localhost.evil.example", 403),
        ("127.0.0.1", "evil-localhost", 403),
        ("127.0.0.1", "127.0.0.1.evil.example", 403),
        ("127.0.0.1", "127.0.0.1:port", 403),
        ("127.0.0.1", "[::1", 403),
        ("127.0.0.1", "", 403),
        ("terminal.ward.example", "terminal.ward.example:8000", 200),
        ("terminal.ward.example", "Terminal.Ward.Example", 200),
        ("terminal.ward.example", "192.0.2.7:8000", 200),
        ("terminal.ward.example", "evil.example", 403),
        ("0.0.0.0", socket.gethostname(), 200),
        ("0.0.0.0", "evil.example", 403),
    ],
)
async def test_that_a_name_that_is_not_ours_is_refused(behind: str, host: str, status: int) -> None:
    async with served(behind) as (client, base):
        for path in ("", "page/page.js"):
            async with client.get(base + path, headers={**BEARER, "Host": host}) as answer:
                assert answer.status == status


@pytest.mark.parametrize("path", ["", "ws", "page/page.js"])
@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", "http://127.0.0.1", "http://127.0.0.1:1", "http://localhost:{port}", ""],
)
async def test_that_what_another_site_asks_for_is_refused(path: str, origin: str) -> None:
    async with served() as (client, base):
        port = base.rpartition(":")[2].rstrip("/")
        headers = {**BEARER, "Origin": origin.replace("{port}", port)}
        async with client.get(base + path, headers=headers) as refused:
            assert refused.status == 403
        with pytest.raises(aiohttp.WSServerHandshakeError) as failed:
            await client.ws_connect(f"{base}ws", headers=headers)
        assert failed.value.status == 403


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_that_our_own_page_may_ask(scheme: str) -> None:
    async with served() as (client, base):
        origin = base.replace("http:", f"{scheme}:").rstrip("/")
        async with client.get(f"{base}page/page.js", headers={**BEARER, "Origin": origin}) as given:
            assert given.status == 200


@pytest.mark.parametrize(
    ("path", "headers"), [("", BEARER), ("", {}), ("nothing-here", BEARER), ("page/page.js", BEARER)]
)
async def test_that_every_answer_is_sealed(path: str, headers: dict[str, str]) -> None:
    async with served() as (client, base), client.get(base + path, headers=headers) as answer:
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    policy = HEADERS["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "http" not in policy
    assert HEADERS["Cache-Control"] == "no-store"


def test_that_a_gate_keeps_its_token_to_itself() -> None:
    assert TOKEN not in repr(Gate(TOKEN, "127.0.0.1"))


def test_that_two_tokens_differ() -> None:
    assert new_token() != new_token()
    assert len(new_token()) >= 43


@pytest.mark.parametrize(
    ("host", "alone"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("localhost", True),
        ("LOCALHOST", True),
        ("128.0.0.1", False),
        ("0.0.0.0", False),
        ("::", False),
        ("", False),
        ("127.1", False),
        ("localhost.ward.example", False),
        ("10.0.0.1", False),
    ],
)
def test_which_addresses_only_this_machine_can_reach(host: str, alone: bool) -> None:
    assert on_loopback(host) is alone
