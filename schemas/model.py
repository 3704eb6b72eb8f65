"""The base of every table's model, and the description of a column."""

import sys
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera.engines.pandas_engine import STRING

# The types of a column. Text is `str`; dates and points in time have one type, see `sql_type`.
Integer = pd.Int32Dtype
Count = pd.Int64Dtype
Number = pd.Float64Dtype
Flag = pd.BooleanDtype
Moment = pa.DateTime

# Why a column may identify a person.
FREE_TEXT = "what people wrote, as they wrote it"
NAMES = "names or numbers of persons, or of files that have them"

_SQL_TYPES: dict[type, str] = {Integer: "INTEGER", Count: "BIGINT", Number: "DOUBLE", Flag: "BOOLEAN"}
_SQL_TYPES[pd.StringDtype] = "VARCHAR"  # by another name where pyarrow is installed: string[pyarrow]


def column(
    description: str,
    *,
    key: bool = False,
    nullable: bool = False,
    references: str | None = None,
    unit: str | None = None,
    codes: tuple[str, ...] | None = None,
    pattern: str | None = None,
    at_least: float | None = None,
    at_most: float | None = None,
    personal: str | None = None,
) -> Any:
    """Describe one column: the only place where it is described.

    `references` names the table (or `table.column`) that the value must be found in; `codes` are the only values
    allowed; `pattern` must match the whole value; `unit` says what a number counts; `personal` (`FREE_TEXT` or
    `NAMES`) says why it may identify a person, so that nothing public may hold it."""
    rules = {"codes": codes, "pattern": pattern, "at_least": at_least, "at_most": at_most, "personal": personal}
    return pa.Field(
        nullable=nullable,
        isin=list(codes) if codes else None,
        str_matches=rf"^(?:{pattern})$" if pattern else None,
        ge=at_least,
        le=at_most,
        description=description,
        metadata={"is_key": key, "references": references, "unit": unit, **rules},
    )


@dataclass(frozen=True, slots=True)
class Column:
    """One column, for the generators."""

    name: str
    sql_type: str
    description: str
    is_key: bool
    is_nullable: bool
    references: tuple[str, str] | None  # table, column
    unit: str | None
    codes: tuple[str, ...] | None
    pattern: str | None
    at_least: float | None
    at_most: float | None
    personal: str | None


class Model(pa.DataFrameModel):
    """A published table. The first sentence of a subclass's docstring is its grain: "One row per …"."""

    _options: ClassVar[dict[str, Any]]

    def __init_subclass__(cls, **options: Any) -> None:
        """Keep the options of `Table` that the head of a class names: `class DimPlan(Model, row_checks=(…))`."""
        super().__init_subclass__()  # type: ignore[no-untyped-call]  # in pandera it has no types
        cls._options = options

    class Config:
        strict = True
        ordered = True


@dataclass(frozen=True, slots=True)
class Table:
    """A model, for the generators."""

    name: str
    description: str
    columns: tuple[Column, ...]
    schema: pa.DataFrameSchema
    row_checks: tuple[str, ...] = ()  # SQL conditions that every row meets
    is_constrained: bool = True  # keys are constraints of the database; if not, a query checks them before publishing
    is_partitioned: bool = False  # its Parquet files are in a folder for each data set
    is_bulk: bool = False  # there may be a million rows: they are stored in the order of the key before it is added
    through: tuple[tuple[str, ...], str] | None = None  # columns that are together the key of a table, which refers on

    @property
    def key(self) -> tuple[str, ...]:
        """Return the columns of the primary key."""
        return tuple(c.name for c in self.columns if c.is_key)

    @property
    def column_names(self) -> tuple[str, ...]:
        """Return all columns, in published order."""
        return tuple(c.name for c in self.columns)


class _Text(STRING):
    """Text, whose type is checked at once: of a column of STRING, pandera lists and prints the failures of each value,
    even if there are none, which takes a quarter of the time of a validation."""

    def check(self, pandera_dtype: Any, data_container: Any = None) -> Any:
        is_text = super().check(pandera_dtype, data_container)
        return True if np.asarray(is_text).all() else is_text


def _leave_dask_out() -> None:
    """Keep pandera from importing dask, if that is installed, for its types: that takes longer than all models do."""
    if "dask" not in sys.modules:
        sys.modules["dask"] = None  # type: ignore[assignment]  # an import of it fails until it is removed
        try:
            import pandera.typing.dask  # noqa: F401
        finally:
            del sys.modules["dask"]


def table(model: type[Model]) -> Table:
    """Return the table that a model describes; `DimActivity` is `dim_activity`."""
    _leave_dask_out()
    schema = model.to_schema()
    for spec in schema.columns.values():
        if isinstance(spec.dtype, STRING):
            spec.dtype = _Text()  # type: ignore[call-arg]  # mypy takes it for its base class
    columns = tuple(_column(name, spec) for name, spec in schema.columns.items())
    schema.unique = [c.name for c in columns if c.is_key]
    return Table(
        name="".join(f"_{c.lower()}" if c.isupper() else c for c in model.__name__).lstrip("_"),
        description=" ".join((model.__doc__ or "").split()),
        columns=columns,
        schema=schema,
        **model._options,
    )


def _column(name: str, spec: Any) -> Column:
    other, _, key = (spec.metadata["references"] or "").partition(".")
    described = spec.metadata | {"references": (other, key or name) if other else None}
    kind = sql_type(name, spec.dtype.type)
    return Column(name=name, sql_type=kind, description=spec.description, is_nullable=spec.nullable, **described)


def sql_type(name: str, dtype: Any) -> str:
    """Return the SQL type of a column by the kind of its dtype, whose name depends on what is installed.

    A point in time has a name that ends in `_at` (contract) and is a TIMESTAMP in UTC; a date is a DATE."""
    if pd.api.types.is_datetime64_any_dtype(dtype):
        return "TIMESTAMP" if name.endswith("_at") else "DATE"
    return _SQL_TYPES[type(dtype)]
