from __future__ import annotations

import csv
import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from examples import make_labelled, make_spec, put_into_production, train_example

from dbt_dedup.errors import DedupError
from dbt_dedup.registry import promotion
from dbt_dedup.registry import versions as versions_module
from dbt_dedup.registry.artefact import Artefact, load_artefact, read_card, write_artefact
from dbt_dedup.registry.production import load_production, use_in_production
from dbt_dedup.registry.promotion import after_training, promote, read_history, rollback
from dbt_dedup.registry.versions import table_of_versions
from dbt_dedup.spec import Spec
from dbt_dedup.training.evaluation import SampleQuality
from dbt_dedup.training.with_labels import train

EASY = make_spec(targets={"precision": 0.5, "recall": 0.5, "review_budget": 500})


def write(directory: Path, kind: str = "additive", spec: Spec = EASY) -> str:
    trained = train_example(kind) if spec == EASY else train(kind, spec, make_labelled())
    return write_artefact(trained, spec, directory).name


def home(directory: Path) -> Path:
    return directory / "dedup_models" / "customers"


def in_production(directory: Path) -> str:
    return (home(directory) / "production").read_text()


def history(directory: Path) -> list[tuple[str, ...]]:
    return [(line.version, line.action, line.reason, line.forced) for line in read_history(EASY, directory)]


def error_of(call: Callable[..., object], *args: Any, **kwargs: Any) -> str:
    with pytest.raises(DedupError) as error:
        call(*args, **kwargs)
    return str(error.value)


def random_sample(kind: str = "additive") -> SampleQuality:
    """The quality of an example model on the labels drawn at random."""
    sample = train_example(kind).random_sample
    assert sample is not None
    return sample


@pytest.fixture
def two(tmp_path: Path) -> tuple[str, str]:
    """Versions that were trained first, and so are in production, and second."""
    first, second = write(tmp_path), write(tmp_path, "logistic")
    assert after_training(EASY, tmp_path, first, promote_it=False) == (
        f"In production: {first}, the first model of 'customers'."
    )
    return first, second


def test_training_promotes_the_first_model_only(tmp_path: Path, two: tuple[str, str]) -> None:
    first, second = two
    assert after_training(EASY, tmp_path, second, promote_it=False) == (
        f"{first} stays in production. Compare the two with `dbt-dedup models customers`; promote the new one with"
        f" `dbt-dedup promote customers {second}`."
    )
    assert in_production(tmp_path) == f"{first}\n"
    assert after_training(EASY, tmp_path, first, promote_it=True) == (
        f"{first} is already in production: the same data give the same model."
    )
    assert after_training(EASY, tmp_path, second, promote_it=True) == f"In production: {second}, instead of {first}."
    assert load_production(EASY, tmp_path).version == second
    assert history(tmp_path) == [
        (first, "promote", "first model", "false"),
        (second, "promote", "train --promote", "false"),
    ]


def test_the_first_model_says_which_target_it_misses(tmp_path: Path) -> None:
    spec = make_spec(targets={"precision": 0.5, "recall": 1.0, "review_budget": 500})
    version = write(tmp_path)
    recall = random_sample().recall.value
    assert after_training(spec, tmp_path, version, promote_it=False) == (
        f"In production: {version}, the first model of 'customers'.\n"
        f"  But cross-validated recall at match threshold 0.9 on the random labels is {recall:.3f}, the target is 1."
    )


