"""Statements: what a line says, read against a scope.

One language for every way in: declarations, definitions, functions, derivatives, claims and expressions.
"""

from __future__ import annotations

from collections.abc import Sequence

from mcalc.dims import Shape, shape_text
from mcalc.errors import Mistake, Span, clip
from mcalc.expr import Expr
from mcalc.notation.around.declared_in_words import FIELDS
from mcalc.notation.around.prose import refuse_prose
from mcalc.notation.meaning import calls, forms, named, products
from mcalc.notation.names.scope import Reading, Scope
from mcalc.notation.pastes.detect import begins_python, calls_method, is_latex, is_marked, names_library, notation_of
from mcalc.notation.splitting import split_statements
from mcalc.notation.statements.asked import Asked, wanted_names
from mcalc.notation.statements.statement import read_tokens
from mcalc.notation.surface.characters import clean, refuse_gaps
from mcalc.notation.surface.mistakes import Offer, mistake_at
from mcalc.notation.surface.parse import scan
from mcalc.notation.surface.syntax import spelled
from mcalc.patterns import pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mcalc.notation.pastes.draft import Draft

MAX_TEXT = 64 * 1024
"""The most characters of a statement that a shell should hand over; the reading itself has no limit."""
MAX_TOKENS = 200_000
"""The same for tokens."""
MEANINGS = (calls, forms, named, products)
"""The modules that say what each kind of node means; importing them fills the tables of the elaborator, which loads
what is seldom met itself."""
_LATEX_NAMES = pattern(r"([^:=;]*\\[^:=;]*):(\s*(?:R|ℝ|symmetric|posdef)\b[^\\]*)")
r"""Names in LaTeX that are declared in mcalc's notation: \mu: R^n."""
_TABLES = (
    "variables", "sizes", "definitions", "functions", "maps", "origins", "outdated", "made_with", "fonts", "orders",
    "properties",
)  # fmt: skip
_NAMING = frozenset(("COLON", "IN", "EQUALS", "DEFINE"))


def read(
    text: str,
    scope: Scope,
    shape: Shape | None = None,
    wrt: Sequence[str] | str = (),
    *,
    value: bool = False,
    equation: bool = False,
    before: Expr | None = None,
    notation: str = "auto",
) -> Reading:
    """Read one statement.

    `shape` is the shape that the expression is known to have, for sizes that it leaves open, and `wrt` names further
    variables. With `value` the reading of ``L(w) = ...`` is that of its right-hand side, as an expression, and keeps
    the name. With `equation` an equation is a claim unless it gives a name its meaning. A statement that begins with
    ``=`` goes on from the expression `before`. `notation` is ``plain``, ``latex`` or, where the text itself tells,
    ``auto``. The scope is left as it is: the reading brings the one after the statement.

    >>> reading = read("d/dx x^2", Scope())
    >>> reading.kind, reading.assumed
    ('derivative', ['x ∈ ℝ'])
    """
    asked = Asked(value=value, equation=equation, before=before, shape=shape, wrt=wrt)
    text = text.rstrip()
    refuse_gaps(text)
    try:
        return _read_any(text, scope, asked, notation)
    except Mistake as mistake:
        from mcalc.notation.pastes.pasted import sentence

        wanted = [name.full for name in asked.wanted(scope.names())]
        if (asking := sentence(text, wanted)) is not None:
            return _read_pasted(asking, scope, asked, notation)
        if isinstance(mistake.hint, Offer):
            mistake.hint = mistake.hint.replayed(lambda offer: _is_read(offer, scope, notation))
        raise


def _is_read(offer: str, scope: Scope, notation: str) -> bool:
    """Say whether what a refusal offers is read itself."""
    try:
        _read_any(offer, scope, Asked(value=True), notation)
    except Mistake:
        return False
    return True


def _read_any(text: str, scope: Scope, asked: Asked, notation: str) -> Reading:
    """Read a statement, out of what was pasted with it where something was."""
    if ":" in text and (declared := _LATEX_NAMES.fullmatch(text)) is not None:
        named = ", ".join([name.full for name in wanted_names(declared[1], scope.names())])
        return _read_bare(f"{named}:{declared[2]}", scope, asked, "plain")
    if is_marked(text) and not begins_python(text):
        from mcalc.notation.pastes.pasted import unwrapped

        wanted = [name.full for name in asked.wanted(scope.names())]
        if (draft := unwrapped(text, {*scope.names(), *wanted})) is not None:
            return _read_pasted(draft, scope, asked, notation)
    return _read_bare(text, scope, asked, notation)


