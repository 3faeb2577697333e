"""A statement, from its tokens to what it says: what stands around its formula is taken off, then it is read."""

from __future__ import annotations

from collections.abc import Container

from mcalc.errors import Mistake, Span, clip
from mcalc.notation.around.around import Around, own_name, separate
from mcalc.notation.around.declared_in_words import as_declaration
from mcalc.notation.around.prose import ENGLISH, refuse_alone, refuse_prose
from mcalc.notation.around.rows import (
    EQUALS,
    NOISE,
    Head,
    given_name,
    is_member,
    name_at,
    noise_in,
    top_level,
    with_differentials,
    with_heads,
    with_indicators,
    with_logarithms,
    with_pieces,
    with_squares,
)
from mcalc.notation.meaning.expressions import elaborate, reading_of
from mcalc.notation.names.differentials import is_moved
from mcalc.notation.names.refused import unclear_reach
from mcalc.notation.names.resolve import read_trees
from mcalc.notation.names.scope import Reading, Scope
from mcalc.notation.statements.asked import Asked
from mcalc.notation.surface.glued import parted
from mcalc.notation.surface.mistakes import Offer, mistake_at
from mcalc.notation.surface.syntax import Name, Node, Token, spelled
from mcalc.notation.surface.words import ABSTRACT, is_function, is_label, plain_name
from mcalc.operators.arithmetic import ADD
from mcalc.operators.leaves import SYMBOL, variables_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mcalc.notation.around.wheres import Implicit


MARKS = frozenset("*!@>½")
"""Characters of which each mark behind a name or before a formula has one; a half is typed as 1/2 as well."""


def read_tokens(text: str, raw: list[Token], hints: dict[str, int], scope: Scope, asked: Asked) -> Reading:
    """Read a statement that was cut into tokens: what stands around its formula first, then the formula.

    `hints` are the orders that bold letters hint at.
    """
    if "where" in text and any([token.text == "where" for token in raw]):
        from mcalc.notation.around.wheres import implicit, with_inner_wheres

        raw = with_inner_wheres(raw)
        parts = implicit(text, raw, [name.full for name in asked.wanted(scope.names())])
        if parts is not None:
            return _read_implicit(text, parts, hints, scope, asked)
    declared = as_declaration(raw, scope.names()) if raw and not (asked.value or asked.equation) else None
    if not raw or declared is not None:
        return _read_declaration(text, *declared, scope, asked) if declared is not None else Reading("empty", scope)
    squares: list[str] = []
    if raw[1:] and raw[1].type == "COLON" and len(raw[0].text) > 1 and asked.is_typed:
        from mcalc.notation.around.marks import without_label

        raw = without_label(text, raw, scope.names(), squares)
    if " if " in text or text.count(" for ") > 1:
        raw = with_pieces(raw)
    if "∘" in text or " o " in text or "\\circ" in text:
        _refuse_composition(raw, scope.names())
    for place in top_level(raw) if asked.equation else ():
        if raw[place].text == "==":  # a claim is written so in programs
            raw[place].type = "EQUALS"
    known = scope.names()
    wanted = asked.wanted(known)
    known.update(asked.words)
    words = [*asked.words, *[n.full for n in wanted]]
    raw = _respelled(text, raw, scope, (known, words), wanted, squares, asked)
    around = separate(text, raw, known, words, value=asked.value, claim=asked.equation, typed=asked.is_typed)
    notes = around.notes
    notes += squares
    refuse_prose(text, around.formula, known, words, typed=asked.is_typed)
    scope, hints = _with_said(text, around, scope, hints, asked)
    beside = scope
    if asked.value and wanted:
        _refuse_models(around, scope, {name.base for name in wanted}, around.formula)
    if around.definitions:
        from mcalc.notation.around.wheres import below

        _refuse_models(around, scope, {*below(around.formula, "d∂")}, [])
        from mcalc.notation.statements.beside import put_in_place, taken_away

        signs = _landmarks(around.formula)[1] if asked.value is False else []
        head = given_name(around.formula[: signs[0]]) if signs else None
        function = head is not None and head[1] is not None
        words += [name for name in below(around.formula, "d∂") if len(name) == 1]
        scope = put_in_place(text, around.formula, around.definitions, scope, words, notes, one_by_one=function)
        words += [d.name.full for d in around.definitions if d.parameters is None]
    said = [*notes]
    reading = _read_formula(text, around, scope, wanted, words, hints, asked)
    reading.notes[:0] = [note for note in said if note not in reading.notes]
    reading.conditions = around.conditions
    if around.definitions:
        taken_away(reading, beside, around.definitions)
    return reading


