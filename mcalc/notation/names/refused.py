"""What is refused of names, derivatives and sums, since it has two readings or none; with what to write instead."""

from __future__ import annotations

from itertools import zip_longest

from mcalc.errors import Mistake, Span, clip
from mcalc.notation.names.scope import Names
from mcalc.notation.names.spines import descend, first_of, name_of
from mcalc.notation.surface.mistakes import mistake_at
from mcalc.notation.surface.syntax import Name, Node, Token, derived_by, walk_syntax
from mcalc.notation.surface.unsaid import BIGS
from mcalc.notation.surface.words import ABSTRACT, ALIASES, GRADIENTS, is_function, plain_name, suggestion
from mcalc.patterns import pattern

_ABOVE = frozenset("ijklμνρσλκαβ")
"""Letters of indices that stand above in the notation of tensors."""
_SUMMED = frozenset("ijμνρκ")
"""Those that alone are hardly a power beside the same letter below: u^i v_i, where a_k x^k is a term of a series."""
NO_NAMES = frozenset(("min", "max", "argmin", "argmax", "lim", "sup", "inf", "mod", "int"))
"""Operators that are no variables where nobody declared them so: min_w f says no function to differentiate."""
_INSTEAD = {
    "mod": "", "int": "integrals are not read; sum_{i=1}^{n} is a sum",
    "min": "differentiate what follows it; min(x) is the least element of x",
    "max": "max(x) is the greatest element of x, max(A x) that of all a_i · x",
}  # fmt: skip
"""What to write in place of some of them."""
CALLED = frozenset("σΦΓ")
"""Functions called by a letter, besides those that are functions as soon as a bracket follows."""
_METHOD = pattern(r"\w\.[a-z]\w*\(")
"""foo.log(x), with nothing around the dot: no product to anyone."""
_RUN = pattern(r"[^\W\d]+|\d+")


_TRANSPOSED = pattern(r"[^\W\d_]T[A-ZΑ-Ω]?[^\W\d_]")
"""wTx, XTX, xTAx."""
_ENTRY = pattern(r"(?!pi)[a-hk-zα-ω][ij]")
_SUMS = pattern(r"[Σ∑∏]|\b(sum|prod|mean)(?![a-z])")
"""xi, yj beside a sum: entries whose subscripts were not typed, to most."""
_VARIED = pattern(r"δ|\\delta(?![A-Za-z])")
_TRANSPOSING = "T", "'", "ᵀ", "⊤", "T}", r"\top", r"\top}"
"""What the text of a transpose ends with."""
_RAISED_T = pattern(r"\^\s*(?:t|\{\s*t\s*\})|ᵗ")
_TURNED = frozenset("xywzuvabch")
"""Letters of vectors: of other numbers a power with the exponent t is usual."""
TURNED = "write ^T for the transpose; for a power say that t is a number: --where 't: R'"
_FONTS = pattern(r"(?:[\s{]|\\(?:math[a-z]+|bm|boldsymbol|vec)(?![a-z]))*")
"""The sign of a variation, and the fonts of what it is before."""
_CAPITALISED = pattern(r"\b[A-Z][a-z]+\[")
"""Sin[x], as in Mathematica."""


def number_pi(r: Names, run: Node) -> str:
    """Return π for the Pi of Mathematica; refuse it elsewhere, where it is the number or the letter Π."""
    if _CAPITALISED.search(r.text) is None:
        hint = "write pi for the number; for a letter declare it: --where 'Π: R'"
        raise mistake_at("E-AMBIG", "Pi has two readings", run, "π or Π?", hint)
    return "π"


def refuse_energy(r: Names, base: Node, exponent: Node) -> None:
    """Refuse ``E^x``, in which E is Euler's number in Mathematica, and elsewhere a name as any other."""
    is_name = base.kind == "run" and base.value == ("E", []) and "E" not in r.known
    if is_name and any([node.kind in ("run", "name") for node in walk_syntax(exponent)]):
        hint = "write e^... for Euler's number; for a name declare it: --where 'E: R'"
        raise mistake_at("E-AMBIG", "a power of E has two readings", (base, exponent), "Euler's number?", hint)


