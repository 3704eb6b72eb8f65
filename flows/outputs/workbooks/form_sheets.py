"""The workbook of a form: the table of activities to fill in, the guide, and hidden codes that tell the reader whose
form it is."""

from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, cast

from flows.outputs.files import cell_text, workbook
from flows.outputs.workbooks.form_content import IDS, Form, Row
from flows.outputs.workbooks.form_guide import write_guide
from flows.outputs.workbooks.form_rules import PERIOD, codes, rules
from flows.outputs.workbooks.page import PrintedSheet, has_room, height, pieces, set_up, shared, write_row
from transforms.reports.vocabulary import COLUMNS, OF_FORM, OF_TOP, REQUIRED

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

# Widths of columns in digits; texts share the rest of the page by their lengths, which for those to come are assumed.
_FIXED = {"activity_id": 12.4, "agency_id": 7.0, "window": 8.5, "reporting_unit": 11.0, "time_period": 4.6}
_FIXED |= {"reported_on": 9.2, "status": 11.0, "percent_complete": 4.6, "completed_on": 9.2}
_LENGTHS = {"result_text": 75.0, "evidence_url": 20.0}
_SPARE_ROWS = 10  # an activity may have several reports
_SIGNED = "signed_by", "signed_phone", "signature"
_TITLE_SIZE = 13

_TEXT = {"valign": "top", "text_wrap": True}
_BOX = _TEXT | {"border": 1, "border_color": "#7F7F7F"}
_HEAD = _BOX | {"bold": True, "font_color": "#FFFFFF"}
_OPEN = _BOX | {"bg_color": "#FFF9DB", "locked": False}
_NUMBER_FORMATS = {"time_period": "0", "reported_on": "yyyy-mm-dd", "completed_on": "yyyy-mm-dd"}
_NUMBER_FORMATS |= {"result_text": "@", "evidence_url": "@"}  # as text, "- done" is not taken for a formula
_STYLES = {
    "title": _TEXT | {"bold": True, "font_size": _TITLE_SIZE},
    "note": _TEXT,
    "label": _TEXT | {"bold": True},
    "heading": _HEAD | {"bg_color": "#1F3864"},
    "heading turned": _HEAD | {"bg_color": "#1F3864", "rotation": 90},
    "heading to fill in": _HEAD | {"bg_color": "#7F6000"},
    "heading to fill in turned": _HEAD | {"bg_color": "#7F6000", "rotation": 90},
    "given": _BOX | {"bg_color": "#F2F2F2", "quote_prefix": True},
    "due": _BOX | {"bg_color": "#FFD966", "quote_prefix": True},
    "signature": _OPEN | {"num_format": "@"},
    **{key: _OPEN | {"num_format": _NUMBER_FORMATS.get(key, "General")} for key in COLUMNS},
}
_ALLOWED = dict.fromkeys(("format_columns", "format_rows", "sort", "autofilter", "objects", "scenarios"), True)


def write_form(form: Form, path: Path) -> None:
    """Write the workbook of a form. The same content gives the same bytes."""
    with workbook(path, form.agency["as_of"], author="npa", title=form.word("title")) as book:
        formats = {name: book.add_format(style) for name, style in _STYLES.items()}
        report = _ReportSheet(form, book, formats)
        report.write()
        write_guide(form, report.cut_off, _sheet(form, book, form.word("guide")), formats)
        _write_codes(form, _sheet(form, book, "npa"))


def _lengths(form: Form) -> dict[str, float]:
    """Return the mean length of the texts of each column that the plan fills, but for short ones."""
    return {key: fmean(len(row.get(key) or "") for row in form.rows) for key in OF_FORM if key not in _FIXED}


def _sheet(form: Form, book: "Workbook", title: str) -> PrintedSheet:
    """Return a new sheet that is locked, but for cells to fill in, and prints on A4."""
    sheet = cast(PrintedSheet, book.add_worksheet(title, PrintedSheet))
    sheet.protect("", _ALLOWED)
    set_up(sheet, "&L{agency_id}&R{release_id}".format(**form.agency), "&C" + form.word("page"))
    return sheet


