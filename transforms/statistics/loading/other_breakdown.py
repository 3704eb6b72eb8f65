"""`other_breakdown` (contract §8): each breakdown without a column of its own as CONCEPT=CODE, joined by `;`.

In both, `%`, `;` and `=` are percent-encoded, as in URLs, so that the parts can be told apart; nothing else is. The
macro `breakdown_parts` reads it back in SQL."""

from urllib.parse import unquote

from schemas.generated import ddl

_ENCODED = {"%": "%25", ";": "%3B", "=": "%3D"}  # in this order: those that come later have a % of ours


def part(concept: str, code: str) -> str:
    """Return SQL: CONCEPT=CODE; NULL where `code`, SQL of a text, is NULL."""
    name = concept
    for character, encoded in _ENCODED.items():
        name = name.replace(character, encoded)
        code = f"replace({code}, '{character}', '{encoded}')"
    return f"{ddl.literal(f'{name}=')} || {code}"


def concept_and_code(text: str) -> tuple[str, str]:
    """Return what a part says.

    >>> concept_and_code("Group=a%3Bb")
    ('Group', 'a;b')
    """
    concept, _, code = text.partition("=")
    return unquote(concept), unquote(code)
