"""A computation graph in pictures: a tree for a terminal, the languages of Graphviz and Mermaid, and SVG.

In SVG steps stand in layers from the variable at the top to the value, with a Jacobian on each edge.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING

from mcalc.expr import Expr
from mcalc.notation.meaning.assumed import space
from mcalc.render.faces import ASCII, UNICODE, Piece
from mcalc.render.glyphs import spell_ascii
from mcalc.render.terminal import safe
from mcalc.render.terminal import width as columns
from mcalc.render.text import lay_out

if TYPE_CHECKING:
    from mcalc.calculus.stories.graph import Edge, Graph


LONGEST = 60
"""Characters of a Jacobian beside an edge; of a longer one its beginning is shown."""
BRANCH, LAST, DOWN, GAP = "├─ ", "└─ ", "│  ", "   "
PLAIN = {"├─ ": "|- ", "└─ ": "`- ", "│  ": "|  "}


class Labels:
    """What is written in the nodes and at the edges of a graph."""

    def __init__(self, graph: Graph, taken: set[str] | None = None, *, unicode: bool = True) -> None:
        self.graph = graph
        self.unicode = unicode
        self.face = UNICODE if unicode else ASCII
        self.taken = taken or set()
        self.straight = not graph.variable.shape and not any([step.symbol.shape for step in graph.steps])
        self.twice = {
            (edge.target, edge.source)
            for edge in graph.edges
            if any([edge.source in graph.before(one.source) for one in graph.into(edge.target) if one is not edge])
        }
        self.definitions = {step.symbol: step.definition for step in graph.steps}

    def pieces(self, expr: Expr) -> list[Piece]:
        """Return an expression as pieces with roles."""
        return lay_out(expr, self.face, self.taken).pieces(self.face)

    def text(self, expr: Expr) -> str:
        """Return an expression as a line."""
        return "".join([text for text, _ in self.pieces(expr)])

    def short(self, expr: Expr) -> str:
        """Return an expression as a line that fits beside an edge."""
        text = self.text(expr)
        dots = "…" if self.unicode else "..."
        return text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()} {dots}"

    def node(self, symbol: Expr) -> str:
        """Return a step with what it is: ``u₁ = w ⊗ x``; of the variable its space."""
        if symbol in self.definitions:
            return f"{self.text(symbol)} = {self.short(self.definitions[symbol])}"
        said = f"{self.text(symbol)} ∈ {space(symbol.shape)}"
        return said if self.unicode else spell_ascii(said)

    def ratio(self, above: Expr, below: Expr, *, total: bool) -> str:
        """Return the name of a derivative: ``∂u₂/∂u₁``.

        Where one step depends on another both at once and through others, the total derivative has a straight d, and
        the partial one, all else fixed, a curly one.
        """
        both = (above, below) in self.twice
        straight = total if both else self.straight
        mark = "d" if straight else "∂" if self.unicode else "pd " if both else "d"
        return f"{mark}{self.text(above)}/{mark}{self.text(below)}"

    def edge(self, edge: Edge) -> str:
        """Return what stands at an edge: the local Jacobian."""
        name = self.ratio(edge.target, edge.source, total=False)
        return name if edge.local is None else f"{name} = {self.short(edge.local)}"

    def gathered(self, symbol: Expr) -> str:
        """Return what the chain rule has put together at a step; nothing where an edge says the same."""
        found = self.graph.gathered.get(symbol)
        if found is None:
            return ""
        ends = (symbol, self.graph.variable) if self.graph.direction == "forward" else (self.graph.output, symbol)
        said = f"{self.ratio(*ends, total=True)} = {self.short(found)}"
        return "" if said in [self.edge(edge) for edge in self.graph.edges] else said


def tree(labels: Labels) -> list[list[Piece]]:
    """Return the lines of a graph from the value down to the variable; a step that is used twice is shown once."""
    graph = labels.graph
    rows: list[list[Piece]] = []
    shown: set[Expr] = set()
    stack: list[tuple[Expr, str, str, Edge | None]] = [(graph.output, "", "", None)]
    while stack:
        symbol, first, rest, edge = stack.pop()
        if edge is not None:
            rows.append([(first, "words"), (labels.edge(edge), "words")])
            first = rest
        again = symbol in shown and symbol is not graph.variable and bool(graph.into(symbol))
        beside = "" if again else labels.gathered(symbol)
        rows.append([
            (first, "words"),
            (labels.text(symbol) if again else labels.node(symbol), "text"),
            (" (above)" if again else f"   {beside}" if beside else "", "place"),
        ])  # fmt: skip
        if again:
            continue
        shown.add(symbol)
        edges = graph.into(symbol)
        for place, one in reversed(list(enumerate(edges))):
            if len(edges) == 1:
                stack.append((one.source, f"{rest}{DOWN}", rest, one))
            else:
                last = place == len(edges) - 1
                stack.append((one.source, rest + (LAST if last else BRANCH), rest + (GAP if last else DOWN), one))
    if not labels.unicode:
        return [[(_plain(text), role) for text, role in row] for row in rows]
    return rows


def _plain(text: str) -> str:
    for glyph, plain in PLAIN.items():
        text = text.replace(glyph, plain)
    return spell_ascii(text)


def dot(labels: Labels) -> str:
    """Return a graph in the language of Graphviz."""
    names = _names(labels.graph)
    boxes = [f"  {name} [label={_quoted(_both(labels, symbol))}];" for symbol, name in names.items()]
    arrows = [
        f"  {names[edge.source]} -> {names[edge.target]} [label={_quoted(labels.edge(edge))}];"
        for edge in labels.graph.edges
    ]
    style = ["  node [shape=box, style=rounded, fontname=monospace];", "  edge [fontname=monospace];"]
    return "\n".join(["digraph mcalc {", *style, *boxes, *arrows, "}"])


def mermaid(labels: Labels) -> str:
    """Return a graph in the language of Mermaid, which Markdown shows on many sites."""
    names = _names(labels.graph)
    boxes = [f'  {name}["{_entities(_both(labels, symbol), "<br/>")}"]' for symbol, name in names.items()]
    arrows = [
        f'  {names[edge.source]} -- "{_entities(labels.edge(edge))}" --> {names[edge.target]}'
        for edge in labels.graph.edges
    ]
    return "\n".join(["flowchart TD", *boxes, *arrows])


def _names(graph: Graph) -> dict[Expr, str]:
    """Return a name for each node that every language takes."""
    symbols = [graph.variable, *[step.symbol for step in graph.steps]]
    return {symbol: f"n{place}" for place, symbol in enumerate(symbols)}


def _both(labels: Labels, symbol: Expr) -> str:
    beside = labels.gathered(symbol)
    return labels.node(symbol) + (f"\n{beside}" if beside else "")


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _entities(text: str, line: str = " ") -> str:
    """Return text for Mermaid, in which its signs stand for themselves."""
    return "".join([f"#{ord(c)};" if c in '"#&<>[]{}()|;`' else c for c in text]).replace("\n", line)


CELL, SIZE, LINE, PAD = 8.2, 13.5, 19.0, 12.0
BETWEEN, ACROSS, EDGE, THIN = 18.0, 26.0, 20.0, 10.0
PASSES = 40
"""How often boxes are moved towards those that they are joined to."""
STYLE = (
    "svg{color-scheme:light dark}text{font-family:ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace}"
    ".box{fill:#fff;stroke:#5b6b80}.end{fill:#eef4ff;stroke:#2f5fb3}.name{fill:#17202c}.sum{fill:#2f5fb3}"
    ".line{fill:none;stroke:#8a97a8}.tip{fill:#8a97a8}.at{fill:#4b5868}.back{fill:#fff}"
    "@media(prefers-color-scheme:dark){.box{fill:#1b222c;stroke:#7d8ca1}.end{fill:#1d2a42;stroke:#7fa8f0}"
    ".name{fill:#e4e9f0}.sum{fill:#9dbcf5}.line{stroke:#6b7889}.tip{fill:#6b7889}.at{fill:#aab6c5}.back{fill:#12161c}}"
)


TIP = (
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
    '<path class="tip" d="M0 0 8 4 0 8z"/></marker></defs>'
)


class Box:
    """What is drawn in a layer: a step, words at an edge, or, without words, a place that an edge goes through."""

    __slots__ = ("height", "kind", "lines", "width", "x", "y")

    def __init__(self, kind: str, lines: Sequence[str] = ()) -> None:
        self.kind = kind
        self.lines = [line for line in lines if line]
        pad = PAD if kind in ("box", "end") else 4.0
        self.width = max([columns(line) for line in self.lines], default=0) * CELL + 2 * pad if lines else THIN
        self.height = len(self.lines) * LINE + (PAD if kind in ("box", "end") else 0.0)
        self.x = self.y = 0.0

    @property
    def middle(self) -> float:
        """Where lines come in and go out."""
        return self.x + self.width / 2


def svg(labels: Labels, *, standalone: bool = True) -> str:
    """Return the picture of a graph; with a background of its own where it is a file of its own."""
    layers, routes = _placed(labels)
    boxes = [box for layer in layers for box in layer]
    width = max([box.x + box.width for box in boxes]) + EDGE
    height = max([box.y + box.height for box in boxes]) + EDGE
    name = escape(safe(labels.node(labels.graph.output)))
    box = f'viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" font-size="{SIZE}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {box} role="img" aria-label="computation graph of {name}">',
        f"<style>{STYLE}</style>",
        TIP,
    ]
    if standalone:
        parts.append('<rect class="back" width="100%" height="100%"/>')
    parts += [f'<path class="line" marker-end="url(#tip)" d="{_path(route)}"/>' for route in routes]
    parts += [_drawn(box) for box in boxes if box.lines]
    return "\n".join([*parts, "</svg>", ""])


def _placed(labels: Labels) -> tuple[list[list[Box]], list[list[Box]]]:
    """Return the boxes by layers, each in its place, and the edges as the boxes that they go through.

    Steps stand in every second layer, and what is said of an edge in the layer above where it ends.
    """
    graph = labels.graph
    depth: dict[Expr, int] = {graph.variable: 0}
    for step in graph.steps:
        depth[step.symbol] = 2 + max([depth[edge.source] for edge in graph.into(step.symbol)], default=0)
    ends = (graph.output, graph.variable)
    made: dict[Expr, Box] = {}
    layers: list[list[Box]] = [[] for _ in range(max(depth.values()) + 1)]
    for symbol, layer in depth.items():
        kind = "end" if any([symbol is one for one in ends]) else "box"
        made[symbol] = Box(kind, (labels.node(symbol), labels.gathered(symbol)))
        layers[layer].append(made[symbol])
    routes: list[list[Box]] = []
    for edge in graph.edges:
        last = depth[edge.target] - 1
        between = [
            Box("at", (labels.edge(edge),)) if layer == last else Box("line")
            for layer in range(depth[edge.source] + 1, last + 1)
        ]
        for layer, box in enumerate(between, depth[edge.source] + 1):
            layers[layer].append(box)
        routes.append([made[edge.source], *between, made[edge.target]])
    layers = [layer for layer in layers if layer]
    _arrange(layers, routes)
    return layers, routes


def _arrange(layers: list[list[Box]], routes: list[list[Box]]) -> None:
    """Order each layer by what it comes from, so that few edges cross, and move boxes until edges are straight."""
    joined: dict[Box, list[Box]] = {box: [] for layer in layers for box in layer}
    for route in routes:
        for above, below in pairwise(route):
            joined[below].append(above)
    for place in range(1, len(layers)):
        at = {box: number for number, box in enumerate(layers[place - 1])}
        layers[place].sort(key=lambda box: sum([at[one] for one in joined[box]]) / max(len(joined[box]), 1))
    for route in routes:
        for above, below in pairwise(route):
            joined[above].append(below)
    y = EDGE
    for layer in layers:
        x = 0.0
        tallest = max([box.height for box in layer])
        for box in layer:
            box.x, box.y = x, y + (tallest - box.height) / 2
            x += box.width + ACROSS
        y += tallest + BETWEEN
    for turn in range(PASSES):
        for layer in layers if turn % 2 else reversed(layers):
            _settle(
                layer,
                [
                    sum([one.middle for one in joined[box]]) / len(joined[box]) if joined[box] else box.middle
                    for box in layer
                ],
            )
    left = min([box.x for layer in layers for box in layer])
    for layer in layers:
        for box in layer:
            box.x += EDGE - left


def _settle(layer: list[Box], wanted: list[float]) -> None:
    """Put the boxes of a layer as near as they can be to where they are wanted, in their order and with gaps."""
    bound = float("-inf")
    for box, middle in zip(layer, wanted, strict=True):
        box.x = max(middle - box.width / 2, bound)
        bound = box.x + box.width + ACROSS
    bound = float("inf")
    for box, middle in zip(reversed(layer), reversed(wanted), strict=True):
        x = min(middle - box.width / 2, bound - box.width)
        bound = x - ACROSS
        box.x = (box.x + x) / 2


def _path(route: list[Box]) -> str:
    """Return the curve of an edge, from the foot of a box to the head of another, and through what is said of it."""
    first, *rest = route
    x, y = first.middle, first.y + first.height
    parts = [f"M{x:.1f} {y:.1f}"]
    for box in rest:
        to_x, to_y = box.middle, box.y
        half = (y + to_y) / 2
        parts.append(f"C{x:.1f} {half:.1f} {to_x:.1f} {half:.1f} {to_x:.1f} {to_y:.1f}")
        x, y = to_x, box.y + box.height
        if box is not rest[-1] and box.height:
            parts.append(f"L{x:.1f} {y:.1f}")
    return " ".join(parts)


def _drawn(box: Box) -> str:
    """Return a box with its lines; what stands at an edge hides the part of the edge behind it."""
    kind = "back" if box.kind == "at" else box.kind
    pad = PAD if box.kind != "at" else 4.0
    size = f'width="{box.width:.1f}" height="{box.height:.1f}"'
    parts = [f'<rect class="{kind}" x="{box.x:.1f}" y="{box.y:.1f}" {size} rx="6"/>']
    for place, line in enumerate(box.lines):
        y = box.y + (box.height - LINE * len(box.lines)) / 2 + LINE * (place + 0.72)
        role = "at" if box.kind == "at" else "sum" if place else "name"
        wide = f'textLength="{columns(line) * CELL:.1f}"'
        said = escape(safe(line), quote=False)
        parts.append(f'<text class="{role}" x="{box.x + pad:.1f}" y="{y:.1f}" {wide}>{said}</text>')
    return "".join(parts)


class Picture:
    """A computation graph that can be looked at: as a tree, as SVG, or in the languages of Graphviz and Mermaid.

    >>> from mcalc import derive
    >>> print(derive("sin(x^2)", wrt="x").graph())
    y = sin(u₁)
    │  dy/du₁ = cos(u₁)
    u₁ = x²
    │  du₁/dx = 2 x
    x ∈ ℝ
    """

    def __init__(self, graph: Graph, taken: set[str]) -> None:
        self.labels = Labels(graph, taken)

    @property
    def svg(self) -> str:
        """The picture, a file of its own."""
        return svg(self.labels)

    @property
    def dot(self) -> str:
        """The graph in the language of Graphviz."""
        return dot(self.labels)

    @property
    def mermaid(self) -> str:
        """The graph in the language of Mermaid."""
        return mermaid(self.labels)

    def __str__(self) -> str:
        return "\n".join(["".join([text for text, _ in row]).rstrip() for row in tree(self.labels)])

    def __repr__(self) -> str:
        return f"<Picture of {self.labels.node(self.labels.graph.output)}>"

    def _repr_svg_(self) -> str:
        return svg(self.labels, standalone=False)
