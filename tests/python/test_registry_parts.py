"""Versions of models that are written down here: what is kept of them, and what is said of them."""

from __future__ import annotations

import csv
import getpass
import hashlib
import json
import sys
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from examples import FEATURES, make_spec

from dbt_dedup.classifiers import AdditiveClassifier, FellegiSunterClassifier, LogisticClassifier
from dbt_dedup.errors import DedupError
from dbt_dedup.names import ABSTAINED
from dbt_dedup.registry.artefact import (
    Artefact,
    abstained,
    current_user,
    decided,
    load_artefact,
    version_name,
    versions,
    write_artefact,
)
from dbt_dedup.registry.card_schema import card_problem
from dbt_dedup.registry.classifier_file import dump_classifier, load_classifier, parts_of_sklearn
from dbt_dedup.registry.production import use_in_production, version_in_production
from dbt_dedup.registry.promotion import (
    broken_parity,
    expected_quality,
    missed_targets,
    promote,
    put_into_production,
    random_sample,
    read_history,
    rollback,
)
from dbt_dedup.registry.versions import table_of_versions
from dbt_dedup.spec import Spec
from dbt_dedup.training.thresholds import CLUSTERS

SPEC = make_spec()  # match 0.9, review 0.5; targets: precision 0.98, recall 0.9
AUTO = replace(SPEC, declared_thresholds=replace(SPEC.declared_thresholds, match=None, review=None))
EXAMPLES = np.array([[1.0, 0.0, 1.0, 1.0], [0.0, 9.0, 0.0, 0.0], [0.5, np.nan, 0.0, 1.0]])
QUALITY = {"threshold": 0.9, "precision": 0.99, "recall": 0.95, "f1": 0.97, "pairs": 200, "matches": 100}


def write(folder: Path, bias: float = 0.0, spec: Spec = SPEC, **entries: Any) -> str:
    """Write a version with a bias of its own, and return its name."""
    classifier = LogisticClassifier().fit(np.repeat(EXAMPLES[:2], 5, axis=0), np.repeat([1, 0], 5))
    classifier.bias_ = bias
    trained = SimpleNamespace(
        kind="logistic",
        classifier=classifier,
        ignored_features=["phone_same"],
        parity_pairs=([("a", "b"), ("a", "c"), ("b", "c")], ["d1", "d2", "d3"], EXAMPLES),
        held_out_pairs=None,
        training_digest="0" * 64,
        card_entries={
            "thresholds": {"match": 0.9, "review": 0.5},
            "labels": {"match": 1_200, "no_match": 34},
            "cross_validation": {"overall": QUALITY, "folds": []},
            **entries,
        },
    )
    return write_artefact(trained, spec, folder).name


def home(folder: Path) -> Path:
    return folder / "dedup_models/customers"


def error_of(call: Callable[..., object], *arguments: Any, **options: Any) -> str:
    with pytest.raises(DedupError) as error:
        call(*arguments, **options)
    return str(error.value)


# --- artefacts


def test_versions_are_the_folders_that_are_called_so(tmp_path: Path) -> None:
    assert versions(SPEC, tmp_path) == []
    first, second = write(tmp_path), write(tmp_path, 1.0)
    (home(tmp_path) / "logistic-00000000").touch()
    (home(tmp_path) / "notes").mkdir()
    assert versions(SPEC, tmp_path) == sorted([first, second])
    assert first != second


def test_what_a_killed_training_left_is_removed(tmp_path: Path) -> None:
    left = home(tmp_path) / ".new-left"
    left.mkdir(parents=True)
    (left / "card.json").touch()
    name = write(tmp_path)
    assert sorted(path.name for path in home(tmp_path).iterdir()) == [name]


def test_parity_vectors_come_back_in_the_order_of_the_pairs(tmp_path: Path) -> None:
    artefact = load_artefact(SPEC, tmp_path, write(tmp_path))
    assert artefact.parity.record_ids == (("a", "b"), ("a", "c"), ("b", "c"))
    assert artefact.parity.input_digests == ("d1", "d2", "d3")
    np.testing.assert_array_equal(artefact.parity.features, EXAMPLES)
    first, second, third = artefact.parity.expected_probability
    assert first > third > second
    assert (artefact.held_out, [feature.name for feature in artefact.features]) == (None, list(FEATURES))
    assert artefact.columns(SPEC) == [0, 1, 2, 3]