def _read_pasted(draft: Draft, scope: Scope, asked: Asked, notation: str) -> Reading:
    """Read the formula of a paste, after the declarations beside it; the places of a mistake are those in the paste."""
    known = scope
    scope = _declared(draft.declared, scope, draft.notes)
    for name in [name.full for text in draft.symmetric for name in wanted_names(text, scope.names())]:
        if not name[0].islower():
            from mcalc.notation.statements.declare import with_properties

            draft.note(f"{clip(name)} is taken as symmetric")
            scope = with_properties(scope, {name: frozenset(("symmetric",))}, {}, {})[0]
    function = scope.functions.get(draft.text.strip())
    if draft.derived is not None and function is not None and not draft.derived[0]:  # the gradient of f
        listed = ", ".join(function.parameters)
        draft.replace(len(draft.text), len(draft.text), f"({listed})")
        draft.derived = listed if len(function.parameters) == 1 else f"({listed})", draft.derived[1]
    _refuse_other(draft, scope, asked)
    twice = draft.derived is not None and draft.derived[1] > 1 and bool(asked.wrt)
    if draft.claims and asked.wrt:
        draft.note("what the words say of it is left out: mcalc check tells whether it holds")
        draft.keep(0, draft.text.rfind("="))
    if draft.derived is not None and not asked.wrt:
        if not draft.derived[0]:
            which = "differentiate with respect to which variable?"
            own = "say it, with respect to $x$" if draft.claims else "--wrt x"
            raise Mistake("E-USAGE", which, [Span(0, len(draft.source))], f"{own}, or ∂/∂x before it", draft.source)
        draft.differentiate()
        if draft.is_plain:
            draft.note(f"read as {clip(draft.text, 60)}")
    if not draft.text.strip():
        reading = Reading("empty" if scope is known else "declaration", scope)
        reading.notes = draft.notes
        return reading
    try:
        own = "latex" if draft.is_latex else "plain" if draft.is_plain else notation
        reading = _read_bare(draft.text, scope, asked, own)
    except Mistake as mistake:
        raise (draft.back(mistake) if mistake.source == draft.text else mistake) from None
    if reading.doubt is not None:
        reading.doubt = draft.back(reading.doubt[0]), reading.doubt[1]
    reading.twice = twice
    reading.notes[:0] = [note for note in draft.notes if note not in reading.notes]
    return reading


def _refuse_other(draft: Draft, scope: Scope, asked: Asked) -> None:
    """Refuse a text whose words differentiate by another name than is asked for."""
    by = draft.derived[0] if draft.derived is not None else ""
    wanted = asked.wanted(scope.names())
    said = wanted_names(by.strip("()"), scope.names()) if by and wanted else wanted
    if {name.full for name in said} != {name.full for name in wanted}:
        listed = ", ".join([name.full for name in wanted])
        both = f"differentiate with respect to {by.strip('()')}, and what is asked with respect to {listed}"
        spans, hint = [Span(0, len(draft.source))], "give the formula without the words"
        raise Mistake("E-AMBIG", f"the words {both}", spans, hint, draft.source)


def _declared(declarations: list[str], scope: Scope, notes: list[str]) -> Scope:
    """Return a scope with the declarations that stood beside a formula in LaTeX, with a note on each."""
    for declaration in declarations:
        try:
            inner = read(declaration, scope, notation="latex")
        except Mistake:
            notes.append(f"{clip(declaration)} is left out; --where declares shapes")
        else:
            scope = inner.scope
            notes += [f"{clip(declaration)} is taken for a declaration", *inner.notes]
    return scope


def _read_bare(text: str, scope: Scope, asked: Asked, notation: str) -> Reading:
    """Read a statement that nothing stands around but what its own notation has."""
    try:
        if begins_python(text) and notation != "latex":
            reading = _read_python(text, scope, asked)
        elif is_latex(text, notation):
            return _read_latex(text, scope, asked)
        elif names_library(text, scope):
            reading = _read_python(text, scope, asked)
        else:
            reading = _read_plain_or_method(text, scope, asked)
    except Mistake as mistake:
        if mistake.source is None:
            mistake.source = text
        raise
    if reading.doubt is not None:
        reading.doubt[0].source = text
    return reading


def _read_latex(text: str, scope: Scope, asked: Asked) -> Reading:
    """Read a statement in LaTeX, whose tokens go the way of all others."""
    from mcalc.notation.latex.texts import read_latex

    wanted = [name.full for name in asked.wanted(scope.names())]
    asked.pasted = pasted = read_latex(text, scope, wanted)
    reading = read_tokens(pasted.text, pasted.tokens, pasted.fonts, scope, asked)
    for name, span in reading.entrywise:
        _refuse_command(name, span, text)
    own = f" is read as {reading.implicit[0].attr[0]}_star" if reading.implicit is not None else "?"
    reading.notes[:0] = [note for note in pasted.notes if note not in reading.notes and not note.endswith(own)]
    signs = [k for k, token in enumerate(pasted.tokens) if token.type in ("EQUALS", "DEFINE")]
    reading.pasted = spelled([*pasted.tokens[: signs[0]]]) if signs else ""
    if pasted.macros and reading.kind == "empty":
        reading = Reading("definition", scope)
        reading.name = ", ".join(["\\" + name for name in pasted.macros])
    reading.scope = reading.scope.copy()
    reading.scope.macros.update(pasted.macros)
    reading.scope.fonts.update({**dict.fromkeys(reading.names, 0), **pasted.fonts})
    return reading


