from __future__ import annotations

import csv
import json
import re
import shutil
import time
import unicodedata
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result
from examples import FEATURES, make_labelled
from mini_project import label_seed, write_mini_project
from project import MODELS_ONLY, Project, copy_reference_project
from small_things import build_things, write_csv

from dbt_dedup.classifiers import AdditiveClassifier
from dbt_dedup.cli import main
from dbt_dedup.errors import DedupError
from dbt_dedup.labelling.audit import audit
from dbt_dedup.labelling.choose import PATTERN, Choice, Chooser, Pool
from dbt_dedup.labelling.label_file import COLUMNS, Label, LabelFile
from dbt_dedup.labelling.screen import pair_screen
from dbt_dedup.labelling.session import conflict_report
from dbt_dedup.labelling.source import read_material
from dbt_dedup.registry.production import load_production
from dbt_dedup.resolve.conflicts import find_conflicts
from dbt_dedup.seed_files import create_missing_seed, create_seed, formula_warning
from dbt_dedup.side_by_side import Record
from dbt_dedup.warehouse import DbtProject, close_connections

HEADER = ",".join(COLUMNS)
DIRECTIONS = (1, -1, 1, 1)
NOTHING = (np.empty((0, len(FEATURES))), np.empty(0, dtype=np.int64))
Run = Callable[..., Result]


# --- conflicts


@pytest.mark.parametrize(
    ("labels", "found"),
    [
        ([], []),
        ([("a", "b", True), ("b", "c", True), ("a", "c", True)], []),
        ([("a", "b", True), ("c", "b", True), ("c", "a", False)], ["a = b = c, but a <> c"]),
        ([("a", "b", True), ("b", "a", False)], ["a = b, but a <> b"]),
        ([("a", "b", True), ("c", "d", False), ("b", "c", False)], []),
        (
            [
                ("a", "b", True),
                ("b", "c", True),
                ("c", "d", True),
                ("b", "d", True),
                ("d", "a", False),
                ("c", "a", False),
            ],
            ["a = b = c, but a <> c", "a = b = d, but a <> d"],
        ),
    ],
    ids=["none", "all agree", "chain", "both labels", "apart", "shortest chain"],
)
def test_conflicts(labels: list[tuple[str, str, bool]], found: list[str]) -> None:
    assert [str(conflict) for conflict in find_conflicts(labels)] == found


def test_a_long_chain_is_no_trouble() -> None:
    labels = [(f"r{i:05}", f"r{i + 1:05}", True) for i in range(5000)]
    (conflict,) = find_conflicts([*labels, ("r00000", "r05000", False)])
    assert len(conflict.chain) == 5001


def test_conflicts_name_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text("label,record_id_l,record_id_r\nmatch,a,b\nunsure,a,d\nmatch,c,b\nno_match,c,a\nmatch,b,a\n")
    assert conflict_report(LabelFile(path), "customers") == (
        1,
        f"1 conflict in {path}:\n  a = b = c, but a <> c (lines 2, 4, 5, 6)",
    )
    path.write_text("label,record_id_l,record_id_r\nmatch,a,b\n")
    assert conflict_report(LabelFile(path), "customers") == (0, "No label of 'customers' contradicts another.")


# --- the file


ROW = {
    "record_id_l": "a,1",
    "record_id_r": "b",
    "label": "match",
    "labelled_by": "ann",
    "sampled_by": "random",
    "sampling_weight": "7",
}


def _add_labels(path: Path, writer: int) -> None:
    file = LabelFile(path)
    for record in range(30):
        file.add({"record_id_l": f"w{writer}", "record_id_r": str(record), "label": "match"})


def test_eight_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text("record_id_l,record_id_r,label\n")
    writers = [get_context("spawn").Process(target=_add_labels, args=(path, writer)) for writer in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0] * 8
    assert {label.pair for label in LabelFile(path).read()} == {
        (min(f"w{w}", str(r)), max(f"w{w}", str(r))) for w in range(8) for r in range(30)
    }
    assert len(LabelFile(path).read()) == 240
    assert [file.name for file in tmp_path.iterdir()] == ["labels.csv"]


@pytest.mark.parametrize(
    ("before", "added"),
    [
        (f"{HEADER}\n", '"a,1",b,match,ann,,,random,7\n'),
        (f"{HEADER}\nx,y,match,,,,,", '\n"a,1",b,match,ann,,,random,7\n'),
        ("record_id_l,record_id_r,label\r\nx,y,match\r\n", '"a,1",b,match\r\n'),
        ('label,note,record_id_r,record_id_l\nmatch,"two\nlines",y,x\n', 'match,,b,"a,1"\n'),
        ("\ufeffrecord_id_l,record_id_r,label\nø,名前,unsure\n", '"a,1",b,match\n'),
    ],
    ids=["all columns", "no end of line", "required columns only", "other order and columns", "byte order mark"],
)
def test_a_label_is_added_and_taken_back_and_the_rest_stays(tmp_path: Path, before: str, added: str) -> None:
    path = tmp_path / "labels.csv"
    path.write_bytes(before.encode())
    file = LabelFile(path)
    known = len(file.read())
    line = file.add(ROW)
    assert path.read_bytes() == (before + added).encode()
    assert [(label.record_id_l, label.record_id_r, label.label) for label in file.read()[known:]] == [
        ("a,1", "b", "match")
    ]
    file.remove(line)
    assert path.read_bytes().rstrip() == before.encode().rstrip()
    assert [path.name for path in tmp_path.iterdir()] == ["labels.csv"]