class _ReportSheet:
    """The sheet to fill in, from top to bottom: what is said once, the table, spare rows, who signs."""

    def __init__(self, form: Form, book: "Workbook", formats: dict[str, "Format"]) -> None:
        self._form, self._formats = form, formats
        self._sheet = _sheet(form, book, form.word("report"))
        self._keys = form.columns
        self._filled_in = [key for key in self._keys if key not in (*IDS, *OF_FORM)]
        self._tops = [key for key in OF_TOP if key in self._keys]
        fixed = {key: _FIXED[key] for key in self._keys if key in _FIXED}
        widths = shared(fixed, _lengths(form) | _LENGTHS)
        self._widths = {key: widths[key] for key in self._keys}
        self._next = 0  # index of the row to write next
        self.cut_off: list[tuple[Row, str]] = []  # texts that are whole in the guide only

    def write(self) -> None:
        """Write all rows, from the first to the last."""
        for column, key in enumerate(self._keys):
            self._sheet.set_column(column, column, self._widths[key])
        self._write_across(self._form.word("title"), "title", _TITLE_SIZE / 9)
        for note in self._form.notes():
            self._write_across(note, "note")
        tops = self._write_tops()
        heading = self._next
        self._write_headings()
        first = self._next
        self._write_table()
        self._validate(tops, first)
        self._sheet.freeze_panes(first, 1)
        self._sheet.repeat_rows(heading)
        self._sheet.autofilter(heading, 0, self._next - 1, len(self._keys) - 1)
        self._write_signature()

    def _write_across(self, text: str, style: str, size: float = 1) -> None:
        """Write a text over all columns; `size` is that of its letters as a multiple of the usual one."""
        self._sheet.merge_range(self._next, 0, self._next, len(self._keys) - 1, cell_text(text), self._formats[style])
        self._sheet.set_row(self._next, height([(text, sum(self._widths.values()) / size)]) * size)
        self._next += 1

    def _write_tops(self) -> dict[str, int]:
        """Write what a report says once for all its rows: labels, and cells to fill in. Return the row of each."""
        places = {}
        for key in self._tops:
            label, width = self._form.word(key) + " *", self._widths["activity_id"]
            self._sheet.set_row(self._next, height([(label, width)]))
            self._sheet.write_string(self._next, 0, label, self._formats["label"])
            # Merged, because the column of the agency is too narrow for a day.
            self._sheet.merge_range(self._next, 1, self._next, 2, None, self._formats[key])
            if key == PERIOD and len(self._form.open_periods) == 1:
                (period,) = self._form.open_periods
                value = int(period) if period.isdigit() else period
                self._sheet.write(self._next, 1, value, self._formats[key])
            places[key] = self._next
            self._next += 1
        return places

    def _write_headings(self) -> None:
        starred = {*REQUIRED} - {*OF_TOP}
        texts = [self._form.word(key) + " *" * (key in starred) for key in self._keys]
        widths = [*self._widths.values()]
        is_turned = [not has_room(text, width) for text, width in zip(texts, widths, strict=True)]
        kinds = ["heading to fill in" if key in self._filled_in else "heading" for key in self._keys]
        styles = [self._formats[kind + " turned" * turned] for kind, turned in zip(kinds, is_turned, strict=True)]
        write_row(self._sheet, self._next, [*texts], styles, widths)
        lying = [cell for cell, turned in zip(zip(texts, widths, strict=True), is_turned, strict=True) if not turned]
        words = [word for text, turned in zip(texts, is_turned, strict=True) if turned for word in text.split()]
        self._sheet.set_row(self._next, max(height(lying), 7 * max(map(len, words), default=0)))
        self._sheet.growing.remove(self._next)  # spreadsheets measure turned texts each in their own way
        self._next += 1

    def _write_table(self) -> None:
        """Write a row for each activity, then the spare rows."""
        widths = [self._widths[key] for key in self._keys]
        for row in [*self._form.rows, *[Row()] * _SPARE_ROWS]:
            to_fill_in = self._filled_in if row else [*IDS, *self._filled_in]
            given = "due" if row.get("open_periods") or row.get("late_periods") else "given"
            texts = [None if key in to_fill_in else self._fitting(row, key) for key in self._keys]
            styles = [self._formats[key if key in to_fill_in else given] for key in self._keys]
            write_row(self._sheet, self._next, texts, styles, widths)
            self._next += 1

    def _fitting(self, row: Row, key: str) -> str | None:
        """Return a text, or the beginning of one that no row is high enough for: the guide has all of it."""
        first, *others = pieces(row.get(key) or "", self._widths[key])
        if others:
            self.cut_off.append((row, key))
        return f"{first} …" if others else first

    def _validate(self, tops: dict[str, int], first: int) -> None:
        """Have the spreadsheet refuse what the reader of reports would."""
        for area, options in rules(self._form, self._keys, tops, first, _SPARE_ROWS):
            self._sheet.data_validation(area[0], options | {"multi_range": " ".join(area)})

    def _write_signature(self) -> None:
        """Write who reports: the reader takes these lines for the end of the table."""
        self._next += 1
        width = sum([*self._widths.values()][:3])
        for key in _SIGNED:
            label = self._form.word(key)
            self._sheet.merge_range(self._next, 0, self._next, 2, label, self._formats["label"])
            self._sheet.merge_range(self._next, 3, self._next, 5, None, self._formats["signature"])
            self._sheet.set_row(self._next, max(height([(label, width)]), 36 if key == "signature" else 18))
            self._next += 1


def _write_codes(form: Form, sheet: PrintedSheet) -> None:
    """Write the agency, plans and release of the form, and the lists behind the drop-downs."""
    for index, fact in enumerate(codes(form)):
        sheet.write_row(index, 0, fact)
    sheet.hide()
