"""Two rounds of reports, as an officer with Excel lives them: five agencies write in three languages, on time, late,
not at all, wrongly and against one another, and put it right. All goes through commands, workbooks, mails; no SQL."""

from collections.abc import Iterator
from datetime import date
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from tests.support.filled_forms import Cells, correct, fill_in
from tests.support.inline_plan import FOLDER, InlinePlan
from tests.support.mail_server import MailServer, save_attachments, text_of
from tests.support.officer import Officer
from tests.support.warm_process import Warm

# Invented. Schools and vaccines end in 2020, the yearbook never, all else in 2019.
_ROWS = """
1|On schools (recommendation 1)|1) Build ten schools.|2019-2020|MOE, Labour|Schools built.
||2) Train teachers.|2019|MOE|Teachers trained.
2|On health (recommendation 2)|1) Vaccinate children.|2019-2020|MOH, towns|Children vaccinated.
||2) Open a helpline.|2019|Labour|Helpline open.
3|On data (recommendation 3)|1) Publish the yearbook.|regularly|AOS|Yearbook published.
||2) Print a poster.|2019|AOS|Poster printed.
"""
_SCHOOLS, _TEACHERS, _VACCINES, _HELPLINE, _YEARBOOK, _POSTER = (
    f"XKX-CRC-2019-0{measure}-0{activity}" for measure in (1, 2, 3) for activity in (1, 2)
)
_HEAD = """language = "en"
[reporting]
opens = "10-01"
due = "01-31"
[units]
LA = [{ id = "NORD", names = { en = "Nord" } }, { id = "SUD", names = { en = "Sud" } }]
"""
_TABLES = {
    "agencies.csv": "abbreviation,agency_type,name,reason\nAOS,state_agency,,x\nMOE,ministry,,x\nMOH,ministry,,x\n"
    "MOL,ministry,Ministry of Labour,x\nLA,local_authority,Towns,x\n",
    "aliases.csv": "alias,abbreviation,reason\nLabour,MOL,x\ntowns,LA,x\n",
}
_CONTACTS = """agency_id,name,email,language
XKX-AOS,Smith,aos@example.org,en
XKX-LA,Jones,la@example.org,en
XKX-MOE,Иванова,moe@example.org,ru
XKX-MOH,Раҳимов,moh@example.org,tg
XKX-MOL,Петров,mol@example.org,ru
"""
_LANGUAGES = {"AOS": "en", "LA": "en", "MOE": "ru", "MOH": "tg", "MOL": "ru"}
Forms = dict[str, Path]
Mails = dict[str, EmailMessage]


@pytest.fixture(params=[
    "", pytest.param("xlsx", marks=pytest.mark.libreoffice), pytest.param("ods", marks=pytest.mark.libreoffice)
])  # fmt: skip
def officer(request: pytest.FixtureRequest, process: Warm, tmp_path: Path) -> Iterator[Officer]:
    """Yield an officer to whom workbooks come as they were filled in, or as LibreOffice saves them."""
    server = MailServer()
    yield Officer(tmp_path / "officer", process, server, request.param)
    server.close()


@pytest.mark.slow
def test_two_rounds(officer: Officer) -> None:
    officer.adopt(InlinePlan(_ROWS, head=_HEAD, tables=_TABLES))
    officer.write("contacts.csv", _CONTACTS)
    officer.day = date(2019, 12, 2)
    officer.npa("refresh")
    _receive_reports_about_2019(officer, _forms(officer))

    officer.day = date(2020, 2, 17)
    officer.npa("refresh")
    _see_who_is_silent_late_and_refused(officer)
    mails = _remind_each_in_its_language_once(officer)
    _receive_what_was_put_right(officer, mails)

    officer.day = date(2020, 2, 24)
    officer.npa("refresh")
    _see_what_came_back(officer)
    assert _remind(officer).keys() == {"aos"}

    officer.day = date(2020, 12, 7)
    _receive_reports_about_2020(officer, _forms(officer))
    officer.day = date(2021, 2, 15)
    officer.npa("refresh")
    _see_the_second_year(officer)
    _remind_only_of_what_is_new(officer)