def reload(folder: Path, change: Callable[[list[list[str]]], object]) -> Artefact:
    """Load a version whose parity file was changed, with its digest, as somebody who means it would."""
    path = home(folder) / write(folder)
    rows = list(csv.reader((path / "parity.csv").read_text().splitlines()))
    change(rows)
    text = "".join(",".join(row) + "\n" for row in rows)
    (path / "parity.csv").write_text(text)
    card = json.loads((path / "card.json").read_text())
    card["sha256"]["parity.csv"] = hashlib.sha256(text.encode()).hexdigest()
    (path / "card.json").write_text(json.dumps(card))
    return load_artefact(SPEC, folder, path.rename(path.with_name(version_name(card))).name)


def set_cell(place: int, text: str) -> Callable[[list[list[str]]], None]:
    def change(rows: list[list[str]]) -> None:
        rows[1][place] = text

    return change


@pytest.mark.parametrize(
    ("place", "text", "message"),
    [
        (-1, "1.5", "a probability that is not from 0 to 1"),
        (-1, "-0.5", "a probability that is not from 0 to 1"),
        (-1, "", "a probability that is not from 0 to 1"),
        (3, "inf", "a feature that is infinite"),
        (3, "x", "holds what is no number"),
    ],
)
def test_parity_vectors_hold_numbers_and_probabilities(tmp_path: Path, place: int, text: str, message: str) -> None:
    assert message in error_of(reload, tmp_path, set_cell(place, text))


@pytest.mark.parametrize("text", ["0.0", "1.0"])
def test_a_probability_may_be_0_or_1(tmp_path: Path, text: str) -> None:
    assert reload(tmp_path, set_cell(-1, text)).parity.expected_probability[0] == float(text)


def test_a_parity_file_has_a_row_and_as_many_cells_as_features(tmp_path: Path) -> None:
    message = "parity.csv does not have 4 features a row"
    assert message in error_of(reload, tmp_path / "a", lambda rows: rows.__delitem__(slice(1, None)))
    assert message in error_of(reload, tmp_path / "b", lambda rows: rows[2].append("1"))
    assert reload(tmp_path / "c", lambda rows: rows.__delitem__(slice(2, None))).parity.record_ids == (("a", "b"),)


def test_the_name_of_a_version_follows_from_what_was_learned(tmp_path: Path) -> None:
    card = json.loads((home(tmp_path) / write(tmp_path) / "card.json").read_text())
    assert version_name(card) == card["version"]
    assert version_name({**card, "trained_at": "now", "trained_by": "ana", "labels": None}) == card["version"]
    other_thresholds = {**card, "thresholds": {**card["thresholds"], "reached": True}}
    assert version_name(other_thresholds) == card["version"]
    for key, value in (("match", 0.8), ("review", 0.4)):
        assert version_name({**card, "thresholds": {**card["thresholds"], key: value}}) != card["version"]
    assert version_name({**card, "training_data_sha256": "1" * 64}) != card["version"]
    old = {key: value for key, value in card.items() if key != "thresholds"}
    assert version_name(old) != card["version"]


def test_thresholds_that_the_spec_leaves_open_are_those_of_the_card_or_of_old() -> None:
    card = {"thresholds": {"match": 0.7, "review": 0.3}}
    assert (decided(AUTO, card).thresholds.match, decided(AUTO, card).thresholds.review) == (0.7, 0.3)
    assert (decided(AUTO, {}).thresholds.match, decided(AUTO, {}).thresholds.review) == (0.9, 0.5)
    assert decided(SPEC, card).thresholds.match == 0.9


def test_a_model_abstained_if_its_verdict_says_so() -> None:
    assert abstained({"without_labels": {"verdict": ABSTAINED, "reasons": ["few pairs"]}}) == ["few pairs"]
    assert abstained({"without_labels": {"verdict": "kept", "reasons": ["few pairs"]}}) == abstained({}) == []


