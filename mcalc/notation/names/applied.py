"""Names before brackets: calls or products."""

from __future__ import annotations

from mcalc.errors import clip
from mcalc.notation.names import derivatives, differentials, refused, undefined
from mcalc.notation.names.letters_as_functions import placed, refuse_expected
from mcalc.notation.names.running import limit_of, small_tree
from mcalc.notation.names.scope import Names
from mcalc.notation.names.spines import name_of
from mcalc.notation.surface.mistakes import mistake_at
from mcalc.notation.surface.syntax import MATRIX_BAR, Name, Node, Part, Token, walk_syntax
from mcalc.notation.surface.words import (
    ABSTRACT,
    ALIASES,
    ELSEWHERE,
    OTHER_NAMES,
    PLANNED,
    VOWELS,
    is_function,
    suggestion,
)
from mcalc.operators import FUNCTIONS

NORMS = {"1": "norm1", "2": "norm2", "inf": "norminf", "fro": "normF", "nuc": "nuclear"}
"""What a norm is called by its second argument."""
OF_SIZES = frozenset(("I", "eye", "δ", "ones", "zeros"))
"""Constants that take their size in brackets."""
COUNTS = frozenset("klmnpqrdKMNDL")
"""Letters of sizes, of which more than one may stand in such a bracket."""
POWERS = (("pow", 2), ("power", 2), ("square", 1))
"""Powers written as calls, with how many arguments they take: what is read of a power hangs on its node."""
FACTORS = frozenset("abcmn")
"""Small letters that before a sum or a product in brackets are factors."""


def is_call(r: Names, name: Name) -> bool:
    """Say whether a name before a bracket is a function, rather than a factor."""
    full = name.full
    entry = name.sub is not None and not is_function(full) and _has_elements(r, name.base)
    if full in r.variables or full == "π" or entry:
        return False
    if full in r.scope.functions or full in r.scope.maps:
        return True
    running = full in r.running and full not in ABSTRACT and not is_function(full)
    return not running and full not in r.known


def is_factor(r: Names, name: Name) -> bool:
    """Say whether a name in an exponent before a bracket is one: p^k (1 - p) is no power of k (1 - p)."""
    letter = len(name.base) == 1 and name.base not in ABSTRACT and not is_function(name.full)
    defined = name.full in r.scope.functions or name.full in r.scope.maps
    return (letter and not defined) or not is_call(r, name)


def _has_elements(r: Names, base: str) -> bool:
    """Say whether what has a subscript is a variable, the rows of a declared matrix (x_i of X), or δ."""
    return (
        base in r.variables or base == "δ" or (len(base) == 1 and base.islower() and base.upper() in r.scope.variables)
    )


def name_norm(node: Node) -> None:
    """Let ``norm(x, 1)``, ``norm(x, inf)`` and ``norm(A, fro)`` be the functions that these are."""
    run, bracket = node.parts
    if len(bracket.parts) != 2 or run.value[1]:
        return
    which = bracket.parts[1]
    said = str(which.value) if which.kind == "number" else which.value[0] if which.kind == "run" else ""
    if said in NORMS:
        run.value, bracket.parts = (NORMS[said], []), bracket.parts[:1]
    elif which.kind == "number":
        hint = "norm(x, 1), norm(x, 2), norm(x, inf), norm(A, fro) and norm(A, nuc) are"
        raise mistake_at("E-UNSUPPORTED", f"norm(..., {clip(said)}) is not supported", which, "which norm?", hint)


def name_julia(node: Node) -> None:
    """Let ``sum(abs2, x)`` and ``dot(x, A, y)`` be the sum of squares, and the product of x with A y."""
    run, bracket = node.parts
    word, parts = run.value[0], bracket.parts
    last = [Node("bracket", part.start, part.end, [part], "(") for part in parts[1:]]
    if word == "dot" and len(parts) == 3:
        sign = Token("OP", "", parts[1].end, parts[1].end, "")
        bracket.parts = [parts[0], Node("product", parts[1].start, parts[2].end, last, [sign])]
    elif word != "dot" and len(parts) == 2 and parts[0].kind == "run" and parts[0].value == ("abs2", []):
        two = Node("number", parts[0].start, parts[0].end, (), 2)
        bracket.parts = [Node("power", parts[1].start, parts[1].end, (last[0], two), ".^")]


