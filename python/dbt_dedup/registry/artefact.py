"""Model artefacts: written once, named after their content, checked whenever they are read.

`<models_dir>/<entity>/<version>/` holds `model.skops`, `card.json`, `parity.csv` and, for a model trained with labels,
`held_out_pairs.csv`. The file `production` next to the versions names the one in production.
"""

from __future__ import annotations

import csv
import getpass
import hashlib
import io
import json
import platform
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from importlib import metadata
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from dbt_dedup import __version__
from dbt_dedup.classifiers import PairClassifier
from dbt_dedup.constants import PARITY_VECTORS
from dbt_dedup.errors import DedupError
from dbt_dedup.files import explained, locked, make_folder, read_bytes
from dbt_dedup.names import ABSTAINED
from dbt_dedup.registry.card_schema import card_problem
from dbt_dedup.registry.classifier_file import dump_classifier, load_classifier, parts_of_sklearn
from dbt_dedup.registry.cost import seconds_per_million_pairs
from dbt_dedup.spec import Feature, Spec
from dbt_dedup.training.held_out import HeldOutPairs, ParityPairs, evenly_spread

MODEL, CARD, PARITY, PRODUCTION = "model.skops", "card.json", "parity.csv", "production"
HELD_OUT = "held_out_pairs.csv"
CONTENT = ("features_sha256", "training_data_sha256", "sha256")  # entries of a card that name its version
NEW = ".new-"  # of a folder in which a version is written
OLD_THRESHOLDS = {"match": 0.9, "review": 0.5}
OLD_HELD_OUT = "judged_pairs.csv"  # its name in artefacts of before 0.2
VERSION = re.compile(r"[a-z_]+-[0-9a-f]{8}")


@dataclass(frozen=True)
class ParityVectors:
    """Pairs with the probability that training computed for them.

    Attributes:
        record_ids: n pairs of record ids.
        input_digests: n digests of the input values of the two records at training.
        features: n pairs by f features, exactly those of training; NaN is null.
        expected_probability: n probabilities of a match, in [0, 1].
    """

    record_ids: tuple[tuple[str, str], ...]
    input_digests: tuple[str, ...]
    features: NDArray[np.float64]
    expected_probability: NDArray[np.float64]


@dataclass(frozen=True)
class Artefact:
    """A trained classifier that passed its checks and fits the entity.

    Attributes:
        version: name of its folder.
        features: the features it was trained on, in the order of its columns; the entity may have more by now.
        held_out: None if it was trained without labels.
    """

    version: str
    classifier: PairClassifier
    features: tuple[Feature, ...]
    card: dict[str, Any]
    parity: ParityVectors
    held_out: HeldOutPairs | None = None

    def decided(self, spec: Spec) -> Spec:
        """The entity with the thresholds that training chose, where the spec leaves them to it."""
        return decided(spec, self.card)

    def known(self, spec: Spec) -> Spec:
        """The entity with the features that this model was trained on, in their order."""
        return replace(spec, features=self.features)

    def unknown_features(self, spec: Spec) -> tuple[str, ...]:
        """Features that were added to the entity after training and that the model does not use."""
        known = {feature.name for feature in self.features}
        return tuple(name for name in spec.feature_names if name not in known)

    def columns(self, spec: Spec) -> list[int]:
        """Positions of its features among those of the entity, in the order in which it takes them."""
        return [spec.feature_names.index(feature.name) for feature in self.features]


def decided(spec: Spec, card: Mapping[str, Any]) -> Spec:
    """The entity with the thresholds of a card, where the spec leaves them to training.

    Cards of before 0.2 have none; those models were measured at the defaults of then.
    """
    chosen = card.get("thresholds") or OLD_THRESHOLDS
    return spec.fill_thresholds(chosen["match"], chosen["review"])


def entity_directory(spec: Spec, project_dir: Path) -> Path:
    """The folder with the versions of an entity's model."""
    return project_dir / spec.models_dir / spec.name


class Trained(Protocol):
    """A model to keep, learned with labels (`training.with_labels`) or without (`training.without_labels`)."""

    @property
    def kind(self) -> str:
        """A key of `dbt_dedup.classifiers.KINDS`."""

    @property
    def classifier(self) -> PairClassifier:
        """The fitted classifier."""

    @property
    def ignored_features(self) -> Sequence[str]:
        """Names of the features that it ignores."""

    @property
    def parity_pairs(self) -> ParityPairs:
        """Record ids, input digests and features of the pairs to choose parity vectors from."""

    @property
    def held_out_pairs(self) -> HeldOutPairs | None:
        """The labelled pairs with their held-out probabilities; None where it was trained without labels."""

    @property
    def training_digest(self) -> str:
        """Sha256 of the pairs it was fitted on."""

    @property
    def card_entries(self) -> dict[str, Any]:
        """The entries of the card that only this way of training has."""


