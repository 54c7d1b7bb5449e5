"""What has to work when something went wrong: back to another model, whatever is compiled, and damaged models."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from project import MODELS_ONLY, Project, problems
from small_shop import SPEC, change_spec, copied_shop, dedup, production, write_shop

from dbt_dedup.registry.production_model import production_model

PRODUCTION = "models/people/check/int_people__production.sql"
MACRO = "macros/dedup/dedup_model_people.sql"


@pytest.fixture(scope="module")
def two_models(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """A shop with a compiled model from before its field `city`, and a later one with more features, in production."""
    fields = {name: field for name, field in SPEC["fields"].items() if name != "city"}
    folder = write_shop(tmp_path_factory.mktemp("two"), fields=fields)
    dedup(folder, "train", "people", "--kind", "logistic")
    fewer = production(folder)
    dedup(folder, "compile", "people")
    change_spec(folder, fields=SPEC["fields"])
    trained = dedup(folder, "train", "people", "--kind", "logistic", "--promote")
    assert f"Compiled to {folder / MACRO}." in trained.output
    return folder, fewer, production(folder)


@pytest.fixture
def shop(two_models: tuple[Path, str, str], tmp_path: Path) -> tuple[Path, str, str]:
    """A copy of it."""
    folder, fewer, more = two_models
    return copied_shop(folder, tmp_path / "shop"), fewer, more


def scored_by(project: Project) -> set[str]:
    """Versions that scored the pairs."""
    return {version for (version,) in project.rows("select distinct model_version from people_matches")}


def compiled_version(folder: Path) -> str:
    return (folder / MACRO).read_text().split("'version': '")[1].split("'")[0]


def test_rollback_and_promote_build_while_a_model_of_another_version_is_compiled(shop: tuple[Path, str, str]) -> None:
    folder, fewer, more = shop
    of_more = (folder / MACRO).read_text()
    said = dedup(folder, "rollback", "people").output
    assert f"In production: {fewer} again, instead of {more}." in said
    assert compiled_version(folder) == fewer
    assert (folder / PRODUCTION).read_text() == production_model("people", fewer)
    of_fewer = (folder / MACRO).read_text()

    (folder / MACRO).write_text(of_more)  # as it is where somebody changes the pointer by hand
    project = Project(folder)
    project.dbt("build", *MODELS_ONLY)
    assert scored_by(project) == {fewer}
    assert project.rows("select count(*) from int_people__compiled_parity") == [(0,)]
    assert project.rows("select count(*) from int_people__route_differences") == [(0,)]

    dedup(folder, "promote", "people", more)
    assert compiled_version(folder) == more
    (folder / MACRO).write_text(of_fewer)
    project = Project(folder)
    project.dbt("build", *MODELS_ONLY)
    assert scored_by(project) == {more}
    assert project.rows("select count(*) from int_people__compiled_parity") == [(0,)]

    (folder / PRODUCTION).write_text(production_model("people", fewer))  # as a promotion leaves both that was killed
    assert "is already in production" in dedup(folder, "promote", "people", more, code=1).output
    assert (folder / MACRO).read_text() == of_more
    assert (folder / PRODUCTION).read_text() == production_model("people", more)
    project = Project(folder)
    project.dbt("build", *MODELS_ONLY)
    ((compared, gap),) = project.rows(
        "select count(*), max(abs(match_probability - expected_probability)) from int_people__compiled_parity"
    )
    assert compared > 100
    assert gap < 1e-9


def test_a_promotion_during_a_build_takes_effect_in_the_next_one(
    shop: tuple[Path, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, fewer, more = shop
    pointer, promoted = folder / "dedup_models/people/production", []
    project = Project(folder)
    keep_message = project._keep_message

    def promote_after_parity(event: Any) -> None:
        is_result = event.info.name == "LogModelResult"
        if is_result and event.data.node_info.node_name == "int_people__parity":
            pointer.write_text(f"{fewer}\n")
            promoted.append(event.data.node_info.node_name)
        keep_message(event)

    monkeypatch.setattr(project, "_keep_message", promote_after_parity)
    selected = ("--select", "+people_matches", "+int_people__judged_pairs", *MODELS_ONLY)
    project.dbt("build", *selected)
    assert promoted == ["int_people__parity"]
    assert pointer.read_text() == f"{fewer}\n"
    used = "select distinct model_version from int_people__parity"
    assert scored_by(project) == {version for (version,) in project.rows(used)} == {more}

    project.dbt("build", *selected)
    assert scored_by(project) == {version for (version,) in project.rows(used)} == {fewer}


def test_rollback_and_promote_build_where_sql_scores(shop: tuple[Path, str, str]) -> None:
    folder, fewer, more = shop
    of_more = (folder / MACRO).read_text()
    change_spec(folder, scoring="sql").dbt("build", *MODELS_ONLY)
    dedup(folder, "rollback", "people")
    project = Project(folder)
    project.dbt("build", *MODELS_ONLY)
    assert scored_by(project) == {fewer}
    before = project.rows("from people_crosswalk order by all")

    dedup(folder, "promote", "people", more)
    project = Project(folder)
    project.dbt("build", *MODELS_ONLY)
    assert scored_by(project) == {more}

    dedup(folder, "rollback", "people")
    (folder / MACRO).write_text(of_more)
    project = Project(folder)
    failed = problems(project.dbt("build", *MODELS_ONLY, fails=True))
    assert list(failed) == ["int_people__pair_scores"]
    assert (
        f"the macro dedup_model_people is version {more}, and {fewer} is in production. Run `dbt-dedup compile people`,"
        " or set `scoring: python`."
    ) in failed["int_people__pair_scores"]

    change_spec(folder, scoring="python").dbt("build", *MODELS_ONLY)
    assert project.rows("from people_crosswalk order by all") == before


@pytest.mark.parametrize("scoring", ["python", "sql"])
@pytest.mark.parametrize("damage", ["folder", "model", "pointer", "no pointer"])
def test_a_model_that_is_missing_or_damaged_is_one_message(
    shop: tuple[Path, str, str], scoring: str, damage: str
) -> None:
    folder, _, more = shop
    home = folder / "dedup_models/people"
    again = "Run `dbt-dedup train people --promote`, or restore the artefact from git."
    if damage == "folder":
        shutil.rmtree(home / more)
        expected = f"Version {more} of entity 'people' is missing: no folder {home / more}. {again}"
    elif damage == "model":
        (home / more / "model.skops").write_bytes(b"PK")
        expected = f"{home / more / 'model.skops'} is corrupted: its sha256 is not the one in card.json. {again}"
    elif damage == "pointer":
        (home / "production").write_text("<<<<<<< HEAD\n")
        expected = f"{home / 'production'} should hold one line with a version such as additive-3f9a1c2b"
    else:
        (home / "production").unlink()
        expected = f"Entity 'people' has no model in production: {home / 'production'} is missing."
    failed = problems(change_spec(folder, scoring=scoring).dbt("build", *MODELS_ONLY, fails=True))
    assert list(failed) == ["int_people__parity"]
    assert expected in failed["int_people__parity"]


def test_an_empty_build_passes_and_the_next_one_is_right(shop: tuple[Path, str, str]) -> None:
    folder, *_ = shop
    project = Project(folder)
    project.dbt("build")
    before = project.rows("select * from people_crosswalk order by all")
    project.dbt("build", "--empty")
    assert project.rows("select count(*) from people_crosswalk") == [(0,)]
    project.dbt("build")
    assert project.rows("select * from people_crosswalk order by all") == before
