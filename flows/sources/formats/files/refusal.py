"""How a report, or a sheet of one, is refused: by a rule of the catalogue."""

from transforms.errors import InputProblem
from transforms.quality.catalogue import message_of


def refusal(rule: str, variant: str = "", /, **arguments: str | int) -> InputProblem:
    """Return the problem of a file or sheet that a rule of the catalogue refuses; `arguments` fill its sentence.

    What is wrong and what to do about it are the two sides of the sentence's first colon. Raises CatalogueError for
    what the catalogue does not have."""
    message = message_of(rule, variant, **arguments)
    what, remedy = message.halves
    return InputProblem(what, remedy, rule=rule, message=message)
