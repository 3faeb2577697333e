"""R's spelling of matrices: %*%, which is a matrix product, t and solve."""

from __future__ import annotations

import re

from mcalc.notation.pastes.draft import Draft, closing

PRODUCT = "%*%"
"""R's sign of a matrix product."""
_CHAIN = re.compile(r"(?<=[*/])\s*(?=[\w.(])")
_OF_R = re.compile(r"(?<![\w.])(t|solve)\(")
_NAMED = re.compile(r"\s*[\w.]+|\s+(?=\()")
_FOLLOWED = re.compile(r"'?(?:\s*\^\s*[\w.]+)?(\s*%\*%)?")
_MOST = 500
"""As many brackets, or products, as a line of R may have."""
_ENTRYWISE = re.compile(r"(?<![\w.%])([A-Z])\s*\*(?![*%])")


def rewritten(draft: Draft) -> None:
    """Write R's ``t(x) %*% A %*% x`` as x' @ A @ x; %*% holds more tightly than the * and / before it."""
    if max(draft.text.count("("), draft.text.count(PRODUCT)) > _MOST:
        return
    place = 0
    while (found := _OF_R.search(draft.text, place)) is not None:
        end = closing(draft.text, found.end() - 1)
        if end < 0:
            return
        place = found.start() + 1
        if found[1] == "solve":
            several = "," in draft.text[found.end() : end]
            draft.replace(found.start(1), found.end(1), "solve" if several else "inv")
        else:
            draft.replace(end + 1, end + 1, "'")
            draft.replace(found.start(1), found.end(1), "")
    draft.rewrite(_ENTRYWISE, lambda match: f"{match[1]} .*")
    place = 0
    while (found := _CHAIN.search(draft.text, place)) is not None:
        place = found.end() + 1
        end = _chain_end(draft.text, found.end())
        if PRODUCT in draft.text[found.end() : end]:
            draft.replace(end, end, ")")
            draft.replace(found.end(), found.end(), "(")
    draft.rewrite(re.compile(r"%\*%"), lambda match: "@")
    draft.note("%*% is the matrix product, and * of a matrix is entry by entry, as in R")


def _chain_end(text: str, place: int) -> int:
    """Return where a chain of %*% ends that begins at a place: names and calls, with brackets, primes and powers."""
    while True:
        named = _NAMED.match(text, place)
        place = place if named is None else named.end()
        while text[place : place + 1] in ("(", "[") and (end := closing(text, place)) >= 0:
            place = end + 1
        following = _FOLLOWED.match(text, place)
        if following is None or not following[1]:
            return place if following is None else following.end()
        place = following.end()
