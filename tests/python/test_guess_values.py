"""What values look like, and which records of a table are likely of one thing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from table_columns import column, letters

from dbt_dedup.guess import kinds
from dbt_dedup.guess.columns import LONGEST_VALUE, Column
from dbt_dedup.guess.likely import Agreement, agreement_in, folded, likely_pairs
from dbt_dedup.guess.own_ids import judge

# a test of values, those that pass it, and those that do not
LOOKS: list[tuple[Callable[[Column], float], Sequence[str], Sequence[str]]] = [
    (kinds.urls, ["www.firm.de", "https://x"], ["a@firm.de", "firm"]),
    (
        kinds.dates,
        [
            *("1980-12-31", "1980-1-1", "19801231", "31/12/1980", "12/31/1980", "12/12/80", "1.1.1980"),
            *("3 May 1980", "3 Sept 1980", "3 of May in 80", "1er août 1980"),
        ],
        [
            *("1980-13-01", "1980-00-10", "1980-01-32", "1980-01-00", "13/13/1980", "12/32/1980", "0/5/1980"),
            *("5/0/1980", "May", "3 xyz 1980", "3 of the May in 80"),
        ],
    ),
    (kinds.phones, ["123456", "1234567890123456", "(0) 30/123-4"], ["12345", "12345678901234567", "030 x"]),
    (
        kinds.written_phones,
        [
            *("+1234567", "+1234567890123456", "(030) 1234", "004912345", "030 1234567", "12 34 567"),
        ],
        [
            *("+123456", "+12345678901234567", "1234567", "12 34567", "12 10 2024", "192.168.10.12", "+12 ab"),
        ],
    ),
    (kinds.hosts, ["192.0.2.7", "192.0.2.7:80"], ["192.0.2", "a.b.c.d"]),
    (
        kinds.nested,
        ["{a}", "[a]", "{" + "x" * (LONGEST_VALUE - 1), "[" + "x" * (LONGEST_VALUE - 1)],
        ["{a]", "[a}", "a}", "{" + "x" * (LONGEST_VALUE - 2), "x" * LONGEST_VALUE],
    ),
    (kinds.with_words, ["abc", "1 abc", "山"], ["ab", "ab cd", "123"]),
    (kinds.numbers, ["12", "$ 1.50", "-3 kg"], ["a12", "12 abc"]),
    (lambda of: kinds.numbers_within(of, 1, 3), ["1", "3", "2,5", "2.0"], ["0.9", "3.1", "x"]),
    (kinds.codes, ["a1b", "ab c1"], ["a1", "a b c1", "abc", "(a1)"]),
    (kinds.postcodes, ["12a", "12bcdefghijk"], ["12", "1ab", "12bcdefghijkl", "12@a"]),
    (kinds.house_numbers, ["12", "12b", "12-14", "s/n"], ["2024-123456", "b"]),
    (
        kinds.streets,
        [
            *("street qwx yvb zfg", "qwx yvb street zfg", "qwx yvb zfg street", "hauptstrasse", "qwx yvb 1"),
        ],
        ["qwx street yvb zfg kjh", "qwx yvb street zfg kjh", "qwx yvb", "qwx 1", "1"],
    ),
    (kinds.given_names, ["anna qwx", "qwx anna"], ["weber", "annaqwx"]),
    (kinds.family_names, ["anna weber"], ["anna"]),
    (kinds.legal_forms, ["qwx ltd", "qwx g.m.b.h.", "qwx sp zoo", "ltd qwx yvb"], ["ltd", "qwx ltd yvb", "qwx zoo"]),
    (kinds.with_digits, ["a1"], ["a"]),
    (kinds.letters_only, ["a b", "a-"], ["a1", "--"]),
    (kinds.countries, ["Austria", "U.S.A.", "de"], ["Qwx"]),
]


@pytest.mark.parametrize(("test", "yes", "no"), LOOKS)
def test_a_value_is_told_by_what_it_looks_like(
    test: Callable[[Column], float], yes: Sequence[str], no: Sequence[str]
) -> None:
    assert [value for value in yes if test(column("x", [value])) != 1.0] == []
    assert [value for value in no if test(column("x", [value])) != 0.0] == []
    assert test(column("x", [yes[0], no[0], no[-1], None])) == pytest.approx(1 / 3)
    assert test(column("x", [None])) == 0.0


def test_days_in_the_database_are_dates_and_those_that_nobody_entered_do_not_count() -> None:
    assert kinds.dates(column("x", ["9999"], data_type="DATE")) == 1.0
    assert kinds.dates(column("x", ["9999"], data_type="TIMESTAMP WITH TIME ZONE")) == 1.0
    assert kinds.dates(column("x", ["00/00/00", "0000-00-00", "1980-01-31", "x"])) == 0.5
    assert kinds.dates(column("x", ["00/00/00"])) == 0.0


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["13/12/1980", "12/12/1980"], ("dmy", "1 of 2 sampled dates can only have the day first")),
        (["12/13/1980", "12/12/1980"], ("mdy", "1 of 2 sampled dates can only have the month first")),
        (["12/12/1980", "13/13/1980"], (None, "2 sampled dates do not say whether the day or the month is first")),
        (["1980-12-13"], (None, "")),
        # full stops count for themselves
        (
            ["13.12.1980", "12/13/1980", "12/14/1980"],
            ("mdy", "1 with full stops have the day first, 2 others the month"),
        ),
        (
            ["13.12.1980", "14.12.1980", "12/13/1980"],
            ("mdy", "2 with full stops have the day first, 1 others the month"),
        ),
        (["13.12.1980", "12.13.1980", "12/13/1980"], ("mdy", "mixed: 1 have the day first, 2 the month")),
        (["13.12.1980", "13/12/1980", "12/13/1980"], ("dmy", "mixed: 2 have the day first, 1 the month")),
        (["13/12/1980", "12/13/1980"], ("mdy", "mixed: 1 have the day first, 1 the month")),
        # a slip in ten is none, more are two layouts
        (["13/12/1980"] * 9 + ["12/13/1980"], ("dmy", "9 of 10 sampled dates can only have the day first")),
        (["12/13/1980"] * 9 + ["13/12/1980"], ("mdy", "9 of 10 sampled dates can only have the month first")),
        (["13/12/1980"] * 8 + ["12/13/1980"], ("dmy", "mixed: 8 have the day first, 1 the month")),
    ],
)
def test_the_order_of_day_and_month_is_that_of_dates_with_one_reading(
    values: Sequence[str], expected: tuple[str | None, str]
) -> None:
    assert kinds.date_order(column("x", values)) == expected


def test_keys_of_a_text_are_its_beginning_and_its_words() -> None:
    assert kinds.beginning("abcdefghijkl") == {"abcdefghij"}
    assert kinds.words("ab 12 c3-d") == {"ab", "12", "c3", "d"}
    assert kinds.words_with_digits("ab 12 c3-d") == {"12", "c3"}


@pytest.mark.parametrize(
    ("pairs", "share", "by_chance", "is_as_by_chance"),
    [
        (20, 0.0, 0.5, True),
        (19, 0.0, 0.5, False),  # too few pairs to say
        (1_000, 1.0, 1.0, False),  # it always agrees
        # a tenth of what is possible beyond chance, where noise is little
        (10**6, 0.55, 0.5, False),
        (10**6, 0.54, 0.5, True),
        (10**6, 0.56, 0.5, False),
        (10**6, 0.45, 0.5, True),
        # three standard errors of 100 pairs: 0.144 at 0.64, 0.143 at 0.65
        (100, 0.64, 0.5, True),
        (100, 0.65, 0.5, False),
    ],
)
def test_agreement_is_by_chance_if_it_is_slight_or_within_its_noise(
    pairs: int, share: float, by_chance: float, is_as_by_chance: bool
) -> None:
    assert Agreement(pairs, share, by_chance).is_as_by_chance == is_as_by_chance


def agrees(values: Sequence[str], data_type: str, first: int = 0, second: int = 1) -> bool:
    return agreement_in(column("x", values), [(first, second)], data_type).share == 1.0


def test_numbers_agree_if_fewer_than_a_tenth_of_all_are_between() -> None:
    numbers = [str(n) for n in range(1, 101)]
    assert agrees(numbers, "number", 0, 10)  # nine are between 1 and 11
    assert not agrees(numbers, "number", 0, 11)
    assert agrees(numbers, "number", 10, 0)
    assert not agrees(numbers, "category", 0, 1)
    # equal ones are near, however many there are of others and of themselves
    assert agrees(["5", "5.0", "5", "5", "5"], "number")


def test_numbers_are_read_with_signs_and_separators() -> None:
    """The places of -2, 1.5, 3, 1,234.5 and 1234.75 in their order; with fewer than ten only equal ranks are near."""
    between = [str(n) for n in range(200, 1_000, 100)]
    assert agrees(["1.234,5", "1234.5 kg", *between], "number")
    assert not agrees(["-300", "300", *between], "number")
    assert agrees(["x", "x", *between], "number")
    assert not agrees(["x", "5", *between], "number")
    assert not agrees(["x", "y", *between], "number")


def test_texts_agree_in_half_of_their_words_and_other_values_in_letters_and_digits() -> None:
    assert agrees(["red fox one", "Red, fox two"], "text")
    assert not agrees(["red fox one", "red cat two"], "text")
    assert agrees(["Ann-Lee", "ANN LEE"], "given_name")
    assert not agrees(["red fox one", "red fox two"], "company")
    assert (folded("Ann-Lee_3"), folded("--")) == ("annlee3", "--")


def test_agreement_counts_pairs_with_two_values_and_what_any_pair_would_do() -> None:
    found = agreement_in(column("x", ["a", "A", "b", "c", None]), [(0, 1), (1, 2), (2, 3), (3, 4), (4, 0)], "category")
    assert found.pairs == 3
    assert found.share == pytest.approx(1 / 3)
    assert found.by_chance == pytest.approx(1 / 6)  # of the six pairs of a, A, b and c
    assert agreement_in(column("x", ["a", "a"]), [], "category") == Agreement(0, 0.0, 1.0)
    assert agreement_in(column("x", ["a", None]), [(0, 1)], "category") == Agreement(0, 0.0, 0.0)


def test_chance_is_estimated_from_no_more_than_some_pairs() -> None:
    many = [*["a"] * 20_001, *(letters(n) for n in range(900)), *(str(n) for n in range(5_000))]
    assert agreement_in(column("x", many), [], "category").by_chance == 1.0
    halves = ["a", "b"] * 500  # each record with the twenty after it
    assert agreement_in(column("x", halves), [], "category").by_chance == 0.5


def grouped(*sizes: int, rows: int, prefix: str) -> list[str]:
    """Values of rows, the first of which are equal in groups of these sizes, and the others all different."""
    values = [f"{prefix}{number}" for number, size in enumerate(sizes) for _ in range(size)]
    return [*values, *(f"{prefix}alone{n}" for n in range(rows - len(values)))]


def test_likely_pairs_agree_in_two_telling_columns() -> None:
    names, mails = grouped(2, 2, 2, rows=60, prefix="n"), grouped(2, 2, rows=60, prefix="m")
    found = likely_pairs([column("name", names), column("mail", [*mails[:3], None, *mails[4:]])])
    assert dict(found.by_fields) == {frozenset(("name", "mail")): frozenset([(0, 1)])}
    assert found.without("phone") == {(0, 1)}
    assert found.without("name") == set()
    assert found.agreement(column("name", names), "full_name").pairs == 0
    phones = column("phone", ["1", "1", *map(str, range(100, 158))])
    agreement = found.agreement(phones, "phone")
    assert (agreement.pairs, agreement.share) == (1, 1.0)
    assert agreement.by_chance == pytest.approx(1 / 1_770)


def test_a_column_in_which_more_than_one_pair_in_twenty_agrees_is_not_telling() -> None:
    """Of 300 pairs of 25 records 15 agree in a group of six."""
    other = column("mail", grouped(2, rows=25, prefix="m"))
    assert likely_pairs([column("name", grouped(6, rows=25, prefix="n")), other]).without("") == {(0, 1)}
    assert likely_pairs([column("name", grouped(6, 2, rows=25, prefix="n")), other]).without("") == set()


def test_more_than_five_records_that_agree_in_two_columns_are_no_pairs() -> None:
    for size, pairs in ((5, 10), (6, 0)):
        columns = [column(name, grouped(size, rows=60, prefix=name)) for name in ("n", "m")]
        assert len(likely_pairs(columns).without("")) == pairs


def test_pairs_count_if_they_are_ten_times_as_many_as_by_chance() -> None:
    """Of 820 pairs of 41 records 41 agree in the name; with two that agree in the other column chance gives 0.1."""
    name = column("n", grouped(5, 5, 5, 3, 3, 3, 2, 2, rows=41, prefix="n"))

    def pairs(*apart: int) -> int:
        other = grouped(2, rows=41, prefix="m")
        for number, row in enumerate(apart):
            other[row] = other[row + 1] = f"apart{number}"
        return len(likely_pairs([name, column("m", other)]).without(""))

    assert pairs(30) == 1
    assert pairs(30, 34) == 0


def test_the_six_most_telling_columns_give_pairs() -> None:
    columns = [column(f"c{n}", grouped(2, *[2] * (7 - n), rows=60, prefix="v")) for n in range(7)]
    found = likely_pairs(columns)
    assert {name for names in found.by_fields for name in names} == {f"c{n}" for n in range(1, 7)}
    assert len(found.by_fields) == 15


def an_id(rows: int = 400, *, missing: int = 40, split: int = 0) -> Column:
    """An id that records have in pairs, the last without one, and some pairs with two."""
    values: list[str | None] = [f"i{n // 2}" for n in range(rows)]
    for pair in range(split):
        values[2 * pair] = f"other{pair}"
    return column("member", [*values[: rows - missing], *[None] * missing])


def a_field(name: str, rows: int = 400, *, differ: int = 0, first: int = 0) -> tuple[Column, str]:
    """A column in which the records of a pair agree, but for some pairs from the first of them on."""
    values = [f"{name}{n // 2}" for n in range(rows)]
    for pair in range(first, first + differ):
        values[2 * pair] = f"{name}other{pair}"
    return column(name, values), "identifier"


def test_an_id_is_of_the_thing_if_records_that_share_it_agree_in_two_fields() -> None:
    verdict = judge(an_id(), [a_field("a"), a_field("b"), a_field("c")])
    assert verdict
    assert (verdict.is_own, verdict.reason) == (True, "name; records that share it agree in a and b")
    assert judge(an_id(), [a_field("a")]) is None
    # twenty pairs say something, nineteen do not
    assert judge(an_id(80, missing=40), [a_field("a", 80), a_field("b", 80)])
    assert judge(an_id(80, missing=42), [a_field("a", 80), a_field("b", 80)]) is None


def test_a_field_in_which_any_records_agree_says_nothing_of_an_id() -> None:
    shared = (column("c", ["x", "y"] * 200), "identifier")
    assert judge(an_id(), [a_field("a"), shared]) is None
    assert judge(an_id(), [a_field("a"), shared, a_field("b")])


def test_an_id_in_whose_pairs_a_field_differs_more_often_than_not_is_of_something_else() -> None:
    """With two fields no others show what is usual. Of the 400 records 360 share an id in pairs, 180 of them."""
    half = judge(an_id(), [a_field("a", differ=90), a_field("b")])
    assert half
    assert half.is_own
    more = judge(an_id(), [a_field("a", differ=91), a_field("b")])
    assert more
    assert (more.is_own, more.reason) == (
        False,
        "name; 51% of the pairs that share it differ in a: an id of something else",
    )


def joining(right: int, wrong: int) -> Column:
    """An id of pairs of which some are of one thing, and the others of two things."""
    values: list[str | None] = [None] * 400
    for thing in range(right):
        values[2 * thing] = values[2 * thing + 1] = f"i{thing}"
    for pair in range(wrong):
        values[2 * (right + 2 * pair)] = values[2 * (right + 2 * pair + 1)] = f"wrong{pair}"
    return column("member", values)


def test_records_that_share_an_id_agree_in_four_fifths_of_what_likely_pairs_do() -> None:
    fields = [a_field("a"), a_field("b"), a_field("c")]
    nearly, less = judge(joining(80, 20), fields), judge(joining(79, 21), fields)
    assert nearly
    assert nearly.is_own
    assert less
    assert (less.is_own, less.reason) == (
        False,
        "name; 21% of the pairs that share it differ in a: an id of something else",
    )


def test_a_field_in_which_likely_pairs_hardly_agree_says_nothing_of_an_id() -> None:
    """In the first pairs, which share the id, the field differs; of 200 likely pairs it agrees in 99 or 100."""
    fields = [a_field("a"), a_field("b"), a_field("c")]
    hardly, half = a_field("d", differ=101), a_field("d", differ=100)
    skipped, counted = judge(joining(50, 0), [hardly, *fields]), judge(joining(50, 0), [half, *fields])
    assert skipped
    assert skipped.is_own
    assert counted
    assert (counted.is_own, counted.reason) == (
        False,
        "name; 100% of the pairs that share it differ in d: an id of something else",
    )


def test_an_id_that_each_record_has_and_that_never_differs_may_be_an_answer() -> None:
    fields = [a_field("a"), a_field("b")]

    def is_own(of: Column) -> bool:
        verdict = judge(of, fields)
        assert verdict
        return verdict.is_own

    # filled in 95 of 100 records
    assert not is_own(an_id(missing=20))
    assert is_own(an_id(missing=21))
    # of 200 likely pairs 4 have two ids, or 5
    assert not is_own(an_id(missing=0, split=4))
    assert is_own(an_id(missing=0, split=5))
