"""Makes the blocks, on all cores, and writes them in order."""

from __future__ import annotations

import gc
import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import astuple, dataclass, fields
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

import numpy as np

from dbt_dedup.synthesize.errors import corrupt
from dbt_dedup.synthesize.labels import Label, draw_labels
from dbt_dedup.synthesize.population import people
from dbt_dedup.synthesize.randomness import scramble, shuffled, uniforms
from dbt_dedup.synthesize.records import Record, records_of
from dbt_dedup.synthesize.settings import Settings
from dbt_dedup.synthesize.writer import Files, encode

VALUES = (
    "given_name",
    "family_name",
    "birth_date",
    "email",
    "phone",
    "street",
    "city",
    "postcode",
    "updated_at",
)
TABLES = {
    "raw_customers": ("customer_id", "source_system", *VALUES),
    "customers_truth": ("record_id", "entity_id"),
    "customers_labels": tuple(field.name for field in fields(Label)),
}
# streams of a block: another error rate must not change the people
_PEOPLE, _RECORDS, _ERRORS, _ORDER, _LABELS = range(5)
_PREFIX = {"crm": "CRM", "billing": "BIL", "support": "SUP"}


@dataclass(frozen=True)
class Block:
    """One block, ready to write."""

    customers: Any
    truth: Any
    labels: list[Label]


@dataclass(frozen=True)
class Summary:
    """What was written."""

    records: int
    labels: int
    paths: list[Path]


def synthesize(settings: Settings, folder: Path, file_format: str = "csv", jobs: int = 1) -> Summary:
    """Write the three tables into an existing folder."""
    labels: list[Label] = []
    with Files(folder, file_format, dict(TABLES)) as files:
        for block in _blocks(settings, file_format, jobs):
            files.add("raw_customers", block.customers)
            files.add("customers_truth", block.truth)
            labels.extend(block.labels)
        labels.sort(key=lambda label: (label.record_id_l, label.record_id_r))
        rows = [astuple(label) for label in labels]
        files.add("customers_labels", encode(rows, TABLES["customers_labels"], file_format))
    return Summary(settings.records, len(labels), list(files.paths.values()))


def make_block(settings: Settings, block: int, file_format: str) -> Block:
    """Make one block; depends on nothing but its arguments."""
    collecting = gc.isenabled()
    gc.disable()  # a block makes many objects and no cycles: collecting in between would take a quarter of the time
    try:
        return _make_block(settings, block, file_format)
    finally:
        if collecting:
            gc.enable()


def _make_block(settings: Settings, block: int, file_format: str) -> Block:
    start, end = settings.block_bounds(block)
    records = _records(settings, block, end - start)
    customer_numbers, entity_numbers = _numbers(settings, start, end)
    width = max(6, len(str(settings.records)))
    ids = [
        f"{_PREFIX[record.source_system]}-{number:0{width}d}"
        for record, number in zip(records, customer_numbers, strict=True)
    ]
    entities: dict[int, str] = {}
    for record in records:
        entities.setdefault(id(record.person), f"E{entity_numbers[len(entities)]:0{width}d}")
    customers = [
        (
            customer_id,
            record.source_system,
            record.given_name,
            record.family_name,
            record.birth_date,
            record.email,
            record.phone,
            record.street,
            record.city,
            record.postcode,
            record.updated_at,
        )
        for customer_id, record in zip(ids, records, strict=True)
    ]
    truth = [(customer_id, entities[id(record.person)]) for customer_id, record in zip(ids, records, strict=True)]
    wanted = settings.labels * end // settings.records - settings.labels * start // settings.records
    return Block(
        encode(customers, TABLES["raw_customers"], file_format),
        encode(truth, TABLES["customers_truth"], file_format),
        draw_labels(records, ids, wanted, uniforms(settings.seed, block, _LABELS)),
    )


def _records(settings: Settings, block: int, size: int) -> list[Record]:
    """Make the records of a block in random order."""
    writing = uniforms(settings.seed, block, _RECORDS)
    corrupting = uniforms(settings.seed, block, _ERRORS)
    records = []
    for person in people(settings, size, uniforms(settings.seed, block, _PEOPLE)):
        for record in records_of(person, settings.missing_rate, writing):
            corrupt(record, settings.error_rate, settings.error_rates, corrupting)
            records.append(record)
    return [records[position] for position in shuffled(size, uniforms(settings.seed, block, _ORDER))]


def _numbers(settings: Settings, start: int, end: int) -> tuple[list[int], list[int]]:
    """Numbers for the records and entities of a block that no other block has and that say nothing of their order."""
    positions = np.arange(start, end, dtype=np.uint64)
    customers, entities = (scramble(positions, settings.records, settings.seed, purpose) + 1 for purpose in (0, 1))
    return customers.tolist(), entities.tolist()


def _blocks(settings: Settings, file_format: str, jobs: int) -> Iterator[Block]:
    """Yield the blocks in order; with several jobs a few are made ahead, never all."""
    if jobs == 1 or settings.blocks == 1:
        for block in range(settings.blocks):
            yield make_block(settings, block, file_format)
        return
    # "spawn" because a fork of a process with threads (Arrow has some) can hang
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(jobs, settings.blocks), mp_context=context, initializer=_end_with_parent) as pool:
        ahead: deque[Future[Block]] = deque()
        for block in range(settings.blocks):
            ahead.append(pool.submit(make_block, settings, block, file_format))
            if len(ahead) > 2 * jobs:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()


def _end_with_parent() -> None:
    """End this worker when the process that started it is killed; otherwise it would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch(sentinel: int) -> None:
        wait([sentinel])
        os._exit(1)

    threading.Thread(target=watch, args=(parent.sentinel,), daemon=True).start()
