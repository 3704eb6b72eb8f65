"""The counts that a reader verified, against what was found (contract §3)."""

from collections.abc import Iterator, Mapping

from transforms.errors import InputProblem
from transforms.plans.description.plan_toml import Expected


def compare_counts(plan_id: str, found: Mapping[str, int], expected: Expected, path: str) -> Iterator[InputProblem]:
    """One problem for each count that differs."""
    for name, count in found.items():
        wanted = getattr(expected, name)
        if count != wanted:
            yield InputProblem(
                f"{plan_id}: the document has {count} {name}, not the {wanted} of [plan.expected]",
                "Find what was lost or added; state the new count only when you have verified it.",
                path=path,
            )
