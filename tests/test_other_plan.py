"""Another plan, of another country, in another language and script: data only, no code."""

from pathlib import Path

import pytest
from conftest import AS_OF, npa

# Invented. Columns are parted by tabs.
TEXT = """НАЦИОНАЛЬНЫЙ ПЛАН
по реализации Конвенции о правах ребёнка на 2019–2023 годы

№|Мера и номер рекомендации|Мероприятия|Срок|Исполнители|Результат
1|Сбор данных о детях (рекомендации 3 и 5-6)|1) Создать систему сбора данных.|2019-2020 гг.|МОН, НСК|Система создана.
||2) Издавать ежегодный сборник.|ежегодно|НСК|Сборник издан.
2|Доступ к образованию (рекомендация 9)|Построить школы.|2023 г.|МОН, акимиаты|

Сокращения
МОН – Министерство образования и науки
НСК – Национальный статистический комитет
"""
TOML = """source = "plan.txt"
country = "KGZ"
approved_on = 2019-02-01
approved_by = "Правительство"
[layout]
plan_heading = "НАЦИОНАЛЬНЫЙ ПЛАН"
column_headings = ["№", "Мера и номер рекомендации", "Мероприятия", "Срок", "Исполнители", "Результат"]
glossary_heading = "Сокращения"
recommendation_words = ["рекомендация", "рекомендации"]
conjunctions = ["и"]
year_words = ["г.", "гг."]
[periods]
"ежегодно" = "recurring"
[[plan]]
instrument = "CRC"
title_phrase = "Конвенции о правах ребёнка"
[plan.expected]
measures = 2
activities = 3
recommendation_links = 4
agency_links = 5
activity_years = 8
blank_periods = 0
blank_results = 1
"""
AGENCIES = """abbreviation,agency_type,name,reason
MOES,ministry,,Министерство
NSC,committee,,Комитет
LA,collective,Акимиаты,Названы словом
"""
ALIASES = """alias,abbreviation,reason
МОН,MOES,По-английски
НСК,NSC,По-английски
акимиаты,LA,Местные власти
"""


@pytest.fixture
def two_plans(raw: Path) -> Path:
    """The real plan, and beside it that of another country."""
    folder = raw / "plans" / "kgz-plan-2019"
    folder.mkdir()
    files = {"plan.txt": TEXT.replace("|", "\t"), "plan.toml": TOML, "agencies.csv": AGENCIES, "aliases.csv": ALIASES}
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return raw


def test_a_plan_in_russian(two_plans: Path, tmp_path: Path) -> None:
    given = ["--warehouse", tmp_path / "two", "--runner", "direct", "--as-of", AS_OF]
    done = npa("refresh", "--raw", two_plans, *given)
    assert "4 plans, 58 measures, 132 activities, 40 agencies" in done.stdout, done.stderr
    sql = """SELECT activity_id, recommendation_numbers, number_in_source AS n, activity_text, agency_ids,
                    schedule_kind, year(window_end) AS y
             FROM activities WHERE plan_id = 'KGZ-CRC-2019'"""
    told = npa("query", "--warehouse", tmp_path / "two", "--format", "csv", sql).stdout
    assert told.splitlines()[1:] == [
        'KGZ-CRC-2019-01-01,"[3,5,6]",1,Создать систему сбора данных.,"[""KGZ-MOES"",""KGZ-NSC""]",year_range,2020',
        'KGZ-CRC-2019-01-02,"[3,5,6]",2,Издавать ежегодный сборник.,"[""KGZ-NSC""]",recurring,2023',
        'KGZ-CRC-2019-02-01,[9],,Построить школы.,"[""KGZ-MOES"",""KGZ-LA""]",single_year,2023',
    ]
    sql = "SELECT name, in_glossary FROM dim_agency WHERE country_code = 'KGZ' ORDER BY agency_id"
    told = npa("query", "--warehouse", tmp_path / "two", "--format", "csv", sql).stdout
    assert told.splitlines()[1:] == [
        "Акимиаты,false",
        "Министерство образования и науки,true",
        "Национальный статистический комитет,true",
    ]


def test_an_abbreviation_that_no_id_can_have(two_plans: Path) -> None:
    path = two_plans / "plans" / "kgz-plan-2019" / "aliases.csv"
    path.write_text(ALIASES.replace("МОН,MOES,По-английски\n", ""), encoding="utf-8")
    told = npa("check", "--raw", two_plans, "--warehouse", two_plans / "warehouse")
    assert told.returncode == 1
    assert 'no id can have: "МОН"' in told.stderr
    assert "aliases.csv" in told.stderr
