"""What SDMX-ML messages say of themselves: footers, tests, and data sets of several structures, in each dialect."""

import tempfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import duckdb
import pytest

from flows.sources.formats.relation import Source
from flows.sources.formats.sdmx.ml import read
from tests.support.one_data_set import HEAD, Load
from tests.support.sdmx_messages import DIALECTS, Observation, specific_21
from transforms.errors import InputProblem
from transforms.statistics.dataset.dataset_toml import Dataset

CON = duckdb.connect()
OBSERVATIONS = [{"REF_AREA": "TJ", "SEX": "F", "TIME_PERIOD": "2019", "OBS_VALUE": "1"}]
V21 = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1"


def source(content: str) -> Source:
    """Return what the reader makes of a message."""
    texts = dict.fromkeys(("dataset_id", "title", "publisher", "source_url", "licence"), "x")
    toml = {**texts, "retrieved_on": date(2026, 1, 1), "format": "sdmx-ml", "files": ["x"]}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data.xml"
        path.write_text(content, encoding="utf-8")
        return read(CON, path, Dataset.model_validate(toml), Path(folder))


def with_footer(content: str, *messages: tuple[str, str, str]) -> str:
    """Return a message with a footer: code, severity and text of each of its messages."""
    listed = "".join(
        f'<f:Message code="{code}"{severity and f" severity={chr(34)}{severity}{chr(34)}"}>'
        f'<c:Text xml:lang="en">{text}</c:Text></f:Message>'
        for code, severity, text in messages
    )
    footer = f'<f:Footer xmlns:f="{V21}/message/footer" xmlns:c="{V21}/common">{listed}</f:Footer>'
    head, end, rest = content.rpartition("</m:")
    return head + footer + end + rest


Write = Callable[[Sequence[Observation]], str]


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    ("code", "severity", "text"),
    [
        ("510", "Warning", "Response size exceeds service limit"),
        ("130", "Error", "Response too large due to client request"),
        ("413", "Infomation", "Due to the large query the response will be written to a file"),
        ("1001", "", "This is a partial result"),
        ("2000", "Information", "The result was truncated after 1000000 cells"),
        ("1", "Warning", "Only the first 100000 rows were returned"),
        ("1", "Warning", "Cell limit reached"),
        ("1", "Warning", "Résultat partiel"),
        ("1", "Warning", "Неполный ответ"),
        ("150", "Information", "The number of observations exceeds the maximum of 100000"),
    ],
)
def test_a_part_of_an_answer_is_refused(dialect: Write, code: str, severity: str, text: str) -> None:
    with pytest.raises(InputProblem, match=rf"only a part of the answer \(code {code}\)") as refused:
        source(with_footer(dialect(OBSERVATIONS), ("0", "Information", "ok"), (code, severity, text)))
    assert refused.value.value == text
    assert refused.value.line


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_error_of_the_service_is_refused(dialect: Write) -> None:
    with pytest.raises(InputProblem, match=r"reports an error of the producer's service \(code 500\)"):
        source(with_footer(dialect(OBSERVATIONS), ("500", "Error", "Internal server error")))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_other_messages_of_a_footer_and_tests_are_noted(dialect: Write) -> None:
    content = with_footer(dialect(OBSERVATIONS), ("1234", "Warning", "Figures of 2019 will be revised"))
    notes = source(content.replace("<m:Test>false", "<m:Test>true")).remarks
    assert [(note.rule, str(note.message())) for note in notes] == [
        ("message_is_test", "The header of the message says that it is a test: its figures may be invented."),
        ("message_footer", "The footer of the message says (Warning, code 1234): Figures of 2019 will be revised"),
    ]
    assert all(note.line for note in notes)
    assert source(dialect(OBSERVATIONS)).remarks == []