def applied(r: Names, node: Node) -> list[Node]:
    """Return a call, or a product of a name and a bracket, with the names that stand glued before it."""
    run, bracket = node.parts
    word: str = run.value[0]
    if len(word) > 1 and is_function(word) and not run.value[1] and word not in r.known:
        r.settle(bracket)  # a function with a name of several letters is nothing else
        return [call_of(r, r.pieces(run, call=True)[0], bracket, node.end)]
    if word in ELSEWHERE and word not in r.known and not run.value[1]:
        shown = f"{word[1:]}(...)"
        hint = f"write {word[0]} {shown} for a product, {shown} without the {word[0]}; R's distributions are not read"
        raise mistake_at("E-AMBIG", f"{word} is a function elsewhere, or a product", run, "which?", hint)
    moved = differentials.of_call(r, node)
    if moved is not None:
        return moved
    refuse_expected(r, run, bracket)
    function = r.scope.functions.get(word) if run.value[1] else None
    slope = derivatives.lowered(r, run) if function is not None else None
    if function is not None and slope is not None:
        r.settle(bracket)
        if [part.value.full for part in bracket.parts if part.kind == "name"] != [*function.parameters]:
            named = r.text[run.start : run.end]
            hint = f"write {named}({', '.join(function.parameters)}), and evaluate it there: mcalc eval ... --set"
            raise mistake_at("E-UNSUPPORTED", f"{clip(named)} is not read at a point", node, "not at names", hint)
        return [slope]
    pieces = _letters(r, run, bracket) or r.pieces(run, call=True)
    last = pieces[-1]
    if last.kind != "name":  # dX (A + B)
        return [*pieces, r.grouped(bracket)]
    if word[0] == "D" and len(pieces) > 1 and last.value.full in r.scope.functions and "D" not in r.known:
        inner = clip(r.text[run.start + 1 : bracket.end])
        hint = f"write {inner[0]}'{inner[1:]} for the derivative, D*{inner} for a product"
        raise mistake_at("E-AMBIG", f"D{inner} has two readings", node, "a derivative or a factor?", hint)
    spectrum = placed(r, last, bracket, node.end)
    if spectrum is not None:
        return [*pieces[:-1], spectrum]
    jacobian = undefined.jacobian_of(r, last.value)
    if jacobian:
        last.value = Name(jacobian)
        return [*pieces[:-1], undefined.call(r, last, bracket, node.end, (1,), "J")]
    if undefined.is_undefined(r, last.value, bracket, whole=len(pieces) == 1):
        return [*pieces[:-1], undefined.call(r, last, bracket, node.end)]
    if not is_call(r, last.value) or _multiplies(r, last, bracket):
        functions = ABSTRACT.union("pqπ" * (len(bracket.parts) > 1)) - r.known
        if len(word) == 2 and [piece.value.full in functions for piece in pieces] == [True, False]:
            shown = r.text[bracket.start : bracket.end]
            hint = f"write {word[0]}_{word[1]}{clip(shown)} for the function, {' * '.join(word)} * {clip(shown)}"
            said = f"{word} before a bracket is a function, whose subscript a copy loses, or a product"
            raise mistake_at("E-AMBIG", said, run, "which?", hint)
        _refuse_place(r, last, bracket)
        if last.value.full.isupper() and len(bracket.parts) == 1 and bracket.parts[0].kind in ("name", "run"):
            name, inner = last.value.full, r.text[bracket.start + 1 : bracket.end - 1].strip()
            r.note(f"{clip(name)}({clip(inner)}) is the product of {clip(name)} and {clip(inner)}")
        return [*pieces, r.grouped(bracket)]
    r.settle(bracket)
    return [*pieces[:-1], call_of(r, last, bracket, node.end)]


def _letters(r: Names, run: Node, bracket: Node) -> list[Node]:
    """Return the factors of ``m g l (1 - cos θ)`` that stand as one run, of which one stands elsewhere; or nothing."""
    word: str = run.value[0]
    short = 1 < len(word) < 4 and word.isascii() and word.islower() and not run.value[1] and VOWELS.isdisjoint(word)
    if not (short and word not in r.known and not is_function(word) and r.alone & {*word}):
        return []
    if len(bracket.parts) != 1 or bracket.parts[0].kind != "sum" or suggestion(word, list(r.scope.functions)):
        return []
    r.note(f"{word} is read as {' '.join(word)}")
    return [Node("name", run.start + k, run.start + k + 1, (), Name(letter)) for k, letter in enumerate(word)]


