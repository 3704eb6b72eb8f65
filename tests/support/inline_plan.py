"""A plan of a few rows that a test writes inline; `|` separates columns."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flows.refresh import stages
from flows.sources.plans import gather, read_plans
from flows.sources.statistics.stage import Statistics
from tests.support.same_plan import Frames
from transforms.errors import InputRejected

FOLDER = "plans/xkx-plan"
_TEXT = """THE PLAN
on children 2019-2023

No|Measure|Activity|Period|Agency|Result
{rows}

Abbreviations
AOS - Agency on Statistics
MOE - Ministry of Education
MOH - Ministry of Health
"""
_TOML = """source = "plan.txt"
country = "XKX"
{head}
[layout]
plan_heading = "THE PLAN"
column_headings = ["No", "Measure", "Activity", "Period", "Agency", "Result"]
glossary_heading = "Abbreviations"
recommendation_words = ["recommendation"]
conjunctions = ["and", "и"]
{layout}
[periods]
{periods}
[[plan]]
instrument = "CRC"
title_phrase = "on children"
[plan.expected]
"""
_AGENCIES = """abbreviation,agency_type,name,reason
AOS,state_agency,,x
MOE,ministry,,x
MOH,ministry,,x
"""
FIRST_ROW = 5  # the line number of the first row


@dataclass
class InlinePlan:
    """One plan: its table from the first row on, and its declarations; `expected` is computed where it is None."""

    rows: str
    layout: str = ""
    head: str = ""  # keys of plan.toml above [layout]
    periods: str = '"regularly" = "recurring"'
    tables: dict[str, str] = field(default_factory=dict)
    expected: Mapping[str, int] | None = None

    def files(self) -> dict[str, bytes]:
        """Return the files of its folder."""
        files = {"plan.txt": _TEXT.format(rows=self.rows.strip("\n")).replace("|", "\t"), "agencies.csv": _AGENCIES}
        toml = _TOML.format(head=self.head, layout=self.layout, periods=self.periods)
        counts = self.expected or self._computed_counts(files | {"plan.toml": toml + _counts({})})
        files |= {"plan.toml": toml + _counts(counts)} | self.tables
        return {name: text.encode() for name, text in files.items()}

    def _computed_counts(self, files: dict[str, str]) -> Mapping[str, int]:
        data = {name: text.encode() for name, text in (files | self.tables).items()}
        return next(iter(read_plans({FOLDER: data})[FOLDER].counts.values()), {})

    def read(self) -> Frames:
        """Return its tables, or raise InputRejected."""
        return stages.validate(gather([read_plans({FOLDER: self.files()})]), Statistics(Path()))

    def faults(self) -> list[str]:
        """Return the sentences of its rejection."""
        try:
            self.read()
        except InputRejected as refusal:
            return [str(problem) for problem in refusal.problems]
        return []

    def activities(self) -> list[tuple[Any, ...]]:
        """Return position, text, period, agencies and result of each activity."""
        frames = self.read()
        links = frames["bridge_activity_agency"].groupby("activity_id")["token"].agg(", ".join)
        rows = frames["dim_activity"].assign(agencies=lambda table: table["activity_id"].map(links)).to_dict("records")
        columns = ("activity_text", "period_text", "agencies", "expected_result")
        return [(row["activity_id"][-5:], *(row[column] for column in columns)) for row in rows]

    def issues(self, rule: str) -> list[dict[str, Any]]:
        """Return the issues of one rule."""
        frame = self.read()["quality_issue"]
        rows: list[dict[str, Any]] = frame[frame["rule"] == rule].to_dict("records")  # type: ignore[assignment]
        return rows


def _counts(counts: Mapping[str, int]) -> str:
    names = ("measures", "activities", "recommendation_links", "agency_links", "activity_years", "blank_periods",
             "blank_results")  # fmt: skip
    return "".join(f"{name} = {counts.get(name, 0)}\n" for name in names)
