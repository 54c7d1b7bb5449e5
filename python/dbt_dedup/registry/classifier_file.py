"""A classifier as bytes and back, by skops: loading such a file runs no code of its author."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable
from typing import Any
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

import numpy as np

from dbt_dedup.classifiers import KINDS, PairClassifier


def dump_classifier(classifier: PairClassifier) -> bytes:
    """Bytes of a skops file; equal for equal classifiers.

    skops names its parts after addresses in memory and stamps them with the time; both are replaced here.
    """
    import skops.io

    numbers: dict[object, int] = {}

    def renumber(node: Any) -> Any:
        if isinstance(node, list):
            return [renumber(item) for item in node]
        if not isinstance(node, dict):
            return node
        new = {key: renumber(value) for key, value in node.items()}
        if "__id__" in node:
            shared = object() if node.get("is_json") else node["__id__"]  # equal scalars may or may not be one object
            new["__id__"] = numbers.setdefault(shared, len(numbers))
        if node.get("type") == "numpy" and "file" in node:
            stem = int(node["file"].removesuffix(".npy"))
            new["file"] = f"{numbers.setdefault(stem, len(numbers))}.npy"
            parts[new["file"]] = source.read(node["file"])
        return new

    parts: dict[str, bytes] = {}
    stable = io.BytesIO()
    with ZipFile(io.BytesIO(skops.io.dumps(classifier))) as source:
        schema = renumber(json.loads(source.read("schema.json")))
    parts["schema.json"] = json.dumps(schema, indent=2).encode()
    with ZipFile(stable, "w") as target:
        for name in sorted(parts):
            target.writestr(ZipInfo(name), parts[name])
    return stable.getvalue()


def parts_of_sklearn(data: bytes) -> list[str]:
    """Names of the classes of scikit-learn in the bytes of a skops file, sorted; none where it holds only numbers.

    Only such a class ties a file to the version of scikit-learn that wrote it. Other bytes have none.
    """
    names: set[str] = set()

    def visit(node: Any) -> None:
        if isinstance(node, dict):
            module = str(node.get("__module__", ""))
            if module.split(".")[0] == "sklearn":
                names.add(f"{module}.{node.get('__class__')}")
        for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
            visit(child)

    try:
        with ZipFile(io.BytesIO(data)) as source:
            visit(json.loads(source.read("schema.json")))
    except (BadZipFile, KeyError, ValueError):  # load_classifier says what is wrong with it
        return []
    return sorted(names)


def _check_size(data: bytes) -> None:
    """Raise ValueError if the parts would take more memory than the file: `dump_classifier` compresses nothing."""
    with ZipFile(io.BytesIO(data)) as source:
        unpacked = sum(part.file_size for part in source.infolist())
        for part in source.infolist():
            if unpacked > len(data) or part.compress_type != ZIP_STORED:
                raise ValueError(f"{len(data):,} bytes unpack to {unpacked:,}")


def _check_numbers(classifier: PairClassifier) -> None:
    """Raise ValueError if a number that all kinds have is none, or an array that is no list of numbers."""
    features, ignored = classifier.n_features_in_, classifier.ignored_features_
    if not isinstance(features, int) or features < 1:
        raise ValueError(f"n_features_in_ is {features!r}")
    if not isinstance(ignored, np.ndarray) or ignored.ndim != 1 or ignored.dtype.kind != "i":
        raise ValueError("ignored_features_ is not a list of whole numbers")
    if len(ignored) and not 0 <= ignored.min() <= ignored.max() < features:
        raise ValueError(f"ignored_features_ has indices outside of {features} features")
    for name in ("bias_", "baseline_"):
        value = getattr(classifier, name, 0.0)
        if not isinstance(value, float) or not np.isfinite(value):
            raise ValueError(f"{name} is {str(value)[:80]}")
    for name, value in vars(classifier).items():
        if isinstance(value, np.ndarray) and (value.ndim == 0 or value.dtype.kind not in "bif"):
            raise ValueError(f"{name} is not an array of numbers")


class _OfSkopsError(Exception):
    """A file holds more than numbers, texts and lists of them: skops has to read it."""


PROTOCOL = 2  # of the skops files that `_read_numbers` knows
# what such a file holds, as skops names it: the class that reads it, and the module and name of what it becomes
_Kind = tuple[str, str, str]
_TEXT: _Kind = ("JsonNode", "builtins", "str")
_KEY: _Kind = ("TypeNode", "builtins", "str")
_ARRAY: _Kind = ("NdArrayNode", "numpy", "ndarray")
_STATE: _Kind = ("DictNode", "builtins", "dict")
_SEQUENCES: dict[_Kind, Callable[[Iterable[Any]], Any]] = {
    ("ListNode", "builtins", "list"): list,
    ("TupleNode", "builtins", "tuple"): tuple,
}


def _kind_of(node: Any) -> _Kind:
    return node["__loader__"], node["__module__"], node["__class__"]


def _read_numbers(data: bytes) -> PairClassifier:
    """The classifier in the bytes of a skops file that holds nothing but its numbers, texts, lists and arrays of them.

    Every build reads one, and skops takes half a second to load: it looks at all that scikit-learn and scipy export.

    Raises:
        _OfSkopsError: the file holds something else, or is of another protocol.
    """
    with ZipFile(io.BytesIO(data)) as source:
        schema = json.loads(source.read("schema.json"))

        def value_of(node: Any) -> Any:
            kind = _kind_of(node)
            if kind == _TEXT:
                return json.loads(node["content"])
            if kind == _ARRAY and node["type"] == "numpy":
                return np.load(io.BytesIO(source.read(node["file"])), allow_pickle=False)
            if kind in _SEQUENCES:
                return _SEQUENCES[kind](value_of(item) for item in node["content"])
            raise _OfSkopsError

        classes = {("ObjectNode", found.__module__, found.__qualname__): found for found in KINDS.values()}
        found = classes.get(_kind_of(schema))
        state = schema["content"]
        keys = state["key_types"]["content"]
        is_plain = _kind_of(state) == _STATE and all(_kind_of(key) == _KEY for key in keys)
        if found is None or schema["protocol"] != PROTOCOL or not is_plain or len(keys) != len(state["content"]):
            raise _OfSkopsError
        classifier: PairClassifier = found.__new__(found)
        classifier.__setstate__({key: value_of(node) for key, node in state["content"].items()})
        return classifier


def _read_with_skops(data: bytes) -> PairClassifier:
    """The classifier in the bytes of any skops file of this package's kinds."""
    import skops.io

    classifier: PairClassifier = skops.io.loads(data, trusted=list(KINDS.values()))
    return classifier


def load_classifier(data: bytes) -> PairClassifier:
    """The classifier in the bytes of a skops file.

    Raises:
        ValueError: the bytes hold anything but one of this package's classifiers, with arrays that belong together.
    """
    # a strange file is answered with errors of many kinds, up to those of zipfile, json and struct
    try:
        _check_size(data)
        try:
            classifier = _read_numbers(data)
        except (_OfSkopsError, KeyError, TypeError):
            # what lacks a part, or has it in another form, is for skops to judge
            classifier = _read_with_skops(data)
        if type(classifier) not in KINDS.values():
            raise ValueError(f"found a {type(classifier).__name__}")
        _check_numbers(classifier)
        classifier.check_state()
    except Exception as error:
        raise ValueError(f"not a classifier of dbt_dedup ({error})") from error
    return classifier
