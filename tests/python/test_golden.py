"""Golden values by tables of cases: the records of an entity, and what its golden record says."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from project import Project, prepare_models, write_package_project, write_parquet

FIELDS: dict[str, dict[str, Any]] = {
    "given_name": {"type": "given_name"},
    "family_name": {"type": "family_name"},
    "contact": {"type": "full_name"},
    "birth_date": {"type": "date"},
    "email": {"type": "email"},
    "phone": {"type": "phone", "country": "US"},
    "street": {"type": "address"},
    "city": {"type": "city"},
    "postcode": {"type": "postcode"},
    "company": {"type": "company"},
    "number": {"type": "identifier"},
    "staff": {"type": "number"},
    "website": {"type": "url"},
    "strict": {"type": "given_name", "survivorship": "most_recent"},
}
# the same fields by names that steps of the package once had for columns of their own
STRANGE_NAMES = {
    "given_name": "known",
    "family_name": "support",
    "email": "supporting",
    "street": "tokens",
    "city": "spelling",
    "company": "word",
    "birth_date": "support_updated_at",
}
POPULATION = [
    *[{"given_name": "Joseph", "family_name": "Robinson", "city": "Houston", "postcode": "85003"}] * 40,
    *[{"given_name": "Maria", "family_name": "Ramirez", "city": "Springfield", "postcode": "85002"}] * 40,
    *[{"given_name": "Frank", "family_name": "Baker", "street": "7 Chestnut Ave", "company": "Harbour Lights"}] * 40,
    *[{"given_name": "Robert", "family_name": "Castle", "contact": "Ines Duarte", "street": "9 Willow Road"}] * 40,
]
Records = list[dict[str, str]]

# records from the oldest to the latest, and the golden values
CASES: list[tuple[str, Records, dict[str, str]]] = [
    ("capitals", [{"given_name": "Joseph"}, {"given_name": "JOSEPH"}], {"given_name": "Joseph"}),
    ("small letters", [{"city": "San Diego"}, {"city": "san diego"}], {"city": "San Diego"}),
    ("diacritics", [{"family_name": "Wójcik"}, {"family_name": "Wojcik"}], {"family_name": "Wójcik"}),
    ("apostrophe", [{"family_name": "O'Rourke"}, {"family_name": "ORourke"}], {"family_name": "O'Rourke"}),
    ("sign behind", [{"family_name": "Baker"}, {"family_name": "Baker*"}], {"family_name": "Baker"}),
    ("comma behind", [{"family_name": "Baker"}, {"family_name": "Baker,"}], {"family_name": "Baker"}),
    ("name at birth", [{"family_name": "Moser geb. Falk"}], {"family_name": "Moser"}),
    ("name at birth, with diacritics", [{"family_name": "Dupont née Martin"}], {"family_name": "Dupont"}),
    ("nickname in quotes", [{"given_name": 'Mary "Molly"'}], {"given_name": "Mary"}),
    ("no nickname", [{"family_name": "van 't Hoff"}], {"family_name": "van 't Hoff"}),
    ("remark behind a name", [{"contact": "John Smith - DECEASED"}], {"contact": "John Smith"}),
    ("address beside a name", [{"contact": "John Smith <john@smith.example>"}], {"contact": "John Smith"}),
    ("title of a name", [{"contact": "Dr. Anna Weber, CEO"}], {"contact": "Dr. Anna Weber"}),
    ("remark on a firm", [{"company": "Alder Inc. - DO NOT USE"}], {"company": "Alder Inc."}),
    ("remark before a firm", [{"company": "*** DUPLICATE *** Alder Ltd"}], {"company": "Alder Ltd"}),
    ("addressee of a firm", [{"company": "Alder GmbH z.Hd. Frau Weber"}], {"company": "Alder GmbH"}),
    ("firm in liquidation", [{"company": "Alder Ltd (in liquidation)"}], {"company": "Alder Ltd (in liquidation)"}),
    ("slip, known", [{"given_name": "Joseph"}, {"given_name": "Jsoeph"}], {"given_name": "Joseph"}),
    ("slip in capitals", [{"family_name": "Ramirez"}, {"family_name": "RAMIRES"}], {"family_name": "Ramirez"}),
    (
        "slip, two to one",
        [{"given_name": "Quirin"}, {"given_name": "Quirin"}, {"given_name": "Quirim"}],
        {"given_name": "Quirin"},
    ),
    (
        "three slips",
        [{"family_name": "Robinsno"}, {"family_name": "Robinson"}, {"family_name": "Tobinson"}],
        {"family_name": "Robinson"},
    ),
    (
        "the e-mail knows",
        [
            {"family_name": "Hallgrove", "email": "n.hallgrove@mail.example"},
            {"family_name": "Hallgorve", "email": "n.hallgrove@mail.example"},
        ],
        {"family_name": "Hallgrove"},
    ),
    (
        "the name knows",
        [
            {"given_name": "Wanda", "email": "wanda.k@mail.example"},
            {"given_name": "Wanda", "email": "wamda.k@mail.example"},
        ],
        {"email": "wanda.k@mail.example"},
    ),
    ("initial", [{"given_name": "Robert"}, {"given_name": "R."}], {"given_name": "Robert"}),
    (
        "initials, mostly",
        [{"given_name": "Robert"}, {"given_name": "R."}, {"given_name": "R"}],
        {"given_name": "Robert"},
    ),
    ("nickname", [{"given_name": "Bob"}, {"given_name": "Bob"}, {"given_name": "Robert"}], {"given_name": "Robert"}),
    ("beginning", [{"given_name": "Josephine"}, {"given_name": "Joseph"}], {"given_name": "Josephine"}),
    ("spelled out", [{"family_name": "Jäger"}, {"family_name": "Jaeger"}], {"family_name": "Jäger"}),
    (
        "married",
        [{"family_name": "Robinson"}, {"family_name": "Robinson"}, {"family_name": "Baker"}],
        {"family_name": "Baker"},
    ),
    ("two names", [{"family_name": "Ramirez Castle"}, {"family_name": "Ramirez"}], {"family_name": "Ramirez Castle"}),
    (
        "names exchanged",
        [{"given_name": "Maria", "family_name": "Ramirez"}, {"given_name": "Ramirez", "family_name": "Maria"}],
        {"given_name": "Maria", "family_name": "Ramirez"},
    ),
    (
        "names exchanged, with a slip",
        [{"given_name": "Joseph", "family_name": "Baker"}, {"given_name": "Baker", "family_name": "Joesph M"}],
        {"given_name": "Joseph", "family_name": "Baker"},
    ),
    ("family name first", [{"contact": "Duarte, Ines"}], {"contact": "Ines Duarte"}),
    ("both orders", [{"contact": "Ines Duarte"}, {"contact": "DUARTE, INES"}], {"contact": "Ines Duarte"}),
    ("initial of a full name", [{"contact": "Ines Duarte"}, {"contact": "I. Duarte"}], {"contact": "Ines Duarte"}),
    ("degree behind a comma", [{"contact": "Ines Duarte, MD"}], {"contact": "Ines Duarte, MD"}),
    (
        "date",
        [{"birth_date": "1971-05-08"}, {"birth_date": "1971-05-08"}, {"birth_date": "1971-05-09"}],
        {"birth_date": "1971-05-08"},
    ),
    ("new phone", [{"phone": "212 555 0187"}, {"phone": "617 834 2266"}], {"phone": "+16178342266"}),
    (
        "slip in the new phone",
        [{"phone": "6178342266"}, {"phone": "6178342266"}, {"phone": "6178342256"}],
        {"phone": "+16178342266"},
    ),
    (
        "moved",
        [
            {"street": "7 Chestnut Ave", "city": "Houston", "postcode": "77001"},
            {"street": "7 Chestnut Ave", "city": "Houston", "postcode": "77001"},
            {"street": "9 Willow Road", "city": "Springfield"},
        ],
        {"street": "9 Willow Road", "city": "Springfield", "postcode": ""},
    ),
    (
        "slips in one address",
        [
            {"street": "9 Willow Road", "city": "Springfield", "postcode": "85003"},
            {"street": "9 Willow Rd", "city": "SPRINGFELD", "postcode": "85003"},
            {"street": "9 Wilolw Road", "city": "Springfield"},
        ],
        {"street": "9 Willow Rd", "city": "Springfield", "postcode": "85003"},
    ),
    (
        "unit left out",
        [{"street": "9 Willow Road Apt 4"}, {"street": "9 Willow Road"}],
        {"street": "9 Willow Road Apt 4"},
    ),
    (
        "zero lost",
        [{"postcode": "02139", "city": "Houston"}, {"postcode": "2139", "city": "Houston"}],
        {"postcode": "02139"},
    ),
    (
        "letter for a digit",
        [{"postcode": "85003", "city": "Houston"}, {"postcode": "8S003", "city": "Houston"}],
        {"postcode": "85003"},
    ),
    ("state behind the city", [{"city": "Springfield"}, {"city": "Springfield, IL"}], {"city": "Springfield"}),
    (
        "slip in a company",
        [{"company": "Harbour Lights"}, {"company": "Habrour Lights"}],
        {"company": "Harbour Lights"},
    ),
    ("acronym", [{"company": "Harbour Lights"}, {"company": "H.L."}], {"company": "Harbour Lights"}),
    ("part of a number", [{"number": "HRB 4711/003"}, {"number": "HRB 4711"}], {"number": "HRB 4711/003"}),
    ("rough number", [{"staff": "23"}, {"staff": "20+"}], {"staff": "23.0"}),
    (
        "own website",
        [{"website": "harbour.example"}, {"website": "facebook.com/harbour"}],
        {"website": "harbour.example"},
    ),
    ("strict rule", [{"strict": "Joseph"}, {"strict": "Joseph"}, {"strict": "Jsoeph"}], {"strict": "Jsoeph"}),
    ("strict rule, spelling", [{"strict": "Joseph"}, {"strict": "JOSEPH"}], {"strict": "Joseph"}),
    # what must stay as it is
    (
        "two spellings of one name",
        [{"family_name": "DeAngelo"}, {"family_name": "DeAngelo"}],
        {"family_name": "DeAngelo"},
    ),
    ("only capitals", [{"given_name": "JOSEPH"}, {"given_name": "JOSEPH"}], {"given_name": "JOSEPH"}),
    (
        "no other mailbox",
        [{"email": "wanda.k@mail.example"}, {"email": "w@firm.example"}],
        {"email": "w@firm.example"},
    ),
    ("nothing", [{"given_name": "n/a"}, {"given_name": "-"}], {"given_name": ""}),
]
TYPOS = {
    ("slip, known", "given_name", "Jsoeph", "Joseph"),
    ("slip in capitals", "family_name", "RAMIRES", "Ramirez"),
    ("slip, two to one", "given_name", "Quirim", "Quirin"),
    ("slip in the new phone", "phone", "6178342256", "+16178342266"),
}
NO_TYPOS = ("nickname", "initial", "married", "beginning", "moved")


ENTITIES = (
    "select id as record_id, cast(dense_rank() over (order by entity) as integer) as cluster_key,"
    " cast(null as varchar) as source, entity as entity_id,"
    " count(*) over (partition by entity) as records_in_entity"
    " from {{ ref('raw_people') }}"
)


def literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def raw_table() -> pa.Table:
    """The records of the cases, in order of their last change, and those of the population, an entity each."""
    rows = []
    for number, (name, records, _) in enumerate(CASES):
        for place, record in enumerate(records):
            changed = f"20{10 + place}-01-01"
            rows.append({"id": f"{number:03d}-{place}", "entity": name, "changed": changed, **record})
    for number, record in enumerate(POPULATION):
        rows.append({"id": f"p{number:03d}", "entity": f"p{number:03d}", "changed": "2009-01-01", **record})
    columns = ("id", "entity", "changed", *FIELDS)
    return pa.table({name: pa.array([row.get(name) for row in rows], pa.string()) for name in columns})


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder = tmp_path_factory.mktemp("golden")
    file = write_parquet(folder / "data" / "people.parquet", raw_table())
    truth = [
        # one value of several is right, one is right but for its letter case, one wrong
        ("slip, known", "Joseph | Joe", ""),
        ("only capitals", "Joseph", ""),
        ("married", "", "Robinson"),
        ("two names", "", "Ramirez"),
    ]
    values = ", ".join(f"({', '.join(map(literal, row))})" for row in truth)
    spec = {
        "input": "raw_people",
        "record_id": "id",
        "updated_at": "changed",
        "fields": FIELDS,
        "blocking": [["email"]],
        "truth": "people_truth",
        "truth_values": "people_truth_values",
    }
    serve = ("golden_values", "true_values", "golden_checks")
    models = {
        "raw_people.sql": f"select * from read_parquet('{file}')",
        "people_truth.sql": "select id as record_id, entity as entity_id from {{ ref('raw_people') }}",
        "people_truth_values.sql": (
            "select entity_id, nullif(given_name, '') as given_name, nullif(family_name, '') as family_name"
            f" from (values {values}) as known (entity_id, given_name, family_name)"
        ),
        **{f"int_{entity}__entities.sql": ENTITIES for entity in ("people", "strangers")},
        **prepare_models("people"),
        **prepare_models("strangers"),
        "int_strangers__golden_values.sql": "{{ dbt_dedup.golden_values('strangers') }}",
        **{f"int_people__{name}.sql": f"{{{{ dbt_dedup.{name}('people') }}}}" for name in serve},
        "people_likely_typos.sql": "{{ dbt_dedup.likely_typos('people') }}",
    }
    strange = {STRANGE_NAMES.get(name, name): {**options, "column": name} for name, options in FIELDS.items()}
    strangers = {"input": "raw_people", "record_id": "id", "updated_at": "changed", "fields": strange}
    entities = {"people": spec, "strangers": {**strangers, "blocking": [["supporting"]]}}
    project = Project(write_package_project(folder, entities, models))
    project.dbt("build", "--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")
    return project


@pytest.fixture(scope="module")
def golden(people: Project) -> dict[str, dict[str, Any]]:
    return {row["entity_id"]: row for row in people.dicts("select * from int_people__golden_values")}


@pytest.mark.parametrize(("name", "records", "expected"), CASES, ids=[name for name, _, _ in CASES])
def test_golden_values(
    golden: dict[str, dict[str, Any]], name: str, records: Records, expected: dict[str, str]
) -> None:
    found = {field: golden[name][field] for field in expected}
    assert {field: "" if value is None else str(value) for field, value in found.items()} == expected


def test_golden_values_do_not_depend_on_the_names_of_the_fields(
    people: Project, golden: dict[str, dict[str, Any]]
) -> None:
    strange = {row["entity_id"]: row for row in people.dicts("select * from int_strangers__golden_values")}
    assert strange.keys() == golden.keys()
    for entity_id, row in golden.items():
        for name in FIELDS:
            for column in ("", "__record_id"):
                found = strange[entity_id][f"{STRANGE_NAMES.get(name, name)}{column}"]
                assert found == row[f"{name}{column}"], (entity_id, name)


def test_a_golden_value_names_a_record_that_has_it(people: Project, golden: dict[str, dict[str, Any]]) -> None:
    records = {row["record_id"]: row for row in people.dicts("select * from stg_people__records")}
    for row in golden.values():
        for field in FIELDS:
            record_id = row[f"{field}__record_id"]
            assert (record_id is None) == (row[field] is None)
            assert record_id is None or records[record_id][field] is not None


def test_a_value_that_is_likely_a_slip_is_proposed_the_golden_value(people: Project) -> None:
    rows = people.rows(
        """select entities.entity_id, typos.field, typos.original_value, typos.proposed_value
        from people_likely_typos as typos
        inner join int_people__entities as entities on typos.record_id = entities.record_id"""
    )
    assert set(rows) >= TYPOS
    assert not {row[0] for row in rows} & set(NO_TYPOS)


def test_golden_values_are_checked_against_the_true_values(people: Project) -> None:
    rows = people.dicts("select * from int_people__golden_checks")
    checks = {(row["entity_id"], row["field"]): (row["is_right"], row["any_right"]) for row in rows}
    assert checks == {
        ("slip, known", "given_name"): (True, True),
        ("only capitals", "given_name"): (False, False),
        ("married", "family_name"): (False, True),
        ("two names", "family_name"): (False, True),
    }
    of_capitals = next(row for row in rows if row["entity_id"] == "only capitals")
    assert of_capitals["is_right_standardized"]
    assert of_capitals["any_right_standardized"]
