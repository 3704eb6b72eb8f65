"""The SDMX structures of the indicators: the columns of `sdmx_data.sql` and the meaning of their codes.

Their maintainer is `NPA`, this software, because no office maintains them. The version is that of the structure (its
dimensions and attributes), not of a release: a release only adds to the lists."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from pysdmx import model as sdmx
from pysdmx.model import DataType, Role

MAINTAINER, VERSION = "NPA", "1.1.0"
_NAME = "Indicators of national plans of action on child rights"
# The SDMX types of the columns of a release; text has a code list instead.
_TYPES = {"BIGINT": DataType.LONG, "DOUBLE": DataType.DOUBLE, "DATE": DataType.DATE}

Described = Mapping[str, tuple[str, str]]  # table.column → its type and description in the data dictionary
Structure = sdmx.AgencyScheme | sdmx.Codelist | sdmx.ConceptScheme | sdmx.DataStructureDefinition | sdmx.Dataflow
CodeRow = tuple[str, str, str, str | None]  # list, code, name, description


@dataclass(frozen=True, slots=True)
class _Part:
    """A component of the DSD: its name, the column of the release that describes it, and its attachment."""

    id: str
    name: str
    column: str | None  # None: SDMX itself defines it
    role: Role
    attached: str | None = None  # O: to the observation; else to these dimensions
    is_required: bool = True


_PARTS = (
    _Part("FREQ", "Frequency", "dim_time_period.frequency", Role.DIMENSION),
    _Part("INDICATOR", "Indicator", "fact_indicator.indicator_id", Role.DIMENSION),
    _Part("PLAN", "Plan", "fact_indicator.plan_id", Role.DIMENSION),
    _Part("AGENCY", "Agency", "fact_indicator.agency_id", Role.DIMENSION),
    _Part("TIME_PERIOD", "Time period", "fact_indicator.time_period", Role.DIMENSION),
    _Part("OBS_VALUE", "Observation value", "fact_indicator.value", Role.MEASURE),
    _Part("NUMERATOR", "Numerator", "fact_indicator.numerator", Role.ATTRIBUTE, "O", False),
    _Part("DENOMINATOR", "Denominator", "fact_indicator.denominator", Role.ATTRIBUTE, "O", False),
    _Part("EXCLUDED", "Taken out", "fact_indicator.excluded", Role.ATTRIBUTE, "O", False),
    _Part("WITHOUT_EVIDENCE", "Without evidence", "fact_indicator.without_evidence", Role.ATTRIBUTE, "O", False),
    _Part("STALE", "Stale", "fact_indicator.stale", Role.ATTRIBUTE, "O", False),
    _Part("SELF_DATED", "Self-dated", "fact_indicator.self_dated", Role.ATTRIBUTE, "O", False),
    _Part("UNIT_MEASURE", "Unit of measure", "dim_indicator.unit", Role.ATTRIBUTE, "INDICATOR"),
    _Part("OBS_STATUS", "Observation status", None, Role.ATTRIBUTE, "O"),
    _Part("AS_OF", "Day of judgement", "fact_indicator.as_of", Role.ATTRIBUTE, "O"),
)


def dataflow_id() -> str:
    """Return the name of the dataflow in the column STRUCTURE_ID of SDMX-CSV."""
    return f"{MAINTAINER}:DF_INDICATORS({VERSION})"


def structures(described: Described, codes: Iterable[CodeRow]) -> list[Structure]:
    """Return agency scheme, code lists, concept scheme, DSD and dataflow of a release.

    `described` are its columns, `codes` are sorted by list. A component has the description and type of its column."""
    lists = {name: _code_list(name, list(rows)) for name, rows in groupby(codes, itemgetter(0))}
    concepts = {part.id: _concept(part, described, lists.get(f"CL_{part.id}")) for part in _PARTS}
    scheme = sdmx.ConceptScheme(
        "CS_INDICATORS", name=f"Concepts: {_NAME}", agency=MAINTAINER, version=VERSION, items=list(concepts.values())
    )
    parts = sdmx.Components([_component(part, concepts[part.id]) for part in _PARTS])
    dsd = sdmx.DataStructureDefinition(
        "DSD_INDICATORS", name=_NAME, agency=MAINTAINER, version=VERSION, components=parts
    )
    flow = sdmx.Dataflow("DF_INDICATORS", name=_NAME, agency=MAINTAINER, version=VERSION, structure=dsd)
    agency = sdmx.Agency(MAINTAINER, name="npa, software for national plans of action")
    # SDMX 2.1: a scheme of agencies is always AGENCIES 1.0, and that of the first level belongs to SDMX.
    agencies = sdmx.AgencyScheme(agency="SDMX", items=[agency])
    return [agencies, *lists.values(), scheme, dsd, flow]


def _code_list(name: str, rows: list[CodeRow]) -> sdmx.Codelist:
    title = f"Code list: {name.removeprefix('CL_').replace('_', ' ').lower()}"
    items = [sdmx.Code(code, name=named, description=description) for _, code, named, description in rows]
    return sdmx.Codelist(name, name=title, agency=MAINTAINER, version=VERSION, items=items)


def _concept(part: _Part, described: Described, codes: sdmx.Codelist | None) -> sdmx.Concept:
    kind, description = described[part.column] if part.column else ("VARCHAR", None)
    dtype = DataType.STRING if codes else DataType.PERIOD if part.id == "TIME_PERIOD" else _TYPES[kind]
    return sdmx.Concept(part.id, name=part.name, description=description, dtype=dtype, codes=codes)


def _component(part: _Part, concept: sdmx.Concept) -> sdmx.Component:
    return sdmx.Component(
        part.id,
        required=part.is_required,
        role=part.role,
        concept=sdmx.ItemReference("Concept", MAINTAINER, "CS_INDICATORS", VERSION, part.id),
        local_dtype=concept.dtype,
        local_codes=concept.codes,
        attachment_level=part.attached,
    )
