"""Each mistake in an entity spec or in the input gets one message, word for word, before any work."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from mini_project import feature_columns, reference_columns
from project import (
    REPO,
    Project,
    copy_reference_project,
    problems,
    said_by_dedup,
    statuses,
    write_package_project,
)

from dbt_dedup.spec_reference import project_schema, with_tables
from dbt_dedup.warehouse import DbtProject, close_connections

GOOD: dict[str, Any] = {
    "input": "raw",
    "record_id": "id",
    "fields": {"given_name": {"type": "given_name"}, "email": {"type": "email"}},
    "blocking": [["email"]],
}
KEYS = (
    "input, record_id, source, source_mode, source_priority, updated_at, fields, blocking, max_block_size, max_pairs,"
    " random_pairs, features, labels, overrides, truth, truth_values, models_dir, scoring, publish, thresholds,"
    " max_cluster_size, duplicate_free, never, lone_evidence, labels_decide, incremental, targets"
)
OPTIONS = (
    "type, column, compare, country, date_order, excel_days, decimal, min, max, survivorship, group, min_complete,"
    " max_problems"
)
TYPES = (
    "address, category, city, company, date, email, family_name, full_name, geo, given_name, identifier, number,"
    " phone, postcode, text, url"
)


def field(name: str = "extra", **options: Any) -> dict[str, Any]:
    return {"fields": {**GOOD["fields"], name: options}}


def feature(**options: Any) -> dict[str, Any]:
    return {"features": [options]}


# name: what is changed in a good spec (None takes a key away), the key the message names, what it says after it
MISTAKES: dict[str, tuple[Any, str, str]] = {
    "not_a_mapping": (
        "customers",
        "dedup_entities.not_a_mapping",
        "found 'customers', expected a mapping with input, record_id, fields and blocking",
    ),
    "key_misspelt": (
        {"recordid": "id"},
        "recordid",
        f"found 'recordid', expected one of {KEYS}. Did you mean 'record_id'?",
    ),
    "key_unknown": ({"zzz": 1}, "zzz", f"found 'zzz', expected one of {KEYS}"),
    "no_input": ({"input": None}, "input", "found 'nothing', expected a value: this key is required"),
    "no_record_id": ({"record_id": None}, "record_id", "found 'nothing', expected a value: this key is required"),
    "no_fields": ({"fields": {}}, "fields", "found 'nothing', expected a value: this key is required"),
    "no_blocking": ({"blocking": []}, "blocking", "found 'nothing', expected a value: this key is required"),
    # fields
    "fields_as_list": (
        {"fields": ["email"]},
        "fields",
        "found '['email']', expected a mapping of field names to {type: ...}",
    ),
    "type_misspelt": (
        field(type="emial"),
        "fields.extra.type",
        f"found 'emial', expected one of {TYPES}. Did you mean 'email'?",
    ),
    "type_unknown": (field(type="colour"), "fields.extra.type", f"found 'colour', expected one of {TYPES}"),
    "type_key_misspelt": (
        field(tyep="email"),
        "fields.extra.tyep",
        f"found 'tyep', expected one of {OPTIONS}. Did you mean 'type'?",
    ),
    "field_of_a_side": (
        field("l", type="email"),
        "fields.l",
        "found 'l', expected another name: this one is a column of the package itself (give the input's spelling as"
        " `column:`)",
    ),
    "field_name_a_number": (
        field(5, type="email"),  # type: ignore[arg-type]
        "fields.5",
        "found '5', expected a name of lower-case letters, digits and single underscores (give the input's spelling"
        " as `column:`)",
    ),
    "field_name_too_long": (
        field("a" * 300, type="email"),
        f"fields.{'a' * 193}...",
        f"found '{'a' * 200}...', expected a name of lower-case letters, digits and single underscores (give the"
        " input's spelling as `column:`)",
    ),
    "country_in_small_letters": (
        field(type="postcode", country="de"),
        "fields.extra.country",
        "found 'de', expected an ISO 3166 code of two letters such as US, GB or DE, or a column of them:"
        " {column: country}",
    ),
    "no_such_day": (
        field(type="date", min="1900-02-29"),
        "fields.extra.min",
        "found '1900-02-29', expected a date such as 1900-01-02",
    ),
    "min_above_max": (
        field(type="date", min="2000-01-02", max="2000-01-01"),
        "fields.extra.min",
        "found '2000-01-02', expected at most max, which is 2000-01-01",
    ),
    "column_twice": (
        field(type="text", column=["first", "First"]),
        "fields.extra.column",
        "found '['first', 'First']', expected the name of a column of the input, or a list of different ones",
    ),
    "type_missing": (field(), "fields.extra", "found '{}', expected a mapping with a type, such as {type: email}"),
    "option_misspelt": (
        field(type="email", colum="mail"),
        "fields.extra.colum",
        f"found 'colum', expected one of {OPTIONS}. Did you mean 'column'?",
    ),
    "field_in_capitals": (
        field("Email", type="email"),
        "fields.Email",
        "found 'Email', expected a name of lower-case letters, digits and single underscores (give the input's spelling"
        " as `column:`)",
    ),
    "field_of_two_underscores": (
        field("a__b", type="email"),
        "fields.a__b",
        "found 'a__b', expected a name of lower-case letters, digits and single underscores (give the input's spelling"
        " as `column:`)",
    ),
    "reserved_name": (
        field("record_id", type="text"),
        "fields.record_id",
        "found 'record_id', expected another name: this one is a column of the package itself (give the input's"
        " spelling as `column:`)",
    ),
    "word_of_sql": (
        field("order", type="text"),
        "fields.order",
        "found 'order', expected another name: this one is a word of SQL (give the input's spelling as `column:`)",
    ),
    "country_unknown": (
        field(type="phone", country="UK"),
        "fields.extra.country",
        "found 'UK', expected an ISO 3166 code of two letters such as US, GB or DE, or a column of them:"
        " {column: country}",
    ),
    "country_of_a_misspelt_key": (
        field(type="phone", country={"colum": "land"}),
        "fields.extra.country",
        "found '{'colum': 'land'}', expected an ISO 3166 code of two letters such as US, GB or DE, or a column of them:"
        " {column: country}",
    ),
    "date_order_unknown": (
        field(type="date", date_order="ymd"),
        "fields.extra.date_order",
        "found 'ymd', expected one of mdy, dmy",
    ),
    "excel_days_not_boolean": (
        field(type="date", excel_days="yes"),
        "fields.extra.excel_days",
        "found 'yes', expected true or false",
    ),
    "decimal_unknown": (
        field(type="number", decimal="comma"),
        "fields.extra.decimal",
        "found 'comma', expected one of ., ,",
    ),
    "date_bound": (
        field(type="date", min="next year"),
        "fields.extra.min",
        "found 'next year', expected a date such as 1900-01-02",
    ),
    "number_bound": (field(type="number", max="many"), "fields.extra.max", "found 'many', expected a number"),
    "survivorship_misspelt": (
        field(type="text", survivorship="most_recnt"),
        "fields.extra.survivorship",
        "found 'most_recnt', expected one of consensus, current, most_frequent, most_recent, longest, source_priority."
        " Did you mean 'most_recent'?",
    ),
    "min_complete_above_one": (
        field(type="text", min_complete=90),
        "fields.extra.min_complete",
        "found '90', expected a number from 0 to 1",
    ),
    "min_complete_just_above_one": (
        field(type="text", min_complete=1.5),
        "fields.extra.min_complete",
        "found '1.5', expected a number from 0 to 1",
    ),
    "nothing_to_compare": (
        {"fields": {"email": {"type": "email", "compare": False}}},
        "fields",
        "found 'no field to compare', expected at least one field without `compare: false`",
    ),
    # blocking
    "blocking_as_text": (
        {"blocking": "email"},
        "blocking",
        "found 'email', expected a list of rules, each a list of keys such as [email]",
    ),
    "rule_without_keys": (
        {"blocking": [["email"], []]},
        "blocking[1]",
        "found '[]', expected a list of keys such as [email]",
    ),
    "too_many_rules": (
        {"blocking": [["email"]] * 61},
        "blocking",
        "found '61 rules', expected at most 60 rules: a pair keeps one bit for each",
    ),
    "field_in_blocking": (
        {"blocking": [["email"], ["emal"]]},
        "blocking[1]",
        "found 'emal', expected one of given_name, email. Did you mean 'email'?",
    ),
    "field_of_a_transform_in_blocking": (
        {"blocking": ["Given_name.soundex"]},
        "blocking[0]",
        "found 'Given_name.soundex', expected one of given_name, email. Did you mean 'given_name.soundex'?",
    ),
    "letters_swapped_in_blocking": (
        {"blocking": [["emial"]]},
        "blocking[0]",
        "found 'emial', expected one of given_name, email. Did you mean 'email'?",
    ),
    "rule_nested_once_too_often": (
        {"blocking": [[["email"]]]},
        "blocking[0]",
        "found '['email']', expected a list of keys such as [email], each a field or field.transform",
    ),
    "key_of_nothing": (
        {"blocking": [["email", None]]},
        "blocking[0]",
        "found 'nothing', expected a list of keys such as [email], each a field or field.transform",
    ),
    "transform_empty": (
        {"blocking": [["email."]]},
        "blocking[0]",
        "found 'email.', expected one of email.local, email.domain, email.second. Did you mean 'email.local'?",
    ),
    "transform_unknown": (
        {"blocking": [["given_name.soundx", "email"]]},
        "blocking[0]",
        "found 'given_name.soundx', expected one of given_name.first, given_name.soundex, given_name.initial,"
        " given_name.prefix, given_name.known, given_name.known_soundex, given_name.spelled_out, given_name.canonical."
        " Did you mean 'given_name.soundex'?",
    ),
    "fuzzy_kind_unknown": (
        {"blocking": [{"topk": ["email"]}]},
        "blocking[0]",
        "found 'topk', expected one of top_k, sorted_neighborhood, minhash. Did you mean 'top_k'?",
    ),
    "two_fuzzy_kinds": (
        {"blocking": [{"top_k": ["email"], "minhash": ["email"]}]},
        "blocking[0]",
        "found 'top_k, minhash', expected only one of top_k, sorted_neighborhood, minhash",
    ),
    "fuzzy_option_of_another_kind": (
        {"blocking": [{"minhash": ["email"], "band": 3}]},
        "blocking[0].band",
        "found 'band', expected one of bands, rows. Did you mean 'bands'?",
    ),
    "fuzzy_number_too_large": (
        {"blocking": [["email"], {"top_k": ["email"], "k": 101}]},
        "blocking[1].k",
        "found '101', expected a whole number from 1 to 100",
    ),
    "fuzzy_number_is_true": (
        {"blocking": [{"sorted_neighborhood": ["email"], "window": True}]},
        "blocking[0].window",
        "found 'True', expected a whole number from 2 to 100",
    ),
    "fuzzy_field_unknown": (
        {"blocking": [{"sorted_neighborhood": ["emal"]}]},
        "blocking[0].sorted_neighborhood",
        "found 'emal', expected one of given_name, email. Did you mean 'email'?",
    ),
    "fuzzy_without_fields": (
        {"blocking": [{"top_k": []}]},
        "blocking[0].top_k",
        "found '[]', expected a list of keys such as [email]",
    ),
    "list_in_a_sort_key": (
        {
            "fields": {"title": {"type": "text"}, "email": {"type": "email"}},
            "blocking": [{"sorted_neighborhood": ["title.tokens"]}],
        },
        "blocking[0].sorted_neighborhood",
        "found 'title.tokens', expected keys of one value each: a list has no place in an order",
    ),
    # numbers
    "threshold_in_percent": (
        {"thresholds": {"match": 95}},
        "thresholds.match",
        "found '95', expected a number from 0 to 1 or auto",
    ),
    "threshold_as_text": (
        {"thresholds": {"review": "high"}},
        "thresholds.review",
        "found 'high', expected a number from 0 to 1 or auto",
    ),
    "thresholds_out_of_order": (
        {"thresholds": {"match": 0.4, "review": 0.5}},
        "thresholds",
        "found '0.01, 0.5, 0.4', expected floor <= review <= match",
    ),
    "floor_is_a_number": (
        {"thresholds": {"floor": "auto"}},
        "thresholds.floor",
        "found 'auto', expected a number from 0 to 1",
    ),
    "cluster_size_zero": (
        {"max_cluster_size": 0},
        "max_cluster_size",
        "found '0', expected a whole number from 2",
    ),
    "duplicate_free_as_text": (
        {"duplicate_free": "crm"},
        "duplicate_free",
        "found 'crm', expected a list of sources, each once",
    ),
    "duplicate_free_without_source": (
        {"duplicate_free": ["crm"]},
        "source",
        "found 'nothing', expected the column that names the source system, which duplicate_free needs",
    ),
    "truth_values_alone": (
        {"truth_values": "right"},
        "truth",
        "found 'nothing', expected the table with the true entity of each record, which truth_values needs",
    ),
    "labels_decide_as_text": (
        {"labels_decide": "no"},
        "labels_decide",
        "found 'no', expected true or false",
    ),
    "incremental_as_text": ({"incremental": "yes"}, "incremental", "found 'yes', expected true or false"),
    "never_without_sql": (
        {"never": [{"name": "other_city"}]},
        "never.other_city.sql",
        "found 'nothing', expected a value: this key is required",
    ),
    "never_with_a_typo": (
        {"never": [{"name": "other_city", "sql": "true", "sqll": "false"}]},
        "never.other_city.sqll",
        "found 'sqll', expected one of name, sql. Did you mean 'sql'?",
    ),
    "never_as_text": (
        {"never": "l.city <> r.city"},
        "never",
        "found 'l.city <> r.city', expected a list of mappings with name and sql (over l.<column> and r.<column>)",
    ),
    "threshold_misspelt": (
        {"thresholds": {"mach": 0.9}},
        "thresholds.mach",
        "found 'mach', expected one of match, review, floor. Did you mean 'match'?",
    ),
    "thresholds_as_number": (
        {"thresholds": 0.9},
        "thresholds",
        "found '0.9', expected a mapping with some of match, review, floor",
    ),
    "target_negative": (
        {"targets": {"recall": -1}},
        "targets.recall",
        "found '-1', expected a number from 0 to 1",
    ),
    "review_budget_as_text": (
        {"targets": {"review_budget": "all"}},
        "targets.review_budget",
        "found 'all', expected a whole number from 0",
    ),
    "entity_share_as_text": (
        {"targets": {"max_entity_share": "automatic"}},
        "targets.max_entity_share",
        "found 'automatic', expected a number from 0 to 1 or auto",
    ),
    "transitivity_is_never_auto": (
        {"targets": {"min_transitivity": "auto"}},
        "targets.min_transitivity",
        "found 'auto', expected a number from 0 to 1",
    ),
    "large_entity_of_none": (
        {"targets": {"large_entity": 0}},
        "targets.large_entity",
        "found '0', expected a whole number from 1",
    ),
    "warning_misspelt": (
        {"targets": {"warn_entity_shares": 0.1}},
        "targets.warn_entity_shares",
        "found 'warn_entity_shares', expected one of precision, recall, golden_values, review_budget, large_entity,"
        " max_entity_share, warn_entity_share, max_large_entity_share, warn_large_entity_share, min_transitivity,"
        " warn_transitivity. Did you mean 'warn_entity_share'?",
    ),
    "block_of_one": ({"max_block_size": 1}, "max_block_size", "found '1', expected a whole number from 2"),
    "random_pairs": ({"random_pairs": 0}, "random_pairs", "found '0', expected a whole number from 2"),
    "pairs_as_text": ({"max_pairs": "1e6"}, "max_pairs", "found '1e6', expected a whole number from 2"),
    # sources
    "source_mode_misspelt": (
        {"source": "system", "source_mode": "link"},
        "source_mode",
        "found 'link', expected one of both, link_only, dedupe_only. Did you mean 'link_only'?",
    ),
    "link_without_source": (
        {"source_mode": "link_only"},
        "source",
        "found 'nothing', expected the column that names the source system, which source_mode link_only needs",
    ),
    "priority_without_source": (
        {"source_priority": ["crm"]},
        "source",
        "found 'nothing', expected the column that names the source system, which source_priority needs",
    ),
    "models_outside": (
        {"models_dir": "models/../../elsewhere"},
        "models_dir",
        "found 'models/../../elsewhere', expected a folder inside the project, such as dedup_models",
    ),
    "input_of_three_names": (
        {"input": ["a", "b", "c"]},
        "input",
        "found '['a', 'b', 'c']', expected the name of a model, seed or snapshot, or [source, table]",
    ),
    "escape_sequence": (
        {"scoring": "\x1b]0;owned\x07"},
        "scoring",
        "found '?]0;owned?', expected one of python, sql",
    ),
    # features
    "feature_without_sql": (
        feature(name="same_town"),
        "features.same_town.sql",
        "found 'nothing', expected a value: this key is required",
    ),
    "feature_key_misspelt": (
        feature(name="x", sql="1", directon=1),
        "features.x.directon",
        "found 'directon', expected one of name, sql, field, direction, description, drift. Did you mean 'direction'?",
    ),
    "feature_name_taken": (
        feature(name="email_exact", sql="1"),
        "features",
        "found 'email_exact', expected a name that no other feature has",
    ),
    "feature_name_with_blank": (
        feature(name="same town", sql="1"),
        "features[0].name",
        "found 'same town', expected a name of lower-case letters, digits and underscores",
    ),
    "feature_of_a_pair_column": (
        feature(name="record_key_l", sql="1"),
        "features",
        "found 'record_key_l', expected another name: this one is a column of the package itself",
    ),
    "feature_of_sql": (
        feature(name="select", sql="1"),
        "features",
        "found 'select', expected another name: this one is a word of SQL",
    ),
    "feature_as_text": (
        {"features": ["cast(l.email = r.email as double)"]},
        "features",
        "found 'cast(l.email = r.email as double)', expected a list of mappings with name and sql (over l.<column> and"
        " r.<column>)",
    ),
    "feature_without_a_name": (
        feature(sql="1"),
        "features[0].name",
        "found 'nothing', expected a value: this key is required",
    ),
    "feature_with_jinja": (
        feature(name="x", sql="{{ ref('raw') }}"),
        "features.x.sql",
        "found '{{ ref('raw') }}', expected SQL as a text, without Jinja",
    ),
    "feature_direction": (
        feature(name="x", sql="1", direction=2),
        "features.x.direction",
        "found '2', expected 1, 0 or -1",
    ),
}

# name: SQL of the input, what the message says after the name of the entity
INPUTS = {
    "column_missing": (
        "select 'a' as id, 'Ann' as given_name, 'a@b.com' as emial",
        ", key 'fields.email': {raw} has no column 'email', only id, given_name, emial. Did you mean 'emial'?",
    ),
    "id_missing": (
        "select 'a' as customer, 'Ann' as given_name, 'a@b.com' as email",
        ", key 'record_id': {raw} has no column 'id', only customer, given_name, email",
    ),
    "not_built": (
        "{{ config(materialized='table', post_hook='drop table {{ this }}') }} select 'a' as id",
        ", key 'input': there is no {raw} yet. Build it first, as `dbt build --select +stg_not_built__records` does, or"
        " correct 'input'.",
    ),
    "id_null": (
        "select case when i > 1 then i end as id, 'Ann' as given_name, null as email from range(10) as ids (i)",
        ": 2 record(s) of {raw} have no id. Every record needs an id of its own: fill it, or filter these records out"
        " of the input.",
    ),
    "id_twice": (
        "select 'c' || i % 7 as id, 'Ann' as given_name, null as email from range(12) as ids (i)",
        ": 5 value(s) of id appear more than once in {raw}, for example c0, c1, c2. Every record needs an id of its"
        " own: choose another record_id, or remove the repeated rows.",
    ),
}


@pytest.fixture(scope="module")
def mistaken(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with every mistake as an entity of its own; only those in the input have a model."""
    entities: dict[str, Mapping[str, Any] | str] = {
        name: change if isinstance(change, str) else {**GOOD, **change} for name, (change, *_) in MISTAKES.items()
    }
    models = {"raw.sql": "select 'a' as id, 'Ann' as given_name, 'a@b.com' as email"}
    for name, (sql, _) in INPUTS.items():
        entities[name] = {**GOOD, "input": f"raw_{name}"}
        models[f"raw_{name}.sql"] = sql
        models[f"stg_{name}__records.sql"] = f"{{{{ dbt_dedup.stg_records('{name}') }}}}"
    return Project(write_package_project(tmp_path_factory.mktemp("spec"), {"good": GOOD, **entities}, models))


