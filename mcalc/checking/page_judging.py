"""A line of a page judged: what it claims, against what stands before it, and what is asked where it does not hold."""

from __future__ import annotations

import operator

from mcalc.calculus.derive import simplified
from mcalc.calculus.stories.intermediates import replaced
from mcalc.checking.claims import ask_meanings, ask_names, entry_by_entry, misfitting, star_meant
from mcalc.checking.page_conditions import MARK, Course
from mcalc.checking.page_names import Known
from mcalc.checking.page_reading import claim_of
from mcalc.checking.page_spellings import sides_of
from mcalc.checking.page_verdicts import (
    Claim,
    Judged,
    Told,
    as_mistake,
    ask_dependence,
    verdict_on,
    verdict_on_constraints,
    verdict_where,
)
from mcalc.checking.stated_reasons import stated
from mcalc.checking.verdict import Verdict
from mcalc.errors import Mistake, ShapeError, clip
from mcalc.expr import walk
from mcalc.notation import read
from mcalc.notation.meaning.assumed import refuse_labelled
from mcalc.numeric.evaluate import evaluate
from mcalc.operators.abstract import DERIVATIVE, DIFFERENTIAL
from mcalc.operators.arithmetic import neg
from mcalc.operators.leaves import SYMBOL, is_zero, symbols_in
from mcalc.operators.linear import ELEMENT
from mcalc.patterns import pattern

SIGNS = {"<": operator.lt, ">": operator.gt, "≤": operator.le, "≥": operator.ge}
CODED = pattern(r"\s*d([^\W\d_]\w*)\s*(?==)")
"""What a line of code begins with that gives a derivative the name dz."""
CONDITION = pattern(r"(?:(?![^\W\d_]{4})[^=])+=(?:(?![^\W\d_]{4})[^=])+")
"""An equation without words."""
STRAIGHT = pattern(r"\s*(?:d|\\[dt]?frac\s*\{\s*(?:d|\\mathrm\{d\}|\\operatorname\{d\}))")
"""What a line with a straight d begins with."""
LAYOUTS = ("numerator", "columns", "denominator")
COLUMNS = "equal, with gradients as columns"
DENOMINATOR = "equal, in the denominator layout"
RESTS = "this may rest on"
Tried = list[tuple[Claim | None, Mistake | None]]
"""A claim, judged, or the mistake for which it was not read, in each layout."""


def tried(told: Told, course: Course) -> Tried:
    """Return what a line claims, judged, in each layout until it holds; nothing if it claims nothing."""
    found: Tried = []
    for layout in LAYOUTS if course.known.layout == "numerator" else LAYOUTS[:1]:
        try:
            claim = claim_of(told, layout, course)
            if claim is None:
                return []
            claim.stated = [*course.given, *stated(claim.reading, told.line.reason)]
            claim.is_straight = STRAIGHT.match(told.line.text) is not None
            claim.verdict = judged_on(claim, course)
            if claim.verdict and (told.bound is not None or told.line.nature):
                claim.verdict = _bounded(claim, claim.verdict, course)
            found.append((claim, None))
            if claim.verdict:
                break
        except (Mistake, ShapeError) as trouble:
            found.append((None, as_mistake(trouble, told.line.text)))
            if trouble.code != "E-SHAPE":
                break
        of_rows = not course.known.rows.isdisjoint([name.full for name in course.prepared.names_in(told.line)])
        before = course.standing if told.text.startswith("=") else None
        if not (of_rows or MARK.search(told.text) or (before is not None and before.has(DERIVATIVE))):
            break
    return found


