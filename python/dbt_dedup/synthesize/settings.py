"""What the generator can be asked for, and what it was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

BLOCK_RECORDS = 25_000
"""Records a block; part of the data's definition, because every block draws from streams of its own."""

ERROR_RATE = 0.5
MISSING_RATE = 0.14
CHANGE_RATE = 0.12


@dataclass(frozen=True)
class ErrorKind:
    """A kind of error that is made.

    Parameters
    ----------
    rate : float in [0, 1]
        Default share of the records that can carry errors.
    what : str
        What such a record has, for people.
    """

    rate: float
    what: str


@dataclass(frozen=True)
class Offer:
    """What can be asked of one kind of data.

    Parameters
    ----------
    related_option : str
        Name of the option for `Settings.related_rate`.
    related_rate : float in [0, 1]
        Default of that option.
    related : str
        What that option is a share of, for people.
    errors : mapping of error name to ErrorKind
        Kinds of error in the order they happen.
    """

    related_option: str
    related_rate: float
    related: str
    errors: Mapping[str, ErrorKind]


OFFERS = {
    "customers": Offer(
        related_option="household",
        related_rate=0.5,
        related="Share of households with more than one customer: spouses, children, twins, flatmates",
        errors={
            "nickname": ErrorKind(0.22, "a nickname for the given name"),
            "initial": ErrorKind(0.05, "only the initial of the given name"),
            "names-swapped": ErrorKind(0.04, "given and family name exchanged"),
            "day-month-swapped": ErrorKind(0.06, "day and month of the birth date exchanged"),
            "email-alias": ErrorKind(0.1, "a plus tag or other dots in the e-mail"),
            "street-abbreviated": ErrorKind(0.45, "an abbreviated street, perhaps without the apartment"),
            "diacritics-lost": ErrorKind(0.6, "no diacritics"),
            "zero-lost": ErrorKind(0.15, "a postcode without its leading zero"),
            "incorrect": ErrorKind(0.1, "a value that is none, such as n/a, test@test.com or 1900-01-01"),
            "typo": ErrorKind(0.35, "a slip on the keyboard"),
            "misread": ErrorKind(0.06, "a letter taken for one that looks like it"),
            "junk": ErrorKind(0.05, "a remark behind a name or street, such as (old)"),
            "case": ErrorKind(0.15, "names and address in capitals or in small letters"),
            "spacing": ErrorKind(0.06, "blanks too many"),
        },
    ),
    "companies": Offer(
        related_option="group",
        related_rate=0.3,
        related="Share of firms with relatives that are firms of their own: subsidiaries, branches, namesakes",
        errors={
            "trading-name": ErrorKind(0.12, "the name that the firm trades under"),
            "acronym": ErrorKind(0.06, "the initials of the name"),
            "legal-form": ErrorKind(0.3, "no legal form, or another one"),
            "words-changed": ErrorKind(0.15, "a name with words abbreviated, left out or in another order"),
            "other-number": ErrorKind(0.06, "another registration number, such as a tax number"),
            "rough-number": ErrorKind(0.3, "rounded, old or oddly written employees and revenue"),
            "shared-page": ErrorKind(0.08, "a page at a social network or site builder for a website"),
            "other-category": ErrorKind(0.15, "an industry next to the right one"),
            "town-centre": ErrorKind(0.1, "the coordinates of the town instead of those of the address"),
            "street-abbreviated": ErrorKind(0.3, "an abbreviated street"),
            "diacritics-lost": ErrorKind(0.4, "no diacritics"),
            "incorrect": ErrorKind(0.1, "a value that is none, such as n/a, www.example.com or 0 degrees"),
            "typo": ErrorKind(0.3, "a slip on the keyboard"),
            "misread": ErrorKind(0.05, "a letter taken for one that looks like it"),
            "junk": ErrorKind(0.06, "a remark behind the name, such as (old)"),
            "case": ErrorKind(0.15, "names and address in capitals or in small letters"),
            "spacing": ErrorKind(0.06, "blanks too many"),
        },
    ),
}
"""By kind of data."""


def table_names(kind: str) -> tuple[str, str, str, str]:
    """Names of the raw records, of their entities, of the labelled pairs and of the true values of each entity."""
    return f"raw_{kind}", f"{kind}_truth", f"{kind}_labels", f"{kind}_truth_values"


@dataclass(frozen=True)
class Settings:
    """Options that decide the content of the data; two equal settings give equal data.

    Parameters
    ----------
    kind : str
        A key of `OFFERS`.
    records : int
        Number of raw records, at least 1.
    seed : int
        Any non-negative integer.
    labels : int
        Number of labelled pairs; fewer come out where the data hold fewer different pairs.
    error_rate : float in [0, 1]
        Share of records that can carry errors at all.
    missing_rate : float in [0, 1]
        Share of values left blank, averaged over the three systems and over the fields that can be blank.
    related_rate : float in [0, 1]
        Share of households with more than one customer, or of firms with relatives.
    change_rate : float in [0, 1]
        Share of people or firms with several records who moved between two of them.
    error_rates : mapping of error name to float in [0, 1]
        For each kind of error, its share of the records that can carry errors. Kinds not named do not happen.
    """

    kind: str
    records: int
    seed: int
    labels: int
    error_rate: float
    missing_rate: float
    related_rate: float
    change_rate: float
    error_rates: Mapping[str, float]

    @classmethod
    def of(cls, kind: str, records: int, **options: Any) -> Settings:
        """Settings with the defaults of the kind where `options` say nothing; an option None says nothing."""
        offer = OFFERS[kind]
        defaults: dict[str, Any] = {
            "seed": 1,
            "labels": 0,
            "error_rate": ERROR_RATE,
            "missing_rate": MISSING_RATE,
            "related_rate": offer.related_rate,
            "change_rate": CHANGE_RATE,
            "error_rates": {name: error.rate for name, error in offer.errors.items()},
        }
        return cls(kind, records, **defaults | {name: value for name, value in options.items() if value is not None})

    @property
    def blocks(self) -> int:
        """Number of blocks the records are made in."""
        return -(-self.records // BLOCK_RECORDS)

    def block_bounds(self, block: int) -> tuple[int, int]:
        """Positions of the first record of a block and of the first record after it."""
        start = block * BLOCK_RECORDS
        return start, min(start + BLOCK_RECORDS, self.records)
