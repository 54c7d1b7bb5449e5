"""Run the command as `python -m dbt_dedup.cli`."""

from dbt_dedup.cli import main

main()
