"""dataset.toml: what a data set is, and how its columns and codes become ours (contract §8)."""

import re
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, model_validator

from transforms.statistics.dataset.composite import Composite
from transforms.statistics.dataset.strict import Strict, Text

# Columns of fact_statistic whose values are codes; a breakdown that a file does not have is _T.
BREAKDOWNS = ("reporting_type", "sex", "age", "urbanisation", "income_wealth_quantile", "education_lev",
              "disability_status")  # fmt: skip
CODED = ("statistic_id", "freq", "ref_area", *BREAKDOWNS, "unit_measure", "unit_mult", "obs_status", "nature")
# Every column that a file's column may become; other_breakdown takes several.
TARGETS = (*CODED, "other_breakdown", "time_period", "obs_value", "lower_bound", "upper_bound", "survey")
NUMBERS = ("obs_value", "lower_bound", "upper_bound")
TOTAL = "_T"
START = ""  # in [layout.groups]: the rows before any heading
_Letters = Annotated[str, Field(pattern="^[A-Z]{1,3}$")]  # a column as a spreadsheet names it, of a CSV file too
_Row = Annotated[int, Field(ge=1)]
_Texts = Annotated[list[Text], BeforeValidator(lambda texts: [texts] if isinstance(texts, str) else texts)]
_YEARS = re.compile(r"([0-9]{4})(?:-([0-9]{4}))?")
_Day = Annotated[date, BeforeValidator(lambda day: date.fromisoformat(day) if isinstance(day, str) else day)]


def _entries(stated: object) -> object:
    if isinstance(stated, dict):
        raise ValueError("each entry has two brackets, as in [[composite]]")
    return stated


_Composites = Annotated[list[Composite], BeforeValidator(_entries)]


class Defined(Strict):
    """A code that no list of npa has, defined by the data set: [define.<column>]."""

    name: str
    # of a series
    unit_measure: str | None = None
    code_list: str | None = None
    sdg_indicator: str | None = None
    # of an area
    parent_ref_area: str | None = None
    level: int | None = None
    iso3: str | None = None
    m49: str | None = None
    p_code: str | None = None


