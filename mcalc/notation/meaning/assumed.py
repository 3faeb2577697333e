"""What was assumed of names that nothing declares, in words, and what functions that nobody defined take and give."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from mcalc.dims import Shape, shape_text
from mcalc.errors import Mistake, clip
from mcalc.expr import Expr, walk
from mcalc.notation.meaning.elaborate import Elaborator
from mcalc.notation.names.scope import Signature
from mcalc.notation.surface.syntax import Node, Partial
from mcalc.operators.abstract import APPLY, MAP, Undefined, apply, entrywise, is_gradient
from mcalc.operators.leaves import SYMBOL
from mcalc.operators.linear import transpose
from mcalc.patterns import RAISED

_RAISED = {plain: glyph for glyph, plain in RAISED.items() if plain in "0123456789nmkpidrsthlNMKTDRPVWHABGEIJLU"}


def assumed_text(symbols: Iterable[Expr]) -> list[str]:
    """Return what was assumed of variables, those of one shape together.

    >>> from mcalc.dims import Dim
    >>> from mcalc.operators.leaves import symbol
    >>> assumed_text([symbol("w", (Dim.named("n"),)), symbol("b")])
    ['w ∈ ℝⁿ', 'b ∈ ℝ']
    """
    groups: dict[Shape, list[str]] = {}
    for value in symbols:
        groups.setdefault(value.shape, []).append(value.attr[0])
    return [f"{', '.join(group)} ∈ {space(shape)}" for shape, group in groups.items()]


def space(shape: Shape) -> str:
    """Return the space of a shape: ``ℝ``, ``ℝⁿ``, ``ℝ^{N×n}``."""
    if not shape:
        return "ℝ"
    sizes = "×".join([str(d) for d in shape])
    if all([c in _RAISED for c in sizes]):
        return "ℝ" + "".join([_RAISED[c] for c in sizes])
    return f"ℝ^{{{sizes}}}"


def declared_space(shape: Shape) -> str:
    """Return the space of a shape as it is declared: ``R``, ``R^{n}``, ``R^{N x n}``."""
    sizes = " x ".join([str(d) for d in shape])
    return f"R^{{{sizes}}}" if sizes else "R"


def refuse_labelled(names: Mapping[str, Expr], variables: Iterable[Expr]) -> None:
    """Refuse -z_y + log Σ_j exp(z_j) by z: nothing declares z_y, which may be an entry of z or another name.

    Raises:
        Mistake: `E-AMBIG`, where one of the names is that beside the variables.
    """
    for variable in variables:
        whole = variable.args[0] if variable.args else variable
        name = f"{whole.attr[0]}_" if whole.op is SYMBOL and whole.order else ""
        for label, meant in names.items() if name else ():
            if label.startswith(name) and meant.order < whole.order and not label[len(name) :].isdecimal():
                said = f"{clip(label)} may be an entry of {name[:-1]}, or a name of its own"
                declared = f"{clip(label)}: {declared_space(meant.shape)}"
                hint = f"for an entry write {name}k, for a name of its own declare {declared}"
                raise Mistake("E-AMBIG", said, hint=hint)


def where_text(symbols: Iterable[Expr]) -> str:
    """Return variables as the declarations that --where takes.

    >>> from mcalc.dims import Dim
    >>> from mcalc.operators.leaves import symbol
    >>> where_text([symbol("A", (Dim.named("m"), Dim.of(3))), symbol("b")])
    'A: R^{m x 3}; b: R'
    """
    groups: dict[str, list[str]] = {}
    for value in symbols:
        groups.setdefault(declared_space(value.shape), []).append(value.attr[0])
    return "; ".join([f"{', '.join(names)}: {where}" for where, names in groups.items()])


MOST_ARGUMENTS = 1024
"""Arguments of a function that nobody defined: it has a partial derivative by each, which has as many."""


def applied(e: Elaborator, node: Node, name: Partial, args: list[Expr]) -> Expr:
    """Return an undefined function of some arguments, or a derivative of it: f(x), f′(x), ∂₁f(x, y)."""
    full, counts = name.full, name.counts
    if len(args) > MOST_ARGUMENTS:
        raise e.fail("E-LIMIT", f"{full} has {len(args)} arguments, and may have {MOST_ARGUMENTS}", node)
    if len(counts) > len(args):
        raise e.fail("E-SYNTAX", f"{full} has no argument {len(counts)}", node)
    if e.within is not None and full in e.scope.functions:
        e.note(f"{full} in {clip(e.within.name)} may be any function: it was defined after it")
    args = [transpose(arg) if arg.is_row else arg for arg in args]
    known = e.scope.maps.get(full) or e.maps.get(full)
    if known is None:
        shape = tuple([e.sizes.fresh() for _ in range(e.orders.get(f"{full}(", 0))])
        known = e.maps[full] = Signature(tuple([arg.shape for arg in args]), shape)
    if len(known.arguments) != len(args):
        wanted = len(known.arguments)
        raise e.fail("E-SHAPE", f"{full} takes {wanted} argument{'s' if wanted > 1 else ''}, not {len(args)}", node)
    if known.is_of_numbers and full in e.scope.maps and any([arg.shape for arg in args]):
        e.note(f"{full} is applied entry by entry, as it is one of numbers")
        return e.attempt(lambda *a: entrywise(full, *a, counts=counts), args, node.parts)
    for arg, shape, part in zip(args, known.arguments, node.parts, strict=True):
        if not e.sizes.equate_shapes(arg.shape, shape):
            said = f"{full} takes a {shape_text(shape)}, not a {shape_text(arg.shape)}"
            raise e.fail("E-SHAPE", said, part, e.label(part, arg), f"declare what it takes: {full}: R^n -> R")
    out = tuple([e.sizes.settle(dim) for dim in known.out])
    made = apply(full, *args, counts=counts, out=out, behind=name.behind, properties=known.properties)
    return transpose(made) if is_gradient(made) else made


def signature_text(name: str, known: Signature, *, declared: bool = False) -> str:
    """Return a signature in words, or as it is declared.

    >>> from mcalc.dims import Dim
    >>> n = Dim.named("n")
    >>> signature_text("f", Signature(((n,), ()), (n, n))), signature_text("f", Signature(((n,),)), declared=True)
    ('f: ℝⁿ, ℝ → ℝ^{n×n}', 'f: R^{n} -> R')
    """
    said = declared_space if declared else space
    words = "".join([f" {word}" for word in sorted(known.properties)])
    arguments = ", ".join([said(shape) for shape in known.arguments])
    return f"{name}: {arguments} {'->' if declared else '→'} {said(known.out)}{words}"


def of_functions(exprs: Iterable[Expr], names: Collection[str] | None = None) -> dict[str, Signature]:
    """Return the signatures of undefined functions, all or some, in expressions whose sizes are settled."""
    found: dict[str, Signature] = {}
    for node in walk(*[expr for expr in exprs if expr.has(APPLY, MAP)]) if names is None or names else ():
        if node.op in (APPLY, MAP) and (names is None or node.attr.name in names):
            attr: Undefined = node.attr
            found[attr.name] = Signature(tuple([arg.shape for arg in node.args]), attr.out, attr.properties)
    return found
