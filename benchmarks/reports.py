"""Progress reports for the benchmarks: invented, from a fixed seed, of the agencies and activities of the real plan."""

import csv
import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

import duckdb

from transforms.reports.vocabulary import COLUMNS, labels

Line = tuple[str, str, int, date, str, int | str, date | str, str, str]
_PERCENT = {"not_started": 0, "completed": 100, "delivered": 100}


def lines(release: Path) -> Iterator[Line]:
    """Yield acceptable report lines without end, no two about one activity, agency, year and day."""
    with duckdb.connect(str(release / "npa.duckdb"), read_only=True) as con:
        links = con.execute("""
            SELECT activity_id, agency_id, timeframe, year(window_start)
            FROM responsibilities WHERE NOT is_collective ORDER BY ALL""").fetchall()
    chance, keys = random.Random(18), set[tuple[object, ...]]()
    while True:
        activity_id, agency_id, timeframe, first = chance.choice(links)
        reported_on = date(first, 1, 1) + timedelta(chance.randrange(2200))
        key = (activity_id, agency_id, chance.randint(first, reported_on.year), reported_on)
        if key in keys:
            continue
        keys.add(key)
        usual = ["not_started", "in_progress", "in_progress", "substantially_completed", "suspended", "completed"]
        status = chance.choice([*usual, "delivered"] if timeframe == "continuous" else usual)
        done_on = max(date(2018, 1, 1), reported_on - timedelta(chance.randint(0, 60))) if status == "completed" else ""
        yield (*key, status, _PERCENT.get(status, chance.randint(1, 99)), done_on, f"Invented work {len(keys)}",
               f"https://example.org/{len(keys)}")  # fmt: skip


def write_csv(release: Path, path: Path, count: int) -> None:
    """Write one CSV file of `count` lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(islice(lines(release), count))


def write_workbooks(release: Path, folder: Path, count: int) -> None:
    """Write `count` workbooks of 20 lines, a tenth of them with percent-formatted cells, as some people have them."""
    from openpyxl import Workbook

    reports = lines(release)
    for number in range(count):
        book = Workbook()
        sheet = book.worksheets[0]
        sheet.append(list(labels("columns", "en").values()))
        for line in islice(reports, 20):
            sheet.append(list(line))
            if number % 10 == 0:
                cell = sheet.cell(sheet.max_row, 6)
                cell.value, cell.number_format = int(str(cell.value)) / 100, "0%"
        path = folder / f"agency-{number // 20:02d}" / f"report-{number % 20:02d}.xlsx"
        path.parent.mkdir(parents=True, exist_ok=True)
        book.save(path)
