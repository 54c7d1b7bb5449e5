from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from project import Project, copied_project

from dbt_dedup.cli import main
from dbt_dedup.errors import DedupError
from dbt_dedup.report.changes import regrouped
from dbt_dedup.report.cross_validated import CrossValidatedPairs
from dbt_dedup.report.page import write_report
from dbt_dedup.report.svg import Plot, nice_ticks
from dbt_dedup.side_by_side import Record
from dbt_dedup.spec import Thresholds
from dbt_dedup.warehouse import DbtProject, close_connections
from dbt_dedup.words import against, compare, percent, shown

VOID = {"meta", "br", "link", "img", "hr", "input"}
NASTY = "<script>alert('x')</script>"
RIGHT_TO_LEFT = "\u202eمحمد & 👩\u200d👧"


class Page(HTMLParser):
    """Text and elements of a page, of which every element is closed in its turn."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(html)
        self.close()
        assert not self.open
        self.text = " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)

    def count(self, tag: str) -> int:
        return sum(found == tag for found, _ in self.elements)


def run(project: Project, *args: str | Path) -> Result:
    with pytest.MonkeyPatch.context() as patch:
        project.environment(patch)
        done = CliRunner().invoke(main, [*map(str, args), "--project-dir", str(project.folder)], catch_exceptions=False)
    close_connections()
    return done


def report(project: Project, version: str | None = None) -> str:
    """The page, written without parsing the project again."""
    output = project.database.parent / "report.html"
    with pytest.MonkeyPatch.context() as patch:
        project.environment(patch)
        dbt = DbtProject(project.folder)
        dbt._manifest = project.manifest
        assert write_report(dbt, "customers", version, output) == output
    close_connections()
    return output.read_text(encoding="utf-8")


def error_of(project: Project, version: str | None = None) -> str:
    with pytest.raises(DedupError) as error:
        report(project, version)
    close_connections()
    return str(error.value)


def without_models(project: Project, folder: Path) -> Project:
    copied_project(project.folder, folder, "dedup_models")
    (folder / "dedup_models").mkdir()
    return Project(folder)


@pytest.fixture(scope="module")
def trained(demo: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The demo with a model in production and one that was trained later."""
    project = without_models(demo, tmp_path_factory.mktemp("report") / "project")
    for options in (("--kind", "additive"), ("--kind", "logistic")):
        done = run(project, "train", "customers", *options)
        assert done.exit_code == 0, done.output
    return project


@pytest.fixture(scope="module")
def second(trained: Project) -> str:
    """The page on the model that was trained later."""
    return report(trained)


def versions(project: Project) -> dict[str, str]:
    names = (path.name for path in (project.folder / "dedup_models/customers").iterdir() if path.is_dir())
    return {name.rpartition("-")[0]: name for name in names}


def test_a_second_model_is_compared_with_production(trained: Project, second: str) -> None:
    page = Page(second)
    known = versions(trained)
    assert second.count("<!DOCTYPE html>") == 1
    assert f"Against {known['additive']}, which is in production," in page.text
    for title in ("1 Problem", "2 Data", "3 Model", "4 Production", "5 Quality"):
        assert title in page.text
    verdict = page.text.index("This model reaches all its targets.")
    assert verdict < page.text.index("The emptiest field")
    for said in (
        "Pairs that would newly be merged:",
        "Pairs that would no longer be merged:",
        "of today's would be split",
        "seconds to score",
        "Which thresholds to choose",
        "points from what was observed",
        "The probabilities were calibrated on",
        "contradict the model",
        "The model reproduces its experiment",
        "candidate recall, truth",
    ):
        assert said in page.text, said
    metrics = dict(trained.rows("select metric, value from customers_metrics"))
    assert f"{metrics['records']:,.0f}" in page.text
    assert f"{metrics['candidate_pairs']:,.0f}" in page.text


