"""What `dbt-dedup init` takes columns for, from their names and values."""

from __future__ import annotations

import csv
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
import yaml
from project import REPO

from dbt_dedup.errors import DedupError
from dbt_dedup.guess.names import field_name, meanings_of, words_of
from dbt_dedup.guess.proposal import GENERATED_ID, Known, Proposal, propose
from dbt_dedup.guess.sources import _agreements
from dbt_dedup.guess.text import proposal_text

GIVEN = ("Anna", "Robert", "Maria", "James", "Sophie", "Peter", "Laura", "Thomas")
FAMILY = ("Schmidt", "Miller", "Garcia", "Smith", "Martin", "Weber", "Rossi", "Novak", "Brown")
FIRMS = ("Acme Tools Ltd", "Nordwind Logistik GmbH", "Blue River LLC", "Casa Verde S.L.", "Orion Media Inc")
ROWS = 60
NOTHING = Known()


def proposed(columns: Mapping[str, Sequence[Any]], known: Known = NOTHING, *, can_make_id: bool = True) -> Proposal:
    """The proposal for a table of these columns; a shorter column is repeated."""
    rows = max(map(len, columns.values()))
    table = pa.table({name: [values[n % len(values)] for n in range(rows)] for name, values in columns.items()})
    with duckdb.connect() as connection:
        connection.register("given", table)
        return propose(connection.table("given"), known, can_make_id=can_make_id)


def types(proposal: Proposal) -> dict[str, str]:
    """Type of each field by the columns it reads."""
    return {" ".join(guess.columns): guess.type for guess in proposal.fields}


def roles(proposal: Proposal) -> dict[str, str]:
    return {role.key: role.column for role in proposal.roles}


def ids(count: int = ROWS) -> list[str]:
    return [f"r{n:04}" for n in range(count)]


def full_names() -> list[str]:
    return [f"{GIVEN[n % len(GIVEN)]} {FAMILY[n % len(FAMILY)]}" for n in range(ROWS)]


