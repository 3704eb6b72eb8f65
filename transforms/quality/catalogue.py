"""The catalogue of rules and messages: `rules.csv`, one row per rule, and `messages.csv`, one row per sentence.

A rule has by default the sentence of its `message_id`; its variants have ids that go on after a full stop (`row_cut`,
`row_cut.declared`). Two rules may share their sentences. Imports nothing heavy."""

import csv
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from transforms.quality.text import Text, in_language

Arguments = Mapping[str, str | int]  # placeholder → value: text as it is shown, or a whole number

# Placeholders whose value is a word or sentence of npa's own, which is translated too where the catalogue has it.
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
OWN_WORDS = (
    "reason", "reading", "month", "other_month", "breakdown", "state", "other_state", "third_state", "status",
    "heading", "order",
)  # fmt: skip
_OWN_LIST = "missing"  # several such words, each in quotation marks
_QUOTED = re.compile("“([^”]*)”")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")  # {time_period}


class CatalogueError(Exception):
    """A rule or message that is not in the catalogue, or arguments that are not those of its sentence: a bug."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of `rules.csv`, and of the table `dim_quality_rule`."""

    rule: str
    subject: str
    severity: str
    action: str
    message_id: str
    looks_for: str


@dataclass(frozen=True, slots=True)
class Template:
    """A row of `messages.csv`: an English sentence with placeholders. If there is a plural, the number `n` decides
    between the two, shown or not."""

    message_id: str
    message: str
    message_plural: str | None

    @property
    def placeholders(self) -> frozenset[str]:
        """Return the names of the arguments: the names in braces, and `n` if it decides between two forms."""
        return placeholders(self.message) | ({"n"} if self.message_plural else frozenset())

    def filled(self, arguments: Arguments) -> Text:
        """Return the English sentence with its values."""
        return Text(self.message, self.message_plural or "", arguments)


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence of the catalogue and its arguments; `str()` of it is English."""

    message_id: str
    arguments: Arguments

    def __str__(self) -> str:
        return str(templates()[self.message_id].filled(self.arguments))

    @property
    def halves(self) -> tuple[str, str]:
        """Return what is wrong and what to do about it, the two sides of the first colon of the English sentence.

        >>> message("file_empty", name="a: b.csv").halves
        ('a: b.csv is empty', 'send the file again.')
        """
        what, _, remedy = templates()[self.message_id].message.partition(": ")
        return what.format(**self.arguments), remedy.format(**self.arguments)

    @property
    def arguments_json(self) -> str:
        """Return the arguments as DuckDB's `to_json` writes them."""
        return _JSON.encode(self.arguments)


@cache
def placeholders(sentence: str) -> frozenset[str]:
    """Return the names in braces.

    >>> sorted(placeholders("{name} is larger than {limit}."))
    ['limit', 'name']
    """
    return frozenset(_PLACEHOLDER.findall(sentence))


@cache
def rules() -> dict[str, Rule]:
    """Return the rules by name, in the order of `rules.csv`."""
    return {row["rule"]: Rule(**row) for row in _rows("rules")}


@cache
def templates() -> dict[str, Template]:
    """Return the sentences by id, in the order of `messages.csv`."""
    rows = [Template(row["message_id"], row["message"], row["message_plural"] or None) for row in _rows("messages")]
    return {template.message_id: template for template in rows}


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (Path(__file__).parent / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def rule_rows() -> list[dict[str, str | None]]:
    """Return the rows of `dim_quality_rule`."""
    pairs = [(rule, templates()[rule.message_id]) for rule in rules().values()]
    return [asdict(template) | asdict(rule) for rule, template in pairs]


def message(message_id: str, /, **arguments: str | int) -> Message:
    """Return a sentence, filled. Raises CatalogueError if there is no such sentence, or it has other arguments.

    >>> str(message("unit_missing", statistic_id="SH_PRV_SMOK", n=1))
    'SH_PRV_SMOK: 1 value has no unit, which the SDG structure makes compulsory.'
    """
    if message_id not in templates():
        raise CatalogueError(f"messages.csv has no message {message_id}")
    names = templates()[message_id].placeholders
    if names != arguments.keys():
        raise CatalogueError(f"{message_id} asks for {sorted(names)}, not for {sorted(arguments)}")
    return Message(message_id, arguments)


def message_of(rule: str, variant: str = "", /, **arguments: str | int) -> Message:
    """Return the sentence of a rule, or a variant of it, filled. Raises CatalogueError as `message` does.

    >>> message_of("recommendation_cited_twice", "same_line", number=9).message_id
    'recommendation_cited_twice.same_line'
    """
    return message(message_id_of(rule, variant), **arguments)


def message_id_of(rule: str, variant: str = "") -> str:
    """Return the id of the sentence of a rule, or of a variant of it. Raises CatalogueError if there is no such one."""
    if rule not in rules():
        raise CatalogueError(f"rules.csv has no rule {rule}")
    message_id = rules()[rule].message_id
    message_id = f"{message_id}.{variant}" if variant else message_id
    if message_id not in templates():
        raise CatalogueError(f"messages.csv has no message {message_id}")
    return message_id


def message_in(language: str, message_id: str, arguments: Arguments) -> str:
    """Return a message in a language (`ru`, `tg`), or in English if the language or the translation is missing.

    Raises CatalogueError as `message` does.

    >>> message_in("ru", "unit_missing", {"statistic_id": "SH_PRV_SMOK", "n": 21})
    'SH_PRV_SMOK: у 21 значения нет единицы измерения, обязательной по структуре ЦУР.'
    >>> message_in("fr", "agency_repeated", {"abbreviation": "MOES"})
    'The cell names MOES twice; it counts once.'
    """
    message(message_id, **arguments)
    words = {name: in_language(str(arguments[name]), language) for name in OWN_WORDS if arguments.get(name)}
    if _OWN_LIST in arguments:
        words[_OWN_LIST] = _QUOTED.sub(lambda word: f"“{in_language(word[1], language)}”", str(arguments[_OWN_LIST]))
    return in_language(templates()[message_id].filled({**arguments, **words}), language)
