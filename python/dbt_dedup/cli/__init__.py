"""The command `dbt-dedup`. A command imports what it needs when it runs."""

from __future__ import annotations

import errno
from typing import Any

import click

from dbt_dedup import __version__
from dbt_dedup.cli import entities, labels, models, project
from dbt_dedup.errors import DedupError
from dbt_dedup.side_by_side import harmless


class DedupGroup(click.Group):
    """A command group that turns a DedupError into one message and exit code 1."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of the commands, those imported on demand too."""
        return sorted([*super().list_commands(ctx), "synthesize"])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name; `synthesize` is imported only here."""
        if cmd_name == "synthesize":
            from dbt_dedup.synthesize import synthesize_command

            command: click.Command = synthesize_command
            return command
        return super().get_command(ctx, cmd_name)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; turn a DedupError into its message."""
        try:
            return super().invoke(ctx)
        except DedupError as error:
            raise click.ClickException(harmless(str(error))) from error
        except OSError as error:  # of a file that nobody explained
            if error.errno == errno.EPIPE:
                raise  # the reader of the output is gone, which click knows
            raise click.ClickException(f"{error.filename or 'the system'}: {error.strerror or error}.") from error


@click.group(cls=DedupGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="dbt-dedup")
def main() -> None:
    """Find and merge duplicate and incorrect records inside the warehouse."""


for command in (
    project.init,
    project.suggest_blocking_command,
    project.schema,
    project.doctor,
    project.demo,
    labels.label,
    models.train,
    models.models,
    models.report,
    models.promote,
    models.rollback,
    models.compile_command,
    entities.find,
    entities.why,
    entities.merge,
    entities.unmerge,
    entities.pin,
    entities.undo,
    entities.plan_command,
    entities.publish_command,
):
    main.add_command(command)
