"""The table that an entity reads: a file, or a relation of the project or its database."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path, PurePath
from typing import Any, TextIO

from dbt_dedup.errors import DedupError
from dbt_dedup.files import explained_csv
from dbt_dedup.guess.columns import quote
from dbt_dedup.guess.names import meanings_of
from dbt_dedup.guess.proposal import GENERATED_ID
from dbt_dedup.warehouse import DbtProject

CSV, PARQUET = (".csv", ".tsv", ".txt", ".psv"), (".parquet", ".pq")
COMPRESSED = (".gz", ".zip", ".zst", ".bz2", ".xz", ".7z")
_CHUNK = 1 << 20
BOM = "\ufeff"
UNPACK = "Unpack it, and name the file in it."
SAVE = "Save it as CSV in UTF-8."
# files that some call .csv, by the bytes that they begin with, and what to do with them
NO_TEXT: tuple[tuple[bytes, str, str], ...] = (
    (b"\x1f\x8b", "a gzip file", UNPACK),
    (b"\x28\xb5\x2f\xfd", "a Zstandard file", UNPACK),
    (b"BZh", "a bzip2 file", UNPACK),
    (b"\xfd7zXZ", "an xz file", UNPACK),
    (b"PK\x03\x04", "an Excel workbook or a ZIP file", "Save the sheet as CSV in UTF-8, or unpack the file."),
    (b"\xd0\xcf\x11\xe0", "an Excel workbook of an old version", "Save the sheet as CSV in UTF-8."),
    (b"PAR1", "a Parquet file", "Let its name end in .parquet."),
    (b"%PDF", "a PDF file", SAVE),
    (codecs.BOM_UTF32_LE, "text in UTF-32", SAVE),
    (codecs.BOM_UTF32_BE, "text in UTF-32", SAVE),
)
WEB_PAGE = re.compile(rb"\s*<(!doctype\s+html|html|\?xml)\b", re.IGNORECASE)
MOST_ZEROS = 0.1  # share of zero bytes in the beginning of a file
SEPARATOR_LINE = re.compile(r"sep=(.)\s*", re.IGNORECASE)  # what spreadsheets write above the names of the columns


@dataclass(frozen=True)
class FileInput:
    """A CSV or Parquet file, which a model of the project reads.

    Attributes:
        path: of the file.
        name: of the model.
        call: how SQL reads the file, with `{path}` for the text of its path.
        columns: what is selected from it: `*`, or that with a name corrected.
    """

    path: Path
    name: str
    call: str
    columns: str = "*"

    def model_text(self, directory: Path, makes_id: bool) -> str:
        """The model that reads the file.

        Args:
            directory: of the project.
            makes_id: whether each record gets an id made of its values: equal records count up.
        """
        shown = shown_path(self.path, directory)
        literal = shown.replace("'", "''").replace("\\", "\\\\")
        call = self.call.replace("{path}", f"'{{{{ dbt_dedup.project_file(\"{literal}\") }}}}'")
        lines = [f"-- The records of {shown}, each value as the text that the file has.", ""]
        if makes_id:
            lines += [
                "with",
                "",
                "records as (",
                f"    select {self.columns} from {call}",
                "),",
                "",
                "digested as (",
                "    select",
                "        *,",
                "        md5(cast(records as varchar)) as digest",
                "    from records",
                ")",
                "",
                "-- no column identifies a record: its id comes from its values, and equal records are counted",
                "select",
                f"    digest || '-' || row_number() over (partition by digest) as {GENERATED_ID},",
                "    * exclude (digest)",
                "from digested",
            ]
        else:
            lines.append(f"select {self.columns} from {call}")
        return "\n".join(["{{ config(materialized='table') }}", "", *lines]) + "\n"

    @contextmanager
    def read(self) -> Iterator[Any]:
        """The records as a DuckDB relation.

        Raises:
            DedupError: the file cannot be read as a table.
        """
        import duckdb

        with duckdb.connect() as connection:
            call = self.call.replace("{path}", _literal(self.path))
            try:  # a broken line shows when it is read
                yield connection.query(f"select {self.columns} from {call}")
            except duckdb.Error as error:
                raise DedupError(_unreadable(self.path, str(error))) from error


@dataclass(frozen=True)
class RelationInput:
    """A model, seed, snapshot or source of a dbt project, or a table of its database.

    Attributes:
        declared: as the key `input` of the spec has it: a name, or source and table.
        relation: its quoted name in the database.
        schema: of a table of the database that no source declares yet; else None.
    """

    declared: str | list[str]
    relation: str
    schema: str | None = None


def shown_path(path: PurePath, directory: PurePath) -> str:
    """A path as the files of a project write it: with slashes, and relative if it lies in the project's folder."""
    return (path.relative_to(directory) if path.is_relative_to(directory) else path).as_posix()


