"""One small table in which records are joined, or kept apart, for each reason there is; two test files build it."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import yaml
from project import MODELS_ONLY, Project, write_package_project

from dbt_dedup.classifiers import LogisticClassifier
from dbt_dedup.registry.artefact import write_artefact
from dbt_dedup.registry.production import use_in_production
from dbt_dedup.scaffold import write_models
from dbt_dedup.warehouse import DbtProject, close_connections

# what each field adds if it is equal, and if it differs; null adds nothing
WEIGHTS = {"same_name": (4.0, -4.0), "same_code": (6.0, -2.0), "same_mail": (6.0, -2.0), "same_town": (2.0, -1.0)}
BASE, THRESHOLD = -3.0, 0.6
SPEC = {
    "input": "raw",
    "record_id": "id",
    "source": "source",
    "labels": "things_labels",
    "fields": {
        "name": {"type": "text", "compare": False},
        "code": {"type": "identifier", "compare": False},
        "mail": {"type": "identifier", "compare": False},
        "town": {"type": "category", "compare": False},
        "tag": {"type": "identifier", "compare": False},
        "vip": {"type": "category", "compare": False},
    },
    "features": [
        {"name": f"same_{field}", "field": field, "direction": 1, "sql": f"cast(l.{field} = r.{field} as double)"}
        for field in ("name", "code", "mail", "town")
    ],
    "blocking": [["code"], ["name", "town"], ["tag"]],
    "max_block_size": 4,
    "duplicate_free": ["register"],
    "never": [{"name": "other_vip", "sql": "l.vip <> r.vip"}],
}
COLUMNS = ("id", "source", "name", "code", "mail", "town", "tag", "vip")
RECORDS = [
    # joined directly
    ("d1", "crm", "anna arp", "c100aa", "", "oslo", "", ""),
    ("d2", "web", "anna arp", "c100aa", "", "bergen", "", ""),
    # by a chain: c1 and c3 share a name only, which is even odds
    ("c1", "crm", "bert bo", "c200aa", "", "rome", "", ""),
    ("c2", "crm", "bert bo", "c200aa", "", "milan", "", ""),
    ("c3", "crm", "bert bo", "", "", "milan", "", ""),
    # k1 and k3 share no key, but k2 joins them, and closure compares them
    ("k1", "crm", "kim ko", "c300aa", "m300aa", "lyon", "", ""),
    ("k2", "crm", "", "c300aa", "m300aa", "", "t300aa", ""),
    ("k3", "crm", "kim ko", "", "m300aa", "nice", "t300aa", ""),
    # r2 matches r1 and r3, which differ
    ("r1", "crm", "rita ro", "c400aa", "", "york", "", ""),
    ("r2", "crm", "", "c400aa", "m400aa", "york", "t400aa", ""),
    ("r3", "crm", "sam sun", "", "m400aa", "", "t400aa", ""),
    # labelled no_match
    ("n1", "crm", "nina no", "c500aa", "", "", "", ""),
    ("n2", "crm", "nina no", "c500aa", "", "basel", "", ""),
    # ruled out
    ("v1", "crm", "vera vo", "c600aa", "", "", "", "gold"),
    ("v2", "crm", "vera vo", "c600aa", "", "", "", "iron"),
    # of a source without duplicates
    ("f1", "register", "finn fo", "c700aa", "", "", "", ""),
    ("f2", "register", "finn fo", "c700aa", "", "turin", "", ""),
    # not proposed: only the name is equal
    ("x1", "crm", "\x1b[31mxena xu", "", "", "paris", "", ""),
    ("x2", "crm", "[31mxena xu", "", "", "tours", "", ""),
    # proposed, and below the threshold
    ("b1", "crm", "bill bu", "", "m800aa", "", "t800aa", ""),
    ("b2", "crm", "carl cu", "", "m800bb", "", "t800aa", ""),
    # identical in every field
    ("y1", "crm", "yara yu", "c900aa", "", "cadiz", "", ""),
    ("y2", "web", "yara yu", "c900aa", "", "cadiz", "", ""),
    ("y3", "web", "yara yu", "c900aa", "", "cadiz", "", ""),
    # labelled match
    ("m1", "crm", "mona mu", "", "", "", "", ""),
    ("m2", "crm", "otto ow", "", "", "", "", ""),
    # a block that is too large; in the order of the names g11 and g22 are the ends, and no neighbours
    *((f"g{n}", "crm", f"name{n} of{n}", "", "", "", "tbigaa", "") for n in range(11, 23)),
    # alone
    ("z1", "crm", "zoe zu", "", "", "", "", ""),
]
LABELS = [("n1", "n2", "no_match"), ("m1", "m2", "match")]


def write_csv(file: Path, rows: Iterable[Iterable[str]]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as seed:
        csv.writer(seed, lineterminator="\n").writerows(rows)


def promote(folder: Path, bias: float = BASE) -> str:
    """Put a model with the weights above into production, and return its version."""
    project = DbtProject(folder, folder)
    spec = project.entity_spec("things")
    names = list(spec.feature_names)
    example = np.array([[1.0, 1, 1, 1], [0.0, 0, 0, 0]])
    classifier = LogisticClassifier().fit(np.repeat(example, 5, axis=0), np.repeat([1, 0], 5))
    equal, differs = (np.array([WEIGHTS[name][side] for name in names]) for side in (0, 1))
    classifier.slopes_, classifier.offsets_, classifier.bias_ = equal - differs, differs, bias
    trained = SimpleNamespace(
        kind="logistic",
        classifier=classifier,
        ignored_features=[],
        parity_pairs=([("d1", "d2"), ("d1", "x1")], ["", ""], example),
        held_out_pairs=None,
        training_digest="0" * 64,
        card_entries={"thresholds": {"match": THRESHOLD, "review": 0.3}},
    )
    version = write_artefact(trained, spec, folder).name
    use_in_production(spec, folder, version)
    close_connections()
    return version


def build_things(folder: Path, override_columns: Iterable[str] = ()) -> Project:
    """A project with the records above and a model in production; with columns, it has an empty override log."""
    columns = list(override_columns)
    write_package_project(folder, {"things": SPEC | ({"overrides": "things_overrides"} if columns else {})}, {})
    write_csv(folder / "seeds/raw.csv", [COLUMNS, *RECORDS])
    write_csv(folder / "seeds/things_labels.csv", [("record_id_l", "record_id_r", "label"), *LABELS])
    if columns:
        write_csv(folder / "seeds/things_overrides.csv", [columns])
        seed = {"name": "things_overrides", "config": {"column_types": dict.fromkeys(columns, "varchar")}}
        (folder / "seeds/_seeds.yml").write_text(yaml.safe_dump({"seeds": [seed]}))
    write_models("things", folder / "models/things", suffixes=(".sql", ".py"))
    promote(folder)
    return Project(folder)


BUILT = ("--select", "+things_matches", "+things_entity_ids", "+things_match_reasons", *MODELS_ONLY)
