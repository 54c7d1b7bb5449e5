"""What people decide: rows of the override log, and what they will change, over tables of a few records."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import pytest
from examples import make_spec

from dbt_dedup.errors import DedupError
from dbt_dedup.explain.tables import Link, Located, Pair, Score, Tables
from dbt_dedup.names import CANNOT_LINK, MUST_LINK, PIN, UNDO
from dbt_dedup.overrides import decide
from dbt_dedup.overrides.log import COLUMNS, Override, OverrideLog, as_csv, in_force, signed
from dbt_dedup.side_by_side import Record

NOON = datetime(2024, 5, 1, 12)


class FewTables:
    """The tables of a few records in entities such as `abc`, whose letters are the ids of their records."""

    def __init__(self, *entities: str, scores: dict[str, float] | None = None, links: dict[str, bool] | None = None):
        self.spec = make_spec()
        letters = sorted("".join(entities))
        self._key = {letter: place for place, letter in enumerate(letters, 1)}
        self._located = {
            self._key[letter]: Located(
                self._key[letter],
                letter,
                None,
                self._key[letter],
                False,
                component := min(map(self._key.get, "".join(entities))) or 0,  # type: ignore[type-var]
                component,
                min(self._key[other] for other in entity),
                f"e{entity[0]}",
            )
            for entity in entities
            for letter in entity
        }
        self._scores = {
            self._pair(pair): Score(probability, 0.0, False, "m") for pair, probability in (scores or {}).items()
        }
        self._links = {self._pair(pair): Link(is_match, "override", "o1") for pair, is_match in (links or {}).items()}
        self.components: list[int] | None = sorted(self._located)

    def _pair(self, letters: str) -> Pair:
        one, other = sorted(self._key[letter] for letter in letters)
        return one, other

    def by_id(self, record_ids: Iterable[str]) -> dict[str, Located]:
        return {name: self._located[self._key[name]] for name in record_ids if name in self._key}

    def by_key(self, keys: Iterable[int]) -> dict[int, Located]:
        return {key: self._located[key] for key in sorted(keys)}

    def keys_of_entity(self, entity_id: str) -> list[int]:
        return [key for key, record in self._located.items() if record.entity_id == entity_id]

    def keys_of_components(self, components: Iterable[int], most: int) -> list[int] | None:
        assert list(components)
        return self.components

    def links(self, keys: Sequence[int]) -> dict[Pair, Link]:
        return {pair: link for pair, link in self._links.items() if set(pair) <= set(keys)}

    def scores(self, keys: Sequence[int]) -> dict[Pair, Score]:
        return self._scores

    def never(self, groups: Iterable[tuple[int, int]]) -> dict[Pair, str]:
        assert len({group for _, group in groups}) == 1
        return {}

    def records(self, record_ids: Iterable[str]) -> dict[str, Record]:
        return {name: Record(name, None, {"name": name.upper()}) for name in record_ids}

    def nearest_ids(self, record_id: str) -> list[str]:
        return ["a"]

    def golden_value(self, entity_id: str, field: str) -> object:
        return {"name": "Ann"}.get(field)


def tables(*entities: str, **of: Any) -> Tables:
    return cast("Tables", FewTables(*entities, **of))


def rows_of(change: decide.Change) -> list[tuple[str, str, str]]:
    return [(row.action, row.record_id_l, row.record_id_r) for row in change.rows]


def error(call: Any, *arguments: Any) -> str:
    with pytest.raises(DedupError) as raised:
        call(*arguments)
    return str(raised.value)


MUST_AB = Override(MUST_LINK, "o1", "a", "b")
CANNOT_AB = Override(CANNOT_LINK, "o1", "a", "b", decided_by="ana", decided_at="2024-05-01T12:00:00", reason="twins")


# --- unmerge


def test_records_that_leave_an_entity_stay_together_and_apart_from_the_rest() -> None:
    change = decide.unmerge(tables("abcd", scores={"ab": 0.99, "bc": 0.99, "cd": 0.99}), (), ["d", "c", "d"])
    assert rows_of(change) == [
        (MUST_LINK, "c", "d"),
        (CANNOT_LINK, "a", "d"),
        (CANNOT_LINK, "b", "d"),
        (CANNOT_LINK, "a", "c"),
        (CANNOT_LINK, "b", "c"),
    ]
    assert change.lines == (
        *("Now:", "  ea", "    a  A", "    b  B", "    c  C", "    d  D"),
        *("After the next build:", "  one entity", "    a  A", "    b  B", "  one entity", "    c  C", "    d  D"),
    )


def test_records_are_unmerged_only_from_a_common_entity_with_others() -> None:
    two = tables("ab", "cd")
    assert error(decide.unmerge, two, (), ["a", "c"]) == (
        "The records are of several entities: a of ea, c of ec. Unmerge those of one entity at a time."
    )
    assert error(decide.unmerge, two, (), ["a", "b"]) == (
        "Entity ea has no other record than a, b: there is nothing to part."
    )
    assert error(decide.unmerge, two, (), ["x"]).startswith("Entity 'customers' has no record 'x'.")


def test_an_override_that_joins_records_is_undone_before_they_part() -> None:
    joined = [Override(MUST_LINK, "o0", "b", "c"), MUST_AB, Override(MUST_LINK, "o2", "d", "e")]
    assert error(decide.unmerge, tables("abcde"), joined, ["a"]) == (
        "Overrides join a and b, the last of them o1: a and b are one entity. Undo it first."
    )
    assert decide.unmerge(tables("abcde"), joined, ["d", "e"]).rows
    assert "keeps a and b apart" in error(decide.unmerge, tables("abc"), [CANNOT_AB], ["a", "b"])
    assert decide.unmerge(tables("abc"), [CANNOT_AB], ["a"]).rows


# --- merge


def test_two_records_or_entities_are_merged_by_a_link() -> None:
    alike = dict.fromkeys(("ab", "ac", "ad", "bc", "bd", "cd"), 0.99)
    change = decide.merge(tables("ab", "cd", scores=alike), (), "c", "ea")
    assert rows_of(change) == [(MUST_LINK, "a", "c")]
    assert change.lines == (
        *("Now:", "  ea", "    a  A", "    b  B", "  ec", "    c  C", "    d  D"),
        *("After the next build:", "  one entity", "    a  A", "    b  B", "    c  C", "    d  D"),
    )
    assert error(decide.merge, tables("ab", "cd"), (), "a", "b") == (
        "a and b are both of entity ea: there is nothing to merge."
    )
    assert error(decide.merge, tables("ab", "cd"), (), "a", "x").startswith("Entity 'customers' has no record 'x'.")


def test_what_an_override_keeps_apart_is_not_merged() -> None:
    assert error(decide.merge, tables("a", "b"), [CANNOT_AB], "b", "a") == (
        "Override o1 keeps a and b apart (by ana, on 2024-05-01, twins). Undo it first: `dbt-dedup undo customers o1`."
    )
    unsigned = [replace(CANNOT_AB, decided_by="", decided_at="")]
    assert "keeps a and b apart (twins). Undo it" in error(decide.merge, tables("a", "b"), unsigned, "a", "b")
    through = [Override(CANNOT_LINK, "o1", "a", "b"), Override(MUST_LINK, "o2", "b", "c")]
    assert error(decide.merge, tables("a", "bc"), through, "a", "c") == (
        "Override o1 keeps a and b apart. Undo it first: `dbt-dedup undo customers o1`."
    )
    assert decide.merge(tables("a", "b", "c"), [CANNOT_AB], "a", "c").rows
    assert decide.merge(tables("a", "b", "c"), [MUST_AB], "a", "c").rows


def test_what_changes_nothing_or_too_much_to_know_is_said() -> None:
    certain = tables("ab", scores={"ab": 0.99}, links={"ab": True})
    assert decide.undo(certain, (), [MUST_AB], None).lines == (
        "No longer in force: a and b are one entity",
        "The entities stay as they are.",
    )
    many = FewTables("a", "b")
    many.components = None
    assert decide.merge(cast("Tables", many), (), "a", "b").lines == (
        "More than 2,000 records are connected with these: what will change is not known beforehand.",
    )


# --- pin


def test_a_pin_says_what_it_replaces() -> None:
    change = decide.pin(tables("ab"), "a", "name", "Bo")
    assert change.lines == ("name of entity ea: 'Ann' becomes 'Bo'.",)
    assert decide.pin(tables("ab"), "a", "phone", "5").lines == ("phone of entity ea: no value becomes '5'.",)
    assert [(row.action, row.record_id_l, row.field, row.value) for row in change.rows] == [(PIN, "a", "name", "Bo")]


def test_a_field_that_does_not_exist_and_an_empty_value_are_no_pin() -> None:
    assert error(decide.pin, tables("ab"), "a", "nmae", "Bo") == (
        "Entity 'customers' has no field 'nmae'. Did you mean 'name'? Fields: name, birth, email, phone."
    )
    assert "Did you mean" not in error(decide.pin, tables("ab"), "a", "zzz", "Bo")
    assert error(decide.pin, tables("ab"), "a", "name", "  ").startswith("A pinned value cannot be empty.")


# --- undo


def test_the_last_command_is_undone_or_that_of_an_id() -> None:
    rows = [Override(PIN, "o1", "a", field="name", value="Bo"), Override(MUST_LINK, "o2.1", "a", "b"), Override(
        MUST_LINK, "o2.2", "a", "c"
    )]  # fmt: skip
    split = tables("abc", scores={"ab": 0.1, "ac": 0.1}, links={"ab": True, "ac": True})

    def undone(override_id: str | None) -> list[str]:
        return [row.undoes for row in decide.undo(split, rows, rows, override_id).rows]

    assert undone(None) == undone("o2") == ["o2.1", "o2.2"]
    assert undone("o2.1") == ["o2.1"]
    assert undone("o1") == ["o1"]
    change = decide.undo(split, rows, rows, None)
    assert {row.action for row in change.rows} == {UNDO}
    assert change.lines == (
        *("No longer in force: a and b are one entity", "No longer in force: a and c are one entity"),
        *("Now:", "  ea", "    a  A", "    b  B", "    c  C"),
        *("After the next build:", "  one entity", "    a  A", "  one entity", "    b  B", "  one entity", "    c  C"),
    )
    assert decide.undo(split, rows, rows, "o1").lines == ("No longer in force: name of the entity of a is 'Bo'",)
    apart = decide.undo(tables("a", "b"), [CANNOT_AB], [CANNOT_AB], "o1")
    assert apart.lines[0] == "No longer in force: a and b are not one entity (by ana, on 2024-05-01, twins)"


def test_labels_stay_when_an_override_on_their_pair_is_undone() -> None:
    of_label = FewTables("ab", scores={"ab": 0.1}, links={"ab": True})
    of_label._links = {pair: replace(link, origin="label") for pair, link in of_label._links.items()}
    assert decide.undo(cast("Tables", of_label), (), [MUST_AB], "o1").lines[-1] == "The entities stay as they are."


def test_what_is_not_in_force_cannot_be_undone() -> None:
    rows = [MUST_AB, Override(UNDO, "o2", undoes="o1"), *(Override(PIN, f"p{n}", "a") for n in range(4))]
    now = in_force(rows)

    def message(override_id: str, force: Sequence[Override] = now) -> str:
        return error(decide.undo, tables("ab"), rows, force, override_id)

    latest = "The latest in force: p3, p2, p1."
    assert message("o1") == f"Override o1 of entity 'customers' is undone already. {latest}"
    assert message("o2") == f"Override o2 of entity 'customers' decides nothing. {latest}"
    assert message("o9", ()) == "Override o9 of entity 'customers' does not exist. None is in force."
    assert error(decide.undo, tables("ab"), rows, (), None) == (
        "No override of entity 'customers' is in force: there is nothing to undo."
    )


# --- the log


def test_the_rows_of_one_command_have_an_id_in_common() -> None:
    alone, (first, second) = signed([MUST_AB], "ana", "why"), signed([MUST_AB, MUST_AB], "ana", "why", now=NOON)
    assert re.fullmatch(r"[0-9a-f]{12}", alone[0].override_id)
    assert first.override_id == f"{first.command_id}.1"
    assert second.override_id == f"{first.command_id}.2"
    assert alone[0].command_id == alone[0].override_id
    assert (first.record_id_l, first.decided_by, first.decided_at, first.reason) == (
        *("a", "ana", "2024-05-01T12:00:00", "why"),
    )


@pytest.mark.parametrize(
    ("row", "other", "is_later"),
    [
        (MUST_AB, Override(CANNOT_LINK, "x", "b", "a"), True),
        (MUST_AB, Override(CANNOT_LINK, "x", "b", "c"), False),
        (Override(PIN, "x", "a", field="name"), Override(PIN, "y", "b", field="name"), True),
        (Override(PIN, "x", "a", field="name"), Override(PIN, "y", "a", field="town"), False),
        (Override(PIN, "x", "a", "b", field="name"), Override(MUST_LINK, "y", "a", "b", field="name"), False),
        (Override(UNDO, "x", "a", "b"), Override(MUST_LINK, "y", "a", "b"), False),
    ],
)
def test_a_decision_is_later_than_those_on_the_same(row: Override, other: Override, is_later: bool) -> None:
    def decided(at: str) -> str:
        return signed([row], "", "", [replace(other, decided_at=at)], NOON)[0].decided_at

    later = "2024-05-01T13:00:01" if is_later else "2024-05-01T12:00:00"
    assert decided("2024-05-01T13:00:00") == decided(" 2024-05-01T13:00:00Z ") == later
    assert decided("2024-05-01T15:00:00+02:00") == later
    assert (
        decided("2024-05-01T11:00:00")
        == decided("yesterday")
        == decided("9999-12-31T23:59:59")
        == ("2024-05-01T12:00:00")
    )


def test_a_decision_is_in_force_until_it_is_undone() -> None:
    undo, unknown = Override(UNDO, "o2", undoes="o1"), Override("merge", "o3", "a", "b")
    pin, cannot = Override(PIN, "o4", "a"), Override(CANNOT_LINK, "o5", "a", "b")
    assert in_force([MUST_AB, pin, undo, unknown, cannot]) == [pin, cannot]
    assert in_force([MUST_AB, unknown]) == [MUST_AB]
    assert [row.is_link for row in (MUST_AB, cannot, pin, undo)] == [True, True, False, False]


def test_the_log_keeps_its_columns_and_its_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    columns = [*reversed(COLUMNS), "ticket"]
    path.write_bytes(";".join(columns).encode() + b"\r\n")
    log = OverrideLog(path, ";")
    log.append([CANNOT_AB])
    log.append([MUST_AB])
    assert path.read_bytes().count(b"\r\n") == 3
    assert log.rows() == [CANNOT_AB, MUST_AB]
    assert as_csv([MUST_AB]) == "o1,must_link,a,b,,,,,,\n"
    assert as_csv([MUST_AB], ("action", "ticket"), ";", "\r\n") == "must_link;\r\n"
