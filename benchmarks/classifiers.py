"""How the classifiers and their parameters do on few labels: `python benchmarks/classifiers.py`.

Synthetic pairs with 15 features: similarities between 0 and 1 and agreements of 0 or 1, 0, 10 and 40 % of them null,
a third of them saying next to nothing, all blurred together for pairs of bad quality. Three matches in ten. Each row is
the mean over four samples of labels of log loss and best F1 on 20,000 other pairs.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import log_loss

from dbt_dedup.classifiers import AdditiveClassifier, LogisticClassifier, PairClassifier

Sample = tuple[NDArray[np.float64], NDArray[np.int64]]

FEATURES, UNSEEN, SAMPLES = 15, 20_000, 4
LABELS = (100, 300, 1000)
DIRECTIONS = (1,) * FEATURES


def synthetic_pairs(seed: int, pairs: int) -> Sample:
    random = np.random.default_rng(seed)
    is_match = (random.random(pairs) < 0.3).astype(np.int64)
    quality = random.random(pairs)
    features = np.empty((pairs, FEATURES))
    for j in range(FEATURES):
        says = random.random() if j < 9 else 0.05
        value = np.where(is_match, random.beta(2 + 6 * says, 1, pairs), random.beta(2, 2 + 3 * says, pairs))
        blurred = random.random(pairs) < 0.1 + 0.2 * quality
        value = np.where(blurred, random.random(pairs), value)
        if j % 3 == 0:
            value = (value > 0.6).astype(float)
        features[:, j] = np.where(random.random(pairs) < (0.0, 0.1, 0.4)[j % 3], np.nan, value)
    return features, is_match


def judge(make: Callable[[], PairClassifier], labels: int) -> tuple[float, float]:
    losses, scores = [], []
    for seed in range(SAMPLES):
        features, is_match = synthetic_pairs(seed, labels + UNSEEN)
        model = make().fit(features[:labels], is_match[:labels])
        truth, probability = is_match[labels:], model.predict_proba(features[labels:])[:, 1]
        losses.append(log_loss(truth, probability))
        said = [probability >= threshold for threshold in (0.3, 0.4, 0.5, 0.6, 0.7)]
        scores.append(max(2 * float((s & (truth == 1)).sum()) / float(s.sum() + truth.sum()) for s in said))
    return float(np.mean(losses)), float(np.mean(scores))


def main() -> None:
    makers: dict[str, Callable[[], PairClassifier]] = {
        "logistic": lambda: LogisticClassifier(DIRECTIONS),
        "additive (defaults)": lambda: AdditiveClassifier(DIRECTIONS),
        "additive, 100 trees": lambda: AdditiveClassifier(DIRECTIONS, n_trees=100),
        "additive, 200 trees": lambda: AdditiveClassifier(DIRECTIONS, n_trees=200),
        "additive, 800 trees": lambda: AdditiveClassifier(DIRECTIONS, n_trees=800),
        "additive, 2 steps a tree": lambda: AdditiveClassifier(DIRECTIONS, max_leaf_nodes=2),
        "additive, 8 steps a tree": lambda: AdditiveClassifier(DIRECTIONS, max_leaf_nodes=8),
        "additive, 20 pairs a step": lambda: AdditiveClassifier(DIRECTIONS, min_samples_leaf=20),
        "additive, penalty 0.1": lambda: AdditiveClassifier(DIRECTIONS, l2_regularization=0.1),
        "additive, penalty 1": lambda: AdditiveClassifier(DIRECTIONS, l2_regularization=1.0),
        "additive, penalty 5": lambda: AdditiveClassifier(DIRECTIONS, l2_regularization=5.0),
        "additive, directions unknown": lambda: AdditiveClassifier(),
    }
    print("log loss / best F1 with          " + "".join(f"{n:>8} labels  " for n in LABELS))
    for name, make in makers.items():
        results = [judge(make, labels) for labels in LABELS]
        print(f"{name:<30}" + "".join(f"   {loss:.4f} / {f1:.3f}" for loss, f1 in results))


if __name__ == "__main__":
    main()
