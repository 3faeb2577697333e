"""Statements: what a line says, read against a scope.

One language for every way in: declarations, definitions, functions, derivatives, claims and expressions.
"""

from __future__ import annotations

from mcalc.errors import Mistake, Span
from mcalc.expr import Expr, shape_text, walk
from mcalc.notation.around.around import own_name, separate
from mcalc.notation.around.prose import refuse_prose
from mcalc.notation.around.rows import given_name
from mcalc.notation.around.squares import with_squares
from mcalc.notation.detect.latex import is_latex, notation_of
from mcalc.notation.detect.pastes import is_marked
from mcalc.notation.detect.python import begins_python, calls_method, names_library
from mcalc.notation.meaning import calls, forms, names, products
from mcalc.notation.meaning.expressions import elaborate, finish
from mcalc.notation.names.derivatives import unclear_reach
from mcalc.notation.names.differentials import is_moved
from mcalc.notation.names.resolve import read_trees
from mcalc.notation.names.scope import Reading, Scope
from mcalc.notation.splitting import split_statements
from mcalc.notation.statements.asked import Asked
from mcalc.notation.statements.variables import wanted_names
from mcalc.notation.surface.characters import clean
from mcalc.notation.surface.lexer import is_frobenius
from mcalc.notation.surface.mistakes import CLOSING, OPENING
from mcalc.notation.surface.parse import scan
from mcalc.notation.surface.syntax import Name, Token, spelled
from mcalc.notation.surface.words import clip, is_function, plain_name
from mcalc.operators.arithmetic import ADD
from mcalc.operators.leaves import SYMBOL
from mcalc.patterns import pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from mcalc.expr import Shape
    from mcalc.notation.around.around import Around
    from mcalc.notation.around.implicit import Implicit
    from mcalc.notation.pastes.draft import Draft
    from mcalc.notation.surface.syntax import Node

MAX_TEXT = 64 * 1024
"""The most characters of a statement that a shell should hand over; the reading itself has no limit."""
MAX_TOKENS = 200_000
"""The same for tokens."""
MEANINGS = (calls, forms, names, products)
"""The modules that say what each kind of node means; importing them fills the tables of the elaborator, which loads
what is seldom met itself."""
_LATEX_NAMES = pattern(r"([^:=;]*\\[^:=;]*):(\s*(?:R|ℝ|symmetric|posdef)\b[^\\]*)")
r"""Names in LaTeX that are declared in mcalc's notation: \mu: R^n."""
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
    asked = Asked(value=value, equation=equation, before=before)
    try:
        return _read_any(text, scope, shape, wrt, asked, notation)
    except Mistake as mistake:
        from mcalc.notation.around.offers import replayed

        mistake.hint = replayed(mistake.hint, lambda offer: _is_read(offer, scope, notation))
        raise


def _is_read(offer: str, scope: Scope, notation: str) -> bool:
    """Say whether what a refusal offers is read itself."""
    try:
        _read_any(offer, scope, None, (), Asked(value=True), notation)
    except Mistake:
        return False
    return True


def _read_any(
    text: str, scope: Scope, shape: Shape | None, wrt: Sequence[str] | str, asked: Asked, notation: str
) -> Reading:
    """Read a statement, out of what was pasted with it where something was."""
    if "where" in text:
        from mcalc.notation.around.implicit import implicit

        if (parts := implicit(text, wrt)) is not None:
            return _read_implicit(parts, text, scope, shape, wrt, asked, notation)
    if ":" in text and (declared := _LATEX_NAMES.fullmatch(text)) is not None:
        named = ", ".join([name.full for name in wanted_names(declared[1], scope.names())])
        return _read_bare(f"{named}:{declared[2]}", scope, shape, wrt, asked, "plain")
    if is_marked(text) and not begins_python(text):
        from mcalc.notation.pastes.reader import unwrapped

        wanted = [name.full for name in wanted_names(wrt, scope.names())]
        if (draft := unwrapped(text, {*scope.names(), *wanted})) is not None:
            return _read_pasted(draft, scope, shape, wrt, asked, notation)
    return _read_bare(text, scope, shape, wrt, asked, notation)


