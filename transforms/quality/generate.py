"""`make messages`: write the message catalogues of `locale/` from `messages.csv` and the code, keeping the
translations; with --check, say what is stale, missing or wrong. Needs Babel, which only developers have."""

import csv
import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from transforms.quality.catalogue import placeholders, rules, templates
from transforms.quality.sentences import sentences_of_code
from transforms.quality.translation import DOMAIN, LOCALE

LANGUAGES = ("ru", "tg")
_TRANSFORMS = Path(__file__).parents[1]
_REASONS = ("statistics/quality/rules/unit_bounds.csv", "statistics/quality/rules/unit_words.csv")
_BREAKDOWNS = ("sex", "urbanisation")
_DAY = datetime(2026, 11, 29, tzinfo=UTC)  # of the headers: one that changes would make the files stale each day
_PEOPLE = {"msgid_bugs_address": "issues of the repository", "last_translator": "npa", "language_team": "npa"}
_HEADER = """\
# Messages of npa: {language}.
# Placeholders in braces stay as they are; {{n}} is a number, and decides between the forms.
# Edit the .po files, then run `make messages`."""


def template() -> Catalog:
    """Return every message of `messages.csv` and of the code, and every word that one may hold, untranslated."""
    catalog = Catalog(domain=DOMAIN, project="npa", version="1", header_comment=_HEADER.format(language="template"),
                      creation_date=_DAY, revision_date=_DAY, fuzzy=False, **_PEOPLE)  # fmt: skip
    looks_for: dict[str, list[str]] = {}
    for rule in rules().values():
        looks_for.setdefault(rule.message_id, []).append(rule.looks_for)
    for one in templates().values():
        about = [one.message_id, *looks_for.get(one.message_id, ())]
        _add(catalog, (one.message, one.message_plural) if one.message_plural else one.message, about)
    for word, place in _words():
        _add(catalog, word, [place])
    for sentence, file in sentences_of_code(_TRANSFORMS.parent):
        _add(catalog, sentence, [file])
    return catalog


def _add(catalog: Catalog, msgid: str | tuple[str, str], about: list[str]) -> None:
    catalog.add(msgid, auto_comments=about)


def _words() -> Iterator[tuple[str, str]]:
    for name in _REASONS:
        with (_TRANSFORMS / name).open(encoding="utf-8", newline="") as file:
            yield from dict.fromkeys((row["reason"], name) for row in csv.DictReader(file))
    with (_TRANSFORMS / "reports" / "vocabulary" / "months.csv").open(encoding="utf-8", newline="") as file:
        english = {
            row["month"]: row["label"] for row in reversed(list(csv.DictReader(file))) if row["language"] == "en"
        }
    yield from ((english[str(month)], "month of a day, as in 3 April") for month in range(1, 13))
    yield from ((word, "breakdown of a statistic") for word in _BREAKDOWNS)


def catalogue_files() -> dict[Path, bytes]:
    """Return every catalogue as it should be now: messages as in the code, translations as in the .po files."""
    found = {LOCALE / f"{DOMAIN}.pot": _written(template())}
    for language in LANGUAGES:
        folder, catalog = LOCALE / language / "LC_MESSAGES", translated(language)
        found[folder / f"{DOMAIN}.po"] = _written(catalog)
        compiled = io.BytesIO()
        write_mo(compiled, catalog)
        found[folder / f"{DOMAIN}.mo"] = compiled.getvalue()
    return found


def translated(language: str) -> Catalog:
    """Return the catalogue of a language, with the messages that there are now; the .po file has the translations."""
    with (LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as file:
        catalog = read_po(file, locale=language, domain=DOMAIN, ignore_obsolete=True)
    catalog.update(template(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.header_comment = _HEADER.format(language=language)
    for name, who in _PEOPLE.items():
        setattr(catalog, name, who)
    catalog.project, catalog.version, catalog.creation_date, catalog.revision_date = "npa", "1", _DAY, _DAY
    return catalog


def _written(catalog: Catalog) -> bytes:
    written = io.BytesIO()
    for one in catalog:
        one.flags.discard("python-format")  # Babel takes "% or" for a placeholder
    write_po(written, catalog, width=110)
    return written.getvalue()


def faults(catalog: Catalog) -> Iterator[str]:
    """Yield what is wrong with the translations of a catalogue: empty ones, doubtful ones, other placeholders."""
    for one in catalog:
        if not one.id:
            continue
        msgid, forms = str(one.id if isinstance(one.id, str) else one.id[0]), _forms(one)
        if one.fuzzy:
            yield f'"{msgid}" is fuzzy'
        if one.pluralizable and len(forms) != catalog.num_plurals:
            yield f'"{msgid}" has {len(forms)} forms, not {catalog.num_plurals}'
        for form in forms:
            if not form:
                yield f'"{msgid}" is not translated'
            elif placeholders(form) != placeholders(msgid):
                yield f'"{msgid}" has other placeholders than "{form}"'


def _forms(one: Message) -> tuple[str, ...]:
    return (one.string,) if isinstance(one.string, str) else tuple(one.string or ("",))


def main(arguments: list[str]) -> int:
    """Write the catalogues, or compare them; either way list what is wrong with translations."""
    wrong = [f"{language}: {fault}" for language in LANGUAGES for fault in faults(translated(language))]
    for path, content in catalogue_files().items():
        if arguments != ["--check"]:
            path.write_bytes(content)
        elif not path.is_file() or path.read_bytes() != content:
            wrong.append(f"{path} is stale: run make messages")
    print(*wrong, sep="\n", end="\n" if wrong else "", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
