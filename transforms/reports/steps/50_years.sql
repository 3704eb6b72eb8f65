-- The years that accepted reports are about.
INSERT INTO dim_time_period
SELECT DISTINCT year::VARCHAR, 'A', make_date(year, 1, 1), make_date(year, 12, 31)
FROM judged_line ANTI JOIN set_aside USING (line)
WHERE year NOT IN (SELECT try_cast(time_period AS INTEGER) FROM dim_time_period WHERE frequency = 'A')
ORDER BY 1
