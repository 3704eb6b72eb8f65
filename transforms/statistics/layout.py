"""[layout] of dataset.toml: how a table made for people (CSV, Excel) is to be read."""

from pydantic import BaseModel, ConfigDict


class Layout(BaseModel):
    """Where the years, the headings and the series of a table stand."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
