"""Claims and chains of equalities: every side against the one before it, in the convention of either."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from itertools import pairwise

from mcalc.calculus.accumulate.special_variables import by_structure
from mcalc.calculus.basics.orientation import as_columns, as_units
from mcalc.calculus.derive import along_a_line, resolve
from mcalc.checking.diagnosis import explained
from mcalc.checking.edits import replaced
from mcalc.checking.equality import FLIPPED, SAME, SHAPES, Comparison, compare, fitting_faces
from mcalc.checking.restrictions import under_stated
from mcalc.checking.stated_reasons import Stated
from mcalc.checking.verdict import Question, Verdict
from mcalc.dims import Dim
from mcalc.errors import Mistake
from mcalc.expr import Expr, walk
from mcalc.notation.meaning.assumed import where_text
from mcalc.numeric.sampling import names_of_sizes
from mcalc.numeric.verify import verify
from mcalc.operators.abstract import APPLY, DERIVATIVE, DIFFERENTIAL, MAP
from mcalc.operators.leaves import SYMBOL, is_zero, size, symbols_in
from mcalc.operators.linear import ELEMENT
from mcalc.operators.structures import Structure, structure_of
from mcalc.patterns import pattern

Write = Callable[[Expr], str]
STAR = pattern(r"(?<![*.^{])\s*(?:\*|\\ast(?![a-zA-Z]))(?![*}=])\s*")


def judge(
    sides: Sequence[Expr],
    write: Write,
    assumed: Sequence[Expr] = (),
    layout: str = "numerator",
    conditions: Sequence[Stated] = (),
    *,
    explain: bool = True,
    of_derivative: bool = False,
) -> Verdict:
    """Return the verdict on a claim of two sides, or of a chain of more, each as it was read.

    Where a derivative stands in them, or they are said to be `of_derivative`, a matrix may be in either layout.
    `assumed` are the variables that nothing declares: one that stands for a number on the right alone may be a size.
    `conditions` are stated beside it: what is right under one of them holds, and it is said. Why it does not hold is
    looked for where that is to be explained.
    Raises :class:`~mcalc.errors.Mistake` where a side asks for a derivative that there is not.
    """
    worked = [resolve(side, layout=layout) for side in sides]
    if len(sides) > 2 and is_zero(worked[-1]) and not is_zero(worked[-2]):
        found = judge(sides[:-1], write, assumed, layout, explain=explain, of_derivative=of_derivative)
        found.details.append("where that is 0 is another question: mcalc solve answers it")
        return found
    of_derivative = of_derivative or any([side.has(DERIVATIVE, DIFFERENTIAL) for side in sides])
    links = [
        _link(
            sides[place : place + 2], before, after, write, assumed, layout, conditions,
            explain=explain, of_derivative=of_derivative,
        )
        for place, (before, after) in enumerate(pairwise(worked))
    ]  # fmt: skip
    return links[0] if len(links) == 1 else _joined(links, [write(side) for side in sides])


def ask_names(claimed: Sequence[Expr], known: Collection[Expr], assumed: Collection[Expr]) -> None:
    """Ask what a name or a function is that nothing declares, and that the claimed sides alone have.

    Raises:
        Mistake: `E-NAME`, where there is such a name.
    """
    functions = {node.attr.name for node in known if node.op in (APPLY, MAP)}
    unknown = next((n.attr.name for n in walk(*claimed) if n.op in (APPLY, MAP) and n.attr.name not in functions), "")
    if unknown:
        said = f"nothing says what {unknown} is: the claimed side alone has it"
        raise Mistake("E-NAME", said, hint=f"define it beside the claim or on a line before: {unknown}(x) = ...")
    strange = [node for node in walk(*claimed) if node in assumed and node not in known]
    if strange:
        said = " and ".join([node.attr[0] for node in strange])
        hint = f"define it on a line before, or declare it: --where '{where_text(strange)}'"
        vector = next((node.attr[0] for node in known if node in assumed and node.order == 1), "")
        if len(strange) == 1 and not strange[0].shape and vector:
            hint = f"--where '{vector}: R^{said}' if it is the size of {vector}, --where '{said}: R' if it is a number"
        are = "is" if len(strange) == 1 else "are"
        raise Mistake("E-NAME", f"nothing says what {said} {are}: the claimed side alone has it", hint=hint)


def ask_meanings(left: Expr, claimed: Sequence[Expr], assumed: Collection[Expr], slip: str | None = None) -> None:
    """Ask what a function is that nobody defined, and what depends on a variable that stands nowhere.

    Raises:
        Mistake: `E-NAME`, where the left side alone has such a function, or its derivative and no `slip` is known, or
        a derivative of what has not its variable.
    """
    ours, theirs = [
        dict.fromkeys([n.attr.name for n in walk(*sides) if n.op in (APPLY, MAP)]) for sides in ([left], claimed)
    ]
    worked = resolve(left) if ours and slip is None else left
    derived = _differentiated(worked) - _differentiated(*map(resolve, claimed))
    for name in ours:
        if name not in theirs or name in derived:
            what = "it" if name not in theirs else "its derivative"
            said = f"nothing says what {name} is, and the claimed side goes without {what}"
            raise Mistake("E-NAME", said, hint=f"define it beside the claim or on a line before: {name}(x) = ...")
    for node in walk(left):
        inside = symbols_in(node.args[0]) if node.op is DERIVATIVE else ()
        by = symbols_in(*node.args[1:]) if inside else ()
        hidden = [one.attr[0] for one in inside if one in assumed]
        named = bool(inside) and node.args[0].op in (SYMBOL, ELEMENT)
        if hidden and by and not {*by} & {*inside} and (named or all([one in assumed for one in by])):
            x = by[0].attr[0]
            said = f"{x} does not occur in what is differentiated, and nothing says that {hidden[-1]} depends on it"
            raise Mistake("E-NAME", said, hint=f"say how, beside the claim or on a line before: {hidden[-1]} = ...")


def _differentiated(*sides: Expr) -> set[str]:
    """The functions that nobody defined of which a derivative stands in some sides."""
    return {node.attr.name for node in walk(*sides) if node.op in (APPLY, MAP) and any(node.attr.counts)}


def entry_by_entry(text: str) -> str:
    """Return a text in which * multiplies entry by entry, as it does in NumPy.

    >>> entry_by_entry("(1 - h**2) * g = a .* b")
    '(1 - h**2) ⊗ g = a .* b'
    """
    return STAR.sub(" ⊗ ", text)


def star_meant(text: str) -> Mistake:
    """Return the question whether * multiplies matrices or entries, where a claim holds as in this `text` alone."""
    return Mistake("E-AMBIG", "* is the matrix product here, and the claim holds entry by entry", hint=f"write {text}")


def misfitting(left: str, mistake: Mistake) -> Verdict:
    """Return the verdict on a claim whose right side fits no shapes: whatever it was to say, it is not so."""
    source = mistake.source or ""
    found = Verdict("not-equal", left, source.partition("=")[2].strip(), "shapes")
    found.details = [f"the right side fits no shapes: {mistake.message}", *([mistake.hint] if mistake.hint else [])]
    return found


def _link(
    asked: Sequence[Expr],
    left: Expr,
    right: Expr,
    write: Write,
    assumed: Sequence[Expr],
    layout: str,
    conditions: Sequence[Stated],
    *,
    explain: bool,
    of_derivative: bool,
) -> Verdict:
    question = question_of(asked[0], left)
    of = None
    if question is not None and len(question.variables) == 1 and not question.directions:
        of = left.order - question.variables[0].order
    found = compare(left, right, of)
    if found.face == FLIPPED and left.order == 2 and not of_derivative:
        fits = SAME in fitting_faces(left, right, of)
        found.verdict, found.face = "not-equal", SAME  # A = Aᵀ is no matter of layout
        found.method = found.method if fits else SHAPES
    note = ""
    if found.verdict == "not-equal":
        found, note = _with_sizes(found, assumed, of)
    convention = ""
    if found.verdict == "not-equal":
        by = question.variables if question is not None else ()
        found, convention = in_other_convention(found, asked, by, layout, of)
    if found.verdict == "not-equal":
        given, met = under_stated(found, question, write, conditions)
        if given:
            verdict = Verdict("equal", write(left), write(right), "values")
            verdict.headline = f"equal, given that {given}"
            verdict.conditions = met
            return verdict
    if found.verdict == "not-equal" and question is not None:
        _assure(question, left if layout == "numerator" else resolve(asked[0]))
    if found.verdict == "not-equal" and not explain:
        return Verdict(found.verdict, write(left), write(right), found.method)
    verdict = explained(found, question, write)
    if convention:
        verdict.headline = verdict.headline.replace("equal", f"equal, {convention}", 1)
    if note:
        verdict.details.append(note)
    return verdict


def question_of(asked: Expr, left: Expr) -> Question | None:
    """Return what is differentiated, where a side is a derivative and nothing else."""
    if asked.op is DIFFERENTIAL:
        return Question(resolve(asked.args[0]), asked.args[1::2], asked.attr, left, asked.args[2::2])
    body, order = asked, 0
    variables: tuple[Expr, ...] = ()
    while body.op is DERIVATIVE and variables in ((), body.args[1:]):
        body, variables, order = body.args[0], body.args[1:], order + 1
    if not order:
        return None
    return Question(resolve(body), variables, order, left)


def _with_sizes(found: Comparison, assumed: Sequence[Expr], of: int | None) -> tuple[Comparison, str]:
    """Try a scalar that the right side alone has, and nothing declares, as a size: 1/n beside a mean over x."""
    own = set(symbols_in(found.left))
    for node in walk(found.right):
        if node.op is not SYMBOL or node.shape or node in own or node not in assumed:
            continue
        for name in names_of_sizes(found.left):
            again = compare(found.left, replaced(found.right, node, size(Dim.named(name))), of)
            if again.verdict in ("equal", "other-layout"):
                return again, f"{node.attr[0]} is taken for the size {name}: nothing declares it"
    return found, ""


def _assure(question: Question, left: Expr) -> None:
    """Before an answer is called wrong, make sure that mcalc's own is right: by complex step, at some points."""
    body = question.body
    if question.order != 1:
        return
    if question.directions:
        found = verify(*along_a_line(body, left, question.moves), 3)
    else:
        found = verify(body, question.variables, left, 3)
    if found.ok is False:
        raise RuntimeError(f"mcalc's own derivative does not pass its check: {found}")


