"""The recipes of CONTRIBUTING.md, followed to the letter in a project that installs dbt_dedup as a package."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
import yaml
from examples import make_labelled, make_spec

from dbt_dedup.classifiers import KINDS
from dbt_dedup.registry.artefact import load_artefact, write_artefact
from dbt_dedup.scaffold import write_models
from dbt_dedup.training.with_labels import train
from dbt_dedup.warehouse import DbtProject, close_connections

REPO = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```(?:sql|yaml|python|csv)\n(?:\{# (\S+) #\}|# (\S+))\n(.*?)^```$", re.MULTILINE | re.DOTALL)

RAW_CARS = """
select * from (values
    (1, 'B-MW 123', 'Ada Lovelace'),
    (2, 'bmw123', 'Lovelace, Ada K.'),
    (3, 'B MW 132', 'A. Lovelace'),
    (4, 'XX-XXX', 'Grace Hopper'),
    (5, null, 'Hopper'),
    (6, '!', 'Alan Turing'),
    (7, 'ÄÖ 77', 'Alan Turing'),
    (8, repeat('9', 5000), 'Alan Turing')
) as cars (car_id, plate, owner)
"""
GOLDEN = """
{% set spec = dbt_dedup.entity('cars') %}
select
    {{ dbt_dedup._served_value(spec.fields | selectattr('name', 'equalto', 'plate') | first) }} as shown,
    '{{ (dbt_dedup._survivorship(spec) | selectattr('name', 'equalto', 'plate') | first).rule }}' as survivorship
