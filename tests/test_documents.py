"""The README and docs/: every block is as it is printed, every link leads somewhere, and the pictures are of now."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from docs.record import FILE, svg, written
from docs.reference import MADE
from tests.documents import FILES, ROOT, Block, blocks, failures, same, shown

BLOCKS = [block for path in FILES for block in blocks(path)]
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")


@pytest.fixture
def _among_the_examples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path / "examples")


@pytest.mark.usefixtures("_among_the_examples")
@pytest.mark.parametrize("block", [one for one in BLOCKS if one.language == "console"], ids=lambda block: block.place)
def test_commands_show_what_is_printed(block: Block) -> None:
    assert same(shown(block.text)) == same(block.text)


@pytest.mark.usefixtures("_among_the_examples")
@pytest.mark.parametrize("block", [one for one in BLOCKS if one.language == "pycon"], ids=lambda block: block.place)
def test_python_shows_what_is_printed(block: Block) -> None:
    assert failures(block) == ""


def anchors(path: Path) -> set[str]:
    """Return the anchors of the headings of a page, as GitHub and MkDocs make them."""
    heads = re.findall(
        r"^#+ (.*)$", re.sub(r"^```.*?^```", "", path.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE), re.MULTILINE
    )
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    for plain, picture in _LINK.findall(path.read_text("utf-8")):
        target, _, anchor = (plain or picture).partition("#")
        if target.startswith(("http://", "https://")):
            continue
        there = (path.parent / target).resolve() if target else path
        if target in MADE:
            continue
        assert there.exists(), target
        assert not anchor or anchor in anchors(there), f"{target}#{anchor}"


@pytest.mark.parametrize("name", MADE)
def test_a_page_of_reference_is_made_of_the_tables(name: str) -> None:
    text = MADE[name]()
    assert text.startswith("# ")
    tables = [line for line in text.splitlines() if line.startswith("|")]
    assert all(line.endswith("|") for line in tables)


@pytest.mark.slow
def test_the_site_is_built_without_a_warning(tmp_path: Path) -> None:
    pytest.importorskip("mkdocs", reason="mkdocs-material is in the extra docs")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path / "site")],
        cwd=ROOT, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "WARNING " not in done.stderr
    assert "softmax" in (tmp_path / "site" / "rules" / "index.html").read_text("utf-8")
    pages = [page.read_text("utf-8") for page in (tmp_path / "site").rglob("*.html")]
    assert not [
        link for page in pages for link in re.findall(r'(?:src|href)="(https?://[^"]+)"', page) if _fetched(link, page)
    ]


def _fetched(link: str, page: str) -> bool:
    """Say whether a page loads an address by itself: of a script, a style or a picture, not of a link."""
    return bool(re.search(rf'<(?:script|img|link rel="(?:stylesheet|preconnect)")[^>]*"{re.escape(link)}"', page))


def test_the_readme_is_short_and_has_one_command_for_the_tests() -> None:
    lines = (ROOT / "README.md").read_text("utf-8").splitlines()
    assert len(lines) <= 150
    assert len([line for line in lines if re.match(r"python3 .*pytest", line)]) == 1


def test_the_picture_of_a_session_is_of_a_real_run() -> None:
    now = svg(written())
    drawn = [re.sub(r" textLength=\"[\d.]+\"", "", line) for line in same(FILE.read_text("utf-8")).splitlines()]
    assert [re.sub(r" textLength=\"[\d.]+\"", "", line) for line in same(now).splitlines()] == drawn