Read = Callable[[Any], list[str]]


@pytest.fixture(scope="module")
def read(mistaken: Project) -> Iterator[Read]:
    """Read the entity `it` of a value of the variable dedup_entities, in this process; returns what the package says.

    Anything else than its own message is the test's error.
    """
    from dbt.context.providers import generate_runtime_macro_context
    from dbt_common.exceptions import CompilationError

    with pytest.MonkeyPatch.context() as patch:
        mistaken.environment(patch)
        patch.setenv("DBT_PROFILES_DIR", str(mistaken.folder))
        project = DbtProject(mistaken.folder)
        adapter = project._adapter()
        adapter.set_macro_context_generator(generate_runtime_macro_context)

        def errors(entities: Any) -> list[str]:
            try:
                adapter.execute_macro(
                    "entity",
                    macro_resolver=project.manifest,
                    project="dbt_dedup",
                    kwargs={"name": "it"},
                    context_override={"var": lambda name, default=None: entities},
                )
            except CompilationError as error:
                messages = said_by_dedup([str(error)])
                if not messages:
                    raise
                return messages
            return []

        yield errors
    close_connections()


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_in_the_spec(read: Read, name: str) -> None:
    change, key, said = MISTAKES[name]
    entity = change if isinstance(change, str) else {**GOOD, **change}
    key = key.replace(f".{name}", ".it")
    assert read({"it": entity}) == [f"dbt_dedup: entity 'it', key '{key}': {said}"]


