"""Words that are probably misprinted, and results whose end may be missing."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from transforms.plans.checks.printed_texts import PrintedText
from transforms.plans.context import Context
from transforms.plans.grammar.cells import is_finished

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_REPEATED = re.compile(r"\b(\w++) \1\b", re.IGNORECASE)  # through through
_FREQUENT = 3  # rows with the similar word
_LEAST_LETTERS = 6  # shorter words are too often like another: case and care
_LEAST_BEFORE = 2  # letters before the place where two words differ: входит and выходит are two words
_LEAST_AFTER = 4  # letters after it: what differs nearer to the end is an ending, имеется and имеются


def flag_words(context: Context, texts: Sequence[PrintedText]) -> None:
    """Flag words printed twice, one after the other, and those printed once and nearly like a frequent word."""
    for text in texts:
        if match := _REPEATED.search(text.text):
            place = text.line, text.column, match[0], match[0]
            context.flag("word_repeated", *place, activity_id=text.activity_id, word=match[1])
    for text, word, similar, rows in misprints(texts):
        place, activity_id = (text.line, text.column, word, word), text.activity_id
        context.flag("probable_misprint", *place, activity_id=activity_id, word=word, similar=similar, rows=rows)


def flag_open_ends(context: Context, texts: Sequence[PrintedText]) -> None:
    """Flag the results of a plan that do not end a sentence, if most of them do."""
    results = [text for text in texts if text.column == "expected_result"]
    counts = Counter((text.plan_id, is_finished(text.text)) for text in results)
    for plan_id, line, activity_id, column, text in results:
        if not is_finished(text) and counts[plan_id, True] > counts[plan_id, False]:
            context.flag("result_without_full_stop", line, column, activity_id=activity_id, plan_id=plan_id)


def misprints(texts: Sequence[PrintedText]) -> Iterator[tuple[PrintedText, str, str, int]]:
    """Yield each word that is probably misprinted, with its text, the frequent word, and the number of its rows.

    The word is printed once, and no other word begins like it up to the place where the two differ: "preventing" is no
    misprint of "presenting" where "prevent" is printed too."""
    words = [(text, word) for text in texts for word in _WORD.findall(text.text)]
    plains = {word: _plain(word) for word in {word for _, word in words}}
    times = Counter(plains[word] for _, word in words)
    rows = Counter(plain for plain, _ in {(plains[word], text.line) for text, word in words})
    frequent = _by_key(plain for plain, count in rows.items() if count >= _FREQUENT)
    for text, word in words:
        plain = plains[word]
        if times[plain] > 1 or len(plain) < _LEAST_LETTERS or word.isupper():
            continue
        near = {other for key in _keys(plain) for other in frequent.get(key, ()) if _is_misprint(plain, other)}
        if near:
            similar = max(near, key=lambda other: (rows[other], other))
            beginning = plain[: _same_letters(plain, similar) + 2]
            if not any(other.startswith(beginning) for other in times if other != plain):
                yield text, word, similar, rows[similar]


def _plain(word: str) -> str:
    return word.casefold().replace("ё", "е")


def _keys(word: str) -> set[str]:
    """Return a word, and the words that it becomes without one of its letters.

    Two words that differ in one letter, or in the order of two neighbours, have one of these in common."""
    return {word, *(word[:n] + word[n + 1 :] for n in range(len(word)))}


def _by_key(words: Iterable[str]) -> dict[str, list[str]]:
    index: dict[str, list[str]] = defaultdict(list)
    for word in words:
        for key in _keys(word):
            index[key].append(word)
    return index


def _same_letters(first: str, second: str) -> int:
    """Return how many letters two words have in common from their beginnings on."""
    pairs = enumerate(zip(first, second, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(first), len(second)))


def _is_misprint(word: str, frequent: str) -> bool:
    """Return True if one letter too many, too few or another, or two exchanged, make `word` of `frequent`.

    Not near the beginning or the end, where words of one stem differ; exchanged letters at the end too."""
    before, after = _same_letters(word, frequent), _same_letters(word[::-1], frequent[::-1])
    longest = max(len(word), len(frequent))
    if before < _LEAST_BEFORE or word == frequent:
        return False
    if before + after >= longest - 1:
        return min(after, min(len(word), len(frequent)) - before) >= _LEAST_AFTER
    exchanged = word[before : before + 2] == frequent[before : before + 2][::-1]
    return exchanged and len(word) == len(frequent) and before + after == longest - 2
