"""What is known on a page: the names that it defines, and what its lines are read with.

A defined name is a variable to the lines that use it; what it stands for is kept underneath.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from mcalc.calculus.derive import resolve
from mcalc.calculus.stories.intermediates import replaced
from mcalc.dims import Dim, shape_text
from mcalc.errors import Mistake, clip
from mcalc.expr import Expr, make, rebuild, walk
from mcalc.notation import Reading, Scope, read
from mcalc.notation.meaning.moving import direction_of, opened
from mcalc.notation.names.scope import ON_PAGE
from mcalc.notation.surface.syntax import Name
from mcalc.notation.surface.words import is_function
from mcalc.operators.abstract import DERIVATIVE, DIFFERENTIAL, MARK, defined_by, differential, with_names
from mcalc.operators.arithmetic import ADD, MUL, add, mul, neg, power
from mcalc.operators.blocks import block
from mcalc.operators.leaves import SYMBOL, is_zero, number, symbol, symbols_in, zeros
from mcalc.operators.linear import ROW, TRANSPOSE, transpose
from mcalc.render.text import unicode

Pair = tuple[Expr, Expr]
"""A name of the page and a variable that it is differentiated by."""


class Names:
    """What the names of a page stand for: `forms` has for each variable the ways in which it was written.

    A name is defined once; what it is said to be equal to afterwards is another form, once that was judged.

    >>> from mcalc.operators.arithmetic import power
    >>> from mcalc.operators.leaves import number, symbol
    >>> x, u = symbol("x"), symbol("u")
    >>> names = Names()
    >>> names.define(u, power(x, number(2)))
    >>> names.settled(make(DERIVATIVE, (u, x))) == resolve(make(DERIVATIVE, (power(x, number(2)), x)))
    True
    """

    def __init__(self) -> None:
        self.forms: dict[Expr, list[Expr]] = {}
        self.moving: set[str] = set()
        """The names that carry a d somewhere on the page."""
        self.fixed: set[str] = set()
        """The arguments of its functions, which are not random in an expectation."""
        self.curves: dict[Expr, Expr] = {}
        """The names that equations define, as functions of what else stands in these."""
        self.rates: dict[str, set[str]] = {}
        """What changes with a name that stands below derivatives alone: r of dr/dt, by t."""

    def define(self, name: Expr, form: Expr) -> None:
        """Give a name a meaning, or another form of the one that it has."""
        self.forms.setdefault(name, []).append(form)

    def moved(self, expr: Expr) -> Expr:
        """Return an expression in which dR is the differential of what R stands for, along what moves on the page.

        Those are the variables that carry a d on it; where none does, all do.
        """
        forms = {name.attr[0]: name for name in self.forms if name.op is SYMBOL}

        def put(node: Expr, args: tuple[Expr, ...]) -> Expr | None:
            if node.op is SYMBOL and MARK in node.attr[2] and node.attr[0][1:] in forms:
                return self._differential(forms[node.attr[0][1:]], 1)
            if node.op is DIFFERENTIAL and any([variable in self.forms for variable in node.args[1::2]]):
                return self._differential(args[0], node.attr)
            return None

        return rebuild(expr, put)

    def _differential(self, body: Expr, order: int) -> Expr:
        whole = self.expanded(body)
        bases = [node for node in walk(whole) if node.op is SYMBOL and not node.args and MARK not in node.attr[2]]
        inner = [name for name in self.forms if name is not body and name in set(walk(*self.forms.get(body, ())))]
        carried = {*symbols_in(*[self.expanded(name) for name in inner if name.attr[0] in self.moving])}
        moving = [node for node in bases if node.attr[0] in self.moving]
        moving = moving or [node for node in bases if node in carried] or bases  # dC, of C = W Wᵀ, is by W
        if not moving:
            return zeros(whole.shape) if whole.shape else number(0)
        return differential(whole, [(node, direction_of(node)) for node in moving], order)

    def expanded(self, expr: Expr, keep: Collection[Expr] = ()) -> Expr:
        """Return an expression in which every name is put as what it stands for, but for those to `keep`.

        Raises:
            Mistake: `E-NAME`, where a name is made of itself.
        """
        for _ in range(len(self.forms) + 1):
            inside = {node: self.forms[node][0] for node in walk(expr) if node in self.forms and node not in keep}
            if not inside:
                return expr
            expr = replaced(expr, inside)
        name = next(node for node in walk(expr) if node in self.forms and node not in keep)
        raise Mistake("E-NAME", f"{name.attr[0]} is made of itself", hint="a name stands for one thing on a page")

    def towards(self, expr: Expr, by: Collection[Expr]) -> Expr:
        """Return an expression in terms of some variables to differentiate by, through the names between them.

        Of the forms of a name the last one is taken that has such a variable in it.
        """
        wanted = {node for one in by for node in walk(one) if node.op is SYMBOL}
        reaching = self._reaching(wanted)
        for _ in range(len(self.forms) + 1):
            inside: dict[Expr, Expr] = {}
            for node in walk(expr):
                if node in self.forms and node not in wanted:
                    useful = [form for form in self.forms[node] if reaching & set(walk(form))]
                    inside[node] = useful[-1] if useful else self.forms[node][0]
            if not inside:
                break
            expr = replaced(expr, inside)
        hidden = [name for name in wanted if name in self.forms and name not in set(walk(expr))]
        for name in hidden:
            forms = [self.expanded(form) for form in self.forms[name]]

            def put(node: Expr, args: tuple[Expr, ...], name: Expr = name, forms: list[Expr] = forms) -> Expr | None:
                return _by_name(make(node.op, args, node.attr), forms, name)

            made = rebuild(expr, put)
            if {*symbols_in(made)}.isdisjoint(symbols_in(*forms)):  # else it moves with the name in another way, too
                expr = made
        return expr

    def _reaching(self, wanted: Iterable[Expr]) -> set[Expr]:
        """The names that some variables occur in, by one of their forms, and these variables."""
        found = set(wanted)
        grown = True
        while grown:
            grown = False
            for name, forms in self.forms.items():
                if name not in found and any([found & set(walk(form)) for form in forms]):
                    found.add(name)
                    grown = True
        return found

    def partial(self, of: Expr) -> Expr | None:
        """Return the form of a name in which other names stand; None where there is none."""
        return next((f for f in reversed(self.forms.get(of, ())) if any([n in self.forms for n in walk(f)])), None)

    def asked(
        self, side: Expr, keep: Collection[Expr] = (), direct: Collection[Pair] = (), layout: str = "numerator"
    ) -> Expr:
        """Return a side with the names put in; a derivative that is the whole side is left to be worked out."""
        of, *by = side.args if side.op is DERIVATIVE else (side,)
        defined = any([node in self.forms and node not in keep for node in walk(*by)])
        rate = self.rate(of, by) is not None
        if not by or direct or self.curves or defined or rate or self.parameter(of, by) is not None:
            return self.settled(side, keep, direct, layout)
        inner = self.asked(of, keep, (), layout) if of.op is DERIVATIVE else self._body(of, by, ())
        return make(DERIVATIVE, (self.expanded(inner, {*keep, *by}), *by))

    def settled(
        self, side: Expr, keep: Collection[Expr] = (), direct: Collection[Pair] = (), layout: str = "numerator"
    ) -> Expr:
        """Return a side with every derivative worked out and every name put in, but for those to `keep`."""
        values: dict[Expr, Expr] = {}
        for node in walk(side):
            if node.op is DERIVATIVE:
                of, *by = node.args
                of = replaced(of, values)
                rate = self.rate(of, by)
                if rate is not None:
                    values[node] = self.expanded(rate)
                    continue
                t = self.parameter(of, by)
                slopes = [make(DERIVATIVE, (self.expanded(one), t)) for one in (of, *by)] if t is not None else []
                asked = mul(slopes[0], power(slopes[1], number(-1))) if slopes else None
                asked = asked or make(DERIVATIVE, (self._body(of, by, direct), *by))
                values[node] = with_names(opened(resolve(asked, layout=layout)))
        return self.expanded(replaced(side, values), keep)

    def rate(self, of: Expr, by: Sequence[Expr]) -> Expr | None:
        """Return dA/dt where t stands below derivatives alone: by what changes with t, each r with dr/dt as a number.

        Raises:
            Mistake: `E-UNSUPPORTED`, where it is a rate of a rate.
        """
        changing = self.rates.get(by[0].attr[0]) if len(by) == 1 and by[0].op is SYMBOL and not by[0].args else None
        if changing is None:
            return None
        whole = self.expanded(of)
        if whole.has(DERIVATIVE) or any(["/" in node.attr[0] for node in symbols_in(whole)]):
            said = f"how a rate changes with {by[0].attr[0]} is not judged"
            raise Mistake("E-UNSUPPORTED", said, hint="write what changes as a function: x(t) = ...")
        moving = [node for node in symbols_in(whole) if node.attr[0] in changing and not node.shape]
        slopes = [mul(resolve(make(DERIVATIVE, (whole, r))), symbol(f"d{r.attr[0]}/d{by[0].attr[0]}")) for r in moving]
        return add(*slopes) if slopes and not whole.shape else None

    def parameter(self, of: Expr, by: Sequence[Expr]) -> Expr | None:
        """The one number that what is differentiated and its variable are both made of, as x = cos t and y = sin t."""
        while of.op is DERIVATIVE:
            of = of.args[0]
        if len(by) != 1 or by[0] not in self.forms or by[0].shape or of.shape or by[0] in walk(self.towards(of, by)):
            return None
        below, above = [set(symbols_in(self.expanded(one))) for one in (by[0], of)]
        return next(iter(below)) if len(below) == 1 and below == above and not next(iter(below)).shape else None

    def _body(self, of: Expr, by: list[Expr], direct: Collection[Pair]) -> Expr:
        """What is differentiated, in terms of what it is differentiated by."""
        if self.curves:
            return self._on_curves(self.towards(of, by), by)
        name = of.args[0] if of.op in (ROW, TRANSPOSE) else of
        if len(by) == 1 and (name, by[0]) in direct and (form := self.partial(name)) is not None:
            held = {node for node in walk(form) if node in self.forms}
            return self.expanded(form, held) if name is of else transpose(self.expanded(form, held))
        body = self.towards(of, by)
        for variable in by:
            whole = variable.args[0] if variable.args else variable
            if whole in self.forms and whole not in set(walk(body)) and set(walk(of)) & set(self.forms):
                said, inner = name.attr[0] if name.op is SYMBOL else "it", whole.attr[0]
                hint = f"write {said} in terms of {inner} first"
                raise Mistake("E-NAME", f"nothing says how {said} depends on {inner}", hint=hint)
        return body

    def _on_curves(self, body: Expr, by: Sequence[Expr]) -> Expr:
        """Return what is differentiated, with what equations define as functions of the rest of these."""
        moving = [node for node in symbols_in(*by) if node in self.curves]
        if moving or (body.has(DERIVATIVE) and len(self.curves)):
            said = "a second derivative of what an equation defines, or one by it, is not judged"
            raise Mistake("E-UNSUPPORTED", said, hint="solve the equation for it, and define it: y = ...")
        return rebuild(body, lambda node, args: self.curves.get(node))


class Known:
    """A scope, with the forms that the page gives its names, derivatives in some layout.

    `rows` are the names of rows, whose variable is the column; `assumed` are variables that nothing declares.
    """

    def __init__(self, scope: Scope, layout: str) -> None:
        self.scope = scope.copy()
        self.layout = layout
        self.names = Names()
        self.rows: set[str] = set()
        self.assumed: list[Expr] = []

    def text(self, expr: Expr) -> str:
        """Return an expression as text."""
        return unicode(expr, self.scope.names(), brief=True)

    def is_known(self, name: Name) -> bool:
        """Say whether a name has a meaning on the page, or in the table of functions."""
        known = self.scope.names()
        return name.full in known or name.base in known or is_function(name.full) or not name.full.isalpha()

    def has_meaning(self, name: str) -> bool:
        """Say whether the page, or what was declared for it, gives a name a meaning."""
        return name in self.scope.variables or name in self.scope.definitions or name in self.scope.functions

    def only_variable(self, name: str) -> str | None:
        """The one variable that a name of the page depends on; None where it is no number that the page defines.

        Raises:
            Mistake: `E-AMBIG`, where it depends on several.
        """
        symbol_ = self.scope.variables.get(name)
        if symbol_ in self.names.curves:
            others = [node.attr[0] for node in symbols_in(self.names.curves[symbol_]) if node is not symbol_]
            return others[0] if len(others) == 1 else None
        if symbol_ is None or symbol_ not in self.names.forms or symbol_.shape:
            return None
        made_of = sorted({node.attr[0] for node in symbols_in(self.names.expanded(symbol_)) if not node.args})
        if len(made_of) > 1:
            offers = " or ".join([f"d{name}/d{one}" for one in made_of[-4:]])
            said = f"{name}' and {name}(...) are by one variable, and {name} is made of {', '.join(made_of[-4:])}"
            raise Mistake("E-AMBIG", said, hint=f"write {offers}, or {name}({made_of[-1]}) = ... where it is defined")
        return _only_name(self.names.expanded(symbol_))

    def only_argument(self, name: str) -> str | None:
        """The one variable that a name of the page is made of; None where it is no name of the page.

        Raises:
            Mistake: `E-NAME`, where it is made of several.
        """
        variable = self.scope.variables.get(name)
        if variable is None or variable not in self.names.forms:
            return None
        made_of: list[str] = sorted({node.attr[0] for node in walk(self.names.expanded(variable)) if node.op is SYMBOL})
        if len(made_of) != 1:
            offers = " or ".join([f"∇_{one} {name}" for one in made_of[-3:]])
            raise Mistake("E-NAME", f"∇{name} by which variable?", hint=f"write {offers}" if offers else "")
        return made_of[0]

    def is_partial(self, name: str, letters: str) -> bool:
        """Say whether f_x or f_xy is a derivative, of a number of the page that is made of these variables."""
        variable = self.scope.variables.get(name)
        if variable is None or variable not in self.names.forms or variable.shape:
            return False
        made_of = {node.attr[0] for node in symbols_in(self.names.expanded(variable))}
        return {*letters} <= made_of and not self.has_meaning(f"{name}_{letters}")

    def variable_in(self, text: str, notation: str) -> str | None:
        """The one variable in a text that is a number; None where it is no number, or has several."""
        try:
            expr = read(text, self.scope, notation=notation).expr
        except Mistake:
            return None
        return _only_name(self.names.expanded(expr)) if expr is not None and not expr.shape else None

    def keep(self, reading: Reading, indices: Collection[str] = ()) -> None:
        """Keep the variables that a line was read with and nothing declares; no new size is called as `indices` are."""
        new = {name: variable for name, variable in reading.names.items() if name not in self.scope.names()}
        used = {size for variable in new.values() for dim in variable.shape for size in dim.names}
        free = [letter for letter in "mnpqrsd" if letter not in {*used, *indices, *self.scope.names(), *reading.names}]
        wrong = sorted(used & {*indices} - self.scope.sizes.keys())
        sizes = {old: Dim.named(other) for old, other in zip(wrong, free, strict=False)}
        for name, variable in new.items():
            if sizes and variable.op is SYMBOL:
                shape = tuple([dim.substitute(sizes) for dim in variable.shape])
                variable = symbol(name, shape, variable.attr[2])
            if name not in self.scope.names():
                self.scope.assume(name, variable)
                self.assumed.append(variable)

    def is_open(self, name: str) -> bool:
        """Say whether a name is a variable that the page has given no meaning yet."""
        variable = self.scope.variables.get(name)
        return variable is not None and variable not in self.names.forms

    def only_parameter(self, name: str) -> str | None:
        """The one parameter of a function; None where it has several, or is none."""
        function = self.scope.functions.get(name)
        return function.parameters[0] if function is not None and len(function.parameters) == 1 else None

    def is_iterate(self, name: str) -> bool:
        """Say whether a name without a meaning is x_1 beside a number x, which has no entries."""
        base, _, sub = name.partition("_")
        number_ = self.scope.variables.get(base)
        return sub.isdigit() and not self.has_meaning(name) and number_ is not None and not number_.shape

    def define(self, name: str, expr: Expr, before: Expr | None = None) -> None:
        """Let a name be a variable that stands for an expression; of a row it is the column.

        Raises:
            Mistake: `E-SHAPE`, where the name has another shape already.
        """
        if expr.has(DERIVATIVE):
            expr = self.names.settled(expr, layout=self.layout)
        row = expr.is_row and expr.order == 1
        form = transpose(expr) if row else expr
        if before is not None and before.shape != form.shape:
            shapes = [shape_text(value.shape) for value in (before, form)]
            raise Mistake("E-SHAPE", f"{clip(name)} is a {shapes[0]}, and this is a {shapes[1]}")
        variable = before if before is not None else symbol(name, form.shape)
        self.scope.variables[name] = variable
        self.scope.origins[name] = ON_PAGE
        for dim in variable.shape:
            for size in dim.names:
                self.scope.sizes.setdefault(size, type(dim).named(size))
        if row:
            self.rows.add(name)
            self.scope.definitions[name] = transpose(variable)
            del self.scope.variables[name]
        self.names.define(variable, form)

    def curve(self, sides: Sequence[Expr], above: Collection[str], below: Collection[str]) -> Expr | None:
        """Let an equation of numbers define the one name in it that stands above in derivatives by another; return it.

        `below` has what they are by, "" where that is not said. None where it defines nothing: it has a derivative,
        a name of the page that has a meaning, or another shape.
        """
        found = symbols_in(*sides)
        names = {node.attr[0]: node for node in found if not node.shape}
        unknown = [name for name in above if name in names]
        if len(sides) != 2 or len(unknown) != 1 or len(names) < 2 or not {"", *names} & {*below} - {*unknown}:
            return None
        y = names[unknown[0]]
        if any([node.op in (DERIVATIVE, DIFFERENTIAL) for node in walk(*sides)]) or {*found} & {*self.names.forms}:
            return None
        residual = resolve(add(sides[0], neg(sides[1])))
        if is_zero(residual):
            return None
        self.names.curves[y] = defined_by(y, residual, lambda of, by: resolve(make(DERIVATIVE, (of, by))))
        return y

    def stack(self, used: set[str]) -> None:
        """Let f be [f₁; f₂], where it is used, the page defines its entries and nothing says what it is."""
        for name in sorted(used - self.scope.names()):
            parts = [self.scope.variables.get(f"{name}_{k}") for k in range(1, 10)]
            entries = [part for part in parts[: parts.index(None)] if part in self.names.forms and not part.shape]
            if name and len(entries) > 1 and len(entries) == parts.index(None):
                self.define(name, block(len(entries), 1, *entries))


def _by_name(node: Expr, forms: Collection[Expr], name: Expr) -> Expr | None:
    """Return what some form is a factor of, or differs from by its sign, in terms of a name; None for others."""
    for form in forms:
        if node is form:
            return name
        if node.op is MUL is form.op and {*form.args} <= {*node.args}:
            return mul(name, *[arg for arg in node.args if arg not in form.args])
        if node.op is ADD is form.op and {*node.args} == {neg(arg) for arg in form.args}:
            return neg(name)
    return None


def _only_name(expr: Expr) -> str | None:
    """Return the name of the one variable in an expression, if that is a number."""
    found = set(symbols_in(expr))
    return found.pop().attr[0] if len(found) == 1 and not next(iter(found)).shape else None
