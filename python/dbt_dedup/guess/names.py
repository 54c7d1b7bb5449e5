"""What the name of a column says, in the languages in which people name columns."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from functools import cache

from dbt_dedup.guess.data import read_data

# columns of the package itself, as the macro _record_columns has them
RECORD_COLUMNS = frozenset(
    [
        "cluster_key",
        "component_key",
        "content_hash",
        "definition",
        "doubtful_fields",
        "entity_id",
        "family_is_given_name",
        "first_updated_at",
        "first_word",
        "foreignness",
        "given_is_family_name",
        "has_diacritics",
        "has_mixed_case",
        "input_digest",
        "is_distinctive",
        "is_doubtful",
        "is_lesser",
        "is_misspelled",
        "l",
        "last_updated_at",
        "last_word",
        "lesser_fields",
        "r",
        "rarity",
        "record_count",
        "record_id",
        "record_key",
        "records",
        "records_in_entity",
        "records_of_city",
        "records_of_postcode",
        "representative_key",
        "row_hash",
        "source",
        "source_rank",
        "sources",
        "updated_at",
        "value_number",
        "whole_text",
    ]
)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_A-Za-z]+")
# letters that are no letter with a sign
_SPELLED = str.maketrans(
    {
        **{"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"},
        **{"æ": "ae", "ø": "o", "œ": "oe", "ł": "l", "đ": "d", "ı": "i"},
        **{"Æ": "Ae", "Ø": "O", "Œ": "Oe", "Ł": "L", "Đ": "D"},
    }
)


def words_of(name: str) -> list[str]:
    """The words of a column's name in lower case without diacritics: `Geb.-Datum` and `gebDatum` are geb, datum.

    Letters of other scripts make words too: `生年月日` is one.
    """
    return [word.lower() for word in _WORD.findall(_without_diacritics(name))]


def _without_diacritics(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.translate(_SPELLED))
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def meanings_of(name: str) -> list[str]:
    """What a column's name may mean, keys of data/column_names.yml, most likely first.

    The whole name counts most, then the longest words at its end (`customer_phone`), then those at its start or inside
    (`phone_home`). `number` and the like say little at the end of a name (`ssn_number`).
    """
    words = words_of(name)
    whole = "_".join(words)
    joined = "".join(words)
    found: list[tuple[int, int, int, str]] = []
    for place, (meaning, alternatives) in enumerate(_meanings().items()):
        for alternative in alternatives:
            parts = alternative.split("_")
            if whole == alternative or joined == "".join(parts):
                found.append((0, -len(parts), place, meaning))
            elif words[-len(parts) :] == parts:
                found.append((3 if meaning == "record_id" else 1, -len(parts), place, meaning))
            elif meaning != "record_id" and any(
                words[start : start + len(parts)] == parts for start in range(len(words) - len(parts))
            ):
                found.append((2, -len(parts), place, meaning))
    return list(dict.fromkeys(meaning for *_, meaning in sorted(found)))


def is_called(name: str, meaning: str) -> bool:
    """Whether the whole name of a column is a word for a meaning."""
    return "_".join(words_of(name)) in _meanings()[meaning]


@cache
def _meanings() -> dict[str, list[str]]:
    return {meaning: _without_diacritics(words).split() for meaning, words in read_data("column_names.yml").items()}


def can_be_named(name: str) -> bool:
    """Whether a spec can name a column: not if its name has quotation marks or control characters."""
    return '"' not in name and name.isprintable() and bool(name.strip())


@cache
def reserved_names() -> frozenset[str]:
    """Names that no field can have: columns of the package itself, and the words that SQL keeps for itself."""
    import duckdb

    with duckdb.connect() as connection:
        words = connection.query(
            "select keyword_name from duckdb_keywords() where keyword_category in ('reserved', 'type_function')"
        ).fetchall()
    return RECORD_COLUMNS | {word for (word,) in words}


def field_name(name: str, taken: Collection[str]) -> str:
    """A name of a field for a column: lower-case words joined by underscores, unlike those that are taken.

    A name in another script gives what it means: `生年月日` is `birth_date`.
    """
    base = "_".join(word for word in words_of(name) if word.isascii())
    base = base or next(iter(meanings_of(name)), "field")
    if not base[0].isalpha():
        base = f"field_{base}"
    base = base[:50].rstrip("_")
    if base in reserved_names():
        base += "_value"
    for number in range(1, len(taken) + 3):
        candidate = base if number == 1 else f"{base}_{number}"
        if candidate not in taken:
            return candidate
    raise AssertionError("more names than numbers")  # pragma: no cover