def _multiplies(r: Names, at: Node, bracket: Node) -> bool:
    """Say whether a name that nothing declares is a factor: a capital or a Greek letter, or one that stands elsewhere.

    A capital before a lone name may be a function of it, too: ``A(t)`` is refused with both readings.
    """
    name: Name = at.value
    base = name.base
    of_values = any([n.kind in ("bars", "power") for n in walk_syntax(bracket)]) if name.full == "δ" else False
    if of_values and name.full not in r.known:
        return True  # no size: δ (|x| - δ/2)
    if name.full in r.scope.functions or len(bracket.parts) != 1:
        return False
    if is_function(name.full) and not (name.full in FUNCTIONS and len(name.full) == 1 < FUNCTIONS[name.full].arity[0]):
        return False  # β(x - μ) is a product, β(a, b) the beta function
    if name.full in r.used:
        if base in ABSTRACT:
            r.note(f"{name.full} stands elsewhere without a bracket: before one it is read as a factor")
        return True
    runs = len(base) == 1 and name.sub is not None and r.running.issuperset({*name.sub} - {*",{}"})
    if bracket.parts[0].kind not in ("name", "run") and (runs or _runs_inside(name, bracket)):
        return True  # Σ_i y_i (w · x_i + b)
    spaced = r.text[bracket.start - 1].isspace() and len(base) == 1 and base not in ABSTRACT
    if bracket.parts[0].kind in ("sum", "product") and (base in FACTORS or spaced):
        if base not in FACTORS and base.islower() and base.isascii():
            r.note(f"{name.full} before a bracket is read as a factor")
        return True  # a (x - b), y (w · x)
    if name.full == "Δ":
        text = r.text[bracket.start : bracket.end]
        hint = f"write Δ*{clip(text)} for a product; the Laplacian is the trace of hess_x"
        raise mistake_at("E-AMBIG", f"Δ{clip(text)} has two readings", (at, bracket), "a factor, or a Laplacian?", hint)
    if base in "PΠ" and name.sub is not None and name.sub.isupper() and bracket.parts[0].kind == "sum":
        hint = f"a mask is written M .* (...), a product {name.full}*(...)"
        said = f"{name.full} before a bracket is a projection or a factor"
        raise mistake_at("E-AMBIG", said, (at, bracket), "which?", hint)
    if len(base) != 1 or not (base.isupper() or (not base.isascii() and base not in "φψℓΦΨΓζ")):
        return False
    operated = name.full == "D" and bracket.parts[0].kind in ("power", "call", "applied")
    if bracket.parts[0].kind in ("name", "run") or operated or _may_be_applied(name, r, bracket):
        if name.full in ALIASES:
            return False
        text = r.text[bracket.start : bracket.end]
        said = f"{name.full}{text} has two readings"
        hint = f"write {name.full}*{text} for a product, for a function declare it: --where '{name.full}: R^n -> R^m'"
        if operated:
            hint = f"write d/dx {text} for the derivative, {name.full}*{text} for a product"
        raise mistake_at("E-AMBIG", said, (at, bracket), "a product or a function?", hint)
    return True


def _refuse_place(r: Names, at: Node, bracket: Node) -> None:
    """Refuse ``x(i)``, ``x(1)`` and ``x(T)`` where nothing says what is in the brackets: no product to many.

    That is what stands nowhere but alone in brackets, and any one letter behind what is differentiated by.
    """
    if len(bracket.parts) != 1:
        return
    inside = bracket.parts[0]
    number = inside.kind == "number" and at.value.full not in (*r.scope.variables, "π")
    name = name_of(inside) if inside.kind == "run" else inside.value if inside.kind == "name" else Name("")
    letter, full = str(inside.value) if number else name.full, at.value.full
    only = r.runs.count(letter) == r.bracketed.count(letter) and full != "π"
    meant = letter in ("i", "j", "k", "end") or full in r.by or number or only
    short = len(letter) == 1 or letter.isdecimal() or letter == "end" or (full.isupper() and full in r.by and letter)
    spaced = is_command(r, at) and not number and r.text[at.end : bracket.start].isspace()
    glued = at.end == bracket.start or spaced
    if short and meant and letter not in r.known and glued:
        said = f"{full}({letter}) has two readings"
        place = "n" if letter == "end" else letter
        entry = f"{full}_{place}" if at.value.sub is None else f"{full}[{place}]"
        hint = f"write {full}*{letter} for a product, {entry} for an entry"
        if full.isupper() and full in r.by:
            hint = f"write {full}*{letter} for a product; nothing is differentiated by a function"
        raise mistake_at("E-AMBIG", said, (at, bracket), "a product?", hint)