def refuse_below_exponent(r: Names, base: Node, exponent: Node) -> None:
    """Refuse ``x^k_i``, a power of x_i or with the exponent k_i, where neither is called so elsewhere."""
    if base.kind != "run" or base.value[1] or exponent.kind != "run" or not exponent.value[1] or "\\" in r.text:
        return
    letter, above, below = base.value[0], exponent.value[0], exponent.value[1][-1]
    full, said = name_of(exponent).full, r.text[exponent.start : exponent.end]
    meant = r.text.count(said) > 1 and f"{letter}_{below}" not in r.text
    if letter == "e" or full in r.known or is_function(letter) or letter in BIGS or meant:
        return
    hint = f"write {letter}_{below}^{above} for a power of {letter}_{below}, {letter}^({said}) for the exponent {said}"
    raise mistake_at("E-AMBIG", f"{letter}^{above}_{below} has two readings", (base, exponent), "below which?", hint)


def refuse_before(r: Names, part: Node, following: Node) -> None:
    """Refuse what is no factor before what stands beside it."""
    leaf = descend(following)[1]
    if part.kind == "run" and leaf.kind in ("run", "applied") and not part.value[1]:
        refuse_change(r, part, leaf, name_of(leaf if leaf.kind == "run" else leaf.parts[0]))
    if part.kind == "run" and part.value == ("E", []) and leaf.kind in ("bars", "norm") and "E" not in r.known:
        at, inside = (part, following), clip(r.text[following.start : following.end], 60)
        hint = f"write E[{inside}] for the expectation, E*{inside} for the product"
        raise mistake_at("E-AMBIG", "E before bars has two readings", at, "an expectation or a factor?", hint)
    if part.kind == leaf.kind == "run" and part.value == ("δ", []) and r.text[part.start] == "\\":
        refuse_variation(r, part.start, leaf, leaf.value[0])
    if part.kind == "run" and part.value[1] and following.start == part.end and following.kind == "run":
        word, (*_, sub) = part.value
        if sub.isdecimal() and following.value[0] in r.running and f"{word}_{sub}" not in r.known:
            said, index = f"{r.text[part.start : following.end]} has two readings", following.value[0]
            hint = f"write {word}_{{{sub},{index}}} for the entry, {word}_{sub} {index} for a product"
            raise mistake_at("E-AMBIG", said, (part, following), "an entry?", hint)
    numbered = following.kind == "bracket" and len(following.parts) == 1 and following.parts[0].kind == "number"
    if numbered and r.text[following.start] == "[":
        base, inside = [r.text[node.start : node.end].strip() for node in (part, following)]
        hint = f"write ({clip(base)})_{{{inside[1:-1]}}} for the entry, {inside[1:-1]} {clip(base)} for the product"
        raise mistake_at("E-AMBIG", f"{clip(base)}{inside} has two readings", (part, following), "an entry?", hint)
    if part.kind == "transpose" and part.parts[0].kind == following.kind == "run":
        refuse_form(r, part.parts[0], following)
    if part.kind == "power":
        _refuse_raised_t(r, part)
        refuse_power(r, part, following)
    elif part.kind in ("bracket", "applied"):
        if any([part.start < end <= part.end for end in r.carried]):  # (∂_t - a) u
            said = "an operator in brackets is not applied to what follows"
            raise mistake_at("E-UNSUPPORTED", said, part, "of what?", "apply each of its terms: d/dt u - a u")
        if part.kind == following.kind == "bracket" and part.end == following.start:
            _refuse_value(r, part, following)


