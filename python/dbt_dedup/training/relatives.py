"""Pairs of relatives, namesakes and companions, made from matches: they share all but what is their own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dbt_dedup.pair_features import RequestedPairs
from dbt_dedup.spec import Spec
from dbt_dedup.warehouse import DbtProject

Floats = NDArray[np.float64]

UNRELATED = 2_000  # pairs of records that nothing but chance brings together
EACH = 0.05  # weight of the made pairs of one sort, as a share of that of the matches
SEED = 20_261

# Types of fields that name people, and those that say who or what a record is about: the first that an entity has.
PEOPLE = ("given_name", "full_name")
NAMING = (*PEOPLE, "company")
# Types of fields that namesakes have in common.
NAMES = (*NAMING, "family_name")
# Types of fields, beside the name, that twins, couples, couples with two mailboxes, and flatmates have of their own.
OWN = (
    ("identifier", "url"),
    ("identifier", "url", "date"),
    ("identifier", "url", "date", "email"),
    ("identifier", "url", "date", "email", "phone"),
)
# A text that companions have, such as the title of each part of a work, is another in a number of each alone.
ANOTHER_NUMBER = {"exact": 0.0, "numbers": 0.0, "unshared_numbers": 2.0}


@dataclass(frozen=True)
class Relatives:
    """Makes pairs of relatives out of matches.

    A few hundred labels seldom hold twins, couples with one mailbox or firms of one building, so nothing in them says
    that a name which differs outweighs an address, a phone and a birth date that agree. Features are functions of one
    field (or of names), so such pairs can be made: of a match the features of what relatives share, and of two
    unrelated records those of the name and of what else is their own. Namesakes, who share the name and nothing else,
    and housemates, whose family name is their own too, balance them: else an equal name would outweigh everything, and
    an equal family name would speak against a match.

    Companions are parts of a work, volumes, sizes of a product: one text of theirs differs in its number and in nothing
    else. Labels seldom hold any, and by its words their text is nearly equal. They are made where texts alone say what
    a record is about.

    Attributes:
        unrelated: features of pairs of unrelated records, n by f; NaN is null.
        own: for each sort of relatives, which features are taken from unrelated records.
        naming: which of the features compare the name; a made pair of relatives has one of them at least.
        companions: for each sort of companions, the places and the values of the features of the text that differs.
    """

    unrelated: Floats
    own: tuple[NDArray[np.int64], ...]
    naming: NDArray[np.int64]
    companions: tuple[tuple[NDArray[np.int64], Floats], ...] = ()

    @classmethod
    def read(cls, project: DbtProject, spec: Spec) -> Relatives | None:
        """Read pairs of unrelated records of an entity that is built; None where no pair can be made.

        The same records give the same pairs.

        Raises:
            DedupError: the features do not compile.
        """
        if _naming(spec) is None:
            return cls.of(spec, np.empty((0, len(spec.features))))
        requested = RequestedPairs.of(project, spec)
        with project.open() as warehouse:
            relation = warehouse.read(f"int_{spec.name}__keyed_records", ["record_key"])
            keys = np.sort(relation.to_arrow_table()["record_key"].to_numpy()).astype(np.int32)
            drawn = np.random.default_rng(SEED).choice(keys, (2, UNRELATED))
            apart = drawn[0] != drawn[1]
            left, right = np.unique(np.sort(drawn[:, apart], axis=0), axis=1)
            if not len(left):
                return None
            return cls.of(spec, requested.read(warehouse, left, right))

    @classmethod
    def of(cls, spec: Spec, unrelated: Floats, generations: bool = False) -> Relatives | None:
        """Relatives and companions of an entity; None where no field names its records, and no text has numbers.

        Args:
            spec: the entity.
            unrelated: features of pairs of unrelated records, n by f; none are needed where no field names them.
            generations: whether also with father and son of one name, where people have dates.
        """
        naming = _naming(spec)
        type_of = {field.name: field.type for field in spec.fields}
        types = [type_of.get(feature.field) for feature in spec.features]

        def columns(*wanted: str) -> NDArray[np.int64]:
            return np.flatnonzero([type_ in wanted for type_ in types])

        if naming is None:
            companions = tuple(_companions(spec))
            return cls(unrelated, (), columns(), companions) if companions else None
        relatives = [columns(naming, *own) for own in OWN]
        housemates = [columns(*NAMES, *own) for own in OWN[1:]]
        namesakes = np.setdiff1d(np.arange(len(types)), columns(*NAMES))
        of_one_name = [columns(*OWN[1])] if generations and naming in PEOPLE and "date" in types else []
        sorts = {own.tobytes(): own for own in (*relatives, *housemates, namesakes, *of_one_name)}
        return cls(unrelated, tuple(sorts.values()), columns(naming))

    def add_to(
        self, features: Floats, is_match: NDArray[np.int64], weights: Floats | None = None
    ) -> tuple[Floats, NDArray[np.int64], Floats]:
        """Pairs followed by made pairs, which are no matches, with labels and weights (1 if not given)."""
        weights = np.ones(len(features)) if weights is None else weights
        matches = features[is_match == 1]
        draw = np.random.default_rng(SEED)
        made = [np.empty((0, features.shape[1]))]
        for own in self.own:
            pairs = matches.copy()
            pairs[:, own] = self.unrelated[draw.integers(0, len(self.unrelated), len(matches))][:, own]
            made.append(pairs[~np.isnan(pairs[:, self.naming]).all(axis=1)])
        for places, values in self.companions:
            pairs = matches[~np.isnan(matches[:, places[0]])]
            pairs[:, places] = values
            made.append(pairs)
        relatives = np.concatenate(made)
        weight = EACH * weights[is_match == 1].sum() / max(len(matches), 1)
        return (
            np.concatenate([features, relatives]),
            np.concatenate([is_match, np.zeros(len(relatives), dtype=np.int64)]),
            np.concatenate([weights, np.full(len(relatives), weight)]),
        )


def _naming(spec: Spec) -> str | None:
    types = {field.type for field in spec.fields}
    return next((naming for naming in NAMING if naming in types), None)


def _companions(spec: Spec) -> Iterator[tuple[NDArray[np.int64], Floats]]:
    """For each text, places and values of the features that say it has another number; the first is null with it."""
    place = {name: number for number, name in enumerate(spec.feature_names)}
    for field in spec.fields:
        names = {f"{field.name}_{measure}": value for measure, value in ANOTHER_NUMBER.items()}
        if field.type == "text" and names.keys() <= place.keys():
            yield np.array([place[name] for name in names]), np.array(list(names.values()))