def file_input(path: Path, entity: str) -> FileInput:
    """Find out how a file has to be read.

    Raises:
        DedupError: it is missing or empty, or of a kind that is not read.
    """
    path, name = path.resolve(), f"raw_{entity}"
    if path.is_dir():
        raise DedupError(f"{path} is a folder: name one file in it.")
    if not path.is_file():
        raise DedupError(f"There is no file {path}.")
    if path.suffix.lower() in PARQUET:
        return FileInput(path, name, "read_parquet({path})")
    if path.suffix.lower() in COMPRESSED:
        raise DedupError(f"{path.name} is compressed. {UNPACK}")
    if path.suffix.lower() not in CSV:
        raise DedupError(
            f"{path.name} is neither a CSV file ({', '.join(CSV)}) nor a Parquet file ({', '.join(PARQUET)})."
            " Save it as one of them."
        )
    if not path.stat().st_size:
        raise DedupError(f"{path} is empty.")
    return FileInput(path, name, *_csv_call(path))


def _csv_call(path: Path) -> tuple[str, str]:
    """How SQL reads a CSV file, and what it selects. The layout is written down, so that later lines cannot change it.

    Raises:
        DedupError: a file that is no text, lines of different length, or a quotation mark that is never closed.
    """
    import duckdb

    encoding, literal = _encoding(path), _literal(path)
    given = _separator_line(path, encoding)
    delimiter, quotation, escape, has_header, skipped, is_strict = _layout(path, encoding, given)
    above = 1 if given else 0
    names = _first_line(path, encoding, delimiter, above)
    known = sum(1 for name in names if meanings_of(name))
    has_header = has_header or known * 2 >= len(names) or not any(names)
    has_short_lines = _check_lengths(path, encoding, delimiter, len(names), above)
    options = {
        "all_varchar": "true",
        "header": "true" if has_header else "false",
        "delim": _literal(delimiter),
        # quotation marks may come later than the lines that were looked at
        "quote": _literal(quotation) if _is_given(quotation) else _literal('"'),
        "escape": _literal(escape) if _is_given(escape) else _literal('"'),
        **({"skip": str(skipped)} if skipped else {}),
        **({"encoding": _literal(encoding)} if encoding != "utf-8" else {}),
        **({} if is_strict else {"strict_mode": "false"}),
        # lines that end early; one thread then, because several would mistake line ends inside quotation marks
        **({"null_padding": "true", "parallel": "false"} if has_short_lines else {}),
    }
    call = f"read_csv({{path}}, {', '.join(f'{key} = {value}' for key, value in options.items())})"
    with duckdb.connect() as connection:
        try:
            first = connection.query(f"select * from {call.replace('{path}', literal)}").columns[0]
        except duckdb.Error as error:
            raise DedupError(_unclosed(path, encoding, delimiter) or _unreadable(path, str(error))) from error
    # DuckDB takes the byte order mark of UTF-16 for a part of the first name
    has_mark = first.startswith(BOM)
    return call, f"* rename ({quote(first)} as {quote(first.lstrip(BOM))})" if has_mark else "*"


