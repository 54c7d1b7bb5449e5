"""Decisions of people that cannot all be true: A is B and B is C, but A is not C."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from dbt_dedup.graph import Joined, neighbours_of, shortest_chain

Pair = tuple[str, str]


@dataclass(frozen=True)
class Conflict:
    """Records that are connected by matches while the ends are labelled no match.

    Attributes:
        chain: at least two record ids; each matches the next by its label, but the first does not match the last.
    """

    chain: tuple[str, ...]

    @property
    def ends(self) -> Pair:
        """The pair that does not match, the smaller record id first."""
        return min(self.chain[0], self.chain[-1]), max(self.chain[0], self.chain[-1])

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """The contradicting pairs: the matches along the chain, then the pair that does not match."""
        return (*zip(self.chain, self.chain[1:], strict=False), (self.chain[0], self.chain[-1]))

    def __str__(self) -> str:
        return f"{' = '.join(self.chain)}, but {self.chain[0]} <> {self.chain[-1]}"


def find_conflicts(labels: Iterable[tuple[str, str, bool]]) -> list[Conflict]:
    """The conflicts among labels (record id, record id, whether they match), each by its shortest chain, in order."""
    labels = list(labels)
    matches = neighbours_of((left, right) for left, right, is_match in labels if is_match)
    apart = {(min(left, right), max(left, right)) for left, right, is_match in labels if not is_match}
    chains = (shortest_chain(matches, *pair) for pair in sorted(apart) if pair[0] != pair[1])
    return [Conflict(tuple(chain)) for chain in chains if chain]


@dataclass(frozen=True)
class Link:
    """What people decided about two records.

    Attributes:
        left, right: the record ids.
        is_match: whether they are one entity.
        is_override: whether an override decides the pair, which outranks labels; else a label does.
        override_id: id of the override, None where it has none.
    """

    left: str
    right: str
    is_match: bool
    is_override: bool = False
    override_id: str | None = None

    @property
    def pair(self) -> Pair:
        """Both record ids, the smaller first."""
        return min(self.left, self.right), max(self.left, self.right)


@dataclass(frozen=True)
class Contradiction:
    """A link that others contradict through a chain.

    Attributes:
        issue: `contradicting_labels`, `contradicting_overrides` or `overruled_label`.
        link: the link, which does not hold.
        detail: of contradicting labels the record ids of the chain, else what holds instead, in words.
    """

    issue: str
    link: Link
    detail: str


def settle(links: Iterable[Link]) -> tuple[list[Link], list[Contradiction]]:
    """The links that hold together, and the contradictions between links.

    1. Records that must-link overrides join are one group. Two groups with a cannot-link override between them are
       apart, and so is every record of the one from every record of the other.
    2. Labels `match` join groups, in order of their record ids. One that would join groups that are apart gives way.
    3. A link `no_match` inside a group does not hold: the records stay together.

    Args:
        links: at most one for each pair of records.

    Returns:
        The links without the labels `match` that gave way, and all contradictions, in order of their records.
    """
    ordered = sorted(links, key=lambda link: link.pair)
    overrides = [link for link in ordered if link.is_override]
    groups = _Groups(overrides)
    kept, gave_way = list(overrides), []
    for label in ordered:
        if label.is_override:
            continue
        if not label.is_match:
            kept.append(label)
        elif between := groups.apart(label.left, label.right):
            gave_way.append((label, between))
        else:
            groups.join(label.left, label.right)
            kept.append(label)
    if not overrides:
        return kept, _contradicting(kept, {}, ())
    matches = neighbours_of((link.left, link.right) for link in kept if link.is_match)
    found = [Contradiction("overruled_label", label, _why_apart(label, link, matches)) for label, link in gave_way]
    joined = find_conflicts(
        (link.left, link.right, link.is_match) for link in kept if link.is_override or not link.is_match
    )
    by_override = {conflict.ends: conflict.chain for conflict in joined}
    found += _contradicting(kept, by_override, overrides)
    return kept, sorted(found, key=lambda contradiction: (contradiction.link.pair, contradiction.issue))


def _contradicting(
    links: Sequence[Link], joined_by_overrides: Mapping[Pair, tuple[str, ...]], overrides: Sequence[Link]
) -> list[Contradiction]:
    """The links `no_match` whose records are joined all the same, by a chain of overrides or of any links."""
    found = []
    apart = {link.pair: link for link in links if not link.is_match}
    ids = {link.pair: link.override_id or "without id" for link in overrides}
    for pair, chain in joined_by_overrides.items():
        steps = pairwise(chain)
        by = ", ".join(dict.fromkeys(ids[min(step), max(step)] for step in steps))
        what = "cannot_link" if apart[pair].is_override else "labelled no_match"
        issue = "contradicting_overrides" if apart[pair].is_override else "overruled_label"
        detail = f"{what}, but must_link joins them and holds: {' = '.join(chain)} (overrides {by})"
        found.append(Contradiction(issue, apart[pair], detail))
    for conflict in find_conflicts((link.left, link.right, link.is_match) for link in links):
        if conflict.ends not in joined_by_overrides:
            found.append(Contradiction("contradicting_labels", apart[conflict.ends], " = ".join(conflict.chain)))
    return found


def _why_apart(label: Link, override: Link, matches: dict[str, list[str]]) -> str:
    """The chain from one record of a label to the override that keeps it from the other, and on to the other."""
    for near, far in ((override.left, override.right), (override.right, override.left)):
        here, there = shortest_chain(matches, label.left, near), shortest_chain(matches, far, label.right)
        if here and there:
            chain = f"{' = '.join(here)} <> {' = '.join(there)}"
            return f"labelled match, but {chain} (override {override.override_id or 'without id'})"
    raise AssertionError(f"{label} and {override} do not meet")


class _Groups:
    """Records that links join, and which groups an override keeps apart."""

    def __init__(self, overrides: Sequence[Link]) -> None:
        self._joined: Joined[str] = Joined()
        self._apart: dict[str, dict[str, Link]] = {}
        for link in overrides:
            if link.is_match:
                self.join(link.left, link.right)
        for link in overrides:
            left, right = self._joined.root(link.left), self._joined.root(link.right)
            if not link.is_match and left != right:
                self._apart.setdefault(left, {}).setdefault(right, link)
                self._apart.setdefault(right, {}).setdefault(left, link)

    def apart(self, left: str, right: str) -> Link | None:
        """The override that keeps the groups of two records apart."""
        return self._apart.get(self._joined.root(left), {}).get(self._joined.root(right))

    def join(self, left: str, right: str) -> None:
        """Make one group of the groups of two records, which are not apart."""
        kept, gone = self._joined.root(left), self._joined.root(right)
        if kept == gone:
            return
        if len(self._apart.get(kept, ())) < len(self._apart.get(gone, ())):
            kept, gone = gone, kept
        self._joined.join(kept, gone)
        for other, link in self._apart.pop(gone, {}).items():
            del self._apart[other][gone]
            self._apart[other].setdefault(kept, link)
            self._apart.setdefault(kept, {}).setdefault(other, link)
