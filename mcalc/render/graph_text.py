"""A computation graph as text: a tree for a terminal, and the languages of Graphviz and Mermaid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcalc.expr import Expr
from mcalc.notation.meaning.assumed import space
from mcalc.render.faces import ASCII, UNICODE, Piece
from mcalc.render.glyphs import spell_ascii
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
