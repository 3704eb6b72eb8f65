-- One row per period of the observations that dim_time_period does not have yet.
INSERT INTO dim_time_period
SELECT time_period, frequency, start_date, (start_date + to_months(months) - INTERVAL 1 DAY)::DATE
FROM (
    SELECT time_period,
           CASE WHEN length(time_period) = 4 THEN 'A' WHEN time_period[6] IN ('S', 'Q') THEN time_period[6] ELSE 'M' END
               AS frequency,
           CASE frequency WHEN 'A' THEN 12 WHEN 'S' THEN 6 WHEN 'Q' THEN 3 ELSE 1 END AS months,
           CASE frequency WHEN 'A' THEN 1 WHEN 'M' THEN time_period[6:]::INTEGER ELSE time_period[7:]::INTEGER END AS number,
           make_date(time_period[:4]::INTEGER, 1 + months * (number - 1), 1) AS start_date
    FROM (SELECT DISTINCT time_period FROM fact_statistic)
)
WHERE time_period NOT IN (SELECT time_period FROM dim_time_period)
ORDER BY time_period