@pytest.mark.parametrize("entities", [None, [GOOD], "it", {"other": GOOD}, {"it": None}, {"it": [GOOD]}])
def test_a_spec_that_is_not_there(read: Read, entities: Any) -> None:
    (message,) = read(entities)
    assert message.startswith("dbt_dedup: entity 'it', key 'dedup_entities"), message


def test_a_mistake_stops_dbt(mistaken: Project) -> None:
    mistaken.dbt("run-operation", "dbt_dedup.entity", "--args", "{name: type_misspelt}", fails=True)
    _, key, said = MISTAKES["type_misspelt"]
    assert said_by_dedup(mistaken.errors) == [f"dbt_dedup: entity 'type_misspelt', key '{key}': {said}"]


# what a value may be by mistake
VALUES: dict[str, Any] = {
    "empty text": "",
    "blanks": "  ",
    "word": "word",
    "quotes": "a'b\"c",
    "jinja": "{{ var('x') }}",
    "control": "a\x1bb",
    "whole": 5,
    "minus": -1,
    "zero": 0,
    "half": 0.5,
    "large": 1e300,
    "nan": float("nan"),
    "infinity": float("inf"),
    "true": True,
    "false": False,
    "list": ["word"],
    "empty list": [],
    "nested": [["word"]],
    "list of null": [None],
    "twice": ["word", "word"],
    "mapping": {"word": 1},
    "empty mapping": {},
    "date": date(1900, 1, 2),
}
TEXTS = {"word", "control", "quotes", "blanks"}
NUMBERS = {"whole", "minus", "zero", "half", "large"}
SHARES = {"zero", "half"}
# the values that each kind takes; what has more to say than its kind is below
KINDS: dict[str, set[str]] = {
    "table or source": {"word", "twice"},  # [source, table]
    "table": {"word"},
    "column": {"word"},
    "columns": {"word", "list"},
    "choice": set(),
    "sources": {"list", "empty list"},
    "fields": set(),
    "rules": set(),
    "whole number": {"whole"},
    "list": {"empty list"},
    "folder": {"word"},
    "mapping": {"empty mapping"},
    "boolean": {"true", "false"},
    "share": SHARES,
    "type": set(),
    "country": {"false"},  # Norway
    "bound": TEXTS - {"blanks"} | NUMBERS | {"date", "jinja"},
    "name": {"word"},
    "sql": TEXTS - {"blanks"},
    "text": TEXTS - {"blanks"},
    "direction": {"zero", "minus"},
    "number": NUMBERS - {"minus"},
}
MORE = {"targets.review_budget": {"zero"}}
SOURCED = {**GOOD, "source": "system", "truth": "truth"}