def _refuse_size(r: Names, at: Node, bracket: Node) -> None:
    """Refuse δ(x - a) and I(1 - x): a size is a name, a number, or a sum with a number; none is differentiated by."""
    name, sizes = at.value.full, r.scope.sizes
    for part in bracket.parts:
        inside = [node for node in walk_syntax(part) if node.kind not in ("sum", "negative", "product", "group")]
        names = [node.value.full for node in inside if node.kind == "name"]
        by = next((full for full in names if full in r.by), "")
        counts = len(names) < 2 or all([full in sizes or full in COUNTS for full in names])
        if by or not counts or any([node.kind not in ("name", "number") for node in inside]):
            text = r.text[bracket.start : bracket.end]
            said = f"{name}{clip(text)} would have the size {clip(text[1:-1].strip())}"
            said += ", which is differentiated by" if by and len(inside) == 1 else ", which is none"
            hint = f"write {name}*{clip(text)} for a product; {name}(n) has a size in its brackets"
            if by and len(inside) == 1:
                hint = f"{name}(n) has a size in its brackets; for a function of {by} take another name"
            raise mistake_at("E-AMBIG", said, (at, bracket), "a size or a variable?", hint)


def _may_be_applied(name: Name, r: Names, bracket: Node) -> bool:
    """Say whether a letter before a bracket may be a function: σ_g of a layer, or the loss ρ.

    That is of each sample, or of one term, which needs no brackets else.
    """
    if name.base != "ρ":
        return name.base == "σ" and name.sub is not None
    inside = bracket.parts[0]
    names = [node.value for node in walk_syntax(inside) if node.kind == "name"]
    return inside.kind != "sum" or any([n.sub is not None and not r.running.isdisjoint(n.sub) for n in names])


def _runs_inside(name: Name, bracket: Node) -> bool:
    """Say whether the index of an entry stands below a name in the bracket, too: y_i (w · x_i + b)."""
    if len(name.base) != 1 or name.base in ABSTRACT or name.sub is None or len(name.sub) != 1 or name.sub.isdigit():
        return False
    return any([node.kind == "name" and node.value.sub == name.sub for node in walk_syntax(bracket)])


COVARIANCES = frozenset("ΣΛΩΨΘK")
"""Letters of matrices in densities, of which |Σ|^(-1/2) is the determinant to all."""
HALVES = frozenset(("1/2", "-1/2", "½", "-½", "0.5", "-0.5"))


def bar_determinant(r: Names, bars: Node, exponent: Node) -> None:
    """Let the bars of |K|^(-1/2) be a determinant, where K is a matrix."""
    names = {node.value.base[0] for node in walk_syntax(bars) if node.kind == "name"}
    raised = r.text[exponent.start : exponent.end].replace("−", "-").strip("{}() ")
    if raised in HALVES and not names.isdisjoint(COVARIANCES):
        bars.value = MATRIX_BAR


LETTERS = {
    "σ": ("the sigmoid", "sigmoid"), "Φ": ("the normal distribution function", "normcdf"),
    "Γ": ("the gamma function", "gamma"),
}  # fmt: skip
"""Functions called by a letter that is a name, too: what each is, and another name of it."""


