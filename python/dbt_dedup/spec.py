"""The entity spec as `dbt_dedup.entity(name)` normalised it: this side reads it and fills in nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dbt_dedup.errors import DedupError


@dataclass(frozen=True)
class Field:
    """A column of the input that has a meaning: `type` says which."""

    name: str
    column: str
    type: str


@dataclass(frozen=True)
class Feature:
    """One number per pair.

    `direction` is +1 where larger means more alike, -1 where larger means less alike, 0 where neither is known.
    """

    name: str
    field: str
    direction: int
    description: str = ""


@dataclass(frozen=True)
class Thresholds:
    """Probabilities in [0, 1].

    At `match` and above a pair is merged, at `review` and above a person is asked, below `floor` it is not kept.
    """

    match: float
    review: float
    floor: float


@dataclass(frozen=True)
class Targets:
    """What the owner of the entity asked for: precision and recall in [0, 1], review budget in pairs."""

    precision: float
    recall: float
    review_budget: int


@dataclass(frozen=True)
class Spec:
    """What the Python side needs to know of an entity."""

    name: str
    record_id: str
    labels: str | None
    truth: str | None
    models_dir: str
    scoring: str
    thresholds: Thresholds
    targets: Targets
    fields: tuple[Field, ...]
    features: tuple[Feature, ...]

    @classmethod
    def from_json(cls, text: str) -> Spec:
        """Read the normalised spec, as it stands in column `spec` of `int_<entity>__spec`.

        Raises:
            DedupError: a key is missing, so the dbt package and the Python package are of different versions.
        """
        found = json.loads(text)
        try:
            return cls(
                name=found["name"],
                record_id=found["record_id"],
                labels=found["labels"],
                truth=found["truth"],
                models_dir=found["models_dir"],
                scoring=found["scoring"],
                thresholds=Thresholds(**_numbers(found["thresholds"], "match", "review", "floor")),
                targets=Targets(
                    **_numbers(found["targets"], "precision", "recall"),
                    review_budget=int(found["targets"]["review_budget"]),
                ),
                fields=tuple(Field(name=f["name"], column=f["column"], type=f["type"]) for f in found["fields"]),
                features=tuple(
                    Feature(f["name"], f["field"], int(f["direction"]), f.get("description") or "")
                    for f in found["features"]
                ),
            )
        except KeyError as missing:
            raise DedupError(
                f"The spec of entity {found.get('name')!r} has no key {missing}. The dbt package and the Python package"
                " dbt_dedup are of different versions: install the same version of both and build again."
            ) from None

    @property
    def feature_names(self) -> tuple[str, ...]:
        """Names of the features, in order."""
        return tuple(feature.name for feature in self.features)

    @property
    def directions(self) -> tuple[int, ...]:
        """Direction of each feature, in order."""
        return tuple(feature.direction for feature in self.features)

    @property
    def weight_fields(self) -> tuple[str, ...]:
        """The distinct fields of the features, in order of first use: one column `weight_<field>` each."""
        return tuple(dict.fromkeys(feature.field for feature in self.features))


def _numbers(found: Mapping[str, Any], *keys: str) -> dict[str, float]:
    return {key: float(found[key]) for key in keys}
