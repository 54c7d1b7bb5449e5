"""What is public among the macros is described, and what is private says so."""

from __future__ import annotations

import re

import yaml
from project import REPO

MACRO = re.compile(r"\{%-?\s*macro\s+(\w+)\((.*?)\)\s*-?%\}", re.DOTALL)
COMMENT = re.compile(r"^\{#(.*?)#\}", re.DOTALL)
# What belongs to no macro of its own: the spellings of one engine, and the stop for engines without a spelling.
SPELLING = re.compile(r"(duckdb|default)__")


def macros() -> dict[str, tuple[str, list[str]]]:
    """The file and the arguments of every macro of the package, by name."""
    known = {}
    for file in sorted((REPO / "macros").rglob("*.sql")):
        for name, arguments in MACRO.findall(file.read_text(encoding="utf-8")):
            names = re.findall(r"(?:^|,)\s*(\w+)", re.sub(r"[\[{(].*?[\])}]", "", arguments))
            known[name] = (file.stem, names)
    return known


def test_the_file_of_a_macro_has_its_name() -> None:
    assert {name: file for name, (file, _) in macros().items() if not SPELLING.match(name) and name != file} == {}


def test_every_public_macro_is_described_with_its_arguments() -> None:
    public = {name: names for name, (_, names) in macros().items() if name[0] != "_" and not SPELLING.match(name)}
    described = yaml.safe_load((REPO / "macros/_macros.yml").read_text(encoding="utf-8"))["macros"]
    assert {macro["name"]: [each["name"] for each in macro.get("arguments", [])] for macro in described} == public
    texts = [each["description"] for macro in described for each in [macro, *macro.get("arguments", [])]]
    assert all(texts)


def test_the_description_of_a_macro_is_the_comment_above_it() -> None:
    described = yaml.safe_load((REPO / "macros/_macros.yml").read_text(encoding="utf-8"))["macros"]
    files = {file.stem: file for file in (REPO / "macros").rglob("*.sql")}
    for macro in described:
        comment = COMMENT.match(files[macro["name"]].read_text(encoding="utf-8"))
        assert comment, macro["name"]
        assert " ".join(macro["description"].split()) == " ".join(comment[1].split())


ORDER = re.compile(r"\border by ([^\n{}~\"]+)", re.IGNORECASE)
TERM = re.compile(r".*\b(asc|desc)( nulls (first|last))?$", re.IGNORECASE)


def test_an_order_says_its_direction() -> None:
    """A profile may prefer another one (`default_order`)."""
    terms = []
    for file in [*(REPO / "macros").rglob("*.sql"), *(REPO / "tests/generic").glob("*.sql")]:
        text = re.sub(r"\{#.*?#\}", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
        for order in ORDER.findall(text):
            inside = re.split(r"\)\s*(?:as\b|,|$)| limit ", order)[0].strip().rstrip(",").strip()
            terms += [(file.name, term.strip()) for term in re.split(r",(?![^(]*\))", inside) if term.strip()]
        assert "list_reverse_sort" not in text, file
        assert text.count("list_sort(") <= text.count("'NULLS LAST'"), f"{file}: list_sort without a direction"
    assert len(terms) > 60
    assert [place for place in terms if not TERM.fullmatch(place[1])] == []


def test_a_private_macro_is_called_by_the_package_alone() -> None:
    private = {name for name in macros() if name.startswith("_")}
    assert len(private) > 30
    pages = [REPO / "CONTRIBUTING.md", *(REPO / "models").rglob("*.sql")]
    called = {name for page in pages for name in re.findall(r"dbt_dedup\.(\w+)\(", page.read_text(encoding="utf-8"))}
    assert called & private == set()
