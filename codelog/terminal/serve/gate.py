"""Who is let in: every request must carry the token, and must be meant for this server."""

from __future__ import annotations

import hmac
import re
import secrets
import socket
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

TOKEN = re.compile(r"[A-Za-z0-9._~-]{16,256}")
"""Characters that mean the same in an address, a header and a cookie; enough of them not to be guessed."""

HEADERS = {
    # xterm.js writes style elements as it runs. Nothing comes from elsewhere, and no other page may frame ours.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; "
        "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Server": "codelog",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

NOT_INVITED = (
    "This needs the token: open the whole address that codelog serve printed, or ask whoever started it.\n"
)
WRONG_NAME = (
    "This server is not known by the name in the address; use the address that codelog serve printed.\n"
)
FROM_ELSEWHERE = "Another site asked for this; open the address that codelog serve printed yourself.\n"


def new_token() -> str:
    """A token nobody can guess."""
    return secrets.token_urlsafe(32)


def on_loopback(host: str) -> bool:
    """Whether only this machine can reach an address to listen on. A name is taken to be reached by others."""
    return ip_address(host).is_loopback if _is_address(host) else host.lower() == "localhost"


@dataclass(frozen=True)
class Gate:
    """The token, and the host that the server was told to listen on."""

    token: str = field(repr=False)
    host: str

    @web.middleware
    async def admit(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Refuse what has no token, or was made for or by another site. The token in the address becomes a cookie."""
        host = request.headers.get("Host", "")
        if not self._ours(host):
            raise web.HTTPForbidden(text=WRONG_NAME)
        origin = request.headers.get("Origin")
        if origin is not None and origin.lower() not in (f"http://{host.lower()}", f"https://{host.lower()}"):
            raise web.HTTPForbidden(text=FROM_ELSEWHERE)
        if not any(map(self._fits, self._shown(request))):
            raise web.HTTPUnauthorized(text=NOT_INVITED, headers={"WWW-Authenticate": "Bearer"})
        response = await handler(request)
        if self._fits(_in_address(request)):
            response.set_cookie(_cookie(request), self.token, httponly=True, samesite="Strict")
        return response

    async def seal(self, request: web.Request, response: web.StreamResponse) -> None:
        """Add what every answer carries, refusals included."""
        response.headers.update(HEADERS)

    def _ours(self, host: str) -> bool:
        # A name can be pointed at us by whoever owns it (DNS rebinding); an address cannot.
        try:
            parts = urlsplit(f"//{host}")
            name, _ = parts.hostname or "", parts.port
        except ValueError:
            return False
        known = {"localhost"}
        if not on_loopback(self.host):
            known |= {self.host.lower(), socket.gethostname().lower()}
        return name in known or _is_address(name)

    def _shown(self, request: web.Request) -> tuple[str, ...]:
        scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
        return (
            request.cookies.get(_cookie(request), ""),
            bearer.strip() if scheme.lower() == "bearer" else "",
            _in_address(request),
        )

    def _fits(self, shown: str) -> bool:
        return hmac.compare_digest(shown.encode("utf-8", "replace"), self.token.encode())


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _in_address(request: web.Request) -> str:
    # Only the page itself is opened by its address; all that it loads has the cookie.
    return request.query.get("token", "") if request.path == "/" else ""


def _cookie(request: web.Request) -> str:
    # A browser gives a cookie to every port of a host, so two servers on one machine need two names.
    return f"codelog-{request.url.port}"
