"""Mutation: the program changed in one small thing at a time, to see that the tests of that module notice.

`python -m tests.mutation 300` changes mcalc in 300 places, as many in each area of `AREAS`, and runs the tests of
that area until one fails: those that reach the changed line, or use what it gives to its module, the quickest first. A
mutant that no test notices is printed. `--seed S` chooses other places, `--areas rules,shapes` some areas, `--modules
matcher` the files whose path has that in it, `--jobs 2` runs two at a time. The tests that a mutant is put to take
`--seconds 3` together; `--again FILE` puts those that an earlier run printed into a file, or that a file lists as
golden/survivors.txt does, to them once more: for longer, or after tests were written. What changes nothing that anyone
can see stands in golden/mutants.txt with the reason, and is not chosen.

Each mutant is a process of its own. What runs only when it is called is changed in a process in which mcalc and its
tests are loaded already; of what runs while mcalc is imported the changed module is imported in its place. On what is
not changed every test must pass, which is measured once for each test file (`tests/reaching.py`); so must the first
tests of each area, and each test that notices a mutant, in the way in which mutants are put to them. A test that takes
many times longer than it should, as one that hangs does, has noticed its mutant.
"""

from __future__ import annotations

import argparse
import ast
import fnmatch
import gc
import importlib
import importlib.util
import os
import random
import re
import signal
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, partial
from itertools import islice
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any, NamedTuple

import pytest

from tests.forks import Job, forked
from tests.mutants import Site, sites
from tests.reaching import PYTEST, ROOT, files, import_everything, known, lines_of, while_importing

EQUIVALENT = ROOT / "tests" / "golden" / "mutants.txt"
SURVIVORS = ROOT / "tests" / "golden" / "survivors.txt"
"""What the last long run did not notice, with reasons: it counts as unnoticed."""
PATIENCE, SLOWER = 2.0, 3.0
"""A test may take so many seconds more with a mutant, and be so many times slower."""
LONGEST = 120.0
FIRST, MOST = 3, 10
"""Where mcalc has to be imported anew, so many test files are loaded at first, and up to so many if nothing fails."""
PRELOADED = ("numpy", "numpy.testing", "lark", "rich.console", "typer", "coverage", "hypothesis", "pexpect", "pyte")
"""What mcalc and its tests import is loaded before any fork, so that it is paid for once."""
CALCULUS = (
    *("tests/test_calculus_simplified.py", "tests/test_calculus_rules.py", "tests/test_calculus_differentiate.py"),
    *("tests/test_calculus_*.py", "tests/test_operators*.py", "tests/test_golden.py", "tests/test_spectra.py"),
)
READING = (
    *("tests/test_notation_orders.py", "tests/test_notation_readings.py", "tests/test_notation_claims.py"),
    *("tests/test_notation_signs.py", "tests/test_notation_letters.py", "tests/test_notation_vocabulary.py"),
    *("tests/test_notation_splitting.py", "tests/test_notation_asked.py"),
    "tests/test_notation_[!lp]*.py",
    "tests/test_notation_*.py",
    "tests/test_questions.py",
    "tests/test_fresh.py",
    "tests/test_solving.py",
)
OPERATORS = (
    *(
        "tests/test_operators_rows.py",
        "tests/test_operators_applied.py",
        "tests/test_operators*.py",
        "tests/test_numeric_evaluate.py",
        "tests/test_spectra.py",
    ),
    *("tests/test_matrix_exponential.py", "tests/test_calculus_*.py", "tests/test_render_text.py"),
    *("tests/test_golden.py", "tests/test_notation_*.py"),
)
RULES = ("table", "matcher", "conditions", "of_products", "of_sums")


class Area(NamedTuple):
    """Modules, and the test files that a person would call theirs, as patterns; the likeliest first."""

    modules: tuple[str, ...]
    tests: tuple[str, ...]