def test_a_user_without_a_name_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise KeyError("no such user")

    monkeypatch.setattr(getpass, "getuser", nobody)
    assert current_user() == "unknown"


def test_bytes_that_are_no_model_have_no_parts_of_scikit_learn() -> None:
    assert parts_of_sklearn(b"no model") == []


@pytest.mark.parametrize("kind", [LogisticClassifier, AdditiveClassifier, FellegiSunterClassifier])
def test_a_model_of_numbers_is_read_without_skops(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Skops takes half a second to load, which each build would wait for."""
    classifier = kind().fit(np.repeat(EXAMPLES[:2], 5, axis=0), np.repeat([1, 0], 5))
    data = dump_classifier(classifier)
    monkeypatch.setitem(sys.modules, "skops.io", None)
    loaded = load_classifier(data)
    assert type(loaded) is kind
    np.testing.assert_array_equal(loaded.predict_proba(EXAMPLES), classifier.predict_proba(EXAMPLES))
    assert loaded.get_params() == classifier.get_params()
    assert loaded.n_features_in_ == 4


# --- cards


@pytest.fixture
def card(tmp_path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((home(tmp_path) / write(tmp_path) / "card.json").read_text())
    return found


def test_a_card_is_checked_key_by_key(card: dict[str, Any]) -> None:
    assert card_problem(card) is None
    changed = deepcopy(card)
    changed["features"].append(changed["features"][1])
    assert card_problem(changed) == "key features: birth_days is there twice"
    assert card_problem({**card, "entity": 1}) == "key entity: 1 is not of type 'string'"
    missing = {key: value for key, value in card.items() if key != "kind"}
    assert card_problem(missing) == "'kind' is a required property"
    deep = deepcopy(card)
    deep["cross_validation"]["overall"]["precision"] = 1.1
    problem = card_problem(deep)
    assert problem
    assert problem.startswith("key cross_validation.overall.precision: 1.1 is greater than the maximum of 1.0")
    rounded = deepcopy(card)
    rounded["cross_validation"]["overall"]["precision"] = 1.0 + 1e-12
    assert card_problem(rounded) is None


def test_a_long_problem_of_a_card_is_cut(card: dict[str, Any]) -> None:
    ending = " is not of type 'string'"
    quoted = len(repr([""])) - 2 + len("[]")
    fits = ["x" * (200 - len(ending) - quoted)]
    assert card_problem({**card, "entity": fits}) == f"key entity: {fits}{ending}"
    problem = card_problem({**card, "entity": ["x" * 300]})
    assert problem
    assert len(problem) == len("key entity: ") + 203
    assert problem.endswith("x...")


# --- production


def test_the_pointer_holds_one_version(tmp_path: Path) -> None:
    assert version_in_production(SPEC, tmp_path) is None
    name = write(tmp_path)
    use_in_production(SPEC, tmp_path, name)
    assert version_in_production(SPEC, tmp_path) == name
    (home(tmp_path) / "production").write_text("two words\n")
    assert "found 'two words'" in error_of(version_in_production, SPEC, tmp_path)


def test_promotions_are_recorded_and_undone_one_by_one(tmp_path: Path) -> None:
    first, second, third = (write(tmp_path, bias) for bias in (0.0, 1.0, 2.0))
    for name in (first, second, third):
        assert promote(SPEC, tmp_path, name, reason=" why ") == []
    assert rollback(SPEC, tmp_path) == (third, second)
    assert rollback(SPEC, tmp_path) == (second, first)
    assert version_in_production(SPEC, tmp_path) == first
    assert "no earlier promotion to go back to" in error_of(rollback, SPEC, tmp_path)
    lines = read_history(SPEC, tmp_path)
    assert [(line.version, line.action, line.reason, line.forced) for line in lines] == [
        *((name, "promote", "why", "false") for name in (first, second, third)),
        (second, "rollback", f"undo {third}", "false"),
        (first, "rollback", f"undo {second}", "false"),
    ]
    put_into_production(SPEC, tmp_path, third, reason="", forced=True)
    assert read_history(SPEC, tmp_path)[-1].forced == "true"
    assert rollback(SPEC, tmp_path) == (third, first)


def test_a_version_is_promoted_once_and_found_in_production_without_a_record(tmp_path: Path) -> None:
    first, second = write(tmp_path), write(tmp_path, 1.0)
    use_in_production(SPEC, tmp_path, first)
    promote(SPEC, tmp_path, second)
    assert [(line.version, line.reason) for line in read_history(SPEC, tmp_path)] == [
        (first, "was in production without a record"),
        (second, ""),
    ]
    assert error_of(promote, SPEC, tmp_path, second) == f"{second} is already in production for entity 'customers'."
    use_in_production(SPEC, tmp_path, first)
    assert "it was changed by hand" in error_of(rollback, SPEC, tmp_path)


def test_force_takes_a_reason(tmp_path: Path) -> None:
    name = write(tmp_path, cross_validation={"overall": {**QUALITY, "recall": 0.5}, "folds": []})
    assert "is not promoted:\n  cross-validated recall at match threshold 0.9 is 0.500" in error_of(
        promote, SPEC, tmp_path, name
    )
    assert error_of(promote, SPEC, tmp_path, name, force=True, reason=" ").startswith("--force takes --reason")
    said: list[str] = []
    problems = promote(SPEC, tmp_path, name, force=True, reason="now", announce=lambda: said.append("now"))
    assert (len(problems), said, read_history(SPEC, tmp_path)[0].forced) == (1, ["now"], "true")


# --- targets


def measured(**entries: Any) -> dict[str, Any]:
    return {"cross_validation": {"overall": QUALITY, **entries}}


def test_targets_are_held_against_what_was_measured_best() -> None:
    assert missed_targets(SPEC, measured()) == []
    low = {"overall": {**QUALITY, "precision": 0.9799, "recall": 0.89}}
    assert missed_targets(SPEC, {"cross_validation": low}) == [
        "cross-validated precision at match threshold 0.9 is 0.9799, the target is 0.98.",
        "cross-validated recall at match threshold 0.9 is 0.890, the target is 0.9.",
    ]
    assert missed_targets(SPEC, {"cross_validation": {"overall": {**QUALITY, "threshold": 0.8}}}) == [
        "its precision and recall were measured at match threshold 0.8, and the entity's is 0.9 now: run"
        " `dbt-dedup train customers`."
    ]
    assert missed_targets(SPEC, {}) == ["it was trained without labels, so its precision and recall are not known."]
    reasons = {"without_labels": {"verdict": ABSTAINED, "reasons": ["a.", "b."]}}
    assert missed_targets(SPEC, reasons) == ["it abstained. a. b."]


@pytest.mark.parametrize(("matches", "counts"), [(10, True), (9, False)])
def test_random_labels_count_from_ten_matches_on(matches: int, counts: bool) -> None:
    sample = {"matches": matches, "precision": {"value": 0.5}, "recall": {"value": 0.95}}
    card = measured(random_sample=sample)
    assert (random_sample(card) == sample) == counts
    assert missed_targets(SPEC, card) == (
        ["cross-validated precision at match threshold 0.9 on the random labels is 0.500, the target is 0.98."]
        if counts
        else []
    )


def test_quality_of_clusters_counts_at_its_threshold_and_within_a_standard_error() -> None:
    at = {"match": 0.9, "precision": 0.975, "recall": 0.9, "precision_error": 0.005}
    thresholds = {"match": 0.9, "review": 0.5, "chosen_on": CLUSTERS, "tried": [{**at, "match": 0.8}, at]}
    card = {**measured(), "thresholds": thresholds}
    assert expected_quality(SPEC, card) == at
    assert missed_targets(SPEC, card) == []
    assert expected_quality(SPEC, {**card, "thresholds": {**thresholds, "chosen_on": "labelled pairs"}}) is None
    assert expected_quality(SPEC, {**card, "thresholds": {**thresholds, "tried": [{**at, "match": 0.8}]}}) is None
    worse = {**thresholds, "tried": [{**at, "precision": 0.97, "recall": 0.89}]}
    assert missed_targets(SPEC, {**card, "thresholds": worse}) == [
        "expected precision of the clusters at match threshold 0.9 is 0.970, the target is 0.98.",
        "expected recall of the clusters at match threshold 0.9 is 0.890, the target is 0.9.",
    ]


def test_a_version_that_does_not_reproduce_its_training_is_named_by_the_pair_that_differs_most() -> None:
    def broken(*computed: float) -> list[str]:
        parity = SimpleNamespace(
            features=EXAMPLES,
            expected_probability=np.array([0.1, 0.5, 0.9]),
            record_ids=(("a", "b"), ("a", "c"), ("b", "c")),
        )
        classifier = SimpleNamespace(predict_proba=lambda features: np.array([[1 - p, p] for p in computed]))
        return broken_parity(cast("Artefact", SimpleNamespace(parity=parity, classifier=classifier)))

    assert broken(0.1, 0.5, 0.9) == broken(0.1, 0.5 + 5e-10, 0.9) == []
    assert broken(0.2, 0.75, 0.9) == [
        "2 of 3 parity vectors differ by more than 1e-09, most for a and c: 0.5 at training, 0.75 now."
    ]
    assert broken(0.1, 0.5, float("nan"))[0].startswith("1 of 3 parity vectors differ by more than 1e-09, most for b")


# --- the table of versions


def test_versions_are_listed_with_what_their_cards_say(tmp_path: Path) -> None:
    assert table_of_versions(SPEC, tmp_path) == (
        f"Entity 'customers' has no model in {home(tmp_path)}. Run `dbt-dedup train customers`."
    )
    first, second = write(tmp_path), write(tmp_path, 1.0, cross_validation=None, labels=None)
    assert "* in production" not in table_of_versions(SPEC, tmp_path)
    use_in_production(SPEC, tmp_path, second)
    lines = table_of_versions(SPEC, tmp_path).splitlines()
    cells = {row[-(len(row) - (row[0] == "*"))]: row for row in map(str.split, lines[1:3])}
    assert cells[first][1:7] == ["1,234", "1,200", "0.990", "0.950", "0.970", "3"]
    assert cells[second][:3] == ["*", second, "3"]
    assert lines[3:5] == ["", "* in production"]
    assert lines[5] == (
        "Precision, recall and F1 are those of held-out pairs, by cross-validation; the targets are 0.98 and 0.9."
    )
    assert f"{first} merges from match threshold 0.9 on." in lines
    at_another = replace(SPEC, declared_thresholds=replace(SPEC.declared_thresholds, match=0.8))
    assert f"{first} merges from match threshold 0.8 on, and was measured at 0.9." in table_of_versions(
        at_another, tmp_path
    )
    assert f"{second} merges from match threshold 0.8 on." in table_of_versions(at_another, tmp_path)
    # numbers are aligned at their right, names at their left
    at = lines[0].index("matches") + len("matches")
    assert next(line for line in lines if first in line)[at - 5 : at] == "1,200"


def test_versions_that_cannot_be_used_or_know_fewer_features_are_named(tmp_path: Path) -> None:
    first = write(tmp_path)
    names = (*FEATURES, "town_same", "vip_same")
    one, two = (
        make_spec(names=names[:5], directions=(1, -1, 1, 1, 1)),
        make_spec(names=names, directions=(1, -1, 1, 1, 1, 1)),
    )
    assert f"{first} was trained before feature town_same existed and does not use it." in table_of_versions(
        one, tmp_path
    )
    assert f"{first} was trained before features town_same, vip_same existed and does not use them." in (
        table_of_versions(two, tmp_path)
    )
    (home(tmp_path) / first / "model.skops").unlink()
    lines = table_of_versions(SPEC, tmp_path).splitlines()
    assert lines[-1].startswith(f"{first} cannot be used: ")
    assert not any("merges from match threshold" in line for line in lines)
    assert lines[1].split()[6:8] == ["3", "0"]
