"""The one place from which text with values of files and records goes to the terminal."""

from __future__ import annotations

import click

from dbt_dedup.side_by_side import harmless


def say(text: object = "", *, err: bool = False, nl: bool = True) -> None:
    """Print text that may hold what files and records say: it cannot command the terminal.

    Args:
        text: what to print, of any number of lines.
        err: print on standard error.
        nl: end the line.
    """
    click.echo(harmless(str(text)), err=err, nl=nl)