def _read_implicit(
    parts: Implicit,
    text: str,
    scope: Scope,
    shape: Shape | None,
    wrt: Sequence[str] | str,
    asked: Asked,
    notation: str,
) -> Reading:
    """Read a formula with a name that an equation defines: the equation first, which says what the name is."""
    difference = f"{parts.left} - ({parts.right})" if parts.right.strip("\\{}vecmathbf ") != "0" else parts.left
    of = _read_any(difference, scope, None, wrt, Asked(value=True), notation)
    symbols = [node for node in walk(of.expr) if node.op is SYMBOL and not node.args] if of.expr is not None else []
    unknown = next((node for node in symbols if node.attr[0] == parts.unknown), None)
    if unknown is None or of.expr is None:
        said = f"{clip(parts.unknown)} does not occur in its equation, which so does not define it"
        raise Mistake("E-NAME", said, [Span(0, len(text))], source=text)
    known = scope.copy()
    known.variables.update({node.attr[0]: node for node in symbols})
    reading = _read_any(parts.formula, known, shape, wrt, asked, notation)
    reading.scope = scope
    reading.implicit = (unknown, of.expr)
    reading.names = {**of.names, **reading.names}
    reading.symbols = list(dict.fromkeys([*of.symbols, *reading.symbols, unknown]))
    reading.assumed = list(dict.fromkeys([*of.assumed, *reading.assumed]))
    defines = f"{parts.unknown} is the function that {parts.left} = {parts.right} defines"
    reading.notes = [defines, *[note for note in reading.notes if "does not depend on" not in note]]  # it does by that
    return reading


def _read_pasted(
    draft: Draft, scope: Scope, shape: Shape | None, wrt: Sequence[str] | str, asked: Asked, notation: str
) -> Reading:
    """Read the formula of a paste, after the declarations beside it; the places of a mistake are those in the paste."""
    known = scope
    scope = _declared(draft.declared, scope, draft.notes)
    if not draft.text.strip():
        reading = Reading("empty" if scope is known else "declaration", scope)
        reading.notes = draft.notes
        return reading
    try:
        own = "latex" if draft.is_latex else "plain" if draft.is_plain else notation
        reading = _read_bare(draft.text, scope, shape, wrt, asked, own)
    except Mistake as mistake:
        raise (draft.back(mistake) if mistake.source == draft.text else mistake) from None
    if reading.doubt is not None:
        reading.doubt = draft.back(reading.doubt[0]), reading.doubt[1]
    reading.notes[:0] = [note for note in draft.notes if note not in reading.notes]
    return reading


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


def _read_bare(
    text: str, scope: Scope, shape: Shape | None, wrt: Sequence[str] | str, asked: Asked, notation: str
) -> Reading:
    """Read a statement that nothing stands around but what its own notation has."""
    try:
        if begins_python(text) and notation != "latex":
            reading = _read_python(text, scope, shape, wrt, asked)
        elif is_latex(text, notation):
            return _read_latex(text, scope, shape, wrt, asked)
        elif names_library(text, scope):
            reading = _read_python(text, scope, shape, wrt, asked)
        else:
            reading = _read_plain_or_method(text, scope, shape, wrt, asked)
    except Mistake as mistake:
        if mistake.source is None:
            mistake.source = text
        raise
    if reading.doubt is not None:
        reading.doubt[0].source = text
    return reading


def _read_latex(text: str, scope: Scope, shape: Shape | None, wrt: Sequence[str] | str, asked: Asked) -> Reading:
    """Read a statement in LaTeX, whose tokens go the way of all others."""
    from mcalc.notation.latex.reader import read_latex

    wanted = [name.full for name in wanted_names(wrt, scope.names())]
    asked.pasted = pasted = read_latex(text, scope, wanted)
    reading = _read(pasted.text, scope, shape, wrt, asked)
    for name, span in reading.entrywise:
        _refuse_command(name, span, text)
    reading.notes[:0] = [note for note in pasted.notes if note not in reading.notes]
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


def _read_python(text: str, scope: Scope, shape: Shape | None, wrt: Sequence[str] | str, asked: Asked) -> Reading:
    from mcalc.notation.python.statements import read_python

    try:
        return read_python(text, scope, shape, wrt, asked)
    except Mistake as mistake:
        if mistake.code == "E-SYNTAX" and not begins_python(text):
            refuse_prose(text, scan(clean(text)[0]), scope.names(), ())
        raise


