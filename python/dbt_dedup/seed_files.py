"""Seeds that commands write to: create the one that the spec names where the project has none."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from dbt_dedup.errors import DedupError
from dbt_dedup.files import append_text, csv_stream, explained_csv, locked, make_folder, read_text, replace_file
from dbt_dedup.warehouse import DbtProject
from dbt_dedup.words import counted

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
APPENDED = "appended"


def create_missing_seed(
    project: DbtProject, entity: str, key: str, columns: Sequence[str], description: str
) -> Path | None:
    """Create the seed that a key of the spec names if it is what keeps dbt from parsing the project.

    Args:
        project: the dbt project.
        entity: the entity.
        key: key of the spec, such as `labels`.
        columns: its columns, all of them text.
        description: of the seed, one sentence.

    Returns:
        The path of the CSV file; None if nothing was missing.

    Raises:
        DedupError: the project cannot be parsed for another reason, or what has the name of the seed is no file.
    """
    missing = project.missing_reference()
    if missing is None:
        return None
    if missing != project.declared(entity).get(key):
        _ = project.manifest  # raises dbt's error
        return None
    folder = project.seed_directory
    make_folder(folder)
    with locked(folder / f"{missing}.csv"):
        in_its_place = next(folder.rglob(f"{missing}.csv"), None)
        if in_its_place is None:
            return create_seed(folder, missing, columns, description)
    if project.missing_reference() == missing:
        raise DedupError(
            f"{in_its_place} is the {key} of entity {entity!r} and no file that dbt can read: remove it, or restore the"
            " file."
        )
    return None  # another process created it in the meantime


def create_seed(folder: Path, name: str, columns: Sequence[str], description: str) -> Path:
    """Write an empty seed and the YAML that makes every column text. Return the path of the CSV file.

    `dbt seed` fills a table that is there by the place of each column. A file with other columns, as colleagues send
    it, would not load, or load into the wrong ones: so the table is made anew each time.

    Where only the CSV file of a seed was lost, its YAML is kept.
    """
    if described := _described(folder, name):
        path = described.with_name(f"{name}.csv")
        replace_file(path, ",".join(columns) + "\n")
        return path
    make_folder(folder)
    types = "".join(f"        {column}: varchar\n" for column in columns)
    replace_file(
        folder / f"{name}.yml",
        f"seeds:\n  - name: {name}\n    description: {description}\n    config:\n      full_refresh: true\n"
        f"      column_types:\n{types}",
    )
    path = folder / f"{name}.csv"
    replace_file(path, ",".join(columns) + "\n")
    return path


def _described(folder: Path, name: str) -> Path | None:
    """The YAML file below a folder that describes a seed; None where none does."""
    entry = re.compile(rf"""^\s*-?\s*name:\s*["']?{re.escape(name)}["']?\s*$""", re.MULTILINE)
    files = (file for pattern in ("*.yml", "*.yaml") for file in sorted(folder.rglob(pattern)))
    return next((file for file in files if entry.search(file.read_text(encoding="utf-8", errors="replace"))), None)


def read_columns(path: Path, text: str, columns: Sequence[str], required: Sequence[str], delimiter: str) -> list[str]:
    """The columns that the first line of a seed's file names.

    Args:
        path: the file, for messages.
        text: its content.
        columns: those that the file may have.
        required: those that it needs.
        delimiter: of the seed.

    Raises:
        DedupError: a column is missing, or named twice.
    """
    with explained_csv(path):
        found: list[str] = next(csv.reader(csv_stream(text), delimiter=delimiter), [])
    if twice := [name for name in columns if found.count(name) > 1]:
        raise DedupError(f"{path} names column {', '.join(twice)} twice in its first line. Keep one of them.")
    missing = [name for name in required if name not in found]
    if not missing:
        return found
    first = text.removeprefix("\ufeff").partition("\n")[0]
    if first.startswith("sep="):
        raise DedupError(f"{path} begins with {first.strip()!r}, which only spreadsheets read. Remove that line.")
    for sign in (";", "\t", "|", ","):
        if set(required) <= set(next(csv.reader(csv_stream(first), delimiter=sign), [])):
            raise DedupError(
                f"{path} has {sign!r} between its columns, where its seed has {delimiter!r}. Save it with"
                f" {delimiter!r}, or write `delimiter: {sign!r}` into the config of the seed."
            )
    if set(required) <= {name.strip("\u200b \t\r\xa0").lower().replace(" ", "_") for name in found}:
        raise DedupError(
            f"{path} names its columns in another spelling: {first.strip()!r}. Write them as"
            f" {delimiter.join(required)}."
        )
    raise DedupError(
        f"{path} lacks column {', '.join(missing)}. Its first line names the columns, for example"
        f" {delimiter.join(columns)}."
    )


def append_rows(path: Path, lines: str, delimiter: str) -> None:
    """Add rows to the file of a seed, for a caller that holds its lock.

    Args:
        path: the file.
        lines: the rows, as CSV.
        delimiter: of the seed.

    Raises:
        DedupError: a quotation mark that nothing closes would make the rows a part of the cell before them.
    """
    text = read_text(path)
    last_begins = end = 0
    with explained_csv(path):
        reader = csv.reader(csv_stream(text + ("" if text.endswith("\n") else "\n") + APPENDED), delimiter=delimiter)
        for row in reader:
            last_begins, end, last = end + 1, reader.line_num, row
    if last != [APPENDED]:
        raise DedupError(
            f"{path} has a quotation mark that nothing closes, in the row that begins in line {last_begins}: what is"
            " added would be a part of that cell, so nothing was. Close it, and run this again."
        )
    append_text(path, lines)


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet runs a cell of a CSV file as a formula instead of showing it."""
    return cell.startswith(FORMULA_SIGNS)


def formula_warning(path: Path, cells: Iterable[str]) -> str | None:
    """What to say of cells just written that a spreadsheet would run; None if there are none.

    The cells stay as they are: with a sign in front, an id would not name its record any more.

    Args:
        path: the file.
        cells: what was written to it, or only the formulas among them.
    """
    formulas = [cell for cell in cells if is_formula(cell)]
    if not formulas:
        return None
    return (
        f"Warning: {counted(len(formulas), 'cell')} written to {path} would be run as a formula by a spreadsheet, for"
        f" example {formulas[0][:40]!r}. Open the file there only by importing every column as text."
    )