class Layout(Strict):
    """[layout]: how to read a CSV or Excel table whose heading alone does not say so.

    A table is *tidy* if each record is an observation and the heading names the columns: it needs no [layout]. A table
    is *laid out* for people if periods stand in its header and labels beside its rows: `labels` says so. Texts are
    compared as printed, but for white space at their ends and runs of it; every column named here is then mapped by
    [concepts] and [codes] like a file's own. docs/guides/statistics.md shows the text below each key."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    sheet: Text | None = None
    """Workbooks: the name of the sheet. Not needed where only one sheet is visible."""
    header: _Row | Text = 1
    """The first row of the header: its number as a spreadsheet shows it (of a CSV file: the record), or the text of one
    of its cells, for files whose headers stand in different rows. Rows above it are titles."""
    end: Text | None = None
    """The table ends above the first row, below its header, whose first filled cell begins with this text. Not needed
    for notes below the last row with values."""
    file_name: Text | None = None
    """What the file's name says, as a pattern: {SERIES} is a column whose value stands there, * is any text.
    "{SERIES}.csv", "ddf--datapoints--{SERIES}--by--*.csv\""""
    across: Text | None = None
    """Tidy tables: each column that is none of npa's own and that [concepts] does not name holds values, and its name
    is a value of this column: "SERIES" where series name the value column, "TIME_PERIOD" for years across. Of several
    such columns, blank cells are no observations."""
    labels: dict[_Letters, str] = {}
    """Makes it a table laid out for people: each column of labels and the name it gets; "" sets one aside, such as the
    same labels in another language. Every other column with a header holds values."""
    label: _Letters | None = None
    """The column of labels in which `groups`, `sections`, `nested` and `notes` are looked for. Not needed if there is
    one column of labels."""
    levels: Annotated[list[str], Field(min_length=1)] = ["TIME_PERIOD"]
    """What each row of the header says, from `header` down: the column it gives; "" for a row that says nothing. A
    blank cell above the last row continues the one to its left."""
    fill: list[Text] = []
    """Names of columns in which a blank cell repeats the one above; with `labels`, names that these give."""
    groups: dict[str, str] = {}
    """Headings between rows, and the column that the labels of the rows below belong to, until the next: "By sex" =
    "SEX". The heading "" stands for the rows before any heading. The column "" means none: the rows are totals."""
    sections: dict[Text, Text] = {}
    """Rows that begin a part of the table, with values of their own or without, and the column in which that label
    stands for all rows of the part: "Primary completion rate" = "SERIES". Below it, rows are again before any
    heading."""
    nested: dict[Text, Text] = {}
    """Rows that break down the row above them, and the column their label belongs to: "Men" = "SEX" below each region.
    They keep what that row says."""
    notes: list[Text] = []
    """Rows without values that say nothing about the rows below them."""
    percent_sign: bool = False
    """Numbers may be followed by a percent sign, which is taken off; dataset.toml says the unit."""

    skip_hidden: bool = False
    """Workbooks: leave out hidden and filtered rows, and hidden columns of values. Without it they are read, and
    reported."""

    @property
    def is_laid_out(self) -> bool:
        """Return True if the table is laid out for people, not tidy."""
        return bool(self.labels)

    @property
    def label_column(self) -> str:
        """Return the column of labels in which headings are looked for."""
        return self.label or next(iter(self.labels))

    @property
    def has_rows(self) -> bool:
        """Return True if the label of a row says which column it belongs to."""
        return bool(self.groups or self.sections or self.nested)

    @property
    def row_columns(self) -> list[str]:
        """Return the columns that labels of rows become, without duplicates."""
        named = (*self.sections.values(), *self.groups.values(), *self.nested.values())
        return list(dict.fromkeys(filter(None, named)))

    @property
    def file_columns(self) -> list[str]:
        """Return the columns whose values are in the file's name."""
        return re.findall(r"\{([^{}*]+)\}", self.file_name or "")

    def file_values(self, name: str) -> dict[str, str] | None:
        """Return the columns that a file's name gives, or None if the name is not of the pattern.

        >>> Layout(file_name="ddf--{SERIES}--by--*.csv").file_values("ddf--sh_dyn_mort--by--year.csv")
        {'SERIES': 'sh_dyn_mort'}
        """
        pieces = re.split(r"(\*|\{[^{}*]+\})", self.file_name or "")
        patterns = (".*" if piece == "*" else "(.+?)" if piece[:1] == "{" else re.escape(piece) for piece in pieces)
        match = re.fullmatch("".join(patterns), name, re.DOTALL)
        return dict(zip(self.file_columns, match.groups(), strict=True)) if match else None

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if fault := next((fault for fault, is_met in self._faults().items() if is_met), None):
            raise ValueError(fault)
        return self

    def _faults(self) -> dict[str, object]:
        stated = self.model_fields_set & {"label", "levels", "groups", "sections", "nested", "notes"}
        unnamed = set(self.fill) - set(self.labels.values()) if self.labels else set()
        many = len(self.labels) > 1 and not self.label
        names = [*filter(None, self.labels.values()), *self.row_columns, *self.file_columns]
        if self.labels:
            names += [*filter(None, self.levels), "OBS_VALUE", "OBS_STATUS"]
        elif self.across:
            names.append(self.across)
        twice = sorted({name for name in names if names.count(name) > 1})
        return {
            f"{', '.join(sorted(stated))} ask for [layout.labels], the columns of labels": stated and not self.labels,
            "across is for tidy tables, labels for tables laid out for people: take one of them away":
                self.labels and self.across,
            f"label = {self.label!r} is no column of [layout.labels]": self.label and self.label not in self.labels,
            "several columns of labels: say in which the headings are looked for, label = …":
                many and (self.has_rows or self.notes),
            f"fill names {', '.join(sorted(unnamed))}, which [layout.labels] does not": unnamed,
            "a label of notes is also in groups, sections or nested":
                {*self.notes} & {*self.groups, *self.sections, *self.nested},
            "a label of nested is also in sections": {*self.nested} & {*self.sections},
            f"{', '.join(twice)} would be stated by more than one part of the layout": twice,
        }  # fmt: skip


