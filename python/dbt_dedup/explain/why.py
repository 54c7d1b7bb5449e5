"""Find out from the tables what happened to a pair of records, or to an entity."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from dbt_dedup.classifiers import kind_of
from dbt_dedup.errors import DedupError
from dbt_dedup.explain.chain import strongest_chain, strongest_tree
from dbt_dedup.explain.explanation import (
    Contribution,
    ExplainedEntity,
    ExplainedPair,
    Explanation,
    Model,
    Outcome,
)
from dbt_dedup.explain.tables import Link, Located, Pair, RuleOutcome, Score, Tables, open_tables, ordered
from dbt_dedup.names import BOOSTED
from dbt_dedup.registry.artefact import Artefact, load_artefact
from dbt_dedup.registry.production import load_production, version_in_production
from dbt_dedup.resolve import Decisions, Records, Replay, ScoredPairs, replay
from dbt_dedup.resolve.replay import DECIDED, SOURCE, Meeting
from dbt_dedup.side_by_side import Record
from dbt_dedup.spec import Spec
from dbt_dedup.warehouse import DbtProject

# Records of the components that are looked at, copies included. More would be read for minutes rather than in a second,
# and nobody reads that list.
MOST_RECORDS = 2_000
CERTAIN = 2.0  # strength of a pair that people joined, above all probabilities
ASKED = -1  # the group of the two records asked about, next to those of components


def why(project: DbtProject, entity: str, first: str, second: str | None) -> Explanation | ExplainedEntity:
    """Explain a pair of records, or a whole entity.

    Args:
        project: the dbt project; its tables are built.
        entity: name of the entity.
        first: a record id; without a second one also an entity id.
        second: another record id.

    Raises:
        DedupError: an unknown id, the same id twice, tables that are not built, or no model.
    """
    if first == second:
        raise DedupError(
            f"Both record ids are {first!r}. Name two records of {entity}, or leave out the second id to explain the"
            " whole entity of the record."
        )
    spec = project.entity_spec(entity)
    with open_tables(project, spec) as tables:
        artefact, model = _model(tables, spec, project.directory)
        reader = _Reader(tables, artefact)
        if second is None:
            return _explain_entity(reader, model, first)
        found = tables.by_id([first, second])
        for record_id in (first, second):
            if record_id not in found:
                raise DedupError(unknown_record(tables, record_id))
        return _explain_pair(reader, model, found[first], found[second])


def _model(tables: Tables, spec: Spec, directory: Path) -> tuple[Artefact, Model]:
    """The model that scored the tables if its artefact is there, else the one in production."""
    built, production = tables.version(), version_in_production(spec, directory)
    artefact = None
    if built is not None and built != production:
        try:
            artefact = load_artefact(spec, directory, built)
        except DedupError:  # it was removed, or the spec has no longer its features
            artefact = None
    artefact = artefact or load_production(spec, directory)
    return artefact, Model(artefact.version, built, production, kind_of(artefact.classifier) == BOOSTED)


def unknown_record(tables: Tables, record_id: str, what: str = "record") -> str:
    """What to say of an id that no record has."""
    nearest = tables.nearest_ids(record_id)
    hint = f" The nearest ids are {', '.join(map(repr, nearest))}." if nearest else " There are no records."
    return (
        f"Entity {tables.spec.name!r} has no {what} {record_id!r}.{hint} Records that came after the last build are not"
        " known before `dbt build`."
    )


@dataclass(frozen=True)
class _Reader:
    """Reads pairs of the tables with the reasons of a model."""

    tables: Tables
    artefact: Artefact

    def explained(
        self,
        pairs: Sequence[tuple[Located, Located]],
        scores: dict[Pair, Score],
        links: dict[Pair, Link],
        never: dict[Pair, str],
    ) -> list[ExplainedPair]:
        """Pairs with the contributions of their features."""
        if not pairs:
            return []
        keys = [ordered(one.key, other.key) for one, other in pairs]
        spec, known = self.tables.spec, self.artefact.known(self.tables.spec)
        features = self.tables.features(keys)[:, self.artefact.columns(spec)]
        weights = self.artefact.classifier.explain(features)
        totals = self.artefact.classifier.decision_function(features)
        proposed_by = self.tables.proposed_by(keys)
        explained = []
        for row, (pair, (one, other)) in enumerate(zip(keys, pairs, strict=True)):
            contributions = [
                Contribution(
                    of.name,
                    of.field,
                    of.description,
                    None if np.isnan(features[row, j]) else float(features[row, j]),
                    float(weights[row, j]),
                )
                for j, of in enumerate(known.features)
                if weights[row, j] != 0
            ]
            explained.append(
                ExplainedPair(
                    one,
                    other,
                    scores.get(pair),
                    proposed_by.get(pair, ()),
                    float(self.artefact.classifier.bias_),
                    tuple(sorted(contributions, key=lambda part: (-abs(part.weight), part.feature))),
                    float(totals[row]),
                    links.get(pair),
                    never.get(pair),
                    self.tables.shared_values(pair),
                )
            )
        return explained

    def records(self, located: Iterable[Located]) -> dict[str, Record]:
        """What the sources say of records."""
        return self.tables.records(record.record_id for record in located)


@dataclass(frozen=True)
class _Component:
    """Everything about the components of a few records.

    Attributes:
        known: the records by key.
        scores, links, never: of the pairs among them.
        replays: what happened in each component.
    """

    known: dict[int, Located]
    scores: dict[Pair, Score]
    links: dict[Pair, Link]
    never: dict[Pair, str]
    replays: tuple[Replay, ...]
    too_many: bool

    @classmethod
    def of(cls, tables: Tables, asked: Sequence[Located]) -> _Component:
        keys = tables.keys_of_components((record.component for record in asked), MOST_RECORDS)
        too_many = keys is None
        if keys is None:
            keys = sorted({record.key for record in asked} | {record.representative for record in asked})
        representatives = {record.representative for record in asked}
        known = tables.by_key({*keys, *representatives})
        everybody = sorted(known)
        scores, links = tables.scores(everybody), tables.links(everybody)
        groups = [(record.key, record.component) for record in known.values()]
        if len(asked) == 2:
            groups += [(record.key, ASKED) for record in asked]
        never = tables.never(groups)
        replays = (
            () if too_many else tuple(resolve_again(tables.spec, [known[key] for key in keys], scores, links, never))
        )
        return cls(known, scores, links, never, replays, too_many)

    def strengths(self, keys: Iterable[int]) -> dict[tuple[tuple[str, int], tuple[str, int]], float]:
        """How strongly pairs among some records join them; the records as their ids and keys, in order."""
        among = set(keys)
        strengths = {pair: score.probability for pair, score in self.scores.items()}
        strengths.update({pair: CERTAIN for pair, link in self.links.items() if link.is_match})
        apart = {pair for pair, link in self.links.items() if not link.is_match} | set(self.never)
        return {
            (self._named(pair[0]), self._named(pair[1])): strength
            for pair, strength in strengths.items()
            if pair[0] in among and pair[1] in among and (strength == CERTAIN or pair not in apart)
        }

    def chain(self, start: Located, end: Located, keys: Iterable[int]) -> list[tuple[Located, Located]]:
        """The pairs of the strongest chain from one record to another through some records."""
        nodes = strongest_chain(self.strengths(keys), self._named(start.key), self._named(end.key))
        return [(self.known[one[1]], self.known[other[1]]) for one, other in pairwise(nodes)]

    def clusters_differ(self) -> bool:
        """Whether the tables hold other clusters than those that resolving again finds."""
        for found in self.replays:
            for keys in found.clusters:
                cluster = {self.known[key].cluster for key in keys}
                if len(cluster) != 1 or min(keys) not in cluster:
                    return True
        return False

    def _named(self, key: int) -> tuple[str, int]:
        return self.known[key].record_id, key


def resolve_again(
    spec: Spec, records: list[Located], scores: dict[Pair, Score], links: dict[Pair, Link], never: dict[Pair, str]
) -> list[Replay]:
    """Resolve the components of some records again, with these decisions; components of one record are left out."""
    records = sorted(records, key=lambda record: record.key)
    component = {record.key: record.component for record in records}
    inside = {
        pair: score.probability
        for pair, score in scores.items()
        if component.get(pair[0], -1) == component.get(pair[1], -2)
    }
    inside.update({pair: 0.0 for pair in never if pair not in inside and set(pair) <= set(component)})
    pairs = sorted(inside)
    order = {record.key: place for place, record in enumerate(sorted(records, key=lambda r: r.record_id))}
    needs_sources = bool(spec.duplicate_free) or spec.source_mode != "both"
    keys = np.array([record.key for record in records], dtype=np.int32)
    decided = [(pair, link.is_match) for pair, link in sorted(links.items()) if set(pair) <= set(component)]
    decisions = Decisions(
        tuple(pair for pair, is_match in decided if is_match), tuple(pair for pair, is_match in decided if not is_match)
    )
    return replay(
        Records(
            keys,
            np.array(
                [record.representative if record.representative in component else record.key for record in records],
                dtype=np.int32,
            ),
            np.array([record.is_distinctive for record in records], dtype=bool),
            np.array([record.source for record in records], dtype=object) if needs_sources else None,
            np.array([order[int(key)] for key in keys], dtype=np.int64),
        ),
        ScoredPairs(
            np.array([left for left, _ in pairs], dtype=np.int32),
            np.array([right for _, right in pairs], dtype=np.int32),
            np.array([inside[pair] for pair in pairs], dtype=np.float64),
        ),
        decisions.with_vetoes(pair for pair in never if set(pair) <= set(component)),
        spec,
    )


def _explain_pair(reader: _Reader, model: Model, left: Located, right: Located) -> Explanation:
    tables = reader.tables
    component = _Component.of(tables, [left, right])
    together = left.cluster == right.cluster
    notes = ["too_many"] if component.too_many else []
    if component.clusters_differ():
        notes.append("other_clusters")
    if together:
        among = [record.key for record in component.known.values() if record.cluster == left.cluster]
    elif left.component == right.component:
        among = [record.key for record in component.known.values() if record.component == left.component]
    else:
        among = []
    chain = component.chain(left, right, among)
    meetings, needed = _meetings(component.replays, left.key, right.key, together)
    notes += ["rearranged" for found in component.replays if found.rearranged and _holds(found, left.key)]
    itself = (left, right)
    pairs = [*chain] if itself in chain else [*chain, itself]
    explained = reader.explained(pairs, component.scores, component.links, component.never)
    of_chain = tuple(explained[: len(chain)])
    direct = explained[pairs.index(itself)]
    outcome = (
        _together(left, right, of_chain, direct, tables.spec, component.too_many)
        if together
        else _apart(component, left, right, direct, meetings)
    )
    is_proposed = bool(direct.proposed_by)
    compares = outcome in (Outcome.NOT_PROPOSED, Outcome.BELOW_THRESHOLD)
    originals = ordered(left.representative, right.representative)
    rules: tuple[RuleOutcome, ...] = ()
    if not is_proposed and originals[0] != originals[1] and compares:
        rules = tuple(tables.rule_outcomes(originals))
    shown = {record.key: record for pair in pairs for record in pair}
    named = {key for meeting in meetings for key in (*meeting.left, *meeting.right)} | {left.key, right.key}
    return Explanation(
        spec=tables.spec,
        left=left,
        right=right,
        records=reader.records(shown.values()),
        outcome=outcome,
        model=model,
        chain=of_chain,
        pair=None if itself in chain else direct,
        rules=rules,
        max_block_size=tables.max_block_size,
        meetings=meetings,
        needed=needed,
        known=component.known,
        links={pair: link for pair, link in component.links.items() if set(pair) <= named},
        never={pair: rule for pair, rule in component.never.items() if set(pair) <= named},
        notes=tuple(notes),
    )


def _together(
    left: Located,
    right: Located,
    chain: tuple[ExplainedPair, ...],
    direct: ExplainedPair,
    spec: Spec,
    too_many: bool,
) -> Outcome:
    if left.representative == right.representative:
        return Outcome.COPIES
    if len(chain) > 1 or (too_many and not chain):
        return Outcome.CHAIN
    if direct.link is not None and direct.link.is_match:
        return Outcome.LABEL_MATCH
    if direct.stored is None or direct.stored.probability < spec.thresholds.match:
        return Outcome.AVERAGE
    return Outcome.CLOSURE if direct.stored.by_closure else Outcome.DIRECT


def _apart(
    component: _Component, left: Located, right: Located, direct: ExplainedPair, meetings: tuple[Meeting, ...]
) -> Outcome:
    if direct.link is not None and not direct.link.is_match:
        return Outcome.LABEL_NO_MATCH
    if left.component == right.component:
        refused = next((meeting for meeting in meetings if not meeting.merged), None)
        if refused is not None and refused.reason == DECIDED:
            decided = {ordered(*pair) for pair in refused.because}
            labelled = any(pair in component.links for pair in decided)
            return Outcome.LABEL_NO_MATCH if labelled else Outcome.NEVER
        if refused is not None and refused.reason == SOURCE:
            return Outcome.DUPLICATE_FREE
        return Outcome.REFUSED
    if left.connected == right.connected:
        return Outcome.TOO_LARGE
    return Outcome.BELOW_THRESHOLD if direct.proposed_by else Outcome.NOT_PROPOSED


def _meetings(replays: tuple[Replay, ...], left: int, right: int, together: bool) -> tuple[tuple[Meeting, ...], float]:
    """The merges that led to the clusters of two records, and the one that joined or refused them last."""
    needed = replays[0].needed if replays else 0.0
    if together:
        for found in replays:
            for meeting in found.meetings:
                if meeting.merged and _are_of((left, right), meeting):
                    inside = {*meeting.left, *meeting.right}
                    before = [
                        other
                        for other in found.meetings
                        if other.merged and other is not meeting and {*other.left, *other.right} <= inside
                    ]
                    return (*before, meeting), needed
        return (), needed
    merges: list[Meeting] = []
    refused: list[Meeting] = []
    for found in replays:
        mine = [keys for keys in found.clusters if left in keys or right in keys]
        inside = {key for keys in mine for key in keys}
        merges += [m for m in found.meetings if m.merged and {*m.left, *m.right} <= inside]
        refused += [m for m in found.meetings if not m.merged and _are_of((left, right), m)]
    return (*merges, *refused), needed


def _are_of(pair: Pair, meeting: Meeting) -> bool:
    one, other = pair
    return (one in meeting.left and other in meeting.right) or (one in meeting.right and other in meeting.left)


def _holds(found: Replay, key: int) -> bool:
    return any(key in keys for keys in found.clusters)


def _explain_entity(reader: _Reader, model: Model, asked: str) -> ExplainedEntity:
    tables = reader.tables
    keys = tables.keys_of_entity(asked)
    if not keys:
        record = tables.by_id([asked]).get(asked)
        if record is not None:
            keys, asked = tables.keys_of_entity(record.entity_id), record.entity_id
        else:
            successor = tables.successor(asked)
            if successor is None:
                raise DedupError(unknown_record(tables, asked, "entity and no record"))
            raise DedupError(
                f"Entity id {asked!r} is no longer in use: look at {successor!r}."
                f" {tables.spec.name}_entity_ids has all ids that were ever given."
            )
    members = sorted(tables.by_key(keys[:MOST_RECORDS]).values(), key=lambda record: record.record_id)
    component = _Component.of(tables, members)
    tree = [
        (component.known[one[1]], component.known[other[1]]) for one, other in strongest_tree(component.strengths(keys))
    ]
    nearest = tables.likeliest(keys[0]) if len(keys) == 1 else None
    pairs = list(tree)
    if nearest:
        component.known.update(tables.by_key(nearest))
        component.scores.update(tables.scores(nearest))
        one, other = (component.known[key] for key in nearest)
        pairs.append((one, other) if one.key == keys[0] else (other, one))
    explained = reader.explained(pairs, component.scores, component.links, component.never)
    inside = set(keys)
    notes = ["too_many"] if component.too_many else []
    if component.clusters_differ():
        notes.append("other_clusters")
    notes += ["rearranged" for found in component.replays if found.rearranged]
    meetings = [meeting for found in component.replays for meeting in found.meetings]
    shown = {record.key: record for pair in pairs for record in pair} | {record.key: record for record in members}
    return ExplainedEntity(
        entity_id=asked,
        spec=tables.spec,
        model=model,
        members=tuple(members),
        records=reader.records(shown.values()),
        copies=frozenset(r.key for r in members if r.representative != r.key and r.representative in inside),
        tree=tuple(explained[: len(tree)]),
        merges=tuple(m for m in meetings if m.merged and {*m.left, *m.right} <= inside),
        refused=tuple(m for m in meetings if not m.merged and (set(m.left) <= inside or set(m.right) <= inside)),
        nearest=explained[-1] if nearest else None,
        needed=component.replays[0].needed if component.replays else 0.0,
        known=component.known,
        links={pair: link for pair, link in component.links.items() if inside & set(pair)},
        never={pair: rule for pair, rule in component.never.items() if inside & set(pair)},
        notes=tuple(notes),
    )
