"""A worksheet: a session whose statements are kept, so that they have numbers, are undone, or written as a script."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from mcalc.derivative import Derivative
from mcalc.errors import Mistake, Span
from mcalc.expr import Expr, walk
from mcalc.notation import Reading, Scope, read
from mcalc.notation.surface.parse import scan
from mcalc.patterns import pattern
from mcalc.shell.session import Outcome, Session, Standing
from mcalc.shell.settings import USUAL, lines_between, options_of

EARLIER = pattern(r"(?<![\w)\]}|‖'ᵀ])_(\d*)(?![\w{])|(?<![\w.])ans(?!\w)")
"""Where a statement names an earlier result: ``_3``, and ``ans`` or ``_`` for the last one."""
_MADE = pattern(r"\s*ans\s*(?:[:=∈,]|in\b)")
WHOLE = 200
"""The newest statements whose outcomes are kept whole, for follow-ups; of older ones the result alone is."""
REMEMBERED = 200_000
"""Names in all that undoing may have to put back; beyond it the oldest statements can no longer be undone."""


class Entry:
    """A statement that was run: its text, its expression as it was read, what it did to the names, what came of it.

    `number` is that of its result, or 0 where it has none; `options` are those of the session when it was run.
    """

    __slots__ = ("change", "expr", "number", "options", "outcome", "text")

    def __init__(self, trial: Trial) -> None:
        self.text = trial.text
        self.outcome: Outcome | None = trial.outcome
        self.expr = trial.outcome.expr
        self.number = trial.number
        self.options = trial.options
        self.change: ScopeChange | None = ScopeChange(trial.before, trial.after)

    def __repr__(self) -> str:
        return f"Entry({self.text!r}, {self.number})"


class Trial(NamedTuple):
    """A statement that was run, but is not kept yet: whoever shows it may still be interrupted."""

    text: str
    outcome: Outcome
    number: int
    before: Scope
    after: Scope
    standing: Standing | None
    options: tuple[str, ...]


class Worksheet:
    """Statements on a session, each kept whole or not at all.

    Results are numbered from 1; ``_3`` is the third of them, ``_`` and ``ans`` the last, as if they had been given that
    name. Mistakes, declarations and definitions have no number.

    >>> from mcalc.shell.session import Session
    >>> sheet = Worksheet(Session())
    >>> for text in ("x: R", "d/dx x^3", "d/dx ans"):
    ...     trial = sheet.run(text)
    >>> trial.number, trial.outcome.value.text
    (2, '6 x')
    >>> sheet.undo().text, len(sheet.results)
    ('d/dx ans', 1)
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self.entries: list[Entry] = []
        self.results: list[Entry] = []
        self.undone: list[Entry] = []
        self._held = 0
        self._oldest = 0

    @property
    def scope(self) -> Scope:
        """The names as they are now."""
        return self.session.scope

    @property
    def last(self) -> Entry | None:
        """The last statement with a function in it: a result, or a definition; None where there is none."""
        for entry in reversed(self.entries):
            outcome = entry.outcome
            if outcome is None:
                return None
            if entry.number or outcome.kind in ("definition", "function"):
                return entry
        return None

    def run(self, text: str, lent: tuple[Expr, ...] = ()) -> Trial:
        """Run a statement and keep it; `lent` are expressions whose variables it may use though nobody declared them.

        Raises :class:`~mcalc.errors.Mistake`, and then leaves all as it was.
        """
        trial = self.attempt(text, lent)
        self.keep(trial)
        return trial

    def copy(self) -> Worksheet:
        """Return a worksheet with the same statements on the same session, which may go its own way."""
        other = Worksheet(self.session)
        other.entries, other.results, other.undone = list(self.entries), list(self.results), list(self.undone)
        other._held, other._oldest = self._held, self._oldest
        return other

    def attempt(self, text: str, lent: tuple[Expr, ...] = ()) -> Trial:
        """Run a statement without keeping it.

        Raises:
            Mistake: whatever is wrong with the statement; `E-UNSUPPORTED`, for a function of an earlier result.
        """
        session = self.session
        before, stood = session.scope, session.standing
        scope, names = self._with_results(text, lent)
        session.scope = scope
        try:
            outcome = session.run(text)
            after, standing = session.scope, session.standing
        finally:
            session.scope, session.standing = before, stood
        if names and outcome.kind == "function":
            raise Mistake(
                "E-UNSUPPORTED",
                "a function cannot hold an earlier result",
                hint=f"name it first: c = {names[0]}",
                source=text,
            )
        if outcome.kind in ("expression", "derivative", "claim", "solution"):
            after = before  # what was assumed for an expression holds for it alone
        elif names:
            after = after.copy()
            for name in names:
                after.definitions.pop(name, None)
        is_result = outcome.kind in ("expression", "derivative", "solution") and outcome.value is not None
        number = len(self.results) + 1 if is_result else 0
        return Trial(text.strip(), outcome, number, before, after, standing, options_of(session))

    def keep(self, trial: Trial) -> None:
        """Keep a statement that was run on the names as they are now."""
        self._append(Entry(trial))
        self.undone.clear()
        self.session.scope, self.session.standing = trial.after, trial.standing

    def reading_scope(self, text: str) -> Scope:
        """Return the scope in which a statement would be read now."""
        return self._with_results(text, ())[0]

    def undo(self) -> Entry | None:
        """Take the last statement back and return it; None where there is none, or it is too long ago."""
        if not self.entries or self.entries[-1].change is None:
            return None
        entry = self.entries.pop()
        if entry.number:
            self.results.pop()
        assert entry.change is not None
        self._held -= entry.change.size
        self._oldest = min(self._oldest, len(self.entries))
        self.session.scope, self.session.standing = entry.change.undone(self.session.scope), None
        self.undone.append(entry)
        return entry

    def redo(self) -> Entry | None:
        """Do again what was undone last, and return it; None where nothing was."""
        if not self.undone:
            return None
        entry = self.undone.pop()
        assert entry.change is not None
        self.session.scope = entry.change.done(self.session.scope)
        self._append(entry)
        return entry

    def _append(self, entry: Entry) -> None:
        self.entries.append(entry)
        if entry.number:
            self.results.append(entry)
        if len(self.entries) > WHOLE:
            self.entries[-1 - WHOLE].outcome = None
        assert entry.change is not None
        self._held += entry.change.size
        while self._held > REMEMBERED and self._oldest < len(self.entries) - 1:
            oldest = self.entries[self._oldest]
            self._held -= oldest.change.size if oldest.change is not None else 0
            oldest.change = None
            self._oldest += 1

    def _with_results(self, text: str, lent: tuple[Expr, ...]) -> tuple[Scope, list[str]]:
        """Return the scope in which a statement is read, with the earlier results that it names, and those names."""
        scope = self.session.scope
        found = [(match, self._named(match, text)) for match in EARLIER.finditer(text)]
        earlier = {match[0]: entry for match, entry in found if entry is not None}
        if not earlier and not lent:
            return scope, []
        scope = scope.copy()
        for expr in lent:
            _lend(scope, expr)
        for name, entry in earlier.items():
            assert entry.expr is not None
            changed = _lend(scope, entry.expr)
            if changed is not None:
                raise Mistake(
                    "E-NAME",
                    f"{name} is of an earlier {changed}, which has another meaning now",
                    [Span(match.start(), match.end()) for match, of in found if of is entry],
                    hint=f"type it again: {' '.join(entry.text.split())}",
                    source=text,
                )
            scope.definitions[name] = entry.expr
        return scope, list(earlier)

    def _named(self, match: re.Match[str], text: str) -> Entry | None:
        """Return the result that a place in a statement names; None where it is a name of the user's own."""
        name = match[0]
        if name == "ans" and ("ans" in self.session.scope.names() or _MADE.match(text)):
            return None
        number = int(match[1][:9]) if match[1] else len(self.results)
        if 1 <= number <= len(self.results):
            return self.results[number - 1]
        hint = f"the last one is _{len(self.results)}" if self.results else "there is none yet"
        said = f"there is no result {name}" if match[1] else "there is no result yet"
        raise Mistake("E-NAME", said, [Span(match.start(), match.end())], hint if match[1] else "", text)


