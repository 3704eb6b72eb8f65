"""Every table, in an order in which each stands after those that it references."""

from schemas.model import Table, table
from schemas.tables.agency import DimAgency, DimAgencyAlias
from schemas.tables.document import DimDocument, SourceLine
from schemas.tables.monitoring import (
    DimIndicator,
    DimProgressFile,
    FactIndicator,
    FactProgress,
    FactReportingSlot,
    RejectedRow,
)
from schemas.tables.plan import (
    BridgeActivityAgency,
    BridgeMeasureRecommendation,
    DimActivity,
    DimMeasure,
    DimPlan,
    DimRecommendation,
    DimTranslation,
    FactActivityYear,
)
from schemas.tables.release import DataDictionary, DimQualityRule, QualityIssue, Release
from schemas.tables.statistic import BridgeActivityStatistic, DimArea, DimDataset, DimStatistic, FactStatistic
from schemas.tables.time import DimTimePeriod

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
            DimQualityRule,
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
