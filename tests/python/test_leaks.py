"""What records say is in the database: logs, compiled SQL and messages name ids, counts and columns, and no values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from project import Project, problems, write_package_project, write_yaml
from small_shop import CITIES, GIVEN, Row, write_labels, write_rows

from dbt_dedup.cli import main
from dbt_dedup.overrides.log import COLUMNS as OVERRIDE_COLUMNS
from dbt_dedup.scaffold import write_models
from dbt_dedup.warehouse import close_connections

# what stands for the secrets, in texts, in numbers and in dates
WORD, DIGITS, DAY = "zquorx", "918273645", "1931-07-19"
SECRETS = (WORD, DIGITS, DAY)
# a part of the number, but not within another one, such as the seconds that a model took
SECRET = re.compile("|".join((*SECRETS, rf"(?<![\d.]){DIGITS[:6]}")))
NO_SEEDS = ("--exclude", "resource_type:seed")  # training has read them
LOGGED = ("--log-level-file", "debug")
pytestmark = [
    pytest.mark.filterwarnings("ignore:unclosed file.*dbt.log:ResourceWarning"),
    pytest.mark.filterwarnings("ignore:Exception ignored in.*dbt.log:pytest.PytestUnraisableExceptionWarning"),
]
FIELDS: dict[str, dict[str, Any]] = {
    "name": {"type": "full_name"},
    "nick": {"type": "given_name"},
    "email": {"type": "email"},
    "phone": {"type": "phone", "country": "US"},
    "born": {"type": "date", "max": "2026-01-01", "min_complete": 1.0},
    "amount": {"type": "number", "min": 1000000000, "max_problems": 0.0},
    "street": {"type": "address"},
    "town": {"type": "city"},
    "zip": {"type": "postcode", "country": "US"},
    "firm": {"type": "company"},
    "site": {"type": "url"},
    "note": {"type": "text"},
    "kind": {"type": "category"},
    "tax": {"type": "identifier"},
    "spot": {"type": "geo", "column": ["lat", "lon"]},
}
SPEC: dict[str, Any] = {
    "input": "raw_people",
    "record_id": "person_id",
    "updated_at": "updated_at",
    "source": "source",
    "labels": "people_labels",
    "overrides": "people_overrides",
    "fields": FIELDS,
    "blocking": [["email"], ["name.last_soundex"], ["kind"], ["tax"]],
    "max_block_size": 5,
    "targets": {"precision": 1.0, "recall": 1.0, "review_budget": 0},
}

WARN = {"config": {"severity": "warn"}}  # what is built after a test that fails is skipped
FAILING_TESTS: list[dict[str, Any]] = [
    {"name": "people_profile", "data_tests": ["dbt_dedup.fields_are_good_enough"]},
    {"name": "people_metrics", "data_tests": ["dbt_dedup.targets_are_met"]},
    {"name": "people_quality_issues", "data_tests": [{"dbt_dedup.is_empty": WARN}]},
    {"name": "people_override_issues", "data_tests": [{"dbt_dedup.is_empty": WARN}]},
    {
        "name": "stg_people__records",
        "columns": [
            {
                "name": "kind",
                "data_tests": [{"unique": WARN}, {"accepted_values": {"arguments": {"values": ["another"]}, **WARN}}],
            },
            {"name": "born", "data_tests": [{"not_null": WARN}]},
        ],
    },
]


def secret_row(n: int, letter: str) -> Row:
    """A record of which every value is a secret, readable or not."""
    odd = n % 2
    return {
        "person_id": f"p{n}-{letter}",
        "name": f"{GIVEN[n % len(GIVEN)]} {WORD}{CITIES[n % len(CITIES)]}{letter if n % 3 else ''}",
        "nick": f"{WORD}{GIVEN[n % 5]}",
        "email": f"{WORD}{n}@{WORD}.example" if odd else f"{WORD} at home",
        "phone": f"+1{DIGITS}0" if odd else WORD,
        "born": DAY if n % 3 else f"{DAY} {WORD}",
        "amount": DIGITS if odd else f"{WORD} {DIGITS}",
        "street": f"{DIGITS} {WORD} street",
        "town": f"{WORD}stadt",
        "zip": DIGITS[:5] if odd else WORD,
        "firm": f"{WORD} Ltd",
        "site": f"https://{WORD}{n}.example/{WORD}" if odd else WORD,
        "note": f"{WORD} {WORD}ed {DIGITS}",
        "kind": WORD,
        "tax": f"{WORD}{n}",
        "lat": WORD if odd else "51.918273645",
        "lon": f"7.{DIGITS}",
        "updated_at": "2026-01-01" if odd else f"{DAY} {WORD}",
        "source": "crm",
    }


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A project with secrets in every column, in seeds, with a model and built tables of which tests fail."""
    folder = tmp_path_factory.mktemp("leaks")
    write_package_project(folder, {"people": SPEC}, {})
    rows = [secret_row(n, letter) for n in range(24) for letter in "ab"]
    write_rows(folder / "seeds", rows)
    write_labels(folder, [{**row, "name": f"a {row['tax']}"} for row in rows])
    # labels of which one has no weight, and decisions that cannot be kept
    labels = (folder / "people_labels.csv").read_text().splitlines()
    labels = [
        labels[0] + ",sampled_by,sampling_weight",
        *(f"{line},random,{n % 3 + 1}" for n, line in enumerate(labels[1:])),
    ]
    different = [f"p{n}-a,p{n + 1}-a,no_match,random,1" for n in range(22)]
    (folder / "seeds/people_labels.csv").write_text("\n".join([*labels, *different]) + "\n")
    (folder / "people_labels.csv").unlink()
    pins = [
        {"override_id": f"o{n}", "action": "pin", "record_id_l": "p1-a", "field": field, "value": f"{WORD} {DIGITS}"}
        for n, field in enumerate(["born", "amount", "spot", "name", "nothing"])
    ]
    write_rows(folder / "seeds", [{**dict.fromkeys(OVERRIDE_COLUMNS, ""), **pin} for pin in pins], "people_overrides")
    types = {"column_types": dict.fromkeys([*rows[0]], "varchar")}
    overrides = {"column_types": dict.fromkeys(OVERRIDE_COLUMNS, "varchar")}
    seeds = [{"name": "raw_people", "config": types}, {"name": "people_overrides", "config": overrides}]
    write_yaml(folder / "seeds/_seeds.yml", {"seeds": seeds})
    (folder / "macros").mkdir()
    write_models("people", folder / "models/people")
    write_yaml(folder / "models/tests.yml", {"models": FAILING_TESTS})
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DBT_LOG_LEVEL_FILE", "debug")
        run(folder, "train", "people", "--kind", "logistic")
    yield folder
    close_connections()


