"""Tables made to melt: what is merged without labels where many records are alike and few are one.

    python benchmarks/melting.py households twins

Each table is made here, from a seed, with its truth. A user's flow follows: `dbt-dedup train --no-labels`, and
`dbt build` where a model went into production. A model that abstains merges nothing, which is right here. Results go to
benchmarks/results/melting.json.
"""

from __future__ import annotations

import csv
import itertools
import json
import random
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb
from benchmark_project import machine, write_project
from data_sets import data_set_parser, parse_data_sets

RESULTS = Path(__file__).parent / "results" / "melting.json"
ENTITY = "things"
GIVEN = [
    "Anna",
    "Ben",
    "Carla",
    "David",
    "Emma",
    "Frank",
    "Gina",
    "Hugo",
    "Ines",
    "Jakob",
    "Klara",
    "Liam",
    "Mona",
    "Noah",
    "Olga",
    "Paul",
    "Rita",
    "Sven",
    "Tina",
    "Uwe",
]
FAMILY = [
    "Meyer",
    "Schmidt",
    "Fischer",
    "Weber",
    "Wagner",
    "Becker",
    "Schulz",
    "Koch",
    "Richter",
    "Klein",
    "Wolf",
    "Neumann",
    "Braun",
    "Krause",
    "Lange",
]
STREETS = ("Oak Street", "Mill Lane", "High Road", "Park Avenue", "River Walk", "Church Street", "Station Road")
CITIES = ("Leeds", "York", "Bath", "Derby", "Hull")
PEOPLE: dict[str, Any] = {
    "fields": {
        "given_name": {"type": "given_name"},
        "family_name": {"type": "family_name"},
        "birth_date": {"type": "date"},
        "email": {"type": "email"},
        "phone": {"type": "phone", "country": "US"},
        "street": {"type": "address"},
        "city": {"type": "city"},
        "postcode": {"type": "postcode"},
    },
    "blocking": [
        ["email"],
        ["phone"],
        ["family_name.soundex", "birth_date"],
        ["given_name", "postcode"],
        ["family_name", "street"],
    ],
}
FIRMS: dict[str, Any] = {
    "fields": {
        "name": {"type": "company"},
        "phone": {"type": "phone", "country": "US"},
        "street": {"type": "address"},
        "city": {"type": "city"},
    },
    "blocking": [["phone"], ["name.rare_tokens"], ["name.prefix", "city"], ["street.number", "city"]],
}
PRODUCTS: dict[str, Any] = {"fields": {"name": {"type": "text"}}, "blocking": [["name.rare_tokens"], ["name.prefix"]]}

Row = dict[str, str]
Table = list[tuple[int, Row]]  # number of the entity, and what its record says


@dataclass(frozen=True)
class Result:
    """What was merged of one table. Pairs are pairs of records; None where nothing was built."""

    table: str
    records: int
    verdict: str
    true_pairs: int
    merged_pairs: int | None = None
    right_pairs: int | None = None
    largest_entity: int | None = None
    build_passed: bool | None = None