def placed(group: str, key: str, value: Any) -> dict[str, Any]:
    """A good entity in which one key has this value."""
    if group == "entity":
        return {**SOURCED, key: value}
    if group in ("thresholds", "targets"):
        return {**SOURCED, group: {"floor": 0, key: value} if group == "thresholds" else {key: value}}
    if group == "field":
        return {**SOURCED, "fields": {**GOOD["fields"], "extra": {"type": "text", key: value}}}
    return {**SOURCED, {"feature": "features"}.get(group, group): [{"name": "extra", "sql": "true", key: value}]}


def test_every_key_takes_what_it_says_and_nothing_else(read: Read, spec_keys: dict[str, Any]) -> None:
    tries = 0
    for group, keys in spec_keys.items():
        for key, rule in keys.items():
            taken = KINDS[rule["is"]] | MORE.get(f"{group}.{key}", set())
            for name, value in VALUES.items():
                tries += 1
                messages = read({"it": placed(group, key, value)})
                assert bool(messages) != (name in taken), (group, key, name, messages)
                assert len(messages) <= 1
                assert all(f".{key}" in f".{message.split(chr(39))[3]}" for message in messages), (group, key, messages)
    assert tries > 1000


def test_a_key_without_a_value_has_its_default(read: Read, spec_keys: dict[str, Any]) -> None:
    for group, keys in spec_keys.items():
        for key, rule in keys.items():
            messages = read({"it": placed(group, key, None)})
            assert bool(messages) == bool(rule.get("required")), (group, key, messages)


