"""What `state:modified` selects: a changed spec and a promotion are changed models, and nothing else is."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from project import Project
from small_shop import change_spec, write_shop

from dbt_dedup.errors import DedupError
from dbt_dedup.registry.production_model import is_production_model, production_model, write_production_model

PRODUCTION = "check/int_people__production.sql"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A project, and in its folder `state` the manifest of it as it was."""
    folder = write_shop(tmp_path / "shop")
    write_production_model("people", "additive-0a1b2c3d", [folder / "models"])
    _ = Project(folder).manifest
    (folder / "state").mkdir()
    shutil.copy(folder / "target/manifest.json", folder / "state")
    return folder


def modified(folder: Path, selected: str) -> set[str]:
    listed = Project(folder).dbt(
        "ls", "--select", selected, "--state", str(folder / "state"), "--resource-type", "model", "--output", "name"
    )
    return set(listed.result)


def test_nothing_is_modified_where_nothing_changed(shop: Path) -> None:
    assert modified(shop, "state:modified") == set()


def test_a_changed_threshold_modifies_the_models(shop: Path) -> None:
    change_spec(shop, thresholds={"match": 0.8})
    assert {"int_people__spec", "int_people__match_thresholds", "people_matches"} <= modified(shop, "state:modified")
    assert {"int_people__clusters", "people"} <= modified(shop, "state:modified+")


def test_a_promotion_modifies_what_is_scored(shop: Path) -> None:
    write_production_model("people", "additive-4e5f6a7b", [shop / "models"])
    assert modified(shop, "state:modified") == {"int_people__production"}
    affected = modified(shop, "state:modified+")
    assert {"int_people__parity", "int_people__pair_scores", "people"} <= affected
    assert "int_people__candidate_pairs" not in affected


def test_the_version_is_written_where_the_models_are(tmp_path: Path) -> None:
    file = tmp_path / "models/dedup_people" / PRODUCTION
    write_production_model("people", "trees-0a1b2c3d", [tmp_path / "models"])  # the entity has no models here
    assert not file.exists()
    file.parent.mkdir(parents=True)
    file.write_text(production_model("people", None))
    write_production_model("people", "trees-0a1b2c3d", [tmp_path / "models"])
    assert file.read_text() == production_model("people", "trees-0a1b2c3d")
    file.unlink()
    file.mkdir()
    with pytest.raises(DedupError, match=r"int_people__production\.sql"):
        write_production_model("people", "trees-0a1b2c3d", [tmp_path / "models"])


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        (production_model("people", None), True),
        (production_model("people", "additive-0a1b2c3d").replace("\n", "\r\n"), True),
        (production_model("persons", "additive-0a1b2c3d"), False),
        (production_model("people", "additive'-0a1b2c3d"), False),
        ("select 'additive-0a1b2c3d' as model_version", False),
        ("", False),
    ],
)
def test_what_a_promotion_wrote_is_known(text: str, is_one: bool) -> None:
    assert is_production_model("people", text) == is_one
