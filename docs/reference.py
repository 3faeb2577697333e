"""The pages of reference, rules.md, commands.md and messages.md: made of mcalc's tables when MkDocs builds the site."""

from __future__ import annotations

from typing import Any

from mcalc.render.terminal import safe
from mcalc.shell.explain import PAGES
from mcalc.shell.reference import COMMANDS, ENVIRONMENT, EXITS, FILES, OTHER_WORDS
from mcalc.shell.rule_entries import Rule, table


def rules() -> str:
    """Return the page of all rules: formula, what it takes, where it bends, an example."""
    lines = [
        "# Rules",
        "",
        "`mcalc rules NAME` shows a rule with its example, derived on the spot, from the same table.",
        "",
    ]
    lines += ["| name | rule | where | formula | example |", "|---|---|---|---|---|"]
    lines += [_row([_names(rule), rule.rule, rule.place, rule.formula, rule.example]) for rule in table()]
    kinks = [rule for rule in table() if rule.kink or rule.domain]
    lines += ["", "## Kinks and domains", "", "| name | kink | defined |", "|---|---|---|"]
    return "\n".join([*lines, *[_row([rule.name, rule.kink, rule.domain], code=(0,)) for rule in kinks], ""])


def _names(rule: Rule) -> str:
    return ", ".join([rule.name, *rule.also])


def _row(cells: list[str], code: tuple[int, ...] = (0, 3, 4)) -> str:
    said = [safe(cell).replace("|", "\\|") for cell in cells]
    return f"| {' | '.join([f'`{cell}`' if cell and place in code else cell for place, cell in enumerate(said)])} |"


def commands() -> str:
    """Return the page of all commands and options."""
    lines = ["# Commands", "", "`mcalc COMMAND --help` and `man mcalc` say the same.", ""]
    for name, command in COMMANDS.items():
        other = [word for word, same in OTHER_WORDS.items() if same[0] == name]
        usage = f"mcalc {name} {command.operands}".rstrip()
        lines += [f"## mcalc {name}", "", f"`{usage}`", "", command.paragraphs, ""]
        lines += [f"Other words: {', '.join([f'`{word}`' for word in other])}.", ""] if other else []
        if command.takes:
            lines += ["| option | what it does |", "|---|---|"]
            for row in command.takes:
                lines.append(_row([f"{', '.join(row.spellings)} {row.value}".strip(), row.says], code=(0,)))
            lines.append("")
    lines += [
        "## Exit status",
        "",
        "| status | meaning |",
        "|---|---|",
        *[f"| {code} | {meaning} |" for code, meaning in EXITS.items()],
        "",
    ]
    lines += ["## Environment and files", "", "| name | what it says |", "|---|---|"]
    return "\n".join(
        [*lines, *[_row([name, words], code=(0,)) for name, words in {**ENVIRONMENT, **FILES}.items()], ""]
    )


def messages() -> str:
    """Return the page of the codes of mistakes, and of topics."""
    lines = ["# Messages", "", "`mcalc explain CODE` shows these, with the example run on the spot.", ""]
    for name, page in PAGES.items():
        lines += [f"## {name}", "", f"*{page.title}*", "", page.text, ""]
        lines += ["```sh", page.command, "```", ""] if page.command else []
        lines += [page.remedy, ""]
    return "\n".join(lines)


MADE = {"rules.md": rules, "commands.md": commands, "messages.md": messages}
"""Each page with what makes it."""


def on_files(files: Any, config: Any) -> Any:
    """Add the pages to the site: a hook of MkDocs."""
    from mkdocs.structure.files import File

    for name, make in MADE.items():
        files.append(File.generated(config, name, content=make()))
    return files
