"""What the doctor found, as lines for a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

OK, WARNING, ERROR, UNKNOWN = "ok", "warning", "error", "unknown"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        state: OK, WARNING, ERROR, or UNKNOWN where the check could not be made.
        what: what was looked at, and what was found.
        remedy: what to do; empty where nothing is to be done.
    """

    state: str
    what: str
    remedy: str = ""


def findings_text(findings: Sequence[Finding]) -> str:
    """One line for each finding, a second one for what to do, and a count."""
    lines = []
    for finding in findings:
        lines.append(f"{finding.state:<8} {finding.what}")
        if finding.remedy:
            lines.append(f"{'':<8} -> {finding.remedy}")
    counts = {state: sum(1 for finding in findings if finding.state == state) for state in (ERROR, WARNING, UNKNOWN)}
    if not any(counts.values()):
        return "\n".join([*lines, "", "Nothing to do."])
    said = ", ".join(
        f"{count} {state}" + ("s" if count > 1 and state != UNKNOWN else "") for state, count in counts.items() if count
    )
    return "\n".join([*lines, "", f"{said}."])
