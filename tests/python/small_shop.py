"""A project with every model of an entity and few records, which builds in seconds: input and labels are CSV files."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from click.testing import CliRunner, Result
from project import REPO, Project, copied_project, write_package_project

from dbt_dedup.cli import main
from dbt_dedup.scaffold import write_models
from dbt_dedup.warehouse import close_connections

Row = dict[str, str]

GIVEN = ("anna", "bertha", "carla", "dora", "emil", "fritz", "gustav", "hanna", "ida", "jakob", "karl", "lena")
FAMILY = ("ackermann", "brandt", "castillo", "dietrich", "engelhardt", "fontane", "grimaldi", "hoffmann", "ivanova")
CITIES = ["aachen", "berlin", "cottbus", "dresden", "erfurt"]

SPEC: dict[str, Any] = {
    "input": "raw_people",
    "record_id": "person_id",
    "updated_at": "updated_at",
    "source": "source",
    "labels": "people_labels",
    "fields": {"name": {"type": "full_name"}, "email": {"type": "email"}, "city": {"type": "city"}},
    "blocking": [["email"], ["name.last_soundex"]],
    "targets": {"precision": 0.5, "recall": 0.2, "review_budget": 500},
}


def write_shop(folder: Path, **spec: Any) -> Path:
    """Write the project, with its records and labels, and every model of the entity `people`."""
    models = {
        f"{name}.sql": f"select * from read_csv('{folder / name}.csv', all_varchar = true)"
        for name in ("raw_people", "people_labels")
    }
    write_package_project(folder, {"people": {**SPEC, **spec}}, models)
    (folder / "macros").mkdir()
    write_models("people", folder / "models/people")
    rows = people()
    write_rows(folder, rows)
    write_labels(folder, rows)
    return folder


def copied_shop(folder: Path, copy: Path) -> Path:
    """A copy of a shop, with its database and models, that reads its own files."""
    copied_project(folder, copy)
    for model in (copy / "models").glob("*.sql"):
        model.write_text(model.read_text().replace(str(folder), str(copy)))
    return copy


def people(count: int = 60) -> list[Row]:
    """Records `p0-a`, `p0-b`, ... of one to three per person, later ones with a slip in the name."""
    random = np.random.default_rng(0)
    rows = []
    for n in range(count):
        given, family = GIVEN[n % len(GIVEN)], FAMILY[(n * 7 + n // len(GIVEN)) % len(FAMILY)]
        for letter in "abc"[: 1 + n % 3]:
            slip = letter != "a" and random.random() < 0.5
            name = f"{given}{given[-1] if slip else ''} {family}".title()
            email = f"{given}.{family}.{n}@example.org" if letter != "c" else ""
            rows.append(row(f"p{n}-{letter}", name, email, CITIES[n % len(CITIES)]))
    return rows


def row(person_id: str, name: str, email: str, city: str, updated_at: str = "2026-01-01", source: str = "crm") -> Row:
    """One record of the input."""
    return {
        "person_id": person_id,
        "name": name,
        "email": email,
        "city": city,
        "updated_at": updated_at,
        "source": source,
    }


def write_rows(folder: Path, rows: Iterable[Row], name: str = "raw_people") -> None:
    """Write the input, or another table."""
    rows = list(rows)
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def write_labels(folder: Path, rows: Iterable[Row]) -> None:
    """Label the pairs of a person `match`, and pairs of people of one family name `no_match`."""
    by_person: dict[str, list[Row]] = {}
    for record in rows:
        by_person.setdefault(record["person_id"].split("-")[0], []).append(record)
    labels = []
    groups = list(by_person.values())
    for n, group in enumerate(groups):
        others = [g[0] for g in groups[n + 1 :] if g[0]["name"].split()[-1] == group[0]["name"].split()[-1]][:2]
        labels += [(left, right, "match") for i, left in enumerate(group) for right in group[i + 1 :]]
        labels += [(group[0], other, "no_match") for other in others]
    write_rows(
        folder,
        [
            {"record_id_l": min(ids), "record_id_r": max(ids), "label": label}
            for left, right, label in labels
            for ids in [(left["person_id"], right["person_id"])]
        ],
        "people_labels",
    )


def dedup(folder: Path, *arguments: str, code: int = 0) -> Result:
    """Run `dbt-dedup`, which has to end with an exit code."""
    done = CliRunner().invoke(main, [*arguments, "--project-dir", str(folder), "--profiles-dir", str(folder)])
    close_connections()
    assert done.exit_code == code, (done.output, done.exception)
    return done


def production(folder: Path) -> str:
    """The version in production."""
    return (folder / "dedup_models/people/production").read_text().strip()


def change_spec(folder: Path, **spec: Any) -> Project:
    """Change keys of the entity in the project; a new Project, because it has to be parsed again."""
    import yaml

    path = folder / "dbt_project.yml"
    content = yaml.safe_load(path.read_text())
    content["vars"]["dedup_entities"]["people"].update(spec)
    path.write_text(yaml.safe_dump(content, sort_keys=False))
    return Project(folder)


__all__ = [
    "REPO",
    "SPEC",
    "Row",
    "change_spec",
    "copied_shop",
    "dedup",
    "people",
    "production",
    "row",
    "write_rows",
    "write_shop",
]
