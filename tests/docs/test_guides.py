"""The guides and the reference: every command, key, column and file name that they explain exists, and no other."""

import re
from collections.abc import Iterator

from pydantic import BaseModel

from schemas.enumerations import PROGRESS_STATUSES
from tests.support.command import npa
from tests.support.markdown import first_column, page
from transforms.plans.description.document import JUDGEMENTS
from transforms.plans.description.plan_toml import (
    Description,
    HalfYearlyReporting,
    PlanDescription,
    ReportingDays,
    YearlyReporting,
)
from transforms.reports.vocabulary import COLUMNS

PLANS = page("docs/guides/plans.md")


def test_every_column_and_status_of_a_report_is_explained() -> None:
    monitoring = page("docs/guides/monitoring.md")
    assert tuple(first_column(monitoring, "column of a report")) == COLUMNS
    assert all(status in monitoring for status in PROGRESS_STATUSES)


def test_every_command_is_explained_and_no_other() -> None:
    manual = npa("--help").stdout
    commands = set(re.findall(r"^    (\w+) ", manual.split("commands:")[1].split("options:")[0], re.MULTILINE))
    reference = page("docs/reference/commands.md")
    assert {name.split()[1] for name in first_column(reference, "command")} == commands
    for command in commands:
        run = npa(command, "--help")
        assert run.returncode == 0
        assert "--raw" in run.stdout


_NESTED: dict[str, list[type[BaseModel]]] = {
    "plan": [PlanDescription],
    "reporting": [YearlyReporting, HalfYearlyReporting],
}


def _keys(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    for name, field in model.model_fields.items():
        inner = _NESTED.get(name, [field.annotation])
        models = [m for m in inner if isinstance(m, type) and issubclass(m, BaseModel) and m is not ReportingDays]
        if models and name != "expected":
            for nested in models:
                yield from _keys(nested, f"{name}.")
        else:
            yield prefix + name


def test_every_key_of_plan_toml_is_explained_and_no_other() -> None:
    assert set(first_column(PLANS, "key of plan.toml")) == set(_keys(Description))
    counts = re.search(r"^\| `plan.expected` \| [^:]*: (.*) \|$", PLANS, re.MULTILINE)
    assert counts
    expected = PlanDescription.model_fields["expected"].annotation
    assert isinstance(expected, type)
    assert issubclass(expected, BaseModel)
    assert counts[1].replace("`", "").split(", ") == list(expected.model_fields)


def test_every_table_of_judgement_is_explained_and_no_other() -> None:
    rows = dict(re.findall(r"^\| `(\w+\.csv)` \|[^|]*\| `([^`]*)` \|$", PLANS, re.MULTILINE))
    assert rows == {name: model.heading() for name, model in JUDGEMENTS.items()}
