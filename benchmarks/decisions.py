"""Accuracy of the decisions with no labels and with few: what the thresholds and clusters keep of the ranking.

    python benchmarks/decisions.py restaurant senzing_truthset --labels 0 30 200 1000 --seeds 0 1 2

Each data set is built once with dbt, its pair features as a table. Training and resolving then run in this process, by
the functions that `dbt-dedup train` and the dbt models call. Labels are drawn as in accuracy.py, with the seed in the
lot. They train the model and decide nothing else: no label is a must-link or a cannot-link here, so every merge is the
model's. Training without labels does not depend on the seed and runs once.

`kept_share` is the F1 of the clusters by the best F1 of pairs that the supervised ranking reaches in hindsight: over
the candidate pairs, with the most labels that were measured, as the mean over the seeds (of the same half). The F1 of
the clusters counts every true pair, so the share also pays for those that blocking did not propose, and gains where
clusters find them.

Three kinds of rows need more words:

- Held-out half: the labels are drawn from pairs of one half of the entities, and everything is measured on the pairs of
  the other half. The seed draws the halves. 1,000 labels are most of the candidate pairs of a small data set.
- Published pairs (pairs.csv in place of truth.csv): the whole tables are linked, but only some pairs have an answer.
  Labels are drawn from the candidate pairs among the published `train` and `valid` pairs, and everything is measured on
  the published `test` pairs, whether blocking proposed them or not. A merged pair that was not published counts neither
  way; `unpublished_merges` is their number. The labels say nothing of how they were sampled, because a random published
  pair is not a random candidate pair.
- Asked by label (`--asked`): the pairs are those that `dbt-dedup label` would ask about in one session, in its usual
  mix, where the model without labels is in production. The seed draws the pool that it chooses from.

Results go to benchmarks/results/decisions.json and decisions.md as soon as a data set is done; `--resume` skips the
data sets that are complete there.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import yaml
from accuracy import DATASETS, draw_answers, f1
from benchmark_project import run, write_project
from data_sets import data_set_parser, parse_data_sets, present
from decision_results import ASKED, HALF, RESULTS, Result, read_results, write_results
from labelling import session
from numpy.typing import NDArray
from pair_truth import EntityTruth, PairTruth, Truth, find_codes, pair_codes, pair_quality

from dbt_dedup.classifiers import PairClassifier
from dbt_dedup.classifiers.base import probability
from dbt_dedup.constants import BATCH_ROWS, POOL_PAIRS
from dbt_dedup.errors import DedupError
from dbt_dedup.names import AUTO, LABEL_FREE, MATCH, MIXED, NO_MATCH, UNSUPERVISED
from dbt_dedup.pair_features import RequestedPairs, read_features
from dbt_dedup.resolve import Decisions, Records, ScoredPairs, find_components, resolve
from dbt_dedup.resolve.closure import with_closure
from dbt_dedup.resolve.dbt_models import read_records
from dbt_dedup.spec import Spec
from dbt_dedup.training.candidate_pairs import candidate_pairs
from dbt_dedup.training.labelled_pairs import LabelledPairs
from dbt_dedup.training.relatives import Relatives
from dbt_dedup.training.thresholds import CUTS
from dbt_dedup.training.with_labels import train
from dbt_dedup.training.without_labels import learn_next_to_labels, train_without_labels
from dbt_dedup.warehouse import DbtProject, close_connections

HERE = Path(__file__).parent
PUBLISHED: dict[str, dict[str, Any]] = {
    name: {"source": "source", "source_mode": "link_only", "fields": spec["fields"], "blocking": spec["blocking"]}
    for name, spec in yaml.safe_load((HERE / "published.yml").read_text()).items()
    if "blocking" in spec
}
SPECS = {**DATASETS, **PUBLISHED}
LABELS, SEEDS = (0, 30, 200, 1000), (0, 1, 2)
HALVED = ("senzing_truthset",)  # 1,000 labels are most of its candidate pairs
DEFAULT_MATCH = 0.9  # of a model without thresholds of its own
FLAT = (0.5, 0.95)  # between these match thresholds the F1 should hardly change

Floats = NDArray[np.float64]
Keys = NDArray[np.int32]
Positions = NDArray[np.int64]


@dataclass(frozen=True)
class BuiltSet:
    """A data set that dbt has built: n records and the places of the two sides of each candidate pair, in order.

    `data` is the folder of its files.
    """

    name: str
    data: Path
    project: DbtProject
    spec: Spec
    records: Records
    left: Positions
    right: Positions

    def candidate_recall(self, truth: Truth) -> float:
        """Share of the true pairs that blocking proposed; identical records are blocked through one of them."""
        sides = truth.left, truth.right
        if self.records.representatives is not None:
            first = np.searchsorted(self.records.keys, self.records.representatives)
            sides = first[truth.left], first[truth.right]
        wanted = pair_codes(np.minimum(*sides), np.maximum(*sides))
        proposed = (find_codes(pair_codes(self.left, self.right), wanted) >= 0) | (sides[0] == sides[1])
        return float(proposed.mean())


@dataclass(frozen=True)
class Decided:
    """What a model makes of a data set: weights of the candidate pairs in order, and clusters by match threshold."""

    weight: Floats
    clusters: dict[float, Keys]
    components: Keys


def main() -> None:
    """Measure the data sets named on the command line; keep what was found in benchmarks/results."""
    parser = data_set_parser(__doc__, SPECS)
    parser.add_argument("--labels", type=int, nargs="+", default=list(LABELS), help="default: 0 30 200 1000")
    parser.add_argument("--seeds", type=int, nargs="+", default=list(SEEDS), help="default: 0 1 2")
    parser.add_argument("--asked", action="store_true", help="label what `dbt-dedup label` would ask about")
    parser.add_argument("--kind", default=AUTO, help="classifier where there are labels (default auto)")
    parser.add_argument("--resume", action="store_true", help="skip the data sets that are complete in the results")
    parser.add_argument("--table", action="store_true", help="only write anew what follows from the results")
    arguments = parse_data_sets(parser, SPECS)
    for name, data in () if arguments.table else known_sets(arguments.datasets):
        if arguments.resume and is_complete(name, arguments):
            print(f"{name}: complete in {RESULTS.name}, skipped", flush=True)
            continue
        with tempfile.TemporaryDirectory(prefix=f"dbt_dedup_{name}_") as scratch:
            results = list(measure(name, data, Path(scratch), arguments))
        write_results(results, list(SPECS), list(PUBLISHED))
    if arguments.table:
        write_results([], list(SPECS), list(PUBLISHED))


def known_sets(names: Sequence[str]) -> Iterator[tuple[str, Path]]:
    """Name and folder of each data set that is there."""
    for name in names:
        yield from present([name], "pairs.csv" if name in PUBLISHED else "truth.csv")


def is_complete(name: str, arguments: argparse.Namespace) -> bool:
    """Whether each model that would be measured has a row."""
    wanted = {
        (name + (ASKED if labels and arguments.asked else ""), labels, seed)
        for labels in arguments.labels
        for seed in (arguments.seeds if labels else [None])
    }
    return wanted <= {(row.dataset, row.labels, row.seed) for row in read_results()}


def measure(name: str, data: Path, folder: Path, arguments: argparse.Namespace) -> Iterator[Result]:
    """Build a data set, then train and decide with each number of labels and each seed."""
    try:
        built = build(name, data, folder)
        parts = list(whole(built))
        if name in HALVED:
            parts += [part for seed in arguments.seeds for part in halves(built, parts[0][1], seed)]
        for labels in sorted(arguments.labels):
            if not labels:
                yield from judge_without_labels(built, parts)
                continue
            if arguments.asked:
                yield from judge_asked(built, parts, labels, arguments)
                continue
            for title, truth, answers, seeds in parts:
                for seed in seeds or arguments.seeds:
                    draw = partial(draw_labels, built, answers, labels, seed)
                    yield judge_with_labels(built, title, truth, draw, labels, seed, arguments.kind)
    finally:
        close_connections()


# Title, the truth to measure on, the truth to answer from, and the seeds that it is of; () for any.
Part = tuple[str, Truth, Truth, tuple[int, ...]]


def whole(built: BuiltSet) -> Iterator[Part]:
    """The data set measured on all pairs whose truth is known."""
    if built.name in PUBLISHED:
        asked, test = (read_pairs(built, *splits) for splits in (("train", "valid"), ("test",)))
        yield built.name, test, asked, ()
    else:
        truth = read_entities(built)
        yield built.name, truth, truth, ()


def halves(built: BuiltSet, truth: Truth, seed: int) -> Iterator[Part]:
    """The data set with answers from one half of the entities, measured on the other."""
    assert isinstance(truth, EntityTruth)
    is_asked = np.random.default_rng(seed).permutation(truth.entities.max() + 1) % 2 == 0
    in_asked_half = is_asked[truth.entities]
    yield built.name + HALF, truth.part(~in_asked_half), truth.part(in_asked_half), (seed,)


def build(name: str, data: Path, folder: Path) -> BuiltSet:
    """Build the pair features of a data set as a table, with dbt."""
    spec = {"input": f"raw_{name}", "record_id": "record_id", **SPECS[name]}
    read_csv = f"select * from read_csv('{data / 'records.csv'}', all_varchar = true)"
    write_project(folder, name, spec, {f"raw_{name}": read_csv}, store_features=True)
    run(folder, "dbt", "deps", "--quiet")
    wanted = [f"+int_{name}__pair_features", f"+int_{name}__spec"]
    run(folder, "dbt", "build", "--quiet", "--exclude-resource-type", "test", "--select", *wanted)
    project = DbtProject(folder, folder)
    in_effect = project.entity_spec(name)
    with project.open() as warehouse:
        records = read_records(warehouse.read(f"int_{name}__keyed_records"), in_effect)
        pairs = warehouse.read(f"int_{name}__candidate_pairs", ["record_key_l", "record_key_r"]).fetchnumpy()
    left, right = (np.searchsorted(records.keys, pairs[f"record_key_{side}"]) for side in ("l", "r"))
    order = np.lexsort((right, left))
    return BuiltSet(name, data, project, in_effect, records, left[order], right[order])


def places_by_id(built: BuiltSet) -> dict[str, int]:
    """The place of each record in order of its key, by its id."""
    with built.project.open() as warehouse:
        table = warehouse.read(f"int_{built.name}__keyed_records", ["record_key", "record_id"])
        ids = table.order("record_key").to_arrow_table()["record_id"].to_pylist()
    return {str(record_id): place for place, record_id in enumerate(ids)}


def read_entities(built: BuiltSet) -> EntityTruth:
    """The truth of a data set that says of each record which entity it is."""
    places = places_by_id(built)
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"""
            select record_id, dense_rank() over (order by entity_id) - 1
            from read_csv('{built.data / "truth.csv"}', all_varchar = true)
            """
        ).fetchall()
    entities = np.full(len(built.records), -1)
    for record_id, entity in rows:
        entities[places[record_id]] = entity
    return EntityTruth.of(entities, source_numbers(built) if built.spec.source_mode == "link_only" else None)


def source_numbers(built: BuiltSet) -> Positions:
    """A number for the source of each record."""
    assert built.records.sources is not None
    _, numbers = np.unique(built.records.sources.astype(str), return_inverse=True)
    return numbers.astype(np.int64)


def read_pairs(built: BuiltSet, *splits: str) -> PairTruth:
    """The published pairs of some splits."""
    places = places_by_id(built)
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"""
            select record_id_l, record_id_r, label = '1'
            from read_csv('{built.data / "pairs.csv"}', all_varchar = true)
            where split in ({", ".join(f"'{split}'" for split in splits)})
            """
        ).fetchall()
    sides = np.sort([[places[left], places[right]] for left, right, _ in rows], axis=1)
    order = np.lexsort((sides[:, 1], sides[:, 0]))
    is_match = np.array([is_match for *_, is_match in rows], dtype=np.int8)
    return PairTruth(sides[order, 0], sides[order, 1], is_match[order])


def judge_without_labels(built: BuiltSet, parts: Sequence[Part]) -> Iterator[Result]:
    """Train once without labels, and measure it on each part."""
    started = time.perf_counter()
    try:
        _, model = train_without_labels(built.project, built.name)
    except DedupError as error:
        for title, truth, *_ in parts:
            yield shown(replace(outline(built, title, truth, 0, None), refused=str(error)))
        return
    seconds = time.perf_counter() - started
    thresholds = getattr(model, "thresholds", None)
    judged = judge(built, model.classifier, thresholds, seconds)
    for title, truth, _, seeds in parts:
        result = outline(built, title, truth, 0, seeds[0] if seeds else None)
        yield shown(judged(replace(result, kind=getattr(model, "kind", UNSUPERVISED)), truth))


def judge_asked(built: BuiltSet, parts: Sequence[Part], count: int, arguments: argparse.Namespace) -> Iterator[Result]:
    """Ask about pairs as a session of `dbt-dedup label` does, with the model without labels in production."""
    try:
        _, model = train_without_labels(built.project, built.name)
    except DedupError as error:  # nothing to ask with
        for title, truth, _, seeds in parts:
            for seed in seeds or arguments.seeds:
                yield shown(replace(outline(built, title + ASKED, truth, count, seed), refused=str(error)))
        return
    for title, truth, answers, seeds in parts:
        for seed in seeds or arguments.seeds:
            ask = partial(ask_labels, built, answers, model.classifier, count, seed)
            yield judge_with_labels(built, title + ASKED, truth, ask, count, seed, arguments.kind)


def judge_with_labels(
    built: BuiltSet, title: str, truth: Truth, draw: Callable[[], LabelledPairs], count: int, seed: int, kind: str
) -> Result:
    """Draw labels, train on them, and measure the decisions."""
    result = outline(built, title, truth, count, seed)
    try:
        labelled = draw()
        result = replace(result, labelled=len(labelled), labelled_matches=int(labelled.is_match.sum()))
        started = time.perf_counter()
        score_candidates = partial(candidate_pairs, built.project, built.spec, labelled)
        label_free = None
        if kind == AUTO and labelled.are_few:
            label_free = learn_next_to_labels(built.project, built.name, labelled)
        relatives = Relatives.read(built.project, built.spec)
        model = train(kind, built.spec, labelled, score_candidates, label_free, relatives)
    except DedupError as error:
        return shown(replace(result, refused=str(error)))
    judged = judge(built, model.classifier, model.thresholds, time.perf_counter() - started)
    taken = f"{model.taken} ({model.kind})" if model.taken == LABEL_FREE else model.kind
    return shown(judged(replace(result, kind=taken), truth))


def draw_labels(built: BuiltSet, answers: Truth, count: int, seed: int) -> LabelledPairs:
    """Draw candidate pairs, label them by the truth, and read their features as training does."""
    answer = answers.answer(built.left, built.right)
    keys = {"record_key_l": built.records.keys[built.left], "record_key_r": built.records.keys[built.right]}
    can_be_asked = pa.table({**keys, "is_match": answer == 1}).filter(pa.array(answer >= 0))
    with built.project.open() as warehouse:
        warehouse.cursor.register("answers", can_be_asked)
        drawn = draw_answers(warehouse.cursor, built.name, count, f"{seed} ")
    names = ("record_id_l", "record_id_r", "label", "sampled_by")
    by_name = dict(zip(names, zip(*drawn, strict=True), strict=True)) if drawn else dict.fromkeys(names, ())
    if isinstance(answers, PairTruth):
        by_name["sampled_by"] = (None,) * len(drawn)
    texts = {name: pa.array(values, pa.string()) for name, values in by_name.items()}
    return read_labels(built, pa.table({**texts, "sampling_weight": pa.nulls(len(drawn), pa.float64())}))


def ask_labels(built: BuiltSet, answers: Truth, production: PairClassifier, count: int, seed: int) -> LabelledPairs:
    """Label, by the truth, the pairs that `dbt-dedup label` would ask about."""
    answer = answers.answer(built.left, built.right)
    pool = np.random.default_rng(seed).permutation(np.flatnonzero(answer >= 0))[:POOL_PAIRS]
    features = np.empty((len(built.left), len(built.spec.features)))
    with built.project.open() as warehouse:
        for places, of_batch in features_in_place(built, warehouse.read(f"int_{built.name}__pair_features")):
            features[places] = of_batch
    is_match = answer[pool] == 1
    ids = {place: record_id for record_id, place in places_by_id(built).items()}
    drawn = []
    for choice in session(features[pool], is_match, built.spec.directions, MIXED, count, production):
        sides = (ids[int(side[pool[choice.row]])] for side in (built.left, built.right))
        label = MATCH if is_match[choice.row] else NO_MATCH
        drawn.append((*sides, label, choice.sampled_by, choice.sampling_weight))
    names = ("record_id_l", "record_id_r", "label", "sampled_by", "sampling_weight")
    return read_labels(built, pa.table(dict(zip(names, map(pa.array, zip(*drawn, strict=True)), strict=True))))


def read_labels(built: BuiltSet, drawn: pa.Table) -> LabelledPairs:
    """Labelled pairs with their features, as training reads them.

    Args:
        built: the data set.
        drawn: record_id_l, record_id_r, label, sampled_by and sampling_weight of each pair.
    """
    with built.project.open() as warehouse:
        warehouse.cursor.register("drawn", drawn)
        labelled = warehouse.cursor.sql(
            f"""
            select
                least(drawn.record_id_l, drawn.record_id_r) as record_id_l,
                greatest(drawn.record_id_l, drawn.record_id_r) as record_id_r,
                (drawn.label = '{MATCH}')::integer as label,
                drawn.sampled_by,
                drawn.sampling_weight,
                '' as input_digest,
                features.*
            from drawn
            inner join int_{built.name}__keyed_records as l on drawn.record_id_l = l.record_id
            inner join int_{built.name}__keyed_records as r on drawn.record_id_r = r.record_id
            inner join int_{built.name}__pair_features as features
                on l.record_key = features.record_key_l and r.record_key = features.record_key_r
            """
        ).to_arrow_table()
    return LabelledPairs.from_arrow(labelled, built.spec.feature_names, built.name, few_allowed=True)


def outline(built: BuiltSet, title: str, truth: Truth, labels: int, seed: int | None) -> Result:
    """What is known of a data set before a model is trained."""
    return Result(
        dataset=title,
        labels=labels,
        seed=seed,
        records=len(built.records),
        true_pairs=len(truth.left),
        candidate_pairs=len(built.left),
        candidate_recall=built.candidate_recall(truth),
        labelled=0,
        labelled_matches=0,
    )


def judge(
    built: BuiltSet, classifier: PairClassifier, thresholds: Any, train_seconds: float
) -> Callable[[Result, Truth], Result]:
    """Decide with a model, and return what fills in the result for a truth."""
    match = DEFAULT_MATCH if thresholds is None else thresholds.match
    review = getattr(thresholds, "review", match)
    spec = built.spec.fill_thresholds(match, review)
    match = spec.thresholds.match
    started = time.perf_counter()
    decided = decide(built, spec, classifier, [match])
    resolve_seconds = time.perf_counter() - started
    others = decide(built, spec, classifier, [cut for cut in CUTS if FLAT[0] <= cut <= FLAT[1]])

    def fill(result: Result, truth: Truth) -> Result:
        precision, recall = pair_quality(truth, decided.clusters[match])
        spread = [f1(*pair_quality(truth, clusters)) for clusters in others.clusters.values()]
        return replace(
            result,
            ranking_f1=best_f1(decided.weight, truth.answer(built.left, built.right)),
            match_threshold=match,
            review_threshold=spec.thresholds.review,
            review_pairs=getattr(thresholds, "review_pairs", None),
            precision=precision,
            recall=recall,
            f1=f1(precision, recall),
            components_f1=f1(*pair_quality(truth, decided.components)),
            f1_spread=max(spread) - min(spread),
            expected_precision=getattr(thresholds, "precision", None),
            expected_recall=getattr(thresholds, "recall", None),
            unpublished_merges=unpublished_merges(built, decided.clusters[match]) if built.name in PUBLISHED else None,
            train_seconds=train_seconds,
            resolve_seconds=resolve_seconds,
        )

    return fill


def decide(built: BuiltSet, spec: Spec, classifier: PairClassifier, cuts: Sequence[float]) -> Decided:
    """Score, close and resolve at each match threshold, as the dbt models do; no decision of a person is known."""
    requested = RequestedPairs.of(built.project, spec)
    records, nobody = built.records, Decisions()
    known: dict[tuple[int, int], float] = {}  # a pair of the closure is compared once, whatever the threshold
    with built.project.open() as warehouse:
        left, right, weight = score(built, warehouse.read(f"int_{spec.name}__pair_features"), classifier)
        above_floor = probability(weight) >= spec.floor
        scored = ScoredPairs(left[above_floor], right[above_floor], probability(weight[above_floor]))

        def probabilities(left: Keys, right: Keys) -> Floats:
            pairs = list(zip(left.tolist(), right.tolist(), strict=True))
            new = np.array([pair not in known for pair in pairs], dtype=bool)
            lefts, rights = left[new], right[new]
            for start in range(0, len(lefts), BATCH_ROWS):
                rows = slice(start, start + BATCH_ROWS)
                features = requested.read(warehouse, lefts[rows], rights[rows])
                found = probability(classifier.decision_function(features)).tolist()
                known.update(zip(zip(lefts[rows].tolist(), rights[rows].tolist(), strict=True), found, strict=True))
            return np.array([known[pair] for pair in pairs])

        clusters = {}
        for cut in cuts:
            at_cut = spec.with_thresholds(cut, min(cut, spec.thresholds.review))
            clusters[cut] = resolve(records, with_closure(records, scored, at_cut, probabilities), nobody, at_cut)
    at_first = spec.with_thresholds(cuts[0], min(cuts[0], spec.thresholds.review))
    (connected,) = find_components(records, scored, nobody, at_first, [len(records)])
    return Decided(weight, clusters, connected)


def score(built: BuiltSet, relation: Any, classifier: PairClassifier) -> tuple[Keys, Keys, Floats]:
    """Keys and log2 odds of all candidate pairs, in the order of the data set."""
    weight = np.empty(len(built.left))
    for places, features in features_in_place(built, relation):
        weight[places] = classifier.decision_function(features)
    return built.records.keys[built.left], built.records.keys[built.right], weight


def features_in_place(built: BuiltSet, relation: Any) -> Iterator[tuple[Positions, Floats]]:
    """Features of the candidate pairs, in batches, each with the places of its pairs in the order of the data set."""
    codes = pair_codes(built.left, built.right)
    for batch in read_features(relation, built.spec):
        left, right = (np.searchsorted(built.records.keys, side) for side in (batch.left, batch.right))
        yield find_codes(codes, pair_codes(left, right)), batch.features


def best_f1(weight: Floats, answer: NDArray[np.int8]) -> float:
    """The best F1, in hindsight, of any cut through the ranking of the pairs that have an answer."""
    weight, is_match = weight[answer >= 0], answer[answer >= 0] == 1
    if not is_match.any():
        return 0.0
    order = np.argsort(-weight, kind="stable")
    hits = np.cumsum(is_match[order])
    is_last_of_equals = np.append(np.diff(weight[order]) < 0, True)
    return float((2 * hits / (np.arange(1, len(hits) + 1) + is_match.sum()))[is_last_of_equals].max())


def unpublished_merges(built: BuiltSet, clusters: Keys) -> int:
    """Pairs across the sources inside clusters, whether published or not, less the published ones."""
    everything = EntityTruth.of(np.arange(len(clusters)), source_numbers(built))
    return everything.merged_pairs(clusters) - read_pairs(built, "train", "valid", "test").merged_pairs(clusters)


def shown(result: Result) -> Result:
    """Print a result as a line that a person reads, and return it."""
    seed = "" if result.seed is None else f" seed {result.seed}"
    start = f"{result.dataset:32} {result.labels:>4} labels{seed:7}"
    if result.refused:
        print(f"{start} refused: {result.refused}", flush=True)
        return result
    expected = [
        "?" if value is None else f"{value:.3f}" for value in (result.expected_precision, result.expected_recall)
    ]
    print(
        f"{start} {result.kind:14} candidate recall {result.candidate_recall:.4f}  ranking {result.ranking_f1:.4f}"
        f"  at {result.match_threshold:.2f}: P {result.precision:.4f} R {result.recall:.4f} F1 {result.f1:.4f}"
        f"  components {result.components_f1:.4f}  spread {result.f1_spread:.4f}  expected {' '.join(expected)}"
        f"  train {result.train_seconds:.1f} s  resolve {result.resolve_seconds:.1f} s",
        flush=True,
    )
    return result


if __name__ == "__main__":
    main()