def _respelled(
    text: str, raw: list[Token], scope: Scope, names: tuple[set[str], list[str]], wanted: list[Name],
    notes: list[str], asked: Asked,
) -> list[Token]:  # fmt: skip
    """Return the tokens with one spelling for each thing: runs parted, labels and points below, squares as names."""
    known, words = names
    if "dg" in text and "dg" not in known:
        raw = with_differentials(raw)
    if (asked.is_typed and ("1/2" in text or not MARKS.isdisjoint(text))) or any([token.text == "!" for token in raw]):
        from mcalc.notation.around.marks import with_marks

        raw = with_marks(text, raw, notes)
    if asked.is_typed:
        raw = parted(raw, (known, words), ENGLISH, notes)
        raw = with_heads(raw) if "(" in text and "/" in text else raw
    raised = [part.lstrip()[:1] for part in text.split("^")[1:]] if asked.is_typed else []
    if "⁽" in text or "(" in raised or "[" in raised:
        numbers = {name for name, variable in scope.variables.items() if not variable.shape}
        from mcalc.notation.around.labels import with_labels

        raw = with_labels(raw, known, numbers, notes)
    raw = with_squares(raw, wanted, notes, known)
    if any([token.type == "PRIME" for token in raw]):
        matrices = {name for name, variable in scope.variables.items() if len(variable.shape) > 1}
        from mcalc.notation.around.labels import with_points

        raw = with_points(raw, matrices, notes)
    if "I" in text or "1_{" in text:
        raw = with_indicators(raw, known, notes)
    if "log" in text or "ln" in text:
        raw = with_logarithms(raw, known, notes, alone=not (asked.value or asked.equation))
    return raw


def _with_said(
    text: str, around: Around, scope: Scope, hints: dict[str, int], asked: Asked
) -> tuple[Scope, dict[str, int]]:
    """Return a scope with what is declared behind a formula, and said of its matrices in words; and the hints."""
    for part in around.declarations:
        colon = next(k for k, token in enumerate(part) if token.type in ("COLON", "IN"))
        scope = _read_declaration(text[: part[-1].end], part, colon, scope, asked).scope
    if (around.properties or around.orders) and (asked.value or around.defined() is None):
        from mcalc.notation.statements.declare import with_properties

        return with_properties(scope, around.properties, around.orders, hints)
    if around.properties or around.orders:
        names = ", ".join({**around.properties, **around.orders})
        order = max(around.orders.values(), default=2)
        shape = "R^{n x n} symmetric" if around.properties else ("R", "R^n", "R^{m x n}")[order]
        around.notes[:] = [n for n in around.notes if "taken as" not in n and not n.endswith(f"says what {names} is")]
        around.note(f"what is said of {names} is not kept with a name: declare it, {names}: {shape}")
        around.conditions += [f"{name} is {word}" for name, said in around.properties.items() for word in sorted(said)]
    return scope, hints


def _read_implicit(text: str, parts: Implicit, hints: dict[str, int], scope: Scope, asked: Asked) -> Reading:
    """Read a formula with a name that an equation defines: the equation first, which says what the name is."""
    of = read_tokens(text, parts.residual, hints, scope, Asked(value=True, wrt=asked.wrt, pasted=asked.pasted))
    symbols = variables_in(of.expr) if of.expr is not None else []
    unknown = next((node for node in symbols if node.attr[0] == parts.unknown), None)
    if unknown is None or of.expr is None:
        said = f"{clip(parts.unknown)} does not occur in its equation, which so does not define it"
        raise mistake_at("E-NAME", said, (parts.residual[0], parts.residual[-1]))
    known = scope.copy()
    known.variables.update({node.attr[0]: node for node in symbols})
    reading = read_tokens(text, parts.formula, hints, known, asked)
    reading.scope = scope
    reading.implicit = (unknown, of.expr)
    reading.names = {**of.names, **reading.names}
    reading.symbols = list(dict.fromkeys([*of.symbols, *reading.symbols, unknown]))
    reading.assumed = list(dict.fromkeys([*of.assumed, *reading.assumed]))
    notes = [note for note in reading.notes if "does not depend on" not in note]  # it does by the equation
    reading.notes = [f"{parts.unknown} is the function that {parts.said} defines", *notes]
    return reading


