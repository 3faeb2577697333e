"""What solves an equation and is no function of an array library, written out in Python."""

from __future__ import annotations

ORDERED = """def eigenvectors(a, b=None):
    # of a v = λ b v with vᵀ b v = 1, in order of λ; the largest entry of each is positive
    if b is None:
        vectors = {ns}.linalg.eigh((a + a.T) / 2)[1]
    else:
        root = {ns}.linalg.inv({ns}.linalg.cholesky((b + b.T) / 2))
        inner = root @ a @ root.T
        vectors = root.T @ {ns}.linalg.eigh((inner + inner.T) / 2)[1]
    tops = {ns}.take_along_axis(vectors, {ns}.abs(vectors).argmax(axis=0)[None, :], axis=0)
    return vectors * {ns}.where(tops < 0, -1.0, 1.0)"""
SOLUTIONS = {
    "sylvester": """def sylvester(a, b, c):
    # x with a x + x b = c
    m, n = c.shape
    whole = {ns}.kron({ns}.eye(n), a) + {ns}.kron(b.T, {ns}.eye(m))
    return {ns}.linalg.solve(whole, c.T.reshape(-1)).reshape(n, m).T""",
    "unvec": """def unvec(v, m, n):
    # the matrix whose columns v stacks
    return v.reshape(n, m).T""",
    "eigvec_max": """def eigvec_max(a, b=None):
    return eigenvectors(a, b)[:, -1]""",
    "eigvec_min": """def eigvec_min(a, b=None):
    return eigenvectors(a, b)[:, 0]""",
    "eigvecs_max": """def eigvecs_max(a, *rest):
    return eigenvectors(a, *rest[:-1])[:, ::-1][:, : rest[-1]]""",
    "eigvecs_min": """def eigvecs_min(a, *rest):
    return eigenvectors(a, *rest[:-1])[:, : rest[-1]]""",
    "polar": """def polar(a):
    # u vᵀ of the singular value decomposition a = u diag(s) vᵀ
    u, _, v = {ns}.linalg.svd(a, full_matrices=False)
    return u @ v""",
}


def solution_texts(needs: set[str], namespace: str) -> list[str]:
    """Return the functions that code needs, each before those that call it."""
    used = [name for name in SOLUTIONS if name in needs]
    shared = [ORDERED] if any([name.startswith("eigvec") for name in used]) else []
    return [text.replace("{ns}", namespace) for text in [*shared, *[SOLUTIONS[name] for name in used]]]
