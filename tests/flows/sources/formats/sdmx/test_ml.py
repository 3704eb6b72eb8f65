"""SDMX-ML data: each dialect is read as it is written; what is no data message is rejected in a sentence."""

import tempfile
import tracemalloc
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.sources.formats.sdmx.ml import read
from tests.support.examples import examples
from tests.support.paths import DATA
from tests.support.sdmx_messages import DIALECTS, Observation, message
from transforms.errors import InputProblem
from transforms.statistics.dataset.dataset_toml import Dataset

CON = duckdb.connect()  # one for all: opening takes longer than reading
AOS = DATA / "aos-sdg" / "TAJSTAT_Data.xml"
KYRGYZ = DATA / "sdmx-ml-and-excel" / "16.9.1.xml"
V20 = "http://www.SDMX.org/resources/SDMXML/schemas/v2_0"
V21 = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1"
V30 = "http://www.sdmx.org/resources/sdmxml/schemas/v3_0"
GENERIC = "{http://www.SDMX.org/resources/SDMXML/schemas/v2_0/generic}"


def described(encoding: str | None = None) -> Dataset:
    texts = dict.fromkeys(("dataset_id", "title", "publisher", "source_url", "licence"), "x")
    return Dataset.model_validate(
        {**texts, "retrieved_on": date(2026, 1, 1), "format": "sdmx-ml", "files": ["x"], "encoding": encoding}
    )


def observations(path: Path, encoding: str | None = None) -> list[dict[str, str]]:
    """Return one dict per observation, without what is missing, in the order of the file."""
    with tempfile.TemporaryDirectory() as folder, CON.cursor() as con:
        source = read(con, path, described(encoding), Path(folder))
        rows = source.relation.order("source_row").fetchall()
    assert [row[-1] for row in rows] == list(range(1, len(rows) + 1))
    named = [zip(source.names, row[:-1], strict=True) for row in rows]
    return [{name: value for name, value in row if value is not None} for row in named]


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str | bytes], Path]:
    def write(content: str | bytes) -> Path:
        path = tmp_path / "data.xml"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


Written = Callable[[str | bytes], Path]


def test_the_file_of_aos_is_read_as_an_independent_reader_reads_it() -> None:
    expected = []
    for series in ElementTree.parse(AOS).iter(f"{GENERIC}Series"):
        above = [*series.iterfind(f"{GENERIC}SeriesKey/*"), *series.iterfind(f"{GENERIC}Attributes/*")]
        for obs in series.iterfind(f"{GENERIC}Obs"):
            attributes = {
                e.attrib["concept"]: e.attrib["value"] for e in [*above, *obs.iterfind(f"{GENERIC}Attributes/*")]
            }
            attributes["TIME_PERIOD"] = obs.findtext(f"{GENERIC}Time", "")
            attributes["OBS_VALUE"] = obs.find(f"{GENERIC}ObsValue").attrib["value"]  # type: ignore[union-attr]
            expected.append(attributes)
    records = observations(AOS)
    assert len(records) == 188
    assert records == expected
    assert any("\xa0" in observation["OBS_VALUE"] for observation in records)  # as printed: the core decides


def test_a_structure_specific_file_is_read_as_an_independent_reader_reads_it() -> None:
    expected = [
        {**series.attrib, **obs.attrib}
        for series in ElementTree.parse(KYRGYZ).iter("Series")
        for obs in series.iterfind("Obs")
    ]
    assert observations(KYRGYZ) == [{k: v for k, v in observation.items() if v} for observation in expected]


VALUES = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters="\t\n\r", exclude_characters="\ufffe\uffff"),
    min_size=1,
)
OBSERVATIONS = st.lists(
    st.fixed_dictionaries(
        {
            "REF_AREA": VALUES,
            "SEX": st.sampled_from("FMT"),
            "TIME_PERIOD": st.sampled_from(["2019", "2020-Q1", "2021-01"]),
            "OBS_VALUE": VALUES,
        },
        optional={"OBS_STATUS": VALUES},
    ),
    min_size=1,
    max_size=8,
)


