"""The problem of text that was read in a wrong encoding, by npa or by a program before it."""

from collections.abc import Callable, Collection, Iterable

from flows.sources.formats.files.refusals import problem
from transforms.errors import InputProblem
from transforms.quality.text import sentence
from transforms.statistics.loading.remarks import Remark
from transforms.text.lost_letters import has_lost_letters, has_no_letters_left
from transforms.text.misreading import misreading

_REMEDY = "Ask the producer for the file as it was before. A column that [concepts] sets aside may have such text."


def damage(texts: Collection[str], encoding: str | None) -> InputProblem | None:
    """Return what is wrong with the texts of a file that was read in `encoding`, a code page or None for Unicode.

    The value of the problem is one of the texts, or a word of it. None if nothing is wrong."""
    if found := misreading(texts, encoding):
        if encoding:
            what = 'the text is not in {encoding}: a word would be "{meaning}" in {likely}'
            remedy = sentence('Say encoding = "{likely}" in dataset.toml.', likely=found.encoding)
        else:
            what = 'the text was damaged before it came into this file: a word would be "{meaning}" in {likely}'
            remedy = _REMEDY
        page, likely = encoding or "", found.encoding
        return problem(what, found.word, remedy, encoding=page, meaning=found.meaning, likely=likely)
    if text := next(filter(has_no_letters_left, texts), None):
        what = "the letters of the text are lost: a program has put ? or U+FFFD in their place"
        return InputProblem(what, _REMEDY, value=text[:60])
    return None


def lost_letters(texts: Iterable[str], line_of: Callable[[str], int]) -> list[Remark]:
    """Return a remark if some texts of a file have lost some of their letters; they are published as they are."""
    if not (damaged := list(dict.fromkeys(filter(has_lost_letters, texts)))):
        return []
    arguments: dict[str, str | int] = {"text": damaged[0][:60], "n": len(damaged)}
    return [Remark("letters_lost", damaged[0], line_of(damaged[0]), arguments=arguments)]
