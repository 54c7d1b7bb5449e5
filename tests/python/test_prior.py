"""What labels do to a classifier that was learned without any."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import log_loss

from dbt_dedup.classifiers import LogisticClassifier
from dbt_dedup.registry.classifier_file import dump_classifier, load_classifier
from dbt_dedup.training.prior import fit_near

DIRECTIONS = (1, 1, 1, 1)


def pairs(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Features that are null here and there, of pairs half of which are matches; the last is null but in one pair of 50."""
    draw = np.random.default_rng(seed)
    is_match = np.repeat([0, 1], count // 2)
    features = draw.normal(is_match[:, None] * [1.5, 1.0, 0.5, 4.0], 1.0, (count, 4))
    features[draw.random((count, 4)) < [0.1, 0.1, 0.1, 0.98]] = np.nan
    return features, is_match


@pytest.fixture(scope="module")
def prior() -> LogisticClassifier:
    return LogisticClassifier(DIRECTIONS).fit(*pairs(6000, 0))


def test_few_labels_near_a_good_prior_say_more_than_alone(prior: LogisticClassifier) -> None:
    features, is_match = pairs(4000, 1)
    losses = []
    for seed in range(5):
        labelled = pairs(40, 10 + seed)
        near, alone = fit_near(prior, DIRECTIONS, *labelled), LogisticClassifier(DIRECTIONS).fit(*labelled)
        losses.append([log_loss(is_match, model.predict_proba(features)[:, 1]) for model in (near, alone)])
    least = log_loss(is_match, prior.predict_proba(features)[:, 1])
    near, alone = np.mean(losses, axis=0)
    assert near - least < 0.7 * (alone - least)


def test_a_feature_that_no_label_tells_anything_about_keeps_its_line(prior: LogisticClassifier) -> None:
    features, is_match = pairs(60, 3)
    features[:, 3] = np.nan
    near = fit_near(prior, DIRECTIONS, features, is_match)
    assert LogisticClassifier(DIRECTIONS).fit(features, is_match).slopes_[3] == 0
    assert near.slopes_[3] > 0.2 * prior.slopes_[3]
    assert near.ignored_features_.tolist() == []
    assert near.explain([[np.nan] * 4]).tolist() == [[0, 0, 0, 0]]


def test_many_labels_lead_away_from_a_wrong_prior(prior: LogisticClassifier) -> None:
    wrong = load_classifier(dump_classifier(prior))
    wrong.slopes_, wrong.offsets_ = wrong.slopes_[::-1].copy(), wrong.offsets_[::-1].copy()
    labelled, (features, is_match) = pairs(6000, 4), pairs(4000, 1)
    near = fit_near(wrong, DIRECTIONS, *labelled)
    loss = log_loss(is_match, near.predict_proba(features)[:, 1])
    assert loss == pytest.approx(log_loss(is_match, prior.predict_proba(features)[:, 1]), abs=0.005)


def test_what_is_learned_is_a_plain_classifier_of_the_same_labels_and_weights(prior: LogisticClassifier) -> None:
    features, is_match = pairs(60, 5)
    near = fit_near(prior, DIRECTIONS, features, is_match)
    data = dump_classifier(near)
    assert type(near) is LogisticClassifier
    assert dump_classifier(load_classifier(data)) == data
    assert dump_classifier(fit_near(prior, DIRECTIONS, features, is_match)) == data
    # a pair counts as often as its weight says
    weighted = fit_near(prior, DIRECTIONS, features, is_match, np.r_[np.full(10, 3.0), np.ones(50)])
    repeated = fit_near(prior, DIRECTIONS, features[np.r_[:60, :10, :10]], is_match[np.r_[:60, :10, :10]])
    assert np.sign(weighted.slopes_ - near.slopes_).tolist() == np.sign(repeated.slopes_ - near.slopes_).tolist()
