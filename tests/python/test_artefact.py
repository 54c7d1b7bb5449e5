from __future__ import annotations

import dataclasses
import hashlib
import io
import json
import re
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import numpy as np
import pytest
import sklearn
from dbt_common.invocation import reset_invocation_id
from examples import FEATURES, labelled_table, make_labelled, make_spec, put_into_production, train_example
from mini_project import REPO
from sklearn.linear_model import LogisticRegression

from dbt_dedup.classifiers import KINDS, FellegiSunterClassifier
from dbt_dedup.errors import DedupError
from dbt_dedup.names import SUPERVISED
from dbt_dedup.registry.artefact import load_artefact, version_name, write_artefact
from dbt_dedup.registry.classifier_file import dump_classifier, load_classifier, parts_of_sklearn
from dbt_dedup.registry.production import as_if_in_production, load_for_build, load_production, use_in_production
from dbt_dedup.registry.versions import table_of_versions
from dbt_dedup.training.with_labels import train

AGAIN = "Run `dbt-dedup train customers --promote`, or restore the artefact from git."


def rewrite_card(folder: Path, **changes: object) -> None:
    card = json.loads((folder / "card.json").read_text())
    (folder / "card.json").write_text(json.dumps({**card, **changes}))


def error_of_loading(directory: Path, **spec_changes: object) -> str:
    with pytest.raises(DedupError) as error:
        load_production(make_spec(**spec_changes), directory)
    return str(error.value)


@pytest.mark.parametrize("kind", SUPERVISED)
def test_artefact_comes_back_as_it_was_written(kind: str, tmp_path: Path) -> None:
    folder = put_into_production(tmp_path, kind)
    loaded = load_production(make_spec(), tmp_path)
    assert (loaded.version, loaded.card["kind"]) == (folder.name, kind)
    assert sorted(path.name for path in folder.parent.iterdir()) == [folder.name, "production"]
    labelled = make_labelled()
    of_pair = dict(zip(labelled.record_ids, labelled.features, strict=True))
    assert len(loaded.parity.record_ids) == 200
    for pair, features in zip(loaded.parity.record_ids, loaded.parity.features, strict=True):
        np.testing.assert_array_equal(features, of_pair[pair])
    recomputed = loaded.classifier.predict_proba(loaded.parity.features)[:, 1]
    assert (recomputed == loaded.parity.expected_probability).all()


@pytest.mark.parametrize("kind", SUPERVISED)
def test_the_labelled_pairs_are_kept_with_what_was_said_of_them(kind: str, tmp_path: Path) -> None:
    folder = put_into_production(tmp_path, kind)
    labelled, trained, held_out = make_labelled(), train_example(kind), load_production(make_spec(), tmp_path).held_out
    lines = (folder / "held_out_pairs.csv").read_text().splitlines()
    assert lines[0].replace('"', "") == (
        "record_id_l,record_id_r,label,sampled_by,held_out_probability,probability,input_digest"
    )
    assert held_out is not None
    assert held_out.record_ids == labelled.record_ids
    assert held_out.sampled_by == labelled.sampled_by
    assert set(held_out.sampled_by) == {"random", "uncertainty", ""}
    assert held_out.input_digests == labelled.input_digests
    np.testing.assert_array_equal(held_out.is_match, labelled.is_match)
    np.testing.assert_array_equal(held_out.held_out_probability, trained.held_out)
    np.testing.assert_array_equal(held_out.probability, trained.classifier.predict_proba(labelled.features)[:, 1])
    assert not (held_out.held_out_probability == held_out.probability).any()


def test_version_depends_on_what_was_learnt_and_not_on_when(tmp_path: Path) -> None:
    folder = write_artefact(train_example(), make_spec(), tmp_path)
    written = (folder / "card.json").stat().st_mtime_ns
    assert write_artefact(train_example(), make_spec(), tmp_path) == folder
    assert (folder / "card.json").stat().st_mtime_ns == written
    other = write_artefact(train("additive", make_spec(), make_labelled(seed=1)), make_spec(), tmp_path)
    assert other != folder


