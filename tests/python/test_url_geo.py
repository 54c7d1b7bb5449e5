"""The types `url` and `geo` by tables of cases: values, problems, keys, and what pairs say."""

from __future__ import annotations

import math
import random
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from project import MODELS_ONLY, Project, write_package_project, write_parquet
from type_cases import assert_value_and_keys, case, numbered, text_table

FIELDS: dict[str, dict[str, Any]] = {
    "website": {"type": "url"},
    "place": {"type": "geo"},
    "position": {"type": "geo", "column": ["latitude", "longitude"]},
}


LONG_PATH = "a/" * 50_000
URLS = [
    case("website", None, None),
    case("website", "", None),
    case("website", " \t\n ", None),
    case("website", "n/a", None, "placeholder"),
    case("website", "acme.com", "acme.com", host="acme.com", path=None, domain="acme.com", name="acme", suffix=None),
    case("website", "https://www.acme.com/", "acme.com"),
    case("website", "HTTP://WWW.ACME.COM/About-Us/", "acme.com/about-us", path="about-us"),
    case("website", "www.acme.co.uk", "acme.co.uk", domain="acme.co.uk", suffix="co.uk", name="acme"),
    case("website", "shop.acme.com.au/en", "shop.acme.com.au/en", host="shop.acme.com.au", domain="acme.com.au"),
    case("website", "co.uk", "co.uk", domain=None, name=None),
    case("website", "https://acme.com/a//b/?utm_source=x&id=3#top", "acme.com/a/b", path="a/b"),
    case("website", "acme.com?ref=crm", "acme.com"),
    case("website", "acme.com#contact", "acme.com"),
    case("website", "acme.com/shop;jsessionid=1A2B", "acme.com/shop"),
    case("website", "http://acme.com:8080/x", "acme.com/x", host="acme.com"),
    case("website", "acme.com:443", "acme.com"),
    case("website", "https://user:pass@acme.com/login", "acme.com/login"),
    case("website", "ftp://files.acme.com", "files.acme.com", domain="acme.com"),
    case("website", "http://192.168.0.1/admin", "192.168.0.1/admin", host="192.168.0.1", domain=None, registered=None),
    case("website", "10.0.0.256.1", "10.0.0.256"),
    case("website", "http://[::1]/", None, "not_a_url"),
    case("website", "acme.com.", "acme.com"),
    case("website", "acme.com./", "acme.com"),
    case("website", "acme.com/team.", "acme.com/team"),
    case("website", "acme.com/index.html", "acme.com"),
    case("website", "acme.com/de/Default.aspx", "acme.com/de"),
    case("website", "www.acme.com; www.acme.de", "acme.com"),
    case("website", "www.acme.com / www.acme.de", "acme.com"),
    case("website", "http://acme.com,http://acme.de", "acme.com"),
    case("website", "acme.com|acme.de", "acme.com"),
    case("website", "http//www.acme.com", "acme.com"),
    case("website", "http//:www.acme.com", "acme.com"),
    case("website", "http:/acme.com", "acme.com"),
    case("website", "http:acme.com", "acme.com"),
    case("website", "htttp://acme.com", "acme.com"),
    case("website", "ttps://acme.com", "acme.com"),
    case("website", "http:\\\\acme.com\\x", "acme.com"),
    case("website", "http://http://acme.com", "acme.com"),
    case("website", "https:// www.acme.com", "acme.com"),
    case("website", "www.www.acme.com", "acme.com"),
    case("website", "wwww.acme.com", "acme.com"),
    case("website", "www2.acme.com", "acme.com"),
    case("website", "www..acme.com", "acme.com"),
    case("website", "www.acme", None, "not_a_url"),
    case("website", "(acme.com)", "acme.com"),
    case("website", "<https://acme.com/x>", "acme.com/x"),
    case("website", '"acme.com/x"', "acme.com/x"),
    case("website", "'acme.com/x'", "acme.com/x"),
    case("website", "[Acme](http://acme.com/x)", "acme.com/x"),
    case("website", "Website: www.acme.com (new)", "acme.com"),
    case("website", "see acme.com/jobs for details", "acme.com/jobs"),
    case("website", "Müller.de", "muller.de", domain="muller.de"),
    case("website", "xn--mller-kva.de", "muller.de"),
    case("website", "HTTPS://WWW.XN--MLLER-KVA.DE/Über", "muller.de/uber"),
    case("website", "xn--caf-dma.fr", "cafe.fr"),
    case("website", "xn--strae-oqa.de", "strasse.de"),
    case("website", "xn--gre-6ka8i.de", "xn--gre-6ka8i.de"),
    case("website", "xn--p1ai", None, "not_a_url"),
    case("website", "http://почта.рф/x", "почта.рф/x", domain="почта.рф"),
    case("website", "例え.jp", "例え.jp"),
    case("website", "भारत.भारत", "भारत.भारत"),
    case("website", "foo_bar.acme.com", "foo_bar.acme.com"),
    case("website", "a.b-c.acme.com", "a.b-c.acme.com", domain="acme.com"),
    case("website", "acme.com/a%20b/c", "acme.com/a%20b/c"),
    case("website", "info@acme.com", None, "not_a_url"),
    case("website", "mailto:info@acme.com", None, "not_a_url"),
    case("website", "info@acme.com, www.acme.com", "acme.com"),
    case("website", "Acme Ltd", None, "not_a_url"),
    case("website", "acme", None, "not_a_url"),
    case("website", "not yet.", None, "not_a_url"),
    case("website", "e.g. acme", None, "not_a_url"),
    case("website", "1.234,50", None, "not_a_url"),
    case("website", "http://", None, "empty form field"),
    case("website", "www.example.com", None, "test value"),
    case("website", "😀", None, "not_a_url"),
    case("website", "\\", None, "not_a_url"),
    case("website", "%_", None, "not_a_url"),
    case("website", "(", None, "not_a_url"),
    case("website", "a" * 100_000, None, "not_a_url"),
    case("website", "a" * 100_000 + ".com", None, "not_a_url"),
    case("website", f"acme.com/{LONG_PATH}", f"acme.com/{LONG_PATH}".rstrip("/")),
    case("website", "acme.com " * 10_000, "acme.com"),
    case("website", "a@b.co" * 10_000, None, "not_a_url"),
    case("website", "https://www.facebook.com/acme", "facebook.com/acme", registered="facebook.com", domain=None),
    case("website", "de-de.facebook.com/acme", "facebook.com/acme", host="facebook.com", domain=None),
    case("website", "acme.wixsite.com/home", "acme.wixsite.com/home", host="acme.wixsite.com", domain=None, name=None),
    case("website", "acme.blogspot.co.uk", "acme.blogspot.co.uk", registered="blogspot.co.uk", domain=None),
    case("website", "youtube.com/@acme", "youtube.com/@acme", path="@acme", domain=None),
    case("website", "acme.github.io", "acme.github.io", domain=None),
]
PLACES = [
    case("place", None, None),
    case("place", "  ", None),
    case("place", "unknown", None, "placeholder"),
    case("place", "48.1374, 11.5755", "48.13740 11.57550", latitude=48.1374, longitude=11.5755),
    case("place", "48.1374,11.5755", "48.13740 11.57550"),
    case("place", "48.1374 11.5755", "48.13740 11.57550"),
    case("place", "48.1374;11.5755", "48.13740 11.57550"),
    case("place", "48.1374 / 11.5755", "48.13740 11.57550"),
    case("place", "(48.1374, 11.5755)", "48.13740 11.57550"),
    case("place", "[48.1374,11.5755]", "48.13740 11.57550"),
    case("place", '{"lat": 48.1374, "lng": 11.5755}', "48.13740 11.57550"),
    case("place", "Latitude: 48.1374 Longitude: 11.5755", "48.13740 11.57550"),
    case("place", "geo:48.1374,11.5755", "48.13740 11.57550"),
    case("place", "POINT (11.5755 48.1374)", "48.13740 11.57550"),
    case("place", "48,1374 11,5755", "48.13740 11.57550"),
    case("place", "48,1374; 11,5755", "48.13740 11.57550"),
    case("place", "48,1374, 11,5755", "48.13740 11.57550"),
    case("place", "48,1374;11", "48.13740 11.00000"),
    case("place", "48, 11", "48.00000 11.00000"),
    case("place", "48.5,11", "48.50000 11.00000"),
    case("place", "48.1374° N, 11.5755° E", "48.13740 11.57550"),
    case("place", "33.8688 S 151.2093 E", "-33.86880 151.20930"),
    case("place", "N48.1374 W11.5755", "48.13740 -11.57550"),
    case("place", "-33.8688S -70.5W", "-33.86880 -70.50000"),
    case("place", "−33.8688, –70.5", "-33.86880 -70.50000"),
    case("place", "+48.1 +11.5", "48.10000 11.50000"),
    case("place", ".5 -.25", "0.50000 -0.25000"),
    case("place", "48. 11.", "48.00000 11.00000"),
    case("place", "48.123456789 11.000004", "48.12346 11.00000"),
    case("place", "-0.000001 5", "0.00000 5.00000"),
    case("place", "90 180", "90.00000 180.00000"),
    case("place", "-90 -180", "-90.00000 -180.00000"),
    case("place", "48,11", None, "incomplete"),
    case("place", "48.1374", None, "incomplete"),
    case("place", "48.1374,", None, "incomplete"),
    case("place", "48.1374 N", None, "incomplete"),
    case("place", "48,1374,11,5755", None, "unreadable"),
    case("place", "48°08'14.6\"N 11°34'31.8\"E", None, "unreadable"),
    case("place", "11.5 E 48.1 N", None, "unreadable"),
    case("place", "48.1 11.5 520", None, "unreadable"),
    case("place", "Munich", None, "unreadable"),
    case("place", "1e3 5", None, "unreadable"),
    case("place", "--48 11", None, "unreadable"),
    case("place", "48.1.2 11.5", None, "unreadable"),
    case("place", "nan nan", None, "unreadable"),
    case("place", "😀", None, "unreadable"),
    case("place", "1" * 100_000, None, "incomplete"),
    case("place", "1 " * 50_000, None, "unreadable"),
    case("place", "1" * 400 + " 5", None, "unreadable"),
    case("place", "91 11", None, "out_of_range"),
    case("place", "48 -180.5", None, "out_of_range"),
    case("place", "481374 115755", None, "out_of_range"),
    case("place", "0,0; 0,0", None, "null_island"),
    case("place", "0, 0", None, "null_island"),
    case("place", "0.000001 -0.0", None, "null_island"),
    case("place", "37.09024, -95.712891", None, "default location of the United States"),
    case("position", ("48.1374", "11.5755"), "48.13740 11.57550"),
    case("position", (" 48,1374 ", "11,5755"), "48.13740 11.57550"),
    case("position", ("48.1374", None), None, "incomplete"),
    case("position", (None, "11.5755"), None, "incomplete"),
    case("position", (None, None), None),
    case("position", ("", ""), None),
    case("position", ("0", "0.0"), None, "null_island"),
    case("position", ("999", "999"), None, "out_of_range"),
]
CASES = URLS + PLACES


