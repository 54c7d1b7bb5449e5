"""The documentation: its commands exist, the site has all its pages, and what is made from the code is current.

`make docs` checks the links.
"""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import yaml
from dbt.cli.main import cli as dbt
from project import REPO
from shown_commands import shown_blocks

from dbt_dedup.cli import main

sys.path.append(str(REPO / "docs/site"))
from llms import llms_text
from reference import reference_pages

PAGES = sorted(
    page.relative_to(REPO).as_posix()
    for page in [
        *REPO.glob("*.md"),
        *REPO.glob("docs/**/*.md"),
        *REPO.glob("examples/*/*.md"),
        REPO / "integration_tests/README.md",
    ]
)
# entities of the pages, whose models are named like those of customers
ENTITIES = "contacts|people|firms|products"
# words of a selection that name no model: methods, and what a method looks for; a model of a page's own project
NOT_OURS = {"state", "modified", "file", "py", "all_customers"}


def commands(text: str) -> Iterator[list[str]]:
    """The words of each `dbt` and `dbt-dedup` command of a page, without comments."""
    for block in shown_blocks(text):
        text = re.sub(r"\s+# .*", "", block.commands.replace("\\\n", " "))
        lexer = shlex.shlex(text, posix=True, punctuation_chars="\n|;&>")
        lexer.whitespace, lexer.whitespace_split, lexer.commenters = " \t", True, ""
        words: list[str] = []
        for word in [*lexer, "\n"]:
            if set(word) <= set("\n|;&>"):
                if words and Path(words[0]).name in ("dbt", "dbt-dedup"):
                    yield words
                words = []
            else:
                words.append(word)


def parse(words: list[str]) -> click.Context:
    """Read a command as its program would, without running it."""
    group = main if Path(words[0]).name == "dbt-dedup" else dbt
    assert isinstance(group, click.Group)
    context = click.Context(group, info_name=words[0])
    group.parse_args(context, words[1:])
    name, command, rest = group.resolve_command(context, [*context._protected_args, *context.args])
    assert name
    assert command
    return command.make_context(name, rest, parent=context)


def models(project: Path) -> set[str]:
    """Names of models, seeds, folders and groups of the reference project and of the project that a page is in."""
    files = [file for root in (REPO, project) for part in ("models", "seeds") for file in (root / part).rglob("*")]
    return {file.stem for file in files} | {"customers", "companies"}


@pytest.mark.parametrize("page", PAGES)
def test_commands_exist(page: str) -> None:
    known = models((REPO / page).parent)
    for words in commands((REPO / page).read_text(encoding="utf-8")):
        if words[1:] in (["--help"], ["COMMAND", "--help"]):
            continue
        try:
            parsed = parse(words)
        except click.exceptions.Exit:  # --help
            continue
        except click.ClickException as error:
            pytest.fail(f"{page}: {shlex.join(words)}: {error.format_message()}")
        selected = " ".join(str(parsed.params.get(option) or "") for option in ("select", "exclude"))
        for name in re.findall(r"[a-z_]\w*", selected):
            as_reference = re.sub(ENTITIES, "customers", name).removeprefix("dedup_")
            assert as_reference in known | NOT_OURS, f"{page}: {shlex.join(words)}: no {name}"
        for name in re.findall(r"ref\('(\w+)'\)", str(parsed.params.get("inline"))):
            as_reference = re.sub(ENTITIES, "customers", name)
            assert as_reference in known, f"{page}: {shlex.join(words)}: no {name}"


def test_a_wrong_command_is_found() -> None:
    assert [*commands("```sh\nmkdir a && dbt build  # all\ndbt-dedup why \\\n  a b\n```\n")] == [
        ["dbt", "build"],
        ["dbt-dedup", "why", "a", "b"],
    ]
    for wrong in ("dbt-dedup guess", "dbt-dedup why customers", "dbt-dedup label customers --often", "dbt biuld"):
        with pytest.raises(click.ClickException):
            parse(shlex.split(wrong))


def test_each_page_is_in_the_navigation_once() -> None:
    nav = yaml.safe_load((REPO / "mkdocs.yml").read_text(encoding="utf-8"))["nav"]
    listed = re.findall(r"[\w./-]+\.md|decisions/", yaml.safe_dump(nav))
    pages = [page.removeprefix("docs/") for page in PAGES if page.startswith("docs/")]
    assert sorted(p for p in pages if not p.startswith("decisions/")) == sorted(p for p in listed if p in pages)
    assert "decisions/" in listed
    generated = {f"reference/{name}" for name in reference_pages(REPO)} | {
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "decisions/",
    }
    assert set(listed) - set(pages) == generated


def test_decisions_are_listed() -> None:
    listed = re.findall(r"\]\((\d{4}-[\w-]+\.md)\)", (REPO / "docs/decisions/README.md").read_text(encoding="utf-8"))
    assert listed == sorted(file.name for file in (REPO / "docs/decisions").glob("0*.md"))


def test_llms_txt_is_current() -> None:
    written = (REPO / "docs/llms.txt").read_text(encoding="utf-8")
    assert written == llms_text(), "run python docs/site/llms.py"
    for target in re.findall(r"\]\(([^)]+)\)", written):
        assert (REPO / "docs" / target).is_file(), target
    assert len(re.findall(r"\]\(", written)) > 25


def test_the_reference_pages_have_everything() -> None:
    pages = reference_pages(REPO)
    context = click.Context(main)
    for name in main.list_commands(context):
        command = main.get_command(context, name)
        assert command
        assert f"\n## {name}\n" in pages["commands.md"]
        for option in [option for parameter in command.params for option in parameter.opts if option.startswith("--")]:
            assert f"`{option}" in pages["commands.md"] or f", {option}" in pages["commands.md"], f"{name} {option}"
    described = [name for file in (REPO / "models/customers").rglob("*.yml") for name in model_names(file)]
    assert len(described) > 30
    for name in described:
        assert f"\n### {name}\n" in pages["models.md"]
    assert "{{ doc(" not in pages["models.md"]
    macros = yaml.safe_load((REPO / "macros/_macros.yml").read_text(encoding="utf-8"))["macros"]
    for macro in macros:
        assert f"\n## {macro['name']}\n" in pages["macros.md"]


def model_names(file: Path) -> list[str]:
    document = yaml.safe_load(file.read_text(encoding="utf-8"))
    return [model["name"] for model in document.get("models", ())]
