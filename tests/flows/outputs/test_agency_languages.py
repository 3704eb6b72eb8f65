"""In which language an agency is written to, and in which its name is."""

from pathlib import Path

import pytest

from flows.outputs.agency_languages import agency_languages
from flows.outputs.connection import fetch
from tests.support.inline_plan import InlinePlan
from tests.support.judged_reports import DAYS, HEADINGS, MOE, ROWS, judged

RUSSIAN = "Код мероприятия,Код ведомства,Отчётный год,Дата отчёта,Статус,Результат"
TAJIK = "Рамзи чорабинӣ,Рамзи мақомот,Соли ҳисоботӣ,Санаи ҳисобот,Ҳолат,Натиҷа"
MOH = MOE.replace("MOE", "MOH")


def test_it_is_that_of_its_reports_refused_or_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NPA_LANGUAGE", "tg")
    files = {
        "a.csv": f"{RUSSIAN}\n{MOE}\n{MOE.replace('01-10', '01-11')}\n",  # accepted
        "b.csv": f"{TAJIK}\n{MOE.replace('01-10', '01-12')}\n",
        "c.csv": f"{TAJIK}\n{MOH.replace('in_progress', 'well')}\n{MOH.replace('2019,', 'x,')}\n",  # refused
        "d.csv": f"{HEADINGS}\n{MOH}\n{MOH.replace('01-10', '01-11')}\n{MOH.replace('01-10', '01-12')}\n",  # ids only
    }
    with judged(InlinePlan(ROWS, head=DAYS), tmp_path, files) as con:
        languages = agency_languages(con)
        assert [languages[f"XKX-{name}"] for name in ("MOE", "MOH", "AOS")] == ["ru", "tg", "tg"]
        monkeypatch.setenv("NPA_LANGUAGE", "en")
        assert [languages["XKX-AOS"], languages[None]] == ["en", "en"]  # which have sent nothing
        assert fetch(con, "SELECT source_file AS f, language AS l FROM dim_progress_file WHERE l IS NULL") == [
            {"f": "progress/d.csv", "l": None}
        ]


@pytest.mark.parametrize(("head", "mark"), [('language = "en"\n', "[en] "), ("", "[und] ")])
def test_the_name_of_an_agency_is_marked_with_the_language_of_its_documents(
    tmp_path: Path, head: str, mark: str
) -> None:
    """A collective has no form, and its letter says it all the same."""
    from flows.outputs.desk.status_sheets import status_sheets
    from flows.outputs.reminders.letter import letter_to

    tables = {
        "aliases.csv": "alias,abbreviation,reason\nall ministries,ALL,x\n",
        "agencies.csv": "abbreviation,agency_type,name,reason\nAOS,state_agency,,x\nMOE,ministry,,x\nMOH,ministry,,x\n"
        "ALL,collective,all ministries,x\n",
    }
    plan = InlinePlan(ROWS.replace("MOH", "MOH, all ministries"), head=head + DAYS, tables=tables)
    with judged(plan, tmp_path, {}) as con:
        (release,) = fetch(con, "SELECT as_of FROM release")
        assert letter_to(con, "XKX-ALL", "ru", release["as_of"], []).name == f"{mark}all ministries"
        assert letter_to(con, "XKX-MOE", "ru", release["as_of"], []).name == f"{mark}Ministry of Education"
        names = [row["name"] for row in status_sheets(con, release["as_of"], "tg")[0].rows]
        assert names
        assert all(name.startswith(mark) for name in names)


UNITS = """[units]
MOH = [
  { id = "KHUJAND", names = { en = "Khujand", ru = "Худжанд" } },
  { id = "VOSE", names = { en = "Vose" } },
]
"""


def test_units_are_called_by_their_names_in_the_language(tmp_path: Path) -> None:
    """A unit without a name in it has the one that plan.toml or translations.csv gives."""
    from flows.outputs.desk.status_sheets import status_sheets
    from flows.outputs.reminders.debts import debts_of
    from flows.outputs.reminders.letter import letter_to

    done = MOH.replace("in_progress", "completed")
    files = {"a.csv": f"{HEADINGS},reporting_unit\n{done},KHUJAND\n{MOH},VOSE\n"}
    tables = {"translations.csv": "id,language,text\nXKX-MOH-VOSE,tg,Восеъ\n"}
    with judged(InlinePlan(ROWS, head=DAYS + UNITS, tables=tables), tmp_path, files) as con:
        (release,) = fetch(con, "SELECT as_of FROM release")
        day = release["as_of"]
        debts = debts_of(con, day, 30, "XKX-MOH")["XKX-MOH"]
        for language, first, second in (("ru", "Худжанд", "Vose"), ("tg", "Khujand", "Восеъ")):
            text = letter_to(con, "XKX-MOH", language, day, debts).text()
            assert f"{first}: «" in text
            assert f"{second}: «" in text
            sheets = {sheet.name: sheet for sheet in status_sheets(con, day, language)}
            assert {row["agency"] for row in sheets["contradictions"].rows} == {f"MOH {first}", f"MOH {second}"}
            assert "unit" in sheets["missing"].columns
            missing = {row["unit"] for row in sheets["missing"].rows if row["agency_id"] == "XKX-MOH"}
            assert missing == {second}  # the other unit has completed its part
