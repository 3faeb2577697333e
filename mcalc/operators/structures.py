"""Structures of variables, each declared once: what a derivative by a variable of that structure is.

A symmetric variable moves among symmetric matrices only. Of the derivative G by independent entries a part then says
nothing, and which part that is depends on the spelling: aᵀ S b is bᵀ S a. What does not depend on it is the projection
of G onto the structure, and the derivative by the entries that the structure leaves free. For an orthogonal matrix
the projection is onto the directions in which it may move, and so depends on where it is.

Sources: The Matrix Cookbook (2012), 2.8; Edelman, Arias and Smith, The Geometry of Algorithms with Orthogonality
Constraints (1998), 2.4.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from mcalc.dims import Shape
from mcalc.expr import Expr, make
from mcalc.operators.arithmetic import power
from mcalc.operators.axes import TRIL, TRIU, lower_ones, upper_ones
from mcalc.operators.leaves import SYMBOL, eye, number, ones, size
from mcalc.operators.linear import diag
from mcalc.operators.toeplitz import DIAGONAL_MEANS, DIAGONAL_SUMS, diagonals, lengths

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Part = tuple[int, str]


class Structure:
    """A structure under the `name` that is declared, with the rules that make a derivative by it.

    `projected` and `free` are sums of products in index notation, each a coefficient and factors as in ``G_ij I_ij``: G
    is the derivative by independent entries, X the variable, and the rest `constants` of its shape; `free` is empty
    where no entries are free. `projection` and `by_free` are the rules in print, `free_words` what counts once in the
    second, and `of_entry` what moves with an entry, empty where none can alone. `wrap` is what the projection makes of
    a gradient, where it is a function of the table; `holds` says that a gradient is of the structure as it is.
    `fit` brings an array into the structure. `moves` says that the projection depends on where the
    variable is, and `said` is the structure in words.
    """

    __slots__ = (
        "by_free", "fit", "free", "free_words", "holds", "moves", "name", "of_entry", "projected", "projection", "said",
        "wrap", "wrap_free",
    )  # fmt: skip

    def __init__(
        self,
        name: str,
        projected: Sequence[Part],
        projection: str,
        fit: Callable[[Any, Any], Any],
        *,
        free: Sequence[Part] = (),
        by_free: str = "",
        free_words: str = "",
        of_entry: str = "",
        holds: Callable[[Expr], bool] = lambda gradient: False,
        wrap: Callable[[Expr], Expr] | None = None,
        wrap_free: Callable[[Expr], Expr] | None = None,
        moves: bool = False,
        said: str = "",
    ) -> None:
        self.name = name
        self.projected = tuple(projected)
        self.projection = projection
        self.fit = fit
        self.free = tuple(free)
        self.by_free = by_free
        self.free_words = free_words
        self.of_entry = of_entry
        self.holds = holds
        self.wrap = wrap
        self.wrap_free = wrap_free
        self.moves = moves
        self.said = said or name

    def rule(self, convention: str, *, of_entry: bool = False) -> tuple[Part, ...]:
        """Return the parts that a derivative is made of in a convention; that by an entry is by what is left free."""
        return self.free if (convention == "free" or of_entry) and self.free else self.projected


def _means(np: Any, a: Any) -> Any:
    """The matrix with the mean of each diagonal of `a` along it."""
    found = np.zeros(np.shape(a))
    n = len(a)
    for shift in range(1 - n, n):
        found = found + np.diag(np.full(n - abs(shift), np.diagonal(a, shift).mean()), shift)
    return found


def _lower(gradient: Expr) -> Expr:
    return make(TRIL, (gradient,))


def _upper(gradient: Expr) -> Expr:
    return make(TRIU, (gradient,))


def _on_diagonal(gradient: Expr) -> Expr:
    return diag(diag(gradient))


SYMMETRIC = Structure(
    "symmetric", [(2, "G_ij"), (2, "G_ji")], "(G + Gᵀ)/2", lambda np, a: (a + a.T) / 2,
    free=[(1, "G_ij"), (1, "G_ji"), (-1, "G_ij I_ij")], by_free="G + Gᵀ - diag(diag(G))",
    free_words="each pair of entries", of_entry="its pair, the entry across the diagonal too",
    holds=lambda gradient: gradient.is_symmetric,
)  # fmt: skip
SKEW = Structure(
    "skew", [(2, "G_ij"), (-2, "G_ji")], "(G - Gᵀ)/2", lambda np, a: (a - a.T) / 2,
    free=[(1, "G_ij"), (-1, "G_ji")], by_free="G - Gᵀ", free_words="each pair of entries",
    of_entry="its pair, the entry across the diagonal with a minus",
)  # fmt: skip
DIAGONAL = Structure(
    "diagonal", [(1, "G_ij I_ij")], "diag(diag(G))", lambda np, a: np.diag(np.diag(a)), free=[(1, "G_ij I_ij")],
    by_free="diag(diag(G))", free_words="each entry of the diagonal", of_entry="where it is on the diagonal",
    wrap=_on_diagonal, wrap_free=_on_diagonal,
)  # fmt: skip
LOWER = Structure(
    "lower", [(1, "G_ij L_ij")], "tril(G)", lambda np, a: np.tril(a), free=[(1, "G_ij L_ij")], by_free="tril(G)",
    free_words="each entry of the lower triangle", of_entry="where it is in the lower triangle", wrap=_lower,
    wrap_free=_lower, said="lower triangular",
)  # fmt: skip
UPPER = Structure(
    "upper", [(1, "G_ij U_ij")], "triu(G)", lambda np, a: np.triu(a), free=[(1, "G_ij U_ij")], by_free="triu(G)",
    free_words="each entry of the upper triangle", of_entry="where it is in the upper triangle", wrap=_upper,
    wrap_free=_upper, said="upper triangular",
)  # fmt: skip
TOEPLITZ = Structure(
    "toeplitz", [(1, "D_kij D_kpq w_k G_pq")], "the mean of G along each diagonal", _means,
    free=[(1, "D_kij D_kpq G_pq")], by_free="the sum of G along each diagonal", free_words="each diagonal",
    of_entry="all of its diagonal", wrap=lambda gradient: make(DIAGONAL_MEANS, (gradient,)),
    wrap_free=lambda gradient: make(DIAGONAL_SUMS, (gradient,)), said="a Toeplitz matrix",
)  # fmt: skip


def _nearest_orthonormal(np: Any, a: Any) -> Any:
    left, _, right = np.linalg.svd(a, full_matrices=False)
    return left @ right


ORTHOGONAL = Structure(
    "orthogonal", [(2, "G_ij"), (-2, "X_ip G_qp X_qj")], "(G - X Gᵀ X)/2", _nearest_orthonormal, moves=True
)
STIEFEL = Structure(
    "stiefel", [(1, "G_ij"), (-2, "X_ip X_qp G_qj"), (-2, "X_ip G_qp X_qj")], "G - X (Xᵀ G + Gᵀ X)/2",
    _nearest_orthonormal, moves=True, said="of orthonormal columns",
)  # fmt: skip
SIMPLEX = Structure(
    "simplex", [(1, "g_i"), (-1, "o_i m g_p")], "g - mean(g)", lambda np, p: abs(p) / abs(p).sum(),
    said="in the simplex",
)  # fmt: skip
STRUCTURES = {
    "symmetric": SYMMETRIC, "posdef": SYMMETRIC, "skew": SKEW, "diagonal": DIAGONAL, "lower": LOWER, "upper": UPPER,
    "toeplitz": TOEPLITZ, "orthogonal": ORTHOGONAL, "stiefel": STIEFEL, "simplex": SIMPLEX,
}  # fmt: skip
"""The structure that each declared property brings."""
CONSTANTS: Mapping[str, Callable[[Shape], Expr]] = {
    "I": lambda shape: eye(shape[0]),
    "L": lower_ones,
    "U": upper_ones,
    "D": lambda shape: diagonals(shape[0]),
    "w": lambda shape: lengths(shape[0]),
    "o": ones,
    "m": lambda shape: power(size(shape[0]), number(-1)),
}
"""What the letters in a rule stand for, beside G and X: m is 1/n."""


def structure_of(variable: Expr) -> Structure | None:
    """Return the structure of a variable, or of the one that it is an entry of; None where all entries are free.

    >>> from mcalc.dims import Dim
    >>> from mcalc.operators.leaves import symbol
    >>> n = Dim.named("n")
    >>> structure_of(symbol("S", (n, n), frozenset({"symmetric"}))).name, structure_of(symbol("A", (n, n)))
    ('symmetric', None)
    """
    whole = variable.args[0] if variable.op.name == "element" else variable
    if whole.op is not SYMBOL or whole.order not in (1, 2):
        return None
    return next((STRUCTURES[word] for word in sorted(whole.attr[2]) if word in STRUCTURES), None)


def factors_of(part: str) -> list[tuple[str, str]]:
    """Return the factors of a product in index notation: their letters, each with its indices.

    >>> factors_of("X_ip G_qp")
    [('X', 'ip'), ('G', 'qp')]
    """
    return [(factor.partition("_")[0], factor.partition("_")[2]) for factor in part.split()]


def applied(parts: Sequence[Part], array: Any, at: Any, evaluate: Callable[[Expr], Any], shape: Shape, np: Any) -> Any:
    """Return a rule applied to an array, for a variable with the value `at`; `evaluate` gives that of a constant."""
    total = 0
    for under, part in parts:
        letters = factors_of(part)
        values = [
            array if letter in "Gg" else at if letter == "X" else evaluate(CONSTANTS[letter](shape))
            for letter, _ in letters
        ]
        out = "i" if array.ndim == 1 else "ij"
        total = total + np.einsum(f"{','.join([names for _, names in letters])}->{out}", *values) / under
    return total
