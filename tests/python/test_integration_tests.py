"""integration_tests/: the package installed from its folder, compared with rows worked out by hand."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from project import REPO, Project, problems, statuses


@pytest.fixture(scope="module")
def integration(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The project, seeded and run as its README says; its neighbours in the repository are links."""
    root = tmp_path_factory.mktemp("package")
    for name in (".dbtignore", "dbt_project.yml", "macros", "models", "seeds", "tests"):
        (root / name).symlink_to(REPO / name)
    made = shutil.ignore_patterns("target", "logs", "dbt_packages", "*.duckdb*")
    folder = Path(shutil.copytree(REPO / "integration_tests", root / "integration_tests", ignore=made))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        project = Project(folder, folder / "integration_tests.duckdb")
        deps = project._invoke("deps")
        assert deps.success, deps.exception
        for command in ("seed", "run", "test"):
            project.dbt(command)
    return project


def test_all_tests_pass(integration: Project) -> None:
    found = statuses(integration.result)
    assert set(found.values()) == {"pass"}, problems(integration.result)
    ours = {"records_are_as_expected", "problems_are_as_expected", "pairs_are_as_expected"}
    assert ours <= found.keys()
    assert len(found) > 90


def test_a_wrong_row_fails_its_test(integration: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(integration.folder)
    integration.change(
        "update stg_customers__records set phone = '+1' where record_id = 'A1'",
        "delete from customers_quality_issues where field = 'phone'",
        "update int_customers__candidate_pairs set rule_mask = 5 where rule_mask = 23",
    )
    integration.dbt("test", "--select", "test_type:singular", fails=True)
    assert statuses(integration.result) == {
        "records_are_as_expected": "fail",
        "problems_are_as_expected": "fail",
        "pairs_are_as_expected": "fail",
    }
