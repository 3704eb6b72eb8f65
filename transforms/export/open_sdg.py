"""The metadata of an indicator for Open SDG: https://open-sdg.readthedocs.io, "Indicator configuration" and "Metadata
format"."""

import json
from collections.abc import Mapping
from datetime import date

COLUMNS = ("Year", "PLAN", "AGENCY", "Value")

_COMPUTATION = {"numerator": "Numerator", "denominator": "Denominator", "exclusions": "Taken out"}


def metadata(indicator: Mapping[str, str | None], as_of: date, has_values: bool) -> str:
    """Return the YAML file of one indicator, a row of dim_indicator, with data as of the day `as_of`.

    Open SDG draws charts of "complete" indicators only; an indicator without a value is "notstarted"."""
    computed = [f"{word}: {indicator[key]}." for key, word in _COMPUTATION.items() if indicator[key]]
    fields = {
        "indicator_number": indicator["indicator_id"],
        "indicator_name": indicator["name"],
        "graph_title": indicator["name"],
        "graph_type": "line",
        "computation_units": indicator["unit"],
        "data_non_statistical": False,
        "reporting_status": "complete" if has_values else "notstarted",
        "national_geographical_coverage": "All plans and agencies",
        "standalone": True,  # it does not belong to a goal of the SDGs
        "data_footnote": f"As of {as_of}; a year that ends later is judged as at that day.",
        "STAT_CONC_DEF": indicator["definition"],
        "UNIT_MEASURE": indicator["unit"],
        "DATA_COMP": " ".join(computed) or None,
        "OTHER_DOC": indicator["source"],
    }
    # JSON is YAML, so that no rules of our own are needed to quote a text.
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in fields.items() if value is not None]
    return "".join(lines)
