"""What all commands share: text with values of files and records goes to the terminal here, and paths come from it."""

from __future__ import annotations

from typing import Any

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


class PathToWrite(click.Path):
    """A file or folder that a command is to write; an empty name, as of a shell variable that is not set, is none."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path; Python reads an empty one as the working directory."""
        if not str(value).strip():
            self.fail("the name is empty. Give a name, or leave the option out.", param, ctx)
        return super().convert(value, param, ctx)