def _read_plain_or_method(
    text: str, scope: Scope, shape: Shape | None, wrt: Sequence[str] | str, asked: Asked
) -> Reading:
    """Read a statement in mcalc's notation; one without a meaning there, with a method or an @, is Python."""
    try:
        return _read(text, scope, shape, wrt, asked)
    except Mistake as mistake:
        if not (calls_method(text) or "@" in text):
            raise
        try:
            return _read_python(text, scope, shape, wrt, asked)
        except Mistake as other:
            raise (other if calls_method(text, surely=True) else mistake) from None


def read_expression(
    text: str,
    scope: Scope,
    shape: Shape | None = None,
    wrt: Sequence[str] | str = (),
    *,
    value: bool = False,
    notation: str = "auto",
) -> Reading:
    """Read a statement that must be an expression, with or without a derivative in it; the rest as in :func:`read`."""
    return expression_of(read(text, scope, shape, wrt, value=value, notation=notation), text)


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
            _take(scope, reading.scope)
        elif reading.kind != "empty":
            raise Mistake(
                "E-SYNTAX",
                "this declares nothing",
                [Span(0, len(statement))],
                hint="write w, x: R^n; b: R",
                source=statement,
            )


def _refuse_contradiction(before: dict[str, Expr], names: dict[str, Expr], statement: str) -> None:
    """Refuse a name that one list declares as two things."""
    for name, variable in names.items():
        other = before.get(name, variable)
        if other is not variable:
            one, two = [" ".join([shape_text(v.shape), *sorted(v.attr[2])]) for v in (other, variable)]
            message = f"{clip(name)} is declared twice, as a {one} and as a {two}"
            raise Mistake("E-NAME", message, [Span(0, len(statement))], "declare it once", statement)


def _take(scope: Scope, other: Scope) -> None:
    for slot in ("variables", "sizes", "definitions", "functions", "maps", "origins", "outdated", "made_with", "fonts"):
        setattr(scope, slot, getattr(other, slot))


def take_macros(text: str, scope: Scope) -> None:
    """Take the macros that a text in LaTeX defines into a scope; what else stands there is passed over."""
    from mcalc.notation.latex.reader import read_macros

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


# one statement ---------------------------------------------------------------------------------------------------


def _read(text: str, scope: Scope, shape: Shape | None, wrt: Sequence[str] | str, asked: Asked) -> Reading:
    """Read a statement: what stands around its formula first, then the formula with the definitions beside it."""
    if asked.pasted is None:
        cleaned, hints = clean(text)
        raw = scan(cleaned)
    else:
        cleaned, hints, raw = text, asked.pasted.fonts, asked.pasted.tokens
    if "where" in cleaned:
        from mcalc.notation.around.inner import with_inner_wheres

        raw = with_inner_wheres(raw)
    if not raw:
        return Reading("empty", scope)
    if "∘" in cleaned or " o " in cleaned:
        _refuse_composition(raw)
    known = scope.names()
    wanted = wanted_names(wrt, known)
    known.update(asked.words)
    words = [*asked.words, *[n.full for n in wanted]]
    squares: list[str] = []
    raw = with_squares(raw, wanted, squares)
    around = separate(cleaned, raw, known, words, value=asked.value, claim=asked.equation, typed=asked.pasted is None)
    notes = around.notes
    notes += squares
    refuse_prose(cleaned, around.formula, known, words, typed=asked.pasted is None)
    for part in around.declarations:
        colon = next(k for k, token in enumerate(part) if token.type in ("COLON", "IN"))
        scope = _read_declaration(cleaned[: part[-1].end], part, colon, scope, asked).scope
    if around.properties and (asked.value or not _names_something(around.formula)):
        from mcalc.notation.statements.declare import with_properties

        scope, hints = with_properties(scope, around.properties, hints)
    elif around.properties:
        names = ", ".join(around.properties)
        notes[:] = [note for note in notes if "taken as symmetric" not in note]
        notes.append(f"that {names} is symmetric is not kept with a name: declare {names}: R^{{n x n}} symmetric")
    before = scope
    if around.definitions:
        from mcalc.notation.statements.beside import put_in_place, taken_away

        function = asked.value is False and _makes_function(around.formula)
        scope = put_in_place(cleaned, around.formula, around.definitions, scope, words, notes, one_by_one=function)
        words += [d.name.full for d in around.definitions if d.parameters is None]
    said = [*notes]
    reading = _read_formula(cleaned, around, scope, shape, wanted, words, hints, asked)
    reading.notes[:0] = [note for note in said if note not in reading.notes]
    if around.definitions:
        taken_away(reading, before, around.definitions)
    return reading