def _forms(officer: Officer) -> Forms:
    """Write the form of each agency, in its language."""
    folder = officer.folder / "forms" / str(officer.day)
    for language in ("en", "ru", "tg"):
        officer.npa("template", "--all", "--language", language, "--as-of", officer.day, "--output", folder / language)
    return {agency: folder / language / f"XKX-{agency}.xlsx" for agency, language in _LANGUAGES.items()}


def _report(activity_id: str, status: str, percent: int | None = None, **cells: Any) -> Cells:
    return {"activity_id": activity_id, "status": status, "percent_complete": percent, **cells}


def _receive_reports_about_2019(officer: Officer, forms: Forms) -> None:
    """Receive the forms, in which the year is filled in. AOS is silent, Nord comes late by the register, Sud does
    not say that it is Sud, MOH writes 140 %, MOL reports on what MOE alone answers for, and calls the helpline off."""
    post, built = officer.folder / "post", {"completed_on": date(2019, 12, 1), "result_text": "Десять школ открыты"}
    officer.receive(
        "2019",
        fill_in(forms["MOE"], post / "moe.xlsx", _report(_SCHOOLS, "completed", 100, **built),
                _report(_TEACHERS, "in_progress", 50), reported_on=date(2020, 1, 20)),
        fill_in(forms["MOL"], post / "mol.xlsx", _report(_SCHOOLS, "in_progress", 60),
                _report(_HELPLINE, "cancelled", result_text="Нет средств"), _report(_TEACHERS, "completed", 100),
                reported_on=date(2020, 1, 25)),
        fill_in(forms["MOH"], post / "moh.xlsx", _report(_VACCINES, "in_progress", 140), reported_on=date(2020, 1, 28)),
        fill_in(forms["LA"], post / "nord.xlsx", _report(_VACCINES, "in_progress", 30), reporting_unit="Nord",
                reported_on=date(2020, 1, 30)),
        fill_in(forms["LA"], post / "sud.xlsx", _report(_VACCINES, "in_progress", 20), reported_on=date(2020, 1, 31)),
    )  # fmt: skip
    nord = officer.received("2019", "nord")
    officer.write("received.csv", f"file,received_on,registry_number\n{nord},2020-02-05,№ 7\n")


def _see_who_is_silent_late_and_refused(officer: Officer) -> None:
    """Nine reports were due: schools 2, teachers 1, vaccines 3 (MOH, 2 towns), helpline 1, yearbook 1, poster 1. MOE
    and MOL differ about the schools. The helpline is claimed to be cancelled, and counts as due all the same."""
    status, figures = officer.status(), officer.figures()
    assert [row[:4] for row in status["Has not reported"]] == [
        ["XKX-AOS", "2", "2", "2019"], ["XKX-LA", "1", "2", "2019"], ["XKX-MOH", "1", "1", "2019"]
    ]  # fmt: skip
    assert _owed(officer) == {
        "AOS": (2, 0, 0, 2, 0), "LA": (2, 1, 1, 1, 1), "MOE": (2, 2, 0, 0, 0), "MOH": (1, 0, 0, 1, 1),
        "MOL": (2, 2, 0, 0, 1),
    }  # fmt: skip
    assert officer.column("Reports missing", "Unit") == ["Sud"]
    assert officer.column("Refused rows", "Agency") == ["XKX-LA", "XKX-MOH", "XKX-MOL"]
    assert {path.stem for path in (officer.desk / "refused").iterdir()} == {"XKX-LA", "XKX-MOH", "XKX-MOL"}
    assert figures["AGENCY_REPORTING_RATE", "2020"] == (5, 9, 0)
    assert figures["AGENCY_REPORTING_ON_TIME_RATE", "2020"] == (4, 9, 0)
    assert figures["AGENCIES_REPORTING_RATE", "2020"] == (3, 5, 0)
    assert [row[0] for row in status["Agencies disagree"]] == [_SCHOOLS]
    assert _said(officer) == [("MOE", "Completed"), ("MOL", "In progress")]
    assert [row[0] for row in status["Cancellation claimed"]] == [_HELPLINE]
    assert officer.column("Claimed to be cancelled", "Reason given") == ["Нет средств"]
    assert officer.column("Overdue", "Activity") == [_TEACHERS, _HELPLINE, _POSTER]
    assert figures["IMPLEMENTATION_RATE_DUE", "2020"] == (0, 3, 0)
    assert figures["OVERDUE_RATE", "2020"] == (3, 3, 0)