def _lend(scope: Scope, expr: Expr) -> str | None:
    """Put the variables of an expression that have no meaning into a scope; return one that has another meaning."""
    changed: str | None = None
    for node in walk(expr):
        if node.op.name != "symbol" or node.args:
            continue
        name = node.attr[0]
        if scope.variables.get(name) is node:
            continue
        if name in scope.variables or name in scope.definitions or name in scope.functions:
            changed = name
            continue
        scope.assume(name, node)
    return changed


def function_of(entry: Entry) -> tuple[str, list[str], tuple[Expr, ...]]:
    """Return what a follow-up differentiates: its text, the variables it was differentiated by, what it is lent."""
    outcome = entry.outcome
    assert outcome is not None
    value = outcome.value
    if isinstance(value, Derivative):
        record = value.record()
        return str(record["expr"]), list(record["wrt"]), (value.body, *value.variables)
    if entry.number:
        return f"_{entry.number}", [], ()
    return outcome.name or "", [], ()


TABLES = ("variables", "sizes", "definitions", "functions", "maps", "origins", "outdated", "made_with")
Items = list[tuple[str, Any]]


class ScopeChange:
    """The difference between two scopes, in both directions; the order of the names is part of it.

    >>> from mcalc.notation import read
    >>> before = read("x: R^n", Scope()).scope
    >>> after = read("y = x · x", before).scope
    >>> change = ScopeChange(before, after)
    >>> sorted(change.undone(after).names()), sorted(change.done(before).names()), change.size
    (['n', 'x'], ['n', 'x', 'y'], 2)
    """

    __slots__ = ("_tables",)

    def __init__(self, before: Scope, after: Scope) -> None:
        self._tables: tuple[tuple[str, int, Items, Items], ...] = ()
        if before is after:
            return
        found = []
        for table in TABLES:
            old, new = list(getattr(before, table).items()), list(getattr(after, table).items())
            kept = _common(old, new)
            if kept < len(old) or kept < len(new):
                found.append((table, kept, old[kept:], new[kept:]))
        self._tables = tuple(found)

    @property
    def size(self) -> int:
        """How many names it holds."""
        return sum([len(old) + len(new) for _, _, old, new in self._tables])

    def undone(self, scope: Scope) -> Scope:
        """Return the scope before the statement, from the one after it."""
        return self._put(scope, is_done=False)

    def done(self, scope: Scope) -> Scope:
        """Return the scope after the statement, from the one before it."""
        return self._put(scope, is_done=True)

    def _put(self, scope: Scope, *, is_done: bool) -> Scope:
        if not self._tables:
            return scope
        other = scope.copy()
        for table, kept, old, new in self._tables:
            items = list(getattr(scope, table).items())
            setattr(other, table, dict(items[:kept] + (new if is_done else old)))
        return other