def _read_declaration(text: str, raw: list[Token], colon: int, scope: Scope, asked: Asked) -> Reading:
    """Read a declaration; of one in LaTeX, what follows its sign as it is typed, at the place where that ends."""
    from mcalc.notation.statements.definitions import read_declaration

    source = text if asked.pasted is None else " " * raw[colon].end + spelled(raw[colon + 1 :])
    return read_declaration(source, raw, colon, scope)


def _names_something(raw: list[Token]) -> bool:
    """Say whether a formula gives a name to what follows it."""
    _, signs = _landmarks(raw)
    return len(signs) == 1 and given_name(raw[: signs[0]]) is not None


def _makes_function(raw: list[Token]) -> bool:
    _, signs = _landmarks(raw)
    head = given_name(raw[: signs[0]]) if signs else None
    return head is not None and head[1] is not None


def _read_formula(
    text: str, around: Around, scope: Scope, shape: Shape | None, wanted: list[Name], words: list[str],
    hints: dict[str, int], asked: Asked,
) -> Reading:  # fmt: skip
    """Read a formula that nothing stands around: a declaration, a definition, a claim or an expression."""
    raw, notes = around.formula, around.notes
    colon, signs = _landmarks(raw)
    if colon is not None and (not signs or colon < signs[0]):
        return _read_declaration(text, raw, colon, scope, asked)
    if signs:
        return _read_equation(text, around, signs, scope, shape, wanted, words, hints, asked)
    [tree] = read_trees(text, [raw], scope, words, notes)
    if around.over is not None:
        from mcalc.notation.meaning.free_indices import over_left

        tree = over_left(tree, around.over, scope, wanted)
    expr, elaborator = elaborate(text, [tree], scope, hints, notes, wanted, [shape])
    if expr[0].op is ADD and (unclear := unclear_reach(text, tree)) is not None:
        raise unclear
    if tree.kind == "relation" and not expr[0].shape and asked.value and wanted:
        _refuse_inequality(text, tree)
    derived = elaborator.derived or bool(scope.definitions)  # else there is none to look for
    derived = derived and expr[0].has_kind("derivative")
    reading = Reading("derivative" if derived else "expression", scope)
    reading.expr = expr[0]
    finish(reading, elaborator, notes)
    return reading


def _read_equation(
    text: str, around: Around, signs: list[int], scope: Scope, shape: Shape | None, wanted: list[Name],
    words: list[str], hints: dict[str, int], asked: Asked,
) -> Reading:  # fmt: skip
    """Read a formula with equals signs at these places: a definition or a claim."""
    from mcalc.notation.statements.declare import not_a_size
    from mcalc.notation.statements.definitions import read_definition, read_right_side, refuse_free
    from mcalc.notation.statements.equations import read_claim

    raw, notes = around.formula, around.notes
    equals = signs[0]
    equation = asked.equation
    head = given_name(raw[:equals])
    if head is not None and equation and _has_meaning(head, raw[equals + 1 :], scope):
        head = None
    if head is not None and _is_differential(head, raw[equals + 1 :], scope, equation=equation):
        head = None
    if head is not None and around.chained and head[0].full in scope.names():
        head = None
    if head is not None and len(signs) == 1:
        if not asked.value:
            not_a_size(head[0].full, Span(head[2].start, head[2].end, "defined here"), scope)
        reading = read_definition(text, raw, equals, head, scope, hints, notes, shape, words)
        if asked.value and head[1] is None and head[0].full in [name.full for name in wanted]:
            raise own_name(head[0], head[2], raw[equals])
        if asked.value:
            return read_right_side(text, raw[equals + 1 :], head, reading, scope, hints, wanted, words)
        refuse_free(reading, raw[equals + 1 :], head)
        return reading
    if head is not None and not equation:
        _refuse_second_sign(text, raw, signs)
    defining = next((raw[place] for place in signs if raw[place].type == "DEFINE"), None)
    if defining is not None:
        raise Mistake(
            "E-SYNTAX",
            "only a name or a function can be defined",
            [Span(0, defining.start, "no name")],
            hint="write z = ... or f(t) = ...",
        )
    if head is not None:
        notes.append(f"{clip(head[0].full)} is the name of what follows it")
        raw = raw[equals + 1 :]
    chain = asked.value or equation
    return read_claim(text, raw, scope, hints, notes, asked.before, words, any_equation=chain)


