"""Why records are one entity, or are not: each outcome in one small table, built as in production."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result
from project import Project, write_package_project
from small_things import BUILT, SPEC, build_things, promote

from dbt_dedup.cli import main
from dbt_dedup.explain.explanation import ExplainedEntity, Explanation, Outcome
from dbt_dedup.explain.picture import picture
from dbt_dedup.explain.why import why
from dbt_dedup.warehouse import DbtProject, close_connections

Explain = Callable[..., Any]


@pytest.fixture(scope="module")
def things(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The small table, resolved."""
    project = build_things(tmp_path_factory.mktemp("things"))
    project.dbt("build", *BUILT)
    return project


@pytest.fixture
def explain(things: Project) -> Iterable[Explain]:
    project = DbtProject(things.folder, things.folder)

    def explained(*ids: str) -> Explanation | ExplainedEntity:
        first, second = (*ids, None)[:2]
        assert first is not None
        return why(project, "things", first, second)

    yield explained
    close_connections()


@pytest.fixture
def run(things: Project) -> Iterable[Callable[..., Result]]:
    def command(*args: object, folder: Path = things.folder) -> Result:
        options = ["--project-dir", str(folder), "--profiles-dir", str(folder)]
        return CliRunner().invoke(main, ["why", *map(str, args), *options], catch_exceptions=False)

    yield command
    close_connections()


@pytest.mark.parametrize(
    ("left", "right", "outcome", "chain", "said"),
    [
        ("d1", "d2", Outcome.DIRECT, ["d1", "d2"], "They were joined directly: a blocking rule proposed the pair"),
        ("c1", "c3", Outcome.CHAIN, ["c1", "c2", "c3"], "They were joined through other records."),
        ("k3", "k1", Outcome.CLOSURE, ["k3", "k1"], "They were joined by closure: no blocking rule proposed the pair"),
        ("m1", "m2", Outcome.LABEL_MATCH, ["m1", "m2"], "m1 and m2: match by label"),
        ("y1", "y2", Outcome.COPIES, ["y1", "y2"], "They are identical in every field that is compared."),
        ("y2", "y3", Outcome.COPIES, ["y2", "y1", "y3"], "identical records"),
        (
            "r1",
            "r3",
            Outcome.REFUSED,
            ["r1", "r2", "r3"],
            "{r1, r2} + r3: refused, average -1.81 of 2 pairs, 1",
        ),
        ("n1", "n2", Outcome.LABEL_NO_MATCH, [], "n1 and n2: no_match by label"),
        ("v1", "v2", Outcome.NEVER, [], "The rule of `never` other_vip rules it out."),
        ("f1", "f2", Outcome.DUPLICATE_FREE, ["f1", "f2"], "f1 and f2 are of one source that has no duplicates"),
        ("b1", "b2", Outcome.BELOW_THRESHOLD, [], "its probability is below the match threshold 0.6"),
        ("x1", "x2", Outcome.NOT_PROPOSED, [], "the nearest rule, name + town, failed on town."),
        ("g11", "g22", Outcome.NOT_PROPOSED, [], "its block holds 12 records, more than max_block_size (4)"),
        (
            "d1",
            "m1",
            Outcome.NOT_PROPOSED,
            [],
            "the nearest rule, code, failed on code.",
        ),
    ],
)
def test_each_outcome(
    explain: Explain, run: Callable[..., Result], left: str, right: str, outcome: Outcome, chain: list[str], said: str
) -> None:
    found = explain(left, right)
    assert found.outcome is outcome
    assert [pair.left.record_id for pair in found.chain] + [p.right.record_id for p in found.chain[-1:]] == chain
    assert outcome.is_merged == (found.left.entity_id == found.right.entity_id)
    assert "other_clusters" not in found.notes
    output = run("things", left, right).output
    assert said in output
    assert f"{left} and {right} are {'' if outcome.is_merged else 'not '}one entity." in output


