"""Model artefacts: written once, named after what is in them, checked whenever they are read.

`<models_dir>/<entity>/<version>/` holds `model.skops`, `card.json`, `parity.csv` and, of a model trained with labels,
`judged_pairs.csv`; the file `production` beside the versions names the one in use.
"""

from __future__ import annotations

import csv
import getpass
import hashlib
import io
import json
import os
import platform
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from importlib import metadata
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from dbt_dedup import __version__
from dbt_dedup.classifiers import PairClassifier
from dbt_dedup.cost import seconds_per_million_pairs
from dbt_dedup.errors import DedupError
from dbt_dedup.judged import JudgedPairs
from dbt_dedup.model_file import dump_classifier, load_classifier
from dbt_dedup.spec import Feature, Spec

MODEL, CARD, PARITY, JUDGED, PRODUCTION = "model.skops", "card.json", "parity.csv", "judged_pairs.csv", "production"
PARITY_VECTORS = 200
VERSION = re.compile(r"[a-z_]+-[0-9a-f]{8}")


@dataclass(frozen=True)
class ParityVectors:
    """Pairs with the probability that the experiment computed for them.

    Attributes:
        record_ids: n pairs of record ids.
        input_digests: n digests of what the input said of the two records at training.
        features: n pairs by f features, exactly those trained on; NaN is null.
        expected_probability: n probabilities of a match, in [0, 1].
    """

    record_ids: tuple[tuple[str, str], ...]
    input_digests: tuple[str, ...]
    features: NDArray[np.float64]
    expected_probability: NDArray[np.float64]


@dataclass(frozen=True)
class Artefact:
    """A trained classifier that was checked and fits the entity.

    Attributes:
        version: name of its folder.
        features: what it was trained on, in the order of its columns; the entity may have more by now.
        judged: None if it was trained without labels.
    """

    version: str
    classifier: PairClassifier
    features: tuple[Feature, ...]
    card: dict[str, Any]
    parity: ParityVectors
    judged: JudgedPairs | None = None

    def known(self, spec: Spec) -> Spec:
        """The entity as this model knows it: with the features it was trained on, in their order."""
        return replace(spec, features=self.features)

    def unknown_features(self, spec: Spec) -> tuple[str, ...]:
        """Features that the entity got after training; the model does without them."""
        known = {feature.name for feature in self.features}
        return tuple(name for name in spec.feature_names if name not in known)

    def columns(self, spec: Spec) -> list[int]:
        """Where its features stand among those of the entity, in the order in which it takes them."""
        return [spec.feature_names.index(feature.name) for feature in self.features]


def entity_directory(spec: Spec, project_dir: Path) -> Path:
    """The folder with the versions of an entity's model."""
    return project_dir / spec.models_dir / spec.name


class Trained(Protocol):
    """A model to keep, learnt with labels (`dbt_dedup.training`) or without (`dbt_dedup.unsupervised`)."""

    @property
    def kind(self) -> str:
        """A key of `dbt_dedup.classifiers.KINDS`."""

    @property
    def classifier(self) -> PairClassifier:
        """The fitted classifier."""

    @property
    def ignored_features(self) -> Sequence[str]:
        """Names of the features that it takes no notice of."""

    @property
    def parity_pairs(self) -> tuple[Sequence[tuple[str, str]], Sequence[str], NDArray[np.float64]]:
        """Record ids, input digests and features of the pairs of which some are kept beside the model."""

    @property
    def judged_pairs(self) -> JudgedPairs | None:
        """The labelled pairs with what the model says of them; None where it was trained without labels."""

    @property
    def training_digest(self) -> str:
        """Sha256 of what it was fitted on."""

    @property
    def card_entries(self) -> dict[str, Any]:
        """What the card says of this way of training."""


