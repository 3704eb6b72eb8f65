"""Every table, in the order in which the models are defined: each comes after those that it references.

A model that others extend is no table."""

from schemas.model import Model, Table, table
from schemas.tables import monitoring, plan, recommendation, release, statistic

_MODELS = [
    model
    for module in (plan, recommendation, monitoring, statistic, release)
    for model in vars(module).values()
    if isinstance(model, type) and issubclass(model, Model) and not model.__subclasses__()
]
TABLES: dict[str, Table] = {described.name: described for described in map(table, _MODELS)}
