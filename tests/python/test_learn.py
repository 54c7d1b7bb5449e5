"""What the dbt side says of labels and of blocking, which training and the report read."""

from __future__ import annotations

from itertools import combinations

import pytest
from project import Project


@pytest.fixture(scope="module")
def changed(demo: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The demo with labels that contradict each other, are not known or name records that do not exist."""
    copy = demo.copied_to(tmp_path_factory.mktemp("learn"))
    ((left, right),) = copy.rows("select record_id_l, record_id_r from customers_labels where label = 'match' limit 1")
    extra = [
        (right, left, "no_match"),
        (right, left, "unsure"),
        (left, "nobody", "match"),
        ("nobody", "no one", "Match"),
        (left, right, None),
    ]
    rows = ", ".join("(" + ", ".join("null" if v is None else f"'{v}'" for v in row) + ")" for row in extra)
    copy.change(f"insert into customers_labels (record_id_l, record_id_r, label) values {rows}")
    return copy


def test_the_labels_of_the_demo_have_no_problems(demo: Project) -> None:
    assert demo.rows("select * from int_customers__label_problems") == []


def test_every_problem_of_every_label_is_a_row(changed: Project) -> None:
    ((left, right),) = changed.rows(
        "select record_id_r, record_id_l from customers_labels where label = 'no_match' order by rowid desc limit 1"
    )
    assert changed.rows("select * from int_customers__label_problems order by all nulls first") == sorted(
        [
            ("contradiction", left, right, "match", None),
            ("contradiction", right, left, "no_match", None),
            ("unknown_label", "nobody", "no one", "Match", None),
            ("unknown_label", left, right, None, None),
            ("unknown_record", "nobody", "no one", "Match", "no one"),
            ("unknown_record", "nobody", "no one", "Match", "nobody"),
            ("unknown_record", left, "nobody", "match", "nobody"),
        ],
        key=lambda row: tuple((value is not None, value or "") for value in row),
    )


def test_recall_of_blocking_is_that_counted_pair_by_pair(demo: Project) -> None:
    records = {
        record_id: (key, entity)
        for record_id, key, entity in demo.rows(
            "select record_id, representative_key, entity_id from int_customers__keyed_records"
            " inner join customers_truth using (record_id)"
        )
    }
    proposed = set(demo.rows("select record_key_l, record_key_r from int_customers__candidate_pairs"))
    entities: dict[str, list[int]] = {}
    for key, entity in records.values():
        entities.setdefault(entity, []).append(key)

    def is_found(left: int, right: int) -> bool:
        return left == right or (min(left, right), max(left, right)) in proposed

    true_pairs = [is_found(*pair) for keys in entities.values() for pair in combinations(keys, 2)]
    labelled = {
        tuple(sorted((records[left][0], records[right][0])))
        for left, right in demo.rows("select record_id_l, record_id_r from customers_labels where label = 'match'")
    }
    labels = [is_found(*pair) for pair in labelled]
    assert demo.rows("select * from customers_blocking_recall order by base desc") == [
        ("truth", len(true_pairs), sum(true_pairs), pytest.approx(sum(true_pairs) / len(true_pairs))),
        ("labels", len(labels), sum(labels), pytest.approx(sum(labels) / len(labels))),
    ]


def test_problems_of_values_are_counted_with_an_example(demo: Project) -> None:
    assert sorted(demo.rows("select field, problem, records, example from int_customers__problem_counts")) == sorted(
        demo.rows(
            "select field, problem, count(*), arg_min(original_value, record_id) from customers_quality_issues"
            " group by all"
        )
    )


def test_a_small_set_of_candidate_pairs_is_the_sample(demo: Project) -> None:
    assert demo.rows("select distinct is_sampled from int_customers__unlabelled_features") == [(True,)]