def refuse_change(r: Names, part: Node, leaf: Node, of: Name) -> None:
    """Refuse ``Δ x / Δ t``, ``Δ f`` and ``Δf(x)``, in which Δ is hardly a factor; in ``xᵀ Δ x`` it is a matrix."""
    letter = part.value[0] if part.kind == "run" else part.value.base
    free = r.known.isdisjoint(("Δ", "∆")) and not is_function(of.full)
    if letter == "Δ" and free and not r.text[: part.start].rstrip().endswith(_TRANSPOSING):
        change = "" if of.full in r.heads or part.end > leaf.start else f"Δ{of.full} for a change, "
        hint = f"write {change}Δ*{of.full} for a product; the Laplacian is the trace of hess_x"
        said = f"Δ {clip(of.full)} has two readings"
        raise mistake_at("E-AMBIG", said, (part, leaf), "a change, or a product?", hint)


def refuse_variation(r: Names, start: int, at: Node, word: str) -> None:
    """Refuse δx by x, a small change of x to many, where no δ stands alone and nothing says that it is a number."""
    name = plain_name(word)
    if "δ" in r.known | r.by or name not in r.by:
        return
    signs = [sign.end() for sign in _VARIED.finditer(r.text)]
    source, *rest = [_FONTS.sub("", r.text[k:], count=1) for k in (*[k for k in signs if k > start][:1], *signs)]
    source = source[: len(source) - len(r.text) + at.end].rstrip("} ")
    if all([text.startswith(source) for text in rest]):
        hint = f"write δ*{name} for the product, δ_{name} for a change that is a name of its own"
        raise mistake_at("E-AMBIG", f"δ{name} is a change of {name}, or a product", (start, at), "which?", hint)


def _refuse_value(r: Names, part: Node, following: Node) -> None:
    """Refuse ``(d/dx x^2)(3)``, which may be a value of the derivative, or a product."""
    kinds = [node.parts[0].kind if len(node.parts) == 1 else "" for node in (part, following)]
    if kinds == ["derivative", "number"]:
        said = f"a derivative before {r.text[following.start : following.end]} has two readings"
        hint = "write * for the product; mcalc eval EXPR --wrt x --set x=... has the value at a point"
        raise mistake_at("E-AMBIG", said, (part, following), "there, or times?", hint)


def refuse_index_above(r: Names, base: Node, exponent: Node) -> None:
    """Refuse ``F_{μν} F^{μν}``, ``A_ij x^j``, ``g_ab x^a x^b``, whose indices above are no powers to their writer."""
    inner = exponent.parts[0] if exponent.kind == "group" else exponent
    beside = inner.parts if inner.kind == "product" else (inner,)
    letters = {node.value.full for node in beside if node.kind == "name"}
    own = base.value[1] if base.kind == "run" else [base.value.sub] if base.kind == "name" else []
    above = letters and letters.isdisjoint(own) and any([_are_summed(r, {*c} - {","}, letters) for c in r.labels])
    if above and letters.isdisjoint(r.running | r.scope.names()):
        hint = "write the sum: sum_{j=1}^{n} A_ij x_j; for a power give it another letter"
        raise mistake_at("E-AMBIG", "an index above is a power, or one that is summed over", exponent, "which?", hint)


def _are_summed(r: Names, label: set[str], letters: set[str]) -> bool:
    """Say whether the letters of an exponent are indices of what has a label below: g_ab x^a x^b, p_μ p^μ."""
    if not label >= letters:
        return False
    if len(label) == 1:
        return label < _SUMMED
    return label <= _ABOVE or all([f"^{letter}" in r.text or f"^{{{letter}" in r.text for letter in label])


