"""Makes the blocks, on all cores, and writes them in order."""

from __future__ import annotations

import gc
import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import astuple, dataclass
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

import numpy as np

from dbt_dedup.files import locked
from dbt_dedup.synthesize.kinds import KINDS
from dbt_dedup.synthesize.labels import Label, draw_labels
from dbt_dedup.synthesize.randomness import scramble, shuffled, uniforms
from dbt_dedup.synthesize.settings import Settings
from dbt_dedup.synthesize.writer import Files, encode

# streams of a block: another error rate must not change the entities
_ENTITIES, _RECORDS, _ERRORS, _ORDER, _LABELS = range(5)


@dataclass(frozen=True)
class Block:
    """One block, ready to write."""

    records: Any
    truth: Any
    truth_values: Any
    labels: list[Label]


@dataclass(frozen=True)
class Summary:
    """What was written."""

    records: int
    labels: int
    paths: list[Path]


def synthesize(settings: Settings, folder: Path, file_format: str = "csv", jobs: int = 1) -> Summary:
    """Write the four tables into an existing folder.

    Raises:
        DedupError: another run writes there.
    """
    labels: list[Label] = []
    tables = KINDS[settings.kind].tables
    raw_name, truth_name, labels_name, truth_values_name = tables
    with locked(folder / f"{raw_name}.{file_format}"), Files(folder, file_format, tables) as files:
        for block in _blocks(settings, file_format, jobs):
            files.add(raw_name, block.records)
            files.add(truth_name, block.truth)
            files.add(truth_values_name, block.truth_values)
            labels.extend(block.labels)
        labels.sort(key=lambda label: (label.record_id_l, label.record_id_r))
        rows = [astuple(label) for label in labels]
        files.add(labels_name, encode(rows, tables[labels_name], file_format))
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
    kind = KINDS[settings.kind]
    raw_columns, truth_columns, _, true_columns = kind.tables.values()
    start, end = settings.block_bounds(block)
    records = _records(settings, block, end - start)
    record_numbers, entity_numbers = _numbers(settings, start, end)
    width = max(6, len(str(settings.records)))
    ids = [
        f"{kind.prefixes[record.source_system]}-{number:0{width}d}"
        for record, number in zip(records, record_numbers, strict=True)
    ]
    entities: dict[int, str] = {}
    true_values = []
    for record in records:
        if id(record.entity) not in entities:
            entity_id = entities[id(record.entity)] = f"E{entity_numbers[len(entities)]:0{width}d}"
            true_values.append((entity_id, *kind.true_row(record.entity)))
    raw = [(record_id, record.source_system, *kind.row(record)) for record_id, record in zip(ids, records, strict=True)]
    truth = [(record_id, entities[id(record.entity)]) for record_id, record in zip(ids, records, strict=True)]
    wanted = settings.labels * end // settings.records - settings.labels * start // settings.records
    return Block(
        encode(raw, raw_columns, file_format),
        encode(truth, truth_columns, file_format),
        encode(true_values, true_columns, file_format),
        draw_labels(records, ids, wanted, kind.strata, kind.judge, uniforms(settings.seed, block, _LABELS)),
    )


def _records(settings: Settings, block: int, size: int) -> list[Any]:
    """Make the records of a block in random order."""
    streams = (uniforms(settings.seed, block, stream) for stream in (_ENTITIES, _RECORDS, _ERRORS))
    records = list(KINDS[settings.kind].make_records(settings, size, *streams))
    return [records[position] for position in shuffled(size, uniforms(settings.seed, block, _ORDER))]


def _numbers(settings: Settings, start: int, end: int) -> tuple[list[int], list[int]]:
    """Numbers for the records and entities of a block that no other block has and that say nothing of their order."""
    positions = np.arange(start, end, dtype=np.uint64)
    records, entities = (scramble(positions, settings.records, settings.seed, purpose) + 1 for purpose in (0, 1))
    return records.tolist(), entities.tolist()


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
