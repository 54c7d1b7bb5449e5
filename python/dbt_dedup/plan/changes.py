"""Build an entity in a copy of the database, and read what became of entities and golden values there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dbt_dedup.errors import DedupError
from dbt_dedup.plan.scratch import scratch_database
from dbt_dedup.registry.artefact import load_artefact
from dbt_dedup.registry.production import as_if_in_production, load_production, version_in_production
from dbt_dedup.spec import Spec
from dbt_dedup.warehouse import WITHOUT_TESTS, DbtProject, Warehouse
from dbt_dedup.words import known_by

BEFORE = "dedup_plan_before"  # the golden records before the build, a table of the copy
ENTITY_CHANGES = ("merge", "split", "appear", "retire")
RECORD_CHANGES = ("new_record", "lost_record", "moved_record")


@dataclass(frozen=True)
class Change:
    """What becomes of an entity or a record.

    Attributes:
        change: one of `ENTITY_CHANGES` or `RECORD_CHANGES`.
        entity_id: the entity that merges, splits, appears or retires, or that has the record now.
        other_entity_id: the entity it is merged into, the part that it loses, or the entity that the record leaves.
        record_id: the record.
    """

    change: str
    entity_id: str
    other_entity_id: str | None
    record_id: str | None


@dataclass(frozen=True)
class ChangedValue:
    """A golden value that another one replaces; None is no value."""

    entity_id: str
    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Plan:
    """What the next build would change.

    Attributes:
        entity: name of the entity.
        version: the model.
        is_in_production: whether that model is in production.
        entities_before, entities_after: number of golden records.
        counts: changes by kind, every kind of `ENTITY_CHANGES` and `RECORD_CHANGES`.
        changed_values: number of golden values that change, of entities that stay.
        changed_value_entities: number of entities that have them.
        changes, values: examples, the first of each kind in order of their ids.
        names: of each entity in the examples the values by which a person knows it.
        as_built: inputs that are taken as last built, because building them writes outside the database.
    """

    entity: str
    version: str
    is_in_production: bool
    entities_before: int
    entities_after: int
    counts: Mapping[str, int]
    changed_values: int
    changed_value_entities: int
    changes: tuple[Change, ...]
    values: tuple[ChangedValue, ...]
    names: Mapping[str, str]
    as_built: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing would change."""
        return not self.changed_values and not any(self.counts.values())


def plan(
    project: DbtProject, spec: Spec, version: str | None = None, *, limit: int = 5, from_scores: bool = False
) -> Plan:
    """What a build of an entity would change: built in a copy of the database, with tests left out.

    Args:
        project: the dbt project.
        spec: the entity.
        version: a model to score with; None takes the one in production.
        limit: examples of each kind of change.
        from_scores: score again what is built, instead of reading the input again. Only a model can change it then.

    Raises:
        DedupError: no such model, a database that cannot be copied, or a build that fails.
    """
    from duckdb import ColumnExpression, ConstantExpression

    production = version_in_production(spec, project.directory)
    artefact = load_artefact(spec, project.directory, version) if version else load_production(spec, project.directory)
    is_tried = artefact.version != production
    with scratch_database(project) as database:
        copy = project.on_copy(database, _scoring_in_python(project, spec) if is_tried else None)
        elsewhere = [node for node in copy.upstream(spec.name) if copy.writes_elsewhere(node)]
        _check_place(spec, elsewhere)
        last_event = _keep_past(database, copy, spec)
        golden = _fqn(copy, spec.name)
        select = f"{_fqn(copy, f'int_{spec.name}__parity')}+,+{golden}" if from_scores else f"+{golden}"
        exclude = ["--exclude", *(".".join(node.fqn) for node in elsewhere)] if elsewhere else []
        with as_if_in_production(spec, project.directory, artefact.version):
            copy.run("build", "--select", select, *exclude, *WITHOUT_TESTS)
        changes_sql = copy.compiled(f"dbt_dedup._planned_changes('{spec.name}', {last_event})")
        values_sql = copy.compiled(f"dbt_dedup._planned_values('{spec.name}', '{BEFORE}')")
        with copy.open() as warehouse:
            changes, values = warehouse.cursor.query(changes_sql), warehouse.cursor.query(values_sql)
            counts = dict(changes.aggregate("change, count(*)", "change").fetchall())
            ((changed_values, changed_value_entities),) = values.aggregate(
                "count(*), count(distinct entity_id)"
            ).fetchall()
            shown = tuple(
                Change(*row)
                for kind in (*ENTITY_CHANGES, *RECORD_CHANGES)
                for row in _first(
                    changes.filter(ColumnExpression("change") == ConstantExpression(kind)),
                    ("entity_id", "record_id", "other_entity_id"),
                    limit,
                )
            )
            shown_values = tuple(ChangedValue(*row) for row in _first(values, ("entity_id", "field"), limit))
            ids = {id for change in shown for id in (change.entity_id, change.other_entity_id) if id}
            return Plan(
                entity=spec.name,
                version=artefact.version,
                is_in_production=not is_tried,
                entities_before=len(warehouse.cursor.table(BEFORE)),
                entities_after=len(warehouse.read(spec.name)),
                counts={kind: counts.get(kind, 0) for kind in (*ENTITY_CHANGES, *RECORD_CHANGES)},
                changed_values=changed_values,
                changed_value_entities=changed_value_entities,
                changes=shown,
                values=shown_values,
                names=_names(warehouse, spec, ids | {value.entity_id for value in shown_values}),
                as_built=tuple(sorted(node.name for node in elsewhere)),
            )