from {{ ref('stg_cars__records') }}
where plate = 'bmw123' or plate = 'bmw132'
"""
FACTS = """
{% set facts = {} %}
{% for type in dbt_dedup.field_types() %}
    {% set field = dict(dbt_dedup._field_defaults(), type=type, name='f', column='f', entity='facts', min=1, max=2) %}
    {% set prepared = dbt_dedup.prepare_field(field) %}
    {% set features = {} %}
    {% for feature in dbt_dedup._type_macro('compare', type)(field) %}
        {% do features.update({feature.name: feature.direction}) %}
    {% endfor %}
    {% do facts.update({type: {
        'transforms': prepared.derived_names + prepared.parts.keys() | list
            + prepared.lists.keys() | list + prepared.record_lists.keys() | list
            + prepared.token_lists,
        'undescribed': (prepared.derived_names + prepared.parts.keys() | list + prepared.lists.keys() | list
            + prepared.record_lists.keys() | list + prepared.numbers.keys() | list)
            | reject('in', prepared.described) | list,
        'golden': prepared.survivorship,
        'problems': prepared.problems | map(attribute='name') | list,
        'remarks': prepared.remarks | map(attribute='name') | list,
        'features': features,
    }}) %}
{% endfor %}
select '{{ tojson({
    'rules': dbt_dedup._survivorship_rules(),
    'types': facts,
}) }}' as facts
"""


def recipe(path: str) -> list[str]:
    """The blocks of CONTRIBUTING.md whose first line names this file, in order."""
    blocks = BLOCK.findall((REPO / "CONTRIBUTING.md").read_text(encoding="utf-8"))
    found = [text for in_sql, elsewhere, text in blocks if (in_sql or elsewhere) == path]
    assert found, f"CONTRIBUTING.md has no block for {path}"
    return found


def merged(into: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    for key, value in more.items():
        into[key] = merged(into[key], value) if isinstance(value, dict) and key in into else value
    return into


def write_garage(folder: Path) -> None:
    """The project of the recipes: their files, a few raw cars, and the models of the reference project."""
    project = {"name": "garage", "version": "1.0.0", "profile": "garage", "models": {"+materialized": "table"}}
    for block in recipe("dbt_project.yml"):
        merged(project, yaml.safe_load(block))
    texts = {
        "dbt_project.yml": yaml.safe_dump(project, sort_keys=False),
        "packages.yml": yaml.safe_dump({"packages": [{"local": str(REPO)}]}),
        "profiles.yml": f"garage: {{target: dev, outputs: {{dev: {{type: duckdb, path: '{folder}/garage.duckdb'}}}}}}",
        "models/raw_cars.sql": RAW_CARS,
        "models/facts.sql": FACTS,
        "models/golden.sql": GOLDEN,
    }
    for name in ("prepare_licence_plate", "compare_licence_plate", "same_digits", "dialect"):
        texts[f"macros/{name}.sql"] = recipe(f"macros/{name}.sql")[0]
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    write_models("cars", folder / "models", rooms=("prepare", "block", "compare"), suffixes=(".sql",))

    shutil.copytree(REPO / "seeds/reference", folder / "seeds/reference", ignore=shutil.ignore_patterns("*.yml"))
    (folder / "seeds/plate_regions.csv").write_text(recipe("seeds/plate_regions.csv")[0], encoding="utf-8")
    name = "seeds/reference/dedup_placeholders.csv"
    header, *rows = recipe(name)[0].splitlines()
    with (folder / name).open("r+", encoding="utf-8") as file:
        assert file.readline().strip() == header
        file.seek(0, 2)
        file.writelines(f"{row}\n" for row in rows)


@pytest.fixture(scope="module")
def query(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], list[tuple[Any, ...]]]]:
    """Rows of the built project of the recipes."""
    folder = tmp_path_factory.mktemp("garage")
    write_garage(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DBT_PROFILES_DIR", str(folder))
        DbtProject(folder).run("deps")
        DbtProject(folder).run("build")
    close_connections()
    with duckdb.connect(str(folder / "garage.duckdb"), read_only=True) as connection:
        yield lambda sql: connection.execute(sql).fetchall()


def test_a_type_of_the_project_is_prepared(query: Callable[[str], list[tuple[Any, ...]]]) -> None:
    records = """
        select records.plate, plate__digits, plate__region, plate__problem
        from stg_cars__records as records
        inner join int_cars__keyed_records as keyed using (record_id)
        order by keyed.record_key
        """
    assert query(records) == [
        ("bmw123", "123", "berlin", None),
        ("bmw123", "123", "berlin", None),
        ("bmw132", "132", "berlin", None),
        (None, None, None, "placeholder"),
        (None, None, None, None),
        (None, None, None, "no_letters_or_digits"),
        ("ao77", "77", "augsburg", None),
        (None, None, None, "wrong_length"),
    ]
    issues = "record_id, problem, rule, proposed_value, is_used, length(original_value)"
    assert query(f"select {issues} from cars_quality_issues order by all") == [
        ("2", "lower_case", "prepare_licence_plate", "BMW123", True, 6),
        ("4", "placeholder", "dedup_placeholders", None, False, 6),
        ("6", "no_letters_or_digits", "prepare_licence_plate", None, False, 1),
        ("8", "wrong_length", "prepare_licence_plate", None, False, 5000),
    ]


def test_a_type_of_the_project_says_how_its_golden_value_is_chosen_and_shown(
    query: Callable[[str], list[tuple[Any, ...]]],
) -> None:
    assert query("select * from golden order by all") == [
        (plate, "most_recent") for plate in ("B MW 132", "B-MW 123", "BMW123")
    ]


def test_a_type_of_the_project_is_blocked(query: Callable[[str], list[tuple[Any, ...]]]) -> None:
    rules = dict(query("select rule, pairs from cars_block_stats"))
    assert list(rules) == ["plate", "plate.digits", "owner.last_soundex", "identical records"]
    assert rules["plate"] == rules["plate.digits"] == 1
    assert rules["owner.last_soundex"] == 3 + 1 + 1
    assert rules["identical records"] == 1, "6 and 8: no usable plate, one owner"


def test_its_features_and_those_of_the_spec_are_compared(query: Callable[[str], list[tuple[Any, ...]]]) -> None:
    features = "plate_exact, plate_edit, plate_same_digits, plate_of_one_region"
    rows = query(f"select record_key_l, record_key_r, {features} from int_cars__pair_features")
    found = {row[:2]: row[2:] for row in rows}
    assert found[1, 2] == (1, 1, 1, 1)
    a_transposition_is_one_edit = pytest.approx(5 / 6)  # by the macro that dispatch found in the project
    assert found[1, 3] == (0, a_transposition_is_one_edit, pytest.approx(1 / 3), 1)
    assert found[4, 5] == found[6, 7] == (None, None, None, None)


def test_a_new_classifier_trains_and_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = "python/dbt_dedup/classifiers/stump.py"
    (tmp_path / "stump.py").write_text(recipe(path)[0], encoding="utf-8")
    module_spec = importlib.util.spec_from_file_location("dbt_dedup.classifiers.stump", tmp_path / "stump.py")
    assert module_spec is not None
    assert module_spec.loader is not None
    module = importlib.util.module_from_spec(module_spec)
    monkeypatch.setitem(sys.modules, module_spec.name, module)
    module_spec.loader.exec_module(module)
    monkeypatch.setitem(KINDS, "stump", module.StumpClassifier)

    trained = train("stump", make_spec(), make_labelled())
    assert trained.overall.average_precision > 0.9
    folder = write_artefact(trained, make_spec(), tmp_path)
    loaded = load_artefact(make_spec(), tmp_path, folder.name).classifier
    features = make_labelled().features
    assert (loaded.predict_proba(features) == trained.classifier.predict_proba(features)).all()
    assert (loaded.explain(np.full((1, 4), np.nan)) == 0).all()


def section(heading: str, page: str = "spec") -> str:
    """The part of a page of docs/ below a heading, up to the next of its level."""
    text = (REPO / "docs" / f"{page}.md").read_text(encoding="utf-8")
    level = heading.split(" ")[0]
    start = text.index(f"\n{heading}\n") + len(heading) + 2
    end = re.compile(rf"^#{{1,{len(level)}}} ", re.MULTILINE).search(text, start)
    return text[start : end.start() if end else None]


def first_cells(text: str) -> list[str]:
    """What stands in backticks in the first cell of each row of the tables in a text."""
    return re.findall(r"^\| `([^`]+)`", text, re.MULTILINE)


def line(text: str, label: str) -> str:
    """The line of a text that begins with this label, in bold."""
    found = re.search(rf"^\*\*{label}\*\*.*$", text, re.MULTILINE)
    assert found, f"no line {label} in {text[:80]!r}"
    return found[0]


def test_the_spec_page_lists_what_the_macros_know(query: Callable[[str], list[tuple[Any, ...]]]) -> None:
    ((text,),) = query("select facts from facts")
    facts = json.loads(text)
    assert sorted(re.findall(r"^### `(\w+)`$", section("## Field types"), re.MULTILINE)) == sorted(
        facts["types"].keys() - {"licence_plate"}
    )
    assert first_cells(section("## The golden record", "serve")) == facts["rules"]
    assert facts["types"].pop("licence_plate")
    for name, known in facts["types"].items():
        said = section(f"### `{name}`")
        assert re.findall(r"; `\.(\w+)`", line(said, "Blocking")) == known["transforms"], name
        assert re.findall(r"; `(\w+)`", line(said, "Incorrect")) == known["problems"], name
        if known["remarks"]:
            assert re.findall(r"; `(\w+)`", line(said, "Remarks")) == known["remarks"], name
        rows = re.findall(r"^\| `(\w+)` \|[^|]+\| (\S+) \|", said, re.MULTILINE)
        assert {feature: int(direction) for feature, direction in rows} == known["features"], name
        assert f"`{known['golden']}`" in line(said, "Golden value"), name
        assert known["undescribed"] == [], name


PAGES = [str(page.relative_to(REPO)) for page in [*REPO.glob("*.md"), *REPO.glob("docs/**/*.md")]]


@pytest.mark.parametrize("page", sorted(PAGES))
def test_links_lead_somewhere(page: str) -> None:
    text = re.sub(r"```.*?```", "", (REPO / page).read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)#\s]+)", text):
        if "://" not in target:
            assert ((REPO / page).parent / target).exists(), f"{page}: {target}"