def _refuse_lone(r: Names, at: Node, bracket: Node, prime: str = "") -> None:
    """Refuse σ(1 - σ) and Φ'(y - Φ w): what stands before a bracket, and without one, is a function or a factor."""
    full = at.value.full
    if full not in r.lone or full in r.scope.functions:
        return
    inside = clip(r.text[bracket.start : bracket.end], 40)
    hint = f"write {LETTERS[full][1]}{prime}{inside} for the function, {full}{prime} * {inside} for a product"
    raise mistake_at("E-AMBIG", f"{full}{prime} before a bracket has two readings", at, "it stands alone, too", hint)


def call_of(r: Names, at: Node, bracket: Node, end: int) -> Node:
    """Return a call; an unknown name before a bracket is a mistake, never a product."""
    name: Name = at.value
    full = name.full
    if full not in r.scope.functions:
        if name.sub is None and full in OTHER_NAMES:
            name = Name(OTHER_NAMES[full])
            full = name.full
        if not is_function(full):
            if (full, len(bracket.parts)) in POWERS:
                r.settle(bracket)
                base, exponent = [*bracket.parts, Node("number", at.start, at.start, (), 2)][:2]
                return Node("power", at.start, end, [base, exponent], "pow")
            if full in PLANNED:
                raise mistake_at("E-UNSUPPORTED", f"{full} is not supported yet", at, "not supported")
            hint = suggestion(full, list(r.scope.functions)) or _declared(full, len(bracket.parts))
            if name.sub is not None:
                refused.refuse_operator(r, at)
            if name.sub in r.by:
                hint = f"it is no function of {name.sub} so; write {clip(name.base)}(..., {name.sub})"
            raise mistake_at("E-NAME", f"unknown function {clip(full)}", at, "not known", hint)
    if full in OF_SIZES and full not in r.scope.functions:
        _refuse_size(r, at, bracket)
    if full in LETTERS:
        _refuse_lone(r, at, bracket)
        if full != "σ" or is_command(r, at):
            r.note(f"{full}(...) is read as {LETTERS[full][0]}")
    if full in ("ln", "log") and len(bracket.parts) == 1 and bracket.parts[0].kind == "bars":
        bracket.parts[0].value = MATRIX_BAR  # the logarithm of a length makes no sense, that of a determinant does
    if type(bracket.value) is tuple and bracket.value[0] == "|":
        hint = "arguments are separated by commas"
        raise mistake_at("E-SYNTAX", f"{clip(full)} takes no parameters", bracket, "unexpected", hint)
    if full == "diff" and full not in r.scope.functions:
        return derivatives.of_call(at.start, end, bracket.parts)
    return Node("call", at.start, end, bracket.parts, name)


def is_command(r: Names, run: Node) -> bool:
    r"""Say whether a function is a command of LaTeX, which reaches over the factors that follow it: \\log x y."""
    return r.text[run.start : run.start + 1] == "\\"


def _declared(full: str, count: int) -> str:
    """Return what to type for a name before a bracket of so many entries: a product, a declared function."""
    if not count:
        return f"a function has arguments in its brackets; a variable has none, and no brackets: {clip(full)}"
    takes = ", ".join(["R^n"] * min(count, 5))
    product = f"for a product write {clip(full)}*(...), for a function " if count == 1 else ""
    return f"{product}declare it: {clip(full)}: {takes} -> R"


def primed(r: Names, node: Node) -> list[Node]:
    """Read f′(x) and f'(x) of a function that nobody defined; of a variable x' is a transpose."""
    run, bracket = node.parts
    mark, bracket.value = bracket.value
    pieces = r.pieces(run)
    last = pieces[-1]
    name: Name = last.value
    full = name.full
    if undefined.is_undefined(r, name, bracket, whole=len(pieces) == 1):
        return [*pieces[:-1], undefined.primed(r, last, bracket, mark, node.end)]
    known = is_function(full) or full in r.scope.functions
    own = _own_primed(r, last, mark, bracket, node.end)
    if own is not None:
        return [*pieces[:-1], own]
    if full in r.variables or (name.sub is not None and _has_elements(r, name.base)) or not known:
        return [*pieces[:-1], Node("transpose", last.start, mark.end, (last,), mark.text), r.grouped(bracket)]
    _refuse_lone(r, last, bracket, "'")
    row = FUNCTIONS.get(full)
    if row is not None and row.partial is not None and row.arity == (1, 1) and undefined.primes(mark) == 1:
        r.settle(bracket)
        r.note(f"{full}'(...) is the derivative of {full}, entry by entry")
        return [*pieces[:-1], Node("slope", last.start, node.end, bracket.parts, name)]
    hint = f"write d/dx {full}(x)"
    raise mistake_at("E-SYNTAX", f"{full}' is no derivative here", (last, mark), "which variable?", hint)