def test_the_comparison_is_what_two_builds_give(trained: Project, second: str, tmp_path: Path) -> None:
    page = Page(second)
    known = versions(trained)
    pointer = trained.folder / "dedup_models/customers/production"
    matches = {}
    for name in ("logistic", "additive"):  # the last one is in production again afterwards
        pointer.write_text(known[name] + "\n")
        built = trained.copied_to(tmp_path / name)
        built.dbt("run", "--select", "int_customers__parity+", "int_customers__pair_scores_python+")
        matches[name] = set(
            built.rows(
                "select record_key_l, record_key_r from int_customers__pair_scores"
                " where match_probability >= (select match_threshold from int_customers__match_thresholds)"
            )
        )
        ((entities,),) = built.rows("select count(distinct cluster_key) from int_customers__clusters")
        assert f"{entities:,}" in page.text
        if name == "logistic":
            ((queued,),) = built.rows("select count(*) from customers_review_queue")
            assert f"review {queued}" in page.text
    merged = len(matches["logistic"] - matches["additive"])
    parted = len(matches["additive"] - matches["logistic"])
    assert merged
    assert parted
    assert f"{merged} pairs would newly be merged and {parted} no longer" in page.text


def test_the_command_writes_the_same_page_and_leaves_the_database_as_it_is(
    trained: Project, second: str, tmp_path: Path
) -> None:
    before = trained.database.read_bytes()
    done = run(trained, "report", "customers", "--output", tmp_path / "page.html")
    assert done.exit_code == 0, done.output
    assert done.output.splitlines()[-1] == f"Report written to {tmp_path / 'page.html'}"
    assert (tmp_path / "page.html").read_text(encoding="utf-8") == second
    assert trained.database.read_bytes() == before


def test_the_page_stands_alone_and_is_accessible(second: str) -> None:
    page = Page(second)
    assert not re.findall(r"(?:https?:)?//\w", re.sub(r"<bdi>.*?</bdi>", "", second))
    assert not page.count("script")
    for tag, attributes in page.elements:
        assert tag not in ("link", "img", "iframe", "object")
        assert not any(name.startswith("on") or name in ("src", "srcset") for name in attributes)
        assert (attributes.get("href") or "#").startswith("#")
        if tag == "svg":
            assert attributes.get("aria-label") or attributes.get("aria-hidden") == "true"
    assert page.count("table") == page.count("caption")
    assert ("html", {"lang": "en"}) in page.elements
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids)) == 5


def test_the_model_in_production_is_not_compared(trained: Project) -> None:
    page = Page(report(trained, versions(trained)["additive"]))
    assert "This model reaches all its targets. It is the model in production." in page.text
    assert "so there is nothing to compare it with" in page.text
    assert "newly be merged" not in page.text


