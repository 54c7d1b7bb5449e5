"""F1 against the number of answers: pairs chosen by `dbt-dedup label` against pairs drawn at random.

    python benchmarks/labelling.py

The answers come from the truth. Entities are split in two halves at random: pairs are asked from one half, and F1 at
0.5 is measured on the candidate pairs of the other (at most 60,000 of them). After every ten answers the chooser fits
anew, as in a session. Each figure is the mean over repetitions, with the least and the largest; a repetition has
another split and another pool. The classifier is the additive one with its defaults.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from accuracy import DATASETS, write_labels
from benchmark_project import machine, run, write_project
from data_sets import data_set_parser, parse_data_sets, present
from numpy.typing import NDArray

from dbt_dedup.classifiers import AdditiveClassifier, PairClassifier
from dbt_dedup.constants import POOL_PAIRS, SET_APART
from dbt_dedup.labelling.choose import WAYS, Choice, Chooser, Pool
from dbt_dedup.names import MATCH, NO_MATCH
from dbt_dedup.spec import Spec

HERE = Path(__file__).parent
ABT_BUY: dict[str, Any] = {
    "source": "source",
    "source_mode": "link_only",
    "fields": {"title": {"type": "text"}, "description": {"type": "text"}, "price": {"type": "number"}},
    "blocking": [["title.rare_tokens"], ["title.prefix"], ["description.rare_tokens"]],
}
SPECS = {"splink_historical_50k": DATASETS["splink_historical_50k"], "leipzig_abt_buy": ABT_BUY}
CHOSEN = (50, 100, 150, 200, 300)
DRAWN = (*CHOSEN, 500, 1000)
TEST_PAIRS = 60_000


@dataclass(frozen=True)
class Pairs:
    """All candidate pairs of a data set: keys, features, truth, true entities of both sides, the entity spec."""

    keys: NDArray[np.int64]
    features: NDArray[np.float64]
    is_match: NDArray[np.int64]
    entities: NDArray[np.int64]
    spec: Spec

    @property
    def directions(self) -> tuple[int, ...]:
        """Direction of each feature."""
        return self.spec.directions


def main() -> None:
    """Measure the data sets and write what was found to benchmarks/results/labelling.json."""
    parser = data_set_parser(__doc__, SPECS)
    parser.add_argument("--repetitions", type=int, default=5, help="default 5")
    arguments = parse_data_sets(parser, SPECS)
    results = []
    for name, data in present(arguments.datasets, "truth.csv"):
        with tempfile.TemporaryDirectory(prefix=f"dbt_dedup_{name}_") as scratch:
            pairs = candidate_pairs(name, SPECS[name], data, Path(scratch))
        for way in ("random drawing", *WAYS):
            if way != "random":  # of the candidate pairs set apart: the same as random drawing
                results.append(curve(name, pairs, way, arguments.repetitions))
                print(as_lines(results[-1]), flush=True)
    document = {"command": "python benchmarks/labelling.py", **machine(), "results": results}
    (HERE / "results" / "labelling.json").write_text(json.dumps(document, indent=2) + "\n")


def candidate_pairs(name: str, declared: dict[str, Any], data: Path, folder: Path) -> Pairs:
    """Build the features of all candidate pairs with dbt and add the truth."""
    spec = {"input": f"raw_{name}", "record_id": "record_id", "labels": f"{name}_labels", **declared}
    records = f"select * from read_csv('{data / 'records.csv'}', all_varchar = true)"
    write_project(folder, name, spec, {f"raw_{name}": records})
    write_labels(folder / "seeds" / f"{name}_labels.csv", [])
    run(folder, "dbt", "deps", "--quiet")
    wanted = [f"+int_{name}__pair_features", f"int_{name}__spec"]
    run(folder, "dbt", "build", "--quiet", "--exclude-resource-type", "test", "--select", *wanted)
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as connection:
        ((spec_json,),) = connection.execute(f"select spec from int_{name}__spec").fetchall()
        in_effect = Spec.from_json(spec_json)
        table = connection.query(
            f"""
            with truth as (
                select records.record_key, dense_rank() over (order by truth.entity_id) as entity
                from read_csv('{data / "truth.csv"}', all_varchar = true) as truth
                inner join int_{name}__keyed_records as records on truth.record_id = records.record_id
            )
            select features.*, a.entity as entity_l, b.entity as entity_r
            from int_{name}__pair_features as features
            inner join truth as a on features.record_key_l = a.record_key
            inner join truth as b on features.record_key_r = b.record_key
            order by features.record_key_l, features.record_key_r
            """
        ).to_arrow_table()
    entities = np.column_stack([table["entity_l"].to_numpy(), table["entity_r"].to_numpy()])
    return Pairs(
        np.column_stack([table["record_key_l"].to_numpy(), table["record_key_r"].to_numpy()]),
        np.column_stack([table[feature].to_numpy() for feature in in_effect.feature_names]),
        (entities[:, 0] == entities[:, 1]).astype(np.int64),
        entities,
        in_effect,
    )


def curve(name: str, pairs: Pairs, way: str, repetitions: int) -> dict[str, Any]:
    """F1 after each number of answers, over the repetitions."""
    started = time.perf_counter()
    found: dict[int, list[float]] = {}
    matches: dict[int, list[float]] = {}
    for repetition in range(repetitions):
        random = np.random.default_rng(repetition)
        asked_half = random.random(pairs.entities.max() + 1) < 0.5
        sides = asked_half[pairs.entities]
        asked = random.permutation(np.flatnonzero(sides.all(axis=1)))
        test = random.permutation(np.flatnonzero(~sides.any(axis=1)))[:TEST_PAIRS]
        if way == "random drawing":
            rows = asked[: max(DRAWN)]
        else:
            rows = np.array([row for row, _ in chosen(pairs, asked, way, max(CHOSEN))])
        for answers in DRAWN if way == "random drawing" else CHOSEN:
            found.setdefault(answers, []).append(quality(pairs, rows[:answers], test))
            matches.setdefault(answers, []).append(float(pairs.is_match[rows[:answers]].mean()))
    return {
        "dataset": name,
        "chosen_by": way,
        "candidate_pairs": len(pairs.is_match),
        "share_of_matches": round(float(pairs.is_match.mean()), 4),
        "repetitions": repetitions,
        "seconds": round(time.perf_counter() - started, 1),
        "f1": [
            {
                "answers": answers,
                "mean": round(float(np.mean(values)), 4),
                "least": round(min(values), 4),
                "largest": round(max(values), 4),
                "share_of_matches_asked": round(float(np.mean(matches[answers])), 3),
            }
            for answers, values in found.items()
        ],
    }


def chosen(pairs: Pairs, asked: NDArray[np.int64], way: str, count: int) -> list[tuple[int, Choice]]:
    """What a session without any label and model asks about first when the truth answers: rows and choices."""
    rows = asked[:POOL_PAIRS]
    choices = session(pairs.features[rows], pairs.is_match[rows] == 1, pairs.directions, way, count)
    return [(int(rows[choice.row]), choice) for choice in choices]


def session(
    features: NDArray[np.float64],
    is_match: NDArray[np.bool_],
    directions: Sequence[int],
    way: str,
    count: int,
    production: PairClassifier | None = None,
) -> Iterator[Choice]:
    """What a session of `dbt-dedup label` without any label asks about when the truth answers.

    Args:
        features: of n pairs to choose from, in random order.
        is_match: the truth, n.
        directions: of the features.
        way: a key of `WAYS`.
        count: pairs to ask about, at most.
        production: the classifier in production, if there is one.
    """
    pool = Pool(features, np.arange(len(features)) % SET_APART == 0, directions)
    nothing = np.empty((0, features.shape[1]))
    chooser = Chooser(pool, nothing, np.empty(0, dtype=np.int64), way, count, production)
    for _ in range(count):
        choice = chooser.next()
        if choice is None:
            return
        chooser.answer(choice, MATCH if is_match[choice.row] else NO_MATCH)
        yield choice


def quality(pairs: Pairs, rows: NDArray[np.int64], test: NDArray[np.int64]) -> float:
    """F1 at 0.5 on the test pairs; 0 where the answers are all alike."""
    labels = pairs.is_match[rows]
    if labels.min() == labels.max():
        return 0.0
    classifier = AdditiveClassifier(pairs.directions).fit(pairs.features[rows], labels)
    said, truth = classifier.predict_proba(pairs.features[test])[:, 1] >= 0.5, pairs.is_match[test] == 1
    return float(2 * (said & truth).sum() / (said.sum() + truth.sum()))


def as_lines(result: dict[str, Any]) -> str:
    """A few lines a person reads."""
    title = f"{result['dataset']}, {result['chosen_by']} ({result['seconds']} s)"
    figures = [
        f"  {at['answers']:>5} answers  F1 {at['mean']:.4f} ({at['least']:.4f} to {at['largest']:.4f})"
        f"  {at['share_of_matches_asked']:.0%} matches"
        for at in result["f1"]
    ]
    return "\n".join([title, *figures])


if __name__ == "__main__":
    main()