def pair(
    field: str, left: str | None, right: str | None, **expected: Any
) -> tuple[str, str | None, str | None, dict[str, Any]]:
    return field, left, right, {f"{field}_{name}": value for name, value in expected.items()}


PAIRS = [
    pair("website", "http://www.acme.de/en/", "https://acme.de/en", exact=1, host=1, domain=1, name=1, path=1),
    pair("website", "acme.de", "shop.acme.de", exact=0, host=0, domain=1, name=1, path=None, rarity=0),
    pair("website", "acme.co.uk", "acme.de", exact=0, host=0, domain=0, name=1),
    pair("website", "acme.co.uk", "other.co.uk", host=0, domain=0),
    pair("website", "facebook.com/acme", "facebook.com/other", exact=0, host=1, domain=None, name=None),
    pair("website", "facebook.com/acme", "facebook.com/acme", exact=1, path=1),
    pair("website", "acme.com/martha", "acme.com/marhta", path=0.9611),
    pair("website", "acme.com", None, exact=None, host=None, domain=None, name=None, path=None, rarity=None),
    pair("website", "acme.com", "Acme", exact=None),
    pair("place", "48.1374 11.5755", "48,1374; 11,5755", exact=1, log_metres=0),
    # Munich to Berlin, New York to London
    pair("place", "48.1374 11.5755", "52.5200 13.4050", exact=0, log_metres=math.log2(1 + 504_286), rarity=0),
    pair("place", "40.7128 -74.0060", "51.5074 -0.1278", log_metres=math.log2(1 + 5_570_229)),
    # a degree of latitude on a sphere of 6371.0088 km
    pair("place", "0 1", "1 1", log_metres=math.log2(1 + 111_195.08)),
    pair("place", "10 179.999", "10 -179.999", log_metres=math.log2(1 + 219.01)),
    pair("place", "10 180", "10 -180", log_metres=0),
    pair("place", "90 0", "90 120", log_metres=0),
    # half the way round
    pair("place", "1 0", "-1 180", log_metres=math.log2(1 + 20_015_114)),
    pair("place", "48 11", None, exact=None, log_metres=None, rarity=None),
    pair("place", "48 11", "91 11", exact=None, log_metres=None),
]
GRID: list[tuple[float, float]] = [
    *product((48.135, 48.145, 48.155, -48.135), (11.555, 11.575, 11.585, -179.995, 179.995)),
    *product((44.995, 45.005, 69.295, 69.305, 79.825, 84.925, 84.935, 87.475, -45.005, -44.995), (0.005, 0.015, 0.025)),
    *product((69.295, 69.305), (179.995, -179.985, -179.995, 180.0, -180.0)),
]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A record for each case, then two for each pair, then one for each place of the grid."""
    folder = tmp_path_factory.mktemp("types")
    rows: list[dict[str, Any]] = []
    for field, text, _ in CASES:
        rows.append(dict(zip(("latitude", "longitude"), text, strict=True)) if field == "position" else {field: text})
    for field, left, right, _ in PAIRS:
        rows += [{field: left}, {field: right}]
    draw = random.Random(7)
    for latitude, longitude in GRID:
        rows.append({"place": f"{latitude:.5f} {longitude:.5f}"})
        near = latitude + draw.uniform(-0.012, 0.012), longitude + draw.uniform(-0.03, 0.03)
        rows.append({"place": f"{near[0]:.5f} {(near[1] + 180) % 360 - 180:.5f}"})
    columns = ("website", "place", "latitude", "longitude")
    source = write_parquet(folder / "input.parquet", text_table(rows, columns))
    spec = {"input": "raw", "record_id": "id", "fields": FIELDS, "blocking": [["website.domain"], ["place.nodes"]]}
    pairs = ", ".join(f"({len(CASES) + 2 * n + 1}, {len(CASES) + 2 * n + 2})" for n in range(len(PAIRS)))
    models = {
        "raw.sql": f"select * from read_parquet('{source}')",
        "pairs.sql": f"select * from (values {pairs}) as pairs (record_key_l, record_key_r)",
        "features.sql": "{{ dbt_dedup.pair_features('things', ref('pairs')) }}",
        "stg_things__records.sql": "{{ dbt_dedup.stg_records('things') }}",
        **{
            f"int_things__{name}.sql": f"{{{{ dbt_dedup.{name}('things') }}}}"
            for name in ("value_counts", "token_counts", "record_keys", "keyed_records", "block_keys")
        },
    }
    project = Project(write_package_project(folder, {"things": spec}, models))
    project.dbt("build", *MODELS_ONLY)
    return project


@pytest.fixture(scope="module")
def records(project: Project) -> list[dict[str, Any]]:
    return project.dicts(
        """select staged.* exclude (place, website, position), keyed.*
        from stg_things__records as staged inner join int_things__keyed_records as keyed using (record_id)
        order by record_id"""
    )


@pytest.mark.parametrize(("number", "field", "expected"), numbered(CASES))
def test_a_value_and_its_keys(records: list[dict[str, Any]], number: int, field: str, expected: dict[str, Any]) -> None:
    assert_value_and_keys(records[number], field, expected)


def test_every_text_has_a_value_or_a_problem(records: list[dict[str, Any]]) -> None:
    for record, (field, text, _) in zip(records, CASES, strict=False):
        written = text if isinstance(text, str) or text is None else "".join(part or "" for part in text)
        filled = bool((written or "").strip(" \t\n"))
        assert (record[field] is not None) + (record[f"{field}__problem"] is not None) == filled


@pytest.mark.parametrize(
    ("number", "expected"),
    [pytest.param(number, expected, id=f"{left} | {right}") for number, (_, left, right, expected) in enumerate(PAIRS)],
)
def test_features_of_a_pair(project: Project, number: int, expected: dict[str, Any]) -> None:
    key = len(CASES) + 2 * number + 1
    (row,) = project.dicts(f"select * from features where record_key_l = {key}")
    for name, value in expected.items():
        assert row[name] == (value if value is None else pytest.approx(value, abs=1e-4)), name


def test_features_are_symmetric_and_distances_those_of_the_formula(project: Project) -> None:
    swapped = project.dicts(
        """select there.place_log_metres as there, l.place__latitude as phi_l, l.place__longitude as lambda_l,
            r.place__latitude as phi_r, r.place__longitude as lambda_r
        from features as there
        inner join int_things__keyed_records as l on there.record_key_l = l.record_key
        inner join int_things__keyed_records as r on there.record_key_r = r.record_key
        where there.place_log_metres is not null"""
    )
    assert len(swapped) >= 7
    for row in swapped:
        phi_l, phi_r = math.radians(row["phi_l"]), math.radians(row["phi_r"])
        half = math.sin((phi_l - phi_r) / 2) ** 2
        half += math.cos(phi_l) * math.cos(phi_r) * math.sin(math.radians(row["lambda_l"] - row["lambda_r"]) / 2) ** 2
        kilometres = 2 * 6371.0088 * math.asin(min(1, math.sqrt(half)))
        assert row["there"] == pytest.approx(math.log2(1 + 1000 * kilometres), abs=1e-9)


def cell(latitude: float, longitude: float) -> tuple[float, float, float, float]:
    """South, north, west and east edge of a cell in hundredths of a degree, straight from the definition."""
    row = min(math.floor((latitude + 90) * 100), 17999)
    middle = abs(row + 0.5 - 9000) / 100
    width = 1
    while width < 32 and 2 * width * math.cos(math.radians(middle)) <= math.sqrt(2):
        width *= 2
    west = math.floor((longitude + 180) * 100 / width) * width % 36000
    return row, row + 1, west, west + width


def touch(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    """Whether two cells are equal or have a border or a corner in common, also across the date line."""
    if one[0] > other[1] or other[0] > one[1]:
        return False
    return any(one[2] + turn <= other[3] and other[2] <= one[3] + turn for turn in (-36000, 0, 36000))


def test_records_share_a_node_exactly_where_their_cells_touch(records: list[dict[str, Any]]) -> None:
    placed = [record for record in records if record["place"] and abs(record["place__latitude"]) < 89.9]
    cells = [cell(record["place__latitude"], record["place__longitude"]) for record in placed]
    together = 0
    for one, other in product(range(len(placed)), repeat=2):
        shared = bool(set(placed[one]["place__nodes"]) & set(placed[other]["place__nodes"]))
        assert shared == touch(cells[one], cells[other]), (placed[one]["place"], placed[other]["place"])
        together += shared
    assert together > 2 * len(placed)


def test_cells_are_about_a_kilometre_wide() -> None:
    for latitude in (0.0, 30.0, 44.9, 45.1, 60.0, 69.2, 69.4, 80.0, 86.0, -60.0):
        _, _, west, east = cell(latitude, 0.0)
        assert 0.78 < (east - west) / 100 * 111.195 * math.cos(math.radians(latitude)) < 1.58


def test_places_meet_by_their_nodes_and_websites_by_their_domain(project: Project) -> None:
    keys = {row[0] for row in project.rows("select distinct rule_id from int_things__block_keys")}
    assert keys == {0, 1}
    (most,) = project.rows(
        "select max(n) from (select count(*) as n from int_things__block_keys where rule_id = 1 group by record_key)"
    )
    assert most == (4,)


@pytest.mark.parametrize(("name", "column"), [("dedup_public_suffixes", "suffix"), ("dedup_shared_hosts", "domain")])
def test_reference_lists_are_in_order_and_lower_case(name: str, column: str) -> None:
    seeds = Path(__file__).parents[2] / "seeds" / "reference"
    header, *lines = (seeds / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    values = [line.split(",")[0] for line in lines]
    assert header.split(",")[0] == column
    assert values == sorted(set(values))
    assert all(value == value.strip().lower() and "." in value for value in values)
