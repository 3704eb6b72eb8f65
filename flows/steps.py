"""How the stages of a job are run: here, one after another. Another runner brings its own two functions."""

from collections.abc import Callable, Iterable
from typing import Any

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
