"""The reference pages, made from the code: commands, models with their columns, and macros."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import yaml

from dbt_dedup.cli import main

ROOMS = ("spec", "prepare", "block", "compare", "learn", "score", "check", "resolve", "serve")
DOC_BLOCK = re.compile(r"{% docs (\w+) %}(.*?){% enddocs %}", re.DOTALL)
DOC = re.compile(r"{{ doc\('(\w+)'\) }}")


def reference_pages(repo: Path) -> dict[str, str]:
    """Text of each page by file name."""
    return {
        "commands.md": "\n".join(_commands()),
        "models.md": "\n".join(_models(repo)),
        "macros.md": "\n".join(_macros(repo)),
    }


def _commands() -> Iterator[str]:
    yield "# Commands\n"
    yield "`dbt-dedup COMMAND --help` prints the same.\n"
    group = click.Context(main, info_name="dbt-dedup")
    for name in main.list_commands(group):
        command = main.get_command(group, name)
        assert command is not None, name
        context = click.Context(command, parent=group, info_name=name)
        usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
        yield f"## {name}\n\n```text\n{usage}\n```\n"
        yield _paragraphs(command.help or "") + "\n"
        yield "| option | meaning |\n| --- | --- |"
        for parameter in command.get_params(context):
            record = parameter.get_help_record(context)
            if record and record[1]:
                yield f"| `{record[0].replace('|', ', ')}` | {_cell(record[1])} |"
        yield ""


def _models(repo: Path) -> Iterator[str]:
    blocks = {
        name: " ".join(text.split()) for name, text in DOC_BLOCK.findall((repo / "macros/_columns.md").read_text())
    }

    def described(item: dict[str, Any]) -> str:
        return _cell(DOC.sub(lambda found: blocks[found[1]], item.get("description") or ""))

    yield "# Models and columns\n"
    yield (
        "The models of the reference entity `customers`, room by room. `dbt-dedup init` writes the same for an entity"
        " of yours, with its name and fields. Public models may be read by anything; the others may change without"
        " notice. `dbt docs generate` describes those of your project.\n"
    )
    for room in ROOMS:
        yield f"## {room}\n"
        for file in sorted((repo / "models/customers" / room).glob("*.yml")):
            for model in yaml.safe_load(file.read_text(encoding="utf-8")).get("models", ()):
                public = (model.get("config") or {}).get("access", model.get("access")) == "public"
                yield f"### {model['name']}\n"
                yield f"{'Public. ' if public else ''}{described(model)}\n"
                yield "| column | type | meaning |\n| --- | --- | --- |"
                for column in model.get("columns", ()):
                    yield f"| `{column['name']}` | {column.get('data_type', '')} | {described(column)} |"
                yield ""


def _macros(repo: Path) -> Iterator[str]:
    yield "# Macros\n"
    yield "The public macros. Call them as `dbt_dedup.<name>`. Those that begin with an underscore are private.\n"
    documented = yaml.safe_load((repo / "macros/_macros.yml").read_text(encoding="utf-8"))["macros"]
    for macro in sorted(documented, key=lambda macro: str(macro["name"])):
        arguments = macro.get("arguments", ())
        yield f"## {macro['name']}\n\n```text\n{macro['name']}({', '.join(a['name'] for a in arguments)})\n```\n"
        yield _paragraphs(macro["description"]) + "\n"
        if arguments:
            yield "| argument | meaning |\n| --- | --- |"
            for argument in arguments:
                yield f"| `{argument['name']}` | {_cell(argument.get('description') or '')} |"
            yield ""


def _paragraphs(text: str) -> str:
    """Text with its paragraphs, and nothing in it taken for HTML or a placeholder of Markdown."""
    text = text.replace("\b", "")
    return "\n\n".join(_plain(" ".join(part.split())) for part in re.split(r"\n\s*\n", text.strip()))


def _cell(text: str) -> str:
    """Text on one line of a table."""
    return _plain(" ".join(text.split())).replace("|", "\\|")


def _plain(text: str) -> str:
    """Text whose angle brackets and underscores stand for themselves, but for what is in backticks."""
    parts = re.split(r"(`[^`]+`)", text)
    parts[::2] = [part.replace("<", "&lt;").replace("*", "\\*").replace("_", "\\_") for part in parts[::2]]
    return "".join(parts)
