r"""Sums and products over an index: the sign with its limits, and Σ or \Sigma typed in its place."""

from __future__ import annotations

from mcalc.errors import clip
from mcalc.notation.latex.letters import collect, text_of
from mcalc.notation.latex.registry import entry_of, lookup
from mcalc.notation.latex.state import State
from mcalc.notation.surface.mistakes import mistake_at
from mcalc.notation.surface.tex import Tex, fail
from mcalc.notation.surface.words import INDICES

LETTERS = {"Σ": "sum", "Sigma": "sum", "Π": "prod", "Pi": "prod"}
_ENDING = frozenset(("+", "-", "−", "=", ",", ";"))


def big(p: State, token: Tex) -> None:
    """Put a sum or a product over an index, with its limits."""
    p.place += 1
    found = collect(p)
    if found.sub is None or found.primes:
        hint = rf"write {token.shown}_{{i=1}}^{{n}}"
        mistake = fail(f"{token.shown} over which index?", token, label="no index", hint=hint)
        if found.primes or found.sup is not None:
            p.add("REFUSED", token.text, token, None, mistake)
        else:  # an index may stand below the names behind it
            p.add("BIG", lookup(token.text).value, token, None, mistake)
        return
    lower = text_of(p, *found.sub)
    if ":" in lower or "|" in lower[1:-1]:
        said = "a sum over the values that fulfil a condition is not read"
        hint = r"multiply by an indicator: \sum_{i=1}^{n} \mathbf{1}[y_i = 1] x_i"
        raise mistake_at("E-UNSUPPORTED", said, (token, found.last), "which values?", hint)
    if lower[:1] == "(" and lower[-1:] == ")":
        lower = lower[1:-1]
    if 1 < len(lower) <= 3 and lower.isalpha():
        lower = ",".join(lower)
    p.add("BIG", lookup(token.text).value, token, p.tokens[found.sub[0] - 1])
    p.sub(lower, found.last)
    p.place = found.place
    if found.sup is not None:
        p.enter(*found.sup, "^{", "}", found.place)


def running_indices(p: State) -> set[str]:
    """Return the letters that sums and products run over, wherever they stand in the formula."""
    found: set[str] = set()
    tokens = p.tokens
    for place, token in enumerate(tokens):
        if token.is_command("sum", "prod"):
            for at in range(place + 1, min(place + 10, len(tokens))):
                if tokens[at].kind == "sub":
                    start, end, _ = p.argument(at + 1, tokens[at])
                    letters = [t for t in tokens[start : min(end, start + 12)] if t.kind == "letter"]
                    found.update([t.text for t in letters[:2]])
                    break
    return found


def name_signs(p: State) -> None:
    r"""Let Σ or \Sigma be the sign of a sum where a limit stands below it, Σ also before what has its index.

    Raises:
        Mistake: `E-AMBIG`, where what follows \Sigma_i has that index, or \Sigma stands before a square: a matrix it
            is, or typed for the sign.
    """
    tokens = p.tokens
    for place, token in enumerate(tokens[:-1]):
        sign = LETTERS.get(token.text)
        letter = "Σ" if sign == "sum" else "Π"
        if sign is None or any([name.partition("_")[0] == letter for name in p.known]):
            continue
        following = tokens[place + 1]
        limited, index, shown = False, "", token.shown
        if following.kind == "sub":
            start, end, after = p.argument(place + 2, following)
            limited = any([t.is_other("=") or t.is_command("in") for t in tokens[start:end]])
            index = tokens[start].text if end == start + 1 else ""
            shown = p.text[token.start : tokens[max(after - 1, place)].end]
            runs = index in INDICES and _runs(p, index, after)
        else:
            runs = following.kind == "left" and _is_square_of_indexed(p, place + 1)
        what = "sum" if sign == "sum" else "product"
        if limited or (runs and token.kind == "letter"):
            tokens[place] = Tex("command", sign, token.start, token.end, token.macros, glued=token.glued)
            p.note(f"{clip(shown)} is read as a {what}")
        elif runs and _begins_term(p, place) and not any([index and n.endswith(f"_{index}") for n in p.known]):
            name = letter + f"_{index}" * bool(index)
            hint = (
                rf"write \{sign}_{index or 'i'} for the {what}; for a matrix declare it: --where '{name}: R^{{n x n}}'"
            )
            raise mistake_at("E-AMBIG", f"{clip(shown)} has two readings", token, "a sign or a matrix?", hint)


def _is_square_of_indexed(p: State, opening: int) -> bool:
    """Say whether brackets with an index below a name in them are raised to a power: (y_i - ŷ_i)^2."""
    closing = p.match[opening]
    below = [p.argument(k + 1, p.tokens[k])[0] for k in range(opening, closing) if p.tokens[k].kind == "sub"]
    indexed = any([p.tokens[start].text in INDICES for start in below])
    return indexed and closing + 1 < len(p.tokens) and p.tokens[closing + 1].kind == "sup"


def _begins_term(p: State, place: int) -> bool:
    """Say whether nothing but a number or a fraction stands before a place in its term."""
    before = p.tokens[place - 1] if place else None
    if before is None or before.kind != "close":
        return before is None or not (before.kind in ("letter", "right", "prime") or entry_of(before).kind == "letter")
    opening = next((k for k, closing in p.match.items() if closing == place - 1), 0)
    return opening == 0 or p.tokens[opening - 1].kind not in ("sup", "sub")  # x^{T} \Sigma_i


def _runs(p: State, index: str, place: int) -> bool:
    r"""Say whether a name in the term that begins at a place has an index, below or in brackets above: x_i, x^{(i)}."""
    depth = 0
    if place < len(p.tokens) and p.tokens[place].kind in ("sup", "right", "close", "sub", "cell", "end"):
        return False  # \Sigma_k^{-1}, a covariance
    for k in range(place, len(p.tokens)):
        token = p.tokens[k]
        depth += (token.kind in ("open", "left")) - (token.kind in ("close", "right"))
        if depth < 0 or (not depth and token.text in _ENDING):
            return False
        if token.kind in ("sub", "sup") and k + 1 < len(p.tokens):
            start, end, _ = p.argument(k + 1, token)
            inside = "".join([t.text for t in p.tokens[start : min(end, start + 4)]])
            if inside.strip("()") == index and (token.kind == "sub" or inside != index):
                return True
    return False
