"""`dbt-dedup init`: from a file or a table to an entity with models, descriptions and tests, in any dbt project."""

from __future__ import annotations

import csv
import gzip
import json
import re
import shutil
from datetime import date, timedelta
from pathlib import Path, PureWindowsPath
from typing import Any

import duckdb
import numpy as np
import pytest
import yaml
from click.testing import CliRunner, Result
from project import MODELS_ONLY, REPO, Project, problems, statuses, write_yaml
from small_shop import people

from dbt_dedup.cli import main
from dbt_dedup.scaffold.edit import with_entry, with_item
from dbt_dedup.scaffold.entry import entry_text
from dbt_dedup.scaffold.new_project import package_entry, package_path, project_name
from dbt_dedup.scaffold.table_input import shown_path
from dbt_dedup.warehouse import close_connections


def init(folder: Path, entity: str, *arguments: str, code: int = 0) -> Result:
    """Run `dbt-dedup init`, which has to end with an exit code."""
    with pytest.MonkeyPatch.context() as patch:
        for variable in ("DBT_PROFILES_DIR", "DBT_PROJECT_DIR", "DEDUP_DATABASE"):
            patch.delenv(variable, raising=False)
        patch.setenv("DBT_SEND_ANONYMOUS_USAGE_STATS", "false")
        done = CliRunner().invoke(main, ["init", entity, *arguments, "--project-dir", str(folder)])
    close_connections()
    assert done.exit_code == code, (done.output, done.exception)
    return done


def write_people(file: Path, rows: list[dict[str, str]] | None = None, **options: Any) -> Path:
    """A CSV file of made-up people."""
    rows = rows or people(120)
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, list(rows[0]), **options)
        writer.writeheader()
        writer.writerows(rows)
    return file


