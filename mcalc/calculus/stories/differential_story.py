"""A derivation by differentials: what f changes by when X changes by dX, and the derivative read off at the end.

Names are given forward, to what stands inside of an operator that is not linear; differentials are taken from the
function inward, one line each; they are put together, dX is brought to the end, and dy = tr(Gᵀ dX) says what G is
(Magnus and Neudecker, 1988; the two problem sets of MIT 18.063 are told so).
"""

from __future__ import annotations

from collections.abc import Sequence

from mcalc.calculus.basics.length import written_size
from mcalc.calculus.derive import derivative_of, differential_of
from mcalc.calculus.other_forms import is_tensor
from mcalc.calculus.stories.differential_rules import (
    as_product,
    at_the_end,
    before_direction,
    brought,
    by_cofactors,
    is_squared_norm,
    log_of_softmax,
    passes,
    put_in,
    reason,
    tangents,
    turned_difference,
    with_number_of,
    without_middle,
    without_number,
)  # fmt: skip
from mcalc.calculus.stories.intermediates import Intermediate, replaced
from mcalc.calculus.stories.lines import DIRECT, ByDifferentials, Line, Section, direction_name, mark
from mcalc.calculus.stories.reasons import (
    LOG_SOFTMAX,
    PRODUCT_RULE,
    READ_OFF,
    ROW_SUMS,
    SCALARS_FIRST,
    SIMPLIFY,
    of_row,
)
from mcalc.calculus.stories.reasons import PUT_IN_DIFFERENTIALS as PUT_IN
from mcalc.calculus.stories.rewriting import unordered
from mcalc.errors import Mistake, ShapeError
from mcalc.expr import Expr, depends, make, rebuild, walk
from mcalc.fresh import free_names, names_in
from mcalc.notation.meaning.moving import direction_of
from mcalc.operators.abstract import DIFFERENTIAL, EXPECTATION, MARK, differential
from mcalc.operators.arithmetic import ADD, MUL, mul, neg, parted
from mcalc.operators.leaves import SYMBOL, eye, is_number, is_zero, symbol
from mcalc.operators.linear import DIAG, MATMUL, PRODUCT, ROW, TRANSPOSE, matmul, transpose
from mcalc.operators.matrix import ADJ, DET, INV, NORM
from mcalc.operators.network import LOGSUMEXP, SOFTMAX
from mcalc.operators.structures import structure_of

SCALARS = ("y", "f", "L", "g", "s")
TENSORS = ("Y", "F", "G", "S")
VECTORS = ("f", "v", "g", "s")
"""What the function is called, the first name that is free."""
INVERSE = of_row(INV).at("")
NAMES, INWARD, TOGETHER, LAST, OFF = "Name", "Differentials", "Put together", "Bring {} to the end", "Read off"
"""The headings of the parts of a story."""
LETTERS = {"residual": "r", "before": "z", "after": "h", "softmax": "p", "other": "u"}
OTHERWISE = {"r": "e", "R": "E"}
"""A residual is an error where its letter is taken."""
SHORT = 4
"""What stands before dz and is no longer than this needs no name."""
MOST_ITEMS = 8
"""A function with more to name is told by the chain rule."""


class Untold(Exception):
    """This function is not told by differentials."""


def tell(body: Expr, variable: Expr, result: Expr, called: str = "") -> ByDifferentials:
    """Tell how `result`, the derivative of `body` by `variable`, comes about by differentials.

    `called` is the name that its author gave the function.

    Raises :class:`Untold` where the function is not told so: by an entry or a structured variable, of a product over an
    index, of an expectation, or with too many parts that need a name.
    """
    try:
        return Story(body, variable, result, called).told()
    except (Mistake, ShapeError):
        raise Untold from None


def tell_differential(body: Expr, variable: Expr, result: Expr, called: str = "") -> ByDifferentials:
    """Tell how `result`, the differential of `body` along the d of a variable, comes about: nothing is read off.

    Raises :class:`Untold` where the function is not told so.
    """
    try:
        return Story(body, variable, result, called).told(of_differential=True)
    except (Mistake, ShapeError):
        raise Untold from None


