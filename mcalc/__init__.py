"""mcalc, a calculator for the derivatives of matrix calculus.

>>> import mcalc
>>> mcalc.derive("max(0, w·x + b)", wrt="w").text
'{0⃗ᵀ if w · x + b ≤ 0; xᵀ if w · x + b > 0}'

Importing it costs next to nothing: what a name needs is loaded when the name is first used.
"""

from __future__ import annotations

TYPE_CHECKING = False  # the `typing` module is slow to import, and checkers know this spelling
if TYPE_CHECKING:
    from mcalc.api import check, derive, parse
    from mcalc.checking.verdict import Verdict
    from mcalc.derivative import Derivative
    from mcalc.errors import Mistake
    from mcalc.results import Expression
    from mcalc.solving.public import maximise, minimise, solve

__all__ = [
    "Derivative",
    "Expression",
    "Mistake",
    "Verdict",
    "check",
    "derive",
    "maximise",
    "minimise",
    "parse",
    "solve",
]
__version__ = "0.1.0"

_HOMES = {
    "Derivative": "mcalc.derivative",
    "Expression": "mcalc.results",
    "Mistake": "mcalc.errors",
    "Verdict": "mcalc.checking.verdict",
    "check": "mcalc.api",
    "derive": "mcalc.api",
    "load_ipython_extension": "mcalc.notebook",
    "maximise": "mcalc.solving.public",
    "minimise": "mcalc.solving.public",
    "parse": "mcalc.api",
    "solve": "mcalc.solving.public",
}


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'mcalc' has no attribute {name!r}")
    # Not importlib.import_module: that is one more module to load.
    value: object = getattr(__import__(home, fromlist=[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
