r"""The closed table of commands: what each stands for in mcalc's notation.

Functions are not listed: a command is a function where a row of the operator table has it as its `latex` or as a
spelling, so that a new row needs no word here. Greek letters come from the table of names.
"""

from __future__ import annotations

from difflib import get_close_matches

from mcalc.notation.words import ALIASES, GREEK, is_function
from mcalc.operators import FUNCTIONS, TABLE

SPACING = frozenset((
    ",", ";", "!", ":", ">", " ", "/", "quad", "qquad", "thinspace", "medspace", "thickspace", "negthinspace",
    "enspace", "enskip", "displaystyle", "textstyle", "scriptstyle", "limits", "nolimits", "nonumber", "notag",
    "allowbreak", "nobreak", "noindent", "centering", "hfill", "hfil", "mathstrut", "strut", "relax", "null",
    "smallskip", "medskip", "bigskip", "newline", "par", "mathord", "mathbin", "mathrel", "mathop", "mathopen",
    "mathclose", "mathinner", "mathpunct", "ensuremath", "protect", "normalsize", "small", "large", "Large", "boxed",
    "mathchoice", "italic", "left.", "-", "qed", "!", "vphantom*",
))  # fmt: skip
"""Commands that change how a formula looks and not what it says; of one with an argument, the argument stays."""
DROPPED = {
    "label": 1, "tag": 1, "tag*": 1, "hspace": 1, "vspace": 1, "phantom": 1, "hphantom": 1, "vphantom": 1,
    "color": 1, "footnote": 1, "hskip": 0, "kern": 0, "mkern": 0, "smash": 0, "intertext": 1, "cite": 1,
}  # fmt: skip
"""Commands that are left out with so many arguments."""
PASSED = {"textcolor": 1, "colorbox": 1, "underbrace": 0, "overbrace": 0, "cancel": 0, "fbox": 0}
"""Commands of which only the argument after so many others counts; what stands below or above a brace explains it."""
SIZES = frozenset((
    "big", "Big", "bigg", "Bigg", "bigl", "bigr", "bigm", "Bigl", "Bigr", "Bigm", "biggl", "biggr", "biggm", "Biggl",
    "Biggr", "Biggm", "middle",
))  # fmt: skip
"""Sizes of brackets, which pair nothing."""
FONTS = {
    "mathbf": "bold", "bm": "bold", "boldsymbol": "bold", "pmb": "bold", "mathbfit": "bold", "symbf": "bold",
    "bf": "bold", "bfseries": "bold", "textbf": "bold", "mathbfsf": "bold",
    "mathrm": "upright", "text": "upright", "textrm": "upright", "rm": "upright", "mathsf": "upright",
    "textsf": "upright", "sf": "upright", "mathtt": "upright", "texttt": "upright", "tt": "upright",
    "mathit": "upright", "textit": "upright", "it": "upright", "textnormal": "upright", "textup": "upright",
    "mbox": "upright", "hbox": "upright", "textsc": "upright", "operatorname": "upright", "operatorname*": "upright",
    "mathcal": "script", "mathscr": "script", "mathfrak": "script", "cal": "script", "mathbb": "open",
    "mathds": "open", "mathbbm": "open", "mathnormal": "script",
}  # fmt: skip
TEXTUAL = frozenset(("text", "textrm", "mbox", "hbox", "textnormal", "textup", "textit", "textsf", "textbf", "textsc"))
"""Fonts that also stand for words between formulas."""
SWITCHES = frozenset(("bf", "rm", "sf", "tt", "it", "cal", "bfseries"))
"""Fonts that hold from where they stand to the end of the group."""
ACCENTS = {
    "hat": "hat", "widehat": "hat", "bar": "bar", "overline": "bar", "tilde": "tilde", "widetilde": "tilde",
    "dot": "dot", "check": "check", "breve": "breve", "acute": "acute", "grave": "grave", "ddot": "ddot",
    "mathring": "ring",
}  # fmt: skip
"""Accents, each with what it adds to a name."""
VECTORS = frozenset(("vec", "overrightarrow"))
LETTERS = {
    **GREEK, "ell": "ℓ", "imath": "i", "jmath": "j", "varpi": "π", "varsigma": "σ", "varkappa": "κ",
    "upalpha": "α", "upbeta": "β", "upmu": "μ", "uplambda": "λ",
}  # fmt: skip
SIGNS = {
    "cdot": "·", "cdotp": "·", "bullet": "·", "times": "×", "ast": "∗", "odot": "⊙", "otimes": "⊗", "circ": "∘",
    "oslash": "⊘", "div": "/", "pm": "", "oplus": "+", "ominus": "-", "le": "≤", "leq": "≤", "leqslant": "≤",
    "ge": "≥", "geq": "≥", "geqslant": "≥", "ne": "≠", "neq": "≠", "lt": "<", "gt": ">", "land": "and", "wedge": "and",
    "lor": "or", "vee": "or", "lbrack": "[", "rbrack": "]", "lparen": "(", "rparen": ")", "colon": ":",
    "langle": "⟨", "rangle": "⟩", "triangleq": "=", "coloneqq": "=", "coloneq": "=", "equiv": "=",
    "eqdef": "=", "doteq": "=", "in": "∈", "slash": "/", "backslash": "", "sum": "∑", "prod": "∏", "partial": "∂",
    "nabla": "∇", "boxdot": "⊙", "hadamard": "⊙", "lbrace": "{", "rbrace": "}", "{": "{", "}": "}",
    "vert": "|", "lvert": "|", "rvert": "|", "|": "‖", "Vert": "‖", "lVert": "‖", "rVert": "‖",
    "lfloor": "floor(", "rfloor": ")",
}  # fmt: skip
TRANSPOSES = frozenset(("top", "intercal", "transpose", "trans", "tran"))
REFUSED = {
    "min": "", "max": "", "argmin": "", "argmax": "", "arg": "", "sup": "", "inf": "", "lim": "", "limsup": "",
    "liminf": "", "int": "", "iint": "", "oint": "", "sim": "", "mid": "", "approx": "", "propto": "", "simeq": "",
    "forall": "", "exists": "", "to": "", "rightarrow": "", "Rightarrow": "", "implies": "", "iff": "",
    "mapsto": "", "subset": "", "subseteq": "", "cup": "", "cap": "", "ldots": "", "dots": "", "cdots": "",
    "vdots": "", "ddots": "", "infty": "", "perp": "", "pm": "", "mp": "", "notin": "", "Pr": "", "bigcup": "",
    "bigcap": "", "setminus": "", "succ": "", "succeq": "", "prec": "", "preceq": "", "ll": "", "gg": "",
    "leftarrow": "", "gets": "", "Leftrightarrow": "", "leftrightarrow": "", "cong": "", "parallel": "",
    "bigotimes": "", "bigoplus": "", "bmod": "", "pmod": "", "mod": "", "dagger": "", "star": "", "because": "",
    "therefore": "", "gcd": "", "dim": "", "ker": "", "hom": "", "deg": "", "binom": "", "dbinom": "", "hline": "",
    "lceil": "", "rceil": "", "longrightarrow": "", "Longrightarrow": "", "ddagger": "", "emptyset": "",
    "not": "", "dotsc": "", "dotsb": "", "Vmatrix": "", "underline": "", "xrightarrow": "", "prime": "",
    "backslash": "", "asymp": "", "models": "", "vdash": "", "angle": "", "Re": "", "Im": "", "hbar": "",
    "binomial": "", "underset": "", "overset": "", "stackrel": "", "substack": "",
}  # fmt: skip
"""Commands that are known and say something that is no expression to differentiate."""
STRUCTURES = frozenset((
    "frac", "dfrac", "tfrac", "cfrac", "nicefrac", "sfrac", "sqrt", "left", "right", "begin", "end", "\\", "cr",
    "underset", "overset", "stackrel", "vec", "overrightarrow", "norm", "abs", "eqref", "ref", "%", "&", "$", "#", "_",
))  # fmt: skip
FRACTIONS = frozenset(("frac", "dfrac", "tfrac", "cfrac", "nicefrac", "sfrac"))
_BY_LATEX = {
    row.latex[1:]: next(s for s in row.spellings if s.isascii())
    for row in TABLE.values()
    if row.spellings and row.latex[:1] == "\\" and row.latex[1:].isalpha() and row.latex[1:] not in GREEK
}
_LOWER = {name.lower().replace("_", ""): name for name in FUNCTIONS if name.isascii()}