@pytest.fixture(scope="module")
def served(demo: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The demo, whose tables the model in production has scored."""
    return demo.copied_to(tmp_path_factory.mktemp("served"))


def production(project: Project) -> str:
    return (project.folder / "dedup_models/customers/production").read_text().strip()


def test_pairs_for_review_are_those_of_the_queue_that_the_model_has_filled(served: Project) -> None:
    ((queued,),) = served.rows("select count(*) from customers_review_queue")
    page = Page(report(served, production(served)))
    assert f"review {queued}" in page.text
    assert "the pairs of customers_review_queue , as the last build left it." in page.text
    assert f"{queued} pairs wait for a person, within the budget of 500" in page.text


def test_pairs_for_review_are_counted_as_the_queue_would_hold_them(served: Project, tmp_path: Path) -> None:
    ((queued,),) = served.rows("select count(*) from customers_review_queue")
    unmeasured = served.copied_to(tmp_path)
    unmeasured.change("drop table customers_metrics")
    page = Page(report(unmeasured, production(served)))
    assert f"review {queued}" in page.text
    assert f"{queued} pairs would wait for a person, within the budget of 500" in page.text
    assert "not decided by a label, and not in one entity." in page.text


def test_the_page_says_how_many_targets_of_the_served_tables_can_be_checked(served: Project, tmp_path: Path) -> None:
    ((targets, known),) = served.rows(
        "select count(*), count(*) filter (level <> 'unknown') from customers_metrics where level is not null"
    )
    assert 0 < known < targets
    assert (
        f"The served tables reach their targets, of which {known} of {targets} can be checked"
        in Page(report(served)).text
    )
    changed = served.copied_to(tmp_path)
    changed.change(
        "update customers_metrics set level = 'warning' where metric = 'transitivity'",
        "update customers_metrics set level = 'ok' where metric like 'label_%'",
    )
    assert "The served tables reach their targets, but transitivity warns" in Page(report(changed)).text
    changed.change("update customers_metrics set level = 'failure' where metric = 'largest_entity_share'")
    changed.change("update customers_metrics set level = 'unknown' where metric = 'truth_recall'")
    missed = f"The served tables miss largest_entity_share; {targets - 1} of {targets} targets can be checked"
    assert missed in Page(report(changed)).text


def test_held_out_figures_and_those_of_the_final_model_are_named(served: Project) -> None:
    page = Page(report(served))
    for text in (
        "expected of the clusters that the final model makes. Held out:",
        "On held-out labels, at match threshold",
        "precision, held out",
        "log loss, held out",
    ):
        assert text in page.text, text


def test_values_of_the_data_are_text(trained: Project, tmp_path: Path) -> None:
    changed = trained.copied_to(tmp_path)
    values = [NASTY, RIGHT_TO_LEFT, "x" * 5000, "plain"]
    changed.change(
        *(
            f"update stg_customers__records set given_name__original = '{value.replace(chr(39), chr(39) * 2)}'"
            f" where record_id in (select record_id from int_customers__keyed_records where record_key % 4 = {number})"
            for number, value in enumerate(values)
        ),
        f"update customers_profile set most_common_value = '{NASTY.replace(chr(39), chr(39) * 2)}'",
        f"update customers_quality_issues set original_value = '{NASTY.replace(chr(39), chr(39) * 2)}'",
    )
    html = report(changed)
    page = Page(html)
    assert "<script" not in html
    assert "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;" in html
    assert "\u202e" not in html
    assert "👩\u200d👧" in page.text
    assert "x" * 161 not in html
    assert "(5,000 characters)" in page.text


def test_without_labels_the_page_says_what_is_not_known(trained: Project, tmp_path: Path) -> None:
    project = without_models(trained, tmp_path / "project")
    done = run(project, "train", "customers", "--no-labels")
    assert done.exit_code == 0, done.output
    page = Page(report(project))
    assert "1 of 3 targets can be checked: it was trained without labels." in page.text
    assert page.text.count("? not known , target") == 2
    assert "Trained without labels, it was not cross-validated:" in page.text
    assert "How to read it:" in page.text
    for absent in ("Which thresholds to choose", "Predicted probability", "Labels trained on", "contradict the model"):
        assert absent not in page.text


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["report", "customers", "additive-00000000"], "Entity 'customers' has no version 'additive-00000000' in"),
        (["report", "clients"], "Unknown entity 'clients'"),
        (["report", "customers", "--output", "nowhere/report.html"], "There is no folder"),
    ],
)
def test_what_cannot_be_reported_is_one_error(trained: Project, args: list[str], message: str) -> None:
    done = run(trained, *args)
    assert done.exit_code == 1
    assert f"Error: {message}" in done.output


def test_missing_tables_name_the_command(trained: Project, tmp_path: Path) -> None:
    changed = trained.copied_to(tmp_path)
    changed.change("drop table customers_profile", "drop view int_customers__pair_features")
    assert error_of(changed) == (
        "The report reads tables of entity 'customers' that are not built yet: customers_profile,"
        " int_customers__pair_features. Run `dbt build --select +customers_profile +int_customers__pair_features`"
        " first, or `dbt build`."
    )


def test_tables_that_the_page_can_do_without(trained: Project, tmp_path: Path) -> None:
    changed = trained.copied_to(tmp_path)
    changed.change("drop table customers_metrics", "drop table customers_labels", "drop table customers_truth")
    page = Page(report(changed))
    assert "customers_metrics is not built yet" in page.text
    assert "candidate recall" not in page.text
    assert "How many true pairs blocking misses is not known" in page.text


def test_an_entity_without_a_model_names_train(trained: Project, tmp_path: Path) -> None:
    assert error_of(without_models(trained, tmp_path / "project")).endswith("Run `dbt-dedup train customers` first.")


def test_a_production_model_that_cannot_be_loaded_is_named(trained: Project) -> None:
    model = trained.folder / "dedup_models/customers" / versions(trained)["additive"] / "model.skops"
    whole = model.read_bytes()
    model.write_bytes(b"no model")
    try:
        page = Page(report(trained))
    finally:
        model.write_bytes(whole)
    assert "cannot be compared with this one." in page.text
    assert "model.skops is corrupted" in page.text


def held_out(labels: str, probability: list[float]) -> CrossValidatedPairs:
    ids = tuple((f"l{i}", f"r{i}") for i in range(len(labels)))
    is_match = np.array([int(label) for label in labels])
    return CrossValidatedPairs(ids, is_match, np.array(probability))


def test_held_out_pairs_by_hand() -> None:
    pairs = held_out("1101", [0.9, 0.8, 0.8, 0.2])
    assert pairs.precision_recall_curve() == [(1 / 3, 1.0), (2 / 3, 2 / 3), (1.0, 0.75)]
    assert pairs.hardest() == [2, 3]
    chosen = pairs.choices(Thresholds(0.85, 0.5, 0.01), Thresholds(0.15, 0.1, 0.01))
    assert [(one.thresholds.match, one.thresholds.review) for one in chosen][:3] == [
        (0.15, 0.1),
        (0.5, 0.5),
        (0.6, 0.5),
    ]
    assert [(one.precision, one.recall) for one in chosen if one.thresholds.match == 0.85] == [(1.0, 1 / 3)]


def test_entities_that_unite_or_split() -> None:
    keys = np.array([1, 2, 3, 4, 5, 6], dtype=np.int32)
    before, after = np.array([1, 1, 3, 4, 4, 6]), np.array([1, 1, 1, 4, 5, 6])
    united, count = regrouped(keys, after, before, 9)
    assert [one.parts for one in united] == [((1, 2), (3,))]
    assert count == 1
    split, count = regrouped(keys, before, after, 9)
    assert [one.parts for one in split] == [((4,), (5,))]
    assert count == 1


@pytest.mark.parametrize(
    ("share", "text"), [(0.5, "50.0%"), (1.0, "100.0%"), (0.99999, "99.999%"), (0.0, "0.0%"), (0.0004, "0.04%")]
)
def test_percentages_do_not_round_to_all_or_nothing(share: float, text: str) -> None:
    assert percent(share) == text


def test_a_missed_target_looks_missed() -> None:
    assert against(0.89996, 0.9) == "89.996%"
    assert against(0.9, 0.9) == "90.0%"


def test_values_are_compared_to_the_letter() -> None:
    left = Record("1", None, {"name": "Anna Meyer", "city": "Bonn", "email": None, "street": None})
    right = Record("2", "crm", {"name": "Anna Meier", "city": "bonn", "email": "a@b.de", "street": None})
    name, city, email = compare(left, right)
    assert (name.sign, name.right) == ("≠", [("Anna Me", False), ("i", True), ("er", False)])
    assert city.sign == "≈"
    assert (email.sign, email.left) == ("", [("–", False)])
    assert shown("a\u202eb") == "a?b"


def test_values_that_differ_only_where_they_are_cut_are_marked() -> None:
    (name,) = compare(Record("1", None, {"name": "x" * 500}), Record("2", None, {"name": "x" * 499 + "y"}))
    assert name.sign == "≠"
    assert name.left[0] == ("x" * 160, True)


def test_charts_escape_their_texts_and_have_no_negative_zero() -> None:
    plot = Plot((0.0, 1.0), (-1.0, 1.0), margins=(0, 0, 0, 0)).text(-0.001, 0, NASTY, "start")
    svg = plot.render('a "label" <b>')
    assert "<script" not in svg
    assert 'x="0"' in svg
    assert "&lt;b&gt;" in svg
    assert nice_ticks(0.88, 0.96, 4) == [0.88, 0.9, 0.92, 0.94, 0.96]
