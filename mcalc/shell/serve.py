"""`mcalc serve`: a page with one box for a formula, on this machine alone, and what is said of it while it is typed.

The server listens on the loopback address, answers only who knows the token that it prints, and only under its own
name, so that no other page can reach it. Nothing is loaded from elsewhere, and requests come one after the other.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from functools import partial
from html import escape
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from mcalc.api import differentiated, read_value, scope_of, worked_out
from mcalc.derivative import Derivative
from mcalc.dims import shape_text
from mcalc.errors import Mistake, clip
from mcalc.render.mathml import NAMESPACE, element
from mcalc.render.terminal import safe
from mcalc.results import Expression
from mcalc.shell.output import Output
from mcalc.shell.report import (
    STYLE_OF_REPORTS,
    code_part,
    derivation_part,
    graph_part,
    proof_part,
    result_part,
    show_page,
)
from mcalc.shell.settings import Settings
from mcalc.shell.signals import Clock

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


FIRST = "½ ‖X w - y‖² + λ/2 ‖w‖²"
HINT = "As in a paper, in ASCII (d/dw, x^T, .*), LaTeX or NumPy. A click on a name gives it another shape."
MORE = """
form{display:flex;flex-wrap:wrap;gap:.6rem;align-items:center;margin:0 0 1rem}
form input[type=text]{flex:1 1 18rem;font:1.1rem/1.4 ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace;
padding:.55rem .8rem;border:1px solid var(--line);border-radius:8px;background:var(--card);color:var(--ink)}
select,button{font:inherit;padding:.35rem .7rem;border:1px solid var(--line);border-radius:8px;background:var(--card);
color:var(--ink);cursor:pointer}
input:focus-visible,select:focus-visible,button:focus-visible{outline:2px solid var(--blue);outline-offset:2px}
#names{display:flex;flex-wrap:wrap;gap:.4rem;min-height:2.2rem}
#reading{min-height:3.2rem;overflow-x:auto}
#mistake{white-space:pre-wrap;min-height:0}
#mistake:empty{display:none}
.late{opacity:.55}
.hint{color:var(--soft);font-size:.85rem}
"""
SCRIPT = """
const token = document.body.dataset.token, at = id => document.getElementById(id);
const box = at("formula"), by = at("by"), names = at("names"), whole = at("whole");
let orders = {}, asked = 0, timer = 0;
function later() { clearTimeout(timer); whole.classList.add("late"); timer = setTimeout(ask, 180); }
async function ask() {
  const number = ++asked, text = box.value.trim();
  if (!text) { for (const id of ["reading", "mistake", "names", "whole"]) at(id).textContent = ""; return; }
  let said;
  try {
    const reply = await fetch("/derive", {method: "POST", headers: {"X-Token": token},
      body: JSON.stringify({text, wrt: by.value, orders})});
    said = reply.ok ? await reply.json() : {mistake: await reply.text()};
  } catch (trouble) { said = {mistake: "mcalc serve does not answer any more"}; }
  if (number !== asked) return;
  whole.classList.toggle("late", !!said.mistake);
  at("mistake").textContent = said.mistake || "";
  if (said.mistake) return;
  at("reading").innerHTML = said.reading;
  at("whole").innerHTML = said.whole;
  const chosen = said.wrt;
  by.replaceChildren(...said.names.map(one => new Option(one.name, one.plain, false, one.plain === chosen)));
  by.disabled = said.asks;
  names.replaceChildren(...said.names.map(one => {
    const chip = document.createElement("button");
    chip.type = "button";
    chip.textContent = one.says;
    chip.title = "another shape";
    chip.onclick = () => { orders[one.plain] = ((orders[one.plain] ?? one.order) + 1) % 3; ask().then(() => {
      const again = [...names.children].find(other => other.textContent.startsWith(one.name + ":"));
      if (again) again.focus();
    }); };
    return chip;
  }));
}
box.oninput = () => { orders = {}; later(); };
by.onchange = ask;
document.querySelector("form").onsubmit = event => { event.preventDefault(); ask(); };
const first = new URLSearchParams(location.search).get("q");
if (first) box.value = first;
history.replaceState(null, "", location.pathname + "?token=" + token);
ask();
box.focus();
"""


def page(token: str, nonce: str) -> str:
    """Return the page; `nonce` is what its own script has that no other has."""
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<link rel="icon" href="data:,">\n'
        f"<title>mcalc</title>\n<style>{STYLE_OF_REPORTS}{MORE}</style></head>\n"
        f'<body data-token="{escape(token)}">\n<main>\n<h1>mcalc</h1>\n'
        '<form><input type="text" id="formula" aria-label="formula" autocomplete="off" autocapitalize="off" '
        f'spellcheck="false" value="{FIRST}"><label class="hint">by <select id="by"></select></label></form>\n'
        '<div id="names" aria-label="names: a click gives another shape"></div>\n'
        '<div id="reading" aria-live="polite"></div>\n<pre id="mistake" role="alert"></pre>\n'
        '<div id="whole" aria-live="polite"></div>\n'
        f'<p class="hint">{HINT}</p>\n'
        f'</main>\n<script nonce="{nonce}">{SCRIPT}</script>\n</body></html>\n'
    )


def answer(text: str, wrt: str | None, orders: dict[str, int]) -> dict[str, Any]:
    """Return the parts of the page for a formula: how it is read, its names, and all of its derivative.

    It is by `wrt`, where that is one of its names, else by the first vector or matrix, else by the first name.
    """
    scope = scope_of(None)
    scope.orders = dict(orders)
    reading = read_value(text, scope)
    value: Expression = worked_out(reading)
    asks = isinstance(value, Derivative)
    symbols = [node for node in value.symbols if node.op.name == "symbol" and not node.args]
    plain = [str(node.attr[0]) for node in symbols]
    if not asks and symbols:
        wider = [name for name, node in zip(plain, symbols, strict=True) if len(node.shape) == 1]
        wrt = wrt if wrt in plain else (wider or plain)[0]
        again = scope_of(None)
        again.orders = dict(orders)
        value = differentiated(read_value(text, again, wrt), wrt)
    found = value.function if isinstance(value, Derivative) else value.expr
    said = [
        {
            "name": value.written(node),
            "plain": name,
            "order": len(node.shape),
            "says": f"{value.written(node)}: {shape_text(node.shape)}",
        }
        for name, node in zip(plain, symbols, strict=True)
    ]
    inner = element(found, set(value.taken))
    return {
        "reading": f'<math xmlns="{NAMESPACE}" display="block">{inner}</math>',
        "names": said,
        "wrt": value.variables[0].attr[0] if isinstance(value, Derivative) and value.variables else "",
        "asks": asks,
        "whole": _whole(value),
    }


def _whole(value: Expression) -> str:
    if not isinstance(value, Derivative):
        return f'<p class="note">{escape(safe(value.shape_words))}</p>'
    parts = [
        f"<h2>Derivative</h2>\n{result_part(value)}",
        f"<h2>Derivation</h2>\n{derivation_part(value)}",
        f"<h2>Checked by numbers</h2>\n{proof_part(value)}",
        *code_part(value, 0),
        *graph_part(value),
    ]
    return "\n".join(parts)
