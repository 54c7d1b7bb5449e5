"""The tests of the tests: each dbt test passes on the demo, and fails on what it is there to find, and says where."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from project import Project, problems, statuses

from dbt_dedup.registry.artefact import version_name

NO_UNIT_TESTS = ("--exclude-resource-type", "unit_test")
PAIR = "(select min(record_id_l || record_id_r) from int_customers__parity)"

# labels of pairs that the model has not seen
NEW_LABELS = """
    insert into customers_labels (record_id_l, record_id_r, label, sampled_by)
    select record_id_l, record_id_r, '{label}', '{sampled_by}'
    from customers_matches anti join int_customers__held_out_pairs using (record_id_l, record_id_r)
    where {decided} order by record_id_l, record_id_r limit {pairs}
    """

# generic test: [what is done to a table, failing test, text in the failing row]
BREAKAGES: dict[str, list[tuple[str, str, str | None]]] = {
    "scores_agree": [
        (
            "update int_customers__parity set match_probability = match_probability + 1e-8"
            f" where record_id_l || record_id_r = {PAIR}",
            "int_customers__parity",
            None,
        ),
        (
            f"update int_customers__parity set match_probability = null where record_id_l || record_id_r = {PAIR}",
            "int_customers__parity",
            None,
        ),
        (
            "update int_customers__parity set match_probability = 'nan'::double"
            f" where record_id_l || record_id_r = {PAIR}",
            "int_customers__parity",
            None,
        ),
    ],
    "features_agree": [
        (
            "update int_customers__parity set city_exact = city_exact + 1e-8 where city_exact is not null"
            " and record_id_l = (select min(record_id_l) from int_customers__parity where city_exact is not null)",
            "int_customers__parity",
            "city_exact",
        ),
        (
            "update int_customers__parity set email_exact = 0 where record_id_l ="
            " (select min(record_id_l) from int_customers__parity where email_exact is null)",
            "int_customers__parity",
            "email_exact",
        ),
        (
            "update int_customers__parity set email_exact = null where record_id_l ="
            " (select min(record_id_l) from int_customers__parity where email_exact is not null)",
            "int_customers__parity",
            "email_exact",
        ),
        (
            "update int_customers__keyed_records set family_name__soundex = 'x' || record_id",
            "int_customers__parity",
            "family_name_sound",
        ),
        ("update int_customers__keyed_records set phone = null", "int_customers__parity", "phone_exact"),
    ],
    "features_drift": [
        (
            "update int_customers__keyed_records set family_name__rarity = family_name__rarity * 3",
            "int_customers__parity",
            "family_name_rarity",
        ),
    ],
    "features_known": [
        ("alter table int_customers__parity drop column email_exact", "int_customers__parity", "email_exact"),
    ],
    "metrics_agree": [
        ("delete from customers_matches where proposed_by = 'email'", "int_customers__label_decisions", "recall"),
        (
            "update customers_matches set match_probability = 0.1 where match_probability < 0.95",
            "int_customers__label_decisions",
            "recall",
        ),
        (
            "update customers_matches set match_probability = 1; delete from customers_labels where label = 'match'",
            "int_customers__label_decisions",
            "precision",
        ),
        (
            "update customers_matches set match_probability = 0",
            "int_customers__label_decisions",
            "precision",
        ),
        (
            NEW_LABELS.format(label="no_match", sampled_by="random", decided="decision = 'match'", pairs=40),
            "int_customers__label_decisions",
            "given since",
        ),
        (
            NEW_LABELS.format(label="match", sampled_by="", decided="decision <> 'match'", pairs=40),
            "int_customers__label_decisions",
            "given since",
        ),
    ],
    "is_empty": [
        (
            "update customers_labels set label = 'perhaps' where label = 'match'",
            "int_customers__label_problems",
            "perhaps",
        ),
    ],
    "last_run_found_nothing": [
        (
            "insert into customers_history_issues (issue, record_id, run_id)"
            " select 'reused_record_id', record_id, run_id from int_customers__record_memory limit 1",
            "customers_history_issues",
            "reused_record_id",
        ),
    ],
    "parity_covers": [
        (
            "update int_customers__parity set input_digest = 'changed' where md5(record_id_l) < 'a'",
            "int_customers__parity",
            "200",
        ),
    ],
    "targets_are_met": [
        (
            "update customers_metrics set is_met = false where metric = 'label_recall'",
            "customers_metrics",
            "label_recall",
        ),
    ],
    "targets_are_safe": [
        (
            "update customers_metrics set level = 'warning' where metric = 'transitivity'",
            "customers_metrics",
            "transitivity",
        ),
    ],
    "targets_are_measured": [
        (
            "update customers_metrics set level = 'unknown' where metric = 'truth_recall'",
            "customers_metrics",
            "truth_recall",
        ),
    ],
    "same_values": [
        (
            "delete from customers_crosswalk where record_id = 'BIL-000001'",
            "customers_crosswalk_record_id",
            "missing from the tested model",
        ),
        (
            "insert into customers_crosswalk select 'CRM-x', * exclude (record_id) from customers_crosswalk limit 1",
            "customers_crosswalk_record_id",
            "only in the tested model",
        ),
        (
            "update customers_crosswalk set entity_id = 'e' where record_id = 'BIL-000001'",
            "customers_crosswalk_entity_id",
            "only in the tested model",
        ),
        (
            "update stg_customers__records set record_id = null where record_id = 'BIL-000007'",
            "stg_customers__records_customer_id",
            "missing from the tested model",
        ),
    ],
    "unique_together": [
        (
            "insert into customers_matches select * from customers_matches limit 1",
            "customers_matches_record_id_l__record_id_r",
            "2",
        ),
        (
            "insert into int_customers__candidate_pairs select * from int_customers__candidate_pairs limit 1",
            "int_customers__candidate_pairs_record_key_l__record_key_r",
            "2",
        ),
    ],
    "holds": [
        (
            "update customers_matches set record_id_r = record_id_l"
            " where record_id_l = (select min(record_id_l) from customers_matches)",
            "customers_matches_record_id_l_record_id_r",
            None,
        ),
        (
            "insert into int_customers__candidate_pairs values (2, 1, 1)",
            "int_customers__candidate_pairs_record_key_l_record_key_r",
            None,
        ),
        (
            "insert into int_customers__candidate_pairs values (null, 1, 1)",
            "int_customers__candidate_pairs_record_key_l_record_key_r",
            None,
        ),
        (
            "update customers_metrics set value = 0 where metric = 'records'",
            "customers_metrics_metric_records_or_value_0",
            "records read",
        ),
    ],
    "in_range": [
        (
            "update customers_matches set match_probability = 1.5 where match_probability > 0.999",
            "customers_matches_match_probability",
            "1.5",
        ),
        (
            "update customers_matches set match_probability = -1e-9 where match_probability < 0.02",
            "customers_matches_match_probability",
            "-1e-09",
        ),
        (
            "update customers_matches set match_probability = 'nan'::double where match_probability > 0.999",
            "customers_matches_match_probability",
            "nan",
        ),
    ],
    "golden_values_exist": [
        (
            "update customers set email = 'nobody@example.org' where email is not null",
            "customers_",
            "nobody@example.org",
        ),
        (
            "update int_customers__golden_values set phone__record_id = 'BIL-000001' where phone is not null",
            "customers_",
            "BIL-000001",
        ),
        (
            "update int_customers__golden_values set birth_date__record_id = null where birth_date is not null",
            "customers_",
            "birth_date",
        ),
    ],
    "fields_are_good_enough": [
        ("update customers_profile set completeness = 0.01 where field = 'email'", "customers_profile", "email"),
        ("update customers_profile set problem_rate = 0.99 where field = 'email'", "customers_profile", "email"),
    ],
}
ONLY_WARN = (
    "features_drift",
    "features_known",
    "is_empty",
    "last_run_found_nothing",
    "parity_covers",
    "targets_are_measured",
    "targets_are_safe",
)
CASES = [
    pytest.param(test, *each, id=f"{test} {number}")
    for test, cases in BREAKAGES.items()
    for number, each in enumerate(cases)
]


def run_test(project: Project, test: str, fails: bool) -> dict[str, Any]:
    """Run the tests made from one generic test and return the node of each that did not pass, by its name."""
    done = project.dbt("test", "--select", f"test_name:{test}", "--store-failures", fails=fails)
    assert done.result.results
    return {result.node.name: result.node for result in done.result.results if str(result.status) != "pass"}


def test_every_generic_test_is_broken_here() -> None:
    folder = Path(__file__).parents[1] / "generic"
    compiled = {"routes_agree", "compiled_is_current"}  # those: test_compiled.py
    assert {path.stem for path in folder.glob("*.sql")} == {*BREAKAGES, *compiled}


@pytest.mark.parametrize("test", BREAKAGES)
def test_the_demo_passes(demo: Project, tmp_path: Path, test: str) -> None:
    assert run_test(demo.copied_to(tmp_path), test, fails=False) == {}


@pytest.mark.parametrize(("test", "breakage", "name", "row"), CASES)
def test_a_broken_table_fails_and_the_row_is_named(
    demo: Project, tmp_path: Path, test: str, breakage: str, name: str, row: str | None
) -> None:
    project = demo.copied_to(tmp_path)
    project.change(breakage)
    failed = run_test(project, test, fails=test not in ONLY_WARN)
    (node,) = [node for failing, node in failed.items() if failing.startswith(f"dbt_dedup_{test}_{name}")]
    found = project.rows(f"select * from {node.relation_name}")
    assert any(row is None or row in map(str, each) for each in found), found[:5]


def test_every_parity_vector_is_compared_with_its_pair_today(demo: Project) -> None:
    compared = """
        select count(*), count(distinct record_id_l || ' ' || record_id_r)
        from int_customers__parity inner join int_customers__label_features
        using (record_id_l, record_id_r, input_digest)
        """
    assert demo.rows(compared) == [(200, 200)]
    assert demo.rows(
        "select count(*), max(abs(match_probability - expected_probability)) < 1e-9 from int_customers__parity"
    ) == [(200, True)]


def test_scores_are_those_of_the_parity_vectors(demo: Project) -> None:
    """What production gave the labelled pairs that blocking proposed is what the experiment gave them."""
    both = demo.rows(
        """
        select expected_probability, scores.match_probability
        from int_customers__parity as parity
        inner join int_customers__label_features as labels using (record_id_l, record_id_r)
        inner join int_customers__pair_scores as scores using (record_key_l, record_key_r)
        """
    )
    assert len(both) > 50
    assert [scored for _, scored in both] == pytest.approx([expected for expected, _ in both], abs=1e-9)


def test_what_training_said_is_what_the_card_says(demo: Project) -> None:
    folder = demo.folder / "dedup_models/customers"
    card = json.loads((folder / (folder / "production").read_text().strip() / "card.json").read_text())
    said = card["cross_validation"]["overall"]
    assert demo.rows(
        """
        select
            count(*),
            sum(label),
            count(*) filter (held_out_is_match and label = 1) / count(*) filter (held_out_is_match),
            count(*) filter (held_out_is_match and label = 1) / sum(label)
        from int_customers__label_decisions
        """
    ) == [(said["pairs"], said["matches"], said["precision"], said["recall"])]


def test_copies_are_decided_through_the_record_that_represents_them(demo: Project) -> None:
    """Pairs that the classifier matched and blocking proposed are matches in production, copies or not."""
    found = demo.dicts(
        """
        select decisions.*, l.record_key <> l.representative_key or r.record_key <> r.representative_key as of_copies
        from int_customers__label_decisions as decisions
        inner join int_customers__keyed_records as l on decisions.record_id_l = l.record_id
        inner join int_customers__keyed_records as r on decisions.record_id_r = r.record_id
        where is_proposed
        """
    )
    assert sum(row["of_copies"] and row["is_match"] for row in found) > 20
    assert [row for row in found if row["is_match"] != row["trained_is_match"]] == []


@pytest.mark.parametrize(
    "change",
    [
        NEW_LABELS.format(label="no_match", sampled_by="uncertainty", decided="decision = 'match'", pairs=40),
        NEW_LABELS.format(label="match", sampled_by="random", decided="decision <> 'match'", pairs=19),
        NEW_LABELS.format(label="match", sampled_by="random", decided="decision = 'match'", pairs=40),
        "update int_customers__held_out_pairs set input_digest = 'changed'; delete from customers_matches",
        "delete from int_customers__held_out_pairs; delete from customers_matches",
    ],
    ids=["chosen by doubt", "too few", "labels that agree", "changed records", "trained without labels"],
)
def test_metrics_are_compared_on_pairs_that_can_tell(demo: Project, tmp_path: Path, change: str) -> None:
    project = demo.copied_to(tmp_path)
    project.change(change)
    assert run_test(project, "metrics_agree", fails=False) == {}


@pytest.fixture
def changed(demo: Project, tmp_path: Path) -> Project:
    """A copy of the demo's project and database, to change its files before the first use."""
    ignore = shutil.ignore_patterns("compiled", "run", "logs")
    return Project(Path(shutil.copytree(demo.folder, tmp_path / "project", ignore=ignore)))


