"""`mcalc completion`: the scripts, typer's, that make shells ask mcalc what a word may become."""

from __future__ import annotations

import os

from typer._completion_shared import get_completion_script, install

from mcalc.errors import Mistake
from mcalc.shell.output import Output

SHELLS = ("bash", "zsh", "fish", "powershell")
VARIABLE = "_MCALC_COMPLETE"
"""The variable in which a shell asks, such as complete_bash."""


def completion(shell: str | None, *, into_profile: bool) -> int:
    """Print the script that makes a shell complete mcalc, or put it where the shell finds it."""
    name = shell or os.path.basename(os.environ.get("SHELL", ""))
    if name not in SHELLS:
        said = f"there is no completion for {name}" if name else "which shell?"
        raise Mistake("E-USAGE", said, hint=f"mcalc completion {'|'.join(SHELLS)}")
    output = Output.of_process()
    if into_profile:
        try:
            _, path = install(shell=name, prog_name="mcalc", complete_var=VARIABLE)
        except OSError as trouble:
            raise Mistake("E-FILE", f"cannot write {trouble.filename}: {trouble.strerror}") from trouble
        output.message(f"wrote {path}; it holds in new shells")
        return 0
    output.result(get_completion_script(prog_name="mcalc", complete_var=VARIABLE, shell=name))
    return 0
