"""A proposal as a table for a person to read."""

from __future__ import annotations

from collections.abc import Sequence

from dbt_dedup.guess.proposal import Proposal


def proposal_text(proposal: Proposal, width: int) -> str:
    """What each column was taken for, how sure that is, and why."""
    rows = [("column", "taken for", "sure", "why")]
    rows += [(role.column, role.key, role.confidence, role.evidence) for role in proposal.roles]
    for guess in proposal.fields:
        options = "".join(f", {key} {_shown(value)}" for key, value in guess.options.items())
        rows.append((", ".join(guess.columns), f"{guess.type}{options}", guess.confidence, guess.evidence))
    by_reason: dict[str, list[str]] = {}
    for entry in proposal.left_out:
        by_reason.setdefault(entry.reason, []).append(entry.column)
    rows += [(_listed(columns), "left out", "", reason) for reason, columns in by_reason.items()]
    lines = _aligned(rows, width)
    if proposal.country:
        lines.append(f"Country of numbers and postcodes without one: {proposal.country}.")
    elif any(guess.type in ("phone", "postcode") for guess in proposal.fields):
        lines.append("The country of numbers and postcodes is unknown: --country names it, for example --country US.")
    return "\n".join(lines)


def _listed(columns: Sequence[str]) -> str:
    """Names of columns; of many the first and how many others."""
    return ", ".join(columns) if len(columns) <= 2 else f"{columns[0]} and {len(columns) - 1} others"


def _shown(value: object) -> str:
    return f"from {value['column']}" if isinstance(value, dict) else str(value)


def _aligned(rows: Sequence[tuple[str, str, str, str]], width: int) -> list[str]:
    """Rows in columns; the last is cut where the terminal ends."""
    limits = (28, 30, 6)
    cut = [(*(_cut(text, limit) for text, limit in zip(row, limits, strict=False)), row[3]) for row in rows]
    sizes = [max(len(row[place]) for row in cut) for place in range(3)]
    lines = ["  ".join([*(row[place].ljust(sizes[place]) for place in range(3)), row[3]]).rstrip() for row in cut]
    return [f"  {_cut(line, max(width - 2, 60))}" for line in lines]


def _cut(text: str, limit: int) -> str:
    plain = "".join(sign if sign.isprintable() else "?" for sign in text)
    return plain if len(plain) <= limit else plain[: limit - 1] + "…"