def test_a_country_is_one_of_the_reference_list(read: Read) -> None:
    with (REPO / "seeds/reference/dedup_countries.csv").open(encoding="utf-8", newline="") as file:
        countries = {row["country"] for row in csv.DictReader(file)}
    assert len(countries) > 240
    fields = {f"f{number}": {"type": "text", "country": code} for number, code in enumerate(sorted(countries))}
    assert read({"it": {**GOOD, "fields": fields, "blocking": ["f0"]}}) == []


def test_the_tables_of_the_page_are_those_of_the_macro(spec_keys: dict[str, Any]) -> None:
    page = (REPO / "docs/spec.md").read_text(encoding="utf-8")
    assert with_tables(page, spec_keys) == page, "run `make spec-docs`"


def test_the_schema_knows_right_from_wrong(spec_keys: dict[str, Any]) -> None:
    schema = jsonschema.Draft202012Validator(project_schema(spec_keys, TYPES.split(", ")))
    schema.check_schema(schema.schema)
    project = yaml.safe_load((REPO / "dbt_project.yml").read_text(encoding="utf-8"))
    as_json = json.loads(json.dumps(project, default=str))  # an editor sees a day as text
    assert not list(schema.iter_errors(as_json))
    unseen = {"link_without_source", "nothing_to_compare", "thresholds_out_of_order"}  # what takes two keys, or a macro
    seen = {
        name
        for name, (change, *_) in MISTAKES.items()
        if name != "field_name_a_number"  # JSON has only texts as keys
        and list(
            schema.iter_errors(
                {"vars": {"dedup_entities": {"it": change if isinstance(change, str) else {**GOOD, **change}}}}
            )
        )
    }
    assert not unseen & seen
    assert len(seen) > 40
    assert {"key_misspelt", "type_misspelt", "min_complete_above_one", "rule_nested_once_too_often"} <= seen