@pytest.mark.parametrize(
    ("macro", "text", "instead", "feature"),
    [
        ("compare/measures/contains_words", ' then 0.0",', ' then 0.1",', "given_name_contains"),
        ("prepare/types/prepare_given_name", "'initial': 'left(", "'initial': 'right(", "given_name_initial"),
    ],
    ids=["a comparison", "a standardization"],
)
def test_a_changed_macro_stops_the_build_before_it_scores(
    demo: Project, changed: Project, macro: str, text: str, instead: str, feature: str
) -> None:
    path = changed.folder / "macros" / f"{macro}.sql"
    assert path.read_text().count(text) == 1
    path.write_text(path.read_text().replace(text, instead))
    changed.dbt("build", "--select", "stg_customers__records+", *NO_UNIT_TESTS, fails=True)
    found = statuses(changed.result)
    failed = {name for name, status in found.items() if status in ("fail", "error")}
    assert [name for name in failed if "features_agree" in name] == sorted(failed)
    assert found["int_customers__pair_scores"] == found["customers"] == found["customers_matches"] == "skipped"
    assert changed.rows("select * from customers") == demo.rows("select * from customers")

    (node,) = [result.node for result in changed.result.result.results if result.node.name in failed]
    rows = changed.dicts(node.compiled_code)
    assert feature in {row["feature"] for row in rows}
    for row in rows:
        assert row["record_id_l"]
        assert row["record_id_r"]
        assert row["value_trained_on"] != row["value_today"]


