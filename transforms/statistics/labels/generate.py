"""`make code-lists`: write countries.csv, the names of countries by which a file's labels are recognised.

With --check, say whether it is stale. Needs Babel, which only developers have: the names are those of Unicode's CLDR,
and those of the UN in raw/areas/country-codes."""

import csv
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel import Locale

from schemas.code_lists import code_list
from transforms.statistics.labels.labels import folded

# Languages in which statistics are published, each with the script that it is written in.
_LANGUAGES = (
    *("en", "ru", "tg", "uz", "uz_Cyrl", "ky", "kk", "tk", "az", "hy", "ka", "be", "uk", "mn", "fa", "ps", "ur", "hi"),
    *("bn", "ne", "si", "ta", "my", "km", "lo", "th", "vi", "id", "ms", "fil", "zh", "zh_Hant", "ja", "ko", "ar", "he"),
    *("tr", "el", "bg", "mk", "sr", "sr_Latn", "hr", "bs", "sl", "sq", "ro", "hu", "cs", "sk", "pl", "lt", "lv", "et"),
    *("fi", "sv", "nb", "nn", "da", "is", "fo", "de", "nl", "lb", "fr", "it", "es", "ca", "gl", "eu", "pt", "pt_PT"),
    *("mt", "ga", "cy", "af", "sw", "am"),
)
_COLUMNS = [f"official_name_{language}" for language in ("en", "fr", "es", "ru", "ar", "cn")]
_COLUMNS += [f"UNTERM {language} Short" for language in ("English", "French", "Spanish", "Russian", "Arabic")]
_COLUMNS += ["UNTERM Chinese Short"]
_ARTICLE = re.compile(r"\s*\((?:the|l[eao]s?|l'|el)\)|\s*\*", re.IGNORECASE)  # Afghanistan (l'), Tadjikistan (le)
_FOLDER = Path(__file__).parent
_SOURCE = _FOLDER.parents[2] / "raw" / "areas" / "country-codes" / "country-codes.csv"


def countries(source: Path) -> str:
    """Return the text of countries.csv: one row a country, its names joined by `|`, each spelling once."""
    with source.open(encoding="utf-8", newline="") as file:
        rows = {row["ISO3166-1-Alpha-2"]: row for row in csv.DictReader(file)}
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("ref_area", "names"))
    for code, area in code_list("ref_area").items():
        if area["level"] == "0":
            spellings: dict[str, str] = {}
            for name in _names(code, rows[code]):
                spellings.setdefault(folded(name), name)
            writer.writerow((code, "|".join(filter(None, spellings.values()))))
    return text.getvalue()


def _names(code: str, row: dict[str, str]) -> Iterator[str]:
    yield from (" ".join(_ARTICLE.sub("", row[column]).split()) for column in _COLUMNS)
    yield from (Locale.parse(language).territories.get(code, "").replace("|", " ") for language in _LANGUAGES)


def main(arguments: list[str]) -> int:
    """Write countries.csv, or compare it."""
    path, content = _FOLDER / "countries.csv", countries(_SOURCE).encode()
    if arguments != ["--check"]:
        path.write_bytes(content)
    elif not path.is_file() or path.read_bytes() != content:
        print(f"{path} is stale: run make code-lists", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
