"""What training found, in a few lines for the terminal."""

from __future__ import annotations

from dbt_dedup.constants import MIN_CALIBRATION_EACH
from dbt_dedup.spec import Spec
from dbt_dedup.training.calibration import NO_LABELS
from dbt_dedup.training.with_labels import TrainedModel
from dbt_dedup.training.without_labels import UnlabelledModel


def with_labels(trained: TrainedModel) -> str:
    """Quality, calibration, suggested thresholds and compared kinds of a model trained with labels."""
    overall, suggested = trained.overall, trained.suggested
    lines = [
        f"Labels used: {len(trained.labelled)} ({trained.labelled.is_match.sum()} match,"
        f" {(1 - trained.labelled.is_match).sum()} no_match)",
        f"Cross-validated at match threshold {overall.threshold:g}, in {len(trained.folds)} folds that share no"
        " entity:",
    ]
    for label, name in (("precision", "precision"), ("recall", "recall"), ("F1", "f1")):
        of_folds = [getattr(fold, name) for fold in trained.folds]
        lines.append(f"  {label:<9} {getattr(overall, name):.3f}   folds {min(of_folds):.3f} to {max(of_folds):.3f}")
    lines.append(calibration(trained))
    lines.append(
        f"Suggested thresholds: match {suggested.match:g}, review {suggested.review:g}"
        f" (precision {suggested.precision:.3f}, recall {suggested.recall:.3f},"
        f" {suggested.review_share:.1%} of the labelled pairs to review)"
    )
    if not suggested.reached:
        lines.append("  No threshold reaches both targets of the entity on these labels.")
    lines += comparison(trained)
    if trained.ignored_features:
        lines.append(f"Ignored, because they never vary in the labels: {', '.join(trained.ignored_features)}")
    return "\n".join(lines)


def calibration(trained: TrainedModel) -> str:
    """How a model was calibrated, or what it takes to calibrate it."""
    used, sample = trained.calibration, trained.random_sample
    if used.learnt_from == NO_LABELS:
        line = (
            f"Not calibrated: it takes {MIN_CALIBRATION_EACH} matches and {MIN_CALIBRATION_EACH} others sampled at"
            " random (`--by random`)"
        )
    else:
        line = (
            f"Calibrated on {used.pairs} held-out pairs of {used.learnt_from}: calibration error"
            f" {trained.reliability.expected_calibration_error:.3f}"
        )
    if sample:
        precision, recall = sample.precision, sample.recall
        line += (
            f"; on the {sample.pairs} random labels precision {precision.value:.3f} ({precision.low:.3f} to"
            f" {precision.high:.3f}), recall {recall.value:.3f} ({recall.low:.3f} to {recall.high:.3f})"
        )
    return line


def comparison(trained: TrainedModel) -> list[str]:
    """The kinds that were compared, and the quality with fewer labels."""
    lines = []
    if len(trained.compared) > 1:
        lines.append("Kinds compared on the same folds, from the simplest on:")
        for kind in trained.compared:
            lines.append(
                f"  {kind.kind:<9} log loss {kind.log_loss:.4f} +/- {kind.standard_error:.4f}   F1 {kind.f1:.3f}"
                + ("   taken: the simplest within one standard error of the best" if kind.kind == trained.kind else "")
            )
    if trained.curve:
        lines.append(f"With fewer labels, {trained.kind} gave:")
        lines += [
            f"  {labels:>5} labels   log loss {loss:.4f}   F1 {f1:.3f}" for labels, loss, f1 in trained.curve.points
        ]
        lines.append(
            f"  {trained.curve.more_labels} more labels should bring log loss to about"
            f" {trained.curve.expected_log_loss:.4f} and F1 to about {trained.curve.expected_f1:.3f}"
        )
    return lines


def without_labels(model: UnlabelledModel, spec: Spec) -> str:
    """What a model was learned from without labels, how it holds together, and what it cannot know."""
    learned, thresholds = model.learned, model.thresholds
    lines = [
        f"Learned without labels from {model.sampled_pairs:,} of {model.candidate_pairs:,} candidate pairs and"
        f" {model.random_pairs:,} random pairs",
    ]
    chosen = next((answer.structure for answer in learned.answers if answer.name == learned.chosen), None)
    if chosen:
        lines.append(
            f"Compared {len(learned.answers)} answers by their structure. The best: {learned.chosen}, {chosen.pairs:,}"
            f" pairs, structure score {chosen.score:.3f}"
        )
    if model.abstained:
        lines.append("Abstained: the model merges only what is beyond doubt.")
        lines += [f"  {reason}" for reason in learned.reasons]
    lines += [
        f"Pairs at match threshold {thresholds.match:.3g} and above: {model.cut.pairs:,}; review from"
        f" {thresholds.review:.3g}",
        "Precision and recall: unknown without labels. Label 30 pairs or more to measure them:"
        f" `dbt-dedup label {spec.name} --by random`.",
    ]
    if not model.cut.pairs:
        lines.append("  No pair is certain enough to be merged: label some pairs, or lower thresholds.match.")
    if model.ignored_features:
        lines.append(f"Ignored, because they never vary or have no direction: {', '.join(model.ignored_features)}")
    return "\n".join(lines)
