"""Learning without labels: the answer is judged by how it holds together, and none is better than a wrong one."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from examples import make_spec
from project import MODELS_ONLY, Project, write_package_project
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from dbt_dedup.cli import main
from dbt_dedup.linkage import average_linkage
from dbt_dedup.names import ABSTAINED, USABLE
from dbt_dedup.registry.classifier_file import dump_classifier
from dbt_dedup.scaffold import write_models
from dbt_dedup.training import unlabelled_answer
from dbt_dedup.training.self_training import CandidatePairs, weight_of_missing
from dbt_dedup.training.starts import otsu
from dbt_dedup.training.structure import FieldScores, judge
from dbt_dedup.training.unlabelled_answer import LearnedWithoutLabels, learn_from_pairs

FEATURES = ("name", "city", "phone", "birth")


def test_average_linkage_is_that_of_a_full_matrix() -> None:
    random = np.random.default_rng(0)
    nodes = 60
    left, right = (np.array(side) for side in zip(*itertools.combinations(range(nodes), 2), strict=True))
    group = np.arange(nodes) // 4
    weight = np.where(group[left] == group[right], 3.0, -3.0) + random.normal(0, 2, len(left))
    weight = np.clip(weight, -6, 12)
    cluster = average_linkage(left, right, weight, nodes)
    distances = np.zeros((nodes, nodes))
    distances[left, right] = distances[right, left] = 20 - weight
    expected = fcluster(linkage(squareform(distances), "average"), 20 - 1e-9, "distance")
    for one, other in itertools.combinations(range(nodes), 2):
        assert (cluster[one] == cluster[other]) == (expected[one] == expected[other])


def test_one_strong_pair_does_not_join_two_entities() -> None:
    left, right = np.array([0, 0, 1, 3, 3, 4, 2]), np.array([1, 2, 2, 4, 5, 5, 3])
    weight = np.array([9.0, 9, 9, 9, 9, 9, 8])  # 2 and 3 look alike; the eight other pairs between were not proposed
    assert average_linkage(left, right, weight, 7).tolist() == [0, 0, 0, 3, 3, 3, 6]


def test_no_pair_no_entity() -> None:
    nothing = np.empty(0, dtype=np.int64)
    assert average_linkage(nothing, nothing, np.empty(0), 3).tolist() == [0, 1, 2]


def test_pairs_that_blocking_often_misses_weigh_little_against_a_match() -> None:
    triples = np.arange(0, 600, 3)
    left, right, sure = np.concatenate([triples, triples + 1]), np.concatenate([triples + 1, triples + 2]), 9.0
    missed = weight_of_missing(left, right, np.full(400, sure), 600)
    assert missed == -1.0
    left, right = np.concatenate([left, triples]), np.concatenate([right, triples + 2])
    assert weight_of_missing(left, right, np.full(600, sure), 600) < -5.9


def test_entities_that_only_unproposed_pairs_keep_apart_teach_nothing() -> None:
    """Three entities of three records each: one that a pair joins, and two that a pair keeps apart."""
    left, right = np.array([0, 0, 1, 3, 3, 4, 6, 6, 7, 2, 5]), np.array([1, 2, 2, 4, 5, 5, 7, 8, 8, 3, 6])
    weight = np.array([9.0] * 9 + [8.0, -8.0])  # 2 and 3 look alike, 5 and 6 do not; no other pair was proposed
    nothing = np.empty((len(left), 0))
    surest = np.zeros(len(left), dtype=bool)
    for missing, tells in ((-6.0, True), (-2.0, False)):  # blocking is not known to miss matches, and is
        pairs = CandidatePairs(left, right, 9, nothing, FieldScores.of(nothing), surest, (), missing)
        cluster = pairs.clusters(weight)
        assert cluster.tolist() == [0, 0, 0, 3, 3, 3, 6, 6, 6]
        assert pairs.telling(weight, cluster).tolist() == [True] * 9 + [tells, True]
        hardly = np.array([*weight[:-1], 0.5])  # a likely match, if only just
        assert pairs.telling(hardly, cluster).tolist() == [True] * 9 + [tells, tells]


def test_otsu_cuts_between_two_groups() -> None:
    assert 2 < otsu(np.concatenate([np.linspace(0, 2, 300), np.linspace(9, 10, 20)])) < 9
    one_far_off = np.repeat([0.0, 5.0, 10.0], [90, 90, 1])
    assert 0 < otsu(one_far_off) < 5
    assert np.isfinite(otsu(np.ones(5)))


def test_relatives_lower_the_score_by_the_field_that_does_not_speak() -> None:
    together = np.array([True] * 20 + [False] * 20)
    weight = np.where(together, 9.0, -9.0)
    surest = np.arange(40) < 6
    scores = np.column_stack([np.full(40, 10.0), np.where(surest, 10.0, 0.5)])
    structure = judge(weight, together, FieldScores.of(scores), surest, ("family_name", "given_name"))
    assert structure.weakest_field == "given_name"
    assert structure.consistency > 0.99
    assert structure.score < 0.9
    assert judge(weight, together, FieldScores.of(scores[:, :1]), surest, ("family_name",)).score > 0.99


@pytest.mark.parametrize(("strangers", "usable"), [(0, True), (2, True), (9, False), (20, False)])
def test_matches_whose_names_have_nothing_in_common_lower_the_score(strangers: int, usable: bool) -> None:
    together = np.array([True] * 40 + [False] * 20)
    weight = np.where(together, 9.0, -9.0)
    surest = np.arange(60) >= 60  # nothing to compare fields with
    given_name = np.where(together, 8.0, 0.2)
    given_name[:strangers] = 0.2
    given_name[30:40] = np.nan  # not known
    scores = np.column_stack([np.full(60, 10.0), given_name])
    judged = judge(weight, together, FieldScores.of(scores, {1: 1.0}), surest, ("family_name", "given_name"))
    assert judged.strangers == strangers / 30
    assert (judged.score > 0.9) == usable
    assert judge(weight, together, FieldScores.of(scores), surest, ("family_name", "given_name")).strangers == 0
    two = np.column_stack([given_name, np.full(60, 5.0)])  # a second given name that they have in common
    assert FieldScores.of(two, {0: 1.0, 1: 2.0}).strangers(together) == 0
    assert FieldScores.of(scores, {1: 1.0}).strangers(np.arange(60) < 3) == 0  # too few to tell


def test_couples_with_a_rare_family_name_in_common_are_strangers_by_their_full_names() -> None:
    together = np.arange(60) < 40
    full_name = np.full((60, 1), 5.0)  # bits of the family name that they share
    spec = make_spec(
        fields=[{"name": "holder", "column": "holder", "type": "full_name"}],
        features=[
            {"name": f"holder_{measure}", "field": "holder", "direction": 1, "description": ""}
            for measure in ("last_jaro_winkler", "jaro_winkler")
        ],
    )
    features = np.ones((60, 2))
    features[:10, 1] = 0.0  # two given names
    features[10:20, 1] = np.nan
    ((field, two_people),) = unlabelled_answer._two_people(features, spec)
    assert field == "holder"
    assert FieldScores.of(full_name, {0: 2.0}, {0: two_people}).strangers(together) == 10 / 40
    assert FieldScores.of(full_name, {0: 2.0}).strangers(together) == 0
    both = np.column_stack([full_name, full_name])  # and a field of given names, in which they are alike
    assert FieldScores.of(both, {0: 2.0, 1: 1.0}, {0: two_people}).strangers(together) == 0


def table(
    groups: int, per_group: int, copies: int, seed: int, *, all_alike_within: bool = False
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """People of families who share city and phone, each in some copies: pairs of a family are candidates.

    Returns both sides of the candidate pairs, their features, those of random pairs, and whether a pair is a match.
    """
    random = np.random.default_rng(seed)
    people = groups * per_group
    family = np.repeat(np.arange(groups), per_group)
    name = random.random(people) * (0 if all_alike_within else 1) + family
    birth = random.integers(0, 20000, people) * (0 if all_alike_within else 1) + family
    person = np.repeat(np.arange(people), copies)
    known = random.random(len(person)) > 0.1

    def compare(left: np.ndarray, right: np.ndarray) -> np.ndarray:
        one, other = person[left], person[right]
        same_name = np.exp(-5 * np.abs(name[one] - name[other])) - 0.1 * random.random(len(left))
        same_family = (family[one] == family[other]).astype(float)
        phone = np.where(known[left] & known[right], same_family, np.nan)
        days = np.minimum(np.abs(birth[one] - birth[other]), 9000) + random.integers(0, 2, len(left))
        return np.column_stack([same_name, same_family, phone, days.astype(float)])

    pairs = [
        pair
        for start in range(0, len(person), per_group * copies)
        for pair in itertools.combinations(range(start, start + per_group * copies), 2)
    ]
    left, right = (np.array(side) for side in zip(*pairs, strict=True))
    chance = random.integers(0, len(person), (2, 6000))
    chance = chance[:, chance[0] != chance[1]]
    return left, right, compare(left, right), compare(*chance), person[left] == person[right]


def learn(left: np.ndarray, right: np.ndarray, features: np.ndarray, chance: np.ndarray) -> LearnedWithoutLabels:
    records = max(left.max(), right.max()) + 1
    spec = make_spec(
        fields=[{"name": name, "column": name, "type": "category"} for name in FEATURES],
        features=[
            {"name": name, "field": name, "direction": -1 if name == "birth" else 1, "description": name}
            for name in FEATURES
        ],
    )
    return learn_from_pairs(left, right, False, features, chance, records * (records - 1) / 2, spec)


def merged(learned: LearnedWithoutLabels, left: np.ndarray, right: np.ndarray, features: np.ndarray) -> np.ndarray:
    weight = learned.classifier.decision_function(features) - learned.least_weight
    cluster = average_linkage(left, right, weight, int(right.max()) + 1, learned.missing)
    together: np.ndarray = cluster[left] == cluster[right]
    return together


@pytest.mark.parametrize("per_group", [1, 2, 4])
def test_families_are_told_apart_or_nothing_is_merged(per_group: int) -> None:
    left, right, features, chance, is_match = table(80, per_group, 3, seed=per_group)
    learned = learn(left, right, features, chance)
    together = merged(learned, left, right, features)
    assert is_match[together].mean() > 0.95 if together.any() else learned.verdict == ABSTAINED
    if learned.verdict == USABLE:
        assert 2 * (together & is_match).sum() / (together.sum() + is_match.sum()) > 0.95
        assert learned.reasons == ()
    else:
        assert any("label" in reason for reason in learned.reasons)


def test_an_answer_is_told_which_full_names_are_of_two_people_and_which_fields_are_dates(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    left, right, features, chance, is_match = table(60, 2, 3, seed=7)
    names = ("name_jaro_winkler", *FEATURES[1:])
    types = {"name": "full_name", "birth": "date"}
    spec = make_spec(
        fields=[{"name": n, "column": n, "type": types.get(n, "category")} for n in FEATURES],
        features=[
            {"name": name, "field": field, "direction": -1 if field == "birth" else 1, "description": ""}
            for name, field in zip(names, FEATURES, strict=True)
        ],
    )
    features[~is_match, 0] = 0.0
    told: list[np.ndarray] = []
    told_dates: list[int] = []

    def of(scores: np.ndarray, unlike: object, two_people: dict[int, np.ndarray], dates: list[int]) -> FieldScores:
        told.append(two_people[0])
        told_dates.extend(dates)
        return original(scores, unlike, two_people, dates)  # type: ignore[arg-type]

    original = FieldScores.of
    monkeypatch.setattr(FieldScores, "of", of)
    learn_from_pairs(left, right, False, features, chance, 360 * 359 / 2, spec)
    assert told[0].tolist() == (~is_match).tolist()
    assert told_dates == [1]  # only name and birth vary


def test_a_table_without_duplicates_does_not_melt() -> None:
    left, right, features, chance, _ = table(80, 4, 1, seed=5)
    learned = learn(left, right, features, chance)
    assert learned.verdict == ABSTAINED
    assert not merged(learned, left, right, features).any()
    assert "`dbt-dedup label customers --count 30`" in learned.reasons[-1]


def test_one_field_alone_is_not_believed() -> None:
    left, right, features, chance, _ = table(80, 2, 3, seed=3)
    name = [FEATURES.index("name")]
    assert learn(left, right, features, chance).verdict == USABLE
    for column in set(range(len(FEATURES))) - set(name):
        features[:, column] = chance[:, column] = np.nan
    learned = learn(left, right, features, chance)
    assert learned.verdict == ABSTAINED
    assert learned.reasons[0].startswith("Only field name varies between the pairs")
    assert not merged(learned, left, right, features).any()


def test_the_same_pairs_give_the_same_bytes() -> None:
    left, right, features, chance, _ = table(60, 2, 3, seed=7)
    one, other = (dump_classifier(learn(left, right, features.copy(), chance.copy()).classifier) for _ in range(2))
    assert one == other


FIRST = ("Nord", "Alpha", "Stein", "Berg", "Sonnen", "Delta", "Omega", "Kern", "Linden", "Falken")
TRADE = ("Logistik", "Technik", "Bau", "Handel", "Medien", "Energie")
CITIES = (("Berlin", "10115", "030"), ("Hamburg", "20095", "040"), ("Muenchen", "80331", "089"))


def sixty_firms() -> list[tuple[str, ...]]:
    """Sixty firms of three cities, each in three spellings, one of them with another phone."""
    rows: list[tuple[str, ...]] = []
    for number, (trade, first) in enumerate(itertools.product(TRADE, FIRST)):
        city, postcode, area = CITIES[number % 3]
        name = f"{first} {trade}"
        for copy, spelling in enumerate((f"{name} GmbH", name, f"{name} GmbH".upper())):
            phone = f"{area} {(number * 7919 + (copy == 1) * 104729) * 331 % 9000000 + 1000000}"
            rows.append((f"{number}-{copy}", spelling, city, postcode, phone))
    return rows


FIRM_FIELDS = {
    "name": {"type": "company"},
    "phone": {"type": "phone", "country": "DE"},
    "city": {"type": "city"},
    "postcode": {"type": "postcode", "country": "DE"},
}


def test_sixty_firms_of_three_cities_are_sixty_entities(tmp_path: Path) -> None:
    spec = {
        "input": "raw_firms",
        "record_id": "record_id",
        "fields": FIRM_FIELDS,
        "blocking": [["phone"], ["name.rare_tokens"], ["name.prefix", "postcode.area"]],
    }
    rows = ",\n".join(str(row) for row in sixty_firms())
    raw = f"select * from (values {rows}) as firms (record_id, name, city, postcode, phone)"
    folder = write_package_project(tmp_path, {"firms": spec}, {"raw_firms.sql": raw})
    write_models("firms", folder / "models/firms")
    project = Project(folder)

    done = CliRunner().invoke(main, ["train", "firms", "--no-labels", "--project-dir", str(folder)])
    assert done.exit_code == 0, done.output
    assert "Precision and recall: unknown without labels." in done.output
    version = (folder / "dedup_models/firms/production").read_text().strip()
    card = json.loads((folder / "dedup_models/firms" / version / "card.json").read_text())
    assert card["without_labels"]["verdict"] == USABLE
    assert 0 < card["thresholds"]["review"] < card["thresholds"]["match"] < 1
    project.dbt("build", *MODELS_ONLY)
    firms = "split_part(record_id, '-', 1)"
    clusters = "int_firms__clusters inner join int_firms__keyed_records using (record_key)"
    counted = f"select count(distinct cluster_key), count(distinct {firms}), count(*) from {clusters}"
    assert project.rows(counted) == [(60, 60, 180)]
    together = f"select max(n) from (select count(distinct {firms}) as n from {clusters} group by cluster_key)"
    assert project.rows(together) == [(1,)]
