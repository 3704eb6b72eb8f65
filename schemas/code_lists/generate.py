"""`make code-lists`: write schemas/code_lists/ from the sources under raw/; with --check, list those that are stale."""

import csv
import io
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from pysdmx.io import read_sdmx
from pysdmx.model import Codelist

_ROOT = Path(__file__).parents[2]
_LISTS = _ROOT / "schemas" / "code_lists"
_DSD = Path("statistics", "aos-sdg", "TAJSTAT_DSD.xml")

# Coded components of the SDG DSD whose lists are taken as they are. SERIES and REF_AREA have lists of their own below;
# CL_AREA is not taken: it gives each country two codes and mixes in regions of the world, former countries and groups.
_COMPONENTS = (
    *("FREQ", "REPORTING_TYPE", "SEX", "AGE", "URBANISATION", "INCOME_WEALTH_QUANTILE", "EDUCATION_LEV"),
    *("OCCUPATION", "CUST_BREAKDOWN", "COMPOSITE_BREAKDOWN", "DISABILITY_STATUS", "ACTIVITY", "PRODUCT"),
    *("UNIT_MEASURE", "UNIT_MULT", "OBS_STATUS", "NATURE"),
)
# The contract's code for a breakdown that a file does not have, where the DSD's list lacks it: REPORTING_TYPE only.
_NOT_STATED = ("_T", "Not stated", "npa contract 8")

Row = tuple[str, ...]
_SERIES_COLUMNS = ("code", "name", "code_list", "sdg_indicator", "unit_measure", "source")
_AREA_COLUMNS = ("ref_area", "name", "parent_ref_area", "level", "iso3", "m49", "p_code", "source", "name_ru")


def code_lists(raw: Path) -> dict[str, str]:
    """Return the text of every code list, by file name; `raw` is the folder of raw data."""
    (dsd,) = read_sdmx(raw / _DSD, validate=False).get_data_structure_definitions()
    lists = {part.id: part.local_codes for part in dsd.components if isinstance(part.local_codes, Codelist)}
    files = {}
    for component in _COMPONENTS:
        rows = list(_codes(lists[component]))
        if component == "REPORTING_TYPE":
            rows.append(_NOT_STATED)
        files[f"{component.lower()}.csv"] = _text(("code", "name", "source"), rows)
    files["statistic_id.csv"] = _text(_SERIES_COLUMNS, _series(lists["SERIES"]))
    files["ref_area.csv"] = _text(_AREA_COLUMNS, [*_countries(raw / "areas"), *_regions_and_districts(raw / "areas")])
    return files


def _codes(code_list: Codelist) -> Iterator[Row]:
    """Yield code, English name, source."""
    for code in code_list.items:
        yield code.id, " ".join(str(code.name).split()), f"{code_list.agency}:{code_list.id}({code_list.version})"


def _series(code_list: Codelist) -> Iterator[Row]:
    """Yield the series. Several indicators of a series are joined by `;`. The list has no units."""
    for series, (code, name, source) in zip(code_list.items, _codes(code_list), strict=True):
        indicators = ";".join(str(note.text) for note in series.annotations if note.title == "Indicator")
        yield code, name, str(code_list.agency), indicators, "", source


def _countries(areas: Path) -> Iterator[Row]:
    """Yield the countries and territories of ISO 3166-1. NA is Namibia."""
    rows = _read(areas / "country-codes" / "country-codes.csv")
    for row in sorted(rows, key=lambda row: row["ISO3166-1-Alpha-2"]):
        m49 = row["M49"].zfill(3)  # the standard's three digits; the source drops leading zeros
        name = row["official_name_en"].strip()
        name_ru = row["official_name_ru"].strip()
        yield row["ISO3166-1-Alpha-2"], name, "", "0", row["ISO3166-1-Alpha-3"], m49, "", "country-codes", name_ru


def _regions_and_districts(areas: Path) -> Iterator[Row]:
    """Yield Tajikistan's regions by ISO 3166-2 and districts by P-code, with the P-code list's English names.

    regions.csv joins the regions of the two lists, not the name: a name may have two codes. Neither has Russian."""
    listed = _read(areas / "ocha-pcodes" / "tjk_pcodes_adm_1_2.csv")
    names = {row["P-Code"]: row["Name"] for row in listed}
    p_codes = {row["iso_3166_2"]: row["p_code"] for row in _read(areas / "regions.csv")}
    for row in _read(areas / "iso-3166-2" / "iso_3166-2_TJ.csv"):
        code, p_code = row["code"], p_codes[row["code"]]
        yield code, names[p_code], code.partition("-")[0], "1", "", "", p_code, "iso-3166-2; name: ocha-pcodes", ""
    regions = {p_code: iso for iso, p_code in p_codes.items()}
    for row in listed:
        if row["Admin Level"] == "2":
            code = row["P-Code"]
            yield code, row["Name"], regions[row["Parent P-Code"]], "2", "", "", code, "ocha-pcodes", ""


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _text(header: Row, rows: Iterable[Row]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    return text.getvalue()


def main(arguments: list[str]) -> int:
    """Write the code lists, or compare them."""
    files = {_LISTS / name: text.encode() for name, text in code_lists(_ROOT / "raw").items()}
    if arguments != ["--check"]:
        for path, content in files.items():
            path.write_bytes(content)
        return 0
    stale = [path for path, content in files.items() if not path.is_file() or path.read_bytes() != content]
    stale += sorted(set(_LISTS.glob("*.csv")) - files.keys())
    for path in stale:
        print(f"{path} is stale: run make code-lists", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
