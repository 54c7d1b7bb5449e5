"""The commands that a page of the documentation shows, and what they print.

A block ```sh is run line by line. A block ```text right below it is what it prints, in full; a line `...` stands for
any number of lines, and `...` inside a line for any text.

`python tests/python/shown_commands.py docs/tutorial.md` runs a page in a folder of its own and writes the shown output
again where it differs. Blocks with `...` that no longer fit are named, for a person to correct.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

BLOCK = re.compile(r"^```sh\n(?P<commands>.*?)^```$(?:\n+```text\n(?P<output>.*?)^```$)?", re.MULTILINE | re.DOTALL)
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
TIMES_OF_DBT = re.compile(r"^\d\d:\d\d:\d\d  ?", re.MULTILINE)
SET_UP = ("python3 -m venv ", "source ", "pip install ", "git clone ")
STOP_AT_ERROR = "set -euo pipefail\n"


@dataclass(frozen=True)
class Shown:
    """The commands of one block, what the page says that they print (None: it does not say), and where it says so."""

    commands: str
    output: str | None
    span: tuple[int, int]


def shown_blocks(page: str) -> list[Shown]:
    """The blocks of commands of a page, in order."""
    return [Shown(block["commands"], block["output"], block.span("output")) for block in BLOCK.finditer(page)]


def is_set_up(block: Shown) -> bool:
    """Whether a block only installs what a test has already."""
    return all(line.startswith((*SET_UP, "mkdir ")) for line in block.commands.splitlines())


def run(commands: str, folder: Path) -> str:
    """What commands print, each line of them having to succeed; run in a folder, with this Python's programs."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DBT_", "DEDUP_"))}
    environment = kept | {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PYTHONWARNINGS": "ignore",
        "COLUMNS": "200",
        "NO_COLOR": "1",
    }
    done = subprocess.run(
        ["bash", "-c", STOP_AT_ERROR + commands],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=1800,
    )
    printed = TIMES_OF_DBT.sub("", COLOURS.sub("", done.stdout))
    assert done.returncode == 0, f"{commands}\nended with {done.returncode}:\n{printed[-3000:]}"
    return tidy(printed)


def tidy(text: str) -> str:
    """Text without blanks at the ends of its lines and without empty lines around it."""
    return "\n".join(line.rstrip() for line in text.splitlines()).strip("\n") + "\n"


def fits(shown: str, printed: str) -> bool:
    """Whether what a page shows is what was printed."""
    pattern = ""
    for line in tidy(shown).splitlines():
        if line.strip() == "...":
            pattern += r"(?:.*\n)*?"
        else:
            pattern += r"[^\n]*".join(re.escape(part) for part in line.split("...")) + r"\n"
    return re.fullmatch(pattern, tidy(printed)) is not None


def write_again(page: Path) -> None:
    """Run the commands of a page and write what they print into it."""
    text = page.read_text(encoding="utf-8")
    found: list[tuple[Shown, str]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "crm"
        folder.mkdir()
        for block in shown_blocks(text):
            if not is_set_up(block):
                found.append((block, run(block.commands, folder)))
    for block, printed in reversed(found):
        if block.output is None or fits(block.output, printed):
            continue
        if "..." in block.output:
            print(f"{page}: correct by hand what is shown below\n{block.commands}\nwhich prints\n{printed}")
        else:
            start, end = block.span
            text = text[:start] + printed + text[end:]
    page.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write_again(Path(sys.argv[1]))
