"""What is right about a firm when the last record is written: the values of that day, without any error."""

from __future__ import annotations

from itertools import product

from dbt_dedup.synthesize.companies.errors import SHORT_STREET_WORDS
from dbt_dedup.synthesize.companies.firms import Firm
from dbt_dedup.synthesize.companies.records import BRANCH_LAYOUTS, OTHER_BRANCH_LAYOUTS, growth
from dbt_dedup.synthesize.slips import short_street


def true_values(firm: Firm) -> dict[str, list[str]]:
    """Return the right values by column, the best first: a name may have its legal form in any spelling."""
    site, address = firm.sites[-1], firm.sites[-1].address
    grown = growth(firm.records - 1)
    domain = firm.domains[-1]
    pages = ["", f"/{firm.page}"] if firm.page else ["", "/de", "/home"]
    return {
        "company": _names(firm),
        "contact": [f"{given} {family}" for given, family in firm.contacts],
        "registration_number": [
            firm.number,
            firm.number.replace(" ", ""),
            firm.number.replace("-", " ").replace(".", ""),
        ],
        "industry": [firm.industry.registry_name, firm.industry.crm_name, *firm.industry.directory_names],
        "employees": [str(max(1, round(firm.employees * grown)))],
        "revenue": [str(round(firm.revenue * grown))],
        "website": [f"{domain}{page}" for page in pages],
        "phone": [f"+{country}{number}" for country, number in firm.phones],
        "street": [address.street, short_street(address.street, SHORT_STREET_WORDS)],
        "city": [address.city.name],
        "postcode": [address.postcode],
        "country": [address.city.country],
        "latitude": [f"{site.latitude:.6f}"],
        "longitude": [f"{site.longitude:.6f}"],
    }


def _names(firm: Firm) -> list[str]:
    names = [firm.words]
    if firm.branch:
        layouts = BRANCH_LAYOUTS.get(firm.land.language, OTHER_BRANCH_LAYOUTS)
        names = [layout.format(firm.words, firm.branch) for layout in layouts]
    forms = [*firm.form.spellings, ""]
    with_form = [f"{name} {form}".strip() for name, form in product(names, forms)]
    if firm.land.language != "fr":
        return with_form
    return [*with_form, *(f"{form} {name}".strip() for name, form in product(names, forms))]
