-- One row per period of the figures that dim_time_period does not have yet (statistics may have brought it already).
INSERT INTO dim_time_period
SELECT *
FROM (
    SELECT time_period, 'A', make_date(y, 1, 1), make_date(y, 12, 31)
    FROM (SELECT DISTINCT time_period, time_period[:4]::INTEGER AS y FROM figure WHERE length(time_period) = 4)
    UNION ALL
    SELECT time_period, 'Q', make_date(y, 3 * q - 2, 1), last_day(make_date(y, 3 * q, 1))
    FROM (
        SELECT DISTINCT time_period, time_period[:4]::INTEGER AS y, time_period[-1:]::INTEGER AS q
        FROM figure
        WHERE time_period LIKE '%-Q%'
    )
)
WHERE time_period NOT IN (SELECT time_period FROM dim_time_period)
ORDER BY time_period
