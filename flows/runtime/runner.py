"""How the stages of a job are run: here, one after another. Another runner brings its own two functions."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from transforms.errors import NpaError

Step = Callable[..., Any]  # runs a stage with its arguments
Each = Callable[[Callable[..., Any], Iterable[tuple[Any, ...]]], list[Any]]  # a stage with each of many, in their order


def call(stage: Callable[..., Any], *arguments: Any) -> Any:
    """Run a stage as it is."""
    return stage(*arguments)


def in_turn(stage: Callable[..., Any], many: Iterable[tuple[Any, ...]]) -> list[Any]:
    """Run a stage with each of many arguments, one after another."""
    return [stage(*arguments) for arguments in many]


def with_step(step: Step) -> Each:
    """The same, each by `step`."""
    return lambda stage, many: [step(stage, *arguments) for arguments in many]


class WrongRunner(NpaError):
    """Options that say nothing sensible together."""

    exit_code = 2


def check_task_runner(runner: str, task_runner: str | None, address: str | None) -> None:
    """Refuse task runners that the runner does not have, and Dask without a Prefect server."""
    if address and task_runner != "dask":
        raise WrongRunner("--dask-address goes with --task-runner dask.")
    if task_runner and runner == "direct":
        raise WrongRunner("--runner direct has no task runner. Leave --task-runner out, or say --runner prefect.")
    if task_runner == "dask" and not os.environ.get("PREFECT_API_URL"):
        raise WrongRunner(
            "--task-runner dask needs a Prefect server that every worker reaches: each would start one of its own. "
            "Start one (prefect server start) and say where it is by PREFECT_API_URL."
        )
