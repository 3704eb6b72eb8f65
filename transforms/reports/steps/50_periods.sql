-- The years and half-years that accepted reports are about.
INSERT INTO dim_time_period
SELECT DISTINCT time_period, if(length(time_period) = 4, 'A', 'S'), period_start, period_end
FROM judged_line ANTI JOIN set_aside USING (line)
WHERE time_period NOT IN (SELECT time_period FROM dim_time_period)
ORDER BY 1