def test_no_feature_takes_the_name_of_a_column(mistaken: Project) -> None:
    with pytest.MonkeyPatch.context() as patch:
        mistaken.environment(patch)
        patch.setenv("DBT_PROFILES_DIR", str(mistaken.folder))
        reserved = json.loads(DbtProject(mistaken.folder).compiled("tojson(dbt_dedup._pair_columns())"))
    close_connections()
    for name in ("pair", "label", "random_pair", "closure", "unlabelled", "parity"):
        columns = reference_columns()[f"int_customers__{name}_features"]
        assert set(columns) - feature_columns() <= set(reserved), name
    assert set(reference_columns()["int_customers__parity"]) - feature_columns() <= set(reserved)


@pytest.fixture(scope="module")
def spec_keys(mistaken: Project) -> dict[str, Any]:
    """What the macro spec_keys says of each key."""
    with pytest.MonkeyPatch.context() as patch:
        mistaken.environment(patch)
        patch.setenv("DBT_PROFILES_DIR", str(mistaken.folder))
        keys: dict[str, Any] = json.loads(DbtProject(mistaken.folder).compiled("tojson(dbt_dedup.spec_keys())"))
    close_connections()
    return keys


def test_an_unknown_entity(mistaken: Project) -> None:
    mistaken.dbt("run-operation", "dbt_dedup.entity", "--args", "{name: godd}", fails=True)
    (said,) = said_by_dedup(mistaken.errors)
    assert said.startswith("dbt_dedup: entity 'godd', key 'dedup_entities': found 'godd', expected one of good, ")
    assert said.endswith("Did you mean 'good'?")


