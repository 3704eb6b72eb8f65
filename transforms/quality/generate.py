"""`make messages`: write the message catalogues of `locale/` from `messages.csv` and the code; keep their translations.

With --check, list what is stale, missing or wrong. Needs Babel, which only developers have."""

import csv
import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from transforms.quality.catalogue import placeholders, rules, templates
from transforms.quality.sentences import sentences_of_code
from transforms.quality.text import DOMAIN, LOCALE

LANGUAGES = ("ru", "tg")
_TRANSFORMS = Path(__file__).parents[1]
_WORDS = {"unit_bounds": "reason", "unit_words": "reason", "unit_readings": "reading"}  # tables of the rules: column
_BREAKDOWNS = ("sex", "urbanisation")
_ORDERS = ("dd/mm/yyyy", "mm/dd/yyyy")
_DAY = datetime(2026, 11, 29, tzinfo=UTC)  # a day that changes would make the files stale each day
_HEADERS: dict[str, object] = {
    **dict.fromkeys(("project", "last_translator", "language_team"), "npa"),
    **dict.fromkeys(("creation_date", "revision_date"), _DAY),
    **{"version": "1", "msgid_bugs_address": "issues of the repository"},
}
_COMMENT = """\
# Messages of npa: {language}.
# Placeholders in braces stay as they are; {{n}} is a number, and decides between the forms.
# Edit the .po files, then run `make messages`."""


def template() -> Catalog:
    """Return every message of `messages.csv` and of the code, and every word that is a value of one, untranslated."""
    catalog = Catalog(domain=DOMAIN, fuzzy=False)
    _set_headers(catalog, "template")
    for message in templates().values():
        msgid = (message.message, message.message_plural) if message.message_plural else message.message
        looks_for = [rule.looks_for for rule in rules().values() if rule.message_id == message.message_id]
        catalog.add(msgid, auto_comments=[message.message_id, *looks_for])
    for word, place in _words():
        catalog.add(word, auto_comments=[place])
    for sentence, file in sentences_of_code(_TRANSFORMS.parent):
        catalog.add(sentence, auto_comments=[file])
    return catalog


def _set_headers(catalog: Catalog, language: str) -> None:
    catalog.header_comment = _COMMENT.format(language=language)
    for name, value in _HEADERS.items():
        setattr(catalog, name, value)


def _words() -> Iterator[tuple[str, str]]:
    for name, column in _WORDS.items():
        path = f"statistics/quality/rules/{name}.csv"
        yield from dict.fromkeys((row[column], path) for row in _read(path))
    yield from ((label, "month of a day, as in 3 April") for label in _printed("months", "month"))
    yield from ((label, "status, as the form prints it") for label in _printed("statuses", "status"))
    yield from ((label, "heading of a column, as the form prints it") for label in _printed("columns", "column_name"))
    yield from ((word, "breakdown of a statistic") for word in _BREAKDOWNS)
    yield from ((order, "order of day, month and year in a date") for order in _ORDERS)


def _printed(name: str, code: str) -> list[str]:
    """Return the English label that is written for each month, status or column: the first in the list of words."""
    labels = [row for row in _read(f"reports/vocabulary/{name}.csv") if row["language"] == "en"]
    first = {row[code]: row["label"] for row in reversed(labels)}
    return [first[row[code]] for row in labels if row["label"] == first[row[code]]]


def _read(name: str) -> list[dict[str, str]]:
    with (_TRANSFORMS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def catalogue_files() -> dict[Path, bytes]:
    """Return every catalogue as it should be now: messages as in the code, translations as in the .po files."""
    files = {LOCALE / f"{DOMAIN}.pot": _po(template())}
    for language in LANGUAGES:
        path, catalog = LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.po", translated(language)
        files[path] = _po(catalog)
        compiled = io.BytesIO()
        write_mo(compiled, catalog)
        files[path.with_suffix(".mo")] = compiled.getvalue()
    return files


def translated(language: str) -> Catalog:
    """Return the catalogue of a language: the messages of today with the translations of its .po file."""
    with (LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as file:
        catalog = read_po(file, locale=language, domain=DOMAIN, ignore_obsolete=True)
    catalog.update(template(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    _set_headers(catalog, language)
    return catalog


def write_catalogue(language: str, catalog: Catalog) -> None:
    """Write the .po file of a language."""
    (LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.po").write_bytes(_po(catalog))


def _po(catalog: Catalog) -> bytes:
    file = io.BytesIO()
    for message in catalog:
        message.flags.discard("python-format")  # Babel takes "% or" for a placeholder
    write_po(file, catalog, width=110)
    return file.getvalue()


def faults(catalog: Catalog) -> Iterator[str]:
    """Yield what is wrong with the translations of a catalogue: empty ones, fuzzy ones, other placeholders. A
    sentence in the singular need not say {n}."""
    for message in catalog:
        if not message.id:
            continue
        msgid = message.id if isinstance(message.id, str) else message.id[0]
        forms = (message.string,) if isinstance(message.string, str) else tuple(message.string or ("",))
        if message.fuzzy:
            yield f'"{msgid}" is fuzzy'
        if message.pluralizable and len(forms) != catalog.num_plurals:
            yield f'"{msgid}" has {len(forms)} forms, not {catalog.num_plurals}'
        for form in forms:
            if not form:
                yield f'"{msgid}" is not translated'
            elif (placeholders(form) ^ placeholders(msgid)) - ({"n"} if message.pluralizable else set()):
                yield f'"{msgid}" has other placeholders than "{form}"'


def main(arguments: list[str]) -> int:
    """Write the catalogues, or compare them; either way list what is wrong with translations."""
    problems = [f"{language}: {fault}" for language in LANGUAGES for fault in faults(translated(language))]
    for path, content in catalogue_files().items():
        if arguments != ["--check"]:
            path.write_bytes(content)
        elif not path.is_file() or path.read_bytes() != content:
            problems.append(f"{path} is stale: run make messages")
    print(*problems, sep="\n", end="\n" if problems else "", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