@pytest.mark.parametrize("record_id", ["=1+1", "+49", "-7", "@a", "\t=1"])
def test_cells_that_a_spreadsheet_would_run_are_named_and_stay(tmp_path: Path, record_id: str) -> None:
    path = tmp_path / "labels.csv"
    path.write_text("record_id_l,record_id_r,label\n")
    file = LabelFile(path)
    file.add(ROW)
    assert file.formulas == []
    file.add({**ROW, "record_id_l": record_id})
    assert file.formulas == [record_id]
    assert file.read()[1].record_id_l == record_id
    warning = formula_warning(path, file.formulas)
    assert warning == (
        f"Warning: 1 cell written to {path} would be run as a formula by a spreadsheet, for example {record_id!r}."
        " Open the file there only by importing every column as text."
    )


def test_what_others_write_in_the_meantime_stays(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text("record_id_l,record_id_r,label\n")
    file = LabelFile(path)
    line = file.add(ROW)
    with path.open("a") as other:
        other.write("x,y,no_match\n")
    file.remove(line)
    file.add({**ROW, "record_id_l": "c"})
    assert path.read_text() == "record_id_l,record_id_r,label\nx,y,no_match\nc,b,match\n"


def test_killed_in_the_middle_leaves_the_file_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "labels.csv"
    path.write_text("record_id_l,record_id_r,label\nx,y,match\n")
    file = LabelFile(path)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    for moment in ("os.fsync", "pathlib.Path.replace"):
        monkeypatch.setattr(moment, killed)
        with pytest.raises(KeyboardInterrupt):
            file.add(ROW)
        monkeypatch.undo()
        assert path.read_text() == "record_id_l,record_id_r,label\nx,y,match\n"


@pytest.mark.parametrize(
    ("content", "delimiter", "said"),
    [
        ("", ",", "lacks column record_id_l, record_id_r, label. Its first line names the columns, for example {h}."),
        (
            "# mine\nrecord_id_l,record_id_r,label\n",
            ",",
            "lacks column record_id_l, record_id_r, label. Its first line",
        ),
        ("record_id_l,label\n", ",", "lacks column record_id_r. Its first line"),
        (
            "\ufeffrecord_id_l;record_id_r;label\r\n",
            ",",
            "has ';' between its columns, where its seed has ','. Save it with ',', or write `delimiter: ';'` into the"
            " config of the seed.",
        ),
        ("label\trecord_id_l\trecord_id_r", ",", r"has '\t' between its columns, where its seed has ','."),
        ("record_id_l,record_id_r,label\n", ";", "has ',' between its columns, where its seed has ';'."),
        (
            "sep=;\nrecord_id_l;record_id_r;label\n",
            ";",
            "begins with 'sep=;', which only spreadsheets read. Remove that line.",
        ),
        (
            "Record_ID_L, record id r,LABEL\nx,y,match\n",
            ",",
            "names its columns in another spelling: 'Record_ID_L, record id r,LABEL'. Write them as"
            " record_id_l,record_id_r,label.",
        ),
        (
            "record_id_l,record_id_r,label,label\n",
            ",",
            "names column label twice in its first line. Keep one of them.",
        ),
    ],
)
def test_a_file_without_its_columns_is_one_message(tmp_path: Path, content: str, delimiter: str, said: str) -> None:
    """As a spreadsheet writes it, or a person."""
    path = tmp_path / "labels.csv"
    path.write_text(content, encoding="utf-8", newline="")
    with pytest.raises(DedupError) as error:
        LabelFile(path, delimiter)
    assert str(error.value).startswith(f"{path} {said.format(h=HEADER)}")


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_row_is_not_added_behind_a_quotation_mark_that_nothing_closes(tmp_path: Path, end: str) -> None:
    """It would be a part of the cell before it, and lost."""
    path = tmp_path / "labels.csv"
    written = f'record_id_l,record_id_r,label{end or chr(10)}"two\nlines",y,match{end or chr(10)}x,"y,match{end}'
    path.write_text(written, newline="")
    with pytest.raises(DedupError) as error:
        LabelFile(path).add(ROW)
    assert str(error.value) == (
        f"{path} has a quotation mark that nothing closes, in the row that begins in line 4: what is added would be a"
        " part of that cell, so nothing was. Close it, and run this again."
    )
    assert path.read_bytes().decode() == written


def test_quotation_marks_that_are_closed_or_part_of_a_word_are_no_hindrance(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text('record_id_l,record_id_r,label\n"a ""1""\nb",5" pipe,match')
    file = LabelFile(path)
    file.add(ROW)
    assert [(label.record_id_l, label.line) for label in file.read()] == [('a "1"\nb', 3), ("a,1", 4)]


def test_another_delimiter(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text("record_id_l;record_id_r;label\n")
    file = LabelFile(path, ";")
    file.add(ROW)
    assert path.read_text().splitlines()[1] == "a,1;b;match"


# --- the choice


def pool(pairs: int = 1000, seed: int = 1) -> tuple[Pool, np.ndarray]:
    labelled = make_labelled(pairs, seed)
    return Pool(labelled.features, np.arange(pairs) % 5 == 0, DIRECTIONS), labelled.is_match


def asked(chooser: Chooser, truth: np.ndarray, count: int) -> list[Choice]:
    found: list[Choice] = []
    while len(found) < count and (choice := chooser.next()):
        chooser.answer(choice, "match" if truth[choice.row] else "no_match")
        found.append(choice)
    return found


def test_mixed_pairs_come_in_the_stated_shares_and_random_ones_from_their_own_part() -> None:
    pairs, truth = pool()
    choices = asked(Chooser(pairs, *NOTHING, count=60), truth, 60)
    assert [choice.sampled_by for choice in choices] == list(PATTERN) * 6
    assert {way: PATTERN.count(way) for way in PATTERN} == {"uncertainty": 7, "diversity": 1, "random": 2}
    assert len({choice.row for choice in choices}) == 60
    assert all(pairs.set_apart[choice.row] == (choice.sampled_by == "random") for choice in choices)


@pytest.mark.parametrize(("by", "available"), [("mixed", 50), ("random", 10), ("uncertainty", 40), ("diversity", 40)])
def test_every_pair_is_asked_once_and_then_none(by: str, available: int) -> None:
    pairs, truth = pool(50)
    chooser = Chooser(pairs, *NOTHING, by, count=500)
    choices = asked(chooser, truth, 500)
    assert len({choice.row for choice in choices}) == len(choices) == available
    assert chooser.next() is None


def test_no_pair_at_all() -> None:
    assert Chooser(Pool(np.empty((0, 4)), np.empty(0, dtype=bool), DIRECTIONS), *NOTHING).next() is None


def test_the_same_answers_give_the_same_questions() -> None:
    pairs, truth = pool()
    first, second = (asked(Chooser(pairs, *NOTHING, count=40), truth, 40) for _ in range(2))
    assert first == second


def test_without_a_model_the_first_questions_span_the_similarities() -> None:
    pairs, truth = pool()
    choices = asked(Chooser(pairs, *NOTHING, "uncertainty"), truth, 10)
    assert 2 <= sum(truth[choice.row] for choice in choices) <= 8


def test_with_labels_the_doubtful_pairs_are_asked() -> None:
    pairs, truth = pool()
    known = make_labelled(200, seed=0)
    chooser = Chooser(pairs, known.features, known.is_match, "uncertainty")
    probability = AdditiveClassifier(DIRECTIONS).fit(known.features, known.is_match).predict_proba(pairs.features)[:, 1]
    doubt = np.abs(probability - 0.5)
    chosen = [doubt[choice.row] for choice in asked(chooser, truth, 10)]
    assert max(chosen) <= np.sort(doubt[~pairs.set_apart])[99]


def test_production_guides_until_there_are_labels() -> None:
    pairs, truth = pool()
    known = make_labelled(200, seed=0)
    production = AdditiveClassifier(DIRECTIONS).fit(known.features, known.is_match)
    choices = asked(Chooser(pairs, *NOTHING, "uncertainty", production=production), truth, 10)
    doubt = np.abs(production.decision_function(pairs.features))
    shortlist = np.sort(doubt[~pairs.set_apart])[: 10 * 10]
    assert max(doubt[choice.row] for choice in choices) <= shortlist[-1]


def test_random_pairs_are_spread_over_strata_of_equal_size() -> None:
    pairs, truth = pool()
    chosen = [choice.row for choice in asked(Chooser(pairs, *NOTHING, "random", count=20), truth, 20)]
    apart = np.flatnonzero(pairs.set_apart)
    assert set(chosen) <= set(apart)
    assert abs(truth[chosen].mean() - truth[apart].mean()) < 0.15


def test_random_pairs_with_their_weights_find_rare_matches_and_estimate_their_share_without_bias() -> None:
    errors, even_errors, found = [], [], []
    for seed in range(30):
        pairs, truth = pool(3000, seed)
        kept = np.flatnonzero((truth == 0) | (np.arange(3000) % 20 < 2))  # nine in ten matches are left out
        rare = Pool(pairs.features[kept], np.arange(len(kept)) % 2 == 0, DIRECTIONS)
        known = make_labelled(200, seed + 100)
        chooser = Chooser(rare, known.features, known.is_match, "random", count=40)
        choices = asked(chooser, truth[kept], 40)
        labels = truth[kept][[choice.row for choice in choices]]
        weights = np.array([choice.sampling_weight for choice in choices])
        assert weights.sum() == rare.set_apart.sum()
        share = truth[kept][rare.set_apart].mean()
        errors.append(np.average(labels, weights=weights) - share)
        even_errors.append(labels.mean() - share)
        found.append(labels.sum() / (40 * share))
    assert abs(np.mean(errors)) < 3 * np.std(errors) / np.sqrt(len(errors))
    assert np.mean(even_errors) > 0.1  # without the weights they would mislead
    assert np.mean(found) > 3


def test_random_pairs_estimate_the_share_of_matches_without_bias() -> None:
    means = []
    for seed in range(20):
        pairs, truth = pool(500, seed)
        chosen = [
            choice.row
            for choice in asked(Chooser(pairs, *NOTHING, count=50), truth, 50)
            if choice.sampled_by == "random"
        ]
        means.append(truth[chosen].mean() - truth.mean())
    assert abs(np.mean(means)) < 3 * np.std(means) / np.sqrt(len(means))


def test_back_asks_the_same_pair_again_and_then_goes_on() -> None:
    pairs, _ = pool()
    chooser = Chooser(pairs, *NOTHING)
    first, second = chooser.next(), chooser.next()
    assert first
    chooser.answer(first, "match")
    chooser.take_back(first, before=second)
    assert [chooser.next(), chooser.next()] == [first, second]


def test_features_without_values_or_variation_are_no_trouble() -> None:
    pairs, truth = pool(200)
    features = pairs.features.copy()
    features[:, 0], features[:, 1] = np.nan, 3.0
    assert len(asked(Chooser(Pool(features, pairs.set_apart, DIRECTIONS), *NOTHING, count=60), truth, 60)) == 60
    constant = Pool(np.full((200, 4), np.nan), pairs.set_apart, DIRECTIONS)
    assert len(asked(Chooser(constant, *NOTHING, count=60), truth, 60)) == 60


# --- the screen

LEFT = Record("A-1", "crm", {"name": "Anna Müller", "email": "a@x.org", "city": None, "phone": "1", "fax": None})
RIGHT = Record("B-2", None, {"name": "ANNA  müller", "email": "b@x.org", "city": "Rome", "phone": "1", "fax": None})


def test_two_records_side_by_side() -> None:
    assert pair_screen(LEFT, RIGHT, 60, colour=False).splitlines() == [
        "         A-1 (crm)                 B-2",
        "",
        "name  ≈  Anna Müller               ANNA  müller",
        "email ≠  a@x.org                   b@x.org",
        "city     -                         Rome",
        "phone =  1                         1",
    ]


def test_differing_parts_are_coloured() -> None:
    marked = "\x1b[33m\x1b[1m\x1b[4ma\x1b[0m@x.org"
    assert marked in pair_screen(LEFT, RIGHT, 60, colour=True)


def test_signs_without_unicode() -> None:
    lines = pair_screen(LEFT, RIGHT, 60, colour=False, signs="=~!").splitlines()
    assert [line[6] for line in lines[2:]] == ["~", "!", " ", "="]


def test_long_and_wide_values_wrap_within_the_width() -> None:
    left = Record("A", None, {"text": "word " * 20 + "x" * 50, "name": "名前" * 20})
    right = Record("B", None, {"text": "other words", "name": "名"})
    lines = pair_screen(left, right, 60, colour=False).splitlines()
    assert all(sum(2 if unicodedata.east_asian_width(c) == "W" else 1 for c in line) <= 60 for line in lines)
    shown = "".join(line[8:34] for line in lines[2:]).replace(" ", "")
    assert shown.count("word") >= 20
    assert "".join(lines).count("x") == 51  # with the one of "text"


def test_a_long_value_is_cut_for_show() -> None:
    words = " ".join(f"word{number}" for number in range(10_000))
    started = time.perf_counter()
    shown = pair_screen(Record("A", None, {"text": words}), Record("B", None, {"text": words + "x"}), 80, colour=False)
    assert time.perf_counter() - started < 5
    assert len(shown.splitlines()) < 40
    assert shown.count("characters)") == 2


def test_values_cannot_command_the_terminal() -> None:
    evil = Record("A\x1b[2J", None, {"name": "x\x1b]0;y\x07\u202ez\nw"})
    shown = pair_screen(evil, Record("B", None, {"name": "x"}), 80, colour=False)
    assert "x?]0;y??z w" in shown
    assert "A?[2J" in shown


# --- the command


@pytest.fixture
def run() -> Iterator[Run]:
    def invoke(*args: object, keys: str = "") -> Result:
        return CliRunner().invoke(main, [str(arg) for arg in args], input=keys, catch_exceptions=False)

    yield invoke
    close_connections()


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reference project without labels; the first session builds its candidate pairs."""
    folder = copy_reference_project(tmp_path_factory.mktemp("shop"))
    shutil.rmtree(folder / "dedup_models")
    return folder


def test_one_candidate_pair_in_five_is_kept_for_random_sampling_and_a_record_is_no_pair(shop: Path) -> None:
    project = DbtProject(shop, shop)
    spec = project.entity_spec("customers")
    pairs = read_material(project, spec, [])
    assert len(pairs.record_ids) > 2000
    assert 0.17 < pairs.pool.set_apart.mean() < 0.23
    left, right = pairs.record_ids[0]
    labels = [Label(left, left, "match", 2), Label(left, right, "no_match", 3)]
    labelled = read_material(project, spec, labels)
    close_connections()
    assert labelled.is_match.tolist() == [0]
    assert len(labelled.record_ids) == len(pairs.record_ids) - 1


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_a_session_saves_every_answer(run: Run, shop: Path) -> None:
    path = shop / "seeds/customers/customers_labels.csv"
    path.write_text(f"{HEADER}\n")
    result = run("label", "customers", "--count", 4, "--as", "ann", "--project-dir", shop, keys="bmnbXuxmn")
    assert result.exit_code == 0, result.output
    heads = [line for line in result.output.splitlines() if line.startswith("Pair ")]
    assert heads == [
        "Pair 1 of 4: the same entity?",
        "Pair 1 of 4: the same entity?   This is the first pair of the session.",
        "Pair 2 of 4: the same entity?   Saved: match.",
        "Pair 3 of 4: the same entity?   Saved: no_match.",
        "Pair 2 of 4: the same entity?   Taken back: no_match.",
        "Pair 2 of 4: the same entity?   Key 'x' has no meaning here.",
        "Pair 3 of 4: the same entity?   Saved: unsure.",
        "Pair 3 of 4: the same entity?   Key 'x' has no meaning here.",
        "Pair 4 of 4: the same entity?   Saved: match.",
    ]
    assert result.output.splitlines()[-2:] == [
        f"4 answers saved to {path}: 2 match, 1 no_match, 1 unsure.",
        "Train on them with `dbt-dedup train customers`.",
    ]
    rows = rows_of(path)
    assert [(row["label"], row["labelled_by"], row["reason"], row["sampled_by"]) for row in rows] == [
        ("match", "ann", "", "uncertainty"),
        ("unsure", "ann", "", "uncertainty"),
        ("match", "ann", "", "random"),
        ("no_match", "ann", "", "uncertainty"),
    ]
    assert all(row["record_id_l"] < row["record_id_r"] for row in rows)

    # in the other order the pairs count as asked just the same
    turned = [f"{row['record_id_r']},{row['record_id_l']},{row['label']}" for row in rows]
    path.write_text("record_id_l,record_id_r,label\n" + "\n".join(turned) + "\n")
    result = run("label", "customers", "--count", 30, "--by", "mixed", "--project-dir", shop, keys="mnu" * 8 + "q")
    assert result.output.splitlines()[-2].startswith(f"24 answers saved to {path}: 8 match, 8 no_match, 8 unsure.")
    pairs = [frozenset((row["record_id_l"], row["record_id_r"])) for row in rows_of(path)]
    assert len(pairs) == len(set(pairs)) == 28
    assert path.read_text().splitlines()[0] == "record_id_l,record_id_r,label"


def test_a_missing_seed_is_created_and_quitting_saves_nothing(run: Run, shop: Path) -> None:
    (shop / "seeds/customers/customers_labels.csv").unlink(missing_ok=True)
    properties = shop / "seeds/customers/_seeds.yml"
    properties.write_text(properties.read_text().split("  - name: customers_labels")[0])
    shutil.rmtree(shop / "target", ignore_errors=True)
    result = run("label", "customers", "--project-dir", shop, keys="q")
    assert result.exit_code == 0, result.output
    path = shop / "seeds/customers_labels.csv"
    assert result.output.splitlines()[0] == f"Created {path} and the YAML next to it."
    assert result.output.splitlines()[-1] == "No answers."
    assert path.read_text() == f"{HEADER}\n"
    DbtProject(shop).run("seed", "--select", "customers_labels")
    properties = shop / "seeds/customers_labels.yml"
    assert all(f"        {column}: varchar" in properties.read_text() for column in COLUMNS)
    # a file of a colleague: fewer columns, in another order
    path.write_text("label,record_id_r,record_id_l\nmatch,CRM-000002,CRM-000001\n")
    project = DbtProject(shop)
    project.run("seed", "--select", "customers_labels")
    with project.open() as warehouse:
        (row,) = warehouse.read("customers_labels", ["record_id_l", "record_id_r", "label"]).fetchall()
    assert row == ("CRM-000001", "CRM-000002", "match")
    # where people wrote the YAML themselves, the message names the way
    properties.write_text(properties.read_text().replace("      full_refresh: true\n", ""))
    path.write_text("record_id_l,record_id_r,label,reason\na,b,match,\n")
    with pytest.raises(DedupError, match="run `dbt seed --full-refresh --select customers_labels`"):
        DbtProject(shop).run("seed", "--select", "customers_labels")


def test_where_only_the_file_of_a_seed_was_lost_its_yaml_is_kept(tmp_path: Path) -> None:
    described = tmp_path / "seeds/people/_seeds.yml"
    described.parent.mkdir(parents=True)
    described.write_text("seeds:\n  - name: other_labels\n  - name: labels\n    description: Ours.\n")
    path = create_seed(tmp_path / "seeds", "labels", COLUMNS, "Labels.")
    assert path == described.with_name("labels.csv")
    assert path.read_text() == f"{HEADER}\n"
    assert sorted(file.name for file in path.parent.parent.rglob("*.*")) == ["_seeds.yml", "labels.csv"]


def test_a_folder_in_the_place_of_the_labels_is_named(tmp_path: Path) -> None:
    labels = tmp_path / "seeds/customers/labels.csv"
    labels.mkdir(parents=True)
    project: Any = SimpleNamespace(
        missing_reference=lambda: "labels", declared=lambda _: {"labels": "labels"}, seed_directory=tmp_path / "seeds"
    )
    with pytest.raises(DedupError) as error:
        create_missing_seed(project, "customers", "labels", COLUMNS, "Labels.")
    assert str(error.value) == (
        f"{labels} is the labels of entity 'customers' and no file that dbt can read: remove it, or restore the file."
    )
    assert [file.name for file in (tmp_path / "seeds").rglob("*")] == ["customers", "labels.csv"]


def test_a_seed_that_another_process_creates_at_the_same_moment_keeps_its_rows(tmp_path: Path) -> None:
    folder, said = tmp_path / "seeds", iter(["labels", None])

    def missing_reference() -> str | None:
        missing = next(said)
        if missing:
            LabelFile(create_seed(folder, "labels", COLUMNS, "Labels.")).add({"record_id_l": "a", "record_id_r": "b"})
        return missing

    project: Any = SimpleNamespace(
        missing_reference=missing_reference, declared=lambda _: {"labels": "labels"}, seed_directory=folder
    )
    assert create_missing_seed(project, "customers", "labels", COLUMNS, "Labels.") is None
    assert [label.pair for label in LabelFile(folder / "labels.csv").read()] == [("a", "b")]


def test_a_label_of_any_length_is_read(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    write_csv(path, [COLUMNS[:3], ["x" * 200_000, "b", "match"]])
    (label,) = LabelFile(path).read()
    assert (label.record_id_l, label.record_id_r) == ("x" * 200_000, "b")


def test_a_created_seed_is_a_seed_with_text_columns(tmp_path: Path) -> None:
    path = create_seed(tmp_path / "seeds", "labels", COLUMNS, "Labels.")
    assert path.read_text() == f"{HEADER}\n"
    assert LabelFile(path).read() == []


@pytest.mark.parametrize(
    ("spec", "entity", "message"),
    [
        (
            {"labels": None},
            "customers",
            "Entity 'customers' names no labels. Add `labels: customers_labels` to dedup_entities.customers in"
            " dbt_project.yml and run this again: the seed is created.",
        ),
        (
            {"labels": "int_customers__label_features"},
            "customers",
            "The labels of entity 'customers' come from 'int_customers__label_features', which is not a seed of this"
            " project. `dbt-dedup label` writes to a CSV seed: name one in `labels`.",
        ),
        (
            {},
            "custmers",
            "Unknown entity 'custmers': the project in {dir} has no model int_custmers__spec."
            " Known entities: customers.",
        ),
    ],
    ids=["no labels", "labels of a model", "entity"],
)
def test_label_refuses(run: Run, tmp_path: Path, spec: dict[str, Any], entity: str, message: str) -> None:
    write_mini_project(tmp_path, **spec)
    result = run("label", entity, "--project-dir", tmp_path)
    assert (result.exit_code, result.output) == (1, "Error: " + message.format(dir=tmp_path) + "\n")


# --- the review queue


@pytest.fixture(scope="module")
def queued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Things of which two pairs wait in the review queue: r2 and r3, then f1 and f2."""
    project = build_things(tmp_path_factory.mktemp("queued"))
    write_csv(project.folder / "seeds/things_labels.csv", [COLUMNS])
    project.dbt("build", "--select", "+things_review_queue", *MODELS_ONLY)
    return project.folder


def seeded(folder: Path) -> Path:
    """The same things in a database that has the seeds alone."""
    build_things(folder).dbt("seed")
    return folder


def test_the_review_queue_is_worked_through(run: Run, queued: Path) -> None:
    options = ("things", "--queue", "--as", "ann", "--project-dir", queued)
    labels = queued / "seeds/things_labels.csv"
    write_csv(labels, [COLUMNS])
    first = run("label", *options, "--count", 1, keys="m")
    assert "Warning" not in first.output
    assert first.output.splitlines()[0] == "Pair 1 of 1: the same entity?"
    assert "\nmatch probability 0.889\nfor:     mail +6.0\n" in first.output
    assert first.output.splitlines()[-1] == "Run `dbt build` for them to take effect."
    rest = run("label", *options, keys="bunm")
    assert [line for line in rest.output.splitlines() if line.startswith("Pair ")] == [
        "Pair 1 of 1: the same entity?",
        "Pair 1 of 1: the same entity?   This is the first pair of the session.",
    ]
    assert [(row["record_id_l"], row["record_id_r"], row["label"], row["sampled_by"]) for row in rows_of(labels)] == [
        ("r2", "r3", "match", "review_queue"),
        ("f1", "f2", "unsure", "review_queue"),
    ]
    assert run("label", *options).output == "No pair of things_review_queue waits for an answer.\n"


def test_an_answer_in_the_review_queue_is_taken_back(run: Run, queued: Path) -> None:
    labels = queued / "seeds/things_labels.csv"
    write_csv(labels, [COLUMNS])
    result = run("label", "things", "--queue", "--as", "=ann", "--project-dir", queued, keys="mbnn")
    assert f"cells written to {labels} would be run as a formula by a spreadsheet, for example '=ann'." in result.output
    assert [line for line in result.output.splitlines() if line.startswith("Pair ")] == [
        "Pair 1 of 2: the same entity?",
        "Pair 2 of 2: the same entity?   Saved: match.",
        "Pair 1 of 2: the same entity?   Taken back: match.",
        "Pair 2 of 2: the same entity?   Saved: no_match.",
    ]
    assert [(row["record_id_l"], row["label"]) for row in rows_of(labels)] == [("r2", "no_match"), ("f1", "no_match")]


def test_a_queue_that_is_not_built(run: Run, tmp_path: Path) -> None:
    folder = seeded(tmp_path)
    result = run("label", "things", "--queue", "--project-dir", folder)
    assert result.exit_code == 1
    assert "Table with name things_review_queue does not exist" in result.output
    assert "They are not built, or are from another version of the package or another spec. Run `dbt" in result.output


@pytest.mark.parametrize(
    "options", ["--queue --audit", "--queue --by random", "--prune --conflicts", "--queue --build"]
)
def test_options_that_exclude_each_other(run: Run, queued: Path, options: str) -> None:
    result = run("label", "things", *options.split(), "--project-dir", queued)
    assert result.exit_code == 2
    assert all(option in result.output for option in options.split() if option != "random")


# --- labels of deleted records


def test_labels_of_deleted_records_are_removed_when_a_person_agrees(run: Run, queued: Path) -> None:
    labels = queued / "seeds/things_labels.csv"
    kept = "record_id_l,record_id_r,label,reason\r\nd1,d2,match,\"two\nlines, 'quoted'\"\r\n\r\nc1,c2,match,\r\n"
    labels.write_text(
        kept + 'd1,gone,no_match,"more\n\nlines"\r\nlost,x1,unsure,\r\n' + "n1,n2,no_match,\r\n", newline=""
    )
    before = labels.read_bytes()
    refused = run("label", "things", "--prune", "--project-dir", queued, keys="n\n")
    assert refused.exit_code == 1
    assert labels.read_bytes() == before
    agreed = run("label", "things", "--prune", "--project-dir", queued, keys="y\n")
    assert agreed.output.splitlines()[:2] == ["  line 8: d1, gone, no_match", "  line 9: lost, x1, unsure"]
    assert agreed.output.endswith("Removed 2 labels.\n")
    assert labels.read_bytes() == (kept + "n1,n2,no_match,\r\n").encode()
    again = run("label", "things", "--prune", "--project-dir", queued)
    assert again.output == f"Every label in {labels} is of records that exist.\n"


def test_nothing_is_removed_where_nothing_is_built(run: Run, tmp_path: Path) -> None:
    folder = seeded(tmp_path)
    before = (folder / "seeds/things_labels.csv").read_bytes()
    result = run("label", "things", "--prune", "--project-dir", folder, keys="y\n")
    assert result.exit_code == 1
    assert "stg_things__records does not exist" in result.output
    assert "Run `dbt build`" in result.output
    assert (folder / "seeds/things_labels.csv").read_bytes() == before


def test_conflicts_are_listed_and_train_warns(run: Run, tmp_path: Path) -> None:
    labels = label_seed()
    write_mini_project(tmp_path, labels)
    pairs = tmp_path / "seeds/pairs.csv"
    seed = tmp_path / "seeds/customers_labels.csv"
    clean = run("label", "customers", "--conflicts", "--project-dir", tmp_path)
    assert (clean.exit_code, clean.output) == (0, "No label of 'customers' contradicts another.\n")

    label = labels["label"].to_pylist()
    one, two = [i for i, value in enumerate(label) if value == "match"][:2]
    left, right = f"r{2 * one}", f"r{2 * two + 1}"
    extra = [(f"r{2 * one + 1}", f"r{2 * two}", "match"), (left, right, "no_match")]
    features = pairs.read_text().splitlines()[1].split(",")[3:]
    with pairs.open("a") as file:
        file.writelines(f"{a},{b},0,{','.join(features)}\n" for a, b, _ in extra)
    with seed.open("a") as file:
        file.writelines(f"{','.join(row)}\n" for row in extra)
    close_connections()
    found = run("label", "customers", "--conflicts", "--project-dir", tmp_path)
    conflict = f"{left} = r{2 * one + 1} = r{2 * two} = {right}, but {left} <> {right}"
    lines = ", ".join(map(str, sorted((one + 2, two + 2, 202, 203))))
    assert (found.exit_code, found.output) == (1, f"1 conflict in {seed}:\n  {conflict} (lines {lines})\n")
    close_connections()
    trained = run("train", "customers", "--project-dir", tmp_path)
    assert trained.exit_code == 0, trained.output
    assert (
        f"Warning: 1 labels contradict others, for example {conflict}."
        " `dbt-dedup label customers --conflicts` lists all.\n" in trained.output
    )


# --- the audit


@pytest.fixture
def audited(demo: Project, tmp_path: Path) -> Path:
    """A copy of the built demo, whose labels have no random pair."""
    ignore = shutil.ignore_patterns("compiled", "run", "logs")
    return Path(shutil.copytree(demo.folder, tmp_path / "project", ignore=ignore))


def test_an_audit_measures_the_model_on_pairs_that_it_has_not_learned_from(run: Run, audited: Path) -> None:
    """The answers are those of the truth, so the shares are those of the model."""
    result = run("label", "customers", "--audit", "--count", 12, "--project-dir", audited, keys="m" * 6 + "n" * 5 + "u")
    assert result.exit_code == 0, result.output
    rows = [row for row in rows_of(audited / "seeds/customers/customers_labels.csv") if row["sampled_by"] == "random"]
    assert len(rows) == 12
    production = (audited / "dedup_models/customers/production").read_text().strip()
    said = result.output.splitlines()
    measured = next(line for line in said if line.startswith(production))
    card = json.loads((audited / "dedup_models/customers" / production / "card.json").read_text(encoding="utf-8"))
    threshold = f"{card['thresholds']['match']:g}"
    assert (
        f"{production} at match threshold {threshold}, on 11 random pairs (6 matches) that it has not learned from"
        in measured
    )
    shares = [float(share) for share in re.findall(r"(?:precision|recall) ([0-9.]+)", measured)]
    assert len(shares) == 2
    assert all(0 <= share <= 1 for share in shares)


def test_an_audit_leaves_out_what_the_model_has_learned_and_what_was_not_drawn_at_random(
    demo: Project, audited: Path
) -> None:
    project = DbtProject(audited)
    spec = project.entity_spec("customers")
    known = load_production(spec, audited).held_out
    assert known is not None
    ((left, right), *_) = known.record_ids
    labels = [Label(left, right, "match", 2, "random", 5.0)]
    assert audit(project, spec, labels).quality is None
    assert "Nothing measured" in str(audit(project, spec, labels))
    pairs = demo.rows(
        "select record_id_l, record_id_r, match_probability from customers_matches"
        " where decided_by = 'model' order by match_probability desc limit 4"
    )
    labels += [Label(l_id, r_id, "match", 3, "random", 2.0) for l_id, r_id, _ in pairs[:3]]
    labels += [Label(pairs[3][0], pairs[3][1], "no_match", 6, "uncertainty")]
    close_connections()
    quality = audit(project, spec, labels).quality
    assert quality is not None
    assert (quality.pairs, quality.matches) == (3, 3)
    assert (quality.precision.value, quality.recall.value) == (1.0, 1.0)
    assert quality.precision.low < 0.6


def test_an_audit_needs_a_model_and_random_pairs(run: Run, audited: Path) -> None:
    result = run("label", "customers", "--audit", "--by", "diversity", "--project-dir", audited)
    assert result.exit_code == 2
    assert "--audit asks about pairs chosen by random, not diversity: leave out one of the options." in result.output
    (audited / "dedup_models/customers/production").unlink()
    result = run("label", "customers", "--audit", "--project-dir", audited)
    assert result.exit_code == 1
    assert "Entity 'customers' has no model in production" in result.output