def test_promote_and_rollback(tmp_path: Path, two: tuple[str, str]) -> None:
    first, second = two
    assert promote(EASY, tmp_path, second, reason=" simpler, faster ") == []
    assert in_production(tmp_path) == f"{second}\n"
    assert rollback(EASY, tmp_path) == (second, first)
    assert in_production(tmp_path) == f"{first}\n"
    assert history(tmp_path) == [
        (first, "promote", "first model", "false"),
        (second, "promote", "simpler, faster", "false"),
        (first, "rollback", f"undo {second}", "false"),
    ]
    with (home(tmp_path) / "promotions.csv").open() as file:
        assert next(csv.reader(file)) == ["version", "action", "promoted_at", "promoted_by", "reason", "forced"]
    assert error_of(rollback, EASY, tmp_path) == (
        "Entity 'customers' has no earlier promotion to go back to. `dbt-dedup models customers` lists its versions;"
        " put one into production with `dbt-dedup promote customers VERSION`."
    )
    promote(EASY, tmp_path, second)
    assert rollback(EASY, tmp_path) == (second, first)


def test_a_pointer_without_a_history_can_be_gone_back_to(tmp_path: Path) -> None:
    first = put_into_production(tmp_path).name
    second = write(tmp_path, "logistic")
    promote(EASY, tmp_path, second)
    assert history(tmp_path)[0] == (first, "promote", "was in production without a record", "false")
    assert rollback(EASY, tmp_path) == (second, first)


def test_rollback_of_a_pointer_moved_by_hand(tmp_path: Path, two: tuple[str, str]) -> None:
    first, second = two
    use_in_production(EASY, tmp_path, second)
    assert error_of(rollback, EASY, tmp_path) == (
        f"{home(tmp_path)}/production holds {second}, but the last promotion in promotions.csv is {first}: it was"
        " changed by hand. Run `dbt-dedup promote customers VERSION` with the version that you want."
    )


def test_rollback_to_a_version_that_is_gone_changes_nothing(tmp_path: Path, two: tuple[str, str]) -> None:
    first, second = two
    promote(EASY, tmp_path, second)
    (home(tmp_path) / first / "model.skops").unlink()
    assert error_of(rollback, EASY, tmp_path) == (
        f"{home(tmp_path) / first / 'model.skops'} is missing. Run `dbt-dedup train customers --promote`, or restore"
        " the artefact from git."
    )
    assert in_production(tmp_path) == f"{second}\n"


def test_a_missed_target_stops_the_promotion(tmp_path: Path, two: tuple[str, str]) -> None:
    first, second = two
    spec = make_spec(targets={"precision": 1.0, "recall": 0.999, "review_budget": 500})
    found = random_sample("logistic")
    at = "at match threshold 0.9 on the random labels is"
    problems = [
        f"cross-validated precision {at} {found.precision.value:.3f}, the target is 1.",
        f"cross-validated recall {at} {found.recall.value:.3f}, the target is 0.999.",
    ]
    problems = problems[found.precision.value == 1 :]
    listed = "".join(f"  {problem}\n" for problem in problems)
    assert error_of(promote, spec, tmp_path, second) == (
        f"{second} is not promoted:\n{listed}Train a better one, or promote it anyway with --force --reason '...'."
    )
    assert in_production(tmp_path) == f"{first}\n"
    assert error_of(promote, spec, tmp_path, second, force=True, reason=" ") == (
        "--force takes --reason: say why the checks do not apply this time."
    )
    assert promote(spec, tmp_path, second, force=True, reason="deadline") == problems
    assert history(tmp_path)[-1] == (second, "promote", "deadline", "true")


def test_a_target_missed_by_a_hair_is_not_shown_as_met(tmp_path: Path, two: tuple[str, str]) -> None:
    recall = random_sample("logistic").recall.value + 1e-6
    spec = make_spec(targets={"precision": 0.5, "recall": recall, "review_budget": 500})
    card = load_artefact(EASY, tmp_path, two[1]).card
    (problem,) = promotion.missed_targets(spec, card)
    assert float(problem.split(" is ")[1].split(",")[0]) < recall