AREAS = {
    "operators": Area(("mcalc/operators/*.py",), OPERATORS),
    "differentiate": Area(("mcalc/calculus/accumulate/differentiate.py",), CALCULUS),
    "rules": Area(tuple([f"mcalc/calculus/rules/{name}.py" for name in RULES]), CALCULUS),
    "shapes": Area(("mcalc/notation/shapes/*.py",), READING),
    "reader": Area(
        (
            *[f"mcalc/notation/{room}/*.py" for room in ("around", "names", "meaning", "statements")],
            *("mcalc/notation/surface/[!f]*.py", "mcalc/notation/splitting.py", "mcalc/notation/reading.py"),
        ),
        READING,
    ),
}


class Mutant(NamedTuple):
    """One change of one file of an area: the place of its site among those of the file; -1 for no change."""

    area: str
    path: str
    place: int
    site: Site

    @property
    def module(self) -> str:
        """The name of the module."""
        return self.path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")

    @property
    def text(self) -> str:
        """The line that is changed."""
        return lines_of(self.path)[self.site.line - 1].strip()

    @property
    def key(self) -> str:
        """What names the mutant in golden/mutants.txt, wherever in the file its line stands."""
        return f"{self.path} | {self.text} | {self.site.said}"

    def compiled(self) -> CodeType:
        """Return the changed module."""
        return compiled(self.path, self.tree())

    def tree(self) -> ast.Module:
        """Return what the changed module says."""
        tree = tree_of(self.path)
        if self.place >= 0:
            list(sites(tree))[self.place].change()
        return tree

    @property
    def function(self) -> ast.FunctionDef | None:
        """The function that is changed, the innermost one; None where the module is."""
        found = [node for node in self.statements if isinstance(node, ast.FunctionDef)]
        return found[-1] if found else None

    @property
    def statements(self) -> list[ast.stmt]:
        """The statements in which the change is, the outermost first."""
        tree, line = tree_of(self.path), self.site.line
        return [node for node in ast.walk(tree) if isinstance(node, ast.stmt) and node.lineno <= line <= _end(node)]

    def around(self) -> list[str]:
        """Return the lines of the function that is changed, or those in functions that use what a module is given.

        What is made of it while the module is imported, such as a table in which it stands, is looked for, too.
        """
        lines, node = lines_of(self.path), self.function
        if node is not None:
            return [said.strip() for said in lines[node.body[0].lineno - 1 : _end(node)]]
        given = [each for each in tree_of(self.path).body if isinstance(each, (ast.Assign, ast.AnnAssign))]
        names, met = set[str](), [self.statements[0]]
        while met:
            names |= _names_in(met, ast.Store)
            met = [
                one for one in given if _names_in([one], ast.Load) & names and not _names_in([one], ast.Store) <= names
            ]
        functions = [each for each in ast.walk(tree_of(self.path)) if isinstance(each, ast.FunctionDef)]
        inside = [said.strip() for each in functions for said in lines[each.lineno : _end(each)]]
        used = re.compile(rf"\b({'|'.join([re.escape(name) for name in names])})\b")
        return [said for said in inside if used.search(said)] if names else []

    @property
    def word(self) -> str:
        """The text that is changed, as the names of tests have it, if it is one."""
        before = self.site.before
        text = before.value if isinstance(before, ast.Constant) else None
        return text.encode("unicode_escape").decode() if isinstance(text, str) else ""

    @property
    def rows(self) -> list[str]:
        """The names of the rows of a table that a module makes where it is changed: the first words in calls."""
        calls = () if self.function else (each for each in ast.walk(self.statements[0]) if isinstance(each, ast.Call))
        first = [call.args[0].value for call in calls if call.args and isinstance(call.args[0], ast.Constant)]
        return [word for word in first if isinstance(word, str)]


def _end(node: ast.stmt) -> int:
    return node.end_lineno or node.lineno


def _names_in(statements: list[ast.stmt], use: type[ast.expr_context]) -> set[str]:
    """Return the names that some statements give, or use."""
    nodes = [node for statement in statements for node in ast.walk(statement)]
    return {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, use)}


def tree_of(path: str) -> ast.Module:
    return ast.parse("\n".join(lines_of(path)))


def compiled(path: str, tree: ast.Module) -> CodeType:
    return compile(tree, str(ROOT / path), "exec", dont_inherit=True)


