"""The results of decisions.py: one row for each model and data set, kept as JSON and as a table that people read."""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmark_project import machine

RESULTS_FOLDER = Path(__file__).parent / "results"
RESULTS, TABLE = RESULTS_FOLDER / "decisions.json", RESULTS_FOLDER / "decisions.md"
HALF = ", held-out half"
ASKED = ", asked by label"


@dataclass(frozen=True)
class Result:
    """What one model decided on one data set. Rates are in [0, 1], times in seconds.

    `ranking_f1` is the best F1 of pairs, in hindsight, over the candidate pairs alone. `precision`, `recall` and `f1`
    are of the pairs inside the clusters, over all pairs whose truth is known; of two linked sources only pairs across
    count. `components_f1` is that of the components at the same threshold. `expected_*` are what training expected.
    `f1_spread` is the largest less the smallest F1 of the clusters at the thresholds from 0.5 to 0.95. `refused` is why
    training refused these labels, and then nothing else is known of the model. `train_seconds` without labels includes
    what dbt builds for it.
    """

    dataset: str
    labels: int
    seed: int | None
    records: int
    true_pairs: int
    candidate_pairs: int
    candidate_recall: float
    labelled: int
    labelled_matches: int
    refused: str | None = None
    kind: str | None = None
    ranking_f1: float | None = None
    match_threshold: float | None = None
    review_threshold: float | None = None
    review_pairs: int | None = None
    precision: float | None = None
    recall: float | None = None
    f1: float | None = None
    components_f1: float | None = None
    f1_spread: float | None = None
    expected_precision: float | None = None
    expected_recall: float | None = None
    unpublished_merges: int | None = None
    train_seconds: float | None = None
    resolve_seconds: float | None = None


def read_results() -> list[Result]:
    """The results that were measured so far."""
    if not RESULTS.exists():
        return []
    return [
        Result(**{key: value for key, value in row.items() if key != "kept_share"})
        for row in json.loads(RESULTS.read_text())["results"]
    ]


def write_results(results: Sequence[Result], data_sets: Sequence[str], published: Sequence[str]) -> None:
    """Add results to those of before, which they replace, with the machine and versions that measured them.

    Args:
        results: the new rows.
        data_sets: all data sets, in the order of the table.
        published: those that are measured on published pairs.
    """
    rows = {(row.dataset, row.labels, row.seed): row for row in [*read_results(), *results]}
    in_order = sorted(rows.values(), key=lambda row: _order(row, data_sets))
    best = supervised_f1(in_order)
    written = [
        {
            **{key: round(value, 4) if isinstance(value, float) else value for key, value in asdict(row).items()},
            "kept_share": _rounded(kept_share(row, best)),
        }
        for row in in_order
    ]
    document = {"command": "python benchmarks/decisions.py", **machine(), "results": written}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(document, indent=2) + "\n")
    write_table(in_order, published)


def _order(row: Result, data_sets: Sequence[str]) -> tuple[int, str, int, int]:
    seed = -1 if row.seed is None else row.seed
    return data_sets.index(row.dataset.removesuffix(HALF).removesuffix(ASKED)), row.dataset, row.labels, seed


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def supervised_f1(rows: Sequence[Result]) -> dict[str, float]:
    """The best F1 of the ranking with the most labels, as the mean over the seeds, by what was measured."""
    best = {}
    for measured, group in _grouped(rows, _measured):
        by_labels = {row.labels: [other.ranking_f1 for other in group if other.labels == row.labels] for row in group}
        known = {labels: [f for f in found if f] for labels, found in by_labels.items() if labels and any(found)}
        if known:
            best[measured] = statistics.mean(known[max(known)])
    return best


def _measured(row: Result) -> str:
    """The pairs that a row was measured on: those of a half are others with each seed."""
    return f"{row.dataset} {row.seed}" if row.dataset.endswith(HALF) else row.dataset


def kept_share(row: Result, best: dict[str, float]) -> float | None:
    """F1 of the clusters by the best F1 of the supervised ranking; None where one of them is not known."""
    return row.f1 / best[_measured(row)] if row.f1 is not None and _measured(row) in best else None


def write_table(rows: Sequence[Result], published: Sequence[str]) -> None:
    """Write decisions.md."""
    lines = [
        "# How much of the ranking the decisions keep",
        "",
        "`python benchmarks/decisions.py` measured this and wrote it; its head says how, and",
        "[decisions.json](decisions.json) has each seed. Figures are the mean over the seeds and, in brackets, the"
        " worst.",
        "",
        "- Labels train the model and decide nothing else.",
        "- *Refused*: training asks for more labels. Those seeds are not in the mean.",
        "- *Held-out half*: labels of one half of the entities, measured on the pairs of the other half.",
        "- *Asked by label*: labels of the pairs that `dbt-dedup label` asks about, from the model without labels on.",
        f"- Measured on the published test pairs alone, in whole tables: {', '.join(published)}.",
        "- *Kept share*: F1 of the clusters, by the best F1 of pairs that the ranking reaches with the most labels.",
        "",
        *_overview(rows),
        "",
        *_details(rows),
        "",
        *_worst_shares(rows),
    ]
    TABLE.write_text("\n".join(lines) + "\n")


