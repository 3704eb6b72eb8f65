"""Periods of time."""

from schemas.enumerations import FREQUENCIES
from schemas.model import Model, Moment, column


class DimTimePeriod(Model):
    """One row per period that any fact uses."""

    time_period: str = column(
        "Period in SDMX form: 2018, 2018-Q1, 2018-S1, 2018-01.",
        key=True,
        pattern="[0-9]{4}(-(Q[1-4]|S[12]|0[1-9]|1[0-2]))?",
    )
    frequency: str = column("SDMX frequency: A year, Q quarter, S half-year, M month.", codes=FREQUENCIES)
    start_date: Moment = column("First day.")
    end_date: Moment = column("Last day.")

    class Config:
        metadata = {"row_checks": ("start_date <= end_date",)}
