"""Which derivations tell a result: one for each order and variable, and what puts several into one row."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress

from mcalc.calculus.basics.orientation import as_columns
from mcalc.calculus.derive import derivative_of, resolve
from mcalc.calculus.stories.derivation import derive_in_steps
from mcalc.calculus.stories.differential_rules import reason
from mcalc.calculus.stories.differential_story import Untold, tell_differential
from mcalc.calculus.stories.differential_story import tell as by_differentials
from mcalc.calculus.stories.entries_story import Independent, tell_entries, with_structure
from mcalc.calculus.stories.function_lists import as_list, entries_by, has_rows, told_by_rows
from mcalc.calculus.stories.intermediates import LETTERS as NUMBERED_BY
from mcalc.calculus.stories.lines import DIRECT, ByDifferentials, Derivation, Line, mark
from mcalc.calculus.stories.reasons import BY_INDEX, BY_MATRIX, BY_SUM, IN_ONE_ROW, TRANSPOSED, of_row
from mcalc.choices import PLAIN, Manner
from mcalc.errors import Mistake, ShapeError
from mcalc.expr import Expr, make
from mcalc.operators.abstract import DERIVATIVE, Move, differential
from mcalc.operators.blocks import block
from mcalc.operators.leaves import is_zero
from mcalc.operators.linear import transpose
from mcalc.operators.structures import structure_of
from mcalc.render.text import unicode as as_unicode

ORDINALS = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth")
WAYS = {"matrix": BY_MATRIX, "sum": BY_SUM, "index": BY_INDEX}


class Story:
    """A derivation with a title and the derivative it leads to."""

    __slots__ = ("derivation", "order", "title", "wrt")

    def __init__(self, title: str, derivation: Derivation, order: int, wrt: str) -> None:
        self.title = title
        self.derivation = derivation
        self.order = order
        self.wrt = wrt


class Stories:
    """The derivations of a result, with titles. Nothing is computed before they are asked for."""

    def __init__(
        self,
        body: Expr,
        variables: Sequence[Expr],
        result: Expr,
        *,
        order: int = 1,
        manner: Manner = PLAIN,
        taken: Collection[str] = (),
        by: str = "auto",
        moves: Sequence[Move] = (),
        called: str = "",
    ) -> None:
        self.called = called
        self.body = body
        self.variables = variables
        self.result = result
        self.manner = manner
        self.by = by
        self.moves = moves
        self.order = order
        self.taken = taken
        self._stories: list[Story] | None = None

    @property
    def stories(self) -> list[Story]:
        """One derivation for each order and variable, and what puts several into one row."""
        if self._stories is None:
            self._stories = self._told()
        return self._stories

    def _told_differential(self) -> list[Story]:
        """Return the way to a differential; in one line where it is not told, or goes along several variables."""
        body, variable = self.body, self.variables[0]
        line = Line(DIRECT, differential(body, self.moves, self.order), [self.result], *reason(body, dict(self.moves)))
        told = Derivation(body, variable, self.result, [line])
        if len(self.moves) == 1 and self.order == 1:
            with suppress(Untold):
                told = tell_differential(body, variable, self.result, self.called)
        return [Story("", told, self.order, as_unicode(variable, self.taken))]

    def _told(self) -> list[Story]:
        if self.moves:
            return self._told_differential()
        body = self.body
        if body.has_kind("derivative"):
            body = resolve(body, mode=self.manner.mode)
        stories: list[Story] = []
        for order in range(1, self.order + 1):
            which = f"{ORDINALS[order - 1]} derivative" if self.order > 1 else ""
            last = order == self.order
            result = (
                self.result
                if last
                else derivative_of(body, self.variables, mode=self.manner.mode, structured=self.manner.structured)
            )
            if order > 1 and body.is_row:
                body = as_columns(body)
                which = f"{which}, that of the gradient as a column"
            functions = as_list(body)
            structured = any([self._structured(variable) for variable in self.variables])
            plain = self.manner.layout == "numerator" and not structured
            entries = (
                entries_by(functions, self.variables) if plain and self.manner.mode == "auto" and order == 1 else []
            )
            if entries or (plain and has_rows(functions, self.variables)):
                stories += self._told_by_rows(functions, entries or self.variables, result, order, which)
                body = result
                continue
            told: list[Derivation] = []
            for variable in self.variables:
                found = derivative_of(body, [variable], mode=self.manner.mode, structured=self.manner.structured)
                wrt = as_unicode(variable, self.taken)
                by = f"{'by' if which else 'By'} {wrt}" if len(self.variables) > 1 else ""
                title = ", ".join([word for word in (which, by) if word])
                if not self._structured(variable):
                    stories.append(Story(title, self._derivation(body, variable, found), order, wrt))
                else:
                    stories += self._told_by_structure(body, variable, found, title, order)
                told.append(stories[-1].derivation)
            closing = self._closing(body, told, result)
            if closing is not None:
                all_of_them = ", ".join([as_unicode(variable, self.taken) for variable in self.variables])
                title = (
                    "In one row" if len(told) > 1 else "Written otherwise" if self.manner.way != "auto" else "Layout"
                )
                stories.append(Story(title, closing, order, all_of_them))
            for story in stories if order > 1 else ():
                if story.order == order:
                    story.derivation.with_letter(NUMBERED_BY[(order - 1) % len(NUMBERED_BY)])
            body = result
        return stories

    def _structured(self, variable: Expr) -> bool:
        """Say whether the structure of a variable counts."""
        return self.manner.structured != "ignore" and structure_of(variable) is not None

    def _told_by_structure(self, body: Expr, variable: Expr, result: Expr, title: str, order: int) -> list[Story]:
        """Return the derivation with all entries independent, and what the structure of the variable makes of it."""
        stories: list[Story] = []
        structure = structure_of(variable)
        assert structure is not None
        free = Independent(body, variable)
        found: list[Expr] = []
        for entry in free.variables:
            gradient = derivative_of(free.body, [entry], mode=self.manner.mode)
            if stories and is_zero(gradient):
                continue
            wrt = as_unicode(entry, self.taken)
            stories.append(Story(title, self._derivation(free.body, entry, gradient), order, wrt))
            found.append(free.restored(gradient))
        closing = with_structure(body, variable, found, result, self.manner.structured)
        if closing is None:
            stories[-1].derivation.result = result
        else:
            name = as_unicode(variable.args[0] if variable.args else variable, self.taken)
            for story in stories:
                by = f"by {story.wrt}" if len(stories) > 1 else ""
                story.title = ", ".join([w for w in (title, by, f"with the entries of {name} independent") if w])
                story.title = story.title if title else story.title[0].upper() + story.title[1:]
            said = f"{name} is {structure.said}"
            stories.append(
                Story(f"{title}: {said}" if title else said, closing, order, as_unicode(variable, self.taken))
            )
        return stories

    def _told_by_rows(self, body: Expr, variables: Sequence[Expr], result: Expr, order: int, which: str) -> list[Story]:
        """Return the gradient of each function, entry by entry, and the gradients as rows."""

        def told(function: Expr, variable: Expr) -> Derivation:
            return self._derivation(function, variable, derivative_of(function, [variable], mode=self.manner.mode))

        stories: list[Story] = []
        called = self.called if body is as_list(self.body) else ""
        names = ", ".join([as_unicode(variable, self.taken) for variable in variables])
        for function, variable, derivation in told_by_rows(body, variables, result, told, self.variables, called):
            title, wrt = "All in one matrix" if not which else "all in one matrix", names
            if function is not None:
                named = f"{as_unicode(function.symbol, self.taken)} = {as_unicode(function.definition, self.taken)}"
                wrt = names if variable is None else as_unicode(variable, self.taken)
                title = f"{named}, in one row" if variable is None else f"{named}, by {wrt}"
            title = f"{which}: {title}" if which else title
            stories.append(Story(title, derivation, order, wrt))
        return stories

    def _derivation(self, body: Expr, variable: Expr, found: Expr) -> Derivation:
        """Return the derivation; in one line where a part of it cannot be told by itself, though the whole can."""
        if self._by_differentials(variable):
            try:
                return by_differentials(body, variable, found, self.called if body is self.body else "")
            except Untold:
                if self.by == "differentials":
                    hint = "leave out --by, and it is told by the chain rule"
                    raise Mistake("E-UNSUPPORTED", "this is not told by differentials", hint=hint) from None
        if self.by == "differentials":
            hint = "leave out --by, and it is told by the chain rule"
            raise Mistake("E-UNSUPPORTED", "differentials tell first derivatives", hint=hint)
        if self.by == "entries":
            try:
                return tell_entries(body, variable, found)
            except Untold:
                hint = "--by chain, or --by differentials, tells it"
                raise Mistake("E-UNSUPPORTED", "this is not told entry by entry", hint=hint) from None
        try:
            told = derive_in_steps(body, variable, found, mode=self.manner.mode)
        except (Mistake, ShapeError):
            line = Line(DIRECT, make(DERIVATIVE, (body, variable)), [found], of_row(body.op))
            told = Derivation(body, variable, found, [line])
        told.call(self.called if body is self.body else "g" if body.shape and not self.body.shape else "")
        return told

    def _by_differentials(self, variable: Expr) -> bool:
        """Say whether a derivation is told by differentials: where it is asked for, else by a matrix."""
        if self.order > 1 or self.by not in ("auto", "differentials"):
            return False
        return self.by == "differentials" or (variable.order == 2 and self.manner.mode == "auto")

    def _closing(self, body: Expr, told: Sequence[Derivation], result: Expr) -> Derivation | None:
        """Return what is left to say: the derivatives by several variables in a row, or the transpose."""
        ends = [
            mark(made.body, made.variable) if isinstance(made, ByDifferentials) else made.lines[-1].lhs for made in told
        ]
        if len(told) == 1:
            if told[0].result is result:
                return None
            turned = ends[0].order == 1 or (body.order == 1 and self.variables[0].order == 1)
            if self.manner.layout == "denominator" and turned:
                line = Line(DIRECT, transpose(ends[0]), [result], TRANSPOSED, "the transpose")
            else:
                line = Line(DIRECT, ends[0], [result], WAYS.get(self.manner.way, ()))
            return Derivation(body, self.variables[0], result, [line], told[0].listed)
        of = ends[0].args[0]
        members = [result]
        if all([end.op is DERIVATIVE and end.args[0] is of for end in ends]) and self.manner.layout == "numerator":
            try:
                members.insert(0, block(1, len(ends), *ends))
            except ShapeError:
                of = body
        else:
            of = body
        lhs = make(DERIVATIVE, (of, *self.variables))
        return Derivation(body, self.variables[0], result, [Line(DIRECT, lhs, members, IN_ONE_ROW)], told[0].listed)