FROM_THE_SPEC_ON = (
    "--select",
    "int_customers__spec+",
    "stg_customers__records+",
    "--exclude-resource-type",
    "unit_test",
)
FEATURE_OF_ONES_OWN = """
      features:
        - name: same_initials
          field: family_name
          sql: cast(left(l.given_name, 1) = left(r.given_name, 1) as double)
      fields:
"""


def test_a_model_trained_before_a_feature_came_goes_on_without_it_and_a_test_says_so(
    demo: Project, changed: Project
) -> None:
    project_file = changed.folder / "dbt_project.yml"
    project_file.write_text(project_file.read_text().replace("\n      fields:\n", FEATURE_OF_ONES_OWN))
    done = changed.dbt("build", *FROM_THE_SPEC_ON)
    assert changed.rows("select count(same_initials) > 0 from int_customers__pair_features") == [(True,)]
    assert changed.rows("select * from customers") == demo.rows("select * from customers")
    assert [name for name, status in statuses(done).items() if status == "warn"] == [
        "dbt_dedup_features_known_int_customers__parity_customers"
    ]


def test_a_model_stops_the_build_when_a_feature_it_was_trained_on_is_gone(demo: Project, changed: Project) -> None:
    project_file = changed.folder / "dbt_project.yml"
    project_file.write_text(project_file.read_text().replace("{type: city}", "{type: city, compare: false}"))
    changed.dbt("build", *FROM_THE_SPEC_ON, fails=True)
    assert changed.rows("select * from customers") == demo.rows("select * from customers")
    (error,) = problems(changed.result).values()
    assert "does not fit the features of entity 'customers'" in error
    assert "missing: city_" in error
    assert "dbt-dedup train customers --promote" in error


