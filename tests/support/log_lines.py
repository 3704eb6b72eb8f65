"""Lines of the refresh log."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

DAY = 24 * 3600


LOG = "refresh_log.jsonl"


def lines_of(home: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (home / LOG).read_text(encoding="utf-8").splitlines()]


def attempt(outcome: str, ended: datetime, **fields: object) -> dict[str, object]:
    when = f"{ended:%Y-%m-%dT%H:%M:%SZ}"
    return {"started": when, "ended": when, "outcome": outcome, "errors": [], "error_count": 0} | fields
