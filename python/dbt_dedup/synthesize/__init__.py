"""Demo customers of three systems, with duplicates, errors and the truth about them, from a seed.

The same options give the same bytes, whatever the number of processes: records are made in blocks of a fixed size, and
every block draws from random streams of its own (`randomness`). In a block, `population` makes households of people,
`records` writes down what each system knows of them, `errors` corrupts some of it, and `labels` picks pairs a steward
might have judged. `run` puts the blocks together and `writer` writes them.
"""

from dbt_dedup.synthesize.command import synthesize_command

__all__ = ["synthesize_command"]
