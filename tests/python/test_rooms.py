"""Which room of the Python package may import which, read from the source of every module."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import dbt_dedup

PACKAGE = Path(dbt_dedup.__file__).parent
GROUND = {
    "__init__",
    "constants",
    "errors",
    "files",
    "graph",
    "linkage",
    "names",
    "pair_features",
    "progress",
    "reference",
    "seed_files",
    "side_by_side",
    "spec",
    "spec_reference",
    "terminal",
    "warehouse",
    "words",
}
ROOMS = {
    "classifiers": set(),
    "resolve": set(),
    "synthesize": set(),
    "guess": set(),
    "demo": set(),
    "doctor": {"classifiers", "registry"},
    "training": {"classifiers", "resolve"},
    "registry": {"classifiers", "training"},
    "score": {"classifiers", "registry"},
    "labelling": {"classifiers", "registry", "resolve", "training"},
    "report": {"classifiers", "registry", "resolve", "training"},
    "lookup": {"classifiers", "registry"},
    "plan": {"registry"},
    "publish": set(),
    "explain": {"classifiers", "labelling", "registry", "report", "resolve"},
    "overrides": {"explain", "registry"},
    "blocking": {"report"},
    "scaffold": {"guess", "labelling", "overrides", "registry", "training"},
    "cli": {
        "blocking",
        "demo",
        "doctor",
        "explain",
        "labelling",
        "lookup",
        "overrides",
        "plan",
        "publish",
        "registry",
        "report",
        "scaffold",
        "score",
        "synthesize",
        "training",
    },
}
MODULES = sorted(PACKAGE.rglob("*.py"))


def room(module: Path) -> str:
    return module.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_rooms(module: Path) -> Iterator[str]:
    """The rooms that a module imports at run time, inside functions too."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    for_types = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and id(node) not in for_types:
            package, *rest = node.module.split(".")
            if package == "dbt_dedup":
                names = rest[:1] or [alias.name for alias in node.names]
                yield from ("__init__" if name == "__version__" else name for name in names)
        elif isinstance(node, ast.Import):
            yield from (alias.name.split(".")[1] for alias in node.names if alias.name.startswith("dbt_dedup."))


def test_every_module_is_in_a_room() -> None:
    assert {room(module) for module in MODULES} == GROUND | set(ROOMS)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: str(module.relative_to(PACKAGE)))
def test_a_room_imports_only_the_rooms_below_it(module: Path) -> None:
    allowed = GROUND | {room(module)} | ROOMS.get(room(module), set())
    assert set(imported_rooms(module)) <= allowed


# what prints by itself: text with colours or to copy, whose values are made harmless one by one
PRINTING = {
    ("cli/entities.py", "_overrule"),
    ("cli/entities.py", "find"),
    ("cli/project.py", "schema"),
    ("cli/entities.py", "why"),
    ("labelling/session.py", "_show"),
    ("terminal.py", "say"),
}


def test_text_goes_to_the_terminal_in_one_place() -> None:
    found = set()
    for module in MODULES:
        for function in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef):
                names = {getattr(node, "attr", getattr(node, "id", "")) for node in ast.walk(function)}
                if names & {"echo", "secho", "print", "pprint"}:
                    found.add((module.relative_to(PACKAGE).as_posix(), function.name))
    assert found == PRINTING


def test_public_names_exist_and_are_imported_on_demand() -> None:
    for name in dbt_dedup.__all__:
        assert getattr(dbt_dedup, name) is not None
    heavy = "{'numpy', 'pyarrow', 'sklearn', 'scipy', 'duckdb', 'dbt', 'click'}"
    code = f"import sys, dbt_dedup, dbt_dedup.names; print({heavy} & set(sys.modules))"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed.strip() == "set()"
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = dbt_dedup.nothing
