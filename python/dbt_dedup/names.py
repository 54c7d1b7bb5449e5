"""Names that several rooms and the command line share. Importing them loads nothing else."""

from __future__ import annotations

LOGISTIC, ADDITIVE, BOOSTED, FELLEGI_SUNTER = "logistic", "additive", "boosted", "fellegi_sunter"
SUPERVISED = (LOGISTIC, ADDITIVE, BOOSTED)  # what `auto` compares, from the simplest kind on
UNSUPERVISED = FELLEGI_SUNTER  # learns from pairs without labels; what it learned may be kept as `logistic`
USABLE, ABSTAINED = "usable", "abstained"  # verdicts on a model that was learned without labels
AUTO = "auto"
LABEL_FREE = "label_free"  # what was learned without labels, corrected by a few

# How a labelled pair was chosen: column `sampled_by` of the labels.
UNCERTAINTY, DIVERSITY, RANDOM = "uncertainty", "diversity", "random"
QUEUED = "review_queue"  # it waited in <entity>_review_queue
MIXED = "mixed"  # a session that uses all three
CHOSEN_BY_DOUBT = (UNCERTAINTY, DIVERSITY, QUEUED)

# What decides a link: column `origin` of int_<entity>__links.
OVERRIDE, LABEL = "override", "label"
MUST_LINK, CANNOT_LINK, PIN, UNDO = "must_link", "cannot_link", "pin", "undo"

MATCH, NO_MATCH, UNSURE = "match", "no_match", "unsure"
ANSWERS = (MATCH, NO_MATCH, UNSURE)