def refuse_open_sum(r: Names, run: Node, parts: list[Node]) -> None:
    """Refuse ``Σ y log p``, ``Σ [...]``, ``Σ (y - p)²``, ``Σ C/(1 + r)^t``: a matrix, or a sum without its index."""
    if r.text[run.start] != "Σ":
        return
    spine, leaf = descend(parts[0])
    squared = leaf.kind == "applied" and any([node.kind == "power" for node in spine])
    words = [first_of(part).value for part in parts[1:]]
    logged = parts[0] is run and any([word[0] in ("log", "ln", "exp") for word in words if type(word) is tuple])
    following = r.text[parts[1].start : parts[1].end] if parts[0] is run and len(parts) > 1 else ""
    boxed = following.startswith("[") and "," not in following
    first = parts[0] is run and not r.text[: run.start].rstrip().endswith(_TRANSPOSING) and "Σ" not in r.known
    divided = "/" in r.text[run.end : parts[-1].end] and r.text.count("Σ") == 1
    if squared or logged or boxed or (first and divided):
        hint = "write the sum with its index, as in sum_i y_i log(p_i), or declare Σ: R^{n x n}"
        if squared:
            body = clip(r.text[leaf.parts[1].start : parts[0].end], 60)
            hint = f"write sum({body}) for the sum of all entries, or declare Σ: R^{{m x n}}"
        raise mistake_at("E-AMBIG", "Σ is a sum over an index, or a matrix", run, "which?", hint)


def refuse_open_reach(r: Names, parts: list[Node], place: int, run: Node, end: int) -> None:
    """Refuse ∇f(x)ᵀ d, which may be the gradient of f times d, or that of the whole product.

    A product of variables is one on purpose, as in ∇_x xᵀ A x.
    """
    spine, leaf = descend(parts[place]) if place < len(parts) else ([], run)
    of = leaf.parts[0] if leaf.kind == "applied" else leaf
    if of.kind != "run" or of is run or (not spine and place + 1 == len(parts)):
        return
    full = name_of(of).full
    made = full in r.scope.definitions or full in r.scope.functions
    if is_function(full) or full in r.scope.variables or not (made or leaf.kind == "applied"):
        return
    sign, whole = r.text[run.start : end].strip(), r.text[leaf.start : parts[-1].end]
    hint = f"write ({r.text[run.start : leaf.end]}) ..., or {sign} ({whole})"
    shown = r.text[run.start : run.end] if r.text[run.start] == "\\" else "∇"
    said = f"how far does {shown.partition('_')[0]} reach?"
    hint += "" if "^" in sign or "²" in sign else "; this gradient is a row and needs no transpose"
    raise mistake_at("E-AMBIG", said, (run, parts[-1]), "of this alone, or of the product?", hint)


def nothing_follows(r: Names, opened: Node) -> Mistake:
    """Return the mistake of a derivative or a sum of nothing."""
    text = r.text[opened.start : opened.end]
    hint = "write what it is of, such as " + ("d/dx x^2" if opened.value[0] == "derivative" else "sum_{i=1}^{n} x_i")
    spans = [Span(opened.start, opened.end, "of what?")]
    return Mistake("E-SYNTAX", f"nothing follows '{text if len(text) <= 30 else text[:29] + '…'}'", spans, hint=hint)


def misplaced(r: Names, opened: Node, sign: Token) -> Mistake:
    """Return the mistake of an operator right behind a derivative or a sum."""
    head = r.text[opened.start : opened.end]
    if head == "∇" and sign.text in ("·", "×", "."):
        said = f"∇{sign.text} is the {'curl' if sign.text == '×' else 'divergence'} of a field, which is not read"
        hint = "write what it is made of: d/dx F_1 + d/dy F_2, or the trace of a Jacobian"
        return mistake_at("E-UNSUPPORTED", said, (opened, sign), "not supported", hint)
    hint = f"delete it, or write something between '{head}' and '{sign.text}'"
    return mistake_at("E-SYNTAX", f"'{sign.text}' cannot stand here", sign, "unexpected", hint)


