"""What is right about a person when the last record is written: the values of that day, without any error."""

from __future__ import annotations

from dbt_dedup.synthesize.customers.errors import SHORT_WORDS
from dbt_dedup.synthesize.customers.people import Person
from dbt_dedup.synthesize.slips import short_street


def true_values(person: Person) -> dict[str, list[str]]:
    """Return the right values by column, the best first: a person may have two mailboxes."""
    given, family, address = person.given, person.family, person.addresses[-1]
    postcodes = [address.postcode]
    if address.plus_four:
        postcodes.append(f"{address.postcode}-{address.plus_four}")
    return {
        "given_name": [given, *([f"{given} {person.middle}", f"{given} {person.middle}."] if person.middle else [])],
        "family_name": [
            family,
            *([f"{family} {person.second_family}"] if person.second_family else []),
            *([f"{person.former_family}-{family}"] if person.former_family else []),
            *([f"{family} {person.suffix}", f"{family}, {person.suffix}."] if person.suffix else []),
        ],
        "birth_date": [person.birth.isoformat()],
        "email": person.emails,
        "phone": [f"+{country}{number}" for country, number in (person.phones[0], person.phones[-1])],
        "street": [address.street, short_street(address.street, SHORT_WORDS)],
        "city": [address.city.name],
        "postcode": postcodes,
    }
