"""Run dbt and write the CPU seconds of each node, with those of the engine's threads, to a JSON file.

    python benchmarks/node_cpu.py FILE build --select ...

One node runs at a time, so that what the process uses while it does is the node's.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from dbt.cli.main import dbtRunner
from dbt_common.events.base_types import EventMsg


def main() -> None:
    """Run the command and end as it does."""
    file, *command = sys.argv[1:]
    started: dict[str, float] = {}
    used: dict[str, float] = {}

    def listen(event: EventMsg) -> None:
        if event.info.name in ("NodeStart", "NodeFinished"):
            name = event.data.node_info.node_name
            if event.info.name == "NodeStart":
                started[name] = time.process_time()
            else:
                used[name] = round(time.process_time() - started[name], 3)

    result = dbtRunner(callbacks=[listen]).invoke([*command, "--threads", "1"])
    Path(file).write_text(json.dumps(used))
    sys.exit(0 if result.success else 1)


if __name__ == "__main__":
    main()