def unclear_reach(text: str, tree: Node) -> Mistake | None:
    """Return the mistake of ``d/dx x^2 + 3x``, whose writer may mean the derivative of all; None where there is none.

    In the paper a derivative reaches to the next sign. A statement that goes on with the same variable and without
    another derivative has both readings, unless brackets say how far it goes.
    """
    first = tree.parts[0] if tree.kind == "sum" else tree
    if tree.kind != "sum" or first.kind != "derivative":
        return None
    body = first.parts[0]
    head = text[first.start : body.start]
    bracketed = text[body.start] == "(" and body.kind not in ("product", "power")
    if "/" not in head or bracketed or text[first.start] == "(":
        return None
    names = {name.full for name in derived_by(first)}
    found = False
    for part in tree.parts[1:]:
        for node in walk_syntax(part):
            if node.kind in ("derivative", "quotient"):
                return None
            found = found or (node.kind == "name" and (node.value.full in names or node.value.base in names))
    if not found:
        return None
    over, rest = text[body.start : tree.end].strip(), text[first.end : tree.end].strip()
    spans = [Span(first.start, first.end, "to here?"), Span(first.end, tree.end, "or over this, too?")]
    hint = f"write {head.strip()} ({over}), or ({text[first.start : first.end]}) {rest}"
    return Mistake("E-AMBIG", f"how far does {head.strip()} reach?", spans, hint)


def no_derivative(run: Node) -> Mistake:
    """Return the mistake of a sign that begins nothing."""
    if run.value[0] in BIGS:
        hint = "write the index below it, as in sum_{i=1}^{n} x_i; sum(x) is that of all entries"
        return mistake_at("E-SYNTAX", f"'{run.value[0]}' has no index here", (run, run.start + 1), "over what?", hint)
    said = f"'{run.value[0]}' begins no derivative here"
    hint = "derivatives are written ∂/∂w f, ∂y/∂w, ∇_w f; in ASCII d/dw f, dy/dw, grad_w f"
    return mistake_at("E-SYNTAX", said, (run, run.start + 1), "unexpected", hint)


def refuse_operator(r: Names, node: Node) -> None:
    """Refuse ``min_w f``, ``lim f``, ``x mod 2``, ``int_0^1 f dx``, which would else be products with a name."""
    name: Name = node.value
    if name.base not in NO_NAMES or name.full in r.known:
        return
    hint = _INSTEAD.get(name.base, "differentiate what follows it")
    shown = clip(r.text[node.start : node.end])
    raise mistake_at("E-UNSUPPORTED", f"{shown} is not supported", node, "not read", hint)


def refuse_form(r: Names, turned: Node, run: Node) -> None:
    """Refuse W'S_bW and x'Q_fx, quadratic forms whose last factor is glued to a label."""
    name, whole = r.text[turned.start : turned.end], r.text[run.start : run.end]
    label = whole.removesuffix(name)
    if label != whole and "_" in label[1:-1] and name_of(run).full not in r.known:
        hint = f"write {label} {name} for the product, or declare {whole}"
        raise mistake_at("E-AMBIG", f"{whole} may be {label} {name}, or one name", run, "which?", hint)


def refuse_power(r: Names, part: Node, following: Node) -> None:
    """Refuse ``f^2(x)``, ``Φ^{-1}(α)`` of functions that nothing defines, and ``F^{-1}(u)``: they would be products."""
    leaf, bracket = descend(part)[1], descend(following)[1]
    if leaf.kind != "run" or bracket.kind != "bracket" or bracket.value != "(":
        return
    name = name_of(leaf).full
    if name not in r.known and not is_function(name) and not leaf.value[1]:
        name = name[-1]  # σΦ⁻¹(p)
    power, inside = r.text[leaf.end : part.end], r.text[bracket.start : bracket.end]
    inverse = power.strip(" ^{}()").replace("−", "-") in ("-1", "⁻¹")
    lone = [piece.kind for piece in bracket.parts] in (["run"], ["name"]) and len(name) == 1 and name.isupper()
    abstract = name in ABSTRACT or (leaf.value[0] in ABSTRACT and leaf.value[1])  # f_1^2(x)
    if name not in CALLED and not abstract and not (inverse and lone):
        return
    if name in r.known and name not in r.scope.functions:
        return
    said = f"a power of {name} before a bracket has two readings"
    hint = f"write ({name}{inside}){power} for the function, {name}{power} * {inside} for a product"
    hint = f"an inverse function is not read; {hint}" if inverse else hint
    raise mistake_at("E-AMBIG", said, (part, bracket.start + 1), "the function or a product?", hint)


