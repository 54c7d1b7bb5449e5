"""Make small mistakes in the package, one at a time, and count those that no test notices: `make mutants`.

A mutation is drawn by chance, with a seed, from all that `sql_mutations` and `python_mutations` find. It is made in a
copy of the repository, so that a run that is stopped leaves no mistake behind. There the test files that `closest`
names run until one fails. What survives is printed as a diff, and `target/mutants.json` keeps all outcomes.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from closest import closest_tests
from mutation import Mutation
from python_mutations import python_mutations
from sql_mutations import sql_mutations

REPO = Path(__file__).resolve().parents[2]
SOURCES = (("macros", ".sql", sql_mutations), ("python/dbt_dedup", ".py", python_mutations))
# mutations that make no difference: {file, before, after, why}, where before and after are the changed lines
EQUIVALENT = Path(__file__).with_name("equivalent.json")
RESULTS = REPO / "target" / "mutants.json"
# pytest's exit codes: tests failed; the run was stopped, as by an error while a file is collected
NOTICED = (1, 2)
SURVIVED, KILLED, TIMED_OUT = "survived", "killed", "timed out"
SLACK = 120  # seconds that a test file may take with a mutation, more than three times what it takes without one


class MutantsError(Exception):
    """The run says nothing about the tests."""


@dataclass
class Copy:
    """A copy of the repository in which test files run.

    Attributes:
        folder: where the copy is.
        temporary: where the tests write; emptied after each file.
        clean_seconds: how long each test file took without a mutation.
    """

    folder: Path
    temporary: Path
    clean_seconds: dict[str, float] = field(default_factory=dict)

    @property
    def output(self) -> Path:
        """What pytest printed last."""
        return self.temporary.with_suffix(".txt")

    def outcome(self, mutation: Mutation) -> tuple[str, str]:
        """Run the closest tests with the mutation. What became of it, and the test file that noticed."""
        tests = closest_tests(mutation.file)
        path = self.folder / mutation.file
        clean = path.read_bytes()
        for test in tests:
            if test not in self.clean_seconds:
                self._run_clean(test)
            path.write_bytes(mutation.apply(clean))
            try:
                code = self._run(test, 3 * self.clean_seconds[test] + SLACK)
            finally:
                path.write_bytes(clean)
            if code is None:
                return TIMED_OUT, test
            if code in NOTICED:
                return KILLED, test
            if code:
                raise MutantsError(f"pytest could not run {test}: it ended with exit code {code}.")
        return SURVIVED, ""

    def _run_clean(self, test: str) -> None:
        started = time.monotonic()
        code = self._run(test, None)
        if code:
            raise MutantsError(
                f"{test} does not pass without a mutation (exit code {code}), so its failures say nothing:\n"
                + "".join(self.output.read_text(encoding="utf-8", errors="replace").splitlines(keepends=True)[-40:])
            )
        self.clean_seconds[test] = time.monotonic() - started

    def _run(self, test: str, seconds: float | None) -> int | None:
        """Exit code of pytest on one file, which stops at the first failure; None if it took longer than allowed."""
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-x",
            "-q",
            "-p",
            "no:cacheprovider",
            f"--basetemp={self.temporary}",
            test,
        ]
        environment = os.environ | {
            "PYTHONPATH": str(self.folder / "python"),
            "DBT_PROFILES_DIR": str(self.folder),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
            # a mutation may leave size and time of a file as they were, which is what Python goes by
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        with self.output.open("wb") as output:
            process = subprocess.Popen(
                command,
                cwd=self.folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=limit_memory,
            )
            try:
                return process.wait(seconds)
            except subprocess.TimeoutExpired:
                return None
            finally:
                # the children that tests start are of the same group, and a stopped run stops them too
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                shutil.rmtree(self.temporary, ignore_errors=True)


def limit_memory() -> None:
    """A mutation that fills the memory ends its tests, and nothing else."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") * 3 // 4
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def copy_repository(folder: Path, temporary: Path, repository: Path = REPO) -> Copy:
    """Copy what git tracks, and what it would track, to a folder below `folder`; tests write below `temporary`."""
    copy = Copy(folder / "repository", temporary / "tests")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=repository,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (repository / name).is_file():
            (copy.folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(repository / name, copy.folder / name)
    return copy


def mutations_of(
    root: str,
    suffix: str,
    find: Callable[[str, bytes], list[Mutation]],
    only: Sequence[str] = (),
    repository: Path = REPO,
) -> list[Mutation]:
    """Every mutation below a folder that is not known to be equivalent, in the order of the files."""
    known = {(each["file"], each["before"], each["after"]) for each in json.loads(EQUIVALENT.read_text("utf-8"))}
    found = []
    for path in sorted((repository / root).rglob(f"*{suffix}")):
        file, source = path.relative_to(repository).as_posix(), path.read_bytes()
        if not only or any(file.startswith(prefix) for prefix in only):
            found += [each for each in find(file, source) if (file, *each.changed_lines(source)) not in known]
    return found


def drawn(found: Sequence[Mutation], size: int, seed: int) -> list[Mutation]:
    """That many mutations by chance, or all if there are fewer."""
    return random.Random(seed).sample(list(found), min(size, len(found)))


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw, run, print; 1 if more survive than are allowed."""
    options = _parser().parse_args(arguments)
    mutations: list[Mutation] = []
    for (root, suffix, find), size in zip(SOURCES, (options.macros, options.python), strict=True):
        mutations += drawn(mutations_of(root, suffix, find, options.only), size, options.seed)
    if not mutations:
        print("No file that was asked for can be mutated: check --only, --macros and --python.", file=sys.stderr)
        return 2
    outcomes: list[dict[str, Any]] = []
    RESULTS.parent.mkdir(exist_ok=True)
    # some tests want to write far from the repository
    with (
        tempfile.TemporaryDirectory(prefix="mutants-", dir=RESULTS.parent) as folder,
        tempfile.TemporaryDirectory(prefix="mutants-") as temporary,
    ):
        copy = copy_repository(Path(folder), Path(temporary))
        for number, mutation in enumerate(mutations, 1):
            started = time.monotonic()
            try:
                what, test = copy.outcome(mutation)
            except MutantsError as error:
                print(error, file=sys.stderr)
                return 2
            source = (copy.folder / mutation.file).read_bytes()
            line = source.count(b"\n", 0, mutation.start) + 1
            seconds = round(time.monotonic() - started)
            print(
                f"{number}/{len(mutations)} {what}: {mutation.file}:{line} ({mutation.kind}) {test} {seconds} s",
                flush=True,
            )
            if what == SURVIVED:
                print(mutation.diff(source), flush=True)
            outcomes.append({
                "file": mutation.file, "line": line, "kind": mutation.kind, "outcome": what, "noticed_by": test or None,
                "before": mutation.changed_lines(source)[0], "after": mutation.changed_lines(source)[1],
            })  # fmt: skip
            _write(options, outcomes)
    share = sum(each["outcome"] == SURVIVED for each in outcomes) / len(outcomes)
    print(f"{dict(Counter(each['outcome'] for each in outcomes))}: {share:.1%} of {len(outcomes)} mutations survive.")
    return int(share > options.at_most)


def _write(options: argparse.Namespace, outcomes: list[dict[str, Any]]) -> None:
    RESULTS.write_text(json.dumps({"seed": options.seed, "mutations": outcomes}, indent=2) + "\n", encoding="utf-8")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--macros", type=int, default=30, help="mutations of macros to draw (30)")
    parser.add_argument("--python", type=int, default=30, help="mutations of Python to draw (30)")
    parser.add_argument("--seed", type=int, default=0, help="another number draws others (0)")
    parser.add_argument(
        "--only", nargs="+", default=(), metavar="PATH", help="beginnings of paths, such as macros/block"
    )
    parser.add_argument("--at-most", type=float, default=0.1, help="share that may survive without an error (0.1)")
    return parser


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the tests end too, and the copy is removed
    sys.exit(main())
