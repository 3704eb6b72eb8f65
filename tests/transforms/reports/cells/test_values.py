"""Texts of cells: what is read, what is rejected, and with which words."""

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.quality.catalogue import Message
from transforms.reports.cells.days import day_order, read_dates
from transforms.reports.cells.evidence import read_evidence
from transforms.reports.cells.periods import read_period
from transforms.reports.cells.statuses import read_status
from transforms.reports.cells.values import read_id, read_text
from transforms.reports.vocabulary import is_placeholder, meanings

DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
NEW_YEARS_EVE = date(2019, 12, 31)


def _date(text: str) -> tuple[date | None, Message | None]:
    return read_dates([text])[text]


@pytest.mark.parametrize(
    "text",
    [
        "2019-12-31", "2019-12-31T00:00:00", "2019-12-31 00:00:00.000", "2019/12/31", "2019.12.31", "31.12.2019",
        " 31.12.2019 г. ", "31.12.2019 0:00", "31/12/2019", "31-12-2019", "12/31/2019", "12/31/2019 12:00:00 AM",
        "31 December 2019", "31 декабря 2019 г.", "31 ДЕКАБРЯ 2019 года", "«31» декабря 2019 г.", "Dec 31, 2019",
        "Dec. 31st, 2019", "31-Dec-2019", "31 декабри соли 2019", "31\u00a0December\u00a02019", "43830", "43830.0",
    ],
)  # fmt: skip
def test_dates_that_are_read(text: str) -> None:
    assert _date(text) == (NEW_YEARS_EVE, None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("31.12.19", "two digits"), ("31/12/19", "two digits"), ("31 Dec 19", "two digits"),
        ("30.02.2019", "calendar"), ("31/31/2019", "calendar"), ("2019-13-01", "calendar"), ("00.01.2019", "calendar"),
        ("2019-12-31T10:30:00", "time of day"), ("31.12.2019 23:59", "time of day"), ("43830.5", "time of day"),
        ("36525", "no date"), ("73051", "no date"), ("2019", "no date"), ("December 2019", "no date"),
        ("soon", "no date"), ("=TODAY()", "no date"), ("٣١.12.2019", "no date"), ("31.12/2019", "no date"),
    ],
)  # fmt: skip
def test_dates_that_are_refused(text: str, expected: str) -> None:
    value, fault = _date(text)
    assert value is None
    assert str(fault).startswith(f'"{text}" ')
    assert expected in str(fault)
    assert ": write " in str(fault)


def test_a_file_decides_how_its_slashes_are_read() -> None:
    doubtful = "03/04/2019"
    expected = '"03/04/2019" may be 3 April or 4 March 2019: write 2019-04-03 or 2019-03-04.'
    value, fault = read_dates([doubtful])[doubtful]
    assert (value, str(fault)) == (None, expected)
    assert read_dates([doubtful, "31-12-2019"])[doubtful] == (date(2019, 4, 3), None)
    assert read_dates([doubtful, "12/31/2019"])[doubtful] == (date(2019, 3, 4), None)
    for others in (["31/12/2019", "12/31/2019"], ["31.12.2019", "2019-12-31", "05/05/2019", "31/31/2019"]):
        assert read_dates([doubtful, *others])[doubtful] == (None, fault)
    assert _date("05/05/2019") == (date(2019, 5, 5), None)


def test_what_another_date_decides_is_known() -> None:
    doubtful = ["03/04/2019", "05/05/2019", "04/03/2019", "2019-12-31", "soon", ""]
    found = day_order([*doubtful, "31-12-2019", "30/11/2019"])
    assert found
    assert (found.order, found.telling, found.decided) == ("d/m/y", "31-12-2019", ["03/04/2019", "04/03/2019"])
    assert day_order(doubtful) is None
    assert day_order([*doubtful, "31/12/2019", "12/31/2019"]) is None
    assert (found := day_order(["12/31/2019"])) is not None
    assert found.decided == []


@given(DAYS)
def test_every_day_is_read_as_it_is_printed(day: date) -> None:
    months = {code: label for label, code in meanings("months").items() if label.isalpha()}
    for text in (
        day.isoformat(), f"{day:%d.%m.%Y}", f"{day:%Y/%m/%d}", f"{day.day}.{day.month}.{day.year}",
        f"{day.day} {months[str(day.month)]} {day.year}", str((day - date(1899, 12, 30)).days),
    ):  # fmt: skip
        assert _date(text) == (day, None)


