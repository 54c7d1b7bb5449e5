"""The tool that makes mistakes in the package: which it makes, and how it counts those that no test notices."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from project import REPO

sys.path.append(str(REPO / "tests/mutants"))
import mutants
from closest import CLOSEST, closest_tests
from mutation import Mutation
from python_mutations import python_mutations
from sql_mutations import sql_mutations

SOURCES = [
    path.relative_to(REPO).as_posix()
    for root, suffix, _ in mutants.SOURCES
    for path in sorted((REPO / root).rglob(f"*{suffix}"))
]


def mutated(find: Callable[[str, bytes], list[Mutation]], text: str) -> set[str]:
    """The text with each of its mutations."""
    source = text.encode()
    return {mutation.apply(source).decode() for mutation in find("x", source)}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("a < b", {"a <= b"}),
        ("a < b >= c", {"a <= b >= c", "a < b > c"}),
        ("(a) == (b)", {"(a) != (b)"}),
        ("a not in b", {"a in b"}),
        ("a is not b", {"a is b"}),
        ("a and b or c", {"a or b or c", "a and b and c"}),
        ("not (a)", {" (a)"}),
        ("ä = '€' if a + b else a // b", {"ä = '€' if a - b else a // b", "ä = '€' if a + b else a * b"}),
        ("'x' + a", set()),
        ("x = [1, 2.5, 0.0, True]", {f"x = [{r}]" for r in ("2, 2.5, 0.0, True", "1, 5.0, 0.0, True")}
         | {f"x = [{r}]" for r in ("1, 2.5, 1.0, True", "1, 2.5, 0.0, False")}),
        ("max(a)", {"min(a)", "pass"}),
        ("x = np.minimum(a, b)", {"x = np.maximum(a, b)"}),
        ("def f() -> int:\n    return a", {"def f() -> int:\n    return None"}),
        ("def f():\n    return None", set()),
        ("raise E('no')", {"pass"}),
        ("x += y", {"pass"}),
        ("while a:\n    break", {"while a:\n    continue"}),
        ('"""Not this, and not that: 1 < 2."""\nx = f"{a < 2}"', set()),
        ("@cache(1)\ndef f(a: Literal[1] = 2): ...", {"@cache(1)\ndef f(a: Literal[1] = 3): ..."}),
        ("assert a < b", set()),
        ("zip(a, b, strict=True)", {"pass"}),
    ],
)  # fmt: skip
def test_mistakes_in_python(code: str, expected: set[str]) -> None:
    assert mutated(python_mutations, code) == expected


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("where a >= 2 \n", {"where a > 2 \n", "where a >= 3 \n"}),
        ("where a = b\n", {"where a <> b\n"}),
        ("{% set a = b %}", set()),
        ("{{ 'l.' ~ f ~ ' = r.x' }}", {"{{ 'l.' ~ f ~ ' <> r.x' }}"}),
        ("{% if a == b %}", {"{% if a != b %}"}),
        ("{% if a and not c %}", {"{% if a or not c %}", "{% if a and c %}"}),
        ("a is null", {"a is not null"}),
        ("a is not null", {"a is null"}),
        ("min(a)", {"max(a)"}),
        ("count(distinct a)", {"count(a)"}),
        ("left join t", {"inner join t"}),
        ("order by a asc nulls last, b desc\n", {
            "order by a desc nulls last, b desc\n", "order by a asc nulls first, b desc\n",
            "order by a asc nulls last, b asc\n", "order by a asc nulls last\n",
        }),
        ("on a = b\n    and c\n", {"on a <> b\n    and c\n", "on a = b\n    or c\n", "on a = b\n\n"}),
        ("coalesce(f(a, b), 'x') as c", {"f(a, b) as c"}),
        ("coalesce(a,\n b)", set()),
        ("{{ 'coalesce(' ~ a ~ ', x)' }}", set()),
        ("{{ 'coalesce(a, ' ~ b ~ ')' }}", set()),
        ("{# a >= 2 #}-- a < b\n", set()),
        ("{{ error('more than 5 of the pairs, or ' ~ a) }}", set()),
        ("{{ x | indent(4) }}", set()),
    ],
)  # fmt: skip
def test_mistakes_in_sql(sql: str, expected: set[str]) -> None:
    assert mutated(sql_mutations, sql) == expected


def test_a_mutation_of_python_is_python_still() -> None:
    """A mistake that no program can read would be noticed by any test."""
    for file in (file for file in SOURCES if file.endswith(".py")):
        source = (REPO / file).read_bytes()
        for mutation in python_mutations(file, source)[::23]:
            ast.parse(mutation.apply(source))


def test_every_source_file_has_tests_close_to_it_and_no_other_is_named() -> None:
    for file in SOURCES:
        assert all((REPO / test).is_file() for test in closest_tests(file))
    assert [prefix for prefix in CLOSEST if not any(file.startswith(prefix) for file in SOURCES)] == []
    with pytest.raises(KeyError, match=r"closest.py names no tests for python/other.py"):
        closest_tests("python/other.py")


def test_what_is_known_to_be_equivalent_is_still_there_and_is_not_drawn() -> None:
    known = json.loads(mutants.EQUIVALENT.read_text(encoding="utf-8"))
    for entry in known:
        source = (REPO / entry["file"]).read_bytes()
        (find,) = (find for root, suffix, find in mutants.SOURCES if entry["file"].endswith(suffix))
        lines = {mutation.changed_lines(source) for mutation in find(entry["file"], source)}
        assert (entry["before"], entry["after"]) in lines, entry
        assert entry["why"]
        left = mutants.mutations_of(entry["file"], "", find)
        assert (entry["before"], entry["after"]) not in {mutation.changed_lines(source) for mutation in left}


def test_the_same_seed_draws_the_same() -> None:
    found = mutants.mutations_of(*mutants.SOURCES[0], only=["macros/block"])
    assert {mutation.file.split("/")[1] for mutation in found} == {"block"}
    first, again, other = (mutants.drawn(found, 20, seed) for seed in (1, 1, 2))
    assert first == again != other
    assert len(set(first)) == 20
    assert len(mutants.drawn(found, 10**6, 1)) == len(found)


# --- a run, on a repository of one module and its tests

MODULE = b"""def larger(a, b):
    return a if a > b else b