def _owed(officer: Officer) -> dict[str, tuple[int, ...]]:
    """Return what the desk says of each agency: reports due, received, late, missing, and rows refused."""
    columns = "Reports due", "Received", "Received late", "Missing", "Rows refused"
    return {row["Agency"][4:]: tuple(row[name] for name in columns) for row in officer.sheet("Who owes what")}


def _said(officer: Officer) -> list[tuple[str, str]]:
    """Return who says what in a contradiction."""
    return [(row["Agency or unit"], row["State"]) for row in officer.sheet("Contradictions")]


def _remind(officer: Officer) -> Mails:
    """Write and send the letters, and return the mails by recipient."""
    officer.npa("remind", "--output", officer.folder / "letters", "--send")
    return {mail["To"].addresses[0].username: mail for mail in officer.mails()}


def _remind_each_in_its_language_once(officer: Officer) -> Mails:
    mails = _remind(officer)
    words = {
        "aos": "2 reports about 2019 are missing",
        "la": "1 report about 2019 is missing; it was due by 2020-01-31. Units: Sud.",
        "moe": f"{_SCHOOLS}: отчёты ведомств противоречат друг другу: MOE: «Выполнено» (2019); MOL: «Выполняется»",
        "moh": "1 ҳисобот барои 2019 пешниҳод нашудааст", "mol": "не принята 1 строка",
    }  # fmt: skip
    assert mails.keys() == words.keys()
    for agency, mail in mails.items():
        assert words[agency] in text_of(mail)
        letters = (officer.desk / "reminders" / f"XKX-{agency.upper()}").glob("letter-*.txt")
        assert [path.read_text(encoding="utf-8-sig") for path in letters] == [text_of(mail)]
    assert _remind(officer) == {}
    return mails


def _receive_what_was_put_right(officer: Officer, mails: Mails) -> None:
    """Receive the attachments of the mails, filled in: the refused rows of MOH and Sud, the schools of MOL. MOL's
    third row is withdrawn, and the Government cancels the helpline."""
    post = officer.folder / "post" / "again"
    attached = {agency: save_attachments(mail, officer.folder / "mails" / agency) for agency, mail in mails.items()}
    officer.receive(
        "2019 again",
        correct(attached["moh"][1], post / "moh.xlsx", percent_complete="40"),
        correct(attached["la"][1], post / "sud.xlsx", reporting_unit="Sud"),
        fill_in(attached["mol"][0], post / "mol.xlsx", _report(_SCHOOLS, "completed", 100), time_period=2019,
                reported_on=date(2020, 2, 20)),
    )  # fmt: skip
    mol = officer.received("2019", "mol")
    officer.write("withdrawn.csv", f"file,sheet,row,reason\n{mol},,,MOE reports on teachers\n")
    decision = f"{_HELPLINE},2020-02-20,Government,cancelled,,Decree 12,No funds"
    officer.write(f"{FOLDER}/decisions.csv", f"activity_id,day,body,kind,new_end,document,reason\n{decision}\n")


def _see_what_came_back(officer: Officer) -> None:
    """Only AOS is silent. What Sud and MOH corrected is on time, by their own day; the helpline counts no more."""
    status, figures = officer.status(), officer.figures()
    assert [row[:2] for row in status["Has not reported"]] == [["XKX-AOS", "2"]]
    assert not {"Agencies disagree", "Cancellation claimed"} & status.keys()
    assert _owed(officer) == {
        "AOS": (2, 0, 0, 2, 0), "LA": (2, 2, 1, 0, 0), "MOE": (2, 2, 0, 0, 0), "MOH": (1, 1, 0, 0, 0),
        "MOL": (2, 2, 0, 0, 0),
    }  # fmt: skip
    assert [(row["agency_id"], row["state"]) for row in officer.rejected("--all")] == [
        ("XKX-MOH", "corrected"), ("XKX-MOL", "withdrawn"), ("XKX-LA", "corrected")
    ]  # fmt: skip
    assert officer.rejected() == []
    assert not (officer.desk / "refused").exists()
    assert [path.name for path in (officer.desk / "reminders").iterdir()] == ["XKX-AOS"]
    assert figures["AGENCY_REPORTING_RATE", "2020"] == (7, 9, 0)
    assert figures["AGENCY_REPORTING_ON_TIME_RATE", "2020"] == (6, 9, 0)
    assert figures["IMPLEMENTATION_RATE_DUE", "2020"] == (0, 2, 1)
    assert figures["OVERDUE_RATE", "2020"] == (2, 2, 1)


