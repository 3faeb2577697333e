"""The JSON records: one object a line for each statement. Keys are only ever added."""

from __future__ import annotations

from typing import Any

from mcalc.derivative import Derivative
from mcalc.errors import Mistake
from mcalc.shell.batch import Line
from mcalc.shell.session import Outcome

SCHEMA = 1


def success(outcome: Outcome, line: int, *, steps: bool = False, check: bool = False) -> str:
    """Return the record of a statement that was understood, with its steps and its check if they are asked for."""
    record: dict[str, Any] = {"schema": SCHEMA, "line": line, "ok": True, "kind": outcome.kind, "input": outcome.input}
    if outcome.name:
        record["name"] = outcome.name
    value = outcome.value
    if value is not None:
        record |= value.record()
    if outcome.solution is not None:
        record |= outcome.solution.record()
        if steps:
            record["steps"] = [{"name": s.name, "lhs": s.lhs, "rhs": s.rhs} for s in outcome.solution.steps]
    if outcome.verdict is not None:
        record |= outcome.verdict.record()
    if check and outcome.check is not None:
        record["check"] = outcome.check.record()
    if steps and isinstance(value, Derivative):
        record["steps"] = value.steps.record()
    record["assumed"] = outcome.assumed
    record["notes"] = [*outcome.warnings, *outcome.notes]
    return line_of(record)


def failure(mistake: Mistake, line: Line, text: str) -> str:
    """Return the record of a statement that was not understood; columns count from 1 in its line."""
    error: dict[str, Any] = {"code": mistake.code, "message": mistake.message, "line": line.number}
    if mistake.spans:
        error |= {"column": mistake.spans[0].start + 1, "end_column": mistake.spans[0].end + 1}
    if mistake.hint:
        error["hint"] = mistake.hint
    return line_of({"schema": SCHEMA, "line": line.number, "ok": False, "input": text.strip(), "error": error})


def parted(record: bytes, number: int) -> tuple[bytes, bytes]:
    """Return what stands before and after the number of the line in a record.

    >>> parted(b'{"schema":1,"line":12,"ok":true}', 12)
    (b'{"schema":1,"line":', b',"ok":true}')
    """
    head, mark, rest = record.partition(b'"line":')
    return head + mark, rest.removeprefix(b"%d" % number)


def line_of(record: dict[str, Any]) -> str:
    """Return a record as one line of JSON."""
    import json

    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))
