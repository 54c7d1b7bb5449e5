"""A classifier as bytes and back, by skops: loading such a file runs no code of its author."""

from __future__ import annotations

import io
import json
from typing import Any
from zipfile import BadZipFile, ZipFile, ZipInfo

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


def load_classifier(data: bytes) -> PairClassifier:
    """The classifier in the bytes of a skops file.

    Raises:
        ValueError: the bytes hold anything but one of this package's classifiers, with arrays that belong together.
    """
    import skops.io

    # skops answers a strange file with errors of many kinds, up to those of zipfile, json and struct
    try:
        classifier: PairClassifier = skops.io.loads(data, trusted=list(KINDS.values()))
        if type(classifier) not in KINDS.values():
            raise ValueError(f"found a {type(classifier).__name__}")
        classifier.check_state()
    except Exception as error:
        raise ValueError(f"not a classifier of dbt_dedup ({error})") from error
    return classifier