def _receive_reports_about_2020(officer: Officer, forms: Forms) -> None:
    """Receive the forms of the second year. AOS reports on both years, and on the poster wrongly; Sud is silent.
    Nothing is expected of MOE any more, so its form leaves the year to it."""
    post, day = officer.folder / "post" / "2020", date(2021, 1, 20)
    trained = {"completed_on": date(2020, 6, 30)}
    officer.receive(
        "2020",
        fill_in(forms["MOE"], post / "moe.xlsx", _report(_TEACHERS, "completed", 100, **trained), time_period=2020,
                reported_on=day),
        fill_in(forms["MOH"], post / "moh.xlsx", _report(_VACCINES, "completed", 100), reported_on=day),
        fill_in(forms["LA"], post / "nord.xlsx", _report(_VACCINES, "in_progress", 70), reporting_unit="Nord",
                reported_on=day),
        fill_in(forms["AOS"], post / "aos.xlsx", _report(_YEARBOOK, "delivered"),
                _report(_YEARBOOK, "delivered", time_period=2019), _report(_POSTER, "cancelled", time_period=2019),
                reported_on=day),
    )  # fmt: skip


def _see_the_second_year(officer: Officer) -> None:
    """Four reports about 2020 were due: vaccines 3, yearbook 1. The schools are completed, the rest is of 2019."""
    figures = officer.figures()
    assert [row[:6] for row in officer.status()["Has not reported"]] == [
        ["XKX-AOS", "1", "3", "2019", "2020-01-31", "2021-01-20"],
        ["XKX-LA", "1", "4", "2020", "2021-01-31", "2021-01-20"],
    ]
    assert _owed(officer) == {
        "AOS": (3, 2, 1, 1, 1), "LA": (4, 3, 1, 1, 0), "MOE": (2, 2, 0, 0, 0), "MOH": (2, 2, 0, 0, 0),
        "MOL": (2, 2, 0, 0, 0),
    }  # fmt: skip
    assert _said(officer) == [("LA Nord", "In progress"), ("LA Sud", "In progress"), ("MOH", "Completed")]
    assert officer.column("Overdue", "Activity") == [_POSTER, _VACCINES]
    assert figures["AGENCY_REPORTING_RATE", "2020"] == (8, 9, 0)
    assert figures["AGENCY_REPORTING_ON_TIME_RATE", "2020"] == (6, 9, 0)
    assert figures["AGENCY_REPORTING_RATE", "2021"] == (3, 4, 0)
    assert figures["AGENCIES_REPORTING_RATE", "2021"] == (3, 3, 0)
    # Due are schools, teachers, vaccines and the poster: two are done, and of the poster nobody knows.
    assert figures["IMPLEMENTATION_RATE_DUE", "2021"] == (2, 4, 1)
    shares = [figures[f"DUE_SHARE_{state}", "2021"] for state in ("DONE", "NOT_DONE", "UNKNOWN", "AWAITING")]
    assert shares == [(2, 4, 1), (1, 4, 1), (1, 4, 1), (0, 4, 1)]


def _remind_only_of_what_is_new(officer: Officer) -> None:
    mails = _remind(officer)
    assert mails.keys() == {"aos", "la", "moh"}
    assert "1 report about 2019 is missing" in text_of(mails["aos"])
    assert "about 2020 is missing; it was due by 2021-01-31. Units: Sud." in text_of(mails["la"])
    assert "2019 пешниҳод" not in text_of(mails["moh"])
    assert _VACCINES in text_of(mails["moh"])
    assert officer.rejected()[0]["rule"] == "cancellation_without_reason"
    assert _remind(officer) == {}