def test_notes_become_quality_issues_of_the_file(load: Load) -> None:
    observations = [{**OBSERVATIONS[0], "OBS_VALUE": "2"}]
    content = with_footer(specific_21(observations), ("1", "Warning", "Revised"))
    head = HEAD.replace('format = "csv"', 'format = "sdmx-ml"').replace("*.csv", "a.xml")
    loaded = load('[constants]\nstatistic_id = "SI_POV_NAHC"\n', head, **{"a.xml": content})
    assert loaded.counts == (1, 1, 0, 0)
    (issue,) = loaded.statistics.issues
    assert (issue["rule"], issue["source_file"]) == ("message_footer", "statistics/test/a.xml")


def test_a_message_without_observations_says_what_its_footer_says() -> None:
    with pytest.raises(InputProblem, match="no observations") as refused:
        source(with_footer(specific_21([]), ("100", "Information", "No results found")))
    assert "No results found" in str(refused.value)


SERIES = '<Series SEX="F"><Obs TIME_PERIOD="2019" OBS_VALUE="1"/></Series>'
STRUCTURE = (
    '<m:Structure structureID="{id}" dimensionAtObservation="TIME_PERIOD"><c:Structure>{reference}</c:Structure>'
    "</m:Structure>"
)


def two_data_sets(first: str, second: str, header: str = "") -> str:
    """Return a structure-specific message of two data sets."""
    return (
        f'<m:StructureSpecificData xmlns:m="{V21}/message" xmlns:c="{V21}/common" '
        f'xmlns:s="{V21}/data/structurespecific">'
        f'<m:Header><m:Test>false</m:Test>{header}</m:Header><m:DataSet s:structureRef="{first}">{SERIES}</m:DataSet>'
        f'<m:DataSet s:structureRef="{second}">{SERIES.replace("2019", "2020")}</m:DataSet></m:StructureSpecificData>'
    )


def header(*references: str) -> str:
    """Return the structures A, B, … of a header."""
    return "".join(STRUCTURE.format(id=name, reference=text) for name, text in zip("AB", references, strict=False))


REF = '<Ref agencyID="AOS" id="{}" version="{}"/>'
URN = "urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=AOS:{}({})"


@pytest.mark.parametrize("form", [REF, f"<URN>{URN}</URN>", URN])
def test_data_sets_of_two_structures_are_refused_with_their_names(form: str) -> None:
    described = header(form.format("BIRTHS", "1.0"), form.format("DEATHS", "1.0"))
    with pytest.raises(InputProblem, match="data sets of 2 structures") as refused:
        source(two_data_sets("A", "B", described))
    assert refused.value.value == "AOS:BIRTHS, AOS:DEATHS"
    with pytest.raises(InputProblem, match="data sets of 2 structures"):
        source(two_data_sets("A", "B"))


@pytest.mark.parametrize("form", [REF, f"<URN>{URN}</URN>", URN])
def test_data_sets_of_one_structure_are_one(form: str) -> None:
    described = header(form.format("BIRTHS", "1.0"), form.format("BIRTHS", "1.1"))
    assert len(source(two_data_sets("A", "B", described)).names) == 3
    assert len(source(two_data_sets("A", "A")).names) == 3


def test_key_families_of_generic_20_are_structures() -> None:
    v20 = "http://www.SDMX.org/resources/SDMXML/schemas/v2_0"
    data_set = (
        "<m:DataSet><g:KeyFamilyRef>{}</g:KeyFamilyRef><g:Series><g:SeriesKey><g:Value concept='SEX' value='F'/>"
        "</g:SeriesKey><g:Obs><g:Time>{}</g:Time><g:ObsValue value='1'/></g:Obs></g:Series></m:DataSet>"
    )
    message = f'<m:GenericData xmlns:m="{v20}/message" xmlns:g="{v20}/generic"><m:Header/>{{}}</m:GenericData>'
    with pytest.raises(InputProblem, match="data sets of 2 structures") as refused:
        source(message.format(data_set.format("BIRTHS", 2019) + data_set.format("DEATHS", 2019)))
    assert refused.value.value == "BIRTHS, DEATHS"
    source(message.format(data_set.format("BIRTHS", 2019) + data_set.format("BIRTHS", 2020)))