@cache
def unchanged(path: str) -> CodeType:
    """Return a module as it is."""
    return compiled(path, tree_of(path))


def mutants_of(area: str, wanted: str = "") -> list[Mutant]:
    """Return every mutant of the files of an area whose path has something in it."""
    return [
        Mutant(area, path, place, site)
        for path in files(AREAS[area].modules)
        if wanted in path
        for place, site in enumerate(sites(tree_of(path)))
    ]


def chosen(mutants: list[Mutant], count: int, seed: str) -> list[Mutant]:
    """Return so many of some mutants by chance, none of those that change nothing."""
    lines = EQUIVALENT.read_text("utf-8").split("\n")
    granted = [re.compile(fnmatch.translate(line)) for line in lines if line and not line.startswith("#")]
    mixed = random.Random(seed).sample(mutants, len(mutants))
    kept = (mutant for mutant in mixed if not any(form.match(mutant.key) for form in granted))
    return [*islice(kept, count)]


def unnoticed(printed: str, mutants: list[Mutant]) -> list[Mutant]:
    """Return those of some mutants that a run printed as unnoticed, or a list has, each where its line is now."""
    found = []
    for line, key in re.findall(r"^(?:unnoticed: line (\d+)\n)?(mcalc/.*)$", printed, re.MULTILINE):
        alike = [mutant for mutant in mutants if mutant.key == key]
        found += sorted(alike, key=lambda mutant: abs(mutant.site.line - int(line or 0)))[:1]
    return found


# what is changed, in place or imported -----------------------------------------------------------------------------


OPTIMIZED = 1
"""The flag of code that is a function's, not that of a module or class."""


def differing(old: CodeType, new: CodeType) -> Iterator[tuple[CodeType, CodeType]]:
    """Yield each function of a module, or the module itself, with what it is changed to; the outermost of two."""
    inner = [[each for each in code.co_consts if isinstance(each, CodeType)] for code in (old, new)]
    own = [
        (
            code.co_code,
            code.co_names,
            code.co_varnames,
            [repr(c) for c in code.co_consts if not isinstance(c, CodeType)],
        )
        for code in (old, new)
    ]
    if own[0] != own[1] or len(inner[0]) != len(inner[1]):
        yield old, new
        return
    for one, other in zip(*inner, strict=True):
        if one != other:
            yield from differing(one, other)
            if one.co_flags & OPTIMIZED:
                yield one, other  # it makes what is changed in it anew when it is called


def is_imported(mutant: Mutant, running: dict[str, Any]) -> bool:
    """Say whether a change shows in what runs while mcalc is imported, so that the module has to be imported anew."""
    called = {(line, name) for line, name in running["called"].get(mutant.path, ())}
    at_import = mutant.site.line in set(running["lines"].get(mutant.path, ()))
    for old, _ in differing(unchanged(mutant.path), mutant.compiled()):
        is_function = old.co_flags & OPTIMIZED
        if not is_function or ((old.co_firstlineno, old.co_name) in called and at_import):
            return True
    return False


class Changed(importlib.machinery.SourceFileLoader):
    """What loads a module from code that is compiled already."""

    def __init__(self, mutant: Mutant) -> None:
        super().__init__(mutant.module, str(ROOT / mutant.path))
        self.mutant = mutant

    def get_code(self, fullname: str) -> CodeType:
        return self.mutant.compiled()

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> Any:
        if fullname != self.name:
            return None
        return importlib.util.spec_from_file_location(fullname, self.path, loader=self)


class Judge:
    """A plugin of pytest: the test that failed, and an end to one that takes too long."""

    def __init__(self, tests: Mapping[str, float]) -> None:
        self.tests = tests
        self.failed = ""

    def pytest_runtest_logstart(self, nodeid: str, location: object) -> None:
        signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE + SLOWER * self.tests[nodeid])

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed = report.nodeid


class Chosen(Judge):
    """One that runs some tests in their order and no others."""

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        order = {name: place for place, name in enumerate(self.tests)}
        items[:] = sorted([item for item in items if item.nodeid in order], key=lambda item: order[item.nodeid])


