-- One row per code of the code lists of structures.py: the list, the code, its name and description (NULL if the name is
-- enough). The codes of FREQ and OBS_STATUS, and _T for a total, are those of SDMX's cross-domain lists; a unit's code is
-- its name in capitals.
SELECT list, code, name, description
FROM (
    FROM (
        VALUES
        ('CL_FREQ', 'A', 'Annual', NULL), ('CL_FREQ', 'S', 'Half-yearly, semester', NULL),
        ('CL_FREQ', 'Q', 'Quarterly', NULL), ('CL_FREQ', 'M', 'Monthly', NULL),
        ('CL_OBS_STATUS', 'A', 'Normal value', NULL),
        ('CL_OBS_STATUS', 'P', 'Provisional value', 'The period is not over, or reports about it may still arrive in time.'),
        ('CL_OBS_STATUS', 'M', 'Missing value; data cannot exist', 'The denominator is zero.'),
        ('CL_PLAN', '_T', 'Total', 'All plans.'),
        ('CL_AGENCY', '_T', 'Total', 'All agencies. Several agencies share an activity: their rows do not add up to this.')
    ) AS fixed (list, code, name, description)
    UNION ALL SELECT 'CL_PLAN', plan_id, title, NULL FROM dim_plan
    UNION ALL SELECT 'CL_AGENCY', agency_id, name, NULL FROM dim_agency
    UNION ALL SELECT DISTINCT 'CL_UNIT_MEASURE', upper(regexp_replace(unit, '[^A-Za-z0-9]+', '_', 'g')), unit, NULL
    FROM dim_indicator
    UNION ALL SELECT 'CL_INDICATOR', indicator_id, name,
           concat_ws(' ', definition, 'Numerator: ' || numerator || '.', 'Denominator: ' || denominator || '.',
                     'Taken out: ' || exclusions || '.', 'Source: ' || source || '.')
    FROM dim_indicator
)
ORDER BY list, code <> '_T', code