class Story:
    """One derivation while it is told."""

    def __init__(self, body: Expr, variable: Expr, result: Expr, called: str) -> None:
        if variable.op is not SYMBOL or structure_of(variable) is not None or body.has(EXPECTATION, PRODUCT):
            raise Untold
        if body.free or body is variable or variable not in depends(body, variable) or variable.free:
            raise Untold
        self.body = body
        self.variable = variable
        self.result = result
        self.taken = names_in(body, variable)
        self.direction = direction_of(variable)
        if self.direction.attr[0] in self.taken:
            raise Untold
        self.function = self._named_function(called)
        self.change = symbol(direction_name(self.function), body.shape, frozenset([MARK]))
        self.prepared = rebuild(body, log_of_softmax)
        self.prepared = self.prepared if self.prepared is body else rebuild(self.prepared, turned_difference)
        self.aliases: list[Intermediate] = []
        """Names for what no differential is taken of: softmax(z) beside lse(z), the error δ."""
        self.items = self._items()
        if len(self.items) > MOST_ITEMS or is_zero(result) or any([item.told.free for item in self.items]):
            raise Untold

    # names -----------------------------------------------------------------------------------------------------------

    def _new(self, letters: Sequence[str]) -> str:
        name = next(name for name in free_names(self.taken, letters) if f"d{name}" not in self.taken)
        self.taken |= {name, f"d{name}"}
        return name

    def _named_function(self, called: str) -> Expr:
        letters = TENSORS if self.body.order > 1 else VECTORS if self.body.order else SCALARS
        return symbol(self._new([called, *letters] if called else letters), self.body.shape)

    def _items(self) -> list[Intermediate]:
        """What gets a name: what is inside of an operator that is not linear, and what such a one is in a product."""
        touched = depends(self.prepared, self.variable)
        nodes = [node for node in walk(self.prepared) if node in touched and node is not self.variable]
        wanted: dict[Expr, str] = {}
        for node in nodes:
            inner = [arg for arg in node.args if arg in touched and not self._is_plain(arg)]
            if not passes(node) and node.op is not NORM:
                for arg in [arg.args[0] if arg.op is NORM else arg for arg in inner]:
                    if not self._is_plain(arg):
                        kind = "residual" if is_squared_norm(node) or node.args[0].op is NORM else "before"
                        wanted.setdefault(arg, kind)
            elif node.op is NORM and node is self.prepared:
                wanted.update(dict.fromkeys(inner, "residual"))
            elif node.op is MATMUL:
                for arg in inner:
                    if not passes(arg) and arg.shape and arg.op not in (INV, NORM):
                        wanted.setdefault(arg, "softmax" if arg.op is SOFTMAX else "after")
        unnamed = [node for node in nodes if node.op in (DET, LOGSUMEXP, INV) and node not in wanted]
        unnamed = [node for node in unnamed if node is not self.prepared]
        order = [node for node in walk(self.prepared) if node in wanted or node in unnamed]
        kinds = {
            node: self._kind(node, wanted[node])
            for node in order
            if node in wanted and node.op not in (DET, LOGSUMEXP, INV)
        }
        count = {kind: sum([other == kind for other in kinds.values()]) for kind in kinds.values()}
        items: list[Intermediate] = []
        names: dict[Expr, Expr] = {}
        for node in order:
            definition = replaced(node, names) if names else node
            if node not in kinds:
                items.append(Intermediate(differential_mark(definition, self), definition, node))
                continue
            letter = kinds[node]
            wide = (
                [f"{letter}_{k}" for k in range(1, 10)] if count[letter] > 1 else [letter, *OTHERWISE.get(letter, "")]
            )
            name = symbol(self._new(wide), node.shape, frozenset({"symmetric"} if node.is_symmetric else ()))
            names[node] = transpose(name) if node.is_row else name
            items.append(Intermediate(name, definition, node))
        self.whole = replaced(self.prepared, names) if names else self.prepared
        self.written = replaced(self.body, names) if LOGSUMEXP in {item.definition.op for item in items} else self.whole
        self.written = self.written if self.written.has(SOFTMAX) else self.whole
        for item in [item for item in items if item.definition.op is LOGSUMEXP]:
            [of], [told] = item.definition.args, item.told.args
            name = symbol(self._new([LETTERS["softmax"]]), of.shape)
            self.aliases.append(Intermediate(name, make(SOFTMAX, (of,)), make(SOFTMAX, (told,))))
        return items

    def _is_plain(self, node: Expr) -> bool:
        """Say whether a node is the variable itself, but for a transpose or a sign."""
        while node.op in (TRANSPOSE, ROW) or (node.op is MUL and len(node.args) == 2 and is_number(node.args[0])):
            node = node.args[-1]
        return node is self.variable

    @staticmethod
    def _kind(node: Expr, kind: str) -> str:
        letter = LETTERS[kind]
        if kind == "before" and node.op is not ADD and node.op is not MATMUL:
            letter = LETTERS["softmax"] if node.op is SOFTMAX else LETTERS["other"]
        return letter.upper() if node.order > 1 else letter

    # lines -----------------------------------------------------------------------------------------------------------

    def told(self, *, of_differential: bool = False) -> ByDifferentials:
        """Return the derivation, of a derivative or, up to there, of the differential."""
        named = [*[item for item in self.items if item.symbol.op is SYMBOL], *self.aliases]
        names = [Line(DIRECT, item.symbol, [item.definition], name=item.symbol.attr[0]) for item in named]
        whole = self.whole
        chain = [whole]
        if is_squared_norm(without_number(whole)):
            chain.append(with_number_of(whole, as_product(without_number(whole))))
        bare = not names and len(chain) == 1
        opened = self.written is not whole
        said = [self.body] if bare else [self.written, *chain] if opened else chain
        names.append(Line(DIRECT, self.function, said, LOG_SOFTMAX if opened else (), name=self.function.attr[0]))
        inward, first = self._inward(chain[-1])
        together, last = self._together(first)
        named = [*[item for item in self.items if item.symbol.op is SYMBOL], *self.aliases]
        sections = [Section(NAMES, names), Section("" if bare else INWARD, inward)]
        if self.body.shape:
            sections.append(Section(TOGETHER, together))
        else:
            moved = [line for line in together if PUT_IN not in line.reasons]
            split = bool(moved) and not any([PUT_IN in line.reasons for line in together])
            sections.append(Section(LAST.format(self.direction.attr[0]) if split else TOGETHER, together))
        if not of_differential:
            sections.append(Section(OFF, self._read_off(last)))
        elif not self._is_cut(sections):
            put_back = " and ".join([item.symbol.attr[0] for item in named])
            sections[-1].lines.append(
                Line(DIRECT, self.change, [self.result], PUT_IN if named else SIMPLIFY, name=put_back)
            )
            sections[-1].title = sections[-1].title or TOGETHER
        return ByDifferentials(self.body, self.variable, self.result, sections, named, self.function, self.direction)

    def _is_cut(self, sections: list[Section]) -> bool:
        """Leave out what comes after the differential that is asked for; say whether it is there."""
        name = direction_name(self.function)
        for k, section in enumerate(sections):
            for place, line in enumerate(section.lines):
                if line.lhs.op is SYMBOL and line.lhs.attr[0] == name and line.rhs[-1] is self.result:
                    del section.lines[place + 1 :], sections[k + 1 :]
                    return True
        return False

    def _changes(self, inside: Expr) -> dict[Expr, Expr]:
        """What moves in an expression, each with its differential: the names in it, what has none, the variable."""
        found: dict[Expr, Expr] = {}
        for node in walk(inside):
            if node is self.variable:
                found[node] = self.direction
            for item in self.items:
                if item.symbol is node:
                    found[node] = self.change_of(item)
                elif item.symbol.op is DIFFERENTIAL and item.definition is node:
                    found[node] = item.symbol
        return found

    @staticmethod
    def change_of(item: Intermediate) -> Expr:
        """Return the differential of an item as a name: dR, or d det(X) of what has no name."""
        if item.symbol.op is DIFFERENTIAL:
            return item.symbol
        return symbol(direction_name(item.symbol), item.symbol.shape, frozenset([MARK]))

    def _inward(self, whole: Expr) -> tuple[list[Line], Expr]:
        """The lines that take differentials, from the function inward; what df is in terms of the next ones."""
        dy = self.change
        lines: list[Line] = []
        moved = self._changes(whole)
        made = tangents(whole, moved)
        if made is None:
            raise Untold
        lines += self._of_inverse(whole, made, dy) or self._taken(dy, whole, made, moved)
        first = made
        if not self.body.shape and self._is_doubled(made):
            first = at_the_end(made, self.direction)
            lines += brought(made, first, dy, self.direction)
        self.tangents: dict[Expr, Expr] = {}
        for item in reversed(self.items):
            definition = item.definition
            own = self._changes(definition)
            own.pop(definition, None)
            made = tangents(definition, own)
            if made is None:
                raise Untold
            change = self.change_of(item)
            named = {one.definition: one.symbol for one in [*self.items, *self.aliases] if one.symbol.op is SYMBOL}
            plain, made = made, put_in(made, named) if named else made
            self.tangents[change] = made
            lines += self._taken(change, definition, made, own)
            lines[-1].rhs = tuple(dict.fromkeys([plain, made])) if definition.op is LOGSUMEXP else lines[-1].rhs
        return lines, first

    @staticmethod
    def _taken(lhs: Expr, of: Expr, made: Expr, moved: dict[Expr, Expr]) -> list[Line]:
        """Return the line of one differential; that of a determinant has the adjugate first."""
        slope = by_cofactors(of, moved)
        if slope is None:
            return [Line(DIRECT, lhs, [made], *reason(of, moved))]
        return [
            Line(DIRECT, lhs, [slope], of_row(DET).at(""), "its slope by an entry is the cofactor"),
            Line(DIRECT, lhs, [made], of_row(ADJ).at(""), "adj(A) = det(A) A⁻¹"),
        ]

    def _of_inverse(self, whole: Expr, made: Expr, dy: Expr) -> list[Line]:
        """Return the lines that an inverse, where it is the whole function, has by what it is defined by: X Y = I."""
        if whole.op is not INV or whole.args[0] is not self.variable:
            return []
        x, y, dx = self.variable, self.function, self.direction
        zero = f"{dx.attr[0]} {y.attr[0]} + {x.attr[0]} d{y.attr[0]}"
        turned = neg(matmul(make(INV, (x,)), dx, y))
        return [
            Line(DIRECT, matmul(x, y), [eye(x.shape[0])], INVERSE, "what it is defined by"),
            Line(DIRECT, matmul(x, dy), [neg(matmul(dx, y))], PRODUCT_RULE.at(""), f"{zero} = dI = 0"),
            Line(DIRECT, dy, [turned], INVERSE, "multiply by it from the left"),
            Line(DIRECT, dy, [made], PUT_IN, name=self.function.attr[0]),
        ]

    def _is_doubled(self, made: Expr) -> bool:
        """Say whether a direction stands in several terms, which are likely to be one."""
        changes = [self.change_of(item) for item in self.items if item.symbol.op is SYMBOL]
        terms = [set(walk(part)) for node in walk(made) if node.op is ADD for part in node.args]
        return any([sum([change in term for term in terms]) > 1 for change in changes])

    def _together(self, first: Expr) -> tuple[list[Line], Expr]:
        """The lines that put the differentials together, until dX alone is left, and at the end."""
        dy = self.change
        lines: list[Line] = []
        current = first
        for item in reversed(self.items):
            change = self.change_of(item)
            if change not in set(walk(current)):
                continue
            if change.order == 1 and self.direction.order > 1 and self.direction in set(walk(self.tangents[change])):
                current = self._with_error(lines, current, change, dy)
            put = put_in(current, {change: self.tangents[change]})
            named = bool(lines) and lines[-1].lhs is not dy
            lines.append(Line(DIRECT, dy, [current, put] if named else [put], PUT_IN, name=self._said(change)))
            pulled = self._pulled(current, change) if self.body.shape else put
            lines += [Line(DIRECT, dy, [pulled], SCALARS_FIRST)] if pulled is not put else []
            current = pulled
        if self.body.shape:
            return self._last_map(lines, current, dy), current
        last = at_the_end(current, self.direction)
        return without_middle([*lines, *brought(current, last, dy, self.direction)]), last

    def _pulled(self, current: Expr, change: Expr) -> Expr:
        """Return a sum with a differential put in, the numbers of it in front where all terms have that."""
        made = self.tangents[change]
        numbers, tensors = parted(made)
        if not numbers or not made.shape or not _in_all_terms(current, change):
            return put_in(current, {change: made})
        return mul(*numbers, put_in(current, {change: mul(*tensors)}))

    def _with_error(self, lines: list[Line], current: Expr, change: Expr, dy: Expr) -> Expr:
        """Return df = δᵀ dz, where what stands before dz is long enough for a name: the error of the output."""
        if self.body.shape:
            return current
        made = at_the_end(current, self.direction)
        factors = made.args if made.op is MATMUL else ()
        if len(factors) < 2 or factors[-1] is not change:
            return current
        error = transpose(matmul(*factors[:-1]) if len(factors) > 2 else factors[0])
        if written_size(error) <= SHORT:
            return current
        lines += brought(current, made, dy, self.direction)
        plain = {item.symbol: item.told for item in [*self.items, *self.aliases] if item.symbol.op is SYMBOL}
        name = symbol(self._new(["δ", "ε", "e"]), error.shape)
        self.aliases.append(Intermediate(name, error, replaced(error, plain)))
        lines.append(Line(DIRECT, name, [error], name=name.attr[0]))
        return matmul(transpose(name), change)

    def _last_map(self, lines: list[Line], current: Expr, dy: Expr) -> list[Line]:
        plain = {item.symbol: item.told for item in self.items if item.symbol.op is SYMBOL}
        found = differential_of(self.body, [(self.variable, self.direction)])
        there = replaced(current, plain) if plain else current
        if found is not there and written_size(found) <= written_size(there):
            named = {told: item for item, told in plain.items()} if is_tensor(self.result) else {}
            found = put_in(found, dict(reversed(named.items()))) if named else found
            if unordered(found) is not unordered(current):
                summed = [node.op is DIAG and node.args[0].op is MATMUL for node in walk(current, found)]
                lines.append(Line(DIRECT, dy, [found], ROW_SUMS if any(summed) else SIMPLIFY))
        return lines

    @staticmethod
    def _said(change: Expr) -> str:
        return str(change.attr[0]) if change.op is SYMBOL else ""

    def _read_off(self, last: Expr) -> list[Line]:
        """The end: what stands before dX is the derivative, in names, and with them put back."""
        lhs = mark(self.function, self.variable)
        plain = {item.symbol: item.told for item in [*self.items, *self.aliases] if item.symbol.op is SYMBOL}
        members: list[Expr] = []
        if not self.body.shape:
            try:
                slope = derivative_of(last, [self.direction])
            except Mistake:
                raise Untold from None
            if slope.shape == self.result.shape and any([node in plain for node in walk(slope)]):
                members.append(slope)
        lines = [Line(DIRECT, lhs, [*members, self.result], READ_OFF)]
        before = before_direction(last, self.direction)
        if before is not None and not members:
            lines.insert(0, Line(DIRECT, transpose(lhs), [before], READ_OFF))
        return lines


def differential_mark(definition: Expr, story: Story) -> Expr:
    """Return d det(X), the differential of what has no name."""
    return differential(definition, [(story.variable, story.direction)])


def _in_all_terms(current: Expr, change: Expr) -> bool:
    """Say whether a differential stands in every term of what is linear in it, at whatever depth the sums stand."""
    stack = [current]
    while stack:
        node = stack.pop()
        holds = [part for part in node.args if change in set(walk(part))]
        if node is not change and (not holds or (node.op is ADD and len(holds) < len(node.args))):
            return False
        stack += holds if node.op is ADD else holds[:1]
    return True
