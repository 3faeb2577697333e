"""The way in for LaTeX, loaded when there is some: a statement, a paste of several, a file of macros."""

from __future__ import annotations

from mcalc.notation.latex.document import split_latex
from mcalc.notation.latex.macros import read_macros
from mcalc.notation.latex.normalise import normalise

__all__ = ["normalise", "read_macros", "split_latex"]
