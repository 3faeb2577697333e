"""What Python and the shell call: text in, an :class:`Expression` or a :class:`Derivative` out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from mcalc.calculus.derive import collected, derivative_of, resolve
from mcalc.calculus.remarks import reach, remarks
from mcalc.choices import CONVENTIONS, LAYOUTS, MODES, PLAIN, WAYS, Manner, one_of
from mcalc.derivative import Derivative
from mcalc.dims import Dim
from mcalc.errors import Mistake, Span, clip
from mcalc.expr import Expr, rebuild, walk
from mcalc.limits import counted
from mcalc.notation import (
    Reading,
    Scope,
    expression_of,
    read,
    read_variables,
    read_where,
    split_statements,
    take_macros,
)
from mcalc.notation.meaning.assumed import refuse_labelled, where_text
from mcalc.notation.meaning.elaborate import Elaborator
from mcalc.notation.pastes.detect import notation_of
from mcalc.notation.statements.asked import wanted_names
from mcalc.operators.abstract import DERIVATIVE, DIFFERENTIAL, IMPLICIT, MARK, defined_by
from mcalc.operators.abstract import differential as asked_of
from mcalc.operators.leaves import is_zero, symbol
from mcalc.patterns import pattern
from mcalc.render.text import unicode
from mcalc.results import Expression, claim

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    from mcalc.checking.page import Page
    from mcalc.checking.verdict import Verdict
    from mcalc.differential import Differential

    E = TypeVar("E", bound=Expression)

MOST_TRIED = 4
"""So many vectors of a wrong claim are tried as numbers."""
ONE_CHAIN = pattern(r"\s*\n\s*(?==)")
"""The end of a line before one that begins with an equals sign: the same chain goes on."""


_DEFINES = pattern(r"\s*(?:\\?[A-Za-z]+|\\\w+(?:\{\\?\w+\}|\s+\w)|[^\W\d_]\u0302?)(?:_\{?\w+\}?)?\s*(?:\(\w+\)\s*)?:?=")
_DEFINES_ENTRIES = pattern(r"(?:^|,)\s*(?:\\?[A-Za-z]+|\\\w+(?:\{\\?\w+\}|\s+\w)|[^\W\d_]\u0302?)_\{?[i-n]\}?\s*:?=")
"""The left sides of definitions, and of those of entries: p_i = ..., \\hat{y}_i = ..."""
_JOINED = pattern(r"\b(?:where|given|with|provided|assuming|when)\b")
"""What conditions stand behind."""


def _shown(mistake: Mistake) -> str:
    from mcalc.render.mistake import render_mistake

    return render_mistake(mistake)


setattr(Mistake, "shown", _shown)  # noqa: B010 - errors.py knows no printer; here everyone comes by


def certain(reading: Reading, work: Callable[[Reading], E]) -> E:
    """Return what is made of a reading; where its second reading gives another answer, raise that it has two."""
    value = work(reading)
    if reading.doubt is not None:
        mistake, other = reading.doubt
        try:
            same = work(other).text == value.text
        except Mistake:
            same = False
        if not same:
            raise mistake
    return value


def worked_out(reading: Reading, manner: Manner = PLAIN) -> Expression:
    """Return what a statement asks for: the derivative, or the expression with the derivatives in it worked out."""
    return certain(reading, partial(_worked_out, manner=manner))


def _worked_out(reading: Reading, manner: Manner) -> Expression:
    expr = reading.expr
    assert expr is not None
    if expr.op is DIFFERENTIAL:
        from mcalc.differential import Differential

        return Differential(expr, reading)
    body, order = expr, 0
    variables: tuple[Expr, ...] = ()
    while body.op.name == "derivative" and variables in ((), body.args[1:]):
        body, variables, order = body.args[0], body.args[1:], order + 1
    if order:
        body = _defined(body, reading, order)
        _refuse_defined(reading, variables)
        refuse_labelled(reading.names, variables)
        return Derivative(body, variables, reading, order, manner)
    if expr.has_kind("derivative"):
        inner: list[tuple[Expr, tuple[Expr, ...], Expr]] = []
        found = resolve(expr, layout=manner.layout, mode=manner.mode, found=inner, structured=manner.structured)
        value = Expression(collected(found), reading)
        for _, by, _ in inner:
            refuse_labelled(reading.names, by)
        value._claimed = [claim(*one, manner.layout, manner.structured) for one in inner]  # noqa: SLF001 - made here, of what was resolved here
        notes = [*reach(expr), *remarks(expr, (), value.written)]
        value.notes += [note for note in notes if note not in value.notes]
        return value
    return Expression(expr, reading)


def differentiated(
    reading: Reading, wrt: str | Sequence[str] | None, order: int = 1, manner: Manner = PLAIN
) -> Derivative:
    """Return the derivative of what was read by some variables, given as text.

    Raises :class:`~mcalc.errors.Mistake` where `wrt` is None and the statement does not say it either.
    """
    assert reading.expr is not None
    if wrt is None:
        value = worked_out(reading, manner)
        if isinstance(value, Derivative):
            if order > 1:
                raise _refused_again(value.variables[0])
            return value
        inside = [node.attr[0] for node in walk(reading.expr) if node.op.name == "symbol"]
        names = [name for name in reading.names if name in inside] or inside
        hint = f"--wrt {names[0]}, or ∂/∂{names[0]} before it" if names else "there is no variable in it: 0 by any"
        if reading.expr.has_kind("derivative"):
            hint = f"the derivatives in it are worked out where it is typed alone; for one more, {hint}"
        raise Mistake("E-USAGE", "differentiate with respect to which variable?", hint=hint)
    work = partial(_differentiated, wrt=wrt, order=order, manner=manner)
    return certain(reading, work)


def _defined(body: Expr, reading: Reading, order: int) -> Expr:
    """Return a function in which a name that an equation defines is the function that the equation makes it."""
    if reading.implicit is None or body.has(IMPLICIT):
        return body
    if order > 1:
        raise Mistake("E-UNSUPPORTED", "the second derivative of what an equation defines is not supported")
    unknown, residual = reading.implicit

    def slope(function: Expr, variable: Expr) -> Expr:
        found = derivative_of(function, [variable])
        if is_zero(found):
            raise Mistake("E-NAME", f"{unicode(unknown)} drops out of its equation, which so does not define it")
        return found

    made = defined_by(unknown, resolve(residual), slope)
    return rebuild(body, lambda node, args: made if node is unknown else None)


def _refuse_derived(expr: Expr, variables: Sequence[Expr]) -> None:
    """Refuse a derivative by a name that is asked for again: it may be that one, or one more."""
    again = [variable for variable in variables if expr.op is DERIVATIVE and variable in expr.args[1:]]
    if again:
        raise _refused_again(again[0])


def _refused_again(variable: Expr) -> Mistake:
    by = unicode(variable)
    said = f"this is a derivative by {by} already: is that meant, or one more?"
    hint = f"give no variable for the one that is written; for one more write d/d{by} (...) around it"
    return Mistake("E-AMBIG", said, hint=hint)


def _refuse_defined(reading: Reading, variables: Sequence[Expr]) -> None:
    """Refuse a derivative by a name that an equation defines."""
    unknown = reading.implicit[0] if reading.implicit is not None else None
    if any([node is unknown for variable in variables for node in (variable, *variable.args)]):
        said = f"{unicode(variables[0])} is what the equation defines"
        raise Mistake("E-USAGE", said, hint="differentiate by a name that it depends on")


def _differentiated(reading: Reading, wrt: str | Sequence[str], order: int, manner: Manner) -> Derivative:
    assert reading.expr is not None
    if reading.expr.op is DIFFERENTIAL:
        from mcalc.differential import Differential

        return Differential(reading.expr, reading)
    if any([node.op.name == "symbol" and MARK in node.attr[2] for node in walk(reading.expr)]):
        hint = "of an expression without a dx; its differential is d(...)"
        raise Mistake("E-UNSUPPORTED", "a differential is not differentiated, and not integrated", hint=hint)
    if reading.twice and order == 1:
        hint = "mcalc hess gives the second derivative; for the first give the formula alone"
        raise Mistake("E-AMBIG", "the words ask for a higher derivative, and diff gives the first", hint=hint)
    reading.expr = _defined(reading.expr, reading, order)
    said = len(reading.notes)
    variables = read_variables(wrt, reading.scope, reading)
    _refuse_defined(reading, variables)
    _refuse_derived(reading.expr, variables)
    refuse_labelled(reading.names, variables)
    warnings, reading.notes[said:] = reading.notes[said:], []
    value = Derivative(reading.expr, variables, reading, order, manner)
    value.warnings = warnings
    by = frozenset().union(*[variable.free for variable in variables]) - reading.expr.free
    if by:
        from mcalc.notation.meaning.free_indices import said_for

        value.notes.append(said_for(by))
    return value


def moved(reading: Reading, wrt: str | Sequence[str] | None, order: int = 1) -> Differential:
    """Return the differential of what was read, along what moves: the names given, or the one that there is.

    Raises :class:`~mcalc.errors.Mistake` where nothing says what moves.
    """
    from mcalc.differential import Differential
    from mcalc.notation.meaning.moving import with_directions

    assert reading.expr is not None
    if reading.expr.op is DIFFERENTIAL:
        return Differential(reading.expr, reading)
    elaborator = Elaborator("", reading.scope, reading.notes)
    elaborator.assumed = dict(reading.names)
    names = [name.full for name in wanted_names(wrt, reading.scope.names())] if wrt else []
    [asked] = with_directions([asked_of(reading.expr, (), order)], names, elaborator)
    if asked.op is not DIFFERENTIAL:
        said = (
            f"{' and '.join(names)} {'does' if len(names) == 1 else 'do'} not occur in it" if names else "nothing moves"
        )
        raise Mistake("E-NAME", f"{said}: the differential is 0", hint="--wrt names what moves")
    return Differential(asked, reading)


def scope_of(where: str | None, macros: str | None = None) -> Scope:
    """Return a scope with some declarations, and the macros that a text in LaTeX defines."""
    scope = Scope()
    if macros is not None:
        take_macros(macros, scope)
    if where is not None:
        read_where(where, scope)
    return scope


@counted()
def parse(text: str, where: str | None = None, notation: str = "auto", macros: str | None = None) -> Expression:
    """Return an expression as mcalc reads it; names that `where` does not declare get a shape from their use.

    `notation` is ``plain``, ``latex`` or, where the text itself tells, ``auto``; `macros` is a text in LaTeX that
    defines macros.

    >>> parse("1/2 x").text, parse("A B", where="A: R^{m x k}; B: R^{k x n}").shape
    ('1/2 x', ('m', 'n'))
    """
    return worked_out(read_value(text, scope_of(where, macros), notation=notation))


def read_value(text: str, scope: Scope, wrt: str | Sequence[str] | None = None, notation: str = "auto") -> Reading:
    """Return the reading of a text as the expression that is meant: of an equation, that of its right-hand side.

    A chain ``a = b = c`` is its last side where all sides are equal. Raises `E-SYNTAX` where they are not known to be.
    """
    reading = read(text, scope, wrt=wrt or (), value=True, notation=notation)
    return one_side(reading, text)


def asks_derivative(claim: Reading) -> bool:
    """Say whether a derivative stands in the sides of a claim."""
    return any([side.has_kind("derivative") for side in claim.sides])


def one_side(reading: Reading, text: str) -> Reading:
    """Return the reading of the last side of a chain whose sides are all equal; any other as the expression it is.

    Raises:
        Mistake: `E-SYNTAX`, where the sides are not equal.
    """
    if reading.kind != "claim" or asks_derivative(reading):
        return expression_of(reading, text)
    if reading.misfit is not None:
        raise reading.misfit
    if judged(reading, asking=False).verdict != "equal":
        count = "two sides" if len(reading.sides) == 2 else "sides"
        hint = "give one side alone; mcalc check tells where they differ"
        raise Mistake("E-SYNTAX", f"the {count} of this are not equal", [Span(0, len(text))], hint, text)
    reading.kind, reading.expr = "expression", reading.sides[-1]
    reading.notes.append("all sides are equal: the last one is taken")
    return reading


@counted()
def derive(
    expr: str,
    wrt: str | Sequence[str] | None = None,
    where: str | None = None,
    order: int = 1,
    layout: str = "numerator",
    mode: str = "auto",
    way: str = "auto",
    notation: str = "auto",
    macros: str | None = None,
    structured: str = "projected",
) -> Derivative:
    """Return the derivative of `expr` by `wrt`: a name, an element such as ``x_4``, or several.

    Without `wrt`, `expr` is a derivative statement, such as ``∂/∂w (w · x)``. `where` declares shapes; names that it
    does not declare get theirs from their use; of ``L(w) = ...`` it derives the right-hand side. `order` 2 is the
    Hessian; `notation` and `macros` are those of :func:`parse`. `structured` says what a derivative by a symmetric or
    otherwise structured variable is: ``projected``, by the ``free`` entries, or ``ignore``, with all independent.
    Raises :class:`~mcalc.errors.Mistake` for whatever is wrong with the input.

    >>> derive("∂/∂w (w · x)").text, derive("x^3", wrt="x", order=2).text
    ('xᵀ', '6 x')
    """
    for name, value, allowed in (
        ("layout", layout, LAYOUTS),
        ("mode", mode, MODES),
        ("way", way, WAYS),
        ("convention", structured, CONVENTIONS),
    ):
        one_of(allowed, name, value)
    if order < 1:
        raise Mistake("E-USAGE", f"the order is 1 or more, not {order}", hint="order 2 is the Hessian")
    reading = read_value(expr, scope_of(where, macros), wrt, notation)
    return differentiated(reading, wrt, order, Manner(layout, mode, way, structured))


@counted()
def check(
    text: str, where: str | None = None, layout: str = "numerator", notation: str = "auto", macros: str | None = None
) -> Verdict:
    """Return whether a claim such as ``∂/∂w (w·x) = xᵀ`` is right, or any equation, a chain ``a = b = c``, or a page.

    A page is a derivation as it is written down: what one line defines is a variable to those that use it, and each
    line is judged; `links` has the verdicts. `notation` and `macros` are those of :func:`parse`; an aligned environment
    in LaTeX is a chain, too. Raises :class:`~mcalc.errors.Mistake` for whatever is wrong with the input.

    >>> check("∂/∂w (w·x) = xᵀ", where="w, x: R^n").verdict, check("d/dx x^3 = 3x").reason
    ('equal', "likely slip: an exponent: x should be x²; at x = 2: yours 6, mcalc's 12")
    >>> check("u = x^2; y = sin(u); dy/du = cos(u); dy/dx = dy/du du/dx = 2x cos(u)").text
    'equal: both lines hold'
    """
    one_of(LAYOUTS, "layout", layout)
    scope = scope_of(where, macros)
    chain = ONE_CHAIN.sub(" ", text)
    if not is_page(chain, notation):
        try:
            return _checked(chain, scope, layout, notation)
        except Mistake as mistake:
            if mistake.code == "E-AMBIG" or _is_long(chain):
                raise
            page = page_of(text, scope, layout, notation)
            if page.mistakes or not page.claims:
                raise mistake from None
            return page.verdict
    page = page_of(text, scope, layout, notation)
    if page.mistakes:
        raise page.mistakes[0].mistake or nothing_to_check(text)
    if not page.claims:
        raise nothing_to_check(text)
    return page.verdict


def _checked(text: str, scope: Scope, layout: str, notation: str) -> Verdict:
    """Return the verdict on the one claim of a text, with the declarations and definitions before it."""
    pieces = split_statements(text, notation)
    for before, _ in pieces[:-1]:
        scope = read(before, scope, notation=notation_of(before, text, notation)).scope
    last = pieces[-1][0] if pieces else ""
    reading = read(last, scope, equation=True, notation=notation_of(last, text, notation))
    if reading.kind != "claim":
        raise nothing_to_check(text)
    verdict = judged(reading, layout)

    def again(other: str, within: Scope) -> Reading:
        return read(other, within, equation=True, notation=notation)

    refuse_other_meaning(verdict, last, reading, scope, again, layout)
    return verdict


def is_page(text: str, notation: str = "auto") -> bool:
    """Say whether a text has several lines of a derivation or reasons in it, rather than one claim, or one chain."""
    from mcalc.checking.page_lines import page_lines

    if _is_long(text):
        return False
    lines = [line for line in page_lines(text, notation) if "=" in line.text]
    if len({line.number for line in lines}) == 1 and len(lines) > 1:
        joined = _JOINED.search(text)
        before = [] if joined is None else [line for line in lines if text.find(line.text[:9]) < joined.start()]
        if len(before) == 1 and not _DEFINES.match(before[0].text):
            return False  # ∂L/∂z = p - y where L = ..., p = softmax(z), Σ_i y_i = 1
        claims = [line for line in lines if not _DEFINES.match(line.text)]
        first = len(claims) == 1 and all([text.find(claims[0].text[:9]) <= text.find(line.text[:9]) for line in lines])
        if first and any([_DEFINES_ENTRIES.search(line.text) for line in lines]):
            return False  # ∂L/∂z_i = p_i - y_i where p_i = ...: for every index, which a page's names are not
    return any([line.reason or not line.text.startswith("=") for line in lines[1:]]) or any(
        [one.reason for one in lines]
    )


def _is_long(text: str) -> bool:
    """Say whether a text is one line that is too long for one of a page: a claim that a program wrote."""
    from mcalc.checking.page_lines import LONGEST

    return len(text) > LONGEST and "\n" not in text.strip()


def page_of(
    text: str,
    scope: Scope,
    layout: str = "numerator",
    notation: str = "auto",
    within: Callable[[Callable[[], None]], None] = lambda work: work(),
) -> Page:
    """Return a page with its lines judged; the work on each is done by `within`, which may stop it."""
    from mcalc.checking.page import page_of as judged_page

    return judged_page(text, scope, layout, notation, within)


def nothing_to_check(text: str) -> Mistake:
    """Return the mistake of a text that claims nothing."""
    hint = 'write both sides: mcalc check "d/dx x^2 = 2x"'
    return Mistake("E-SYNTAX", "this claims nothing that could be checked", [Span(0, len(text))], hint, text)


def refuse_other_meaning(
    verdict: Verdict, text: str, reading: Reading, scope: Scope, again: Callable[[str, Scope], Reading], layout: str
) -> None:
    """Refuse to call a claim wrong that holds in another reading: ``softmax(x + c) = softmax(x)`` for a number c.

    `again` reads a text in another scope than `scope`, in which the claim was read. In another text * goes entry by
    entry.
    Raises:
        Mistake: `E-AMBIG`, where the claim holds in another reading.
    """
    from mcalc.checking.claims import entry_by_entry, star_meant

    def holds(other: str, within: Scope) -> bool:
        try:
            return bool(judged(again(other, within), layout, asking=False))
        except Mistake:
            return False

    if verdict.verdict != "not-equal":
        return
    derived = {v for side in reading.sides for n in walk(side) if n.op is DERIVATIVE for v in n.args[1:]}
    vectors = [name for name, meant in reading.names.items() if meant.order == 1 and meant not in derived]
    for name in vectors[:MOST_TRIED]:
        other = scope.copy()
        other.orders = {**scope.orders, name: 0}
        if holds(text, other):
            said = f"{clip(name)} may be a number or a vector: the claim holds where it is a number"
            raise Mistake("E-AMBIG", said, hint=f"declare it: --where '{clip(name)}: R' or --where '{clip(name)}: R^n'")
    own = {name: v for name, v in reading.names.items() if name not in scope.names() and v.op.name == "symbol"}
    oblong = [name for name, v in own.items() if v.order == 2 and not v.is_square]
    square = scope.copy()
    for name, v in own.items():
        square.assume(name, symbol(name, (Dim.named("n"),) * v.order, v.attr[2]))
    if oblong and holds(text, square):
        said = f"nothing says what shapes {' and '.join(map(clip, oblong))} have: the claim holds where all are square"
        raise Mistake("E-AMBIG", said, hint=f"declare it: --where '{where_text([square.variables[n] for n in own])}'")
    entries = entry_by_entry(text)
    if entries != text and holds(entries, scope):
        raise star_meant(entries)


def judged(reading: Reading, layout: str = "numerator", *, asking: bool = True, of_derivative: bool = False) -> Verdict:
    """Return the verdict on a claim that was read; `asking` what names are that the right side alone has.

    A matrix `of_derivative` may be in either layout.

    Raises:
        Mistake: `E-NAME`, where there is such a name, and the claim does not hold.
    """
    from mcalc.checking.claims import ask_meanings, ask_names, judge, misfitting
    from mcalc.checking.stated_reasons import stated

    taken = reading.scope.names()

    def write(expr: Expr) -> str:
        return unicode(expr, taken, brief=True)

    if reading.misfit is not None:
        verdict = misfitting(write(reading.sides[0]), reading.misfit)
    else:
        derived = [node for node in walk(*reading.sides) if node.op is DERIVATIVE]
        refuse_labelled(reading.names, [by for node in derived for by in node.args[1:]])
        verdict = judge(reading.sides, write, reading.symbols, layout, stated(reading), of_derivative=of_derivative)
        if asking and not verdict:
            ask_meanings(reading.sides[0], reading.sides[1:], reading.symbols, verdict.slip)
            ask_names(reading.sides[1:], list(walk(reading.sides[0])), reading.symbols)
    met = [f"{condition} is left out" for condition in verdict.conditions]
    verdict.assumed, verdict.notes = list(reading.assumed), [note for note in reading.notes if note not in met]
    return verdict
