"""`mcalc report`: what is on a page, and that nothing on it acts or is fetched; LaTeX, Markdown, notebooks."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, Mcalc

RIDGE = ("report", "½ ‖X w - y‖² + λ/2 ‖w‖²", "--wrt", "w")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
VOID = {"meta", "input", "br"}


class Page(HTMLParser):
    """Reads a page, and sees that what is opened is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.opened: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.said: list[str] = []
        self.feed(text)
        assert self.opened == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.opened.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.opened.pop() == tag

    def handle_data(self, data: str) -> None:
        self.said.append(data)


def page(mcalc: Mcalc, *argv: str) -> Page:
    done = mcalc(*argv)
    assert done.code == 0, done.err
    return Page(done.out)


def test_a_page_has_all_there_is_to_a_derivation(mcalc: Mcalc) -> None:
    found = page(mcalc, *RIDGE)
    text = " ".join(found.said)
    for word in ("Names", "Function", "Derivative", "Derivation", "Computation graph", "Code", "Checked by numbers"):
        assert word in text
    assert "1×n, a row: numerator layout" in text
    assert "vector chain rule · §4.5.3" in text
    assert "checked at 8 random points by complex step" in text
    assert [attrs.get("id") for tag, attrs in found.tags if tag == "input"] == [f"code-0-{k}" for k in range(6)]
    assert len([tag for tag, _ in found.tags if tag == "details"]) > 4
    assert len([tag for tag, _ in found.tags if tag == "svg"]) == 1


def test_nothing_on_a_page_acts_or_is_fetched(mcalc: Mcalc) -> None:
    found = page(mcalc, "report", "max(0, w·x + b)", "--wrt", "w")
    assert not {tag for tag, _ in found.tags} & {"script", "link", "img", "iframe", "object", "form", "a"}
    for _, attrs in found.tags:
        assert not [name for name in attrs if name.startswith("on") or name in ("src", "href", "xlink:href", "style")]
    policies = [attrs["content"] for tag, attrs in found.tags if tag == "meta" and attrs.get("http-equiv")]
    assert policies == ["default-src 'none'; style-src 'unsafe-inline'"]
    styles = "".join(found.said)
    assert "url(" not in re.sub(r"url\(#tip\)", "", styles)
    assert "@import" not in styles


@pytest.mark.parametrize(
    "argv",
    [
        ("sin(x^2)",),
        ("x^2 + 3x", "--order", "2"),
        ("A X B", "--wrt", "X", "--where", "A: R^{m x n}; X: R^{n x k}; B: R^{k x l}"),
        ("3", "--wrt", "x"),
        ("w·x + b", "--wrt", "w,b"),
        ("1/N sum_{i=1}^{N} log(1 + exp(-y_i w·x_i))", "--wrt", "w"),
        ("a' S b", "--wrt", "S", "--where", "S: R^{n x n} symmetric"),
        ("softmax(X w)", "--wrt", "w", "--layout", "denominator"),
        (r"\log(1 + e^{-y\,\mathbf{w}^\top\hat{\mathbf{x}}})", "--wrt", "w"),
    ],
)
def test_each_kind_of_derivative_has_a_page(argv: tuple[str, ...], mcalc: Mcalc) -> None:
    page(mcalc, "report", *argv)
    tex = mcalc("report", *argv, "--to", "latex").out
    assert tex.count(r"\begin") == tex.count(r"\end")
    outside = re.sub(r"\\begin\{verbatim\}.*?\\end\{verbatim\}", "", tex, flags=re.DOTALL)
    assert not re.findall(r"[^\x00-\x7f]", outside), "pdflatex has no such letters"
    assert mcalc("report", *argv, "--to", "markdown").out.startswith("# ")
    made = json.loads(mcalc("report", *argv, "--to", "notebook").out)
    assert made["nbformat"] == 4


