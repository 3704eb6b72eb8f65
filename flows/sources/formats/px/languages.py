"""The languages of a PC-Axis file: `VALUES[en]("region")` says in English what VALUES says in the main language."""

from collections.abc import Iterator, Mapping, Sequence

from flows.sources.formats.px.statements import Statement
from flows.sources.formats.px.variables import Variable
from flows.sources.formats.relation import Labels, language_code

_Texts = Mapping[tuple[str, tuple[str, ...]], Statement]  # keyword, keys


def main_language_code(statements: Sequence[Statement]) -> str:
    """Return the language of statements that name none: LANGUAGE's, else the first of LANGUAGES; und if none is."""
    stated = {s.keyword: s.texts() for s in reversed(statements) if s.keyword in ("LANGUAGE", "LANGUAGES")}
    first = next((texts[0] for word in ("LANGUAGE", "LANGUAGES") if (texts := stated.get(word))), "")
    return language_code(first)


def translations(statements: Sequence[Statement], listed: Sequence[Variable], main: str = "") -> dict[str, Labels]:
    """Return the labels in the languages that statements name, and in `main`, that of statements that name none, if it
    is another than that of the variables `listed`.

    A variable whose values are not named in a language, each of them, has no labels in it."""
    by_language: dict[str, dict[tuple[str, tuple[str, ...]], Statement]] = {}
    for statement in statements:
        language = language_code(statement.language) if statement.language else main
        if language and statement.keyword in ("STUB", "HEADING", "VALUES"):
            texts = by_language.setdefault(language, {})
            texts.setdefault((statement.keyword, statement.keys), statement)
    return {language: dict(_labels(texts, listed)) for language, texts in by_language.items()}


def _labels(texts: _Texts, listed: Sequence[Variable]) -> Iterator[tuple[str, Mapping[str, str]]]:
    names = [name for word in ("STUB", "HEADING") if (stated := texts.get((word, ()))) for name in stated.texts()]
    for name, variable in zip(names, listed, strict=False) if len(names) == len(listed) else ():
        stated = texts.get(("VALUES", (name,)))
        values = stated.texts() if stated else []
        if len(values) == len(variable.texts):
            yield variable.column, dict(zip(variable.texts, values, strict=True))