def written(folder: Path) -> dict[str, bytes]:
    """Every file of a project but those that dbt makes."""
    made = ("target", "logs", "dbt_packages", "dedup_models")
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.relative_to(folder).parts[0] not in made and file.suffix != ".duckdb"
    }


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new project around a CSV file that lies in its folder."""
    folder = tmp_path_factory.mktemp("init") / "my shop"
    file = write_people(folder / "data/people.csv", delimiter=";")
    done = init(folder, "people", "--input", str(file))
    assert "Learned without labels" in done.output
    assert "dbt build" in done.output
    return folder


@pytest.fixture
def existing(tmp_path: Path) -> Path:
    """A project that has a model `customers` and a comment in each file."""
    folder = tmp_path / "shop"
    file = write_people(folder / "people.csv")
    (folder / "models").mkdir()
    (folder / "models/customers.sql").write_text(f"select * from read_csv('{file}', all_varchar = true)\n")
    (folder / "dbt_project.yml").write_text(
        "# ours\nname: shop\nversion: 1.0.0\nprofile: shop\n\nvars:\n  day: 1  # kept\n"
    )
    write_yaml(folder / "profiles.yml", {"shop": {"target": "dev", "outputs": {"dev": output(folder)}}})
    return folder


def output(folder: Path) -> dict[str, Any]:
    return {"type": "duckdb", "path": str(folder / "dedup.duckdb"), "threads": 2}


def test_a_file_becomes_an_entity_that_builds_with_all_its_tests(shop: Path) -> None:
    project = Project(shop, shop / "my_shop.duckdb")
    project.dbt("build")
    found = statuses(project.result)
    assert set(found.values()) <= {"success", "pass", "no-op", "warn"}, problems(project.result)
    assert {name for name, status in found.items() if status == "warn"} == {
        "dbt_dedup_targets_are_measured_people_metrics_"  # nobody labelled a pair
    }
    assert sum(status == "pass" for status in found.values()) > 150
    ((entities,),) = project.rows("select count(*) from people")
    assert entities < project.rows("select count(*) from raw_people")[0][0]
    undescribed = [
        (node.name, column.name)
        for node in project.manifest.nodes.values()
        if node.resource_type == "model" and node.name != "raw_people"
        for column in node.columns.values()
        if not column.description
    ]
    assert undescribed == []
    folders = {
        Path(node.original_file_path).parts[1]
        for node in project.manifest.nodes.values()
        if "models/" in str(node.original_file_path)
    }
    assert not folders & {node.name for node in project.manifest.nodes.values()}


def first_records(count: int) -> list[dict[str, str]]:
    """One record of each person, with a birth date."""
    born = np.random.default_rng(0).integers(0, 20_000, count).tolist()
    records = (record for record in people(count) if record["person_id"].endswith("-a"))
    return [
        {**record, "birth_date": str(date(1950, 1, 1) + timedelta(days=days))}
        for record, days in zip(records, born, strict=True)
    ]


def test_a_table_of_which_hardly_two_records_are_alike_is_told_apart_from_rules_that_miss(tmp_path: Path) -> None:
    file = write_people(tmp_path / "people.csv", first_records(8))
    said = init(tmp_path, "people", "--input", str(file)).output
    assert re.search(r"the blocking rules propose 1?\d pairs of the 8 records, and learning takes at least 20\.", said)
    assert "  If the table has no duplicates, nothing is to be merged: use it as it is.\n" in said
    assert "If you know of duplicates, the rules miss them." in said
    _, next_steps = said.split("\nNext")
    assert re.findall(r"^  (.+?) +#", next_steps, re.MULTILINE) == [
        "dbt show --select people_block_stats",
        "dbt-dedup init people",
    ]
    assert next_steps.endswith("Without a model in production, `dbt build` stops at int_people__parity.\n")
    assert not (tmp_path / "dedup_models").exists()


def test_a_table_without_duplicates_is_called_so_and_builds_when_its_owner_says_so(tmp_path: Path) -> None:
    file = write_people(tmp_path / "people.csv", first_records(100))
    said = init(tmp_path, "people", "--input", str(file)).output
    assert "No pair is beyond doubt. Look at the likeliest ones with" in said
    (version,) = (folder.name for folder in (tmp_path / "dedup_models/people").iterdir())
    promotion = f"`dbt-dedup promote people {version} --force --reason '...'`"
    assert promotion in said
    project = Project(tmp_path, tmp_path / f"{project_name(tmp_path)}.duckdb")
    project.dbt("build", *MODELS_ONLY, fails=True)
    assert problems(project.result) == {
        "int_people__parity": (
            "Runtime Error in model int_people__parity (models/dedup_people/check/int_people__parity.py)\n"
            "  Python model failed:\n"
            "  dbt_dedup.errors.PlainDedupError: Entity 'people' has no model in production:"
            f" {tmp_path}/dedup_models/people/production is missing. Learning without labels abstained: label some"
            " pairs (`dbt-dedup label people`), then run `dbt-dedup train people`. To merge only what is beyond doubt"
            f" until then: {promotion}.\n  "
        )
    }
    done = CliRunner().invoke(
        main,
        ["promote", "people", version, "--force", "--reason", "no duplicates yet", *project.options],
    )
    assert done.exit_code == 0, done.output
    Project(tmp_path, project.database).dbt("build", *MODELS_ONLY)
    assert project.rows("select count(*), max(record_count) from people") == [(100, 1)]


def test_a_profile_that_dbt_would_not_read_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, folder = write_people(tmp_path / "people.csv"), tmp_path / "crm"
    folder.mkdir()
    monkeypatch.setenv("DBT_PROFILES_DIR", str(tmp_path))
    done = CliRunner().invoke(main, ["init", "people", "--input", str(file), "--project-dir", str(folder)])
    assert done.exit_code == 1
    assert f"DBT_PROFILES_DIR is set to {tmp_path}, so dbt would not read the profile" in done.output
    assert list(folder.iterdir()) == []


def test_it_can_be_run_again(shop: Path) -> None:
    before = written(shop)
    shutil.move(shop / "dbt_packages", shop.parent)  # as where it was killed before they were installed
    assert "files are as they should be" in init(shop, "people", "--no-train").output
    assert (shop / "dbt_packages/dbt_dedup").exists()
    # dbt counts packages, and of another one instead it says only that something is undefined
    (shop / "dbt_packages/dbt_dedup").unlink()
    (shop / "dbt_packages/left_over").mkdir()
    (shop / "dbt_packages/left_over/dbt_project.yml").write_text("name: left_over\nversion: 1.0.0\n")
    init(shop, "people", "--no-train")
    assert (shop / "dbt_packages/dbt_dedup").exists()
    assert written(shop) == before
    assert "as this version writes them" in init(shop, "people", "--check").output


def test_a_changed_file_is_shown_and_kept_and_an_old_one_renewed(shop: Path, tmp_path: Path) -> None:
    state = shop / "models/dedup_people/dedup_init.json"
    changed, old = shop / "models/dedup_people/serve/people.sql", shop / "models/dedup_people/block/_block.yml"
    kept = {file: file.read_bytes() for file in (state, changed, old)}
    try:
        changed.write_text("select 1 as mine\n")
        old.write_text("models: []\n")
        digests = json.loads(state.read_text())
        digests["files"]["models/dedup_people/block/_block.yml"] = _digest("models: []\n")
        state.write_text(json.dumps(digests))
        checked = init(shop, "people", "--check", code=1).output
        assert "models/dedup_people/block/_block.yml: of an earlier version" in checked
        assert "models/dedup_people/serve/people.sql: changed by hand" in checked
        assert "-select 1 as mine" in checked
        assert "--update renews it" in init(shop, "people", "--no-train", "--dry-run").output
        assert old.read_text() == "models: []\n"
        init(shop, "people", "--update", "--no-train", "--dry-run")
        assert old.read_text() == "models: []\n"
        init(shop, "people", "--update", "--no-train")
        assert old.read_bytes() == kept[old]
        assert changed.read_text() == "select 1 as mine\n"
    finally:
        for file, content in kept.items():
            file.write_bytes(content)


def test_a_file_that_is_no_longer_written_is_named_and_removed_unless_it_was_changed(shop: Path) -> None:
    folder = shop / "models/dedup_people"
    state, old, mine = folder / "dedup_init.json", folder / "serve/people_old.sql", folder / "serve/people_mine.sql"
    before = state.read_bytes()
    try:
        old.write_text("select 1 as old\n")
        mine.write_text("select 2 as mine\n")
        digests = json.loads(before)
        digests["files"] |= {
            "models/dedup_people/serve/people_old.sql": _digest("select 1 as old\n"),
            "models/dedup_people/serve/people_mine.sql": _digest("select 1 as mine\n"),
            "models/raw_people_of_another_folder.sql": _digest(""),
        }
        state.write_text(json.dumps(digests))
        checked = init(shop, "people", "--check", code=1).output
        assert "serve/people_old.sql: no longer written\n" in checked
        assert "serve/people_mine.sql: no longer written, and changed by hand" in checked
        assert "1 no longer written, 1 changed by hand" in checked
        assert "people_old.sql: no longer written; --update removes it" in init(shop, "people", "--no-train").output
        assert old.exists()
        said = init(shop, "people", "--no-train", "--update").output
        assert "people_old.sql: removed" in said
        assert not old.exists()
        assert mine.read_text() == "select 2 as mine\n"
        assert "people_mine.sql: no longer written" in init(shop, "people", "--check", code=1).output
        # the model that promotions write is left alone
        assert "__production.sql" not in said + checked
        assert (folder / "check/int_people__production.sql").exists()
    finally:
        mine.unlink(missing_ok=True)
        old.unlink(missing_ok=True)
        state.write_bytes(before)


def _digest(text: str) -> str:
    import hashlib

    return hashlib.sha256(text.encode()).hexdigest()


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    file = write_people(tmp_path / "people.csv")
    said = init(tmp_path / "new", "people", "--input", str(file), "--dry-run").output
    assert "Nothing was written" in said
    assert "record_id: person_id" in said
    assert not (tmp_path / "new").exists()


def test_an_existing_project_keeps_what_it_has(existing: Path) -> None:
    said = init(existing, "contacts", "--input", "customers").output
    assert "Learned without labels" in said
    text = (existing / "dbt_project.yml").read_text()
    assert text.startswith("# ours\nname: shop\nversion: 1.0.0\nprofile: shop\n\nvars:\n  day: 1  # kept\n")
    content = yaml.safe_load(text)
    assert content["vars"]["dedup_entities"]["contacts"]["input"] == "customers"
    assert content["models"]["shop"]["dedup_contacts"]["+schema"] == "dedup"
    project = Project(existing)
    project.dbt("build", *MODELS_ONLY)
    assert project.rows("select count(*) from main_dedup.contacts_crosswalk") == [(len(people(120)),)]


@pytest.mark.parametrize(
    ("entity", "arguments", "message"),
    [
        ("customers", ["--input", "customers"], "has a model of the name customers already (models/customers.sql)"),
        ("contacts", ["--input", "custmers"], "no such file. Did you mean customers?"),
        ("contacts", [], "--input is missing: contacts is not declared in"),
        ("My People", ["--input", "customers"], "'My People' cannot be the name of an entity"),
        ("a__b", ["--input", "customers"], "'a__b' cannot be the name of an entity"),
        ("contacts", ["--input", "customers", "--record-id", "nope"], "--record-id nope: the table has no such column"),
        ("contacts", ["--input", "customers", "--country", "XX"], "--country XX: no such country."),
        ("contacts", ["--input", "customers", "--check", "--update"], "--check writes nothing"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_written(
    existing: Path, entity: str, arguments: list[str], message: str
) -> None:
    before = written(existing)
    done = CliRunner().invoke(main, ["init", entity, *arguments, "--project-dir", str(existing)])
    close_connections()
    assert done.exit_code != 0
    assert message in " ".join(done.output.split())
    assert "Traceback" not in done.output
    assert written(existing) == before


def test_a_table_of_the_database_becomes_a_source(tmp_path: Path) -> None:
    database, file = tmp_path / "erp.duckdb", write_people(tmp_path / "people.csv")
    with duckdb.connect(str(database)) as connection:
        connection.execute("create schema crm")
        connection.execute(f"create table crm.people as from read_csv('{file}', all_varchar = true)")
    folder = tmp_path / "project"
    init(folder, "contacts", "--input", "crm.people", "--database", str(database), "--no-train")
    assert yaml.safe_load((folder / "models/contacts_source.yml").read_text())["sources"][0]["schema"] == "crm"
    declared = yaml.safe_load((folder / "dbt_project.yml").read_text())["vars"]["dedup_entities"]["contacts"]
    assert declared["input"] == ["crm", "people"]


NAMES = "id,name,city\n1,Anna Smith,Rome\n2,Bob Jones,Bonn\n3,Cy Young,Paris\n"
# what a file holds, and what is said of it
FILES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "is empty"),
    "header": (b"id,name\n", "no records"),
    "one_record": (b"id,name\n1,Anna Smith\n", "one record: there is no other"),
    "ragged": (b"id,name\n1,Anna\n2,Bob,Rome\n", "line 3: 3 values where the first line has 2"),
    "title": (b"Export\n\nid,name\n1,Anna\n", "Remove lines above the names of the columns"),
    "open_quotation": (
        NAMES.encode() * 9 + b'4,"Dora,Rome\n5,Eve,Oslo\n',
        "line 37: a quotation mark opens a value and none",
    ),
    "gzip": (gzip.compress(NAMES.encode()), "is a gzip file. Unpack it"),
    "excel": (b"PK\x03\x04" + b"\x14\x00" * 90, "is an Excel workbook or a ZIP file. Save the sheet"),
    "utf_32": (NAMES.encode("utf-32"), "is text in UTF-32. Save it as CSV in UTF-8"),
    "no_mark": (NAMES.encode("utf-16-le"), "UTF-16 without the mark"),
    "web_page": (b"\n<!DOCTYPE html>\n<html><p>Sign in, please</p></html>\n", "is a web page or XML"),
    "json": (
        b'id;entry\n1;{"mail": "a@b.de"}\n2;{"mail": "c@d.de"}\n',
        "of the values hold others; select their parts",
    ),
    "one_column": (b"name\n" + b"x\n" * 30, "says anything to compare records by"),
}
READ: dict[str, tuple[bytes, str]] = {
    "comma": (NAMES.encode(), "delim = ','"),
    "tab": (NAMES.replace(",", "\t").encode(), "delim = '\\t'"),
    "byte_order_mark": (b"\xef\xbb\xbf" + NAMES.replace(",", ";").encode(), "delim = ';'"),
    "windows": (NAMES.replace("\n", "\r\n").encode(), "delim = ','"),
    "long_cell": (f"{NAMES}4,{'x' * 200_000},Oslo\n".encode(), "delim = ','"),
    "latin": (NAMES.replace("Anna", "Zoë").encode("latin-1"), "encoding = 'latin-1'"),
    "utf_16": (NAMES.replace("Anna", "Zoë").encode("utf-16"), "encoding = 'utf-16'"),
    "short_lines": (NAMES.encode() + b"4,Dora King\n", "null_padding = true"),
    "quoted_line_end": (NAMES.encode() + b'4,"Dora\nKing",Rome\n', "quote = '\"'"),
    "duplicate_names": (NAMES.replace("city", "name").encode(), "delim = ','"),
    "mixed_line_ends": (NAMES.replace("\n", "\r\n", 2).encode(), "strict_mode = false"),
    "separator_line": (b"sep=;\n" + NAMES.replace(",", ";").encode(), "skip = 1"),
}


@pytest.mark.parametrize(("content", "message"), FILES.values(), ids=FILES)
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "records.csv").write_bytes(content)
    done = init(tmp_path / "new", "people", "--input", str(tmp_path / "records.csv"), code=1)
    assert message in " ".join(done.output.split())
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(("content", "layout"), READ.values(), ids=READ)
def test_a_file_of_any_layout_is_read_by_its_model(tmp_path: Path, content: bytes, layout: str) -> None:
    from dbt_dedup.guess.columns import read_columns
    from dbt_dedup.scaffold.table_input import file_input

    path = tmp_path / "it's records.csv"
    path.write_bytes(content)
    found = file_input(path, "people")
    with found.read() as relation:
        columns = read_columns(relation)
    assert columns[0].name == "id"
    assert columns[0].distinct == columns[0].rows == 3 + content.count(b"4,")
    assert layout in found.model_text(tmp_path, makes_id=False)


def test_a_first_line_of_blanks_is_no_record(tmp_path: Path) -> None:
    from dbt_dedup.guess.columns import read_columns
    from dbt_dedup.scaffold.table_input import file_input

    (tmp_path / "records.csv").write_text(NAMES.replace("id,name,city", ", ,"))
    with file_input(tmp_path / "records.csv", "people").read() as relation:
        columns = read_columns(relation)
    assert [column.name for column in columns] == ["column0", "column1", "column2"]
    assert columns[0].rows == 3


def test_other_files_are_refused(tmp_path: Path) -> None:
    for name, message in (
        ("people.xlsx", "neither a CSV file"),
        ("people.csv.gz", "people.csv.gz is compressed. Unpack it"),
        ("missing.csv", "There is no file"),
        (".", "is a folder"),
    ):
        if name.startswith("people"):
            (tmp_path / name).write_bytes(b"PK")
        done = init(tmp_path / "new", "people", "--input", str(tmp_path / name), code=1)
        assert message in " ".join(done.output.split())


def test_an_entry_keeps_the_file_around_it() -> None:
    entry = entry_text("b", {"input": "raw", "fields": {"x": {"type": "text", "column": "A: b"}}, "blocking": [["x"]]})
    text = "name: shop\nvars:\n    # ours\n    dedup_entities:\n        a:\n            input: x\n\n# end\nmodels: {}\n"
    changed = with_entry(text, ["vars", "dedup_entities"], entry)
    assert changed is not None
    assert yaml.safe_load(changed)["vars"]["dedup_entities"]["b"]["fields"]["x"]["column"] == "A: b"
    assert changed.replace("".join(f"        {line}\n" for line in entry.splitlines()), "") == text
    assert with_entry("vars: {a: 1}\n", ["vars", "dedup_entities"], entry) is None
    assert with_entry("vars:\n  dedup_entities: {}\n", ["vars", "dedup_entities"], entry) is None
    assert with_item("packages:\n- package: a/b\n  version: 1\n", "packages", "local: x") == (
        "packages:\n- package: a/b\n  version: 1\n- local: x\n"
    )
    assert with_item("packages: []\n", "packages", "local: x") is None


def test_what_has_no_safe_place_is_left_to_the_user(existing: Path) -> None:
    (existing / "dbt_project.yml").write_text("name: shop\nversion: 1.0.0\nprofile: shop\nvars: {day: 1}\n")
    said = init(existing, "contacts", "--input", "customers", "--no-train", code=1).output
    assert "Paste this into dbt_project.yml, below vars: dedup_entities:" in said
    assert "record_id: person_id" in said
    assert yaml.safe_load((existing / "dbt_project.yml").read_text())["vars"] == {"day": 1}


def test_names_of_projects_and_places_of_the_package(tmp_path: Path) -> None:
    assert project_name(Path("/x/My Shop-2")) == "my_shop_2"
    assert project_name(Path("/x/2024")) == "project_2024"
    assert project_name(Path("/x/dbt_dedup")) == "project_dbt_dedup"
    assert package_entry(REPO.parent / "shop") == f"local: ../{REPO.name}"
    assert package_entry(tmp_path) == f"local: {REPO.as_posix()}"


@pytest.mark.parametrize(
    ("package", "project", "expected"),
    [
        (r"C:\work\dbt_dedup", r"c:\Work\crm", "../dbt_dedup"),
        (r"C:\work\dbt_dedup", r"C:\work\dbt_dedup\crm", ".."),
        (r"C:\work\dbt_dedup", r"D:\crm", "C:/work/dbt_dedup"),
        (r"C:\dbt_dedup", r"C:\crm", "C:/dbt_dedup"),
        (r"C:\Users\ann\dbt_dedup", r"C:\Users\ann\a\b\c\d", "C:/Users/ann/dbt_dedup"),
        (
            r"C:\p\.venv\Lib\site-packages\dbt_dedup\dbt_package",
            r"C:\p",
            ".venv/Lib/site-packages/dbt_dedup/dbt_package",
        ),
        (
            r"C:\venv\Lib\site-packages\dbt_dedup\dbt_package",
            r"C:\venv\crm",
            "C:/venv/Lib/site-packages/dbt_dedup/dbt_package",
        ),
        (r"\\server\share\dbt_dedup", r"\\server\share\crm", "//server/share/dbt_dedup"),
    ],
)
def test_a_project_on_windows_names_the_package_with_slashes(package: str, project: str, expected: str) -> None:
    assert package_path(PureWindowsPath(package), PureWindowsPath(project)) == expected


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (r"C:\crm\data\people.csv", "data/people.csv"),
        (r"c:\CRM\people.csv", "people.csv"),
        (r"D:\people.csv", "D:/people.csv"),
        (r"\\server\share\people.csv", "//server/share/people.csv"),
    ],
)
def test_a_model_on_windows_names_its_file_with_slashes(file: str, expected: str) -> None:
    assert shown_path(PureWindowsPath(file), PureWindowsPath(r"C:\crm")) == expected


def test_a_project_file_with_line_ends_of_windows_keeps_them(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    file = write_people(folder / "people.csv")
    before = b"name: shop\r\nversion: 1.0.0\r\nprofile: shop\r\n\r\nvars:\r\n  day: 1  # kept\r\n"
    (folder / "dbt_project.yml").write_bytes(before)
    (folder / "packages.yml").write_bytes(b"packages:\r\n  - local: ../dbt_other # ours\r\n")
    write_yaml(folder / "profiles.yml", {"shop": {"target": "dev", "outputs": {"dev": output(folder)}}})
    write_yaml(tmp_path / "dbt_other/dbt_project.yml", {"name": "other", "version": "1.0.0"})
    init(folder, "people", "--input", str(file), "--no-train")
    after = (folder / "dbt_project.yml").read_bytes()
    assert after.startswith(before.rstrip())
    packages = (folder / "packages.yml").read_bytes()
    assert packages.startswith(b"packages:\r\n  - local: ../dbt_other # ours\r\n  - local: ")
    for content in (after, packages):
        assert content.count(b"\n") == content.count(b"\r\n") > 1
    assert "dedup_entities" in yaml.safe_load(after)["vars"]