def write_artefact(trained: Trained, spec: Spec, project_dir: Path) -> Path:
    """Write the artefact of a trained model and return its folder, which is named after the version.

    The version is a digest of model, features, training data and parity vectors, so what exists under it is the same
    and stays as it is, unless it no longer passes its checks, or its quality was measured for other thresholds or
    targets than the entity's now: then it is written anew. The folder appears whole or not at all.
    """
    model = dump_classifier(trained.classifier)
    files = {MODEL: model, PARITY: _parity_csv(trained, spec)}
    if trained.judged_pairs:
        files[JUDGED] = trained.judged_pairs.to_csv()
    card = _card(trained, spec, files)
    parent = entity_directory(spec, project_dir)
    version = str(card["version"])
    target = parent / version
    if _intact(spec, project_dir, version, card):
        return target

    parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=parent, prefix=".new-") as scratch:
        new = Path(scratch) / version
        new.mkdir()
        for name, data in files.items():
            (new / name).write_bytes(data)
        (new / CARD).write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        if target.exists():
            target.rename(Path(scratch) / "damaged")
        new.rename(target)
    return target


def use_in_production(spec: Spec, project_dir: Path, version: str) -> None:
    """Make `version` the one that dbt scores with; readers see the old or the new name, never half of one."""
    pointer = entity_directory(spec, project_dir) / PRODUCTION
    new = pointer.with_name(f".{PRODUCTION}-{os.getpid()}")
    new.write_text(version + "\n", encoding="utf-8")
    new.replace(pointer)


def load_production(spec: Spec, project_dir: Path) -> Artefact:
    """The artefact in production, checked as in `load_artefact`.

    Raises:
        DedupError: nothing is in production, or its artefact fails a check.
    """
    version = version_in_production(spec, project_dir)
    if version is None:
        raise DedupError(
            f"Entity {spec.name!r} has no model in production: {entity_directory(spec, project_dir) / PRODUCTION} is"
            f" missing. Run `dbt-dedup train {spec.name}` first, or restore the file from git."
        )
    return load_artefact(spec, project_dir, version)


def version_in_production(spec: Spec, project_dir: Path) -> str | None:
    """The version that the pointer names, None where there is no pointer.

    Raises:
        DedupError: the pointer holds anything but one version.
    """
    pointer = entity_directory(spec, project_dir) / PRODUCTION
    if not pointer.is_file():
        return None
    version = pointer.read_text(encoding="utf-8", errors="replace").strip()
    if not VERSION.fullmatch(version):
        raise DedupError(
            f"{pointer} should hold one line with a version such as additive-3f9a1c2b, found {version[:80]!r}."
            " Restore it from git, or remove it and run `dbt-dedup promote "
            f"{spec.name} VERSION`."
        )
    return version


def load_artefact(spec: Spec, project_dir: Path, version: str) -> Artefact:
    """Read and check one version of an entity's model.

    Raises:
        DedupError: a file is missing or changed since training, scikit-learn is of another version (major.minor)
            than at training, or features trained on are missing in the spec or of another direction there.
    """
    folder = entity_directory(spec, project_dir) / version
    card = read_card(spec, folder)
    files = {name: _read_checked(spec, folder, name, card) for name in card["sha256"]}
    _check_sklearn(spec, folder, card)
    features = _known_features(spec, folder, card)
    try:
        return Artefact(
            version,
            load_classifier(files[MODEL]),
            features,
            card,
            _read_parity(files[PARITY], len(card["features"])),
            JudgedPairs.from_csv(files[JUDGED]) if JUDGED in files else None,
        )
    except ValueError as error:
        raise DedupError(f"{folder} cannot be used: {error}. {_again(spec)}") from error


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
        "version": _version(trained.kind, content),
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


def _version(kind: str, content: dict[str, Any]) -> str:
    """Name of an artefact by its content; when and by whom it was trained does not enter."""
    return f"{kind}-{_sha256(json.dumps(content, sort_keys=True).encode())[:8]}"


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
    """Up to 200 pairs from the least to the most probable; numbers as short as they come back exactly."""
    record_ids, input_digests, features = trained.parity_pairs
    probability = trained.classifier.predict_proba(features)[:, 1]
    by_probability = np.argsort(probability, kind="stable")
    spread = np.linspace(0, len(features) - 1, min(PARITY_VECTORS, len(features))).round().astype(int)
    lines = [",".join(["record_id_l", "record_id_r", "input_digest", *spec.feature_names, "expected_probability"])]
    for row in sorted(by_probability[spread]):
        ids = ['"' + record_id.replace('"', '""') + '"' for record_id in record_ids[row]]
        values = ["" if np.isnan(value) else repr(float(value)) for value in features[row]]
        lines.append(",".join([*ids, input_digests[row], *values, repr(float(probability[row]))]))
    return ("\n".join(lines) + "\n").encode()