@pytest.mark.parametrize("dialect", DIALECTS)
@given(written=OBSERVATIONS)
@settings(max_examples=examples(20))
def test_what_is_written_is_read(dialect: Callable[[Sequence[Observation]], str], written: list[Observation]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data.xml"
        path.write_bytes(dialect(written).encode())
        assert observations(path) == written


SERIES = '<n:Series REF_AREA="TJ" SEX="F"><n:Obs TIME_PERIOD="2019" OBS_VALUE="1"/></n:Series>'
OTHER = SERIES.replace('"F"', '"M"')
BASE = {"REF_AREA": "TJ", "TIME_PERIOD": "2019", "OBS_VALUE": "1"}


@pytest.mark.parametrize(
    "body",
    [
        '<n:SexGroup SEX="F" TITLE="girls"/>' + SERIES + OTHER,
        SERIES + '<n:SexGroup SEX="F" TITLE="girls"/>' + OTHER,
        SERIES + OTHER + '<n:SexGroup SEX="F" TITLE="girls"/>',
    ],
)
def test_a_group_applies_to_its_series_in_any_place(written: Written, body: str) -> None:
    records = observations(written(message("CompactData", V20, body)))
    assert records == [{**BASE, "SEX": "F", "TITLE": "girls"}, {**BASE, "SEX": "M"}]


def test_a_group_may_name_the_dimension_of_the_observation(written: Written) -> None:
    body = '<Group TIME_PERIOD="2019" NOTE="census"/><Group TIME_PERIOD="2020" NOTE="none"/>' + SERIES
    records = observations(written(message("StructureSpecificData", V21, body.replace("n:", ""))))
    assert records == [{**BASE, "SEX": "F", "NOTE": "census"}]


def _value(name: str, pairs: dict[str, str]) -> str:
    return "".join(f'<g:Value {name}="{key}" value="{value}"/>' for key, value in pairs.items())


@pytest.mark.parametrize("version", [V20, V21])
@pytest.mark.parametrize("around", [True, False])
def test_groups_of_generic(written: Written, version: str, around: bool) -> None:
    name = "concept" if version == V20 else "id"
    group = (
        f"<g:GroupKey>{_value(name, {'SEX': 'F'})}</g:GroupKey>"
        f"<g:Attributes>{_value(name, {'TITLE': 'girls'})}</g:Attributes>"
    )
    series = [
        f"<g:Series><g:SeriesKey>{_value(name, {'REF_AREA': 'TJ', 'SEX': sex})}</g:SeriesKey><g:Obs>"
        + ("<g:Time>2019</g:Time>" if version == V20 else '<g:ObsDimension value="2019"/>')
        + '<g:ObsValue value="1"/></g:Obs></g:Series>'
        for sex in "FM"
    ]
    nested = f"<g:Group>{group}{series[0]}</g:Group>{series[1]}"
    separate = f"<g:Group>{group}</g:Group>{series[0]}{series[1]}"
    records = observations(written(message("GenericData", version, nested if around else separate)))
    assert records == [{**BASE, "SEX": "F", "TITLE": "girls"}, {**BASE, "SEX": "M"}]


def test_attributes_of_a_data_set_apply_to_its_own_observations_only(written: Written) -> None:
    second = f'</m:DataSet><m:DataSet ss:action="Append" UNIT="IX">{OTHER}'
    text = message("StructureSpecificData", V21, (SERIES + second).replace("n:", ""), attributes='UNIT="PT" setID="7"')
    assert observations(written(text)) == [{**BASE, "SEX": "F", "UNIT": "PT"}, {**BASE, "SEX": "M", "UNIT": "IX"}]
    attributes = "<g:Attributes>" + _value("id", {"UNIT": "PT"}) + "</g:Attributes>"
    obs = '<g:Obs><g:ObsKey><g:Value id="SEX" value="F"/></g:ObsKey><g:ObsValue value="1"/></g:Obs>'
    text = message("GenericData", V21, attributes + obs + obs, at="AllDimensions")
    assert observations(written(text)) == [{"UNIT": "PT", "SEX": "F", "OBS_VALUE": "1"}] * 2


def test_an_explicit_measure_is_a_code_of_its_dimension(written: Written) -> None:
    body = (
        '<Series REF_AREA="BE" TIME_PERIOD="2007">'
        '<Obs xsi:type="n:BIRTHS" OBS_VALUE="1"/><Obs xsi:type="n:DEATHS" OBS_VALUE="2"/></Series>'
    )
    text = message("StructureSpecificData", V21, body, "DEMO", 'ss:structureRef="S"')
    text = text.replace("xmlns:n=", 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:n=')
    explicit = text.replace('dimensionAtObservation="DEMO"', 'dimensionAtObservation="DEMO" explicitMeasures="true"')
    assert [observation["DEMO"] for observation in observations(written(explicit))] == ["BIRTHS", "DEATHS"]
    assert all("DEMO" not in observation for observation in observations(written(text)))


def test_30_has_several_measures_several_values_and_attributes_of_parts_of_a_key(written: Written) -> None:
    body = """<Atts SEX="F"><Comp id="TITLE"><Value>girls</Value></Comp></Atts><Atts SOURCE="census"/>
      <Series SEX="F"><Obs TIME_PERIOD="2019" RATE="4,8" COUNT="12">
        <Comp id="NOTE"><Value>a</Value><Value>b</Value></Comp></Obs>
      <Obs TIME_PERIOD="2020" RATE="5"/></Series>"""
    assert observations(written(message("StructureSpecificData", V30, body))) == [
        {"SEX": "F", "TIME_PERIOD": "2019", "RATE": "4,8", "COUNT": "12", "NOTE": "a;b", "TITLE": "girls",
         "SOURCE": "census"},
        {"SEX": "F", "TIME_PERIOD": "2020", "RATE": "5", "TITLE": "girls", "SOURCE": "census"},
    ]  # fmt: skip


def test_columns_that_come_late_are_missing_before(written: Written) -> None:
    obs = '<Obs TIME_PERIOD="2019" OBS_VALUE="1"/>' * 12_000 + '<Obs TIME_PERIOD="2020" NOTE="late"/>'
    records = observations(written(message("StructureSpecificData", V21, obs)))
    assert records[0] == {"TIME_PERIOD": "2019", "OBS_VALUE": "1"}
    assert records[12_000] == {"TIME_PERIOD": "2020", "NOTE": "late"}


def test_an_encoding_that_is_stated_here_or_there_is_used(written: Written) -> None:
    text = message("CompactData", V20, SERIES.replace("TJ", "Душанбе"))
    for encoding in ("windows-1251", "utf-16"):
        stated = text.replace("UTF-8", encoding).encode(encoding)
        assert observations(written(stated))[0]["REF_AREA"] == "Душанбе"
    assert observations(written(text.encode("windows-1251")), "windows-1251")[0]["REF_AREA"] == "Душанбе"


TEST = "<m:Test>false</m:Test>"
LATE = '<g:Series><g:Obs/><g:Attributes><g:Value id="A" value="1"/></g:Attributes></g:Series>'
LOL = '<!ENTITY a0 "lol">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    ("content", "expected", "line"),
    [
        (f'<!DOCTYPE x [{LOL}]><m:GenericData xmlns:m="m" x="&a9;">&a9;</m:GenericData>', "DOCTYPE", 0),
        ('<!DOCTYPE x SYSTEM "http://localhost:9/x.dtd"><GenericData/>', "DOCTYPE", 0),
        ('<!--c-->\n<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>', "DOCTYPE", 0),
        ("", "not XML", 0),
        ("REF_AREA,OBS_VALUE\nTJ,1\n", "not XML", 1),
        ("\n<html><body/></html>", "<html> is no SDMX-ML data message", 1),
        (message("CompactData", V20, ""), "no observations", 0),
        (message("Structure", V21, ""), "<Structure> is no SDMX-ML data message", 1),
        (message("CompactData", V20, SERIES, attributes='action="Delete"'), "deleted", 4),
        (message("StructureSpecificData", V21, SERIES, attributes='ss:action="Delete"'), "deleted", 4),
        (message("StructureSpecificData", V21, "", attributes='ss:action="Delete"'), "deleted", 4),
        (message("StructureSpecificData", V30, '\n<Obs ss:action="Delete" SEX="F"/>'), "deleted", 6),
        (message("CompactData", V20, SERIES).replace(TEST, "<m:DataSetAction>Delete</m:DataSetAction>"),
         "deleted", 4),
        (message("CompactData", V20, SERIES).replace(TEST, "<m:Truncated>true</m:Truncated>"),
         "truncated", 3),
        (message("CompactData", V20, SERIES.replace("<n:Obs", '<n:Obs SEX="M"')), "two values", 5),
        (message("CompactData", V20, SERIES.replace("<n:Obs", "<n:Note/><n:Obs")), "<Note> in <Series>", 5),
        (message("GenericData", V21, "<g:Series><g:Obs><g:Value/></g:Obs></g:Series>"), "<Value> in <Obs>", 5),
        (message("GenericData", V21, LATE), "Attributes after the observations", 5),
        (message("GenericData", V21, '<g:Obs><g:ObsKey><g:Value value="1"/></g:ObsKey></g:Obs>'), "no dimension", 5),
        (message("CompactData", V20, SERIES.replace("TJ", "Душанбе")).encode("windows-1251"), "encoding", 5),
    ],
)  # fmt: skip
def test_files_that_are_not_data_messages_are_refused(
    written: Written, content: str | bytes, expected: str, line: int
) -> None:
    with pytest.raises(InputProblem, match=expected) as refused:
        observations(written(content))
    assert refused.value.line == line
    assert refused.value.remedy


@given(end=st.integers(0, KYRGYZ.stat().st_size - 30))
@settings(max_examples=examples(40))
def test_a_file_that_is_cut_off_is_refused(end: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cut.xml"
        path.write_bytes(KYRGYZ.read_bytes()[:end])
        with pytest.raises(InputProblem):
            observations(path)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_memory_stays_flat(dialect: Callable[[Sequence[Observation]], str], tmp_path: Path) -> None:
    """Measure Python's own memory; benchmarks/sdmx_ml.py measures the tree of lxml, by the size of the process."""
    peaks = []
    for count in (5_000, 10_000):
        observation = {"SEX": "F", "REF_AREA": "TJ", "TIME_PERIOD": "2019", "OBS_VALUE": "1"}
        path = tmp_path / "data.xml"
        path.write_text(
            dialect([observation | {"REF_AREA": f"A{place // 5}"} for place in range(count)]), encoding="utf-8"
        )
        tracemalloc.start()
        with tempfile.TemporaryDirectory() as folder, duckdb.connect() as con:
            read(con, path, described(), Path(folder))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.2 * peaks[0]


def test_elements_without_data_are_not_read_into_memory(written: Written) -> None:
    text = message("GenericData", V20, f"<x>{'y' * 9_000_000}</x>" * 3)
    with pytest.raises(InputProblem, match="more than 16 MB of XML without an observation"):
        observations(written(text))