def counted(items):
    n = 0
    while n < len(items):
        n += 1
    return n
"""
TESTS = """from dbt_dedup.sizes import counted, larger

def test_sizes():
    assert larger(1, 2) == 2 and larger(2, 1) == 2
    assert counted("abc") == 3
"""
FILE = "python/dbt_dedup/words.py"
TEST, *OTHER_TESTS = closest_tests(FILE)


@pytest.fixture
def copy(tmp_path: Path) -> mutants.Copy:
    repository = tmp_path / "given"
    for name, text in {
        FILE: MODULE.decode(),
        "python/dbt_dedup/__init__.py": "",
        TEST: TESTS.replace("sizes", "words", 1),
        **dict.fromkeys(OTHER_TESTS, "def test_nothing():\n    pass\n"),
        ".gitignore": "ignored\n",
        "ignored": "",
    }.items():
        (repository / name).parent.mkdir(parents=True, exist_ok=True)
        (repository / name).write_text(text)
    subprocess.run(["git", "init", "--quiet", "."], cwd=repository, check=True)
    return mutants.copy_repository(tmp_path / "copied", tmp_path, repository)


def mistake(before: bytes, after: bytes) -> Mutation:
    start = MODULE.index(before)
    return Mutation(FILE, "mistake", start, start + len(before), after)


def test_a_copy_has_what_git_would_track(copy: mutants.Copy) -> None:
    assert (copy.folder / FILE).read_bytes() == MODULE
    assert not (copy.folder / "ignored").exists()


def test_what_a_test_notices_is_killed_and_what_none_notices_survives(copy: mutants.Copy) -> None:
    assert copy.outcome(mistake(b"a > b", b"a < b")) == ("killed", TEST)
    assert copy.outcome(mistake(b"a > b", b"a >= b")) == ("survived", "")
    assert copy.outcome(mistake(b"def larger(", b"def smaller(")) == ("killed", TEST)
    assert (copy.folder / FILE).read_bytes() == MODULE
    assert not copy.temporary.exists()


def test_what_never_ends_is_timed_out(copy: mutants.Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mutants, "SLACK", 2)
    assert copy.outcome(mistake(b"n += 1", b"pass")) == ("timed out", TEST)
    assert (copy.folder / FILE).read_bytes() == MODULE


@pytest.mark.parametrize(
    ("tests", "said"),
    [("def test_no():\n    assert 1 == 2\n", "assert 1 == 2"), ("", "no tests ran")],
)
def test_tests_that_fail_anyway_say_nothing(copy: mutants.Copy, tests: str, said: str) -> None:
    (copy.folder / TEST).write_text(tests)
    with pytest.raises(mutants.MutantsError, match=f"{TEST} does not pass without a mutation") as error:
        copy.outcome(mistake(b"a > b", b"a >= b"))
    assert said in str(error.value)


def test_nothing_to_mutate_is_no_success(capsys: pytest.CaptureFixture[str]) -> None:
    assert mutants.main(["--only", "macros/nothing"]) == 2
    assert "check --only, --macros and --python" in capsys.readouterr().err


@pytest.mark.parametrize(("outcome", "code"), [("killed", 0), ("survived", 1), ("timed out", 0)])
def test_a_run_fails_if_more_survive_than_are_allowed(
    outcome: str, code: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(mutants.Copy, "outcome", lambda *_: (outcome, ""))
    monkeypatch.setattr(mutants, "RESULTS", tmp_path / "target/mutants.json")
    arguments = ["--macros", "1", "--python", "2", "--only", "macros/block", "python/dbt_dedup/words"]
    assert mutants.main(arguments) == code
    printed = capsys.readouterr().out
    assert f"{float(code):.1%} of 3 mutations survive" in printed
    assert printed.count("--- a/") == 3 * code
    assert [each["outcome"] for each in json.loads(mutants.RESULTS.read_text())["mutations"]] == [outcome] * 3
