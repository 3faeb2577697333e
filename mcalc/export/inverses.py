"""Inverses that are multiplied with something: solved for, unless the inverse itself is wanted as well.

Solving takes a third of the time of an inverse, and is more accurate: A⁻¹ b is solve(A, b), bᵀ A⁻¹ is solve(Aᵀ, b).
"""

from __future__ import annotations

from collections.abc import Sequence

from mcalc.export.code import Code, permute, walk

MOST = 3
"""With more right-hand sides than this, in places of their own, one inverse takes less."""


def solved(codes: Sequence[Code]) -> list[Code]:
    """Return code with products with inverses as solutions; each node is rebuilt once, from the leaves."""
    new = _rebuilt(codes, frozenset())
    made = [new[code] for code in codes]
    sides: dict[Code, int] = {}
    for node in walk(*made):
        if node.op == "solve":
            base = _base(node.args[0])
            sides[base] = sides.get(base, 0) + 1
    there = {node.args[0] for node in walk(*made) if node.op == "inv"}
    kept = frozenset([base for base, count in sides.items() if base in there or count > MOST])
    if not kept:
        return made
    new = _rebuilt(codes, kept)
    return [new[code] for code in codes]


def _rebuilt(codes: Sequence[Code], kept: frozenset[Code]) -> dict[Code, Code]:
    """Each node with the products in it solved, but for the inverses of matrices that are kept."""
    new: dict[Code, Code] = {}
    for node in walk(*codes):
        args = [new[arg] for arg in node.args]
        found = _solution(args[0], args[1], kept) if node.op == "matmul" and node.order < 3 else None
        same = all([arg is old for arg, old in zip(args, node.args, strict=True)])
        new[node] = found if found is not None else node if same else Code(node.op, args, node.attr, node.shape)
    return new


def _solution(a: Code, b: Code, kept: frozenset[Code]) -> Code | None:
    """What a product with an inverse solves: what stands on its right or on its left."""
    left, right = _inverted(a), _inverted(b)
    if left is not None and _is_triangular(left) and b.order < 3:
        return _by_triangle(left, b)
    if right is not None and _is_triangular(right) and a.order < 3:
        found = _by_triangle(permute(right, (1, 0)), permute(a, (1, 0)) if a.order == 2 else a)
        return permute(found, (1, 0)) if a.order == 2 else found
    if left is not None and _base(left) not in kept and b.order < 3:
        return Code("solve", (left, b), None, b.shape)
    if right is not None and _base(right) not in kept and a.order == 1:
        return Code("solve", (permute(right, (1, 0)), a), None, a.shape)
    if right is not None and _base(right) not in kept and a.order == 2:
        turned = permute(a, (1, 0))
        return permute(Code("solve", (permute(right, (1, 0)), turned), None, turned.shape), (1, 0))
    return None


def _is_triangular(matrix: Code) -> bool:
    base = _base(matrix)
    return base.op == "solution" and base.attr == "chol"


def _by_triangle(matrix: Code, b: Code) -> Code:
    """The solution of a system with a Cholesky factor, or with its transpose."""
    name = "solve_raised" if matrix.op == "permute" else "solve_lower"
    return Code("solution", (_base(matrix), b), name, b.shape)


def _inverted(code: Code) -> Code | None:
    """The matrix that a node is the inverse of; the transpose of an inverse is that of the transpose."""
    if code.op == "inv":
        return code.args[0]
    if code.op == "permute" and code.args[0].op == "inv":
        return permute(code.args[0].args[0], (1, 0))
    return None


def _base(matrix: Code) -> Code:
    return matrix.args[0] if matrix.op == "permute" else matrix
