"""The readers of statistics, by the name of their format in dataset.toml."""

# One file a format, each with one function `read`.
READERS = {
    "sdmx-ml": "flows.sources.formats.sdmx.ml",
    "sdmx-csv": "flows.sources.formats.sdmx.csv",
    "px": "flows.sources.formats.px.reader",
    "json-stat": "flows.sources.formats.json_stat.reader",
    "csv": "flows.sources.formats.csv.reader",
    "xlsx": "flows.sources.formats.workbook.reader",
    "parquet": "flows.sources.formats.parquet",
}