@pytest.mark.parametrize(("part", "entry"), [("thresholds", "thresholds"), ("overall", "cross_validation")])
def test_the_same_model_with_another_expected_quality_is_written_again(tmp_path: Path, part: str, entry: str) -> None:
    trained = train_example()
    folder = write_artefact(trained, make_spec(), tmp_path)
    before = json.loads((folder / "card.json").read_text())
    other = dataclasses.replace(trained, **{part: dataclasses.replace(getattr(trained, part), precision=0.123)})
    assert write_artefact(other, make_spec(), tmp_path) == folder
    after = json.loads((folder / "card.json").read_text())
    changed = {key for key in before if before[key] != after[key]}
    assert changed - {"trained_at", "seconds_per_million_pairs"} == {entry}


def test_training_again_mends_a_damaged_artefact(tmp_path: Path) -> None:
    folder = put_into_production(tmp_path)
    (folder / "parity.csv").write_text("")
    assert put_into_production(tmp_path) == folder
    assert load_production(make_spec(), tmp_path).version == folder.name
    assert sorted(path.name for path in folder.parent.iterdir()) == [folder.name, "production"]


def test_trainings_at_the_same_moment_write_one_whole_version(tmp_path: Path) -> None:
    folder, trained = put_into_production(tmp_path), train_example()
    (folder / "parity.csv").write_text("")
    left = folder.parent / ".new-abc" / folder.name
    left.mkdir(parents=True)
    (left / "model.skops").write_bytes(b"half")
    with ThreadPoolExecutor(8) as pool:
        written = list(pool.map(lambda _: write_artefact(trained, make_spec(), tmp_path), range(8)))
    assert written == [folder] * 8
    assert load_production(make_spec(), tmp_path).version == folder.name
    assert sorted(path.name for path in folder.parent.iterdir()) == [folder.name, "production"]


def test_unusual_record_ids_and_numbers_come_back_exactly(tmp_path: Path) -> None:
    labelled = make_labelled(40)
    ids = ["", 'a,"b"', "line\nbreak", "carriage\rreturn", "名前", "🦆", " padded ", "null", "x" * 5000]
    record_ids = tuple((ids[i] if i < len(ids) else f"l{i}", f"r{i}") for i in range(40))
    features = labelled.features.copy()
    features[:6, 1] = [5e-324, 1.7976931348623157e308, 0.1 + 0.2, -0.0, 1e-17, 123456789.123456789]
    labelled = dataclasses.replace(labelled, record_ids=record_ids, features=features)
    write = write_artefact(train("additive", make_spec(), labelled), make_spec(), tmp_path)
    parity = load_artefact(make_spec(), tmp_path, write.name).parity
    assert set(parity.record_ids) == set(record_ids)
    held_out = load_artefact(make_spec(), tmp_path, write.name).held_out
    assert held_out is not None
    assert held_out.record_ids == record_ids
    np.testing.assert_array_equal(parity.features[[parity.record_ids.index(pair) for pair in record_ids]], features)


def test_nothing_in_production(tmp_path: Path) -> None:
    assert error_of_loading(tmp_path) == (
        f"Entity 'customers' has no model in production: {tmp_path}/dedup_models/customers/production is missing."
        " Run `dbt-dedup train customers` first, or restore the file from git."
    )


@pytest.mark.parametrize("content", ["", "../elsewhere", "additive-3f9a1c2b\nadditive-00000000"])
def test_pointer_that_holds_no_version(tmp_path: Path, content: str) -> None:
    put_into_production(tmp_path)
    pointer = tmp_path / "dedup_models" / "customers" / "production"
    pointer.write_text(content)
    assert error_of_loading(tmp_path) == (
        f"{pointer} should hold one line with a version such as additive-3f9a1c2b, found {content!r}."
        " Restore it from git, or remove it and run `dbt-dedup promote customers VERSION`."
    )


