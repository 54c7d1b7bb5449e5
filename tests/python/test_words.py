"""Numbers, values and two records next to each other, as people read them."""

from __future__ import annotations

import json

import pytest

from dbt_dedup import words
from dbt_dedup.side_by_side import (
    Likeness,
    MarkedText,
    Record,
    compare_records,
    differing_characters,
    harmless,
    harmless_json,
    likeness,
    unmarked,
    visible,
)


def test_numbers_with_their_noun() -> None:
    assert [words.counted(number, "pair") for number in (0, 1, 2, 12_345)] == [
        "0 pairs",
        "1 pair",
        "2 pairs",
        "12,345 pairs",
    ]
    assert words.count(1234567.6) == "1,234,568"


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.0, "0.0%"),
        (1.0, "100.0%"),
        (0.123456, "12.3%"),
        (0.0004, "0.04%"),
        (0.99996, "99.996%"),
        (1e-12, "0.0000000001%"),
    ],
)
def test_a_share_looks_like_none_or_all_only_where_it_is(share: float, text: str) -> None:
    assert words.percent(share) == text


@pytest.mark.parametrize(
    ("share", "target", "text"),
    [
        (0.9, 0.9, "90.0%"),
        (0.95, 0.9, "95.0%"),
        (0.8999, 0.9, "89.99%"),
        (0.90001, 0.9, "90.0%"),
        (0.1 + 0.2, 0.3, "30.0%"),
        (0.2999996, 0.3, "29.99996%"),
    ],
)
def test_a_share_shows_on_which_side_of_its_target_it_lies(share: float, target: float, text: str) -> None:
    assert words.against(share, target) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.95, "share", "95%"),
        (0.9875, "share", "98.75%"),
        (0.9876, "share", "98.76%"),
        (0.98765, "share", "98.8%"),
        (0.5, "pairs", "0"),
        (1500, "pairs", "1,500"),
    ],
)
def test_a_target_is_shown_as_it_was_written_and_a_computed_one_as_measured(value: float, unit: str, text: str) -> None:
    assert words.level(value, unit) == text
    assert words.short_percent(0.125) == "12.5%"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0.000"),
        (1, "1.000"),
        (0.0005, "0.001"),
        (0.000499, "< 0.001"),
        (0.9995, "> 0.999"),
        (0.9994, "0.999"),
        (0.4567, "0.457"),
    ],
)
def test_a_probability_is_never_shown_as_certain_where_it_is_not(value: float, text: str) -> None:
    assert words.probability(value) == text


def test_names_in_a_sentence_and_values_by_which_a_record_is_known() -> None:
    assert [words.named(names) for names in (["a"], ["a", "b"], ["a", "b", "c"])] == ["a", "a and b", "a, b and c"]
    assert words.known_by([None, "Anna", "", 3, "Graz", "last"]) == "Anna, 3, Graz"
    assert words.known_by([None, ""]) == ""


def test_a_long_value_is_cut_and_says_how_long_it_is() -> None:
    assert words.shown(None) == "–"
    assert words.shown("x" * 160) == "x" * 160
    assert words.shown("x" * 1161) == "x" * 160 + " … (1,161 characters)"
    assert words.shown("a\u202eb\x1bc\u200dd\te") == "a?b?c\u200dd e"


def test_likeness_of_two_values() -> None:
    assert likeness("Anna", "Anna") is Likeness.EQUAL
    assert likeness("Anna  Maria", " anna MARIA") is Likeness.NEARLY_EQUAL
    assert likeness("straße", "STRASSE") is Likeness.NEARLY_EQUAL
    assert likeness("AnnaMaria", "Anna Maria") is Likeness.DIFFERENT


def marked(value: str, marks: list[bool]) -> str:
    return "".join(f"[{character}]" if mark else character for character, mark in zip(value, marks, strict=True))


