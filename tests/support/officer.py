"""A monitoring officer of a test: her folders, what she does on a day, and what she then sees of npa, without SQL."""

import csv
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl

from flows.runtime.settings import TIME_ZONE
from tests.support.filled_forms import deliver, table
from tests.support.inline_plan import FOLDER, InlinePlan
from tests.support.mail_server import MailServer
from tests.support.warm_process import Warm

_HEADING = 3  # row of the headings in status.xlsx
_COUNTS = "NUMERATOR", "DENOMINATOR", "EXCLUDED"


@dataclass
class Officer:
    """An officer; `process` runs her commands on `day`. LibreOffice saves what comes in as `suffix`, if it has one."""

    folder: Path
    process: Warm
    server: MailServer
    suffix: str = ""
    day: date = date(2019, 1, 1)

    def __post_init__(self) -> None:
        for path in (self.raw, self.desk):
            path.mkdir(parents=True)

    @property
    def raw(self) -> Path:
        """Her sources."""
        return self.folder / "raw"

    @property
    def desk(self) -> Path:
        """The folder that each refresh fills."""
        return self.folder / "desk"

    def npa(self, *arguments: object) -> str:
        """Run a command, and return what it printed."""
        today = datetime.now(UTC).astimezone(ZoneInfo(TIME_ZONE)).date()
        setting = {
            "NPA_RAW": str(self.raw), "NPA_WAREHOUSE": str(self.folder / "warehouse"), "NPA_DESK": str(self.desk),
            "NPA_SMTP_HOST": "127.0.0.1", "NPA_SMTP_PORT": str(self.server.port), "NPA_SMTP_SECURITY": "none",
            "NPA_SMTP_FROM": "officer@stat.example",
        }  # fmt: skip
        ran = self.process.run(*arguments, days=(self.day - today).days, setting=setting)
        assert (ran.returncode, ran.stderr) == (0, ""), ran
        return ran.stdout

    def adopt(self, plan: InlinePlan) -> None:
        """Put a plan into her sources."""
        for name, data in plan.files().items():
            self.write(f"{FOLDER}/{name}", data.decode())

    def write(self, name: str, text: str) -> None:
        """Write a table that she keeps, by its path in her sources."""
        (self.raw / name).parent.mkdir(parents=True, exist_ok=True)
        (self.raw / name).write_text(text, encoding="utf-8")

    def receive(self, folder: str, *books: Path) -> None:
        """Put workbooks that came in next to the others."""
        deliver([*books], self.raw / "progress" / folder, self.suffix)

    def received(self, folder: str, name: str) -> str:
        """Return the path of such a workbook as her tables name it."""
        return f"progress/{folder}/{name}.{self.suffix or 'xlsx'}"

    def mails(self) -> list[EmailMessage]:
        """Return the mails that came to the server since the last time."""
        new, self.server.mails = self.server.mails, []
        return new

    def sheet(self, name: str) -> list[dict[str, Any]]:
        """Return the rows of a sheet of the status workbook on the desk."""
        rows = table(openpyxl.load_workbook(self.desk / "status.xlsx")[name], _HEADING)
        return [row for row in rows if "Nothing." not in row.values()]

    def column(self, name: str, heading: str) -> list[Any]:
        """Return what is in a column of such a sheet."""
        return [row[heading] for row in self.sheet(name) if row[heading] is not None]

    def status(self) -> dict[str, list[list[str]]]:
        """Return the cells of the lines that `npa status` prints, by heading."""
        parts = {part.partition(" (")[0].strip(): part.splitlines()[2:] for part in self.npa("status").split("\n\n")}
        return {key: [[cell.strip() for cell in line.split("  ") if cell] for line in parts[key]] for key in parts}

    def rejected(self, *options: str) -> list[dict[str, Any]]:
        """Return the refused rows that `npa rejected` lists."""
        rows: list[dict[str, Any]] = json.loads(self.npa("rejected", "--format", "json", *options))
        return rows

    def figures(self) -> dict[tuple[str, str], tuple[int, ...]]:
        """Return numerator, denominator and excluded of each rate and period, of all agencies, as exported."""
        self.npa("export", "sdmx", "--output", self.folder / "export")
        asked = {"PLAN": "_T", "AGENCY": "_T"}.items()
        with (self.folder / "export" / "data.csv").open(encoding="utf-8", newline="") as file:
            rows = [row for row in csv.DictReader(file) if asked <= row.items() and all(row[name] for name in _COUNTS)]
        return {(row["INDICATOR"], row["TIME_PERIOD"]): tuple(int(row[name]) for name in _COUNTS) for row in rows}