def refuse_lost_entry(r: Names, run: Node) -> None:
    """Refuse xi and yj in Σ (yi - a - b xi)², which are no entries as they stand."""
    word: str = run.value[0]
    unknown = {word, plain_name(word)}.isdisjoint(r.known) and not run.value[1] and r.text[run.start] != "\\"
    if unknown and _ENTRY.fullmatch(word) and _SUMS.search(r.text):
        other = "ξ" if word == "xi" else f"{word[0]}*{word[1]}"
        said = f"{word} may be {word[0]}_{word[1]}, or {other}"
        raise mistake_at("E-AMBIG", said, run, "an entry?", f"write {word[0]}_{word[1]}, {other}, or declare {word}")


def _refuse_raised_t(r: Names, part: Node) -> None:
    """Refuse ``w^t S w``, in which t stands nowhere else: numbers have a power, vectors a transpose."""
    base, exponent = part.parts
    inner = exponent.parts[0] if exponent.kind == "group" else exponent
    raised = inner.kind == "name" and inner.value.full == "t" and "t" not in r.known | r.running
    vector = base.kind == "run" and base.value[0][-1] in _TURNED
    if raised and vector and r.runs.count("t") == len(_RAISED_T.findall(r.text)):
        said = f"{clip(r.text[part.start : part.end])} has two readings"
        raise mistake_at("E-AMBIG", said, part, "transposed, or a power?", TURNED)


def refuse_difference(r: Names, run: Node) -> None:
    """Refuse r - re and x - xo, differences from a start whose label was not typed below: no product was meant."""
    word: str = run.value[0]
    labelled = len(word) == 2 and word[1] in "cemofps" and word[1] not in r.alone and "\\" not in r.text
    raised = word[1:] == "e" and r.text[run.end : run.end + 1] in ("^", "*", "⁻", "ˣ")  # x - xe^{-x}
    if labelled and not raised and word[0] in r.by and r.text[: run.start].rstrip()[-1:] in ("-", "−"):
        before = r.text[: run.start].rstrip()[:-1].rstrip()
        if before[-1:] == word[0] and not before[-2:-1].isalnum():
            hint = f"write {word[0]}_{word[1]} for the name, {'*'.join(word)} for the product"
            raise mistake_at("E-AMBIG", f"{word} has two readings", run, "a product or a name?", hint)


def refuse_lost_sign(r: Names, run: Node) -> None:
    """Refuse what a copy or a keyboard has made a name of: 2x2 + 3x, 2x10^3, nCk, ex."""
    word: str = run.value[0]
    if len(word) == 2 and word[0] == "e" and word[1].isalpha() and not {"e", word} & {*r.known, *r.alone}:
        said = f"{word} may be a power of e, as a copy loses it, or a product"
        raise mistake_at("E-AMBIG", said, run, "which?", f"write e^{word[1]}, or e*{word[1]}")
    if _TRANSPOSED.fullmatch(word) and not {"T", word} & {*r.known, *r.used}:
        first, rest = word[0], " ".join(word[2:])
        hint = f"write {first}^T {rest} for the transpose, {first}*T*{'*'.join(word[2:])} for a product"
        raise mistake_at("E-AMBIG", f"{word} may be {first}ᵀ {rest}, as a copy loses it, or a product", run, "", hint)
    letter, digits = word.rstrip("0123456789"), word[len(word.rstrip("0123456789")) :]
    base = plain_name(letter)
    around = r.text[run.start - 1 : run.start].isdecimal(), r.text[run.end : run.end + 1]
    if len(word) == 3 and word[0] in "nNm" and word[1] in "CP" and word[2] in "kmrij":
        hint = f"for a binomial coefficient name it, as in C_{word[2]}; for a product write {' '.join(word)}"
        raise mistake_at("E-AMBIG", f"{word} has two readings", run, "a binomial coefficient, or a product?", hint)
    if letter == "x" and digits == "10" and around[0] and around[1] in ("^", "*", "⁻", *"⁰¹²³⁴⁵⁶⁷⁸⁹"):
        hint = "write *10^... for the power of ten, x_10 for the name"
        raise mistake_at("E-AMBIG", "x10 has two readings", run, "times ten, or a name?", hint)
    known = r.scope.variables.get(base)
    beside = letter in r.alone or base in r.by if known is None else not known.shape
    other, which = ("2", "the vector of ones") if digits == "1" else ("1", "a power")
    numbered = any([f"{letter}{mark}{other}" in r.text for mark in ("", "_")]) or f"{base}_{digits}" in r.known
    if digits in ("1", "2", "3") and not run.value[1] and beside and not numbered:
        meant = f"{letter}*1vec for {letter} times the ones" if digits == "1" else f"{letter}^{digits} for the power"
        hint = f"write {meant}, {letter}_{digits} for the name"
        raise mistake_at("E-AMBIG", f"{word} has two readings", run, f"{which}, or a name?", hint)