def _read_declaration(text: str, raw: list[Token], colon: int, scope: Scope, asked: Asked) -> Reading:
    """Read a declaration; of one in LaTeX or in words, what follows its sign as it is typed, where that ends."""
    from mcalc.notation.statements.equations import read_declaration

    cut = next((k for k in top_level(raw) if k > colon and raw[k].type == "COMMA"), len(raw))
    again = next((k for k in range(cut, len(raw)) if raw[k].type in ("COLON", "IN")), cut)
    if cut < again and all([token.type in ("WORD", "SUB", "COMMA") for token in raw[cut:again]]):
        first = _read_declaration(text[: raw[cut].start], raw[:cut], colon, scope, asked)  # x: R^n, y: R^m
        rest = _read_declaration(text, raw[cut + 1 :], again - cut - 1, first.scope, asked)
        rest.name = f"{first.name}, {rest.name}"
        rest.names, rest.maps = {**first.names, **rest.names}, {**first.maps, **rest.maps}
        rest.notes[:0] = first.notes
        return rest
    as_typed = asked.is_typed and all([text[t.start : t.end] == t.text for t in raw[colon + 1 :]])
    source = text if as_typed else " " * raw[colon].end + spelled(raw[colon + 1 :])
    return read_declaration(source, raw, colon, scope)


def _read_formula(
    text: str, around: Around, scope: Scope, wanted: list[Name], words: list[str],
    hints: dict[str, int], asked: Asked,
) -> Reading:  # fmt: skip
    """Read a formula that nothing stands around: a declaration, a definition, a claim or an expression."""
    raw, notes = around.formula, around.notes
    colon, signs = (None, []) if around.is_bare else _landmarks(raw)
    if colon is not None and (not signs or colon < signs[0]):
        return _read_declaration(text, raw, colon, scope, asked)
    if signs:
        return _read_equation(text, around, signs, scope, wanted, words, hints, asked)
    [tree] = read_trees(text, [raw], scope, words, notes)
    if tree.kind == "name":
        refuse_alone(tree, {*scope.names(), *words})
    if around.over is not None:
        from mcalc.notation.meaning.free_indices import over_left

        tree = over_left(tree, around.over, scope, wanted)
    expr, elaborator = elaborate(text, [tree], scope, hints, notes, wanted, [asked.shape])
    if expr[0].op is ADD and (unclear := unclear_reach(text, tree)) is not None:
        raise unclear
    against_number = tree.kind == "relation" and (not expr[0].shape or tree.parts[-1].kind == "number")
    if against_number and asked.value and wanted:
        _refuse_inequality(text, tree)
    return reading_of(expr[0], elaborator, scope, notes)


def _read_equation(
    text: str, around: Around, signs: list[int], scope: Scope, wanted: list[Name], words: list[str],
    hints: dict[str, int], asked: Asked,
) -> Reading:  # fmt: skip
    """Read a formula with equals signs at these places: a definition or a claim."""
    from mcalc.notation.statements.declare import not_a_size
    from mcalc.notation.statements.equations import read_claim, read_definition, read_right_side, refuse_free

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
        reading = read_definition(text, raw, equals, head, scope, hints, notes, asked.shape, words)
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
        hint = "write z = ... or f(t) = ..."
        raise mistake_at("E-SYNTAX", "only a name or a function can be defined", (0, defining.start), "no name", hint)
    if head is not None:
        notes.append(f"{clip(head[0].full)} is the name of what follows it")
        raw = raw[equals + 1 :]
    chain = asked.value or equation
    return read_claim(text, raw, scope, hints, notes, asked.before, words, any_equation=chain)


def _refuse_models(around: Around, scope: Scope, by: set[str], formula: list[Token]) -> None:
    """Refuse ‖y - X w‖² by w where y = X w + ε: that may say how the data y came about; put in place it leaves ε."""
    others = [token for d in around.definitions if not noise_in(d.right) for token in d.right]
    tokens = {plain_name(t.text): t for t in [*formula, *others] if t.type == "WORD"}
    models = {d.name.base: {plain_name(t.text) for t in d.right} for d in around.definitions if noise_in(d.right)}
    for name in tokens.keys() & scope.definitions.keys():
        value = scope.definitions[name]
        inside = [node.attr[0] for node in variables_in(value)]
        if value.op is ADD and any([a.op is SYMBOL and a.attr[0].partition("_")[0] in NOISE for a in value.args]):
            models[name] = {*inside}
    for name, made_of in models.items():
        both = all([any([word in run for word in by for run in runs]) for runs in (made_of, tokens)])  # Xw is X w
        if name in tokens and both:
            said = f"{name} is data with noise, or what its equation puts in its place"
            hint = f"for data leave {name} = ... out; to put it in place give the noise another name, such as n"
            raise mistake_at("E-AMBIG", said, tokens[name], "which?", hint)


