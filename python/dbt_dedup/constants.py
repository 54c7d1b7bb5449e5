"""Constants of the method, each with its reason. What an owner of an entity may want to change is in the entity spec.

Constants of one algorithm, such as the starting values of an estimation, are next to that algorithm.
"""

from __future__ import annotations

# Labels. Fewer cannot hold out a fifth for a test and still show both labels on either side.
MIN_LABELS = 20
MIN_LABELS_EACH = 5
# With fewer labels, what is learned from the unlabelled pairs competes with what is learned from the labels: a fold of
# fewer than twenty pairs says little about either.
FEW_LABELS = 100
# With fewer of either label a calibration, and a share of the random sample, is mostly chance: the 95 % interval of a
# share of ten pairs is wider than 0.3.
MIN_CALIBRATION_EACH = 10
# One candidate pair in five is set apart for random sampling, so that random labels stay a sample of all candidates
# while four fifths of them are left to learn from.
SET_APART = 5
# Pairs to choose from in a session: where one candidate in a thousand is a match, about fifty are among them.
POOL_PAIRS = 50_000

# Learning without labels from fewer pairs would estimate from chance.
MIN_CANDIDATE_PAIRS = 20

# Parity: enough vectors to cover every step of a model, few enough to read in a review.
PARITY_VECTORS = 200
PARITY_TOLERANCE = 1e-9  # sums of doubles in another order differ by less, another model by more

# Streaming. A batch fills the cache of a core and bounds the memory: 50,000 pairs of 15 features are 6 MB.
BATCH_ROWS = 50_000
# Pairs that Python scores next to SQL: enough to meet a rare difference, quick in every build.
COMPARED_PAIRS = 10_000

# Resolving. No pair counts for more than odds of 99 to 1, either way: a model is seldom right about more, and one pair
# should not outvote all others of a cluster. It is also what a pair counts against a merge that the model puts below
# any threshold.
MOST_CERTAIN = 0.99
# Pairs that blocking did not propose are compared inside groups of at most so many distinct records: at most 50 pairs a
# record, whatever the table, and few entities have so many distinct records.
CLOSURE_RECORDS = 100