@pytest.mark.parametrize(
    ("left", "right", "left_marked", "right_marked"),
    [
        ("Maier", "Mayer", "Ma[i]er", "Ma[y]er"),
        ("maier", "MAYER", "ma[i]er", "MA[Y]ER"),
        ("abcde", "abcxy", "abc[d][e]", "abc[x][y]"),  # 2 * 3 / 10: just alike enough
        ("abcdef", "abcxyz", "[a][b][c][d][e][f]", "[a][b][c][x][y][z]"),  # 0.5: they differ as a whole
        ("Anna", "ANNA", "Anna", "ANNA"),
        ("Anna", "Anna-Lena", "Anna", "Anna[-][L][e][n][a]"),
        ("İda", "ida", "[İ]da", "[i]da"),  # in lower case it has two characters
    ],
)
def test_the_characters_that_differ(left: str, right: str, left_marked: str, right_marked: str) -> None:
    marks = differing_characters(left, right)
    assert (marked(left, marks[0]), marked(right, marks[1])) == (left_marked, right_marked)


def test_two_records_field_by_field() -> None:
    left = Record("1", None, {"name": "Maier", "mail": None, "city": None, "zip": "8010"})
    right = Record("2", "crm", {"name": "Mayer", "mail": None, "city": "Graz", "zip": "8010"})
    name, city, postcode = compare_records(left, right)
    assert (name.field, name.likeness) == ("name", Likeness.DIFFERENT)
    assert name.left == MarkedText((("Ma", False), ("i", True), ("er", False)), 5)
    assert name.right == MarkedText((("Ma", False), ("y", True), ("er", False)), 5)
    assert (city.field, city.likeness, city.left) == ("city", Likeness.ONE_SIDED, None)
    assert city.right == MarkedText((("Graz", False),), 4)
    assert postcode.likeness is Likeness.EQUAL
    reverse = compare_records(right, left)[1]
    assert (reverse.left, reverse.right) == (city.right, None)


def test_what_differs_only_where_values_are_cut_is_marked_as_a_whole() -> None:
    left, right = Record("1", None, {"note": "abcdef"}), Record("2", None, {"note": "abcxyz"})
    (cut,) = compare_records(left, right, 3)
    assert cut.likeness is Likeness.DIFFERENT
    assert cut.left == cut.right == MarkedText((("abc", True),), 6)
    assert cut.left is not None
    assert cut.left.shown == 3
    (equal,) = compare_records(left, left, 3)
    assert equal.left == MarkedText((("abc", False),), 6)
    (longer,) = compare_records(left, Record("2", None, {"note": "axcdef"}), 4)
    assert longer.left == MarkedText((("a", False), ("b", True), ("cd", False)), 6)
    assert unmarked("abcdef", 4) == MarkedText((("abcd", False),), 6)
    assert unmarked("", 4) == MarkedText((), 0)


def test_compared_values_have_a_sign_and_a_meaning() -> None:
    left = Record("1", None, {"a": "x", "b": "X ", "c": "x", "d": None})
    right = Record("2", None, {"a": "x", "b": "x", "c": "y", "d": "z"})
    found = words.compare(left, right)
    assert [(value.field, value.sign, value.meaning) for value in found] == [
        ("a", "=", "equal"),
        ("b", "≈", "equal but for case and spaces"),
        ("c", "≠", "different"),
        ("d", "", "one side is empty"),
    ]
    assert found[2].left == [("x", True)]
    assert (found[3].left, found[3].right) == ([("–", False)], [("z", False)])


def test_no_character_commands_a_terminal() -> None:
    assert [visible(character) for character in "a\n\x1b\u202e\ue000"] == ["a", " ", "?", "?", "?"]
    assert harmless("a\x1b[31mb\tc\nd\u202e") == "a?[31mb\tc\nd?"
    text = harmless_json({"name": "a\x1b\u202eü", "n": 1})
    assert "\\u202e" in text
    assert "ü" in text
    assert json.loads(text) == {"name": "a\x1b\u202eü", "n": 1}
    assert text.splitlines()[1].startswith('  "name"')
