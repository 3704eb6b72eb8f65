"""Every table, in an order in which each stands after those that it references."""

from schemas.agency import DimAgency, DimAgencyAlias
from schemas.document import DimDocument, SourceLine
from schemas.monitoring import (
    DimIndicator,
    DimProgressFile,
    FactIndicator,
    FactProgress,
    FactReportingSlot,
    RejectedRow,
)
from schemas.plan import (
    BridgeActivityAgency,
    BridgeMeasureRecommendation,
    DimActivity,
    DimMeasure,
    DimPlan,
    DimRecommendation,
    DimTranslation,
    FactActivityYear,
)
from schemas.release import DataDictionary, QualityIssue, Release
from schemas.statistic import BridgeActivityStatistic, DimArea, DimDataset, DimStatistic, FactStatistic
from schemas.table import Table, table
from schemas.time import DimTimePeriod

TABLES: dict[str, Table] = {
    described.name: described
    for described in map(
        table,
        (
            DimDocument,
            DimPlan,
            SourceLine,
            DimMeasure,
            DimRecommendation,
            DimActivity,
            DimAgency,
            DimAgencyAlias,
            DimTimePeriod,
            DimTranslation,
            BridgeMeasureRecommendation,
            BridgeActivityAgency,
            FactActivityYear,
            DimProgressFile,
            FactProgress,
            FactReportingSlot,
            RejectedRow,
            DimIndicator,
            FactIndicator,
            DimDataset,
            DimStatistic,
            DimArea,
            FactStatistic,
            BridgeActivityStatistic,
            QualityIssue,
            Release,
            DataDictionary,
        ),
    )
}