class Maker:
    """Makes records from one seed."""

    def __init__(self) -> None:
        self.random = random.Random(7)

    def person(self, number: int, **said: str) -> Row:
        """A person; what is said replaces what was drawn."""
        pick, between = self.random.choice, self.random.randint
        return {
            "given_name": pick(GIVEN),
            "family_name": pick(FAMILY),
            "birth_date": f"{between(1940, 2005)}-{between(1, 12):02}-{between(1, 28):02}",
            "email": f"p{number}.{between(10, 99)}@mail.test",
            "phone": f"(541) 555-{between(0, 9999):04}",
            "street": f"{between(1, 200)} {pick(STREETS)}",
            "city": pick(CITIES),
            "postcode": str(between(10000, 10060)),
        } | said

    def slip(self, text: str) -> str:
        """The text with a letter changed or left out."""
        if len(text) < 3:
            return text
        place = self.random.randrange(1, len(text))
        letter = self.random.choice("abcdefghiklmnoprstu") if self.random.random() < 0.6 else ""
        return text[:place] + letter + text[place + 1 :]

    def copied(self, rows: list[Row], share: float = 0.3) -> Table:
        """Each row is an entity; a share of them has a second record with a slip in one field."""
        table = []
        for entity, row in enumerate(rows):
            table.append((entity, row))
            if self.random.random() < share:
                field = self.random.choice([name for name, value in row.items() if value])
                table.append((entity, row | {field: self.slip(row[field])}))
        return table

    def households(self) -> Table:
        """Four people a family, with one phone and address."""
        rows = []
        for number in range(150):
            home = self.person(number)
            shared = {name: home[name] for name in ("family_name", "phone", "street", "city", "postcode")}
            rows += [self.person(4 * number + member, **shared) for member in range(4)]
        return self.copied(rows)

    def switchboard(self) -> Table:
        """Everybody has one phone and address."""
        shared = {"phone": "(541) 555-0100", "street": "1 Main Street", "city": "Leeds", "postcode": "10001"}
        return self.copied([self.person(number, **shared) for number in range(600)])

    def office_mail(self) -> Table:
        """Fifteen colleagues share mailbox, phone and address; no birth dates."""
        return self.copied(
            [
                self.person(
                    number,
                    email=f"info@firm{number % 40}.test",
                    phone=f"(541) 555-{number % 40:04}",
                    street=f"{number % 40} Oak Street",
                    city="Leeds",
                    postcode="10001",
                    birth_date="",
                )
                for number in range(600)
            ]
        )

    def numbered_stores(self) -> Table:
        """Names that differ in a number, one phone, nine streets."""
        return self.copied(
            [
                {
                    "name": f"Store {number:04}",
                    "phone": "(541) 555-0100",
                    "street": f"{number % 9} Mall Road",
                    "city": CITIES[number % 2],
                }
                for number in range(500)
            ]
        )

    def chain(self) -> Table:
        """Each name differs from the one before by a letter; no two records are one."""
        letters, table = list("northern harbour logistics"), []
        for number in range(400):
            place = self.random.randrange(len(letters))
            if letters[place] != " ":
                letters[place] = self.random.choice("abcdefghijklmnoprstu")
            row = {"name": "".join(letters), "phone": "", "street": f"{number % 7} Quay", "city": "Leeds"}
            table.append((number, row))
        return table

    def franchise(self) -> Table:
        """One name in four spellings, at 400 addresses."""
        names = ("Burger Palace", "Burger Palace Ltd", "Burger Palace UK", "The Burger Palace")
        pick, between = self.random.choice, self.random.randint
        return self.copied(
            [
                {
                    "name": pick(names),
                    "phone": f"(541) 555-{number:04}",
                    "street": f"{between(1, 30)} {pick(STREETS[:3])}",
                    "city": pick(CITIES[:3]),
                }
                for number in range(400)
            ]
        )

    def variants(self) -> Table:
        """Products that differ in one word of their only field."""
        words = (
            ("Phone", "Tablet", "Watch"),
            ("10", "11", "12"),
            ("64GB", "128GB", "256GB"),
            ("black", "white", "red"),
        )
        return self.copied([{"name": " ".join(("Acme", *chosen))} for chosen in itertools.product(*words)], 0.8)

    def placeholders(self) -> Table:
        """Most phones, dates and mailboxes are the same filler."""
        filler = {"birth_date": "1970-01-01", "phone": "(541) 555-1111", "email": "noreply@shop.test"}
        rows = []
        for number in range(500):
            row = self.person(number)
            rows.append(row | {name: value for name, value in filler.items() if self.random.random() < 0.7})
        return self.copied(rows)

    def strangers(self) -> Table:
        """Random letters: no two records are alike."""

        def word(size: int) -> str:
            return "".join(self.random.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(size))

        return [
            (number, self.person(number, given_name=word(6), family_name=word(7), birth_date="", phone=""))
            for number in range(800)
        ]

    def names_alone(self) -> Table:
        """Two common names, and nothing else, in nine records of ten."""
        pick = self.random.choice
        return [
            (
                number,
                dict.fromkeys(PEOPLE["fields"], "")
                | {"given_name": pick(GIVEN[:8]), "family_name": pick(FAMILY[:8])}
                | ({"city": pick(CITIES)} if self.random.random() < 0.1 else {}),
            )
            for number in range(700)
        ]

    def twins(self) -> Table:
        """Pairs of people who differ in a letter of the given name."""
        table = []
        for number in range(250):
            one = self.person(number)
            table += [(2 * number, one), (2 * number + 1, one | {"given_name": self.slip(one["given_name"])})]
        return table

    def village(self) -> Table:
        """Three family names, four addresses, birthdays of 1 January."""
        pick, between = self.random.choice, self.random.randint
        return [
            (
                number,
                self.person(
                    number,
                    given_name=pick(GIVEN[:12]),
                    family_name=pick(FAMILY[:3]),
                    birth_date=f"{between(1930, 2000)}-01-01",
                    email="",
                    phone="",
                    street=pick(("1 Hill", "2 Hill", "3 Hill", "4 Hill")),
                    city="Leeds",
                    postcode="10001",
                ),
            )
            for number in range(800)
        ]