def test_version_that_is_missing(tmp_path: Path) -> None:
    folder = put_into_production(tmp_path)
    shutil.rmtree(folder)
    assert error_of_loading(tmp_path) == (
        f"Version {folder.name} of entity 'customers' is missing: no folder {folder}. {AGAIN}"
    )


@pytest.mark.parametrize("name", ["model.skops", "card.json", "parity.csv", "held_out_pairs.csv"])
def test_file_that_is_missing(tmp_path: Path, name: str) -> None:
    folder = put_into_production(tmp_path)
    (folder / name).unlink()
    assert error_of_loading(tmp_path) == f"{folder / name} is missing. {AGAIN}"


@pytest.mark.parametrize("name", ["model.skops", "parity.csv", "held_out_pairs.csv"])
@pytest.mark.parametrize("damage", ["truncated", "one bit", "appended"])
def test_file_that_is_corrupted(tmp_path: Path, name: str, damage: str) -> None:
    folder = put_into_production(tmp_path)
    data = bytearray((folder / name).read_bytes())
    if damage == "truncated":
        data = data[: len(data) // 2]
    elif damage == "one bit":
        data[len(data) // 2] ^= 1
    else:
        data += b"\n"
    (folder / name).write_bytes(data)
    assert error_of_loading(tmp_path) == (
        f"{folder / name} is corrupted: its sha256 is not the one in card.json. {AGAIN}"
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"entity": "companies"},
        {"kind": "logistic"},
        {"features": [{"name": "other", "direction": 1}]},
        {"sha256": {"model.skops": "0", "parity.csv": "0"}},
        {"training_data_sha256": "0"},
        {"versions": {}},
        {"features": None},
    ],
)
def test_card_that_was_changed(tmp_path: Path, changes: dict[str, Any]) -> None:
    folder = put_into_production(tmp_path)
    rewrite_card(folder, **changes)
    message = error_of_loading(tmp_path)
    assert message.startswith(f"{folder / 'card.json'} is corrupted: ")
    assert message.endswith(AGAIN)


CARD_KEYS = [
    *("entity", "kind", "version", "features", "ignored_features", "features_sha256", "training_data_sha256", "sha256"),
    *("labels", "cross_validation", "calibration", "reliability", "thresholds", "compared_kinds", "learning_curve"),
    *("seconds_per_million_pairs", "trained_at", "trained_by", "versions"),
]
MAY_BE_NULL = [
    *("labels", "cross_validation", "calibration", "reliability", "compared_kinds", "learning_curve"),
    "seconds_per_million_pairs",
]


@pytest.mark.parametrize("value", [None, "x", 5, [5], {"x": []}], ids=repr)
def test_a_card_with_a_value_of_another_type_names_its_key(tmp_path: Path, value: Any) -> None:
    folder = put_into_production(tmp_path)
    original = (folder / "card.json").read_text()
    assert set(CARD_KEYS) <= set(json.loads(original))
    for key in CARD_KEYS:
        (folder / "card.json").write_text(original)
        if (value is None and key in MAY_BE_NULL) or (value == 5 and key == "seconds_per_million_pairs"):
            continue
        if value == "x" and isinstance(json.loads(original)[key], str):
            continue
        rewrite_card(folder, **{key: value})
        assert f"card.json is corrupted: key {key}" in error_of_loading(tmp_path), key
        assert "corrupted" in table_of_versions(make_spec(), tmp_path)


@pytest.mark.parametrize("key", ["trained_at", "ignored_features", "sha256", "features"])
def test_a_card_that_lacks_a_key(tmp_path: Path, key: str) -> None:
    folder = put_into_production(tmp_path)
    card = json.loads((folder / "card.json").read_text())
    del card[key]
    (folder / "card.json").write_text(json.dumps(card))
    assert f"card.json is corrupted: '{key}' is a required property" in error_of_loading(tmp_path)


