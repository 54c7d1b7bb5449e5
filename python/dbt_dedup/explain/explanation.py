"""What there is to say of a pair of records, or of an entity, without a word of text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np

from dbt_dedup.classifiers.base import probability
from dbt_dedup.explain.tables import Link, Located, Pair, RuleOutcome, Score
from dbt_dedup.resolve.replay import Meeting
from dbt_dedup.side_by_side import Record
from dbt_dedup.spec import Spec

SAME = 1e-6  # log2 odds of a pair, computed again from unchanged records by the same model, differ by less


class Outcome(Enum):
    """Why two records are one entity, or are not."""

    COPIES = "copies"
    DIRECT = "direct"
    CHAIN = "chain"
    CLOSURE = "closure"
    LABEL_MATCH = "decided match"
    AVERAGE = "average"
    REFUSED = "refused by the linkage"
    LABEL_NO_MATCH = "decided no match"
    NEVER = "never rule"
    DUPLICATE_FREE = "source without duplicates"
    TOO_LARGE = "component too large"
    BELOW_THRESHOLD = "below the threshold"
    NOT_PROPOSED = "not proposed"

    @property
    def is_merged(self) -> bool:
        """Whether the records are one entity."""
        return self in (self.COPIES, self.DIRECT, self.CHAIN, self.CLOSURE, self.LABEL_MATCH, self.AVERAGE)


@dataclass(frozen=True)
class Contribution:
    """What a feature adds to the log2 odds of a pair.

    Attributes:
        feature, field, description: as in the spec.
        value: of the feature; None is null.
        weight: log2 odds; not 0.
    """

    feature: str
    field: str
    description: str
    value: float | None
    weight: float

    @property
    def is_rarity(self) -> bool:
        """Whether it says how rare the shared value is, and nothing else."""
        return self.description.startswith("rarity in bits")


@dataclass(frozen=True)
class ExplainedPair:
    """A pair with the reasons of the model.

    Attributes:
        left, right: the records, in the order in which they are shown.
        stored: what the build stored; None if the pair was not compared or is below the floor.
        proposed_by: blocking rules that propose it.
        base: log2 odds of a pair of which nothing is known.
        contributions: the largest first. With `base` they add up to `weight`.
        weight: log2 odds, computed now.
        link: what people decided; None for nothing.
        never_rule: the rule of `never` that rules it out; None for none.
        shared: for each field with the same value on both sides, how many records have that value.
    """

    left: Located
    right: Located
    stored: Score | None
    proposed_by: tuple[str, ...]
    base: float
    contributions: tuple[Contribution, ...]
    weight: float
    link: Link | None
    never_rule: str | None
    shared: dict[str, int]

    @property
    def probability(self) -> float:
        """Of a match by the model, computed now, in [0, 1]."""
        return float(probability(np.array([self.weight]))[0])

    @property
    def by_field(self) -> list[tuple[str, float, list[Contribution]]]:
        """Fields with their log2 odds and the contributions in it, the largest first."""
        of_field: dict[str, list[Contribution]] = {}
        for contribution in self.contributions:
            of_field.setdefault(contribution.field, []).append(contribution)
        sums = [(name, sum(part.weight for part in parts), parts) for name, parts in of_field.items()]
        return sorted(sums, key=lambda item: (-abs(item[1]), item[0]))

    @property
    def has_changed(self) -> bool:
        """Whether the build stored another weight."""
        return self.stored is not None and abs(self.stored.weight - self.weight) > SAME


@dataclass(frozen=True)
class Model:
    """The model that explains.

    Attributes:
        version: of the model.
        built_version: of the one that scored the tables; None if they hold no pair.
        production: of the one in production; None if none is.
        is_tree_ensemble: whether its features act together, so that their contributions depend on each other.
    """

    version: str
    built_version: str | None
    production: str | None
    is_tree_ensemble: bool


@dataclass(frozen=True)
class Explanation:
    """Why two records are one entity, or are not.

    Attributes:
        spec: the entity, with the thresholds in effect.
        left, right: the records asked about.
        records: what the sources say, by record id, of all records that are shown.
        outcome: why.
        model: the model that explains.
        chain: the pairs of the strongest chain from one record to the other; for records that are apart, the chain
            through their component, empty if there is none.
        pair: the pair of the two records itself; None for copies and where it is the whole chain.
        rules: how far blocking is from proposing the pair; empty where it proposes it, or where it does not matter.
        max_block_size: records of a block above which it proposes nothing.
        meetings: the merges, and refused merges, that led there.
        needed: average log2 odds from which on clusters merge.
        known: the records by key, to name those in `meetings`.
        links: what people decided about pairs of these records.
        never: the rules that rule out pairs of these records.
        notes: what else to know, as codes: `rearranged`, `other_clusters`, `too_many`.
    """

    spec: Spec
    left: Located
    right: Located
    records: dict[str, Record]
    outcome: Outcome
    model: Model
    chain: tuple[ExplainedPair, ...]
    pair: ExplainedPair | None
    rules: tuple[RuleOutcome, ...]
    max_block_size: int
    meetings: tuple[Meeting, ...]
    needed: float
    known: dict[int, Located]
    links: dict[Pair, Link]
    never: dict[Pair, str]
    notes: tuple[str, ...] = ()

    @property
    def explained(self) -> tuple[ExplainedPair, ...]:
        """The pairs whose reasons matter most: those of the chain that joined the records, else the pair itself."""
        if self.outcome.is_merged and self.chain:
            return self.chain
        return (self.pair,) if self.pair else self.chain


@dataclass(frozen=True)
class ExplainedEntity:
    """Why the records of an entity are together, and others are not with them.

    Attributes:
        entity_id: the entity.
        spec, model, records, needed, known, links, never, notes: as in `Explanation`.
        members: its records, in order of their ids.
        copies: the record keys that are copies of another of its records.
        tree: the strongest pairs that connect its records, the weakest first.
        merges: the merges of its clusters, in order.
        refused: the merges with other clusters that were refused, the likeliest first.
        nearest: of an entity of one record the likeliest scored pair; None if there is none.
    """

    entity_id: str
    spec: Spec
    model: Model
    members: tuple[Located, ...]
    records: dict[str, Record]
    copies: frozenset[int]
    tree: tuple[ExplainedPair, ...]
    merges: tuple[Meeting, ...]
    refused: tuple[Meeting, ...]
    nearest: ExplainedPair | None
    needed: float
    known: dict[int, Located]
    links: dict[Pair, Link]
    never: dict[Pair, str]
    notes: tuple[str, ...] = ()
