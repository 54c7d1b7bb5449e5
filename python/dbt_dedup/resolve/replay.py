"""How the records of a component became its clusters: the merges that were done, and those that were refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dbt_dedup.resolve.clusters import ReplayedComponent, components_to_replay
from dbt_dedup.resolve.component import Component
from dbt_dedup.resolve.records import Decisions, Records, ScoredPairs
from dbt_dedup.spec import Spec

Keys = tuple[int, ...]
Pairs = tuple[tuple[int, int], ...]
AVERAGE, DECIDED, SOURCE, ASSIGNED = "average", "decided", "source", "assigned"


@dataclass(frozen=True)
class Meeting:
    """Two clusters, and whether they merged.

    Attributes:
        left, right: record keys, ascending.
        merged: whether they did.
        reason: `average`, the average of all pairs between them; `decided`, a decision or a rule of `never` about a
            pair of theirs; `source`, both have a record of a source that allows one; `assigned`, the records of two
            sources were assigned to each other.
        average: of the log2 odds of all pairs between them, each between -6.63 and 6.63.
        pairs: how many pairs that is; a record and its copies count once.
        unknown: how many of them have no score, and count as -6.63.
        because: the pairs of record keys that `decided` and `source` are about.
    """

    left: Keys
    right: Keys
    merged: bool
    reason: str
    average: float
    pairs: int
    unknown: int
    because: Pairs = ()


@dataclass(frozen=True)
class Replay:
    """What happened in one component.

    Attributes:
        clusters: the record keys of each cluster, ascending.
        meetings: the merges in their order, then the pairs of clusters that stayed apart though something is known
            about them, the likeliest first.
        needed: average log2 odds from which on clusters merge.
        rearranged: whether records changed places after the merges, for a source without duplicates.
    """

    clusters: tuple[Keys, ...]
    meetings: tuple[Meeting, ...]
    needed: float
    rearranged: bool


def replay(records: Records, scored_pairs: ScoredPairs, decisions: Decisions, spec: Spec) -> list[Replay]:
    """Resolve a few components again, and say what happened in each; those of one record are left out.

    Args:
        records: records of these components, all of each.
        scored_pairs: the pairs in `int_<entity>__component_pairs` of these records.
        decisions: the decisions about these records, those of `never` among them.
        spec: the entity, with its thresholds.
    """
    return [_replayed(found) for found in components_to_replay(records, scored_pairs, decisions, spec)]


def _replayed(found: ReplayedComponent) -> Replay:
    component = found.component
    meetings: list[Meeting] = []

    def keys(nodes: Sequence[int]) -> Keys:
        return tuple(sorted(key for node in nodes for key in found.keys[node]))

    def met(left: Sequence[int], right: Sequence[int], merged: bool, reason: str, because: Pairs = ()) -> Meeting:
        average, pairs, unknown = _average(component, left, right)
        return Meeting(keys(left), keys(right), merged, reason, average + found.inner, pairs, unknown, because)

    def on_merge(left: Sequence[int], right: Sequence[int], average: float | None) -> None:
        because = _between(component.together, left, right, found) if average is None else ()
        meetings.append(met(tuple(left), tuple(right), True, DECIDED if average is None else AVERAGE, because))

    cluster_of = component.clusters(on_merge)
    members: dict[int, list[int]] = {}
    for node, cluster in enumerate(cluster_of):
        members.setdefault(cluster, []).append(node)
    clusters = sorted(members.values(), key=keys)
    refused: list[Meeting] = []
    for place, left in enumerate(clusters):
        for right in clusters[place + 1 :]:
            apart = _between(component.apart, left, right, found)
            rivals = _of_one_source(component, left, right, found)
            reason = DECIDED if apart else SOURCE if rivals else AVERAGE
            meeting = met(left, right, False, reason, apart or rivals)
            if meeting.because or meeting.unknown < meeting.pairs:
                refused.append(meeting)
    if component.is_assignment():
        meetings = [met(nodes[:1], nodes[1:], True, ASSIGNED) for nodes in clusters if len(nodes) > 1]
    refused.sort(key=lambda meeting: (-meeting.average, meeting.left, meeting.right))
    made = {tuple(sorted(meeting.left + meeting.right)) for meeting in meetings}
    rearranged = any(len(nodes) > 1 and keys(nodes) not in made for nodes in clusters)
    return Replay(tuple(map(keys, clusters)), (*meetings, *refused), found.inner, rearranged)


def _average(component: Component, left: Sequence[int], right: Sequence[int]) -> tuple[float, int, int]:
    """Average weight of the pairs between two clusters, how many there are, and how many are not known."""
    known = [
        component.weights[one][other]
        for one, others in ((one, component.weights[one]) for one in left)
        for other in right
        if other in others
    ]
    pairs = len(left) * len(right)
    unknown = pairs - len(known)
    return (sum(known) + unknown * component.absent) / pairs, pairs, unknown


def _between(
    decided: Sequence[tuple[int, int]], left: Sequence[int], right: Sequence[int], found: ReplayedComponent
) -> Pairs:
    ends, others = set(left), set(right)
    return tuple(
        (found.keys[one][0], found.keys[other][0])
        for one, other in decided
        if (one in ends and other in others) or (one in others and other in ends)
    )


def _of_one_source(component: Component, left: Sequence[int], right: Sequence[int], found: ReplayedComponent) -> Pairs:
    if component.sources is None:
        return ()
    return tuple(
        (found.keys[one][0], found.keys[other][0])
        for one in left
        for other in right
        if component.sources[one] == component.sources[other] >= 0
    )