def examined_anew(mutant: Mutant, tests: dict[str, float]) -> str:
    """Import mcalc with a mutant in it and put it to some tests; return the one that noticed it, or nothing."""
    sys.meta_path.insert(0, Changed(mutant))
    chosen = Chosen(tests)
    paths = list(dict.fromkeys([name.partition("::")[0] for name in tests]))
    for some in filter(None, (paths[:FIRST], paths[FIRST:MOST])):
        status = pytest.main([*PYTEST, "-x", *some], plugins=[chosen])
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        if status != pytest.ExitCode.OK:
            return chosen.failed or f"not loaded: {status}"
    return ""


class Loaded(Judge):
    """One that puts mutants to tests where pytest would run the tests, all of them being loaded."""

    def __init__(self, mutants: list[Mutant], choice: Choice, jobs: int, told: Any) -> None:
        super().__init__({})
        self.mutants = mutants
        self.choice = choice
        self.jobs = jobs
        self.told = told

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.items = {item.nodeid: item for item in session.items}
        self.functions: dict[CodeType, list[FunctionType]] = defaultdict(list)
        import_everything()
        for one in gc.get_objects():
            if isinstance(one, FunctionType) and (one.__module__ or "").startswith("mcalc."):
                self.functions[one.__code__].append(one)
        gc.freeze()
        for mutant, failed in tried(self.mutants, self.choice, self.jobs, self.examined):
            self.told(mutant, failed)
        return True

    def examined(self, mutant: Mutant, tests: dict[str, float]) -> str:
        self.tests = tests
        for old, new in differing(unchanged(mutant.path), mutant.compiled()):
            for function in self.functions[old]:
                function.__code__ = new
        items = [self.items[name] for name in tests]
        for item, after in zip(items, [*items[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
            if self.failed:
                break
        return self.failed


# which tests, and what they say ------------------------------------------------------------------------------------


class Choice:
    """Chooses the tests for a mutant: those that reach its line, what failed for others of its file first."""

    def __init__(self, jobs: int, areas: list[str], longest: float) -> None:
        targets = files([pattern for area in AREAS.values() for pattern in area.modules])
        self.tests = {area: files(AREAS[area].tests) for area in areas}
        self.known = known(list(dict.fromkeys([p for paths in self.tests.values() for p in paths])), targets, jobs)
        self.longest = longest
        """What all tests for a mutant take at most, by the processor's clock, on what is not changed."""
        self.kills: Counter[tuple[str, str]] = Counter()
        self.sure: set[str] = set()
        """The tests that noticed something and pass on what is not changed."""

    def of(self, mutant: Mutant) -> dict[str, float]:
        """Return tests in the order in which they are run, with the seconds that each takes."""
        around, word, rows = mutant.around(), mutant.word, [f"[{name}]" for name in mutant.rows]
        groups: list[list[tuple[Any, ...]]] = [[], [], []]
        for rank, path in enumerate(self.tests[mutant.area]):
            seconds = self.known[path]["seconds"]
            own = Path(mutant.path).stem in path
            place = (not own, 0 if mutant.function else rank)
            names = list(seconds)
            groups[0] += [(rank, seconds[name], name) for name in names if any([row in name for row in rows])]
            reached = self.known[path]["lines"].get(mutant.path, {})
            # what runs at import is reached by the first test of a file, whatever that tests
            own_line = [mutant.text] if mutant.function and mutant.site.line >= mutant.function.body[0].lineno else []
            for group, lines in zip(groups, (own_line, around), strict=False):
                tests = {names[k] for line in lines for k in reached.get(line, ())}
                kills = self.kills
                group += [(word not in name, -kills[mutant.path, name], place, seconds[name], name) for name in tests]
            # what another test of the file left in a cache is not reached again, but in a process of its own it is
            beside = own or any(line in reached for line in around)
            groups[2] += [(word not in name, not beside, rank, seconds[name], name) for name in names]
        chosen: dict[str, float] = {}
        for group in groups:
            for *_, seconds, name in sorted(group):
                if name not in chosen and sum(chosen.values()) + seconds <= self.longest:
                    chosen[name] = seconds
        return chosen


def tried(mutants: Iterable[Mutant], choice: Choice, jobs: int, examined: Any) -> Iterator[tuple[Mutant, str]]:
    """Yield each mutant with the test that noticed it, or nothing."""

    def started() -> Iterator[Job]:
        for mutant in mutants:
            tests = choice.of(mutant)
            yield Job(mutant, LONGEST, partial(examined, mutant, tests))

    for mutant, made in forked(started(), jobs):
        failed = "it did not end" if made is None else made
        path = failed.partition("::")[0]
        if path in choice.known and failed not in choice.sure:
            test = {failed: choice.known[path]["seconds"][failed]}
            [(_, again)] = forked([Job("", LONGEST, partial(examined, mutant._replace(place=-1), test))], 1)
            if again != "":
                sys.exit(f"{failed} fails on what is not changed")
            choice.sure.add(failed)
        choice.kills[mutant.path, failed] += 1
        yield mutant, failed


def tried_all(mutants: list[Mutant], choice: Choice, jobs: int, told: Any) -> None:
    """Put mutants to tests: first what needs an import, each in a process without mcalc, then the others."""
    [(_, running)] = forked([Job("", 600.0, while_importing)], 1)
    anew = [mutant for mutant in mutants if mutant.place >= 0 and is_imported(mutant, running)]
    print(f"{len(anew)} of {len(mutants)} are imported", flush=True)
    unchanged = [*{mutant.area: mutant._replace(place=-1) for mutant in anew}.values()]
    for mutant, failed in tried([*unchanged, *anew], choice, jobs, examined_anew):
        told(mutant, failed)
    rest = [mutant for mutant in mutants if mutant not in anew]
    unchanged = [*{mutant.area: mutant._replace(place=-1) for mutant in rest}.values()]
    loaded = Loaded([*unchanged, *rest], choice, jobs, told)
    paths = list(dict.fromkeys([path for paths in choice.tests.values() for path in paths]))
    pytest.main([*PYTEST, "-s", *paths], plugins=[loaded])


def main(words: list[str]) -> int:
    """Make the mutants that are asked for; return 1 if less than nine in ten are noticed."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation")
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--areas", default=",".join(AREAS))
    parser.add_argument("--modules", default="")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--again", type=Path)
    parser.add_argument("--all", action="store_true", help="say of each mutant what noticed it")
    asked = parser.parse_args(words)
    areas = asked.areas.split(",")
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    for name in PRELOADED:
        importlib.import_module(name)
    choice = Choice(asked.jobs, areas, asked.seconds)
    share = asked.count // len(areas)
    mutants = [m for area in areas for m in chosen(mutants_of(area, asked.modules), share, f"{asked.seed} {area}")]
    if asked.again is not None:
        mutants = unnoticed(asked.again.read_text("utf-8"), [m for area in areas for m in mutants_of(area)])
    counts: dict[str, list[int]] = {area: [0, 0] for area in areas}
    listed, met = SURVIVORS.read_text("utf-8").split("\n"), set[str]()

    def told(mutant: Mutant, failed: str) -> None:
        if mutant.place < 0:
            if failed:
                sys.exit(f"{mutant.path} fails on what is not changed: {failed}")
            return
        counts[mutant.area][not failed] += 1
        if not failed and mutant.key in listed:
            met.add(mutant.key)
        if asked.all or not failed:
            print(f"{failed or 'unnoticed'}: line {mutant.site.line}\n{mutant.key}", flush=True)

    random.Random(asked.seed).shuffle(mutants)
    tried_all(mutants, choice, asked.jobs, told)
    for area, (killed, survived) in counts.items():
        print(f"{area}: {killed} of {killed + survived}")
    killed, count = [sum([each[k] for each in counts.values()]) for k in (0, 1)]
    count += killed
    print(f"{killed} of {count} mutants noticed ({killed / max(1, count):.1%}), seed {asked.seed}")
    print(f"{len(met)} of the others stand in {SURVIVORS.name} with a reason")
    return int(killed < 0.9 * count)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
