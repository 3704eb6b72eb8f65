-- One row per period of the figures that is not yet in dim_time_period; periods of statistics may be there already.
INSERT INTO dim_time_period
SELECT time_period, if(quarter IS NULL, 'A', 'Q'), make_date(year, coalesce(3 * quarter - 2, 1), 1),
       last_day(make_date(year, coalesce(3 * quarter, 12), 1))
FROM (
    SELECT DISTINCT time_period, time_period[:4]::INTEGER AS year, try_cast(time_period[7:] AS INTEGER) AS quarter
    FROM figure
)
WHERE time_period NOT IN (SELECT time_period FROM dim_time_period) ORDER BY time_period
