"""Demo data of three systems, with duplicates, errors and the truth about them, from a seed.

The same options give the same bytes, whatever the number of processes: records are made in blocks of a fixed size, and
every block draws from random streams of its own (`randomness`). Each kind of data (`kinds`) is a folder: `customers`
makes households of people, `companies` makes firms and their relatives. Both write down what each system knows of them
and corrupt some of it. `labels` picks pairs that a steward might have judged. `run` puts the blocks together and
`writer` writes them.
"""

from dbt_dedup.synthesize.command import synthesize_command

__all__ = ["synthesize_command"]
