"""Decisions of people: overrides outrank labels, and what contradicts them is listed."""

from __future__ import annotations

from typing import Any

import pytest

from dbt_dedup.resolve.conflicts import Link, settle

MUST, CANNOT = ("a", "b", True, True, "x"), ("b", "c", False, True, "y")


@pytest.mark.parametrize(
    ("links", "kept", "found"),
    [
        ([MUST, CANNOT], 2, []),
        (
            [MUST, CANNOT, ("a", "c", True)],
            2,
            [("overruled_label", "labelled match, but a = b <> c (override y)")],
        ),
        (
            [CANNOT, ("a", "b", True), ("a", "c", True)],
            2,
            [("overruled_label", "labelled match, but a = b <> c (override y)")],
        ),
        (
            [MUST, ("b", "c", True, True, "z"), ("a", "c", False, True, "y")],
            3,
            [
                (
                    "contradicting_overrides",
                    "cannot_link, but must_link joins them and holds: a = b = c (overrides x, z)",
                )
            ],
        ),
        ([MUST, ("b", "c", True), ("a", "c", False)], 3, [("contradicting_labels", "a = b = c")]),
    ],
    ids=["agree", "propagates", "labels give way", "overrides contradict", "a label in the chain"],
)
def test_overrides_outrank_labels(links: list[tuple[Any, ...]], kept: int, found: list[tuple[str, str]]) -> None:
    for order in (links, links[::-1]):
        held, contradictions = settle(Link(*link) for link in order)
        assert len(held) == kept
        assert [(c.issue, c.detail) for c in contradictions] == found
