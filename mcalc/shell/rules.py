"""`mcalc rules`: the table of operators as a reference, each with an example that is derived now."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Any

from mcalc.api import derive, parse
from mcalc.choices import one_of
from mcalc.errors import Mistake, ShapeError, closest
from mcalc.expr import Dim, Expr, make, shape_text
from mcalc.operators import FUNCTIONS, TABLE
from mcalc.operators.leaves import symbol
from mcalc.render.steps import is_cited
from mcalc.shell.page import Page
from mcalc.shell.record import SCHEMA, line_of

if TYPE_CHECKING:
    from mcalc.expr import Operator
    from mcalc.results import Derivative
    from mcalc.shell.settings import Settings

FORMATS = ("text", "unicode", "ascii", "html", "json")
INNER = frozenset(
    {
        "size",
        "index",
        "unit",
        "selection",
        "row",
        "eye",
        "ones",
        "zeros",
        "derivative",
        "norm of a scalar",
        "pairing",
        "diagonals",
        "implicit",
        "levicivita",
        "shifts",
        "shifts same",
        "shifts valid",
        "shifts circular",
    }
)
"""Rows that are parts of others, and that the list leaves out."""
N, M = Dim.named("n"), Dim.named("m")
SHAPES = ((), (N,), (M, N), (N, N))
BEYOND = "beyond the paper"


class Rule:
    """A rule of the reference: of an operator, or one that combines several."""

    __slots__ = ("also", "domain", "example", "formula", "kink", "name", "operator", "rule", "section", "where")

    def __init__(
        self,
        name: str,
        rule: str,
        section: str,
        formula: str,
        example: str,
        *,
        where: str | None = None,
        operator: Operator | None = None,
    ) -> None:
        self.name = name
        self.rule = rule
        self.section = section
        self.formula = formula
        self.example = example
        self.where = where
        self.operator = operator
        self.also = operator.spellings[1:] if operator is not None else ()
        self.kink = operator.kink if operator is not None else ""
        self.domain = operator.domain if operator is not None else ""

    @staticmethod
    def of(operator: Operator) -> Rule:
        """Return the rule of a row of the table."""
        name = operator.spellings[0] if operator.spellings else operator.name
        return Rule(name, operator.rule, operator.section, operator.formula, operator.example, operator=operator)

    @property
    def place(self) -> str:
        """Where the paper has it."""
        return f"§{self.section}" if is_cited(self.section) else self.section

    @property
    def title(self) -> str:
        """The name, and what it is called in the paper's words."""
        return self.name if self.rule == self.name else f"{self.name}: {self.rule}"

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What is to be said of it, each under a word."""
        said = {
            "also": ", ".join(self.also),
            "takes": "; ".join(self.shapes()),
            "where": self.domain,
            "kink": self.kink,
        }
        return [(word, text) for word, text in said.items() if text]

    def command(self, derivative: Derivative, where: str | None) -> str:
        """Return the command that shows the example."""
        shapes = f' --where "{where}"' if where else ""
        return f'mcalc diff "{self.example}" --wrt {derivative.wrt[0]}{shapes} --steps'

    def derived(self) -> tuple[Derivative, str | None] | None:
        """Return the example's derivative by its first variable, worked out now, and the shapes it was declared with.

        None for an example without a variable.

        Where the use of a name does not tell its shape, capitals are matrices and other letters vectors.
        """
        names = dict.fromkeys(re.findall(r"(?<![\w_])[A-Za-z](?![\w_])", self.example))
        declared = "; ".join([f"{name}: R^{{n x n}}" if name.isupper() else f"{name}: R^n" for name in names])
        for where in (self.where, declared):
            try:
                variables = [node for node in parse(self.example, where=where).symbols if node.op.name == "symbol"]
                if not variables:
                    return None
                return derive(self.example, wrt=variables[0].attr[0], where=where), where
            except (Mistake, ShapeError):
                continue
        return None

    def shapes(self) -> list[str]:
        """Return what the operator takes and gives: `vector of n → scalar`."""
        row = self.operator
        if row is None:
            return []
        if row.kind == "elementwise" and not row.layout.startswith("logic"):
            return ["scalars, vectors and matrices, entry by entry; a scalar among vectors is expanded (§4.3)"]
        if not row.spellings or row.arity not in ((1, 1), (2, 2)):
            return []
        found: list[str] = []
        for shape in SHAPES:
            if shape == (N, N) and any([one.startswith("matrix m×n") for one in found]):
                continue
            args = tuple([symbol(name, shape) for name in ("a", "b")[: row.arity[0]]])
            made = _made(row, args)
            if made is not None and made not in found:
                found.append(made)
        return found


def _made(row: Operator, args: tuple[Expr, ...]) -> str | None:
    """Return what an operator makes of some shapes, in words; None where it does not take them."""
    try:
        made = row.body(*args) if row.kind == "spelling" and row.body is not None else make(row, args)
    except ShapeError:
        return None
    return f"{', '.join([shape_text(arg.shape) for arg in args])} → {shape_text(made.shape)}"


SQUARE, ANY = "X, A, B: R^{n x n}", "X: R^{m x n}; a: R^m; b: R^n"
OF_DIFFERENTIALS = (
    ("constant", "d(A) = 0", "tr(A X)", SQUARE),
    ("trace and transpose", "d tr(X) = tr(dX), d(Xᵀ) = dXᵀ", "tr(A X')", SQUARE),
    ("element-wise function", "d f(X) = f′(X) ⊗ dX", "sum(exp(X))", ANY),
    ("Frobenius norm", "d‖R‖² = 2 tr(Rᵀ dR)", "normF(A X)", SQUARE),
    ("softmax and logsumexp", "d lse(z) = pᵀ dz, dp = p ⊗ (dz - p · dz), p = softmax(z)", "logsumexp(X b)", ANY),
    ("cyclic trace", "tr(P Q) = tr(Q P)", "tr(A X B)", SQUARE),
    ("trace of a transpose", "tr(M) = tr(Mᵀ)", "tr(X' A X)", SQUARE),
    ("a number is its own trace", "aᵀ dX b = tr(b aᵀ dX)", "a' X b", ANY),
    ("a number is its own transpose", "dxᵀ g = gᵀ dx", "norm(X b - a)^2", ANY),
    ("mask to the other side", "aᵀ (m ⊗ b) = (m ⊗ a)ᵀ b", "a' relu(X b)", ANY),
    ("cancel", "a / a = 1", "ln(det(X))", SQUARE),
    ("collect terms", "tr(P dX) + tr(Q dX) = tr((P + Q) dX)", "tr(X' A X)", SQUARE),
    ("put in", "dy = g du, du = h dx: dy = g h dx", "normF(A X)^2", SQUARE),
    ("read off", "dy = tr(Gᵀ dX): ∂y/∂X = G", "tr(A X)", SQUARE),
    ("entries written out", "tr(A X) = Σᵢ Σⱼ A_ij X_ji", "tr(A X)", SQUARE),
    ("entry by entry", "∂X_ij/∂X_kl = δ_ik δ_jl", "tr(A X)", SQUARE),
    ("δ picks an entry", "Σⱼ δ_ij a_j = a_i", "tr(A X)", SQUARE),
    ("matrix form", "Σⱼ A_ij B_jk = (A B)_ik", "tr(A X B)", SQUARE),
    ("simplify", "the same, shorter", "ln(det(X))", SQUARE),
)
"""The rules by which differentials are told, each with its formula, an example and the shapes in it."""
COMBINING = (
    Rule(
        "multiplication by constant",
        "multiplication by constant rule",
        "2",
        "d(c f)/dx = c df/dx",
        "3x^2",
        where="x: R",
    ),
    Rule(
        "quotient",
        "quotient rule",
        BEYOND,
        "d(f/g)/dx = (g df/dx - f dg/dx)/g²",
        "(x · a)/(x · x)",
        where="x, a: R^n",
    ),
    Rule("difference", "difference rule", "2", "d(f - g)/dx = df/dx - dg/dx", "x^2 - 3x", where="x: R"),
    Rule("chain", "single-variable chain rule", "4.5.1", "dy/dx = dy/du du/dx", "sin(x^2)", where="x: R"),
    Rule(
        "total derivative",
        "single-variable total-derivative chain rule",
        "4.5.2",
        "df/dx = ∂f/∂x + Σᵢ ∂f/∂uᵢ duᵢ/dx",
        "sin(x + x^2)",
        where="x: R",
    ),
    Rule("vector chain", "vector chain rule", "4.5.3", "∂f(g(x))/∂x = ∂f/∂g ∂g/∂x", "sum(x .* x)", where="x: R^n"),
    *[Rule(name, name, BEYOND, formula, example, where=where) for name, formula, example, where in OF_DIFFERENTIALS],
)  # fmt: skip


def table() -> list[Rule]:
    """Return all rules that the list shows: those of the paper in the order of its sections, then the others."""
    rows = [*[Rule.of(row) for row in TABLE.values() if row.name not in INNER], *COMBINING]
    return sorted(rows, key=lambda rule: rule.section if is_cited(rule.section) else "~")


def found(name: str) -> Rule:
    """Return the rule of a name: of an operator, as it is spelled or called in the table, or of a rule.

    >>> found("arcsin").name, found("product rule").name, found("vector chain rule").section
    ('asin', 'mul', '4.5.3')
    """
    for row in (FUNCTIONS.get(name), TABLE.get(name), SIGNS.get(name)):
        if row is not None:
            return Rule.of(TABLE[row]) if isinstance(row, str) else Rule.of(row)
    every = [*COMBINING, *[Rule.of(row) for row in TABLE.values()]]
    wanted = name.lower()
    for rule in every:
        if wanted in (rule.rule.lower(), rule.rule.removesuffix(" rule"), rule.name.lower(), f"{rule.name} rule"):
            return rule
    known = [*FUNCTIONS, *TABLE, *[rule.rule for rule in every]]
    close = closest(wanted, known, 1, 0.6) or [rule.rule for rule in every if wanted in rule.rule.lower()][:1]
    hint = f"did you mean {close[0]}?" if close else "mcalc rules lists them all"
    raise Mistake("E-USAGE", f"there is no rule called {name}", hint=hint)


SIGNS = {
    "+": "add", "-": "add", "*": "mul", "⊗": "mul", ".*": "mul", "×": "mul", "/": "pow", "⊘": "pow", "./": "pow",
    "^": "pow", "**": "pow", "·": "dot", ".": "dot", "@": "matmul", ">": "gt", "<": "lt", ">=": "ge", "≥": "ge",
    "<=": "le", "≤": "le", "==": "eq", "≠": "ne", "!=": "ne", "ᵀ": "transpose", "^T": "transpose", "'": "transpose",
    "Σ": "sigma", "Π": "product", "prod": "product", "‖": "norm", "||": "norm", "norm": "norm", "√": "sqrt", "π": "pi",
    "{": "cases", "[": "block", "∂": "derivative", "d": "derivative",
}  # fmt: skip
"""Signs, which are no functions, and the rows they stand for."""


def rules(name: str | None, settings: Settings) -> Callable[[], int]:
    """Return what shows the rule of a name, or all of them."""
    one_of(FORMATS, "format", settings.to, here=True)
    return partial(show, table() if name is None else [found(name)], settings, whole=name is None)


def show(shown: Sequence[Rule], settings: Settings, *, whole: bool) -> int:
    """Show rules: in one line each if it is the `whole` table, else with an example."""
    output = settings.output()
    if output.face == "json":
        for rule in shown:
            output.result(line_of(record(rule)))
    elif output.to == "html":
        output.result(listed_on_a_page(shown) if whole else on_a_page(shown[0]))
    elif whole:
        listed(Page(output), shown)
    else:
        page(Page(output), shown[0])
    return 0


def listed(page: Page, shown: Sequence[Rule]) -> None:
    """Show a line for each rule, by the section of the paper."""
    before = ""
    for rule in shown:
        if rule.place != before:
            page.gap()
            page.line([(rule.place, "place")])
        before = rule.place
        page.entry(rule.name, rule.formula)


def page(page: Page, rule: Rule) -> None:
    """Show all of one rule."""
    page.line([(rule.title, "message"), (f" · {rule.place}", "words")])
    page.words(rule.formula)
    for word, text in rule.facts:
        page.fact(word, text)
    example = rule.derived()
    if example is None:
        page.fact("example", rule.example)
        return
    page.gap()
    derivative, _ = example
    page.command(rule.command(*example))
    page.rows(derivative.steps.rows("brief", unicode=page.unicode, width=page.width))


def on_a_page(rule: Rule) -> str:
    """Return all of one rule as a page."""
    from mcalc.render.html_page import document, plain

    rows = [f"<tr><th>{plain(word)}</th><td>{plain(text)}</td></tr>" for word, text in rule.facts]
    example = rule.derived()
    told = [f"<pre>{plain(rule.example)}</pre>"]
    if example is not None:
        told = [f"<pre>{plain(rule.command(*example))}</pre>", example[0].steps.html]
    parts = [
        f"<h1>{plain(rule.title)}</h1>",
        f'<p class="note">{plain(rule.place)}</p>',
        f'<div class="result">{plain(rule.formula)}</div>',
        *([f"<table>{''.join(rows)}</table>"] if rows else []),
        "<h2>Example</h2>",
        *told,
    ]
    return document(rule.title, "\n".join(parts)).rstrip("\n")


def listed_on_a_page(shown: Sequence[Rule]) -> str:
    """Return a line for each rule as a page, by the section of the paper."""
    from mcalc.render.html_page import document, plain

    parts = ["<h1>Rules</h1>"]
    for place, some in groupby(shown, key=lambda rule: rule.place):
        rows = [f"<tr><th>{plain(rule.name)}</th><td>{plain(rule.formula)}</td></tr>" for rule in some]
        parts.append(f"<h2>{plain(place)}</h2>\n<table>{''.join(rows)}</table>")
    return document("Rules", "\n".join(parts)).rstrip("\n")


def record(rule: Rule) -> dict[str, Any]:
    """Return the record of a rule."""
    example = rule.derived()
    return {
        "schema": SCHEMA,
        "ok": True,
        "kind": "rule",
        "name": rule.name,
        "also": list(rule.also),
        "rule": rule.rule,
        "section": rule.section,
        "formula": rule.formula,
        "shapes": rule.shapes(),
        "domain": rule.domain,
        "kink": rule.kink,
        "example": rule.example,
        "derivative": None if example is None else example[0].text,
    }