def _layout(path: Path, encoding: str, given: str) -> tuple[str, object, object, bool, int, bool]:
    """Delimiter, quotation mark, escape, whether there is a header, lines to skip, and whether the reader is strict.

    A strict reader takes no file whose lines end in different ways.

    Args:
        path: of the file.
        encoding: of the file.
        given: the delimiter that the first line of the file names; empty if it names none.
    """
    import duckdb

    found = f", delim = {_literal(given)}, skip = 1" if given else ""
    with duckdb.connect() as connection:
        refused = None
        for is_strict in (True, False):
            try:
                ((delimiter, *others),) = connection.query(
                    "select Delimiter, Quote, Escape, HasHeader, SkipRows"
                    f" from sniff_csv({_literal(path)}, all_varchar = true, encoding = '{encoding}',"
                    f" ignore_errors = true, strict_mode = {str(is_strict).lower()}{found})"
                ).fetchall()
            except duckdb.Error as error:
                refused = refused or error
            else:
                quotation, escape, has_header, skipped = others
                return str(delimiter), quotation, escape, bool(has_header), int(skipped), is_strict
    raise DedupError(_unreadable(path, str(refused))) from refused


def _separator_line(path: Path, encoding: str) -> str:
    """The delimiter that the first line names, as in `sep=;`; empty if it names none."""
    with _opened(path, encoding) as file:
        named = SEPARATOR_LINE.fullmatch(file.readline(20).lstrip(BOM))
    return named[1] if named else ""


def _rows(file: TextIO, delimiter: str, above: int, *, strict: bool = False) -> Any:
    """A reader of the lines below the first `above`."""
    for _ in range(above):
        file.readline()
    return csv.reader(file, delimiter=delimiter, strict=strict)


def _first_line(path: Path, encoding: str, delimiter: str, above: int) -> list[str]:
    """The values of the first line of the table."""
    with explained_csv(path), _opened(path, encoding) as file:
        return [value.strip() for value in next(_rows(file, delimiter, above), [])]


def _check_lengths(path: Path, encoding: str, delimiter: str, expected: int, above: int) -> bool:
    """Whether some lines have fewer values than the first; their missing values are null.

    Raises:
        DedupError: a line has more values than the first.
    """
    has_short_lines = False
    with explained_csv(path), _opened(path, encoding) as file:
        reader = _rows(file, delimiter, above)
        for row in reader:
            has_short_lines = has_short_lines or 0 < len(row) < expected
            if len(row) > expected and any(row[expected:]):
                raise DedupError(_too_many(path, reader.line_num + above, len(row), expected))
    return has_short_lines


def _unclosed(path: Path, encoding: str, delimiter: str) -> str:
    """What is wrong with a file that ends inside quotation marks; empty if it does not."""
    with _opened(path, encoding) as file:
        reader, start = _rows(file, delimiter, 0, strict=True), 1
        try:
            for _ in reader:
                start = reader.line_num + 1
        except csv.Error as error:
            if "unexpected end of data" in str(error):
                return (
                    f"{path}, line {start}: a quotation mark opens a value and none closes it. Close it, or double it"
                    " if it is a part of the text."
                )
    return ""


def _opened(path: Path, encoding: str) -> TextIO:
    return path.open(encoding="utf-8-sig" if encoding == "utf-8" else encoding, errors="replace", newline="")


def _encoding(path: Path) -> str:
    """The encoding of a file, as DuckDB calls it: UTF-8 where every byte fits, UTF-16 where the file says so.

    Raises:
        DedupError: the file is no text, or no table.
    """
    with path.open("rb") as file:
        start = file.read(_CHUNK)
        for beginning, kind, way_out in NO_TEXT:
            if start.startswith(beginning):
                raise DedupError(f"{path} is {kind}. {way_out}")
        if WEB_PAGE.match(start):
            raise DedupError(f"{path} is a web page or XML, not a table: look at what was downloaded or exported.")
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        if start.count(0) > MOST_ZEROS * len(start):
            raise DedupError(
                f"{path} has many zero bytes: it is no text, or UTF-16 without the mark that says so. {SAVE}"
            )
        decoder = codecs.getincrementaldecoder("utf-8")()
        file.seek(0)
        try:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "latin-1"
    return "utf-8"


