"""`mcalc serve`: a page with one box for a formula, on this machine alone.

The server listens on the loopback address, answers only who knows the token that it prints, and only under its own
name, so that no other page can reach it. Nothing is loaded from elsewhere, and requests come one after the other.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from mcalc.errors import Mistake
from mcalc.notation.surface.words import clip
from mcalc.shell.report_parts import show_page
from mcalc.shell.serve_page import answer, page
from mcalc.shell.settings import Settings
from mcalc.shell.signals import Clock

if TYPE_CHECKING:
    from mcalc.shell.output import Output

HOST = "127.0.0.1"
LONGEST = 100_000
"""Bytes of a request."""
WAIT = 5.0
"""Seconds that a request may take to arrive."""


def serve(port: int, *, opened: bool) -> Callable[[], int]:
    """Return what serves the page until it is interrupted; port 0 is any that is free.

    Raises:
        Mistake: `E-USAGE`, where the number is no port.
    """
    if not 0 <= port < 1 << 16:
        raise Mistake("E-USAGE", f"{port} is no port", hint="--port 8000; 0 is any that is free")
    return partial(_serve, port, opened=opened)


class Server(HTTPServer):
    """Serves the page; `token` is what a request has to know."""

    allow_reuse_address = False

    def __init__(self, port: int) -> None:
        super().__init__((HOST, port), Handler)
        self.token = secrets.token_urlsafe(16)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a browser that has gone."""

    @property
    def address(self) -> str:
        """Where the page is."""
        return f"http://{HOST}:{self.server_port}/?token={self.token}"


def _serve(port: int, *, opened: bool) -> int:
    output: Output = Settings(to="text").output()
    try:
        server = Server(port)
    except OSError as trouble:
        raise Mistake("E-USAGE", f"port {port} cannot be used: {trouble.strerror}", hint="--port 0 is any") from None
    with server:
        output.result(server.address)
        output.message("for this machine alone; Ctrl-C ends it")
        if opened:
            show_page(server.address, output)
        server.serve_forever()
    return 0


class Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    server: Server
    timeout = WAIT
    server_version = "mcalc"
    sys_version = ""

    def do_GET(self) -> None:
        """Give the page."""
        parts = urlsplit(self.path)
        if not self._is_ours(parse_qs(parts.query).get("token", [""])[0]):
            self._say(403, "text/plain", "This page needs the address that mcalc serve printed, with its token.\n")
        elif parts.path != "/":
            self._say(404, "text/plain", "There is one page here.\n")
        else:
            nonce = secrets.token_urlsafe(12)
            self._say(200, "text/html", page(self.server.token, nonce), nonce)

    def do_POST(self) -> None:
        """Derive what is asked."""
        length = self.headers.get("Content-Length", "")
        if not self._is_ours(self.headers.get("X-Token", "")):
            self._say(403, "text/plain", "No.\n")
        elif self.path != "/derive" or not length.isascii() or not length.isdecimal() or int(length) > LONGEST:
            self._say(400, "text/plain", "Not understood.\n")
        else:
            self._say(200, "application/json", json.dumps(_answered(self.rfile.read(int(length)))))

    def _is_ours(self, token: str) -> bool:
        """Say whether a request knows the token, and asks for this very server, from its own page."""
        own = f"{HOST}:{self.server.server_port}"
        is_own = self.headers.get("Host") == own and self.headers.get("Origin") in (None, f"http://{own}")
        return is_own and secrets.compare_digest(token.encode(), self.server.token.encode())

    def _say(self, status: int, kind: str, text: str, nonce: str = "") -> None:
        data = text.encode()
        self.send_response(status)
        for name, value in (
            ("Content-Type", f"{kind}; charset=utf-8"),
            ("Content-Length", str(len(data))),
            ("Cache-Control", "no-store"),
            ("Referrer-Policy", "no-referrer"),
            ("X-Content-Type-Options", "nosniff"),
            ("Content-Security-Policy", POLICY.format(nonce=nonce)),
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the method that it replaces
        """Say nothing: a request has the formulas and the token in it."""


POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'nonce-{nonce}'; connect-src 'self'; img-src data:; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)


def _answered(body: bytes) -> dict[str, Any]:
    """Return what is said of a request: the parts of the page, or the mistake."""
    try:
        asked = json.loads(body)
        text, wrt, orders = str(asked["text"]), asked.get("wrt") or None, asked.get("orders") or {}
        said = {str(name): int(order) for name, order in orders.items() if int(order) in (0, 1, 2)}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {"mistake": "the request is not understood"}
    try:
        return Clock().within(lambda: answer(text, None if wrt is None else str(wrt), said))
    except Mistake as mistake:
        mistake.source = mistake.source or (text if mistake.spans else None)
        return {"mistake": mistake.shown()}
    except Exception as trouble:  # noqa: BLE001 - the page goes on
        return {"mistake": f"this is a bug in mcalc: {type(trouble).__name__}: {clip(str(trouble), 200)}"}
