"""Score pairs with the model in production, and prove that it scores as it did in training."""

from dbt_dedup.score.pair_scores import known_scores, score_pairs
from dbt_dedup.score.parity import held_out_pairs, parity_vectors

# the name that models scaffolded by earlier versions import
judged_pairs = held_out_pairs

__all__ = ["held_out_pairs", "judged_pairs", "known_scores", "parity_vectors", "score_pairs"]
