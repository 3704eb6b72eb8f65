"""The base of every section of dataset.toml: an unknown key is an error."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Text = Annotated[str, Field(min_length=1)]


class Strict(BaseModel):
    """A section of dataset.toml."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
