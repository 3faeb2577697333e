"""Record a session on a terminal as an SVG: `python -m docs.record` writes docs/session.svg from a real run.

The session is run by the REPL itself, on a terminal of 80 columns; what it prints, colours and all, is what is drawn.
"""

from __future__ import annotations

import os
from html import escape
from pathlib import Path
from unittest import mock

import pyte

from mcalc.render.terminal import paint
from mcalc.shell.output import Output
from mcalc.shell.repl.command_table import make_desk, take
from mcalc.shell.repl.first_prompt import PROMPT
from mcalc.shell.repl.typed_lines import line_pieces
from tests.transcripts import Screen

FILE = Path(__file__).with_name("session.svg")
TITLE = "A session with mcalc"
COLUMNS = 80
LINES = (
    "L = ½ ‖X w - y‖² + λ/2 ‖w‖²",
    "grad w",
    "∂/∂w L = (X w - y)ᵀ X + 2 λ wᵀ",
    "hess w",
    "grad w at X = [1, 2; 3, 4], y = [1, 2], λ = 0.1, w = [0.3, -0.2]",
    r"d/dw \log(1 + e^{-t\, \mathbf{w}^\top \mathbf{x}})",
)
COLORS = {
    "default": "#d5dae3", "red": "#ff7b86", "green": "#8fd68f", "brown": "#e5c07b", "blue": "#74b4ff",
    "magenta": "#d79bef", "cyan": "#66d0d8", "white": "#d5dae3", "black": "#0f141b",
}  # fmt: skip
BUTTONS = ("#ff5f57", "#febc2e", "#28c840")
DIM = "#8d97a6"
FONT = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"
NBSP = "\u00a0"  # several blanks in a row are drawn as one
CELL, LEADING, SIZE, EDGE, TOP = 8.43, 19, 14, 18, 46


def written(lines: tuple[str, ...] = LINES, columns: int = COLUMNS) -> str:
    """Return what a terminal gets in a session in which these lines are typed, with the prompts and what is typed."""
    screen = Screen()
    with mock.patch.dict(os.environ, {"COLUMNS": str(columns), "MCALC_CONFIG_DIR": "/nowhere"}):
        output = Output(screen, screen, environ={"TERM": "xterm"}, when="always")
        desk = make_desk(output)
        for line in lines:
            typed = paint(
                [[(PROMPT, "place"), *line_pieces(line, desk.sheet.scope.functions)]], color=True, theme="dark"
            )
            screen.write(f"{typed}\n".encode())
            take(desk, line)
    return screen.getvalue().decode()


def rows(text: str, columns: int = COLUMNS) -> list[list[tuple[str, str, bool]]]:
    """Return the lines of a terminal that shows a text: cells of a glyph, a colour, and whether it is bold."""
    count = text.count("\n") + 2
    screen = pyte.Screen(columns, count)
    # pyte knows no dim text: it is drawn in a colour that nothing else has
    pyte.Stream(screen).feed(text.replace("\x1b[2m", "\x1b[90m").replace("\n", "\r\n"))
    found = [
        [(cell.data, cell.fg, cell.bold) for cell in (screen.buffer[y][x] for x in range(columns))]
        for y in range(count)
    ]
    while found and not "".join([glyph for glyph, _, _ in found[-1]]).strip():
        found.pop()
    return found


def svg(text: str, columns: int = COLUMNS, title: str = TITLE) -> str:
    """Return the picture of a terminal that shows a text; it needs no font or file of elsewhere."""
    lines = rows(text, columns)
    width, height = columns * CELL + 2 * EDGE, len(lines) * LEADING + TOP + EDGE
    box = f'viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {box} role="img" aria-label="{escape(title)}">',
        f"<title>{escape(title)}</title>",
        '<rect width="100%" height="100%" rx="10" fill="#0f141b"/>',
        *[f'<circle cx="{EDGE + 6 + 20 * k}" cy="22" r="6" fill="{fill}"/>' for k, fill in enumerate(BUTTONS)],
        f'<g font-family="{FONT}" font-size="{SIZE}">',
    ]
    for y, row in enumerate(lines):
        runs: list[tuple[int, str, str, bool]] = []
        for x, (glyph, color, bold) in enumerate(row):
            if runs and runs[-1][2:] == (color, bold):
                runs[-1] = (runs[-1][0], runs[-1][1] + glyph, color, bold)
            else:
                runs.append((x, glyph, color, bold))
        for x, glyphs, color, bold in runs:
            if glyphs.strip():
                said = glyphs.rstrip()
                start = x + len(said) - len(said.lstrip())
                fill = DIM if color.startswith("bright") else COLORS.get(color, COLORS["default"])
                cells = len([glyph for glyph in said.strip() if glyph not in "\u20d7\u0302"])
                weight = ' font-weight="bold"' if bold else ""
                at = f'x="{EDGE + start * CELL:.1f}" y="{TOP + (y + 0.75) * LEADING:.1f}"'
                shown = escape(said.strip()).replace(" ", NBSP)
                parts.append(f'<text {at} fill="{fill}"{weight} textLength="{cells * CELL:.1f}">{shown}</text>')
    return "\n".join([*parts, "</g>", "</svg>", ""])


if __name__ == "__main__":
    FILE.write_text(svg(written()), encoding="utf-8")
