"""What a single column is taken for, at the shares of its values from which on it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from table_columns import column, letters, mixed

from dbt_dedup.guess.column_kind import HIGH, LOW, MEDIUM, Kind, Table, kind_of, table_of

PLAIN = Table(are_people=False, has_place=False, has_both_names=False, are_things=False)
PEOPLE = replace(PLAIN, are_people=True)
PLACES = replace(PLAIN, has_place=True)
BOTH_NAMES = replace(PLAIN, has_both_names=True)
THINGS = replace(PLAIN, are_things=True)
Values = Callable[[int], str]


def kind(
    name: str,
    values: Sequence[str | None],
    table: Table = PLAIN,
    *,
    rows: int | None = None,
    distinct: int | None = None,
) -> Kind:
    return kind_of(column(name, values, rows=rows, distinct=distinct), table)


def said(found: Kind) -> tuple[str | None, str]:
    return found.type, found.confidence


def email(n: int) -> str:
    return f"a{n}@example.org"


def number(n: int) -> str:
    return str(n + 1)


def day(n: int) -> str:
    return f"1980-01-{n + 1:02}"


def page(n: int) -> str:
    return f"www.firm{n}.org"


def phone(n: int) -> str:
    return f"030 12{n:04}"


def postcode(n: int) -> str:
    return str(n + 10_000)


def coded(n: int) -> str:
    return f"{letters(n)}{n}"


def json(n: int) -> str:
    return f'{{"mail": "a{n}@b.org"}}'


# name, values that agree with it, values that do not, the type, and of 20 values how many must agree and make it sure
BY_NAME: list[tuple[str, Values, Values, str, int, int]] = [
    ("mail", email, letters, "email", 6, 12),
    ("homepage", page, letters, "url", 6, 13),
    ("birthday", day, letters, "date", 10, 15),
    ("founded", day, letters, "date", 10, 15),
    ("telephone", phone, letters, "phone", 8, 14),
    ("postcode", postcode, letters, "postcode", 10, 15),
    ("house_number", number, letters, "identifier", 10, 15),
    ("address2", letters, email, "address", 10, 15),
    ("street", letters, number, "address", 10, 15),
    ("town", letters, number, "city", 10, 15),
    ("country", lambda n: ("Austria", "Japan")[n % 2], letters, "category", 10, 15),
    ("first_name", letters, number, "given_name", 10, 15),
    ("middle_name", letters, number, "given_name", 10, 15),
    ("surname", letters, number, "family_name", 10, 15),
    ("full_name", letters, number, "full_name", 10, 15),
    ("firm", letters, number, "company", 10, 15),
    ("passport", coded, letters, "identifier", 10, 15),
    ("price", number, letters, "number", 14, 17),
]


@pytest.mark.parametrize(("name", "yes", "no", "data_type", "least", "sure"), BY_NAME, ids=[c[0] for c in BY_NAME])
def test_a_name_counts_from_a_share_of_values_on_that_agree_with_it(
    name: str, yes: Values, no: Values, data_type: str, least: int, sure: int
) -> None:
    found = kind(name, mixed(least, yes, no), BOTH_NAMES)
    assert (*said(found), found.evidence.partition(";")[0]) == (data_type, MEDIUM, "name")
    assert said(kind(name, mixed(least - 1, yes, no), BOTH_NAMES)) != (data_type, MEDIUM)
    assert said(kind(name, mixed(sure, yes, no), BOTH_NAMES)) == (data_type, HIGH)
    assert said(kind(name, mixed(sure - 1, yes, no), BOTH_NAMES)) == (data_type, MEDIUM)


def test_addresses_in_six_of_ten_values_are_a_field_whatever_the_name() -> None:
    assert said(kind("x", mixed(12, email))) == ("email", HIGH)
    assert kind("x", mixed(11, email)).type != "email"
    # objects that hold an address among others are none
    assert said(kind("x", mixed(15, json, email))) == ("email", HIGH)
    assert kind("x", mixed(16, json, email)).evidence == "80% of the values hold others; select their parts as columns"


@pytest.mark.parametrize(
    ("name", "values", "table", "least"),
    [("surname", letters, BOTH_NAMES, 100), ("surname", coded, BOTH_NAMES, 200), ("x", letters, PLAIN, 500)],
    ids=[HIGH, MEDIUM, LOW],
)
def test_the_less_sure_a_type_the_fuller_is_its_column(name: str, values: Values, table: Table, least: int) -> None:
    """Of 1,000 records; a name that half of the values agree with is of medium confidence."""
    filled = [letters(n) if n % 2 else values(n) for n in range(least)]
    assert kind(name, filled, table, rows=1_000).type
    too_few = kind(name, filled[:-1], table, rows=1_000)
    assert too_few.type is None
    assert too_few.evidence.startswith("filled in ")


@pytest.mark.parametrize(("filled", "rows", "is_field"), [(5, 500, True), (5, 501, False), (4, 100, False)])
def test_what_identifies_is_a_field_from_one_in_a_hundred_records_and_five_of_them(
    filled: int, rows: int, is_field: bool
) -> None:
    for values in (email, page, phone):
        found = kind({email: "mail", page: "url", phone: "phone"}[values], mixed(filled, values, of=filled), rows=rows)
        assert bool(found.type) == is_field
    assert bool(kind("passport", mixed(filled, coded, of=filled), rows=rows).type) == is_field


@pytest.mark.parametrize(("filled", "rows", "is_field"), [(4, 8, True), (3, 8, False), (6, 20, True)])
def test_in_a_small_table_half_of_the_records_are_enough(filled: int, rows: int, is_field: bool) -> None:
    assert bool(kind("mail", mixed(filled, email, of=filled), rows=rows).type) == is_field


@pytest.mark.parametrize(
    ("distinct", "filled", "expected"), [(10, 200, "category"), (11, 220, "company"), (10, 199, "company")]
)
def test_few_names_of_many_records_each_sort_the_records(distinct: int, filled: int, expected: str) -> None:
    assert kind("firm", [letters(n % distinct) for n in range(filled)]).type == expected


@pytest.mark.parametrize(("distinct", "rows", "is_field"), [(3, 20, True), (3, 21, False), (4, 21, True)])
def test_three_values_under_a_name_that_says_nothing_are_no_field(distinct: int, rows: int, is_field: bool) -> None:
    assert bool(kind("x", [letters(n % distinct) for n in range(rows)]).type) == is_field


def test_a_time_in_the_database_says_nothing_without_a_name() -> None:
    times = [f"2024-01-{n + 1:02} 10:00:00" for n in range(20)]
    assert kind_of(column("x", times, data_type="TIMESTAMP"), PLAIN).evidence.startswith("a time of which the name")
    assert said(kind("x", times)) == ("date", LOW)


# what a name says whose values need more than one look: name, values, table, what it is taken for
WITH_A_LOOK: list[tuple[str, Sequence[str], Table, tuple[str | None, str]]] = [
    # a state of few values is a category, one of many is a place or not
    ("state", [f"{letters(n % 100)} {letters(n)}" for n in range(100)], PLAIN, ("category", HIGH)),
    ("state", [f"{letters(n)} {letters(n)}" for n in range(101)], PLAIN, ("city", MEDIUM)),
    ("state", mixed(51, lambda n: f"{letters(n)} a", coded, 102), PLAIN, ("city", MEDIUM)),
    ("state", mixed(50, lambda n: f"{letters(n)} a", lambda n: f"{n} a", 102), PLAIN, ("text", LOW)),
    ("sector", [letters(n) for n in range(101)], PLAIN, ("category", HIGH)),
    ("sector", mixed(53, lambda n: f"{letters(n)} a", letters, 105), PLAIN, ("text", LOW)),
    ("sector", mixed(52, lambda n: f"{letters(n)} a", letters, 105), PLAIN, ("category", HIGH)),
    ("sector", mixed(52, lambda n: f"{letters(n)} a", letters, 104), PLAIN, ("text", LOW)),
    # numbers most of which differ are no category
    ("sector", mixed(18, lambda n: str(n % 5), lambda n: "aaa"), PLAIN, (None, LOW)),
    ("sector", mixed(18, lambda n: str(n % 4), lambda n: "aaa"), PLAIN, ("category", HIGH)),
    ("sector", mixed(17, number), PLAIN, ("category", HIGH)),
    ("gender", [letters(n) for n in range(40)], PLAIN, ("category", HIGH)),
    ("gender", [f"{letters(n)} {letters(n)} {letters(n)}" for n in range(41)], PLAIN, ("text", LOW)),
    ("salutation", [letters(n) for n in range(40)], PLAIN, ("category", HIGH)),
    ("coordinates", mixed(16, lambda n: f"{n}.5, {n}.25"), PLAIN, ("geo", MEDIUM)),
    ("coordinates", mixed(15, lambda n: f"{n}.5, {n}.25"), PLAIN, ("category", LOW)),
    ("brand", mixed(9, number), PLAIN, ("text", MEDIUM)),
    ("brand", mixed(10, number), PLAIN, ("category", LOW)),
    ("title", mixed(9, number), PLAIN, ("text", HIGH)),
    ("title", mixed(10, number), PLAIN, ("category", LOW)),
    ("title", [letters(n) for n in range(40)], PEOPLE, ("category", MEDIUM)),
    ("title", [letters(n) for n in range(41)], PEOPLE, ("text", HIGH)),
    ("agent", [letters(n) for n in range(20)], THINGS, (None, MEDIUM)),
    ("agent", [letters(n) for n in range(20)], PLAIN, ("category", LOW)),
    ("notes", [letters(n) for n in range(20)], PLAIN, (None, MEDIUM)),
    ("updated_at", mixed(10, day), PLAIN, (None, HIGH)),
    ("created_at", mixed(10, day), PLAIN, (None, HIGH)),
    ("updated_at", mixed(9, day), PLAIN, ("category", LOW)),
    # what may be an answer is none of few values and none of many
    ("label", [letters(n) for n in range(150)], PLAIN, (None, MEDIUM)),
    ("label", [letters(n % 2) for n in range(150)], PLAIN, (None, MEDIUM)),
    ("source", [letters(n) for n in range(100)], PLAIN, (None, MEDIUM)),
    ("source", [letters(n % 146) for n in range(150)], PLAIN, (None, MEDIUM)),
    ("source", [f"{letters(n % 147)} b" for n in range(150)], PLAIN, ("text", LOW)),
]


@pytest.mark.parametrize(("name", "values", "table", "expected"), WITH_A_LOOK)
def test_a_name_is_weighed_with_the_number_of_its_values(
    name: str, values: Sequence[str], table: Table, expected: tuple[str | None, str]
) -> None:
    assert said(kind(name, values, table)) == expected


def test_a_column_without_two_values_says_nothing() -> None:
    assert kind("name", [None, None]).evidence == "no values"
    assert kind("name", ["Anna", "Anna"]).evidence == "one value in all records"
    assert {kind("name", [None, None]).type, kind("name", ["Anna", "Anna"]).type} == {None}


def test_an_answer_is_left_out_for_another_reason_than_a_source() -> None:
    values = [letters(n % 3) for n in range(20)]
    assert kind("label", values).evidence == "name; may be an answer, which records belong together"
    assert kind("source", values).evidence == "name; says where records come from"


@pytest.mark.parametrize(("distinct", "expected"), [(200, "category"), (201, "text")])
def test_in_a_large_table_one_value_of_twenty_records_is_few(distinct: int, expected: str) -> None:
    values = [f"{letters(n % distinct)} {letters(n % distinct)}" for n in range(4_000)]
    assert kind("sector", values).type == expected


def test_an_id_of_each_record_is_told_from_one_that_records_share() -> None:
    unique = kind("member_id", [f"m{n}" for n in range(50)])
    nearly = kind("member_id", [f"m{n % 49}" for n in range(50)])
    shared = kind("member_id", [f"m{n % 48}" for n in range(50)])
    assert (unique.evidence, unique.is_other_id) == ("name; another id, different in each record", False)
    assert (nearly.evidence, nearly.is_other_id) == ("name; another id, different in each record", True)
    assert shared.evidence.startswith("name; an id of something else, or an answer")
    assert shared.is_other_id
    assert {each.type for each in (unique, nearly, shared)} == {None}


def test_an_id_has_hardly_any_words_unless_they_are_numbers() -> None:
    def is_id(values: Sequence[str]) -> bool:
        return "name; " in kind("member_id", [*values, values[0]]).evidence

    assert is_id(mixed(10, lambda n: f"m{n} b", lambda n: f"m{n}", 21))
    assert not is_id(mixed(11, lambda n: f"m{n} b", lambda n: f"m{n}", 21))
    assert is_id(mixed(17, lambda n: f"824 465 {n}", lambda n: f"a b {n}", 19))
    assert not is_id(mixed(16, lambda n: f"824 465 {n}", lambda n: f"a b {n}", 19))


def of_words(*counts: tuple[int, str]) -> list[str]:
    """That many values of each text."""
    return [text for count, text in counts for _ in range(count)]


# of values of a column `name`, which may be of a person, of a company or of a thing
NAMES: list[tuple[str, Sequence[str], Table, tuple[str, str]]] = [
    ("legal forms", of_words((3, "qwx ltd"), (17, "qwx yvb")), PLAIN, ("company", HIGH)),
    ("hardly any legal forms", of_words((2, "qwx ltd"), (18, "qwx yvb")), PLAIN, ("text", LOW)),
    ("names", of_words((6, "anna weber"), (4, "anna qwx"), (10, "qwx yvb")), PLAIN, ("full_name", HIGH)),
    ("few family names", of_words((5, "anna weber"), (5, "anna qwx"), (10, "qwx yvb")), PLAIN, ("text", LOW)),
    ("few given names", of_words((5, "anna weber"), (5, "qwx weber"), (10, "qwx yvb")), PLAIN, ("text", LOW)),
    ("few of both", of_words((6, "anna weber"), (3, "anna qwx"), (11, "qwx yvb")), PLAIN, ("text", LOW)),
    ("one word and a half", of_words((10, "anna weber"), (10, "anna")), PLAIN, ("full_name", HIGH)),
    ("hardly more than a word", of_words((9, "anna weber"), (11, "anna")), PLAIN, ("text", LOW)),
    ("long names", of_words((10, "anna q w weber"), (10, "anna q w x weber")), PLAIN, ("full_name", HIGH)),
    ("longer ones", of_words((9, "anna q w weber"), (11, "anna q w x weber")), PLAIN, ("text", LOW)),
    ("models", of_words((6, "qwx 12 yvb"), (14, "qwx yvb zfg")), PLAIN, ("text", MEDIUM)),
    ("few models", of_words((5, "qwx 12 yvb"), (15, "qwx yvb zfg")), PLAIN, ("text", LOW)),
    ("short models", of_words((6, "qwx 12"), (14, "qwx yvb zfg")), PLAIN, ("text", LOW)),
    ("models beside people", of_words((6, "qwx 12 yvb"), (14, "qwx yvb zfg")), PEOPLE, ("text", MEDIUM)),
    ("beside people", of_words((20, "qwx yvb")), replace(PEOPLE, has_place=True), ("full_name", MEDIUM)),
    ("beside places", of_words((20, "qwx yvb")), PLACES, ("company", MEDIUM)),
]


@pytest.mark.parametrize(("values", "table", "expected"), [c[1:] for c in NAMES], ids=[c[0] for c in NAMES])
def test_a_name_is_of_a_person_a_company_or_a_thing(
    values: Sequence[str], table: Table, expected: tuple[str, str]
) -> None:
    assert said(kind("name", values, table, distinct=20)) == expected


def test_a_part_of_a_name_with_more_words_is_a_whole_name_unless_both_parts_are_there() -> None:
    values = of_words((10, "anna"), (10, "anna weber"))  # 1.5 words a value
    shorter = of_words((11, "anna"), (9, "anna weber"))
    for name, part in (("nome", "given_name"), ("nom", "family_name")):
        assert kind(name, values, PLAIN, distinct=20).type == "full_name"
        assert kind(name, shorter, PLAIN, distinct=20).type == part
        assert kind(name, values, BOTH_NAMES, distinct=20).type == part
    assert kind("middle_name", values, PLAIN, distinct=20).type == "given_name"


# what values are taken for alone
BY_VALUES: list[tuple[str, Sequence[str], tuple[str | None, str]]] = [
    ("pages", mixed(14, page), ("url", MEDIUM)),
    ("fewer pages", mixed(13, page), ("category", LOW)),
    ("days", mixed(16, day), ("date", LOW)),
    ("fewer days", mixed(15, day), (None, LOW)),
    ("hosts", mixed(16, lambda n: f"192.0.2.{n}"), ("identifier", LOW)),
    ("phones", mixed(14, lambda n: f"(030) 12{n:04}"), ("phone", MEDIUM)),
    ("fewer phones", mixed(13, lambda n: f"(030) 12{n:04}"), ("category", LOW)),
    ("numbers", mixed(18, number), ("number", LOW)),
    ("fewer numbers", mixed(17, number), ("category", LOW)),
    ("long numbers", mixed(10, lambda n: str(n + 12_345), lambda n: str(n + 123_456)), ("identifier", LOW)),
    ("long whole numbers", mixed(20, lambda n: f"{n + 12_345}.0"), ("identifier", LOW)),
    ("numbers of three lengths", ["12345", "123456", "1234567"] * 7, ("number", LOW)),
    ("shorter numbers", mixed(10, lambda n: str(n + 1_234), lambda n: str(n + 12_345)), ("number", LOW)),
    ("numbers with units", [f"{n + 12_345} kg" for n in range(20)], ("number", LOW)),
    ("long numbers that are shared", [str(n % 6 + 12_345) for n in range(20)], ("number", LOW)),
    ("long numbers that are hardly shared", [str(n % 7 + 12_345) for n in range(20)], ("identifier", LOW)),
    ("legal forms", of_words((4, "qwx ltd"), (16, "qwx yvb")), ("company", MEDIUM)),
    ("fewer legal forms", of_words((3, "qwx ltd"), (17, "qwx yvb")), ("category", LOW)),
    ("names", of_words((8, "anna weber"), (2, "anna qwx"), (10, "qwx yvb")), ("full_name", MEDIUM)),
    ("fewer family names", of_words((7, "anna weber"), (3, "anna qwx"), (10, "qwx yvb")), ("category", LOW)),
    ("fewer given names", of_words((8, "anna weber"), (1, "anna qwx"), (11, "qwx yvb")), ("category", LOW)),
    ("names and numbers", of_words((16, "anna weber"), (4, "qwx 12")), ("full_name", MEDIUM)),
    ("names and more numbers", of_words((15, "anna weber"), (5, "qwx 12")), ("category", LOW)),
    ("names of 1.6 words", of_words((12, "anna weber"), (8, "anna")), ("full_name", MEDIUM)),
    ("names of 4.5 words", of_words((10, "anna q w weber"), (10, "anna q w x weber")), ("full_name", MEDIUM)),
    ("longer names", of_words((9, "anna q w weber"), (11, "anna q w x weber")), ("category", LOW)),
    ("streets", mixed(14, lambda n: f"qwx street {n}", lambda n: "qwx yvb zfg"), ("address", LOW)),
    ("fewer streets", mixed(13, lambda n: f"qwx street {n}", lambda n: "qwx yvb zfg"), ("category", LOW)),
    ("streets of which half have numbers", of_words((10, "qwx 1 street"), (10, "qwx street")), ("address", LOW)),
    ("streets of which fewer have", of_words((9, "qwx 1 street"), (11, "qwx street")), ("category", LOW)),
    ("streets of two words", of_words((20, "(street 1")), ("address", LOW)),
    ("streets of ten words", of_words((20, "a b c d e f g h street 1")), ("address", LOW)),
    ("streets of eleven words", of_words((20, "a b c d e f g h i street 1")), ("text", LOW)),
    ("short streets", of_words((19, "(street 1"), (1, "(street1")), ("category", LOW)),
]


@pytest.mark.parametrize(("values", "expected"), [c[1:] for c in BY_VALUES], ids=[c[0] for c in BY_VALUES])
def test_values_count_where_the_name_says_nothing(values: Sequence[str], expected: tuple[str | None, str]) -> None:
    distinct = len(set(values)) if len(set(values)) > 3 else 20
    assert said(kind("x", values, distinct=distinct)) == expected


@pytest.mark.parametrize(
    ("codes", "distinct", "expected"),
    [
        (14, 20, (None, LOW)),  # different in each record
        (14, 19, ("identifier", LOW)),
        (14, 4, ("identifier", LOW)),
        (14, 3, ("category", LOW)),
        (13, 20, ("category", LOW)),
    ],
)
def test_codes_identify_if_few_records_share_one(codes: int, distinct: int, expected: tuple[str | None, str]) -> None:
    values = mixed(codes, lambda n: f"zv-{n}", lambda n: f"(zv {letters(n)} {n})")
    assert said(kind("x", values, distinct=distinct)) == expected


def test_long_texts_of_many_different_values_are_texts() -> None:
    words_4 = [f"{letters(n)} qwx yvb zfg" for n in range(2_000)]
    assert kind("x", words_4, distinct=40).type == "category"
    assert kind("x", words_4, distinct=41).type == "text"
    assert kind("x", words_4[:100], distinct=20).type == "category"
    assert kind("x", words_4[:100], distinct=21).type == "text"
    assert kind("x", [f"{text} qwx" for text in words_4[:100]], distinct=20).type == "text"


def test_letters_and_signs_without_words_are_a_category_however_many() -> None:
    def found(words: int, digits: int) -> str | None:
        values = [f"a({letters(n)}" if n < words else "1(" if n < words + digits else "a(" for n in range(100)]
        return kind("x", values, distinct=90).type

    assert found(words=19, digits=19) == "category"
    assert found(words=20, digits=0) == "text"
    assert found(words=0, digits=20) == "text"


def test_codes_of_many_values_in_few_words_are_a_category() -> None:
    values = mixed(70, lambda n: f"zv-{n}", lambda n: f"({letters(n)} {n})", of=100)
    assert kind("x", [*values, *values, *values, *values, *values, *values]).type == "category"


def test_first_names_alone_or_family_names_alone_are_names() -> None:
    def found(given: int, family: int, others: int, *, distinct: int = 31) -> str | None:
        values = of_words((given, "anna"), (family, "weber"), (others, "qwx"))
        return kind("x", values, distinct=distinct).type

    assert found(20, 20, 0) == "given_name"
    assert found(20, 15, 5) == "given_name"
    assert found(15, 20, 5) == "family_name"
    assert found(19, 0, 21) == "text"
    assert found(20, 0, 20, distinct=30) == "text"
    # of more than one word they are no part of a name
    assert kind("x", of_words((12, "anna qwx"), (8, "anna")), distinct=31).type == "text"
    assert kind("x", of_words((11, "anna qwx"), (9, "anna")), distinct=31).type == "given_name"


def test_a_table_is_of_people_if_a_column_has_a_part_of_a_name() -> None:
    def are_people(**columns: Sequence[str]) -> bool:
        return table_of([column(name, values) for name, values in columns.items()]).are_people

    two_words, shorter = ["Anna", "Anna B"], ["Anna", "Anna", "Anna B"]
    assert are_people(first_name=shorter)
    assert not are_people(first_name=two_words)
    assert are_people(first_name=two_words, last_name=two_words)
    assert are_people(gender=["f", "m"])
    assert are_people(birthday=["1980-01-01"])
    assert not are_people(name=["Anna"])
    # of two columns that mean one thing the first counts
    assert not are_people(first_name=two_words, given_name=shorter)


def test_a_table_is_of_things_if_it_has_an_amount_and_no_person() -> None:
    def are_things(*names: str) -> bool:
        return table_of([column(name, ["Anna B", "Cy D"]) for name in names]).are_things

    assert are_things("price", "title", "city")
    assert not are_things("title", "city")
    for name in ("first_name", "gender", "phone", "email"):
        assert not are_things("price", name)


def test_a_table_has_places_or_both_names_by_what_columns_are_called() -> None:
    def table(*names: str) -> Table:
        return table_of([column(name, ["Anna B", "Cy D"]) for name in names])

    assert all(table(name).has_place for name in ("street", "city", "postcode", "phone", "email"))
    assert not table("price", "name").has_place
    assert table("first_name", "last_name").has_both_names
    assert not table("first_name", "name").has_both_names
