"""The look-up: a new record finds what a build with it would find, and bad input gets one clear message."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from click.testing import CliRunner
from project import Project, copy_reference_project

from dbt_dedup.cli import main
from dbt_dedup.errors import DedupError
from dbt_dedup.lookup import Finder
from dbt_dedup.lookup.plain import for_plain_text, is_plain
from dbt_dedup.lookup.values import InputColumns, read_values
from dbt_dedup.warehouse import DbtProject

COLUMNS = InputColumns(
    "shops", "shop_id", "source", {"name": ["name"], "town": ["city"], "place": ["lat", "long"]}, {"name": "country"}
)
PAIRS = """
    select l.record_id, r.record_id, pair_scores.match_probability, candidate_pairs.rule_mask
    from int_customers__candidate_pairs as candidate_pairs
    inner join int_customers__pair_scores as pair_scores using (record_key_l, record_key_r)
    inner join int_customers__keyed_records as l on candidate_pairs.record_key_l = l.record_key
    inner join int_customers__keyed_records as r on candidate_pairs.record_key_r = r.record_key
"""
IDENTICAL = 1 << 5  # the bit after those of the five blocking rules


@pytest.fixture(scope="module")
def finder(demo: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Finder]:
    """One for all tests, on a copy: DuckDB opens a file in a process in one way only."""
    copy = demo.copied_to(tmp_path_factory.mktemp("finder"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEDUP_DATABASE", str(copy.database))
        finder = Finder(DbtProject(demo.folder), "customers")
    with finder:
        yield finder


@pytest.fixture(scope="module")
def raw(demo: Project) -> list[dict[str, Any]]:
    """Every 40th record that represents itself, as its source wrote it."""
    rows = demo.dicts("""
        select raw_customers.* exclude (updated_at)
        from raw_customers
        inner join int_customers__keyed_records as records on raw_customers.customer_id = records.record_id
        where records.record_key = records.representative_key
        order by customer_id
    """)
    return rows[::40]


def test_a_record_of_the_build_finds_the_very_pairs_that_the_build_scored(
    demo: Project, finder: Finder, raw: list[dict[str, Any]]
) -> None:
    built: dict[str, dict[str, float]] = {}
    for left, right, probability, rules in demo.rows(PAIRS):
        if not rules & IDENTICAL:
            built.setdefault(left, {})[right] = built.setdefault(right, {})[left] = probability
    compared = 0
    for row in raw:
        pairs = finder.compare(row).to_pylist()
        (itself,) = (pair for pair in pairs if pair["record_id_l"] == row["customer_id"])
        assert itself["is_identical"]
        found = {
            pair["record_id_l"]: pair["match_probability"]
            for pair in pairs
            if pair["proposed_by"] and not pair["is_identical"] and pair["match_probability"] >= finder._spec.floor
        }
        expected = built.get(row["customer_id"], {})
        assert found == pytest.approx(expected, abs=1e-12)
        compared += len(expected)
    assert compared > 40


def test_a_record_of_the_build_is_a_match_for_its_own_entity(
    demo: Project, finder: Finder, raw: list[dict[str, Any]]
) -> None:
    entity_of = dict(demo.rows("select record_id, entity_id from customers_crosswalk"))
    for row in raw:
        lookup = finder.find(row)
        matching = [entity.entity_id for entity in lookup.entities if entity.decision == "match"]
        assert entity_of[row["customer_id"]] in matching
        assert lookup.decision == ("match" if len(matching) == 1 else "several_entities_match")
        assert lookup.entities[0].values.keys() == {field.name for field in finder._spec.fields}


def test_records_taken_out_are_found_again(demo: Project, tmp_path: Path, raw: list[dict[str, Any]]) -> None:
    members: dict[str, set[str]] = {}
    for record, entity in demo.rows("select record_id, entity_id from customers_crosswalk"):
        members.setdefault(entity, set()).add(record)
    home = {record: entity for entity, records in members.items() for record in records}
    taken = [row for row in raw if len(members[home[row["customer_id"]]]) > 1]
    ids = ", ".join(f"'{row['customer_id']}'" for row in taken)
    less = demo.copied_to(tmp_path)
    less.change(f"delete from raw_customers where customer_id in ({ids})")
    less.dbt("run")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEDUP_DATABASE", str(less.database))
        with Finder(DbtProject(demo.folder), "customers") as finder:
            found = [finder.find(row) for row in taken]
    at_home = [
        lookup.decision == "match"
        and lookup.entities[0].best_record_id in members[home[row["customer_id"]]] - {row["customer_id"]}
        for row, lookup in zip(taken, found, strict=True)
    ]
    assert len(taken) > 20
    assert sum(at_home) >= len(taken) - 2  # the model and the counts of 3,000 records are all but the same


def test_what_find_is_given_and_what_it_says(finder: Finder, raw: list[dict[str, Any]]) -> None:
    row = raw[5]
    long = finder.find({**row, "street": "x" * 100_000})
    assert long.decision == "match"
    unusable = finder.find({**row, "email": "none@", "birth_date": "1900-01-01"})
    assert set(unusable.unusable) == {"email", "birth_date"}
    assert "Not compared: email" in str(unusable)
    nobody = finder.find({"given_name": "Zzyzx", "family_name": "Qwertzuiop", "postcode": "99999"})
    assert (nobody.decision, nobody.entities) == ("no_match", ())
    assert finder.find({"given_name": row["given_name"]}).decision == "no_match"  # a rule needs more
    assert json.loads(json.dumps(long.to_dict()))["entities"][0]["decision"] == "match"
    same = finder.find({key.upper(): value for key, value in row.items()})
    assert same == finder.find(row)


def test_a_copy_is_found_although_no_blocking_rule_has_a_key_for_it(demo: Project, tmp_path: Path) -> None:
    """The names of a record of the demo, and nothing else, are put in as a record of its own."""
    changed = demo.copied_to(tmp_path)
    ((record,),) = demo.rows(
        "select min(record_id) from int_customers__keyed_records where record_key = representative_key"
    )
    changed.change(f"""
        update int_customers__keyed_records set birth_date = null, email = null, phone = null, street = null,
            city = null, postcode = null, given_name = 'maximiliane', family_name = 'obergruber'
        where record_id = '{record}'
    """)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEDUP_DATABASE", str(changed.database))
        with Finder(DbtProject(demo.folder), "customers") as finder:
            pairs = finder.compare({"given_name": "Maximiliane", "family_name": "Obergruber"}).to_pylist()
    assert [pair["record_id_l"] for pair in pairs if pair["is_identical"]] == [record]


def test_plain_text_is_read_as_all_text_is(demo: Project, finder: Finder) -> None:
    standardizer = finder._standardizer
    rows = demo.dicts("select * exclude (updated_at) from raw_customers order by customer_id")[::25]
    compared = 0
    for row in rows:
        given = finder._columns.row(row)
        finder._steps.provide("input", pa.Table.from_pylist([given], standardizer._schema))
        for name in standardizer._sql:
            texts = [given[column] for column in finder._columns.read_by(name)]
            if any(texts) and is_plain(texts):
                assert standardizer._read(name, True) == standardizer._read(name, False), texts
                compared += 1
    assert compared > 500
    assert all(r"\p{" not in sql for sql in standardizer._plain_sql.values())


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        (r"regexp_replace(a, '[^\p{L}\p{N}]+', '')", r"regexp_replace(a, '[^a-zA-Z0-9]+', '')"),
        (r"regexp_matches(a, '^\p{L}[]\p{L}]\p{Lu}')", r"regexp_matches(a, '^[a-zA-Z][]a-zA-Z][A-Z]')"),
        (r"-- don't \p{L}", r"-- don't \p{L}"),
        (r"'it''s \[\p{L}' || a[1]", r"'it''s \[[a-zA-Z]' || a[1]"),
        (r"'\p{Thai}\p{L}'", r"'\p{Thai}\p{L}'"),
        (r"'[\p{L}'", r"'[\p{L}'"),
    ],
)
def test_patterns_for_plain_text(sql: str, expected: str) -> None:
    assert for_plain_text(sql) == expected
    assert not is_plain(["M&uuml;ller"])
    assert not is_plain(["Müller", None])
    assert is_plain(["O'Neil", None])


def test_a_never_rule_keeps_a_record_out(finder: Finder, demo: Project) -> None:
    row = demo.dicts("""
        select raw_customers.* exclude (updated_at)
        from raw_customers
        inner join int_customers__keyed_records as records on raw_customers.customer_id = records.record_id
        where family_name__generation = 'jr' and email__local is not null
        order by customer_id limit 1
    """)[0]
    found = finder.find({**row, "family_name": row["family_name"].lower().replace("jr", "III")})
    by_id = {entity.best_record_id: entity for entity in found.entities}
    assert any(entity.ruled_out_by == "never other_generation" for entity in by_id.values())
    assert all(entity.decision == "no_match" for entity in by_id.values() if entity.ruled_out_by)


def test_a_source_without_duplicates_and_large_blocks(
    demo: Project, finder: Finder, tmp_path: Path, raw: list[dict[str, Any]]
) -> None:
    ((email, of_two),) = demo.rows("""
        select any_value(email), list(record_id order by record_id)
        from int_customers__keyed_records
        where record_key = representative_key
        group by email
        having count(*) = 2
        order by 1 limit 1
    """)
    proposed = {pair["record_id_l"] for pair in finder.compare({"email": email}).to_pylist() if pair["proposed_by"]}
    assert proposed == set(of_two)
    folder = copy_reference_project(tmp_path / "changed")
    settings = folder / "dbt_project.yml"
    spec = "      max_block_size: 2\n      duplicate_free: [crm]\n      fields:"
    settings.write_text(settings.read_text().replace("      fields:", spec, 1))
    row = next(row for row in raw if row["source_system"] == "crm")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEDUP_DATABASE", str(demo.copied_to(tmp_path / "database").database))
        with Finder(DbtProject(folder), "customers") as changed:
            assert len(changed.compare({"email": email})) == 0  # with the new record the block is too large
            entity = changed.find(row).entities[0]
            assert entity.is_identical
            assert (entity.decision, entity.ruled_out_by) == ("no_match", "duplicate_free crm")


def test_the_macro_finds_what_python_finds(
    demo: Project, finder: Finder, raw: list[dict[str, Any]], tmp_path: Path
) -> None:
    folder = copy_reference_project(tmp_path / "in_sql")
    ids = [row["customer_id"] for row in raw[:12]]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEDUP_DATABASE", str(demo.database))
        CliRunner().invoke(main, ["compile", "customers", "--project-dir", str(folder)], catch_exceptions=False)
    quoted = ", ".join(f"'{record}'" for record in ids)
    (folder / "models/newcomers.sql").write_text(
        f"select * from {{{{ ref('raw_customers') }}}} where customer_id in ({quoted})"
    )
    (folder / "models/found.sql").write_text(
        "{{ config(group='customers') }}{{ dbt_dedup.find('customers', ref('newcomers')) }}"
    )
    project = Project(folder, demo.copied_to(tmp_path / "database").database)
    project.dbt("run", "--select", "newcomers", "found")
    rows = project.dicts("select * from found")
    assert {row["record_id"] for row in rows} == set(ids)
    for record in raw[:12]:
        expected = finder.find(record).entities
        of_macro = [row for row in rows if row["record_id"] == record["customer_id"]]
        of_macro.sort(key=lambda row: (-row["match_probability"], -row["best_match_probability"], row["entity_id"]))
        for entity, row in zip(expected, of_macro, strict=True):
            assert row["match_probability"] == pytest.approx(entity.match_probability, abs=1e-9)
            for column in ("entity_id", "decision", "best_record_id", "reasons_for", "reasons_against", "proposed_by"):
                assert row[column] == getattr(entity, column)


def test_the_command(demo: Project, finder: Finder, raw: list[dict[str, Any]], tmp_path: Path) -> None:
    options = ["--project-dir", str(demo.folder)]
    given = [f"{name}={value}" for name, value in raw[3].items() if value is not None]
    as_text = CliRunner().invoke(main, ["find", "customers", *given, *options], catch_exceptions=False)
    assert as_text.output.strip() == str(finder.find(raw[3]))
    file = tmp_path / "new.csv"
    with file.open("w", newline="") as opened:
        writer = csv.DictWriter(opened, raw[3].keys())
        writer.writeheader()
        writer.writerows(raw[3:5])
    as_json = CliRunner().invoke(
        main, ["find", "customers", "--values", str(file), "--json", *options], catch_exceptions=False
    )
    assert json.loads(as_json.output) == [finder.find(row).to_dict() for row in raw[3:5]]


def test_tables_of_another_model_are_refused(demo: Project, tmp_path: Path) -> None:
    other = demo.copied_to(tmp_path)
    other.change("update int_customers__pair_scores_python set model_version = 'additive-00000000'")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEDUP_DATABASE", str(other.database))
        with pytest.raises(DedupError, match=r"were built with model additive-00000000, and .* is in production"):
            Finder(DbtProject(demo.folder), "customers")


def test_a_database_without_tables_or_open_elsewhere_is_named(demo: Project, tmp_path: Path) -> None:
    import duckdb

    empty = tmp_path / "empty.duckdb"
    duckdb.connect(str(empty)).close()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEDUP_DATABASE", str(empty))
        with pytest.raises(DedupError, match=r"The tables of 'customers' are not built, .* Run `dbt build`."):
            Finder(DbtProject(demo.folder), "customers")
        writer = f"import duckdb, sys; c = duckdb.connect({str(empty)!r}); print('open', flush=True); sys.stdin.read()"
        with subprocess.Popen(
            [sys.executable, "-c", writer], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout
            assert process.stdout.readline() == "open\n"
            with pytest.raises(DedupError, match="If another process has it open, wait for its end"):
                Finder(DbtProject(demo.folder), "customers")


def test_a_closed_finder_says_so(demo: Project, raw: list[dict[str, Any]]) -> None:
    finder = Finder(DbtProject(demo.folder), "customers")
    finder.close()
    finder.close()
    with pytest.raises(DedupError, match="This Finder is closed"):
        finder.find(raw[0])


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({}, "No value to look up: give at least one of name, town, place."),
        ({"name": None, "town": "  ", "lat": float("nan")}, "No value to look up"),
        ({"source": "crm"}, "No value to look up"),
        ({"nmae": "Anna"}, "Unknown field 'nmae' of 'shops': it has .* Did you mean 'name'?"),
        ({"place": "1 2"}, "Field 'place' of 'shops' has several columns: give lat, long."),
        ({"town": "A", "city": "B"}, "'town' and 'city' are the same column of 'shops': give one."),
        ({"name": ["Anna"]}, "The value of 'name' is a list: give text, a number, a date or nothing."),
        ({"name": b"Anna"}, "The value of 'name' is a bytes"),
        ({"name": "\ud800"}, "The value of 'name' is no valid Unicode text"),
        (["Anna"], "A record to look up is a mapping of fields to values, found list."),
    ],
)
def test_values_that_no_record_has(values: Any, message: str) -> None:
    with pytest.raises(DedupError, match=message):
        COLUMNS.row(values)


def test_values_become_the_text_of_their_columns() -> None:
    row = COLUMNS.row({"NAME": 5, "town": True, "lat": 1.5, "country": "DE"})
    assert row.pop("shop_id") == "new record"
    assert {name: text for name, text in row.items() if text} == {
        "name": "5",
        "city": "true",
        "lat": "1.5",
        "country": "DE",
    }


@pytest.mark.parametrize(
    ("arguments", "content", "message"),
    [
        ([], None, "Give the values of a record as field=value"),
        (["name"], None, "'name' is no field=value"),
        (["name=A", "name=B"], None, "'name' is given twice"),
        ([], ("new.json", "[]"), "holds no record"),
        ([], ("new.json", "{"), "cannot be read"),
        ([], ("new.json", "[" * 100_000), "cannot be read"),
        ([], ("new.csv", "email,email\na@b.com,c@d.com\n"), "its header names email twice"),
        ([], ("new.csv", "name,town\nA\n"), "another number of values than the header"),
    ],
)
def test_records_that_cannot_be_read(
    arguments: list[str], content: tuple[str, str] | None, message: str, tmp_path: Path
) -> None:
    file = None
    if content:
        file = tmp_path / content[0]
        file.write_text(content[1])
    with pytest.raises(DedupError, match=message):
        read_values(arguments, file)