def test_the_derivatives_of_a_file_are_reported_one_after_the_other(mcalc: Mcalc, tmp_path: Path) -> None:
    found = page(mcalc, "report", str(ROOT / "examples" / "statements.mc"))
    assert len([tag for tag, _ in found.tags if tag == "h1"]) == 2
    ids = [attrs["id"] for tag, attrs in found.tags if tag == "input"]
    assert len(ids) == len(set(ids))
    (tmp_path / "none.mc").write_text("x: R\n", "utf-8")
    assert "asks for no derivative" in mcalc("report", str(tmp_path / "none.mc")).err
    (tmp_path / "bad.mc").write_text("x: R\nd/dx sqt(x)\n", "utf-8")
    done = mcalc("report", str(tmp_path / "bad.mc"))
    assert (done.code, done.out) == (1, "")
    assert "line 2: unknown function sqt" in done.err


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("report",), "a report of what?"),
        (("report", "x^2", "--to", "pdf"), "one of html, latex, markdown, notebook"),
        (("report", "x^2", "--open"), "-o report.html --open"),
        (("report", "a b"), "by which variable?"),
    ],
)
def test_what_cannot_be_reported_is_told(argv: tuple[str, ...], said: str, mcalc: Mcalc) -> None:
    done = mcalc(*argv)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_the_ending_of_a_file_tells_the_format_and_a_file_is_not_replaced(mcalc: Mcalc, tmp_path: Path) -> None:
    for ending, begins in ((".html", "<!DOCTYPE"), (".tex", r"\documentclass"), (".md", "# d/dx"), (".ipynb", "{")):
        file = tmp_path / f"a{ending}"
        assert mcalc("report", "sin(x^2)", "-o", str(file)).code == 0
        assert file.read_text("utf-8").startswith(begins)
        assert "--force replaces it" in mcalc("report", "sin(x^2)", "-o", str(file)).err


def test_open_shows_the_page_in_a_browser(mcalc: Mcalc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def noted(address: str) -> bool:
        opened.append(address)
        return False

    monkeypatch.setattr("webbrowser.open", noted)
    done = mcalc("report", "x^2", "-o", str(tmp_path / "a.html"), "--open")
    assert opened == [f"file://{tmp_path}/a.html"]
    assert "no browser was found" in done.err


@pytest.mark.slow
def test_the_notebook_of_a_report_runs(mcalc: Mcalc) -> None:
    nbformat: Any = pytest.importorskip("nbformat", reason="nbformat is in the extra notebook")
    pytest.importorskip("nbclient", reason="nbclient is in the extra notebook")
    pytest.importorskip("ipykernel", reason="ipykernel is in the extra notebook")
    from docs.notebook import executed

    made = executed(nbformat.reads(mcalc(*RIDGE, "--to", "notebook").out, 4))
    assert not [out for cell in made.cells for out in cell.get("outputs", []) if out.output_type == "error"]


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here")
def test_a_browser_shows_a_page_without_a_word_on_its_console(mcalc: Mcalc, tmp_path: Path) -> None:
    file = tmp_path / "ridge.html"
    assert mcalc(*RIDGE, "-o", str(file)).code == 0
    options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"]
    logged = [str(CHROMIUM), *options, "--enable-logging=stderr", "--v=0"]
    done = subprocess.run([*logged, "--dump-dom", file.as_uri()], capture_output=True, encoding="utf-8", check=True)
    assert "CONSOLE" not in done.stderr
    assert "numerator layout" in done.stdout
    pdf = tmp_path / "ridge.pdf"
    command = [str(CHROMIUM), *options, "--no-pdf-header-footer", f"--print-to-pdf={pdf}", file.as_uri()]
    subprocess.run(command, capture_output=True, check=True)
    boxes = re.findall(rb"/MediaBox \[0 0 (\d+)[.\d]* (\d+)", pdf.read_bytes())
    assert {(int(wide), int(high)) for wide, high in boxes} <= {(594, 841), (595, 842), (595, 841), (594, 842)}
    assert 1 <= len(boxes) <= 4


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="there is no pdflatex here")
def test_pdflatex_sets_a_report(mcalc: Mcalc, tmp_path: Path) -> None:
    assert mcalc(*RIDGE, "-o", str(tmp_path / "ridge.tex")).code == 0
    subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "ridge.tex"],
        cwd=tmp_path,
        capture_output=True,
        check=True,
    )
