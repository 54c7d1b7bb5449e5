"""A session: show a pair, take one key, save, go on."""

from __future__ import annotations

import os
import shutil
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timezone

import click

from dbt_dedup.errors import DedupError
from dbt_dedup.labelling.choose import Choice, Chooser
from dbt_dedup.labelling.conflicts import find_conflicts
from dbt_dedup.labelling.label_file import LabelFile
from dbt_dedup.labelling.screen import ASCII_SIGNS, HELP, KEYS, SIGNS, pair_screen
from dbt_dedup.labelling.source import Material

WIDEST = 160


@dataclass(frozen=True)
class _Answer:
    choice: Choice
    label: str
    line: str


def ask(material: Material, chooser: Chooser, file: LabelFile, count: int, labelled_by: str) -> dict[str, int]:
    """Ask about at most `count` pairs and save every answer at once; how often each answer was given.

    Raises:
        DedupError: there is no terminal to ask in.
    """
    answers: list[_Answer] = []
    said = ""
    choice = chooser.next()
    while choice is not None and len(answers) < count:
        _show(material, choice, len(answers) + 1, count, said)
        said = ""
        key = _key()
        if key == "q":
            break
        if key == "b":
            if not answers:
                said = "This is the first pair of the session."
                continue
            last = answers.pop()
            file.remove(last.line)
            chooser.take_back(last.choice, before=choice)
            said = f"Taken back: {last.label}."
        elif key in KEYS:
            label = KEYS[key]
            answers.append(_Answer(choice, label, file.add(_row(material, choice, label, labelled_by))))
            chooser.answer(choice, label)
            said = f"Saved: {label}."
        else:
            said = f"Key {key!r} means nothing here."
            continue
        choice = chooser.next() if len(answers) < count else None
    return Counter(answer.label for answer in answers)


def conflict_report(file: LabelFile, entity: str) -> tuple[int, str]:
    """How many labels of the file contradict others, and the list of them with their lines."""
    rows = [row for row in file.read() if row.label in ("match", "no_match")]
    lines: dict[tuple[str, str, bool], list[int]] = {}
    for row in rows:
        lines.setdefault((*row.pair, row.label == "match"), []).append(row.line)
    found = find_conflicts((row.record_id_l, row.record_id_r, row.label == "match") for row in rows)
    if not found:
        return 0, f"No label of {entity!r} contradicts another."
    listed = [f"{len(found)} conflicts in {file.path}:"]
    for conflict in found:
        *matches, apart = ((min(pair), max(pair)) for pair in conflict.pairs)
        where = [lines[(*pair, True)] for pair in matches] + [lines[(*apart, False)]]
        numbers = ", ".join(str(line) for line in sorted({line for found_in in where for line in found_in}))
        listed.append(f"  {conflict} (lines {numbers})")
    return len(found), "\n".join(listed)


def _show(material: Material, choice: Choice, number: int, count: int, said: str) -> None:
    left, right = (material.record(record_id) for record_id in material.record_ids[choice.row])
    if sys.stdout.isatty():
        click.clear()
    click.echo(f"Pair {number} of {count}: one and the same?" + (f"   {said}" if said else ""))
    click.echo()
    width = min(WIDEST, shutil.get_terminal_size((100, 24)).columns)
    click.echo(pair_screen(left, right, width, _has_colour(), _signs()))
    click.echo()
    click.echo(HELP)


def _row(material: Material, choice: Choice, label: str, labelled_by: str) -> dict[str, str]:
    left, right = sorted(material.record_ids[choice.row])
    return {
        "record_id_l": left,
        "record_id_r": right,
        "label": label,
        "labelled_by": labelled_by,
        "labelled_at": datetime.now(timezone.utc).replace(tzinfo=None).isoformat(timespec="seconds"),
        "reason": "",
        "sampled_by": choice.sampled_by,
        "sampling_weight": "" if choice.sampling_weight is None else str(choice.sampling_weight),
    }


def _key() -> str:
    """One key, in lower case; `q` at the end of the input and for Ctrl-C."""
    _forget_typed_ahead()
    try:
        return click.getchar()[:1].lower() or "q"
    except (KeyboardInterrupt, EOFError):
        return "q"
    except OSError as error:
        raise DedupError("dbt-dedup label asks in a terminal, and there is none here.") from error


def _forget_typed_ahead() -> None:
    """Drop keys pressed before the pair was on the screen: they cannot be an answer to it."""
    if sys.stdin.isatty() and os.name == "posix":
        import termios

        termios.tcflush(sys.stdin, termios.TCIFLUSH)


def _has_colour() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _signs() -> str:
    """The signs before fields, in characters that the output can write."""
    try:
        SIGNS.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return ASCII_SIGNS
    return SIGNS