@pytest.mark.parametrize(("difference", "fails"), [(1e-8, True), (1e-10, False)])
def test_an_altered_parity_file_stops_the_build_before_it_scores(
    changed: Project, difference: float, fails: bool
) -> None:
    folder = changed.folder / "dedup_models/customers"
    version = folder / (folder / "production").read_text().strip()
    lines = (version / "parity.csv").read_text().splitlines()
    features, comma, probability = lines[100].rpartition(",")
    lines[100] = f"{features}{comma}{float(probability) - difference!r}"
    resign(version, ("\n".join(lines) + "\n").encode())
    done = changed.dbt("build", "--select", "int_customers__parity+1", *NO_UNIT_TESTS, fails=fails)
    failed = {name for name, status in statuses(done).items() if status in ("fail", "error")}
    assert [name for name in failed if "scores_agree" in name] == sorted(failed)
    assert len(failed) == fails
    assert statuses(done)["int_customers__pair_scores"] == ("skipped" if fails else "success")


@pytest.mark.parametrize(
    ("text", "instead", "proposed"),
    [
        ("        - [email]\n", "", False),
        ("      targets: {precision: 0.98", "      thresholds: {match: 0.98}\n      targets: {precision: 0.98", True),
    ],
    ids=["a dropped blocking rule", "another match threshold"],
)
# dbt leaves the log of its last run open in this process
@pytest.mark.filterwarnings("ignore:unclosed file.*dbt.log:ResourceWarning")
@pytest.mark.filterwarnings("ignore:Exception ignored in.*dbt.log:pytest.PytestUnraisableExceptionWarning")
def test_a_changed_spec_is_found_by_its_metrics(changed: Project, text: str, instead: str, proposed: bool) -> None:
    path = changed.folder / "dbt_project.yml"
    assert path.read_text().count(text) == 1
    path.write_text(path.read_text().replace(text, instead))
    changed.dbt("run", "--select", "int_customers__spec+", "int_customers__block_keys+")
    logs = ["--log-path", str(changed.folder / "logs"), "--log-level-file", "debug"]
    done = changed.dbt("test", "--select", "int_customers__label_decisions", *logs, fails=True)
    (failed,) = [result.node for result in done.result.results if str(result.status) == "fail"]
    (row,) = changed.dicts(failed.compiled_code)
    assert (row["labels"], row["metric"], row["pairs"]) == ("trained on", "recall", 314)
    trained = "select avg(trained_is_match::integer) from int_customers__label_decisions where label = 1"
    assert changed.rows(trained) == [(pytest.approx(row["expected_value"]),)]
    assert row["production_value"] < row["expected_value"] - 0.03
    assert (row["label"], row["trained_is_match"], row["is_match"]) == (1, True, False)
    assert row["is_proposed"] == proposed
    assert changed.rows(
        f"""
        select
            min((record_id_l, record_id_r)) filter (is_proposed = {proposed}),
            count(*),
            count(*) filter (not is_proposed)
        from int_customers__label_decisions
        where label = 1 and trained_is_match <> is_match
        """
    ) == [((row["record_id_l"], row["record_id_r"]), row["differing_pairs"], row["not_proposed_pairs"])]
    said = (changed.folder / "logs" / "dbt.log").read_text()
    assert f"the first is {row['record_id_l']} and {row['record_id_r']}" in said


