"""Another plan, of another country, in another language and script: only data, no code."""

from pathlib import Path

import pytest

from tests.support.command import npa
from tests.support.kyrgyz_plan import AGENCIES, ALIASES, TEXT, TOML
from tests.support.paths import AS_OF


@pytest.fixture
def two_plans(raw: Path) -> Path:
    """Return sources with the real plan, and next to it a plan of another country."""
    folder = raw / "plans" / "kgz-plan-2019"
    folder.mkdir()
    files = {"plan.txt": TEXT.replace("|", "\t"), "plan.toml": TOML, "agencies.csv": AGENCIES, "aliases.csv": ALIASES}
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return raw


def test_a_plan_in_russian(two_plans: Path, tmp_path: Path) -> None:
    options = ["--warehouse", tmp_path / "two", "--runner", "direct", "--as-of", AS_OF]
    done = npa("refresh", "--raw", two_plans, *options)
    assert "4 plans, 58 measures, 132 activities (131 without the second print), 40 agencies" in done.stdout, (
        done.stderr
    )
    sql = """SELECT activity_id, recommendation_numbers, number_in_source AS n, activity_text, agency_ids,
                    schedule_kind, year(window_end) AS y
             FROM activities WHERE plan_id = 'KGZ-CRC-2019'"""
    output = npa("query", "--warehouse", tmp_path / "two", "--format", "csv", sql).stdout
    assert output.splitlines()[1:] == [
        'KGZ-CRC-2019-01-01,"[3,5,6]",1,Создать систему сбора данных.,"[""KGZ-MOES"",""KGZ-NSC""]",year_range,2020',
        'KGZ-CRC-2019-01-02,"[3,5,6]",2,Издавать ежегодный сборник.,"[""KGZ-NSC""]",recurring,2023',
        'KGZ-CRC-2019-02-01,[9],,Построить школы.,"[""KGZ-MOES"",""KGZ-LA""]",single_year,2023',
    ]
    sql = "SELECT name, in_glossary FROM dim_agency WHERE country_code = 'KGZ' ORDER BY agency_id"
    output = npa("query", "--warehouse", tmp_path / "two", "--format", "csv", sql).stdout
    assert output.splitlines()[1:] == [
        "Акимиаты,false",
        "Министерство образования и науки,true",
        "Национальный статистический комитет,true",
    ]


def test_an_abbreviation_that_no_id_can_have(two_plans: Path) -> None:
    path = two_plans / "plans" / "kgz-plan-2019" / "aliases.csv"
    path.write_text(ALIASES.replace("МОН,MOES,По-английски\n", ""), encoding="utf-8")
    run = npa("check", "--raw", two_plans, "--warehouse", two_plans / "warehouse")
    assert run.returncode == 1
    assert 'no id can have: "МОН"' in run.stderr
    assert "aliases.csv" in run.stderr