def test_contributions_add_up_to_what_production_scored(explain: Explain, things: Project) -> None:
    for left, right, weight in things.rows("select record_id_l, record_id_r, match_weight from things_matches"):
        found = explain(left, right)
        (pair,) = [
            p for p in (*found.chain, found.pair) if p and {p.left.record_id, p.right.record_id} == {left, right}
        ]
        assert pair.base + sum(part.weight for part in pair.contributions) == pytest.approx(weight, abs=1e-9)
        assert pair.weight == pytest.approx(weight, abs=1e-9)
        assert not pair.has_changed


def test_a_pair_that_was_never_compared_is_scored_now(explain: Explain) -> None:
    found = explain("x1", "x2")
    assert found.pair is not None
    assert found.pair.stored is None
    assert [(part.feature, part.value, part.weight) for part in found.pair.contributions] == [
        ("same_name", 1.0, 4.0),
        ("same_town", 0.0, -1.0),
    ]
    assert found.pair.probability == 0.5
    assert [[part.agrees for part in rule.parts] for rule in found.rules] == [[False], [True, False], [False]]


def test_the_replay_finds_the_clusters_of_the_build(explain: Explain) -> None:
    for record in ("c1", "k2", "r2", "n1", "v1", "f2", "y3", "m1"):
        assert "other_clusters" not in explain(record).notes


def test_an_entity_is_held_together_by_its_strongest_pairs(explain: Explain, run: Callable[..., Result]) -> None:
    found = explain("k2")
    assert isinstance(found, ExplainedEntity)
    assert [record.record_id for record in found.members] == ["k1", "k2", "k3"]
    pairs = [tuple(sorted((pair.left.record_id, pair.right.record_id))) for pair in found.tree]
    assert pairs == [("k1", "k3"), ("k1", "k2")]
    by_id = run("things", found.entity_id).output
    assert by_id == run("things", "k2").output
    assert "k1 - k3: probability 0.985 (+6.00 log2 odds), by closure" in by_id
    assert "{k1, k2} + k3: joined, average +4.50 of 2 pairs" in by_id


def test_an_entity_of_one_record(explain: Explain, run: Callable[..., Result]) -> None:
    assert "No scored pair has it" in run("things", "z1").output
    kept_apart = run("things", "n1").output
    assert "Its likeliest pair is that with n2: no_match by label" in kept_apart
    found = explain("r3")
    assert isinstance(found, ExplainedEntity)
    assert [(meeting.merged, meeting.pairs, meeting.unknown) for meeting in found.refused] == [(False, 2, 1)]


def test_control_characters_of_the_data_do_not_reach_the_terminal(run: Callable[..., Result]) -> None:
    for args in (("x1", "x2"), ("x1",)):
        output = run("things", *args).output
        assert "xena xu" in output
        assert "\x1b" not in output


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (
            ("things", "d1", "d9"),
            "Entity 'things' has no record 'd9'. The nearest ids are 'd1', 'd2', 'b1'. Records that came after the last"
            " build are not known before `dbt build`.",
        ),
        (
            ("things", "q'uote"),
            "Entity 'things' has no entity and no record 'q'uote'.",
        ),
        (("things", "d1", "d1"), "Both record ids are 'd1'. Name two records of things, or leave out the second id"),
        (("thing", "d1", "d2"), "Unknown entity 'thing'"),
        (("things", "d1", "d2", "--picture", "why.png"), "The picture is an SVG, so why.png should end in .svg."),
        (("things", "d1", "d2", "--picture", "no/such/why.svg"), "of the picture does not exist: create it first."),
        (("things", "z1", "--picture", "why.svg"), "There is no picture: no pair of the entity was scored."),
    ],
)
def test_bad_input_is_one_error(run: Callable[..., Result], args: tuple[str, ...], message: str) -> None:
    result = run(*args)
    assert result.exit_code == 1
    assert message in result.output.replace('"', "'")


