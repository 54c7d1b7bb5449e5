"""How a steward judges two company records, and which records of different firms look alike."""

from __future__ import annotations

import re
from collections.abc import Callable

from dbt_dedup.synthesize.companies.records import Record, plain

_NO_MATCH_REASONS = {
    "subsidiary": "two companies of one group",
    "branch": "another branch of the company",
    "namesake": "another company of the same name",
    "neighbour": "two companies in one building",
}

STRATA: dict[str, tuple[float, Callable[[Record], object]]] = {
    "same_name": (0.10, lambda record: plain(record.words) or None),
    "same_website": (0.07, lambda record: _domain(record)),
    "group": (0.15, lambda record: record.firm.group),
    "same_address": (0.07, lambda record: _address(record)),
    "same_first_word": (0.06, lambda record: plain(record.words.split(" ")[0]) or None),
}


def judge(one: Record, other: Record, same: bool) -> tuple[str, bool]:
    """Return the reason for the verdict, and whether the records say too little for one."""
    agreeing = _agreeing(one, other)
    return _reason(one, other, same, agreeing), _is_doubtful(one, other, same, agreeing)


def _is_doubtful(one: Record, other: Record, same: bool, agreeing: list[str]) -> bool:
    if same:
        return not [name for name in agreeing if name != "name"]
    return "name" in agreeing and not (one.registration_number and other.registration_number)


def _reason(one: Record, other: Record, same: bool, agreeing: list[str]) -> str:
    if same:
        return "same " + " and ".join(agreeing) if agreeing else "asked the company"
    if one.firm.group == other.firm.group:
        return _NO_MATCH_REASONS[other.firm.relation or one.firm.relation]
    return "different companies with the same " + " and ".join(agreeing) if agreeing else "nothing in common"


def _agreeing(one: Record, other: Record) -> list[str]:
    """Name the values that are equal but for spelling."""
    keys: dict[str, Callable[[Record], object]] = {
        "name": lambda record: plain(record.words),
        "number": lambda record: plain(record.registration_number or "") if record.registration_number else None,
        "website": _domain,
        "phone": lambda record: _digits(record.phone),
        "address": _address,
        "contact": lambda record: tuple(sorted(re.findall(r"\w+", (record.contact or "").lower()))) or None,
    }
    return [name for name, key in keys.items() if key(one) and key(one) == key(other)]


def _domain(record: Record) -> str | None:
    """The host of the website without `www.`; None for pages at large sites and for what is no website."""
    host = re.sub(r"^(https?://)?(www\.)?", "", (record.website or "").lower().strip()).split("/")[0]
    shared = ("facebook.com", "linkedin.com", "instagram.com", "wixsite.com", "jimdosite.com", "business.site")
    return host if "." in host and "@" not in host and not host.endswith((*shared, "example.com")) else None


def _address(record: Record) -> tuple[str, str] | None:
    return (plain(record.street), plain(record.postcode)) if record.street and record.postcode else None


def _digits(phone: str | None) -> str | None:
    digits = "".join(letter for letter in phone or "" if letter.isdigit())
    return digits[-7:] if len(digits) > 7 and len(set(digits)) > 2 else None