@given(st.lists(DAYS, min_size=1), st.sampled_from(["%d/%m/%Y", "%m/%d/%Y"]))
def test_slashes_are_never_read_wrongly(days: list[date], form: str) -> None:
    texts = {day.strftime(form): day for day in days}
    readings = read_dates(texts)
    assert all(readings[text][0] in (day, None) for text, day in texts.items())
    if any(day.day > 12 for day in days):
        assert all(readings[text] == (day, None) for text, day in texts.items())


@given(st.text())
def test_any_text_gets_a_value_or_a_fault(text: str) -> None:
    is_blank = read_text(text) is None
    for read in (_date, read_period, read_status):
        value, fault = read(text)
        assert (value is None) == (is_blank or fault is not None)
        assert fault is None or read_text(str(fault)) == str(fault)
    identifier, _ = read_id(text)
    assert not re.search(r"\s", identifier)
    assert read_id(identifier)[0] == identifier
    cleaned = read_text(text)
    assert cleaned is None or (read_text(cleaned) == cleaned and cleaned.strip() == cleaned != "")


@given(st.text())
def test_any_evidence_is_cited_refused_or_empty(text: str) -> None:
    (url, words), fault = read_evidence(text)
    typed = [read_text(line) for line in text.splitlines()]
    is_empty = all(line is None or is_placeholder(line) for line in typed)
    assert (url is None and words is None) == (is_empty or fault is not None)


def test_ids() -> None:
    for text in (
        "TJK-CRC-2018-05-02",
        " tjk-crc-2018-05-02\u00a0",
        "TJK – CRC—2018‑05−02",
        "TJK-CRC-\u200b2018-05-02\n",
    ):
        assert read_id(text) == ("TJK-CRC-2018-05-02", False)
    for text in ("ТЈК-СRС-2018-05-02", "tjk-сrс-2018-05-02", "ΤJΚ-CRC-2018-05-02"):
        assert read_id(text) == ("TJK-CRC-2018-05-02", True)
    assert read_id("Школа")[0].startswith("Ш")
    assert read_id(" ") == ("", False)


@given(st.integers(1900, 2099))
def test_years(year: int) -> None:
    for text in ("{}", "{}.0", "{},00", " {} г.", "{}г", "{} год", "{} ГОДА", "соли {}", "Year {}", "{}\u00a0"):
        assert read_period(text.format(year)) == (str(year), None)
    for text in ("{}-01-01", "{}.5", "{}-{}", "{}5", "19", "{} or so", "-{}"):
        value, fault = read_period(text.format(year, year))
        assert value is None
        assert str(fault).endswith("write four digits, such as 2019.")


def test_addresses() -> None:
    for text in ("https://example.org", "http://example.org:8080/a?b=c#d", "HTTPS://мактаб.tj/ҳисобот"):
        assert read_evidence(f" {text} ") == ((text, None), None)
    for text in (
        "ftp://example.org", "javascript:alert(1)", "https://", "https:///path", "http://[::1",
        "https://example.org/a b", "https://example.org/\u202ea", "Order No. 12\nfile:///D:/a.pdf",
        "https://example.org:port/", "=HYPERLINK(1)", "https://.",
    ):  # fmt: skip
        cited, fault = read_evidence(text)
        assert cited == (None, None)
        assert fault


def test_several_addresses_and_words_of_one_cell_are_kept() -> None:
    first, other = "https://example.org/a", "http://example.org/b"
    for text in ("{}\n{}", "{} {}", "{}; {}", "{} , {}", "{},\r\n\r\n{};"):
        assert read_evidence(text.format(first, other)) == ((first, other), None)
    assert read_evidence(f"Order No. 12\n{first}\n-") == ((first, "Order No. 12"), None)
    assert read_evidence("see https://example.org") == ((None, "see https://example.org"), None)


def test_texts() -> None:
    assert read_text(" two\u00a0\t\r\nschools\u200b\x07\ufeff ") == "two schools"
    assert read_text("\u200b \x00") is None


def test_long_texts_are_cut_in_faults() -> None:
    fault = _date("x" * 10_000)[1]
    assert fault
    assert len(str(fault)) < 150


def test_serial_numbers_at_the_edges() -> None:
    for serial in (36526, 73050):
        assert _date(str(serial)) == (date(1899, 12, 30) + timedelta(serial), None)