TABLES: dict[str, tuple[Callable[[Maker], Table], dict[str, Any]]] = {
    "households": (Maker.households, PEOPLE),
    "switchboard": (Maker.switchboard, PEOPLE),
    "office_mail": (Maker.office_mail, PEOPLE),
    "numbered_stores": (Maker.numbered_stores, FIRMS),
    "chain": (Maker.chain, FIRMS),
    "franchise": (Maker.franchise, FIRMS),
    "variants": (Maker.variants, PRODUCTS),
    "placeholders": (Maker.placeholders, PEOPLE),
    "strangers": (Maker.strangers, PEOPLE),
    "names_alone": (Maker.names_alone, PEOPLE),
    "twins": (Maker.twins, PEOPLE),
    "village": (Maker.village, PEOPLE),
}


def main() -> None:
    """Measure the tables named on the command line; keep what was found in benchmarks/results."""
    arguments = parse_data_sets(data_set_parser(__doc__, TABLES), TABLES)
    results = []
    for name in arguments.datasets:
        with tempfile.TemporaryDirectory(prefix=f"dbt_dedup_{name}_") as scratch:
            results.append(measure(name, Path(scratch)))
        print(json.dumps(asdict(results[-1])), flush=True)
    document = {"command": "python benchmarks/melting.py", **machine(), "results": [asdict(row) for row in results]}
    RESULTS.write_text(json.dumps(document, indent=2) + "\n")


def measure(name: str, scratch: Path) -> Result:
    """Make a table, learn from it without labels, and build."""
    make, spec = TABLES[name]
    maker = Maker()
    table = make(maker)
    maker.random.shuffle(table)
    file, folder = scratch / "records.csv", scratch / "project"
    with file.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["id", "entity", *spec["fields"]])
        writer.writerows([f"r{place:05}", entity, *row.values()] for place, (entity, row) in enumerate(table))
    raw = f"select * exclude (entity) from read_csv('{file}', all_varchar = true, nullstr = '')"
    write_project(folder, ENTITY, {"input": "raw_things", "record_id": "id", **spec}, {"raw_things": raw})
    succeeds(folder, "dbt", "deps", "--quiet")
    learned = succeeds(folder, "dbt-dedup", "train", ENTITY, "--no-labels")
    in_use = (folder / "dedup_models" / ENTITY / "production").exists()
    verdict = "usable" if in_use else "abstained" if learned else "nothing to learn from"
    sizes: dict[int, int] = {}
    for entity, _ in table:
        sizes[entity] = sizes.get(entity, 0) + 1
    result = Result(name, len(table), verdict, sum(size * (size - 1) // 2 for size in sizes.values()))
    if not in_use:
        return result
    passed = succeeds(folder, "dbt", "build", "--quiet", "--exclude-resource-type", "unit_test")
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as connection:
        found = connection.execute(
            f"""
            with parts as (
                select crosswalk.entity_id, truth.entity, count(*) as records
                from {ENTITY}_crosswalk as crosswalk
                inner join read_csv('{file}', all_varchar = true) as truth on crosswalk.record_id = truth.id
                group by all
            ),
            entities as (select sum(records) as records from parts group by entity_id)
            select
                (select sum(records * (records - 1) / 2) from entities),
                (select sum(records * (records - 1) / 2) from parts),
                (select max(records) from entities)
            """
        ).fetchone()
    merged, right, largest = (int(value) for value in found or (0, 0, 0))
    return Result(name, len(table), verdict, result.true_pairs, merged, right, largest, passed)


def succeeds(folder: Path, *command: str) -> bool:
    """Whether a command does what it should, without a word."""
    return subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode == 0


if __name__ == "__main__":
    main()