def _joined(links: list[Verdict], sides: list[str]) -> Verdict:
    """The verdict on a chain: that of the first link that does not hold, or of all."""
    wrong = next((place for place, link in enumerate(links) if not link), None)
    if wrong is None:
        turned = any([link.verdict == "other-layout" for link in links])
        whole = Verdict("other-layout" if turned else "equal", sides[0], sides[-1])
        whole.headline += f": all {len(links)} steps hold"
        whole.details = [
            f"step {place}: {link.headline}" for place, link in enumerate(links, 1) if link.verdict == "other-layout"
        ]
        whole.method = "; ".join(dict.fromkeys([link.method for link in links]))
    else:
        whole = links[wrong].of_whole(
            wrong + 1, f"step {wrong + 1} of {len(links)}, {sides[wrong]} = {sides[wrong + 1]}"
        )
        later = [place + 1 for place, other in enumerate(links) if place > wrong and not other]
        if later:
            whole.details.append(f"step{'s' * (len(later) > 1)} {', '.join(map(str, later))} too")
    whole.links = links
    return whole


HOLDS = ("equal", "other-layout")


def in_other_convention(
    found: Comparison, asked: Sequence[Expr], variables: Sequence[Expr], layout: str, of: int | None
) -> tuple[Comparison, str]:
    """Return a comparison in which two sides that came out unequal agree, and the words for its convention.

    `asked` are the sides as they were read and `variables` what the left one is differentiated by, where it is a
    derivative and nothing else. Where no convention helps, it is the comparison that was given, and no words.
    """
    structures = _structures(asked)
    if not structures:
        return found, ""
    names = " and ".join(structures)
    counted = next(iter(structures.values())).free_words
    words = {
        **({"free": f"where {counted} of {names} counts as one variable"} if counted else {}),
        "ignore": f"with the entries of {names} taken as independent",
    }
    for convention, said in words.items():
        left, right = [resolve(side, layout=layout, structured=convention) for side in asked]
        again = compare(left, right, of)
        if again.verdict in HOLDS:
            return again, said
    if len(variables) == 1 and not variables[0].args and found.left.order == found.right.order >= 2:
        # Of the spellings of one function each has a derivative by independent entries; they share this part.
        part = by_structure(as_units(as_columns(found.right)), variables[0])
        again = compare(found.left, part, of)
        if again.verdict in HOLDS:
            return again, f"{words['ignore']}, in another spelling of the function"
    return found, ""


def _structures(sides: Sequence[Expr]) -> dict[str, Structure]:
    """The structured variables that the sides differentiate by, under their names."""
    found: dict[str, Structure] = {}
    for node in walk(*sides):
        for variable in node.args[1:] if node.op is DERIVATIVE else ():
            structure = structure_of(variable)
            if structure is not None:
                whole = variable.args[0] if variable.args else variable
                found[whole.attr[0]] = structure
    return found
