"""A labelling session: show a pair, read a key, save the answer, go on."""

from __future__ import annotations

import os
import shutil
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Protocol

import click

from dbt_dedup.errors import DedupError
from dbt_dedup.labelling.choose import Choice
from dbt_dedup.labelling.label_file import LabelFile
from dbt_dedup.labelling.screen import ASCII_SIGNS, HELP, KEYS, SIGNS, pair_screen
from dbt_dedup.names import ANSWERS, MATCH, NO_MATCH
from dbt_dedup.resolve.conflicts import find_conflicts
from dbt_dedup.side_by_side import Record
from dbt_dedup.terminal import say
from dbt_dedup.words import counted

WIDEST = 160


class Pairs(Protocol):
    """Pairs to show."""

    @property
    def record_ids(self) -> Sequence[tuple[str, str]]:
        """The two record ids of each pair."""

    def record(self, record_id: str) -> Record:
        """A record of a pair."""


class Questions(Protocol):
    """The order in which pairs are asked about."""

    def next(self) -> Choice | None:
        """The next pair to ask about; None where none is left."""

    def answer(self, choice: Choice, label: str) -> None:
        """Take an answer into account: `match`, `no_match` or `unsure`."""

    def take_back(self, choice: Choice, before: Choice | None = None) -> None:
        """Forget an answer and ask about that pair next, and then about `before`, which was on the screen."""


@dataclass(frozen=True)
class _Answer:
    choice: Choice
    label: str
    line: str


def ask(pairs: Pairs, questions: Questions, file: LabelFile, count: int, labelled_by: str) -> dict[str, int]:
    """Ask about at most `count` pairs and save every answer immediately. Return how often each answer was given.

    Raises:
        DedupError: there is no terminal to ask in.
    """
    answers: list[_Answer] = []
    message = ""
    choice = questions.next()
    while choice is not None and len(answers) < count:
        _show(pairs, choice, len(answers) + 1, count, message)
        message = ""
        key = _key()
        if key == "q":
            break
        if key == "b":
            if not answers:
                message = "This is the first pair of the session."
                continue
            last = answers.pop()
            file.remove(last.line)
            questions.take_back(last.choice, before=choice)
            message = f"Taken back: {last.label}."
        elif key in KEYS:
            label = KEYS[key]
            answers.append(_Answer(choice, label, file.add(_row(pairs, choice, label, labelled_by))))
            questions.answer(choice, label)
            message = f"Saved: {label}."
        else:
            message = f"Key {key!r} has no meaning here."
            continue
        choice = questions.next() if len(answers) < count else None
    return Counter(answer.label for answer in answers)


def conflict_report(file: LabelFile, entity: str) -> tuple[int, str]:
    """How many labels of the file contradict others, and a list of them with their lines."""
    labels = [label for label in file.read() if label.label in (MATCH, NO_MATCH)]
    lines: dict[tuple[str, str, bool], list[int]] = {}
    for label in labels:
        lines.setdefault((*label.pair, label.label == MATCH), []).append(label.line)
    conflicts = find_conflicts((label.record_id_l, label.record_id_r, label.label == MATCH) for label in labels)
    if not conflicts:
        return 0, f"No label of {entity!r} contradicts another."
    listed = [f"{counted(len(conflicts), 'conflict')} in {file.path}:"]
    for conflict in conflicts:
        *matches, apart = ((min(pair), max(pair)) for pair in conflict.pairs)
        where = [lines[(*pair, True)] for pair in matches] + [lines[(*apart, False)]]
        numbers = ", ".join(str(line) for line in sorted({line for of_pair in where for line in of_pair}))
        listed.append(f"  {conflict} (lines {numbers})")
    return len(conflicts), "\n".join(listed)


def remove_labels(file: LabelFile, missing: set[str]) -> str:
    """Remove the labels that name missing records, after a person agreed. Return what to say in the end.

    Raises:
        click.Abort: the person did not agree.
    """
    labels = file.read()
    gone = [label for label in labels if not missing.isdisjoint(label.pair)]
    if not gone:
        return f"Every label in {file.path} is of records that exist."
    for label in gone:
        say(f"  line {label.line}: {', '.join(label.pair)}, {label.label}")
    click.confirm(f"Remove {len(gone)} of {counted(len(labels), 'label')} from {file.path}?", abort=True)
    removed = file.discard(lambda label: not missing.isdisjoint(label.pair))
    return f"Removed {counted(len(removed), 'label')}."


def summary(given: Mapping[str, int], path: Path, next_step: str) -> str:
    """What a session saved, and the next step, for the terminal."""
    answers = sum(given.values())
    if not answers:
        return "No answers."
    by_answer = ", ".join(f"{given.get(name, 0)} {name}" for name in ANSWERS)
    return f"{counted(answers, 'answer')} saved to {path}: {by_answer}.\n{next_step}"


def _show(pairs: Pairs, choice: Choice, number: int, count: int, message: str) -> None:
    left, right = (pairs.record(record_id) for record_id in pairs.record_ids[choice.row])
    if sys.stdout.isatty():
        click.clear()
    say(f"Pair {number} of {count}: the same entity?" + (f"   {message}" if message else ""))
    say()
    width = min(WIDEST, shutil.get_terminal_size((100, 24)).columns)
    click.echo(pair_screen(left, right, width, _has_colour(), _signs()))
    say()
    if choice.note:
        say(choice.note)
        say()
    say(HELP)


def _row(pairs: Pairs, choice: Choice, label: str, labelled_by: str) -> dict[str, str]:
    left, right = sorted(pairs.record_ids[choice.row])
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
    """A key in lower case; `q` at the end of the input and for Ctrl-C."""
    _forget_typed_ahead()
    try:
        return click.getchar()[:1].lower() or "q"
    except (KeyboardInterrupt, EOFError):
        return "q"
    except OSError as error:
        raise DedupError("dbt-dedup label needs a terminal to ask in, and there is none.") from error


def _forget_typed_ahead() -> None:
    """Drop keys that were pressed before the pair was on the screen: they cannot be an answer to it."""
    if sys.stdin.isatty() and os.name == "posix":
        import termios

        termios.tcflush(sys.stdin, termios.TCIFLUSH)


def _has_colour() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _signs() -> str:
    """The signs of fields, in characters that the output can encode."""
    try:
        SIGNS.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return ASCII_SIGNS
    return SIGNS
