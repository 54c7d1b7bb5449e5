"""What a run of the generator was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

BLOCK_RECORDS = 25_000
"""Records a block; part of the data's definition, because every block draws from streams of its own."""


@dataclass(frozen=True)
class ErrorKind:
    """A kind of error that `errors` makes.

    Parameters
    ----------
    rate : float in [0, 1]
        Default share of the records that can carry errors.
    what : str
        What such a record has, for people.
    """

    rate: float
    what: str


ERROR_KINDS = {
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
}


@dataclass(frozen=True)
class Settings:
    """Options that decide the content of the data; two equal settings give equal data.

    Parameters
    ----------
    records : int
        Number of raw records, at least 1.
    seed : int
        Any non-negative integer.
    labels : int
        Number of labelled pairs; fewer come out where the data hold fewer different pairs.
    error_rate : float in [0, 1]
        Share of records that can carry errors at all.
    missing_rate : float in [0, 1]
        Share of birth dates, e-mails, phones and addresses left blank, averaged over the three systems.
    household_rate : float in [0, 1]
        Share of households with more than one customer.
    change_rate : float in [0, 1]
        Share of people with several records who moved between two of them; others married or took a new phone.
    error_rates : mapping of error name to float in [0, 1]
        For each kind of error, its share of the records that can carry errors. Kinds not named do not happen.
    """

    records: int
    seed: int = 1
    labels: int = 0
    error_rate: float = 0.5
    missing_rate: float = 0.14
    household_rate: float = 0.5
    change_rate: float = 0.12
    error_rates: Mapping[str, float] = field(default_factory=lambda: {name: e.rate for name, e in ERROR_KINDS.items()})

    @property
    def blocks(self) -> int:
        """Number of blocks the records are made in."""
        return -(-self.records // BLOCK_RECORDS)

    def block_bounds(self, block: int) -> tuple[int, int]:
        """Positions of the first record of a block and of the first record after it."""
        start = block * BLOCK_RECORDS
        return start, min(start + BLOCK_RECORDS, self.records)
