"""What a card of a model has to look like, and where one does not."""

from __future__ import annotations

from typing import Any

ROUNDING = 1e-9  # a mean of numbers from 0 to 1 may be a rounding error above 1
SHARE = {"type": "number", "minimum": 0, "maximum": 1 + ROUNDING}
COUNT = {"type": "integer", "minimum": 0}
SHA256 = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
TEXT = {"type": "string"}
NAMES = {"type": "array", "items": {"type": "string"}, "uniqueItems": True}


def _mapping(required: str = "", **properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": required.split()}


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    return {**schema, "type": [schema["type"], "null"]}


QUALITY = _mapping(
    "threshold precision recall f1",
    pairs=COUNT,
    matches=COUNT,
    **dict.fromkeys(("threshold", "precision", "recall", "f1", "average_precision"), SHARE),
)
MEASURED = _mapping("value", value=SHARE)
CHOICE = _mapping(
    "match",
    **dict.fromkeys(("match", "precision", "recall"), SHARE),
    precision_error={"type": "number", "minimum": 0},
)
# Older cards lack some of the entries; what is required here is in all of them.
CARD_SCHEMA: dict[str, Any] = _mapping(
    "entity kind version features ignored_features features_sha256 training_data_sha256 sha256 trained_at trained_by"
    " versions",
    **dict.fromkeys(("entity", "kind", "version", "trained_at", "trained_by", "taken"), TEXT),
    features={
        "type": "array",
        "minItems": 1,
        "items": _mapping("name direction", name={"type": "string"}, direction={"enum": [1, 0, -1]}),
    },
    ignored_features=NAMES,
    features_sha256=SHA256,
    training_data_sha256=SHA256,
    sha256={**_mapping("model.skops parity.csv"), "additionalProperties": SHA256},
    labels=_or_null(_mapping("match no_match", match=COUNT, no_match=COUNT)),
    cross_validation=_or_null(
        _mapping(
            "overall",
            overall=QUALITY,
            folds={"type": "array", "items": QUALITY},
            random_sample=_or_null(
                _mapping("matches precision recall", matches=COUNT, precision=MEASURED, recall=MEASURED)
            ),
        )
    ),
    calibration=_or_null(_mapping("learnt_from", learnt_from={"type": "string"})),
    reliability=_or_null(_mapping("bins", bins={"type": "array", "items": _mapping("pairs", pairs=COUNT)})),
    thresholds=_mapping("match review", match=SHARE, review=SHARE, tried={"type": "array", "items": CHOICE}),
    suggested_thresholds=_or_null(_mapping("match review", match=SHARE, review=SHARE)),
    compared_kinds=_or_null({"type": "array", "items": _mapping("kind", kind={"type": "string"})}),
    learning_curve=_or_null(_mapping("points", points={"type": "array", "items": {"type": "array"}})),
    without_labels=_or_null(_mapping(reasons=NAMES)),
    seconds_per_million_pairs=_or_null({"type": "number", "minimum": 0}),
    versions={**_mapping("scikit-learn"), "additionalProperties": {"type": "string"}},
)


def card_problem(card: Any) -> str | None:
    """The first key of a card that is not as it has to be, and why; None for a card that is."""
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import best_match

    error = best_match(Draft202012Validator(CARD_SCHEMA).iter_errors(card))
    if error is None:
        names = [feature["name"] for feature in card["features"]]
        twice = next((name for name in names if names.count(name) > 1), None)
        return f"key features: {twice} is there twice" if twice else None
    place = ".".join(str(part) for part in error.absolute_path)
    message = str(error.message)
    return (f"key {place}: " if place else "") + (message if len(message) <= 200 else f"{message[:200]}...")
