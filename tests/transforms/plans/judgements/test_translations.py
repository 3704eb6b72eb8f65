"""translations.csv: which texts are translated, what is refused, and how a text appears without a translation."""

from dataclasses import replace

import pytest

from flows.refresh import stages
from flows.refresh.build.database import create, in_memory
from flows.sources.plans import gather, read_plans
from flows.sources.statistics.stage import Statistics
from tests.support.inline_plan import FOLDER, InlinePlan
from transforms.errors import InputRejected

ROWS = """
1|Laws. (recommendation 1)|1. Review the laws.|2019-2020|MOE|Laws reviewed.
||2. Train the teachers.|regularly|MOE, MOH|
"""
ACTIVITY, MEASURE, PLAN = "XKX-CRC-2019-01-01", "XKX-CRC-2019-01", "XKX-CRC-2019"
FORMS = '[forms]\nsender = "The Commission"\nreturn_to = "post@example.org"\nphone = "+992 1"\n'


def _plan(*rows: str, heading: str = "id,language,text,column_name", head: str = 'language = "en"') -> InlinePlan:
    tables = {"translations.csv": "\n".join([heading, *rows]) + "\n"}
    return InlinePlan(ROWS, head=f"{head}\n{FORMS}", tables=tables)


def _texts(plan: InlinePlan) -> dict[tuple[str, ...], str]:
    frame = plan.read()["dim_translation"]
    return {(row["id"], row["column_name"], row["language"]): row["text"] for row in frame.to_dict("records")}


def test_each_kind_of_text_and_the_usual_column() -> None:
    rows = {
        f"{MEASURE},ru,Законы.,": (MEASURE, "summary", "ru"),
        f"{ACTIVITY},ru,Пересмотреть законы.,": (ACTIVITY, "activity_text", "ru"),
        f"{ACTIVITY},tg,Қонунҳо,activity_text": (ACTIVITY, "activity_text", "tg"),
        f"{ACTIVITY},ru,Законы пересмотрены.,expected_result": (ACTIVITY, "expected_result", "ru"),
        f"{ACTIVITY},ru,2019–2020 годы,period_text": (ACTIVITY, "period_text", "ru"),
        "XKX-MOE,ru,Министерство образования,": ("XKX-MOE", "name", "ru"),
        "XKX-MOE,ru,МО,abbreviation": ("XKX-MOE", "abbreviation", "ru"),
        f"{PLAN},ru,План,": (PLAN, "title", "ru"),
        "XKX-PLAN,ru,Комиссия,form_sender": ("XKX-PLAN", "form_sender", "ru"),
    }
    assert _texts(_plan(*rows)) == {key: row.split(",")[2] for row, key in rows.items()}


UNITS = """[units]
MOH = [
  { id = "KHUJAND", names = { ru = "Худжанд" } },
  { id = "VOSE", names = { en = "Vose", ru = "Восе" } },
]
"""
THEMES = """measure_id,measure_excerpt,scheme,theme,is_main,basis,reason,name
XKX-CRC-2019-01,Laws,OWN,OWN-1,true,judgement,Read,Laws and rules
"""


def _plan_with_units(*rows: str) -> InlinePlan:
    plan = _plan(*rows, head=f'language = "en"\n{UNITS}')
    return replace(plan, tables=plan.tables | {"themes.csv": THEMES})


def test_names_of_units_and_themes() -> None:
    plan = _plan_with_units(
        "XKX-MOH-KHUJAND,tg,Хуҷанд,", "XKX-MOH-VOSE,tg,Восеъ,name", "OWN-1,ru,Законы,", "CRC-1,tg,Чораҳо,"
    )
    frames = plan.read()
    units = {
        (row["reporting_unit"], row["language"]): row["name"]
        for row in frames["dim_reporting_unit_name"].to_dict("records")
    }
    assert units[("KHUJAND", "tg")] == "Хуҷанд"
    assert units[("VOSE", "tg")] == "Восеъ"
    assert len(units) == 5
    assert {key for key in _texts(plan) if key[1] == "name"} == {
        ("XKX-MOH-KHUJAND", "name", "tg"), ("XKX-MOH-VOSE", "name", "tg"),
        ("OWN-1", "name", "ru"), ("CRC-1", "name", "tg"),
    }  # fmt: skip
    codes = frames["dim_code"]
    names = codes[codes["code_list"] == "theme"].set_index(["code", "language"])["name"]
    assert names[("OWN-1", "ru")] == "Законы"
    assert names[("CRC-1", "tg")] == "Чораҳо"


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("XKX-MOH-VOSE,ru,Восе,", "XKX-MOH-VOSE has a name in this language already"),
        ("OWN-1,en,Laws,", "OWN-1 has a name in this language already"),
        ("XKX-MOH-KHUJAND,tg,восе,", "another unit of the agency is called so"),
        ("XKX-MOH-DUSTI,tg,Дӯстӣ,", "no plan, measure, activity, agency, unit, theme or cited paragraph"),
        ("XKX-MOH-VOSE,tg,Восеъ,abbreviation", "Write one of: name."),
    ],
)
def test_names_of_units_and_themes_that_are_refused(row: str, fault: str) -> None:
    (sentence,) = _plan_with_units(row).faults()
    assert fault in sentence