def judged_on(claim: Claim, course: Course) -> Verdict:
    """Judge a claim, against the line that it goes on from, or where that does not hold against the first one."""
    sides, known = claim.sides, course.known
    if claim.reading.misfit is not None:
        return misfitting(known.text(sides[0]), claim.reading.misfit)
    if len(sides) == 1:  # f''(1) > 0
        return Verdict("equal", known.text(sides[0]), "", "values")
    root = course.root if claim.goes_on else sides[0]
    assert root is not None
    for node in walk(root, *sides):
        if node.op is DERIVATIVE:
            inside = symbols_in(*map(known.names.expanded, symbols_in(node.args[0])))
            refuse_labelled({n.attr[0]: n for n in inside if n in known.assumed}, node.args[1:])
    new = [variable for variable in claim.reading.symbols if variable.attr[0] not in known.scope.names()]
    head = claim.told.head
    if head is not None and head[0] not in known.scope.names() and not sides[0].free:
        known.keep(claim.reading)
        known.define(head[0], sides[0])
    if not claim.goes_on or course.broken is None:
        found = verdict_on(claim, [root, *sides[1:]], known)
    else:
        found = verdict_on(claim, [root, sides[-1]], known)
        if found:
            found.headline = f"right, though line {course.broken} is not"
        elif verdict_on(claim, sides, known):
            found.headline = f"follows from line {course.broken}, which does not hold"
            found.details = []
    for values in (course.values, course.zeros.given()) if not found else ():
        found = verdict_where(claim, [root, *sides[1:]], values, known) or found
    if not found:
        found = verdict_on_constraints(claim, [root, *sides[1:]], course.zeros.constraints(), known) or found
    if not found and not claim.goes_on and course.inverts(sides):
        found = Verdict("equal", known.text(sides[0]), known.text(sides[-1]), "values")
        found.headline = "equal: it solves what defines the names in it"
    if not found and course.rates.relations:
        follows = course.rates.followed(sides[0], sides[-1])
        found = Verdict("equal", known.text(sides[0]), known.text(sides[-1]), "values")
        found.headline = f"equal, where line {follows} holds"
    if not found and course.curve is not None and known.names.curves.keys() & {*symbols_in(*sides)}:
        said = f"this is not so for all values, and whether it is where {clip(course.curve.text, 40)} is not judged"
        raise Mistake("E-UNSUPPORTED", said, hint="solve the equation for one name, and define that: y = ...")
    if not found:
        ask_dependence(sides[0], known)
        own = set(walk(root, sides[0]))
        own |= set(walk(*[known.names.expanded(node) for node in own if node in known.names.forms]))
        ask_meanings(sides[0], sides[1:], new, found.slip)
        ask_names(sides[1:], own, new)
    layout = course.root_layout if claim.goes_on and claim.layout == "numerator" else claim.layout
    if found.verdict == "equal" and layout != "numerator":
        found.verdict = "other-layout"
        found.headline = COLUMNS if layout == "columns" else DENOMINATOR
    return found


def _bounded(claim: Claim, found: Verdict, course: Course) -> Verdict:
    """Return the verdict on a claim whose last side is said to be less or greater than a number as well.

    A second derivative may be said to be that of a minimum or a maximum.
    """
    known, told, nature = course.known, claim.told, claim.told.line.nature
    value = known.names.settled(claim.sides[-1], layout=known.layout)
    value = simplified(replaced(value, claim.told.at.get(len(claim.sides) - 1, {})), frozenset())
    amount = None if value.shape or symbols_in(value) else float(evaluate(value, {}))
    wrong = ""
    for sign, bound in [told.bound] if told.bound is not None else ():
        if amount is None:
            found.details.append(f"whether that is {sign} {bound} is not judged")
        elif not SIGNS[sign](amount, bound):
            wrong = f"{known.text(value)} is not {sign} {bound}"
        elif len(claim.sides) == 1:
            found.headline = f"right: it is {known.text(value)}"
    of = course.root if claim.goes_on else claim.sides[0]
    is_second = of is not None and of.op is DERIVATIVE and of.args[0].op is DERIVATIVE
    if nature and (not amount or not is_second):
        found.details.append(f"whether that is a {nature} is not judged")
    elif nature and amount is not None and (amount > 0) != (nature == "minimum"):
        wrong = wrong or f"where a second derivative is {known.text(value)}, there is no {nature}"
    if wrong:
        found = Verdict("not-equal", found.left, found.right, "values")
        found.details = [wrong]
    return found