def run(folder: Path, *command: str, code: int = 0) -> str:
    done = CliRunner().invoke(main, [*command, "--project-dir", str(folder), "--profiles-dir", str(folder)])
    close_connections()
    assert done.exit_code == code, (done.output, done.exception)
    return done.output


def changed(folder: Path, spec: dict[str, Any]) -> None:
    path = folder / "dbt_project.yml"
    content = yaml.safe_load(path.read_text())
    content["vars"]["dedup_entities"]["people"] = spec
    path.write_text(yaml.safe_dump(content, sort_keys=False))


def leaks(folder: Path, *texts: str) -> list[tuple[str, str]]:
    """Where a secret is: in the files that dbt wrote since the last call, which are removed, or in texts.

    What dbt keeps of parsing stays, so that the next command parses only what has changed.
    """
    written = {str(n): text for n, text in enumerate(texts)}
    for name in ("logs", "target"):
        for file in (folder / name).rglob("*"):
            if file.is_file():
                written[str(file.relative_to(folder))] = file.read_bytes().decode("utf-8", "replace")
                if file.name != "partial_parse.msgpack":
                    file.unlink()
    assert any(name.startswith("logs/") for name in written)
    return [
        (name, text[max(found.start() - 60, 0) : found.start() + 60])
        for name, text in written.items()
        if (found := SECRET.search(text.lower()))
    ]


def test_training_and_a_build_whose_tests_fail_show_no_value(shop: Path) -> None:
    assert leaks(shop) == []  # of training
    project = Project(shop)
    done = project.dbt("build", *LOGGED, "--log-path", str(shop / "logs"), fails=True)
    failed = problems(done)
    assert len(failed) >= 6, failed
    assert any("max_block_size" in line for line in project.warnings)
    assert leaks(shop, *project.errors, *project.warnings, *failed.values()) == []
    assert project.rows(f"select count(*) > 0 from people where note like '%{WORD}%'") == [(True,)]


@pytest.mark.parametrize(
    ("mistake", "said"),
    [
        ({"record_id": "source"}, "appear more than once"),
        (
            {
                "max_pairs": 2,
                "fields": {**FIELDS, "born": {"type": "number"}, "phone": {"type": "date"}, "note": {"type": "geo"}},
            },
            "more than max_pairs (2)",
        ),
    ],
    ids=["repeated ids", "wrong types and too many pairs"],
)
def test_what_goes_wrong_is_said_without_values(shop: Path, mistake: dict[str, Any], said: str) -> None:
    changed(shop, {**SPEC, **mistake})
    try:
        project = Project(shop)
        selected = ("--select", "+int_people__candidate_pairs", "+people_profile", "+people_quality_issues")
        done = project._invoke("build", *LOGGED, "--log-path", str(shop / "logs"), *selected, *NO_SEEDS)
        messages = [*project.errors, *project.warnings, *problems(done).values()]
        assert any(said in message for message in messages)
        assert leaks(shop, *messages) == []
    finally:
        changed(shop, SPEC)


def test_who_asks_for_values_gets_them(shop: Path) -> None:
    changed(shop, {**SPEC, "max_pairs": 2})
    try:
        without = run(shop, "label", "people", "--build", code=1)
        assert "more than max_pairs (2)" in without
        assert not any(secret in without for secret in SECRETS)
        assert f"({WORD}" in run(shop, "label", "people", "--build", "--show-values", code=1)
    finally:
        changed(shop, SPEC)