def write_artefact(trained: Trained, spec: Spec, project_dir: Path) -> Path:
    """Write the artefact of a trained model and return its folder, which is named after the version.

    The version is a digest of model, features, training data and parity vectors, so a folder of that name holds the
    same model and is left as it is. It is written again if it no longer passes its checks, or if its quality was
    measured for other thresholds or targets than the entity has now. The folder appears whole or not at all.
    """
    model = dump_classifier(trained.classifier)
    files = {MODEL: model, PARITY: _parity_csv(trained, spec)}
    if trained.held_out_pairs:
        files[HELD_OUT] = trained.held_out_pairs.to_csv()
    card = _card(trained, spec, files)
    parent = entity_directory(spec, project_dir)
    version = str(card["version"])
    target = parent / version
    make_folder(parent)
    with locked(parent / PRODUCTION), explained(target):
        for left in parent.glob(f"{NEW}*"):  # by a process that was killed
            shutil.rmtree(left)
        if _intact(spec, project_dir, version, card):
            return target
        with tempfile.TemporaryDirectory(dir=parent, prefix=NEW) as scratch:
            new = Path(scratch) / version
            new.mkdir()
            for name, data in files.items():
                (new / name).write_bytes(data)
            (new / CARD).write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
            if target.exists():
                target.rename(Path(scratch) / "damaged")
            new.rename(target)
    return target


def abstained(card: Mapping[str, Any]) -> list[str]:
    """Why a model that was learned without labels merges only what is beyond doubt; empty if it does not."""
    without = card.get("without_labels") or {}
    return list(without["reasons"]) if without.get("verdict") == ABSTAINED else []


def versions(spec: Spec, project_dir: Path) -> list[str]:
    """Names of the versions of an entity's model, sorted."""
    folder = entity_directory(spec, project_dir)
    return sorted(path.name for path in folder.glob("*") if path.is_dir() and VERSION.fullmatch(path.name))


def load_artefact(spec: Spec, project_dir: Path, version: str) -> Artefact:
    """Read and check one version of an entity's model.

    Raises:
        DedupError: a file is missing or changed since training, the model holds parts of another version of
            scikit-learn (major.minor) than the one installed, or a feature of training is missing in the spec or has
            another direction there.
    """
    folder = entity_directory(spec, project_dir) / version
    card = read_card(spec, folder)
    files = {name: _read_checked(spec, folder, name, card) for name in card["sha256"]}
    _check_sklearn(spec, folder, card, files[MODEL])
    features = _known_features(spec, folder, card)
    held_out = files.get(HELD_OUT, files.get(OLD_HELD_OUT))
    try:
        classifier = load_classifier(files[MODEL])
        if classifier.n_features_in_ != len(features):
            raise ValueError(f"its model has {classifier.n_features_in_} features, its card {len(features)}")
        return Artefact(
            version,
            classifier,
            features,
            card,
            _read_parity(files[PARITY], len(card["features"])),
            HeldOutPairs.from_csv(held_out) if held_out is not None else None,
        )
    except ValueError as error:
        raise DedupError(f"{folder} cannot be used: {error}. {_way_out(spec)}") from error


def _card(trained: Trained, spec: Spec, files: dict[str, bytes]) -> dict[str, Any]:
    features = [{"name": feature.name, "direction": feature.direction} for feature in spec.features]
    content = {
        "features_sha256": _features_digest(features),
        "training_data_sha256": trained.training_digest,
        "sha256": {name: _sha256(data) for name, data in files.items()},
    }
    return {
        "entity": spec.name,
        "kind": trained.kind,
        "version": version_name({"kind": trained.kind, **content, "thresholds": trained.card_entries["thresholds"]}),
        "features": features,
        "ignored_features": list(trained.ignored_features),
        **content,
        **trained.card_entries,
        "seconds_per_million_pairs": seconds_per_million_pairs(trained.classifier, trained.parity_pairs[2]),
        "trained_at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "trained_by": current_user(),
        "versions": {
            "python": platform.python_version(),
            **{name: metadata.version(name) for name in ("scikit-learn", "skops", "numpy", "duckdb", "dbt-core")},
            "dbt_dedup": __version__,
        },
    }


def version_name(card: Mapping[str, Any]) -> str:
    """The name of a version by the content that its card describes; when and by whom it was trained do not matter."""
    content = {key: card[key] for key in CONTENT}
    if "thresholds" in card:  # not in cards of before 0.2
        content["thresholds"] = {key: card["thresholds"][key] for key in ("match", "review")}
    return f"{card['kind']}-{_sha256(json.dumps(content, sort_keys=True).encode())[:8]}"