def test_a_pointer_that_is_a_folder(tmp_path: Path) -> None:
    put_into_production(tmp_path)
    pointer = tmp_path / "dedup_models/customers/production"
    pointer.unlink()
    pointer.mkdir()
    assert error_of_loading(tmp_path) == f"{pointer} cannot be read: Is a directory."


WRONG_NUMBERS: dict[str, Any] = {
    "nan": float("nan"),
    "infinity": float("inf"),
    "text": "x",
    "none": None,
    "empty": np.array([]),
    "matrix": np.ones((2, 2)),
    "whole": 10**12,
    "list": [1.0, 2.0],
}


@pytest.mark.parametrize("kind", SUPERVISED)
@pytest.mark.parametrize("wrong", WRONG_NUMBERS)
def test_a_number_of_a_model_that_is_none(kind: str, wrong: str) -> None:
    for name in ("bias_", "baseline_", "n_features_in_"):
        classifier = deepcopy(train_example(kind).classifier)
        if not hasattr(classifier, name) or (kind, name, wrong) == ("boosted", "n_features_in_", "whole"):
            continue
        setattr(classifier, name, WRONG_NUMBERS[wrong])
        with pytest.raises(ValueError, match="not a classifier of dbt_dedup"):
            load_classifier(dump_classifier(classifier))


def test_a_model_of_more_features_than_its_card(tmp_path: Path) -> None:
    trained = train_example("boosted")
    classifier = deepcopy(trained.classifier)
    classifier.n_features_in_ = 10**12
    (tmp_path / "model.skops").write_bytes(dump_classifier(classifier))
    folder = put_into_production(tmp_path, "boosted")
    rewrite(folder, "model.skops", lambda _: (tmp_path / "model.skops").read_bytes())
    assert "its model has 1000000000000 features, its card 4" in error_of_loading(tmp_path)


@pytest.mark.parametrize("kind", SUPERVISED)
def test_an_array_of_a_model_that_does_not_belong_to_it(kind: str) -> None:
    known = train_example(kind).classifier
    arrays = [name for name, value in vars(known).items() if isinstance(value, np.ndarray) and name != "classes_"]
    assert len(arrays) > 2
    for name in arrays:
        for wrong in (np.array(0.0), np.full((2, 2, 2), 1.0), np.array(["x"] * 4), np.zeros(10_000)):
            classifier = deepcopy(known)
            setattr(classifier, name, wrong)
            with pytest.raises(ValueError, match="not a classifier of dbt_dedup"):
                load_classifier(dump_classifier(classifier))


@pytest.mark.parametrize(("kind", "array"), [("logistic", "slopes_"), ("additive", "weights_"), ("boosted", "values_")])
@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), float("-inf")])
def test_a_weight_of_a_model_that_is_no_number(kind: str, array: str, wrong: float) -> None:
    classifier = deepcopy(train_example(kind).classifier)
    getattr(classifier, array).flat[1] = wrong
    with pytest.raises(ValueError, match="do not belong together"):
        load_classifier(dump_classifier(classifier))


@pytest.mark.parametrize("cycle", ["lefts", "rights", "both children one", "no roots"])
def test_trees_that_are_none(cycle: str) -> None:
    classifier: Any = deepcopy(train_example("boosted").classifier)
    if cycle == "no roots":
        classifier.roots_ = classifier.roots_[:0]
    elif cycle == "both children one":  # of which the leaves are twice as many on every level
        classifier.lefts_ = classifier.rights_.copy()
    else:
        setattr(classifier, f"{cycle}_", np.zeros_like(classifier.lefts_))
    with pytest.raises(ValueError, match="the trees of the model do not belong together"):
        load_classifier(dump_classifier(classifier))


