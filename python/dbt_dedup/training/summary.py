"""What training found, in a few lines for the terminal."""

from __future__ import annotations

from dbt_dedup.names import LABEL_FREE
from dbt_dedup.resolve.conflicts import find_conflicts
from dbt_dedup.spec import Spec
from dbt_dedup.training.calibration import FEW_RANDOM, NO_LABELS
from dbt_dedup.training.comparison import LearningCurve
from dbt_dedup.training.labelled_pairs import LabelledPairs
from dbt_dedup.training.with_labels import TrainedModel
from dbt_dedup.training.without_labels import UnlabelledModel


def with_labels(trained: TrainedModel) -> str:
    """Quality, calibration, thresholds and compared kinds of a model trained with labels."""
    overall = trained.overall
    lines = [
        f"Labels used: {len(trained.labelled)} ({trained.labelled.is_match.sum()} match,"
        f" {(1 - trained.labelled.is_match).sum()} no_match)",
        f"Held out at match threshold {overall.threshold:g}, cross-validated in {len(trained.folds)} folds that"
        " share no entity:"
        if trained.folds
        else f"On these labels at match threshold {overall.threshold:g}, before they corrected anything:",
    ]
    if trained.taken == LABEL_FREE:
        lines.insert(1, "Learned from the candidate pairs without labels; the labels correct its odds.")
    for label, name in (("precision", "precision"), ("recall", "recall"), ("F1", "f1")):
        of_folds = [getattr(fold, name) for fold in trained.folds]
        spread = f"   folds {min(of_folds):.3f} to {max(of_folds):.3f}" if of_folds else ""
        lines.append(f"  {label:<9} {getattr(overall, name):.3f}{spread}")
    lines.append(calibration(trained))
    chosen = trained.thresholds
    review = "" if chosen.review_pairs is None else f", {chosen.review_pairs:,} pairs to review"
    lines.append(
        f"Thresholds chosen on the {chosen.chosen_on}: match {chosen.match:g}, review {chosen.review:g}"
        f" (expected precision {chosen.precision:.3f}, recall {chosen.recall:.3f}{review})"
    )
    if not chosen.reached:
        lines.append("  No threshold is expected to reach both targets of the entity; this is the best compromise.")
    lines += comparison(trained)
    if trained.ignored_features:
        lines.append(f"Ignored, because they never vary in the labels: {', '.join(trained.ignored_features)}")
    return "\n".join(lines)


def calibration(trained: TrainedModel) -> str:
    """How a model was calibrated, or what it takes to calibrate it."""
    used, sample = trained.calibration, trained.random_sample
    if used.learnt_from == NO_LABELS:
        line = f"Not calibrated: it takes {FEW_RANDOM} pairs sampled at random (`--by random`)"
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
                + ("   taken: the simplest that no other surpasses" if kind.kind == trained.taken else "")
            )
    if trained.curve:
        lines.append(f"With fewer labels, {trained.kind} gave:")
        lines += [
            f"  {labels:>5} labels   log loss {loss:.4f}   F1 {f1:.3f}" for labels, loss, f1 in trained.curve.points
        ]
        lines.append(forecast(trained.curve))
    return lines


def forecast(curve: LearningCurve) -> str:
    """What more labels may bring."""
    if not curve.gain_is_measurable:
        return f"  {curve.more_labels} more labels: no measurable gain"
    return (
        f"  {curve.more_labels} more labels may bring log loss to about {curve.expected_log_loss:.4f} and F1 to about"
        f" {curve.expected_f1:.3f}"
    )


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
        if not model.cut.pairs:
            lines.append(
                f"  No pair is beyond doubt. Look at the likeliest ones with `dbt-dedup label {spec.name}`: if none is"
                " a match, the table may have no duplicates at all, and can be used as it is."
            )
    lines += [
        f"Pairs at match threshold {thresholds.match:.3g} and above: {model.cut.pairs:,}; review from"
        f" {thresholds.review:.3g}",
        "Precision and recall: unknown without labels. Label some random pairs to measure them:"
        f" `dbt-dedup label {spec.name} --audit`.",
    ]
    if not model.cut.pairs and not model.abstained:
        lines.append("  No pair is certain enough to be merged: label some pairs, or lower thresholds.match.")
    if model.ignored_features:
        lines.append(f"Ignored, because they never vary or have no direction: {', '.join(model.ignored_features)}")
    return "\n".join(lines)


def conflict_warning(labelled: LabelledPairs, entity: str) -> str:
    """A warning that names some of the conflicts among labelled pairs; empty where there are none."""
    conflicts = find_conflicts(
        (*ids, bool(match)) for ids, match in zip(labelled.record_ids, labelled.is_match, strict=True)
    )
    if not conflicts:
        return ""
    examples = "; ".join(str(conflict) for conflict in conflicts[:3])
    return (
        f"Warning: {len(conflicts)} labels contradict others, for example {examples}."
        f" `dbt-dedup label {entity} --conflicts` lists all."
    )
