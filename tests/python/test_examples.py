"""The example project: its README's commands, and the steps of its workflow, in a copy of its folder."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from project import REPO
from shown_commands import run, shown_blocks

SHOP = REPO / "examples/shop"
pytestmark = pytest.mark.dbt
PACKAGE = f"export DBT_DEDUP_PACKAGE='{REPO}'\n"


@pytest.fixture(scope="module")
def steps() -> dict[str, str]:
    """Commands of each named step of the workflow."""
    workflow = yaml.safe_load((SHOP / ".github/workflows/dedup.yml").read_text(encoding="utf-8"))
    return {step["name"]: step["run"] for step in workflow["jobs"]["build"]["steps"] if "run" in step}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what git has of the example, built as its README says, and kept as production."""
    folder = tmp_path_factory.mktemp("examples") / "shop"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "."], cwd=SHOP, capture_output=True, check=True, encoding="utf-8"
    ).stdout.split("\0")[:-1]
    assert "dbt_project.yml" in listed
    for name in listed:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(SHOP / name, folder / name)
    build, _ = shown_blocks((SHOP / "README.md").read_text(encoding="utf-8"))
    install, *commands = build.commands.splitlines()
    assert install.startswith("pip install")
    run(PACKAGE + "\n".join(commands), folder)
    (folder / "production").mkdir()
    for name in ("shop.duckdb", "target/manifest.json", "target/semantic_manifest.json"):
        shutil.copy(folder / name, folder / "production")
    return folder


def built(folder: Path) -> dict[str, str]:
    """Status of each node of the last build, without the names of project and of tests."""
    results = json.loads((folder / "target/run_results.json").read_text(encoding="utf-8"))["results"]
    return {result["unique_id"].split(".")[2]: result["status"] for result in results}


def test_the_readme_builds_everything(shop: Path) -> None:
    found = built(shop)
    assert set(found.values()) == {"success", "pass", "warn", "no-op"}
    assert [name for name, status in found.items() if status == "warn"] == [
        "dbt_dedup_targets_are_measured_customers_metrics_"  # the labels decide their pairs
    ]
    assert {"customers", "customers_crosswalk", "revenue_by_customer"} <= found.keys()
    assert (shop / "published/customers.duckdb").is_file()
    _, look = shown_blocks((SHOP / "README.md").read_text(encoding="utf-8"))
    assert len(run(PACKAGE + look.commands, shop).splitlines()) == 7


def test_what_init_and_train_wrote_is_not_in_git_here(shop: Path) -> None:
    subprocess.run(["git", "init", "--quiet"], cwd=shop, check=True)
    new = subprocess.run(
        ["git", "ls-files", "--others", "--exclude-standard"], cwd=shop, capture_output=True, check=True, text=True
    ).stdout.splitlines()
    ours = subprocess.run(["git", "ls-files"], cwd=SHOP, capture_output=True, check=True, text=True).stdout.splitlines()
    assert sorted(new) == sorted(ours)


def test_a_pull_request_builds_what_it_changes_and_reads_the_rest_from_production(
    shop: Path, steps: dict[str, str]
) -> None:
    run(PACKAGE + steps["Files of the installed version"], shop)
    model = shop / "models/revenue_by_customer.sql"
    model.write_text(model.read_text(encoding="utf-8").replace("customers.family_name,", "customers.email,"))
    run(PACKAGE + steps["Build what the pull request changes"], shop)
    found = built(shop)
    assert found.pop("revenue_by_customer") == "success"
    assert found.pop("best_customers") == "no-op"
    assert len(found) == 4  # its tests
    assert set(found.values()) == {"pass"}
    assert (shop / "ci.duckdb").is_file()


def test_dbt_knows_the_metrics(shop: Path) -> None:
    known = json.loads((shop / "production/semantic_manifest.json").read_text(encoding="utf-8"))
    assert {metric["name"] for metric in known["metrics"]} == {
        "customers",
        "customer_records",
        "records_per_customer",
        "revenue",
    }
    assert [model["node_relation"]["alias"] for model in known["semantic_models"]] == [
        "customers",
        "customers_crosswalk",
        "shop_orders",
    ]


def test_the_workflow_builds_production_on_a_push(steps: dict[str, str]) -> None:
    assert "\ndbt build\n" in steps["Build production"]
