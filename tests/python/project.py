"""A dbt project on disk that a test builds in this process, and reads and breaks in between."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet
import pytest
import yaml

from dbt_dedup.warehouse import close_connections

REPO = Path(__file__).resolve().parents[2]
MARTS = (
    "customers",
    "customers_block_stats",
    "customers_crosswalk",
    "customers_matches",
    "customers_metrics",
    "customers_profile",
    "customers_quality_issues",
    "customers_review_queue",
)
VIEWS = ("customers_match_reasons", "customers_provenance")
DBT_VARIABLES = ("DBT_PROFILES_DIR", "DBT_PROJECT_DIR", "DBT_TARGET_PATH", "DBT_LOG_PATH", "DEDUP_DATABASE")
MODELS_ONLY = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")


class Project:
    """A dbt project whose database is `dedup.duckdb` in its folder.

    The manifest is parsed once: after a change to a file of the project, make a new Project.
    """

    def __init__(self, folder: Path, database: Path | None = None) -> None:
        self.folder = folder
        self.database = database or folder / "dedup.duckdb"
        self.result: Any = None
        self.errors: list[str] = []
        self.warnings: list[str] = []
        self._manifest: Any = None

    @property
    def manifest(self) -> Any:
        if self._manifest is None:
            parsed = self._invoke("parse")
            assert parsed.success, parsed.exception
            self._manifest = parsed.result
        return self._manifest

    def dbt(self, *args: str, fails: bool = False) -> Any:
        """Run dbt and return what dbtRunner returns; `fails` says whether it has to fail."""
        _ = self.manifest
        self.result = self._invoke(*args)
        assert self.result.success != fails, problems(self.result)
        return self.result

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.database), read_only=True) as connection:
            found: list[tuple[Any, ...]] = connection.execute(sql).fetchall()
            return found

    def dicts(self, sql: str) -> list[dict[str, Any]]:
        with duckdb.connect(str(self.database), read_only=True) as connection:
            found: list[dict[str, Any]] = connection.sql(sql).to_arrow_table().to_pylist()
            return found

    def change(self, *statements: str) -> None:
        """Change the tables behind dbt's back."""
        with duckdb.connect(str(self.database)) as connection:
            for sql in statements:
                connection.execute(sql)

    def marts(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every mart: of a table in the order in which a plain select gives them, of a view sorted."""
        return {
            **{name: self.rows(f"select * from {name}") for name in MARTS},
            **{name: sorted(self.rows(f"select * from {name}")) for name in VIEWS},
        }

    def with_database(self, database: Path) -> Project:
        """The same project, parsed once for both, with another database."""
        other = Project(self.folder, database)
        other._manifest = self.manifest
        return other

    def copied_to(self, folder: Path) -> Project:
        """The same project with a copy of the database as it is now."""
        folder.mkdir(parents=True, exist_ok=True)
        return self.with_database(Path(shutil.copy(self.database, folder)))

    def environment(self, patch: pytest.MonkeyPatch) -> None:
        """Leave nothing of the developer's shell that leads dbt elsewhere."""
        for variable in DBT_VARIABLES:
            patch.delenv(variable, raising=False)
        patch.setenv("DBT_SEND_ANONYMOUS_USAGE_STATS", "false")
        if self.database != self.folder / "dedup.duckdb":
            patch.setenv("DEDUP_DATABASE", str(self.database))

    def _invoke(self, *args: str) -> Any:
        from dbt.cli.main import dbtRunner

        close_connections()
        self.errors, self.warnings = [], []
        runner = dbtRunner(manifest=self._manifest, callbacks=[self._keep_message])
        with pytest.MonkeyPatch.context() as patch:
            self.environment(patch)
            done = runner.invoke(["--log-level", "none", *args, *self.options])
        close_connections()
        return done

    def _keep_message(self, event: Any) -> None:
        if event.info.level == "error":
            self.errors.append(event.info.msg)
        elif event.info.level == "warn":
            self.warnings.append(event.info.msg)

    @property
    def options(self) -> list[str]:
        return ["--project-dir", str(self.folder), "--profiles-dir", str(self.folder)]


def problems(done: Any) -> dict[str, str]:
    """What each node that failed said, by its name; under `dbt` what stopped the whole run."""
    said = {"dbt": str(done.exception)} if done.exception else {}
    for result in getattr(done.result, "results", None) or []:
        if str(result.status) not in ("success", "pass", "no-op", "skipped"):
            said[result.node.name] = str(result.message)
    return said


def statuses(done: Any) -> dict[str, str]:
    return {result.node.name: str(result.status) for result in done.result.results}


def said_by_dedup(messages: Iterable[str]) -> list[str]:
    """The lines in which this package says what is wrong, without what dbt writes around them."""
    lines = (line.strip() for message in messages for line in message.splitlines())
    return list(dict.fromkeys(line for line in lines if line.startswith("dbt_dedup")))


def copy_reference_project(folder: Path, entities: Iterable[str] = ("customers",)) -> Path:
    """Copy this repository's dbt project with some of its entities and their models, and nothing it has built."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("dbt_project.yml", "profiles.yml"):
        shutil.copy(REPO / name, folder / name)
    left_out = {path.name for path in (REPO / "models").iterdir() if path.is_dir()} - set(entities)
    for name in ("macros", "models", "seeds", "tests", "dedup_models"):
        shutil.copytree(
            REPO / name,
            folder / name,
            ignore=shutil.ignore_patterns("python", "engines", "mutants", "__pycache__", *left_out),
        )
    return folder


def copied_project(source: Path, copy: Path, *left_out: str) -> Path:
    """Copy a project without what dbt wrote but for its manifest, so that dbt parses only what then changes."""
    shutil.copytree(source, copy, symlinks=True, ignore=shutil.ignore_patterns("target", "logs", *left_out))
    keep_parsed(source, copy / "target")
    return copy


def keep_parsed(source: Path, target: Path) -> None:
    """Copy what dbt keeps of parsing a project, to the target folder of another one of the same `dbt_project.yml`."""
    target.mkdir(parents=True, exist_ok=True)
    shutil.copy(source / "target/partial_parse.msgpack", target)


def write_package_project(
    folder: Path,
    entities: Mapping[str, Mapping[str, Any] | str],
    models: Mapping[str, str],
    seeds: Iterable[str] = ("reference",),
) -> Path:
    """Write a project that installs this repository as a package: an entity spec, models by name, seeds of the package.

    The repository is linked to where `dbt deps` would put it.
    """
    write_yaml(
        folder / "dbt_project.yml",
        {
            "name": "shop",
            "version": "1.0.0",
            "profile": "shop",
            "models": {"shop": {"+materialized": "table"}},
            "vars": {"dedup_entities": dict(entities)},
        },
    )
    output = {
        "type": "duckdb",
        "path": "{{ env_var('DEDUP_DATABASE', flags.PROFILES_DIR ~ '/dedup.duckdb') }}",
        "threads": 2,
    }
    write_yaml(folder / "profiles.yml", {"shop": {"target": "dev", "outputs": {"dev": output}}})
    for name, sql in models.items():
        path = folder / "models" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(sql + "\n", encoding="utf-8")
    for name in seeds:
        shutil.copytree(REPO / "seeds" / name, folder / "seeds" / name)
    (folder / "dbt_packages").mkdir()
    (folder / "dbt_packages" / "dbt_dedup").symlink_to(REPO)
    return folder


def prepare_models(entity: str) -> dict[str, str]:
    """The reference models of the room `prepare` by file name, under the name of an entity."""
    files = sorted((REPO / "models/customers/prepare").glob("*.sql"))
    return {file.name.replace("customers", entity): file.read_text().replace("customers", entity) for file in files}


def digests(folder: Path) -> dict[str, str]:
    """A digest of each file below a folder, by its path there."""
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def write_yaml(file: Path, content: Mapping[str, Any]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(yaml.safe_dump(dict(content), sort_keys=False, allow_unicode=True), encoding="utf-8")


def write_parquet(file: Path, table: pa.Table) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    pyarrow.parquet.write_table(table, file)
    return file
