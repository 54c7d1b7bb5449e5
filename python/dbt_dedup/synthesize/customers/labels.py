"""How a steward judges two customer records, and which records of different people look alike."""

from __future__ import annotations

from collections.abc import Callable

from dbt_dedup.synthesize.customers.records import Record, lay_out_date

STRATA: dict[str, tuple[float, Callable[[Record], object]]] = {
    "same_name": (0.10, lambda record: _name(record) if record.given_name and record.family_name else None),
    "same_phone": (0.06, lambda record: _phone(record)),
    "household": (0.15, lambda record: record.person.household),
    "same_birth_date": (0.07, lambda record: record.person.birth if record.birth_date else None),
    "same_family_name": (0.07, lambda record: (record.family_name or "").lower() or None),
}


def judge(one: Record, other: Record, same: bool) -> tuple[str, bool]:
    """Return the reason for the verdict, and whether the records say too little for one."""
    agreeing = _agreeing(one, other)
    return _reason(one, other, same, agreeing), _is_doubtful(one, other, same, agreeing)


def _is_doubtful(one: Record, other: Record, same: bool, agreeing: list[str]) -> bool:
    strong = [name for name in agreeing if name != "name"]
    if same:
        return not strong
    return "name" in agreeing and not (one.birth_date and other.birth_date)


def _reason(one: Record, other: Record, same: bool, agreeing: list[str]) -> str:
    if same:
        return "same " + " and ".join(agreeing) if agreeing else "asked the customer"
    if one.person.household == other.person.household:
        if one.person.birth == other.person.birth:
            return "twins"
        if one.person.given == other.person.given and (one.person.suffix or other.person.suffix):
            return "father and son"
        return "two people of one household"
    if agreeing:
        return "different people with the same " + " and ".join(agreeing)
    return "nothing in common"


def _agreeing(one: Record, other: Record) -> list[str]:
    """Name the values that are equal as they stand."""
    names = []
    if one.given_name and one.family_name and _name(one) == _name(other):
        names.append("name")
    if one.birth_date and other.birth_date and _date(one) == _date(other):
        names.append("birth date")
    if one.email and one.email == other.email and "@" in one.email:
        names.append("e-mail")
    if _phone(one) and _phone(one) == _phone(other):
        names.append("phone")
    if one.street and (one.street, one.postcode) == (other.street, other.postcode):
        names.append("address")
    return names


def _name(record: Record) -> tuple[str, str]:
    return (record.given_name or "").lower(), (record.family_name or "").lower()


def _phone(record: Record) -> str | None:
    digits = "".join(letter for letter in (record.phone or "").partition("ext")[0] if letter.isdigit())
    return digits[-10:] if len(digits) > 7 and len(set(digits)) > 2 else None


def _date(record: Record) -> object:
    """Return the birth date if the record states it rightly; anything else agrees with nothing."""
    right = lay_out_date(record.person.birth.isoformat(), record.date_layout)
    return record.person.birth if record.birth_date == right else object()
