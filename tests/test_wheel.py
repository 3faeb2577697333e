"""The wheel holds what it should and nothing else, and works away from the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel with the tools of this environment, so that no network is needed."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel alone into a new environment that sees this one's packages, and return its programs."""
    folder = tmp_path_factory.mktemp("venv")
    venv.create(folder, with_pip=True)
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    python = str(programs / "python")
    command = [
        python,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--disable-pip-version-check",
        str(wheel),
    ]
    subprocess.run(command, check=True, capture_output=True)
    (site,) = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    # A path in a .pth file is searched after the environment's own packages, and its own .pth files are not followed:
    # an editable mcalc there is not found.
    Path(site, "lent.pth").write_text(f"{sysconfig.get_path('purelib')}\n", encoding="utf-8")
    return programs


def test_the_wheel_holds_every_module_and_grammar_and_no_more(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    modules = {str(path.relative_to(ROOT)) for path in (ROOT / "mcalc").rglob("*.py")}
    modules |= {"mcalc/py.typed", "mcalc/shell/paper.txt"}
    grammars = {f"mcalc/{path.relative_to(ROOT)}" for path in (ROOT / "grammar").rglob("*.lark")}
    assert grammars, "there is no grammar to ship"
    (manual,) = [name for name in names if name.endswith(".data/data/share/man/man1/mcalc.1")]
    assert names - {manual} == modules | grammars


def test_the_grammar_folder_holds_no_python() -> None:
    # One .py file there makes an editable install take the folder for a package of its own.
    assert not list((ROOT / "grammar").rglob("*.py"))


def run(programs: Path, folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a program of the environment in a folder, away from this one's settings."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "COV_", "LC_", "LANG"))}
    environment = {**kept, "LANG": "C.UTF-8", "HOME": str(folder), "XDG_CACHE_HOME": str(folder / "cache")}
    name, *rest = command
    return subprocess.run(
        [str(programs / name), *rest], cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False
    )


def test_the_installed_command_works_in_another_folder(programs: Path, tmp_path: Path) -> None:
    done = run(programs, tmp_path, "mcalc", "diff", "max(0, w·x + b)", "--wrt", "w")
    assert done.returncode == 0
    assert done.stderr.startswith("assumed: w, x ∈ ℝⁿ; b ∈ ℝ; note: at w · x + b = 0 ")
    assert done.stdout == "{0⃗ᵀ if w · x + b ≤ 0; xᵀ if w · x + b > 0}\n"


def test_the_installed_package_is_the_one_that_runs(programs: Path, tmp_path: Path) -> None:
    done = run(programs, tmp_path, "python", "-c", "import mcalc; print(mcalc.__file__)")
    assert str(programs.parent) in done.stdout
    assert str(ROOT / "mcalc") not in done.stdout


def test_the_module_runs_like_the_command(programs: Path, tmp_path: Path) -> None:
    done = run(programs, tmp_path, "python", "-m", "mcalc", "--version")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("mcalc ")
