r"""The closed registry of commands: an entry says the kind of a command, what it stands for, and its arguments.

Functions are not listed: a command is a function where a row of the operator table has it as its `latex` or as a
spelling, so that a new row needs no word here. Greek letters come from the table of names.
"""

from __future__ import annotations

from typing import NamedTuple

from mcalc.errors import closest
from mcalc.notation.surface.tex import Tex
from mcalc.notation.surface.words import ALIASES, GREEK, LOWER, is_function
from mcalc.operators import FUNCTIONS, TABLE


class Entry(NamedTuple):
    """What a command is: its kind, its value for that kind, and how many arguments it takes."""

    kind: str
    value: str = ""
    arguments: int = 0


REGISTRY: dict[str, Entry] = {}


def enter(kind: str, names: str, value: str = "", arguments: int = 0) -> None:
    """Enter commands of one kind; ``name=value`` gives one a value of its own."""
    for name in names.split():
        own, sign, other = name.partition("=") if len(name) > 1 else (name, "", "")
        REGISTRY[own] = Entry(kind, other if sign else value, arguments)


# what is not seen
enter("space", r""", ; ! : > / - thinspace medspace thickspace negthinspace enspace enskip displaystyle textstyle
    scriptstyle limits nolimits nonumber notag allowbreak nobreak noindent centering hfill hfil mathstrut strut relax
    null smallskip medskip bigskip newline par mathord mathbin mathrel mathopen mathclose mathinner mathpunct
    ensuremath protect normalsize small large Large boxed mathchoice italic qed vphantom* big Big bigg Bigg bigl bigr
    bigm Bigl Bigr Bigm biggl biggr biggm Biggl Biggr Biggm hskip kern mkern smash cancel fbox hline
    middle""")  # fmt: skip
REGISTRY[" "] = Entry("space")
enter("quad", "quad qquad")
enter("drop", "label tag tag* hspace vspace phantom hphantom vphantom color footnote intertext cite", arguments=1)
enter("passed", "textcolor colorbox", arguments=1)
enter("explained", "underbrace overbrace")
# letters and what stands on them
for command, letter in GREEK.items():
    enter("letter", command, letter)
enter("letter", "ell=ℓ imath=i jmath=j varpi=π varsigma=σ varkappa=κ upalpha=α upbeta=β upmu=μ uplambda=λ hbar=ħ")
enter("font", "mathbf bold bm boldsymbol pmb mathbfit symbf mathbfsf textbf", "bold", 1)
enter("font", "mathrm mathsf mathtt mathit operatorname operatorname* textsf texttt textit", "upright", 1)
enter("font", "mathcal mathscr mathfrak mathnormal", "script", 1)
enter("font", "mathbb mathds mathbbm", "open", 1)
enter("text", "text textrm mbox hbox textnormal textup textsc", "upright", 1)
enter("switch", "bf=bold bfseries=bold rm=upright sf=upright tt=upright it=upright cal=script")
enter("accent", """hat=hat widehat=hat bar=bar overline=bar tilde=tilde widetilde=tilde dot=dot check=check breve=breve
    acute=acute grave=grave ddot=ddot mathring=ring vec=→ overrightarrow=→""", arguments=1)  # fmt: skip
# signs, each with its spelling in mcalc's own notation
enter("sign", """cdot=· cdotp=· bullet=· times=× ast=∗ odot=⊙ boxdot=⊙ hadamard=⊙ otimes=⊗ circ=∘ oslash=⊘ div=/
    slash=/ oplus=⊕ ominus=⊖ le=≤ leq=≤ leqslant=≤ ge=≥ geq=≥ geqslant=≥ ne=≠ neq=≠ lt=< gt=>
    succ=≻ succeq=⪰ prec=< preceq=≤ land=and wedge=and lor=or vee=or colon=: in=∈ forall=∀""")  # fmt: skip
for command in ("triangleq", "coloneqq", "coloneq", "equiv", "eqdef", "doteq"):
    REGISTRY[command] = Entry("sign", "=")
