"""Files change whole or not at all, whoever else writes, and what the system refuses is one message."""

from __future__ import annotations

import csv
import errno
import os
from pathlib import Path

import pytest

from dbt_dedup.errors import DedupError
from dbt_dedup.files import append_text, csv_stream, explained_csv, locked, read_text, replace_file


def test_a_link_keeps_its_file(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    target, link = tmp_path / "kept/labels.csv", tmp_path / "labels.csv"
    target.write_text("a\n")
    link.symlink_to(target)
    with locked(link):
        append_text(link, "b\n")
    assert link.is_symlink()
    assert target.read_text() == "a\nb\n"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_nobody_reads_the_new_file_who_could_not_read_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, modes, fsync = tmp_path / "labels.csv", [], os.fsync
    path.write_text("a\n")
    path.chmod(0o600)

    def look(descriptor: int) -> None:
        modes.append(os.fstat(descriptor).st_mode & 0o777)
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", look)
    replace_file(path, "b\n")
    assert modes == [0o600]
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_what_the_system_refuses_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    path = tmp_path / "production"
    path.write_text("old\n")

    def refuse(descriptor: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(DedupError) as error:
        replace_file(path, "new\n")
    assert str(error.value).startswith(f"{path} cannot be written: {os.strerror(code)}. What was there is unchanged.")
    assert path.read_text() == "old\n"
    assert [file.name for file in tmp_path.iterdir()] == ["production"]


def test_what_a_killed_process_left_goes_after_an_hour(tmp_path: Path) -> None:
    names = (".labels.csv-7-8", ".labels.csv-9-10", ".labels.csv-old", ".other.csv-7-8")
    for name in names:
        (tmp_path / name).write_text("a copy\n")
        if name != ".labels.csv-9-10":
            os.utime(tmp_path / name, (0, 0))
    replace_file(tmp_path / "labels.csv", "new\n")
    assert sorted(file.name for file in tmp_path.iterdir()) == [*names[1:], "labels.csv"]


@pytest.mark.parametrize(
    ("content", "found", "charset"),
    [
        ("record_id_l\nM\xfcller\n".encode("latin-1"), "byte 0xfc in line 2", "latin1"),
        ("record_id_l\n".encode("utf-16"), "UTF-16", "utf-16"),
    ],
)
def test_another_encoding_says_what_to_do(tmp_path: Path, content: bytes, found: str, charset: str) -> None:
    path = tmp_path / "labels.csv"
    path.write_bytes(content)
    with pytest.raises(DedupError) as error:
        read_text(path)
    assert str(error.value) == (
        f"{path} is not UTF-8: found {found}. Save it as UTF-8, for example with `iconv -f {charset} -t utf-8`, and run"
        " this again."
    )


def test_a_folder_in_place_of_a_file(tmp_path: Path) -> None:
    with pytest.raises(DedupError, match="cannot be read: Is a directory"):
        read_text(tmp_path)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device")
def test_a_device_stays_a_device() -> None:
    with pytest.raises(DedupError, match="/dev/full cannot be written: No space left on device"):
        replace_file(Path("/dev/full"), "text")
    replace_file(Path("/dev/null"), "text")
    assert Path("/dev/null").is_char_device()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_a_file_keeps_its_mode_and_a_new_one_has_that_of_new_files(tmp_path: Path) -> None:
    path, plain = tmp_path / "labels.csv", tmp_path / "plain"
    path.write_text("a\n")
    path.chmod(0o640)
    replace_file(path, "b\n")
    assert path.stat().st_mode & 0o777 == 0o640
    plain.touch()
    replace_file(tmp_path / "new", "a\n")
    assert (tmp_path / "new").stat().st_mode == plain.stat().st_mode


def test_lines_are_added_with_the_ends_that_a_file_has(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    for before, after in (
        (b"a\r\nb", b"a\r\nb\r\nc\n"),
        (b"a\nb", b"a\nb\nc\n"),
        (b"a", b"a\nc\n"),
        (b"", b"c\n"),
        (b"a\r\n", b"a\r\nc\n"),
    ):
        path.write_bytes(before)
        append_text(path, "c\n")
        assert path.read_bytes() == after


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"\n\xfc", "byte 0xfc in line 2"),
        (b"\xfc", "byte 0xfc in line 1"),
        (b"a\nb\nc\xe4\n", "byte 0xe4 in line 3"),
        ("a".encode("utf-16"), "UTF-16"),
    ],
)
def test_a_file_that_is_not_utf_8_is_told_where(tmp_path: Path, content: bytes, found: str) -> None:
    path = tmp_path / "labels.csv"
    path.write_bytes(content)
    with pytest.raises(DedupError, match=f"is not UTF-8: found {found}. Save it as UTF-8"):
        read_text(path)


def test_a_cell_of_any_length_is_read(tmp_path: Path) -> None:
    csv.field_size_limit(131_072)  # the default
    with explained_csv(tmp_path / "labels.csv"):
        (row,) = csv.reader(csv_stream(f"\ufeff{'x' * 200_000},b\n"))
    assert [len(cell) for cell in row] == [200_000, 1]
    with (
        pytest.raises(DedupError, match=r"labels.csv is no CSV file: .* Restore it"),
        explained_csv(tmp_path / "labels.csv"),
    ):
        list(csv.reader(csv_stream('a,"b" c\n'), strict=True))


def open_files() -> int:
    return sum(1 for _ in Path("/dev/fd").iterdir())


@pytest.mark.skipif(os.name == "nt", reason="Windows lists no descriptors")
def test_a_lock_leaves_no_file_open_whoever_held_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dbt_dedup.files.WAIT", 0.03)
    path = tmp_path / "labels.csv"
    before = open_files()
    with locked(path), pytest.raises(DedupError, match="has been locked"), locked(path):
        pass
    assert open_files() == before
    monkeypatch.setattr("dbt_dedup.files.try_to_lock", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError), locked(path):
        pass
    assert open_files() == before