def _common(old: Sequence[Any], new: Sequence[Any]) -> int:
    """Return how many items two lists begin with alike; a list that only grew is told at once."""
    low, high = 0, min(len(old), len(new))
    if old[:high] == new[:high]:
        return high
    while low < high:
        middle = (low + high + 1) // 2
        if old[low:middle] == new[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def script(sheet: Worksheet) -> str:
    """Return the statements of a worksheet, one a line, with directives where options of the session were others.

    Where a statement names an earlier result, that result's statement stands in its place, if it still means the same
    there; else the result is given a name when it is made.

    >>> from mcalc.shell.session import Session
    >>> sheet = Worksheet(Session())
    >>> for text in ("d/dx x^2", "ans^2"):
    ...     trial = sheet.run(text)
    >>> print(script(sheet), end="")
    d/dx x^2
    (d/dx x^2)^2
    """
    lines: list[str] = []
    options = USUAL
    for entry, line in zip(sheet.entries, _lines(sheet), strict=True):
        lines += [*lines_between(options, entry.options), line]
        options = entry.options
    return "".join([f"{line}\n" for line in lines])


def _lines(sheet: Worksheet) -> list[str]:
    """Return what is written for each statement: a line, or two where its result is given a name."""
    is_own = "ans" in sheet.scope.names()
    texts = [" ".join(entry.text.split("\n")) for entry in sheet.entries]
    places_of = [_named(text, is_own) for text in texts]
    if not any(places_of):
        return texts
    scope = Scope()
    written: list[str] = []
    results: list[int] = []
    must_name: set[int] = set()
    for entry, text, places in zip(sheet.entries, texts, places_of, strict=True):
        line = text
        if places:
            wanted = [int(match[1]) if match[1] else len(results) for match in places]
            bodies = [f"({written[results[number - 1]]})" for number in wanted]
            line = _replaced(text, places, bodies)
            reading = _read(line, scope)
            if reading is None or reading.expr is not entry.expr:
                must_name |= set(wanted)
                line = _replaced(text, places, [f"ans_{number}" for number in wanted])
                scope = scope.copy()
                named = {f"ans_{number}": sheet.results[number - 1].expr for number in wanted}
                scope.definitions |= {name: expr for name, expr in named.items() if expr is not None}
        if entry.number:
            results.append(len(written))
        written.append(line)
        reading = _read(line, scope)
        if reading is not None and reading.kind in ("declaration", "definition", "function"):
            scope = reading.scope
    for number in must_name:
        place = results[number - 1]
        written[place] += f"\nans_{number} = {written[place]}"
    return written


def _named(text: str, is_own: bool) -> list[re.Match[str]]:
    """Return the places in a statement that name an earlier result."""
    found = list(EARLIER.finditer(text))
    if not found:
        return []
    starts = {token.start for token in scan(text)}
    return [match for match in found if match.start() in starts and not (match[0] == "ans" and is_own)]


def _replaced(text: str, places: Sequence[re.Match[str]], words: Sequence[str]) -> str:
    parts: list[str] = []
    done = 0
    for match, word in zip(places, words, strict=True):
        parts += [text[done : match.start()], word]
        done = match.end()
    return "".join([*parts, text[done:]])


def _read(text: str, scope: Scope) -> Reading | None:
    """Return the reading of a statement where some names are known; None where it cannot be read."""
    try:
        return read(text, scope)
    except Mistake:
        return None
