"""The one precedence table of the printers: how tightly the text of an expression holds together.

A template says at which level its text stands; whoever prints it as a part asks for a level, and parentheses are put
where the text is looser than that.
"""

from __future__ import annotations

TOP = 0
OR = 1
AND = 2
COMPARE = 3
ADD = 4
NEG = 5
"""A sum's first term may begin with a minus sign; nothing else takes one without parentheses."""
OPEN = 6
"""A term that ends in the body of a Σ or a ∂/∂x, which would swallow what follows in its product."""
ELEMENTWISE = 7
PRODUCT = 8
POWER = 9
"""A power, a transpose, an inverse, braces: a factor as it stands, but no base of another superscript."""
ATOM = 10
WHOLE = 11
"""Parentheses whatever it is."""
