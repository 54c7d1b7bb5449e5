"""One line on each check of another engine, for the end of the CI log: what was checked, or why it could not be."""

from __future__ import annotations

from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
OUTCOMES = REPO / "target" / "checks"


def forget(check: str) -> None:
    """Remove the line of an earlier run, so that a run that fails leaves none."""
    OUTCOMES.mkdir(parents=True, exist_ok=True)
    (OUTCOMES / f"{check}.txt").unlink(missing_ok=True)


def record(check: str, outcome: str) -> None:
    """Print the outcome of a check and keep it in `target/checks/<check>.txt`."""
    line = f"{check}: {outcome}"
    (OUTCOMES / f"{check}.txt").write_text(line + "\n", encoding="utf-8")
    print(line, flush=True)
