"""Installed as a package, dbt_dedup brings macros and tests and nothing else, until its models are copied."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from project import REPO, Project, statuses, write_package_project, write_yaml

from dbt_dedup.cli import main
from dbt_dedup.scaffold import write_models
from dbt_dedup.warehouse import close_connections

SPEC = {
    "input": "raw_people",
    "record_id": "person_id",
    "fields": {"name": {"type": "full_name"}, "email": {"type": "email"}},
    "blocking": [["email"]],
}


def install(folder: Path) -> Project:
    """Install the package as its users do, with `dbt deps`."""
    shutil.rmtree(folder / "dbt_packages")
    write_yaml(folder / "packages.yml", {"packages": [{"local": str(REPO)}]})
    project = Project(folder)
    deps = project._invoke("deps")
    assert deps.success, deps.exception
    return project


@pytest.fixture(scope="module")
def user(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project that installs the package and has scaffolded nothing."""
    models = {
        "raw_people.sql": "select 1 as person_id, 'Ann' as name, 'a@b.com' as email",
        "sounds.sql": """select {{ dbt_dedup.soundex("'robert'") }} as sound""",
    }
    folder = write_package_project(tmp_path_factory.mktemp("package"), {"people": SPEC}, models, seeds=())
    tests = [{"dbt_dedup.holds": {"arguments": {"condition": "sound = 'r000'"}}}]
    write_yaml(folder / "models/sounds.yml", {"models": [{"name": "sounds", "data_tests": tests}]})
    return install(folder)


def test_the_package_brings_no_node(user: Project) -> None:
    manifest = user.manifest
    for kind in ("nodes", "sources", "exposures", "unit_tests", "metrics", "semantic_models", "saved_queries"):
        assert [name for name in getattr(manifest, kind) if name.split(".")[1] == "dbt_dedup"] == [], kind
    assert {node.name for node in manifest.nodes.values() if node.resource_type == "model"} == {"raw_people", "sounds"}
    assert "macro.dbt_dedup.entity" in manifest.macros


def test_its_macros_and_tests_work_and_nothing_of_it_is_built(user: Project) -> None:
    user.dbt("build", fails=True)
    found = statuses(user.result)
    (test,) = found.keys() - {"raw_people", "sounds"}
    assert test.startswith("dbt_dedup_holds_sounds")
    assert found == {"raw_people": "success", "sounds": "success", test: "fail"}
    assert user.rows("select sound from sounds") == [("r163",)]
    user.dbt("run-operation", "dbt_dedup.entity", "--args", "{name: people}")
    assert user.rows("select table_name from duckdb_tables() order by all") == [("raw_people",), ("sounds",)]


def test_the_reference_models_renamed_build_another_entity(tmp_path: Path) -> None:
    """Every file of the reference project, its tests too, copied with `people` for `customers`; a model of its own."""
    sources = REPO / "seeds/customers"
    models = {
        f"{name}.sql": f"select {columns} from read_csv('{sources / file}.csv', all_varchar = true)"
        for name, file, columns in [
            (
                "raw_people",
                "raw_customers",
                "* rename (customer_id as person_id)",
            ),
            ("people_labels", "customers_labels", "*"),
            ("people_overrides", "customers_overrides", "*"),
            ("people_truth", "customers_truth", "*"),
        ]
    }
    spec = {
        **SPEC,
        "updated_at": "updated_at",
        "source": "source_system",
        "labels": "people_labels",
        "overrides": "people_overrides",
        "truth": "people_truth",
        "fields": {
            "given_name": {"type": "given_name"},
            "family_name": {"type": "family_name"},
            "birth_date": {"type": "date"},
            "email": {"type": "email"},
            "phone": {"type": "phone", "country": "US"},
            "street": {"type": "address"},
            "city": {"type": "city"},
            "postcode": {"type": "postcode"},
        },
        "blocking": [
            ["email"],
            ["phone"],
            ["family_name.soundex", "birth_date"],
            ["given_name", "postcode"],
            ["street", "postcode"],
        ],
    }
    project = install(write_package_project(tmp_path, {"people": spec}, models))
    shutil.copy(REPO / "macros/_columns.md", tmp_path / "models")
    for file in write_models("people", tmp_path / "models/people", suffixes=(".sql", ".py", ".yml")):
        file.write_text(file.read_text().replace("customer_id", "person_id"))
    trained = CliRunner().invoke(main, ["train", "people", "--project-dir", str(tmp_path)])
    close_connections()
    assert trained.exit_code == 0, trained.output
    project.dbt("build")
    assert set(statuses(project.result).values()) <= {"success", "pass", "no-op"}
    ((records, entities),) = project.rows("select count(*), count(distinct entity_id) from people_crosswalk")
    assert records == 3000
    assert project.rows("select count(*), sum(record_count) from people") == [(entities, 3000)]
    metrics = dict(project.rows("select metric, value from people_metrics"))
    assert metrics["truth_precision"] > 0.95
    assert metrics["truth_recall"] > 0.85