def _overview(rows: Sequence[Result]) -> list[str]:
    counts = sorted({row.labels for row in rows})
    heads = [f"{count:,} labels" if count else "no labels" for count in counts]
    lines = ["## F1 of the clusters", "", f"| data set | candidate recall | {' | '.join(heads)} |"]
    lines.append("| --- " * (2 + len(counts)) + "|")
    for dataset, of_set in _grouped(rows, lambda row: row.dataset):
        recall = _mean_and_worst([row.candidate_recall for row in of_set], "{:.3f}", worst=False)
        cells = [_f1_cell([row for row in of_set if row.labels == count]) for count in counts]
        lines.append(f"| {dataset} | {recall} | {' | '.join(cells)} |")
    return lines


def _f1_cell(rows: Sequence[Result]) -> str:
    refused = sum(row.refused is not None for row in rows)
    cell = _mean_and_worst([row.f1 for row in rows], "{:.3f}")
    if not refused:
        return cell
    return f"{cell}, {refused} of {len(rows)} refused" if refused < len(rows) else "refused"


def _details(rows: Sequence[Result]) -> list[str]:
    best = supervised_f1(rows)
    heads = (
        *("data set", "labels", "ranking, best F1", "match threshold", "precision", "recall", "F1", "components, F1"),
        *("expected precision", "expected recall", "spread 0.5 to 0.95", "kept share", "seconds"),
    )
    lines = ["## In full", "", f"| {' | '.join(heads)} |", "| --- " * len(heads) + "|"]
    for (dataset, labels), group in _grouped(rows, lambda row: (row.dataset, row.labels)):
        cells = [
            dataset,
            _labels_cell(labels, group),
            _mean_and_worst([row.ranking_f1 for row in group], "{:.3f}"),
            ", ".join(_distinct([row.match_threshold for row in group])),
            _mean_and_worst([row.precision for row in group], "{:.3f}"),
            _mean_and_worst([row.recall for row in group], "{:.3f}"),
            _f1_cell(group),
            _mean_and_worst([row.components_f1 for row in group], "{:.3f}"),
            _mean_and_worst([row.expected_precision for row in group], "{:.3f}", worst=False),
            _mean_and_worst([row.expected_recall for row in group], "{:.3f}", worst=False),
            _mean_and_worst([row.f1_spread for row in group], "{:.3f}", worst_of=max),
            _mean_and_worst([kept_share(row, best) for row in group], "{:.3f}"),
            _mean_and_worst([_seconds(row) for row in group], "{:.0f}", worst=False),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    for dataset, of_set in _grouped(rows, lambda row: row.dataset):
        if unpublished := [row.unpublished_merges for row in of_set if row.unpublished_merges is not None]:
            lines += ["", f"{dataset}: {min(unpublished):,} to {max(unpublished):,} merged pairs count neither way,"]
            lines.append("because they were not published.")
    return lines


def _labels_cell(labels: int, rows: Sequence[Result]) -> str:
    """The number of labels, and the mean of those that could be drawn where there are fewer pairs."""
    drawn = statistics.mean([row.labelled for row in rows if not row.refused] or [labels])
    fewer = f" ({drawn:.0f} drawn)" if 0 < drawn < labels else ""
    return f"{labels:,}{fewer}" if labels else "none"


def _worst_shares(rows: Sequence[Result]) -> list[str]:
    """The worst kept share with each number of labels."""
    best = supervised_f1(rows)
    shares = [(share, row) for row in rows if (share := kept_share(row, best)) is not None]
    lines = ["## Worst kept share", "", "| labels | mean of the data sets | worst | data set |", "| --- " * 4 + "|"]
    for labels in sorted({row.labels for _, row in shares}):
        of_count = [(share, row) for share, row in shares if row.labels == labels]
        by_set = [statistics.mean(share for share, _ in group) for _, group in _grouped(of_count, _dataset_of)]
        worst, row = min(of_count, key=lambda pair: pair[0])
        seed = "" if row.seed is None else f", seed {row.seed}"
        title = f"{labels:,}" if labels else "none"
        lines.append(f"| {title} | {statistics.mean(by_set):.3f} | {worst:.3f} | {row.dataset}{seed} |")
    if shares:
        worst, row = min(shares, key=lambda pair: pair[0])
        lines += ["", f"Worst of all: {worst:.3f} ({row.dataset}, {row.labels or 'no'} labels)."]
    return lines


def _dataset_of(pair: tuple[float, Result]) -> str:
    return pair[1].dataset


def _seconds(row: Result) -> float | None:
    return None if row.train_seconds is None or row.resolve_seconds is None else row.train_seconds + row.resolve_seconds


def _grouped(rows: Sequence[Any], key: Callable[[Any], Any]) -> Iterator[tuple[Any, list[Any]]]:
    """The rows by key, in order of first use."""
    groups: dict[Any, list[Any]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    yield from groups.items()


def _mean_and_worst(
    values: Sequence[float | None], form: str, worst: bool = True, worst_of: Callable[[list[float]], float] = min
) -> str:
    known = [value for value in values if value is not None]
    if not known:
        return "–"
    mean = form.format(statistics.mean(known))
    return f"{mean} ({form.format(worst_of(known))})" if worst and len(known) > 1 else mean


def _distinct(values: Sequence[float | None]) -> list[str]:
    return list(dict.fromkeys(f"{value:g}" for value in values if value is not None)) or ["–"]