def _read_parity(data: bytes, n_features: int) -> ParityVectors:
    rows = list(csv.reader(io.StringIO(data.decode(), newline="")))[1:]
    numbers = np.array([[float(text) if text else np.nan for text in row[3:]] for row in rows])
    if numbers.ndim != 2 or numbers.shape[1] != n_features + 1:
        raise ValueError(f"{PARITY} does not have {n_features} features a row")
    return ParityVectors(
        record_ids=tuple((row[0], row[1]) for row in rows),
        input_digests=tuple(row[2] for row in rows),
        features=numbers[:, :-1],
        expected_probability=numbers[:, -1],
    )


def _intact(spec: Spec, project_dir: Path, version: str, card: dict[str, Any]) -> bool:
    try:
        found = load_artefact(spec, project_dir, version).card
    except DedupError:
        return False
    measured = json.loads(json.dumps(card))
    return all(found.get(key) == measured[key] for key in ("cross_validation", "suggested_thresholds"))


def read_card(spec: Spec, folder: Path) -> dict[str, Any]:
    """The card in the folder of a version.

    Raises:
        DedupError: it is missing, or is not what was written at training.
    """
    if not folder.is_dir():
        raise DedupError(
            f"Version {folder.name} of entity {spec.name!r} is missing: no folder {folder}. {_again(spec)}"
        )
    path = folder / CARD
    if not path.is_file():
        raise DedupError(f"{path} is missing. {_again(spec)}")
    try:
        card: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        content = {key: card[key] for key in ("features_sha256", "training_data_sha256", "sha256")}
        true_to_name = (
            card["entity"] == spec.name
            and _version(card["kind"], content) == folder.name
            and _features_digest(card["features"]) == card["features_sha256"]
            and bool(card["versions"]["scikit-learn"])
        )
    except (ValueError, KeyError, TypeError):
        true_to_name = False
    if not true_to_name:
        raise DedupError(f"{path} is corrupted: what it says is not what was written at training. {_again(spec)}")
    return card


def _read_checked(spec: Spec, folder: Path, name: str, card: dict[str, Any]) -> bytes:
    path = folder / name
    if not path.is_file():
        raise DedupError(f"{path} is missing. {_again(spec)}")
    data = path.read_bytes()
    if _sha256(data) != card["sha256"][name]:
        raise DedupError(f"{path} is corrupted: its sha256 is not the one in {CARD}. {_again(spec)}")
    return data


def _check_sklearn(spec: Spec, folder: Path, card: dict[str, Any]) -> None:
    trained, installed = card["versions"]["scikit-learn"], metadata.version("scikit-learn")
    if trained.split(".")[:2] != installed.split(".")[:2]:
        raise DedupError(
            f"{folder} was trained with scikit-learn {trained}, but {installed} is installed."
            f" Install scikit-learn {trained}, or run `dbt-dedup train {spec.name} --promote` with the one installed."
        )


def _known_features(spec: Spec, folder: Path, card: dict[str, Any]) -> tuple[Feature, ...]:
    """What the model was trained on, as the entity declares it now; further features of the entity do no harm."""
    trained = {f["name"]: f["direction"] for f in card["features"]}
    computed = {feature.name: feature for feature in spec.features}
    missing = [name for name in trained if name not in computed]
    turned = [name for name in trained if name in computed and trained[name] != computed[name].direction]
    found = (("missing", missing), ("of another direction", turned))
    differences = [f"{what}: {', '.join(names)}" for what, names in found if names]
    if differences:
        raise DedupError(
            f"{folder} does not fit the features of entity {spec.name!r}. Compared with training, features are"
            f" {'; '.join(differences)}. Run `dbt-dedup train {spec.name} --promote`, or restore the entity's fields."
        )
    return tuple(computed[name] for name in trained)


def _again(spec: Spec) -> str:
    return f"Run `dbt-dedup train {spec.name} --promote`, or restore the artefact from git."
