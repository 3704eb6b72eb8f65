"""`python -m transforms.quality.corrections FILE.csv`: take corrected translations into the catalogues of `locale/`.

FILE.csv has the columns id, language, text, as docs/reference/translations.md says. Run `make messages` and `make docs`
afterwards. Needs Babel, which only developers have."""

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog

from transforms.quality.catalogue import templates
from transforms.quality.generate import LANGUAGES, faults, translated, write_catalogue

_COLUMNS = ["id", "language", "text"]
_BETWEEN_FORMS = " | "


def corrected(rows: list[dict[str, str]]) -> tuple[dict[str, Catalog], list[str]]:
    """Return the catalogue of each language with the corrections, and what is wrong with these."""
    catalogs = {language: translated(language) for language in LANGUAGES}
    problems = []
    for number, row in enumerate(rows, 2):
        template, catalog = templates().get(row["id"]), catalogs.get(row["language"])
        if template is None or catalog is None:
            problems.append(f"line {number}: there is no sentence {row['id']} in the language {row['language']}")
            continue
        entry = catalog[template.message]
        forms = row["text"].strip().split(_BETWEEN_FORMS)
        if entry.pluralizable:
            entry.string = tuple(forms * catalog.num_plurals if len(forms) == 1 else forms)
        else:
            entry.string = row["text"].strip()
    return catalogs, problems + [f"{name}: {fault}" for name, catalog in catalogs.items() for fault in faults(catalog)]


def _read(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if reader.fieldnames != _COLUMNS:
            raise SystemExit(f"{path} has other columns than {','.join(_COLUMNS)}")
        yield from reader


def main(arguments: list[str]) -> int:
    """Write the catalogues, or list what is wrong with the corrections and write nothing."""
    (path,) = map(Path, arguments)
    catalogs, problems = corrected([*_read(path)])
    print(*problems, sep="\n", end="\n" if problems else "", file=sys.stderr)
    if not problems:
        for language, catalog in catalogs.items():
            write_catalogue(language, catalog)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
