"""The tutorial, followed word for word in an empty folder: each command works and prints what the page shows."""

from __future__ import annotations

from pathlib import Path

import pytest
from project import REPO
from shown_commands import fits, is_set_up, run, shown_blocks

pytestmark = pytest.mark.dbt
PAGE = REPO / "docs/tutorial.md"


def test_the_tutorial_is_what_happens(tmp_path: Path) -> None:
    set_up, *blocks = shown_blocks(PAGE.read_text(encoding="utf-8"))
    assert is_set_up(set_up)
    folder = tmp_path / "crm"  # the name is in what is printed
    folder.mkdir()
    for block in blocks:
        printed = run(block.commands, folder)
        assert block.output is not None, f"the page does not show what is printed by\n{block.commands}"
        assert fits(block.output, printed), f"{block.commands}\nprints\n{printed}\nand the page shows\n{block.output}"
    assert (folder / "why.svg").read_text(encoding="utf-8") == (REPO / "docs/images/why.svg").read_text(
        encoding="utf-8"
    )


def test_what_fits() -> None:
    assert fits("a\n...\nd\n", "a\nb\nc\nd\n")
    assert fits("a\n...\nd\n", "a\nd\n")
    assert fits("in ... seconds\n", "\nin 3.5 seconds  \n\n")
    assert not fits("a\nd\n", "a\nb\nd\n")
    assert not fits("a\n", "a\nb\n")
    assert not fits("a.c\n", "abc\n")
    assert not fits("a\n...\nd\n", "a\nb\n")