def unclear_digits(word: str, run: Node) -> Mistake:
    """Return the mistake of a word with digits inside that nobody declared: x2y may be x_2 y, or x^2 y in a copy."""
    parts = _RUN.findall(word)
    pairs = [*zip_longest(parts[::2], parts[1::2], fillvalue="")]
    names, powers = [" ".join([a + (sign + b if b else "") for a, b in pairs]) for sign in "_^"]
    hint = f"write {clip(names)} for names with numbers, {clip(powers)} for powers, or declare {clip(word)}"
    if len(pairs) == 1 and is_function(pairs[0][0]):
        hint = f"write {pairs[0][0]}({pairs[0][1]}), or declare {clip(word)}"  # sqrt2
    return mistake_at("E-AMBIG", f"{clip(word)} has two readings", run, "a number or a power?", hint)


def refuse_word(r: Names, run: Node, before: Token | None, after: Token | None) -> None:
    """Refuse an undeclared word beside something else without a sign: no word becomes a factor silently."""
    word: str = run.value[0]
    whole = plain_name(word)
    latin = len(whole) > 1 and max(whole) <= "ɏ" and whole.isalpha()
    if not latin or word in GRADIENTS or word in BIGS or whole in r.known or (is_function(whole) and not run.value[1]):
        return
    beside = after is not None and (not after.text or _METHOD.match(r.text, after.start - 1) is not None)
    if not (beside or (before is not None and not before.text)):
        return
    if is_function(whole) and whole not in NO_NAMES and name_of(run).full not in r.known:
        said = f"{clip(name_of(run).full)} stands where a function would, and is none"
        hint = f"the function is {whole}(x); for a product with a variable of this name write *"
        raise mistake_at("E-NAME", said, run, "not known", hint)
    if len(whole) == 2:
        small = whole.lower() if whole.isupper() else whole.replace("I", "l")
        if small != whole and is_function(small) and after is not None and not after.text:
            # LN x, and In x, whose first letter is a capital i
            hint = f"write {small}(x) for the function, {' '.join(whole)} for a product"
            raise mistake_at("E-AMBIG", f"{whole} has two readings", run, "a function or a product?", hint)
        if whole in ALIASES and not whole.isupper() and after is not None and not after.text:
            raise mistake_at("E-NAME", f"unknown function {whole}", run, "", suggestion(whole))
        return
    if name_of(run).full in r.known or word in NO_NAMES:
        return
    pieces = r.pieces(run)
    if len(pieces) > 1 or pieces[0].kind in ("call", "differential"):
        return
    said = f"nothing says what {clip(word)} is, and it stands beside something without a sign"
    hint = f"declare it, {clip(word)}: R or {clip(word)}: R^n; for a product of it write *, of its letters spaces"
    raise mistake_at("E-NAME", said, run, "a name?", hint)
