"""What a look-up reads of a new record, and how it answers, without a warehouse."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from dbt_dedup.errors import DedupError
from dbt_dedup.lookup.finder import _worth_a_look
from dbt_dedup.lookup.found import LONGEST, FoundEntity, Lookup, overall_decision
from dbt_dedup.lookup.plain import for_plain_text, is_ascii, is_plain
from dbt_dedup.lookup.standardize import Standardizer
from dbt_dedup.lookup.steps import PreparedSteps
from dbt_dedup.lookup.values import InputColumns, read_values

COLUMNS = InputColumns(
    entity="shops",
    record_id="shop_id",
    source="origin",
    fields={"name": ["name"], "town": ["city"], "place": ["lat", "long"]},
    countries={"town": "country"},
)


def test_columns_are_named_once_and_a_field_is_read_by_its_own_and_its_country() -> None:
    assert COLUMNS.names == ("shop_id", "name", "city", "lat", "long", "origin", "country")
    assert COLUMNS.read_by("town") == ("city", "country")
    assert COLUMNS.read_by("place") == ("lat", "long")
    alone = InputColumns("shops", "id", None, {"id_too": ["id"], "name": ["name"]}, {"name": "name"})
    assert alone.names == ("id", "name")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Anna", "Anna"),
        ("  ", None),
        (None, None),
        (float("nan"), None),
        (0, "0"),
        (1.5, "1.5"),
        (True, "true"),
        (False, "false"),
        (Decimal("2.50"), "2.50"),
        (date(2020, 1, 31), "2020-01-31"),
        (datetime(2020, 1, 31, 7, 5), "2020-01-31 07:05:00"),
        (" a ", " a "),
    ],
)
def test_a_value_becomes_the_text_that_the_warehouse_would_write(value: Any, text: str | None) -> None:
    row = COLUMNS.row({"name": "x", "city": value})
    assert row["city"] == text
    assert (row["shop_id"], row["origin"], row["lat"]) == ("new record", None, None)
    assert COLUMNS.row({"name": "x", "shop_id": 7})["shop_id"] == "7"


def test_a_name_is_known_by_its_column_or_its_field_in_any_case() -> None:
    row = COLUMNS.row({"TOWN": "Graz", "Long": 3, "NAME": "x", "Origin": "web"})
    assert (row["city"], row["long"], row["name"], row["origin"]) == ("Graz", "3", "x", "web")
    with pytest.raises(DedupError, match=r"^Unknown field 'qqqq' of 'shops': it has name, town, place, .*country\.$"):
        COLUMNS.row({"qqqq": 1})
    with pytest.raises(DedupError, match="Did you mean 'town'"):
        COLUMNS.row({"Twon": 1})
    with pytest.raises(DedupError, match="Field 'place' of 'shops' has several columns: give lat, long"):
        COLUMNS.row({"PLACE": 1})


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"town": "A", "CITY": "B"}, "^'town' and 'CITY' are the same column of 'shops': give one.$"),
        (
            {"origin": "web", "shop_id": 3, "country": "AT"},
            "^No value to look up: give at least one of name, town, place",
        ),
        ({"name": " "}, "^No value to look up"),
        ({"name": object()}, "^The value of 'name' is a object: give text, a number, a date or nothing"),
        ({"name": "\ud800"}, "^The value of 'name' is no valid Unicode text: surrogates not allowed"),
        ([("name", "A")], "^A record to look up is a mapping of fields to values, found list"),
    ],
)
def test_a_record_needs_one_value_a_column_and_some_field(values: Any, message: str) -> None:
    with pytest.raises(DedupError, match=message):
        COLUMNS.row(values)


def test_values_are_given_as_arguments_or_in_a_file(tmp_path: Path) -> None:
    assert read_values(["name=A=B", "town="], None) == [{"name": "A=B", "town": ""}]
    for arguments, file in (([], None), (["name=A"], tmp_path / "new.csv")):
        with pytest.raises(DedupError, match="Give the values of a record as field=value arguments, or a file"):
            read_values(arguments, file)
    with pytest.raises(DedupError, match="'=A' is no field=value"):
        read_values(["=A"], None)


@pytest.mark.parametrize(
    ("name", "content", "records"),
    [
        ("one.json", '{"name": "A"}', [{"name": "A"}]),
        ("some.json", '[{"name": "A"}, {"name": 2}]', [{"name": "A"}, {"name": 2}]),
        ("some.CSV", '\ufeffname,town\nA,B\n"C\nD",E\n', [{"name": "A", "town": "B"}, {"name": "C\nD", "town": "E"}]),
    ],
)
def test_records_of_a_file(name: str, content: str, records: list[dict[str, Any]], tmp_path: Path) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    assert read_values([], tmp_path / name) == records


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.json", '[{"a": 1}, 2]', "holds no record"),
        ("a.json", "3", "holds no record"),
        ("a.csv", "name,town\n", "holds no record"),
        ("a.csv", "name,town\nA,B,C\n", "another number of values than the header"),
        ("a.csv", "name,name,town\nA,B,C\n", "its header names name twice"),
        ("missing.json", None, "cannot be read"),
    ],
)
def test_a_file_without_records_is_named(name: str, content: str | None, message: str, tmp_path: Path) -> None:
    if content:
        (tmp_path / name).write_text(content)
    with pytest.raises(DedupError, match=f"^{tmp_path / name} .*{message}"):
        read_values([], tmp_path / name)


def test_a_cell_may_be_long(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f"name\n{'x' * 200_000}\n")
    assert len(read_values([], tmp_path / "a.csv")[0]["name"]) == 200_000


@pytest.mark.parametrize(
    ("decisions", "decision"),
    [
        ([], "no_match"),
        (["no_match", "no_match"], "no_match"),
        (["review", "no_match"], "review"),
        (["match", "review"], "match"),
        (["match", "match", "review"], "several_entities_match"),
    ],
)
def test_what_the_decisions_on_entities_come_to(decisions: list[str], decision: str) -> None:
    assert overall_decision(decisions) == decision


def entity(**changes: Any) -> FoundEntity:
    given: dict[str, Any] = {
        "entity_id": "e1",
        "match_probability": 0.98765,
        "decision": "match",
        "ruled_out_by": None,
        "records_in_entity": 2,
        "best_record_id": "r7",
        "best_match_probability": 0.5,
        "is_identical": False,
        "reasons_for": "name +3.0",
        "reasons_against": "",
        "proposed_by": "name",
        "values": {"name": "Anna", "town": None, "born": date(2000, 1, 2)},
    }
    return FoundEntity(**{**given, **changes})


def test_an_answer_as_text() -> None:
    answer = Lookup("match", (entity(),), 0, {"town": "no_letters"}, "m1")
    assert str(answer).splitlines() == [
        "A build would put this record into one entity (match).",
        "Not compared: town (no_letters).",
        "",
        "e1  0.988  match, 2 records",
        "  name: Anna, born: 2000-01-02",
        "  most like r7 (0.500, by name)",
        "  for: name +3.0",
    ]
    other = entity(
        decision="no_match", ruled_out_by="never twins", is_identical=True, reasons_for="", reasons_against="born -2.0",
        proposed_by="", records_in_entity=1, values={"name": "x" * 80 + "\x1b"}, best_record_id="y" * LONGEST,
    )  # fmt: skip
    assert str(Lookup("no_match", (other,), 3, {}, "m1")).splitlines() == [
        "A build would make a new entity of this record (no match).",
        "",
        "e1  0.988  no match, 1 record",
        f"  name: {'x' * (LONGEST - 1)}…",
        f"  identical to {'y' * LONGEST} (0.500, by no blocking rule)",
        "  against: born -2.0",
        "  ruled out by: never twins",
        "",
        "3 less likely entities are left out.",
    ]
    several = Lookup("several_entities_match", (entity(), entity(), entity(decision="review")), 0, {}, "m1")
    assert str(several).startswith("2 entities match: a build would put this record into the first.")


def test_an_answer_as_values_that_json_can_hold() -> None:
    values = {"a": None, "b": 1.5, "c": date(2000, 1, 2), "d": [date(2000, 1, 2), "x"], "e": ("y", 2)}
    found = Lookup("match", (entity(values=values),), 1, {}, "m1").to_dict()
    assert json.loads(json.dumps(found)) == found
    assert found["entities"][0]["values"] == {
        "a": None,
        "b": 1.5,
        "c": "2000-01-02",
        "d": ["2000-01-02", "x"],
        "e": ["y", 2],
    }
    assert (found["decision"], found["more_entities"], found["model_version"]) == ("match", 1, "m1")


def test_text_is_plain_where_it_is_ascii_and_stands_for_itself() -> None:
    for text in ("M&uuml;ller", "a\\u00e4", "50%25", "XN--mller-kva.de", "Müller"):
        assert not is_plain(["Anna", text])
    assert is_plain(["Anna", None, "O'Neil"])
    assert is_plain([])
    assert is_ascii(pa.table({"a": ["x", None], "b": [["y"], ["z", None]], "n": [1, 2]}))
    assert not is_ascii(pa.table({"a": ["x", "y"], "b": [["y"], ["ü"]]}))
    assert not is_ascii(pa.table({"a": ["x", "ü"]}))


def test_patterns_with_a_class_inside_a_class_and_signs_that_are_escaped() -> None:
    assert for_plain_text(
        r"f(a, '[^\p{L}]\p{M}', b, '\]\p{Nd}')"
    ) == r"f(a, '[^a-zA-Z]\x{0301}', b, '\][0-9]')".replace(r"\x{0301}", r"[\x{0301}]")


def test_records_are_worth_a_look_in_a_small_block_or_where_every_block_is_shared() -> None:
    def looked_at(keys: list[tuple[int, int, int]], new_keys: int, most: int) -> list[int]:
        records, rules, hashes = zip(*keys, strict=True) if keys else ((), (), ())
        table = pa.table(
            {
                "record_key": pa.array(records, pa.int32()),
                "rule_id": pa.array(rules, pa.int32()),
                "key_hash": pa.array(hashes, pa.uint64()),
            }
        )
        found: list[int] = _worth_a_look(table, new_keys, most).to_pylist()
        return found

    keys = [(1, 0, 5), (2, 0, 5), (3, 0, 5), (4, 1, 5), (5, 1, 5), (3, 1, 6)]
    assert looked_at(keys, 9, 2) == [3, 4, 5]  # the first block has three records
    assert looked_at(keys, 9, 3) == [1, 2, 3, 4, 5]
    assert looked_at(keys, 2, 0) == [3]  # it shares both keys
    assert looked_at(keys, 1, 0) == [1, 2, 3, 4, 5]
    assert looked_at([], 2, 9) == []


def test_a_step_is_prepared_once_and_reads_what_is_provided_by_then() -> None:
    with duckdb.connect() as connection:
        steps = PreparedSteps(connection)
        steps.provide("values", pa.table({"n": [1, 2]}))
        assert steps.run("sum", "select sum(n)::int as total from dedup_find_values").to_pydict() == {"total": [3]}
        steps.provide("values", pa.table({"n": [5]}))
        assert steps.run("sum", "this is read no more").to_pydict() == {"total": [5]}
        ((setting,),) = connection.execute("select current_setting('disabled_optimizers')").fetchall()
        assert setting == ""


def standardizer(connection: duckdb.DuckDBPyConnection) -> Standardizer:
    columns = InputColumns("shops", "shop_id", None, {"name": ["name"], "town": ["city"]}, {"town": "country"})
    sql = {
        "name": "select shop_id as record_id, null::text as source, regexp_replace(lower(name), '[^\\p{L}]+', '', 'g')"
        " as name from dedup_find_input",
        "town": "select shop_id as record_id, null::text as source, concat(lower(city), country) as town"
        " from dedup_find_input",
    }
    return Standardizer(PreparedSteps(connection), sql, columns)


def test_a_record_is_standardized_field_by_field() -> None:
    with duckdb.connect() as connection:
        reader = standardizer(connection)
        assert reader.empty().num_rows == 0
        assert reader.empty().column_names == ["record_id", "source", "name", "town"]
        row = {"shop_id": "s1", "name": "An-na", "city": "Graz", "country": "AT"}
        found = {"record_id": ["s1"], "source": [None], "name": ["anna"], "town": ["grazAT"]}
        for _ in range(2):  # read, and kept
            assert reader.one(row).to_pydict() == found
        assert reader.one({**row, "name": "Än-na"}).to_pydict() == {**found, "name": ["änna"]}
        # the country alone may say something, so a town without text is read; a name is not
        assert reader.one({**row, "name": None, "city": None}).to_pydict() == {**found, "name": [None], "town": ["AT"]}
        assert reader.one({**row, "country": "DE"}).to_pydict() == {**found, "town": ["grazDE"]}


def test_no_more_texts_are_kept_than_some_thousands_and_no_long_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dbt_dedup.lookup.standardize.KEPT", 3)
    with duckdb.connect() as connection:
        reader = standardizer(connection)
        for number in range(5):
            reader.one({"shop_id": "s", "name": f"n{number}", "city": "a", "country": None})
        assert len(reader._kept) == 3
        reader.one({"shop_id": "s", "name": "x" * 201, "city": None, "country": None})
        assert not any(key[0] == "name" and len(key[1][0] or "") > 200 for key in reader._kept)
        reader.one({"shop_id": "s", "name": "x" * 200, "city": None, "country": None})
        assert any(key[1] == ("x" * 200,) for key in reader._kept)