def test_tables_of_another_model_or_not_built(things: Project, tmp_path: Path, run: Callable[..., Result]) -> None:
    folder = write_package_project(tmp_path / "copy", {"things": SPEC}, {})
    for name in ("seeds", "models", "dedup_models"):
        shutil.copytree(things.folder / name, folder / name, dirs_exist_ok=True)
    missing = run("things", "d1", "d2", folder=folder)
    assert missing.exit_code == 1
    assert "Run `dbt build` first, which creates it." in missing.output
    shutil.copy(things.database, folder)
    copy = Project(folder)
    built = run("things", "d1", "d2", folder=folder)
    assert built.exit_code == 0
    # another version is in production: the one that scored explains
    production = folder / "dedup_models/things/production"
    first = production.read_text().strip()
    second = promote(folder, bias=-2.0)
    other = run("things", "d1", "d2", folder=folder)
    assert f"The tables were scored by {first}, but {second} is in production: run `dbt build`" in other.output
    assert f"Model {first}." in other.output
    # it is gone, so the one in production explains, and says so
    shutil.rmtree(folder / "dedup_models/things" / first)
    gone = run("things", "d1", "d2", folder=folder)
    assert f"The artefact of {first} cannot be used, so {second} explains what it decided." in gone.output
    assert "The last build stored 0.985" in gone.output
    production.unlink()
    none = run("things", "d1", "d2", folder=folder)
    assert none.exit_code == 1
    assert "Entity 'things' has no model in production" in none.output
    close_connections()
    copy.change("drop table int_things__clusters", "drop table int_things__links")
    dropped = run("things", "d1", "d2", folder=folder)
    assert dropped.exit_code == 1
    assert "are not built yet: int_things__links, int_things__clusters. Run `dbt build" in dropped.output


def test_a_component_that_is_too_large_to_replay(monkeypatch: pytest.MonkeyPatch, run: Callable[..., Result]) -> None:
    monkeypatch.setattr("dbt_dedup.explain.why.MOST_RECORDS", 2)
    output = run("things", "c1", "c3").output
    assert "c1 and c3 are one entity." in output
    assert "so large that the merges are not replayed here" in output


def test_the_waterfall_ends_at_the_sum(explain: Explain, tmp_path: Path, run: Callable[..., Result]) -> None:
    file = tmp_path / "why.svg"
    assert f"Picture written to {file}" in run("things", "c1", "c3", "--picture", file).output
    text = file.read_text(encoding="utf-8")
    assert text == picture(explain("c1", "c3"))
    svg = ElementTree.fromstring(text)
    space = {"s": "http://www.w3.org/2000/svg"}
    bars = [mark for mark in svg.findall("s:rect", space) if mark.get("class") in ("for", "against", "total")]
    assert [bar.get("class") for bar in bars] == [
        *("total", "for", "for", "against", "total"),
        *("total", "for", "for", "total"),
    ]
    ends = [float(bar.get("x", 0)) + float(bar.get("width", 0)) for bar in bars[:5]]
    assert ends[-1] == pytest.approx(ends[2] - float(bars[3].get("width", 0)), abs=0.1)
    values = [node.text for node in svg.findall("s:text[@class='value']", space)]
    assert values == ["-3.00", "+6.00", "+4.00", "-1.00", "+6.00", "-3.00", "+4.00", "+2.00", "+3.00"]
    dots = [float(dot.get("cx", 0)) for dot in svg.findall("s:circle", space)]
    names = {mark.text: float(mark.get("x", 0)) for mark in svg.findall("s:text", space)}
    assert dots[0] < names["for a match"] < dots[1] < names["against"]
    assert not re.search(r"var\(|<script", text)


def test_match_reasons_have_closure_pairs_and_the_strongest_first(things: Project) -> None:
    reasons = "select field, reason_number, match_weight, compared_by from things_match_reasons"
    assert things.rows(f"{reasons} where record_id_l = 'k1' and record_id_r = 'k3' order by reason_number") == [
        ("mail", 1, 6.0, "closure"),
        ("name", 2, 4.0, "closure"),
        ("town", 3, -1.0, "closure"),
    ]
    assert things.rows(f"{reasons} where record_id_l = 'd1' order by reason_number") == [
        ("code", 1, 6.0, "blocking"),
        ("name", 2, 4.0, "blocking"),
        ("town", 3, -1.0, "blocking"),
    ]