@pytest.mark.parametrize(("matches", "problems"), [(10, []), (9, ["precision", "recall"])])
def test_random_labels_decide_where_there_are_enough_matches_among_them(matches: int, problems: list[str]) -> None:
    sure = {"value": 0.99, "low": 0.9, "high": 1.0}
    card: dict[str, Any] = {
        "cross_validation": {
            "overall": {"threshold": 0.9, "precision": 0.4, "recall": 0.3},
            "random_sample": {"pairs": 60, "matches": matches, "precision": sure, "recall": sure},
        }
    }
    spec = make_spec(targets={"precision": 0.95, "recall": 0.8, "review_budget": 500})
    assert [problem.split()[1] for problem in promotion.missed_targets(spec, card)] == problems
    card["cross_validation"]["random_sample"] |= {"matches": 10, "recall": {"value": 0.7, "low": 0.5, "high": 0.9}}
    assert promotion.missed_targets(spec, card) == [
        "cross-validated recall at match threshold 0.9 on the random labels is 0.700, the target is 0.8."
    ]


def test_quality_measured_at_another_threshold_does_not_count(tmp_path: Path, two: tuple[str, str]) -> None:
    spec = make_spec(
        targets={"precision": 0.1, "recall": 0.1, "review_budget": 500},
        thresholds={"match": 0.8, "review": 0.5, "floor": 0.01},
    )
    assert error_of(promote, spec, tmp_path, two[1]) == (
        f"{two[1]} is not promoted:\n  its precision and recall were measured at match threshold 0.9, and the entity's"
        " is 0.8 now: run `dbt-dedup train customers`.\n"
        "Train a better one, or promote it anyway with --force --reason '...'."
    )
    # the same classifier; other targets choose other thresholds, which are part of the version
    measured_again = write(tmp_path, "logistic", spec)
    assert measured_again != two[1]
    assert promote(spec, tmp_path, measured_again) == []


def test_a_model_without_cross_validation_does_not_meet_targets() -> None:
    assert promotion.missed_targets(EASY, {"cross_validation": None}) == [
        "it was trained without labels, so its precision and recall are not known."
    ]