def _refuse_inequality(text: str, tree: Node) -> None:
    """Refuse x > 0 alone: as a value it would be 1 or 0, and its derivative 0."""
    sign = tree.value[0]
    side, whole = text[tree.start : sign.start].strip(), text[tree.start : tree.end].strip()
    raise Mistake(
        "E-UNSUPPORTED",
        "an inequality has no derivative",
        [Span(sign.start, sign.end, "not read")],
        hint=f"keep one side, {side}, or write {{1 if {whole}; 0 otherwise}}",
    )


def _refuse_composition(raw: list[Token]) -> None:
    """Refuse (f ∘ g)(x), which would otherwise be read as a product of functions' names."""
    for place, token in enumerate(raw):
        if token.text not in ("∘", "o") or not 2 <= place < len(raw) - 3:
            continue
        opening, f, _, g, closing, following = around = raw[place - 2 : place + 4]
        kinds = [t.type for t in around if t is not token]
        if kinds == ["LPAR", "WORD", "WORD", "RPAR", "LPAR"] and closing.end == following.start:
            raise Mistake(
                "E-UNSUPPORTED",
                "a composition of functions is not read",
                [Span(opening.start, closing.end, "composition")],
                hint=f"write {f.text}({g.text}(x))",
            )


def _landmarks(raw: list[Token]) -> tuple[int | None, list[int]]:
    """Return the places of the colon and of the equals signs outside brackets."""
    depth = 0
    colon: int | None = None
    signs: list[int] = []
    for place, token in enumerate(raw):
        kind = token.type
        if kind in OPENING:
            depth += 1
        elif kind in CLOSING:
            depth -= 1
        elif depth <= 0:
            if kind in ("COLON", "IN") and colon is None and not is_frobenius(raw, place):
                colon = place
            elif kind in ("EQUALS", "DEFINE"):
                signs.append(place)
    return colon, signs


def _refuse_second_sign(text: str, raw: list[Token], signs: list[int]) -> None:
    first, second, last = raw[signs[0]], raw[signs[1]], raw[signs[-1]]
    side = clip(" ".join(text[last.end : raw[-1].end].split()))
    raise Mistake(
        "E-SYNTAX",
        "more than one equals sign: which part is meant?",
        [Span(second.start, second.end, "the second"), Span(first.start, first.end, "the first")],
        hint=f"give one part alone, such as the last: {side}; mcalc check tells whether all sides are equal",
    )


def _has_meaning(head: tuple[Name, list[Name] | None, Token], right: list[Token], scope: Scope) -> bool:
    """Say whether the left side of an equation means something without it: a known name, or one that is in it, too."""
    name, parameters, _ = head
    full = name.full
    if parameters is None:
        known = full == "π" or full in scope.variables or full in scope.definitions or name.base in scope.variables
        return known or any([t.type == "WORD" and plain_name(t.text) == full for t in right])
    return full in scope.functions or is_function(full)


def _is_differential(
    head: tuple[Name, list[Name] | None, Token], right: list[Token], scope: Scope, *, equation: bool
) -> bool:
    """Say whether ``dR = A dX`` claims a differential, rather than to define dR: a d stands on the right, too."""
    name, parameters, _ = head
    known = scope.names()
    if parameters is not None:
        return equation and name.full == "d" and "d" not in known
    if name.full in known or not is_moved(name.full, known if not equation else None):
        return False
    return equation or any([t.type == "WORD" and t.text not in known and is_moved(t.text, None) for t in right])