def function_of(word: str) -> str | None:
    r"""Return the function that a command or an upright word is, in any case and under its other names, or None.

    >>> function_of("Tr"), function_of("ReLU"), function_of("arcsin"), function_of("loss")
    ('tr', 'ReLU', 'asin', None)
    """
    if word in _BY_LATEX:
        return _BY_LATEX[word]
    if word.isascii() and is_function(word) and len(word) > 1 and word != "diff":
        return word
    if len(word) > 1:
        alias = ALIASES.get(word, "")
        if alias in FUNCTIONS:
            return alias
        return _LOWER.get(word.lower().replace("-", "").replace("_", ""))
    return None


def known() -> set[str]:
    """Return all commands that are known."""
    return {
        *SPACING, *DROPPED, *PASSED, *SIZES, *FONTS, *ACCENTS, *LETTERS, *SIGNS, *TRANSPOSES, *REFUSED, *STRUCTURES,
        *_BY_LATEX, *[name for name in FUNCTIONS if name.isascii() and name.isalpha()],
    }  # fmt: skip


def did_you_mean(command: str) -> str:
    r"""Return the known command that is closest to an unknown one, or how to define it.

    >>> did_you_mean("lamda"), did_you_mean("qqqqqq")
    ('did you mean \\lambda?', 'define it with \\newcommand, or in a file given with --macros')
    """
    close = get_close_matches(command[:40], sorted(known()), 1, 0.6)
    return f"did you mean \\{close[0]}?" if close else r"define it with \newcommand, or in a file given with --macros"