def _refuse_command(name: str, at: Span, text: str) -> None:
    r"""Refuse ``\exp(A)`` of a square matrix, which is read as one of the matrix and as one of its entries."""
    if not text[at.start :].startswith(("\\exp", "\\ln", "\\log")):
        return
    word = "exponential" if name == "exp" else "logarithm"
    whole = rf"\operatorname{{{word[:3]}m}}(A) is the matrix {word}"
    hint = rf"\operatorname{{{name}}}(A) is entry by entry; {whole}"
    raise Mistake("E-AMBIG", f"{name} of a square matrix has two readings", [at], hint, text)


def _read_python(text: str, scope: Scope, asked: Asked) -> Reading:
    from mcalc.notation.python.statements import read_python

    try:
        return read_python(text, scope, asked)
    except Mistake as mistake:
        if mistake.code == "E-SYNTAX" and not begins_python(text):
            refuse_prose(text, scan(clean(text)[0]), scope.names(), ())
        raise


def _read_plain_or_method(text: str, scope: Scope, asked: Asked) -> Reading:
    """Read a statement in mcalc's notation; one with a method or an @ is Python where that has a meaning for it."""
    if calls_method(text) or "@" in text or "einsum(" in text:
        try:
            return _read_python(text, scope, asked)
        except Mistake as mistake:
            if mistake.code in ("E-AMBIG", "E-SHAPE") or calls_method(text, surely=True):
                raise
    cleaned, hints = clean(text)
    return read_tokens(cleaned, scan(cleaned), hints, scope, asked)


def read_expression(
    text: str, scope: Scope, shape: Shape | None = None, wrt: Sequence[str] | str = (), *, notation: str = "auto"
) -> Reading:
    """Read a statement that must be an expression, with or without a derivative in it; the rest as in :func:`read`."""
    return expression_of(read(text, scope, shape, wrt, notation=notation), text)


def expression_of(reading: Reading, text: str) -> Reading:
    """Return the reading of a text that must be an expression, with or without a derivative in it."""
    if reading.kind == "empty":
        raise Mistake("E-SYNTAX", "empty expression", [Span(0, 1)], hint="type a formula, such as x^2", source=text)
    if reading.kind not in ("expression", "derivative"):
        kind = {"claim": "an equation", "function": "the definition of a function"}.get(
            reading.kind, f"a {reading.kind}"
        )
        raise Mistake("E-SYNTAX", f"this is {kind}, not an expression", [Span(0, len(text))], source=text)
    return reading


def read_where(text: str, scope: Scope) -> None:
    """Read declarations and definitions separated by ; or lines into a scope.

    >>> scope = Scope()
    >>> read_where("w, x: R^n; b: R", scope)
    >>> list(scope.variables)
    ['w', 'x', 'b']
    """
    declared: dict[str, Expr] = {}
    for statement, _ in split_statements(text):
        reading = read(statement, scope, notation=notation_of(statement, text))
        if reading.kind == "declaration":
            _refuse_contradiction(declared, reading.names, statement)
            declared |= reading.names
        if reading.kind in ("declaration", "definition", "function"):
            for table in _TABLES:
                setattr(scope, table, getattr(reading.scope, table))
        elif reading.kind != "empty":
            spans = [Span(0, len(statement))]
            raise Mistake("E-SYNTAX", "this declares nothing", spans, "write w, x: R^n; b: R", statement)


def _refuse_contradiction(before: dict[str, Expr], names: dict[str, Expr], statement: str) -> None:
    """Refuse a name that one list declares as two things."""
    for name, variable in names.items():
        other = before.get(name, variable)
        if other is variable:
            continue
        if other.shape != variable.shape or not FIELDS.isdisjoint([token.text for token in scan(statement)]):
            one, two = [" ".join([shape_text(v.shape), *sorted(v.attr[2])]) for v in (other, variable)]
            message = f"{clip(name)} is declared twice, as a {one} and as a {two}"
            raise mistake_at("E-NAME", message, (0, len(statement)), "", "declare it once")


def take_macros(text: str, scope: Scope) -> None:
    """Take the macros that a text in LaTeX defines into a scope; what else stands there is passed over."""
    from mcalc.notation.latex.texts import read_macros

    scope.macros |= read_macros(text)


def may_name(text: str) -> bool:
    """Say whether a line may make a name, so that others mean something else after it; what is uncertain may.

    >>> may_name("x: R^n"), may_name("d/dx sin(x)")
    (True, False)
    """
    if is_latex(text):
        return True
    try:
        return any([token.type in _NAMING for token in scan(clean(text)[0])])
    except Mistake:
        return True
