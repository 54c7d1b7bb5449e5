"""Which pairs a labelling session asks about, and how it shows and keeps them, worked out by hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from dbt_dedup.classifiers import PairClassifier
from dbt_dedup.constants import MIN_LABELS, MIN_LABELS_EACH
from dbt_dedup.errors import DedupError
from dbt_dedup.labelling.audit import Audit
from dbt_dedup.labelling.choose import Choice, Chooser, Pool
from dbt_dedup.labelling.label_file import COLUMNS, Label, LabelFile
from dbt_dedup.labelling.queue import ReviewQueue
from dbt_dedup.labelling.screen import pair_screen
from dbt_dedup.labelling.session import ask, conflict_report, remove_labels, summary
from dbt_dedup.names import QUEUED
from dbt_dedup.side_by_side import Record
from dbt_dedup.training.evaluation import Interval, SampleQuality

NOTHING = np.empty((0, 1)), np.empty(0, dtype=np.int64)


def column(*values: float) -> Any:
    return np.array(values, dtype=float)[:, None]


def pool(*values: float, apart: bool = False, direction: int = 1) -> Pool:
    return Pool(column(*values), np.full(len(values), apart), [direction])


def rows_of(chooser: Chooser) -> list[int]:
    found = []
    while choice := chooser.next():
        found.append(choice.row)
    return found


class OddsAreTheFeature:
    """A model whose log2 odds are its only feature."""

    def decision_function(self, features: Any) -> Any:
        return features[:, 0]


MODEL = cast("PairClassifier", OddsAreTheFeature())

# --- the choice


def test_without_a_model_the_doubtful_pairs_are_spread_evenly_over_the_similarity() -> None:
    """Of 1,000 similarities the lowest and highest fiftieths count as 0 and 1; ten points part the rest in eleven."""
    expected = [round(999 * (0.02 + 0.96 * place / 11)) for place in range(1, 11)]
    up = Chooser(pool(*range(1_000)), *NOTHING, "uncertainty")
    assert [choice.row for choice in (up.next() for _ in range(10)) if choice] == expected
    down = Chooser(pool(*range(1_000), direction=-1), *NOTHING, "uncertainty")
    assert [choice.row for choice in (down.next() for _ in range(10)) if choice] == expected[::-1]


def test_each_pair_that_is_unlike_the_others_is_farthest_from_those_before_it() -> None:
    assert rows_of(Chooser(pool(0.4, 0.0, 1.0, 0.45), *NOTHING, "diversity")) == [0, 2, 1, 3]
    labelled = column(1.0), np.array([1])
    assert rows_of(Chooser(pool(0.4, 0.0, 1.0, 0.45), *labelled, "diversity")) == [1, 3, 0, 2]
    # a null is half way
    assert rows_of(Chooser(pool(0.9, np.nan, 0.0, 0.7), *NOTHING, "diversity")) == [0, 2, 1, 3]


def test_doubtful_pairs_are_those_whose_odds_are_nearest_to_even() -> None:
    """Of 300 open pairs the hundred with odds nearest to 0, on either side, are the shortlist for ten."""
    odds = [*range(1, 151), *range(-150, 0)]
    chooser = Chooser(pool(*odds), *NOTHING, "uncertainty", production=MODEL)
    first = [choice for choice in (chooser.next() for _ in range(10)) if choice]
    assert max(abs(odds[choice.row]) for choice in first) == 50
    assert {choice.sampled_by for choice in first} == {"uncertainty"}


def guides(matches: int, others: int) -> str:
    """What the first doubtful pairs follow: labels, by which odds of 100 are even, or the model in production."""
    values = [*np.linspace(101, 140, matches), *np.linspace(60, 99, others)]
    labelled = column(*values), np.array([1] * matches + [0] * others)
    chooser = Chooser(pool(*range(-200, 201)), *labelled, "uncertainty", production=MODEL)
    rows = [choice.row - 200 for choice in (chooser.next() for _ in range(10)) if choice]
    return "production" if max(map(abs, rows)) <= 50 else "labels"


def test_labels_guide_once_there_are_enough_of_both() -> None:
    each, rest = MIN_LABELS_EACH, MIN_LABELS - MIN_LABELS_EACH
    assert guides(rest, each) == guides(each, rest) == "labels"
    assert guides(rest, each - 1) == guides(rest - 1, each) == "production"
    assert guides(each - 1, 2 * MIN_LABELS) == guides(2 * MIN_LABELS, each - 1) == "production"


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (4, [(0, 2), (1, 2), (4, 2), (5, 2)]),
        (3, [(0, 3), (1, 3), (6, 2)]),
        (1, [(0, 8)]),
    ],
)
def test_random_pairs_are_the_first_of_strata_along_the_similarity(count: int, expected: list[tuple[int, int]]) -> None:
    """By similarity the rows are 0, 2, 4, 6, 7, 5, 3, 1, which strata cut into equal parts."""
    chooser = Chooser(pool(0, 7, 1, 6, 2, 5, 3, 4, apart=True), *NOTHING, "random", count=count)
    assert [(choice.row, choice.sampling_weight) for choice in (chooser.next() for _ in expected) if choice] == expected


def test_half_of_the_random_pairs_are_spread_over_the_expected_matches() -> None:
    """Three pairs that are surely none and one that surely is: by expected matches it is more than half of the size."""
    pairs = pool(-20, -20, -20, 20, apart=True)

    def first_two(*, even: bool) -> list[tuple[int, int | None]]:
        chooser = Chooser(pairs, *NOTHING, "random", count=2, production=MODEL, even=even)
        return [(choice.row, choice.sampling_weight) for choice in (chooser.next(), chooser.next()) if choice]

    assert first_two(even=False) == [(0, 3), (3, 1)]
    assert first_two(even=True) == [(0, 2), (2, 2)]


def test_as_many_strata_are_drawn_as_random_pairs_will_be_asked() -> None:
    """A mixed session of 20 asks 4 random pairs, one of 21 asks 5."""
    apart = pool(*range(40), apart=True)
    for count, strata in ((20, 4), (21, 5)):
        chooser = Chooser(apart, *NOTHING, "mixed", count=count)
        choices = [choice for choice in (chooser.next() for _ in range(2)) if choice]
        assert [choice.sampling_weight for choice in choices] == [40 // strata] * 2


def test_an_answer_that_is_taken_back_is_asked_again() -> None:
    chooser = Chooser(pool(0.4, 0.0, 1.0), *NOTHING, "diversity")
    first = chooser.next()
    assert first
    chooser.answer(first, "unsure")
    chooser.take_back(first)
    assert rows_of(chooser) == [0, 2, 1]


# --- the review queue


def test_the_review_queue_is_asked_in_its_order() -> None:
    queue = ReviewQueue((("a", "b"), ("c", "d")), ("first", "second"), {"a": Record("a", None, {})})
    one, two = queue.next(), queue.next()
    assert (one, two) == (Choice(0, QUEUED, note="first"), Choice(1, QUEUED, note="second"))
    assert queue.next() is None
    assert one
    queue.take_back(one, before=two)
    assert [queue.next(), queue.next(), queue.next()] == [one, two, None]
    queue.take_back(one)
    queue.answer(one, "match")
    assert [queue.next(), queue.next()] == [one, None]
    assert queue.record("a").record_id == "a"


# --- the file


def label_file(folder: Path, *rows: Sequence[str], end: str = "\n") -> LabelFile:
    path = folder / "labels.csv"
    path.write_bytes("".join(",".join(row) + end for row in (COLUMNS, *rows)).encode())
    return LabelFile(path)


def row(left: str, right: str, label: str, sampled_by: str = "", weight: str = "") -> list[str]:
    return [left, right, label, "ana", "", "", sampled_by, weight]


def test_labels_are_read_with_their_lines_and_weights(tmp_path: Path) -> None:
    weights = ("3", "0.5", "0", "-1", "inf", "nan", "x", "")
    file = label_file(tmp_path, *(row("b", "a", "match", "random", weight) for weight in weights))
    labels = file.read()
    assert [label.weight for label in labels] == [3.0, 0.5, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    assert [label.line for label in labels] == list(range(2, 10))
    assert labels[0] == Label("b", "a", "match", 2, "random", 3.0)
    assert labels[0].pair == ("a", "b")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_unwanted_rows_are_removed_and_the_rest_stays_to_the_byte(tmp_path: Path, end: str) -> None:
    of_two_lines = row("b", f'"x{end}y"', "match")
    file = label_file(tmp_path, row("a", "b", "match"), of_two_lines, row("c", "d", "no_match"), end=end)
    before = file.path.read_bytes()
    assert file.discard(lambda label: False) == []
    assert file.path.read_bytes() == before
    (removed,) = file.discard(lambda label: label.record_id_l == "b")
    assert removed.line == 4
    assert [label.record_id_l for label in file.read()] == ["a", "c"]
    assert file.path.read_bytes() == before.replace(",".join(of_two_lines).encode() + end.encode(), b"")


# --- what is said


def test_a_session_is_summed_up() -> None:
    assert summary({}, Path("labels.csv"), "Go on.") == "No answers."
    assert summary({"match": 1}, Path("labels.csv"), "Go on.") == (
        "1 answer saved to labels.csv: 1 match, 0 no_match, 0 unsure.\nGo on."
    )
    assert summary({"match": 1, "unsure": 2}, Path("l.csv"), "").startswith(
        "3 answers saved to l.csv: 1 match, 0 no_match, 2 unsure."
    )


def test_an_audit_says_what_it_measured() -> None:
    interval = Interval(0.5, 0.25, 0.75)
    for matches, word in ((1, "1 match"), (2, "2 matches")):
        quality = SampleQuality(pairs=30, matches=matches, precision=interval, recall=interval)
        assert f"m1 at match threshold 0.9, on 30 random pairs ({word}) that it has not learned from" in str(
            Audit("m1", 0.9, quality)
        )
    assert "precision 0.500 (0.250 to 0.750), recall 0.500" in str(Audit("m1", 0.9, quality))
    assert str(Audit("m1", 0.9, None)).startswith("Nothing measured: m1 at match threshold 0.9 has learned from all")


# --- the screen


def screen(left: str, right: str = "x", width: int = 32) -> list[str]:
    """The rows of one field `n`; at a width of 32 each side has 12 columns."""
    lines = pair_screen(Record("a", None, {"n": left}), Record("b", None, {"n": right}), width, colour=False)
    return [line[5:].rstrip() for line in lines.splitlines()[2:]]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("x" * 12, ["x" * 12]),
        ("x" * 13, ["x" * 12, "x"]),
        ("aaaa bbbb cccc", ["aaaa bbbb", "cccc"]),
        ("aaaaa bbbbbbbbbb", ["aaaaa bbbbbb", "bbbb"]),
        ("aaaaaa bbbbbbbbbb", ["aaaaaa bbbbb", "bbbbb"]),
        ("aaaaaaa bbbbbbbbbb", ["aaaaaaa", "bbbbbbbbbb"]),
        ("名" * 7, ["名" * 6, "名"]),
        ("e\u0301" * 12, ["e\u0301" * 12]),
    ],
)
def test_a_value_is_broken_at_a_space_in_the_second_half_of_a_line(value: str, expected: list[str]) -> None:
    assert [line.split("  ")[0] for line in screen(value)] == expected


def test_a_narrow_screen_has_twelve_columns_a_side() -> None:
    assert screen("x" * 13, width=10) == screen("x" * 13) == [f"{'x' * 12}  x", "x"]
    assert screen("x" * 14, width=34) == [f"{'x' * 13}  x", "x"]


def test_only_the_first_line_of_a_field_has_its_name_and_sign() -> None:
    lines = pair_screen(Record("a", "crm", {"n": "x" * 13}), Record("b", None, {"n": "x"}), 32, colour=False)
    assert lines.splitlines() == ["     a (crm)       b", "", f"n ≠  {'x' * 12}  x", "     x"]


# --- a session


def session(
    folder: Path, monkeypatch: pytest.MonkeyPatch, keys: str, count: int = 3, *, end: type[BaseException] = EOFError
) -> tuple[dict[str, int], list[tuple[str, str, str]]]:
    """Answer a queue of four pairs by keys; how often each answer was given, and the rows that were saved."""
    pairs = (("b", "a"), ("c", "d"), ("e", "f"), ("g", "h"))
    records = {name: Record(name, None, {"n": name}) for pair in pairs for name in pair}
    pressed = iter(keys)

    def getchar() -> str:
        if key := next(pressed, ""):
            return key
        raise end

    monkeypatch.setattr("click.getchar", getchar)
    queue, file = ReviewQueue(pairs, ("note",) * 4, records), label_file(folder)
    given = ask(queue, queue, file, count, "ana")
    return given, [(label.record_id_l, label.record_id_r, label.label) for label in file.read()]


def test_each_answer_is_saved_with_its_pair_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given, saved = session(tmp_path, monkeypatch, "mNu")
    assert given == {"match": 1, "no_match": 1, "unsure": 1}
    assert saved == [("a", "b", "match"), ("c", "d", "no_match"), ("e", "f", "unsure")]
    row = (tmp_path / "labels.csv").read_text().splitlines()[1].split(",")
    assert row[3] == "ana"
    assert row[5:] == ["", QUEUED, ""]


def test_a_session_ends_after_so_many_answers_or_by_a_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, (keys, end, answers) in enumerate(
        (("mmmmmm", EOFError, 3), ("mq", EOFError, 1), ("m", EOFError, 1), ("m", KeyboardInterrupt, 1))
    ):
        (tmp_path / str(number)).mkdir()
        assert len(session(tmp_path / str(number), monkeypatch, keys, end=end)[1]) == answers
    (tmp_path / "all").mkdir()
    assert len(session(tmp_path / "all", monkeypatch, "mmmmmm", 9)[1]) == 4
    with pytest.raises(DedupError, match="needs a terminal"):
        session(tmp_path, monkeypatch, "", end=OSError)


def test_an_answer_is_taken_back_and_its_pair_is_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given, saved = session(tmp_path, monkeypatch, "bmxnbu")
    assert (given, saved) == ({"match": 1, "unsure": 1}, [("a", "b", "match"), ("c", "d", "unsure")])
    titles = [line for line in capsys.readouterr().out.splitlines() if line.startswith("Pair ")]
    assert titles == [
        "Pair 1 of 3: the same entity?",
        "Pair 1 of 3: the same entity?   This is the first pair of the session.",
        "Pair 2 of 3: the same entity?   Saved: match.",
        "Pair 2 of 3: the same entity?   Key 'x' has no meaning here.",
        "Pair 3 of 3: the same entity?   Saved: no_match.",
        "Pair 2 of 3: the same entity?   Taken back: no_match.",
        "Pair 3 of 3: the same entity?   Saved: unsure.",
    ]


def test_labels_of_records_that_are_gone_are_removed_when_a_person_agrees(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = label_file(tmp_path, row("a", "b", "match"), row("c", "a", "match"), row("c", "d", "match"))
    assert remove_labels(file, {"x"}) == f"Every label in {file.path} is of records that exist."
    monkeypatch.setattr("click.confirm", lambda text, abort: questions.append(text))
    questions: list[str] = []
    assert remove_labels(file, {"a", "x"}) == "Removed 2 labels."
    assert questions == [f"Remove 2 of 3 labels from {file.path}?"]
    assert [label.pair for label in file.read()] == [("c", "d")]
    assert remove_labels(file, {"d"}) == "Removed 1 label."


def test_conflicts_are_listed_with_the_lines_of_their_labels(tmp_path: Path) -> None:
    rows = (row("a", "b", "match"), row("c", "b", "match"), row("b", "a", "match"), row("a", "c", "no_match"))
    count, text = conflict_report(label_file(tmp_path, *rows, row("a", "c", "unsure")), "customers")
    assert count == 1
    assert text.splitlines()[0] == f"1 conflict in {tmp_path / 'labels.csv'}:"
    assert text.endswith("(lines 2, 3, 4, 5)")
    assert conflict_report(label_file(tmp_path, *rows[:3]), "customers") == (
        0,
        "No label of 'customers' contradicts another.",
    )
