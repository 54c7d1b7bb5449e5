"""What the columns of a table are together: roles, fields of several columns, sources, country and blocking rules."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pytest
from table_columns import column, letters, mixed

from dbt_dedup.guess.columns import Column, read_columns
from dbt_dedup.guess.fields import Guess, LeftOut, guess_fields
from dbt_dedup.guess.places import guess_country
from dbt_dedup.guess.proposal import Proposal
from dbt_dedup.guess.roles import (
    Role,
    guess_record_id,
    guess_source,
    guess_updated_at,
    nearly_record_id,
    source_by_pairs,
)
from dbt_dedup.guess.rules import blocking_rules
from dbt_dedup.guess.sources import guess_source_mode
from dbt_dedup.guess.text import proposal_text


def guess(name: str, data_type: str, confidence: str = "high", columns: Sequence[str] = ()) -> Guess:
    return Guess(name, tuple(columns) or (name,), data_type, confidence, "")


def codes(count: int) -> list[str]:
    return [f"r{n}" for n in range(count)]


# --- the columns


def read(sql: str) -> list[Column]:
    with duckdb.connect() as connection:
        return read_columns(connection.query(sql))


def test_columns_are_read_with_their_counts_and_their_values() -> None:
    values = "(null, 'x', date '2024-01-01'), ('  ', ' x ', null), (' a b ', 'y', null)"
    first, second, third = read(f"""select * from (values {values}) as t(c, "a ""b", d)""")
    assert (first.name, second.name, third.name) == ("c", 'a "b', "d")
    assert (first.data_type, third.data_type) == ("VARCHAR", "DATE")
    assert [(c.rows, c.filled, c.distinct) for c in (first, second, third)] == [(3, 1, 1), (3, 3, 2), (3, 1, 1)]
    assert sorted(first.sample, key=str) == [None, None, "a b"]
    assert {(a, b) for a, b in zip(first.sample, second.sample, strict=True)} == {(None, "x"), ("a b", "y")}
    assert third.is_time
    assert not first.is_time


def test_a_column_without_a_value_has_no_shares() -> None:
    (empty,) = read("select null as c from range(2)")
    assert (empty.filled, empty.distinct, empty.filled_share, empty.distinct_share) == (0, 0, 0.0, 0.0)
    assert empty.words_per_value == 0.0
    assert column("c", []).filled_share == 0.0
    assert not column("c", []).is_unique
    assert column("c", ["a"]).is_unique
    assert not column("c", ["a"], rows=2).is_unique


def test_of_a_large_table_some_rows_and_the_beginning_of_long_values_are_read() -> None:
    (whole,) = read("select range as c from range(20_000)")
    assert len(whole.sample) == 20_000
    (half,) = read("select range as c from range(20_001)")
    assert 9_000 < len(half.sample) < 11_000
    assert half.rows == 20_001
    assert len(half.values) == 3_000
    (long,) = read("select repeat('x', 1_001) as c")
    assert long.values == ("x" * 1_000,)


# --- the record id


def is_record_id(name: str, values: Sequence[str | None]) -> bool:
    return guess_record_id([column(name, values)]) is not None


def test_a_record_id_is_short_and_different_in_each_record() -> None:
    assert is_record_id("id", ["a" * 60, "b"])
    assert not is_record_id("id", ["a" * 61, "b"])
    assert not is_record_id("id", ["a", "a"])
    assert not is_record_id("id", ["a", None])


def test_a_record_id_may_be_an_address_of_half_of_the_records() -> None:
    assert is_record_id("id", mixed(10, lambda n: f"a{n}@b.org"))
    assert not is_record_id("id", mixed(11, lambda n: f"a{n}@b.org"))


def test_codes_are_a_record_id_whatever_their_name() -> None:
    def with_words(count: int) -> bool:
        return is_record_id("x", mixed(count, lambda n: f"a {n}", lambda n: f"b{n}", of=100))

    assert with_words(4)
    assert not with_words(5)
    assert is_record_id("x", mixed(18, lambda n: f"b{n}"))
    assert not is_record_id("x", mixed(17, lambda n: f"b{n}"))
    assert is_record_id("x", mixed(9, lambda n: f"1980-01-{n + 1:02}", lambda n: f"b{n}"))
    assert not is_record_id("x", mixed(10, lambda n: f"1980-01-{n + 1:02}", lambda n: f"b{n}"))
    # a number of a house is none of the record
    assert not is_record_id("house_number", [letters(n) for n in range(20)])
    assert is_record_id("passport", [letters(n) for n in range(20)])


def test_of_several_record_ids_the_one_that_is_called_so_comes_first() -> None:
    def chosen(*names: str) -> tuple[str, str] | None:
        role = guess_record_id([column(name, codes(3)) for name in names])
        return (role.column, role.confidence) if role else None

    assert chosen("x", "passport", "customer_id") == ("customer_id", "high")
    assert chosen("x", "passport") == ("passport", "high")
    assert chosen("x", "y") == ("x", "medium")
    assert chosen() is None


def test_the_column_nearest_to_a_record_id_is_called_so_or_has_the_most_values() -> None:
    columns = [column("name", ["a", "b", "c"]), column("customer_id", ["a", "b", "b"]), column("nom", ["a", "b", "c"])]
    assert nearly_record_id(columns) is columns[1]
    assert nearly_record_id([columns[0], columns[2]]) is columns[2]
    assert nearly_record_id([column("city", ["a", "b"]), columns[0]]) is columns[0]
    assert nearly_record_id([]) is None


# --- source and time


def source(name: str, distinct: int, filled: int = 100, rows: int = 100) -> tuple[str, str] | None:
    role = guess_source([column(name, [letters(n % distinct) for n in range(filled)], rows=rows)])
    return (role.column, role.confidence) if role else None


def test_a_source_has_two_to_thirty_values_and_hardly_a_gap() -> None:
    assert source("source", 2) == source("source", 30) == ("source", "high")
    assert source("source", 1) is source("source", 31) is None
    assert source("source", 2, filled=95) == ("source", "high")
    assert source("data_source", 2, filled=95) == ("data_source", "high")
    assert source("source", 2, filled=94) == source("source", 2, filled=50) == ("source", "low")
    assert source("source", 2, filled=49) is source("utm_source", 2, filled=94) is source("name", 2) is None


def test_who_offers_is_a_source_if_there_are_few_with_many_records_each() -> None:
    assert source("shop", 2) == ("shop", "medium")
    assert source("shop", 10, filled=200, rows=200) == ("shop", "medium")
    assert source("shop", 10, filled=199, rows=199) is source("shop", 11, filled=300, rows=300) is None
    assert source("shop", 1) is source("shop_name", 2) is None
    assert source("shop", 2, filled=95) == ("shop", "medium")
    assert source("shop", 2, filled=94) is None


def source_of_pairs(office: Sequence[str | None], rows: int | None = None) -> str | None:
    """The column that is the source if two records after each other are one person, with one of these values each."""
    columns = [
        column("given", [letters(n // 2) for n in range(len(office))]),
        column("family", [letters(n // 2 + 100) for n in range(len(office))]),
        column("office", office, rows=rows),
    ]
    role = source_by_pairs([guess("given", "given_name"), guess("family", "family_name")], columns)
    return role.column if role else None


def test_a_column_is_the_source_if_ten_likely_pairs_would_agree_in_it_by_chance_and_none_does() -> None:
    """Of 42 records 21 pairs are likely, of which 20 / 41 agree by chance in one of two values: 10.2. Of 40, 9.7."""
    assert source_of_pairs(["a", "b"] * 21) == "office"
    assert source_of_pairs(["a", "b"] * 20) is None
    assert source_of_pairs(["1", "2"] * 30) is source_of_pairs(["2024-01-01", "2024-01-02"] * 30) is None
    assert source_of_pairs(["a", "b"] * 38, rows=80) == "office"
    assert source_of_pairs(["a", "b"] * 38, rows=81) is None
    assert source_of_pairs(["a"] * 80) is None


@pytest.mark.parametrize(("same", "is_source"), [(4, True), (5, False)])
def test_likely_pairs_of_one_source_are_five_times_as_rare_as_by_chance(same: int, is_source: bool) -> None:
    """Of 44 likely pairs 43 / 87 agree by chance in one of two values, which is 21.7, and five times 4 is fewer."""
    office = [value for pair in range(44) for value in (("a", "b") if pair >= same else ("ab"[pair % 2],) * 2)]
    assert (source_of_pairs(office) == "office") == is_source


def test_the_time_of_change_is_a_column_of_dates_that_is_called_so() -> None:
    def is_found(name: str, days: int) -> bool:
        values = mixed(days, lambda n: f"2024-01-{n + 1:02}")
        return guess_updated_at([column("name", values), column(name, values)]) is not None

    assert is_found("updated_at", 16)
    assert not is_found("updated_at", 15)
    assert is_found("updated_timestamp", 16)
    assert not is_found("load_timestamp", 16)


# --- the mode of two sources


def linked(
    across: int, inside: int, *, rows: int = 200, whole: int | None = None, sources: str = "ab", size: int = 2
) -> tuple[str, str] | None:
    """Whether records of sources are linked: titles that two sources share, and titles that one source has twice."""
    half = rows // 2
    titles = [letters(n) if n < 1_000 else str(n) for n in range(rows)]
    for n in range(across):
        titles[half + n] = titles[n]
    for n in range(inside):
        for place in range(1, size):
            titles[half - 1 - size * n - place] = titles[half - 1 - size * n]
    of = [sources[0]] * half + [sources[1 + n % (len(sources) - 1)] for n in range(rows - half)]
    columns = {"title": column("title", titles)}
    role = guess_source_mode(column("source", of, rows=whole), [guess("title", "text")], columns)
    return (role.confidence, role.evidence) if role else None


def test_sources_are_linked_if_records_agree_across_them_far_more_often_than_inside() -> None:
    assert linked(20, 3) == ("high", "20 pairs of two sources agree in title, 3 of one: only pairs across are compared")
    # with 5 inside 20 across are 3.6 times as many as by chance
    assert linked(20, 5) is None
    assert linked(19, 3) == (
        "medium",
        "two sources, 1.5% of the records share their title inside one: only pairs across are compared",
    )


def test_two_sources_are_linked_if_hardly_a_record_shares_its_name_inside_one() -> None:
    assert linked(0, 4) == (
        "medium",
        "two sources, 2.0% of the records share their title inside one: only pairs across are compared",
    )
    assert linked(0, 5) is None
    # a sample of half of the records has a quarter of the pairs
    assert linked(0, 2, whole=400)
    assert linked(0, 3, whole=400) is None
    assert linked(0, 0, sources="abc") is None
    assert linked(0, 0, rows=198) is None
    # six records of one title are no pairs
    assert linked(0, 1, size=5) is None
    assert linked(0, 1, size=6)
    name = column("title", [letters(n) for n in range(200)])
    of = column("source", ["a", "b"] * 100)
    assert guess_source_mode(of, [guess("title", "city")], {"title": name}) is None
    assert guess_source_mode(of, [guess("title", "email")], {"title": name}) is None


# --- fields


def fields(columns: Sequence[Column], of: Column | None = None) -> dict[str, str]:
    """Type of each field by the columns that it reads."""
    return {" ".join(each.columns): each.type for each in guess_fields(columns, of)[0]}


def reasons(columns: Sequence[Column], of: Column | None = None) -> dict[str, str]:
    return {each.column: each.reason for each in guess_fields(columns, of)[1]}


def test_degrees_are_one_place_if_four_fifths_of_them_can_be() -> None:
    def is_place(latitudes: int, longitudes: int) -> bool:
        lat = mixed(latitudes, lambda n: f"{90 - n}", lambda n: f"{91 + n}")
        lon = mixed(longitudes, lambda n: f"{n - 180}", lambda n: f"{181 + n}")
        return fields([column("lat", lat), column("lon", lon)]).get("lat lon") == "geo"

    assert is_place(16, 16)
    assert not is_place(15, 20)
    assert not is_place(20, 15)


def numbered(low: int, distinct: int, rows: int = 200, wrong: int = 0) -> list[str]:
    return ["9999" if n < wrong else str(low + n % distinct) for n in range(rows)]


def is_day_of_parts(*parts: Sequence[str], is_joined: bool = True) -> bool:
    table = [column(name, values) for name, values in zip(("p", "q", "r"), parts, strict=True)]
    return (fields(table).get("p q r") == "date") == is_joined


def test_three_neighbours_are_a_day_by_their_values() -> None:
    year, month, day = numbered(1_950, 40), numbered(1, 12), numbered(1, 31)
    assert is_day_of_parts(year, month, day)
    assert is_day_of_parts(day, month, year)
    assert is_day_of_parts(month, day, year, is_joined=False)
    assert is_day_of_parts(month, month, year, is_joined=False)
    # of 200 years 10 may be wrong, of months and days 4; a column of months has ten of them, one of days 25
    assert is_day_of_parts(numbered(1_950, 40, wrong=10), month, day)
    assert is_day_of_parts(numbered(1_950, 40, wrong=11), month, day, is_joined=False)
    assert is_day_of_parts(["1850", "2035"] * 100, month, day)
    assert is_day_of_parts(["1849", "1990"] * 100, month, day, is_joined=False)
    assert is_day_of_parts(["2036", "1990"] * 100, month, day, is_joined=False)
    assert is_day_of_parts(year, numbered(1, 10), day)
    assert is_day_of_parts(year, numbered(1, 9), day, is_joined=False)
    assert is_day_of_parts(year, numbered(1, 13), day, is_joined=False)
    assert is_day_of_parts(year, numbered(1, 12, wrong=4), day)
    assert is_day_of_parts(year, numbered(1, 12, wrong=5), day, is_joined=False)
    assert is_day_of_parts(year, month, numbered(1, 25))
    assert is_day_of_parts(year, month, numbered(1, 24), is_joined=False)
    assert is_day_of_parts(year, month, numbered(1, 32), is_joined=False)
    assert is_day_of_parts(year, month, numbered(1, 31, wrong=4))
    assert is_day_of_parts(year, month, numbered(1, 31, wrong=5), is_joined=False)


def test_a_day_in_three_columns_begins_with_the_one_of_days() -> None:
    def order(*parts: Sequence[str]) -> object:
        table = [column(name, values) for name, values in zip(("p", "q", "r"), parts, strict=True)]
        return guess_fields(table)[0][0].options.get("date_order")

    assert order(numbered(1, 31), numbered(1, 12), numbered(1_950, 40)) == "dmy"
    assert order(numbered(1_950, 40), numbered(1, 12), numbered(1, 31)) is None


def test_a_number_and_a_street_without_one_are_an_address() -> None:
    def is_joined(numbers: int, streets: int) -> bool:
        number = mixed(numbers, lambda n: f"{n}")
        street = mixed(streets, lambda n: f"{letters(n)} {n}")
        return "house_number street" in fields([column("house_number", number), column("street", street)])

    assert is_joined(10, 11)
    assert not is_joined(9, 11)
    assert not is_joined(10, 12)


def test_a_plain_number_is_of_the_house_where_it_is_next_to_the_street() -> None:
    street = column("rua", [letters(n) for n in range(20)])
    other = column("cidade", [letters(n % 7) for n in range(20)])

    def joined(count: int = 20) -> tuple[Column, ...]:
        return (column("numero", mixed(count, lambda n: str(n + 1), lambda n: f"2024-{n:07}")),)

    assert "rua numero" in fields([street, *joined(), other])
    assert "numero rua" in fields([other, *joined(), street])
    assert "rua numero" not in fields([street, other, *joined()])
    assert "numero rua" not in fields([*joined(), other, street])
    assert "rua numero" in fields([street, *joined(16)])
    assert "rua numero" not in fields([street, *joined(15)])


def test_two_columns_that_say_the_same_in_nine_of_ten_records_are_one() -> None:
    def twin(same: int, both: int = 20, only: int = 0, other: int = 20) -> bool:
        """Of `both` records `same` agree; `only` more have the first column alone."""
        first = [letters(n) if n < both + only else None for n in range(40)]
        second = [letters(n if n < same else n + 100).upper() if n < both else None for n in range(40)]
        second[both + only : both + only + other] = [letters(n + 200) for n in range(other)]
        return reasons([column("family_name", first), column("surname", second)]).get("family_name") == (
            "says the same as surname"
        )

    assert twin(18)
    assert not twin(17)
    assert twin(18, both=18, only=2)
    assert not twin(17, both=17, only=2)
    assert twin(5, both=5)
    assert not twin(4, both=4)
    few = [letters(n % 2) for n in range(20)]
    assert reasons([column("family_name", few), column("surname", few)]) == {}
    three = [letters(n % 3) for n in range(20)]
    assert reasons([column("family_name", three), column("surname", three)]) == {
        "family_name": "says the same as surname"
    }


def test_a_name_of_two_others_is_left_out_if_it_joins_them_in_nine_of_ten_records() -> None:
    given, family = [letters(n) for n in range(20)], [letters(n + 100) for n in range(20)]

    def left_out(values: Sequence[str | None], name: str = "full_name") -> str | None:
        table = [column("first_name", given), column("last_name", family), column(name, values)]
        return reasons(table).get(name)

    def joined(count: int, of: int = 20) -> list[str | None]:
        return [f"{family[n]}, {given[n]}" if n < count else f"qx {letters(n + 300)}" for n in range(of)] + [None] * (
            20 - of
        )

    assert left_out(joined(18)) == "joins first_name and last_name"
    assert left_out(joined(17)) is None
    assert left_out(joined(5, of=5)) == "joins first_name and last_name"
    assert left_out(joined(4, of=4)) != "joins first_name and last_name"
    initials = [f"{g[0]}.{f[0]}." for g, f in zip(given, family, strict=True)]
    assert left_out([*initials[:10], "x.y.", *initials[11:]], "initials") == "initials of first_name and last_name"


def test_a_column_that_only_one_source_fills_is_left_out_unless_it_identifies() -> None:
    """Of 400 pairs of two sources of 20 records 40 have a value on both sides, or 38."""
    of = column("source", ["a"] * 20 + ["b"] * 20)

    def found(name: str, first: int, second: int, values: Sequence[str]) -> str:
        sample = [values[n] if n < first or 20 <= n < 20 + second else None for n in range(40)]
        table = [column("city", [letters(n + 300) for n in range(40)]), column(name, sample)]
        return reasons(table, of).get(name, fields(table, of).get(name, ""))

    names = [letters(n) for n in range(40)]
    assert found("surname", 20, 2, names) == "family_name"
    assert found("surname", 19, 2, names) == "filled on both sides of 10% of the pairs of two sources"
    assert found("passport", 19, 2, [f"{name}1" for name in names]) == "identifier"
    assert found("surname", 20, 0, names) == "filled on both sides of 0% of the pairs of two sources"


def test_what_says_the_kind_of_another_column_is_left_out() -> None:
    phones = column("phone", [f"030 12{n:04}" for n in range(40)])

    def reason(distinct: int, name: str = "phone_type") -> str | None:
        towns = column("city", [letters(n + 300) for n in range(40)])
        return reasons([phones, towns, column(name, [letters(n % distinct) for n in range(40)])]).get(name)

    assert reason(30) == "name; says what kind of phone it is"
    assert reason(31) is None
    assert reason(30, "mail_type") is reason(30, "type") is None


def test_words_of_another_column_repeat_it_if_the_name_says_nothing() -> None:
    def reason(name: str, held: int, first: int = 0) -> str | None:
        """Of 40 records 30 have a name, and 30 from the first on a part of one, of which some are held by the name."""
        whole = [f"{letters(n)} {letters(n + 300)} ltd" if n < 30 else None for n in range(40)]
        part = [letters(n if n < held else n + 600) if first <= n < first + 30 else None for n in range(40)]
        return reasons([column("firm", whole), column(name, part)]).get(name)

    assert reason("x", 27) == "repeats words of firm"
    assert reason("x", 26) is None
    assert reason("employer", 30) is None
    # both have a value in nine of ten records that have the part
    assert reason("x", 30, first=3) == "repeats words of firm"
    assert reason("x", 30, first=4) is None


def test_a_company_of_two_names_is_no_name_that_joins_them() -> None:
    given, family = [letters(n) for n in range(20)], [letters(n + 100) for n in range(20)]
    both = [f"{g} {f}" for g, f in zip(given, family, strict=True)]
    assert fields([column("first_name", given), column("last_name", family), column("firm", both)])["firm"] == "company"


def test_a_remark_that_records_share_is_no_id() -> None:
    people = [n // 2 for n in range(400)]
    columns = [
        column("first_name", [letters(n) for n in people]),
        column("last_name", [letters(n + 300) for n in people]),
        column("notes", [f"m{n}" if n % 3 else None for n in people]),
    ]
    assert list(reasons(columns)) == ["notes"]
    assert fields([*columns[:2], column("member_no", columns[2].sample)])["member_no"] == "identifier"


# --- the country


def country(*columns: Column, **types: str) -> object:
    return guess_country(columns, [guess(name, data_type) for name, data_type in types.items()])[0]


def test_a_column_of_countries_names_the_country() -> None:
    def named(countries: int, filled: int = 20, rows: int = 20) -> object:
        values = mixed(countries, lambda n: ("Austria", "Japan")[n % 2], of=filled)
        return country(column("country", values, rows=rows))

    assert named(14) == named(20, rows=40) == {"column": "country"}
    assert named(13) is named(20, rows=41) is None
    assert country(column("country", ["Austria"] * 5)) == "AT"
    assert country(column("homeland", ["Austria"] * 5)) is None
    assert country(column("country", ["U.S.A."] * 5)) == "US"


def test_half_of_the_postcodes_name_their_country() -> None:
    def named(count: int) -> object:
        return country(
            column("zip", mixed(count, lambda n: f"M{n % 9 + 1} 1AE", lambda n: str(n + 10_000))), zip="postcode"
        )

    assert named(10) == "GB"
    assert named(9) is None


def test_four_fifths_of_three_or_more_states_name_their_country() -> None:
    def named(states: Sequence[str], name: str = "state") -> object:
        return country(column(name, states))

    assert named(["CA", "NY", "TX", "WY", "qq"]) == "US"
    assert named(["CA", "NY", "TX", "qq", "qx"]) is None
    assert named(["CA", "NY"]) is named(["CA", "NY", "TX"], "city") is None
    assert named(["CA", "NY", "TX"]) == "US"


def numbers(*texts: tuple[int, str]) -> object:
    values = [f"{text}{n:04}" for count, text in texts for n in range(count)]
    return country(column("phone", values), phone="phone")


def test_seven_of_ten_calling_codes_name_the_country_if_one_number_in_ten_has_one() -> None:
    assert numbers((5, "+49 30 1"), (45, "030 1")) == "DE"
    assert numbers((5, "+49 30 1"), (46, "030 1")) is None
    assert numbers((4, "+49 30 1")) is None
    assert numbers((7, "0049 30 1"), (3, "+44 20 1")) == "DE"
    assert numbers((6, "+49 30 1"), (4, "+44 20 1")) is None
    # codes of one, two and three digits, and those that are not known
    assert numbers((5, "+1 212 555 ")) == "US"
    assert numbers((5, "+351 21 1")) == "PT"
    assert numbers((5, "+999 21 1")) is None


def test_large_cities_name_the_country_if_one_country_has_them() -> None:
    def named(*cities: str) -> object:
        return country(column("city", cities), city="city")

    assert named("Chicago", "Houston", "Phoenix", "Dallas", "Denver") == "US"
    assert named("Chicago", "Houston", "Phoenix", "Dallas") is None
    assert named("Chicago", "Houston", "Phoenix", "Berlin", "Paris") is None


def test_domains_name_the_country_unless_others_use_them_too() -> None:
    def named(*endings: str, of: str = "email") -> object:
        values = [
            f"a{n}@firm.{ending}" if of == "email" else f"www.firm.{ending}/x" for n, ending in enumerate(endings)
        ]
        return country(column("x", values), x=of)

    assert named(*["de"] * 5) == named(*["de"] * 5, of="url") == "DE"
    assert named(*["co.uk"] * 5) == "GB"
    assert named(*["io"] * 5) is named(*["com"] * 5) is named(*["xx"] * 5) is None


# --- blocking rules


def rules(**columns: tuple[str, Sequence[str | None]]) -> list[list[str]]:
    """The rules of fields of a type and of values."""
    table = {name: column(name, values) for name, (_, values) in columns.items()}
    return blocking_rules([guess(name, data_type) for name, (data_type, _) in columns.items()], table)


DISTINCT = [f"{letters(n)} {letters(n + 300)}" for n in range(100)]


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        ("email phone url", ["email", "phone", "url.domain"]),
        ("given_name family_name", ["given_name.first family_name.soundex"]),
        (
            "given_name family_name date",
            [
                "given_name.first family_name.soundex",
                "family_name.soundex date.year",
                "given_name date.year",
                "date given_name.initial",
                "date family_name.initial",
            ],
        ),
        (
            "given_name family_name city",
            ["given_name.first family_name.soundex", "given_name city", "family_name.soundex city"],
        ),
        (
            "given_name family_name city postcode",
            ["given_name.first family_name.soundex", "given_name postcode", "family_name.soundex postcode"],
        ),
        ("full_name", ["full_name.sorted", "full_name.last_soundex full_name.first"]),
        ("full_name date", ["full_name.sorted", "full_name.last_soundex date"]),
        (
            "full_name date city postcode",
            [
                "full_name.sorted",
                "full_name.last_soundex date",
                "full_name.last_soundex postcode",
                "full_name.last_soundex city",
                "date postcode",
            ],
        ),
        ("given_name date city", ["date city"]),
        ("given_name address city", ["address city"]),
        ("family_name address postcode city", ["address postcode"]),
        ("company", ["company.rare_tokens", "company.prefix"]),
        ("company postcode city", ["company.rare_tokens", "company.prefix postcode", "company.prefix city"]),
        (
            "company address postcode",
            [
                "company.rare_tokens",
                "company.prefix postcode",
                "company.prefix address.number",
                "address postcode",
                "address.rare_tokens address.number",
            ],
        ),
        ("address", ["address", "address.rare_tokens address.number"]),
        (
            "address city",
            ["address", "address city", "address.rare_tokens address.number", "address.number city"],
        ),
        (
            "full_name address city",
            [
                "full_name.sorted",
                "full_name.last_soundex full_name.first",
                "full_name.last_soundex city",
                "address city",
                "address.rare_tokens address.number",
                "address.number city",
            ],
        ),
        ("geo", ["geo.nodes"]),
        ("geo company", ["company.rare_tokens", "company.prefix", "geo.nodes company.prefix"]),
        (
            "geo address",
            ["address", "address.rare_tokens address.number", "geo.nodes address.number", "geo.nodes"],
        ),
    ],
)
def test_the_rules_follow_from_the_types_of_the_fields(types: str, expected: list[str]) -> None:
    assert [" ".join(rule) for rule in rules(**{name: (name, DISTINCT) for name in types.split()})] == expected


def test_of_two_companies_the_first_gives_rules() -> None:
    assert rules(maker=("company", DISTINCT), dealer=("company", DISTINCT)) == [["maker.rare_tokens"], ["maker.prefix"]]


def test_an_identifier_is_a_key_if_records_rarely_share_it() -> None:
    assert rules(code=("identifier", [f"c{n % 30}" for n in range(100)]), mail=("email", DISTINCT)) == [
        ["mail"],
        ["code"],
    ]
    assert rules(code=("identifier", [f"c{n % 29}" for n in range(100)]), mail=("email", DISTINCT)) == [["mail"]]


def test_the_surest_field_of_a_type_gives_the_rules_and_then_the_fullest() -> None:
    values: dict[str, Sequence[str | None]] = {
        "low": DISTINCT,
        "half": [*DISTINCT[:50], *[None] * 50],
        "full": [*DISTINCT[:94], *[None] * 6],
    }
    table = {name: column(name, found) for name, found in values.items()}

    def first(*confidences: tuple[str, str]) -> str:
        fields = [guess(name, "company", confidence) for name, confidence in confidences]
        return blocking_rules(fields, table)[0][0].partition(".")[0]

    assert first(("low", "low"), ("half", "high")) == "half"
    assert first(("half", "high"), ("full", "high")) == "full"
    assert first(("half", "high"), ("low", "medium"), ("full", "low")) == "half"
    # 94 % and 100 % are as full as each other in tenths, if rounded: 0.9 is not 1.0
    assert first(("full", "high"), ("low", "high")) == "low"


def test_a_text_gives_the_rules_that_its_length_and_its_words_allow() -> None:
    def texts(**values: Sequence[str]) -> list[str]:
        return [" ".join(rule) for rule in rules(**{name: ("text", found) for name, found in values.items()})]

    long = [" ".join(letters(7 * n + k) for k in range(5)) for n in range(100)]
    assert texts(a=DISTINCT) == ["a.rare_tokens", "a.prefix"]
    assert texts(a=long) == ["a.rare_tokens", "a.prefix"]
    # a rare word of a short text is a key only together with one of another text
    others = [f"{letters(n + 500)} {letters(n + 700)}" for n in range(100)]
    assert texts(a=DISTINCT, b=others) == ["a.rare_tokens b.rare_tokens", "a.prefix", "b.prefix"]
    assert texts(a=long, b=others) == ["a.rare_tokens", "a.prefix", "a.rare_tokens b.rare_tokens", "b.prefix"]
    # the beginning of a second text is a key if four of five records have a text of their own
    shared = [others[n % 80] for n in range(100)]
    assert texts(a=DISTINCT, b=shared) == ["a.rare_tokens b.rare_tokens", "a.prefix", "b.prefix"]
    shared = [others[n % 79] for n in range(100)]
    assert texts(a=DISTINCT, b=shared) == ["a.rare_tokens b.rare_tokens", "a.prefix"]
    # three texts at most
    assert not any("d." in rule for rule in texts(a=DISTINCT, b=others, c=long, d=shared))


def test_numbers_in_a_long_text_are_a_key_if_half_of_the_texts_have_one() -> None:
    def has_numbers(count: int, words: int = 5) -> bool:
        values = [
            " ".join([*(letters(7 * n + k) for k in range(words - 1)), f"{n}x" if n < count else "qx"])
            for n in range(100)
        ]
        return ["a.numbers"] in rules(a=("text", values))

    assert has_numbers(50)
    assert not has_numbers(49)
    assert not has_numbers(100, words=4)
    assert has_numbers(100, words=14)
    assert not has_numbers(100, words=15)
    same = [f"{' '.join(letters(7 * n + k) for k in range(5))} 12" for n in range(100)]
    assert ["a.numbers"] not in rules(a=("text", same))


def test_a_key_that_more_than_three_in_a_hundred_pairs_share_tells_nothing_apart() -> None:
    """Of 25 records 9 of the 300 pairs share the beginning, or 10."""

    def has_prefix(*sizes: int) -> bool:
        beginnings = [letters(500 + number) for number, size in enumerate(sizes) for _ in range(size)]
        beginnings += [letters(n) for n in range(25 - len(beginnings))]
        values = [f"{start}{start} {letters(n + 100)}" for n, start in enumerate(beginnings)]
        return ["a.prefix"] in rules(a=("text", values))

    assert has_prefix(4, 3)
    assert not has_prefix(5)
    assert not has_prefix(4, 3, 2)


def test_words_count_in_half_of_the_texts() -> None:
    def has_rules(count: int) -> bool:
        values = mixed(count, lambda n: f"{letters(n)} {letters(n + 300)}", lambda n: f"{n}:{n + 1}", of=100)
        found = rules(a=("text", values), mail=("email", DISTINCT))
        return found != [["mail"]]

    assert has_rules(50)
    assert not has_rules(49)


# --- the proposal as text


def proposal(*fields: Guess, left_out: Sequence[LeftOut] = (), country: str = "") -> Proposal:
    role = Role("record_id", "id", "high", "different")
    return Proposal(3, (role,), fields, tuple(left_out), (), country, makes_id=False)


def test_a_proposal_is_a_table_of_what_columns_are_taken_for() -> None:
    born = Guess(
        "born", ("day", "month"), "date", "low", "values", {"date_order": "dmy", "country": {"column": "land"}}
    )
    left_out = [LeftOut("x", "no values"), LeftOut("y", "no values"), LeftOut("z", "an answer")]
    assert proposal_text(proposal(born, left_out=left_out), 100).splitlines() == [
        "  column      taken for                       sure  why",
        "  id          record_id                       high  different",
        "  day, month  date, date_order dmy, country…  low   values",
        "  x, y        left out                              no values",
        "  z           left out                              an answer",
    ]
    more = proposal_text(proposal(left_out=[*left_out[:2], LeftOut("w", "no values")]), 100)
    assert more.splitlines()[-1] == "  x and 2 others  left out         no values"


def test_long_names_and_lines_are_cut() -> None:
    def line(name: str, evidence: str = "e", width: int = 100) -> str:
        return proposal_text(proposal(Guess("f", (name,), "text", "high", evidence)), width).splitlines()[-1]

    assert line("n" * 28).split()[0] == "n" * 28
    assert line("n" * 29).split()[0] == "n" * 27 + "…"
    assert line("a\tb").split()[0] == "a?b"
    assert len(line("n", "e" * 200)) == 100
    assert line("n", "e" * 200).endswith("e…")
    assert len(line("n", "e" * 200, width=20)) == 62


def test_the_country_of_numbers_is_named_or_asked_for() -> None:
    def last(data_type: str, country: str = "") -> str:
        return proposal_text(proposal(guess("f", data_type), country=country), 100).splitlines()[-1]

    unknown = "The country of numbers and postcodes is unknown: --country names it, for example --country US."
    assert last("phone") == last("postcode") == unknown
    assert last("phone", "given") == "Country of numbers and postcodes without one: given."
    assert last("text").split()[0] == "f"


def test_a_proposal_declares_what_differs_from_its_names() -> None:
    fields = (guess("name", "text"), guess("born", "date", columns=["dob"]), guess("at", "geo", columns=["lat", "lon"]))
    found = Proposal(3, (Role("source", "crm", "high", ""),), fields, (), (("name", "born"),), "", makes_id=False)
    assert found.declared(["raw", "people"], "people") == {
        "input": ["raw", "people"],
        "source": "crm",
        "labels": "people_labels",
        "overrides": "people_overrides",
        "publish": "published",
        "fields": {
            "name": {"type": "text"},
            "born": {"type": "date", "column": "dob"},
            "at": {"type": "geo", "column": ["lat", "lon"]},
        },
        "blocking": [["name", "born"]],
    }
    assert found.declared("raw", "people")["input"] == "raw"
    assert proposal(guess("a", "text", "low"), guess("b", "text", "medium")).unsure == ["a"]
