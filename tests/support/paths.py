"""The folders that tests use."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDER = "plans/tjk-npa-2018"
PLAN = ROOT / "raw" / FOLDER / "national-plan-of-action-2018-2022.txt"
AS_OF = "2026-11-24"

LOCKS = ROOT / "tests"  # folders that some tests install into
DATA = ROOT / "tests" / "data" / "statistics"
GOLDEN = ROOT / "tests" / "golden"
