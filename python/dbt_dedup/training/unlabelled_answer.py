"""Choose the answer that holds together best, or abstain."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dbt_dedup.classifiers import FellegiSunterClassifier, PairClassifier
from dbt_dedup.classifiers.measured_pairs import MeasuredPairs
from dbt_dedup.linkage import MISSING
from dbt_dedup.names import ABSTAINED, USABLE
from dbt_dedup.spec import Spec
from dbt_dedup.training.relatives import Relatives
from dbt_dedup.training.self_training import (
    Answer,
    CandidatePairs,
    best_answer,
    climb,
    looser_starts,
    weigh,
    weight_of_missing,
    without_relatives,
)
from dbt_dedup.training.starts import SUM_SCALE, Start, starts, surest_pairs
from dbt_dedup.training.structure import FEW, LEAST_CONTRAST, LEAST_SUPPORT, MOST_STRANGERS, UNLIKE, FieldScores
from dbt_dedup.training.unlabelled_cut import sum_beyond_doubt

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# What the structure score is at least, less a standard error: model and entities contradict each other on one pair
# in ten. `docs/decisions/0016-without-labels.md` has its range.
USABLE_SCORE = 0.9
DOUBTLESS = 0.9  # match threshold of a model that abstains, where the spec leaves it to training


@dataclass(frozen=True)
class LearnedWithoutLabels:
    """What was learned, and whether to use it.

    Attributes:
        classifier: that of the best answer, or the plain sum of surprises.
        verdict: `usable` or `abstained`.
        reasons: why it abstained and what to do, a sentence each.
        chosen: name of the best answer; empty where there is none.
        answers: all answers, the best structure first.
        surest_pairs: number of the surest pairs.
        missing: log2 odds of a pair that blocking did not propose.
        least_weight: log2 odds below which nothing is merged.
    """

    classifier: PairClassifier
    verdict: str
    reasons: tuple[str, ...]
    chosen: str
    answers: tuple[Answer, ...]
    surest_pairs: int
    missing: float
    least_weight: float


def learn_from_pairs(
    left: Ints,
    right: Ints,
    sources_apart: bool,
    features: Floats,
    random_features: Floats,
    all_pairs: float,
    spec: Spec,
) -> LearnedWithoutLabels:
    """Learn from candidate pairs.

    Args:
        left: number of one side's record in each of n pairs; records that say exactly the same share a number.
        right: number of the other side's record.
        sources_apart: whether two records of one source are never compared.
        features: n by f; NaN is null.
        random_features: of random pairs, r by f.
        all_pairs: number of pairs of records.
        spec: for the directions and fields of the features, and the match threshold of an abstaining model.

    Raises:
        ValueError: no feature of known direction varies.
    """
    field_names = [feature.field for feature in spec.features]
    blank = FellegiSunterClassifier(spec.directions, field_names)
    measured = blank.measure(features, random_features)
    distinct, numbers = np.unique(np.concatenate([left, right]), return_inverse=True)
    left, right = numbers[: len(left)], numbers[len(left) :]
    surest = surest_pairs(left, right, measured.total, len(distinct))
    known_fields = [field_names[int(np.flatnonzero(blank.fields_ == g)[0])] for g in range(len(measured.sizes))]
    answers: list[Answer] = []
    missing = MISSING
    if surest.sum() >= FEW:
        begun = list(starts(blank, measured, surest, all_pairs))
        if not sources_apart:
            missing = weight_of_missing(left, right, begun[0].weight, len(distinct))
        unlike = {field.name: UNLIKE[field.type] for field in spec.fields if field.type in UNLIKE}
        two_people = dict(_two_people(features, spec))
        dates = {field.name for field in spec.fields if field.type == "date"} if unlike else set()
        scores = FieldScores.of(
            measured.scores,
            {g: unlike[f] for g, f in enumerate(known_fields) if f in unlike},
            {g: two_people[f] for g, f in enumerate(known_fields) if f in two_people},
            [g for g, f in enumerate(known_fields) if f in dates],
        )
        pairs = CandidatePairs(left, right, len(distinct), features, scores, surest, known_fields, missing)
        answers = list(_answers(pairs, begun, spec))
    best = best_answer(answers, USABLE_SCORE) if answers else None
    ranked = tuple(sorted(answers, key=lambda answer: -answer.structure.score))
    reasons = _reasons(best, int(surest.sum()), known_fields, spec)
    if best is not None and best.classifier is not None and not reasons:
        relatives = Relatives.of(spec, random_features, generations=True)
        apart = without_relatives(pairs, best, spec.directions, relatives) if relatives and pairs.structured else None
        return LearnedWithoutLabels(
            apart or best.classifier, USABLE, (), best.name, ranked, int(surest.sum()), missing, least_weight=0.0
        )
    classifier, least = _beyond_doubt(blank, measured, features, all_pairs, spec)
    name = best.name if best else ""
    return LearnedWithoutLabels(classifier, ABSTAINED, reasons, name, ranked, int(surest.sum()), missing, least)


def _two_people(features: Floats, spec: Spec) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """For each field of full names, the pairs with two given names, of which the spelling counts as wholly different.

    A family name in common, and a rare one at that, would pass for a name in common.
    """
    place = {name: number for number, name in enumerate(spec.feature_names)}
    for field in spec.fields:
        spelling = place.get(f"{field.name}_jaro_winkler")
        if field.type == "full_name" and spelling is not None:
            yield field.name, features[:, spelling] == 0


def _answers(pairs: CandidatePairs, begun: Sequence[Start], spec: Spec) -> Iterator[Answer]:
    """All answers; where pairs stand alone, only the first of each start that a classifier gives.

    A pair that shares no record with another contradicts nothing: self-training would confirm whatever it begins with.
    """
    if not pairs.structured:
        yield from (next(climb(pairs, start, spec.directions, set())) for start in begun if start.classifier)
        return
    known = set[bytes]()
    answers = [answer for start in begun for answer in climb(pairs, start, spec.directions, known)]
    yield from answers
    for start in looser_starts(best_answer(answers, USABLE_SCORE)):
        yield from climb(pairs, start, spec.directions, known)


def _beyond_doubt(
    blank: FellegiSunterClassifier, measured: MeasuredPairs, features: Floats, all_pairs: float, spec: Spec
) -> tuple[FellegiSunterClassifier, float]:
    """The plain sum of surprises, and the log2 odds above which nothing speaks against a match.

    The odds are a ranking. They are set so that the match threshold of the spec, if it has one, is where doubt ends.
    """
    plain = copy.copy(blank).take_surprise(measured, 0.0)
    doubt = sum_beyond_doubt(weigh(plain, features), measured.scores, all_pairs)
    declared = spec.declared_thresholds.match
    match = min(max(DOUBTLESS if declared is None else declared, 0.5), 0.999)
    certain = float(np.log2(match / (1 - match)))
    plain.recalibrate(1 / SUM_SCALE, certain - 1e-6 - doubt / SUM_SCALE)  # the last doubtful pair is just below
    return plain, certain


def _reasons(best: Answer | None, surest: int, known_fields: Sequence[str], spec: Spec) -> tuple[str, ...]:
    """Why the best answer is not used, and what to do; empty if it is.

    One field cannot contradict itself: the variants of a product, which differ in a word, look as consistent as copies.
    """
    declared = {field.name for field in spec.fields}.intersection(known_fields)  # the text of the whole record is none
    if len(declared) == 1:
        reasons = [f"Only field {declared.pop()} varies between the pairs: no other speaks for or against a match."]
    elif best is None:
        reasons = [f"Only {surest} pairs stand out as surely of one entity: too few to learn from."]
    elif best.structure.lower_bound >= USABLE_SCORE:
        return ()
    else:
        found = best.structure
        reasons = [
            f"No answer holds together: the best one, of {found.pairs:,} pairs, has a structure score of"
            f" {found.score:.2f} (less {found.score - found.lower_bound:.2f}, its standard error), and"
            f" {USABLE_SCORE:g} is asked."
        ]
        if found.support < LEAST_SUPPORT:
            reasons.append(
                f"On field {found.weakest_field} its pairs say {found.support:.0%} of what the surest pairs say: they"
                " may be relatives or neighbours."
            )
        if found.strangers > MOST_STRANGERS:
            reasons.append(
                f"In {found.strangers:.0%} of its pairs the names have nothing in common: they may be families."
            )
        if found.contrast < LEAST_CONTRAST:
            reasons.append(
                f"Field {found.opposed_field} speaks against its pairs: other candidate pairs agree on it more. A rule"
                f" that blocks without {found.opposed_field} may bring relatives together."
            )
    return (
        *reasons,
        f"Label 30 pairs (`dbt-dedup label {spec.name} --count 30`), or add a field that tells such records apart;"
        f" {spec.name}_block_stats shows which blocking rule proposes most pairs.",
    )
