"""`npa check` and `npa dataset describe` say the same of a file that is no data, or not what dataset.toml says."""

import json
from pathlib import Path

import pytest

from flows.sources.describe.describe import Undescribed, describe
from flows.sources.formats.registry import READERS, recognise
from tests.support.one_data_set import HEAD, PLAIN, Load
from tests.support.paths import DATA

_CUBE = {
    "version": "2.0", "class": "dataset", "id": ["region", "year"], "size": [1, 2], "role": {"time": ["year"]},
    "dimension": {"region": {"category": {"index": ["KT"]}}, "year": {"category": {"index": ["2018", "2019"]}}},
    "value": [1, 2],
}  # fmt: skip
_FILES = {
    "parquet": (DATA / "parquet" / "nan.parquet").read_bytes(),
    "xlsx": (DATA / "sdmx-ml-and-excel" / "16.9.1.xlsx").read_bytes(),
    "sdmx-ml": (DATA / "sdmx-ml-and-excel" / "16.9.1.xml").read_bytes(),
    "json-stat": json.dumps(_CUBE).encode(),
    "px": (DATA / "px" / "HA0201E8.px").read_bytes(),
    "csv": PLAIN.encode() + b"SI_POV_NAHC,TJ,2019,1\n",
    "sdmx-csv": (DATA / "sdmx-csv" / "pysdmx_sdmx20_data_v2.csv").read_bytes(),
}
_SDMX_ERROR = """<?xml version="1.0"?><m:Error xmlns:m="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message"
    xmlns:c="c"><m:ErrorMessage code="100"><c:Text>No Results Found</c:Text></m:ErrorMessage></m:Error>"""
_ANSWERS = [
    ("<!DOCTYPE html>\n<html><head><title>Sign\n in</title></head></html>", 'and no data: "Sign in"'),
    ("<!-- saved -->\n<HTML><body>x</body></HTML>", "a page of a web site"),
    ('<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C" "x">\n<html></html>', "a page of a web site"),
    ("<table><tr><td>1</td></tr></table>", "a page of a web site"),
    ('<html xmlns:x="urn:schemas-microsoft-com:office:excel"><table></table></html>', "a page for Excel"),
    ('<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><W/></Workbook>', "in XML"),
    (_SDMX_ERROR, 'an error message of a web service: "No Results Found"'),
    ("<error><code>404</code><message>not there</message></error>", 'of a web service: "404 not there"'),
    ('<s:Envelope xmlns:s="s"><s:Body><s:Fault><f>no</f></s:Fault></s:Body></s:Envelope>', "an error message of a web"),
    ('<?xml version="1.0"?><rss><channel/></rss>', "the XML is no SDMX-ML data"),
    ((DATA / "answers" / "sdmx.json").read_text(), "SDMX-JSON, which npa does not read. Ask the same server"),
    ('{"header":{"id":"x"},"structure":{"dimensions":{"series":[]}},"dataSets":[]}', "the file is SDMX-JSON"),
    ('{"meta":{},"data":{"structure":{"dimensions":{"observation":[' + '{"id":"A"},' * 9000, "the file is SDMX-JSON"),
    ('{"columns":[{"code":"Region","text":"r","type":"d"}],"data":[{"key":["00"],"values":["1"]}]}', '"json" of PxWeb'),
    ('{"error":{"code":404,"message":"No data"}}', "an error message of a web service"),
    ('{"Message":"An error has occurred."}', "an error message of a web service"),
    ('{"version":"2.0","error":[{"status":"400","label":"x"}]}', "an error message of a web service"),
    ('[{"page":1},[{"indicator":{"id":"SP","value":"Pop"},"value":3,"date":1}]]', "the file is JSON, and no JSON-stat"),
    ('{"@odata.context":"https://x","value":[{"Id":1,"SpatialDim":"TJK"}]}', "the file is JSON, and no JSON-stat"),
    ('{"size":1,"data":[{"value":"12","dimensions":{"Age":"ALL"}}]}', "the file is JSON, and no JSON-stat"),
    ("{}", "the file is JSON, and no JSON-stat"),
    ("", "the file is empty"),
    ("\ufeff \r\n\n", "the file is empty"),
    ("%PDF-1.4", "the file is a PDF"),
    ("{\\rtf1\\ansi hello}", "the file is a text in RTF"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), _ANSWERS)
@pytest.mark.parametrize("stated", ["csv", "json-stat", "xlsx"])
def test_what_is_no_data_is_named_alike(load: Load, tmp_path: Path, text: str, expected: str, stated: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Undescribed) as fault:
        describe(path)
    described = str(fault.value).removeprefix(f"{path}: ")
    assert expected in described
    faults = load(head=HEAD.replace('"csv"', f'"{stated}"'), a=text).faults
    assert faults == f"statistics/test/a.csv: {described}"


@pytest.mark.parametrize("is_of", READERS)
@pytest.mark.parametrize("stated", READERS)
def test_a_file_of_another_format_is_named(load: Load, stated: str, is_of: str) -> None:
    faults = load(head=HEAD.replace('"csv"', f'"{stated}"'), a=_FILES[is_of]).faults
    is_other = stated != is_of and {stated, is_of} != {"csv", "sdmx-csv"}
    assert (f'dataset.toml says format = "{stated}", and the file is another' in faults) == is_other
    if is_other and is_of != "sdmx-csv":
        assert f'format = "{is_of}"' in faults
        again = load(head=HEAD.replace('"csv"', f'"{is_of}"'), a=_FILES[is_of]).faults  # as the remedy says
        assert "and the file is another" not in again


@pytest.mark.parametrize(
    "text",
    [
        "[Area],[Year]\nTJ,1\n", "{Area},Year\nTJ,1\n", "<5 years,Year\nTJ,1\n", "<Table 1>;;\nA;B;C\n1;2;3\n",
        "<Table>,Year\nTJ,1\n", "CHARSET,Year\nTJ,1\n",
    ],
)  # fmt: skip
def test_a_table_that_begins_as_another_format_is_a_table(load: Load, tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    assert recognise(path).format == "csv"
    assert "the column is none of ours" in load(a=text).faults


def test_a_text_of_one_line_is_a_message(load: Load) -> None:
    assert 'the file has one line, and is no table: "404 Not Found". Read it' in load(a="404 Not Found\n").faults


def test_a_packed_answer_is_read(load: Load) -> None:
    head = HEAD.replace('"csv"', '"sdmx-csv"').replace("*.csv", "*.gz")
    toml = '[constants]\nreporting_type = "N"\n[define.statistic_id]\nLB = "Live births"\n'
    loaded = load(toml, head, **{"a.csv.gz": (DATA / "answers" / "sdmx.csv.gz").read_bytes()})
    assert loaded.rows("ref_area, sex, time_period, obs_value, source_row") == [("TJ", "F", "2019", 12.5, 2)]