def _is_given(sign: object) -> bool:
    """Whether a sign of the layout was found in the file."""
    return sign not in (None, "", "\x00", "(empty)")


def _literal(value: object) -> str:
    return "'\\t'" if value == "\t" else "'" + str(value).replace("'", "''") + "'"


def _unreadable(path: Path, error: str) -> str:
    """What DuckDB says of a file, in short."""
    line = re.search(r"Line: (\d+)", error)
    found = re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", error)
    if line and found:
        return _too_many(path, line[1], found[2], found[1])
    return f"{path} cannot be read as a table: {error.splitlines()[0]}" + (f" (line {line[1]})" if line else "")


def _too_many(path: Path, line: object, found: object, expected: object) -> str:
    return (
        f"{path}, line {line}: {found} values where the first line has {expected}. Put values that contain the"
        " separator into quotation marks, or correct the line. Remove lines above the names of the columns."
    )


def relation_input(project: DbtProject, given: str, directory: Path) -> RelationInput:
    """Find a table that the user names: a model, seed or snapshot, a source, or a table of the database.

    Raises:
        DedupError: nothing has the name.
    """
    manifest = project.manifest
    names = {node.name: node for node in manifest.nodes.values() if node.resource_type in ("model", "seed", "snapshot")}
    if given in names:
        return RelationInput(given, str(names[given].relation_name))
    sources = {f"{node.source_name}.{node.name}": node for node in manifest.sources.values()}
    matching = [name for name in sources if given in (name, name.partition(".")[2])]
    if len(matching) == 1:
        node = sources[matching[0]]
        return RelationInput([node.source_name, node.name], str(node.relation_name))
    schema, _, table = given.rpartition(".")
    tables = _tables(project)
    in_database = [(s, t) for s, t in tables if t == table and (not schema or s == schema)]
    if len(in_database) == 1:
        ((found_schema, found_table),) = in_database
        return RelationInput([found_schema, found_table], f"{quote(found_schema)}.{quote(found_table)}", found_schema)
    known = [*names, *sources, *(f"{s}.{t}" for s, t in tables)]
    raise DedupError(_unknown_table(given, known, directory))


def _tables(project: DbtProject) -> list[tuple[str, str]]:
    """Schema and name of the tables and views of the database; none where there is no database yet."""
    if project.has_database_file and not project.database.is_file():
        return []
    with project.connect() as cursor:
        found: list[tuple[str, str]] = cursor.query(
            "select schema_name, table_name from (select schema_name, table_name from duckdb_tables() union all"
            " select schema_name, view_name from duckdb_views() where not internal)"
        ).fetchall()
    return found


def _unknown_table(given: str, known: Sequence[str], directory: Path) -> str:
    nearest = get_close_matches(given, known, n=1, cutoff=0.5)
    hint = f" Did you mean {nearest[0]}?" if nearest else ""
    return (
        f"--input {given}: the project in {directory} has no model, seed, snapshot or source of that name, its"
        f" database no such table, and there is no such file.{hint}"
    )


def sources_text(found: RelationInput) -> str:
    """YAML that declares a table of the database as a source."""
    assert not isinstance(found.declared, str)
    schema, table = found.declared
    return (
        "sources:\n"
        f"  - name: {schema}\n"
        f"    schema: {schema}\n"
        "    description: Tables that dbt_dedup reads.\n"
        "    tables:\n"
        f"      - name: {table}\n"
        "        description: Records that may be duplicates of each other.\n"
    )
