"""The letter to an agency: what it owes, in its language, and the workbooks that go with it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby
from pathlib import Path

import duckdb

from flows.outputs.agency_languages import unit_names
from flows.outputs.connection import fetch
from flows.outputs.reminders.debts import Debt
from flows.outputs.workbooks.form_content import Form, read_form
from flows.outputs.workbooks.form_sheets import write_form
from flows.outputs.workbooks.rejected_book import book_of, write_book
from transforms.quality.catalogue import message_in
from transforms.reports.vocabulary import labels

_FORM = "SELECT activities > 0 AND NOT is_collective AS has_form FROM agency_workload WHERE agency_id = $agency_id"


@dataclass(frozen=True)
class Letter:
    """A letter to one agency in one language, about `debts`, as known on `day`."""

    agency_id: str
    name: str
    language: str
    day: date
    debts: list[Debt]
    form: Form | None  # None: the agency gets none
    release_id: str
    units: dict[tuple[str, str], str]  # names, by agency and unit

    @property
    def subject(self) -> str:
        """The subject of the mail."""
        return self._said("remind.subject", agency_id=self.agency_id)

    @cached_property
    def attachments(self) -> dict[str, str]:
        """The names of the workbooks that go with the letter: `form` if a report is owed, `refused` if rows are."""
        kinds = {debt.kind for debt in self.debts}
        names = {}
        if self.form and kinds & {"missing", "due", "contradiction"}:
            names["form"] = f"{self._said('form.report')} {self.agency_id}.xlsx"
        if "refused" in kinds:
            names["refused"] = f"{self._said('form.rejected')} {self.agency_id}.xlsx"
        return names

    def text(self) -> str:
        """Return the letter, a paragraph for each kind of debt."""
        paragraphs = [self.name, self._said("remind.intro", day=str(self.day))]
        for _, group in groupby(self.debts, lambda debt: debt.kind):
            paragraphs.append("\n".join(self._lines([*group])))
        if "form" in self.attachments:
            paragraphs.append(self._said("remind.form", file=self.attachments["form"]))
        if mark := re.match(r"\[[a-z]+\]", self.name):
            paragraphs.append(self._said("form.untranslated", mark=mark[0]))
        paragraphs += self._sender()
        paragraphs.append(self._said("remind.release", release_id=self.release_id))
        return "\n\n".join(paragraphs) + "\n"

    def write_attachment(self, con: duckdb.DuckDBPyConnection, kind: str, path: Path) -> None:
        """Write one of the workbooks."""
        if kind == "form" and self.form:
            write_form(self.form, path)
        else:
            rows = [row for debt in self.debts if debt.kind == "refused" for row in debt.rows]
            write_book(book_of(con, rows, self.language), path)

    def _lines(self, debts: list[Debt]) -> Iterator[str]:
        """Yield a line for each debt of one kind; one for all refused rows."""
        kind = debts[0].kind
        if kind == "refused":
            yield "– " + self._said("remind.refused", n=len(debts), file=self.attachments["refused"])
            return
        for debt in debts:
            first = debt.rows[0]
            if kind == "contradiction":
                said = "; ".join(self._report(row) for row in debt.rows)
                yield "– " + self._said("remind.contradiction", activity_id=first["activity_id"], reports=said)
            else:
                about = {"n": first["reports"], "period": first["time_period"], "day": str(first["due_on"])}
                yield "– " + " ".join([self._said(f"remind.{kind}", **about), *self._units(first["units"] or ())])

    def _units(self, units: Iterable[str]) -> Iterator[str]:
        """Yield which units of the agency owe it, where it reports by units."""
        if names := [self.units[self.agency_id, unit] for unit in units]:
            yield self._said("remind.units", units=", ".join(names))

    def _report(self, row: dict[str, object]) -> str:
        status = labels("statuses", self.language)[str(row["status"])]
        unit = self.units.get((str(row["agency_id"]), str(row["reporting_unit"])))
        name = " ".join(filter(None, (str(row["abbreviation"]), unit)))
        return self._said("remind.said", name=name, status=status, period=str(row["time_period"]))

    def _sender(self) -> Iterator[str]:
        """Yield where answers go, and who writes, as far as plan.toml says it."""
        agency = self.form.agency if self.form else {}
        if agency.get("return_to"):
            yield self._said("form.return_to", return_to=agency["return_to"])
        if office := ", ".join(filter(None, (agency.get("sender"), agency.get("phone")))):
            yield self._said("remind.sender", office=office)

    def _said(self, message_id: str, **arguments: str | int) -> str:
        return message_in(self.language, message_id, arguments)


def letter_to(con: duckdb.DuckDBPyConnection, agency_id: str, language: str, day: date, debts: list[Debt]) -> Letter:
    """Return the letter to an agency."""
    (about,) = fetch(
        con,
        "SELECT text_in(g.agency_id, 'name', g.name, agency_language(g.agency_id), $language) AS name, release_id "
        "FROM dim_agency AS g CROSS JOIN release WHERE agency_id = $agency_id",
        agency_id=agency_id, language=language,
    )  # fmt: skip
    has_form = any(row["has_form"] for row in fetch(con, _FORM, agency_id=agency_id))
    form = read_form(con, agency_id, day, language) if has_form else None
    name = form.agency["name"] if form else about["name"]
    units = unit_names(con, language)
    return Letter(agency_id, name, language, day, debts, form, about["release_id"], units)