def test_a_small_file_does_not_unpack_to_a_large_model() -> None:
    data = dump_classifier(train_example().classifier)
    packed = io.BytesIO()
    with ZipFile(io.BytesIO(data)) as source, ZipFile(packed, "w", ZIP_DEFLATED) as target:
        for part in source.namelist():
            target.writestr(part, source.read(part))
        target.writestr("0000.npy", bytes(50_000_000))
    assert len(packed.getvalue()) < 100_000
    with pytest.raises(ValueError, match=r"bytes unpack to 50,\d{3},\d{3}"):
        load_classifier(packed.getvalue())


def rewrite(folder: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    """Change a file of an artefact, and its digest and version with it, as somebody who means it would."""
    changed = change((folder / name).read_bytes())
    (folder / name).write_bytes(changed)
    card = json.loads((folder / "card.json").read_text())
    card["sha256"][name] = hashlib.sha256(changed).hexdigest()
    (folder / "card.json").write_text(json.dumps(card))
    new = folder.rename(folder.with_name(version_name(card)))
    use_in_production(make_spec(), folder.parents[2], new.name)


@pytest.mark.parametrize("name", ["parity.csv", "held_out_pairs.csv"])
@pytest.mark.parametrize(
    "change",
    [
        lambda text: "",
        lambda text: text + "a,b\n",
        lambda text: text.replace("\n", ",1\n"),
        lambda text: re.sub(r"0\.\d+", "x", text),
        lambda text: re.sub(r"0\.\d+", "inf", text),
        lambda text: re.sub(r"0\.\d+", "-5", text),
    ],
)
def test_vectors_that_are_none(tmp_path: Path, name: str, change: Callable[[str], str]) -> None:
    folder = put_into_production(tmp_path)
    rewrite(folder, name, lambda content: change(content.decode()).encode())
    assert "cannot be used: " in error_of_loading(tmp_path)


def test_one_dbt_command_scores_with_one_version(tmp_path: Path) -> None:
    first = put_into_production(tmp_path).name
    second = write_artefact(train_example("logistic"), make_spec(), tmp_path).name
    reset_invocation_id()
    assert load_for_build(make_spec(), tmp_path).version == first
    use_in_production(make_spec(), tmp_path, second)
    assert load_production(make_spec(), tmp_path).version == second
    assert load_for_build(make_spec(), tmp_path).version == first
    with as_if_in_production(make_spec(), tmp_path, second):
        assert load_for_build(make_spec(), tmp_path).version == second
    reset_invocation_id()
    assert load_for_build(make_spec(), tmp_path).version == second


@pytest.mark.parametrize("content", ["", "{", "[]", "null"])
def test_card_that_is_no_card(tmp_path: Path, content: str) -> None:
    folder = put_into_production(tmp_path)
    (folder / "card.json").write_text(content)
    assert "card.json is corrupted" in error_of_loading(tmp_path)


@pytest.mark.parametrize("kind", SUPERVISED)
def test_a_model_of_numbers_works_with_any_scikit_learn(tmp_path: Path, kind: str) -> None:
    folder = put_into_production(tmp_path, kind)
    rewrite_card(folder, versions={"scikit-learn": "1.4.2"})
    loaded = load_production(make_spec(), tmp_path)
    assert (loaded.classifier.predict_proba(loaded.parity.features)[:, 1] == loaded.parity.expected_probability).all()


def test_no_kind_keeps_parts_of_scikit_learn() -> None:
    features = make_labelled().features
    unsupervised = FellegiSunterClassifier((1, -1, 1, 1), ("a", "b", "c", "d")).fit(features, random_pairs=features)
    classifiers = [*(train_example(kind).classifier for kind in SUPERVISED), unsupervised]
    assert {type(classifier) for classifier in classifiers} == set(KINDS.values())
    assert [parts_of_sklearn(dump_classifier(classifier)) for classifier in classifiers] == [[]] * len(KINDS)


def test_a_model_with_parts_of_another_scikit_learn_stops_with_the_pin(tmp_path: Path) -> None:
    trained = train_example("logistic")
    classifier = deepcopy(trained.classifier)
    classifier.inner_ = LogisticRegression().fit([[0], [1]], [0, 1])
    folder = write_artefact(dataclasses.replace(trained, classifier=classifier), make_spec(), tmp_path)
    use_in_production(make_spec(), tmp_path, folder.name)
    assert load_production(make_spec(), tmp_path).version == folder.name
    rewrite_card(folder, versions={"scikit-learn": "1.4.2"})
    assert error_of_loading(tmp_path) == (
        f"{folder} holds parts of scikit-learn 1.4.2 (sklearn.linear_model._logistic.LogisticRegression), but"
        f" {sklearn.__version__} is installed. Pin scikit-learn==1.4.*: run `pip install 'scikit-learn==1.4.*'`. Or run"
        " `dbt-dedup train customers --promote` with the one installed."
    )


def test_patch_release_of_scikit_learn_is_no_other_version(tmp_path: Path) -> None:
    folder = put_into_production(tmp_path)
    minor = ".".join(sklearn.__version__.split(".")[:2])
    rewrite_card(folder, versions={"scikit-learn": f"{minor}.99"})
    assert load_production(make_spec(), tmp_path).version == folder.name


@pytest.mark.parametrize(
    ("names", "directions", "differences"),
    [
        (FEATURES[:3], (1, -1, 1), "missing: phone_same"),
        ((*FEATURES[:3], "phone_suffix"), (1, -1, 1, 1), "missing: phone_same"),
        (FEATURES, (1, 1, 1, 1), "of another direction: birth_days"),
        (FEATURES[:3], (1, 1, 1), "missing: phone_same; of another direction: birth_days"),
    ],
)
def test_features_that_do_not_fit(
    tmp_path: Path, names: tuple[str, ...], directions: tuple[int, ...], differences: str
) -> None:
    folder = put_into_production(tmp_path)
    assert error_of_loading(tmp_path, names=names, directions=directions) == (
        f"{folder} does not fit the features of entity 'customers'. Compared with training, features are {differences}."
        " Run `dbt-dedup train customers --promote`, or restore the entity's fields."
    )


def test_features_that_came_after_training_do_no_harm_in_any_order(tmp_path: Path) -> None:
    folder = put_into_production(tmp_path)
    later = make_spec(names=("city_same", *reversed(FEATURES)), directions=(1, 1, 1, -1, 1))
    artefact = load_production(later, tmp_path)
    assert artefact.version == folder.name
    assert artefact.known(later).feature_names == FEATURES
    assert artefact.unknown_features(later) == ("city_same",)
    assert artefact.columns(later) == [4, 3, 2, 1]


def test_labelled_table_has_nulls_and_both_labels() -> None:
    table = labelled_table()
    assert set(table["label"].to_pylist()) == {0, 1}
    assert all(table[name].null_count for name in FEATURES)


def test_an_artefact_of_an_earlier_release_loads_and_gives_the_same_probabilities() -> None:
    """The demo's model, whose file of held-out pairs and whose classifier's parameters are those of before 0.2."""
    folder = REPO / "dedup_models/customers/additive-f0f854fc"
    card = json.loads((folder / "card.json").read_text())
    assert "judged_pairs.csv" in card["sha256"]
    names, directions = zip(*((f["name"], f["direction"]) for f in card["features"]), strict=True)
    artefact = load_artefact(make_spec(names=names, directions=directions), REPO, folder.name)
    assert artefact.held_out is not None
    assert len(artefact.held_out.record_ids) == sum(card["labels"].values())
    recomputed = artefact.classifier.predict_proba(artefact.parity.features)[:, 1]
    assert (recomputed == artefact.parity.expected_probability).all()
