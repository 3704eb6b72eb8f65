"""The counts that a reader verified, against what was found (contract §3)."""

from collections.abc import Iterator, Mapping

from transforms.errors import InputProblem
from transforms.plans.description.plan_toml import Expected
from transforms.quality.text import sentence


def compare_counts(plan_id: str, found: Mapping[str, int], expected: Expected, path: str) -> Iterator[InputProblem]:
    """One problem for each count that differs."""
    for name, count in found.items():
        wanted = getattr(expected, name)
        if count != wanted:
            yield InputProblem(
                sentence(
                    "{plan_id}: the document has {count} {name}, not the {wanted} of [plan.expected]",
                    plan_id=plan_id,
                    count=count,
                    name=name,
                    wanted=wanted,
                ),
                "Find what was lost or added; state the new count only when you have verified it.",
                path=path,
            )
