"""SDMX-ML structures: the code lists that a data structure names, in each version."""

from pathlib import Path

import pytest

from flows.sources.formats.sdmx.structures import read_structure
from tests.support.paths import DATA
from transforms.errors import InputProblem

DSD = DATA / "aos-sdg" / "TAJSTAT_DSD.xml"

V20 = """<Structure xmlns="http://www.SDMX.org/resources/SDMXML/schemas/v2_0/message" xmlns:s="s20">
<CodeLists><s:CodeList id="CL_SEX" agencyID="A" version="1.0"><s:Code value="F">
<s:Description xml:lang="ru">Девочки</s:Description><s:Description xml:lang="en">Girls</s:Description></s:Code>
<s:Code value="M"><s:Description>Boys</s:Description></s:Code></s:CodeList></CodeLists>
<Concepts><s:ConceptScheme id="CS" agencyID="A" version="1.0"><s:Concept id="SEX" coreRepresentation="CL_SEX"/>
</s:ConceptScheme></Concepts>
<KeyFamilies><s:KeyFamily id="K" agencyID="A"><s:Components>
<s:Dimension conceptRef="SEX"{own}/><s:TimeDimension conceptRef="TIME_PERIOD"/></s:Components>
</s:KeyFamily></KeyFamilies>
</Structure>"""
NEWER = """<m:Structure xmlns:m="m" xmlns:s="s" xmlns:c="c"><m:Structures>
<s:Codelists><s:Codelist id="CL_SEX" agencyID="A" version="1.2.0">
<s:Code id="F"><c:Name xml:lang="tg">Духтарон</c:Name><c:Name xml:lang="en">Girls</c:Name></s:Code>
<s:Code id="M"><c:Name xml:lang="en">Boys</c:Name></s:Code></s:Codelist></s:Codelists>
<s:Concepts><s:ConceptScheme id="CS" agencyID="A" version="1.0"><s:Concept id="SEX"><s:CoreRepresentation>
<s:Enumeration>{ref}</s:Enumeration></s:CoreRepresentation></s:Concept></s:ConceptScheme></s:Concepts>
<s:DataStructures><s:DataStructure id="D" agencyID="A"><s:DataStructureComponents><s:DimensionList>
<s:Dimension id="SEX"><s:ConceptIdentity>{concept}</s:ConceptIdentity>{own}</s:Dimension>
<s:TimeDimension id="TIME_PERIOD"/></s:DimensionList></s:DataStructureComponents></s:DataStructure></s:DataStructures>
</m:Structures></m:Structure>"""
REF = '<Ref id="CL_SEX" agencyID="A" version="1.2.0"/>'
URN = "urn:sdmx:org.sdmx.infomodel.codelist.Codelist=A:CL_SEX(1.0+)"
CONCEPT_REF = '<Ref id="SEX" maintainableParentID="CS" maintainableParentVersion="1.0" agencyID="A"/>'
CONCEPT_URN = "urn:sdmx:org.sdmx.infomodel.conceptscheme.Concept=A:CS(1.0+).SEX"
NOWHERE = '<Ref id="CL_NONE" agencyID="A" version="1.0"/>'
OWN = "<s:LocalRepresentation><s:Enumeration>{}</s:Enumeration></s:LocalRepresentation>"


@pytest.mark.parametrize(
    "text",
    [
        V20.format(own=""),
        V20.format(own=' codelist="CL_SEX" codelistAgency="A"').replace('coreRepresentation="CL_SEX"', ""),
        NEWER.format(ref=REF, concept=CONCEPT_REF, own=""),
        NEWER.format(ref=URN, concept=CONCEPT_URN, own=""),
        NEWER.format(ref=NOWHERE, concept=CONCEPT_REF, own=OWN.format(REF)),
        NEWER.format(ref=NOWHERE, concept=CONCEPT_REF, own=OWN.format(f"<URN>{URN}</URN>")),
        NEWER.format(ref=NOWHERE, concept=CONCEPT_URN, own=OWN.format(URN)),
    ],
)
def test_a_component_has_its_own_list_or_that_of_its_concept(tmp_path: Path, text: str) -> None:
    path = tmp_path / "dsd.xml"
    path.write_text(text, encoding="utf-8")
    girls = {"ru": "Девочки"} if text.startswith("<Structure") else {"tg": "Духтарон"}
    assert read_structure(path) == {"SEX": {"F": girls | {"en": "Girls"}, "M": {"en": "Boys"}}}


def test_the_structure_of_aos_as_pysdmx_reads_it() -> None:
    from pysdmx.io import read_sdmx

    structure = read_structure(DSD)
    names = {
        concept: {code: by_language.get("en", code) for code, by_language in codes.items()}
        for concept, codes in structure.items()
    }
    for code_list in read_sdmx(DSD, validate=False).get_codelists():
        expected = {code.id: " ".join((code.name or code.id).split()) for code in code_list.items}
        assert expected in names.values()
    assert names["REF_AREA"]["762"] == "Tajikistan"
    assert structure["EDUCATION_LEV"]["_T"]["fr"] == "Total ou aucune ventilation par niveau de scolarité"
    assert len(names["SERIES"]) == 465
    assert "TIME_PERIOD" not in names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<GenericData/>", "no code lists"),
        ('<!DOCTYPE x [<!ENTITY e "f">]><Structure>&e;</Structure>', "DOCTYPE"),
        (V20.format(own="")[:300], "cut off"),
    ],
)
def test_files_that_are_not_structures_are_refused(tmp_path: Path, text: str, expected: str) -> None:
    path = tmp_path / "dsd.xml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputProblem, match=expected):
        read_structure(path)
