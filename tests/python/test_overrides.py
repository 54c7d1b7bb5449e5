"""Decisions of people: overrides outrank labels, and what contradicts them is listed."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from dbt_dedup.errors import DedupError
from dbt_dedup.overrides import decide
from dbt_dedup.overrides.log import COLUMNS, Override, OverrideLog, signed
from dbt_dedup.resolve.conflicts import Link, settle

MUST, CANNOT = ("a", "b", True, True, "x"), ("b", "c", False, True, "y")


@pytest.mark.parametrize(
    ("links", "kept", "found"),
    [
        ([MUST, CANNOT], 2, []),
        (
            [MUST, CANNOT, ("a", "c", True)],
            2,
            [("overruled_label", "labelled match, but a = b <> c (override y)")],
        ),
        (
            [CANNOT, ("a", "b", True), ("a", "c", True)],
            2,
            [("overruled_label", "labelled match, but a = b <> c (override y)")],
        ),
        (
            [MUST, ("b", "c", True, True, "z"), ("a", "c", False, True, "y")],
            3,
            [
                (
                    "contradicting_overrides",
                    "cannot_link, but must_link joins them and holds: a = b = c (overrides x, z)",
                )
            ],
        ),
        ([MUST, ("b", "c", True), ("a", "c", False)], 3, [("contradicting_labels", "a = b = c")]),
    ],
    ids=["agree", "propagates", "labels give way", "overrides contradict", "a label in the chain"],
)
def test_overrides_outrank_labels(links: list[tuple[Any, ...]], kept: int, found: list[tuple[str, str]]) -> None:
    for order in (links, links[::-1]):
        held, contradictions = settle(Link(*link) for link in order)
        assert len(held) == kept
        assert [(c.issue, c.detail) for c in contradictions] == found


@pytest.fixture
def tables(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Tables of one record with a field of each kind."""
    monkeypatch.setattr(decide, "_record", lambda tables, record_id: SimpleNamespace(entity_id="e"))
    fields = [SimpleNamespace(name=name, type=name) for name in ("date", "number", "text")]
    return SimpleNamespace(spec=SimpleNamespace(name="things", fields=fields), golden_value=lambda *of: None)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("date", "19800304", "is no date"),
        ("date", "1980-W10-2", "is no date"),
        ("date", "1980-02-30", "is no date"),
        ("number", "nan", "is no number"),
        ("number", "-inf", "is no number"),
        ("number", "1_000", "is no number"),
        ("number", "٣", "is no number"),
        ("number", " 5", "is no number"),
        ("text", "a\x00b", "has control characters"),
        ("text", "\x1b[31mred", "has control characters"),
    ],
)
def test_a_pinned_value_is_one_that_the_engine_reads(tables: Any, field: str, value: str, said: str) -> None:
    with pytest.raises(DedupError, match=said):
        decide.pin(tables, "a", field, value)


@pytest.mark.parametrize(
    ("field", "value"),
    [("date", "1980-03-04"), ("number", "-1234.5"), ("number", ".5"), ("number", "1e3"), ("text", "two\nlines\tof it")],
)
def test_a_pinned_value_is_kept_as_it_is(tables: Any, field: str, value: str) -> None:
    (row,) = decide.pin(tables, "a", field, value).rows
    assert (row.action, row.field, row.value) == ("pin", field, value)


def test_a_decision_is_not_written_behind_a_quotation_mark_that_nothing_closes(tmp_path: Path) -> None:
    path = tmp_path / "overrides.csv"
    path.write_text(f'{",".join(COLUMNS)}\no1,pin,a,,town,Roma,,ana,,"why\n')
    before = path.read_bytes()
    with pytest.raises(DedupError, match="quotation mark that nothing closes, in the row that begins in line 2"):
        OverrideLog(path).append(signed([Override("pin", record_id_l="b")], "bo", ""))
    assert path.read_bytes() == before


def test_a_log_with_another_delimiter_than_its_seed(tmp_path: Path) -> None:
    path = tmp_path / "overrides.csv"
    path.write_text(";".join(COLUMNS) + "\n")
    with pytest.raises(DedupError, match="has ';' between its columns, where its seed has ','"):
        OverrideLog(path)
    OverrideLog(path, ";").append(signed([Override("pin", record_id_l="b")], "bo", ""))
    assert [row.record_id_l for row in OverrideLog(path, ";").rows()] == ["b"]
    path.write_text(",".join(COLUMNS[1:]) + "\n")
    with pytest.raises(DedupError, match=r"overrides\.csv lacks column override_id\. Its first line names the columns"):
        OverrideLog(path)
