"""Refusals of a file or of one sheet: by a sentence of the code, or by a rule of the catalogue."""

from transforms.errors import InputProblem
from transforms.quality.catalogue import message_of
from transforms.quality.text import sentence


def problem(what: str, value: str | None, remedy: str, /, *, line: int = 0, **arguments: object) -> InputProblem:
    """Return the problem of a file; `arguments` fill its sentence `what`."""
    return InputProblem(sentence(what, **arguments), remedy, line=line, value=value)


def refusal(rule: str, variant: str = "", /, **arguments: str | int) -> InputProblem:
    """Return the problem of a file or sheet that a rule of the catalogue refuses; `arguments` fill its sentence.

    What is wrong and what to do about it are the two sides of the sentence's first colon. Raises CatalogueError for
    what the catalogue does not have."""
    message = message_of(rule, variant, **arguments)
    what, remedy = message.halves
    return InputProblem(what, remedy, rule=rule, message=message)