def test_a_table_of_three_columns_is_read_as_before() -> None:
    plan = _plan(f"{MEASURE},ru,Законы.", "XKX-MOE,tg,Вазорат", heading="id,language,text")
    assert [*_texts(plan)] == [(MEASURE, "summary", "ru"), ("XKX-MOE", "name", "tg")]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("XKX-CRC-2019-09,ru,x,", "no plan, measure, activity, agency, unit, theme or cited paragraph of this id"),
        (f"{ACTIVITY},ru,x,summary", "Write one of: activity_text, expected_result, period_text."),
        ("XKX-CRC-2019-01-02,ru,x,expected_result", "nothing to translate: expected_result of XKX-CRC-2019-01-02"),
        (f"{ACTIVITY},en,x,", "the document itself is in this language"),
        (f"{ACTIVITY},ru,x,activity_text\n{ACTIVITY},ru,y,", "line 2 translates activity_text"),
        (f"{ACTIVITY},Russian,x,", "Write it like ru."),
        (f"{ACTIVITY},ru,,", "text: it is blank"),
    ],
)
def test_rows_that_are_refused(row: str, fault: str) -> None:
    (sentence,) = _plan(row).faults()
    assert fault in sentence
    assert "translations.csv:" in sentence


def test_headings_that_are_refused() -> None:
    (sentence,) = _plan(f"{MEASURE},Законы.", heading="id,text").faults()
    assert "Write: id,language,text,column_name." in sentence


def test_two_documents_translate_one_agency() -> None:
    other = InlinePlan(ROWS.replace("Laws", "Rules"), tables={"translations.csv": "id,language,text\nXKX-MOE,ru,МО\n"})
    files = {
        name: data.replace(b"THE PLAN\non children", b"THE PLAN\non youth") for name, data in other.files().items()
    }
    files["plan.toml"] = files["plan.toml"].replace(b"on children", b"on youth").replace(b'"CRC"', b'"OPSC"')

    def read(name: str) -> InlinePlan | object:
        folders = {FOLDER: _plan(f"XKX-MOE,ru,{name},").files(), "plans/xkx-youth": files}
        return stages.validate(gather([read_plans(folders)]), Statistics(None))  # type: ignore[arg-type]

    assert len(read("МО")["dim_translation"]) == 1  # type: ignore[index]
    with pytest.raises(InputRejected, match=r"translated otherwise in plans/xkx-plan/translations\.csv, line 2: “Мин”"):
        read("Мин")


@pytest.mark.parametrize(
    ("text", "own", "asked", "shown"),
    [
        ("Review laws", "en", "en", "Review laws"),
        ("Review laws", "en", "ru", "Пересмотреть"),  # translated
        ("Review laws", "en", "tg", "[en] Review laws"),
        ("Пересмотреть законы", "ru", "tg", "[ru] Пересмотреть законы"),
        ("Review laws", None, "tg", "[und] Review laws"),  # not a Cyrillic letter: no Tajik text
        ("Review laws", None, "en", "Review laws"),
        ("Қонунҳо", None, "en", "[und] Қонунҳо"),
        ("Қонунҳо", None, "tg", "Қонунҳо"),
        ("2019", None, "tg", "2019"),
        (None, "en", "tg", None),
    ],
)
def test_texts_in_a_language(text: str | None, own: str | None, asked: str, shown: str | None) -> None:
    with in_memory() as con:
        create(con)
        con.execute("INSERT INTO dim_translation VALUES ('A', 'activity_text', 'ru', 'Пересмотреть')")
        sql = "SELECT text_in('A', 'activity_text', $1, $2, $3), text_in('A', 'summary', 'x', 'en', 'ru')"
        assert con.execute(sql, [text, own, asked]).fetchall() == [(shown, "[en] x")]


def test_what_forms_print_of_their_sender_is_published() -> None:
    (document,) = _plan().read()["dim_document"].to_dict("records")
    assert [document[name] for name in ("language", "form_sender", "form_phone", "form_return_to")] == [
        "en", "The Commission", "+992 1", "post@example.org",
    ]  # fmt: skip
