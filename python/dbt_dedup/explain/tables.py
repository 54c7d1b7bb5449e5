"""Read from the warehouse what concerns a few records and nothing else, so that a large table takes no longer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dbt_dedup.errors import DedupError
from dbt_dedup.names import MATCH
from dbt_dedup.pair_features import RequestedPairs
from dbt_dedup.side_by_side import Record
from dbt_dedup.spec import Spec
from dbt_dedup.warehouse import DbtProject, Warehouse

Pair = tuple[int, int]  # record keys, the smaller first
NEEDED = (
    "stg_{}__records",
    "int_{}__keyed_records",
    "int_{}__value_counts",
    "int_{}__block_keys",
    "int_{}__candidate_pairs",
    "int_{}__match_thresholds",
    "int_{}__links",
    "int_{}__pair_scores",
    "int_{}__components",
    "int_{}__closure_scores",
    "int_{}__clusters",
    "int_{}__entities",
)
IDENTICAL = "identical records"


@dataclass(frozen=True)
class Located:
    """A record and where resolving put it.

    Attributes:
        key: its record_key.
        record_id, source: as the source has them.
        representative: record_key of the record it is a copy of, its own if of none.
        is_distinctive: whether its copies are the same entity whatever their score.
        connected, component: the keys of `int_<entity>__components`.
        cluster: its cluster_key.
        entity_id: its entity.
    """

    key: int
    record_id: str
    source: str | None
    representative: int
    is_distinctive: bool
    connected: int
    component: int
    cluster: int
    entity_id: str


@dataclass(frozen=True)
class Score:
    """What a build stored of a pair.

    Attributes:
        probability: in [0, 1].
        weight: log2 odds.
        by_closure: whether blocking did not propose it.
        version: of the model that scored it.
    """

    probability: float
    weight: float
    by_closure: bool
    version: str


@dataclass(frozen=True)
class Link:
    """What people decided about a pair.

    Attributes:
        is_match: whether the two are one entity.
        origin: `label`, or what `int_<entity>__links` says.
        number: id of the override; None of a label.
    """

    is_match: bool
    origin: str
    number: str | None


@dataclass(frozen=True)
class Part:
    """A part of a blocking rule in two records; a side is None where it is null, and items are what lists share."""

    name: str
    agrees: bool
    left: str | None
    right: str | None


@dataclass(frozen=True)
class RuleOutcome:
    """A blocking rule and two records.

    Attributes:
        rule: its name.
        parts: what the records say in each of its parts.
        block: records of the largest block that both are in; None if they share none.
    """

    rule: str
    parts: tuple[Part, ...]
    block: int | None

    @property
    def missing(self) -> tuple[Part, ...]:
        """The parts in which the records do not agree."""
        return tuple(part for part in self.parts if not part.agrees)


class Tables:
    """The built tables of an entity, open for reading in one transaction.

    Attributes:
        spec: the entity, with the thresholds that the build used.
        max_block_size: records of a block above which it proposes nothing.
    """

    def __init__(self, warehouse: Warehouse, spec: Spec, compiled: Mapping[str, Any]) -> None:
        self._warehouse, self._compiled = warehouse, compiled
        self._features = RequestedPairs(spec, compiled["features"])
        self.spec = spec
        self._check_built()
        ((match, review),) = self._read("int_{}__match_thresholds", ["match_threshold", "review_threshold"]).fetchall()
        self.spec = spec.fill_thresholds(match, review)
        self.max_block_size = int(compiled["max_block_size"])

    def by_id(self, record_ids: Iterable[str]) -> dict[str, Located]:
        """The records of some ids; those that do not exist are left out."""
        return {record.record_id: record for record in self._located({"record_id": sorted(set(record_ids))})}

    def by_key(self, keys: Iterable[int]) -> dict[int, Located]:
        """The records of some keys."""
        return {record.key: record for record in self._located({"record_key": sorted(set(keys))})}

    def nearest_ids(self, record_id: str) -> list[str]:
        """The ids of records that are spelled most like one that does not exist."""
        asked = pa.table({"record_id": pa.array([record_id], pa.string())})
        rows = self._query(self._compiled["nearest"], "dedup_asked_ids", asked)
        return [near for _, near, _ in sorted(rows, key=lambda row: row[2])]

    def keys_of_entity(self, entity_id: str) -> list[int]:
        """The records of an entity, ascending; none if no records have that id."""
        rows = self._read("int_{}__entities", ["record_key"], {"entity_id": [entity_id]}).fetchall()
        return sorted(key for (key,) in rows)

    def golden_value(self, entity_id: str, field: str) -> Any:
        """The golden value that an entity has now; None where it has none."""
        rows = self._read("int_{}__golden_values", [field], {"entity_id": [entity_id]}).fetchall()
        return rows[0][0] if rows else None

    def successor(self, entity_id: str) -> str | None:
        """The entity to look at instead of one that ended; None if it is not known."""
        import duckdb

        try:
            rows = self._read("{}_entity_ids", ["current_entity_id"], {"entity_id": [entity_id]}).fetchall()
        except (DedupError, duckdb.Error):  # an older project has no such model
            return None
        return next((str(current) for (current,) in rows if current), None)

    def keys_of_components(self, components: Iterable[int], most: int) -> list[int] | None:
        """The records of some components, ascending; None if they are more than `most`."""
        wanted = sorted(set(components))
        found = self._read("int_{}__components", ["record_key"], {"component_key": wanted}).limit(most + 1)
        keys = sorted(key for (key,) in found.fetchall())
        return keys if len(keys) <= most else None

    def scores(self, keys: Sequence[int]) -> dict[Pair, Score]:
        """The scored pairs among some records."""
        columns = ["record_key_l", "record_key_r", "match_probability", "match_weight", "model_version"]
        scores = {}
        for name, by_closure in (("int_{}__closure_scores", True), ("int_{}__pair_scores", False)):
            rows = self._read(name, columns, {"record_key_l": keys, "record_key_r": keys}).fetchall()
            scores.update({(row[0], row[1]): Score(row[2], row[3], by_closure, row[4]) for row in rows})
        return scores

    def likeliest(self, key: int) -> Pair | None:
        """The scored candidate pair of a record with the highest probability; None if it has none."""
        columns = ["match_probability", "record_key_l", "record_key_r"]
        rows = []
        for side in ("record_key_l", "record_key_r"):
            best = self._read("int_{}__pair_scores", columns, {side: [key]})
            rows += best.order("match_probability desc, record_key_l asc, record_key_r asc").limit(1).fetchall()
        if not rows:
            return None
        _, left, right = min(rows, key=lambda row: (-row[0], *row[1:]))
        return left, right

    def version(self) -> str | None:
        """The version of the model that scored the tables; None if they hold no pair."""
        rows = self._read("int_{}__pair_scores", ["model_version"]).limit(1).fetchall()
        return rows[0][0] if rows else None

    def links(self, keys: Sequence[int]) -> dict[Pair, Link]:
        """What people decided about pairs of some records."""
        columns = ["record_key_l", "record_key_r", "decision", "origin", "override_id"]
        rows = self._read("int_{}__links", columns, {"record_key_l": keys, "record_key_r": keys}).fetchall()
        return {
            ordered(left, right): Link(decision == MATCH, origin, override_id)
            for left, right, decision, origin, override_id in rows
        }

    def proposed_by(self, pairs: Sequence[Pair]) -> dict[Pair, tuple[str, ...]]:
        """The names of the blocking rules that propose each pair; pairs that none proposes are left out."""
        sides = {"record_key_l": {left for left, _ in pairs}, "record_key_r": {right for _, right in pairs}}
        columns = ["record_key_l", "record_key_r", "rule_mask"]
        names = [*(rule["name"] for rule in self._compiled["rules"]), IDENTICAL]
        wanted = set(pairs)
        return {
            (left, right): tuple(name for bit, name in enumerate(names) if mask >> bit & 1)
            for left, right, mask in self._read("int_{}__candidate_pairs", columns, sides).fetchall()
            if (left, right) in wanted
        }

    def never(self, groups: Iterable[tuple[int, int]]) -> dict[Pair, str]:
        """The pairs that a rule of `never` rules out, with its name, inside groups given as record key and group."""
        if self._compiled["never"] is None:
            return {}
        rows = sorted(set(groups))
        grouped = pa.table(
            {name: pa.array([row[i] for row in rows], pa.int32()) for i, name in enumerate(("record_key", "group_key"))}
        )
        ruled_out = self._query(self._compiled["never"], "dedup_grouped_records", grouped)
        return {(left, right): rule for left, right, rule in ruled_out}

    def features(self, pairs: Sequence[Pair]) -> NDArray[np.float64]:
        """The features of pairs, computed now as production does; n pairs by f, NaN is null."""
        left, right = (np.array([pair[i] for pair in pairs], dtype=np.int32) for i in (0, 1))
        return self._features.read(self._warehouse, left, right)

    def records(self, record_ids: Iterable[str]) -> dict[str, Record]:
        """What the sources say of some records."""
        names = [field.name for field in self.spec.fields]
        columns = ["record_id", "source", *(f"{name}__original" for name in names)]
        rows = self._read("stg_{}__records", columns, {"record_id": sorted(set(record_ids))}).fetchall()
        return {row[0]: Record(row[0], row[1], dict(zip(names, row[2:], strict=True))) for row in rows}

    def shared_values(self, pair: Pair) -> dict[str, int]:
        """For each field in which both records have the same value, how many records have it."""
        fields = [field.name for field in self.spec.fields]
        rows = self._keyed(pair, fields)
        shared = {
            field: str(left)
            for field, left, right in zip(fields, rows[pair[0]], rows[pair[1]], strict=True)
            if left is not None and left == right
        }
        where = {"field": shared, "value": set(shared.values())}
        counts = self._read("int_{}__value_counts", ["field", "value", "records"], where).fetchall()
        return {field: records for field, value, records in counts if shared.get(field) == value}

    def rule_outcomes(self, pair: Pair) -> list[RuleOutcome]:
        """How far each blocking rule is from proposing a pair; fuzzy rules, which no part explains, are left out."""
        rules = [rule for rule in self._compiled["rules"] if rule["kind"] == "keys"]
        columns = list(dict.fromkeys(part["column"] for rule in rules for part in rule["parts"]))
        rows = self._keyed(pair, columns)
        left, right = (dict(zip(columns, rows[key], strict=True)) for key in pair)
        blocks = self._shared_blocks(pair)
        return [
            RuleOutcome(
                rule["name"],
                tuple(
                    self._part(part["column"], left[part["column"]], right[part["column"]], part["is_list"])
                    for part in rule["parts"]
                ),
                blocks.get(int(rule["id"])),
            )
            for rule in rules
        ]

    def _part(self, column: str, left: Any, right: Any, is_list: bool) -> Part:
        name = column.replace("__", ".")
        if not is_list:
            return Part(name, left is not None and left == right, _text(left), _text(right))
        shared = [item for item in left or () if item in set(right or ())]
        texts = self._items(column, {*(left or ()), *(right or ())})
        sides = (", ".join(texts[item] for item in side) if side else None for side in (left, right))
        return Part(name, bool(shared), *sides)

    def _items(self, column: str, items: set[Any]) -> dict[Any, str]:
        """The items of a list as text; those of words are numbers that stand for them."""
        field, _, kind = column.partition("__")
        texts = {item: str(item) for item in items}
        if kind in ("tokens", "rare_tokens") and items:
            where = {"field": [field], "token": items}
            texts.update(self._read("int_{}__token_counts", ["token", "word"], where).fetchall())
        return texts

    def _shared_blocks(self, pair: Pair) -> dict[int, int]:
        """Records of the largest block of each rule that both records are in."""
        keys = self._read("int_{}__block_keys", ["rule_id", "key_hash", "record_key"], {"record_key": pair}).fetchall()
        sides = [{(rule, digest) for rule, digest, key in keys if key == side} for side in pair]
        shared = sides[0] & sides[1]
        where = {"rule_id": {rule for rule, _ in shared}, "key_hash": {digest for _, digest in shared}}
        blocks = self._read("int_{}__block_keys", ["rule_id", "key_hash"], where)
        largest: dict[int, int] = {}
        for rule, digest, records in blocks.aggregate("rule_id, key_hash, count(*)").fetchall():
            if (rule, digest) in shared:
                largest[int(rule)] = max(records, largest.get(int(rule), 0))
        return largest

    def _keyed(self, pair: Pair, columns: Sequence[str]) -> dict[int, tuple[Any, ...]]:
        rows = self._read("int_{}__keyed_records", ["record_key", *columns], {"record_key": pair}).fetchall()
        return {row[0]: row[1:] for row in rows}

    def _located(self, where: Mapping[str, Iterable[Any]]) -> list[Located]:
        columns = ["record_key", "record_id", "source", "representative_key", "is_distinctive"]
        records = self._read("int_{}__keyed_records", columns, where).fetchall()
        of_these = {"record_key": [row[0] for row in records]}
        components, entities = (
            {row[0]: row[1:] for row in self._read(name, ["record_key", *columns], of_these).fetchall()}
            for name, columns in (
                ("int_{}__components", ("connected_key", "component_key")),
                ("int_{}__entities", ("cluster_key", "entity_id")),
            )
        )
        try:
            return [Located(*row, *components[row[0]], *entities[row[0]]) for row in records]
        except KeyError as missing:
            name = self.spec.name
            raise DedupError(
                f"The tables of entity {name!r} were built at different times: record_key {missing} has no entity."
                f" Run `dbt build --select +int_{name}__entities`."
            ) from None

    def _read(
        self, name: str, columns: Sequence[str] | None = None, where: Mapping[str, Iterable[Any]] | None = None
    ) -> Any:
        """`Warehouse.read`, with the name of the entity in place of `{}`."""
        return self._warehouse.read(name.format(self.spec.name), columns, where)

    def _query(self, sql: str, name: str, table: pa.Table) -> list[tuple[Any, ...]]:
        """The rows of SQL of the macro `_why` over a table."""
        cursor = self._warehouse.cursor
        cursor.register(name, table)
        try:
            return list(cursor.sql(sql).fetchall())
        finally:
            cursor.unregister(name)

    def _check_built(self) -> None:
        import duckdb

        missing = []
        for name in NEEDED:
            try:
                self._read(name).limit(0).fetchall()
            except duckdb.Error:  # not there, or a view on something that is not there
                self._warehouse.cursor.rollback()
                self._warehouse.cursor.begin()
                missing.append(name.format(self.spec.name))
        if missing:
            raise DedupError(
                f"Tables of entity {self.spec.name!r} are not built yet: {', '.join(missing)}."
                f" Run `dbt build --select +int_{self.spec.name}__entities` first, or `dbt build`."
            )


@contextmanager
def open_tables(project: DbtProject, spec: Spec) -> Iterator[Tables]:
    """Open the built tables of an entity for reading.

    Raises:
        DedupError: a table that is read is not built.
    """
    compiled = json.loads(project.compiled(f"tojson(dbt_dedup._why('{spec.name}'))"))
    with project.open() as warehouse:
        warehouse.cursor.begin()
        yield Tables(warehouse, spec, compiled)


def ordered(one: int, other: int) -> Pair:
    """Two record keys as a pair."""
    return (one, other) if one < other else (other, one)


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