@pytest.mark.parametrize("labelled", [True, False])
def test_a_model_trained_without_labels_has_no_metrics_to_compare(changed: Project, labelled: bool) -> None:
    folder = changed.folder / "dedup_models/customers"
    version = folder / (folder / "production").read_text().strip()
    (version / "held_out_pairs.csv").unlink()
    card = json.loads((version / "card.json").read_text())
    del card["sha256"]["held_out_pairs.csv"]
    (version / "card.json").write_text(json.dumps(card))
    resign(version, (version / "parity.csv").read_bytes())
    if not labelled:
        path = changed.folder / "dbt_project.yml"
        path.write_text(path.read_text().replace("      labels: customers_labels\n", ""))
    changed.dbt("build", "--select", "int_customers__held_out_pairs", "int_customers__label_decisions")
    assert changed.rows("select count(*) from int_customers__held_out_pairs") == [(0,)]
    assert changed.rows(
        "select count(*), count(trained_is_match), count(*) filter (not is_new) from int_customers__label_decisions"
    ) == [(793 if labelled else 0, 0, 0)]


def resign(version: Path, parity: bytes) -> None:
    """Put other parity vectors into an artefact, with digests and a name that fit them."""
    card = json.loads((version / "card.json").read_text())
    (version / "parity.csv").write_bytes(parity)
    card["sha256"]["parity.csv"] = hashlib.sha256(parity).hexdigest()
    card["version"] = version_name(card)
    (version / "card.json").write_text(json.dumps(card))
    version.rename(version.parent / card["version"])
    (version.parent / "production").write_text(card["version"] + "\n")
