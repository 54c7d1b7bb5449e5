"""Every feature by a table of cases, then all features on random pairs: in range, symmetric, null with a null side."""

from __future__ import annotations

import json
import math
import random
from typing import Any

import pytest
from project import MODELS_ONLY, Project, prepare_models, write_package_project, write_parquet
from type_cases import text_table

FIELDS: dict[str, dict[str, Any]] = {
    "given": {"type": "given_name"},
    "family": {"type": "family_name"},
    "person": {"type": "full_name"},
    "born": {"type": "date"},
    "email": {"type": "email"},
    "phone": {"type": "phone", "country": "US"},
    "street": {"type": "address"},
    "city": {"type": "city"},
    "postcode": {"type": "postcode"},
    "firm": {"type": "company"},
    "passport": {"type": "identifier"},
    "gender": {"type": "category"},
    "price": {"type": "number"},
    "title": {"type": "text"},
}
LONG = "abcdefghi " * 10_000
WORDS = [
    "anna",
    "Bob",
    "Łukasz",
    "O'Neil",
    "smith",
    "Smith-Jones",
    "Иван",
    "王小明",
    "x",
    "5d",
    "mk2",
    "😀",
    "ß",
    "GmbH",
]

# field, left side, right side, features
Case = tuple[str, dict[str, Any], dict[str, Any], dict[str, Any]]


def case(field: str, left: Any, right: Any, **expected: Any) -> Case:
    """A pair that differs in one field, given as two texts; or in several, given as two dictionaries."""
    sides = [side if isinstance(side, dict) else {field: side} for side in (left, right)]
    left, right = sides
    return field, left, right, {f"{field}_{name}" if field else name: value for name, value in expected.items()}


def whole(left: Any, right: Any, **expected: Any) -> Case:
    """A pair by the features of its whole text; a side given as a text is a title."""
    sides = [side if isinstance(side, dict) else {"title": side} for side in (left, right)]
    return case("", *sides, **{f"whole_text_{name}": value for name, value in expected.items()})