def test_broken_parity_stops_the_promotion(
    tmp_path: Path, two: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, second = two

    def with_other_probability(*args: Any) -> Artefact:
        found = load_artefact(*args)
        expected = found.parity.expected_probability.copy()
        expected[7] += 2e-9
        expected[8] += 0.25
        return dataclasses.replace(found, parity=dataclasses.replace(found.parity, expected_probability=expected))

    true = load_artefact(EASY, tmp_path, second)
    left, right = true.parity.record_ids[8]
    now = float(true.classifier.predict_proba(true.parity.features)[8, 1])
    expected = float(true.parity.expected_probability[8]) + 0.25
    monkeypatch.setattr(promotion, "load_artefact", with_other_probability)
    assert error_of(promote, EASY, tmp_path, second) == (
        f"{second} is not promoted:\n  2 of 200 parity vectors differ by more than 1e-09, most for {left} and {right}:"
        f" {expected!r} at training, {now!r} now.\n"
        "Train a better one, or promote it anyway with --force --reason '...'."
    )


def test_parity_that_is_not_a_number_fails(tmp_path: Path, two: tuple[str, str]) -> None:
    found = load_artefact(EASY, tmp_path, two[0])
    expected = np.full(200, np.nan)
    broken = dataclasses.replace(found, parity=dataclasses.replace(found.parity, expected_probability=expected))
    assert promotion.broken_parity(broken)[0].startswith("200 of 200 parity vectors differ by more than 1e-09")


def test_unknown_version_and_version_in_production(tmp_path: Path, two: tuple[str, str]) -> None:
    first, second = two
    assert error_of(promote, EASY, tmp_path, "additive-00000000") == (
        f"Entity 'customers' has no version 'additive-00000000' in {home(tmp_path)}. Versions: {first}, {second}."
    )
    assert error_of(promote, EASY, tmp_path, first) == f"{first} is already in production for entity 'customers'."


@pytest.mark.parametrize(
    "content",
    [
        "a,b\n1,2\n",
        "version,action,promoted_at,promoted_by,reason,forced\nx,moved,,,,false\n",
        "version,action,promoted_at,promoted_by,reason,forced\nx,rollback,,,,false\n",
        "version,action,promoted_at,promoted_by,reason,forced\nx,promote\n",
    ],
)
def test_history_that_is_none(tmp_path: Path, two: tuple[str, str], content: str) -> None:
    path = home(tmp_path) / "promotions.csv"
    path.write_text(content)
    assert error_of(promote, EASY, tmp_path, two[1]) == (
        f"{path} is not a history of promotions with columns version,action,promoted_at,promoted_by,reason,forced."
        " Restore it from git, or remove it to begin a new one."
    )


@pytest.mark.parametrize("file", ["promotions.csv", "production"])
def test_killed_in_the_middle_leaves_both_files_whole(
    tmp_path: Path, two: tuple[str, str], monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    first, second = two
    real = Path.replace

    def killed(self: Path, target: Path) -> Path:
        if Path(target).name == file:
            raise KeyboardInterrupt
        return real(self, target)

    monkeypatch.setattr(Path, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        promote(EASY, tmp_path, second)
    monkeypatch.undo()
    assert load_production(EASY, tmp_path).version == first
    promote(EASY, tmp_path, second)
    assert load_production(EASY, tmp_path).version == second


def test_versions_side_by_side(tmp_path: Path, two: tuple[str, str]) -> None:
    first, second = two
    (home(tmp_path) / second / "model.skops").write_bytes(b"")
    lines = table_of_versions(EASY, tmp_path).splitlines()
    heading = "version labels matches precision recall F1 features kB s per 1M pairs trained at by"
    assert " ".join(lines[0].split()) == heading
    row = next(line for line in lines if first in line).split()
    quality = train_example().overall
    assert row[:8] == [
        "*",
        first,
        "200",
        "70",
        *(f"{q:.3f}" for q in (quality.precision, quality.recall, quality.f1)),
        "4",
    ]
    assert float(row[9]) > 0
    assert second in lines[1] + lines[2]
    assert lines[3:] == [
        "",
        "* in production",
        "Precision, recall and F1 are those of held-out pairs, by cross-validation; the targets are 0.5 and 0.5.",
        f"{first} merges from match threshold 0.9 on.",
        f"{second} cannot be used: {home(tmp_path) / second / 'model.skops'} is corrupted: its sha256 is not the one in"
        " card.json. Run `dbt-dedup train customers --promote`, or restore the artefact from git.",
    ]


def test_a_version_whose_folder_may_not_be_read_hides_no_other(
    tmp_path: Path, two: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = two

    def refuse(spec: Spec, folder: Path) -> dict[str, Any]:
        if folder.name == second:
            raise PermissionError(13, "Permission denied")
        return read_card(spec, folder)

    monkeypatch.setattr(versions_module, "read_card", refuse)
    lines = table_of_versions(EASY, tmp_path).splitlines()
    assert any(first in line for line in lines[1:3])
    assert lines[-1] == f"{second} cannot be used: [Errno 13] Permission denied"


def test_no_versions(tmp_path: Path) -> None:
    assert table_of_versions(EASY, tmp_path) == (
        f"Entity 'customers' has no model in {home(tmp_path)}. Run `dbt-dedup train customers`."
    )


def test_of_two_promotions_at_once_the_second_is_refused(
    tmp_path: Path, two: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one promotes after the checks of this one."""
    _, second = two
    check = promotion.check_promotion

    def check_and_lose(*args: Any, **options: Any) -> list[str]:
        problems = check(*args, **options)
        promotion.put_into_production(EASY, tmp_path, second, reason="faster")
        return problems

    monkeypatch.setattr(promotion, "check_promotion", check_and_lose)
    assert error_of(promote, EASY, tmp_path, second) == f"{second} is already in production for entity 'customers'."
    assert [line[:3] for line in history(tmp_path)][1:] == [(second, "promote", "faster")]
