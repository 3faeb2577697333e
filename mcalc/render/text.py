"""One-line text: what is printed in a pipe, and what mcalc reads back."""

from __future__ import annotations

from mcalc.render.faces import ASCII, UNICODE
from mcalc.render.layout import lay_out

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from mcalc.expr import Expr
    from mcalc.render.faces import Face


def unicode(expr: Expr, taken: Collection[str] = (), brief: bool = False) -> str:
    """Return an expression as one line of Unicode; `taken` are names declared where it will be read.

    With `brief` a repeated part may get a name: `… where s = softmax(K q)`.

    >>> from mcalc.expr import Dim
    >>> from mcalc.operators.leaves import symbol
    >>> from mcalc.operators.linear import dot, transpose
    >>> x = symbol("x", (Dim.named("n"),))
    >>> unicode(dot(x, x)), unicode(transpose(x))
    ('x · x', 'xᵀ')
    """
    return write(expr, UNICODE, taken, brief)


def ascii(expr: Expr, taken: Collection[str] = (), brief: bool = False) -> str:  # noqa: A001
    """Return an expression as one line of ASCII.

    >>> from mcalc.expr import Dim
    >>> from mcalc.operators.leaves import symbol
    >>> from mcalc.operators.linear import dot, transpose
    >>> x = symbol("λ", (Dim.named("n"),))
    >>> ascii(dot(x, x)), ascii(transpose(x))
    ('lambda . lambda', 'lambda^T')
    """
    return write(expr, ASCII, taken, brief)


def write(expr: Expr, face: Face, taken: Collection[str] = (), brief: bool = False) -> str:
    """Return an expression as text in a face."""
    return "".join([text for text, _ in lay_out(expr, face, taken, brief=brief).pieces(face)])


def write_parts(expr: Expr, face: Face = UNICODE, taken: Collection[str] = ()) -> tuple[str, list[tuple[str, str]]]:
    """Return the text of an expression and, apart, the definitions (name, text) of the parts it names."""
    layout = lay_out(expr, face, taken)
    return (
        "".join([text for text, _ in layout.main]),
        [(name, "".join([text for text, _ in pieces])) for name, pieces in layout.definitions],
    )


def display_shape(expr: Expr) -> str:
    """Return the shape as rows by columns.

    >>> from mcalc.expr import Dim
    >>> from mcalc.operators.leaves import symbol
    >>> from mcalc.operators.linear import transpose
    >>> x = symbol("x", (Dim.named("n"),))
    >>> display_shape(x), display_shape(transpose(x)), display_shape(symbol("z"))
    ('n×1', '1×n', '1×1')
    """
    if not expr.shape:
        return "1×1"
    sizes = [f"({dim})" if " " in str(dim) else str(dim) for dim in expr.shape]
    if len(sizes) == 1:
        sizes = ["1", sizes[0]] if expr.is_row else [sizes[0], "1"]
    return "×".join(sizes)


def shape_words(expr: Expr, layout: str = "") -> str:
    """Return the shape in words, with the layout that it is due to, where one is given.

    >>> from mcalc.expr import Dim
    >>> from mcalc.operators.leaves import symbol
    >>> from mcalc.operators.linear import transpose
    >>> shape_words(transpose(symbol("x", (Dim.named("n"),)))), shape_words(symbol("A", (Dim.named("m"),)), "numerator")
    ('1×n, a row', 'm×1, a column: numerator layout')
    """
    order = len(expr.shape)
    if not order:
        return "a scalar"
    what = {1: ", a row" if expr.is_row else ", a column", 2: ""}.get(order, f", {order} axes")
    return f"{display_shape(expr)}{what}{f': {layout} layout' * bool(layout)}"