def _years(text: str) -> str:
    years = _YEARS.fullmatch(text)
    if not years or (years[2] and years[2] <= years[1]):
        raise ValueError("write the year of the field work, 2017, or the first and the last, 2016-2017")
    return text


_Years = Annotated[str, AfterValidator(_years)]


class Origin(Strict):
    """What figures come from, as far as their producer says so."""

    source_kind: Literal["survey", "census", "register", "model"] | None = None
    survey: Text | None = None  # a name that the producer gives
    field_years: _Years | None = None


class Source(Origin):
    """[[source]]: the origin of some of a data set's figures."""

    where: Annotated[dict[str, Annotated[list[Text], Field(min_length=1)]], Field(min_length=1)]
    """The figures: column → codes of ours; in a code, * is any text."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set & Origin.model_fields.keys():
            raise ValueError(f"say one of {', '.join(Origin.model_fields)}")
        return self


class Dataset(Origin):
    """dataset.toml. What it says of the origin is about all figures that no [[source]] is about."""

    dataset_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9]+(?:[-_.][A-Za-z0-9]+)*$")]
    title: Text
    publisher: Text
    source_url: Text
    licence: Text
    retrieved_on: _Day
    format: Literal["sdmx-ml", "sdmx-csv", "px", "json-stat", "csv", "xlsx", "parquet"]
    files: Annotated[_Texts, Field(min_length=1)]
    select: _Texts = []  # of the data sets in one file
    structure: Text | None = None  # SDMX-ML structures: the producer's own code lists
    encoding: Text | None = None
    language: Text | None = None  # of a PC-Axis file that has several
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    decimal: Annotated[str, Field(pattern="^[.,]$")] = "."
    repeats_differ_in: list[Text] = []  # columns of the file in which a row may differ from the one that it repeats
    concepts: dict[str, str] = {}
    codes: dict[str, dict[str, str]] = {}
    own_codes: list[Text] = []  # columns whose codes are those of npa's list, as far as it has them
    series: dict[str, str] = {}
    composite: _Composites = []  # columns of the file whose codes say several of ours
    constants: dict[str, str | int] = {}
    keep: dict[str, list[str]] = {}  # by our codes, or by the texts of a column that [concepts] sets aside
    marks: dict[str, str] = {}
    source: list[Source] = []  # the first whose `where` a figure fits is about it
    define: dict[str, dict[str, Defined | str]] = {}
    layout: Layout | None = None

    @property
    def is_sdmx(self) -> bool:
        """Return True if the files are SDMX."""
        return self.format in ("sdmx-ml", "sdmx-csv")

    def kept_aside(self) -> list[str]:
        """Return the columns of the files, none of ours, by whose texts [keep] takes rows."""
        return [name for name in self.keep if name not in CODED]

    def composites_of(self, column: str) -> list[Composite]:
        """Return the ways to read the codes of a column of the file."""
        return [composite for composite in self.composite if composite.column == column]

    def parts_of(self, column: str) -> list[str]:
        """Return the columns that the composite codes of a column of the file give."""
        return list(dict.fromkeys(name for composite in self.composites_of(column) for name in composite.columns))

    def defined_series(self) -> list[dict[str, str | int | None]]:
        """Return the rows of dim_statistic that the data set defines."""
        columns = {"name", "unit_measure", "sdg_indicator"}
        return [
            {
                "statistic_id": code,
                **series.model_dump(include=columns),
                "code_list": series.code_list or self.publisher,
            }
            for code, series in self.defined("statistic_id")
        ]

    def defined_areas(self) -> list[dict[str, str | int | None]]:
        """Return the rows of dim_area that the data set defines; an area without a parent is a country."""
        columns = {"name", "parent_ref_area", "iso3", "m49", "p_code"}
        return [
            {"ref_area": code, **area.model_dump(include=columns)}
            | {"level": int(area.parent_ref_area is not None) if area.level is None else area.level}
            for code, area in self.defined("ref_area")
        ]

    def defined(self, column: str) -> list[tuple[str, Defined]]:
        """Return the codes that the data set defines for a column."""
        entries = self.define.get(column, {}).items()
        return [(code, Defined(name=entry) if isinstance(entry, str) else entry) for code, entry in entries]