enter("mark", "top intercal transpose trans tran T transp trp tp", "⊤")
enter("open", "{={ lbrace={ langle=⟨ lbrack=[ lparen=( lfloor=floor(")
enter("shut", "}=} rbrace=} rangle=⟩ rbrack=] rparen=) rfloor=floor)")
enter("bar", "vert=| lvert=| rvert=| |=‖ Vert=‖ lVert=‖ rVert=‖")
# structures
enter("sized", "left right")
enter("fraction", "frac dfrac tfrac cfrac nicefrac sfrac", arguments=2)
enter("over", "over")
enter("root", "sqrt", arguments=1)
enter("bars", "norm=‖ abs=|", arguments=1)
enter("big", "sum=∑ prod=∏")
enter("partial", "partial")
enter("nabla", "nabla triangledown")
enter("stack", "underset overset stackrel", arguments=2)
enter("stack", "mathop", arguments=1)
enter("environment", "begin end")
enter("row", r"\ cr tabularnewline")
enter("head", "min max argmin argmax arg inf sup")
enter("escaped", "_ *")
# what says no expression, by reason
REASONS = {
    "a statement about distributions": "sim mid Pr perp",
    "an approximation or proportionality, which says no value": "approx propto simeq cong asymp",
    "an integral": "int iint oint",
    "a limit": "lim limsup liminf",
    "a statement about all values": "exists implies iff Rightarrow Leftrightarrow",
    "a map, not its value": "to rightarrow mapsto leftarrow gets longrightarrow",
    "written with dots, which leave out what is meant": "ldots dots cdots vdots ddots dotsc dotsb",
    "more than mcalc reads": """infty notin ni prime subset subseteq cup cap bigcup bigcap setminus
        ll gg pm mp leftrightarrow parallel bigotimes bigoplus bmod pmod mod because therefore gcd dim ker
        hom deg binom dbinom lceil rceil Longrightarrow emptyset not underline xrightarrow backslash models vdash angle
        Re Im binomial substack choose atop dagger ddagger star""",
    "no expression": "eqref ref % & $ #",
}  # fmt: skip
for reason, commands in REASONS.items():
    for command in commands.split():
        REGISTRY[command] = Entry("refused", reason)

BY_LATEX = {
    row.latex[1:]: next(s for s in row.spellings if s.isascii())
    for row in TABLE.values()
    if row.spellings and row.latex[:1] == "\\" and row.latex[1:].isalpha() and row.latex[1:] not in GREEK
}
UNKNOWN = Entry("unknown")

ENVIRONMENTS: dict[str, tuple[str, str, str]] = {}
"""Each environment that is read: its kind, and what stands before and behind it."""


def surround(kind: str, names: str, before: str = "", behind: str = "") -> None:
    """Enter environments of one kind, with a star and without."""
    for name in names.split():
        ENVIRONMENTS[name] = ENVIRONMENTS[name + "*"] = (kind, before, behind)


surround("cases", "cases dcases rcases numcases", "{", "}")
surround("matrix", "matrix bmatrix pmatrix smallmatrix bsmallmatrix psmallmatrix Bmatrix array tabular", "[", "]")
surround("matrix", "vmatrix", "det ( [", "] )")
surround("matrix", "Vmatrix", "‖ [", "] ‖")
surround("lines", """equation align aligned alignat alignedat gather gathered split multline eqnarray displaymath math
    flalign subequations dmath IEEEeqnarray multlined""")  # fmt: skip
SPECIFIED = frozenset(("array", "alignat", "alignedat", "alignat*", "alignedat*", "tabular", "IEEEeqnarray"))
"""Environments that say in an argument how their columns stand."""


def function_of(word: str) -> str | None:
    r"""Return the function that a command or an upright word is, in any case and under its other names, or None.

    >>> function_of("Tr"), function_of("ReLU"), function_of("arcsin"), function_of("loss")
    ('tr', 'ReLU', 'asin', None)
    """
    if word in BY_LATEX:
        return BY_LATEX[word]
    if word.isascii() and is_function(word) and len(word) > 1 and word not in ("diff", "Var"):
        return word
    if len(word) > 1 and word != "Var":
        alias = ALIASES.get(word, "")
        return alias if alias in FUNCTIONS else LOWER.get(word.lower().replace("-", "").replace("_", ""))
    return None


def lookup(command: str) -> Entry:
    r"""Return the entry of a command; a function of the operator table has one without being listed.

    >>> lookup("odot"), lookup("logdet"), lookup("qqqq").kind
    (Entry(kind='sign', value='⊙', arguments=0), Entry(kind='function', value='logdet', arguments=0), 'unknown')
    """
    found = REGISTRY.get(command)
    if found is None:
        function = function_of(command)
        found = Entry("function", function) if function else UNKNOWN
    return found


def entry_of(token: Tex) -> Entry:
    """Return the entry of a command; any other token is of its own kind, and stands for its text."""
    return lookup(token.text) if token.kind == "command" else Entry(token.kind, token.text)


def sign_of(token: Tex) -> str:
    """Return the sign that a token is, or the first of what a command stands for; a space for all else."""
    if token.kind == "command":
        return lookup(token.text).value[:1] or " "
    return token.text if token.kind == "other" else " "


def did_you_mean(command: str) -> str:
    r"""Return the known command that is closest to an unknown one, or how to define it.

    >>> did_you_mean("lamda"), did_you_mean("qqqqqq")
    ('did you mean \\lambda?', 'define it with \\newcommand, or in a file given with --macros')
    """
    names = {*REGISTRY, *BY_LATEX, *[name for name in FUNCTIONS if name.isascii() and name.isalpha()]}
    close = closest(command[:40], sorted(names), 1, 0.75)
    if len(command) == 1:
        return rf"define it with \newcommand; MATLAB's A\{command} is inv(A) {command}"
    return f"did you mean \\{close[0]}?" if close else r"define it with \newcommand, or in a file given with --macros"