# what a column is called, its values, and the type of the field it gives (None where it is left out)
COLUMNS: list[tuple[str, Sequence[Any], str | None]] = [
    ("first_name", GIVEN, "given_name"),
    ("Vorname", GIVEN, "given_name"),
    ("prenom", GIVEN, "given_name"),
    ("company", ("A", "B"), "category"),
    ("LastName", FAMILY, "family_name"),
    ("Nachname", FAMILY, "family_name"),
    ("apellidos", FAMILY, "family_name"),
    ("customer_name", full_names(), "full_name"),
    ("name", full_names(), "full_name"),
    ("name", FIRMS, "company"),
    ("Firma", FIRMS, "company"),
    ("razon_social", FIRMS, "company"),
    ("name", [f"Canon EOS {n}D digital camera {n} MP" for n in range(ROWS)], "text"),
    ("Geb.-Datum", [f"{n % 28 + 1:02}.{n % 12 + 1:02}.19{n % 80 + 10}" for n in range(ROWS)], "date"),
    ("dob", [f"19{n % 80 + 10}{n % 12 + 1:02}{n % 28 + 1:02}" for n in range(ROWS)], "date"),
    ("E-Mail", [f"a{n}@example.org" for n in range(ROWS)], "email"),
    ("contact_point", [f"a{n}@example.org" for n in range(ROWS)], "email"),
    ("homepage", [f"www.firm{n}.co.uk" for n in range(ROWS)], "url"),
    ("Telefon", [f"030 12{n:04}" for n in range(ROWS)], "phone"),
    ("phone_home", [f"(212) 555-{n:04}" for n in range(ROWS)], "phone"),
    ("reachable_at", [f"(212) 555-{n:04}" for n in range(ROWS)], "phone"),
    ("PLZ", [f"{n + 10000}" for n in range(ROWS)], "postcode"),
    ("zip_code", [f"{n:05}-0001" for n in range(ROWS)], "postcode"),
    ("Strasse", [f"Hauptstr. {n}" for n in range(ROWS)], "address"),
    ("addr_line_1", [f"{n} Main Street" for n in range(ROWS)], "address"),
    ("Ort", ["Berlin", "Hamburg", "Bonn"], "city"),
    ("suburb", ["Newtown", "Glebe", "Surry Hills"], "city"),
    ("state", ["NSW", "QLD", "VIC"], "category"),
    ("sexe", ["f", "m"], "category"),
    ("VAT number", [f"DE12345{n:04}" for n in range(ROWS)], "identifier"),
    ("ssn_number", [f"078-05-{n:04}" for n in range(ROWS)], "identifier"),
    ("ISBN", [f"978-3-16-{n:06}" for n in range(ROWS)], "identifier"),
    ("price", [f"$ {n}.99" for n in range(ROWS)], "number"),
    ("title", [f"A study of the {n}th case in long words" for n in range(ROWS)], "text"),
    ("industry", ["steel", "media", "retail"], "category"),
    # left out
    ("cluster_id", [str(n // 2) for n in range(ROWS)], None),
    ("created_at", ["2024-01-01 10:00:00", "2024-02-03 11:00:00"], None),
    ("notes", ["called twice", "asked for a discount"], None),
    ("order_id", [str(n // 2) for n in range(ROWS)], None),
    ("always", ["yes"], None),
    ("never", [None], None),
    ("phone_type", ["home", "work"], "category"),
    ("DNI", [f"{n:08}-Z" for n in range(ROWS)], "identifier"),
    ("nhs_no", [f"485 777 {n:04}" for n in range(ROWS)], "identifier"),
    ("ph_1", [f"4527787{n:03}" for n in range(ROWS)], "phone"),
    ("STRAS", [f"Feldweg {n}" for n in range(ROWS)], "address"),
    ("lives_at", [f"Hauptstraße {n}" for n in range(ROWS)], "address"),
    ("dials", [f"0{n + 30}/2280508" for n in range(ROWS)], "phone"),
    ("commune", ["Lyon", "Lille", "Brest"], "city"),
    ("contact_no", [f"04{n:08}" for n in range(ROWS)], "phone"),
    ("imię", ["Zofia", "Kacper", "Oliwia", "Maja", "Alicja"], "given_name"),
    ("nazwisko", ["Zając", "Wróbel", "Dąb", "Sowa", "Kozioł"], "family_name"),
    ("miejscowość", ["Gdynia", "Sopot"], "city"),
    ("Fødselsdato", [f"{n % 28 + 1:02}.01.1980" for n in range(ROWS)], "date"),
    ("生年月日", [f"1980/01/{n % 28 + 1:02}" for n in range(ROWS)], "date"),
    ("氏名", ["山田 太郎", "佐藤 花子", "鈴木 一郎", "高橋 健"], "full_name"),
    ("Телефон", [f"8 495 123{n:04}" for n in range(ROWS)], "phone"),
    # only a name in one column may be of a person or of a company; one part of a name says which part it is
    ("nome", GIVEN, "given_name"),
    ("nom", FIRMS, "company"),
    ("nombre", full_names(), "full_name"),
    # days that nobody entered do not make it less of a date
    ("Birthday", ["0/0/00"] * 9 + ["13/02/1980"], "date"),
    ("seen_from", [f"10.0.{n // 2}.{n % 2}" for n in range(ROWS)], "identifier"),
    ("runs", [f"{n + 80} min" for n in range(ROWS)], "number"),
    ("grade", [f"{chr(65 + n % 26)}{chr(65 + n // 26)}" for n in range(ROWS)], "category"),
    # left out
    ("customer_nbr", [f"824 465 1{n // 2:03}" for n in range(ROWS)], None),
    ("payload", [f'{{"name": "Anna {n // 2}", "street": "Feldweg {n}"}}' for n in range(ROWS)], None),
    ("found_in", [f'{{"mail": "a{n}@b.de", "page": "{"x" * 2_000}"}}' for n in range(ROWS)], None),
    ("hash", [f"{n * 7919:032x}" for n in range(ROWS)], None),
    ("Timestamp", [f"{n % 12 + 1}/{n % 28 + 1}/2024 10:00:00" for n in range(ROWS)], None),
    ("x", [str(n) if n < 3 else None for n in range(ROWS)], None),
]


@pytest.mark.parametrize(("name", "values", "expected"), COLUMNS, ids=[f"{name}-{type}" for name, _, type in COLUMNS])
def test_a_column_is_taken_for_what_name_and_values_say(name: str, values: Sequence[Any], expected: str | None) -> None:
    proposal = proposed({"record_id": ids(), name: values, "city_of_record": ["Rome", "Paris", "Madrid"]})
    assert types(proposal).get(name) == expected
    said = {guess.columns[0]: guess.evidence for guess in proposal.fields}
    said |= {entry.column: entry.reason for entry in proposal.left_out}
    assert said[name]


def test_columns_that_belong_together_are_one_field() -> None:
    proposal = proposed(
        {
            "id": ids(),
            "lat": [f"{48 + n / 100}" for n in range(ROWS)],
            "lng": [f"{11 + n / 100}" for n in range(ROWS)],
            "d": [str(n % 31 + 1) for n in range(ROWS)],
            "m": [str(n % 12 + 1) for n in range(ROWS)],
            "y": [str(1950 + n) for n in range(ROWS)],
            "house_number": [str(n) for n in range(ROWS)],
            "street": ["Main Street", "High Street"],
        }
    )
    assert types(proposal) == {"lat lng": "geo", "d m y": "date", "house_number street": "address"}
    declared = proposal.declared("raw", "places")["fields"]
    assert declared["location"] == {"type": "geo", "column": ["lat", "lng"]}
    assert declared["date"] == {"type": "date", "column": ["d", "m", "y"], "date_order": "dmy"}


@pytest.mark.parametrize("numbers", [[f"{n + 1}" for n in range(ROWS)], ["12", "3b", "10-12", "s/n"]])
def test_a_number_beside_a_street_is_of_the_house(numbers: Sequence[str]) -> None:
    columns = {"cod": ids(), "rua": [f"Rua {name}" for name in GIVEN], "numero": numbers, "cidade": ["Natal", "Lapa"]}

    def street_of(table: Mapping[str, Sequence[Any]]) -> object:
        return proposed(table).declared("raw", "places")["fields"]["rua"]

    assert street_of(columns) == {"type": "address", "column": ["rua", "numero"]}
    # elsewhere it is an id, and so is a number that no house has
    apart = {"cod": ids(), "numero": numbers, "cidade": ["Natal", "Lapa"], "rua": columns["rua"]}
    assert street_of(apart) == {"type": "address"}
    assert street_of({**columns, "numero": [f"2024-{n % 40:07}" for n in range(ROWS)]}) == {"type": "address"}


def test_a_district_of_many_values_is_a_place() -> None:
    many = [
        f"{first} {second}"
        for first in ("Vila", "Jardim", "Parque", "Morro", "Alto")
        for second in (*GIVEN, *FAMILY, *FIRMS)
    ]
    assert types(proposed({"id": ids(), "name": full_names(), "bairro": [*many, *many[:10]]}))["bairro"] == "city"
    assert types(proposed({"id": ids(), "name": full_names(), "bairro": ["Centro", "Lapa"]}))["bairro"] == "category"


def test_a_street_in_several_columns_is_one_address() -> None:
    """In the order of the table, without a column that says the same of each record."""
    proposal = proposed(
        {
            "voter": ids(),
            "house_num": [str(n + 1) for n in range(ROWS)],
            "half_code": [None],
            "street_dir": ["N", "S", None],
            "street_name": ["OAK", "ELM", "MAIN", "HIGH"],
            "street_type_cd": ["ST", "RD"],
            "city": ["Durham", "Cary"],
        }
    )
    assert roles(proposal)["record_id"] == "voter"
    declared = proposal.declared("raw", "voters")["fields"]
    assert declared["street_name"] == {
        "type": "address",
        "column": ["house_num", "street_dir", "street_name", "street_type_cd"],
    }


def test_a_name_is_of_a_person_if_other_columns_are() -> None:
    names = ["Xquenda Ibarretxe", "Ngozi Okonjo", "Aroha Ngata", "Unnur Briem"]
    born = [f"{n % 28 + 1:02}/01/1980" for n in range(ROWS)]
    assert types(proposed({"id": ids(), "name": names, "city": ["Rome", "Bilbao"]}))["name"] == "company"
    assert types(proposed({"id": ids(), "name": names, "city": ["Rome", "Bilbao"], "dob": born}))["name"] == "full_name"


def test_a_text_beside_a_name_gives_a_rule_only_if_it_tells_records_apart() -> None:
    """Whole groups of persons and companies share an occupation or a quarter."""
    shared = [f"{word} Quarter" for word in FIRMS]
    telling = [f"Makes part {n} of {FAMILY[n % 9]}" for n in range(ROWS)]
    people = {"id": ids(), "first_name": GIVEN, "last_name": FAMILY, "description": telling}
    firms = {"id": ids(), "company": [f"{name} {n} Ltd" for n, name in enumerate(FAMILY * 7)][:ROWS]}

    def keys(columns: Mapping[str, Sequence[Any]]) -> set[str]:
        return {key for rule in proposed(columns).blocking for key in rule if key.startswith("description")}

    assert not keys(people)
    assert not keys({**firms, "description": shared})
    assert keys({**firms, "description": telling})


def test_initials_of_two_names_are_left_out() -> None:
    given, family = [GIVEN[n % 8] for n in range(ROWS)], [FAMILY[n % 9] for n in range(ROWS)]
    initials = [f"{g[0]}.{f[0]}." for g, f in zip(given, family, strict=True)]
    proposal = proposed({"id": ids(), "First Name": given, "Last Name": family, "Initials": initials})
    assert types(proposal) == {"First Name": "given_name", "Last Name": "family_name"}
    assert proposal.left_out[0].reason == "initials of First Name and Last Name"


def test_a_table_of_addresses_alone_gets_rules_without_the_city_alone() -> None:
    proposal = proposed(
        {
            "uprn": ids(),
            "address1": [f"{n + 1} Mill Lane" for n in range(ROWS)],
            "town": ["Deal", "Dover"],
            "postcode": [f"CT{n % 9 + 1} {n % 9}AB" for n in range(ROWS)],
        }
    )
    assert proposal.blocking == (
        ("address_1",),
        ("postcode",),
        ("address_1", "postcode"),
        ("address_1.rare_tokens", "address_1.number"),
        ("address_1.number", "town"),
        ("address_1.number", "postcode"),
    )


def test_fields_of_which_none_is_a_key_give_one_rule_each_for_the_three_most_distinct() -> None:
    columns = {
        name: [f"{name[0]}{n % distinct}" for n in range(ROWS)]
        for name, distinct in {"colour": 3, "shape": 5, "grade": 6, "finish": 4}.items()
    }
    proposal = proposed({"id": ids(), **columns})
    assert set(types(proposal).values()) == {"category"}
    assert proposal.blocking == (("grade",), ("shape",), ("finish",))


def test_phrases_that_many_records_share_give_no_rule() -> None:
    headlines = [
        f"{word} {n} bed {thing} to let" for word in ("Cosy", "Bright") for thing in ("flat", "house") for n in (1, 2)
    ]
    offers = {
        "id": ids(),
        "headline": headlines,
        "address": [f"{n} Main Street" for n in range(ROWS)],
        "price": ["9", "12"],
    }
    assert not [key for rule in proposed(offers).blocking for key in rule if key.startswith("headline")]
    titles = [f"{name} sells bed {n}" for n, name in enumerate(full_names())]
    named = proposed({**offers, "headline": titles}).blocking
    assert {("headline.rare_tokens",), ("headline.prefix",)} <= set(named)


def word(number: int) -> str:
    return "".join("abcdefghij"[int(digit)] for digit in f"{number:04}") + "er"


@pytest.mark.parametrize("beside", ["full_name", "company"])
@pytest.mark.parametrize(("distinct", "is_key"), [(179, False), (180, True)])  # a key from 3 in 10 records on
def test_a_text_that_groups_of_records_share_gives_no_rule_beside_a_name(
    beside: str, distinct: int, is_key: bool
) -> None:
    names = {"full_name": full_names(), "company": [f"{word(n)} Ltd" for n in range(600)]}
    works = [f"{word(n % distinct)} of {word(n % distinct + 500)}" for n in range(600)]
    proposal = proposed({"id": ids(600), "work": works, beside: names[beside]})
    assert types(proposal) == {"work": "text", beside: beside}
    assert (("work.rare_tokens",) in proposal.blocking) == is_key


def test_of_texts_the_most_distinct_give_rules() -> None:
    texts = {f"text{k}": [f"{word(n % k)} of {word(n % k + 500)}" for n in range(600)] for k in (200, 300, 400, 500)}
    keys = {key.partition(".")[0] for rule in proposed({"id": ids(600), **texts}).blocking for key in rule}
    assert keys == {"text_500", "text_400", "text_300"}


@pytest.mark.parametrize(("nested", "is_left_out"), [(7, False), (8, True)])
def test_a_column_of_values_that_hold_others_is_left_out(nested: int, is_left_out: bool) -> None:
    tags = [f'["a{n}", "b"]' if n % 10 < nested else f"plain word {n}" for n in range(ROWS)]
    proposal = proposed({"id": ids(), "email": [f"a{n}@b.de" for n in range(ROWS)], "tags": tags})
    reasons = {left_out.column: left_out.reason for left_out in proposal.left_out}
    expected = {"tags": "80% of the values hold others; select their parts as columns"}
    assert reasons == (expected if is_left_out else {})


@pytest.mark.parametrize(("beside", "expected"), [("price", None), ("email", "full_name")])
def test_who_deals_with_a_thing_is_no_name_of_it(beside: str, expected: str | None) -> None:
    values = {"price": ["12", "500"], "email": ["a@b.de", "c@d.de"]}[beside]
    proposal = proposed(
        {"id": ids(), "address": [f"{n} Main Street" for n in range(ROWS)], beside: values, "agent": full_names()}
    )
    assert types(proposal).get("agent") == expected


def test_a_text_without_words_gives_no_rule() -> None:
    proposal = proposed(
        {
            "track_id": ids(),
            "title": [f"Song of the {family} {n}" for n, family in enumerate(full_names())],
            "artist": full_names(),
            "length": [f"{n % 9}:{n % 60:02}" for n in range(ROWS)],
        }
    )
    assert "length" in {guess.name for guess in proposal.fields}
    assert not any("length" in key for rule in proposal.blocking for key in rule)


def test_a_column_that_repeats_another_is_left_out() -> None:
    given, family = [GIVEN[n % 8] for n in range(ROWS)], [FAMILY[n % 9] for n in range(ROWS)]
    proposal = proposed(
        {
            "id": ids(),
            "given": given,
            "family_name": family,
            "full_name": [f"{f}, {g}" for g, f in zip(given, family, strict=True)],
            "surname": [name.upper() for name in family],
        }
    )
    assert types(proposal) == {"given": "given_name", "surname": "family_name"}
    assert {entry.column: entry.reason for entry in proposal.left_out} == {
        "full_name": "joins given and surname",
        "family_name": "says the same as surname",
    }


@pytest.mark.parametrize(
    ("values", "order"),
    [
        (["13/02/1980", "01/02/1981", "31/12/1990"], "dmy"),
        (["02/13/1980", "01/02/1981", "12/31/1990"], None),  # month first is the default
        (["1980-02-13"], None),
        (["13.02.1980", "31.12.1990", "12/31/1990"], None),  # full stops have the day first by default
        (["13.02.1980", "31/12/1990"], "dmy"),
    ],
)
def test_the_order_of_dates_follows_from_those_that_can_be_read_in_one_way(
    values: Sequence[str], order: str | None
) -> None:
    (guess,) = proposed({"id": ids(), "birth_date": [*values, "1999-01-01"]}).fields
    assert guess.options.get("date_order") == order


@pytest.mark.parametrize(("slips", "is_mixed"), [(1, False), (15, True)])
def test_dates_in_two_orders_are_said_first(slips: int, is_mixed: bool) -> None:
    values = [f"12/{n % 15 + 14}/1980" if n < slips else f"{n % 15 + 14}/12/1980" for n in range(ROWS)]
    (guess,) = proposed({"id": ids(), "birth_date": values}).fields
    assert guess.options.get("date_order") == "dmy"
    assert guess.evidence.startswith("mixed: 45 have the day first, 15 the month; name") is is_mixed


def test_a_long_value_is_read_in_its_beginning() -> None:
    blob = "x" * 300_000
    proposal = proposed({"id": ids(), "email": ["a@b.de", "c@d.de"], "page": [blob, f"{{{blob}"]})
    assert types(proposal)["email"] == "email"
    assert len(proposal.left_out) + len(proposal.fields) == 2


PHONES = [f"0{n + 300} 555{n:03}" for n in range(ROWS)]
PLACES: list[tuple[str, Mapping[str, Sequence[Any]], object]] = [
    ("column", {"country": ["DE", "Austria", "USA"]}, {"column": "country"}),
    ("one_country", {"Land": ["Deutschland"]}, "DE"),
    ("postcodes", {"postcode": ["SW1A 1AA", "M1 1AE", "CR2 6XH"]}, "GB"),
    ("states", {"state": ["CA", "NY", "TX", "WA"]}, "US"),
    ("calling_codes", {"mobile": ["+49 171 1234567", "+49 30 123456", "0301234567"]}, "DE"),
    ("cities", {"city": ["New York", "Chicago", "Springfield"]}, "US"),
    ("domains", {"email": [f"a{n}@firma.{'de' if n % 5 else 'com'}" for n in range(ROWS)]}, "DE"),
    ("nothing", {"given_name": GIVEN}, None),
    ("several", {"mobile": ["+49 171 1234567", "+44 20 79460000", "+33 1 70189900"]}, None),
]


@pytest.mark.parametrize(("columns", "expected"), [case[1:] for case in PLACES], ids=[case[0] for case in PLACES])
def test_the_country_is_found_where_something_says_it(columns: Mapping[str, Sequence[Any]], expected: object) -> None:
    proposal = proposed({"id": ids(), "phone": PHONES, **columns})
    assert next(guess for guess in proposal.fields if guess.columns[0] == "phone").options.get("country") == expected
    assert ("unknown" in proposal_text(proposal, 100)) == (expected is None)


def test_the_country_that_the_user_names_counts() -> None:
    proposal = proposed({"id": ids(), "phone": PHONES, "state": ["CA", "NY", "TX"]}, Known(country="FR"))
    assert [guess.options.get("country") for guess in proposal.fields if guess.type == "phone"] == ["FR"]


def test_roles_are_found_by_name_and_values() -> None:
    proposal = proposed(
        {
            "name": full_names(),
            "serial": [str(n) for n in range(ROWS)],
            "customer_id": ids(),
            "system": ["crm", "billing"],
            "last_modified": ["2024-05-01T10:00:00", "2024-06-01T10:00:00"],
        }
    )
    assert roles(proposal) == {"record_id": "customer_id", "source": "system", "updated_at": "last_modified"}


def test_without_a_unique_column_a_file_gets_an_id_and_a_table_does_not() -> None:
    columns = {"customer_id": [str(n // 2) for n in range(ROWS)], "name": full_names()}
    proposal = proposed(columns)
    assert proposal.makes_id
    assert roles(proposal)["record_id"] == GENERATED_ID
    with pytest.raises(DedupError, match="No column identifies a record; customer_id comes nearest, with 30 different"):
        proposed(columns, can_make_id=False)


@pytest.mark.parametrize(
    ("known", "message"),
    [
        (Known(record_id="nmae"), "--record-id nmae: the table has no such column, but id, name. Did you mean 'name'?"),
        (Known(record_id="name"), "--record-id name: 1 records repeat the value of another"),
        (Known(source="zzz"), "--source zzz: the table has no such column, but id, name."),
        (
            Known(source_mode="link_only"),
            "--source-mode link_only needs a column that names the source: give --source.",
        ),
    ],
)
def test_what_the_user_says_is_checked(known: Known, message: str) -> None:
    with pytest.raises(DedupError) as error:
        proposed({"id": ["1", "2", "3"], "name": ["Anna Smith", "Anna Smith", "Bob Brown"]}, known)
    assert str(error.value).startswith(message)


def test_what_the_user_says_counts_more_than_what_columns_are_called() -> None:
    columns = {"id": ids(), "code": [f"c{n}" for n in range(ROWS)], "name": full_names(), "kind": ["a", "b"]}
    known = Known(record_id="code", source="kind", updated_at="id", source_mode="link_only")
    found = proposed(columns, known)
    assert roles(found) == {"record_id": "code", "source": "kind", "updated_at": "id", "source_mode": "link_only"}
    assert {role.evidence for role in found.roles} == {"given"}
    assert not found.makes_id


def test_a_table_that_says_nothing_stops_with_the_reasons() -> None:
    with pytest.raises(DedupError, match="says anything to compare records by \\(b: one value in all records\\)"):
        proposed({"id": ids(), "b": ["x"]})
    with duckdb.connect() as connection, pytest.raises(DedupError, match="no records"):
        propose(connection.query("select 1 as id, 'x' as name where false"), Known(), can_make_id=True)


def pairs_of_people(**columns: Sequence[Any]) -> dict[str, Sequence[Any]]:
    """Columns of 400 records, two of each person one after the other, and more columns."""
    people = [n // 2 for n in range(400)]
    return {
        "id": ids(400),
        "given_name": [GIVEN[n % 8] + "abcdefgh"[n // 8 % 8] for n in people],
        "family_name": [FAMILY[n % 9] + "stuvwxyz"[n // 9 % 8] for n in people],
        "birth_date": [f"19{n % 80 + 10}-{n % 12 + 1:02}-{n % 28 + 1:02}" for n in people],
        **columns,
    }


def test_columns_in_which_likely_pairs_agree_as_often_as_any_are_left_out() -> None:
    chance = random.Random(5)
    people = [n // 2 for n in range(400)]
    proposal = proposed(
        pairs_of_people(
            score=[f"{chance.random():.4f}" for _ in range(400)],
            wave=[chance.choice("abcde") for _ in range(400)],
            seen=[f"2024-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}" for _ in range(400)],
            shade=["qwertz"[n * 31 % 6] for n in people],
            height=[str(150 + n * 17 % 50 + chance.randint(0, 1)) for n in people],
        )
    )
    assert set(types(proposal)) == {"given_name", "family_name", "birth_date", "shade", "height"}
    reasons = {entry.column: entry.reason for entry in proposal.left_out}
    assert set(reasons) == {"score", "wave", "seen"}
    assert reasons["seen"] == "agrees in 0% of 200 likely pairs, by chance in 0%"


def test_without_likely_pairs_a_doubtful_column_stays() -> None:
    columns = {name: values[::2] for name, values in pairs_of_people(wave=list("abcde") * 80).items()}
    assert types(proposed(columns))["wave"] == "category"


def test_an_id_beside_the_record_id_is_a_field_if_records_that_share_it_are_of_one_thing() -> None:
    people = [n // 2 for n in range(400)]
    proposal = proposed(
        pairs_of_people(
            member_number=[f"M-{n * 7919 % 1000}" if n % 3 else None for n in people],
            box_no=[f"{n * 7919 % 1000}{'' if row % 40 else row}" for row, n in enumerate(people)],
            household_id=[f"H{n // 2}" for n in people],
            locker_number=[f"{n * 31 % 60 + 1}" for n in range(400)],
            file_number=[f"F{n}" for n in people],
        )
    )
    guesses = {guess.columns[0]: guess for guess in proposal.fields}
    assert {"member_number", "box_no"} == {name for name, guess in guesses.items() if guess.type == "identifier"}
    assert guesses["member_number"].evidence == "name; records that share it agree in given_name and family_name"
    assert ["member_number"] in proposal.declared("people", "people")["blocking"]
    reasons = {entry.column: entry.reason for entry in proposal.left_out}
    assert "differ in given_name: an id of something else" in reasons["household_id"]
    assert "differ in given_name: an id of something else" in reasons["locker_number"]
    assert "it never differs where records agree, so it may be an answer" in reasons["file_number"]


def test_a_column_in_which_likely_pairs_never_agree_is_the_source() -> None:
    (role,) = [r for r in proposed(pairs_of_people(office=["north", "south"] * 200)).roles if r.key == "source"]
    assert (role.column, role.confidence) == ("office", "medium")
    assert role.evidence == "0% of 200 likely pairs are of one office, by chance 50%"
    assert "source" not in roles(proposed(pairs_of_people(office=["north", "north", "south", "south"] * 100)))


def test_who_offers_a_thing_is_the_source() -> None:
    offers = {"id": ids(), "item": [f"Drill X{n} 18V" for n in range(ROWS)]}
    assert roles(proposed({**offers, "Shop": ["a", "b"]}))["source"] == "Shop"
    # a restaurant has a name of its own
    assert "source" not in roles(proposed({**offers, "shop": full_names()}))
    # where a customer came from is no source of the record
    assert "source" not in roles(proposed({**offers, "utm_source": ["a", "b", None]}))


def test_a_time_of_change_may_be_called_a_timestamp() -> None:
    times = ["2024-05-01T10:00:00", "2024-06-01T10:00:00"]
    assert roles(proposed({"id": ids(), "name": full_names(), "updated_timestamp": times})) == {
        "record_id": "id",
        "updated_at": "updated_timestamp",
    }
    assert "updated_at" not in roles(proposed({"id": ids(), "name": full_names(), "load_timestamp": times}))


def test_a_search_term_of_a_name_is_left_out() -> None:
    firms = [f"{FAMILY[n % 9]}{n} Metall GmbH" for n in range(ROWS)]
    proposal = proposed({"id": ids(), "name": firms, "SORTL": [firm.split()[0].upper() for firm in firms]})
    assert types(proposal) == {"name": "company"}
    others = [f"{GIVEN[n % 8]} {FAMILY[n % 7]}" for n in range(ROWS)]
    assert types(proposed({"id": ids(), "name": firms, "SORTL": others}))["SORTL"] == "full_name"


def test_rules_use_the_surest_and_fullest_column_of_a_type() -> None:
    proposal = proposed(
        {
            "id": ids(),
            "first_order": [f"20{n % 20:02}-01-{n % 28 + 1:02}" for n in range(ROWS)],
            "addr_line_2": [f"Apt {n} Main Road" if n % 5 == 0 else None for n in range(ROWS)],
            "first_name": GIVEN,
            "last_name": FAMILY,
            "street": [f"{n} Main Street" for n in range(ROWS)],
            "zip": [f"{n + 10000}" for n in range(ROWS)],
            "dob": [f"19{n % 80 + 10}-02-{n % 28 + 1:02}" for n in range(ROWS)],
        }
    )
    assert types(proposal)["first_order"] == "date"
    assert types(proposal)["addr_line_2"] == "address"
    assert ("last_name.soundex", "dob.year") in proposal.blocking
    assert ("street", "zip") in proposal.blocking
    assert not any("first_order" in key or "addr_line" in key for rule in proposal.blocking for key in rule)


def test_sources_are_linked_where_only_records_of_different_ones_agree() -> None:
    titles = [f"The {n}th book of long stories" for n in range(300)]
    linked = {"id": ids(600), "source": ["a"] * 300 + ["b"] * 300, "title": titles + titles}
    assert roles(proposed(linked))["source_mode"] == "link_only"
    inside = {**linked, "source": ["a", "b"] * 300, "title": [title for title in titles for _ in range(2)]}
    mixed = {**inside, "source": ["a", "a", "b", "b"] * 150}
    assert "source_mode" not in roles(proposed(mixed))
    assert roles(proposed(mixed, Known(source_mode="dedupe_only")))["source_mode"] == "dedupe_only"


@pytest.mark.parametrize("entity", ["customers", "companies"])
def test_the_types_of_the_reference_entities_are_guessed(entity: str) -> None:
    declared = yaml.safe_load((REPO / "dbt_project.yml").read_text())["vars"]["dedup_entities"][entity]
    with duckdb.connect() as connection:
        file = REPO / "seeds" / entity / f"raw_{entity}.csv"
        proposal = propose(connection.read_csv(str(file), all_varchar=True), Known(), can_make_id=False)
    found = proposal.declared(declared["input"], entity)
    assert {name: options["type"] for name, options in found["fields"].items()} == {
        name: options["type"] for name, options in declared["fields"].items()
    }
    for key in ("record_id", "source", "updated_at"):
        assert found[key] == declared[key]


def test_a_column_that_no_spec_can_name_is_left_out() -> None:
    proposal = proposed({"id": ids(), 'the "name"': full_names(), "name": full_names()})
    assert types(proposal) == {"name": "full_name"}
    assert {entry.column for entry in proposal.left_out} == {'the "name"'}


def test_names_are_read_in_words() -> None:
    assert words_of("GebDatum") == words_of("Geb.-Datum") == ["geb", "datum"]
    assert words_of("Straße Nr2") == ["strasse", "nr", "2"]
    assert meanings_of("customer_phone") == meanings_of("phone_of_customer")[:1] == ["phone"]
    assert meanings_of("qqq") == []


def test_a_field_gets_a_name_that_the_spec_takes() -> None:
    assert field_name("First Name", set()) == "first_name"
    assert field_name("order", set()) == "order_value"
    assert field_name("2nd line", set()) == "field_2_nd_line"
    assert field_name("日本", set()) == "field"
    assert field_name("A", {"a"}) == "a_2"
    assert field_name("a__b", set()) == "a_b"


def test_a_table_of_many_columns_keeps_the_telling_ones(tmp_path: Path) -> None:
    file = tmp_path / "wide.csv"
    with file.open("w", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(["id", *(f"c{n}" for n in range(80)), "email"])
        writer.writerows([n, *((n * k) % 37 for k in range(1, 81)), f"a{n}@b.org"] for n in range(50))
    with duckdb.connect() as connection:
        proposal = propose(connection.read_csv(str(file), all_varchar=True), Known(), can_make_id=False)
    assert len(proposal.fields) == 30
    assert "email" in types(proposal)
    assert max(map(len, proposal_text(proposal, 100).splitlines())) <= 100


def test_pairs_that_agree_inside_a_source_and_across_sources() -> None:
    """By hand: Ann is 3 pairs, of which 1 is inside x; Bo is 1 pair inside y; of 15 pairs 6 are inside."""
    values, sources = ["Ann", "ANN", "ann", "Bo", "bo", "Cy"], ["x", "x", "y", "y", "y", "x"]
    inside, across, times = _agreements(values, sources)
    assert (inside, across) == (2, 2)
    assert times == pytest.approx((2 / 9) / (2.5 / 6))