def _check_place(spec: Spec, elsewhere: Sequence[Any]) -> None:
    """Raise DedupError if the tables that a plan compares are not in the database that is copied."""
    compared = {spec.name, f"{spec.name}_crosswalk", f"{spec.name}_entity_history"}
    for node in elsewhere:
        if node.name in compared:
            raise DedupError(
                f"What would change of {spec.name!r} cannot be said: a plan builds in a copy of the target's database,"
                f" and {node.name} is in database {node.database}. Build {spec.name!r} in the target's own database"
                " (no `+database` for its models) to plan."
            )


def _scoring_in_python(project: DbtProject, spec: Spec) -> dict[str, Any] | None:
    """Project variables with which a model that is not compiled can score; None where they are so."""
    if spec.scoring == "python":
        return None
    variables = project.variables()
    entities = variables["dedup_entities"]
    return {**variables, "dedup_entities": {**entities, spec.name: {**entities[spec.name], "scoring": "python"}}}


def _keep_past(database: Path, copy: DbtProject, spec: Spec) -> int:
    """Keep the golden records in a table of the copy. Return the last event number, 0 where there is no history."""
    import duckdb

    with duckdb.connect(str(database)) as connection:
        try:
            connection.table(copy.relation(spec.name)).create(BEFORE)
        except duckdb.CatalogException:
            connection.sql("select '' as entity_id").limit(0).create(BEFORE)
        try:
            history = connection.table(copy.relation(f"{spec.name}_entity_history"))
            ((last_event,),) = history.max("event_number").fetchall()
        except (duckdb.CatalogException, duckdb.BinderException):  # of one of another version, the build says it
            last_event = 0
    return last_event or 0


def _fqn(project: DbtProject, model: str) -> str:
    return "fqn:" + ".".join(project.node(model).fqn)


def _first(relation: Any, order: Sequence[str], count: int) -> list[tuple[Any, ...]]:
    """The first rows of a DuckDB relation in the order of some columns."""
    rows: list[tuple[Any, ...]] = (
        relation.order(", ".join(f"{column} asc nulls last" for column in order)).limit(count).fetchall()
    )
    return rows


def _names(warehouse: Warehouse, spec: Spec, ids: Iterable[str]) -> dict[str, str]:
    """The first golden values of entities, as they will be, or as they are of those that go."""
    from duckdb import ColumnExpression, ConstantExpression

    wanted = [ConstantExpression(id) for id in sorted(ids)]
    if not wanted:
        return {}
    names = {}
    for relation in (warehouse.cursor.table(BEFORE), warehouse.read(spec.name)):
        fields = [field.name for field in spec.fields if field.name in relation.columns]
        known = relation.filter(ColumnExpression("entity_id").isin(*wanted)).select("entity_id", *fields)
        for entity_id, *values in known.fetchall():
            names[entity_id] = known_by(values)
    return names