def ask_identity(claim: Claim, known: Known) -> None:
    """Refuse XᵀX w = Xᵀy and XᵀX w - Xᵀy = 0, equations that to their writer hold for some values alone.

    Raises:
        Mistake: `E-UNSUPPORTED`, where a line is such an equation.
    """
    left, right = claim.sides[0], claim.sides[-1]
    named = left in known.names.forms or left.op in (SYMBOL, ELEMENT)
    if claim.goes_on or len(claim.sides) > 2 or named or any([s.has(DERIVATIVE, DIFFERENTIAL) for s in claim.sides]):
        return
    one, other = [{*symbols_in(known.names.expanded(side))} for side in (left, right)]
    if (is_zero(right) and len(one) > 1) or (one - other and other - one):
        said = "this is an equation, and no identity: whether it follows from what stands before is not judged"
        raise Mistake("E-UNSUPPORTED", said, hint="write the derivative that is set to 0 before it: ∂L/∂w = ... = 0")


def ask_signs(told: Told, claim: Claim, course: Course) -> None:
    """Ask what a dash, or a *, is in a line that does not hold, but would with a minus sign, or entry by entry.

    Raises:
        Mistake: `E-AMBIG`, where that is so.
    """
    ask_derivative(told, course)
    first, *others = claim.sides
    if course.prepared.is_list and not claim.goes_on and verdict_on(claim, [neg(first), *others], course.known):
        said = "the dash before this may begin an item or be a minus, with which it holds"
        raise Mistake("E-AMBIG", said, hint="leave the dash out, or write 0 - in its place")
    entries = entry_by_entry(told.text)
    if entries != told.text and _holds(told._replace(text=entries), course):
        raise star_meant(entry_by_entry(told.line.text))


def ask_unread(told: Told, claim: Claim, course: Course) -> None:
    """Refuse to call a line wrong that may rest on one that was not read: a condition, or behind an equation any.

    Raises:
        Mistake: `E-NAME`, where that is so.
    """
    prepared = course.prepared
    derived = CODED.match(told.line.text) or any([side.has(DERIVATIVE, DIFFERENTIAL) for side in claim.sides])
    is_equation = not derived and {*symbols_in(*claim.sides)}.isdisjoint(course.known.names.forms)
    own = {name.full for name in prepared.names_in(told.line)}
    for before in course.unread_lines:
        is_short = prepared.heads[prepared.lines.index(before)] is None and CONDITION.fullmatch(before.text) is not None
        shared = own & {name.full for name in prepared.names_in(before)}
        derives = MARK.search(before.text) is not None or CODED.match(before.text) is not None
        if shared and (is_equation or (is_short and not derives)):
            said = f"{RESTS} line {before.number}, which is not read"
            raise Mistake("E-NAME", said, hint="put that right first")


def ask_derivative(told: Told, course: Course) -> None:
    """Ask what dz is in a line that does not hold, but would if it were the derivative of a number by z.

    Raises:
        Mistake: `E-AMBIG`, where that is so.
    """
    found = CODED.match(told.text)
    if found is None:
        return
    for of in [name.attr[0] for name in course.known.names.forms if name.op is SYMBOL and not name.shape]:
        for text in dict.fromkeys((told.text, entry_by_entry(told.text))):
            meant = f"∂{of}/∂{found[1]} {text[found.end() :]}"
            if _holds(told._replace(text=meant, head=None), course):
                said = f"d{found[1]} is a differential, and the line holds for ∂{of}/∂{found[1]}"
                raise Mistake("E-AMBIG", said, hint=f"write {meant}")


def misfits(one: Judged, mistake: Mistake, text: str, course: Course) -> bool:
    """Judge a line wrong whose claimed side fits no shapes, where all in it is known; say whether that is so."""
    known = course.known
    first, *others = sides_of(text)
    if mistake.code != "E-SHAPE" or not others:
        return False
    try:
        left = course.standing
        left = read(first, known.scope, notation=one.line.notation).expr if first.strip() else left
        names = course.prepared.names_in(one.line)
        unknown = [name for name in names if name.full[:1] not in "d∂" and not known.is_known(name)]
    except (Mistake, ShapeError):
        return False
    if left is None or unknown:
        return False
    one.verdict = misfitting(known.text(left), mistake)
    if first.strip():
        course.root, course.broken = left, one.line.number
    course.broken = course.broken or one.line.number
    return True


def _holds(told: Told, course: Course) -> bool:
    """Say whether a line holds as it is told."""
    return any([claim is not None and claim.verdict for claim, _ in tried(told, course)])
