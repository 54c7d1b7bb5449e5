"""The entity spec, normalized by the macro `dbt_dedup.entity(name)`. Python reads it and adds no default."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from dbt_dedup.errors import DedupError
from dbt_dedup.names import AUTO


@dataclass(frozen=True)
class Field:
    """A column of the input with its meaning, which `type` names."""

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

    A pair at `match` or above is merged, one at `review` or above waits for a person, one below `floor` is not kept.
    """

    match: float
    review: float
    floor: float


@dataclass(frozen=True)
class DeclaredThresholds:
    """The thresholds as the spec declares them: None is `auto`, the threshold that training chose."""

    match: float | None
    review: float | None
    floor: float


@dataclass(frozen=True)
class Targets:
    """The goals that the owner of the entity set: precision and recall in [0, 1], review budget in pairs."""

    precision: float
    recall: float
    review_budget: int


@dataclass(frozen=True)
class Spec:
    """The part of an entity spec that Python reads.

    Attributes:
        publish: folder that tables are published to, below that of the project; None publishes nothing.
        declared_thresholds: as the spec has them, some of which may be `auto`.
        duplicate_free: sources of which an entity has at most one record.
        max_cluster_size: most distinct records that matches may connect.
        labels_decide: whether pairs that people labelled are decided by their labels.
    """

    name: str
    record_id: str
    labels: str | None
    overrides: str | None
    truth: str | None
    models_dir: str
    scoring: str
    publish: str | None
    source_mode: str
    duplicate_free: tuple[str, ...]
    max_cluster_size: int
    labels_decide: bool
    declared_thresholds: DeclaredThresholds
    targets: Targets
    fields: tuple[Field, ...]
    features: tuple[Feature, ...]

    @classmethod
    def from_json(cls, text: str) -> Spec:
        """Read the normalized spec from its JSON, the text in column `spec` of `int_<entity>__spec`.

        Raises:
            DedupError: a key is missing, so the dbt package and the Python package are of different versions.
        """
        given = json.loads(text)
        try:
            return cls(
                name=given["name"],
                record_id=given["record_id"],
                labels=given["labels"],
                overrides=given["overrides"],
                truth=given["truth"],
                models_dir=given["models_dir"],
                scoring=given["scoring"],
                publish=given["publish"],
                source_mode=given["source_mode"],
                duplicate_free=tuple(given["duplicate_free"]),
                max_cluster_size=int(given["max_cluster_size"]),
                labels_decide=bool(given["labels_decide"]),
                declared_thresholds=_declared(given["thresholds"]),
                targets=Targets(
                    **_numbers(given["targets"], "precision", "recall"),
                    review_budget=int(given["targets"]["review_budget"]),
                ),
                fields=tuple(Field(name=f["name"], column=f["column"], type=f["type"]) for f in given["fields"]),
                features=tuple(
                    Feature(f["name"], f["field"], int(f["direction"]), f.get("description") or "")
                    for f in given["features"]
                ),
            )
        except KeyError as missing:
            raise DedupError(
                f"The spec of entity {given.get('name')!r} has no key {missing}. The dbt package and the Python package"
                " dbt_dedup are of different versions: install the same version of both and build again."
            ) from None

    @property
    def thresholds(self) -> Thresholds:
        """The thresholds in effect.

        Raises:
            ValueError: some are `auto` and nothing has filled them.
        """
        match, review = self.declared_thresholds.match, self.declared_thresholds.review
        if match is None or review is None:
            raise ValueError(f"the thresholds of entity {self.name!r} are auto: take them from a model")
        return Thresholds(match, review, self.declared_thresholds.floor)

    @property
    def floor(self) -> float:
        """Pairs below this probability are not kept."""
        return self.declared_thresholds.floor

    def with_thresholds(self, match: float, review: float) -> Spec:
        """The entity with these thresholds, whatever it declares."""
        return replace(self, declared_thresholds=replace(self.declared_thresholds, match=match, review=review))

    def fill_thresholds(self, match: float, review: float) -> Spec:
        """The entity with these thresholds in place of those that are `auto`; numbers in the spec are kept.

        `review` is lowered to `match` where it would be above, and neither is below the floor.
        """
        declared = self.declared_thresholds
        match = max(declared.floor, match if declared.match is None else declared.match)
        review = max(declared.floor, review if declared.review is None else declared.review)
        return self.with_thresholds(match, min(match, review))

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


def read_spec(spec_relation: Any) -> Spec:
    """The spec in `int_<entity>__spec`, given as a DuckDB relation of one row with column `spec`."""
    ((text,),) = spec_relation.project("spec").fetchall()
    return Spec.from_json(text)


def _declared(given: Mapping[str, Any]) -> DeclaredThresholds:
    match, review = (None if given[key] == AUTO else float(given[key]) for key in ("match", "review"))
    return DeclaredThresholds(match, review, float(given["floor"]))


def _numbers(given: Mapping[str, Any], *keys: str) -> dict[str, float]:
    return {key: float(given[key]) for key in keys}
