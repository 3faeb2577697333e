"""The entries of the reference: operators, all reasons of derivations, and the derivatives that tables have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from typing import Any

from mcalc.api import derive, parse
from mcalc.calculus.basics.simplifications import Reason
from mcalc.calculus.stories.reasons import (
    ALGEBRA,
    BEYOND,
    OF_DIFFERENTIALS,
    OF_ENTRIES,
    OF_STRUCTURES,
    definition,
    entrywise,
)
from mcalc.calculus.stories.reasons import TABLE as REASONS
from mcalc.derivative import Derivative
from mcalc.dims import Dim, shape_text
from mcalc.errors import Mistake, ShapeError, closest
from mcalc.expr import Expr, Operator, make
from mcalc.operators import FUNCTIONS, TABLE
from mcalc.operators.elementwise import OF_NUMBERS
from mcalc.operators.leaves import symbol, symbols_in
from mcalc.patterns import pattern
from mcalc.render.steps_text import is_cited
from mcalc.render.text import unicode
from mcalc.shell.checking import declaration

INNER = frozenset((
    "number", "symbol", "size", "add", "mul", "pow", "apply", "map", "index", "unit", "selection", "row",
    "eye", "ones", "zeros", "derivative", "norm of a scalar", "pairing", "diagonals", "implicit", "levicivita",
    "shifts", "shifts same", "shifts valid", "shifts circular",
))  # fmt: skip
"""Rows that are parts of others, or stand as a rule of the paper, and that the list leaves out."""
N, M = Dim.named("n"), Dim.named("m")
SHAPES = ((), (N,), (M, N), (N, N))
CITED = pattern(r" · (§|beyond the paper).*")
COMPOUND = "tables of matrix calculus"
PLACES = (OF_NUMBERS, BEYOND, OF_DIFFERENTIALS, OF_ENTRIES, OF_STRUCTURES, ALGEBRA, COMPOUND)
"""What stands after the sections of the paper, in order."""
SHOWN: dict[str, tuple[str, dict[str, str]]] = {
    "dot": ("w · x + b", {"where": "w, x: R^n; b: R"}),
    "matmul": ("A x", {"where": "A: R^{m x n}; x: R^n", "wrt": "x"}),
    "trace": ("tr(A)", {"where": "A: R^{n x n}", "options": "--by chain"}),
}
"""Examples that show the rule of an operator where the shortest one does not."""


class Rule:
    """An entry of the reference: an operator, a reason of derivations, or a derivative that tables have.

    `name` is what it is called, `rule` the reason that derivations give, and `place` the heading that it stands under;
    `options` say how its example is told.
    """

    def __init__(
        self, name: str, rule: str, place: str, formula: str, example: str, *, where: str = "", wrt: str = "",
        options: str = "", source: str = "", operator: Operator | None = None,
    ) -> None:  # fmt: skip
        self.name = name
        self.rule = rule
        self.place = f"§{place}" if is_cited(place) else place
        self.formula = formula
        self.example = example
        self.where = where or None
        self.wrt = wrt
        self.options = options
        self.source = source
        self.operator = operator
        self.also = operator.spellings[1:] if operator is not None else ()
        self.kink = operator.kink if operator is not None else ""
        self.domain = operator.domain if operator is not None else ""

    @staticmethod
    def of(operator: Operator) -> Rule:
        """Return the entry of a row of the table."""
        name = operator.spellings[0] if operator.spellings else operator.name
        example, more = SHOWN.get(operator.name, (operator.example, {}))
        return Rule(name, operator.rule, operator.section, operator.formula, example, operator=operator, **more)

    @staticmethod
    def reason(reason: Reason, heading: str = BEYOND) -> Rule:
        """Return the entry of a reason of derivations."""
        return Rule(
            reason.name, reason.name, reason.section or heading, reason.formula, reason.example, where=reason.where,
            wrt=reason.wrt, options=reason.options,
        )  # fmt: skip

    @staticmethod
    def compound(row: tuple[str, str, str, str]) -> Rule:
        """Return the entry of a derivative that tables have, worked out now."""
        example, wrt, where, equation = row
        found = derive(example, wrt=wrt, where=where or SHAPES_OF_ALL)
        name = unicode(found.body)
        source = f"The Matrix Cookbook, ({equation})" if equation else ""
        formula = f"∂/∂{wrt}: {found.direction or found.text}"
        symbols = symbols_in(found.body)
        shapes = "; ".join([declaration(node) for node in symbols])
        return Rule(name, name, COMPOUND, formula, example, where=shapes, wrt=wrt, source=source)

    @property
    def section(self) -> str:
        """The section of the paper that has it; else the heading that it stands under."""
        return self.place.removeprefix("§")

    @property
    def title(self) -> str:
        """The name, and what it is called in the paper's words."""
        return self.name if self.rule == self.name else f"{self.name}: {self.rule}"

    @property
    def level(self) -> str:
        """How its example is told: in full where the rule may be one of those between two lines."""
        return "brief" if self.operator is not None else "full"

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What is to be said of it, each under a word."""
        said = {
            "also": ", ".join(self.also),
            "takes": "; ".join(self.shapes()),
            "where": self.domain,
            "source": self.source,
            "kink": self.kink,
        }
        return [(word, text) for word, text in said.items() if text]

    def command(self, derivative: Derivative, where: str | None) -> str:
        """Return the command that shows an example."""
        text = self.example if where == self.where else unicode(derivative.body)
        shapes = f'--where "{where}"' if where else ""
        level = "" if self.level == "brief" else self.level
        options = filter(None, [shapes, self.options, "--steps", level])
        return " ".join([f'mcalc diff "{text}" --wrt {",".join(derivative.wrt)}', *options])

    def derived(self) -> list[tuple[Derivative, str | None]]:
        """Return the derivatives of the example, worked out now, each with the shapes it was declared with.

        Where the use of a name does not tell its shape, capitals are matrices and other letters vectors. A function of
        vectors that takes matrices too has both. There is none of an example without a variable.
        """
        found = [made for made in [self._derived(self.example)] if made is not None]
        alone = re.fullmatch(r"\w+\(x\)", self.example)
        if alone and any([shape.startswith("matrix m×n → scalar") for shape in self.shapes()]):
            matrix = self._derived(self.example.replace("(x)", "(X)"), "X: R^{m x n}")
            found += [matrix] if matrix is not None else []
        return found

    def _derived(self, example: str, shapes: str | None = None) -> tuple[Derivative, str | None] | None:
        names = dict.fromkeys(re.findall(r"(?<![\w_])[A-Za-z](?![\w_])", example))
        declared = "; ".join([f"{name}: R^{{n x n}}" if name.isupper() else f"{name}: R^n" for name in names])
        words = self.options.split()
        how = dict(zip(words[::2], words[1::2], strict=True))
        settings: dict[str, Any] = {
            "layout": how.get("--layout", "numerator"),
            "mode": how.get("--mode", "auto"),
            "way": how.get("--as", "auto"),
        }
        for where in (shapes or self.where, declared):
            with suppress(Mistake, ShapeError):
                variables = [node for node in parse(example, where=where).symbols if node.op.name == "symbol"]
                if not variables:
                    return None
                wrt = self.wrt.split(", ") if self.wrt else variables[0].attr[0]
                made = derive(example, wrt=wrt, where=where, **settings)
                made.by = how.get("--by", "auto")
                return made, where
        return None

    def shapes(self) -> list[str]:
        """Return what the operator takes and gives: `vector of n → scalar`."""
        row = self.operator
        if row is None:
            return []
        if row.kind == "elementwise" and not row.layout.startswith("logic"):
            return ["scalars, vectors and matrices, entry by entry; a scalar among vectors is expanded (§4.3)"]
        if (
            row.arity != (1, 1)
            if row.name in SIGNS.values()
            else (not row.spellings or row.arity not in ((1, 1), (2, 2)))
        ):
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


def every() -> Iterator[Rule]:
    """Yield all rules that the list shows, those that are derived at once last."""
    for heading, rows in REASONS.items():
        yield from [Rule.reason(reason, heading) for reason in rows.values()]
    yield from [Rule.of(row) for row in TABLE.values() if row.name not in INNER]
    yield from [Rule.compound(row) for row in COOKBOOK]


def table() -> list[Rule]:
    """Return all rules that the list shows: those of the paper in the order of its sections, then the others."""
    return sorted(
        every(), key=lambda rule: (PLACES.index(rule.place), "") if rule.place in PLACES else (-1, rule.place)
    )


def found(name: str) -> Rule:
    """Return the rule of a name: of an operator, as it is spelled or called in the table, of a reason, or of a formula.

    >>> found("arcsin").name, found("product rule").name, found("vector chain rule").section
    ('asin', 'product rule', '4.5.3')
    >>> found("constant: A and B are held").name, found("element-wise sin").formula
    ('constant', '∂y/∂x = diag(y′), where d sin(x)/dx = cos(x)')
    >>> found("tr(AXB)").formula
    '∂/∂X: Aᵀ Bᵀ'
    """
    row = TABLE.get(SIGNS.get(name, "")) or FUNCTIONS.get(name) or TABLE.get(name)
    if row is not None:
        return Rule.of(row)
    wanted = CITED.sub("", name).strip().lower()
    known = _by_name()
    for said in (wanted, f"{wanted} rule", f"{wanted} chain rule", wanted.partition(":")[0]):
        if said in known:
            return known[said]
    for begins, rule in (("element-wise ", entrywise), ("definition of ", definition)):
        rest = wanted.removeprefix(begins)
        function = next((row for row in TABLE.values() if rest in (row.name, row.rule, *row.spellings)), None)
        if wanted.startswith(begins) and function is not None:
            return Rule.reason(rule(function))
    for begins in ("substitute", "put in"):
        if wanted.startswith(f"{begins} "):  # the names follow
            return known[begins]
    inside = [rule for said, rule in known.items() if wanted.replace("-", " ") in said.replace("-", " ")]
    compound = _compound(name) if not wanted.replace(" ", "").isalnum() and len(name) <= LONGEST else None
    if compound is not None or len(inside) == 1:
        return compound or inside[0]
    close = closest(wanted, [*FUNCTIONS, *TABLE, *known], 1, 0.6) or [rule.rule for rule in inside][:1]
    hint = f"did you mean {close[0]}?" if close else "mcalc rules lists them all"
    raise Mistake("E-USAGE", f"there is no rule called {name}", hint=hint)


@cache
def _by_name() -> dict[str, Rule]:
    """Return the rules by what derivations call them, in small letters."""
    reasons = [Rule.reason(reason, heading) for heading, rows in REASONS.items() for reason in rows.values()]
    every = [*reasons, *[Rule.of(row) for row in TABLE.values()]]
    return {name.lower(): rule for rule in reversed(every) for name in (rule.name, rule.rule)}


def _compound(text: str) -> Rule | None:
    """Return the rule of a formula that tables have, however it is written."""
    for row in COOKBOOK:
        where = row[2] or SHAPES_OF_ALL
        try:
            if parse(text, where=where).expr is parse(row[0], where=where).expr:
                return Rule.compound(row)
        except (Mistake, ShapeError):
            continue
    return None


def all_found(name: str) -> list[Rule]:
    """Return the rule of a name, or those of a line of a derivation that names several.

    >>> [rule.name for rule in all_found("power rule, multiplication by constant rule · §2")]
    ['power rule', 'multiplication by constant rule']
    """
    parts = CITED.sub("", name).split(", ")
    rules: list[Rule] = []
    while parts:
        for many in range(len(parts), 0, -1):
            part = ", ".join(parts[:many])
            try:
                rules.append(found(part))
                other = _by_name().get(part.lower())
                rules += (
                    [other] if other is not None and other.operator is None and other.name != rules[-1].name else []
                )
                break
            except Mistake:
                if many == 1:
                    return [found(name)]
        parts = parts[many:]
    return rules


LONGEST = 200
"""Characters of a formula of a table, however it is written."""
SIGNS = {
    "+": "add", "-": "add", "*": "mul", "⊗": "mul", ".*": "mul", "×": "mul", "/": "pow", "⊘": "pow", "./": "pow",
    "^": "pow", "**": "pow", "·": "dot", ".": "dot", "@": "matmul", ">": "gt", "<": "lt", ">=": "ge", "≥": "ge",
    "<=": "le", "≤": "le", "==": "eq", "≠": "ne", "!=": "ne", "ᵀ": "transpose", "^T": "transpose", "'": "transpose",
    "Σ": "sigma", "Π": "product", "prod": "product", "‖": "norm", "||": "norm", "norm": "norm", "√": "sqrt", "π": "pi",
    "{": "cases", "[": "block", "∂": "derivative", "d": "derivative",
}  # fmt: skip
"""Signs, which are no functions, and the rows they stand for."""


SHAPES_OF_ALL = "X: R^{n x n}; A, B, C, D: R^{n x n}; a, b, c: R^n; x: R^n; m: R^n"
"""What the letters are where a row says nothing of them."""
TALL = "X: R^{m x n}; A: R^{p x m}; B: R^{n x p}; C: R^{m x m}; D: R^{n x n}; a: R^m; b, c: R^n"
COOKBOOK: tuple[tuple[str, str, str, str], ...] = (
    # of numbers and vectors
    ("a' x", "x", "", "69"),
    ("x' B x", "x", "", "81"),
    ("(B x + b)' C (D x + c)", "x", "", "78"),
    ("(x - A c)' B (x - A c)", "x", "", "84"),
    ("norm(x - a)", "x", "", "129"),
    ("norm(A x - b)^2", "x", "A: R^{m x n}; x: R^n; b: R^m", ""),
    ("(x - a)/norm(x - a)", "x", "", "130"),
    ("x' A x / (x' x)", "x", "A: R^{n x n} symmetric; x: R^n", ""),
    ("logsumexp(A x)", "x", "A: R^{m x n}; x: R^n", ""),
    ("softmax(x)", "x", "", ""),
    ("ln(1 + exp(-y w · x))", "w", "w, x: R^n; y: R", ""),
    # first and second order in a matrix
    ("a' X b", "X", TALL, "70"),
    ("b' X' a", "X", TALL, "71"),
    ("b' X' X c", "X", TALL, "77"),
    ("b' X' C X c", "X", TALL, "82"),
    ("(X b + a)' C (X b + a)", "X", TALL, "88"),
    ("norm(X)^2", "X", TALL, "131"),
    ("norm(A X - B)^2", "X", "A: R^{p x m}; X: R^{m x n}; B: R^{p x n}", ""),
    # traces
    ("tr(X)", "X", "", "99"),
    ("tr(X A)", "X", "", "100"),
    ("tr(A X B)", "X", TALL, "101"),
    ("tr(A X' B)", "X", "X: R^{m x n}; A: R^{p x n}; B: R^{m x p}", "102"),
    ("tr(X' X)", "X", TALL, "115"),
    ("tr(X^2)", "X", "", "106"),
    ("tr(X^2 B)", "X", "", "107"),
    ("tr(X' C X)", "X", TALL, "108"),
    ("tr(X D X')", "X", TALL, "109"),
    ("tr(A X B X)", "X", "", "112"),
    ("tr(A X B X' C)", "X", "", "118"),
    ("tr(kron(X, X))", "X", "", "120"),
    ("tr(X^3)", "X", "", "121"),
    # determinants and inverses
    ("det(X)", "X", "", "49"),
    ("det(A X B)", "X", "", "51"),
    ("det(X' C X)", "X", "C: R^{m x m} symmetric; X: R^{m x n}", "53"),
    ("ln(det(X))", "X", "", "57"),
    ("ln(det(X' X))", "X", TALL, "55"),
    ("det(X^3)", "X", "", "58"),
    ("inv(X)", "X", "", "60"),
    ("a' inv(X) b", "X", "X: R^{n x n}; a, b: R^n", "61"),
    ("det(inv(X))", "X", "", "62"),
    ("tr(A inv(X) B)", "X", "", "63"),
    ("tr(inv(X + A))", "X", "", "64"),
    ("tr(inv(X' C X) A)", "X", "C: R^{m x m} symmetric; A: R^{n x n} symmetric; X: R^{m x n}", "125"),
    # densities and layers
    ("(x - m)' inv(A) (x - m)", "A", "A: R^{n x n} symmetric; x, m: R^n", ""),
    ("ln(det(A)) + (x - m)' inv(A) (x - m)", "A", "A: R^{n x n} posdef; x, m: R^n", ""),
    ("norm(A relu(X b) - c)^2", "X", "X: R^{m x n}; A: R^{k x m}; b: R^n; c: R^k", ""),
    ("-y' ln(softmax(X b))", "X", "X: R^{k x n}; b: R^n; y: R^k", ""),
)
"""The derivatives that tables have, each an expression, the variable, the shapes, and its equation in the Cookbook.

Petersen and Pedersen, The Matrix Cookbook (2012); Magnus and Neudecker, Matrix Differential Calculus.
"""
