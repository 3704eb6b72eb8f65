-- One row per series, area and unit of fact_statistic with a plausible range: that of the area, else that of any area. Units of
-- one `base` (persons, live births, …; a percentage is a probability) are powers of ten of each other: `power` is the one by
-- which a figure is divided. The range is in the figures' unit, NULL where its own has another base. `low` and `high` are the
-- limits of what is plausible: an observed range has a margin, but for changes, which may be negative. `shown` are the limits,
-- and the least and the most of the source, to four digits.
CREATE TEMP TABLE ranged AS
WITH used AS (
    SELECT DISTINCT statistic_id, ref_area, unit_measure, coalesce(unit_mult, 0) AS unit_mult
    FROM fact_statistic
    WHERE unit_measure IS NOT NULL AND statistic_id IN (SELECT statistic_id FROM dim_plausible_range)
),
unit AS (
    SELECT unit_measure,
           CASE unit_measure WHEN 'PT' THEN 'PROB' ELSE regexp_replace(unit_measure, '^PER_10+_', 'PER_') END AS base,
           CASE unit_measure WHEN 'PT' THEN 2 ELSE length(regexp_extract(unit_measure, '^PER_1(0+)_', 1)) END AS power
    FROM (SELECT unit_measure FROM used UNION SELECT unit_measure FROM dim_plausible_range)
),
nearest AS (
    SELECT u.*, r.unit_measure AS range_unit, r.range_kind, r.least, r.most, r.source, own.power - u.unit_mult AS power,
           CASE WHEN own.base = other.base THEN own.power - u.unit_mult - other.power + r.unit_mult END AS shift
    FROM used AS u
    JOIN dim_plausible_range AS r ON r.statistic_id = u.statistic_id AND coalesce(r.ref_area = u.ref_area, true)
    JOIN unit AS own ON own.unit_measure = u.unit_measure
    JOIN unit AS other ON other.unit_measure = r.unit_measure
    QUALIFY row_number() OVER (PARTITION BY u.statistic_id, u.ref_area, u.unit_measure, u.unit_mult
                               ORDER BY r.ref_area NULLS LAST) = 1
),
converted AS (
    SELECT * EXCLUDE (least, most),
           CASE WHEN shift < 0 THEN least / power(10, -shift) ELSE least * power(10, shift) END AS least,
           CASE WHEN shift < 0 THEN most / power(10, -shift) ELSE most * power(10, shift) END AS most,
           CASE WHEN range_kind = 'observed' AND least >= 0 THEN tolerated('value_implausible', 'margin') ELSE 1 END AS margin
    FROM nearest
)
SELECT *, least / margin AS low, most * margin AS high,
       list_transform([low, high, least, most], lambda x: regexp_replace(
           round(x, greatest(3 - floor(log10(greatest(abs(x), 1e-9)))::INTEGER, 0))::VARCHAR, '\.0$', ''
       )) AS shown
FROM converted