def _own_primed(r: Names, at: Node, mark: Token, bracket: Node, end: int) -> Node | None:
    """Return h'(t) of a defined function of one name, at a name: its derivative by that; None where it is no such."""
    function = r.scope.functions.get(at.value.full)
    if function is None or len(function.parameters) != 1 or len(bracket.parts) != 1:
        return None
    r.settle(bracket)
    [argument] = bracket.parts
    if argument.kind != "name":
        shown, (parameter,) = r.text[bracket.start : bracket.end].strip("() "), function.parameters
        said = f"{at.value.full}' is not read at {clip(shown)}"
        hint = f"write {at.value.full}'({parameter}), and evaluate it where {parameter} = {clip(shown)}"
        raise mistake_at("E-UNSUPPORTED", said, (at, end), "not at a name", hint)
    by = (Name(argument.value.base, argument.value.sub), argument.start, argument.end)
    body = call_of(r, at, bracket, end)
    return Node("derivative", at.start, end, (body,), [[by]] * undefined.primes(mark))


def primed_alone(r: Names, run: Node, prime: Node) -> Node | None:
    """Return f′ of a defined function of one name as f′(x); None of anything else."""
    word, subs = run.value
    function = r.scope.functions.get(word)
    if function is None or subs or prime.value[0] not in undefined.PRIMES or len(function.parameters) != 1:
        return None
    at = Node("name", run.start, run.end, (), Name(word))
    argument = Node("name", run.start, prime.end, (), Name(function.parameters[0]))
    mark = Token("PRIME", prime.value, run.end, prime.end)
    return _own_primed(r, at, mark, Node("bracket", run.start, prime.end, [argument], "("), prime.end)


def index(r: Names, node: Node) -> None:
    """Turn ``x[2]``, ``W[i, j]``, ``x[2:n]`` into a slice: what stands in brackets behind something counts from 1."""
    rows = node.parts[1:]
    if len(rows) != 1:
        said = "a bracket right behind something is an index"
        hint = "write a space or a sign before a vector in brackets; an element is x[2], a part x[2:n]"
        raise mistake_at("E-SYNTAX", said, (node.value, node), "not an index", hint)
    if "**" in r.text:
        said = "an index counts from 0 in Python, from 1 here"
        hint = "write ^ for ** and count from 1: the first is x[1], all but the first x[2:]"
        raise mistake_at("E-AMBIG", said, (node.value, node), "which one?", hint)
    parts: list[Part] = []
    for entry in rows[0].parts:
        is_range = entry.kind == "span"
        if is_range and len(entry.parts) > 2:
            hint = "write x[first:last], both included"
            raise mistake_at("E-UNSUPPORTED", "a slice has no step", (entry.parts[2], entry), "not read", hint)
        written = [limit_of(place) for place in (entry.parts if is_range else (entry,))]
        first = written[0] if not is_range or entry.value == 1 else None
        last = written[-1] if is_range and len(written) > entry.value else None
        parts.append(Part(entry.start, entry.end, first, last, is_range=is_range))
    node.kind, node.value, node.parts = "slice", parts, [node.parts[0]]


def factor(r: Names, leaf: Node, node: Node) -> Node | None:
    """Return the bracket of ``4ε[(σ/r)^2 - 1]``, which holds what is no index, as a factor; None for any other."""
    name, rows = name_of(leaf), node.parts[1:]
    declared = r.scope.variables.get(name.full)
    indexed = name.full in r.known and (declared is None or declared.order == 1)
    if len(rows) != 1 or len(rows[0].parts) != 1 or indexed or name.base[0] in ABSTRACT:
        return None
    inside = rows[0].parts[0]
    if inside.kind not in ("sum", "product") or small_tree(inside) is not None:
        return None
    whole = Node("bracket", node.value, node.end, [inside])
    shown = clip(f"{name.full}{r.text[whole.start : whole.end]}")
    r.note(f"{shown} is read as a product: what is in brackets is no index")
    return r.grouped(whole)
