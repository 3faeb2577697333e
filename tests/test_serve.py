"""`mcalc serve`: who is answered, what is answered, and what a browser makes of it."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from mcalc.shell.serve import HOST, LONGEST, Server, answer
from tests.conftest import Mcalc

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(0) as made:
        thread = Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def asked(server: Server, method: str, path: str, body: str = "", **headers: str) -> tuple[int, str, dict[str, str]]:
    there = http.client.HTTPConnection(HOST, server.server_port, timeout=30)
    there.request(
        method, path, body.encode() or None, {name.replace("_", "-"): value for name, value in headers.items()}
    )
    reply = there.getresponse()
    found = (reply.status, reply.read().decode(), dict(reply.getheaders()))
    there.close()
    return found


def derived(server: Server, **said: Any) -> dict[str, Any]:
    status, text, _ = asked(server, "POST", "/derive", json.dumps(said), X_Token=server.token)
    assert status == 200
    found: dict[str, Any] = json.loads(text)
    return found


def test_who_knows_the_token_gets_the_page(server: Server) -> None:
    status, text, headers = asked(server, "GET", f"/?token={server.token}")
    assert status == 200
    nonce = re.search(r'<script nonce="([^"]+)">', text)
    assert nonce is not None
    assert f"script-src 'nonce-{nonce[1]}'" in headers["Content-Security-Policy"]
    assert not re.findall(r"(?:src|href)=\"(?!data:,)", text)
    assert not re.findall(r"https?://(?!www\.w3\.org)", text)
    other = asked(server, "GET", f"/?token={server.token}")[1]
    assert nonce[1] not in other, "a nonce is used once"


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("GET", "/", {}),
        ("GET", "/?token=guess", {}),
        ("GET", "/?token=TOKEN", {"Host": "evil.example"}),
        ("GET", "/?token=TOKEN", {"Origin": "http://evil.example"}),
        ("POST", "/derive", {}),
        ("POST", "/derive", {"X_Token": "guess"}),
        ("POST", "/derive", {"X_Token": "TOKEN", "Origin": "http://evil.example"}),
        ("POST", "/derive", {"X_Token": "TOKEN", "Host": "evil.example"}),
    ],
)
def test_nobody_else_is_answered(method: str, path: str, headers: dict[str, str], server: Server) -> None:
    said = {name: value.replace("TOKEN", server.token) for name, value in headers.items()}
    status, text, _ = asked(server, method, path.replace("TOKEN", server.token), '{"text": "x"}', **said)
    assert status == 403
    assert server.token not in text


def test_what_is_no_request_is_refused(server: Server) -> None:
    token = server.token
    assert asked(server, "GET", f"/other?token={token}")[0] == 404
    assert asked(server, "POST", "/other", "{}", X_Token=token)[0] == 400
    assert asked(server, "POST", "/derive", "{}", X_Token=token, Content_Length=str(LONGEST + 1))[0] == 400
    for body in ("{", "[]", "{}", '{"text": "x", "orders": {"x": "y"}}', "\x00"):
        status, text, _ = asked(server, "POST", "/derive", body, X_Token=token)
        assert (status, json.loads(text)) == (200, {"mistake": "the request is not understood"})
    assert asked(server, "PUT", "/derive", "{}", X_Token=token)[0] == 501
    assert derived(server, text="x^2")["wrt"] == "x", "the server goes on"


def test_a_formula_is_read_derived_and_checked(server: Server) -> None:
    found = derived(server, text="½ ‖X w - y‖²")
    assert found["wrt"] == "w"
    assert [one["says"] for one in found["names"]] == ["X: matrix m×n", "w: vector of n", "y: vector of m"]
    for said in ("numerator layout", "vector chain rule", "checked at 8 random points", "import numpy", "<svg"):
        assert said in found["whole"]


def test_a_shape_that_is_corrected_changes_the_reading(server: Server) -> None:
    found = derived(server, text="a x^2", orders={"a": 0, "x": 0}, wrt="x")
    assert "a scalar" in found["whole"]
    found = derived(server, text="sum(a x)", orders={"a": 0, "x": 1}, wrt="x")
    assert [one["order"] for one in found["names"]] == [0, 1]
    assert "mistake" in derived(server, text="a + A x", orders={"a": 2, "A": 2, "x": 1})


def test_mistakes_come_with_their_carets(server: Server) -> None:
    assert derived(server, text="sqt(4)")["mistake"].split("\n")[1:3] == ["  | sqt(4)", "  | ^^^ not known"]
    assert "mistake" in derived(server, text="<script>alert(1)</script>")


def test_a_derivative_that_is_asked_for_needs_no_variable_and_a_number_none() -> None:
    assert answer("d/dx x^2", None, {})["asks"]
    assert answer("2", None, {})["whole"] == '<p class="note">a scalar</p>'
    assert answer("w·x", "nothing", {})["wrt"] == "w"


def test_ports_are_checked(mcalc: Mcalc, server: Server) -> None:
    assert "is no port" in mcalc("serve", "--port", "70000").err
    done = mcalc("serve", "--port", str(server.server_port))
    assert (done.code, done.out) == (2, "")
    assert "cannot be used" in done.err


def test_ctrl_c_ends_it_without_a_traceback(environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "mcalc", "serve"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, encoding="utf-8"
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline().startswith(f"http://{HOST}:")
        assert child.stderr is not None
        assert "Ctrl-C ends it" in child.stderr.readline()
        os.kill(child.pid, signal.SIGINT)
        _, err = child.communicate(timeout=60)
        assert child.returncode == 130
        assert err == ""


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here")
def test_a_browser_shows_the_derivative_and_says_nothing_on_its_console(server: Server, tmp_path: Path) -> None:
    options = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        f"--user-data-dir={tmp_path}",
        "--virtual-time-budget=9000",
    ]
    command = [
        str(CHROMIUM),
        *options,
        "--enable-logging=stderr",
        "--v=0",
        "--dump-dom",
        f"{server.address}&q=w%C2%B7x",
    ]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    assert "CONSOLE" not in done.stderr
    assert "w: vector of n" in done.stdout
    assert "numerator layout" in done.stdout