def _features_digest(features: Sequence[dict[str, Any]]) -> str:
    return _sha256(json.dumps([[f["name"], f["direction"]] for f in features]).encode())


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def current_user() -> str:
    """Name of the user who runs this, `unknown` where the system has none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a user id without a name, as in some containers
        return "unknown"


def _parity_csv(trained: Trained, spec: Spec) -> bytes:
    """Pairs spread evenly from the least to the most probable. Numbers have as few digits as read back exactly."""
    record_ids, input_digests, features = trained.parity_pairs
    probability = trained.classifier.predict_proba(features)[:, 1]
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)  # quotes a lone carriage return, too
    writer.writerow(["record_id_l", "record_id_r", "input_digest", *spec.feature_names, "expected_probability"])
    for row in evenly_spread(probability, PARITY_VECTORS):
        values = ["" if np.isnan(value) else float(value) for value in features[row]]
        writer.writerow([*record_ids[row], input_digests[row], *values, float(probability[row])])
    return file.getvalue().encode()


def _read_parity(data: bytes, n_features: int) -> ParityVectors:
    rows = list(csv.reader(io.StringIO(data.decode(), newline="")))[1:]
    if not rows or any(len(row) != n_features + 4 for row in rows):
        raise ValueError(f"{PARITY} does not have {n_features} features a row")
    try:
        numbers = np.array([[float(text) if text else np.nan for text in row[3:]] for row in rows])
    except ValueError as error:
        raise ValueError(f"{PARITY} holds what is no number: {error}") from error
    if np.isinf(numbers).any() or not ((numbers[:, -1] >= 0) & (numbers[:, -1] <= 1)).all():
        raise ValueError(f"{PARITY} holds a feature that is infinite, or a probability that is not from 0 to 1")
    return ParityVectors(
        record_ids=tuple((row[0], row[1]) for row in rows),
        input_digests=tuple(row[2] for row in rows),
        features=numbers[:, :-1],
        expected_probability=numbers[:, -1],
    )


def _intact(spec: Spec, project_dir: Path, version: str, card: dict[str, Any]) -> bool:
    try:
        existing = load_artefact(spec, project_dir, version).card
    except DedupError:
        return False
    measured = json.loads(json.dumps(card))
    return all(existing.get(key) == measured[key] for key in ("cross_validation", "thresholds"))


def read_card(spec: Spec, folder: Path) -> dict[str, Any]:
    """The card in the folder of a version.

    Raises:
        DedupError: it is missing, or differs from what was written at training.
    """
    if not folder.is_dir():
        raise DedupError(
            f"Version {folder.name} of entity {spec.name!r} is missing: no folder {folder}. {_way_out(spec)}"
        )
    path = folder / CARD
    if not path.is_file():
        raise DedupError(f"{path} is missing. {_way_out(spec)}")
    problem = None
    try:
        card: dict[str, Any] = json.loads(read_bytes(path))
        problem = card_problem(card)
        true_to_name = problem is None and (
            card["entity"] == spec.name
            and version_name(card) == folder.name
            and _features_digest(card["features"]) == card["features_sha256"]
            and bool(card["versions"]["scikit-learn"])
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        true_to_name = False
    if not true_to_name:
        raise DedupError(
            f"{path} is corrupted: {problem or 'it differs from what was written at training'}. {_way_out(spec)}"
        )
    return card


def _read_checked(spec: Spec, folder: Path, name: str, card: dict[str, Any]) -> bytes:
    path = folder / name
    if not path.is_file():
        raise DedupError(f"{path} is missing. {_way_out(spec)}")
    data = read_bytes(path)
    if _sha256(data) != card["sha256"][name]:
        raise DedupError(f"{path} is corrupted: its sha256 is not the one in {CARD}. {_way_out(spec)}")
    return data


def _check_sklearn(spec: Spec, folder: Path, card: dict[str, Any], model: bytes) -> None:
    """Raise DedupError if the model holds parts of scikit-learn that the installed version may read as something else.

    The kinds of this package keep numbers only, and their arithmetic is the same whatever is installed.
    """
    trained, installed = card["versions"]["scikit-learn"], metadata.version("scikit-learn")
    if trained.split(".")[:2] == installed.split(".")[:2]:
        return
    if parts := parts_of_sklearn(model):
        minor = ".".join(trained.split(".")[:2])
        raise DedupError(
            f"{folder} holds parts of scikit-learn {trained} ({', '.join(parts)}), but {installed} is installed. Pin"
            f" scikit-learn=={minor}.*: run `pip install 'scikit-learn=={minor}.*'`. Or run"
            f" `dbt-dedup train {spec.name} --promote` with the one installed."
        )


def _known_features(spec: Spec, folder: Path, card: dict[str, Any]) -> tuple[Feature, ...]:
    """The features of training, as the entity declares them now; the entity may have others too."""
    trained = {f["name"]: f["direction"] for f in card["features"]}
    computed = {feature.name: feature for feature in spec.features}
    missing = [name for name in trained if name not in computed]
    turned = [name for name in trained if name in computed and trained[name] != computed[name].direction]
    groups = (("missing", missing), ("of another direction", turned))
    differences = [f"{what}: {', '.join(names)}" for what, names in groups if names]
    if differences:
        raise DedupError(
            f"{folder} does not fit the features of entity {spec.name!r}. Compared with training, features are"
            f" {'; '.join(differences)}. Run `dbt-dedup train {spec.name} --promote`, or restore the entity's fields."
        )
    return tuple(computed[name] for name in trained)


def _way_out(spec: Spec) -> str:
    return f"Run `dbt-dedup train {spec.name} --promote`, or restore the artefact from git."
