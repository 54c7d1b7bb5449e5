"""docs/llms.txt: what the documentation has, for programs that read it. `python docs/site/llms.py` writes it again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

REPO = Path(__file__).resolve().parents[2]
DOCS = REPO / "docs"
CODE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[([^\]]+)\]\([^)]+\)")
ABOUT = """\
# dbt_dedup

> dbt_dedup is a dbt package with a Python command that finds duplicate and incorrect records in a table, merges the
> duplicates inside the warehouse (DuckDB), explains every merge, and tests the result.

Facts that are easily missed:

- `dbt-dedup init ENTITY --input TABLE_OR_FILE` writes the spec, the models, their tests and seeds into a dbt project;
  then `dbt build`.
- The spec of all entities is the variable `dedup_entities` directly under `vars:` in `dbt_project.yml`.
- Tables of an entity `customers`: `customers` (golden records), `customers_crosswalk` (record_id to entity_id),
  `customers_matches` (pairs with probability, decision and reasons), `customers_review_queue`, `customers_metrics`.
- People overrule the model by `dbt-dedup unmerge`, `merge`, `pin` and `undo`, or by labels; these are seeds under git.
- dbt-core 1.10 or later of 1.x and dbt-duckdb are needed to score and to cluster.
"""


def llms_text() -> str:
    """The text of docs/llms.txt: each page of the navigation with its title and its headings."""
    nav = yaml.safe_load((REPO / "mkdocs.yml").read_text(encoding="utf-8"))["nav"]
    sections = [entry for entry in nav if isinstance(next(iter(entry.values())), list)]
    first = [entry for entry in nav if entry not in sections]
    parts = [ABOUT, "## Start\n", *_lines(first)]
    for section in sections:
        ((title, pages),) = section.items()
        parts += [f"\n## {title}\n", *_lines(pages)]
    return "\n".join(parts) + "\n"


def _lines(pages: list[Any]) -> Iterator[str]:
    for entry in pages:
        path = entry if isinstance(entry, str) else next(iter(entry.values()))
        path = f"{path}README.md" if path.endswith("/") else path
        if (DOCS / path).is_file():  # the others are generated, or outside docs/
            title, about = _head((DOCS / path).read_text(encoding="utf-8"))
            yield f"- [{title}]({path})" + (f": {about}" if about else "")


def _head(page: str) -> tuple[str, str]:
    """The title of a page and its headings below that."""
    text = CODE.sub("", page)
    headings = [LINK.sub(r"\1", heading) for heading in re.findall(r"^## (.+)$", text, re.MULTILINE)]
    return text.split("\n", 1)[0].removeprefix("# "), "; ".join(headings)


if __name__ == "__main__":
    (DOCS / "llms.txt").write_text(llms_text(), encoding="utf-8", newline="\n")
