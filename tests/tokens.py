"""How long a form is to a reader: its tokens, in Unicode or in ASCII.

A token is a name, a number, an operator or a bracket; a transpose, an inverse and a power count one each; what only
steers layout counts nothing.
"""

from __future__ import annotations

import re

TOKEN = re.compile(r"\d+(?:\.\d+)?|[^\W\d_]\w*|_|\S")
LIMIT = 1.1


def tokens(text: str) -> int:
    """Return how many tokens a form takes, in Unicode or in ASCII.

    A blank that multiplies is no token, and so neither is the sign * in its place.
    """
    plain = text
    for sign in ("'", ".T", "^T"):
        plain = plain.replace(sign, "ᵀ")
    plain = re.sub(r"\^\(?-1\)?|\binv\(([A-Za-z]\w*)\)", lambda m: (m[1] or "") + "⁻¹", plain)
    plain = plain.replace("⁻¹", " INV ").replace("⁻ᵀ", " INV TR ").replace("ᵀ", " TR ").replace("1⃗", " ones ")
    plain = re.sub(r"[⁰¹²³⁴-⁹]+", " POW ", plain)
    plain = re.sub(r"\.?\^ ?(\d+)|\*\* ?(\d+)", " POW ", plain)
    plain = plain.replace(".*", "⊗").replace("./", "⊘").replace("||", "‖")
    plain = re.sub(r"(?<![.*])\*(?!\*)", " ", plain)
    plain = re.sub(r"[ₐ-ₜ₀-₉ᵢⱼ]+", "", plain)
    return len(TOKEN.findall(plain))