def _refuse_inequality(text: str, tree: Node) -> None:
    """Refuse x > 0 of numbers alone: its value is 1 or 0, its derivative 0. Of vectors, w > x is the paper's 4.2."""
    sign = tree.value[0]
    side, whole = text[tree.start : sign.start].strip(), text[tree.start : tree.end].strip()
    hint = Offer("keep one side, ", side, "keep one side", ", or write ", f"{{1 if {whole}; 0 otherwise}}")
    raise mistake_at("E-UNSUPPORTED", "an inequality has no derivative", sign, "not read", hint)


def _refuse_composition(raw: list[Token], known: Container[str]) -> None:
    """Refuse (f ∘ g)(x), f ∘ g(x) and σ ∘ (W x), which would otherwise be read as products with the name of f."""
    for place, token in enumerate(raw):
        if token.text not in ("∘", "o"):
            continue
        first = next((k for k in range(place - 1, -1, -1) if raw[k].type != "SUB"), place)
        after = next((k for k in range(place + 2, len(raw)) if raw[k].type != "SUB"), place)
        f, *rest = raw[first : after + 2]
        g, kinds = raw[min(place + 1, len(raw) - 1)], [t.type for t in (raw[first - 1], f, *rest[-2:])]
        called = first > 0 and kinds == ["LPAR", "WORD", "RPAR", "LPAR"] and rest[-2].end == rest[-1].start
        names = [plain_name(t.text) for t in (f, g)]
        own, other = [name not in known and (name in ABSTRACT or is_function(name)) for name in names]
        applied = g.type == "WORD" and raw[after].type == "LPAR" and raw[after - 1].end == raw[after].start
        if called or (token.text == "∘" and own and (other or applied or f.text not in ABSTRACT)):
            said = "a composition of functions is not read"
            inner = f"{g.text}(x)" if g.type == "WORD" else "..."
            hint = f"write {f.text}({inner})" + (not called) * f", or for a product of entries {f.text} .* {inner}"
            raise mistake_at("E-UNSUPPORTED", said, (f, g), "composition", hint)


def _landmarks(raw: list[Token]) -> tuple[int | None, list[int]]:
    """Return the places of the colon and of the equals signs outside brackets."""
    places = top_level(raw)
    colon = next((place for place in places if is_member(raw, place)), None)
    return colon, [place for place in places if raw[place].type in EQUALS]


def _refuse_second_sign(text: str, raw: list[Token], signs: list[int]) -> None:
    first, second, last = raw[signs[0]], raw[signs[1]], raw[signs[-1]]
    side = clip(" ".join(text[last.end : raw[-1].end].split()))
    spans = [Span(second.start, second.end, "the second"), Span(first.start, first.end, "the first")]
    hint = f"give one part alone, such as the last: {side}; mcalc check tells whether all sides are equal"
    raise Mistake("E-SYNTAX", "more than one equals sign: which part is meant?", spans, hint)


MOST_INDICES = 2
"""A subscript of more letters names no entry: w_new beside w."""


def _has_meaning(head: Head, right: list[Token], scope: Scope) -> bool:
    """Say whether the left side of an equation means something without it: a known name, or one that is in it, too."""
    name, parameters, _ = head
    full = name.full
    if parameters is None:
        is_number = full == "π" and not any([t.type == "WORD" and not is_function(t.text) for t in right])
        is_entry = name.base in scope.variables and not (is_label(name.sub) and len(name.sub or "") > MOST_INDICES)
        known = is_number or full in scope.variables or full in scope.definitions or is_entry
        words = [k for k, t in enumerate(right) if t.type == "WORD" and plain_name(t.text) == full]
        of_itself = [
            at is None or not is_label(at.sub) for k in words for at in [name_at(right, k)[0]]
        ]  # x = x_0 + v t
        return known or any(of_itself)
    return full in scope.functions or is_function(full)


def _is_differential(head: Head, right: list[Token], scope: Scope, *, equation: bool) -> bool:
    """Say whether ``dR = A dX`` claims a differential, rather than to define dR: a d stands on the right, too."""
    name, parameters, _ = head
    if name.full[0] != "d":
        return False
    known = scope.names()
    if parameters is not None:
        moves = equation or any([t.type == "WORD" and is_moved(t.text, None) for t in right])
        return moves and name.full == "d" and "d" not in known
    if name.full in known or not is_moved(name.full, known if not equation else None):
        return False
    return equation or any([t.type == "WORD" and t.text not in known and is_moved(t.text, None) for t in right])
