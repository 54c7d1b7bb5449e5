"""How `dbt-dedup init` reads a file, of any layout, without a project."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from dbt_dedup.errors import DedupError
from dbt_dedup.scaffold.table_input import FileInput, RelationInput, file_input, sources_text

ROWS = "id,name,city\n1,Ann,Rome\n2,Bo,Oslo\n"


def rows(folder: Path, content: bytes | str, name: str = "people.csv") -> list[tuple[object, ...]]:
    file = folder / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    with file_input(file, "people").read() as relation:
        return [tuple(relation.columns), *relation.fetchall()]


TABLE = [("id", "name", "city"), ("1", "Ann", "Rome"), ("2", "Bo", "Oslo")]


@pytest.mark.parametrize(
    "content",
    [
        ROWS,
        ROWS.replace(",", ";"),
        ROWS.replace(",", "\t"),
        ROWS.replace(",", "|"),
        ROWS.replace("\n", "\r\n"),
        codecs.BOM_UTF8 + ROWS.encode(),
        codecs.BOM_UTF16_LE + ROWS.encode("utf-16-le"),
        "sep=;\n" + ROWS.replace(",", ";"),
        "SEP=,\r\n" + ROWS.replace("\n", "\r\n"),
    ],
)
def test_a_table_is_the_same_in_any_layout(tmp_path: Path, content: bytes | str) -> None:
    assert rows(tmp_path, content) == TABLE


def test_values_are_the_text_of_the_file(tmp_path: Path) -> None:
    assert rows(tmp_path, 'id,name\n007," a, b"\n1.0,\n')[1:] == [("007", " a, b"), ("1.0", None)]
    assert rows(tmp_path, "id,name\n1,Müller\n".encode("latin-1"))[1:] == [("1", "Müller")]
    assert rows(tmp_path, "id,name\n" + "1,x\n" * 300_000 + "2,é\n")[-1] == ("2", "é")
    late = ("id,name\n" + "1,x\n" * 300_000).encode() + "2,é\n".encode("latin-1")
    assert rows(tmp_path, late)[-1] == ("2", "é")


def test_names_that_mean_something_are_a_header_if_they_are_half_of_the_first_line(tmp_path: Path) -> None:
    assert rows(tmp_path, "first_name,qqq\nAnn,Rome\nBo,Oslo\n")[0] == ("first_name", "qqq")


def test_lines_that_end_early_are_filled_and_longer_ones_are_named(tmp_path: Path) -> None:
    assert rows(tmp_path, "id,name,city\n1,Ann\n2,Bo,Oslo\n")[1:] == [("1", "Ann", None), ("2", "Bo", "Oslo")]
    with pytest.raises(DedupError, match=r"line 3: 4 values where the first line has 3\. Put values that contain"):
        rows(tmp_path, ROWS.replace("Oslo", "Oslo,x"))
    with pytest.raises(DedupError, match=r"line 4: 4 values where the first line has 3"):
        rows(tmp_path, "sep=,\n" + ROWS.replace("Oslo", "Oslo,x"))


def test_a_quotation_mark_that_nothing_closes_is_named(tmp_path: Path) -> None:
    with pytest.raises(DedupError, match="quotation mark"):
        rows(tmp_path, 'id,name\n1,Ann\n2,"Bo\n3,Cy\n')


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", b"", "is empty"),
        ("a.csv", b"\x1f\x8bxx", r"is a gzip file. Unpack it, and name the file in it."),
        ("a.csv", b"PK\x03\x04", "is an Excel workbook or a ZIP file"),
        ("a.csv", b"PAR1", r"is a Parquet file. Let its name end in .parquet"),
        ("a.csv", b" <!DOCTYPE html>", "is a web page or XML"),
        ("a.csv", b"a\x00b,c\n", "has many zero bytes"),
        ("a.csv.gz", b"x", r"a.csv.gz is compressed. Unpack it"),
        ("a.xlsx", b"x", "is neither a CSV file"),
        ("a.parquet", b"x", "cannot be read as a table"),
    ],
)
def test_what_is_no_table_is_named(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    with pytest.raises(DedupError, match=message):
        rows(tmp_path, content, name)


def test_a_zero_byte_in_ten_is_none_too_many(tmp_path: Path) -> None:
    assert rows(tmp_path, b"id,n\n1,a\x00\n")[0] == ("id", "n")


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DedupError, match="is a folder: name one file in it"):
        file_input(tmp_path, "people")
    with pytest.raises(DedupError, match="There is no file"):
        file_input(tmp_path / "none.csv", "people")


def test_the_model_of_a_file_reads_it_and_makes_an_id_where_it_has_none(tmp_path: Path) -> None:
    found = FileInput(tmp_path / "it's\\a.csv", "raw_people", "read_csv({path}, header = true)", "* rename (a as b)")
    plain = found.model_text(tmp_path, False)
    assert plain.splitlines()[0] == "{{ config(materialized='table') }}"
    assert plain.splitlines()[-1] == (
        "select * rename (a as b) from read_csv('{{ dbt_dedup.project_file(\"it''s\\\\a.csv\") }}', header = true)"
    )
    with_id = found.model_text(tmp_path, True)
    assert "row_number() over (partition by digest) as dedup_record_id," in with_id
    assert with_id.count("select * rename (a as b) from read_csv(") == 1
    assert "digest" not in plain


def test_a_table_of_the_database_is_declared_as_a_source() -> None:
    text = sources_text(RelationInput(["raw", "people"], '"raw"."people"', "raw"))
    assert "  - name: raw\n    schema: raw\n" in text
    assert "      - name: people\n" in text
