"""What `dbt-dedup init` does to the files of a project, without a project: entries of YAML, plans, names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from dbt_dedup.errors import DedupError
from dbt_dedup.scaffold.edit import with_entry, with_item
from dbt_dedup.scaffold.entry import entry_text
from dbt_dedup.scaffold.planned import PlannedFile, digest, plan_files, read_state, write_files
from dbt_dedup.scaffold.project_file import ProjectFile

PATH = ("vars", "dedup_entities")
ENTRY = "cars:\n  input: raw\n\n  fields: {}\n"


# --- an entry of a YAML file


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "vars:\n  dedup_entities:\n    cars:\n      input: raw\n\n      fields: {}\n"),
        (
            "name: shop\n\n\n",
            "name: shop\n\nvars:\n  dedup_entities:\n    cars:\n      input: raw\n\n      fields: {}\n\n\n",
        ),
        (
            "vars:\n  a: 1\nname: shop\n",
            "vars:\n  a: 1\n  dedup_entities:\n    cars:\n      input: raw\n\n      fields: {}\nname: shop\n",
        ),
        # four spaces are kept, and a comment above the next key stays with it
        (
            "vars:  # all\n    # first\n    a: 1\n\n# name\n# of it\nname: shop\n",
            "vars:  # all\n    # first\n    a: 1\n    dedup_entities:\n      cars:\n        input: raw\n\n"
            "        fields: {}\n\n# name\n# of it\nname: shop\n",
        ),
        (
            "vars:\n  'dedup_entities':\n    bikes: {}\n  b: 1\n",
            "vars:\n  'dedup_entities':\n    bikes: {}\n    cars:\n      input: raw\n\n      fields: {}\n  b: 1\n",
        ),
        (
            'vars:\n  "dedup_entities":\n',
            'vars:\n  "dedup_entities":\n    cars:\n      input: raw\n\n      fields: {}\n',
        ),
        # a comment that stands further out does not end the block
        (
            "vars:\n  a: 1\n# inside\n  b: 2\n",
            "vars:\n  a: 1\n# inside\n  b: 2\n  dedup_entities:\n    cars:\n      input: raw\n\n      fields: {}\n",
        ),
        # a key of the same name elsewhere is another one
        (
            "dedup_entities:\n  x: 1\n",
            "dedup_entities:\n  x: 1\n\nvars:\n  dedup_entities:\n    cars:\n      input: raw\n\n      fields: {}\n",
        ),
        (
            "other:\n  vars:\n    x: 1\nvars:\n  a: {dedup_entities: 1}\n",
            "other:\n  vars:\n    x: 1\nvars:\n  a: {dedup_entities: 1}\n  dedup_entities:\n    cars:\n"
            "      input: raw\n\n      fields: {}\n",
        ),
    ],
)
def test_an_entry_goes_to_the_end_of_its_block(before: str, after: str) -> None:
    assert with_entry(before, PATH, ENTRY) == after
    assert with_entry(before.replace("\n", "\r\n"), PATH, ENTRY) == after.replace("\n", "\r\n" if before else "\n")


@pytest.mark.parametrize(
    "text",
    [
        "vars: {a: 1}\n",
        "vars:\n  dedup_entities: {}\n",
        "vars: []\n",
        "vars:\n- 1\n",
        "vars:\n  x: [\n",
    ],
)
def test_an_entry_without_a_safe_place_is_not_made(text: str) -> None:
    assert with_entry(text, PATH, ENTRY) is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "packages:\n  - local: here\n"),
        ("name: x\n", "name: x\npackages:\n  - local: here\n"),
        ("packages:\n", "packages:\n  - local: here\n"),
        ("packages:\n\n\nname: x\n", "packages:\n  - local: here\n\n\nname: x\n"),
        ("packages:  # all\n- local: a\n\nname: x\n", "packages:  # all\n- local: a\n- local: here\n\nname: x\n"),
        (
            "packages:\n    - local: a\n      x: 1\n    - local: b\nname: x\n",
            "packages:\n    - local: a\n      x: 1\n    - local: b\n    - local: here\nname: x\n",
        ),
        # an item inside another one does not set the indentation
        (
            "packages:\n  # first\n  - local: a\n    b:\n      - c\n",
            "packages:\n  # first\n  - local: a\n    b:\n      - c\n  - local: here\n",
        ),
    ],
)
def test_an_item_goes_to_the_end_of_its_list(before: str, after: str) -> None:
    assert with_item(before, "packages", "local: here") == after
    assert with_item(before.replace("\n", "\r\n"), "packages", "local: here") == (
        after.replace("\n", "\r\n" if before else "\n")
    )


def test_an_item_without_a_safe_place_is_not_made() -> None:
    assert with_item("packages: [{local: a}]\n", "packages", "local: here") is None
    assert with_item("packages:\n  a: 1\n", "packages", "local: here") is None


def test_an_entry_is_written_a_line_for_each_key_field_and_rule() -> None:
    declared = {
        "input": "raw",
        "publish": None,
        "fields": {"name": {"type": "full_name"}, "Łódź": {"type": "city", "column": ["a", "b"]}},
        "blocking": [["name"], ["name.first", "Łódź"]],
    }
    text = entry_text("cars", declared, {"name": "doubtful"})
    assert text == (
        "cars:\n  input: raw\n  publish: null\n  fields:\n    name: {type: full_name}  # doubtful\n"
        "    Łódź: {type: city, column: [a, b]}\n  blocking:\n    - [name]\n    - [name.first, Łódź]\n"
    )
    assert yaml.safe_load(text) == {"cars": declared}
    assert entry_text("cars", declared) == text.replace("  # doubtful", "")
    assert len(entry_text("cars", {"input": "x" * 500}).splitlines()) == 2


# --- files that are planned


def states(folder: Path, texts: dict[str, str], *left_alone: str) -> dict[str, str]:
    return {file.path: file.state for file in plan_files(folder, texts, folder / "m/state.json", left_alone)}


def test_a_file_is_new_the_same_changed_or_of_an_earlier_version(tmp_path: Path) -> None:
    texts = {"m/b.sql": "b\n", "m/a.sql": "a\n"}
    planned = plan_files(tmp_path, texts, tmp_path / "m/state.json")
    assert planned == [PlannedFile("m/a.sql", "a\n", "new"), PlannedFile("m/b.sql", "b\n", "new")]
    write_files(tmp_path, planned, tmp_path / "m/state.json", "1.0")
    assert (tmp_path / "m/a.sql").read_text() == "a\n"
    assert json.loads((tmp_path / "m/state.json").read_text()) == {
        "written_by": "dbt-dedup 1.0",
        "files": {"m/a.sql": digest("a\n"), "m/b.sql": digest("b\n")},
    }
    assert states(tmp_path, texts) == {"m/a.sql": "as it should be", "m/b.sql": "as it should be"}
    (tmp_path / "m/a.sql").write_bytes(b"a\r\n")  # as git on Windows writes it
    assert states(tmp_path, texts)["m/a.sql"] == "as it should be"
    assert states(tmp_path, {**texts, "m/a.sql": "c\n"})["m/a.sql"] == "of an earlier version"
    (tmp_path / "m/a.sql").write_text("mine\n")
    found = plan_files(tmp_path, texts, tmp_path / "m/state.json")[0]
    assert (found.state, found.found) == ("changed by hand", "mine\n")
    assert found.diff() == "--- m/a.sql (yours)\n+++ m/a.sql (dbt-dedup init)\n@@ -1 +1 @@\n-mine\n+a\n"


def test_a_file_that_is_no_longer_written_goes_unless_it_was_changed(tmp_path: Path) -> None:
    state = tmp_path / "m/state.json"
    write_files(tmp_path, plan_files(tmp_path, dict.fromkeys(("m/a", "m/b", "m/c", "o/d"), "x"), state), state, "1")
    (tmp_path / "m/b").write_text("mine")
    assert states(tmp_path, {"m/c": "x"}) == {
        "m/a": "no longer written",
        "m/b": "no longer written, and changed by hand",
        "m/c": "as it should be",
    }
    assert states(tmp_path, {"m/c": "x"}, "m/a", "m/b") == {"m/c": "as it should be"}
    gone = [file for file in plan_files(tmp_path, {"m/c": "x"}, state) if file.path == "m/a"]
    write_files(tmp_path, [*gone, PlannedFile("m/c", "x", "as it should be", "x")], state, "2")
    assert not (tmp_path / "m/a").exists()
    assert (tmp_path / "m/b").exists()
    assert set(read_state(state)) == {"m/b", "m/c", "o/d"}
    (tmp_path / "m/b").unlink()
    assert states(tmp_path, {}) == {"m/c": "no longer written"}


def test_a_file_as_it_should_be_is_not_written_again(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x\r\n", newline="")
    write_files(tmp_path, [PlannedFile("a", "x\n", "as it should be")], tmp_path / "state", "1")
    assert (tmp_path / "a").read_bytes() == b"x\r\n"
    assert read_state(tmp_path / "state") == {"a": digest("x\n")}


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "bytes").write_bytes(b"\xff")
    for name, message in (("folder", "is a folder where a file should be"), ("bytes", "bytes cannot be read")):
        with pytest.raises(DedupError, match=message):
            plan_files(tmp_path, {name: "x"}, tmp_path / "state")
    assert read_state(tmp_path / "state") == {}
    for damaged in ("no json", "{}", '{"files": 1}', "[]"):
        (tmp_path / "state").write_text(damaged)
        with pytest.raises(DedupError, match=r"state is damaged \(.*Restore it from git, or remove it"):
            read_state(tmp_path / "state")


# --- dbt_project.yml


def project(folder: Path, text: str | None) -> ProjectFile:
    if text is not None:
        (folder / "dbt_project.yml").write_text(text)
    return ProjectFile.read(folder)


def test_a_folder_without_a_project_file_has_the_usual_folders(tmp_path: Path) -> None:
    found = project(tmp_path, None)
    assert found.is_missing
    assert (found.name, found.models, found.seeds, found.declared("cars"), found.has_package) == (
        None,
        "models",
        "seeds",
        {},
        False,
    )
    assert found.model_folder("cars") == "models/dedup_cars"


def test_a_project_file_says_its_folders_and_its_entities(tmp_path: Path) -> None:
    paths = "model-paths: [m, n]\nseed-paths: ['{{ env_var(\"X\") }}']\n"
    found = project(tmp_path, f"name: shop\n{paths}vars: {{dedup_entities: {{cars: {{input: a}}}}}}")
    assert not found.is_missing
    assert (found.name, found.models, found.seeds) == ("shop", "m", "seeds")
    assert found.declared("cars") == {"input": "a"}
    assert found.declared("bikes") == {}
    for broken in (
        "vars:",
        "vars: {dedup_entities: 1}",
        "vars: {dedup_entities: {cars: 1}}",
        "vars: {dedup_entities: }",
    ):
        assert project(tmp_path, broken).declared("cars") == {}


def test_the_package_is_there_if_it_is_installed_or_the_project_itself(tmp_path: Path) -> None:
    assert not project(tmp_path, "name: shop\n").has_package
    assert project(tmp_path, "name: dbt_dedup\n").has_package
    installed = tmp_path / "dbt_packages/dbt_dedup"
    installed.mkdir(parents=True)
    assert not project(tmp_path, "name: shop\n").has_package
    (installed / "dbt_project.yml").touch()
    assert project(tmp_path, "name: shop\n").has_package
    assert not project(tmp_path, "name: shop\npackages-install-path: other\n").has_package


@pytest.mark.parametrize(
    ("text", "message"), [("- 1\n", "is no YAML mapping"), ("a: [\n", "cannot be read"), ("", "no YAML")]
)
def test_a_project_file_that_is_none_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(DedupError, match=message):
        project(tmp_path, text)
