"""Learn from entities instead of labels: cluster, learn weights from the clusters, weigh, and cluster again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from dbt_dedup.classifiers import LogisticClassifier, PairClassifier
from dbt_dedup.constants import BATCH_ROWS
from dbt_dedup.linkage import CERTAIN, MISSING, average_linkage
from dbt_dedup.training.calibration import learn_shift
from dbt_dedup.training.relatives import Relatives
from dbt_dedup.training.starts import Start
from dbt_dedup.training.structure import FEW, LEAST_SUPPORT, FieldScores, Structure, judge

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

ROUNDS = 4  # an answer that has not settled after so many is judged as it is
EACH = 10_000  # pairs inside entities, and as many between them, that weights are learned from at most
HALF = 0.5  # share of the pairs that made pairs take apart, from which on they are relatives
THIRD = 1 / 3  # share of the pairs of other dates that two records each attest, from which on they are of two people
STEPS, STEP = 4, 1.4  # looser cuts that are tried from the best answer, each with so many times the pairs


@dataclass(frozen=True)
class CandidatePairs:
    """n candidate pairs of which entities are to be found.

    Attributes:
        left, right: number of each side's record; records that say exactly the same share a number.
        records: how many numbers there are.
        features: n by f; NaN is null.
        scores: surprise of each of the g fields.
        surest: the pairs that are surest to be matches.
        fields: names of the g fields.
        missing: log2 odds of a pair that blocking did not propose.
    """

    left: Ints
    right: Ints
    records: int
    features: Floats
    scores: FieldScores
    surest: Mask
    fields: Sequence[str]
    missing: float

    @property
    def structured(self) -> bool:
        """Whether most pairs share a record with another one: else no pair can contradict another."""
        pairs_of = np.bincount(np.concatenate([self.left, self.right]), minlength=self.records)
        return bool(((pairs_of[self.left] > 1) | (pairs_of[self.right] > 1)).mean() > 0.5)

    def clusters(self, weight: Floats) -> Ints:
        """The entity of each record, by the number of one of its records."""
        return average_linkage(self.left, self.right, weight, self.records, self.missing)

    def together(self, weight: Floats) -> Mask:
        """Whether each pair is inside an entity."""
        cluster = self.clusters(weight)
        return np.asarray(cluster[self.left] == cluster[self.right])

    def telling(self, weight: Floats, cluster: Ints) -> Mask:
        """Whether a pair tells how matches or other pairs look.

        Where blocking is known to miss pairs, entities whose listed pairs are likely matches on average are apart only
        for the others, which may be missed. Their pairs would teach that matches are none, and the entities would
        shrink from round to round. Households are apart in the same way, so this holds only for weights that are
        against relatives too.
        """
        if self.missing <= MISSING:
            return np.ones(len(self.left), dtype=bool)
        left, right = cluster[self.left], cluster[self.right]
        of_pair = np.unique(np.minimum(left, right) * self.records + np.maximum(left, right), return_inverse=True)[1]
        mean = np.bincount(of_pair, weights=np.clip(weight, self.missing, CERTAIN)) / np.bincount(of_pair)
        return np.asarray((left == right) | (mean[of_pair] <= 0))


@dataclass(frozen=True)
class Answer:
    """Weights of the candidate pairs with the entities that they make.

    Attributes:
        name: where it started, and after how many rounds of self-training it was taken.
        classifier: what gives the weights; None where no classifier can.
        weight: log2 odds of each candidate pair.
        structure: how it holds together.
    """

    name: str
    classifier: PairClassifier | None
    weight: Floats
    structure: Structure


def climb(pairs: CandidatePairs, start: Start, directions: Sequence[int], known: set[bytes]) -> Iterator[Answer]:
    """The answers from one start on: in each round, the weights that the entities of the round before teach.

    Entities are made by average linkage, so that a pair is held against the other pairs of its records. That is what
    no single pair shows: a relative of one record is no relative of its copy. Equal entities teach the same, so a climb
    that meets entities in `known`, which it adds to, ends there.
    """
    weight, classifier = start.weight, start.classifier
    for learned in range(ROUNDS):
        cluster = pairs.clusters(weight)
        together = cluster[pairs.left] == cluster[pairs.right]
        structure = judge(weight, together, pairs.scores, pairs.surest, pairs.fields)
        yield Answer(f"{start.name}, {learned} rounds", classifier, weight, structure)
        entities = np.packbits(together).tobytes()
        if learned == ROUNDS - 1 or together.sum() < 2 or entities in known:
            return
        others = ~together
        if start.keeps_relatives_apart:
            others &= pairs.telling(weight, cluster)
        if not others.any():
            return
        known.add(entities)
        classifier = _learn(pairs.features, together, others, directions)
        weight = weigh(classifier, pairs.features)


def looser_starts(best: Answer) -> Iterator[Start]:
    """The weights of an answer, cut lower: half of the true pairs may lie just below the cut."""
    descending, accepted = -np.sort(-best.weight), int((best.weight > 0).sum())
    for step in range(1, STEPS + 1):
        at = int(accepted * STEP**step)
        if 0 < at < len(descending):
            yield Start(f"{best.name}, and on with {at} pairs", best.weight - descending[at])


def best_answer(answers: Sequence[Answer], usable: float) -> Answer:
    """The answer of highest score, or a larger one that cannot be told from it.

    An answer of at least `STEP` times the pairs is a different one. If its score is within one standard error of the
    difference, and the pairs that it adds say enough on every field, nothing speaks against them, and the smaller
    answer would only leave them out. Relatives that are added say nothing on the field that tells them apart, which the
    mean over all pairs of a large answer can hide.
    """
    known = [answer for answer in answers if answer.classifier is not None]
    best = max(known, key=lambda answer: answer.structure.score)
    larger = [
        answer
        for answer in known
        if answer.structure.pairs >= STEP * best.structure.pairs
        and answer.structure.score
        >= best.structure.score - np.sqrt(answer.structure.variance + best.structure.variance)
        and answer.structure.lower_bound >= usable
        and _added_support(answer.structure, best.structure) >= LEAST_SUPPORT
    ]
    return max(larger, key=lambda answer: answer.structure.score, default=best)


def _added_support(larger: Structure, smaller: Structure) -> float:
    """The most that the pairs which a larger answer adds can say on its weakest field, as a share of the surest pairs.

    On that field the smaller answer says at least what it says on its own weakest one.
    """
    said = larger.pairs * larger.support - smaller.pairs * smaller.support
    return said / (larger.pairs - smaller.pairs)


def weight_of_missing(left: Ints, right: Ints, weight: Floats, records: int) -> float:
    """Log2 odds of a pair that blocking did not propose, from the pairs that two sure matches of one record close.

    Such a pair is a match. The share of them that is not proposed is how easily blocking misses a match; 64 pairs of
    which one is missed are counted on top, as a few say little.
    """
    sure = (weight > -MISSING) & (left != right)
    matched, proposed = _adjacency(left[sure], right[sure], records), _adjacency(left, right, records)
    closing = matched @ matched
    closing.setdiag(0)
    closing.eliminate_zeros()
    closing.data[:] = 1
    count = closing.nnz // 2
    missed = count - closing.multiply(proposed).nnz // 2
    return float(np.clip(np.log2((missed + 1) / (count + 2**-MISSING)), MISSING, -1.0))


def _adjacency(left: Ints, right: Ints, records: int) -> csr_array:
    ends = (np.concatenate([left, right]), np.concatenate([right, left]))
    matrix = csr_array((np.ones(2 * len(left), dtype=np.int64), ends), shape=(records, records))
    matrix.data[:] = 1
    return matrix


def weigh(classifier: PairClassifier, features: Floats) -> Floats:
    """Log2 odds of n pairs, in batches."""
    scorer, used = classifier.scorer(None), classifier.used_features()
    batches = (features[start : start + BATCH_ROWS] for start in range(0, len(features), BATCH_ROWS))
    return np.concatenate([scorer({j: batch[:, j] for j in used}, len(batch))[0] for batch in batches])


class _PlainLogistic(LogisticClassifier):
    """A logistic classifier of fixed strength: labels that the model makes itself cannot choose one."""

    def _choose_strength(self, design: Floats, is_match: NDArray[np.int64], weights: Floats) -> float:
        return 1.0


def without_relatives(
    pairs: CandidatePairs, answer: Answer, directions: Sequence[int], relatives: Relatives
) -> PairClassifier | None:
    """What an answer's entities teach with made pairs of relatives; None where nothing is between them, or it harms.

    Among the pairs inside entities may be relatives, and they teach that what made pairs say is wrong. So those whose
    names have nothing in common are left out, where the entities that this gives hold together better: they do not
    where many people are entered under another name, or with the names swapped. Those with other birth dates are left
    out where these are of two people.
    """
    together = pairs.together(answer.weight)
    if together.all():
        return None
    two_people = _of_two_dates(pairs, together)
    ways = [together & ~two_people]
    if 0 < (alike := ways[0] & ~pairs.scores.are_strangers).sum() < ways[0].sum():
        ways.append(alike)
    found = [_with_relatives(pairs, matches, ~together, directions, relatives) for matches in ways]
    best = max(found, key=lambda learned: learned.structure.score)
    return None if _takes_matches_apart(pairs, answer, together, two_people, best) else best.classifier


@dataclass(frozen=True)
class _WithRelatives:
    """What was learned with made pairs, and which candidate pairs are inside the entities that it gives."""

    classifier: PairClassifier
    together: Mask
    structure: Structure


def _with_relatives(
    pairs: CandidatePairs, matches: Mask, others: Mask, directions: Sequence[int], relatives: Relatives
) -> _WithRelatives:
    """What some matches and others teach with made pairs of relatives.

    Made pairs are no candidates: they say what a field is worth, not how many candidates are matches. So the odds are
    shifted until as many matches are expected among the candidate pairs as there are.
    """
    learned = _learn(pairs.features, matches, others, directions, relatives)
    learned.recalibrate(1.0, learn_shift(learned.decision_function(pairs.features), matches.astype(np.int64)))
    weight = weigh(learned, pairs.features)
    together = pairs.together(weight)
    structure = judge(weight, together, pairs.scores, pairs.surest, pairs.fields)
    return _WithRelatives(learned, together, structure)


def _of_two_dates(pairs: CandidatePairs, together: Mask) -> Mask:
    """The pairs inside entities that are of two people, father and son of one name, by their birth dates.

    A date that is wrong stands alone: no other record of its entity has it. Of two people who were merged each has
    records that agree on a date, as often as records have a partner that does. If at least a third as many pairs of
    other dates are attested like this on both sides, most of them are of two people; else none counts as such.
    """
    none = np.zeros(len(together), dtype=bool)
    if not pairs.scores.dates:
        return none
    differ = together & pairs.scores.dates_differ()
    agree = together & pairs.scores.dates_agree(pairs.surest)
    attested = np.zeros(pairs.records, dtype=bool)
    for side in (pairs.left, pairs.right):
        attested[side[agree]] = True
    count = int((differ & attested[pairs.left] & attested[pairs.right]).sum())
    return differ if count >= FEW and count >= THIRD * differ.sum() * attested.mean() ** 2 else none


def _takes_matches_apart(
    pairs: CandidatePairs, answer: Answer, together: Mask, two_people: Mask, learned: _WithRelatives
) -> bool:
    """Whether a classifier with made pairs takes more than relatives apart.

    Where people are often entered under another name, or misspelled, a name that differs says little, and made pairs
    say that it says much. Then the entities hold together worse, by more than one standard error of the difference,
    and in most pairs that were taken apart the names have something in common. Of relatives they have not, or they
    have two birth dates.
    """
    after, before = learned.structure, answer.structure
    is_worse = after.score < before.score - np.sqrt(after.variance + before.variance)
    apart = together & ~learned.together
    if 0 < (apart & two_people).sum() >= HALF * apart.sum():
        return False
    return bool(is_worse and pairs.scores.strangers(apart) < HALF)


def _learn(
    features: Floats, matches: Mask, others: Mask, directions: Sequence[int], relatives: Relatives | None = None
) -> LogisticClassifier:
    """A classifier of the pairs inside entities and of those between them, and of made pairs of relatives."""
    inside, between = np.flatnonzero(matches), np.flatnonzero(others)
    kept = [_evenly(rows, EACH) for rows in (inside, between)]
    rows = np.concatenate(kept)
    share = [len(rows_of) / len(kept_of) for rows_of, kept_of in zip((inside, between), kept, strict=True)]
    weights = np.repeat(share, [len(kept_of) for kept_of in kept])
    order = np.argsort(rows)
    learned = features[rows[order]], matches[rows[order]].astype(np.int64), weights[order] / weights.mean()
    fitted = _PlainLogistic(directions).fit(*(relatives.add_to(*learned) if relatives else learned))
    plain = LogisticClassifier(directions)  # artefacts hold registered kinds only
    plain.__dict__.update(fitted.__dict__)
    return plain


def _evenly(rows: Ints, count: int) -> Ints:
    if len(rows) <= count:
        return rows
    return rows[np.linspace(0, len(rows) - 1, count).astype(np.int64)]
