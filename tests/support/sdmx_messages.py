"""Data messages of each dialect of SDMX-ML, which tests write from observations and read back."""

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from xml.sax.saxutils import quoteattr

Observation = dict[str, str]  # dimensions REF_AREA, SEX, TIME_PERIOD; OBS_VALUE; perhaps OBS_STATUS

_V20 = "http://www.SDMX.org/resources/SDMXML/schemas/v2_0"
_V21 = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1"
_V30 = "http://www.sdmx.org/resources/sdmxml/schemas/v3_0"
KEY = ("REF_AREA", "SEX")


def message(root: str, namespace: str, body: str, at: str = "TIME_PERIOD", attributes: str = "") -> str:
    """Return a message with a header and one data set."""
    generic = f"{namespace}/generic" if namespace == _V20 else f"{namespace}/data/generic"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<m:{root} xmlns:m="{namespace}/message" xmlns:g="{generic}" '
        f'xmlns:ss="{namespace}/data/structurespecific" xmlns:c="{namespace}/common" xmlns:n="urn:own">\n'
        f'<m:Header><m:ID>x</m:ID><m:Test>false</m:Test><m:Structure structureID="S" dimensionAtObservation="{at}"/>'
        f"</m:Header>\n<m:DataSet {attributes}>\n{body}\n</m:DataSet>\n</m:{root}>\n"
    )


def _xml(pairs: Iterable[tuple[str, str]]) -> str:
    return " ".join(f"{name}={quoteattr(value)}" for name, value in pairs)


def _values(pairs: Iterable[tuple[str, str]], name: str) -> str:
    return "".join(f"<g:Value {_xml([(name, key), ('value', value)])}/>" for key, value in pairs)


def _of(observation: Observation, *names: str) -> list[tuple[str, str]]:
    return [(name, observation[name]) for name in names if name in observation]


def _series(observations: Sequence[Observation], key: Sequence[str]) -> list[tuple[Observation, list[Observation]]]:
    by_key = [
        list(group) for _, group in groupby(observations, lambda observation: [observation[name] for name in key])
    ]
    return [(group[0], group) for group in by_key]


def _generic(observations: Sequence[Observation], name: str, time: Callable[[str], str], key: Sequence[str]) -> str:
    at = next(n for n in (*KEY, "TIME_PERIOD") if n not in key)
    return "\n".join(
        f"<g:Series><g:SeriesKey>{_values(_of(first, *key), name)}</g:SeriesKey>\n"
        + "\n".join(
            f"<g:Obs>{time(observation[at])}<g:ObsValue {_xml([('value', observation['OBS_VALUE'])])}/>"
            f"<g:Attributes>{_values(_of(observation, 'OBS_STATUS'), name)}</g:Attributes></g:Obs>"
            for observation in group
        )
        + "</g:Series>"
        for first, group in _series(observations, key)
    )


def generic_20(observations: Sequence[Observation]) -> str:
    return message("GenericData", _V20, _generic(observations, "concept", lambda time: f"<g:Time>{time}</g:Time>", KEY))


def generic_21(observations: Sequence[Observation]) -> str:
    time = lambda value: f"<g:ObsDimension value={quoteattr(value)}/>"  # noqa: E731
    return message("GenericData", _V21, _generic(observations, "id", time, KEY))


def generic_21_across(observations: Sequence[Observation]) -> str:
    """Write series of one period, in which SEX tells observations apart."""
    sex = lambda value: f"<g:ObsDimension value={quoteattr(value)}/>"  # noqa: E731
    return message("GenericData", _V21, _generic(observations, "id", sex, ("REF_AREA", "TIME_PERIOD")), at="SEX")


def generic_21_flat(observations: Sequence[Observation]) -> str:
    body = "\n".join(
        f"<g:Obs><g:ObsKey>{_values(_of(observation, *KEY, 'TIME_PERIOD'), 'id')}</g:ObsKey>"
        f'<g:ObsValue id="OBS_VALUE" {_xml([("value", observation["OBS_VALUE"])])}/>'
        f"<g:Attributes>{_values(_of(observation, 'OBS_STATUS'), 'id')}</g:Attributes></g:Obs>"
        for observation in observations
    )
    return message("GenericData", _V21, body, at="AllDimensions")


def _specific(observations: Sequence[Observation], prefix: str) -> str:
    return "\n".join(
        f"<{prefix}Series {_xml(_of(first, *KEY))}>"
        + "\n".join(
            f"<{prefix}Obs {_xml(_of(observation, 'TIME_PERIOD', 'OBS_VALUE', 'OBS_STATUS'))}/>"
            for observation in group
        )
        + f"</{prefix}Series>"
        for first, group in _series(observations, KEY)
    )


def compact_20(observations: Sequence[Observation]) -> str:
    return message("CompactData", _V20, _specific(observations, "n:"), attributes='action="Append"')


def specific_21(observations: Sequence[Observation]) -> str:
    return message("StructureSpecificData", _V21, _specific(observations, ""), attributes='ss:action="Replace"')


def specific_21_flat(observations: Sequence[Observation]) -> str:
    body = "\n".join(f"<Obs {_xml(observation.items())}/>" for observation in observations)
    return message("StructureSpecificData", _V21, body, at="AllDimensions")


def specific_30(observations: Sequence[Observation]) -> str:
    """Write OBS_STATUS as an element, as attributes are that may have several values."""
    body = "\n".join(
        f"<Obs {_xml((k, v) for k, v in observation.items() if k != 'OBS_STATUS')}>"
        + "".join(f'<Comp id="{k}"><Value>{_text(v)}</Value></Comp>' for k, v in _of(observation, "OBS_STATUS"))
        + "</Obs>"
        for observation in observations
    )
    return message("StructureSpecificData", _V30, body, at="AllDimensions", attributes='ss:action="Merge"')


def _text(value: str) -> str:
    return quoteattr(value, {'"': "&quot;"})[1:-1]


DIALECTS: tuple[Callable[[Sequence[Observation]], str], ...] = (
    generic_20, generic_21, generic_21_across, generic_21_flat, compact_20, specific_21, specific_21_flat, specific_30,
)  # fmt: skip
