"""What functions that nobody defined take and give: declared, ``f: R^n -> R^m``, or as their first call has it."""

from __future__ import annotations

from mcalc.expr import Expr, shape_text, walk
from mcalc.notation.meaning.assumed import declared_space, space
from mcalc.notation.names.scope import Signature
from mcalc.notation.surface.words import clip
from mcalc.operators.abstract import Undefined, apply, entrywise, is_gradient
from mcalc.operators.linear import transpose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from mcalc.notation.meaning.elaborate import Elaborator
    from mcalc.notation.surface.syntax import Node, Partial


def applied(e: Elaborator, node: Node, name: Partial, args: list[Expr]) -> Expr:
    """Return an undefined function of some arguments, or a derivative of it: f(x), f′(x), ∂₁f(x, y)."""
    full, counts = name.full, name.counts
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

    >>> from mcalc.expr import Dim
    >>> n = Dim.named("n")
    >>> signature_text("f", Signature(((n,), ()), (n, n))), signature_text("f", Signature(((n,),)), declared=True)
    ('f: ℝⁿ, ℝ → ℝ^{n×n}', 'f: R^{n} -> R')
    """
    said = declared_space if declared else space
    words = "".join([f" {word}" for word in sorted(known.properties)])
    arguments = ", ".join([said(shape) for shape in known.arguments])
    return f"{name}: {arguments} {'->' if declared else '→'} {said(known.out)}{words}"


def of_functions(exprs: Iterable[Expr], names: Iterable[str]) -> dict[str, Signature]:
    """Return the signatures of some undefined functions as they stand in expressions whose sizes are settled."""
    found: dict[str, Signature] = {}
    wanted = {*names}
    for node in walk(*exprs) if wanted else ():
        if node.op.layout == "apply" and node.attr.name in wanted:
            attr: Undefined = node.attr
            found[attr.name] = Signature(tuple([arg.shape for arg in node.args]), attr.out, attr.properties)
    return found
