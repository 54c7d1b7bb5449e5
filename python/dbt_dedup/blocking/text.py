"""A suggestion as text, JSON and a picture."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from dbt_dedup.blocking.cover import LEAST_GAIN, Rule
from dbt_dedup.blocking.suggest import Basis, Suggestion
from dbt_dedup.side_by_side import harmless_json

BASES = {
    Basis.TRUTH: "true matches",
    Basis.LABELS: "pairs labelled match",
    Basis.SCORES: "pairs that the model in production matches",
    Basis.EVIDENCE: "pairs that agree in more than chance brings about",
}
BIASED = {
    Basis.LABELS: "Labels are of pairs that the rules at the time proposed: what those rules missed, nobody labelled.",
    Basis.SCORES: "The model saw only pairs that the present rules propose: what they miss does not count here.",
    Basis.EVIDENCE: (
        "Without labels nobody knows the matches: these are pairs with rare values in common, so those with many"
        " mistakes or few values do not count here. They were looked for by top_k over all fields, which therefore"
        " finds more of them than of the matches. Label some pairs and ask again."
    ),
}
BAR = 30  # characters of a full bar


def suggestion_text(found: Suggestion) -> str:
    """The table, the trade-off as bars, and YAML to paste."""
    lines = [
        f"{found.entity}: {found.records:,} records, {found.likely_matches:,} likely matches"
        f" ({BASES[found.basis]}), {found.tried} rules tried, at most {found.most_pairs:,} pairs.",
        "",
    ]
    if not found.choices:
        return "\n".join([*lines, "No rule finds likely matches within so few pairs: allow more with --max-pairs."])
    width = max(len(choice.name) for choice in found.choices)
    lines.append(f"{'rule':{width}}  {'pairs':>11}  finds   gain  all pairs    found")
    for choice in found.choices:
        bar = "#" * round(BAR * choice.total_found)
        lines.append(
            f"{choice.name:{width}}  {choice.pairs:>11,}  {choice.found:5.1%} {choice.gain:6.1%}"
            f" {choice.total_pairs:>10,}   {choice.total_found:6.1%} {bar}"
        )
    for choice in found.choices:
        if choice.dropped_pairs:
            lines.append(
                f"  {choice.name}: its largest block has {choice.largest_block:,} records;"
                f" {choice.dropped_pairs:,} pairs of blocks above max_block_size are not counted."
            )
    if any(choice.gain < LEAST_GAIN for choice in found.choices):
        lines += [
            "",
            "A rule without a gain finds again what others find: it counts where they fail, as on an empty field.",
        ]
    if found.basis in BIASED:
        lines += ["", BIASED[found.basis]]
    return "\n".join([*lines, "", "To take them, paste this into the spec:", "", suggestion_yaml(found)])


def suggestion_yaml(found: Suggestion) -> str:
    """The key `blocking` of the spec."""
    return "\n".join(["blocking:", *(f"  - {_inline(rule)}" for rule in found.rules)])


def _inline(rule: Rule) -> str:
    if isinstance(rule, list):
        return f"[{', '.join(rule)}]"
    entries = (f"{key}: {_inline(value) if isinstance(value, list) else value}" for key, value in rule.items())
    return f"{{{', '.join(entries)}}}"


def suggestion_json(found: Suggestion) -> str:
    """Everything that was found, as a JSON object."""
    content: dict[str, Any] = {**asdict(found), "basis": found.basis.value}
    return harmless_json(content)
