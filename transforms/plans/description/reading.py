"""plan.toml and the tables of judgement, read strictly: every fault is listed, with its line."""

import tomllib
from collections.abc import Mapping

from pydantic import ValidationError

from transforms.errors import InputProblem, problem_in
from transforms.plans.description.document import JUDGEMENTS, Judgement
from transforms.plans.description.plan_toml import Description
from transforms.tables.strict_csv import invalid, read_table
from transforms.text.lines import decode


def read_description(data: bytes, path: str) -> tuple[Description | None, list[InputProblem]]:
    """Return what plan.toml says, read strictly: unknown and missing keys are listed together."""
    text, problems = decode(data, "utf-8", path)
    if problems:
        return None, problems
    try:
        return Description.model_validate(tomllib.loads(text)), []
    except ValidationError as error:
        return None, list(invalid(error, path, 0))
    except (ValueError, RecursionError) as error:
        what = "the file is not TOML: {error}"
        return None, [problem_in(path, 0, what, "See https://toml.io for its rules.", error=error)]


def read_judgements(files: Mapping[str, bytes], folder: str) -> tuple[list[Judgement], list[InputProblem]]:
    """Return the rows of all tables of judgement, each file optional; `files` by name."""
    tables = [(table, files[name], f"{folder}/{name}") for name, table in JUDGEMENTS.items() if name in files]
    rows = [row for table in tables for row in read_table(*table)]
    return [row for row in rows if isinstance(row, Judgement)], [row for row in rows if isinstance(row, InputProblem)]
