"""Put the page together from an artefact, the one in production and the built tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from dbt_dedup import words
from dbt_dedup.errors import DedupError
from dbt_dedup.files import read_bytes, write_file
from dbt_dedup.pair_features import read_features
from dbt_dedup.registry.artefact import Artefact, entity_directory, load_artefact, read_card, versions
from dbt_dedup.registry.production import version_in_production
from dbt_dedup.registry.promotion import check_known_version
from dbt_dedup.report.changes import Entities, scan
from dbt_dedup.report.cross_validated import cross_validated
from dbt_dedup.report.model_section import model_section, suggested_thresholds
from dbt_dedup.report.production_section import production_section
from dbt_dedup.report.quality_section import data_titles, quality_section
from dbt_dedup.report.source import EntityTables, open_tables
from dbt_dedup.report.svg import bar
from dbt_dedup.report.verdict import ReviewLoad, judge
from dbt_dedup.side_by_side import Record, harmless
from dbt_dedup.spec import Spec
from dbt_dedup.warehouse import GENERATED, DbtProject, check_place

EXAMPLES = 4
GENERATOR = '<meta name="generator" content="dbt_dedup">'  # by which a report is known


@dataclass(frozen=True)
class Page:
    """The text of a report and the version that it is about."""

    version: str
    html: str


def write_report(
    project: DbtProject,
    entity: str,
    version: str | None = None,
    output: Path | None = None,
    *,
    force: bool = False,
) -> Path:
    """Write the report on a version of an entity's model and return its path.

    The same models, tables and software give the same bytes.

    Args:
        project: the dbt project, whose tables are built.
        entity: name of the entity.
        version: name of a version; None takes the one trained last.
        output: the file; None takes `dedup_<entity>_<version>.html` in dbt's target folder.
        force: whether to write over a file that is not a report.

    Raises:
        DedupError: unknown entity or version, no model, a model that cannot be loaded, tables that are not built, a
            folder that does not exist, or a file that is not a report.
    """
    if output:
        check_place(output, project.directory, "Name another file.", GENERATED)
    if output and not output.absolute().parent.is_dir():
        raise DedupError(f"There is no folder {output.absolute().parent} for the report: create it, or name another.")
    if (
        output
        and output.is_file()
        and not force
        and GENERATOR not in read_bytes(output)[:2000].decode(errors="replace")
    ):
        raise DedupError(f"{output} is not a report, so it is not overwritten: name another file, or add --force.")
    spec = project.entity_spec(entity)
    with open_tables(project, spec) as tables:
        page = render(tables, project.directory, version)
    path = output or project.target_directory / f"dedup_{entity}_{page.version}.html"
    write_file(path, page.html)
    return path


def render(tables: EntityTables, project_dir: Path, version: str | None) -> Page:
    """The page as text; see `write_report`."""
    declared = tables.spec
    version = version or newest_version(declared, project_dir)
    check_known_version(declared, project_dir, version)
    artefact = load_artefact(declared, project_dir, version)
    spec = tables.spec = artefact.decided(declared)
    production = version_in_production(spec, project_dir)
    other, problem = _to_compare(spec, project_dir, production, version)
    tested = cross_validated(artefact.held_out) if artefact.card.get("reliability") else None
    offered = tested.choices(spec.thresholds, suggested_thresholds(artefact.card, spec)) if tested else []
    # before the stream: a connection reads one result at a time
    served = tables.served()
    in_queue = served.waiting if served.version == version else None
    entities = Entities(tables.records_to_resolve(), tables.decisions(), tables.features_of)
    scanned = scan(
        read_features(tables.pair_features(), spec),
        declared,
        artefact,
        other,
        [threshold for choice in offered for threshold in (choice.thresholds.match, choice.thresholds.review)],
        entities,
        in_queue is None,
        EXAMPLES,
    )
    review = ReviewLoad(in_queue, True) if in_queue is not None else ReviewLoad(scanned.waiting or 0, False)
    data = tables.data()
    html = (
        _environment()
        .get_template("page.html")
        .render(
            spec=spec,
            card=artefact.card,
            version=version,
            production=production,
            problem=problem,
            verdict=judge(spec, artefact.card, review, production, scanned.comparison),
            data=data,
            data_titles=data_titles(data),
            **model_section(tables, artefact, tested, offered, scanned, review),
            **production_section(tables, artefact, other, scanned.comparison),
            **quality_section(tables, artefact, served, project_dir),
        )
    )
    return Page(version, harmless(html))


def newest_version(spec: Spec, project_dir: Path) -> str:
    """The version of an entity's model that was trained last.

    Raises:
        DedupError: there is none.
    """
    trained: list[tuple[str, str]] = []
    for name in versions(spec, project_dir):
        try:
            trained.append((read_card(spec, entity_directory(spec, project_dir) / name)["trained_at"], name))
        except DedupError:  # `dbt-dedup models` says why
            continue
    if not trained:
        raise DedupError(
            f"Entity {spec.name!r} has no model in {entity_directory(spec, project_dir)} that can be read."
            f" Run `dbt-dedup train {spec.name}` first."
        )
    return max(trained)[1]


def _to_compare(spec: Spec, project_dir: Path, production: str | None, version: str) -> tuple[Artefact | None, str]:
    """The artefact in production if it is another one, or why it cannot be compared."""
    if production in (None, version):
        return None, ""
    try:
        return load_artefact(spec, project_dir, str(production)), ""
    except DedupError as error:
        return None, str(error)


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("dbt_dedup.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(count=words.count, percent=words.percent, prose=_prose, shown=words.shown, when=_when)
    environment.globals.update(
        against=words.against,
        bar=bar,
        counted=words.counted,
        entries=_entries,
        level=words.level,
        short_percent=words.short_percent,
    )
    return environment


def _entries(record: Record, fields: list[str]) -> list[str]:
    """The values of a record as text, in the order of the fields."""
    return [words.shown(record.values[field]) for field in fields]


def _prose(text: str) -> Markup:
    """Escaped text, with the text in backquotes as code."""
    parts = text.split("`")
    return Markup("").join(Markup("<code>{}</code>").format(part) if i % 2 else part for i, part in enumerate(parts))


def _when(text: str) -> str:
    """A time of the card, to the minute, for people."""
    try:
        return f"{datetime.fromisoformat(text):%Y-%m-%d %H:%M} UTC"
    except ValueError:
        return text