CASES = [
    # names
    case("given", "Martha", "Marhta", exact=0, jaro_winkler=0.9611, edit=1 - 2 / 6, initial=1, contains=0, rarity=0),
    case("given", "Bob", "Robert", exact=0, nickname=1, initial=0),
    case("given", "Robert", "Bob", nickname=1),
    case("given", "Mary", "Mary Ann", exact=0, contains=1, initial=1),
    case("given", "Ann", "Anna", contains=0),
    case("given", "JOSÉ", "jose", exact=1, jaro_winkler=1, edit=1, contains=1),
    case("given", "王", "李", exact=0, edit=0, contains=0, initial=0),
    case("given", "Иван", "Петр", exact=0, initial=0),
    case("given", "a" * 100_000, "b" * 100_000, exact=0, jaro_winkler=0, edit=0),
    case("given", LONG + "x", LONG + "y", exact=0, edit=1),
    case("family", "Dixon", "Dicksonx", jaro_winkler=0.8133, edit=0.5, sound=0, generation=None),
    case("family", "Dwayne", "Duane", jaro_winkler=0.84),
    case("family", "Kitten", "Sitting", edit=1 - 3 / 7, sound=0),
    case("family", "Robert", "Rupert", sound=1),
    case("family", "García", "García Márquez", contains=1),
    case("family", "Smith Jr.", "Smith Junior", exact=1, generation=1),
    case("family", "Smith Jr", "Smith Sr", exact=1, generation=0),
    case("family", "Smith Jr", "Smith", exact=1, generation=0.5),
    case("family", "Иван", "Петр", sound=None),
    case("family", "van der Heyden", "Vanderheyden", exact=1, jaro_winkler=1, edit=1, sound=1, contains=1),
    case("family", "Mac Gregor", "MacGregor", exact=1, contains=1),
    case("family", "Lloyd-Evans", "Lloydevans", exact=1),
    case("family", "Böhme", "Boehme", exact=1, jaro_winkler=1, edit=1),
    case("family", "Böhme", "Bohme", exact=1),
    case("family", "Boehme", "Bohme", exact=0, sound=1, edit=1 - 1 / 6, rarity=0),
    case("family", "Sørlie", "Soerlie Jr.", exact=1, generation=0.5),
    case("given", "Håkon", "Haakon", exact=1, initial=1, contains=1, nickname=1),
    case("given", "Юлия", "Yuliya", exact=1, jaro_winkler=1, initial=1),
    case("given", "Joe", "Jo", exact=0),
    case("given", "Marla", "Carla", jaro_winkler=0, edit=0, initial=0, nickname=0),  # two names
    case("given", "Thomas", "Teresa", jaro_winkler=0, edit=0, initial=0),
    case("given", "Sara", "Sarah", edit=0.8, initial=1),  # the same name in two spellings
    case("given", "Marla", "Marlx", edit=0.8, initial=1),  # a typing error
    case("given", "Anna Maria", "Maria", contains=1, initial=0, edit=0.5),
    case("given", "William", "Bill", nickname=1, edit=3 / 7),
    case("person", "Marla Finch", "Carla Finch", jaro_winkler=0, sorted_jaro_winkler=0, last_jaro_winkler=1),
    case("person", "Thomas Martin", "Martin Thomas", sorted_jaro_winkler=1),
    case("born", "1980-01-01", "1980-01-01", exact=None, parts=1, log_days=None, edit=None, rarity=None, swapped=None),
    case("born", "1980-01-01", "1981-01-01", exact=None, parts=0),
    case("born", "1980-01-01", "1980-01-02", exact=0, parts=2),
    case("", {"given": "Anna", "family": "Smith"}, {"given": "Smith", "family": "Anna"}, names_swapped=1),
    case("", {"given": "Anna", "family": "Smith"}, {"given": "Smith"}, names_swapped=None),
    case("", {"given": "Anna", "family": "Smith"}, {"given": "Smith", "family": "Qqq"}, names_swapped=0),
    case(
        "person",
        "Smith, John",
        "John Smith",
        exact=1,
        jaro_winkler=1,
        sorted_jaro_winkler=1,
        initials=1,
        token_overlap=1,
    ),
    case(
        "person",
        "John Smith",
        "Smith John",
        exact=0,
        sorted_jaro_winkler=1,
        initials=1,
        token_overlap=1,
        token_cosine=1,
    ),
    case("person", "Bob Smith", "Robert Smith", nickname=1, last_jaro_winkler=1),
    case(
        "person",
        "Ludwig van der Heyden",
        "Vanderheyden, Ludwig",
        exact=1,
        jaro_winkler=1,
        sorted_jaro_winkler=1,
        initials=1,
        last_jaro_winkler=1,
        nickname=1,
    ),
    case("person", "Jörg Böhme", "Joerg Boehme", exact=1, last_jaro_winkler=1, nickname=1, token_overlap=0),
    case("person", "John Smith", "Wei Li", token_overlap=0, token_containment=0, token_cosine=0, rarest_shared=0),
    case("person", "John Smith", "John Q Smith", token_containment=1),
    # dates
    case("born", "1980-03-04", "03/04/1980", exact=1, log_days=0, parts=3, swapped=0, edit=1),
    case(
        "born",
        "1980-03-04",
        "1980-04-03",
        exact=0,
        parts=1,
        swapped=1,
        log_days=math.log2(31),
        edit=1 - 2 / 8,
        rarity=0,
    ),
    case("born", "1980-03-04", "1980-03-05", log_days=1, parts=2, swapped=0, edit=1 - 1 / 8),
    case("born", "1980-03-04", "1990-03-04", parts=2, swapped=0),
    case("born", "1980-05-05", "1980-05-05", swapped=0, exact=1),
    case("born", "1980-03-04", "1981-04-03", swapped=0),
    # e-mail and phone
    case("email", "j.doe@gmail.com", "jdoe+x@googlemail.com", exact=1, local=1, domain=1),
    case("email", "jdoe@a.com", "jdoe@b.com", exact=0, local=1, domain=0, rarity=0),
    case("phone", "(212) 555-0187", "+1 212 555 0187", exact=1, suffix=1, edit=1),
    case("phone", "212-555-0187", "617-555-0187", exact=0, suffix=1, edit=1 - 2 / 12),
    case("phone", "212-555-0187", "212-555-0188", exact=0, suffix=0, edit=1 - 1 / 12),
    case("phone", "555-018", "212-555-0188", suffix=None, exact=0),
    # places
    case("street", "12 North Main Street", "12 N Main St", exact=1, number=1, street=1, token_overlap=1),
    case("street", "12 Main St", "14 Main St", exact=0, number=0, street=1),
    case("street", "12 Main St", "Main St", number=None, token_containment=1),
    case("city", "Saint Louis", "St. Louis", exact=1),
    case("city", "New York", "York", contains=1, exact=0),
    case("postcode", "02139", "02139-1234", exact=1, area=1, edit=1),
    case("postcode", "02139", "02193", exact=0, area=1, edit=1 - 2 / 5),
    # companies
    case("firm", "I.B.M. Corp.", "International Business Machines", acronym=1, exact=0, legal_form=None),
    case("firm", "Smith GmbH", "Smith AG", exact=1, legal_form=0, acronym=1, ngrams=1),
    case("firm", "Data Base", "DataBase", exact=0, joined_jaro_winkler=1, ngrams=1, acronym=0),
    case("firm", "abcd", "bcde", ngrams=1 / 3),
    case("firm", "Mueller Tools", "Müller Tools", loose=1, exact=0, trade_name=None),
    case("firm", "Seven Oaks", "7 Elms", loose=0),
    case("firm", "Harbor Foods Ltd t/a The Blue Pot", "The Blue Pot", trade_name=1),
    case("firm", "Harbor Foods Ltd t/a The Blue Pot", "The Red Pot", trade_name=0),
    # the rest
    case("passport", "AB-123 456", "ab123456", exact=1, edit=1, suffix=1),
    case("passport", "AB123456", "XY123456", exact=0, suffix=1, edit=0.75),
    case("passport", "12", "13", suffix=None, edit=0.5),
    case("gender", "F", "f", exact=1),
    case("gender", "f", "m", exact=0, rarity=0),
    case("price", "10", "$10.00", exact=1, closeness=1),
    case("price", "10", "8", exact=0, closeness=0.8),
    case("price", "10", "-10", closeness=0),
    case("price", "0", "5", closeness=0),
    case("price", "0", "-0", exact=1, closeness=1),
    case("price", "1e308", "-1e308", exact=0, closeness=0),
    case("title", "Canon EOS 5D", "Canon EOS 6D", first_word=1, numbers=0, unshared_numbers=2, length=1),
    case("title", "Canon EOS 5D", "EOS 5D by Canon", numbers=1, unshared_numbers=0, first_word=0, token_containment=1),
    case("title", "abc", "abcdef", numbers=None, unshared_numbers=0, length=0.5, ngrams=1 / 4),
    case("title", "abc 7", "abc", numbers=0, unshared_numbers=1),
    case("title", LONG + "x", LONG + "y", exact=0, edit=1, jaro_winkler=1, ngrams=1),
    case("title", "😀 ok", "OK", exact=1, token_overlap=1),
    # the text of the whole record
    whole("Sony PS-LX350H", "sony turntable pslx350h", codes=1, unshared_codes=0, code_inside=8, code_inside_both=8),
    whole("Sony DCR SR85", "camcorder dcrsr85", codes=0, unshared_codes=1, code_inside=7, code_inside_both=4),
    whole("abc x100 y2000", "abc x-100", codes=0.5, unshared_codes=0, code_inside=4, code_inside_both=4),
    whole("abc", "abc x100", codes=0, unshared_codes=None, code_inside=0, code_inside_both=None),
    whole("abc 5d", "abcd", codes=None, unshared_codes=None, code_inside=None, code_inside_both=None),
    whole("Ключ К-4500", {"firm": "ключ к4500"}, codes=1, code_inside=5, token_containment=1),
    whole("n/a", "abc 1234", codes=None, code_inside=None, token_overlap=None, rarest_shared=None),
    whole({"firm": "Sony", "gender": "tv"}, "TV: Sony", token_overlap=1, token_cosine=1),
    case("", {"passport": "AB-12 34"}, {"title": "new ab1234 item"}, passport_in_text=1),
    case("", {"passport": "AB-12 34"}, {"title": "new ab 123-4"}, passport_in_text=1),
    case("", {"passport": "ab1234"}, {"title": "other"}, passport_in_text=0),
    case("", {"passport": "ab1234"}, {"gender": None}, passport_in_text=None),
    case("", {"title": "a"}, {"title": "b"}, passport_in_text=None),
]


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Records 2n+1 and 2n+2 are the sides of case n. Those after them are random, and compared each with each."""
    folder = tmp_path_factory.mktemp("compare")
    rows = [side for _, left, right, _ in CASES for side in (left, right)] + random_records(60)
    source = write_parquet(folder / "input.parquet", text_table(rows, FIELDS))
    spec = {
        "input": "raw",
        "record_id": "id",
        "fields": FIELDS,
        "blocking": [["email"]],
        "features": [{"name": "both_sides", "sql": "length(l.title) + length(r.title)"}],
    }
    half = 2 * len(CASES)
    models = {
        "raw.sql": f"select * from read_parquet('{source}')",
        "pairs.sql": f"""
            select l.record_key as record_key_l, r.record_key as record_key_r
            from {{{{ ref('int_things__keyed_records') }}}} as l
            cross join {{{{ ref('int_things__keyed_records') }}}} as r
            where (l.record_key > {half} and r.record_key > {half}) or (l.record_key - 1) // 2 = (r.record_key - 1) // 2
            """,
        **prepare_models("things"),
        "int_things__pair_features.sql": "{{ dbt_dedup.pair_features('things', ref('pairs')) }}",
        "features_of_sql.sql": """
            {%- set pairs -%}
            select record_key_l, record_key_r, 'case ' || record_key_r / 2 as name
            from {{ ref('pairs') }}
            where record_key_r = record_key_l + 1
            {%- endset -%}
            {{ dbt_dedup.pair_features('things', pairs, carry=['name']) }}
            """,
        "int_things__spec.sql": "{{ dbt_dedup.effective_spec('things') }}",
    }
    project = Project(write_package_project(folder, {"things": spec}, models))
    project.dbt("build", *MODELS_ONLY)
    return project


UNBOUNDED = (
    "_rarity",
    "_rarest_shared",
    "_log_days",
    "_unshared_numbers",
    "_unshared_codes",
    "_inside",
    "_inside_both",
)


def random_records(count: int) -> list[dict[str, Any]]:
    chance = random.Random(1)

    def words(most: int) -> str:
        return " ".join(chance.choices(WORDS, k=chance.randint(1, most)))

    def record() -> dict[str, Any]:
        values = {
            "given": words(2),
            "family": words(2) + chance.choice(["", "", " Jr", " III"]),
            "person": words(3),
            "born": f"{chance.randint(1, 3)}/{chance.randint(1, 3)}/198{chance.randint(0, 2)}",
            "email": f"{chance.choice('abc')}{chance.randint(1, 3)}@{chance.choice('xy')}.com",
            "phone": f"212 555 {chance.randint(100, 104)}{chance.randint(0, 9)}",
            "street": f"{chance.randint(1, 3)} {words(2)} Street",
            "city": words(1),
            "postcode": f"0213{chance.randint(0, 9)}",
            "firm": words(3) + chance.choice(["", " Inc", " GmbH"]),
            "passport": "".join(chance.choices("ab12", k=chance.randint(1, 6))),
            "gender": chance.choice("fm"),
            "price": str(chance.choice([0, 1, -1, 2.5, 1e6, 3])),
            "title": words(6),
        }
        return {field: value if chance.random() < 0.8 else None for field, value in values.items()}

    return [record() for _ in range(count)]


@pytest.fixture(scope="module")
def features(compared: Project) -> dict[tuple[int, int], dict[str, Any]]:
    return {
        (row.pop("record_key_l"), row.pop("record_key_r")): row
        for row in compared.dicts("select * from int_things__pair_features")
    }


@pytest.fixture(scope="module")
def records(compared: Project) -> dict[int, dict[str, Any]]:
    return {row["record_key"]: row for row in compared.dicts("select * from int_things__keyed_records")}


@pytest.fixture(scope="module")
def spec(compared: Project) -> dict[str, Any]:
    ((text,),) = compared.rows("select spec from int_things__spec")
    found: dict[str, Any] = json.loads(text)
    return found


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        pytest.param(number, expected, id=f"{field} {str(left)[:30]} {str(right)[:30]}")
        for number, (field, left, right, expected) in enumerate(CASES)
    ],
)
@pytest.mark.parametrize("order", [1, -1], ids=["as written", "swapped"])
def test_features_of_a_pair(
    features: dict[tuple[int, int], dict[str, Any]], number: int, expected: dict[str, Any], order: int
) -> None:
    left, right = (2 * number + 1, 2 * number + 2)[::order]
    assert {name: features[left, right][name] for name in expected} == {
        name: value if value is None else pytest.approx(value, abs=5e-5) for name, value in expected.items()
    }


def test_the_cases_reach_every_feature(spec: dict[str, Any]) -> None:
    reached = {name for *_, expected in CASES for name in expected}
    missed = {each["name"] for each in spec["features"]} - reached - {"both_sides"}
    assert {name.rpartition("_")[2] for name in missed} <= {
        "rarity",
        "shared",
        "overlap",
        "containment",
        "cosine",
        "edit",
        "winkler",
        "generation",
        "length",
    }


def test_features_have_the_names_and_the_order_of_the_spec(
    features: dict[tuple[int, int], dict[str, Any]], spec: dict[str, Any]
) -> None:
    names = [each["name"] for each in spec["features"]]
    assert list(next(iter(features.values()))) == names
    assert len(names) == len(set(names))
    assert names[-2:] == ["names_swapped", "both_sides"]
    assert {each["direction"] for each in spec["features"]} == {-1, 0, 1}


def test_pairs_may_be_given_as_sql_and_keep_further_columns(
    compared: Project, features: dict[tuple[int, int], dict[str, Any]]
) -> None:
    for row in compared.dicts("select * from features_of_sql"):
        pair = row.pop("record_key_l"), row.pop("record_key_r")
        assert row.pop("name").startswith("case ")
        assert row == features[pair]


def test_lists_are_intersected_once_per_pair_and_no_compiled_line_is_long(compared: Project) -> None:
    folder = compared.folder / "target/compiled/shop/models"
    sql = (folder / "int_things__pair_features.sql").read_text(encoding="utf-8")
    for column in ("title__ngrams", "title__numbers", "firm__ngrams", "whole_text__codes"):
        assert sql.count(f"list_intersect(l.{column}, r.{column})") == 1
    assert [line for line in sql.splitlines() if len(line) > 160] == []


def test_features_are_symmetric(features: dict[tuple[int, int], dict[str, Any]]) -> None:
    differing = {
        name
        for (left, right), row in features.items()
        for name, value in row.items()
        if features[right, left][name] != value
    }
    assert differing == set()


def test_a_feature_is_null_where_a_side_is_null_and_a_finite_number_in_its_range_elsewhere(
    features: dict[tuple[int, int], dict[str, Any]], records: dict[int, dict[str, Any]], spec: dict[str, Any]
) -> None:
    both_may_lack = (
        *(
            "generation",
            "legal_form",
            "trade_name",
            "numbers",
            "ngrams",
            "suffix",
            "sound",
            "number",
            "street",
            "nickname",
        ),
        *("codes", "code_inside", "code_inside_both"),
    )
    checked = 0
    for feature in spec["features"]:
        name, field = feature["name"], feature["field"]
        if name in ("names_swapped", "both_sides", "passport_in_text"):
            continue
        highest = 3 if name.endswith("_parts") else math.inf if name.endswith(UNBOUNDED) else 1
        for (left, right), row in features.items():
            if records[left][field] is None or records[right][field] is None:
                assert row[name] is None, (name, left, right)
            elif name.startswith("born_") and all(is_first_of_january(records[each]) for each in (left, right)):
                assert row[name] is None or name == "born_parts", (name, left, right)
            elif row[name] is None:
                assert name.endswith(both_may_lack), (name, left, right)
            else:
                assert 0 <= row[name] <= highest + 1e-12, (name, left, right)
                assert math.isfinite(row[name])
                checked += 1
    assert checked > 50_000


def test_a_record_agrees_with_itself(
    features: dict[tuple[int, int], dict[str, Any]], records: dict[int, dict[str, Any]], spec: dict[str, Any]
) -> None:
    for feature in spec["features"]:
        name, field = feature["name"], feature["field"]
        for key in [each for each in records if records[each].get(field) is not None]:
            value = features[key, key][name]
            if name in ("names_swapped", "both_sides") or value is None:
                continue
            if name.endswith(("_log_days", "_unshared_numbers", "_unshared_codes", "_swapped")):
                assert value == 0, name
            elif name.endswith("_rarity"):
                assert value == records[key][f"{field}__rarity"]
            elif "_code_inside" in name:
                assert value == max(map(len, records[key][f"{field}__codes"]))
            elif not name.endswith("_rarest_shared"):
                dates = 1 if is_first_of_january(records[key]) else 3
                assert value == (dates if name.endswith("_parts") else 1), name


@pytest.mark.parametrize("field", ["person", "street", "firm", "title", "whole_text"])
def test_words_weigh_by_their_rarity(
    features: dict[tuple[int, int], dict[str, Any]], records: dict[int, dict[str, Any]], field: str
) -> None:
    pairs = [pair for pair in features if all(records[key][field] is not None for key in pair)]
    for left, right in pairs:
        sides = [{token: (token >> 48) / 1000 for token in records[key][f"{field}__tokens"]} for key in (left, right)]
        shared = {token: weight for token, weight in sides[0].items() if token in sides[1]}
        together = math.fsum((sides[0] | sides[1]).values())
        lighter = min(math.fsum(side.values()) for side in sides)
        norms = math.prod(math.hypot(*side.values()) for side in sides)
        row = features[left, right]
        assert row[f"{field}_token_overlap"] == pytest.approx(math.fsum(shared.values()) / together)
        assert row[f"{field}_token_containment"] == pytest.approx(math.fsum(shared.values()) / lighter)
        assert row[f"{field}_token_cosine"] == pytest.approx(math.fsum(w * w for w in shared.values()) / norms)
        assert row[f"{field}_rarest_shared"] == max(shared.values(), default=0)


@pytest.mark.parametrize(
    ("field", "key"),
    [("firm", "ngrams"), ("title", "ngrams"), ("title", "numbers"), ("whole_text", "codes")],
)
def test_lists_overlap_by_their_distinct_items(
    features: dict[tuple[int, int], dict[str, Any]], records: dict[int, dict[str, Any]], field: str, key: str
) -> None:
    for (left, right), row in features.items():
        sides = [records[each][f"{field}__{key}"] for each in (left, right)]
        union = None if None in sides else set(sides[0]) | set(sides[1])
        expected = len(set(sides[0]) & set(sides[1])) / len(union) if union else None
        assert row[f"{field}_{key}"] == (expected if expected is None else pytest.approx(expected))


@pytest.mark.parametrize(
    ("field", "key"), [("given", ""), ("family", ""), ("city", ""), ("passport", ""), ("title", "__beginning")]
)
def test_edit_similarity_is_that_of_the_textbook(
    features: dict[tuple[int, int], dict[str, Any]], records: dict[int, dict[str, Any]], field: str, key: str
) -> None:
    for left, right in [pair for pair in features if min(pair) > 2 * len(CASES)]:
        sides = [records[each][field + key] for each in (left, right)]
        if field == "given" and len({records[each]["given__known"] for each in (left, right)} - {None}) == 2:
            continue  # two names of people
        expected = None if None in sides else 1 - levenshtein(*sides) / max(len(side.encode()) for side in sides)
        assert features[left, right][f"{field}_edit"] == (expected if expected is None else pytest.approx(expected))


def is_first_of_january(record: dict[str, Any]) -> bool:
    """Whether the birthday is 1 January, which many systems fill in."""
    return record["born"] is not None and (record["born"].month, record["born"].day) == (1, 1)


def levenshtein(left: str, right: str) -> int:
    """Edit distance in bytes, as DuckDB counts."""
    previous = list(range(len(right.encode()) + 1))
    for i, a in enumerate(left.encode(), start=1):
        current = [i]
        for j, b in enumerate(right.encode(), start=1):
            current.append(min(previous[j] + 1, current[-1] + 1, previous[j - 1] + (a != b)))
        previous = current
    return previous[-1]