def test_a_good_spec_says_nothing(mistaken: Project) -> None:
    mistaken.dbt("run-operation", "dbt_dedup.entity", "--args", "{name: good}")
    assert mistaken.errors == []


def test_a_mistake_in_the_input(mistaken: Project) -> None:
    mistaken.dbt("build", fails=True)
    said = problems(mistaken.result)
    assert set(said) == {f"stg_{name}__records" for name in INPUTS}
    for name, (_, message) in INPUTS.items():
        raw = f'"dedup"."main"."raw_{name}"'
        assert said_by_dedup([said[f"stg_{name}__records"]]) == [
            f"dbt_dedup: entity '{name}'" + message.format(raw=raw)
        ]


def test_a_mistake_stops_the_whole_project_before_it_touches_the_database(tmp_path: Path) -> None:
    folder = copy_reference_project(tmp_path)
    text = (folder / "dbt_project.yml").read_text()
    (folder / "dbt_project.yml").write_text(text.replace("birth_date: {type: date,", "birth_date: {type: dat,"))
    project = Project(folder)
    parsed = project._invoke("build")
    assert not parsed.success
    assert said_by_dedup([str(parsed.exception)]) == [
        "dbt_dedup: entity 'customers', key 'fields.birth_date.type': found 'dat', expected one of "
        f"{TYPES}. Did you mean 'date'?"
    ]
    assert not project.database.exists()


def test_labels_of_records_that_do_not_exist_stop_the_build_before_the_model_scores(
    demo: Project, tmp_path: Path
) -> None:
    project = demo.copied_to(tmp_path)
    project.change("update customers_labels set record_id_l = 'CRM-99999' where record_id_l = 'BIL-000001'")
    project.dbt("build", "--exclude-resource-type", "seed", fails=True)
    (name,) = problems(project.result)
    assert name.startswith("relationships_customers_labels_record_id_l")
    assert statuses(project.result)["int_customers__pair_scores"] == "skipped"
