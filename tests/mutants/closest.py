"""Which test files stand closest to a source file, the quickest first; a longer path goes before a shorter one."""

from __future__ import annotations

CLOSEST: dict[str, tuple[str, ...]] = {
    "macros/block": ("block", "fuzzy_blocking", "suggest_blocking"),
    "macros/check": ("build", "parity"),
    "macros/compare": ("compare", "url_geo"),
    "macros/dialect": ("compare", "prepare", "block", "incremental"),
    "macros/learn": ("block", "learn", "labelling"),
    "macros/prepare": ("prepare", "hard_values", "url_geo", "quality_issues", "build"),
    "macros/resolve": ("decided", "entity_ids", "history_issues", "override_commands", "explain", "build"),
    "macros/score": ("decided", "explain", "compiled", "build"),
    "macros/serve": ("decided", "golden", "guards", "serve", "build"),
    "macros/serve/_find": ("find",),
    "macros/serve/find": ("find",),
    "macros/serve/override_issues": ("override_commands", "build"),
    "macros/spec": ("spec", "spec_reading", "golden"),
    "python/dbt_dedup/__init__": ("rooms",),
    "python/dbt_dedup/blocking": ("suggest_blocking",),
    "python/dbt_dedup/classifiers": ("classifiers", "artefact", "unsupervised", "calibration"),
    "python/dbt_dedup/cli": ("cli",),
    "python/dbt_dedup/constants": ("score", "training", "labelling"),
    "python/dbt_dedup/demo": ("readme",),
    "python/dbt_dedup/doctor": ("doctor",),
    "python/dbt_dedup/errors": ("artefact", "files", "cli"),
    "python/dbt_dedup/explain": ("explain",),
    "python/dbt_dedup/files": ("files", "artefact", "promotion"),
    "python/dbt_dedup/graph": ("graph", "resolve", "training", "report"),
    "python/dbt_dedup/guess": ("guess", "init"),
    "python/dbt_dedup/labelling": ("labelling",),
    "python/dbt_dedup/linkage": ("graph", "without_labels"),
    "python/dbt_dedup/lookup": ("find",),
    "python/dbt_dedup/names": ("artefact", "classifiers"),
    "python/dbt_dedup/overrides": ("overrides", "override_commands"),
    "python/dbt_dedup/pair_features": ("score", "training", "unsupervised", "explain"),
    "python/dbt_dedup/plan": ("plan",),
    "python/dbt_dedup/publish": ("publish",),
    "python/dbt_dedup/publish/files": ("publish_files",),
    "python/dbt_dedup/reference": ("synthesize", "init"),
    "python/dbt_dedup/registry": ("artefact", "promotion", "state", "classifiers"),
    "python/dbt_dedup/report": ("report",),
    "python/dbt_dedup/resolve": ("component", "closure", "replay", "overrides", "resolve", "emergencies"),
    "python/dbt_dedup/scaffold": ("scaffold", "init"),
    "python/dbt_dedup/score": ("score", "compiled", "parity"),
    "python/dbt_dedup/seed_files": ("overrides", "labelling", "override_commands"),
    "python/dbt_dedup/side_by_side": ("labelling", "report"),
    "python/dbt_dedup/progress": ("progress",),
    "python/dbt_dedup/spec": ("score", "training", "promotion", "spec_reading"),
    "python/dbt_dedup/spec_reference": ("spec",),
    "python/dbt_dedup/synthesize": ("synthesize", "synthesize_customers", "synthesize_companies"),
    "python/dbt_dedup/terminal": ("places", "labelling", "cli"),
    "python/dbt_dedup/training/evaluation": ("evaluation", "calibration", "training"),
    "python/dbt_dedup/training/starts": ("starts", "without_labels"),
    "python/dbt_dedup/training/structure": ("structure", "relatives", "without_labels"),
    "python/dbt_dedup/training/thresholds": ("evaluation", "training", "calibration"),
    "python/dbt_dedup/training": ("calibration", "relatives", "training", "unsupervised", "without_labels"),
    "python/dbt_dedup/warehouse/places": ("places", "publish"),
    "python/dbt_dedup/warehouse": ("cli", "spec_reading", "doctor"),
    "python/dbt_dedup/words": ("report", "training"),
}


def closest_tests(file: str) -> list[str]:
    """Paths of the test files that stand closest to a source file."""
    prefixes = [prefix for prefix in CLOSEST if file.startswith(prefix)]
    if not prefixes:
        raise KeyError(f"tests/mutants/closest.py names no tests for {file}: add its room or module")
    return [f"tests/python/test_{name}.py" for name in CLOSEST[max(prefixes, key=len)]]
