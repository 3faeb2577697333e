"""Derivations on a page: aligned, foldable, reasons dim, nothing that acts; for --steps, the paper and the rules."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

import mcalc
from mcalc.render.html_page import DERIVATION
from mcalc.shell.paper import examples
from tests.conftest import Mcalc
from tests.test_report import Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def test_each_step_folds_and_each_reason_stands_beside_its_line() -> None:
    html = mcalc.derive("sin(x^2)", wrt="x").steps.html
    assert html.count('<details class="step" open>') == 4
    heads = re.findall(r"<summary>(\d\.[^<]*)</summary>", html)
    assert heads == [
        "1. Name the intermediate variables",
        "2. Differentiate each with respect to its own argument",
        "3. Combine: single-variable chain rule · §4.5.1",
        "4. Substitute back",
    ]
    reasons = re.findall(r'<span class="why[^"]*">([^<]*)</span>', html)
    assert reasons == ["power rule · §2", "sin", "substitute the intermediate variables back"]
    assert '<details class="why"><summary>single-variable chain rule · §4.5.1</summary><ol><li>put in' in html
    assert html.count('<div class="eqs') == 4


def test_a_left_side_is_not_said_twice_and_each_member_has_a_row() -> None:
    html = mcalc.derive("x^3 sin(x)", wrt="x").steps.html
    assert "<details" not in html
    lefts = re.findall(r'<span class="left">(.*?)</span>', html)
    assert [bool(left) for left in lefts] == [True, False, False]
    assert html.count('<span class="right">= <math') == 3


def test_a_derivation_by_differentials_has_its_headings() -> None:
    html = mcalc.derive("tr(A X B)", wrt="X").steps.html
    assert '<p class="note">X changes by dX, A and B are held</p>' in html
    assert re.findall(r"<summary>([^<]*)</summary>", html) == [
        "Bring dX to the end",
        "Read off: dy = tr(Gᵀ dX) means G = ∂y/∂X",
    ]


def test_what_is_dim_is_so_in_both_schemes() -> None:
    assert ".note,.why,summary{color:var(--soft)}" in DERIVATION


@pytest.mark.parametrize(
    "argv",
    [
        ("diff", "softmax(W x)", "--wrt", "x", "--steps", "--to", "html"),
        ("diff", "x^2 y", "--wrt", "x,y", "--order", "2", "--steps", "--to", "html"),
        ("paper", "4.5", "--to", "html"),
        ("rules", "product rule", "--to", "html"),
        ("rules", "cyclic trace", "--to", "html"),
        ("rules", "randn", "--to", "html"),
        ("rules", "--to", "html"),
    ],
)
def test_a_page_is_whole_and_nothing_on_it_acts(argv: tuple[str, ...], mcalc: Mcalc) -> None:
    done = mcalc(*argv)
    if "randn" in argv:
        assert done.code == 2
        return
    assert done.code == 0
    text = done.out if done.out.rstrip().endswith("</html>") else f"{done.out}</html>"
    found = Page(text)
    assert not {tag for tag, _ in found.tags} & {"script", "link", "img", "iframe", "object", "form", "a"}
    for _, attrs in found.tags:
        assert not [name for name in attrs if name.startswith("on") or name in ("src", "href", "style")]
    assert done.out.count("<!DOCTYPE html>") == 1


def test_the_page_of_the_paper_has_every_example_folded_and_that_of_a_section_open(mcalc: Mcalc) -> None:
    whole = mcalc("paper", "--to", "html").out
    assert whole.count('<details class="whole">') == len(examples())
    section = mcalc("paper", "6", "--to", "html").out
    assert section.count('<details class="whole" open>') == len([one for one in examples() if one.section[0] == "6"])
    assert "what a step of gradient descent needs" in section
    assert (
        "<mi>d</mi>" in mcalc("paper", "4.5.1", "--to", "html").out.partition("<summary>")[2].partition("</summary>")[0]
    )


def test_the_page_of_a_rule_has_what_its_text_has(mcalc: Mcalc) -> None:
    page = " ".join(Page(mcalc("rules", "max", "--to", "html").out).said)
    for line in mcalc("rules", "max").lines[:2]:
        assert line.strip().partition(" · ")[0] in page
    listed = mcalc("rules", "--to", "html").out
    assert listed.count("<tr>") == len([line for line in mcalc("rules").lines if line.startswith("  ")])


@pytest.mark.skipif(CHROMIUM is None, reason="there is no browser here")
def test_a_browser_lays_the_lines_of_a_step_out_in_columns(mcalc: Mcalc, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    text = re.sub(r"<meta http-equiv[^>]*>", "", mcalc("rules", "product rule", "--to", "html").out)
    script = (
        "<script>const x=[...document.querySelectorAll('.right')].map(e=>e.getBoundingClientRect().left);"
        "document.title='columns '+new Set(x).size+' of '+x.length</script>"
    )
    page.write_text(text.replace("</body>", f"{script}</body>"))
    command = [str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", page.as_uri()]
    done = subprocess.run(command, capture_output=True, timeout=60, check=True)
    found = re.search(rb"<title>columns (\d+) of (\d+)</title>", done.stdout)
    assert found is not None
    assert int(found[1]) == 1 < int(found[2])
