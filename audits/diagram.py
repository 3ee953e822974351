"""The life of an audit as a page of documentation, made from the table of transitions."""

from __future__ import annotations

from audits.services.guards import GUARDS
from audits.terms import Status
from audits.workflow import TRANSITIONS, Transition

HEAD = """# Life of an audit

This page is made from `audits/workflow.py` by `manage.py workflow_diagram`. Do not edit it.

Every move locks the audit's row, checks who acts, the state, the comment and the guards below,
changes the row only if nobody else did in the meantime, appends one entry to the hash-chained
record and sends one signal, all in one transaction (`audits/services/perform.py`).
"""


def workflow_page() -> str:
    """Return the Markdown page: a Mermaid state diagram, the acts, and the guards."""
    return "\n".join([HEAD, *_diagram(), *_acts(), *_guards()]) + "\n"


def _diagram() -> list[str]:
    lines = ["```mermaid", "stateDiagram-v2", "    [*] --> draft"]
    for row in TRANSITIONS.values():
        # An arrow from each of ten states would hide the others.
        if len(row.sources) <= 2:
            lines += [f"    {source} --> {row.target}: {row.act}" for source in row.sources]
    many = [row for row in TRANSITIONS.values() if len(row.sources) > 2]
    lines += [f"    {row.target} --> [*]" for row in many]
    lines += [f"    {status} --> [*]" for status in (Status.CLOSED, Status.ABORTED, Status.VOID)]
    lines += ["```", ""]
    for row in many:
        lines.append(f"- `{row.act}` leads to `{row.target}` from {_names(row.sources)}.")
    return [*lines, ""]


def _acts() -> list[str]:
    lines = [
        "## Acts",
        "",
        "| act | from | to | who | comment | guards |",
        "|---|---|---|---|---|---|",
    ]
    return [*lines, *(_row(row) for row in TRANSITIONS.values()), ""]


def _row(row: Transition) -> str:
    who = ", ".join(actor.value for actor in row.actors)
    comment = "yes" if row.comment else ""
    guards = ", ".join(f"`{name}`" for name in row.guards)
    return f"| {row.act} | {_names(row.sources)} | {row.target} | {who} | {comment} | {guards} |"


def _guards() -> list[str]:
    lines = ["## Guards", "", "| guard | what must hold |", "|---|---|"]
    return [*lines, *(f"| `{name}` | {guard.__doc__} |" for name, guard in GUARDS.items())]


def _names(statuses: tuple[Status, ...]) -> str:
    return ", ".join(status.value for status in statuses)
