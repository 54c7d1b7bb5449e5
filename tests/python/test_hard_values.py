"""Hard values of each field type, in hard_values/<type>.yml: what people's systems hold, and what it must become.

A file has the type and groups of values. A group names the kind of fault, the options of the field (none, if left out)
and its values: `written`, then either `value` or `problem`, and any part or key of the value to check. `beside` holds
what other columns of the record say. A value that still comes out wrong has `wrong` with the reason: it must then
really come out wrong, and docs/prepare.md counts it as such.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from project import MODELS_ONLY, Project, prepare_models, write_package_project, write_parquet
from type_cases import assert_value_and_keys, text_table

FILES = sorted((Path(__file__).parent / "hard_values").glob("*.yml"))
ABOUT = ("written", "beside", "wrong")
FEWEST = 20  # hard values of a type
PAGE = Path(__file__).parents[2] / "docs" / "prepare.md"


@dataclass(frozen=True)
class HardValue:
    """A value as written, what it must become, and the field that reads it."""

    type: str
    fault: str
    options: str
    written: str
    beside: dict[str, str]
    expected: dict[str, Any]
    wrong: str | None

    @property
    def label(self) -> str:
        """Name of the test."""
        return f"{self.type}: {self.fault}: {self.written[:40]!r}"


def read_values(file: Path) -> Iterator[HardValue]:
    """The hard values of a file."""
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    for group in content["groups"]:
        for value in group["values"]:
            expected = {name: wanted for name, wanted in value.items() if name not in ABOUT}
            yield HardValue(
                type=content["type"],
                fault=group["fault"],
                options=json.dumps(group.get("options", {}), sort_keys=True),
                written=value["written"],
                beside=value.get("beside", {}),
                expected={"value": None, "problem": None, **expected},
                wrong=value.get("wrong"),
            )


HARD_VALUES = [value for file in FILES for value in read_values(file)]
FIELD_OF = {
    key: f"{key[0]}_{number}" for number, key in enumerate(dict.fromkeys((v.type, v.options) for v in HARD_VALUES))
}


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """A record for each hard value, as prepare reads it."""
    folder = tmp_path_factory.mktemp("hard_values")
    beside = sorted({column for value in HARD_VALUES for column in value.beside})
    rows = [{FIELD_OF[value.type, value.options]: value.written, **value.beside} for value in HARD_VALUES]
    source = write_parquet(folder / "input.parquet", text_table(rows, [*FIELD_OF.values(), *beside]))
    fields = {field: {"type": key[0], **json.loads(key[1])} for key, field in FIELD_OF.items()}
    spec = {"input": "raw", "record_id": "id", "fields": fields, "blocking": [[next(iter(fields))]]}
    models = {"raw.sql": f"select * from read_parquet('{source}')", **prepare_models("things")}
    project = Project(write_package_project(folder, {"things": spec}, models))
    project.dbt("build", *MODELS_ONLY)
    return project.dicts(
        """
        select *
        from stg_things__records
        inner join int_things__keyed_records using (record_id)
        order by record_id
        """
    )


@pytest.mark.parametrize(
    ("number", "hard"),
    [
        pytest.param(
            number, hard, id=hard.label, marks=[pytest.mark.xfail(reason=hard.wrong, strict=True)] if hard.wrong else []
        )
        for number, hard in enumerate(HARD_VALUES)
    ],
)
def test_a_hard_value_is_read_right(records: list[dict[str, Any]], number: int, hard: HardValue) -> None:
    assert_value_and_keys(records[number], FIELD_OF[hard.type, hard.options], hard.expected)


def test_what_was_written_stays(records: list[dict[str, Any]]) -> None:
    for record, hard in zip(records, HARD_VALUES, strict=True):
        assert record[f"{FIELD_OF[hard.type, hard.options]}__original"] == hard.written.strip()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_type_has_hard_values_enough(file: Path) -> None:
    assert len({(value.options, value.written) for value in read_values(file)}) >= FEWEST


def test_the_table_of_the_page_is_up_to_date() -> None:
    """Says what to paste where it is not."""
    lines = ["| type | hard values | right | kinds of fault |", "| --- | --- | --- | --- |"]
    for file in FILES:
        values = list(read_values(file))
        right = sum(not value.wrong for value in values)
        faults = dict.fromkeys(value.fault[0].lower() + value.fault[1:] for value in values)
        lines.append(f"| `{file.stem}` | {len(values)} | {right} | {'; '.join(faults)} |")
    shown = re.findall(r"^\|.*\|$", PAGE.read_text(encoding="utf-8").split("## Hard values")[1], re.M)
    assert "\n".join(shown[: len(lines)]) == "\n".join(lines)
